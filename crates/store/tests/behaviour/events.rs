//! Events on record.

use std::collections::HashMap;

use theriac_gs1::Identifier;
use theriac_store::{CaptureId, EventId, EventState, NewCase, NewEvent, Store};

use crate::fixture::{capture, event, hash, matter, new_event, sscc, transaction, unit, uuid};

pub(crate) async fn an_event_is_on_record_once(store: &Store) {
    let capture = capture(store).await;
    let mut tx = store.write().await.unwrap();
    let first = tx.insert_event(&new_event(capture, 1), &[unit(1)]).await.unwrap();
    assert!(first.is_some());
    assert_eq!(tx.insert_event(&new_event(capture, 1), &[unit(1)]).await.unwrap(), None);
    tx.commit().await.unwrap();
    let mut tx = store.write().await.unwrap();
    assert_eq!(tx.insert_event(&new_event(capture, 1), &[unit(2)]).await.unwrap(), None);
    tx.commit().await.unwrap();
    assert!(store.events_of_item(&unit(2)).await.unwrap().is_empty());
    assert_eq!(store.event_by_hash(&hash(1)).await.unwrap().map(|event| event.id), first);
}

pub(crate) async fn many_events_are_inserted_at_once(store: &Store) {
    let capture = capture(store).await;
    event(store, capture, 7, &[]).await;
    let events: Vec<_> = (0..700)
        .map(|n| (new_event(capture, n), vec![unit(n), unit(n + 1), sscc(n / 50)]))
        .collect();
    let mut tx = store.write().await.unwrap();
    let ids = tx.insert_events(&events).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(ids.len(), 700);
    assert_eq!(ids.iter().filter(|id| id.is_none()).count(), 1);
    assert_eq!(ids[7], None);
    let record = store.event(ids[699].unwrap()).await.unwrap().unwrap();
    assert_eq!((record.hash, record.ordinal), (hash(699), 699));
    assert_eq!(numbers(store, &unit(500)).await, [499, 500]);
    assert_eq!(numbers(store, &sscc(13)).await.len(), 50);
    assert!(ids[8].unwrap() < ids[600].unwrap(), "ids ascend in the order of the batch");
}

pub(crate) async fn a_hash_twice_in_one_batch_is_inserted_once(store: &Store) {
    let capture = capture(store).await;
    let events = [(new_event(capture, 1), vec![unit(1)]), (new_event(capture, 1), vec![unit(2)])];
    let mut tx = store.write().await.unwrap();
    let ids = tx.insert_events(&events).await.unwrap();
    tx.commit().await.unwrap();
    assert!(ids[0].is_some() && ids[1].is_none());
    assert_eq!(numbers(store, &unit(1)).await, [1]);
    assert!(numbers(store, &unit(2)).await.is_empty());
}

pub(crate) async fn an_event_comes_back_as_it_was(store: &Store) {
    let capture = capture(store).await;
    let new = NewEvent {
        event_id: Some("urn:uuid:1".to_owned()),
        biz_step: None,
        event_time: -5,
        body: "{\"text\":\"naïve 💊\"}".to_owned(),
        ..new_event(capture, 3)
    };
    let mut tx = store.write().await.unwrap();
    // The same item twice is named once.
    let id = tx.insert_event(&new, &[unit(1), unit(1)]).await.unwrap().unwrap();
    assert_eq!(tx.event(id).await.unwrap().unwrap().body, new.body, "seen by its transaction");
    tx.commit().await.unwrap();
    let record = store.event(id).await.unwrap().unwrap();
    assert_eq!((record.id, record.hash, record.event_time), (id, hash(3), -5));
    assert_eq!((record.event_id, record.biz_step), (new.event_id, None));
    assert_eq!((record.kind, record.body, record.place), (new.kind, new.body, new.place));
    assert_eq!((record.record_time, record.capture), (new.record_time, capture));
    assert_eq!((record.transaction, record.case), (None, None));
    assert_eq!(store.event(EventId(999)).await.unwrap(), None);
    assert_eq!(store.event_by_hash(&hash(999)).await.unwrap(), None);
}

