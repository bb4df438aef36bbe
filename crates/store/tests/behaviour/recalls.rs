//! Recalls: what is kept of them, and what left holdings on the ledger.

use std::collections::BTreeSet;

use theriac_custody::recall::{LotsOf, NoticeScope, RecallAnswer};
use theriac_custody::spread::{Move, Span};
use theriac_custody::{
    HoldingState, ItemStatus, LotRecord, LotStatus, Reason, RecallClass, RecallDepth, RecallScope,
};
use theriac_store::{
    GatherRow, HolderState, LedgerHolding, LotRow, NewRecall, RecallHolder, RecallPart,
    RecallState, RetiredRow, SetApart, Store,
};

use crate::fixture::{account, gln, hash, lgtin, unit_in_stock};

fn new(n: u64) -> NewRecall {
    let lots = LotsOf { gtin: lgtin("A").gtin, lots: vec![lgtin("A").lot] };
    NewRecall {
        hash: hash(n),
        issuer: gln(1),
        part: RecallPart::Issuer,
        state: RecallState::Ordered,
        class: RecallClass::II,
        depth: RecallDepth::Consumer,
        scope: Some(RecallScope::Lots(lots.clone())),
        told: Some(NoticeScope::Lots(lots)),
        reason: "glass".to_owned(),
        notice: String::new(),
        ordered_at: 5,
        document: Some("{}".to_owned()),
    }
}

pub(crate) async fn a_recall_is_there_once_and_changes(store: &Store) {
    let mut tx = store.write().await.unwrap();
    let id = tx.insert_recall(&new(1)).await.unwrap().unwrap();
    assert_eq!(tx.insert_recall(&new(1)).await.unwrap(), None);
    let mut record = tx.recall(id).await.unwrap().unwrap();
    assert_eq!(record.recall, new(1));
    record.recall.state = RecallState::Active;
    record.recall.document = None;
    record.effective_at = Some(7);
    record.answer = Some(RecallAnswer {
        recall: hash(1),
        at: "2026-11-23T08:00:00Z".parse().unwrap(),
        packs: [("quarantined".to_owned(), 3)].into(),
        set_apart: 3,
    });
    record.report = Some(serde_json::json!({ "total": 3 }));
    tx.update_recall(&record).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.recall_by_hash(&hash(1)).await.unwrap(), Some(record.clone()));
    assert_eq!(store.recalls_in(RecallState::Ordered).await.unwrap(), []);
    assert_eq!(store.recalls_in(RecallState::Active).await.unwrap(), [record]);
}

pub(crate) async fn holders_and_events_of_a_recall_are_kept(store: &Store) {
    let mut tx = store.write().await.unwrap();
    let id = tx.insert_recall(&new(1)).await.unwrap().unwrap();
    let mut holder = RecallHolder::of(gln(2));
    holder.told = BTreeSet::from([hash(8)]);
    tx.put_recall_holder(id, &holder).await.unwrap();
    (holder.state, holder.answered_at) = (HolderState::ByHand, Some(9));
    tx.put_recall_holder(id, &holder).await.unwrap();
    let apart = SetApart { event: hash(3), packs: 4, over: false };
    tx.put_recall_event(id, &apart).await.unwrap();
    tx.put_recall_event(id, &SetApart { over: true, ..apart }).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.recall_holders(id).await.unwrap(), [holder]);
    assert_eq!(store.recall_events(id).await.unwrap(), [SetApart { over: true, ..apart }]);
}

fn holding(n: u64) -> LedgerHolding {
    LedgerHolding {
        id: hash(n),
        root: hash(100),
        height: 7,
        holder: account(1),
        consignee: account(0),
        state: HoldingState::Held,
        expiry: 20_000,
        cause: hash(101),
        opener: account(1),
        lot_tag: (n == 1).then(|| hash(50)),
        block: 1,
        transaction: hash(102),
        pruned: None,
    }
}

pub(crate) async fn what_left_holdings_is_read_for_all_at_once(store: &Store) {
    let mut tx = store.write().await.unwrap();
    for n in [1, 2, 3] {
        tx.put_ledger_holding(&holding(n)).await.unwrap();
    }
    let row = |index, offset| GatherRow { source: hash(1), height: 4, index, offset };
    tx.put_gathers(hash(2), &[row(3, 0), row(0, 16)]).await.unwrap();
    tx.put_retirements(&[RetiredRow {
        holding: hash(2),
        height: 0,
        index: 5,
        reason: Reason::Dispensed,
        holder: account(1),
        cause: hash(103),
        block: 2,
        transaction: hash(104),
        timestamp: 1,
        until: 0,
    }])
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let made = store.holdings_of_lot(&hash(50)).await.unwrap();
    assert_eq!(made, [holding(1)]);
    assert_eq!(store.holdings_of_lot(&hash(51)).await.unwrap(), []);
    let asked = [hash(1), hash(2), hash(3), hash(9)];
    assert_eq!(store.ledger_holdings(&asked).await.unwrap().len(), 3);
    let left = store.departures(&asked).await.unwrap();
    let span = |first, last| Span::new(first, last).unwrap();
    let of = |first, last, offset| Move { span: span(first, last), dest: hash(2), offset };
    assert_eq!(left[&hash(1)].moves, [of(0, 15, 16), of(48, 63, 0)]);
    assert_eq!(left[&hash(2)].ends, [(Reason::Dispensed, span(5, 5))]);
    assert_eq!(left.len(), 2);
}

pub(crate) async fn units_of_a_lot_are_counted_and_found_by_status(store: &Store) {
    let mut tx = store.write().await.unwrap();
    let record = LotRecord { expiry: "2028-12-31".parse().unwrap(), status: LotStatus::RecalledII };
    let row = LotRow { record, salt: None, lot_tag: None };
    let mut items = [unit_in_stock(1), unit_in_stock(2), unit_in_stock(3)];
    items[2].status = ItemStatus::Quarantined;
    let lot = lgtin("L1");
    tx.write_lots(&[(lot.clone(), row.clone())]).await.unwrap();
    tx.write_items(&items).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.lots_not_normal().await.unwrap(), [(lot.clone(), row)]);
    let mut counts = store.count_units_of_lot(&lot).await.unwrap();
    counts.sort_by_key(|(status, _)| status.word());
    assert_eq!(counts, [(ItemStatus::InStock, 2), (ItemStatus::Quarantined, 1)]);
    let apart = store.units_of_lot_in(&lot, &[ItemStatus::Quarantined]).await.unwrap();
    assert_eq!(apart.into_iter().map(|unit| unit.item).collect::<Vec<_>>(), items[2..]);
    assert_eq!(store.units_of_lot_in(&lot, &[]).await.unwrap(), []);
}
