//! Each operation of custody when it goes through: what it changes, what it logs.

use alloy::primitives::{Address, B256, Bytes, LogData};
use alloy::sol_types::{SolCall, SolEvent};
use theriac_contract_tests::custody::{Custody, ICustody};
use theriac_contract_tests::{
    EXPIRY_DAY, LotStatus, Reason, State, Tree, World, expect_revert, gather, leaf, node,
    unit_hash, word,
};

fn places(list: &[(B256, u8, u64)]) -> Bytes {
    let mut packed = Vec::new();
    for (holding, height, index) in list {
        packed.extend_from_slice(holding.as_slice());
        packed.push(*height);
        packed.extend_from_slice(&index.to_be_bytes());
    }
    packed.into()
}

fn opened(
    (id, root, height): (B256, B256, u8),
    (holder, consignee): (Address, Address),
    state: State,
    cause: B256,
) -> LogData {
    let (state, expiry) = (state as u8, EXPIRY_DAY);
    Custody::HoldingOpened { id, holder, consignee, root, height, state, expiry, cause }
        .encode_log_data()
}

fn gathered(id: B256, sources: &[(B256, u8, u64)]) -> LogData {
    Custody::Gathered { id, sources: places(sources) }.encode_log_data()
}

#[track_caller]
fn expect_holding(world: &mut World, id: B256, holder: Address, consignee: Address, state: State) {
    let found = world.holding(id);
    assert_eq!((found.holder, found.consignee, found.state), (holder, consignee, state as u8));
}

#[test]
fn commission_opens_the_lot_once_and_a_holding_each_time() {
    let mut world = World::new();
    let (lot, at) = (word("lot"), world.custody);
    let mut expiries = vec![];
    for (account, count) in [(World::FACTORY, 3), (World::FACTORY_2, 4)] {
        let tree = Tree::new((0..count).map(|n| leaf(lot, unit_hash(n))).collect());
        let (root, height, cause) = (tree.root(), tree.height(), word(&format!("{count}")));
        let call = Custody::commissionCall { lotTag: lot, expiry: EXPIRY_DAY, root, height, cause };
        let done = world.custody(account, &call).expect("commission");
        let id = done.value;
        let mut logs = vec![
            opened((id, root, height), (account, Address::ZERO), State::Held, cause),
            Custody::Commissioned { id, lotTag: lot }.encode_log_data(),
        ];
        if account == World::FACTORY {
            let event = Custody::LotOpened { lotTag: lot, labeler: account, expiry: EXPIRY_DAY };
            logs.insert(0, event.encode_log_data());
        }
        done.expect_logs(at, &logs);
        let found = world.holding(id);
        expiries.push(found.expiry);
        assert_eq!((found.root, found.height), (root, height));
        expect_holding(&mut world, id, account, Address::ZERO, State::Held);
    }
    assert_eq!(expiries, [EXPIRY_DAY; 2]);
    let lot = world.custody(World::STRANGER, &Custody::lotCall { lotTag: lot }).expect("a view");
    let expected = ICustody::Lot { labeler: World::FACTORY, expiry: EXPIRY_DAY, status: 0 };
    assert_eq!(lot.value, expected);
}

#[test]
fn ship_gathers_from_several_holdings_and_marks_what_left() {
    let mut world = World::new();
    let at = world.custody;
    let (a, tree_a) = world.commission("lot a", 0, 8);
    let (b, tree_b) = world.commission("lot b", 100, 5);
    let nodes = vec![tree_a.node_of(a, 2, 1), tree_b.node_of(b, 2, 0), tree_a.node_of(a, 0, 3)];
    let hashes: Vec<_> = nodes.iter().map(|node| (node.height, node.hash)).collect();
    let (root, height) = gather(&hashes);
    assert_eq!(height, 4);
    let cause = word("ship");
    let call = Custody::shipCall { nodes, to: World::WHOLESALER, cause };
    let done = world.custody(World::FACTORY, &call).expect("ship");
    let id = done.value;
    let parties = (World::FACTORY, World::WHOLESALER);
    let logs = [
        opened((id, root, height), parties, State::InTransit, cause),
        gathered(id, &[(a, 2, 1), (b, 2, 0), (a, 0, 3)]),
    ];
    done.expect_logs(at, &logs);
    expect_holding(&mut world, id, World::FACTORY, World::WHOLESALER, State::InTransit);
    let spent: Vec<_> = (0..8).map(|index| world.is_spent(a, 0, index)).collect();
    assert_eq!(spent, [false, false, false, true, true, true, true, true]);
    assert!(world.is_spent(b, 1, 1) && !world.is_spent(b, 0, 4) && world.is_spent(b, 3, 0));
}

