//! A responder of another system: real HTTP, whose behaviour a test changes.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// What it does with a request.
#[derive(Debug, Clone)]
pub(crate) enum Behaviour {
    /// Answers this `data`.
    Say(Value),
    /// Answers with another `corrUUID`.
    AnotherUuid,
    /// Answers 200 with this.
    Rubbish(&'static str),
    /// Answers with this status.
    Status(u16),
    /// Never answers.
    Silent,
}

struct Shared {
    behaviour: Behaviour,
    /// Path and query of what was asked.
    asked: Vec<String>,
}

/// A running responder; it ends with the test.
pub(crate) struct Responder {
    address: SocketAddr,
    shared: Arc<Mutex<Shared>>,
    task: JoinHandle<()>,
}

impl Responder {
    pub(crate) async fn start(behaviour: Behaviour) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Mutex::new(Shared { behaviour, asked: Vec::new() }));
        let router = Router::new().fallback(answer).with_state(Arc::clone(&shared));
        let task = tokio::spawn(async move {
            let never = std::future::pending();
            theriac_web::serve_router(router, listener, never).await.unwrap();
        });
        Self { address, shared, task }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn now(&self, behaviour: Behaviour) {
        self.shared.lock().unwrap().behaviour = behaviour;
    }

    /// What it was asked since this was last called.
    pub(crate) fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.shared.lock().unwrap().asked)
    }

    /// Takes no connections any more.
    pub(crate) async fn stop(self) {
        self.task.abort();
        let _ = self.task.await;
    }
}

async fn answer(State(shared): State<Arc<Mutex<Shared>>>, request: Request) -> Response {
    let target = request.uri().to_string();
    let correlation = target.rsplit_once("corrUUID=").map(|(_, uuid)| uuid.to_owned());
    let behaviour = {
        let mut shared = shared.lock().unwrap();
        shared.asked.push(target);
        shared.behaviour.clone()
    };
    let said = |correlation: &str, data: Value| {
        let answer = json!({
            "verificationTimestamp": "2026-11-23T12:34:56.789-05:00",
            "responderGLN": "0012345000008",
            "corrUUID": correlation,
            "data": data,
        });
        ([(header::CONTENT_TYPE, "application/json")], answer.to_string()).into_response()
    };
    match behaviour {
        Behaviour::Say(data) => said(&correlation.unwrap_or_default(), data),
        Behaviour::AnotherUuid => {
            said("6ba7b810-9dad-41d1-80b4-00c04fd430c8", json!({"verified": true}))
        }
        Behaviour::Rubbish(text) => text.into_response(),
        Behaviour::Status(status) => StatusCode::from_u16(status).unwrap().into_response(),
        Behaviour::Silent => std::future::pending().await,
    }
}
