//! The registry: who governs, members, accounts and products.

use alloy::primitives::{Address, B256, U256};
use alloy::sol_types::{SolCall, SolEvent};
use theriac_contract_tests::registry::{IRegistry, Registry};
use theriac_contract_tests::timelock::Timelock;
use theriac_contract_tests::{DELAY_S, NOW_S, World, expect_revert, word};

const GLN: u64 = 4_000_001_000_005;
const REPACKAGER_GLN: u64 = 4_000_002_000_004;
const GTIN: u64 = 9_506_000_134_352;
const TODAY: u32 = (NOW_S / 86_400) as u32;

fn roles(world: &mut World, account: Address) -> u32 {
    world.evm.view(world.at.registry, &Registry::rolesOfCall { account }).expect("a view")
}

/// Number, GLN, roles and days for undoing of an account.
fn account(world: &mut World, account: Address) -> (u64, u64, u32, u16) {
    let call = Registry::accountOfCall { account };
    let found = world.evm.view(world.at.registry, &call).expect("a view");
    (found.number.to(), found.gln, found.roles, found.undoDays)
}

fn accounts(world: &mut World, gln: u64) -> Vec<Address> {
    world.evm.view(world.at.registry, &Registry::accountsOfCall { gln }).expect("a view")
}

fn account_at(world: &mut World, number: u64) -> Address {
    let number = number.to_string().parse().expect("a number");
    world.evm.view(world.at.registry, &Registry::accountAtCall { number }).expect("a view")
}

fn member(world: &mut World, gln: u64) -> IRegistry::Member {
    world.evm.view(world.at.registry, &Registry::memberCall { gln }).expect("a view")
}

fn revoke(world: &mut World, by: Address, account: Address) {
    let call = Registry::revokeAccountCall { account };
    world.registry(by, &call).expect("revoked");
}

#[test]
fn a_member_is_admitted_with_its_first_account() {
    let mut world = World::empty();
    let (name, endpoint) = (String::from("Name"), String::from("https://node.example"));
    let (roles, licence_expiry, first) = (5, 20_500, World::FACTORY);
    let call = Registry::addMemberCall {
        gln: GLN,
        roles,
        licenceExpiry: licence_expiry,
        name: name.clone(),
        endpoint: endpoint.clone(),
        account: first,
    };
    let done = world.registry(World::GOVERNOR, &call).expect("admitted");
    let added = Registry::MemberAdded {
        gln: GLN,
        roles,
        licenceExpiry: licence_expiry,
        name: name.clone(),
        endpoint: endpoint.clone(),
    };
    let logs = [
        added.encode_log_data(),
        Registry::AccountAdded { gln: GLN, account: first }.encode_log_data(),
    ];
    done.expect_logs(world.at.registry, &logs);
    let expected = IRegistry::Member {
        status: 1,
        roles,
        licenceExpiry: licence_expiry,
        undoDays: 10,
        name,
        endpoint,
        signing: B256::ZERO,
        sealing: B256::ZERO,
    };
    assert_eq!(member(&mut world, GLN), expected);
    assert_eq!(account(&mut world, first), (1, GLN, 5, 10));
    world.evm.set_time(20_501 * 86_400 - 1);
    assert_eq!(account(&mut world, first), (1, GLN, 5, 10));
    world.evm.set_time(20_501 * 86_400);
    assert_eq!(account(&mut world, first), (1, GLN, 0, 10));
    assert_eq!(account(&mut world, World::STRANGER), (0, 0, 0, 0));
}

#[test]
fn members_are_numbered_from_1_and_their_accounts_share_the_number() {
    let mut world = World::new();
    for (at, (gln, roles, first)) in World::MEMBERS.into_iter().enumerate() {
        let number = at as u64 + 1;
        assert_eq!(account(&mut world, first), (number, gln, roles, 10));
        assert_eq!(account_at(&mut world, number), first);
        let call = Registry::memberAtCall { number: number.to_string().parse().expect("small") };
        assert_eq!(world.evm.view(world.at.registry, &call).expect("a view"), gln);
        let call = Registry::numberOfCall { gln };
        let found = world.evm.view(world.at.registry, &call).expect("a view");
        assert_eq!(found.to::<u64>(), number);
        let call = Registry::memberOfCall { account: first };
        assert_eq!(world.evm.view(world.at.registry, &call).expect("a view"), gln);
    }
    assert_eq!(account(&mut world, World::FACTORY_2), (1, GLN, 1, 10));
    assert_eq!(accounts(&mut world, GLN), [World::FACTORY, World::FACTORY_2]);
    assert_eq!(account_at(&mut world, 7), Address::ZERO);
    assert_eq!(account_at(&mut world, 0), Address::ZERO);
}

