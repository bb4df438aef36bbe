//! Captures and the outcomes of their events.

use serde_json::json;
use theriac_store::{
    CaptureId, CaptureSource, CaptureState, Counts, ErrorBehaviour, EventState, NewCapture,
    NewCase, Outcome, OutcomeState, RecordedState, Store, StoreError,
};

use crate::fixture::{capture, hash, matter, new_event, transaction, uuid};

pub(crate) async fn a_capture_is_acknowledged_when_sealed(store: &Store) {
    let id = capture(store).await;
    let record = store.capture(id).await.unwrap().unwrap();
    assert_eq!((record.state, record.sha256), (CaptureState::Receiving, None));
    assert!(store.unfinished_captures().await.unwrap().is_empty());

    let mut tx = store.write().await.unwrap();
    tx.seal_capture(id, hash(1), 12).await.unwrap();
    tx.commit().await.unwrap();
    let record = store.capture(id).await.unwrap().unwrap();
    assert_eq!((record.state, record.sha256), (CaptureState::Captured, Some(hash(1))));
    assert_eq!((record.bytes, record.received_at), (12, 1_000));
    assert_eq!(record.content_type.as_deref(), Some("application/ld+json"));
    assert_eq!(store.unfinished_captures().await.unwrap(), [record]);
}

pub(crate) async fn chunks_come_back_by_number(store: &Store) {
    let id = capture(store).await;
    let mut tx = store.write().await.unwrap();
    tx.append_chunk(id, 0, b"first").await.unwrap();
    tx.append_chunk(id, 1, &vec![7; 1 << 20]).await.unwrap();
    assert!(tx.append_chunk(id, 1, b"again").await.is_err());
    tx.commit().await.unwrap();
    assert_eq!(store.chunk(id, 0).await.unwrap().unwrap(), b"first");
    assert_eq!(store.chunk(id, 1).await.unwrap().unwrap().len(), 1 << 20);
    assert_eq!(store.chunk(id, 2).await.unwrap(), None);
}

pub(crate) async fn progress_is_kept(store: &Store) {
    let id = capture(store).await;
    let mut counts = Counts { admitted: 3, held: 1, refused: 0, duplicate: 0 };
    counts += Counts { admitted: 1, held: 0, refused: 2, duplicate: 1 };
    let mut tx = store.write().await.unwrap();
    tx.advance_capture(id, 8, &counts).await.unwrap();
    tx.commit().await.unwrap();
    let record = store.capture(id).await.unwrap().unwrap();
    assert_eq!(record.next_ordinal, 8);
    assert_eq!(record.counts, Counts { admitted: 4, held: 1, refused: 2, duplicate: 1 });
}

pub(crate) async fn a_capture_ends_done_or_failed(store: &Store) {
    let (done, failed) = (capture(store).await, capture(store).await);
    let mut tx = store.write().await.unwrap();
    tx.finish_capture(done, None, 7_000).await.unwrap();
    tx.finish_capture(failed, Some("expected JSON, found 0xff"), 8_000).await.unwrap();
    tx.commit().await.unwrap();
    let done = store.capture(done).await.unwrap().unwrap();
    let failed = store.capture(failed).await.unwrap().unwrap();
    assert_eq!((done.state, done.error), (CaptureState::Done, None));
    assert_eq!((done.finished_at, failed.finished_at), (Some(7_000), Some(8_000)));
    assert_eq!(failed.state, CaptureState::Failed);
    assert_eq!(failed.error.as_deref(), Some("expected JSON, found 0xff"));
}

pub(crate) async fn captures_are_listed_newest_first(store: &Store) {
    let ids = [capture(store).await, capture(store).await, capture(store).await];
    let listed: Vec<_> = store.captures(2).await.unwrap().iter().map(|each| each.id).collect();
    assert_eq!(listed, [ids[2], ids[1]]);
}

