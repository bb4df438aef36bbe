//! Each operation of custody when it goes through: what it changes, what it logs.

use alloy::primitives::{Address, B256, Bytes, LogData};
use alloy::sol_types::{SolCall, SolEvent};
use theriac_contract_tests::custody::{Custody, ICustody};
use theriac_contract_tests::registry::Registry;
use theriac_contract_tests::{
    EXPIRY_DAY, GRACE_DAYS, LotStatus, NOW_S, Reason, Source, State, Stock, Tree, World, gather,
    holding_id, leaf, node, pack_places, pack_sources, seed, unit_hash, word,
};

const NOBODY: Address = Address::ZERO;

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

fn gathered(id: B256, sources: &[Source]) -> LogData {
    Custody::Gathered { id, sources: pack_sources(sources) }.encode_log_data()
}

#[track_caller]
fn expect_holding(world: &mut World, id: B256, holder: Address, consignee: Address, state: State) {
    let found = world.holding(id);
    assert_eq!((found.holder, found.consignee, found.state), (holder, consignee, state as u8));
}

#[test]
fn commission_opens_the_lot_once_and_a_holding_each_time() {
    let mut world = World::new();
    let (lot, at) = (word("lot"), world.at.custody);
    for (account, count) in [(World::FACTORY, 3), (World::FACTORY_2, 4)] {
        let tree = Tree::new((0..count).map(|n| leaf(lot, unit_hash(n))).collect());
        let (root, height, cause) = (tree.root(), tree.height(), word(&format!("{count}")));
        let call = Custody::commissionCall { lotTag: lot, expiry: EXPIRY_DAY, root, height, cause };
        let done = world.custody(account, &call).expect("commission");
        let id = done.value;
        assert_eq!(id, holding_id(account, cause, root));
        let mut logs = vec![
            opened((id, root, height), (account, NOBODY), State::Held, cause),
            Custody::Commissioned { id, lotTag: lot }.encode_log_data(),
        ];
        if account == World::FACTORY {
            let event = Custody::LotOpened { lotTag: lot, labeler: account, expiry: EXPIRY_DAY };
            logs.insert(0, event.encode_log_data());
        }
        done.expect_logs(at, &logs);
        let found = world.holding(id);
        assert_eq!((found.expiry, found.height, found.slots), (EXPIRY_DAY, height, 0));
        expect_holding(&mut world, id, World::FACTORY, NOBODY, State::Held);
    }
    let lot = world.evm.view(at, &Custody::lotCall { lotTag: lot }).expect("a view");
    assert_eq!(lot, ICustody::Lot { labeler: World::FACTORY, expiry: EXPIRY_DAY, status: 0 });
}

#[test]
fn a_holding_is_one_slot_and_a_lot_another() {
    let mut world = World::new();
    let stock = world.commission("lot", 0, 300);
    assert_eq!(world.evm.slots(world.at.custody).len(), 2);
    world.hand_over(World::FACTORY, &stock, World::PHARMACY, word("ship"));
    assert_eq!(world.evm.slots(world.at.custody).len(), 3);
}

#[test]
fn ship_gathers_by_height_from_several_holdings_and_marks_what_left() {
    let mut world = World::new();
    let (a, b) = (world.commission("lot a", 0, 8), world.commission("lot b", 100, 5));
    let taken =
        [Source::new(a.id(), &[(0, 0), (0, 3), (2, 1)]), Source::new(b.id(), &[(2, 0), (0, 4)])];
    let sources = vec![a.source(&taken[0].places), b.source(&taken[1].places)];
    let nodes = [
        (2, a.tree.hash(2, 1)),
        (2, b.tree.hash(2, 0)),
        (0, a.tree.hash(0, 0)),
        (0, a.tree.hash(0, 3)),
        (0, b.tree.hash(0, 4)),
    ];
    let (root, height) = gather(&nodes);
    let leaves = (4..8).map(|i| a.tree.hash(0, i)).chain((0..4).map(|i| b.tree.hash(0, i)));
    let singles = [a.tree.hash(0, 0), a.tree.hash(0, 3), b.tree.hash(0, 4)];
    let whole = Tree::new(leaves.chain(singles).collect());
    assert_eq!((root, height), (whole.root(), 4));
    let cause = word("ship");
    let call = Custody::shipCall { sources, to: World::WHOLESALER, cause };
    let done = world.custody(World::FACTORY_2, &call).expect("ship");
    let id = done.value;
    assert_eq!(id, holding_id(World::FACTORY_2, cause, root));
    let parties = (World::FACTORY_2, World::WHOLESALER);
    let logs = [opened((id, root, height), parties, State::InTransit, cause), gathered(id, &taken)];
    done.expect_logs(world.at.custody, &logs);
    expect_holding(&mut world, id, World::FACTORY, World::WHOLESALER, State::InTransit);
    let spent: Vec<_> = (0..8).map(|index| world.is_spent(a.id(), 0, index)).collect();
    assert_eq!(spent, [true, false, false, true, true, true, true, true]);
    assert!(world.is_spent(b.id(), 2, 0) && world.is_spent(b.id(), 0, 4));
}

