//! Each reason for which custody refuses, with the exact error and its values.

use alloy::primitives::{Address, B256};
use theriac_contract_tests::custody::{Custody, ICustody};
use theriac_contract_tests::registry::Registry;
use theriac_contract_tests::{
    EXPIRY_DAY, LotStatus, NOW_S, Reason, State, Tree, World, expect_revert, unit_hash, word,
};

const ANY: u32 = 63;

/// Eight units of one lot at the factory.
fn eight() -> (World, B256, Tree) {
    let mut world = World::new();
    let (id, tree) = world.commission("lot", 0, 8);
    (world, id, tree)
}

fn ship(nodes: Vec<ICustody::Node>) -> Custody::shipCall {
    Custody::shipCall { nodes, to: World::WHOLESALER, cause: word("ship") }
}

fn retire(units: Vec<ICustody::Leaf>) -> Custody::retireCall {
    Custody::retireCall { units, reason: Reason::Exported as u8, cause: word("retire") }
}

fn write_off(holding: B256, height: u8, index: u64) -> Custody::writeOffCall {
    let places = vec![ICustody::Place { holding, height, index }];
    Custody::writeOffCall { places, reason: Reason::Destroyed as u8, cause: word("off") }
}

fn commission(height: u8) -> Custody::commissionCall {
    let (lot, root, cause) = (word("lot"), word("root"), word("commission"));
    Custody::commissionCall { lotTag: lot, expiry: EXPIRY_DAY, root, height, cause }
}

/// Ships all eight to the wholesaler; gives the shipment.
fn in_transit() -> (World, B256, Tree) {
    let (mut world, id, tree) = eight();
    let done = world.custody(World::FACTORY, &ship(vec![tree.node_of(id, 3, 0)])).expect("ship");
    (world, done.value, tree)
}

#[test]
fn nobody_without_a_role_does_anything() {
    let (mut world, id, tree) = eight();
    let (account, cause, tag) = (World::STRANGER, word("cause"), word("lot"));
    let missing = |any_of| Custody::RoleMissing { account, anyOf: any_of };
    let node = vec![tree.node_of(id, 0, 0)];
    expect_revert(world.custody(account, &commission(3)), missing(3));
    expect_revert(world.custody(account, &ship(node.clone())), missing(ANY));
    let call = Custody::receiveShipmentCall { id, refused: vec![], cause };
    expect_revert(world.custody(account, &call), missing(ANY));
    expect_revert(world.custody(account, &Custody::cancelCall { id, cause }), missing(ANY));
    expect_revert(world.custody(account, &Custody::releaseCall { id, cause }), missing(ANY));
    let call = Custody::segregateCall { nodes: node, state: State::Lost as u8, cause };
    expect_revert(world.custody(account, &call), missing(ANY));
    expect_revert(world.custody(account, &retire(vec![])), missing(7));
    expect_revert(world.custody(account, &write_off(id, 0, 0)), missing(ANY));
    let call = Custody::recallCall { lotTag: tag, class: 1, cause };
    expect_revert(world.custody(account, &call), missing(ANY));
    let call = Custody::blockLotCall { lotTag: tag, cause };
    expect_revert(world.custody(account, &call), missing(ANY));
    expect_revert(world.custody(account, &Custody::liftCall { lotTag: tag, cause }), missing(ANY));
    let call = Custody::anchorCall { root: cause, count: 1 };
    expect_revert(world.custody(account, &call), missing(ANY));
}

#[test]
fn roles_end_with_the_account_the_member_and_the_licence() {
    let [(gln, roles, account), ..] = World::MEMBERS;
    let missing = || Custody::RoleMissing { account, anyOf: ANY };
    let (world, id, tree) = eight();
    let call = ship(vec![tree.node_of(id, 0, 0)]);
    drop(world);

    let (mut world, ..) = eight();
    world.registry(World::GOVERNOR, &Registry::revokeAccountCall { account }).expect("revoked");
    expect_revert(world.custody(account, &call), missing());

    for status in [2, 3] {
        let (mut world, ..) = eight();
        let set = Registry::setStatusCall { gln, status };
        world.registry(World::GOVERNOR, &set).expect("suspended or revoked");
        expect_revert(world.custody(account, &call), missing());
    }

    let (mut world, ..) = eight();
    let licence_expiry = (NOW_S / 86_400) as u32;
    let set = Registry::setLicenceCall { gln, roles, licenceExpiry: licence_expiry };
    world.registry(World::GOVERNOR, &set).expect("licence");
    world.evm.set_time(NOW_S + 86_400);
    expect_revert(world.custody(account, &call), missing());
    world.evm.set_time(NOW_S + 86_399);
    world.custody(account, &call).expect("the licence is valid on its last day");
}