#[test]
fn status_and_licence_decide_on_roles_of_all_accounts_at_once() {
    let mut world = World::new();
    for (status, expected) in [(2, 0), (1, 1), (3, 0), (1, 1)] {
        let call = Registry::setStatusCall { gln: GLN, status };
        let done = world.registry(World::GOVERNOR, &call).expect("set");
        let event = Registry::MemberStatusChanged { gln: GLN, status }.encode_log_data();
        done.expect_logs(world.at.registry, &[event]);
        assert_eq!(roles(&mut world, World::FACTORY), expected);
        assert_eq!(roles(&mut world, World::FACTORY_2), expected);
        assert_eq!(account(&mut world, World::FACTORY).1, GLN);
        assert_eq!(member(&mut world, GLN).status, status);
    }
    let call = Registry::setLicenceCall { gln: GLN, roles: 9, licenceExpiry: TODAY };
    let done = world.registry(World::GOVERNOR, &call).expect("set");
    let event = Registry::LicenceChanged { gln: GLN, roles: 9, licenceExpiry: TODAY };
    done.expect_logs(world.at.registry, &[event.encode_log_data()]);
    for (time_s, expected) in [(NOW_S, 9), (NOW_S + 86_399, 9), (NOW_S + 86_400, 0)] {
        world.evm.set_time(time_s);
        assert_eq!(roles(&mut world, World::FACTORY), expected);
        assert_eq!(roles(&mut world, World::FACTORY_2), expected);
    }
    let call = Registry::setLicenceCall { gln: GLN, roles: 1, licenceExpiry: TODAY + 1 };
    world.registry(World::GOVERNOR, &call).expect("renewed");
    assert_eq!(roles(&mut world, World::FACTORY_2), 1);
}

#[test]
fn days_for_undoing_are_of_the_member() {
    let mut world = World::new();
    for undo_days in [0, 365, 14] {
        let call = Registry::setUndoDaysCall { gln: GLN, undoDays: undo_days };
        let done = world.registry(World::GOVERNOR, &call).expect("set");
        let event = Registry::UndoDaysChanged { gln: GLN, undoDays: undo_days }.encode_log_data();
        done.expect_logs(world.at.registry, &[event]);
        for by in [World::FACTORY, World::FACTORY_2] {
            assert_eq!(account(&mut world, by).3, undo_days);
        }
        assert_eq!(member(&mut world, GLN).undoDays, undo_days);
    }
    assert_eq!(account(&mut world, World::WHOLESALER).3, 10);
}

#[test]
fn a_member_manages_its_endpoint_and_keys() {
    let mut world = World::new();
    let (signing, sealing) = (word("signing"), word("sealing"));
    for by in [World::FACTORY, World::FACTORY_2] {
        let endpoint = format!("https://{by}.example");
        let call = Registry::setEndpointCall { gln: GLN, endpoint: endpoint.clone() };
        let done = world.registry(by, &call).expect("moved");
        let event = Registry::EndpointChanged { gln: GLN, endpoint: endpoint.clone() };
        done.expect_logs(world.at.registry, &[event.encode_log_data()]);
        let call = Registry::setServiceKeysCall { gln: GLN, signing, sealing };
        let done = world.registry(by, &call).expect("keys");
        let event = Registry::ServiceKeysChanged { gln: GLN, signing, sealing };
        done.expect_logs(world.at.registry, &[event.encode_log_data()]);
        let found = member(&mut world, GLN);
        assert_eq!((found.endpoint, found.signing, found.sealing), (endpoint, signing, sealing));
    }
    let endpoint = "https://after-the-delay.example".to_owned();
    let call = Registry::setEndpointCall { gln: GLN, endpoint: endpoint.clone() };
    let mut now_s = theriac_contract_tests::NOW_S;
    world.govern(&mut now_s, &call).expect("by the timelock");
    assert_eq!(member(&mut world, GLN).endpoint, endpoint);
}

