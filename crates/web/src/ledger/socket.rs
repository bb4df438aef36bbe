//! JSON-RPC by WebSocket: each text message is a request or a batch, answered in order; in between
//! come the notifications of `eth_subscribe`.

use axum::extract::State;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade, close_code};
use axum::response::Response;
use theriac_chain::{Chain, Session, SessionEnd};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, interval_at};

use crate::limits::{LEDGER_BYTES_MAX, STREAM_PING_TIME, STREAM_SEND_TIME_MAX, STREAMS_MAX};
use crate::problem::{Problem, ProblemCode};
use crate::socket::{Sent, TOO_SLOW, close, send};

/// The places for clients that are connected.
static PLACES: Semaphore = Semaphore::const_new(STREAMS_MAX);

/// Opens a WebSocket.
///
/// # Errors
///
/// [`ProblemCode::MethodNotAllowed`] for a plain GET, [`ProblemCode::Overloaded`] when too many clients
/// are connected.
pub(super) async fn open(
    State(chain): State<Chain>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Problem> {
    let upgrade = upgrade.map_err(|rejection| {
        let detail =
            format!("expected POST or a handshake of a WebSocket: {}", rejection.body_text());
        Problem::new(ProblemCode::MethodNotAllowed, detail)
    })?;
    let place = PLACES.try_acquire().map_err(|_| {
        Problem::new(
            ProblemCode::Overloaded,
            format!("{STREAMS_MAX} clients are connected already"),
        )
    })?;
    let session = chain.session();
    let upgrade = upgrade.max_message_size(LEDGER_BYTES_MAX).max_frame_size(LEDGER_BYTES_MAX);
    Ok(upgrade.on_upgrade(move |socket| serve(socket, session, place)))
}

/// Answers and notifies until one of both ends it.
async fn serve(mut socket: WebSocket, mut session: Session, place: SemaphorePermit<'static>) {
    let mut ping = interval_at(Instant::now() + STREAM_PING_TIME, STREAM_PING_TIME);
    let end = loop {
        let incoming = tokio::select! {
            incoming = socket.recv() => incoming,
            next = session.next() => match next {
                Ok(text) => match pass(&mut socket, Message::Text(text.into())).await {
                    Ok(()) => continue,
                    Err(end) => break end,
                },
                Err(end) => break Some(told(&end)),
            },
            _ = ping.tick() => match pass(&mut socket, Message::Ping(Vec::new().into())).await {
                Ok(()) => continue,
                Err(end) => break end,
            },
        };
        let request = match incoming {
            None | Some(Err(_) | Ok(Message::Close(_))) => break None,
            Some(Ok(Message::Text(text))) => text,
            Some(Ok(Message::Binary(_))) => {
                break Some((close_code::UNSUPPORTED, "expected text messages"));
            }
            // Pings are answered already.
            Some(Ok(_)) => continue,
        };
        match session.rpc(&request).await {
            Ok(answer) if answer.is_empty() => {}
            Ok(answer) => match pass(&mut socket, Message::Text(answer.into())).await {
                Ok(()) => {}
                Err(end) => break end,
            },
            Err(end) => break Some(told(&end)),
        }
    };
    close(&mut socket, end).await;
    drop(place);
}

/// Sends a message.
///
/// # Errors
///
/// What to close the connection with, if it is not broken.
async fn pass(socket: &mut WebSocket, message: Message) -> Result<(), Option<(u16, &'static str)>> {
    match send(socket, message, STREAM_SEND_TIME_MAX).await {
        Sent::Taken => Ok(()),
        Sent::Broken => Err(None),
        Sent::TooSlow => Err(Some(TOO_SLOW)),
    }
}

fn told(end: &SessionEnd) -> (u16, &'static str) {
    match end {
        SessionEnd::TooSlow { .. } => TOO_SLOW,
        SessionEnd::Stopped => (close_code::AWAY, "the ledger is stopping"),
        failure => {
            tracing::warn!(%failure, "a connection to the ledger ends");
            (close_code::ERROR, "the ledger cannot be read")
        }
    }
}