#[test]
fn commission_is_for_labelers_with_a_tree_that_has_units() {
    let (mut world, ..) = eight();
    let call = commission(3);
    for account in [World::WHOLESALER, World::CARRIER, World::PHARMACY, World::REGULATOR] {
        expect_revert(world.custody(account, &call), Custody::RoleMissing { account, anyOf: 3 });
    }
    let high = commission(33);
    expect_revert(
        world.custody(World::FACTORY, &high),
        Custody::HeightTooLarge { height: alloy::primitives::U256::from(33) },
    );
    let empty = Custody::commissionCall { root: B256::ZERO, ..commission(0) };
    let error = Custody::SubtreeEmpty { hash: B256::ZERO, height: 0 };
    expect_revert(world.custody(World::FACTORY, &empty), error);
    let id = world.custody(World::FACTORY, &call).expect("commission").value;
    expect_revert(world.custody(World::FACTORY, &call), Custody::HoldingExists { id });
}

#[test]
fn a_lot_belongs_to_its_labeler_and_has_one_expiry() {
    let (mut world, ..) = eight();
    let (lot_tag, call) = (word("lot"), commission(3));
    let error = Custody::NotLabeler { lotTag: lot_tag, caller: World::REPACKAGER };
    expect_revert(world.custody(World::REPACKAGER, &call), error);
    let found = EXPIRY_DAY + 1;
    let later = Custody::commissionCall { expiry: found, ..call };
    let error = Custody::LotExpiryDiffers { lotTag: lot_tag, expected: EXPIRY_DAY, found };
    expect_revert(world.custody(World::FACTORY, &later), error);
}

#[test]
fn ship_is_for_the_holder_to_a_member_that_is_another() {
    let (mut world, id, tree) = eight();
    let node = || vec![tree.node_of(id, 0, 0)];
    for caller in [World::WHOLESALER, World::FACTORY_2] {
        let call = Custody::shipCall { to: World::PHARMACY, ..ship(node()) };
        expect_revert(world.custody(caller, &call), Custody::NotHolder { id, caller });
    }
    let call = Custody::shipCall { to: World::FACTORY, ..ship(node()) };
    let error = Custody::ShipsToSelf { to: World::FACTORY };
    expect_revert(world.custody(World::FACTORY, &call), error);
    for to in [World::STRANGER, World::GOVERNOR, Address::ZERO] {
        let call = Custody::shipCall { to, ..ship(node()) };
        let error = Custody::RoleMissing { account: to, anyOf: ANY };
        expect_revert(world.custody(World::FACTORY, &call), error);
    }
    expect_revert(world.custody(World::FACTORY, &ship(vec![])), Custody::NothingListed {});
}

#[test]
fn gather_refuses_unknown_holdings_and_wrong_states() {
    let (mut world, shipment, tree) = in_transit();
    let unknown = word("unknown");
    for id in [unknown, B256::ZERO] {
        let call = ship(vec![tree.node_of(id, 0, 0)]);
        expect_revert(world.custody(World::FACTORY, &call), Custody::HoldingUnknown { id });
    }
    let call = ship(vec![tree.node_of(shipment, 0, 0)]);
    let state = State::InTransit as u8;
    let error = Custody::WrongState { id: shipment, state };
    expect_revert(world.custody(World::FACTORY, &call), error);
}

#[test]
fn gather_refuses_what_lies_outside() {
    let (mut world, id, tree) = eight();
    for (height, index) in [(0, 8), (3, 1), (4, 0), (255, 0), (0, u64::MAX), (3, u64::MAX)] {
        let node = ICustody::Node { height, index, ..tree.node_of(id, 0, 0) };
        let error = || Custody::PlaceOutside { id, height, index };
        expect_revert(world.custody(World::FACTORY, &ship(vec![node])), error());
        expect_revert(world.custody(World::FACTORY, &write_off(id, height, index)), error());
        let call = Custody::isSpentCall { id, height, index };
        expect_revert(world.custody(World::STRANGER, &call), error());
    }
    let (id, height, index) = (word("unknown"), 0, 0);
    let call = Custody::isSpentCall { id, height, index };
    expect_revert(world.custody(World::STRANGER, &call), Custody::HoldingUnknown { id });
}

