//! Scans against a list of the same events in memory, whatever is walked, and what is walked.

use jiff::Timestamp;
use theriac_custody::Hash;
use theriac_gs1::Identifier;
use theriac_query::{ItemCondition, Name, Plan, Role, TimeRange};

use super::drive::{Drive, choose, statement};
use super::{EventScan, ScanOrder, ScanPosition, condition, find};
use crate::capture::{CaptureId, CaptureSource, ErrorBehaviour, NewCapture};
use crate::event::{EventId, EventState, NewEvent};
use crate::store::Store;

const EVENTS: i64 = 700;

/// Event `n`, from 1, and the items that it names.
fn event(capture: CaptureId, n: i64) -> (NewEvent, Vec<Identifier>) {
    let step = if n % 2 == 0 { "shipping" } else { "receiving" };
    let mut names = vec![
        Name::new(Role::BizStep, step),
        Name::new(Role::BizLocation, format!("https://example.org/{}", n % 20)),
        Name::new(Role::BizTransaction, format!("urn:example:order:{n}")),
    ];
    if n % 7 == 0 {
        names.push(Name::new(Role::Parent, format!("00/{n}")));
    }
    let event = NewEvent {
        hash: Hash([n.to_be_bytes(), [7; 8], [7; 8], [7; 8]].concat().try_into().unwrap()),
        event_id: Some(format!("urn:example:event:{}", n / 2)),
        kind: if n % 10 == 0 { "AggregationEvent" } else { "ObjectEvent" }.to_owned(),
        event_time: n * 7_919 % 100 * 10 - 300,
        record_time: n / 3,
        biz_step: Some(step.to_owned()),
        disposition: None,
        action: None,
        capture,
        ordinal: n as u64,
        place: String::new(),
        body: String::new(),
        state: EventState::Admitted,
        declares: None,
        names,
    };
    (event, vec![unit(n), unit(n + 1), case(n / 50)])
}

/// A unit of one of five trade items.
fn unit(n: i64) -> Identifier {
    let gtin = theriac_gs1::Gtin::from_body(950_600_010_000 + n as u64 % 5).unwrap();
    let serial = theriac_gs1::Serial::new(format!("S/{n}")).unwrap();
    theriac_gs1::Sgtin { gtin, serial }.into()
}

fn case(n: i64) -> Identifier {
    theriac_gs1::Sscc::from_body(950_600_000_000_000 + n as u64).unwrap().into()
}

async fn filled(directory: &tempfile::TempDir) -> (Store, Vec<(NewEvent, Vec<Identifier>)>) {
    let store = Store::open(directory.path().join("node.db")).await.unwrap();
    let mut tx = store.write().await.unwrap();
    let new = NewCapture {
        received_at: 0,
        source: CaptureSource::Api,
        content_type: None,
        sender: None,
        error_behaviour: ErrorBehaviour::Proceed,
    };
    let capture = tx.begin_capture(&new).await.unwrap();
    let events: Vec<_> = (1..=EVENTS).map(|n| event(capture, n)).collect();
    let ids = tx.insert_events(&events).await.unwrap();
    assert_eq!(ids.last(), Some(&Some(EventId(EVENTS))));
    tx.commit().await.unwrap();
    (store, events)
}

fn at(millis: i64) -> Option<Timestamp> {
    Some(Timestamp::from_millisecond(millis).unwrap())
}

fn named(role: Role, texts: &[&str]) -> Vec<Name> {
    texts.iter().map(|text| Name::new(role, *text)).collect()
}

