//! Facts followed from the ledger.

use serde_json::json;
use theriac_custody::{Account, HoldingState, LotStatus, Reason};
use theriac_store::{
    BlockRow, ChangeKind, ChangeRow, GatherRow, LedgerHolding, LedgerLot, LogRecord, LogRow,
    MemberStatus, RetiredRow, RetirementBatch, Store, StoredMember,
};

use crate::fixture::{account, gln, gtin, hash};

pub(crate) async fn logs_come_back_in_order(store: &Store) {
    assert_eq!(store.last_block().await.unwrap(), None);
    append(store, 5, &[log(1, 50), log(0, 50)]).await;
    append(store, 9, &[log(0, 90)]).await;
    append(store, 7, &[]).await;
    assert_eq!(store.last_block().await.unwrap(), Some(block(9)));
    assert_eq!(store.block(7).await.unwrap(), Some(block(7)));
    assert_eq!(store.block(6).await.unwrap(), None);
    assert_eq!(store.block_before(9).await.unwrap(), Some(block(7)));
    assert_eq!(store.block_before(5).await.unwrap(), None);
    assert_eq!(places(&store.logs_from(0).await.unwrap()), [(5, 0), (5, 1), (9, 0)]);
    assert_eq!(places(&store.logs_from(6).await.unwrap()), [(9, 0)]);
    assert_eq!(places(&store.logs_in(0..9).await.unwrap()), [(5, 0), (5, 1)]);
    let logs = store.logs_of_transaction(&hash(90)).await.unwrap();
    let expected = LogRecord {
        block: 9,
        block_hash: hash(9),
        timestamp: 9_000,
        index: 0,
        transaction: hash(90),
        body: json!({"event": "anchored", "count": 90}),
    };
    assert_eq!(logs, [expected]);
}

pub(crate) async fn a_block_is_not_stored_twice(store: &Store) {
    append(store, 5, &[log(0, 50)]).await;
    let mut tx = store.write().await.unwrap();
    assert!(tx.append_logs(&block(5), &[]).await.is_err());
}

pub(crate) async fn unwinding_forgets_what_came_later(store: &Store) {
    for number in 1..=4 {
        append(store, number, &[log(0, number)]).await;
    }
    let mut tx = store.write().await.unwrap();
    tx.put_ledger_holding(&holding(1)).await.unwrap();
    tx.put_gathers(hash(1), &[gather(2, 0, 0, 0)]).await.unwrap();
    tx.put_retirements(&[retired(1, 0, 3)]).await.unwrap();
    tx.put_holding_change(&change(ChangeKind::Received, 4, 0)).await.unwrap();
    tx.put_ledger_lot(&lot()).await.unwrap();
    tx.put_member(&member()).await.unwrap();
    tx.put_account(gln(1), account(1), 1).await.unwrap();
    tx.put_product(gtin(1), gln(1), 1).await.unwrap();
    tx.put_retirement_batch(&batch()).await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = store.write().await.unwrap();
    tx.unwind_to(2).await.unwrap();
    assert_eq!(tx.last_block().await.unwrap(), Some(block(2)));
    tx.commit().await.unwrap();
    assert_eq!(places(&store.logs_from(0).await.unwrap()), [(1, 0), (2, 0)]);
    assert_eq!(store.ledger_holding(&hash(1)).await.unwrap(), None);
    assert_eq!(store.gathers_into(&hash(1)).await.unwrap(), []);
    assert_eq!(store.holding_changes(&hash(1)).await.unwrap(), []);
    assert_eq!(store.retirement_covering(&hash(1), 3).await.unwrap(), None);
    assert_eq!(store.ledger_lot(&hash(40)).await.unwrap(), None);
    assert!(store.members(0).await.unwrap().is_empty());
    assert!(store.products().await.unwrap().is_empty());
    assert_eq!(store.member_behind(&account(1)).await.unwrap(), None);
    assert_eq!(store.retirement_batches(&hash(30)).await.unwrap(), []);
    append(store, 3, &[log(0, 33)]).await;
}