#[test]
fn receive_takes_all_or_sends_back_what_is_refused() {
    let mut world = World::new();
    let at = world.custody;
    for refuse in [false, true] {
        let (source, tree) = world.commission(&format!("lot {refuse}"), 0, 4);
        let cause = word(&format!("ship {refuse}"));
        let nodes = vec![tree.node_of(source, 2, 0)];
        let call = Custody::shipCall { nodes, to: World::WHOLESALER, cause };
        let id = world.custody(World::FACTORY, &call).expect("ship").value;
        let refused = match refuse {
            true => vec![tree.node_of(id, 1, 1), tree.node_of(id, 0, 0)],
            false => vec![],
        };
        let cause = word(&format!("receive {refuse}"));
        let call = Custody::receiveShipmentCall { id, refused, cause };
        let done = world.custody(World::WHOLESALER, &call).expect("receive");
        let received = Custody::Received { id, holder: World::WHOLESALER, cause }.encode_log_data();
        if refuse {
            let back = done.value;
            let root = node(tree.hash(1, 1), node(tree.hash(0, 0), B256::ZERO));
            let parties = (World::FACTORY, Address::ZERO);
            let opened = opened((back, root, 2), parties, State::Held, cause);
            done.expect_logs(at, &[opened, gathered(back, &[(id, 1, 1), (id, 0, 0)]), received]);
            expect_holding(&mut world, back, World::FACTORY, Address::ZERO, State::Held);
        } else {
            assert_eq!(done.value, B256::ZERO);
            done.expect_logs(at, &[received]);
        }
        expect_holding(&mut world, id, World::WHOLESALER, Address::ZERO, State::Held);
        assert_eq!(world.is_spent(id, 0, 0), refuse);
        assert!(!world.is_spent(id, 0, 1));
    }
}

#[test]
fn a_shipment_refused_as_a_whole_goes_back() {
    let mut world = World::new();
    let (source, tree) = world.commission("lot", 0, 4);
    let (to, cause) = (World::WHOLESALER, word("ship"));
    let call = Custody::shipCall { nodes: vec![tree.node_of(source, 2, 0)], to, cause };
    let id = world.custody(World::FACTORY, &call).expect("ship").value;
    let refused = vec![tree.node_of(id, 2, 0)];
    let call = Custody::receiveShipmentCall { id, refused, cause: word("refuse") };
    let back = world.custody(World::WHOLESALER, &call).expect("receive").value;
    expect_holding(&mut world, back, World::FACTORY, Address::ZERO, State::Held);
    assert_eq!(world.holding(back).root, tree.root());
    assert!(world.is_spent(id, 2, 0));
}

#[test]
fn cancel_takes_a_shipment_back() {
    let mut world = World::new();
    let (source, tree) = world.commission("lot", 0, 4);
    let (to, cause) = (World::WHOLESALER, word("ship"));
    let call = Custody::shipCall { nodes: vec![tree.node_of(source, 2, 0)], to, cause };
    let id = world.custody(World::FACTORY, &call).expect("ship").value;
    let cause = word("cancel");
    let done = world.custody(World::FACTORY, &Custody::cancelCall { id, cause }).expect("cancel");
    done.expect_logs(world.custody, &[Custody::Cancelled { id, cause }.encode_log_data()]);
    expect_holding(&mut world, id, World::FACTORY, Address::ZERO, State::Held);
    world.hand_over(World::FACTORY, vec![tree.node_of(id, 0, 1)], World::PHARMACY, word("again"));
}

