//! Sends a document to a node in a stream, and waits until its events are dealt with.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use axum::body::{Body, Bytes};
use futures::stream::{self, Stream};
use indicatif::ProgressBar;
use theriac_node::CaptureReport;
use theriac_web::routes::captures::{CaptureStatus, CaptureTicket};
use tokio::io::{AsyncRead, AsyncReadExt};

use super::{Client, ClientError, Way, read, send};
use crate::output::count;

/// Bytes read at once.
const PIECE_BYTES: usize = 256 << 10;

/// First and longest pause between two looks at a capture.
const LOOK_AGAIN: [Duration; 2] = [Duration::from_millis(2), Duration::from_millis(200)];

/// A document to be captured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Document {
    /// A file.
    File(PathBuf),
    /// Standard input.
    StandardInput,
    /// Bytes in memory, with a name for people.
    Bytes(String, Bytes),
}

impl Document {
    /// Its name for people.
    pub fn name(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::StandardInput => "-".to_owned(),
            Self::Bytes(name, _) => name.clone(),
        }
    }

    /// Its length in bytes, if that is known before it is read.
    pub fn length(&self) -> Option<u64> {
        match self {
            Self::File(path) => std::fs::metadata(path).ok().map(|file| file.len()),
            Self::StandardInput => None,
            Self::Bytes(_, bytes) => Some(bytes.len() as u64),
        }
    }

    async fn open(&self) -> io::Result<Box<dyn AsyncRead + Send + Unpin>> {
        Ok(match self {
            Self::File(path) => Box::new(tokio::fs::File::open(path).await?),
            Self::StandardInput => Box::new(tokio::io::stdin()),
            Self::Bytes(_, bytes) => Box::new(io::Cursor::new(bytes.clone())),
        })
    }

    fn content_type(&self) -> Option<&'static str> {
        let Self::File(path) = self else { return None };
        match path.extension()?.to_str()? {
            "xml" => Some("application/xml"),
            "json" => Some("application/json"),
            "jsonld" => Some("application/ld+json"),
            _ => None,
        }
    }
}

impl Client {
    /// Captures a document: returns once it is durable and all its events are dealt with.
    ///
    /// # Errors
    ///
    /// [`ClientError`]; unless the document cannot be read, it may be durable already, and to send
    /// it again does no harm.
    pub async fn capture(
        &self,
        document: &Document,
        bar: &ProgressBar,
    ) -> Result<CaptureReport, ClientError> {
        let unreadable = |source| ClientError::Document { name: document.name(), source };
        let input = document.open().await.map_err(unreadable)?;
        let pieces = pieces(input, bar.clone());
        let content_type = document.content_type();
        let answer = match &self.way {
            Way::Here(here) => {
                let body = Body::from_stream(pieces);
                here.stream("POST", "/captures", content_type, body).await?
            }
            Way::Http { http, url } => {
                let mut request = http
                    .post(format!("{url}/captures"))
                    .header("prefer", "respond-async")
                    .body(reqwest::Body::wrap_stream(pieces));
                if let Some(content_type) = content_type {
                    request = request.header(reqwest::header::CONTENT_TYPE, content_type);
                }
                send(request, url).await?
            }
        };
        let ticket: CaptureTicket = read(&answer)?;
        self.wait(ticket, bar).await
    }

    /// Waits until all events of a capture are dealt with.
    async fn wait(
        &self,
        ticket: CaptureTicket,
        bar: &ProgressBar,
    ) -> Result<CaptureReport, ClientError> {
        let path = format!("/captures/{}", ticket.capture);
        let [mut pause, longest] = LOOK_AGAIN;
        loop {
            let status: CaptureStatus = self.get(&path, &[("outcomes", "false")]).await?;
            if !status.running {
                return self.report(ticket.capture).await;
            }
            bar.set_message(count(status.report.events, "event"));
            tokio::time::sleep(pause).await;
            pause = longest.min(pause * 2);
        }
    }

    /// What became of each event of a capture by now.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn report(&self, capture: i64) -> Result<CaptureReport, ClientError> {
        let status: CaptureStatus = self.get(&format!("/captures/{capture}"), &[]).await?;
        Ok(status.report)
    }
}

/// The input piece by piece; the bar counts the bytes.
fn pieces(
    input: Box<dyn AsyncRead + Send + Unpin>,
    bar: ProgressBar,
) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    stream::try_unfold((input, bar), |(mut input, bar)| async move {
        let mut piece = vec![0; PIECE_BYTES];
        let read = input.read(&mut piece).await?;
        if read == 0 {
            return Ok(None);
        }
        piece.truncate(read);
        bar.inc(read as u64);
        Ok(Some((Bytes::from(piece), (input, bar))))
    })
}