pub(crate) async fn a_holding_of_the_ledger_changes_hands(store: &Store) {
    let mut tx = store.write().await.unwrap();
    tx.put_ledger_holding(&holding(1)).await.unwrap();
    assert_eq!(tx.ledger_holding(&hash(1)).await.unwrap(), Some(holding(1)));
    let tagged = LedgerHolding { lot_tag: Some(hash(40)), ..holding(1) };
    tx.put_ledger_holding(&tagged).await.unwrap();
    tx.set_ledger_holding(&hash(1), account(2), Account::ZERO, HoldingState::Held).await.unwrap();
    tx.set_ledger_holding(&hash(2), account(2), Account::ZERO, HoldingState::Held).await.unwrap();
    tx.commit().await.unwrap();
    let expected = LedgerHolding {
        holder: account(2),
        consignee: Account::ZERO,
        state: HoldingState::Held,
        ..tagged
    };
    assert_eq!(store.ledger_holding(&hash(1)).await.unwrap(), Some(expected));
    assert_eq!(store.ledger_holding(&hash(2)).await.unwrap(), None);
}

pub(crate) async fn changes_of_a_holding_come_in_order(store: &Store) {
    let changes = [
        change(ChangeKind::Received, 4, 2),
        change(ChangeKind::Cancelled, 4, 10),
        change(ChangeKind::Released, 11, 0),
    ];
    let mut tx = store.write().await.unwrap();
    for each in [2, 0, 1] {
        tx.put_holding_change(&changes[each]).await.unwrap();
    }
    let other = ChangeRow { holding: hash(2), ..changes[0] };
    tx.put_holding_change(&other).await.unwrap();
    assert!(tx.put_holding_change(&other).await.is_err(), "the same log twice");
    tx.commit().await.unwrap();
    assert_eq!(store.holding_changes(&hash(1)).await.unwrap(), changes);
    assert_eq!(store.holding_changes(&hash(3)).await.unwrap(), []);
    assert_eq!(store.ledger_holding(&hash(1)).await.unwrap(), None, "only named by its changes");
}

pub(crate) async fn gathers_are_found_by_leaf(store: &Store) {
    // Holding 9 takes leaves 64..128 and 3 of holding 1, and leaf 0 of holding 2.
    let gathers = [gather(1, 6, 1, 0), gather(1, 0, 3, 64), gather(2, 0, 0, 65)];
    let mut tx = store.write().await.unwrap();
    tx.put_gathers(hash(9), &gathers).await.unwrap();
    tx.put_gathers(hash(9), &gathers).await.unwrap();
    tx.put_gathers(hash(8), &[gather(1, 2, 1, 0)]).await.unwrap();
    assert_eq!(tx.gathers_into(&hash(9)).await.unwrap(), gathers);
    tx.commit().await.unwrap();
    assert_eq!(store.gathers_into(&hash(1)).await.unwrap(), []);
    for (position, expected) in [
        (0, None),
        (2, None),
        (3, Some((hash(9), gathers[1]))),
        (4, Some((hash(8), gather(1, 2, 1, 0)))),
        (7, Some((hash(8), gather(1, 2, 1, 0)))),
        (8, None),
        (63, None),
        (64, Some((hash(9), gathers[0]))),
        (127, Some((hash(9), gathers[0]))),
        (128, None),
    ] {
        let found = store.gather_covering(&hash(1), position).await.unwrap();
        assert_eq!(found, expected, "leaf {position}");
    }
    assert_eq!(store.gather_covering(&hash(2), 0).await.unwrap(), Some((hash(9), gathers[2])));
    assert_eq!(store.gather_covering(&hash(3), 0).await.unwrap(), None);
    assert_eq!(store.ledger_holding(&hash(9)).await.unwrap(), None, "only named by its gathers");
}