#[test]
fn segregate_sets_apart_and_release_ends_it() {
    for state in [State::Quarantined, State::Stolen, State::Lost] {
        let mut world = World::new();
        let at = world.custody;
        let (source, tree) = world.commission("lot", 0, 4);
        let (nodes, cause) = (vec![tree.node_of(source, 0, 2)], word("apart"));
        let call = Custody::segregateCall { nodes, state: state as u8, cause };
        let done = world.custody(World::FACTORY, &call).expect("segregate");
        let id = done.value;
        let logs = [
            opened((id, tree.hash(0, 2), 0), (World::FACTORY, Address::ZERO), state, cause),
            gathered(id, &[(source, 0, 2)]),
        ];
        done.expect_logs(at, &logs);
        expect_holding(&mut world, id, World::FACTORY, Address::ZERO, state);
        let released = world.custody(World::FACTORY, &Custody::releaseCall { id, cause });
        if state != State::Stolen {
            let event = Custody::Released { id, cause }.encode_log_data();
            released.expect("release").expect_logs(at, &[event]);
            expect_holding(&mut world, id, World::FACTORY, Address::ZERO, State::Held);
        }
    }
}

#[test]
fn retire_ends_units_of_several_lots_and_holdings() {
    let mut world = World::new();
    let mut units = Vec::new();
    let mut expected = Vec::new();
    for (lot, first) in [("lot a", 0), ("lot b", 50)] {
        let (source, tree) = world.commission(lot, first, 8);
        let nodes = vec![tree.node_of(source, 3, 0)];
        let id = world.hand_over(World::FACTORY, nodes, World::PHARMACY, word(lot));
        for index in [1, 6] {
            units.push(tree.leaf_of(id, index, word(lot), unit_hash(first + index)));
            expected.push((id, 0, index));
        }
    }
    let (reason, cause) = (Reason::Dispensed as u8, word("sale"));
    let call = Custody::retireCall { units, reason, cause };
    let done = world.custody(World::PHARMACY, &call).expect("dispensed");
    let event =
        Custody::Retired { holder: World::PHARMACY, reason, places: places(&expected), cause };
    done.expect_logs(world.custody, &[event.encode_log_data()]);
    for (id, height, index) in expected {
        assert!(world.is_spent(id, height, index) && !world.is_spent(id, 0, index ^ 1));
    }
}

#[test]
fn retire_asks_each_reason_for_its_roles() {
    let accounts =
        [World::FACTORY, World::REPACKAGER, World::WHOLESALER, World::CARRIER, World::PHARMACY];
    let allowed = [
        (Reason::Dispensed, [false, false, false, false, true]),
        (Reason::Exported, [true, true, true, false, false]),
        (Reason::Repackaged, [true, true, false, false, false]),
    ];
    for (reason, allowed) in allowed {
        for (account, allowed) in accounts.into_iter().zip(allowed) {
            let mut world = World::new();
            let (mut id, tree) = world.commission("lot", 0, 1);
            if account != World::FACTORY {
                let nodes = vec![tree.node_of(id, 0, 0)];
                id = world.hand_over(World::FACTORY, nodes, account, word("ship"));
            }
            let units = vec![tree.leaf_of(id, 0, word("lot"), unit_hash(0))];
            let call = Custody::retireCall { units, reason: reason as u8, cause: B256::ZERO };
            assert_eq!(world.custody(account, &call).is_ok(), allowed, "{reason:?} {account}");
        }
    }
}

