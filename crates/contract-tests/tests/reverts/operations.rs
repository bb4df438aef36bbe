//! Who may do what to which holding or lot, in which state.

use alloy::primitives::{Address, B256, Bytes};
use alloy::sol_types::SolCall;
use theriac_contract_tests::custody::{Custody, ICustody};
use theriac_contract_tests::registry::Registry;
use theriac_contract_tests::{
    EXPIRY_DAY, LotStatus, NOW_S, Reason, State, Stock, World, expect_revert, holding_id,
    pack_places, word,
};

const ANY: u32 = 63;

/// Eight units of one lot at the factory.
pub(crate) fn eight() -> (World, Stock) {
    let mut world = World::new();
    let stock = world.commission("lot", 0, 8);
    (world, stock)
}

pub(crate) fn ship(sources: Vec<ICustody::Source>) -> Custody::shipCall {
    Custody::shipCall { sources, to: World::WHOLESALER, cause: word("ship") }
}

pub(crate) fn retire(sources: Vec<ICustody::Source>) -> Custody::retireCall {
    let (reason, cause) = (Reason::Exported as u8, word("retire"));
    Custody::retireCall { lotTags: vec![word("lot")], sources, reason, cause }
}

pub(crate) fn write_off(id: B256, height: u8, index: u64) -> Custody::writeOffCall {
    let losses = vec![ICustody::Loss { id, places: pack_places(&[(height, index)]) }];
    Custody::writeOffCall { losses, reason: Reason::Destroyed as u8, cause: word("off") }
}

pub(crate) fn commission(height: u8) -> Custody::commissionCall {
    let (lot, root, cause) = (word("lot"), word("root"), word("commission"));
    Custody::commissionCall { lotTag: lot, expiry: EXPIRY_DAY, root, height, cause }
}

fn segregate(source: ICustody::Source, state: State) -> Custody::segregateCall {
    Custody::segregateCall { sources: vec![source], state: state as u8, cause: word("apart") }
}

/// Ships all eight to the wholesaler; gives the shipment.
pub(crate) fn in_transit() -> (World, Stock) {
    let (mut world, stock) = eight();
    let sent = world.ship_all(World::FACTORY, &stock, World::WHOLESALER, word("ship"));
    (world, sent)
}

/// All operations of a member, each of which its account could do if it had a role.
fn all_operations(stock: &Stock) -> Vec<(Bytes, u32)> {
    let (id, cause, lot_tag) = (stock.id(), word("cause"), word("lot"));
    let source = || stock.source(&[(0, 0)]);
    let (reason, until) = (Reason::Lost as u8, "1".parse().expect("a number"));
    vec![
        (commission(3).abi_encode().into(), 3),
        (ship(vec![source()]).abi_encode().into(), ANY),
        (Custody::receiveShipmentCall { id, cause }.abi_encode().into(), ANY),
        (Custody::receiveInPartCall { id, refused: source(), cause }.abi_encode().into(), ANY),
        (Custody::cancelCall { id, cause }.abi_encode().into(), ANY),
        (Custody::releaseCall { id, cause }.abi_encode().into(), ANY),
        (segregate(source(), State::Lost).abi_encode().into(), ANY),
        (retire(vec![stock.units(&[(0, 0)], 0)]).abi_encode().into(), 7),
        (write_off(id, 0, 0).abi_encode().into(), ANY),
        (
            Custody::restoreCall {
                places: Bytes::new(),
                reason,
                retiredBy: cause,
                until,
                which: Bytes::new(),
                cause,
            }
            .abi_encode()
            .into(),
            ANY,
        ),
        (Custody::recallCall { lotTag: lot_tag, class: 1, cause }.abi_encode().into(), ANY),
        (Custody::blockLotCall { lotTag: lot_tag, cause }.abi_encode().into(), ANY),
        (Custody::liftCall { lotTag: lot_tag, cause }.abi_encode().into(), ANY),
        (Custody::anchorCall { root: cause, count: 1 }.abi_encode().into(), ANY),
    ]
}

