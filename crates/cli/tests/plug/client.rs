//! A client of the node under test, over HTTP as anybody's.

use std::convert::Infallible;
use std::time::Duration;

use futures::stream;
use reqwest::Body;
use serde_json::Value;

use crate::documents::Document;

/// Pieces of a document that is sent slowly, and the pause before each.
const PIECES: usize = 8;
const PAUSE: Duration = Duration::from_millis(3);

/// How a document is sent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Manner {
    /// Piece by piece.
    pub(crate) slowly: bool,
    /// To be acknowledged once it is durable, not once it is processed.
    pub(crate) impatient: bool,
}

/// The node has answered that it has the document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Acknowledged {
    /// The number of the capture, unless the node died while it was telling.
    pub(crate) capture: Option<i64>,
}

/// A way to the node.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    http: reqwest::Client,
    url: String,
}

impl Client {
    pub(crate) fn new(url: String) -> Self {
        // Fails only if a provider is installed already, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self { http: reqwest::Client::builder().no_proxy().build().unwrap(), url }
    }

    /// Sends a document; `None` if the node died before it answered.
    pub(crate) async fn capture(
        &self,
        document: &Document,
        manner: Manner,
    ) -> Option<Acknowledged> {
        let bytes = document.bytes.clone();
        let body = if manner.slowly { in_pieces(bytes) } else { Body::from(bytes) };
        let mut request = self.http.post(format!("{}/captures", self.url)).body(body);
        if manner.impatient {
            request = request.header("prefer", "respond-async");
        }
        let response = request.send().await.ok()?;
        let status = response.status();
        let answer = response.text().await.unwrap_or_default();
        assert_eq!(status, 202, "{}: {answer}", document.name);
        let answer: Value = serde_json::from_str(&answer).unwrap_or_default();
        Some(Acknowledged { capture: answer["capture"].as_i64() })
    }

    /// What the node answers at `path`.
    pub(crate) async fn get(&self, path: &str) -> Value {
        self.page(path).await.0
    }

    /// What the node answers at `path`, and the path of the next page.
    async fn page(&self, path: &str) -> (Value, Option<String>) {
        let response = self.http.get(format!("{}{path}", self.url)).send().await.unwrap();
        let status = response.status();
        let next = response.headers().get("link").and_then(|link| {
            let link = link.to_str().ok()?.strip_prefix('<')?;
            Some(link.split_once('>')?.0.to_owned())
        });
        let text = response.text().await.unwrap();
        assert!(status.is_success(), "{path}: {status} {text}");
        (serde_json::from_str(&text).unwrap(), next)
    }

    /// The verdict on a pack.
    pub(crate) async fn verdict(&self, code: &str) -> String {
        let report = self.get(&format!("/verify?code={code}")).await;
        report["verdict"].as_str().unwrap().to_owned()
    }

    /// Adds something to the registry.
    pub(crate) async fn post(&self, path: &str, body: &Value) {
        let request = self.http.post(format!("{}{path}", self.url)).json(body);
        let response = request.send().await.unwrap();
        let status = response.status();
        assert!(status.is_success(), "{path}: {status} {}", response.text().await.unwrap());
    }

    /// Every event on record with how far it is, page by page.
    pub(crate) async fn entries(&self) -> Vec<Value> {
        self.all("/events", |page| page.as_array().unwrap().clone()).await
    }

    /// Every event on record as it was captured, page by page.
    pub(crate) async fn events(&self) -> Vec<Value> {
        self.all("/epcis/events", |page| {
            page["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
                .as_array()
                .unwrap()
                .clone()
        })
        .await
    }

    async fn all(&self, path: &str, list: impl Fn(&Value) -> Vec<Value>) -> Vec<Value> {
        let mut found = Vec::new();
        let mut next = Some(format!("{path}?perPage=1000"));
        while let Some(path) = next {
            let (page, following) = self.page(&path).await;
            found.extend(list(&page));
            next = following;
        }
        found
    }
}

/// A body that comes slowly.
fn in_pieces(bytes: Vec<u8>) -> Body {
    let length = bytes.len().div_ceil(PIECES).max(1);
    let pieces: Vec<Vec<u8>> = bytes.chunks(length).map(<[u8]>::to_vec).collect();
    Body::wrap_stream(stream::unfold(pieces.into_iter(), |mut pieces| async {
        let piece = pieces.next()?;
        tokio::time::sleep(PAUSE).await;
        Some((Ok::<_, Infallible>(piece), pieces))
    }))
}