pub(crate) async fn outcomes_tell_of_all_events_in_order(store: &Store) {
    let id = capture(store).await;
    let recorder = transaction(store, 0).await;
    let mut tx = store.write().await.unwrap();
    let admitted = tx.insert_event(&new_event(id, 1), &[]).await.unwrap().unwrap();
    let mut held = new_event(id, 3);
    held.state = EventState::Held;
    let held = tx.insert_event(&held, &[]).await.unwrap().unwrap();
    let matter = matter("expected it in stock, found nothing");
    tx.open_case(&NewCase { event: Some(held), ..NewCase::about(&matter, uuid(1), 9) })
        .await
        .unwrap();
    tx.set_event_state(&[admitted], EventState::Recorded, Some(recorder)).await.unwrap();
    tx.insert_outcomes(
        id,
        &[outcome(2, OutcomeState::Refused), outcome(0, OutcomeState::Duplicate)],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();

    let outcomes = store.outcomes(id).await.unwrap();
    let states: Vec<_> = outcomes.iter().map(|each| (each.ordinal, each.state)).collect();
    assert_eq!(
        states,
        [
            (0, RecordedState::Duplicate),
            (1, RecordedState::Recorded),
            (2, RecordedState::Refused),
            (3, RecordedState::Held)
        ]
    );
    assert_eq!(outcomes[1].transaction, Some(hash(1_000)));
    assert_eq!(outcomes[1].event_hash, Some(hash(1)));
    assert_eq!(outcomes[1].biz_step.as_deref(), Some("shipping"));
    assert_eq!(outcomes[2].detail, Some(json!([{"path": "/2"}])));
    assert_eq!(outcomes[3].case.as_ref().unwrap().matter, matter);
    assert!(store.outcomes(capture(store).await).await.unwrap().is_empty());
}

pub(crate) async fn a_later_outcome_replaces_an_earlier_one(store: &Store) {
    let id = capture(store).await;
    for state in [OutcomeState::Refused, OutcomeState::Duplicate] {
        let mut tx = store.write().await.unwrap();
        tx.insert_outcomes(id, &[outcome(0, state)]).await.unwrap();
        tx.commit().await.unwrap();
    }
    let outcomes = store.outcomes(id).await.unwrap();
    assert_eq!(outcomes.len(), 1);
    assert_eq!(outcomes[0].state, RecordedState::Duplicate);
}

pub(crate) async fn an_unknown_capture_is_missing(store: &Store) {
    let unknown = CaptureId(4_711);
    assert_eq!(store.capture(unknown).await.unwrap(), None);
    let mut tx = store.write().await.unwrap();
    let error = tx.finish_capture(unknown, None, 1).await.unwrap_err();
    assert!(matches!(error, StoreError::Missing { what: "capture", id: 4_711 }), "{error}");
    assert!(tx.append_chunk(unknown, 0, b"x").await.is_err(), "a chunk of no capture");
}

pub(crate) async fn an_error_behaviour_is_kept(store: &Store) {
    for error_behaviour in [ErrorBehaviour::Rollback, ErrorBehaviour::Proceed] {
        let mut tx = store.write().await.unwrap();
        let new = NewCapture {
            received_at: 1,
            source: CaptureSource::Api,
            content_type: None,
            sender: None,
            error_behaviour,
        };
        let id = tx.begin_capture(&new).await.unwrap();
        tx.seal_capture(id, hash(1), 5).await.unwrap();
        tx.commit().await.unwrap();
        let record = store.capture(id).await.unwrap().unwrap();
        assert_eq!((record.error_behaviour, record.finished_at), (error_behaviour, None));
    }
    assert_eq!(ErrorBehaviour::from_word("proceed"), Some(ErrorBehaviour::Proceed));
}

fn outcome(ordinal: u64, state: OutcomeState) -> Outcome {
    Outcome {
        ordinal,
        place: format!("/epcisBody/eventList/{ordinal}"),
        kind: None,
        state,
        detail: json!([{"path": format!("/{ordinal}")}]),
        event_hash: (state == OutcomeState::Duplicate).then(|| hash(99)),
    }
}
