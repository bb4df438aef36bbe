//! Nothing is deleted before its time, and then by anybody.

use alloy::primitives::U256;
use theriac_contract_tests::custody::Custody;
use theriac_contract_tests::{
    EXPIRY_DAY, GRACE_DAYS, LotStatus, NOW_S, Reason, Source, State, World, expect_revert, word,
};

use super::operations::{in_transit, retire, ship, write_off};
use super::restore::{dispensed, restore};

const PRUNABLE_S: u64 = (EXPIRY_DAY as u64 + 1 + GRACE_DAYS as u64) * 86_400;

fn prune(id: alloy::primitives::B256, keys: &[u64]) -> Custody::pruneCall {
    Custody::pruneCall { id, keys: keys.iter().copied().map(U256::from).collect() }
}

scenarios! {
    /// Holdings wait for their expiry and the days of grace, in every state.
    fn holdings_have_their_time() {
        let (mut world, sent) = in_transit();
        let id = sent.id();
        for time_s in [NOW_S, u64::from(EXPIRY_DAY + 1) * 86_400, PRUNABLE_S - 1] {
            world.evm.set_time(time_s);
            for by in [World::STRANGER, World::FACTORY, World::GOVERNOR] {
                let error = Custody::TooEarly { from: U256::from(PRUNABLE_S) };
                expect_revert(world.custody(by, &prune(id, &[])), error);
            }
        }
        world.evm.set_time(PRUNABLE_S);
        world.custody(World::STRANGER, &prune(id, &[])).expect("pruned");
        let error = Custody::HoldingUnknown { id };
        expect_revert(world.custody(World::STRANGER, &prune(id, &[])), error);
    }

    /// Keys are of words that are not zero, each once; while some are left nothing else happens to the holding.
    fn keys_are_in_use() {
        let mut world = World::new();
        let stock = world.commission("lot", 0, 1024);
        let id = stock.id();
        for index in [0, 300] {
            world.custody(World::FACTORY, &write_off(id, 0, index)).expect("off");
        }
        world.evm.set_time(PRUNABLE_S);
        for keys in [&[2][..], &[0, 0], &[0, 1, 2], &[3, 0]] {
            let key = U256::from(*keys.iter().find(|k| **k > 1).unwrap_or(&0));
            let error = Custody::KeyUnused { id, key };
            expect_revert(world.custody(World::STRANGER, &prune(id, keys)), error);
        }
        world.custody(World::STRANGER, &prune(id, &[1])).expect("one of two");
        let found = world.holding(id);
        assert_eq!((found.state, found.slots), (State::Pruning as u8, 1));
        let error = || Custody::WrongState { id, state: State::Pruning as u8 };
        let calls = [vec![stock.source(&[(0, 1)])], vec![stock.source(&[(0, 300)])]];
        for sources in calls {
            expect_revert(world.custody(World::FACTORY, &ship(sources)), error());
        }
        expect_revert(world.custody(World::FACTORY, &write_off(id, 0, 300)), error());
        let call = Custody::releaseCall { id, cause: word("release") };
        expect_revert(world.custody(World::FACTORY, &call), error());
        let call = Custody::receiveShipmentCall { id, cause: word("receive") };
        expect_revert(world.custody(World::FACTORY, &call), error());
        let call = Custody::cancelCall { id, cause: word("cancel") };
        expect_revert(world.custody(World::FACTORY, &call), error());
        let error = Custody::KeyUnused { id, key: U256::from(1) };
        expect_revert(world.custody(World::STRANGER, &prune(id, &[1])), error);
        world.custody(World::STRANGER, &prune(id, &[0])).expect("the last");
        assert_eq!(world.holding(id).state, State::None as u8);
    }

    /// Lots wait as long.
    fn lots_have_their_time() {
        let mut world = World::new();
        world.commission("lot", 0, 8);
        let lots = |names: &[&str]| Custody::pruneLotsCall {
            lotTags: names.iter().map(|name| word(name)).collect(),
        };
        let nothing = Custody::NothingListed {};
        expect_revert(world.custody(World::STRANGER, &lots(&[])), nothing);
        let error = Custody::LotUnknown { lotTag: word("unknown") };
        expect_revert(world.custody(World::STRANGER, &lots(&["unknown"])), error);
        world.evm.set_time(PRUNABLE_S - 1);
        let error = Custody::TooEarly { from: U256::from(PRUNABLE_S) };
        expect_revert(world.custody(World::STRANGER, &lots(&["lot"])), error);
        world.evm.set_time(PRUNABLE_S);
        let (lot, cause) = (word("lot"), word("recall"));
        let recall = Custody::recallCall { lotTag: lot, class: 2, cause };
        world.custody(World::FACTORY, &recall).expect("its labeler recalls it");
        let error = Custody::LotNotNormal { lotTag: lot, status: LotStatus::RecalledII as u8 };
        expect_revert(world.custody(World::STRANGER, &lots(&["lot"])), error);
        let lift = Custody::liftCall { lotTag: lot, cause };
        world.custody(World::FACTORY, &lift).expect("its labeler lifts it");
        let error = Custody::LotUnknown { lotTag: word("lot") };
        expect_revert(world.custody(World::STRANGER, &lots(&["lot", "lot"])), error.clone());
        world.custody(World::STRANGER, &lots(&["lot"])).expect("pruned");
        expect_revert(world.custody(World::FACTORY, &retire_of_nothing()), Custody::NothingListed {});
        expect_revert(world.custody(World::STRANGER, &lots(&["lot"])), error);
    }

    /// Records of retirements wait for the end of their window.
    fn records_have_their_time() {
        let (mut world, _, batch) = dispensed();
        let key = batch.key();
        let prune = |keys| Custody::pruneRetirementsCall { keys };
        let error = Custody::NothingListed {};
        expect_revert(world.custody(World::STRANGER, &prune(vec![])), error);
        let error = Custody::RetirementUnknown { key: word("key") };
        expect_revert(world.custody(World::STRANGER, &prune(vec![word("key")])), error);
        world.evm.set_time(batch.until);
        let error = Custody::TooEarly { from: U256::from(batch.until + 1) };
        expect_revert(world.custody(World::STRANGER, &prune(vec![key])), error);
        world.evm.set_time(batch.until + 1);
        world.custody(World::STRANGER, &prune(vec![key])).expect("pruned");
        let error = Custody::RetirementUnknown { key };
        expect_revert(world.custody(World::STRANGER, &prune(vec![key])), error.clone());
        world.evm.set_time(batch.until);
        expect_revert(world.custody(World::PHARMACY, &restore(&batch, &[true])), error);
    }

    /// A record never outlives its holding: the window ends before the holding could be pruned.
    fn windows_end_before_pruning() {
        let mut world = World::new();
        let stock = world.commission("lot", 0, 8);
        let id = stock.id();
        world.evm.set_time(PRUNABLE_S - 86_400);
        let lost = |index| Custody::writeOffCall {
            reason: Reason::Lost as u8,
            ..write_off(id, 0, index)
        };
        world.custody(World::FACTORY, &lost(0)).expect("lost");
        let batch = theriac_contract_tests::Batch {
            holder: 1,
            sources: vec![Source::new(id, &[(0, 0)])],
            reason: Reason::Lost,
            cause: word("off"),
            until: PRUNABLE_S - 1,
        };
        let call = Custody::retirementCall { key: batch.key() };
        let found = world.evm.view(world.at.custody, &call).expect("a view");
        assert_eq!((found.holder.to::<u64>(), found.until.to::<u64>()), (1, PRUNABLE_S - 1));
        world.evm.set_time(PRUNABLE_S);
        let error = Custody::WindowClosed { until: restore(&batch, &[true]).until };
        expect_revert(world.custody(World::FACTORY, &restore(&batch, &[true])), error);
        // What is written off so late cannot be undone at all.
        world.custody(World::FACTORY, &lost(1)).expect("lost");
        assert_eq!(world.holding(id).slots, 0);
        world.custody(World::STRANGER, &prune(id, &[])).expect("pruned");
        let keys = vec![batch.key()];
        world.custody(World::STRANGER, &Custody::pruneRetirementsCall { keys }).expect("pruned");
        let lots = vec![word("lot")];
        world.custody(World::STRANGER, &Custody::pruneLotsCall { lotTags: lots }).expect("pruned");
        assert!(world.evm.slots(world.at.custody).is_empty());
    }
}

fn retire_of_nothing() -> Custody::retireCall {
    retire(vec![])
}
