//! The link in front of a node: partners reach it here, and it can be cut, lose answers, deliver
//! messages twice or turn one back so that a later one overtakes it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;

/// Longest body that is passed on, in bytes.
const BODY_BYTES_MAX: usize = 64 << 20;

/// The address that the node is told its partners come from, one of those for documentation (RFC 5737).
const CLIENT: &str = "192.0.2.1";

/// A link to one node; it works until the program ends.
#[derive(Clone)]
pub struct Link {
    address: SocketAddr,
    faults: Arc<Faults>,
}

/// What is wrong with a link, and what has passed over it.
struct Faults {
    node: SocketAddr,
    http: reqwest::Client,
    cut: AtomicBool,
    twice: AtomicBool,
    turn_back: AtomicU32,
    lose: AtomicU32,
    posted: AtomicU64,
}

impl Link {
    /// Opens a link in front of the node that serves, or will serve, at `node`.
    ///
    /// # Errors
    ///
    /// No port is free, or the system's certificates cannot be read.
    pub async fn open(node: SocketAddr) -> anyhow::Result<Self> {
        // Fails only if a provider is installed already, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let faults = Arc::new(Faults {
            node,
            http: reqwest::Client::builder().no_proxy().build()?,
            cut: AtomicBool::new(false),
            twice: AtomicBool::new(false),
            turn_back: AtomicU32::new(0),
            lose: AtomicU32::new(0),
            posted: AtomicU64::new(0),
        });
        let router = Router::new().fallback(pass).with_state(Arc::clone(&faults));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { address, faults })
    }

    /// What the registry names as the node's endpoint.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Cuts the link, or mends it.
    pub fn cut(&self, cut: bool) {
        self.faults.cut.store(cut, Ordering::SeqCst);
    }

    /// Delivers each message twice, or once again.
    pub fn deliver_twice(&self, twice: bool) {
        self.faults.twice.store(twice, Ordering::SeqCst);
    }

    /// Turns the next messages back, so that others overtake them.
    pub fn turn_back(&self, messages: u32) {
        self.faults.turn_back.store(messages, Ordering::SeqCst);
    }

    /// Delivers the next messages and loses the answers to them.
    pub fn lose_answers(&self, messages: u32) {
        self.faults.lose.store(messages, Ordering::SeqCst);
    }

    /// Messages that the node was given so far, those given twice counted twice.
    pub fn posted(&self) -> u64 {
        self.faults.posted.load(Ordering::SeqCst)
    }
}

/// Takes one from a counter; false if it is at zero.
fn take(counter: &AtomicU32) -> bool {
    counter.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok()
}

/// Passes a request on to the node, with the faults of the moment.
async fn pass(State(faults): State<Arc<Faults>>, request: Request) -> Response {
    if faults.cut.load(Ordering::SeqCst) {
        return StatusCode::BAD_GATEWAY.into_response();
    }
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY_BYTES_MAX).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let is_message = head.method == Method::POST;
    if is_message && take(&faults.turn_back) {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let target = head.uri.path_and_query().map_or("/", |target| target.as_str());
    let send = || faults.send(&head.method, target, &head.headers, body.clone());
    let mut answer = send().await;
    if is_message {
        faults.posted.fetch_add(1, Ordering::SeqCst);
        if faults.twice.load(Ordering::SeqCst) {
            answer = send().await;
            faults.posted.fetch_add(1, Ordering::SeqCst);
        }
        if take(&faults.lose) {
            return StatusCode::GATEWAY_TIMEOUT.into_response();
        }
    }
    answer.unwrap_or_else(|_| StatusCode::BAD_GATEWAY.into_response())
}

impl Faults {
    async fn send(
        &self,
        method: &Method,
        target: &str,
        headers: &HeaderMap,
        body: axum::body::Bytes,
    ) -> reqwest::Result<Response> {
        let mut headers = headers.clone();
        for own in [header::HOST, header::CONTENT_LENGTH, header::TRANSFER_ENCODING] {
            headers.remove(own);
        }
        let url = format!("http://{}{target}", self.node);
        let request = self.http.request(method.clone(), url).headers(headers);
        let answer = request.header("x-forwarded-for", CLIENT).body(body).send().await?;
        let mut response = Response::builder().status(answer.status());
        for (name, value) in answer.headers() {
            if name != header::TRANSFER_ENCODING && name != header::CONNECTION {
                response = response.header(name, value);
            }
        }
        let body = answer.bytes().await?;
        Ok(response
            .body(Body::from(body))
            .unwrap_or_else(|_| StatusCode::BAD_GATEWAY.into_response()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A node that counts what it is given.
    async fn counter() -> (SocketAddr, Arc<AtomicU32>) {
        let count = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&count);
        let router = Router::new().fallback(move || {
            let counted = Arc::clone(&counted);
            async move { counted.fetch_add(1, Ordering::SeqCst).to_string() }
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        (address, count)
    }

    #[tokio::test]
    async fn a_link_is_cut_doubled_turned_back_and_loses_answers() {
        let (node, count) = counter().await;
        let link = Link::open(node).await.unwrap();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let post = async || http.post(link.url()).send().await.unwrap().status().as_u16();
        assert_eq!((post().await, count.load(Ordering::SeqCst)), (200, 1));
        link.deliver_twice(true);
        assert_eq!((post().await, count.load(Ordering::SeqCst)), (200, 3));
        link.deliver_twice(false);
        link.turn_back(1);
        assert_eq!((post().await, count.load(Ordering::SeqCst)), (503, 3));
        link.lose_answers(1);
        assert_eq!((post().await, count.load(Ordering::SeqCst)), (504, 4));
        link.cut(true);
        assert_eq!((post().await, count.load(Ordering::SeqCst)), (502, 4));
        link.cut(false);
        assert_eq!((post().await, count.load(Ordering::SeqCst)), (200, 5));
        assert_eq!(link.posted(), 5);
    }
}
