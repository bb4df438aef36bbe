//! A node that is served on a port and works in the background.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::{Value, json};
use theriac_custody::Role;
use theriac_node::{InitOptions, LedgerChoice, Node, Passphrase, init, system_clock};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::tungstenite::{Error, client::IntoClientRequest};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

/// The context of the events.
const CONTEXT: &str = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld";

/// The longest that a test waits for what must come.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

pub(crate) struct Served {
    address: SocketAddr,
    client: reqwest::Client,
    // Removed at the end.
    _folder: tempfile::TempDir,
}

impl Served {
    /// A node with the query `all`.
    pub(crate) async fn start() -> Self {
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
        let config = init(&dir, &options, &passphrase).await.unwrap().config;
        let node = Node::open(&dir, config, &passphrase, system_clock()).await.unwrap();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let worker = node.clone();
        tokio::spawn(async move { worker.run(std::future::pending()).await });
        tokio::spawn(theriac_web::serve(node, listener, std::future::pending()));
        let served = Self { address, client: reqwest::Client::new(), _folder: folder };
        let all = json!({"name": "all", "query": {"eventType": ["ObjectEvent"]}});
        assert_eq!(served.post("/epcis/queries", &all).await.0, 201);
        served
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let answer = self.client.post(self.url(path)).json(body).send().await.unwrap();
        let status = answer.status().as_u16();
        (status, answer.json().await.unwrap_or_default())
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, Value) {
        let answer = self.client.get(self.url(path)).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap_or_default())
    }

    pub(crate) async fn delete(&self, path: &str) -> u16 {
        self.client.delete(self.url(path)).send().await.unwrap().status().as_u16()
    }

    /// Captures an event that observes the pack with this serial number.
    pub(crate) async fn observe(&self, serial: &str) {
        let event = json!({
            "@context": CONTEXT,
            "type": "ObjectEvent",
            "action": "OBSERVE",
            "bizStep": "receiving",
            "eventTime": "2026-03-01T08:00:00Z",
            "eventTimeZoneOffset": "+00:00",
            "epcList": [format!("urn:epc:id:sgtin:9521321.012345.{serial}")],
        });
        let (status, answer) = self.post("/epcis/events", &event).await;
        assert_eq!(status, 201, "{answer}");
    }

    /// The handshake of a WebSocket.
    pub(crate) fn handshake(&self, parameters: &str) -> Request {
        let url = format!("ws://{}/epcis/queries/all/events{parameters}", self.address);
        url.into_client_request().unwrap()
    }

    pub(crate) async fn listen(&self, parameters: &str) -> Socket {
        tokio_tungstenite::connect_async(self.handshake(parameters)).await.unwrap().0
    }

    /// The problem with which a handshake is refused.
    pub(crate) async fn refused(&self, handshake: Request) -> Value {
        match tokio_tungstenite::connect_async(handshake).await {
            Err(Error::Http(answer)) => {
                serde_json::from_slice(answer.body().as_ref().unwrap()).unwrap()
            }
            other => panic!("expected a refusal, found {other:?}"),
        }
    }
}

/// The serial numbers of the events of a query document.
pub(crate) fn serials(document: &Value) -> Vec<String> {
    assert_eq!(document["type"], "EPCISQueryDocument", "{document}");
    let results = &document["epcisBody"]["queryResults"];
    assert_eq!(results["queryName"], "all", "{document}");
    let list = results["resultsBody"]["eventList"].as_array().unwrap();
    let serial = |event: &Value| {
        event["epcList"][0].as_str().unwrap().rsplit(['/', '.']).next().unwrap().to_owned()
    };
    list.iter().map(serial).collect()
}
