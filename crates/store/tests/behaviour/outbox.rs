//! The outbox.

use jiff::civil::date;
use theriac_custody::{HoldingState, LotStatus, Operation, Reason};
use theriac_store::{EventId, OutboxRecord, OutboxState, Store};

use crate::fixture::{capture, event, gln, hash, lgtin, sgtin, transaction};

pub(crate) async fn operations_keep_their_order(store: &Store) {
    let event = one_event(store).await;
    let operations: Vec<_> = (0..20).map(|n| (event, retire(n))).collect();
    enqueue(store, &operations).await;
    enqueue(store, &[(event, Operation::Anchor)]).await;
    let pending = store.pending_operations(100).await.unwrap();
    let expected: Vec<_> = (0..20).map(retire).chain([Operation::Anchor]).collect();
    assert_eq!(operations_of(&pending), expected);
    assert!(pending.iter().all(|each| each.event == event && each.event_hash == hash(1)));
    assert!(pending.is_sorted_by_key(|each| each.id));
    assert_eq!(operations_of(&store.pending_operations(2).await.unwrap()), [retire(0), retire(1)]);
    assert_eq!(store.outbox_of_event(event).await.unwrap(), pending);
    let mut tx = store.write().await.unwrap();
    assert!(tx.enqueue(&[(EventId(99), Operation::Anchor)]).await.is_err(), "of no event");
}

pub(crate) async fn an_operation_returns_to_the_queue(store: &Store) {
    let event = one_event(store).await;
    enqueue(store, &[(event, retire(0)), (event, retire(1))]).await;
    let carrier = transaction(store, 3).await;
    let ids: Vec<_> = store.pending_operations(9).await.unwrap().iter().map(|o| o.id).collect();
    set(store, &ids, OutboxState::Signed, Some(carrier)).await;
    assert!(store.pending_operations(9).await.unwrap().is_empty());
    assert_eq!(store.outbox_of_transaction(carrier).await.unwrap().len(), 2);
    set(store, &ids, OutboxState::Mined, None).await;
    let mined = store.outbox_in(OutboxState::Mined).await.unwrap();
    assert!(mined.iter().all(|each| each.transaction == Some(carrier)));
    set(store, &ids[1..], OutboxState::Pending, None).await;
    let pending = store.pending_operations(9).await.unwrap();
    assert_eq!(operations_of(&pending), [retire(1)]);
    assert_eq!(pending[0].transaction, None);
    assert_eq!(store.outbox_of_transaction(carrier).await.unwrap().len(), 1);
}

pub(crate) async fn waiting_operations_wake(store: &Store) {
    let event = one_event(store).await;
    enqueue(store, &[(event, retire(0)), (event, retire(1)), (event, retire(2))]).await;
    let ids: Vec<_> = store.pending_operations(9).await.unwrap().iter().map(|o| o.id).collect();
    set(store, &ids[..2], OutboxState::Waiting, None).await;
    set(store, &ids[2..], OutboxState::Failed, None).await;
    assert!(store.pending_operations(9).await.unwrap().is_empty());
    let mut tx = store.write().await.unwrap();
    assert_eq!(tx.wake_waiting().await.unwrap(), 2);
    assert_eq!(tx.wake_waiting().await.unwrap(), 0);
    tx.commit().await.unwrap();
    let pending = store.pending_operations(9).await.unwrap();
    assert_eq!(pending.iter().map(|each| each.id).collect::<Vec<_>>(), ids[..2]);
}

pub(crate) async fn every_operation_is_kept(store: &Store) {
    let event = one_event(store).await;
    let units = vec![sgtin(1), sgtin(2)];
    let all = [
        Operation::Commission { lot: lgtin("L1"), expiry: date(2028, 2, 29), units: units.clone() },
        Operation::Ship { units: units.clone(), consignee: gln(2) },
        Operation::Receive { received: units.clone(), refused: vec![] },
        Operation::Cancel { units: units.clone() },
        Operation::Segregate { units: units.clone(), state: HoldingState::Stolen },
        Operation::Release { units: units.clone() },
        Operation::Retire { units, reason: Reason::Dispensed },
        Operation::LotStatus { lot: lgtin("L1"), status: LotStatus::RecalledI },
        Operation::Anchor,
    ];
    enqueue(store, &all.clone().map(|operation| (event, operation))).await;
    assert_eq!(operations_of(&store.pending_operations(99).await.unwrap()), all);
}

fn retire(n: u64) -> Operation {
    Operation::Retire { units: vec![sgtin(n)], reason: Reason::Sampled }
}

fn operations_of(records: &[OutboxRecord]) -> Vec<Operation> {
    records.iter().map(|each| each.operation.clone()).collect()
}

async fn one_event(store: &Store) -> EventId {
    let capture = capture(store).await;
    event(store, capture, 1, &[]).await
}

async fn enqueue(store: &Store, operations: &[(EventId, Operation)]) {
    let mut tx = store.write().await.unwrap();
    tx.enqueue(operations).await.unwrap();
    tx.commit().await.unwrap();
}

async fn set(
    store: &Store,
    ids: &[theriac_store::OutboxId],
    state: OutboxState,
    transaction: Option<theriac_store::TransactionId>,
) {
    let mut tx = store.write().await.unwrap();
    tx.set_outbox(ids, state, transaction).await.unwrap();
    tx.commit().await.unwrap();
}