pub(crate) async fn retirements_are_found_by_leaf(store: &Store) {
    let rows = [retired(1, 0, 3), retired(1, 8, 1), retired(2, 0, 0)];
    let mut tx = store.write().await.unwrap();
    tx.put_retirements(&rows).await.unwrap();
    tx.put_retirements(&rows).await.unwrap();
    tx.commit().await.unwrap();
    for (position, expected) in [
        (2, None),
        (3, Some(rows[0])),
        (4, None),
        (255, None),
        (256, Some(rows[1])),
        (511, Some(rows[1])),
        (512, None),
    ] {
        let found = store.retirement_covering(&hash(1), position).await.unwrap();
        assert_eq!(found, expected, "leaf {position}");
    }
    assert_eq!(store.retirement_covering(&hash(2), 0).await.unwrap(), Some(rows[2]));
}

pub(crate) async fn a_retirement_is_undone_in_parts(store: &Store) {
    let mut tx = store.write().await.unwrap();
    tx.put_retirements(&[retired(1, 0, 3), retired(1, 8, 1), retired(2, 0, 0)]).await.unwrap();
    tx.put_gathers(hash(9), &[gather(1, 6, 1, 0)]).await.unwrap();
    let other = RetirementBatch { cause: hash(31), log_index: 3, ..batch() };
    tx.put_retirement_batch(&batch()).await.unwrap();
    tx.put_retirement_batch(&other).await.unwrap();
    assert!(tx.put_retirement_batch(&batch()).await.is_err(), "the same log twice");
    assert_eq!(tx.retirement_batches(&hash(30)).await.unwrap(), [batch()]);
    assert_eq!(tx.spent_nodes(&hash(1)).await.unwrap(), [(6, 1), (0, 3), (8, 1)]);

    let [first, second, third] = batch().places.try_into().unwrap();
    tx.remove_retirements(&[first, third]).await.unwrap();
    tx.set_retirement_places(&batch(), &[second]).await.unwrap();
    assert_eq!(tx.retirement_covering(&hash(1), 3).await.unwrap(), None);
    assert_eq!(tx.retirement_covering(&hash(2), 0).await.unwrap(), None);
    assert!(tx.retirement_covering(&hash(1), 300).await.unwrap().is_some());
    let rest = RetirementBatch { places: vec![second], ..batch() };
    assert_eq!(tx.retirement_batches(&hash(30)).await.unwrap(), std::slice::from_ref(&rest));
    assert_eq!(tx.ended_retirements(rest.until, 9).await.unwrap(), []);
    assert_eq!(tx.ended_retirements(rest.until + 1, 9).await.unwrap(), [rest.clone(), other]);
    tx.set_retirement_places(&rest, &[]).await.unwrap();
    assert_eq!(tx.retirement_batches(&hash(30)).await.unwrap(), []);
    tx.commit().await.unwrap();
}

pub(crate) async fn what_expired_is_pruned(store: &Store) {
    let mut tx = store.write().await.unwrap();
    tx.put_ledger_holding(&holding(1)).await.unwrap();
    tx.put_ledger_holding(&LedgerHolding { expiry: 21_001, ..holding(2) }).await.unwrap();
    tx.put_ledger_lot(&lot()).await.unwrap();
    assert_eq!(tx.expired_holdings(20_999, 9).await.unwrap(), []);
    assert_eq!(tx.expired_holdings(21_000, 9).await.unwrap(), [holding(1)]);
    assert_eq!(tx.expired_holdings(21_001, 1).await.unwrap(), [holding(1)]);
    assert_eq!(tx.expired_lots(21_000, 9).await.unwrap(), [lot()]);
    tx.set_holding_pruned(&hash(1), 77).await.unwrap();
    tx.set_lot_pruned(&hash(40), 78).await.unwrap();
    assert_eq!(tx.ledger_holding(&hash(1)).await.unwrap().unwrap().pruned, Some(77));
    assert_eq!(tx.ledger_lot(&hash(40)).await.unwrap().unwrap().pruned, Some(78));
    assert_eq!(tx.expired_holdings(21_000, 9).await.unwrap(), []);
    assert_eq!(tx.expired_lots(21_000, 9).await.unwrap(), []);
    tx.commit().await.unwrap();
}

