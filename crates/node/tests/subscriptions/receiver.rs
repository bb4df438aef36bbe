//! A receiver of subscriptions on a port of its own, that keeps what it gets and answers as told.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// How it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    /// It takes everything.
    Takes,
    /// It answers this status.
    Answers(u16),
    /// It takes messages with at most so many events; exceptions always.
    TakesUpTo(usize),
    /// It keeps the message, and never answers.
    Hangs,
}

/// A message that it got.
#[derive(Debug, Clone)]
pub(crate) struct Got {
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    pub(crate) taken: bool,
}

impl Got {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    pub(crate) fn results(&self) -> Value {
        self.json()["epcisBody"]["queryResults"].clone()
    }

    /// The minutes of the events' times, by which the tests tell them apart.
    pub(crate) fn minutes(&self) -> Vec<u32> {
        let results = self.results();
        let Some(list) = results["resultsBody"]["eventList"].as_array() else { return Vec::new() };
        list.iter().map(minute).collect()
    }
}

fn minute(event: &Value) -> u32 {
    let time = event["eventTime"].as_str().unwrap();
    time[11..13].parse::<u32>().unwrap() * 60 + time[14..16].parse::<u32>().unwrap()
}

struct Inner {
    mood: Mutex<Mood>,
    got: watch::Sender<Vec<Got>>,
}

#[derive(Clone)]
pub(crate) struct Receiver {
    pub(crate) url: String,
    inner: Arc<Inner>,
}

impl Receiver {
    pub(crate) async fn start() -> Self {
        let inner = Inner { mood: Mutex::new(Mood::Takes), got: watch::Sender::new(Vec::new()) };
        let inner = Arc::new(inner);
        let router = Router::new().fallback(take).with_state(Arc::clone(&inner));
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://{}/callback", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, inner }
    }

    pub(crate) fn set(&self, mood: Mood) {
        *self.inner.mood.lock().unwrap() = mood;
    }

    pub(crate) fn got(&self) -> Vec<Got> {
        self.inner.got.borrow().clone()
    }

    /// The events of the messages that it took, in the order in which they came.
    pub(crate) fn minutes(&self) -> Vec<u32> {
        self.got().iter().filter(|got| got.taken).flat_map(Got::minutes).collect()
    }

    /// Waits until it got so many messages.
    pub(crate) async fn wait_for(&self, count: usize) -> Vec<Got> {
        let mut got = self.inner.got.subscribe();
        let got = got.wait_for(|got| got.len() >= count).await.unwrap();
        got.clone()
    }
}

async fn take(State(inner): State<Arc<Inner>>, headers: HeaderMap, body: Bytes) -> Response {
    let mood = *inner.mood.lock().unwrap();
    let mut got = Got { headers, text: String::from_utf8(body.to_vec()).unwrap(), taken: true };
    let status = match mood {
        Mood::Takes | Mood::Hangs => 204,
        Mood::Answers(status) => status,
        Mood::TakesUpTo(events) if got.minutes().len() > events => 413,
        Mood::TakesUpTo(_) => 204,
    };
    got.taken = status == 204 && mood != Mood::Hangs;
    inner.got.send_modify(|all| all.push(got));
    if mood == Mood::Hangs {
        std::future::pending::<()>().await;
    }
    let location = [("location", "/elsewhere")];
    (StatusCode::from_u16(status).unwrap(), location, "as told").into_response()
}