#[test]
fn a_gathered_holding_has_the_latest_expiry() {
    let mut world = World::new();
    let mut sources = vec![];
    for (at, expiry) in [EXPIRY_DAY, EXPIRY_DAY + 7, EXPIRY_DAY - 7].into_iter().enumerate() {
        let (root, cause) = (word("root"), word(&format!("{at}")));
        let call = Custody::commissionCall { lotTag: cause, expiry, root, height: 4, cause };
        world.custody(World::FACTORY, &call).expect("commission");
        let items = theriac_contract_tests::pack_items([((4, 0), root)]);
        let seed = seed(World::FACTORY, cause);
        sources.push(ICustody::Source { seed, height: 4, items, proof: vec![] });
    }
    let call = Custody::shipCall { sources, to: World::WHOLESALER, cause: word("ship") };
    let id = world.custody(World::FACTORY, &call).expect("ship").value;
    assert_eq!(world.holding(id).expiry, EXPIRY_DAY + 7);
}

#[test]
fn a_shipment_is_received_in_full() {
    let mut world = World::new();
    let stock = world.commission("lot", 0, 4);
    let sent = world.ship_all(World::FACTORY, &stock, World::WHOLESALER, word("ship"));
    let (id, cause) = (sent.id(), word("receive"));
    let call = Custody::receiveShipmentCall { id, cause };
    let done = world.custody(World::WHOLESALER, &call).expect("receive");
    let event = Custody::Received { id, holder: World::WHOLESALER, cause }.encode_log_data();
    done.expect_logs(world.at.custody, &[event]);
    expect_holding(&mut world, id, World::WHOLESALER, NOBODY, State::Held);
    world.hand_over(World::WHOLESALER, &sent, World::PHARMACY, word("on"));
}

#[test]
fn what_is_refused_goes_back_to_the_senders_first_account() {
    let mut world = World::new();
    let stock = world.commission("lot", 0, 4);
    let sent = world.ship_all(World::FACTORY_2, &stock, World::WHOLESALER, word("ship"));
    let (id, cause) = (sent.id(), word("receive"));
    let taken = [Source::new(id, &[(0, 0), (1, 1)])];
    let refused = sent.source(&taken[0].places);
    let call = Custody::receiveInPartCall { id, refused, cause };
    let done = world.custody(World::WHOLESALER, &call).expect("receive");
    let root = node(sent.tree.hash(1, 1), node(sent.tree.hash(0, 0), B256::ZERO));
    let back = holding_id(World::FACTORY, cause, root);
    assert_eq!(done.value, back);
    let received = Custody::Received { id, holder: World::WHOLESALER, cause }.encode_log_data();
    let parties = (World::FACTORY, NOBODY);
    let opened = opened((back, root, 2), parties, State::Held, cause);
    done.expect_logs(world.at.custody, &[opened, gathered(back, &taken), received]);
    expect_holding(&mut world, back, World::FACTORY, NOBODY, State::Held);
    expect_holding(&mut world, id, World::WHOLESALER, NOBODY, State::Held);
    assert!(world.is_spent(id, 0, 0) && world.is_spent(id, 1, 1) && !world.is_spent(id, 0, 1));
    // The sender can send on what came back.
    let tree = Tree::new(vec![2, 3, 0].into_iter().map(|i| sent.tree.hash(0, i)).collect());
    let back = Stock { seed: seed(World::FACTORY, cause), tree };
    world.hand_over(World::FACTORY, &back, World::PHARMACY, word("elsewhere"));
}

