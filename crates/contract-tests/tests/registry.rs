//! The registry: who governs, members, accounts and products.

use alloy::primitives::{Address, B256};
use alloy::sol_types::SolEvent;
use theriac_contract_tests::registry::{IRegistry, Registry};
use theriac_contract_tests::{NOW_S, World, expect_revert};

const GLN: u64 = 4_000_001_000_005;
const REPACKAGER_GLN: u64 = 4_000_002_000_004;
const WHOLESALER_GLN: u64 = 4_000_003_000_003;
const GTIN: u64 = 9_506_000_134_352;

fn add(gln: u64, roles: u32, account: Address) -> Registry::addMemberCall {
    let (name, endpoint) = (String::from("Name"), String::from("https://node.example"));
    Registry::addMemberCall { gln, roles, licenceExpiry: 20_500, name, endpoint, account }
}

fn roles(world: &mut World, account: Address) -> u32 {
    world.registry(World::STRANGER, &Registry::rolesOfCall { account }).expect("a view").value
}

fn member_of(world: &mut World, account: Address) -> u64 {
    world.registry(World::STRANGER, &Registry::memberOfCall { account }).expect("a view").value
}

fn account(world: &mut World, account: Address) -> (u64, u64, u32) {
    let call = Registry::accountOfCall { account };
    let found = world.registry(World::STRANGER, &call).expect("a view").value;
    (found.number.to(), found.gln, found.roles)
}

#[test]
fn a_member_is_admitted_with_its_first_account() {
    let mut world = World::empty();
    let (call, account_) = (add(GLN, 5, World::FACTORY), World::FACTORY);
    let done = world.registry(World::GOVERNOR, &call).expect("admitted");
    let added = Registry::MemberAdded {
        gln: GLN,
        roles: 5,
        licenceExpiry: 20_500,
        name: call.name.clone(),
        endpoint: call.endpoint.clone(),
    };
    let logs = [
        added.encode_log_data(),
        Registry::AccountAdded { gln: GLN, account: account_ }.encode_log_data(),
    ];
    done.expect_logs(world.registry, &logs);
    let found = world.registry(World::STRANGER, &Registry::memberCall { gln: GLN });
    let expected = IRegistry::Member {
        status: 1,
        roles: 5,
        licenceExpiry: 20_500,
        name: call.name,
        endpoint: call.endpoint,
    };
    assert_eq!(found.expect("a view").value, expected);
    assert_eq!(account(&mut world, account_), (1, GLN, 5));
    world.evm.set_time(20_501 * 86_400);
    assert_eq!(account(&mut world, account_), (1, GLN, 0));
    assert_eq!(account(&mut world, World::STRANGER), (0, 0, 0));
}

#[test]
fn admission_is_checked() {
    let mut world = World::new();
    let governor = World::GOVERNOR;
    let role = Registry::GOVERNOR_ROLECall {};
    let role: B256 = world.registry(World::STRANGER, &role).expect("a view").value;
    let error = |account| Registry::AccessControlUnauthorizedAccount { account, neededRole: role };
    let stranger = World::STRANGER;
    let new = 4_000_009_000_007;
    for caller in [stranger, World::FACTORY, World::REGULATOR] {
        expect_revert(world.registry(caller, &add(new, 1, stranger)), error(caller));
        let call = Registry::setStatusCall { gln: GLN, status: 2 };
        expect_revert(world.registry(caller, &call), error(caller));
        let call = Registry::setLicenceCall { gln: GLN, roles: 63, licenceExpiry: 0 };
        expect_revert(world.registry(caller, &call), error(caller));
    }
    for gln in [0, 10_000_000_000_000, u64::MAX] {
        let error = Registry::GlnInvalid { gln };
        expect_revert(world.registry(governor, &add(gln, 1, stranger)), error);
    }
    for roles in [0, 64, u32::MAX] {
        let error = || Registry::RolesInvalid { roles };
        expect_revert(world.registry(governor, &add(new, roles, stranger)), error());
        let call = Registry::setLicenceCall { gln: GLN, roles, licenceExpiry: 0 };
        expect_revert(world.registry(governor, &call), error());
    }
    let error = Registry::MemberExists { gln: GLN };
    expect_revert(world.registry(governor, &add(GLN, 1, stranger)), error);
    let error = Registry::AccountTaken { account: World::FACTORY, gln: GLN };
    expect_revert(world.registry(governor, &add(new, 1, World::FACTORY)), error);
    let error = Registry::AccountInvalid { account: Address::ZERO };
    expect_revert(world.registry(governor, &add(new, 1, Address::ZERO)), error);
    let call = Registry::setStatusCall { gln: GLN, status: 0 };
    expect_revert(world.registry(governor, &call), Registry::StatusInvalid { status: 0 });
    let call = Registry::setStatusCall { gln: new, status: 1 };
    expect_revert(world.registry(governor, &call), Registry::MemberUnknown { gln: new });
    let call = Registry::setLicenceCall { gln: new, roles: 1, licenceExpiry: 0 };
    expect_revert(world.registry(governor, &call), Registry::MemberUnknown { gln: new });
}

