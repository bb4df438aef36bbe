//! Deliveries to other nodes, and shipments that they announce.

use theriac_store::{
    DeliveryId, DeliveryKind, DeliveryRecord, DeliveryState, InboxId, InboxState, MessageId,
    NewDelivery, NewMessage, ReceivedShipment, ShipmentState, Store, StoreError, TransactionId,
    TransactionState,
};

use crate::fixture::{gln, hash, transaction};

pub(crate) async fn a_delivery_waits_for_its_transaction(store: &Store) {
    let after = transaction(store, 0).await;
    let free = enqueue(store, None, 10).await;
    let bound = enqueue(store, Some(after), 5).await;
    assert_eq!(due(store, 9).await, []);
    assert_eq!(due(store, 10).await, [free]);
    for (state, expected) in [
        (TransactionState::Mined, vec![bound, free]),
        (TransactionState::Reverted, vec![free]),
        (TransactionState::Final, vec![bound, free]),
    ] {
        let mut tx = store.write().await.unwrap();
        tx.set_transaction(after, state, Some(1), None, None).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(due(store, 10).await, expected, "{state}");
    }
    let record = store.delivery(bound).await.unwrap().unwrap();
    let expected = DeliveryRecord {
        id: bound,
        to: gln(2),
        kind: DeliveryKind::Shipment,
        body: b"sealed".to_vec(),
        after: Some(after),
        state: DeliveryState::Due,
        attempts: 0,
        created_at: 5,
        next_at: 5,
        acknowledged_at: None,
        error: None,
        subject: None,
        message: MessageId([7; 16]),
    };
    assert_eq!(record, expected);
}

pub(crate) async fn a_failed_delivery_is_due_later(store: &Store) {
    let id = enqueue(store, None, 0).await;
    let mut tx = store.write().await.unwrap();
    tx.delivery_failed(id, "connection refused", 50).await.unwrap();
    tx.delivery_failed(id, "timed out", 100).await.unwrap();
    let error = tx.delivery_failed(DeliveryId(9), "", 0).await.unwrap_err();
    assert!(matches!(error, StoreError::Missing { what: "delivery", id: 9 }), "{error}");
    tx.commit().await.unwrap();
    assert_eq!(due(store, 99).await, []);
    assert_eq!(due(store, 100).await, [id]);
    let record = store.delivery(id).await.unwrap().unwrap();
    assert_eq!((record.attempts, record.error.as_deref()), (2, Some("timed out")));
}

pub(crate) async fn a_delivery_is_withdrawn_with_its_holding(store: &Store) {
    let about = |n| NewDelivery {
        to: gln(2),
        kind: DeliveryKind::Shipment,
        body: vec![],
        after: None,
        at: 0,
        subject: Some(hash(n)),
        message: MessageId([n as u8; 16]),
    };
    let mut tx = store.write().await.unwrap();
    let taken = tx.enqueue_delivery(&about(1)).await.unwrap();
    tx.delivery_acknowledged(taken, 1).await.unwrap();
    tx.enqueue_delivery(&about(1)).await.unwrap();
    let other = tx.enqueue_delivery(&about(2)).await.unwrap();
    assert_eq!(tx.deliveries_about(&hash(1)).await.unwrap().len(), 2);
    tx.withdraw_deliveries(&hash(1)).await.unwrap();
    tx.commit().await.unwrap();
    let left = store.deliveries_about(&hash(1)).await.unwrap();
    assert_eq!(left.iter().map(|delivery| delivery.id).collect::<Vec<_>>(), [taken]);
    assert_eq!(due(store, 1).await, [other]);
}

pub(crate) async fn a_delivery_ends_acknowledged_or_refused(store: &Store) {
    let taken = enqueue(store, None, 0).await;
    let refused = enqueue(store, None, 0).await;
    let left = enqueue(store, None, 0).await;
    let mut tx = store.write().await.unwrap();
    tx.delivery_acknowledged(taken, 7).await.unwrap();
    tx.delivery_refused(refused, "not a member").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(due(store, 99).await, [left]);
    let listed = store.deliveries(DeliveryState::Acknowledged).await.unwrap();
    assert_eq!((listed[0].id, listed[0].acknowledged_at), (taken, Some(7)));
    let listed = store.deliveries(DeliveryState::Refused).await.unwrap();
    assert_eq!((listed[0].id, listed[0].error.as_deref()), (refused, Some("not a member")));
}

pub(crate) async fn a_shipment_is_recorded_once(store: &Store) {
    let shipment = |n, state| ReceivedShipment {
        holding: hash(n),
        from: gln(1),
        body: vec![1, 2, 3],
        state,
        received_at: 4,
    };
    let first = shipment(1, ShipmentState::Waiting);
    let mut tx = store.write().await.unwrap();
    assert!(tx.record_shipment(&first).await.unwrap());
    assert!(!tx.record_shipment(&shipment(1, ShipmentState::Accepted)).await.unwrap());
    assert!(tx.record_shipment(&shipment(2, ShipmentState::Waiting)).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(store.received_shipment(&hash(1)).await.unwrap(), Some(first.clone()));
    assert_eq!(store.shipments_in(ShipmentState::Waiting).await.unwrap().len(), 2);
    let mut tx = store.write().await.unwrap();
    tx.set_shipment_state(&hash(2), ShipmentState::Rejected).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.shipments_in(ShipmentState::Waiting).await.unwrap(), [first]);
    let rejected = shipment(2, ShipmentState::Rejected);
    assert_eq!(store.shipments_in(ShipmentState::Rejected).await.unwrap(), [rejected]);
}

