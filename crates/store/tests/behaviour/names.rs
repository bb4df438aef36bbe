//! Names of events, and scans by them.

use std::collections::HashMap;

use theriac_gs1::Identifier;
use theriac_query::{ItemCondition, Name, Plan, Role};
use theriac_store::{
    CaptureId, EventId, EventRecord, EventScan, NewEvent, ScanOrder, Store, StoreError,
};

use crate::fixture::{capture, event, hash, new_event, sscc, unit};

fn place(n: u64) -> Name {
    Name::new(Role::BizLocation, format!("https://example.org/{n}"))
}

/// Event `n` at place `n` mod 3.
fn at_place(capture: CaptureId, n: u64) -> NewEvent {
    let names = vec![Name::new(Role::BizStep, "shipping"), place(n % 3)];
    NewEvent { names, ..new_event(capture, n) }
}

async fn insert(store: &Store, event: &NewEvent, items: &[Identifier]) -> EventId {
    let mut tx = store.write().await.unwrap();
    let id = tx.insert_event(event, items).await.unwrap();
    tx.commit().await.unwrap();
    id.expect("a new hash because no test uses a number twice")
}

fn scan(plan: Plan, order: ScanOrder) -> EventScan {
    let until = EventId(i64::MAX);
    EventScan { plan, order, descending: false, after: None, until, limit: 1_000 }
}

fn numbers(events: &[EventRecord]) -> Vec<u64> {
    events.iter().map(|event| event.ordinal).collect()
}

/// All pages of a scan.
async fn pages(store: &Store, mut scan: EventScan) -> Vec<Vec<u64>> {
    let mut pages = Vec::new();
    loop {
        let page = store.scan_events(&scan).await.unwrap();
        let Some(last) = page.last() else { return pages };
        scan.after = Some(scan.order.position(last));
        pages.push(numbers(&page));
    }
}

pub(crate) async fn events_are_found_by_their_names(store: &Store) {
    let capture = capture(store).await;
    for n in 0..7 {
        insert(store, &at_place(capture, n), &[unit(n), sscc(n / 4)]).await;
    }
    let at = |places: &[u64]| Plan {
        names: vec![places.iter().map(|n| place(*n)).collect()],
        ..Plan::default()
    };
    for (plan, expected) in [
        (at(&[1]), vec![1, 4]),
        (at(&[1, 2]), vec![1, 2, 4, 5]),
        (at(&[9]), vec![]),
        (Plan { items: vec![vec![ItemCondition::Exact(sscc(1))]], ..at(&[1, 2]) }, vec![4, 5]),
        (Plan { kinds: vec!["ObjectEvent".to_owned()], ..at(&[0]) }, vec![0, 3, 6]),
        (Plan { kinds: vec!["TransactionEvent".to_owned()], ..at(&[0]) }, vec![]),
    ] {
        let found = store.scan_events(&scan(plan.clone(), ScanOrder::Recorded)).await.unwrap();
        assert_eq!(numbers(&found), expected, "{plan:?}");
        let mut tx = store.read().await.unwrap();
        let again = tx.scan_events(&scan(plan, ScanOrder::EventTime)).await.unwrap();
        assert_eq!(again, found, "event times ascend with the numbers");
    }
}

pub(crate) async fn a_scan_goes_on_while_events_come(store: &Store) {
    let capture = capture(store).await;
    for n in [3, 1, 5] {
        insert(store, &at_place(capture, n), &[]).await;
    }
    let until = store.last_event().await.unwrap().unwrap();
    for order in [ScanOrder::Recorded, ScanOrder::EventTime, ScanOrder::RecordTime] {
        let first = EventScan { until, limit: 2, ..scan(Plan::default(), order) };
        let page = store.scan_events(&first).await.unwrap();
        let n = 10 + order as u64;
        // Earlier than everything, by its time.
        let early = NewEvent { event_time: -1, record_time: -1, ..at_place(capture, n) };
        insert(store, &early, &[]).await;
        let after = page.last().map(|last| order.position(last));
        let rest = store.scan_events(&EventScan { after, ..first }).await.unwrap();
        let mut all = numbers(&page);
        all.extend(numbers(&rest));
        let expected = if order == ScanOrder::Recorded { [3, 1, 5] } else { [1, 3, 5] };
        assert_eq!(all, expected, "{order:?}");
    }
}

pub(crate) async fn equal_times_are_in_the_order_of_admission(store: &Store) {
    let capture = capture(store).await;
    for n in 0..9 {
        let event = NewEvent { event_time: (n / 3) as i64, record_time: 7, ..at_place(capture, n) };
        insert(store, &event, &[]).await;
    }
    for order in [ScanOrder::Recorded, ScanOrder::EventTime, ScanOrder::RecordTime] {
        let page = EventScan { limit: 2, ..scan(Plan::default(), order) };
        let up = pages(store, page.clone()).await.concat();
        assert_eq!(up, (0..9).collect::<Vec<_>>(), "{order:?}");
        let down = pages(store, EventScan { descending: true, ..page }).await.concat();
        assert_eq!(down, (0..9).rev().collect::<Vec<_>>(), "{order:?}");
    }
}