#[test]
fn gather_refuses_what_is_spent_also_within_one_call() {
    let (mut world, id, tree) = eight();
    let node = |height, index| tree.node_of(id, height, index);
    let spent = |height, index| Custody::AlreadySpent { id, height, index };
    let twice = ship(vec![node(1, 2), node(1, 2)]);
    expect_revert(world.custody(World::FACTORY, &twice), spent(1, 2));
    let descendant = ship(vec![node(2, 1), node(0, 5)]);
    expect_revert(world.custody(World::FACTORY, &descendant), spent(0, 5));
    // The descendant with a proof of no length, in the hope that it counts as joined.
    let hidden = ICustody::Node { proof: vec![], ..node(0, 5) };
    expect_revert(world.custody(World::FACTORY, &ship(vec![node(2, 1), hidden])), spent(0, 5));
    world.custody(World::FACTORY, &ship(vec![node(0, 5)])).expect("ship");
    for (height, index) in [(0, 5), (1, 2), (2, 1), (3, 0)] {
        let call = ship(vec![node(height, index)]);
        expect_revert(world.custody(World::FACTORY, &call), spent(height, index));
        let call = write_off(id, height, index);
        expect_revert(world.custody(World::FACTORY, &call), spent(height, index));
    }
    let unit = tree.leaf_of(id, 5, word("lot"), unit_hash(5));
    expect_revert(world.custody(World::FACTORY, &retire(vec![unit])), spent(0, 5));
}

#[test]
fn gather_wants_descending_heights() {
    let (mut world, id, tree) = eight();
    let call = ship(vec![tree.node_of(id, 0, 0), tree.node_of(id, 1, 1)]);
    let error = Custody::HeightsNotDescending { previous: 0, found: 1 };
    expect_revert(world.custody(World::FACTORY, &call), error);
}

#[test]
fn gather_refuses_empty_subtrees() {
    let mut world = World::new();
    let (id, tree) = world.commission("lot", 0, 5);
    for (height, index) in [(0, 5), (1, 3)] {
        let node = tree.node_of(id, height, index);
        let error = Custody::SubtreeEmpty { hash: node.hash, height };
        expect_revert(world.custody(World::FACTORY, &ship(vec![node])), error);
    }
}

#[test]
fn gather_refuses_trees_higher_than_32() {
    let mut world = World::new();
    let mut nodes = Vec::new();
    for i in 0..2 {
        let call = Custody::commissionCall { cause: word(&format!("{i}")), ..commission(32) };
        let holding = world.custody(World::FACTORY, &call).expect("commission").value;
        let (hash, proof) = (word("root"), vec![]);
        nodes.push(ICustody::Node { holding, height: 32, index: 0, hash, proof });
    }
    let error = Custody::HeightTooLarge { height: alloy::primitives::U256::from(33) };
    expect_revert(world.custody(World::FACTORY, &ship(nodes.clone())), error);
    nodes.pop();
    world.custody(World::FACTORY, &ship(nodes)).expect("one of height 32");
}

#[test]
fn proofs_must_be_of_the_node_and_of_the_right_length() {
    let (mut world, id, tree) = eight();
    let good = tree.node_of(id, 0, 3);
    let place = |index| Custody::ProofInvalid { id, height: 0, index };
    let other_hash = ICustody::Node { hash: tree.hash(0, 4), ..good.clone() };
    let other_index = ICustody::Node { index: 2, ..good.clone() };
    let mut other_sibling = good.clone();
    other_sibling.proof[1] = word("forged");
    for (node, index) in [(other_hash, 3), (other_index, 2), (other_sibling, 3)] {
        expect_revert(world.custody(World::FACTORY, &ship(vec![node])), place(index));
    }
    // An inner node shown as a leaf, and proofs that are too short or too long.
    let mut inner = tree.node_of(id, 1, 1);
    (inner.height, inner.index) = (0, 3);
    let mut long = good.clone();
    long.proof.push(word("more"));
    let none = ICustody::Node { proof: vec![], ..good };
    for node in [inner, long, none] {
        let found = alloy::primitives::U256::from(node.proof.len());
        let error = Custody::ProofLengthInvalid { id, height: 0, index: 3, found };
        expect_revert(world.custody(World::FACTORY, &ship(vec![node])), error);
    }
}

