//! Pulling the plug: a served node is killed at random moments of capture, and started again. What
//! was acknowledged is there once, and database and ledger agree.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::Value;

use super::program::{Folder, Server, commissioning, packs};

/// How often the plug is pulled; `THERIAC_POWER_CUTS` sets another number.
const CUTS: usize = 50;

/// Longest time from the first byte of a round's documents to the cut.
const CUT_AFTER_MS_MAX: u64 = 300;

/// Most events of a document.
const EVENTS_MAX: usize = 25;

/// What is sent in a round.
struct Round {
    /// Each a document with the packs that it commissions, an event for each.
    documents: Vec<(Vec<u8>, Vec<String>)>,
    /// Whether the node is to answer once a document is durable, before its events are admitted.
    answer_early: bool,
    cut_after: Duration,
}

impl Round {
    /// Sizes of documents, ways to answer and times differ from round to round.
    fn new(round: usize, packs: &[String], whole: &Value, chance: u64) -> Self {
        let document = |packs: &[String]| {
            let events: Vec<Value> = packs.iter().map(|pack| event(pack, whole)).collect();
            let mut document = whole.clone();
            document["epcisBody"]["eventList"] = events.into();
            (serde_json::to_vec(&document).unwrap(), packs.to_vec())
        };
        let events = 1 + round * 7 % EVENTS_MAX;
        Self {
            documents: packs.chunks(events).map(document).collect(),
            answer_early: round % 2 == 1,
            cut_after: Duration::from_millis(chance % CUT_AFTER_MS_MAX),
        }
    }
}

/// The event that commissions one pack.
fn event(pack: &str, whole: &Value) -> Value {
    let mut event = whole["epcisBody"]["eventList"][0].clone();
    event["epcList"] = serde_json::json!([pack]);
    event.as_object_mut().unwrap().remove("eventID");
    event
}

/// Sends documents until the plug is pulled; returns the packs that were acknowledged.
fn send_until_cut(server: Server, round: Round) -> Vec<String> {
    let url = format!("{}/epcis/capture", server.url);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let cut_after = round.cut_after;
    let sender = runtime.spawn(async move {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let mut acknowledged = Vec::new();
        for (document, packs) in round.documents {
            let mut request = client.post(&url).body(document);
            if round.answer_early {
                request = request.header("prefer", "respond-async");
            }
            match request.send().await {
                Ok(response) if response.status() == 202 => acknowledged.extend(packs),
                _ => break,
            }
        }
        acknowledged
    });
    std::thread::sleep(cut_after);
    server.kill();
    runtime.block_on(sender).unwrap()
}

#[test]
fn nothing_acknowledged_is_lost_and_nothing_is_there_twice() {
    let cuts = std::env::var("THERIAC_POWER_CUTS").ok().and_then(|text| text.parse().ok());
    let cuts = cuts.unwrap_or(CUTS).min(CUTS);
    let folder = Folder::with_products();
    let document = &commissioning(10_000)[0];
    let whole: Value = serde_json::from_slice(document).unwrap();
    let all = packs(document);
    let per_round = all.len() / CUTS;
    let mut acknowledged = BTreeSet::new();
    let mut chance = 0x9E37_79B9_7F4A_7C15_u64;
    for round in 0..cuts {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let mine = &all[round * per_round..(round + 1) * per_round];
        let round = Round::new(round, mine, &whole, chance >> 33);
        acknowledged.extend(send_until_cut(folder.serve(), round));
    }
    eprintln!("{} of {} packs were acknowledged", acknowledged.len(), cuts * per_round);
    assert!(!acknowledged.is_empty(), "nothing was sent before the plug was pulled");

    folder.run(["reconcile"]).exits(0);
    folder.run(["ledger", "audit"]).exits(0);
    let events = folder.run(["events", "--json", "--limit", "100000"]).exits(0).json();
    let hashes: BTreeSet<&str> =
        events.iter().map(|event| event["hash"].as_str().unwrap()).collect();
    assert_eq!(hashes.len(), events.len(), "an event is there twice");
    assert!(events.iter().all(|event| event["state"] == "final"), "an event is not final");
    let server = folder.serve();
    for pack in &acknowledged {
        let query: String = pack.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let verdict = ask(&format!("{}/verify?code={query}", server.url));
        assert_eq!(verdict["verdict"], "genuine", "{pack} was acknowledged: {verdict:#}");
    }
}

fn ask(url: &str) -> Value {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        client.get(url).send().await.unwrap().json().await.unwrap()
    })
}
