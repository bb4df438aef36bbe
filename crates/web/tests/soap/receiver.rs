//! A receiver of a subscription's messages.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::routing::post;
use tokio::net::TcpListener;

/// Takes every message, and keeps it.
pub(crate) struct Receiver {
    address: SocketAddr,
    messages: Arc<Mutex<Vec<String>>>,
}

impl Receiver {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let messages: Arc<Mutex<Vec<String>>> = Arc::default();
        let kept = Arc::clone(&messages);
        let keep = move |body: String| async move { kept.lock().unwrap().push(body) };
        let router = Router::new().route("/", post(keep));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, messages }
    }

    /// Where it is.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// The messages that came since the last call.
    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.messages.lock().unwrap())
    }
}
