//! The registry: admission, accounts, products.

use alloy::primitives::{Address, B256};
use theriac_contract_tests::registry::Registry;
use theriac_contract_tests::{World, expect_revert, word};

const GLN: u64 = 4_000_001_000_005;
const REPACKAGER_GLN: u64 = 4_000_002_000_004;
const WHOLESALER_GLN: u64 = 4_000_003_000_003;
const NEW: u64 = 4_000_009_000_007;
const GTIN: u64 = 9_506_000_134_352;

fn add(gln: u64, roles: u32, account: Address) -> Registry::addMemberCall {
    let (name, endpoint) = (String::from("Name"), String::from("https://node.example"));
    Registry::addMemberCall { gln, roles, licenceExpiry: 0, name, endpoint, account }
}

fn offer(gln: u64) -> Registry::offerProductCall {
    Registry::offerProductCall { gtin: GTIN, toGln: gln }
}

scenarios! {
    /// Members are admitted, suspended and licensed by governors only.
    fn members_are_the_governors() {
        let mut world = World::new();
        let role = Registry::GOVERNOR_ROLECall {};
        let role: B256 = world.evm.view(world.at.registry, &role).expect("a view");
        for account in [World::STRANGER, World::FACTORY, World::REGULATOR] {
            let error = || Registry::AccessControlUnauthorizedAccount { account, neededRole: role };
            expect_revert(world.registry(account, &add(NEW, 1, account)), error());
            let call = Registry::setStatusCall { gln: GLN, status: 2 };
            expect_revert(world.registry(account, &call), error());
            let call = Registry::setLicenceCall { gln: GLN, roles: 63, licenceExpiry: 0 };
            expect_revert(world.registry(account, &call), error());
            let call = Registry::setUndoDaysCall { gln: GLN, undoDays: 1 };
            expect_revert(world.registry(account, &call), error());
        }
        let call = Registry::renounceRoleCall { role, callerConfirmation: World::STRANGER };
        let error = Registry::AccessControlBadConfirmation {};
        expect_revert(world.registry(World::GOVERNOR, &call), error);
    }

    /// What a governor says of a member is checked.
    fn admission_is_checked() {
        let mut world = World::new();
        let (governor, stranger) = (World::GOVERNOR, World::STRANGER);
        for gln in [0, 10_000_000_000_000, u64::MAX] {
            let error = Registry::GlnInvalid { gln };
            expect_revert(world.registry(governor, &add(gln, 1, stranger)), error);
        }
        for roles in [0, 64, u32::MAX] {
            let error = || Registry::RolesInvalid { roles };
            expect_revert(world.registry(governor, &add(NEW, roles, stranger)), error());
            let call = Registry::setLicenceCall { gln: GLN, roles, licenceExpiry: 0 };
            expect_revert(world.registry(governor, &call), error());
        }
        let error = Registry::MemberExists { gln: GLN };
        expect_revert(world.registry(governor, &add(GLN, 1, stranger)), error);
        let error = Registry::AccountTaken { account: World::FACTORY, gln: GLN };
        expect_revert(world.registry(governor, &add(NEW, 1, World::FACTORY)), error);
        let error = Registry::AccountInvalid { account: Address::ZERO };
        expect_revert(world.registry(governor, &add(NEW, 1, Address::ZERO)), error);
        let call = Registry::setStatusCall { gln: GLN, status: 0 };
        expect_revert(world.registry(governor, &call), Registry::StatusInvalid { status: 0 });
        for undo_days in [366, u16::MAX] {
            let call = Registry::setUndoDaysCall { gln: GLN, undoDays: undo_days };
            let error = Registry::UndoDaysTooMany { undoDays: undo_days };
            expect_revert(world.registry(governor, &call), error);
        }
    }

    /// Who is not registered cannot be changed.
    fn members_must_be_known() {
        let mut world = World::new();
        let governor = World::GOVERNOR;
        let unknown = || Registry::MemberUnknown { gln: NEW };
        let call = Registry::setStatusCall { gln: NEW, status: 1 };
        expect_revert(world.registry(governor, &call), unknown());
        let call = Registry::setLicenceCall { gln: NEW, roles: 1, licenceExpiry: 0 };
        expect_revert(world.registry(governor, &call), unknown());
        let call = Registry::setUndoDaysCall { gln: NEW, undoDays: 1 };
        expect_revert(world.registry(governor, &call), unknown());
        let mut now_s = theriac_contract_tests::NOW_S;
        let call = Registry::setEndpointCall { gln: NEW, endpoint: String::new() };
        expect_revert(world.govern(&mut now_s, &call), unknown());
        let (signing, sealing) = (word("signing"), word("sealing"));
        let call = Registry::setServiceKeysCall { gln: NEW, signing, sealing };
        expect_revert(world.govern(&mut now_s, &call), unknown());
        let call = Registry::addAccountCall { gln: NEW, account: World::STRANGER };
        expect_revert(world.govern(&mut now_s, &call), unknown());
    }

    /// Others do not touch a member's accounts, endpoint and keys; governors revoke accounts, and that is all.
    fn a_member_is_its_own_master() {
        let mut world = World::new();
        let join = Registry::addAccountCall { gln: GLN, account: World::STRANGER };
        let (signing, sealing) = (word("signing"), word("sealing"));
        for caller in [World::STRANGER, World::WHOLESALER, World::REGULATOR, World::GOVERNOR] {
            let error = || Registry::NotOfMember { caller, gln: GLN };
            let call = Registry::setEndpointCall { gln: GLN, endpoint: String::new() };
            expect_revert(world.registry(caller, &call), error());
            let call = Registry::setServiceKeysCall { gln: GLN, signing, sealing };
            expect_revert(world.registry(caller, &call), error());
            expect_revert(world.registry(caller, &join), error());
            if caller != World::GOVERNOR {
                let call = Registry::revokeAccountCall { account: World::FACTORY_2 };
                expect_revert(world.registry(caller, &call), error());
            }
        }
        let account = World::STRANGER;
        let call = Registry::revokeAccountCall { account };
        let error = Registry::AccountUnknown { account };
        expect_revert(world.registry(World::GOVERNOR, &call), error);
    }

    /// A revoked account manages nothing and comes back to its member only.
    fn a_revoked_account_is_nobody() {
        let mut world = World::new();
        let lost = World::FACTORY_2;
        let call = Registry::revokeAccountCall { account: lost };
        world.registry(World::FACTORY, &call).expect("revoked");
        let error = Registry::AccountUnknown { account: lost };
        expect_revert(world.registry(World::FACTORY, &call), error);
        let back = Registry::addAccountCall { gln: GLN, account: lost };
        let error = Registry::NotOfMember { caller: lost, gln: GLN };
        expect_revert(world.registry(lost, &back), error);
        let elsewhere = Registry::addAccountCall { gln: WHOLESALER_GLN, account: lost };
        let error = || Registry::AccountTaken { account: lost, gln: GLN };
        expect_revert(world.registry(World::WHOLESALER, &elsewhere), error());
        expect_revert(world.registry(World::GOVERNOR, &add(NEW, 1, lost)), error());
        world.registry(World::FACTORY, &back).expect("back");
        expect_revert(world.registry(World::FACTORY, &back), error());
    }

    /// A member has at most 16 accounts; a revoked one makes room.
    fn accounts_are_at_most_16() {
        let mut world = World::new();
        let join = |n: u8| Registry::addAccountCall {
            gln: GLN,
            account: Address::with_last_byte(n),
        };
        for n in 100..114 {
            world.registry(World::FACTORY, &join(n)).expect("one of 16");
        }
        let error = Registry::AccountsTooMany { gln: GLN };
        expect_revert(world.registry(World::FACTORY, &join(114)), error);
        let call = Registry::revokeAccountCall { account: Address::with_last_byte(100) };
        world.registry(World::FACTORY, &call).expect("revoked");
        world.registry(World::FACTORY, &join(114)).expect("one of 16");
        let call = Registry::setStatusCall { gln: GLN, status: 2 };
        world.registry(World::GOVERNOR, &call).expect("suspended, all 16");
        for n in 101..=114 {
            let call = Registry::rolesOfCall { account: Address::with_last_byte(n) };
            assert_eq!(world.evm.view(world.at.registry, &call).expect("a view"), 0);
        }
    }

    /// A suspended member, or one without a licence, manages nothing; the governor still may.
    fn a_suspended_member_manages_nothing() {
        let mut world = World::new();
        let call = Registry::setStatusCall { gln: GLN, status: 2 };
        world.registry(World::GOVERNOR, &call).expect("suspended");
        let error = || Registry::NotOfMember { caller: World::FACTORY, gln: GLN };
        let call = Registry::addAccountCall { gln: GLN, account: World::STRANGER };
        expect_revert(world.registry(World::FACTORY, &call), error());
        let call = Registry::setEndpointCall { gln: GLN, endpoint: String::new() };
        expect_revert(world.registry(World::FACTORY, &call), error());
        let call = Registry::revokeAccountCall { account: World::FACTORY_2 };
        expect_revert(world.registry(World::FACTORY, &call), error());
        world.registry(World::GOVERNOR, &call).expect("the governor may");
    }

    /// Products are registered by governors and regulators, for labelers, once.
    fn products_are_checked() {
        let mut world = World::new();
        let product = |gtin, gln| Registry::addProductCall { gtin, labelerGln: gln };
        for caller in [World::STRANGER, World::FACTORY] {
            let error = Registry::NotRegulator { caller };
            expect_revert(world.registry(caller, &product(GTIN, GLN)), error);
        }
        for gtin in [0, 100_000_000_000_000] {
            let error = Registry::GtinInvalid { gtin };
            expect_revert(world.registry(World::GOVERNOR, &product(gtin, GLN)), error);
        }
        for gln in [WHOLESALER_GLN, NEW, 0] {
            let error = Registry::NotALabeler { gln };
            expect_revert(world.registry(World::GOVERNOR, &product(GTIN, gln)), error);
        }
        let suspend = |status| Registry::setStatusCall { gln: GLN, status };
        world.registry(World::GOVERNOR, &suspend(2)).expect("suspended");
        let error = Registry::NotALabeler { gln: GLN };
        expect_revert(world.registry(World::GOVERNOR, &product(GTIN, GLN)), error);
        world.registry(World::GOVERNOR, &suspend(1)).expect("active");
        world.registry(World::GOVERNOR, &product(GTIN, GLN)).expect("added");
        let error = Registry::ProductExists { gtin: GTIN, labelerGln: GLN };
        expect_revert(world.registry(World::GOVERNOR, &product(GTIN, REPACKAGER_GLN)), error);
    }

    /// A product changes hands when its labeler offers and the other accepts.
    fn transfers_have_two_steps() {
        let mut world = World::new();
        let accept = Registry::acceptProductCall { gtin: GTIN };
        let unknown = || Registry::ProductUnknown { gtin: GTIN };
        expect_revert(world.registry(World::FACTORY, &offer(REPACKAGER_GLN)), unknown());
        expect_revert(world.registry(World::FACTORY, &accept), unknown());
        let call = Registry::addProductCall { gtin: GTIN, labelerGln: GLN };
        world.registry(World::GOVERNOR, &call).expect("added");
        let error = Registry::NotALabeler { gln: WHOLESALER_GLN };
        expect_revert(world.registry(World::FACTORY, &offer(WHOLESALER_GLN)), error);
        for caller in [World::REPACKAGER, World::GOVERNOR, World::STRANGER] {
            let error = Registry::NotLabelerOfProduct { caller, gtin: GTIN, labelerGln: GLN };
            expect_revert(world.registry(caller, &offer(REPACKAGER_GLN)), error);
        }
        let not_offered = |caller, gln| Registry::NotOffered {
            caller,
            gtin: GTIN,
            offeredGln: gln,
        };
        world.registry(World::FACTORY, &offer(REPACKAGER_GLN)).expect("offered");
        for caller in [World::FACTORY, World::GOVERNOR, World::WHOLESALER] {
            let error = not_offered(caller, REPACKAGER_GLN);
            expect_revert(world.registry(caller, &accept), error);
        }
        world.registry(World::FACTORY, &offer(0)).expect("withdrawn");
        let error = not_offered(World::REPACKAGER, 0);
        expect_revert(world.registry(World::REPACKAGER, &accept), error);
        world.registry(World::FACTORY, &offer(REPACKAGER_GLN)).expect("offered");
        let suspend = |status| Registry::setStatusCall { gln: REPACKAGER_GLN, status };
        world.registry(World::GOVERNOR, &suspend(2)).expect("suspended");
        let error = Registry::NotALabeler { gln: REPACKAGER_GLN };
        expect_revert(world.registry(World::REPACKAGER, &accept), error);
        world.registry(World::GOVERNOR, &suspend(1)).expect("active");
        world.registry(World::REPACKAGER, &accept).expect("accepted");
        let error = not_offered(World::REPACKAGER, 0);
        expect_revert(world.registry(World::REPACKAGER, &accept), error);
        let caller = World::FACTORY;
        let error =
            Registry::NotLabelerOfProduct { caller, gtin: GTIN, labelerGln: REPACKAGER_GLN };
        expect_revert(world.registry(caller, &offer(GLN)), error);
    }
}
