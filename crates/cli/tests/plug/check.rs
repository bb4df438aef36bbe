//! What must be true of a node at any time, whatever has happened to it.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::client::Client;
use crate::run::{Letter, Run};

/// How long the background work may take once nothing new comes in.
const PATIENCE: Duration = Duration::from_secs(120);

impl Run {
    /// Waits until the node has nothing left to do but to wait for events that have not come.
    pub(crate) async fn settle(&self, client: &Client) -> Value {
        let deadline = Instant::now() + PATIENCE;
        let mut quiet = 0;
        loop {
            let health = client.get("/health").await;
            let captures = client.get("/captures?limit=10000").await;
            let running =
                captures.as_array().unwrap().iter().any(|capture| capture["state"] == "captured");
            let states = counts(&health["events"]);
            let under_way =
                states.get("admitted").unwrap_or(&0) + states.get("recorded").unwrap_or(&0);
            let busy = running || under_way > 0 || health["operations_waiting"] != 0;
            quiet = if busy { 0 } else { quiet + 1 };
            if quiet == 4 {
                return health;
            }
            assert!(Instant::now() < deadline, "the work does not end: {health:#}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// What must be true at any time: everything acknowledged is there once, the rest is there once
    /// as a whole or not at all, and database and ledger agree.
    pub(crate) async fn check(&mut self, client: &Client) {
        let entries = client.entries().await;
        let hashes: HashSet<&str> = entries.iter().map(|e| e["hash"].as_str().unwrap()).collect();
        assert_eq!(hashes.len(), entries.len(), "an event is on record twice");
        let events = client.events().await;
        assert_eq!(events.len(), entries.len());
        let mut found: HashSet<&str> = HashSet::new();
        for event in &events {
            let id = event["eventID"].as_str().unwrap();
            assert!(found.insert(id), "{id} is on record twice");
        }
        // What is in stock of a recalled lot the node sets apart by itself, with an event of its own.
        let mut expected = events.iter().filter(|e| e["disposition"] == "recalled").count();
        for document in self.acknowledged.values() {
            expected += document.ids.len();
            let lost = document.ids.iter().find(|id| !found.contains(id.as_str()));
            assert_eq!(lost, None, "lost after acknowledgement: {}", document.name);
        }
        for Letter { document, .. } in self.waiting.iter().filter(|letter| letter.unsure) {
            if self.acknowledged.contains_key(&document.name) {
                continue;
            }
            let there = document.ids.iter().filter(|id| found.contains(id.as_str())).count();
            assert!([0, document.ids.len()].contains(&there), "{there} of {}", document.name);
            self.summary.unsure_there += u32::from(there > 0);
            expected += there;
        }
        assert_eq!(events.len(), expected, "events that nobody has sent");
        self.summary.events = events.len();
        self.check_captures(client).await;
        let reconciled = client.get("/reconcile").await;
        assert_eq!(reconciled["differences"], json!([]), "{reconciled:#}");
    }

    /// Every capture that was acknowledged is there, and accounts for each event.
    async fn check_captures(&self, client: &Client) {
        let listed = client.get("/captures?limit=10000").await;
        let listed: HashMap<i64, &Value> = listed
            .as_array()
            .unwrap()
            .iter()
            .map(|c| (c["capture"].as_i64().unwrap(), c))
            .collect();
        for (capture, events) in &self.captures {
            let entry = listed.get(capture).unwrap_or_else(|| panic!("capture {capture} is lost"));
            let sum: u64 = ["admitted", "held", "duplicate"]
                .map(|state| entry[state].as_u64().unwrap())
                .iter()
                .sum();
            assert_eq!(sum, *events as u64, "{entry}");
            assert_eq!((&entry["state"], &entry["error"]), (&json!("done"), &Value::Null));
        }
    }
}

/// Pairs of a word and a number.
pub(crate) fn counts(pairs: &Value) -> HashMap<String, u64> {
    serde_json::from_value::<Vec<(String, u64)>>(pairs.clone()).unwrap().into_iter().collect()
}