#[test]
fn joined_proofs_must_join() {
    let (mut world, id, tree) = eight();
    let joined = |index| ICustody::Node {
        holding: B256::ZERO,
        proof: tree.joined_proof((0, 0), 0, index),
        ..tree.node_of(id, 0, index)
    };
    let first = tree.node_of(id, 0, 0);
    // The sibling with another hash, and a cousin whose way does not lead to the sibling.
    for index in [1, 3] {
        let forged = ICustody::Node { hash: word("forged"), ..joined(index) };
        let error = Custody::ProofInvalid { id, height: 0, index };
        expect_revert(world.custody(World::FACTORY, &ship(vec![first.clone(), forged])), error);
    }
    let mut long = joined(3);
    long.proof.push(tree.hash(1, 0));
    let found = alloy::primitives::U256::from(2);
    let error = Custody::ProofLengthInvalid { id, height: 0, index: 3, found };
    expect_revert(world.custody(World::FACTORY, &ship(vec![first.clone(), long])), error);

    // A way of another holding does not count, even if that has the same tree.
    let cause = word("twin");
    let (root, height) = (tree.root(), 3);
    let twin = Custody::commissionCall { root, height, cause, ..commission(3) };
    let twin = world.custody(World::FACTORY, &twin).expect("commission").value;
    let foreign = ICustody::Node { holding: twin, ..joined(1) };
    let found = alloy::primitives::U256::from(0);
    let error = Custody::ProofLengthInvalid { id: twin, height: 0, index: 1, found };
    let call = ship(vec![first.clone(), foreign]);
    expect_revert(world.custody(World::FACTORY, &call), error);
    world
        .custody(World::FACTORY, &ship(vec![first, joined(1), joined(1).clone()]))
        .expect_err("twice the same");
}

#[test]
fn receive_is_for_the_consignee_of_a_shipment() {
    let (mut world, id, tree) = in_transit();
    let cause = word("receive");
    let receive = |id| Custody::receiveShipmentCall { id, refused: vec![], cause };
    for caller in [World::FACTORY, World::PHARMACY] {
        let error = Custody::NotConsignee { id, caller };
        expect_revert(world.custody(caller, &receive(id)), error);
    }
    let unknown = word("unknown");
    let error = Custody::HoldingUnknown { id: unknown };
    expect_revert(world.custody(World::WHOLESALER, &receive(unknown)), error);
    let (other, other_tree) = world.commission("other", 100, 1);
    let refused = vec![tree.node_of(id, 0, 0), other_tree.node_of(other, 0, 0)];
    let call = Custody::receiveShipmentCall { id, refused, cause };
    let error = Custody::NodeForeign { shipment: id, found: other };
    expect_revert(world.custody(World::WHOLESALER, &call), error);
    world.custody(World::WHOLESALER, &receive(id)).expect("receive");
    let error = Custody::WrongState { id, state: State::Held as u8 };
    expect_revert(world.custody(World::WHOLESALER, &receive(id)), error);
    // What was received is the sender's no more.
    let call = ship(vec![tree.node_of(id, 0, 0)]);
    let error = Custody::NotHolder { id, caller: World::FACTORY };
    expect_revert(world.custody(World::FACTORY, &call), error);
}

#[test]
fn cancel_is_for_the_sender_of_a_shipment() {
    let (mut world, id, _) = in_transit();
    let cancel = Custody::cancelCall { id, cause: word("cancel") };
    let caller = World::WHOLESALER;
    expect_revert(world.custody(caller, &cancel), Custody::NotHolder { id, caller });
    world.custody(World::FACTORY, &cancel).expect("cancel");
    let error = Custody::WrongState { id, state: State::Held as u8 };
    expect_revert(world.custody(World::FACTORY, &cancel), error);
    let receive = Custody::receiveShipmentCall { id, refused: vec![], cause: word("late") };
    let error = Custody::WrongState { id, state: State::Held as u8 };
    expect_revert(world.custody(caller, &receive), error);
}

