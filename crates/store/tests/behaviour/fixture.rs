//! Values for the behaviours: each number gives another, always the same.

use theriac_custody::{
    Account, Actor, BreachCode, CaseKind, Hash, Item, ItemStatus, Matter, Salt, Uuid,
};
use theriac_gs1::{Gln, Gtin, Identifier, Lgtin, Lot, Serial, Sgtin, Sscc};
use theriac_store::{
    CaptureId, CaptureSource, ErrorBehaviour, EventId, EventState, NewCapture, NewEvent,
    SignedTransaction, Store, TransactionId,
};

pub(crate) fn hash(n: u64) -> Hash {
    let mut bytes = [0xAB; 32];
    bytes[..8].copy_from_slice(&n.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes());
    Hash(bytes)
}

pub(crate) fn account(n: u8) -> Account {
    Account([n; 20])
}

pub(crate) fn gln(n: u64) -> Gln {
    Gln::from_body(950_600_000_000 + n).unwrap()
}

pub(crate) fn gtin(n: u64) -> Gtin {
    Gtin::from_body(95_060_001_000 + n).unwrap()
}

pub(crate) fn sgtin(n: u64) -> Sgtin {
    Sgtin { gtin: gtin(1), serial: Serial::new(format!("S/{n}")).unwrap() }
}

pub(crate) fn unit(n: u64) -> Identifier {
    sgtin(n).into()
}

pub(crate) fn sscc(n: u64) -> Identifier {
    Sscc::from_body(950_600_000_000_000 + n).unwrap().into()
}

pub(crate) fn lot_number(text: &str) -> Lot {
    Lot::new(text).unwrap()
}

pub(crate) fn lgtin(text: &str) -> Lgtin {
    Lgtin { gtin: gtin(1), lot: lot_number(text) }
}

pub(crate) fn salt(n: u8) -> Salt {
    Salt([n; 16])
}

/// A unit of lot `L1`, in stock, packed in nothing.
pub(crate) fn unit_in_stock(n: u64) -> Item {
    Item {
        id: unit(n),
        lot: Some(lot_number("L1")),
        status: ItemStatus::InStock,
        parent: None,
        place: None,
        owner: None,
    }
}

/// A logistic unit in stock.
pub(crate) fn container(n: u64, parent: Option<Identifier>) -> Item {
    Item { id: sscc(n), lot: None, status: ItemStatus::InStock, parent, place: None, owner: None }
}

pub(crate) fn uuid(n: u8) -> Uuid {
    Uuid([n; 16])
}

pub(crate) fn matter(reason: &str) -> Matter {
    Matter {
        kind: CaseKind::Rule(BreachCode::NotHeld),
        reason: reason.to_owned(),
        actor: Actor::ThisMember,
        what_to_do: "receive it first".to_owned(),
        items: vec![unit(1)],
        waits_for: None,
    }
}

pub(crate) async fn capture(store: &Store) -> CaptureId {
    let mut tx = store.write().await.unwrap();
    let id = tx
        .begin_capture(&NewCapture {
            received_at: 1_000,
            source: CaptureSource::Api,
            content_type: Some("application/ld+json".to_owned()),
            sender: None,
            error_behaviour: ErrorBehaviour::Proceed,
        })
        .await
        .unwrap();
    tx.commit().await.unwrap();
    id
}

pub(crate) fn new_event(capture: CaptureId, n: u64) -> NewEvent {
    NewEvent {
        hash: hash(n),
        event_id: None,
        kind: "ObjectEvent".to_owned(),
        event_time: n as i64 * 10,
        record_time: 5_000 + n as i64,
        biz_step: Some("shipping".to_owned()),
        disposition: Some("in_transit".to_owned()),
        action: Some("OBSERVE".to_owned()),
        capture,
        ordinal: n,
        place: format!("/epcisBody/eventList/{n}"),
        body: format!("{{\"n\":{n}}}"),
        state: EventState::Admitted,
        declares: None,
        names: Vec::new(),
    }
}

/// Puts event `n` on record, naming `items`.
pub(crate) async fn event(
    store: &Store,
    capture: CaptureId,
    n: u64,
    items: &[Identifier],
) -> EventId {
    let mut tx = store.write().await.unwrap();
    let id = tx.insert_event(&new_event(capture, n), items).await.unwrap();
    tx.commit().await.unwrap();
    id.expect("a new hash because no test uses a number twice")
}

pub(crate) fn signed(nonce: u64) -> SignedTransaction {
    SignedTransaction {
        nonce,
        hash: hash(1_000 + nonce),
        raw: vec![2, nonce as u8],
        signed_at: 7,
        max_fee: 9,
        priority_fee: 1,
    }
}

pub(crate) async fn transaction(store: &Store, nonce: u64) -> TransactionId {
    let mut tx = store.write().await.unwrap();
    let id = tx.insert_transaction(&signed(nonce)).await.unwrap();
    tx.commit().await.unwrap();
    id
}
