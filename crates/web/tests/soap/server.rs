//! A node with a ledger of its own behind its router, asked in this process.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request};
use jiff::Timestamp;
use theriac_custody::Role;
use theriac_node::{InitOptions, LedgerChoice, Node, Passphrase, init};
use tower::Service;

pub(crate) const EPCIS_1: &str = "urn:epcglobal:epcis-query:xsd:1";
pub(crate) const SOAP_1_1: &str = "http://schemas.xmlsoap.org/soap/envelope/";
pub(crate) const SOAP_1_2: &str = "http://www.w3.org/2003/05/soap-envelope";

/// A node and its router, with a clock that the test sets.
pub(crate) struct Server {
    pub(crate) node: Node,
    router: Router,
    clock: Arc<AtomicI64>,
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

    /// What stands in the `Body`.
    #[track_caller]
    pub(crate) fn body(&self) -> &str {
        let body = between(&self.text, "<soap:Body>", "</soap:Body>");
        body.unwrap_or_else(|| panic!("no envelope: {self:?}"))
    }

    /// The result of a request that was done.
    #[track_caller]
    pub(crate) fn result(&self) -> &str {
        assert_eq!(self.status, 200, "{self:?}");
        assert_eq!(self.header("content-type"), "text/xml; charset=utf-8");
        self.body()
    }

    /// The exception in the detail of a fault; `None` if it has no detail.
    pub(crate) fn exception(&self) -> Option<&str> {
        let detail = self.body().split_once("etail><epcisq:")?.1;
        detail.split([' ', '>', '/']).next()
    }

    /// It is this fault of the client.
    #[track_caller]
    pub(crate) fn is_fault(&self, status: u16, exception: &str) -> &Self {
        assert_eq!(self.status, status, "{self:?}");
        assert!(
            self.body().starts_with("<soap:Fault><faultcode>soap:Client</faultcode>"),
            "{self:?}"
        );
        assert_eq!(self.exception(), Some(exception), "{self:?}");
        let reason = between(self.body(), "<reason>", "</reason>").unwrap();
        assert!(reason.contains("expected") || (403..500).contains(&status), "{reason}");
        self
    }

    /// The exception of a fault with this status.
    #[track_caller]
    pub(crate) fn is_fault_of(&self, status: u16) -> &str {
        assert_eq!(self.status, status, "{self:?}");
        self.exception().unwrap_or_default()
    }

    /// The strings of an `ArrayOfString`.
    #[track_caller]
    pub(crate) fn strings(&self) -> Vec<String> {
        let texts = self.result().split("<string>").skip(1);
        texts.map(|text| text.split("</string>").next().unwrap().to_owned()).collect()
    }
}

/// The text between two others.
pub(crate) fn between<'t>(text: &'t str, start: &str, end: &str) -> Option<&'t str> {
    Some(text.split_once(start)?.1.split_once(end)?.0)
}

impl Server {
    pub(crate) async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("node");
        let passphrase = Passphrase::new("correct horse battery staple");
        let time = Arc::new(AtomicI64::new(Timestamp::now().as_millisecond()));
        let shared = Arc::clone(&time);
        let clock: theriac_node::Clock =
            Arc::new(move || Timestamp::from_millisecond(shared.load(Ordering::Relaxed)).unwrap());
        let options = InitOptions {
            name: "Example Pharma".to_owned(),
            gln: "9521321000018".parse().unwrap(),
            roles: [Role::Labeler, Role::Regulator].into_iter().collect(),
            ledger: LedgerChoice::New { chain_id: 7 },
            listen: None,
            ledger_listen: None,
            light_keys: true,
            clock: Arc::clone(&clock),
        };
        let config = init(&dir, &options, &passphrase).await.unwrap().config;
        let node = Node::open(&dir, config, &passphrase, clock).await.unwrap();
        let router = theriac_web::router(node.clone());
        Self { node, router, clock: time, _folder: folder }
    }

    /// Sets the node's clock.
    pub(crate) fn set_time(&self, time: Timestamp) {
        self.clock.store(time.as_millisecond(), Ordering::Relaxed);
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

    /// Posts bytes as an envelope of SOAP 1.1.
    pub(crate) async fn post(&self, body: impl Into<Body>) -> Answer {
        let headers = [("content-type", "text/xml; charset=utf-8"), ("soapaction", "\"\"")];
        self.ask("POST", theriac_web::soap::PATH, &headers, body).await
    }

    /// Sends a message of EPCIS 1.2 in SOAP 1.1.
    pub(crate) async fn send(&self, message: &str) -> Answer {
        self.post(envelope(SOAP_1_1, message)).await
    }

    /// Asks a query with parameters, each a name and the content of its `value`.
    pub(crate) async fn poll(&self, query: &str, parameters: &[(&str, &str)]) -> Answer {
        self.send(&poll(query, parameters)).await
    }

    /// Captures a document.
    pub(crate) async fn capture(&self, document: impl Into<Body>) {
        let headers =
            [("content-type", "application/xml"), ("gs1-capture-error-behaviour", "proceed")];
        let answer = self.ask("POST", "/epcis/capture", &headers, document).await;
        assert_eq!(answer.status, 202, "{answer:?}");
        let job = self.ask("GET", answer.header("location"), &[], Body::empty()).await;
        let job: serde_json::Value = serde_json::from_str(&job.text).unwrap();
        assert_eq!(job["success"], true, "{job}");
    }

    /// A node with these packs observed, one event each.
    pub(crate) async fn with(serials: &[&str]) -> Self {
        let server = Self::start().await;
        server.capture(observed(serials)).await;
        server
    }
}

/// A document of EPCIS 1.2 in which these packs are observed.
pub(crate) fn observed(serials: &[&str]) -> String {
    let event = |serial: &&str| {
        format!(
            "<ObjectEvent><eventTime>2026-03-01T08:0{}:00Z</eventTime>\
             <eventTimeZoneOffset>+00:00</eventTimeZoneOffset>\
             <epcList><epc>urn:epc:id:sgtin:9521321.012345.{serial}</epc></epcList>\
             <action>OBSERVE</action><bizStep>urn:epcglobal:cbv:bizstep:receiving</bizStep>\
             </ObjectEvent>",
            serial.len()
        )
    };
    let events: String = serials.iter().map(event).collect();
    format!(
        "<e:EPCISDocument xmlns:e='urn:epcglobal:epcis:xsd:1' schemaVersion='1.2' \
         creationDate='2026-03-01T09:00:00Z'><EPCISBody><EventList>{events}</EventList>\
         </EPCISBody></e:EPCISDocument>"
    )
}

/// An envelope of this version around a message.
pub(crate) fn envelope(version: &str, message: &str) -> String {
    format!("<s:Envelope xmlns:s=\"{version}\"><s:Header/><s:Body>{message}</s:Body></s:Envelope>")
}

/// The message that asks a query.
pub(crate) fn poll(query: &str, parameters: &[(&str, &str)]) -> String {
    format!("<q:Poll xmlns:q=\"{EPCIS_1}\">{}</q:Poll>", query_fields(query, parameters))
}

/// `queryName` and `params`.
pub(crate) fn query_fields(query: &str, parameters: &[(&str, &str)]) -> String {
    let param = |(name, value): &(&str, &str)| {
        format!("<param><name>{name}</name><value>{value}</value></param>")
    };
    let params: String = parameters.iter().map(param).collect();
    format!("<queryName>{query}</queryName><params>{params}</params>")
}