#[test]
fn segregate_and_release_have_their_states() {
    let (mut world, id, tree) = eight();
    let segregate = |state: State, index| Custody::segregateCall {
        nodes: vec![tree.node_of(id, 0, index)],
        state: state as u8,
        cause: word("apart"),
    };
    for state in [State::None, State::Held, State::InTransit] {
        let error = Custody::StateNotAllowed { state: state as u8 };
        expect_revert(world.custody(World::FACTORY, &segregate(state, 0)), error);
    }
    let call = segregate(State::Stolen, 0);
    let stolen = world.custody(World::FACTORY, &call).expect("segregate").value;
    let release = |id| Custody::releaseCall { id, cause: word("release") };
    let error = Custody::WrongState { id: stolen, state: State::Stolen as u8 };
    expect_revert(world.custody(World::FACTORY, &release(stolen)), error);
    let error = Custody::WrongState { id, state: State::Held as u8 };
    expect_revert(world.custody(World::FACTORY, &release(id)), error);
    let call = segregate(State::Quarantined, 1);
    let apart = world.custody(World::FACTORY, &call).expect("segregate").value;
    let error = Custody::NotHolder { id: apart, caller: World::WHOLESALER };
    expect_revert(world.custody(World::WHOLESALER, &release(apart)), error);
    // What is set apart neither moves nor is used.
    let hash = tree.hash(0, 1);
    let node = ICustody::Node { holding: apart, height: 0, index: 0, hash, proof: vec![] };
    let error = Custody::WrongState { id: apart, state: State::Quarantined as u8 };
    expect_revert(world.custody(World::FACTORY, &ship(vec![node])), error);
}

#[test]
fn retire_wants_a_proven_unit_of_a_usable_lot() {
    let (mut world, id, tree) = eight();
    let lot = word("lot");
    let unit = |index| tree.leaf_of(id, index, lot, unit_hash(index));
    expect_revert(world.custody(World::FACTORY, &retire(vec![])), Custody::NothingListed {});
    // A unit of a recalled lot cannot be passed off as one of another.
    world.commission("good lot", 50, 1);
    let disguised = ICustody::Leaf { lotTag: word("good lot"), ..unit(2) };
    let error = Custody::ProofInvalid { id, height: 0, index: 2 };
    expect_revert(world.custody(World::FACTORY, &retire(vec![disguised])), error);
    let other_unit = ICustody::Leaf { unitHash: unit_hash(3), ..unit(2) };
    let error = Custody::ProofInvalid { id, height: 0, index: 2 };
    expect_revert(world.custody(World::FACTORY, &retire(vec![other_unit])), error);
    for lot_tag in [word("unknown"), B256::ZERO] {
        let unknown = ICustody::Leaf { lotTag: lot_tag, ..unit(2) };
        let error = Custody::LotUnknown { lotTag: lot_tag };
        expect_revert(world.custody(World::FACTORY, &retire(vec![unknown])), error);
    }
    let caller = World::WHOLESALER;
    expect_revert(world.custody(caller, &retire(vec![unit(2)])), Custody::NotHolder { id, caller });
    world.custody(World::FACTORY, &ship(vec![tree.node_of(id, 1, 0)])).expect("ship");
    let again = Custody::AlreadySpent { id, height: 0, index: 1 };
    expect_revert(world.custody(World::FACTORY, &retire(vec![unit(2), unit(1)])), again);
    assert!(!world.is_spent(id, 0, 2), "all or nothing");
}

#[test]
fn recalled_blocked_and_expired_lots_are_not_used() {
    let (mut world, id, tree) = eight();
    let (lot, cause) = (word("lot"), word("cause"));
    let call = retire(vec![tree.leaf_of(id, 0, lot, unit_hash(0))]);
    let refusals = [
        (1, LotStatus::RecalledI),
        (2, LotStatus::RecalledII),
        (3, LotStatus::RecalledIII),
        (4, LotStatus::Blocked),
    ];
    for (class, status) in refusals {
        let decided = match class {
            4 => world.custody(World::REGULATOR, &Custody::blockLotCall { lotTag: lot, cause }),
            _ => {
                let recall = Custody::recallCall { lotTag: lot, class, cause };
                world.custody(World::REGULATOR, &recall).map(|done| theriac_contract_tests::Done {
                    value: Custody::blockLotReturn {},
                    logs: done.logs,
                    gas: done.gas,
                })
            }
        };
        decided.expect("a decision");
        let error = Custody::LotNotNormal { lotTag: lot, status: status as u8 };
        expect_revert(world.custody(World::FACTORY, &call), error);
    }
    let lift = Custody::liftCall { lotTag: lot, cause };
    world.custody(World::REGULATOR, &lift).expect("lifted");
    world.evm.set_time((u64::from(EXPIRY_DAY) + 1) * 86_400);
    let error = Custody::LotExpired { lotTag: lot, expiry: EXPIRY_DAY };
    expect_revert(world.custody(World::FACTORY, &call), error);
    world.evm.set_time((u64::from(EXPIRY_DAY) + 1) * 86_400 - 1);
    world.custody(World::FACTORY, &call).expect("usable on the last day");
}