#[test]
fn status_and_licence_decide_on_roles() {
    let mut world = World::new();
    for (status, expected) in [(2, 0), (1, 1), (3, 0), (1, 1)] {
        let call = Registry::setStatusCall { gln: GLN, status };
        let done = world.registry(World::GOVERNOR, &call).expect("set");
        let event = Registry::MemberStatusChanged { gln: GLN, status }.encode_log_data();
        done.expect_logs(world.registry, &[event]);
        assert_eq!(roles(&mut world, World::FACTORY), expected);
        assert_eq!(roles(&mut world, World::FACTORY_2), expected);
        assert_eq!(member_of(&mut world, World::FACTORY), GLN);
    }
    let (roles_, last_day) = (9, (NOW_S / 86_400) as u32);
    let call = Registry::setLicenceCall { gln: GLN, roles: roles_, licenceExpiry: last_day };
    let done = world.registry(World::GOVERNOR, &call).expect("set");
    let event = Registry::LicenceChanged { gln: GLN, roles: roles_, licenceExpiry: last_day };
    done.expect_logs(world.registry, &[event.encode_log_data()]);
    assert_eq!(roles(&mut world, World::FACTORY), 9);
    world.evm.set_time(NOW_S + 86_400);
    assert_eq!(roles(&mut world, World::FACTORY), 0);
}

#[test]
fn a_member_manages_its_endpoint_and_accounts() {
    let mut world = World::new();
    let (stranger, endpoint) = (World::STRANGER, String::from("https://new.example"));
    let move_ = Registry::setEndpointCall { gln: GLN, endpoint: endpoint.clone() };
    for by in [World::GOVERNOR, World::FACTORY, World::FACTORY_2] {
        let done = world.registry(by, &move_).expect("moved");
        let event = Registry::EndpointChanged { gln: GLN, endpoint: endpoint.clone() };
        done.expect_logs(world.registry, &[event.encode_log_data()]);
    }
    let join = Registry::addAccountCall { gln: GLN, account: stranger };
    let leave = Registry::revokeAccountCall { account: World::FACTORY_2 };
    for caller in [stranger, World::WHOLESALER, World::REGULATOR] {
        let error = || Registry::NotOfMember { caller, gln: GLN };
        expect_revert(world.registry(caller, &move_), error());
        expect_revert(world.registry(caller, &join), error());
        expect_revert(world.registry(caller, &leave), error());
    }
    let event = Registry::AccountAdded { gln: GLN, account: stranger }.encode_log_data();
    world.registry(World::FACTORY, &join).expect("joined").expect_logs(world.registry, &[event]);
    assert_eq!(account(&mut world, stranger), (8, GLN, 1));
    let unknown = 4_000_009_000_007;
    let call = Registry::addAccountCall { gln: unknown, account: stranger };
    let error = Registry::MemberUnknown { gln: unknown };
    expect_revert(world.registry(World::GOVERNOR, &call), error);
}

#[test]
fn a_revoked_account_does_nothing_and_comes_back_to_its_member_only() {
    let mut world = World::new();
    let lost = World::FACTORY_2;
    let call = Registry::revokeAccountCall { account: lost };
    let event = Registry::AccountRevoked { gln: GLN, account: lost }.encode_log_data();
    world.registry(World::FACTORY, &call).expect("revoked").expect_logs(world.registry, &[event]);
    assert_eq!(account(&mut world, lost), (7, 0, 0));
    assert_eq!((member_of(&mut world, lost), roles(&mut world, lost)), (0, 0));
    expect_revert(
        world.registry(World::FACTORY, &call),
        Registry::AccountUnknown { account: lost },
    );
    let call = Registry::addAccountCall { gln: GLN, account: lost };
    let error = Registry::NotOfMember { caller: lost, gln: GLN };
    expect_revert(world.registry(lost, &call), error);
    let elsewhere = Registry::addAccountCall { gln: WHOLESALER_GLN, account: lost };
    let error = Registry::AccountTaken { account: lost, gln: GLN };
    expect_revert(world.registry(World::WHOLESALER, &elsewhere), error);
    world.registry(World::FACTORY, &call).expect("back");
    assert_eq!(account(&mut world, lost), (7, GLN, 1));
    let number = "7".parse().expect("a number");
    let found = world.registry(lost, &Registry::accountAtCall { number }).expect("a view").value;
    assert_eq!(found, lost);
    let error = Registry::AccountUnknown { account: World::STRANGER };
    let call = Registry::revokeAccountCall { account: World::STRANGER };
    expect_revert(world.registry(World::GOVERNOR, &call), error);
}