/// Plans, each with what it is for.
fn plans() -> Vec<(&'static str, Plan)> {
    let steps = || vec![named(Role::BizStep, &["shipping"])];
    let time = TimeRange { from: at(-50), before: at(201) };
    let items = |any: Vec<ItemCondition>| Plan { items: vec![any], ..Plan::default() };
    let exact = |id| ItemCondition::Exact(id);
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    let all = Plan::default;
    vec![
        ("everything", all()),
        ("step", Plan { names: steps(), ..all() }),
        ("steps", Plan { names: vec![named(Role::BizStep, &["shipping", "receiving"])], ..all() }),
        ("step and time", Plan { names: steps(), event_time: time, ..all() }),
        (
            "location",
            Plan { names: vec![named(Role::BizLocation, &["https://example.org/3"])], ..all() },
        ),
        (
            "transaction",
            Plan { names: vec![named(Role::BizTransaction, &["urn:example:order:77"])], ..all() },
        ),
        ("parent", Plan { names: vec![named(Role::Parent, &["00/14", "00/21"])], ..all() }),
        ("type", Plan { kinds: texts(&["AggregationEvent"]), ..all() }),
        (
            "type and time",
            Plan { kinds: texts(&["AggregationEvent", "ObjectEvent"]), event_time: time, ..all() },
        ),
        ("time", Plan { event_time: time, ..all() }),
        ("record time", Plan { record_time: TimeRange { from: at(20), before: None }, ..all() }),
        (
            "both times",
            Plan {
                record_time: TimeRange { from: at(20), before: at(90) },
                event_time: time,
                ..all()
            },
        ),
        ("EPC", items(vec![exact(unit(40))])),
        ("EPCs", items((1..40).map(|n| exact(unit(n * 3))).collect())),
        (
            "container and step",
            Plan { names: steps(), ..items(vec![exact(case(3)), exact(unit(9))]) },
        ),
        ("units of a trade item", items(vec![ItemCondition::KeyPrefix(class(2))])),
        (
            "a trade item and a case",
            items(vec![ItemCondition::KeyPrefix(class(2)), exact(case(1))]),
        ),
        ("cases", items(vec![ItemCondition::KeyPrefix("00/".to_owned())])),
        ("serials", items(vec![ItemCondition::KeyPrefix(format!("{}S%2F1", class(1)))])),
        (
            "serials and step",
            Plan {
                names: steps(),
                ..items(vec![ItemCondition::KeyPrefix(format!("{}S%2F1", class(1)))])
            },
        ),
        ("event id", Plan { event_ids: texts(&["urn:example:event:5", "none"]), ..all() }),
        (
            "event id and step",
            Plan { event_ids: texts(&["urn:example:event:5"]), names: steps(), ..all() },
        ),
        ("nothing known", Plan { names: vec![named(Role::BizStep, &["sampling"])], ..all() }),
        ("impossible", Plan { impossible: true, ..all() }),
    ]
}

fn class(n: i64) -> String {
    let key = unit(n).key();
    key[..=key.rfind('/').unwrap()].to_owned()
}

fn selects(plan: &Plan, event: &NewEvent, items: &[Identifier]) -> bool {
    let moment = |millis| Timestamp::from_millisecond(millis).unwrap();
    let is_item = |any: &Vec<ItemCondition>| {
        any.iter().any(|condition| items.iter().any(|item| condition.selects(item)))
    };
    !plan.impossible
        && (plan.kinds.is_empty() || plan.kinds.contains(&event.kind))
        && plan.event_time.contains(moment(event.event_time))
        && plan.record_time.contains(moment(event.record_time))
        && (plan.event_ids.is_empty()
            || plan.event_ids.iter().any(|id| event.event_id.as_ref() == Some(id)))
        && plan.names.iter().all(|any| any.iter().any(|name| event.names.contains(name)))
        && plan.items.iter().all(is_item)
}

fn place(order: ScanOrder, (event, _): &(NewEvent, Vec<Identifier>)) -> ScanPosition {
    let time = match order {
        ScanOrder::Recorded => 0,
        ScanOrder::EventTime => event.event_time,
        ScanOrder::RecordTime => event.record_time,
    };
    ScanPosition { time, event: EventId(event.ordinal as i64) }
}

#[tokio::test]
#[allow(clippy::print_stdout, reason = "the figure of the test")]
async fn a_scan_selects_what_the_plan_says_whatever_is_walked() {
    let directory = tempfile::tempdir().unwrap();
    let (store, events) = filled(&directory).await;
    let mut tx = store.read().await.unwrap();
    let mut scans = 0;
    for (about, plan) in plans() {
        for order in [ScanOrder::Recorded, ScanOrder::EventTime, ScanOrder::RecordTime] {
            for (descending, bound) in
                [(false, 0), (true, 0), (false, 60), (true, 60), (false, 9_999), (true, 9_999)]
            {
                let until = EventId(EVENTS - 9);
                let mut scan = EventScan {
                    plan: plan.clone(),
                    order,
                    descending,
                    after: None,
                    until,
                    limit: 53,
                };
                let mut found = Vec::new();
                loop {
                    let page = find(&mut tx.connection(), &scan, bound).await.unwrap();
                    found.extend(page.iter().copied());
                    let Some(last) = page.last() else { break };
                    scan.after = Some(place(order, &events[last.0 as usize - 1]));
                }
                let event_of = |id: &EventId| &events[id.0 as usize - 1];
                let kept = |id: &EventId| selects(&plan, &event_of(id).0, &event_of(id).1);
                let mut expected: Vec<_> = (1..=until.0).map(EventId).filter(kept).collect();
                expected.sort_by_key(|id| (place(order, event_of(id)).time, *id));
                if descending {
                    expected.reverse();
                }
                if about == "serials and step" {
                    found.retain(kept);
                }
                assert_eq!(
                    found, expected,
                    "{about}, {order:?}, descending {descending}, bound {bound}"
                );
                scans += 1;
            }
        }
    }
    println!("{scans} of {scans} scans");
}

