//! A proxy between a node and a ledger: it can be cut, and it can lie.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::chain::number;

/// What the proxy changes of the truth.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lies {
    /// Added to every nonce that is asked for.
    pub(crate) nonce: i64,
    /// Leaves out the logs of the first block that has any, and remembers which.
    pub(crate) logs: bool,
    /// The block whose logs are left out.
    pub(crate) block: Option<u64>,
}

/// What was asked through a proxy.
#[derive(Debug, Default)]
struct Inner {
    lies: Mutex<Lies>,
    asked: Mutex<u64>,
    lied: Mutex<u64>,
    upstream: Mutex<String>,
}

/// A proxy on a port of its own, which stays the same when it is cut and mended.
pub(crate) struct Proxy {
    address: SocketAddr,
    inner: Arc<Inner>,
    /// All its connections live in here and die with it.
    runtime: Option<Runtime>,
}

impl Proxy {
    /// A proxy to `upstream` that tells the truth.
    pub(crate) fn start(upstream: &str) -> Self {
        let inner = Arc::new(Inner::default());
        upstream.clone_into(&mut inner.upstream.lock().unwrap());
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut proxy = Self { address, inner, runtime: None };
        proxy.mend();
        proxy
    }

    /// Where it serves.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Cuts all connections; nobody listens any more.
    pub(crate) fn cut(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }

    /// Listens again.
    pub(crate) fn mend(&mut self) {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        let runtime = builder.worker_threads(1).enable_all().build().unwrap();
        let (inner, wanted) = (Arc::clone(&self.inner), self.address);
        let (tell, told) = std::sync::mpsc::channel();
        runtime.spawn(async move {
            // The old connections may take a moment to die.
            let listener = loop {
                match TcpListener::bind(wanted).await {
                    Ok(listener) => break listener,
                    Err(_) => tokio::time::sleep(std::time::Duration::from_millis(10)).await,
                }
            };
            tell.send(listener.local_addr().unwrap()).unwrap();
            let http = reqwest::Client::builder().no_proxy().build().unwrap();
            let router = Router::new().fallback(pass).with_state((inner, http));
            axum::serve(listener, router).await.unwrap();
        });
        self.address = told.recv().unwrap();
        self.runtime = Some(runtime);
    }

    /// Lies from here on, or tells the truth again.
    pub(crate) fn lie(&self, lies: Lies) {
        *self.inner.lies.lock().unwrap() = lies;
    }

    /// How many requests came.
    pub(crate) fn asked(&self) -> u64 {
        *self.inner.asked.lock().unwrap()
    }

    /// How many answers were no truth.
    pub(crate) fn lied(&self) -> u64 {
        *self.inner.lied.lock().unwrap()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.cut();
    }
}

/// Passes a request, or a batch of them, one by one.
async fn pass(State((inner, http)): State<(Arc<Inner>, reqwest::Client)>, body: Bytes) -> Response {
    *inner.asked.lock().unwrap() += 1;
    let Ok(request) = serde_json::from_slice::<Value>(&body) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let answer = match request {
        Value::Array(requests) => {
            let mut answers = Vec::new();
            for request in requests {
                let Some(answer) = ask(&inner, &http, &request).await else {
                    return StatusCode::BAD_GATEWAY.into_response();
                };
                answers.push(answer);
            }
            Some(Value::Array(answers))
        }
        request => ask(&inner, &http, &request).await,
    };
    match answer {
        Some(answer) => {
            ([(header::CONTENT_TYPE, "application/json")], answer.to_string()).into_response()
        }
        None => StatusCode::BAD_GATEWAY.into_response(),
    }
}

async fn ask(inner: &Inner, http: &reqwest::Client, request: &Value) -> Option<Value> {
    let url = inner.upstream.lock().unwrap().clone();
    let mut answer: Value = http.post(url).json(request).send().await.ok()?.json().await.ok()?;
    let mut lies = inner.lies.lock().unwrap();
    let lied = match request["method"].as_str().unwrap_or_default() {
        "eth_getTransactionCount" if lies.nonce != 0 => {
            let told = number(&answer["result"]).saturating_add_signed(lies.nonce);
            answer["result"] = Value::String(format!("{told:#x}"));
            true
        }
        "eth_getLogs" if lies.logs => leave_out(&mut lies, &mut answer),
        _ => false,
    };
    *inner.lied.lock().unwrap() += u64::from(lied);
    Some(answer)
}

/// Leaves the logs of one block out of an answer; true if there were any.
fn leave_out(lies: &mut Lies, answer: &mut Value) -> bool {
    let Some(logs) = answer["result"].as_array_mut() else { return false };
    let Some(first) = logs.first() else { return false };
    let block = *lies.block.get_or_insert_with(|| number(&first["blockNumber"]));
    let before = logs.len();
    logs.retain(|log| number(&log["blockNumber"]) != block);
    logs.len() < before
}
