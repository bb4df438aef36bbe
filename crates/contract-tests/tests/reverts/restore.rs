//! What is undone, when, and by whom.

use alloy::primitives::{Bytes, U256};
use theriac_contract_tests::custody::{Custody, ICustody};
use theriac_contract_tests::registry::Registry;
use theriac_contract_tests::{
    Batch, NOW_S, Reason, Source, State, Stock, World, expect_revert, pack_choice, pack_places,
    pack_sources, word,
};

use super::operations::{ship, write_off};

const UNTIL_S: u64 = NOW_S + 10 * 86_400;

pub(crate) fn restore(batch: &Batch, chosen: &[bool]) -> Custody::restoreCall {
    Custody::restoreCall {
        places: pack_sources(&batch.sources),
        reason: batch.reason as u8,
        retiredBy: batch.cause,
        until: batch.until.to_string().parse().expect("a time"),
        which: pack_choice(chosen),
        cause: word("undo"),
    }
}

/// Three of eight units dispensed by the pharmacy.
pub(crate) fn dispensed() -> (World, Stock, Batch) {
    let mut world = World::new();
    let stock = world.commission("lot", 0, 8);
    let stock = world.hand_over(World::FACTORY, &stock, World::PHARMACY, word("ship"));
    let (reason, cause) = (Reason::Dispensed, word("sale"));
    let call = Custody::retireCall {
        lotTags: vec![word("lot")],
        sources: vec![stock.units(&[(1, 1), (4, 4), (6, 6)], 0)],
        reason: reason as u8,
        cause,
    };
    world.custody(World::PHARMACY, &call).expect("dispensed");
    let sources = vec![Source::new(stock.id(), &[(0, 1), (0, 4), (0, 6)])];
    let batch = Batch { holder: 5, sources, reason, cause, until: UNTIL_S };
    (world, stock, batch)
}