/// What is walked, and how the database does it.
async fn walked(store: &Store, plan: Plan, order: ScanOrder, bound: u64) -> (Drive, String) {
    let mut tx = store.read().await.unwrap();
    let after = Some(ScanPosition { time: 0, event: EventId(5) });
    let scan =
        EventScan { plan, order, descending: true, after, until: EventId(EVENTS), limit: 30 };
    let conditions = condition::of(&mut tx.connection(), &scan.plan).await.unwrap().unwrap();
    let drive = choose(&mut tx.connection(), &scan, &conditions, bound).await.unwrap();
    let select = statement(&scan, &conditions, drive);
    (drive, tx.connection().explain(&select).await.join("\n"))
}

#[tokio::test]
async fn what_users_filter_by_is_walked_by_an_index() {
    let directory = tempfile::tempdir().unwrap();
    let (store, _) = filled(&directory).await;
    let list = "SEARCH event_name USING PRIMARY KEY (name=? AND event<?)";
    let item = "SEARCH event_item USING PRIMARY KEY (item=? AND event<?)";
    let gathered = "SEARCH event_name USING PRIMARY KEY (name=?)";
    let time = "SEARCH event USING COVERING INDEX event_by_event_time";
    let probed = "SEARCH member EXISTS USING PRIMARY KEY (name=? AND event=?)";
    let order = |plan: &Plan| ScanOrder::natural(plan);
    let cases: [(&str, Option<ScanOrder>, u64, &[&str]); 14] = [
        ("step", None, 60, &[list]),
        ("step", Some(ScanOrder::EventTime), 60, &[time, probed]),
        ("steps", None, 0, &["MERGE (UNION)", list]),
        ("location", None, 60, &[list]),
        ("location", Some(ScanOrder::EventTime), 60, &[gathered]),
        ("transaction", None, 60, &[list]),
        ("transaction", Some(ScanOrder::RecordTime), 60, &[gathered]),
        ("parent", None, 60, &[gathered]),
        ("type", None, 60, &[list]),
        ("type and time", None, 60, &[time, probed]),
        ("EPC", None, 60, &[item]),
        ("EPC", Some(ScanOrder::EventTime), 60, &["SEARCH event_item USING PRIMARY KEY (item=?)"]),
        ("serials", None, 0, &["SEARCH item USING COVERING INDEX item_by_key (key>? AND key<?)"]),
        ("units of a trade item", None, 60, &[list]),
    ];
    for (about, wanted, bound, steps) in cases {
        let plan = plans().into_iter().find(|(name, _)| *name == about).unwrap().1;
        let order = wanted.unwrap_or_else(|| order(&plan));
        let (drive, how) = walked(&store, plan, order, bound).await;
        for step in steps {
            assert!(how.contains(step), "{about} by {drive:?}, expected {step}, found\n{how}");
        }
    }
}

#[tokio::test]
async fn nothing_is_scanned_that_an_index_finds() {
    let directory = tempfile::tempdir().unwrap();
    let (store, _) = filled(&directory).await;
    for (about, plan) in plans() {
        if ["everything", "nothing known", "impossible"].contains(&about) {
            continue;
        }
        for order in [ScanOrder::Recorded, ScanOrder::EventTime, ScanOrder::RecordTime] {
            for bound in [0, 60, 9_999] {
                let (drive, how) = walked(&store, plan.clone(), order, bound).await;
                // What stands in memory (a list given, or gathered) is scanned, tables are not.
                let scanned = how.lines().filter(|line| {
                    line.starts_with("SCAN") && *line != "SCAN listed" && !line.contains("VIRTUAL")
                });
                let bad: Vec<_> =
                    scanned.chain(how.lines().filter(|line| line.contains("AUTOMATIC"))).collect();
                assert!(bad.is_empty(), "{about}, {order:?}, bound {bound}, {drive:?}\n{how}");
            }
        }
    }
}
