//! Documents and grants.

use theriac_contract_tests::documents::Documents;
use theriac_contract_tests::registry::Registry;
use theriac_contract_tests::{NOW_S, World, expect_revert, word};

const TODAY: u32 = (NOW_S / 86_400) as u32;
const WHOLESALER_GLN: u64 = 4_000_003_000_003;

fn publish(until: u32) -> Documents::publishCall {
    Documents::publishCall { document: word("document"), until }
}

fn grant(to: alloy::primitives::Address, until: u32) -> Documents::grantCall {
    Documents::grantCall { document: word("document"), to, until }
}

scenarios! {
    /// Only accounts with roles publish, until a day that is not past, and once.
    fn publishing_is_checked() {
        let mut world = World::new();
        let document = word("document");
        for account in [World::STRANGER, World::GOVERNOR] {
            let error = || Documents::RoleMissing { account, anyOf: 63 };
            expect_revert(world.documents(account, &publish(TODAY)), error());
            let call = grant(World::PHARMACY, TODAY);
            expect_revert(world.documents(account, &call), error());
            let call = Documents::revokeCall { document, to: World::PHARMACY };
            expect_revert(world.documents(account, &call), error());
        }
        let error = Documents::UntilPast { until: TODAY - 1 };
        expect_revert(world.documents(World::FACTORY, &publish(TODAY - 1)), error);
        let latest = TODAY + 30 * 365;
        for until in [latest + 1, u32::MAX] {
            let error = Documents::UntilTooLate { until, latest };
            expect_revert(world.documents(World::FACTORY, &publish(until)), error);
        }
        let other = Documents::publishCall { document: word("other"), until: latest };
        world.documents(World::FACTORY, &other).expect("published for 30 years");
        world.documents(World::FACTORY, &publish(TODAY)).expect("published");
        for by in [World::FACTORY, World::WHOLESALER] {
            let error = Documents::DocumentExists { document };
            expect_revert(world.documents(by, &publish(TODAY + 1)), error);
        }
        let call = Registry::setStatusCall { gln: World::MEMBERS[0].0, status: 2 };
        world.registry(World::GOVERNOR, &call).expect("suspended");
        let error = Documents::RoleMissing { account: World::FACTORY, anyOf: 63 };
        expect_revert(world.documents(World::FACTORY, &grant(World::PHARMACY, TODAY)), error);
    }

    /// Only the owner grants and revokes, to another member, while the document is offered.
    fn granting_is_checked() {
        let mut world = World::new();
        let document = word("document");
        let unknown = || Documents::DocumentUnknown { document };
        let to = World::WHOLESALER;
        let revoke = Documents::revokeCall { document, to };
        expect_revert(world.documents(World::FACTORY, &grant(to, TODAY)), unknown());
        expect_revert(world.documents(World::FACTORY, &revoke), unknown());
        world.documents(World::FACTORY, &publish(TODAY + 3)).expect("published");
        for caller in [World::WHOLESALER, World::REGULATOR] {
            let error = || Documents::NotOwner { document, caller };
            expect_revert(world.documents(caller, &grant(to, TODAY)), error());
            expect_revert(world.documents(caller, &revoke), error());
        }
        let error = Documents::UntilPast { until: TODAY - 1 };
        expect_revert(world.documents(World::FACTORY, &grant(to, TODAY - 1)), error);
        let error = Documents::UntilTooLate { until: TODAY + 4, latest: TODAY + 3 };
        expect_revert(world.documents(World::FACTORY, &grant(to, TODAY + 4)), error);
        for account in [World::STRANGER, World::GOVERNOR] {
            let error = Documents::NoMember { account };
            expect_revert(world.documents(World::FACTORY, &grant(account, TODAY)), error);
        }
        for to in [World::FACTORY, World::FACTORY_2] {
            let error = Documents::GrantsToSelf { to };
            expect_revert(world.documents(World::FACTORY, &grant(to, TODAY)), error);
        }
        let error = || Documents::NotGranted { document, gln: WHOLESALER_GLN };
        expect_revert(world.documents(World::FACTORY, &revoke), error());
        world.documents(World::FACTORY, &grant(to, TODAY)).expect("granted");
        world.documents(World::FACTORY, &revoke).expect("revoked");
        expect_revert(world.documents(World::FACTORY, &revoke), error());
    }

    /// Nothing is deleted before its last day has passed.
    fn pruning_is_checked() {
        let mut world = World::new();
        let document = word("document");
        let prune = Documents::pruneDocumentCall { document };
        let prune_grant = Documents::pruneGrantCall { document, gln: WHOLESALER_GLN };
        let error = Documents::DocumentUnknown { document };
        expect_revert(world.documents(World::STRANGER, &prune), error);
        let error = || Documents::NotGranted { document, gln: WHOLESALER_GLN };
        expect_revert(world.documents(World::STRANGER, &prune_grant), error());
        let until = TODAY + 2;
        world.documents(World::FACTORY, &publish(until)).expect("published");
        world.documents(World::FACTORY, &grant(World::WHOLESALER, until)).expect("granted");
        world.evm.set_time(u64::from(until + 1) * 86_400 - 1);
        for by in [World::STRANGER, World::FACTORY, World::GOVERNOR] {
            expect_revert(world.documents(by, &prune), Documents::TooEarly { until });
            expect_revert(world.documents(by, &prune_grant), Documents::TooEarly { until });
        }
        world.evm.set_time(u64::from(until + 1) * 86_400);
        world.documents(World::STRANGER, &prune).expect("pruned");
        world.documents(World::STRANGER, &prune_grant).expect("pruned");
        expect_revert(world.documents(World::STRANGER, &prune_grant), error());
    }
}
