//! A node under a clock that the test moves, with a named query.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use serde_json::{Value, json};
use theriac_node::{Clock, Config, Node, SubscriptionRequest};
use theriac_store::SubscriptionRecord;

use crate::goods::{capture, seen};
use crate::receiver::Receiver;
use crate::support::{company, passphrase};

/// When the tests begin.
const START: &str = "2030-01-01T10:30:00Z";

pub(crate) struct World {
    pub(crate) node: Node,
    config: Config,
    dir: PathBuf,
    time: Arc<AtomicI64>,
    // Removed at the end.
    _folder: tempfile::TempDir,
}

impl World {
    /// A node with the query `all`.
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("node");
        let (node, config) = company(&dir).await;
        node.close().await;
        let start: Timestamp = START.parse().unwrap();
        let time = Arc::new(AtomicI64::new(start.as_millisecond()));
        let node = open(&dir, &config, &time).await;
        let world = Self { node, config, dir, time, _folder: folder };
        world.query("all", json!({"eventType": ["ObjectEvent"]})).await;
        world
    }

    /// The node stops as in a crash, and another process opens its folder.
    pub(crate) async fn restart(self) -> Self {
        let Self { node, config, dir, time, _folder } = self;
        node.close().await;
        let node = open(&dir, &config, &time).await;
        Self { node, config, dir, time, _folder }
    }

    pub(crate) async fn query(&self, name: &str, query: Value) {
        self.node.create_query(name, &query).await.unwrap();
    }

    pub(crate) fn advance(&self, seconds: i64) {
        self.time.fetch_add(seconds * 1_000, Ordering::SeqCst);
    }

    /// Captures events at these minutes of a day, in this order.
    pub(crate) async fn capture(&self, minutes: impl IntoIterator<Item = u32>) {
        let at = |minute: u32| format!("2026-01-02T{:02}:{:02}:00Z", minute / 60, minute % 60);
        let events: Vec<Value> = minutes.into_iter().map(|m| seen(&[1], &at(m))).collect();
        let report = capture(&self.node, &events).await;
        assert_eq!(report.admitted + report.held, events.len() as u64, "{report:#?}");
    }

    pub(crate) async fn subscribe(
        &self,
        query: &str,
        to: &Receiver,
        change: impl FnOnce(&mut SubscriptionRequest),
    ) -> String {
        let mut request = SubscriptionRequest {
            dest: to.url.clone(),
            token: None,
            controls: json!({"stream": true}),
            report_if_empty: false,
            initial_record_time: None,
            next_at: None,
        };
        change(&mut request);
        self.node.subscribe(query, request).await.unwrap().id
    }

    pub(crate) async fn record(&self, id: &str) -> SubscriptionRecord {
        self.node.store().subscription(id).await.unwrap().unwrap()
    }

    /// One round of deliveries.
    pub(crate) async fn notify(&self) -> bool {
        self.node.notify_subscribers().await.unwrap()
    }
}

async fn open(dir: &std::path::Path, config: &Config, time: &Arc<AtomicI64>) -> Node {
    let time = Arc::clone(time);
    let clock: Clock =
        Arc::new(move || Timestamp::from_millisecond(time.load(Ordering::SeqCst)).unwrap());
    Node::open(dir, config.clone(), &passphrase(), clock).await.unwrap()
}
