//! How long the store takes for what a capture does: `cargo bench -p theriac-store`.
//!
//! Prints milliseconds: the best of some runs, each on rows that were not there before.
#![allow(clippy::print_stdout, reason = "its output is the result")]
#![allow(clippy::unwrap_used, reason = "a benchmark that fails has no result")]

use std::time::Instant;

use theriac_custody::{Hash, Item, ItemStatus, Place, Salt};
use theriac_gs1::{Gtin, Identifier, Lot, Serial, Sgtin, Sscc};
use theriac_query::{ItemCondition, Name, Plan, Role};
use theriac_store::{
    CaptureId, CaptureSource, ErrorBehaviour, EventId, EventScan, EventState, NewCapture, NewEvent,
    ScanOrder, Store,
};

const RUNS: u64 = 5;
const EVENTS: u64 = 2_000;
const ITEMS: u64 = 3_000;
const KEYS: u64 = 5_000;

#[tokio::main]
async fn main() {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open(directory.path().join("bench.db")).await.unwrap();
    let capture = capture(&store).await;
    let mut best = [f64::MAX; SCANS + 6];
    for run in 0..RUNS {
        let times = one_run(&store, capture, run).await;
        best.iter_mut().zip(times).for_each(|(best, time)| *best = best.min(time));
    }
    let names = [
        "insert_events, 2,000 with 3,000 new items, and commit",
        "insert_event, the same one by one, and commit",
        "write_items, 5,000 new units in 100 cases, and commit",
        "place_items and set_salts, 5,000, and commit",
        "load_items, 5,000 units with their cases",
        "load_items, 100 cases with their units",
    ];
    let scans = scans().map(|(name, ..)| name);
    for (name, best) in names.iter().chain(&scans).zip(best) {
        println!("{best:8.1} ms  {name}");
    }
}

async fn one_run(store: &Store, capture: CaptureId, run: u64) -> [f64; SCANS + 6] {
    let batch = events(capture, run * 10 + 1);
    let start = Instant::now();
    let mut tx = store.write().await.unwrap();
    tx.insert_events(&batch).await.unwrap();
    tx.commit().await.unwrap();
    let together = millis(start);

    let batch = events(capture, run * 10 + 2);
    let start = Instant::now();
    let mut tx = store.write().await.unwrap();
    for (event, items) in &batch {
        tx.insert_event(event, items).await.unwrap();
    }
    tx.commit().await.unwrap();
    let one_by_one = millis(start);

    let items: Vec<_> = (0..KEYS).map(|n| unit_in_case(run * 10 + 3, n)).collect();
    let ids: Vec<_> = items.iter().map(|item| item.id.clone()).collect();
    let cases: Vec<_> = (0..100).map(|n| case(run * 10 + 3, n)).collect();
    let case_items =
        cases.iter().map(|id| Item { lot: None, parent: None, id: id.clone(), ..items[0].clone() });
    let case_items: Vec<_> = case_items.collect();
    let start = Instant::now();
    let mut tx = store.write().await.unwrap();
    tx.write_items(&case_items).await.unwrap();
    tx.write_items(&items).await.unwrap();
    tx.commit().await.unwrap();
    let written = millis(start);

    let place = |position| Some(Place { holding: Hash([run as u8; 32]), position });
    let places: Vec<_> = ids.iter().cloned().zip((0..).map(place)).collect();
    let salts: Vec<_> = ids.iter().map(|id| (id.clone(), Salt([7; 16]))).collect();
    let start = Instant::now();
    let mut tx = store.write().await.unwrap();
    tx.place_items(&places).await.unwrap();
    tx.set_salts(&salts).await.unwrap();
    tx.commit().await.unwrap();
    let placed = millis(start);

    let start = Instant::now();
    assert_eq!(store.load_items(&ids).await.unwrap().len() as u64, KEYS + 100);
    let loaded = millis(start);

    let start = Instant::now();
    assert_eq!(store.load_items(&cases).await.unwrap().len() as u64, KEYS + 100);
    let unpacked = millis(start);

    let mut times = [together, one_by_one, written, placed, loaded, unpacked, 0.0, 0.0, 0.0, 0.0];
    for ((_, plan, order), time) in scans().into_iter().zip(&mut times[6..]) {
        let until = store.last_event().await.unwrap().unwrap_or(EventId(0));
        let scan = EventScan { plan, order, descending: true, after: None, until, limit: 30 };
        let start = Instant::now();
        store.scan_events(&scan).await.unwrap();
        *time = millis(start);
    }
    times
}

