//! What the ledger does not stop, as the page for auditors says: who relies on it should know.

use alloy::primitives::{Address, B256};
use theriac_contract_tests::custody::Custody;
use theriac_contract_tests::documents::Documents;
use theriac_contract_tests::registry::Registry;
use theriac_contract_tests::{
    EXPIRY_DAY, GRACE_DAYS, LotStatus, NOW_S, Reason, Source, Stock, Tree, World, expect_revert,
    pack_choice, pack_sources, seed, word,
};

fn dispense(stock: &Stock, index: u64, cause: &str) -> Custody::retireCall {
    Custody::retireCall {
        lotTags: vec![word("lot")],
        sources: vec![stock.units(&[(index, index)], 0)],
        reason: Reason::Dispensed as u8,
        cause: word(cause),
    }
}

/// A holding of `by` over the tree of `stock`, in a lot of its own.
fn repeated(world: &mut World, by: Address, lot: &str, stock: &Stock, expiry: u32) -> Stock {
    let (tree, cause) = (stock.tree.clone(), word(lot));
    let call = Custody::commissionCall {
        lotTag: word(lot),
        expiry,
        root: tree.root(),
        height: tree.height(),
        cause,
    };
    world.custody(by, &call).expect("nobody looks into the tree");
    Stock { seed: seed(by, cause), tree }
}

/// Who knows the leaves of another labeler's packs can commission them again, in a lot of its own: the
/// ledger does not look into a tree. The log `Commissioned` tells of the other lot, by which nodes and
/// bundles refuse the second; a recall of the lot that the leaves name stops both.
#[test]
fn a_labeler_can_repeat_the_leaves_of_another() {
    let mut world = World::new();
    let first = world.commission("lot", 0, 4);
    let second = repeated(&mut world, World::REPACKAGER, "other lot", &first, EXPIRY_DAY);
    let first = world.hand_over(World::FACTORY, &first, World::PHARMACY, word("first"));
    let second = world.hand_over(World::REPACKAGER, &second, World::PHARMACY, word("second"));
    world.custody(World::PHARMACY, &dispense(&first, 0, "sale")).expect("dispensed");
    world.custody(World::PHARMACY, &dispense(&second, 0, "again")).expect("dispensed again");
    let recall = Custody::recallCall { lotTag: word("lot"), class: 1, cause: word("recall") };
    world.custody(World::REGULATOR, &recall).expect("recalled");
    for (stock, cause) in [(&first, "third"), (&second, "fourth")] {
        let status = LotStatus::RecalledI as u8;
        let error = Custody::LotNotNormal { lotTag: word("lot"), status };
        expect_revert(world.custody(World::PHARMACY, &dispense(stock, 1, cause)), error);
    }
}

/// A lot that was pruned can be opened again with a later day, by any labeler that knows its tag: then
/// units of it that are held together with what expires later can be used.
#[test]
fn a_pruned_lot_can_be_opened_again() {
    let mut world = World::new();
    let old = world.commission("lot", 0, 4);
    let young = repeated(&mut world, World::REPACKAGER, "young lot", &old, EXPIRY_DAY + 1000);
    // In one hand first.
    let young = world.hand_over(World::REPACKAGER, &young, World::FACTORY, word("young"));
    let sources = vec![young.source(&[(0, 3)]), old.source(&[(0, 0)])];
    let cause = word("mixed");
    let call = Custody::shipCall { sources, to: World::PHARMACY, cause };
    let id = world.custody(World::FACTORY, &call).expect("shipped").value;
    world.custody(World::PHARMACY, &Custody::receiveShipmentCall { id, cause }).expect("received");
    let leaves = vec![young.tree.hash(0, 3), old.tree.hash(0, 0)];
    let mixed = Stock { seed: seed(World::FACTORY, cause), tree: Tree::new(leaves) };
    assert_eq!(mixed.id(), id);
    let sources = vec![mixed.units(&[(1, 0)], 0)];
    let sale = Custody::retireCall {
        lotTags: vec![word("lot")],
        sources,
        reason: Reason::Dispensed as u8,
        cause: word("sale"),
    };
    let lot_tag = word("lot");
    world.evm.set_time((u64::from(EXPIRY_DAY) + 1 + u64::from(GRACE_DAYS)) * 86_400);
    let error = Custody::LotExpired { lotTag: lot_tag, expiry: EXPIRY_DAY };
    expect_revert(world.custody(World::PHARMACY, &sale), error);
    let call = Custody::pruneLotsCall { lotTags: vec![lot_tag] };
    world.custody(World::STRANGER, &call).expect("pruned");
    expect_revert(world.custody(World::PHARMACY, &sale), Custody::LotUnknown { lotTag: lot_tag });
    let call = Custody::commissionCall {
        lotTag: lot_tag,
        expiry: EXPIRY_DAY + 1000,
        root: word("any"),
        height: 3,
        cause: word("again"),
    };
    world.custody(World::REPACKAGER, &call).expect("opened again");
    world.custody(World::PHARMACY, &sale).expect("used");
}

