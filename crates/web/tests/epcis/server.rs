//! A node with a ledger of its own behind its router, asked in this process.

use std::net::SocketAddr;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, StatusCode};
use serde_json::{Value, json};
use theriac_custody::Role;
use theriac_node::{InitOptions, LedgerChoice, Node, Passphrase, init, system_clock};
use tower::Service;

/// The context of the events.
const CONTEXT: &str = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld";

/// A node and its router.
pub(crate) struct Server {
    pub(crate) node: Node,
    router: Router,
    // Removed at the end.
    _folder: tempfile::TempDir,
}

/// What was answered.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The path of the next page.
    pub(crate) fn next(&self) -> Option<String> {
        let (path, rest) = self.header("link").strip_prefix('<')?.split_once('>')?;
        assert_eq!(rest, "; rel=\"next\"");
        assert!(!self.header("gs1-next-page-token-expires").is_empty());
        Some(path.to_owned())
    }

    /// The events of a query document.
    pub(crate) fn events(&self) -> Vec<Value> {
        assert_eq!(self.status, 200, "{self:?}");
        let document = self.json();
        assert_eq!(document["type"], "EPCISQueryDocument");
        let list = &document["epcisBody"]["queryResults"]["resultsBody"]["eventList"];
        list.as_array().unwrap().clone()
    }

    /// The serials of the first EPC of each event.
    pub(crate) fn serials(&self) -> Vec<String> {
        let serial = |event: &Value| {
            event["epcList"][0].as_str().unwrap().rsplit(['/', '.']).next().unwrap().to_owned()
        };
        self.events().iter().map(serial).collect()
    }

    /// It is this exception, told as it should be.
    #[track_caller]
    pub(crate) fn is_exception(&self, status: u16, kind: &str) -> &Self {
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(self.header("content-type"), "application/problem+json", "{self:?}");
        let problem = self.json();
        assert_eq!(problem["type"], format!("epcisException:{kind}"), "{problem}");
        assert_eq!(problem["status"], status);
        assert!(!problem["title"].as_str().unwrap().is_empty());
        assert!(!problem["detail"].as_str().unwrap().is_empty());
        self
    }
}

impl Server {
    pub(crate) async fn start() -> Self {
        Self::with_company_prefixes(None).await
    }

    /// A node whose operator names this table of company prefixes.
    pub(crate) async fn with_company_prefixes(table: Option<&str>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("node");
        let passphrase = Passphrase::new("correct horse battery staple");
        let options = InitOptions {
            name: "Example Pharma".to_owned(),
            gln: "9521321000018".parse().unwrap(),
            roles: [Role::Labeler, Role::Regulator].into_iter().collect(),
            ledger: LedgerChoice::New { chain_id: 7 },
            listen: None,
            ledger_listen: None,
            light_keys: true,
            clock: system_clock(),
        };
        let mut config = init(&dir, &options, &passphrase).await.unwrap().config;
        if let Some(table) = table {
            std::fs::write(dir.join("prefixes.csv"), table).unwrap();
            config.company_prefixes = Some("prefixes.csv".into());
        }
        let node = Node::open(&dir, config, &passphrase, system_clock()).await.unwrap();
        let router = theriac_web::router(node.clone());
        Self { node, router, _folder: folder }
    }

    /// A node that has captured these events, one by one.
    pub(crate) async fn with(events: &[Value]) -> Self {
        let server = Self::start().await;
        for event in events {
            let answer = server.post("/epcis/events", event).await;
            assert_eq!(answer.status, 201, "{answer:?}");
        }
        server
    }

    pub(crate) async fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Answer {
        let peer: SocketAddr = ([127, 0, 0, 1], 40_000).into();
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.extension(ConnectInfo(peer)).body(body.into()).unwrap();
        let response = self.router.clone().call(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        Answer { status: parts.status.as_u16(), headers: parts.headers, text }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], Body::empty()).await
    }

    pub(crate) async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.ask("GET", path, headers, Body::empty()).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.ask("DELETE", path, &[], Body::empty()).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.ask("POST", path, &[("content-type", "application/json")], body.to_string()).await
    }

    /// Captures a document; the path of its job.
    pub(crate) async fn capture(&self, document: &Value) -> String {
        let answer = self.post("/epcis/capture", document).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED.as_u16(), "{answer:?}");
        answer.header("location").to_owned()
    }
}

/// An event that observes the pack with this serial number.
pub(crate) fn observed(serial: &str, minute: u32) -> Value {
    json!({
        "@context": CONTEXT,
        "type": "ObjectEvent",
        "action": "OBSERVE",
        "bizStep": "receiving",
        "disposition": "in_progress",
        "eventTime": format!("2026-03-01T08:{minute:02}:00Z"),
        "eventTimeZoneOffset": "+00:00",
        "epcList": [format!("urn:epc:id:sgtin:9521321.012345.{serial}")],
        "readPoint": {"id": "urn:epc:id:sgln:9521321.00002.dock"},
        "bizLocation": {"id": "https://example.org/places/hall"},
    })
}

/// A document with these events.
pub(crate) fn document(events: &[Value]) -> Value {
    json!({
        "@context": [CONTEXT],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-03-01T09:00:00Z",
        "epcisBody": {"eventList": events},
    })
}

/// Percent-encodes a value of a path or query.
pub(crate) fn escape(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            byte => format!("%{byte:02X}"),
        })
        .collect()
}