const SCANS: usize = 4;

/// Pages of 30 events, the last first.
fn scans() -> [(&'static str, Plan, ScanOrder); SCANS] {
    let step = || vec![vec![Name::new(Role::BizStep, "shipping")]];
    let order = vec![Name::new(Role::BizTransaction, "urn:example:order:7")];
    let class = unit(0, 0).key();
    let class = class.trim_end_matches(|char| char != '/').to_owned();
    let units = vec![vec![ItemCondition::KeyPrefix(class)]];
    [
        (
            "scan, a step by event time",
            Plan { names: step(), ..Plan::default() },
            ScanOrder::EventTime,
        ),
        (
            "scan, a step and a transaction by event time",
            Plan { names: [step(), vec![order]].concat(), ..Plan::default() },
            ScanOrder::EventTime,
        ),
        (
            "scan, the units of a trade item",
            Plan { items: units, ..Plan::default() },
            ScanOrder::Recorded,
        ),
        ("scan, everything", Plan::default(), ScanOrder::Recorded),
    ]
}

fn millis(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1_000.0
}

async fn capture(store: &Store) -> CaptureId {
    let source = CaptureSource::Sim;
    let new = NewCapture {
        received_at: 0,
        source,
        content_type: None,
        sender: None,
        error_behaviour: ErrorBehaviour::Proceed,
    };
    let mut tx = store.write().await.unwrap();
    let id = tx.begin_capture(&new).await.unwrap();
    tx.seal_capture(id, Hash([0; 32]), 0).await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// 2,000 events of about 700 bytes; every second names two of the 3,000 items, the others one.
fn events(capture: CaptureId, seed: u64) -> Vec<(NewEvent, Vec<Identifier>)> {
    (0..EVENTS)
        .map(|n| {
            let items = (0..1 + n % 2).map(|k| unit(seed, n + k * EVENTS / 2 % ITEMS)).collect();
            let hash = mixed(seed * EVENTS + n);
            let event = NewEvent {
                hash: Hash(
                    [hash, !hash, hash, !hash].map(u64::to_be_bytes).concat().try_into().unwrap(),
                ),
                event_id: None,
                kind: "ObjectEvent".to_owned(),
                event_time: n as i64,
                record_time: n as i64,
                biz_step: Some("shipping".to_owned()),
                disposition: Some("in_transit".to_owned()),
                action: Some("OBSERVE".to_owned()),
                capture,
                ordinal: seed * EVENTS + n,
                place: format!("/epcisBody/eventList/{n}"),
                body: "x".repeat(700),
                state: EventState::Admitted,
                declares: None,
                names: names(n, seed),
            };
            (event, items)
        })
        .collect()
}

/// What a shipment is found by: two words, four places, an order of its own.
fn names(n: u64, seed: u64) -> Vec<Name> {
    let place = |role, n: u64| Name::new(role, format!("https://id.gs1.org/414/{:013}", n % 50));
    vec![
        Name::new(Role::BizStep, "shipping"),
        Name::new(Role::Disposition, "in_transit"),
        place(Role::ReadPoint, n),
        place(Role::BizLocation, n),
        place(Role::Source, n),
        place(Role::Destination, n / 50),
        Name::new(Role::BizTransaction, format!("urn:example:order:{}", seed * EVENTS + n)),
    ]
}

fn unit_in_case(seed: u64, n: u64) -> Item {
    Item {
        id: unit(seed, n),
        lot: Some(Lot::new(format!("LOT{seed}")).unwrap()),
        status: ItemStatus::InStock,
        parent: Some(case(seed, n / 50)),
        place: None,
        owner: None,
    }
}

/// A unit with a random serial number.
fn unit(seed: u64, n: u64) -> Identifier {
    let serial = Serial::new(format!("{:016X}", mixed(seed << 32 | n))).unwrap();
    Sgtin { gtin: Gtin::from_body(950_600_010_000).unwrap(), serial }.into()
}

fn case(seed: u64, n: u64) -> Identifier {
    Sscc::from_body(950_600_000_000_000 + seed * 1_000 + n).unwrap().into()
}

/// splitmix64.
fn mixed(n: u64) -> u64 {
    let n = n.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(0x9E37_79B9_7F4A_7C15);
    let n = (n ^ (n >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    n ^ (n >> 31)
}