/// A grant is of the member; who takes it back names an account that acts for it. Of a member without
/// one nobody reads, and the grant stands when it has one again.
#[test]
fn a_grant_to_a_member_without_an_account_stays() {
    let mut world = World::new();
    let (document, gln, until) = (word("document"), World::MEMBERS[2].0, EXPIRY_DAY);
    let to = World::WHOLESALER;
    world
        .documents(World::FACTORY, &Documents::publishCall { document, until })
        .expect("published");
    let call = Documents::grantCall { document, to, until };
    world.documents(World::FACTORY, &call).expect("granted");
    let call = Registry::revokeAccountCall { account: to };
    world.registry(World::GOVERNOR, &call).expect("the only account is revoked");
    let revoke = Documents::revokeCall { document, to };
    let error = Documents::NotGranted { document, gln: 0 };
    expect_revert(world.documents(World::FACTORY, &revoke), error);
    let mut now_s = NOW_S;
    let account = World::STRANGER;
    world.govern(&mut now_s, &Registry::addAccountCall { gln, account }).expect("recovered");
    let read = Documents::mayReadCall { document, account };
    assert!(world.evm.view(world.at.documents, &read).expect("a view"));
    let revoke = Documents::revokeCall { document, to: account };
    world.documents(World::FACTORY, &revoke).expect("taken back");
}

/// A holding may be named twice in one retirement; the record is of the list as the log has it.
#[test]
fn a_holding_that_is_listed_twice_is_restored_by_the_list_of_the_log() {
    let mut world = World::new();
    let stock = world.commission("lot", 0, 8);
    let stock = world.hand_over(World::FACTORY, &stock, World::PHARMACY, word("ship"));
    let (reason, retired_by) = (Reason::Dispensed as u8, word("sale"));
    let call = Custody::retireCall {
        sources: vec![stock.units(&[(1, 1)], 0), stock.units(&[(6, 6)], 0)],
        ..dispense(&stock, 0, "sale")
    };
    world.custody(World::PHARMACY, &call).expect("dispensed");
    let restore = |sources: &[Source]| Custody::restoreCall {
        places: pack_sources(sources),
        reason,
        retiredBy: retired_by,
        until: (NOW_S + 10 * 86_400).to_string().parse().expect("a time"),
        which: pack_choice(&[true, true]),
        cause: word("undo"),
    };
    let id: B256 = stock.id();
    let joined = restore(&[Source::new(id, &[(0, 1), (0, 6)])]);
    assert!(world.custody(World::PHARMACY, &joined).is_err(), "not the list of the log");
    let listed = [Source::new(id, &[(0, 1)]), Source::new(id, &[(0, 6)])];
    world.custody(World::PHARMACY, &restore(&listed)).expect("restored");
    assert!(!world.is_spent(id, 0, 1) && !world.is_spent(id, 0, 6));
}