async fn enqueue(store: &Store, after: Option<TransactionId>, at: i64) -> DeliveryId {
    let kind = DeliveryKind::Shipment;
    let new = NewDelivery {
        to: gln(2),
        kind,
        body: b"sealed".to_vec(),
        after,
        at,
        subject: None,
        message: MessageId([7; 16]),
    };
    let mut tx = store.write().await.unwrap();
    let id = tx.enqueue_delivery(&new).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn due(store: &Store, now: i64) -> Vec<DeliveryId> {
    store.due_deliveries(now, 10).await.unwrap().iter().map(|each| each.id).collect()
}

/// What is about one subject goes to a recipient in order; what is about others does not wait.
pub(crate) async fn deliveries_about_a_subject_are_in_order(store: &Store) {
    let new = |to, subject, at| NewDelivery {
        to: gln(to),
        message: MessageId([at as u8; 16]),
        kind: DeliveryKind::Case,
        body: vec![],
        after: None,
        at,
        subject,
    };
    let about = |n| Some(hash(n));
    let mut tx = store.write().await.unwrap();
    let first = tx.enqueue_delivery(&new(1, about(1), 3)).await.unwrap();
    let second = tx.enqueue_delivery(&new(1, about(1), 1)).await.unwrap();
    let third = tx.enqueue_delivery(&new(1, about(1), 2)).await.unwrap();
    let elsewhere = tx.enqueue_delivery(&new(2, about(1), 4)).await.unwrap();
    let other = tx.enqueue_delivery(&new(1, about(2), 5)).await.unwrap();
    let free = tx.enqueue_delivery(&new(1, None, 6)).await.unwrap();
    let free_too = tx.enqueue_delivery(&new(1, None, 7)).await.unwrap();
    tx.commit().await.unwrap();
    let unbound = [elsewhere, other, free, free_too];
    assert_eq!(due(store, 9).await, [&[first], &unbound[..]].concat());
    let mut tx = store.write().await.unwrap();
    tx.delivery_failed(first, "timed out", 50).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(due(store, 9).await, unbound, "the others wait with it");
    let mut tx = store.write().await.unwrap();
    assert_eq!(tx.hurry_deliveries(Some(gln(2)), 9).await.unwrap(), 0);
    assert_eq!(tx.hurry_deliveries(Some(gln(1)), 9).await.unwrap(), 1);
    tx.delivery_acknowledged(first, 9).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(due(store, 9).await, [&[second], &unbound[..]].concat());
    let mut tx = store.write().await.unwrap();
    tx.delivery_refused(second, "no").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(due(store, 9).await, [&[third], &unbound[..]].concat());
    let latest = store.deliveries_latest(2).await.unwrap();
    assert_eq!(latest.iter().map(|each| each.id).collect::<Vec<_>>(), [free_too, free]);
}

pub(crate) async fn a_message_is_taken_once_and_ends_once(store: &Store) {
    let new = |from, n: u8| NewMessage {
        from: gln(from),
        message: MessageId([n; 16]),
        kind: DeliveryKind::Recall,
        subject: Some(hash(4)),
        body: vec![n; 10],
        at: i64::from(n),
    };
    let mut tx = store.write().await.unwrap();
    let first = tx.take_message(&new(1, 1)).await.unwrap().unwrap();
    assert_eq!(tx.take_message(&new(1, 1)).await.unwrap(), None, "the same again");
    let second = tx.take_message(&new(1, 2)).await.unwrap().unwrap();
    let other = tx.take_message(&new(2, 1)).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.inbox_bytes_waiting(&gln(1)).await.unwrap(), 20);
    assert_eq!(store.inbox_body(first).await.unwrap(), Some(vec![1; 10]));
    let mut tx = store.write().await.unwrap();
    tx.message_waits(other, "not yet").await.unwrap();
    tx.end_message(first, 70, None).await.unwrap();
    tx.end_message(second, 71, Some("wrong")).await.unwrap();
    let error = tx.end_message(InboxId(99), 1, None).await.unwrap_err();
    assert!(matches!(error, StoreError::Missing { what: "message", id: 99 }), "{error}");
    tx.commit().await.unwrap();
    assert_eq!(store.inbox_body(first).await.unwrap(), None);
    assert_eq!(store.inbox_bytes_waiting(&gln(1)).await.unwrap(), 0);
    assert_eq!(store.inbox_refused_since(&gln(1), 71).await.unwrap(), 1);
    assert_eq!(store.inbox_refused_since(&gln(1), 72).await.unwrap(), 0);
    let waiting = store.inbox_in(InboxState::Waiting, 9).await.unwrap();
    assert_eq!(waiting.len(), 1);
    assert_eq!((waiting[0].id, waiting[0].error.as_deref()), (other, Some("not yet")));
    let refused = store.inbox_message(&gln(1), &MessageId([2; 16])).await.unwrap().unwrap();
    assert_eq!((refused.state, refused.bytes), (InboxState::Refused, 10));
    let latest = store.inbox_latest(2).await.unwrap();
    assert_eq!(latest.iter().map(|each| each.id).collect::<Vec<_>>(), [other, second]);
}