#[test]
fn a_shipment_may_be_refused_as_a_whole() {
    let mut world = World::new();
    let stock = world.commission("lot", 0, 4);
    let sent = world.ship_all(World::FACTORY, &stock, World::WHOLESALER, word("ship"));
    let (id, cause) = (sent.id(), word("refuse"));
    let call = Custody::receiveInPartCall { id, refused: sent.source(&[(2, 0)]), cause };
    let back = world.custody(World::WHOLESALER, &call).expect("receive").value;
    assert_eq!(back, holding_id(World::FACTORY, cause, stock.tree.root()));
    expect_holding(&mut world, back, World::FACTORY, NOBODY, State::Held);
    assert!(world.is_spent(id, 2, 0));
}

#[test]
fn cancel_takes_a_shipment_back() {
    let mut world = World::new();
    let stock = world.commission("lot", 0, 4);
    let sent = world.ship_all(World::FACTORY, &stock, World::WHOLESALER, word("ship"));
    let (id, cause) = (sent.id(), word("cancel"));
    let done = world.custody(World::FACTORY_2, &Custody::cancelCall { id, cause }).expect("cancel");
    done.expect_logs(world.at.custody, &[Custody::Cancelled { id, cause }.encode_log_data()]);
    expect_holding(&mut world, id, World::FACTORY, NOBODY, State::Held);
    world.hand_over(World::FACTORY, &sent, World::PHARMACY, word("again"));
}

#[test]
fn segregate_sets_apart_and_release_ends_it() {
    for state in [State::Quarantined, State::Stolen, State::Lost] {
        let mut world = World::new();
        let stock = world.commission("lot", 0, 4);
        let (sources, cause) = (vec![stock.source(&[(0, 2)])], word("apart"));
        let call = Custody::segregateCall { sources, state: state as u8, cause };
        let done = world.custody(World::FACTORY, &call).expect("segregate");
        let (id, root) = (done.value, stock.tree.hash(0, 2));
        assert_eq!(id, holding_id(World::FACTORY, cause, root));
        let logs = [
            opened((id, root, 0), (World::FACTORY, NOBODY), state, cause),
            gathered(id, &[Source::new(stock.id(), &[(0, 2)])]),
        ];
        done.expect_logs(world.at.custody, &logs);
        expect_holding(&mut world, id, World::FACTORY, NOBODY, state);
        if state != State::Stolen {
            let call = Custody::releaseCall { id, cause };
            let done = world.custody(World::FACTORY_2, &call).expect("release");
            let event = Custody::Released { id, cause }.encode_log_data();
            done.expect_logs(world.at.custody, &[event]);
            expect_holding(&mut world, id, World::FACTORY, NOBODY, State::Held);
        }
    }
}

#[test]
fn retire_ends_units_of_several_lots_and_holdings_and_keeps_one_record() {
    let mut world = World::new();
    let (mut sources, mut taken) = (vec![], vec![]);
    for (number, (lot, first)) in [("lot a", 0), ("lot b", 50)].into_iter().enumerate() {
        let stock = world.commission(lot, first, 8);
        let held = world.hand_over(World::FACTORY, &stock, World::PHARMACY, word(lot));
        sources.push(held.units(&[(1, first + 1), (6, first + 6)], number as u8));
        taken.push(Source::new(held.id(), &[(0, 1), (0, 6)]));
    }
    let before = world.evm.slots(world.at.custody).len();
    let (reason, cause) = (Reason::Dispensed as u8, word("sale"));
    let lot_tags = vec![word("lot a"), word("lot b")];
    let call = Custody::retireCall { lotTags: lot_tags, sources, reason, cause };
    let done = world.custody(World::PHARMACY, &call).expect("dispensed");
    let until = (NOW_S + 10 * 86_400).to_string().parse().expect("a time");
    let places = pack_sources(&taken);
    let event = Custody::Retired { holder: World::PHARMACY, reason, places, cause, until };
    done.expect_logs(world.at.custody, &[event.encode_log_data()]);
    assert_eq!(world.evm.slots(world.at.custody).len(), before + 1);
    for source in taken {
        for (height, index) in source.places {
            assert!(world.is_spent(source.holding, height, index));
            assert!(!world.is_spent(source.holding, 0, index ^ 1));
        }
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
            let mut stock = world.commission("lot", 0, 1);
            if account != World::FACTORY {
                stock = world.hand_over(World::FACTORY, &stock, account, word("ship"));
            }
            let (sources, lot_tags) = (vec![stock.units(&[(0, 0)], 0)], vec![word("lot")]);
            let (reason_, cause) = (reason as u8, B256::ZERO);
            let call = Custody::retireCall { lotTags: lot_tags, sources, reason: reason_, cause };
            assert_eq!(world.custody(account, &call).is_ok(), allowed, "{reason:?} {account}");
        }
    }
}