pub(crate) async fn a_lot_of_the_ledger_is_recalled(store: &Store) {
    let mut tx = store.write().await.unwrap();
    tx.put_ledger_lot(&lot()).await.unwrap();
    tx.put_ledger_lot(&lot()).await.unwrap();
    tx.set_ledger_lot_status(&hash(40), LotStatus::RecalledI, 12, hash(61)).await.unwrap();
    tx.commit().await.unwrap();
    let expected =
        LedgerLot { status: LotStatus::RecalledI, block: 12, transaction: hash(61), ..lot() };
    assert_eq!(store.ledger_lot(&hash(40)).await.unwrap(), Some(expected));
    assert_eq!(store.ledger_lot(&hash(41)).await.unwrap(), None);
}

async fn append(store: &Store, number: u64, logs: &[LogRow]) {
    let mut tx = store.write().await.unwrap();
    tx.append_logs(&block(number), logs).await.unwrap();
    tx.commit().await.unwrap();
}

fn block(number: u64) -> BlockRow {
    BlockRow {
        number,
        hash: hash(number),
        parent_hash: hash(number - 1),
        timestamp: number * 1_000,
    }
}

fn log(index: u64, transaction: u64) -> LogRow {
    let body = json!({"event": "anchored", "count": transaction});
    LogRow { index, transaction: hash(transaction), body }
}

fn places(logs: &[LogRecord]) -> Vec<(u64, u64)> {
    logs.iter().map(|log| (log.block, log.index)).collect()
}

fn holding(n: u64) -> LedgerHolding {
    LedgerHolding {
        id: hash(n),
        root: hash(20),
        height: 32,
        holder: account(1),
        consignee: account(2),
        state: HoldingState::InTransit,
        expiry: 21_000,
        cause: hash(21),
        opener: account(3),
        lot_tag: None,
        block: 4,
        transaction: hash(22),
        pruned: None,
    }
}

fn change(kind: ChangeKind, block: u64, log_index: u64) -> ChangeRow {
    ChangeRow {
        holding: hash(1),
        kind,
        account: account(1),
        cause: hash(50),
        block,
        log_index,
        transaction: hash(51),
    }
}

fn gather(source: u64, height: u8, index: u64, offset: u64) -> GatherRow {
    GatherRow { source: hash(source), height, index, offset }
}

fn retired(holding: u64, height: u8, index: u64) -> RetiredRow {
    RetiredRow {
        holding: hash(holding),
        height,
        index,
        reason: Reason::Destroyed,
        holder: account(1),
        cause: hash(30),
        block: 5,
        transaction: hash(31),
        timestamp: 5_000,
        until: 0,
    }
}

fn batch() -> RetirementBatch {
    RetirementBatch {
        cause: hash(30),
        reason: Reason::Dispensed,
        holder: account(1),
        until: 1_000_000,
        places: vec![(hash(1), 0, 3), (hash(1), 8, 1), (hash(2), 0, 0)],
        block: 5,
        log_index: 2,
        transaction: hash(31),
    }
}

fn lot() -> LedgerLot {
    LedgerLot {
        lot_tag: hash(40),
        labeler: account(1),
        expiry: 21_000,
        status: LotStatus::Normal,
        block: 3,
        transaction: hash(41),
        pruned: None,
        opened: 3,
    }
}

fn member() -> StoredMember {
    StoredMember {
        gln: gln(1),
        name: "Alpha Pharma".to_owned(),
        roles: theriac_custody::Roles(1),
        endpoint: "https://alpha.example".to_owned(),
        status: MemberStatus::Active,
        licence_expiry: 0,
        undo_days: 10,
        signing_key: None,
        sealing_key: None,
    }
}