#[test]
fn write_off_marks_subtrees_in_any_state_but_transit() {
    let mut world = World::new();
    let (source, tree) = world.commission("lot", 0, 8);
    let nodes = vec![tree.node_of(source, 1, 0)];
    let state = State::Lost as u8;
    let call = Custody::segregateCall { nodes, state, cause: word("lost") };
    let lost = world.custody(World::FACTORY, &call).expect("segregate").value;
    let list = [(source, 2, 1), (lost, 1, 0), (source, 0, 3)];
    let place = |(holding, height, index)| ICustody::Place { holding, height, index };
    let (reason, cause) = (Reason::Lost as u8, word("written off"));
    let call = Custody::writeOffCall { places: list.map(place).to_vec(), reason, cause };
    let done = world.custody(World::FACTORY, &call).expect("written off");
    let event = Custody::Retired { holder: World::FACTORY, reason, places: places(&list), cause };
    done.expect_logs(world.custody, &[event.encode_log_data()]);
    let spent: Vec<_> = (0..8).map(|index| world.is_spent(source, 0, index)).collect();
    assert_eq!(spent, [true, true, false, true, true, true, true, true]);
}

#[test]
fn recall_block_and_lift_change_the_status_of_a_lot() {
    let mut world = World::new();
    world.commission("lot", 0, 1);
    let (lot, cause) = (word("lot"), word("cause"));
    let recall = |class| Custody::recallCall { lotTag: lot, class, cause }.abi_encode();
    let block = Custody::blockLotCall { lotTag: lot, cause }.abi_encode();
    let lift = Custody::liftCall { lotTag: lot, cause }.abi_encode();
    let steps = [
        (World::FACTORY, recall(3), LotStatus::RecalledIII),
        (World::FACTORY_2, recall(1), LotStatus::RecalledI),
        (World::FACTORY, lift.clone(), LotStatus::Normal),
        (World::REGULATOR, recall(2), LotStatus::RecalledII),
        (World::REGULATOR, block, LotStatus::Blocked),
        (World::REGULATOR, lift, LotStatus::Normal),
    ];
    for (by, data, status) in steps {
        // Through multicall, as it is how several operations go into one transaction.
        let done = world.custody(by, &Custody::multicallCall { data: vec![data.into()] });
        let event = Custody::LotStatusChanged { lotTag: lot, status: status as u8, by, cause };
        done.expect("a decision").expect_logs(world.custody, &[event.encode_log_data()]);
        let found = world.custody(by, &Custody::lotCall { lotTag: lot }).expect("a view");
        assert_eq!(found.value.status, status as u8);
    }
}

#[test]
fn anchor_logs_only() {
    let mut world = World::new();
    let (root, count) = (word("root"), 77);
    let done = world.custody(World::CARRIER, &Custody::anchorCall { root, count });
    let event = Custody::Anchored { member: World::CARRIER, root, count }.encode_log_data();
    done.expect("anchored").expect_logs(world.custody, &[event]);
}

#[test]
fn multicall_is_all_or_nothing() {
    let mut world = World::new();
    let (id, tree) = world.commission("lot", 0, 4);
    let ship = |index| {
        let (nodes, cause) = (vec![tree.node_of(id, 0, index)], word("ship"));
        Bytes::from(Custody::shipCall { nodes, to: World::PHARMACY, cause }.abi_encode())
    };
    let twice = Custody::multicallCall { data: vec![ship(0), ship(0)] };
    let error = Custody::AlreadySpent { id, height: 0, index: 0 };
    expect_revert(world.custody(World::FACTORY, &twice), error);
    assert!(!world.is_spent(id, 2, 0));
    let both = Custody::multicallCall { data: vec![ship(0), ship(1)] };
    let done = world.custody(World::FACTORY, &both).expect("two shipments");
    assert_eq!((done.value.len(), done.logs.len()), (2, 4));
}

#[test]
fn views_of_what_is_unknown_are_empty() {
    let mut world = World::new();
    let found = world.holding(word("nothing"));
    assert_eq!((found.root, found.holder, found.state), (B256::ZERO, Address::ZERO, 0));
    let call = Custody::lotCall { lotTag: word("nothing") };
    assert_eq!(world.custody(World::STRANGER, &call).expect("a view").value.labeler, Address::ZERO);
    let registry = world.custody(World::STRANGER, &Custody::registryCall {}).expect("a view").value;
    assert_eq!(registry, world.registry);
}