#[test]
fn reasons_have_their_operation() {
    let (mut world, id, tree) = eight();
    let (unit, cause) = (tree.leaf_of(id, 0, word("lot"), unit_hash(0)), word("cause"));
    for reason in Reason::Destroyed as u8..=Reason::Expired as u8 {
        let call = Custody::retireCall { units: vec![unit.clone()], reason, cause };
        expect_revert(world.custody(World::FACTORY, &call), Custody::ReasonNotAllowed { reason });
    }
    for reason in Reason::Dispensed as u8..=Reason::Repackaged as u8 {
        let call = Custody::writeOffCall { reason, ..write_off(id, 0, 0) };
        expect_revert(world.custody(World::FACTORY, &call), Custody::ReasonNotAllowed { reason });
    }
}

#[test]
fn write_off_is_for_the_holder_and_not_in_transit() {
    let (mut world, id, _) = in_transit();
    let error = Custody::WrongState { id, state: State::InTransit as u8 };
    expect_revert(world.custody(World::FACTORY, &write_off(id, 0, 0)), error);
    let caller = World::WHOLESALER;
    expect_revert(world.custody(caller, &write_off(id, 0, 0)), Custody::NotHolder { id, caller });
    for id in [word("unknown"), B256::ZERO] {
        let call = write_off(id, 0, 0);
        expect_revert(world.custody(World::FACTORY, &call), Custody::HoldingUnknown { id });
    }
    let call = Custody::writeOffCall { places: vec![], ..write_off(id, 0, 0) };
    expect_revert(world.custody(World::FACTORY, &call), Custody::NothingListed {});
}

#[test]
fn lots_are_recalled_by_their_labeler_or_a_regulator() {
    let (mut world, ..) = eight();
    let (lot, cause) = (word("lot"), word("cause"));
    let recall = |lot_tag, class| Custody::recallCall { lotTag: lot_tag, class, cause };
    let lift = Custody::liftCall { lotTag: lot, cause };
    for class in [0, 4, 255] {
        let error = Custody::RecallClassInvalid { class };
        expect_revert(world.custody(World::FACTORY, &recall(lot, class)), error);
    }
    let unknown = word("unknown");
    let error = Custody::LotUnknown { lotTag: unknown };
    expect_revert(world.custody(World::REGULATOR, &recall(unknown, 1)), error);
    for caller in [World::REPACKAGER, World::WHOLESALER] {
        let error = Custody::NotLabeler { lotTag: lot, caller };
        expect_revert(world.custody(caller, &recall(lot, 1)), error);
    }
    let error = Custody::LotAlreadyNormal { lotTag: lot };
    expect_revert(world.custody(World::FACTORY, &lift), error);
    world.custody(World::REGULATOR, &recall(lot, 1)).expect("recall");
    let status = LotStatus::RecalledI as u8;
    let error = || Custody::SetByRegulator { lotTag: lot, status };
    expect_revert(world.custody(World::FACTORY, &lift), error());
    expect_revert(world.custody(World::FACTORY, &recall(lot, 3)), error());
    world.custody(World::REGULATOR, &lift).expect("lift");
    world.custody(World::FACTORY, &recall(lot, 3)).expect("recall");
}

#[test]
fn every_error_of_the_interfaces_is_expected_by_a_test() {
    let tests =
        [include_str!("reverts.rs"), include_str!("registry.rs"), include_str!("custody.rs")];
    let interfaces = [
        include_str!("../../../contracts/src/ICustody.sol"),
        include_str!("../../../contracts/src/IRegistry.sol"),
    ];
    let mut count = 0;
    for line in interfaces.iter().flat_map(|text| text.lines()) {
        let Some(name) = line.trim().strip_prefix("error ").and_then(|e| e.split('(').next())
        else {
            continue;
        };
        count += 1;
        let expected = tests.iter().any(|text| text.contains(&format!("::{name} {{")));
        assert!(expected, "no test expects {name}");
    }
    assert!(count > 30, "{count} errors");
}