scenarios! {
    /// The window closes with its last second.
    fn the_window_closes() {
        let (mut world, _, batch) = dispensed();
        let call = restore(&batch, &[true; 3]);
        world.evm.set_time(UNTIL_S + 1);
        let until = call.until;
        expect_revert(world.custody(World::PHARMACY, &call), Custody::WindowClosed { until });
        world.evm.set_time(UNTIL_S);
        world.custody(World::PHARMACY, &call).expect("in the last second");
    }

    /// A record is for its member, with exactly what was recorded.
    fn records_say_what_they_are_of() {
        let (mut world, _, batch) = dispensed();
        let good = restore(&batch, &[true; 3]);
        for caller in [World::FACTORY, World::REGULATOR] {
            let error = Custody::NotHolder { id: batch.key(), caller };
            expect_revert(world.custody(caller, &good), error);
        }
        let mut others = Vec::new();
        let mut other = batch.clone();
        other.sources[0].places[1] = (0, 5);
        others.push(other);
        others.push(Batch { reason: Reason::Exported, ..batch.clone() });
        others.push(Batch { cause: word("other"), ..batch.clone() });
        others.push(Batch { until: UNTIL_S + 1, ..batch.clone() });
        others.push(Batch { until: UNTIL_S - 1, ..batch.clone() });
        for other in others {
            let error = Custody::RetirementUnknown { key: other.key() };
            expect_revert(world.custody(World::PHARMACY, &restore(&other, &[true; 3])), error);
        }
        world.custody(World::PHARMACY, &good).expect("restored");
        let error = Custody::RetirementUnknown { key: batch.key() };
        expect_revert(world.custody(World::PHARMACY, &good), error);
    }

    /// A choice of nothing undoes nothing; so does one of bits beyond the list.
    fn something_is_chosen() {
        let (mut world, _, batch) = dispensed();
        for which in [vec![], vec![0], vec![0b1111_1000], vec![0, 0xff]] {
            let call = Custody::restoreCall { which: which.into(), ..restore(&batch, &[]) };
            expect_revert(world.custody(World::PHARMACY, &call), Custody::NothingListed {});
        }
        let call = restore(&batch, &[false, true]);
        world.custody(World::PHARMACY, &call).expect("one came back");
    }

    /// Some reasons are for ever, and so are retirements of a member without days for undoing.
    fn some_retirements_are_for_ever() {
        let mut world = World::new();
        let stock = world.commission("lot", 0, 8);
        let id = stock.id();
        for reason in Reason::ALL {
            let sources = vec![Source::new(id, &[(0, 0)])];
            let cause = word("off");
            let batch = Batch { holder: 1, sources, reason, cause, until: UNTIL_S };
            let error = Custody::NotUndoable { reason: reason as u8 };
            if !reason.is_undoable() {
                expect_revert(world.custody(World::FACTORY, &restore(&batch, &[true])), error);
            }
        }
        let call = Registry::setUndoDaysCall { gln: World::MEMBERS[0].0, undoDays: 0 };
        world.registry(World::GOVERNOR, &call).expect("no days");
        let lost = Custody::writeOffCall { reason: Reason::Lost as u8, ..write_off(id, 0, 0) };
        let done = world.custody(World::FACTORY, &lost).expect("lost");
        let sources = vec![Source::new(id, &[(0, 0)])];
        let event = Custody::Retired {
            holder: World::FACTORY,
            reason: Reason::Lost as u8,
            places: pack_sources(&sources),
            cause: word("off"),
            until: "0".parse().expect("a number"),
        };
        let data = alloy::sol_types::SolEvent::encode_log_data(&event);
        done.expect_logs(world.at.custody, &[data]);
        let (reason, cause) = (Reason::Lost, word("off"));
        for until in [NOW_S, UNTIL_S] {
            let batch = Batch { holder: 1, sources: sources.clone(), reason, cause, until };
            let error = Custody::RetirementUnknown { key: batch.key() };
            expect_revert(world.custody(World::FACTORY, &restore(&batch, &[true])), error);
        }
    }

    /// What is not held any more, or set apart, does not come back.
    fn the_holding_must_be_held() {
        let mut world = World::new();
        let stock = world.commission("lot", 0, 8);
        let sources = vec![stock.source(&[(3, 0)])];
        let (state, cause) = (State::Lost as u8, word("apart"));
        let call = Custody::segregateCall { sources, state, cause };
        let id = world.custody(World::FACTORY, &call).expect("apart").value;
        let call = Custody::writeOffCall { reason: Reason::Lost as u8, ..write_off(id, 1, 1) };
        world.custody(World::FACTORY, &call).expect("lost");
        let (reason, cause) = (Reason::Lost, word("off"));
        let sources = vec![Source::new(id, &[(1, 1)])];
        let batch = Batch { holder: 1, sources, reason, cause, until: UNTIL_S };
        let error = Custody::WrongState { id, state };
        expect_revert(world.custody(World::FACTORY, &restore(&batch, &[true])), error);
        let call = Custody::releaseCall { id, cause };
        world.custody(World::FACTORY, &call).expect("found");
        world.custody(World::FACTORY_2, &restore(&batch, &[true])).expect("back");
        assert!(!world.is_spent(id, 3, 0));
    }

    /// What came back can leave again, and then not come back once more by the same record.
    fn what_came_back_leaves_again() {
        let (mut world, stock, batch) = dispensed();
        let call = restore(&batch, &[false, true, false]);
        world.custody(World::PHARMACY, &call).expect("one came back");
        let sold = Custody::shipCall { to: World::FACTORY, ..ship(vec![stock.source(&[(0, 4)])]) };
        world.custody(World::PHARMACY, &sold).expect("ship");
        let error = Custody::RetirementUnknown { key: batch.key() };
        expect_revert(world.custody(World::PHARMACY, &call), error);
        let rest = Batch { sources: batch.choose(&[false, true, false], false), ..batch };
        assert_eq!(rest.sources[0].places, [(0, 1), (0, 6)]);
        world.custody(World::PHARMACY, &restore(&rest, &[true, true])).expect("the rest");
        let spent = (0..8).map(|index| world.is_spent(stock.id(), 0, index)).collect::<Vec<_>>();
        assert_eq!(spent, (0..8).map(|index| index == 4).collect::<Vec<_>>());
    }

    /// A holding counts its slots; at the greatest number nothing more can leave by a new slot.
    fn slots_are_counted() {
        let mut world = World::new();
        let id = world.commission_root("lot", word("root"), 20, word("slots"));
        let before = world.evm.slots(world.at.custody);
        world.custody(World::FACTORY, &write_off(id, 0, 0)).expect("off");
        assert_eq!(world.holding(id).slots, 1);
        let after = world.evm.slots(world.at.custody);
        let changed = before.iter().find(|(key, value)| after[*key] != **value);
        let (key, _) = changed.expect("the holding's own slot");
        let most = U256::from((1u64 << 23) - 1) << 137;
        world.evm.set_slot(world.at.custody, *key, after[key] | most);
        assert_eq!(world.holding(id).slots, (1 << 23) - 1);
        let error = Custody::SlotsTooMany { id };
        expect_revert(world.custody(World::FACTORY, &write_off(id, 0, 1 << 10)), error);
        world.custody(World::FACTORY, &write_off(id, 0, 1)).expect("in the same slot");
    }

    /// Several places of several holdings: a list must be the record's, byte for byte.
    fn lists_are_byte_for_byte() {
        let mut world = World::new();
        let stocks = [world.commission("lot", 0, 8), world.commission("lot", 8, 8)];
        let places = [(0, 1), (1, 1)];
        let loss = |stock: &Stock| ICustody::Loss { id: stock.id(), places: pack_places(&places) };
        let losses = stocks.iter().map(loss).collect();
        let (reason, cause) = (Reason::Lost, word("off"));
        let call = Custody::writeOffCall { losses, reason: reason as u8, cause };
        world.custody(World::FACTORY, &call).expect("off");
        let sources: Vec<_> = stocks.iter().map(|s| Source::new(s.id(), &places)).collect();
        let batch = Batch { holder: 1, sources, reason, cause, until: UNTIL_S };
        let good = restore(&batch, &[true; 4]);
        for at in 0..good.places.len() {
            let mut bytes = good.places.to_vec();
            bytes[at] ^= 1;
            let call = Custody::restoreCall { places: bytes.into(), ..good.clone() };
            let found = world.custody(World::FACTORY, &call).expect_err("another list");
            let unknown = <Custody::RetirementUnknown as alloy::sol_types::SolError>::SELECTOR;
            assert_eq!(found.selector(), unknown, "byte {at}");
        }
        let short = Bytes::copy_from_slice(&good.places[..39]);
        let call = Custody::restoreCall { places: short, ..good.clone() };
        world.custody(World::FACTORY, &call).expect_err("cut off");
        world.custody(World::FACTORY, &good).expect("restored");
    }
}
