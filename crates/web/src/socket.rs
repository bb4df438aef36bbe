//! Sending by WebSocket to clients that may be slow, and closing in words.

use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket, close_code};
use tokio::time::timeout;

use crate::limits::STREAM_CLOSE_TIME_MAX;

/// Why a client is closed that does not take what it is sent.
pub(crate) const TOO_SLOW: (u16, &str) = (close_code::POLICY, "the client reads too slowly");

/// Tells the client why, unless it was the client that ended it, and hears it out: both sides are to
/// know that the other one means it (RFC 6455, section 7.1.1).
pub(crate) async fn close(socket: &mut WebSocket, end: Option<(u16, &'static str)>) {
    let _ = timeout(STREAM_CLOSE_TIME_MAX, tell_and_hear(socket, end)).await;
}

async fn tell_and_hear(socket: &mut WebSocket, end: Option<(u16, &'static str)>) {
    if let Some((code, reason)) = end {
        let frame = CloseFrame { code, reason: reason.into() };
        if socket.send(Message::Close(Some(frame))).await.is_err() {
            return;
        }
    }
    while let Some(Ok(_)) = socket.recv().await {}
}

/// How the sending of a message ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sent {
    Taken,
    Broken,
    TooSlow,
}

/// Sends a message, which the client is to take within `time_max`.
pub(crate) async fn send(socket: &mut WebSocket, message: Message, time_max: Duration) -> Sent {
    match timeout(time_max, socket.send(message)).await {
        Ok(Ok(())) => Sent::Taken,
        Ok(Err(_)) => Sent::Broken,
        Err(_) => Sent::TooSlow,
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::extract::ws::WebSocketUpgrade;
    use axum::routing::get;
    use futures::StreamExt;
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_client_that_does_not_read_is_closed_and_told_why() {
        let (gave_up, mut given_up) = tokio::sync::mpsc::channel(1);
        let handler = |upgrade: WebSocketUpgrade| async move {
            upgrade.on_upgrade(async move |mut socket| {
                let message = Message::Text("x".repeat(1 << 20).into());
                let time_max = Duration::from_millis(200);
                while send(&mut socket, message.clone(), time_max).await == Sent::Taken {}
                gave_up.send(()).await.unwrap();
                close(&mut socket, Some(TOO_SLOW)).await;
            })
        };
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("ws://{}/", listener.local_addr().unwrap());
        let router: Router = Router::new().route("/", get(handler));
        tokio::spawn(async move { axum::serve(listener, router).await });
        let (mut client, _) = tokio_tungstenite::connect_async(url).await.unwrap();
        given_up.recv().await.unwrap();
        let closed = loop {
            if let tokio_tungstenite::tungstenite::Message::Close(frame) =
                client.next().await.unwrap().unwrap()
            {
                break frame.unwrap();
            }
        };
        assert_eq!((u16::from(closed.code), closed.reason.as_str()), TOO_SLOW);
    }
}