#[test]
fn each_reason_can_be_undone_or_not() {
    for reason in Reason::ALL.into_iter().filter(|reason| !reason.is_use()) {
        let mut world = World::new();
        let id = world.commission("lot", 0, 8).id();
        let before = world.evm.slots(world.at.custody).len();
        let losses = vec![ICustody::Loss { id, places: pack_places(&[(1, 1)]) }];
        let call = Custody::writeOffCall { losses, reason: reason as u8, cause: B256::ZERO };
        let done = world.custody(World::FACTORY, &call).expect("off");
        let event = Custody::Retired::decode_log(&done.logs[0]).expect("Retired");
        let records = world.evm.slots(world.at.custody).len() - before;
        let until = if reason.is_undoable() { NOW_S + 10 * 86_400 } else { 0 };
        assert_eq!((event.until.to::<u64>(), records), (until, usize::from(until > 0)));
    }
}

#[test]
fn write_off_marks_subtrees_in_any_order_and_any_state_but_transit() {
    let mut world = World::new();
    let stock = world.commission("lot", 0, 8);
    let (sources, state) = (vec![stock.source(&[(1, 0)])], State::Lost as u8);
    let call = Custody::segregateCall { sources, state, cause: word("lost") };
    let lost = world.custody(World::FACTORY, &call).expect("segregate").value;
    let taken = [Source::new(stock.id(), &[(2, 1), (0, 3)]), Source::new(lost, &[(1, 0)])];
    let loss = |s: &Source| ICustody::Loss { id: s.holding, places: pack_places(&s.places) };
    let losses = taken.iter().map(loss).collect();
    let (reason, cause) = (Reason::Destroyed as u8, word("written off"));
    let done = world.custody(World::FACTORY, &Custody::writeOffCall { losses, reason, cause });
    let (places, until) = (pack_sources(&taken), "0".parse().expect("a number"));
    let event = Custody::Retired { holder: World::FACTORY, reason, places, cause, until };
    done.expect("written off").expect_logs(world.at.custody, &[event.encode_log_data()]);
    let spent: Vec<_> = (0..8).map(|index| world.is_spent(stock.id(), 0, index)).collect();
    assert_eq!(spent, [true, true, false, true, true, true, true, true]);
}

#[test]
fn restore_brings_back_and_says_what() {
    let mut world = World::new();
    let stock = world.commission("lot", 0, 8);
    let before = world.evm.slots(world.at.custody);
    let (reason, retired_by, cause) = (Reason::Lost as u8, word("lost"), word("found"));
    let losses = vec![ICustody::Loss { id: stock.id(), places: pack_places(&[(1, 3), (0, 0)]) }];
    let call = Custody::writeOffCall { losses, reason, cause: retired_by };
    world.custody(World::FACTORY, &call).expect("lost");
    let until = (NOW_S + 10 * 86_400).to_string().parse().expect("a time");
    let restore = |places: &[(u8, u64)], which: u8| Custody::restoreCall {
        places: pack_sources(&[Source::new(stock.id(), places)]),
        reason,
        retiredBy: retired_by,
        until,
        which: vec![which].into(),
        cause,
    };
    let event = |holder, places: &[(u8, u64)]| {
        let places = pack_sources(&[Source::new(stock.id(), places)]);
        Custody::Restored { holder, places, retiredBy: retired_by, cause }.encode_log_data()
    };
    let done = world.custody(World::FACTORY_2, &restore(&[(1, 3), (0, 0)], 0b10)).expect("back");
    done.expect_logs(world.at.custody, &[event(World::FACTORY_2, &[(0, 0)])]);
    assert!(world.is_spent(stock.id(), 1, 3) && !world.is_spent(stock.id(), 0, 0));
    let done = world.custody(World::FACTORY, &restore(&[(1, 3)], 1)).expect("back");
    done.expect_logs(world.at.custody, &[event(World::FACTORY, &[(1, 3)])]);
    assert_eq!(world.evm.slots(world.at.custody), before, "as if nothing had happened");
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
        done.expect("a decision").expect_logs(world.at.custody, &[event.encode_log_data()]);
        let found = world.evm.view(world.at.custody, &Custody::lotCall { lotTag: lot });
        assert_eq!(found.expect("a view").status, status as u8);
    }
}

