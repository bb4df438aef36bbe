//! Receiving a document: its body goes to disk piece by piece.

use axum::body::Body;
use futures::StreamExt;
use theriac_node::{CaptureReport, CaptureWriter, Node, NodeError};
use theriac_store::CaptureId;
use tokio::task::JoinHandle;

use crate::limits::BODY_PAUSE_MAX;
use crate::problem::{Problem, ProblemCode, chain};

/// Writes the body away piece by piece; returns once it is durable.
///
/// # Errors
///
/// [`ProblemCode::CaptureBroken`], [`ProblemCode::TooSlow`], or [`ProblemCode::BodyTooLarge`] if it
/// has more than `most` bytes: nothing is captured.
pub(crate) async fn receive(
    mut writer: CaptureWriter,
    body: Body,
    most: u64,
) -> Result<CaptureId, Problem> {
    let mut pieces = body.into_data_stream();
    let mut left = most;
    loop {
        match tokio::time::timeout(BODY_PAUSE_MAX, pieces.next()).await {
            Ok(Some(Ok(bytes))) => {
                left = left.checked_sub(bytes.len() as u64).ok_or_else(|| too_large(most))?;
                writer.write(&bytes).await?;
            }
            Ok(Some(Err(_))) => {
                return Err(Problem::new(ProblemCode::CaptureBroken, "the document broke off"));
            }
            Ok(None) => return Ok(writer.finish().await?),
            Err(_) => {
                let seconds = BODY_PAUSE_MAX.as_secs();
                let detail = format!("no byte of the document came for {seconds} s");
                return Err(Problem::new(ProblemCode::TooSlow, detail));
            }
        }
    }
}

/// The document is larger than it may be.
pub(crate) fn too_large(most: u64) -> Problem {
    let detail = format!("expected a document of at most {most} bytes, found more");
    Problem::new(ProblemCode::BodyTooLarge, detail).with_hint("send it in several documents")
}

/// Processes a document in a task of its own, so that a client that hangs up does not stop it.
pub(crate) fn process(node: Node, id: CaptureId) -> JoinHandle<Result<CaptureReport, NodeError>> {
    tokio::spawn(async move {
        let result = node.process(id).await;
        if let Err(error) = &result {
            tracing::error!(capture = id.0, error = %chain(error), "a capture is put off");
        }
        result
    })
}
