//! Bundles of true logs that do not belong together, and what somebody who makes one can leave out.

use std::sync::atomic::Ordering;

use theriac_custody::leaf::{leaf, unit_hash};
use theriac_custody::{Hash, LotStatus, Tree};
use theriac_gs1::Sgtin;
use theriac_ledger::bundle::{
    Bundle, BundleError, Kind, LedgerProof, Place, Trust, UnitSecrets, check, registry_logs,
};
use theriac_ledger::{Call, LedgerEvent, Signer};

use crate::network::Goods;
use crate::story::{GTIN, Story};

/// 2031-03-01, more than a year after the last day of the story's lot.
const LATE_S: u64 = 22_339 * 86_400;

/// Four units of the story's lot that were not in it at first, and the secrets of the first of them.
fn late_units(story: &Story, by: &Signer) -> (Goods, UnitSecrets) {
    let serial = |n: usize| format!("LATE{n}").parse().unwrap();
    let gtin = GTIN.parse().unwrap();
    let salt = story.unit.unit_salt;
    let units: Vec<Hash> =
        (0..4).map(|n| unit_hash(&Sgtin { gtin, serial: serial(n) }, salt)).collect();
    let tag = story.goods.lot_tag;
    let tree = Tree::over(units.iter().map(|unit| leaf(tag, *unit)).collect()).unwrap();
    let path = tree.path(0, 0).unwrap();
    let goods = Goods { units, tree, ..Goods::new(by.account(), tag, 900, 1) };
    (goods, UnitSecrets { serial: serial(0), position: 0, path, ..story.unit.clone() })
}

/// The bundle of a pack that `by` commissioned in the story's lot after it opened it again; the bundle
/// shows the first opening of the lot.
async fn of_a_lot_opened_again(story: &mut Story, by: &Signer) -> Bundle {
    story.events.clear();
    story.network.clock.store(LATE_S, Ordering::SeqCst);
    story.meanwhile(1).await;
    let lot_tag = story.goods.lot_tag;
    story.network.run(by, &[Call::PruneLots { lot_tags: vec![lot_tag] }]).await;
    let expiry = 30_000;
    let other = Goods::new(by.account(), lot_tag, 901, 4);
    story.network.run(by, &[other.commission(expiry)]).await;
    let (goods, secrets) = late_units(story, by);
    story.unit = secrets;
    story.run(by, goods.commission(expiry)).await;
    let head = story.network.ledger.head().await.unwrap().number;
    let parties = [story.network.maker.account(), by.account()];
    for log in registry_logs(&story.network.ledger, head).await.unwrap() {
        let LedgerEvent::AccountAdded { account, .. } = log.event else { continue };
        match parties.contains(&account) {
            true => {
                story.evidence.add(Place { block: log.block, transaction: log.transaction });
            }
            false => story.evidence.leave_out(&[log.transaction]),
        }
    }
    story.bundle(None).await
}

/// A lot that was pruned can be opened again by another labeler that knows its tag. Whoever shows the
/// first opening of it, and a later commission of that labeler, must not pass for the lot's maker.
#[tokio::test]
async fn a_lot_that_another_member_opened_again() {
    let mut story = Story::begin().await;
    let maker = story.network.maker.clone();
    let bundle = of_a_lot_opened_again(&mut story, &maker).await;
    assert_eq!(check(&bundle, &Trust::default()).unwrap().steps.len(), 1);
    let mut story = Story::begin().await;
    let rival = story.network.rival.clone();
    let bundle = of_a_lot_opened_again(&mut story, &rival).await;
    let expected = BundleError::OtherMaker {
        expected: "9521000000027".to_owned(),
        account: rival.account(),
        found: "9521000000034".to_owned(),
    };
    assert_eq!(check(&bundle, &Trust::default()), Err(expected));
}

/// Steps that no later step depends on can be left out anywhere: the page on bundles says so.
#[tokio::test]
async fn what_can_be_left_out() {
    let story = Story::whole().await;
    let mut bundle = story.bundle(None).await;
    let LedgerProof::History { blocks, paths, .. } = &mut bundle.ledger else {
        panic!("a ledger with history roots")
    };
    // The end and its undoing, the recall and its lift: each a block of its own, before the last.
    let last = blocks.len() - 1;
    blocks.drain(last - 4..last);
    paths.drain(last - 4..last);
    let last = bundle.events.len() - 1;
    bundle.events.drain(last - 4..last);
    let report = check(&bundle, &Trust::default()).unwrap();
    let kinds: Vec<Kind> = report.steps.iter().rev().take(2).map(|step| step.kind).collect();
    assert_eq!((report.steps.len(), &kinds[..]), (13, &[Kind::Retired, Kind::Received][..]));
    assert_eq!(report.standing.unwrap().lot_status, LotStatus::Normal);
}

/// What other contracts log is no step, whatever it looks like.
#[tokio::test]
async fn other_contracts_of_the_same_chain() {
    let story = Story::whole().await;
    let mut bundle = story.bundle(None).await;
    std::mem::swap(&mut bundle.network.custody, &mut bundle.network.registry);
    assert!(check(&bundle, &Trust::default()).is_err());
    bundle = story.bundle(None).await;
    bundle.network.custody.0[0] ^= 1;
    assert!(check(&bundle, &Trust::default()).is_err());
    bundle = story.bundle(None).await;
    bundle.network.chain_id += 1;
    let error = check(&bundle, &Trust::default()).unwrap_err();
    assert!(matches!(error, BundleError::TransactionOfOtherChain { .. }), "{error}");
}