#[test]
fn a_suspended_member_manages_nothing() {
    let mut world = World::new();
    let call = Registry::setStatusCall { gln: GLN, status: 2 };
    world.registry(World::GOVERNOR, &call).expect("suspended");
    let call = Registry::addAccountCall { gln: GLN, account: World::STRANGER };
    let error = Registry::NotOfMember { caller: World::FACTORY, gln: GLN };
    expect_revert(world.registry(World::FACTORY, &call), error);
    world.registry(World::GOVERNOR, &call).expect("the governor may");
}

#[test]
fn a_product_is_registered_once_and_transferred_in_two_steps() {
    let mut world = World::new();
    let call = Registry::addProductCall { gtin: GTIN, labelerGln: GLN };
    let event = Registry::ProductAdded { gtin: GTIN, gln: GLN }.encode_log_data();
    world.registry(World::REGULATOR, &call).expect("added").expect_logs(world.registry, &[event]);
    let offer = Registry::offerProductCall { gtin: GTIN, toGln: REPACKAGER_GLN };
    let event = Registry::ProductOffered { gtin: GTIN, from: GLN, to: REPACKAGER_GLN };
    let done = world.registry(World::FACTORY_2, &offer).expect("offered");
    done.expect_logs(world.registry, &[event.encode_log_data()]);
    let labeler = Registry::labelerOfCall { gtin: GTIN };
    let offered = Registry::offeredToCall { gtin: GTIN };
    assert_eq!(world.registry(World::STRANGER, &labeler).expect("a view").value, GLN);
    assert_eq!(world.registry(World::STRANGER, &offered).expect("a view").value, REPACKAGER_GLN);
    let accept = Registry::acceptProductCall { gtin: GTIN };
    let event = Registry::ProductTransferred { gtin: GTIN, gln: REPACKAGER_GLN }.encode_log_data();
    let done = world.registry(World::REPACKAGER, &accept).expect("accepted");
    done.expect_logs(world.registry, &[event]);
    assert_eq!(world.registry(World::STRANGER, &labeler).expect("a view").value, REPACKAGER_GLN);
    assert_eq!(world.registry(World::STRANGER, &offered).expect("a view").value, 0);
    let error = Registry::NotOffered { caller: World::REPACKAGER, gtin: GTIN, offeredGln: 0 };
    expect_revert(world.registry(World::REPACKAGER, &accept), error);
}

#[test]
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
    for gln in [WHOLESALER_GLN, 4_000_009_000_007, 0] {
        let error = Registry::NotALabeler { gln };
        expect_revert(world.registry(World::GOVERNOR, &product(GTIN, gln)), error);
    }
    let offer = |gln| Registry::offerProductCall { gtin: GTIN, toGln: gln };
    let accept = Registry::acceptProductCall { gtin: GTIN };
    let unknown = || Registry::ProductUnknown { gtin: GTIN };
    expect_revert(world.registry(World::FACTORY, &offer(REPACKAGER_GLN)), unknown());
    expect_revert(world.registry(World::FACTORY, &accept), unknown());
    world.registry(World::GOVERNOR, &product(GTIN, GLN)).expect("added");
    let error = Registry::ProductExists { gtin: GTIN, labelerGln: GLN };
    expect_revert(world.registry(World::GOVERNOR, &product(GTIN, REPACKAGER_GLN)), error);
    let error = Registry::NotALabeler { gln: WHOLESALER_GLN };
    expect_revert(world.registry(World::FACTORY, &offer(WHOLESALER_GLN)), error);
    let caller = World::REPACKAGER;
    let error = Registry::NotLabelerOfProduct { caller, gtin: GTIN, labelerGln: GLN };
    expect_revert(world.registry(caller, &offer(REPACKAGER_GLN)), error);
    world.registry(World::FACTORY, &offer(REPACKAGER_GLN)).expect("offered");
    let caller = World::FACTORY;
    let error = Registry::NotOffered { caller, gtin: GTIN, offeredGln: REPACKAGER_GLN };
    expect_revert(world.registry(caller, &accept), error);
    world.registry(World::FACTORY, &offer(0)).expect("withdrawn");
    let error = Registry::NotOffered { caller: World::REPACKAGER, gtin: GTIN, offeredGln: 0 };
    expect_revert(world.registry(World::REPACKAGER, &accept), error);
}