pub(crate) async fn names_are_listed(store: &Store) {
    let capture = capture(store).await;
    for n in 0..5 {
        let kind = if n == 2 { "AssociationEvent" } else { "ObjectEvent" };
        let event = NewEvent { kind: kind.to_owned(), ..at_place(capture, n) };
        insert(store, &event, &[unit(n)]).await;
    }
    let places = store.name_values(Role::BizLocation, None, 2).await.unwrap();
    assert_eq!(places, ["https://example.org/0", "https://example.org/1"]);
    let rest = store.name_values(Role::BizLocation, Some(&places[1]), 9).await.unwrap();
    assert_eq!(rest, ["https://example.org/2"]);
    assert_eq!(store.name_values(Role::BizStep, None, 9).await.unwrap(), ["shipping"]);
    assert!(store.name_values(Role::Parent, None, 9).await.unwrap().is_empty());
    assert_eq!(store.event_kinds().await.unwrap(), ["AssociationEvent", "ObjectEvent"]);
}

pub(crate) async fn keys_of_named_items_are_listed(store: &Store) {
    let capture = capture(store).await;
    event(store, capture, 1, &[unit(2), unit(1), sscc(1)]).await;
    let mut tx = store.write().await.unwrap();
    tx.write_items(&[crate::fixture::unit_in_stock(9)]).await.unwrap();
    tx.commit().await.unwrap();
    let keys = store.item_keys(None, 2).await.unwrap();
    assert_eq!(keys, [sscc(1).key(), unit(1).key()]);
    let rest = store.item_keys(Some(&keys[1]), 9).await.unwrap();
    assert_eq!(rest, [unit(2).key()], "no event names unit 9");
}

pub(crate) async fn event_ids_are_known(store: &Store) {
    let capture = capture(store).await;
    let with_id = |n| NewEvent { event_id: Some("urn:uuid:1".to_owned()), ..new_event(capture, n) };
    assert_eq!(store.last_event().await.unwrap(), None);
    let first = insert(store, &with_id(1), &[]).await;
    event(store, capture, 2, &[]).await;
    let third = insert(store, &with_id(3), &[]).await;
    assert_eq!(store.last_event().await.unwrap(), Some(third));
    let found = store.events_with_event_id("urn:uuid:1").await.unwrap();
    assert_eq!(numbers(&found), [1, 3]);
    assert!(store.events_with_event_id("urn:uuid:2").await.unwrap().is_empty());
    let known = store.known_event_ids(&["urn:uuid:1".to_owned(), "none".to_owned()]).await.unwrap();
    let both = vec![(first, hash(1)), (third, hash(3))];
    assert_eq!(known, HashMap::from([("urn:uuid:1".to_owned(), both)]));
    assert!(store.known_event_ids(&[]).await.unwrap().is_empty());
    let by_hash = format!("ni:///sha-256;{}?ver=CBV2.0", hex(hash(2).0));
    let plan = Plan { event_ids: vec![by_hash, "urn:uuid:1".to_owned()], ..Plan::default() };
    let found = store.scan_events(&scan(plan, ScanOrder::Recorded)).await.unwrap();
    assert_eq!(numbers(&found), [1, 2, 3]);
}

fn hex(bytes: [u8; 32]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) async fn an_event_is_declared_erroneous(store: &Store) {
    let capture = capture(store).await;
    let original = event(store, capture, 1, &[unit(1)]).await;
    let declaring = |n| NewEvent { declares: Some(original), ..new_event(capture, n) };
    let first = insert(store, &declaring(2), &[unit(1)]).await;
    let record = store.event(original).await.unwrap().unwrap();
    assert_eq!((record.declares, record.declared_by), (None, Some(first)));
    let second = insert(store, &declaring(3), &[]).await;
    let record = store.event(original).await.unwrap().unwrap();
    assert_eq!(record.declared_by, Some(second), "the latest");
    let record = store.event(second).await.unwrap().unwrap();
    assert_eq!((record.declares, record.declared_by), (Some(original), None));

    let mut tx = store.write().await.unwrap();
    let unknown = NewEvent { declares: Some(EventId(999)), ..new_event(capture, 4) };
    let error = tx.insert_event(&unknown, &[]).await.unwrap_err();
    assert!(matches!(error, StoreError::Missing { what: "event", id: 999 }), "{error}");
}

pub(crate) async fn a_duplicate_declares_nothing(store: &Store) {
    let capture = capture(store).await;
    let ids = [event(store, capture, 1, &[]).await, event(store, capture, 2, &[]).await];
    let mut tx = store.write().await.unwrap();
    let again = NewEvent { declares: Some(ids[0]), names: vec![place(1)], ..new_event(capture, 2) };
    assert_eq!(tx.insert_event(&again, &[]).await.unwrap(), None);
    tx.commit().await.unwrap();
    assert_eq!(store.event(ids[0]).await.unwrap().unwrap().declared_by, None);
    assert!(store.name_values(Role::BizLocation, None, 9).await.unwrap().is_empty());
}
