//! Dispensing twice, with a copied code, and what must not be dispensed.

use theriac_custody::{BreachCode, ItemStatus, Reason, VerdictCode};
use theriac_gs1::Sgtin;
use theriac_ledger::{Call, Revert};
use theriac_node::EventState;

use crate::bypass::cause;
use crate::events::Lot;
use crate::network::{Network, Who};

impl Network {
    /// What the contract says when `who` dispenses a unit with proofs that `knows` has.
    async fn dispense_refused(&self, who: Who, knows: Who, unit: &Sgtin) -> Revert {
        let units = vec![self.leaf_proof(knows, unit).await];
        let call = Call::Retire { units, reason: Reason::Dispensed, cause: cause(1) };
        self.bypass(who).await.refused(call).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pack_is_dispensed_once_and_its_copies_never() {
    let network = Network::of(&[Who::Maker, Who::PharmacyA, Who::PharmacyB]).await;
    let units = network.stock(&Lot::lasting("A"), 2).await;
    network.hand_over(Who::Maker, Who::PharmacyA, &units).await;
    let sold = network.dispense(Who::PharmacyA, &units[..1]);
    network.admit(Who::PharmacyA, std::slice::from_ref(&sold)).await;

    // The same scan sent again is no fraud, before the ledger has it and after.
    for _ in 0..2 {
        let again = network.capture(Who::PharmacyA, std::slice::from_ref(&sold)).await;
        assert_eq!((again.duplicate, again.held), (1, 0));
        assert_eq!(network.verdict(Who::PharmacyA, &units[0]).await, VerdictCode::AlreadyRetired);
        network.settle_all().await;
    }
    network.assert_no_cases().await;

    // Another scan at this counter is a retry; one of a copy at another pharmacy is not.
    let again = network.dispense(Who::PharmacyA, &units[..1]);
    network.admit(Who::PharmacyA, &[again]).await;
    let copied = network.dispense(Who::PharmacyB, &units[..1]);
    assert_eq!(network.held(Who::PharmacyB, &copied).await, "item_unknown");
    network.settle_all().await;
    let transaction = network.event(Who::PharmacyA, &sold).await.unwrap().transaction.unwrap();
    for (who, answered_by) in [(Who::PharmacyA, "this_node"), (Who::PharmacyB, "labeler")] {
        let report = network.verify(who, &units[0]).await;
        assert_eq!(report.verdict.code, VerdictCode::AlreadyRetired);
        assert_eq!(report.evidence.answered_by, answered_by);
        assert_eq!(report.evidence.transaction, Some(transaction.hash));
    }
    assert_eq!(network.case_codes(Who::PharmacyA).await, []);
    assert_eq!(network.case_codes(Who::PharmacyB).await, [BreachCode::ItemUnknown]);

    // Past the nodes: the unit is spent, and a stock that is not one's own is not dispensed from.
    let revert = network.dispense_refused(Who::PharmacyA, Who::PharmacyA, &units[0]).await;
    assert_eq!(revert.name, "AlreadySpent");
    let revert = network.dispense_refused(Who::PharmacyB, Who::PharmacyA, &units[1]).await;
    assert_eq!(revert.name, "NotHolder");
    let revert = network.dispense_refused(Who::Maker, Who::PharmacyA, &units[1]).await;
    assert_eq!(revert.name, "RoleMissing");
    assert_eq!(network.verdict(Who::PharmacyB, &units[1]).await, VerdictCode::NotHere);
    network.assert_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn recalled_blocked_and_expired_packs_are_not_dispensed() {
    let network = Network::of(&[Who::Maker, Who::PharmacyA]).await;
    let recalled = Lot::lasting("R");
    let blocked = Lot::lasting("B");
    let expiring = Lot::new(Who::Maker.gtin(2), "E", "2026-11-30");
    let lots = [&recalled, &blocked, &expiring];
    let mut packs = Vec::new();
    for lot in lots {
        packs.push(network.stock(lot, 2).await);
    }
    network.hand_over(Who::Maker, Who::PharmacyA, &packs.concat()).await;
    let (recall, block) =
        (network.recall(Who::Maker, &recalled), network.block(Who::Maker, &blocked));
    network.admit(Who::Maker, &[recall, block]).await;
    network.settle_all().await;
    // Expired packs are those of the day after.
    network.clock.set_noon(expiring.expiry);
    assert_eq!(network.verdict(Who::PharmacyA, &packs[2][0]).await, VerdictCode::Genuine);
    network.clock.set_noon(expiring.expiry.tomorrow().unwrap());

    let expected = [
        // The pharmacy's node has set it apart by itself.
        ("set_apart", VerdictCode::Recalled, "LotNotNormal", "is recalled (class I)"),
        ("lot_not_normal", VerdictCode::Blocked, "LotNotNormal", "is blocked"),
        ("expired", VerdictCode::Expired, "LotExpired", "expired on day 20787"),
    ];
    // The contract is tried on the newest block, whose time must be of this day too.
    network.admit(Who::Maker, &[network.make(Who::Maker, &recalled, &[recalled.unit(9)])]).await;
    network.settle_all().await;
    for (units, (case, verdict, name, text)) in packs.iter().zip(expected) {
        let event = network.dispense(Who::PharmacyA, &units[..1]);
        assert_eq!(network.held(Who::PharmacyA, &event).await, case);
        assert_eq!(network.verdict(Who::PharmacyA, &units[0]).await, verdict);
        let revert = network.dispense_refused(Who::PharmacyA, Who::PharmacyA, &units[0]).await;
        assert_eq!(revert.name, name);
        assert!(revert.text.ends_with(text), "{revert}");
        let apart = verdict == VerdictCode::Recalled;
        let stands = if apart { ItemStatus::Quarantined } else { ItemStatus::InStock };
        assert_eq!(network.status(Who::PharmacyA, &units[0]).await, Some(stands));
    }
    // A block can be lifted; then the packs are good again.
    network.admit(Who::Maker, &[network.lift(Who::Maker, &blocked)]).await;
    network.settle_all().await;
    network.admit(Who::PharmacyA, &[network.dispense(Who::PharmacyA, &packs[1])]).await;
    // What must not be sold can be sent back and destroyed.
    let back = network.ship_back(Who::PharmacyA, Who::Maker, &packs[0]);
    network.admit(Who::PharmacyA, &[back, network.destroy(Who::PharmacyA, &packs[2])]).await;
    network.settle_all().await;
    network.assert_clean().await;
}

/// Captured in good faith, recorded too late: never silence.
#[tokio::test(flavor = "multi_thread")]
async fn a_recall_that_overtakes_a_dispensing_ends_in_a_case() {
    let mut network = Network::of(&[Who::Maker, Who::PharmacyA]).await;
    let (lot, other) = (Lot::lasting("A"), Lot::lasting("B"));
    let units = network.stock(&lot, 2).await;
    let good = network.stock(&other, 1).await;
    network.hand_over(Who::Maker, Who::PharmacyA, &[units.clone(), good.clone()].concat()).await;
    network.cut_ledger().await;
    let sold = network.dispense(Who::PharmacyA, &units[..1]);
    let sold_good = network.dispense(Who::PharmacyA, &good);
    network.admit(Who::PharmacyA, &[sold.clone(), sold_good.clone()]).await;
    network.node(Who::PharmacyA).settle().await.unwrap_err();
    assert_eq!(network.event_state(Who::PharmacyA, &sold).await, EventState::Admitted);
    assert_eq!(network.verdict(Who::PharmacyA, &units[0]).await, VerdictCode::AlreadyRetired);

    network.restore_ledger().await;
    network.admit(Who::Maker, &[network.recall(Who::Maker, &lot)]).await;
    network.settle(Who::Maker).await;
    network.settle_all().await;
    // The one that cannot be recorded is held; the one beside it, of another lot, is recorded.
    assert_eq!(network.event_state(Who::PharmacyA, &sold).await, EventState::Held);
    assert_eq!(network.event_state(Who::PharmacyA, &sold_good).await, EventState::Final);
    let (code, reason) = network.last_case(Who::PharmacyA).await;
    assert_eq!(code, BreachCode::LedgerRefused);
    assert!(reason.contains("is recalled (class I) (LotNotNormal)"), "{reason}");
    assert_eq!(network.case_codes(Who::PharmacyA).await.len(), 1);
    assert_eq!(network.verdict(Who::PharmacyA, &units[0]).await, VerdictCode::Recalled);
    network.assert_clean().await;
}
