//! Counting a lot of a million packs over a hundred holders: facts of the ledger as a node has followed
//! them, written straight into its database.

use std::time::Instant;

use jiff::civil::date;
use theriac_custody::recall::{LotsOf, NoticeScope};
use theriac_custody::{
    Account, Hash, HoldingState, LotRecord, LotStatus, RecallClass, RecallDepth, RecallScope,
    keccak256,
};
use theriac_gs1::{Gtin, Lgtin};
use theriac_node::Node;
use theriac_store::{
    GatherRow, KnownHolding, LedgerHolding, LotRow, NewRecall, RecallPart, RecallState, WriteTx,
};

use super::ms;
use crate::benchmark::{Failure, Setting};
use crate::metric::Metric;

/// Packs in a case, which has an aligned block of 64 leaves.
const CASE: u64 = 48;

/// Height of a case.
const CASE_HEIGHT: u8 = 6;

/// Holders of the lot.
const HOLDERS: u64 = 100;

/// Milliseconds in which it is counted.
const BUDGET_MS: f64 = 1_000.0;

/// Measures how long a node takes to find all packs of a large lot.
pub(super) async fn count(node: &Node, setting: &Setting) -> Result<Vec<Metric>, Failure> {
    let cases: u64 = if setting.smoke { HOLDERS } else { 20_900 };
    let number = write(node, cases).await?;
    let began = Instant::now();
    let view = node.recall_view(number).await?;
    let time = began.elapsed();
    let expected = cases * CASE;
    if view.total != expected || view.packs.get("in_stock") != Some(&expected) {
        return Err(format!("expected {expected} packs in stock, found {:?}", view.packs).into());
    }
    Ok(vec![
        Metric::higher("recall.packs_of_large_lot", expected as f64, "packs"),
        ms("recall.count_large_lot", time).budget(BUDGET_MS),
    ])
}

/// Writes the facts: one holding of all cases, gathered into one for each holder.
async fn write(node: &Node, cases: u64) -> Result<i64, Failure> {
    let gtin: Gtin = Gtin::from_body(952_110_000_002)?;
    let lot = Lgtin { gtin, lot: "LARGE".parse()? };
    let (made, tag) = (named("made"), named("tag"));
    let mut tx = node.store().write().await?;
    let record = LotRecord { expiry: date(2099, 12, 31), status: LotStatus::RecalledII };
    tx.write_lots(&[(lot.clone(), LotRow { record, salt: None, lot_tag: Some(tag) })]).await?;
    let leaves: Vec<Hash> = (0..cases << CASE_HEIGHT)
        .map(|n| if n % (1 << CASE_HEIGHT) < CASE { named("leaf") } else { Hash::ZERO })
        .collect();
    let height = theriac_custody::tree::height_for(leaves.len() as u64);
    tx.insert_holding(&KnownHolding {
        id: made,
        root: named("root"),
        height,
        leaves,
        opened_by: None,
        shipment: None,
    })
    .await?;
    let mine = node.account();
    tx.put_ledger_holding(&LedgerHolding { lot_tag: Some(tag), ..holding(made, height, mine) })
        .await?;
    for holder in 0..HOLDERS {
        hand_over(&mut tx, made, holder, cases).await?;
    }
    let lots = LotsOf { gtin, lots: vec![lot.lot] };
    let new = NewRecall {
        hash: named("recall"),
        issuer: node.gln(),
        part: RecallPart::Issuer,
        // Nobody works on it.
        state: RecallState::Refused,
        class: RecallClass::II,
        depth: RecallDepth::Retail,
        scope: Some(RecallScope::Lots(lots.clone())),
        told: Some(NoticeScope::Lots(lots)),
        reason: "a benchmark".to_owned(),
        notice: String::new(),
        ordered_at: 0,
        document: None,
    };
    let id = tx.insert_recall(&new).await?.ok_or("the recall is there")?;
    tx.commit().await?;
    Ok(id.0)
}

/// Every hundredth case goes to a holder.
async fn hand_over(tx: &mut WriteTx, made: Hash, holder: u64, cases: u64) -> Result<(), Failure> {
    let dest = named(&format!("of {holder}"));
    let rows: Vec<GatherRow> = (holder..cases)
        .step_by(HOLDERS as usize)
        .zip(0_u64..)
        .map(|(index, n)| GatherRow {
            source: made,
            height: CASE_HEIGHT,
            index,
            offset: n << CASE_HEIGHT,
        })
        .collect();
    let mut account = Account::ZERO;
    account.0[..8].copy_from_slice(&(holder + 1).to_be_bytes());
    tx.put_ledger_holding(&holding(dest, 20, account)).await?;
    Ok(tx.put_gathers(dest, &rows).await?)
}

fn holding(id: Hash, height: u8, holder: Account) -> LedgerHolding {
    LedgerHolding {
        id,
        root: named("root"),
        height,
        holder,
        consignee: Account::ZERO,
        state: HoldingState::Held,
        expiry: 47_481,
        cause: named("cause"),
        opener: holder,
        lot_tag: None,
        block: 1,
        transaction: named("transaction"),
        pruned: None,
    }
}

fn named(name: &str) -> Hash {
    keccak256(&[b"bench recall ", name.as_bytes()])
}