#[test]
fn anchor_logs_only() {
    let mut world = World::new();
    let before = world.evm.slots(world.at.custody);
    let (root, count) = (word("root"), 77);
    let done = world.custody(World::CARRIER, &Custody::anchorCall { root, count });
    let event = Custody::Anchored { member: World::CARRIER, root, count }.encode_log_data();
    done.expect("anchored").expect_logs(world.at.custody, &[event]);
    assert_eq!(world.evm.slots(world.at.custody), before);
}

#[test]
fn several_operations_go_into_one_transaction() {
    let mut world = World::new();
    let stock = world.commission("lot", 0, 4);
    let ship = |index| {
        let (sources, cause) = (vec![stock.source(&[(0, index)])], word("ship"));
        Bytes::from(Custody::shipCall { sources, to: World::PHARMACY, cause }.abi_encode())
    };
    let both = Custody::multicallCall { data: vec![ship(0), ship(1)] };
    let done = world.custody(World::FACTORY, &both).expect("two shipments");
    assert_eq!((done.value.len(), done.logs.len()), (2, 4));
}

#[test]
fn goods_outlive_the_keys_of_their_holder() {
    let mut world = World::new();
    let stock = world.commission("lot", 0, 4);
    let (mut now_s, gln) = (NOW_S, World::MEMBERS[0].0);
    for account in [World::FACTORY, World::FACTORY_2] {
        let call = Registry::revokeAccountCall { account };
        world.registry(World::GOVERNOR, &call).expect("revoked");
    }
    expect_holding(&mut world, stock.id(), World::FACTORY_2, NOBODY, State::Held);
    let call = Registry::addAccountCall { gln, account: World::STRANGER };
    world.govern(&mut now_s, &call).expect("recovered");
    expect_holding(&mut world, stock.id(), World::STRANGER, NOBODY, State::Held);
    world.hand_over(World::STRANGER, &stock, World::PHARMACY, word("ship"));
}

#[test]
fn nothing_is_left_after_pruning() {
    let mut world = World::new();
    let stock = world.commission("lot", 0, 600);
    let places = pack_places(&[(0, 0), (0, 599), (8, 1)]);
    let losses = vec![ICustody::Loss { id: stock.id(), places }];
    let (reason, cause) = (Reason::Destroyed as u8, word("fire"));
    world.custody(World::FACTORY, &Custody::writeOffCall { losses, reason, cause }).expect("off");
    assert_eq!(world.holding(stock.id()).slots, 2, "leaves 256 to 511 are blocks of the summary");
    world.evm.set_time((u64::from(EXPIRY_DAY) + 1 + u64::from(GRACE_DAYS)) * 86_400);
    let keys = [0, 2].map(alloy::primitives::U256::from).to_vec();
    let done = world.custody(World::STRANGER, &Custody::pruneCall { id: stock.id(), keys });
    let event = Custody::Pruned { id: stock.id() }.encode_log_data();
    done.expect("pruned").expect_logs(world.at.custody, &[event]);
    let call = Custody::pruneLotsCall { lotTags: vec![word("lot")] };
    let done = world.custody(World::STRANGER, &call).expect("pruned");
    let event = Custody::LotPruned { lotTag: word("lot") }.encode_log_data();
    done.expect_logs(world.at.custody, &[event]);
    assert!(world.evm.slots(world.at.custody).is_empty());
}

#[test]
fn views_of_what_is_unknown_are_empty() {
    let mut world = World::new();
    let found = world.holding(word("nothing"));
    assert_eq!((found.holder, found.state, found.slots), (NOBODY, 0, 0));
    let call = Custody::lotCall { lotTag: word("nothing") };
    assert_eq!(world.evm.view(world.at.custody, &call).expect("a view").labeler, NOBODY);
    let found = world.evm.view(world.at.custody, &Custody::registryCall {}).expect("a view");
    assert_eq!(found, world.at.registry);
    let found = world.evm.view(world.at.custody, &Custody::graceDaysCall {}).expect("a view");
    assert_eq!(found, GRACE_DAYS);
}
