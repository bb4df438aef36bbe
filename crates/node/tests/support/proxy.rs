//! A ledger behind a real HTTP proxy that can fail and lie: the ledger itself is the embedded one.

#![allow(dead_code, reason = "each test program uses a part of it")]

use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use theriac_chain::{Chain, Genesis};
use tokio::net::TcpListener;

/// What the proxy does to requests and answers.
#[derive(Default)]
pub(crate) struct Behaviour {
    /// Answers nothing.
    pub(crate) down: bool,
    /// Added to every count of transactions.
    pub(crate) nonce_offset: i64,
    /// Takes transactions and keeps them to itself.
    pub(crate) swallows: bool,
    /// What was kept.
    pub(crate) swallowed: Vec<String>,
    /// Leaves out the logs of this transaction.
    pub(crate) hides: Option<String>,
    /// The tip that it asks for, in wei; the ledger's own word without.
    pub(crate) tip: Option<u64>,
    /// Requests of `eth_sendRawTransaction` that came, batches counted once.
    pub(crate) sendings: u64,
}

/// The proxy: where it serves, what it does, and the ledger behind it.
#[derive(Clone)]
pub(crate) struct Proxy {
    pub(crate) url: String,
    behaviour: Arc<Mutex<Behaviour>>,
    chain: Arc<Mutex<Chain>>,
}

impl Proxy {
    /// Serves a ledger on a free port of this machine.
    pub(crate) async fn before(chain: Chain) -> Self {
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let behaviour = Arc::default();
        let proxy = Self { url, behaviour, chain: Arc::new(Mutex::new(chain)) };
        let router = Router::new().fallback(answer).with_state(proxy.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        proxy
    }

    /// Changes what it does.
    pub(crate) fn set(&self, change: impl FnOnce(&mut Behaviour)) {
        change(&mut self.behaviour.lock().unwrap());
    }

    /// What it has noted.
    pub(crate) fn look<T>(&self, look: impl FnOnce(&Behaviour) -> T) -> T {
        look(&self.behaviour.lock().unwrap())
    }

    /// The ledger behind it.
    pub(crate) fn chain(&self) -> Chain {
        self.chain.lock().unwrap().clone()
    }

    /// Puts another ledger behind it: blocks that only the one before had are reverted.
    pub(crate) fn switch(&self, chain: Chain) {
        *self.chain.lock().unwrap() = chain;
    }

    async fn one(&self, request: Value) -> Value {
        let method = request["method"].as_str().unwrap_or_default().to_owned();
        let id = request["id"].clone();
        let say = |result: Value| json!({ "jsonrpc": "2.0", "id": id, "result": result });
        let (swallows, tip) = self.look(|behaviour| (behaviour.swallows, behaviour.tip));
        match (method.as_str(), tip) {
            ("eth_sendRawTransaction", _) if swallows => {
                let raw = request["params"][0].as_str().unwrap().to_owned();
                let hash = theriac_custody::keccak256(&[&hex::decode(&raw[2..]).unwrap()]);
                self.set(|behaviour| behaviour.swallowed.push(raw));
                return say(json!(hash.to_string()));
            }
            ("eth_maxPriorityFeePerGas", Some(tip)) => return say(json!(format!("{tip:#x}"))),
            _ => {}
        }
        let chain = self.chain();
        let mut answer: Value =
            serde_json::from_str(&chain.rpc(&request.to_string()).await).unwrap();
        let (offset, hides) = self.look(|b| (b.nonce_offset, b.hides.clone()));
        if method == "eth_getTransactionCount" && offset != 0 {
            let count = answer["result"].as_str().unwrap().trim_start_matches("0x").to_owned();
            let count = i64::from_str_radix(&count, 16).unwrap() + offset;
            answer["result"] = json!(format!("{:#x}", count.max(0)));
        }
        let list = answer.get_mut("result").and_then(Value::as_array_mut);
        if let (Some(hidden), Some(logs)) = (hides, list) {
            logs.retain(|log| log["transactionHash"] != json!(hidden));
        }
        answer
    }
}

async fn answer(State(proxy): State<Proxy>, body: String) -> Response {
    if proxy.look(|behaviour| behaviour.down) {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    if body.contains("eth_sendRawTransaction") {
        proxy.set(|behaviour| behaviour.sendings += 1);
    }
    let answer = match serde_json::from_str(&body).unwrap() {
        Value::Array(requests) => {
            let mut answers = Vec::new();
            for request in requests {
                answers.push(proxy.one(request).await);
            }
            Value::Array(answers)
        }
        request => proxy.one(request).await,
    };
    ([("content-type", "application/json")], answer.to_string()).into_response()
}

/// Opens the embedded ledger in `dir`.
pub(crate) fn ledger(dir: &Path) -> Chain {
    let clock = Arc::new(|| u64::try_from(jiff::Timestamp::now().as_second()).unwrap());
    Chain::open(dir, Genesis { chain_id: 7 }, clock).unwrap()
}

/// Copies a ledger that nobody has open.
pub(crate) fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

/// Makes blocks with nothing of anybody's in them.
pub(crate) async fn mine(chain: &Chain, blocks: u64) {
    use theriac_ledger::{Call, Deployment, Endpoint, Fees, Ledger, Signer};
    struct Local(Chain);
    impl theriac_ledger::LocalRpc for Local {
        fn request(&self, json: String) -> futures::future::BoxFuture<'static, String> {
            let chain = self.0.clone();
            Box::pin(async move { chain.rpc(&json).await })
        }
    }
    let nowhere = theriac_custody::Account([9; 20]);
    let deployment = Deployment {
        chain_id: 7,
        registry: nowhere,
        custody: nowhere,
        documents: nowhere,
        timelock: nowhere,
    };
    let endpoint = Endpoint::Local(Arc::new(Local(chain.clone())));
    let ledger = Ledger::at(&endpoint, deployment).unwrap();
    let signer = Signer::random();
    let call = Call::Anchor { root: theriac_custody::Hash([1; 32]), count: 1 };
    for nonce in 0..blocks {
        let signed =
            ledger.sign_at(&signer, nonce, std::slice::from_ref(&call), Fees::default()).unwrap();
        ledger.send(&signed.raw).await.unwrap();
    }
}
