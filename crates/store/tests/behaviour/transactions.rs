//! Ledger transactions of the node.

use theriac_custody::Operation;
use theriac_store::{
    EventState, OutboxState, SignedTransaction, Store, StoreError, TransactionId, TransactionState,
};

use crate::fixture::{capture, event, hash, signed, transaction};

pub(crate) async fn a_transaction_is_kept_before_it_is_sent(store: &Store) {
    let id = transaction(store, 4).await;
    let record = store.transaction(id).await.unwrap().unwrap();
    assert_eq!((record.nonce, record.hash, record.signed_at), (4, hash(1_004), 7));
    assert_eq!((&record.raw, record.state), (&vec![2, 4], TransactionState::Signed));
    assert_eq!((record.block, record.gas, &record.error), (None, None, &None));
    assert_eq!(store.transaction_by_hash(&hash(1_004)).await.unwrap(), Some(record));
    assert_eq!(store.transaction_by_hash(&hash(9)).await.unwrap(), None);
    assert_eq!(store.transaction(TransactionId(9)).await.unwrap(), None);
}

pub(crate) async fn transactions_are_listed_by_nonce(store: &Store) {
    assert_eq!(store.highest_nonce().await.unwrap(), None);
    for nonce in [2, 0, 1] {
        transaction(store, nonce).await;
    }
    let listed = store.transactions_in(TransactionState::Signed).await.unwrap();
    assert_eq!(listed.iter().map(|each| each.nonce).collect::<Vec<_>>(), [0, 1, 2]);
    assert!(store.transactions_in(TransactionState::Mined).await.unwrap().is_empty());
    assert_eq!(store.highest_nonce().await.unwrap(), Some(2));
}

pub(crate) async fn a_reverted_block_takes_its_marks(store: &Store) {
    let id = transaction(store, 0).await;
    let mut tx = store.write().await.unwrap();
    tx.set_transaction(id, TransactionState::Mined, Some(17), Some(116_000), None).await.unwrap();
    tx.set_transaction(id, TransactionState::Final, None, None, None).await.unwrap();
    let kept = tx.transaction(id).await.unwrap().unwrap();
    assert_eq!((kept.block, kept.gas), (Some(17), Some(116_000)));
    tx.set_transaction(id, TransactionState::Reverted, None, None, Some("LotNotNormal"))
        .await
        .unwrap();
    let kept = tx.transaction(id).await.unwrap().unwrap();
    assert_eq!(kept.error.as_deref(), Some("LotNotNormal"));
    tx.set_transaction(id, TransactionState::Signed, None, None, None).await.unwrap();
    tx.commit().await.unwrap();
    let again = store.transaction(id).await.unwrap().unwrap();
    assert_eq!((again.block, again.gas, again.error), (None, None, None));
    let mut tx = store.write().await.unwrap();
    let unknown = TransactionId(9);
    let error = tx.set_transaction(unknown, TransactionState::Mined, None, None, None).await;
    assert!(matches!(error, Err(StoreError::Missing { what: "transaction", id: 9 })));
}

pub(crate) async fn whichever_attempt_is_mined_counts(store: &Store) {
    let id = transaction(store, 0).await;
    let mut tx = store.write().await.unwrap();
    let first = tx.transaction(id).await.unwrap().unwrap();
    let second = SignedTransaction { hash: hash(2_000), max_fee: 18, ..signed(0) };
    tx.add_attempt(&first, &second).await.unwrap();
    let bumped = tx.transaction(id).await.unwrap().unwrap();
    assert_eq!((bumped.hash, bumped.max_fee, bumped.nonce), (hash(2_000), 18, 0));
    assert!(tx.add_attempt(&bumped, &signed(0)).await.is_ok(), "an old one again");
    tx.roll_back().await.unwrap();

    let mut tx = store.write().await.unwrap();
    tx.add_attempt(&first, &second).await.unwrap();
    tx.commit().await.unwrap();
    for hash in [first.hash, second.hash] {
        assert_eq!(store.transaction_by_hash(&hash).await.unwrap().unwrap().id, id);
    }
    let others = store.attempts_of(id).await.unwrap();
    assert_eq!(others.iter().map(|other| other.hash).collect::<Vec<_>>(), [first.hash]);
    let mut tx = store.write().await.unwrap();
    let now = tx.transaction(id).await.unwrap().unwrap();
    tx.choose_attempt(&now, first.hash).await.unwrap();
    tx.choose_attempt(&now, hash(9)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.transaction(id).await.unwrap(), Some(first.clone()));
    let others = store.attempts_of(id).await.unwrap();
    assert_eq!(others.iter().map(|other| other.hash).collect::<Vec<_>>(), [second.hash]);
    let mut tx = store.write().await.unwrap();
    tx.remove_attempt(&second.hash).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.attempts_of(id).await.unwrap(), []);
    assert_eq!(store.transaction_with_nonce(0).await.unwrap(), Some(first));
    assert_eq!(store.transaction_with_nonce(1).await.unwrap(), None);
}

pub(crate) async fn transactions_know_their_events(store: &Store) {
    let id = transaction(store, 0).await;
    let capture = capture(store).await;
    let mut events = Vec::new();
    for n in 0..3 {
        events.push(event(store, capture, n, &[]).await);
    }
    let mut tx = store.write().await.unwrap();
    let twice = [(events[1], Operation::Anchor), (events[1], Operation::Anchor)];
    tx.enqueue(&twice).await.unwrap();
    let ids: Vec<_> = tx.pending_operations(9).await.unwrap().iter().map(|o| o.id).collect();
    tx.set_outbox(&ids, OutboxState::Signed, Some(id)).await.unwrap();
    tx.set_event_state(&events[..1], EventState::Recorded, Some(id)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.events_of_transaction(id).await.unwrap(), events[..2]);
}

pub(crate) async fn the_same_transaction_is_refused_twice(store: &Store) {
    transaction(store, 0).await;
    let mut tx = store.write().await.unwrap();
    assert!(tx.insert_transaction(&signed(0)).await.is_err());
}