#[test]
fn accounts_are_rotated() {
    let mut world = World::new();
    let next = World::STRANGER;
    let call = Registry::addAccountCall { gln: GLN, account: next };
    let done = world.registry(World::FACTORY_2, &call).expect("joined");
    let event = Registry::AccountAdded { gln: GLN, account: next }.encode_log_data();
    done.expect_logs(world.at.registry, &[event]);
    assert_eq!(account(&mut world, next), (1, GLN, 1, 10));
    let call = Registry::revokeAccountCall { account: World::FACTORY };
    let done = world.registry(next, &call).expect("revoked");
    let event = Registry::AccountRevoked { gln: GLN, account: World::FACTORY };
    done.expect_logs(world.at.registry, &[event.encode_log_data()]);
    assert_eq!(account(&mut world, World::FACTORY), (0, 0, 0, 0));
    assert_eq!(accounts(&mut world, GLN), [World::FACTORY_2, next]);
    assert_eq!(account_at(&mut world, 1), World::FACTORY_2);
    // What changes of the member does not wake up the revoked account.
    for status in [2, 1] {
        let call = Registry::setStatusCall { gln: GLN, status };
        world.registry(World::GOVERNOR, &call).expect("set");
    }
    assert_eq!(roles(&mut world, World::FACTORY), 0);
    // It may come back, last in the list.
    let call = Registry::addAccountCall { gln: GLN, account: World::FACTORY };
    world.registry(next, &call).expect("back");
    assert_eq!(account(&mut world, World::FACTORY), (1, GLN, 1, 10));
    assert_eq!(accounts(&mut world, GLN), [World::FACTORY_2, next, World::FACTORY]);
}

#[test]
fn an_account_may_revoke_itself_and_the_last_one_stands_for_the_member() {
    let mut world = World::new();
    revoke(&mut world, World::FACTORY_2, World::FACTORY_2);
    revoke(&mut world, World::FACTORY, World::FACTORY);
    assert_eq!(accounts(&mut world, GLN), [World::FACTORY]);
    assert_eq!(account_at(&mut world, 1), World::FACTORY);
    assert_eq!(account(&mut world, World::FACTORY), (0, 0, 0, 0));
}

/// A call of the timelock that gives the factory another account.
struct Recovery {
    call: Registry::addAccountCall,
    salt: B256,
}

impl Recovery {
    fn new(account: Address) -> Self {
        Self { call: Registry::addAccountCall { gln: GLN, account }, salt: word("salt") }
    }

    fn schedule(&self, world: &World, delay_s: u64) -> Timelock::scheduleCall {
        Timelock::scheduleCall {
            target: world.at.registry,
            value: U256::ZERO,
            data: self.call.abi_encode().into(),
            predecessor: B256::ZERO,
            salt: self.salt,
            delay: U256::from(delay_s),
        }
    }

    fn execute(&self, world: &World) -> Timelock::executeCall {
        Timelock::executeCall {
            target: world.at.registry,
            value: U256::ZERO,
            payload: self.call.abi_encode().into(),
            predecessor: B256::ZERO,
            salt: self.salt,
        }
    }

    fn id(&self, world: &mut World) -> B256 {
        let call = Timelock::hashOperationCall {
            target: world.at.registry,
            value: U256::ZERO,
            data: self.call.abi_encode().into(),
            predecessor: B256::ZERO,
            salt: self.salt,
        };
        world.evm.view(world.at.timelock, &call).expect("a view")
    }
}

/// The state of an operation of the timelock as the error shows it: a bit for each state that would do.
fn only(state: u8) -> B256 {
    U256::from(1u8 << state).into()
}

const READY: u8 = 2;

#[test]
fn lost_keys_are_recovered_by_the_timelock_after_its_delay() {
    let mut world = World::new();
    let fresh = World::STRANGER;
    revoke(&mut world, World::GOVERNOR, World::FACTORY);
    revoke(&mut world, World::GOVERNOR, World::FACTORY_2);
    let recovery = Recovery::new(fresh);
    let (schedule, execute) = (recovery.schedule(&world, DELAY_S), recovery.execute(&world));
    let id = recovery.id(&mut world);

    let error =
        Timelock::TimelockUnexpectedOperationState { operationId: id, expectedStates: only(READY) };
    expect_revert(world.timelock(World::GOVERNOR, &execute), error.clone());
    world.timelock(World::GOVERNOR, &schedule).expect("proposed");
    for wait_s in [0, DELAY_S - 1] {
        world.evm.set_time(NOW_S + wait_s);
        expect_revert(world.timelock(World::GOVERNOR, &execute), error.clone());
    }
    assert_eq!(roles(&mut world, fresh), 0);
    world.evm.set_time(NOW_S + DELAY_S);
    world.timelock(World::GOVERNOR, &execute).expect("recovered");
    assert_eq!(account(&mut world, fresh), (1, GLN, 1, 10));
    assert_eq!(accounts(&mut world, GLN), [fresh]);
    assert_eq!(account_at(&mut world, 1), fresh);
    expect_revert(world.timelock(World::GOVERNOR, &execute), error);
    // The lost keys are of no use to who finds them.
    for lost in [World::FACTORY, World::FACTORY_2] {
        assert_eq!(roles(&mut world, lost), 0);
    }
}