/// Each operation, also inside of a multicall, is refused for want of a role.
fn expect_nothing_works(world: &mut World, stock: &Stock, account: Address) {
    for (data, any_of) in all_operations(stock) {
        let call = Custody::multicallCall { data: vec![data] };
        let error = Custody::RoleMissing { account, anyOf: any_of };
        expect_revert(world.custody(account, &call), error);
    }
}

scenarios! {
    /// An account that is not registered, and a governor, do nothing.
    fn nobody_without_a_role_does_anything() {
        let (mut world, stock) = eight();
        for account in [World::STRANGER, World::GOVERNOR] {
            expect_nothing_works(&mut world, &stock, account);
        }
    }

    /// Suspension, revocation and the end of the licence take effect in the same block, for all operations.
    fn roles_end_at_once() {
        let [(gln, roles, account), ..] = World::MEMBERS;
        let (mut world, stock) = eight();
        for status in [2, 3] {
            let call = Registry::setStatusCall { gln, status };
            world.registry(World::GOVERNOR, &call).expect("suspended or revoked");
            expect_nothing_works(&mut world, &stock, account);
            expect_nothing_works(&mut world, &stock, World::FACTORY_2);
            let call = Registry::setStatusCall { gln, status: 1 };
            world.registry(World::GOVERNOR, &call).expect("active again");
        }
        let (mut world, stock) = eight();
        let call = Registry::revokeAccountCall { account };
        world.registry(World::FACTORY_2, &call).expect("revoked");
        expect_nothing_works(&mut world, &stock, account);
        world.custody(World::FACTORY_2, &write_off(stock.id(), 0, 0)).expect("the other acts");

        let (mut world, stock) = eight();
        let last_day = (NOW_S / 86_400) as u32;
        let call = Registry::setLicenceCall { gln, roles, licenceExpiry: last_day };
        world.registry(World::GOVERNOR, &call).expect("licence");
        world.evm.set_time(NOW_S + 86_400);
        expect_nothing_works(&mut world, &stock, account);
        world.evm.set_time(NOW_S + 86_399);
        world.custody(account, &write_off(stock.id(), 0, 0)).expect("valid on its last day");
    }

    /// Nobody ships to a member that is suspended, or to nobody.
    fn consignees_have_roles() {
        let (mut world, stock) = eight();
        let call = Registry::setStatusCall { gln: World::MEMBERS[2].0, status: 2 };
        world.registry(World::GOVERNOR, &call).expect("suspended");
        for to in [World::WHOLESALER, World::STRANGER, World::GOVERNOR, Address::ZERO] {
            let call = Custody::shipCall { to, ..ship(vec![stock.source(&[(0, 0)])]) };
            let error = Custody::RoleMissing { account: to, anyOf: ANY };
            expect_revert(world.custody(World::FACTORY, &call), error);
        }
        for to in [World::FACTORY, World::FACTORY_2] {
            let call = Custody::shipCall { to, ..ship(vec![stock.source(&[(0, 0)])]) };
            expect_revert(world.custody(World::FACTORY, &call), Custody::ShipsToSelf { to });
        }
    }

    /// Commissioning is for labelers with a tree that has units.
    fn commission_is_checked() {
        let (mut world, _) = eight();
        let call = commission(3);
        for account in [World::WHOLESALER, World::CARRIER, World::PHARMACY, World::REGULATOR] {
            let error = Custody::RoleMissing { account, anyOf: 3 };
            expect_revert(world.custody(account, &call), error);
        }
        let error = Custody::HeightTooLarge { height: alloy::primitives::U256::from(33) };
        expect_revert(world.custody(World::FACTORY, &commission(33)), error);
        let empty = Custody::commissionCall { root: B256::ZERO, ..commission(0) };
        let error = Custody::SubtreeEmpty { hash: B256::ZERO, height: 0 };
        expect_revert(world.custody(World::FACTORY, &empty), error);
        for expiry in [65_536, u32::MAX] {
            let late = Custody::commissionCall { expiry, lotTag: word("late"), ..commission(0) };
            let error = Custody::ExpiryTooLate { expiry };
            expect_revert(world.custody(World::FACTORY, &late), error);
        }
        let (late, cause) = (word("late"), word("late"));
        let last =
            Custody::commissionCall { expiry: 65_535, lotTag: late, cause, ..commission(0) };
        world.custody(World::FACTORY, &last).expect("the last day there is");
        let id = world.custody(World::FACTORY, &call).expect("commission").value;
        expect_revert(world.custody(World::FACTORY, &call), Custody::HoldingExists { id });
    }

    /// A lot belongs to its labeler and has one expiry.
    fn lots_are_their_labelers() {
        let (mut world, _) = eight();
        let (lot_tag, call) = (word("lot"), commission(3));
        let error = Custody::NotLabeler { lotTag: lot_tag, caller: World::REPACKAGER };
        expect_revert(world.custody(World::REPACKAGER, &call), error);
        let found = EXPIRY_DAY + 1;
        let later = Custody::commissionCall { expiry: found, ..call };
        let error = Custody::LotExpiryDiffers { lotTag: lot_tag, expected: EXPIRY_DAY, found };
        expect_revert(world.custody(World::FACTORY, &later), error);
    }

    /// Nobody moves or ends what another member holds.
    fn holdings_are_their_holders() {
        let (mut world, stock) = eight();
        let id = stock.id();
        let source = || stock.source(&[(0, 1)]);
        for caller in [World::WHOLESALER, World::REGULATOR, World::REPACKAGER] {
            let error = || Custody::NotHolder { id, caller };
            let call = Custody::shipCall { to: World::PHARMACY, ..ship(vec![source()]) };
            expect_revert(world.custody(caller, &call), error());
            expect_revert(world.custody(caller, &segregate(source(), State::Lost)), error());
            expect_revert(world.custody(caller, &write_off(id, 0, 1)), error());
            let release = Custody::releaseCall { id, cause: word("release") };
            expect_revert(world.custody(caller, &release), error());
            let cancel = Custody::cancelCall { id, cause: word("cancel") };
            expect_revert(world.custody(caller, &cancel), error());
        }
        let caller = World::WHOLESALER;
        let call = retire(vec![stock.units(&[(1, 1)], 0)]);
        expect_revert(world.custody(caller, &call), Custody::NotHolder { id, caller });
        world.custody(World::FACTORY_2, &ship(vec![source()])).expect("another account of it");
    }

    /// Holdings that do not exist have no state to be in.
    fn unknown_holdings_are_refused() {
        let (mut world, stock) = eight();
        let cause = word("cause");
        for id in [word("unknown"), B256::ZERO] {
            let error = || Custody::HoldingUnknown { id };
            expect_revert(world.custody(World::FACTORY, &write_off(id, 0, 0)), error());
            let call = Custody::receiveShipmentCall { id, cause };
            expect_revert(world.custody(World::FACTORY, &call), error());
            let refused = stock.source(&[(0, 0)]);
            let call = Custody::receiveInPartCall { id, refused, cause };
            expect_revert(world.custody(World::FACTORY, &call), error());
            expect_revert(world.custody(World::FACTORY, &Custody::cancelCall { id, cause }), error());
            let call = Custody::releaseCall { id, cause };
            expect_revert(world.custody(World::FACTORY, &call), error());
            let call = Custody::isSpentCall { id, height: 0, index: 0 };
            expect_revert(world.custody(World::STRANGER, &call), error());
            let call = Custody::spentWordCall { id, word: alloy::primitives::U256::ZERO };
            expect_revert(world.custody(World::STRANGER, &call), error());
        }
    }

    /// What is in transit is received by its consignee, once, or cancelled by its sender, and moves no other way.
    fn shipments_have_two_ends() {
        let (mut world, sent) = in_transit();
        let (id, cause) = (sent.id(), word("receive"));
        let receive = Custody::receiveShipmentCall { id, cause };
        let refused = sent.source(&[(0, 0)]);
        let in_part = Custody::receiveInPartCall { id, refused, cause };
        let cancel = Custody::cancelCall { id, cause };
        for caller in [World::FACTORY, World::FACTORY_2, World::PHARMACY] {
            let error = || Custody::NotConsignee { id, caller };
            expect_revert(world.custody(caller, &receive), error());
            expect_revert(world.custody(caller, &in_part), error());
        }
        for caller in [World::WHOLESALER, World::REGULATOR] {
            expect_revert(world.custody(caller, &cancel), Custody::NotHolder { id, caller });
        }
        let state = |state: State| Custody::WrongState { id, state: state as u8 };
        let moves = ship(vec![sent.source(&[(0, 1)])]);
        let error = state(State::InTransit);
        expect_revert(world.custody(World::FACTORY, &moves), error.clone());
        expect_revert(world.custody(World::FACTORY, &write_off(id, 0, 1)), error.clone());
        let release = Custody::releaseCall { id, cause };
        expect_revert(world.custody(World::FACTORY, &release), error);

        world.custody(World::WHOLESALER, &receive).expect("receive");
        let error = || state(State::Held);
        expect_revert(world.custody(World::WHOLESALER, &receive), error());
        expect_revert(world.custody(World::WHOLESALER, &in_part), error());
        expect_revert(world.custody(World::WHOLESALER, &cancel), error());
        let caller = World::FACTORY;
        expect_revert(world.custody(caller, &moves), Custody::NotHolder { id, caller });
        expect_revert(world.custody(caller, &cancel), Custody::NotHolder { id, caller });

        let (mut world, sent) = in_transit();
        let cancel = Custody::cancelCall { id: sent.id(), cause };
        world.custody(World::FACTORY, &cancel).expect("cancel");
        expect_revert(world.custody(World::FACTORY, &cancel), error());
        expect_revert(world.custody(World::WHOLESALER, &receive), error());
    }

    /// What is refused is of the shipment, and becomes a holding that did not exist.
    fn refusals_are_of_the_shipment() {
        let (mut world, sent) = in_transit();
        let (id, cause) = (sent.id(), word("receive"));
        let other = world.commission("other", 100, 8);
        let refused = other.source(&[(0, 0)]);
        let call = Custody::receiveInPartCall { id, refused, cause };
        let error = Custody::NodeForeign { shipment: id, found: other.id() };
        expect_revert(world.custody(World::WHOLESALER, &call), error);
        // All goes back for the cause for which it came: it would be the holding that it was.
        let (refused, cause) = (sent.source(&[(3, 0)]), word("ship"));
        let call = Custody::receiveInPartCall { id, refused, cause };
        expect_revert(world.custody(World::WHOLESALER, &call), Custody::HoldingExists { id });
        assert_eq!(id, holding_id(World::FACTORY, cause, sent.tree.root()));
    }

    /// Goods are set apart in three states; two of them end by release.
    fn segregate_and_release_have_their_states() {
        let (mut world, stock) = eight();
        for state in [State::None, State::Held, State::InTransit, State::Pruning] {
            let error = Custody::StateNotAllowed { state: state as u8 };
            let call = segregate(stock.source(&[(0, 0)]), state);
            expect_revert(world.custody(World::FACTORY, &call), error);
        }
        let call = segregate(stock.source(&[(0, 0)]), State::Stolen);
        let stolen = world.custody(World::FACTORY, &call).expect("segregate").value;
        let release = |id| Custody::releaseCall { id, cause: word("release") };
        let error = Custody::WrongState { id: stolen, state: State::Stolen as u8 };
        expect_revert(world.custody(World::FACTORY, &release(stolen)), error);
        let id = stock.id();
        let error = Custody::WrongState { id, state: State::Held as u8 };
        expect_revert(world.custody(World::FACTORY, &release(id)), error);
        // What is set apart neither moves nor is used.
        let whole = stock.source(&[(2, 1)]);
        let call = Custody::segregateCall { cause: word("other"), ..segregate(whole, State::Lost) };
        let apart = world.custody(World::FACTORY, &call).expect("segregate").value;
        let tree = theriac_contract_tests::Tree::new((4..8).map(|i| stock.tree.hash(0, i)).collect());
        let seed = theriac_contract_tests::seed(World::FACTORY, word("other"));
        let lost = Stock { seed, tree };
        assert_eq!(lost.id(), apart);
        let error = || Custody::WrongState { id: apart, state: State::Lost as u8 };
        let call = ship(vec![lost.source(&[(0, 0)])]);
        expect_revert(world.custody(World::FACTORY, &call), error());
        let call = retire(vec![lost.units(&[(0, 4)], 0)]);
        expect_revert(world.custody(World::FACTORY, &call), error());
    }

    /// Each reason has its operation, and each use its roles.
    fn reasons_have_their_operation() {
        let (mut world, stock) = eight();
        for reason in Reason::ALL {
            let number = reason as u8;
            if reason.is_use() {
                let call = Custody::writeOffCall { reason: number, ..write_off(stock.id(), 0, 0) };
                let error = Custody::ReasonNotAllowed { reason: number };
                expect_revert(world.custody(World::FACTORY, &call), error);
            } else {
                let units = vec![stock.units(&[(0, 0)], 0)];
                let call = Custody::retireCall { reason: number, ..retire(units) };
                let error = Custody::ReasonNotAllowed { reason: number };
                expect_revert(world.custody(World::FACTORY, &call), error);
            }
        }
        let reasons = [(Reason::Dispensed, 16), (Reason::Exported, 7), (Reason::Repackaged, 3)];
        for (reason, any_of) in reasons {
            for (_, roles, account) in World::MEMBERS {
                let call = Custody::retireCall { reason: reason as u8, ..retire(vec![]) };
                let found = world.custody(account, &call);
                if roles & any_of == 0 {
                    expect_revert(found, Custody::RoleMissing { account, anyOf: any_of });
                } else {
                    expect_revert(found, Custody::NothingListed {});
                }
            }
        }
    }

    /// Recalled, blocked and expired lots are not used.
    fn lots_must_be_usable() {
        let (mut world, stock) = eight();
        let (lot_tag, cause) = (word("lot"), word("cause"));
        let call = retire(vec![stock.units(&[(0, 0)], 0)]);
        let statuses = [LotStatus::RecalledI, LotStatus::RecalledII, LotStatus::RecalledIII];
        for (at, status) in statuses.into_iter().chain([LotStatus::Blocked]).enumerate() {
            let class = at as u8 + 1;
            let decision: Vec<u8> = match status {
                LotStatus::Blocked => Custody::blockLotCall { lotTag: lot_tag, cause }.abi_encode(),
                _ => Custody::recallCall { lotTag: lot_tag, class, cause }.abi_encode(),
            };
            let custody = world.at.custody;
            world.evm.call_raw(World::REGULATOR, custody, decision.into()).expect("a decision");
            let error = Custody::LotNotNormal { lotTag: lot_tag, status: status as u8 };
            expect_revert(world.custody(World::FACTORY, &call), error);
            // A usable lot first does not help.
            world.commission("good lot", 50 + u64::from(class), 1);
            let lots = vec![word("good lot"), lot_tag];
            let call = Custody::retireCall {
                lotTags: lots,
                sources: vec![stock.units(&[(0, 0)], 1)],
                ..call.clone()
            };
            let error = Custody::LotNotNormal { lotTag: lot_tag, status: status as u8 };
            expect_revert(world.custody(World::FACTORY, &call), error);
        }
        let lift = Custody::liftCall { lotTag: lot_tag, cause };
        world.custody(World::REGULATOR, &lift).expect("lifted");
        let unknown = Custody::retireCall { lotTags: vec![word("unknown")], ..call.clone() };
        let error = Custody::LotUnknown { lotTag: word("unknown") };
        expect_revert(world.custody(World::FACTORY, &unknown), error);
        world.evm.set_time((u64::from(EXPIRY_DAY) + 1) * 86_400);
        let error = Custody::LotExpired { lotTag: lot_tag, expiry: EXPIRY_DAY };
        expect_revert(world.custody(World::FACTORY, &call), error);
        world.evm.set_time((u64::from(EXPIRY_DAY) + 1) * 86_400 - 1);
        world.custody(World::FACTORY, &call).expect("usable on the last day");
    }

    /// A unit is of the lot that its leaf says: a good lot's name does not help one of a bad lot.
    fn lots_are_not_disguised() {
        let (mut world, stock) = eight();
        world.commission("good lot", 50, 1);
        let call = Custody::retireCall {
            lotTags: vec![word("good lot")],
            ..retire(vec![stock.units(&[(2, 2)], 0)])
        };
        let Err(found) = world.custody(World::FACTORY, &call) else { panic!("went through") };
        let unknown = <Custody::HoldingUnknown as alloy::sol_types::SolError>::SELECTOR;
        assert_eq!(found.selector(), unknown);
        for (lots, number) in [(1, 1), (1, 255), (2, 2)] {
            let call = Custody::retireCall {
                lotTags: vec![word("lot"); lots],
                ..retire(vec![stock.units(&[(2, 2)], number)])
            };
            let lots = alloy::primitives::U256::from(lots);
            expect_revert(
                world.custody(World::FACTORY, &call),
                Custody::LotNumberInvalid { number, lots },
            );
        }
    }

    /// Lots are recalled by their labeler or a regulator, whose word is the last.
    fn decisions_on_lots_are_checked() {
        let (mut world, _) = eight();
        let (lot_tag, cause) = (word("lot"), word("cause"));
        let recall = |lot_tag, class| Custody::recallCall { lotTag: lot_tag, class, cause };
        let block = Custody::blockLotCall { lotTag: lot_tag, cause };
        let lift = Custody::liftCall { lotTag: lot_tag, cause };
        for class in [0, 4, 255] {
            let error = Custody::RecallClassInvalid { class };
            expect_revert(world.custody(World::FACTORY, &recall(lot_tag, class)), error);
        }
        let unknown = word("unknown");
        let error = Custody::LotUnknown { lotTag: unknown };
        expect_revert(world.custody(World::REGULATOR, &recall(unknown, 1)), error);
        for caller in [World::REPACKAGER, World::WHOLESALER] {
            let error = || Custody::NotLabeler { lotTag: lot_tag, caller };
            expect_revert(world.custody(caller, &recall(lot_tag, 1)), error());
            expect_revert(world.custody(caller, &block), error());
            expect_revert(world.custody(caller, &lift), error());
        }
        let error = Custody::LotAlreadyNormal { lotTag: lot_tag };
        expect_revert(world.custody(World::FACTORY, &lift), error);
        world.custody(World::REGULATOR, &recall(lot_tag, 1)).expect("recall");
        let status = LotStatus::RecalledI as u8;
        let error = || Custody::SetByRegulator { lotTag: lot_tag, status };
        expect_revert(world.custody(World::FACTORY, &lift), error());
        expect_revert(world.custody(World::FACTORY, &recall(lot_tag, 3)), error());
        expect_revert(world.custody(World::FACTORY_2, &block), error());
        world.custody(World::REGULATOR, &lift).expect("lift");
        world.custody(World::FACTORY_2, &recall(lot_tag, 3)).expect("recall");
    }

    /// A multicall of nonsense fails, and one of several operations is all or nothing.
    fn multicall_is_all_or_nothing() {
        let (mut world, stock) = eight();
        let nonsense = Custody::multicallCall { data: vec![Bytes::new()] };
        expect_revert(world.custody(World::FACTORY, &nonsense), Custody::FailedCall {});
        let once: Bytes = write_off(stock.id(), 0, 0).abi_encode().into();
        let twice = Custody::multicallCall { data: vec![once.clone(), once] };
        let error = Custody::AlreadySpent { id: stock.id(), height: 0, index: 0 };
        expect_revert(world.custody(World::FACTORY, &twice), error);
        assert!(!world.is_spent(stock.id(), 3, 0));
    }
}