pub(crate) async fn events_of_items_come_oldest_first(store: &Store) {
    let capture = capture(store).await;
    for n in [30, 10, 20] {
        event(store, capture, n, &[unit(1), unit(n)]).await;
    }
    assert_eq!(numbers(store, &unit(1)).await, [10, 20, 30]);
    let both = store.events_of_items(&[unit(1), unit(20), unit(404)]).await.unwrap();
    assert_eq!(both.iter().map(|event| event.ordinal).collect::<Vec<_>>(), [10, 20, 30]);
    assert!(store.events_of_items(&[]).await.unwrap().is_empty());
}

pub(crate) async fn states_move_and_are_counted(store: &Store) {
    let capture = capture(store).await;
    let mut ids = Vec::new();
    for n in 0..4 {
        ids.push(event(store, capture, n, &[]).await);
    }
    let recorder = transaction(store, 5).await;
    let mut tx = store.write().await.unwrap();
    tx.set_event_state(&ids[..3], EventState::Recorded, Some(recorder)).await.unwrap();
    tx.set_event_state(&ids[..1], EventState::Final, None).await.unwrap();
    tx.set_event_state(&ids[1..2], EventState::Admitted, None).await.unwrap();
    tx.commit().await.unwrap();

    let last = store.event(ids[0]).await.unwrap().unwrap();
    assert_eq!(last.state, EventState::Final);
    let summary = last.transaction.unwrap();
    assert_eq!((summary.id, summary.nonce, summary.hash), (recorder, 5, hash(1_005)));
    assert_eq!(store.event(ids[1]).await.unwrap().unwrap().transaction, None);
    assert_eq!(
        store.event_counts().await.unwrap(),
        [
            (EventState::Admitted, 2),
            (EventState::Held, 0),
            (EventState::Recorded, 1),
            (EventState::Final, 1)
        ]
    );
}

pub(crate) async fn held_events_bring_their_case(store: &Store) {
    let capture = capture(store).await;
    let ids = [event(store, capture, 2, &[]).await, event(store, capture, 1, &[]).await];
    let mut tx = store.write().await.unwrap();
    tx.set_event_state(&ids, EventState::Held, None).await.unwrap();
    let matter = matter("not here");
    tx.open_case(&NewCase { event: Some(ids[1]), ..NewCase::about(&matter, uuid(1), 9) })
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let held = store.held_events().await.unwrap();
    assert_eq!(held.iter().map(|event| event.id).collect::<Vec<_>>(), ids);
    assert_eq!(held[0].case, None);
    assert_eq!(held[1].case.as_ref().unwrap().matter, matter);
}

pub(crate) async fn known_events_are_told_from_unknown(store: &Store) {
    let capture = capture(store).await;
    let id = event(store, capture, 1, &[]).await;
    let known = store.known_events(&[hash(1), hash(2)]).await.unwrap();
    assert_eq!(known, HashMap::from([(hash(1), id)]));
    let mut tx = store.write().await.unwrap();
    let fresh = tx.insert_event(&new_event(capture, 2), &[]).await.unwrap().unwrap();
    assert_eq!(tx.known_events(&[hash(2)]).await.unwrap(), HashMap::from([(hash(2), fresh)]));
    assert!(store.known_events(&[hash(2)]).await.unwrap().is_empty(), "not committed");
    let no_capture = new_event(CaptureId(999), 3);
    assert!(tx.insert_event(&no_capture, &[]).await.is_err(), "an event of no capture");
}

/// The numbers of the events that name an item, in the order in which they come.
async fn numbers(store: &Store, item: &Identifier) -> Vec<u64> {
    store.events_of_item(item).await.unwrap().iter().map(|event| event.ordinal).collect()
}