#[test]
fn a_recovery_that_was_cancelled_or_hurried_does_not_happen() {
    let mut world = World::new();
    let recovery = Recovery::new(World::STRANGER);
    let hurried = recovery.schedule(&world, DELAY_S - 1);
    let error = Timelock::TimelockInsufficientDelay {
        delay: U256::from(DELAY_S - 1),
        minDelay: U256::from(DELAY_S),
    };
    expect_revert(world.timelock(World::GOVERNOR, &hurried), error);
    let schedule = recovery.schedule(&world, DELAY_S);
    world.timelock(World::GOVERNOR, &schedule).expect("proposed");
    let id = recovery.id(&mut world);
    world.timelock(World::GOVERNOR, &Timelock::cancelCall { id }).expect("cancelled");
    world.evm.set_time(NOW_S + 2 * DELAY_S);
    let error =
        Timelock::TimelockUnexpectedOperationState { operationId: id, expectedStates: only(READY) };
    expect_revert(world.timelock(World::GOVERNOR, &recovery.execute(&world)), error);
    assert_eq!(roles(&mut world, World::STRANGER), 0);
}

#[test]
fn the_timelock_appoints_and_removes_governors() {
    let mut world = World::new();
    let (mut now_s, next) = (NOW_S, World::STRANGER);
    let role = world.evm.view(world.at.registry, &Registry::GOVERNOR_ROLECall {}).expect("a view");
    let grant = Registry::grantRoleCall { role, account: next };
    world.govern(&mut now_s, &grant).expect("appointed");
    let call = Registry::setStatusCall { gln: GLN, status: 2 };
    world.registry(next, &call).expect("a governor suspends");
    let remove = Registry::revokeRoleCall { role, account: World::GOVERNOR };
    world.govern(&mut now_s, &remove).expect("removed");
    let error =
        Registry::AccessControlUnauthorizedAccount { account: World::GOVERNOR, neededRole: role };
    expect_revert(world.registry(World::GOVERNOR, &call), error);
}

#[test]
fn the_governor_administers_no_roles_and_nobody_the_timelock() {
    let mut world = World::new();
    let roles = [
        world.evm.view(world.at.registry, &Registry::GOVERNOR_ROLECall {}).expect("a view"),
        world.evm.view(world.at.registry, &Registry::RECOVERY_ROLECall {}).expect("a view"),
        B256::ZERO,
    ];
    for role in roles {
        let error = |account| Registry::AccessControlUnauthorizedAccount {
            account,
            neededRole: B256::ZERO,
        };
        for by in [World::GOVERNOR, World::FACTORY, World::STRANGER] {
            let call = Registry::grantRoleCall { role, account: by };
            expect_revert(world.registry(by, &call), error(by));
            let call = Registry::hasRoleCall { role: B256::ZERO, account: by };
            assert!(!world.evm.view(world.at.timelock, &call).expect("a view"));
        }
    }
    let call = Registry::hasRoleCall { role: B256::ZERO, account: world.at.timelock };
    assert!(world.evm.view(world.at.timelock, &call).expect("a view"));
}

#[test]
fn a_product_is_registered_once_and_transferred_in_two_steps() {
    let mut world = World::new();
    let call = Registry::addProductCall { gtin: GTIN, labelerGln: GLN };
    let event = Registry::ProductAdded { gtin: GTIN, gln: GLN }.encode_log_data();
    let done = world.registry(World::REGULATOR, &call).expect("added");
    done.expect_logs(world.at.registry, &[event]);
    let offer = Registry::offerProductCall { gtin: GTIN, toGln: REPACKAGER_GLN };
    let event = Registry::ProductOffered { gtin: GTIN, from: GLN, to: REPACKAGER_GLN };
    let done = world.registry(World::FACTORY_2, &offer).expect("offered");
    done.expect_logs(world.at.registry, &[event.encode_log_data()]);
    let labeler = Registry::labelerOfCall { gtin: GTIN };
    let offered = Registry::offeredToCall { gtin: GTIN };
    assert_eq!(world.evm.view(world.at.registry, &labeler).expect("a view"), GLN);
    assert_eq!(world.evm.view(world.at.registry, &offered).expect("a view"), REPACKAGER_GLN);
    let accept = Registry::acceptProductCall { gtin: GTIN };
    let event = Registry::ProductTransferred { gtin: GTIN, gln: REPACKAGER_GLN }.encode_log_data();
    let done = world.registry(World::REPACKAGER, &accept).expect("accepted");
    done.expect_logs(world.at.registry, &[event]);
    assert_eq!(world.evm.view(world.at.registry, &labeler).expect("a view"), REPACKAGER_GLN);
    assert_eq!(world.evm.view(world.at.registry, &offered).expect("a view"), 0);
}
