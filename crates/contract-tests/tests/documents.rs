//! Documents: who publishes, who may read, until when, and that the ledger forgets.

use alloy::primitives::{Address, B256};
use alloy::sol_types::SolEvent;
use theriac_contract_tests::documents::Documents;
use theriac_contract_tests::registry::Registry;
use theriac_contract_tests::{NOW_S, World, word};

const TODAY: u32 = (NOW_S / 86_400) as u32;
const WHOLESALER_GLN: u64 = 4_000_003_000_003;

fn may_read(world: &mut World, document: B256, account: Address) -> bool {
    let call = Documents::mayReadCall { document, account };
    world.evm.view(world.at.documents, &call).expect("a view")
}

fn published() -> (World, B256) {
    let (mut world, document) = (World::new(), word("document"));
    let before = world.evm.slots(world.at.documents).len();
    let call = Documents::publishCall { document, until: TODAY + 10 };
    let done = world.documents(World::FACTORY, &call).expect("published");
    let event = Documents::Published { document, owner: World::FACTORY, until: TODAY + 10 };
    done.expect_logs(world.at.documents, &[event.encode_log_data()]);
    assert_eq!(world.evm.slots(world.at.documents).len(), before + 1);
    let call = Documents::documentOfCall { document };
    let found = world.evm.view(world.at.documents, &call).expect("a view");
    assert_eq!((found.owner.to::<u64>(), found.until), (1, TODAY + 10));
    (world, document)
}

#[test]
fn the_owner_and_whom_it_grants_may_read_until_the_last_day() {
    let (mut world, document) = published();
    let readers = [
        World::FACTORY,
        World::FACTORY_2,
        World::WHOLESALER,
        World::PHARMACY,
        World::REGULATOR,
        World::STRANGER,
    ];
    let expect = |world: &mut World, expected: [bool; 6]| {
        assert_eq!(readers.map(|reader| may_read(world, document, reader)), expected);
    };
    expect(&mut world, [true, true, false, false, false, false]);
    let until = TODAY + 5;
    let call = Documents::grantCall { document, to: World::WHOLESALER, until };
    let done = world.documents(World::FACTORY_2, &call).expect("granted");
    let event = Documents::Granted { document, gln: WHOLESALER_GLN, until };
    done.expect_logs(world.at.documents, &[event.encode_log_data()]);
    expect(&mut world, [true, true, true, false, false, false]);
    world.evm.set_time(u64::from(until + 1) * 86_400 - 1);
    expect(&mut world, [true, true, true, false, false, false]);
    world.evm.set_time(u64::from(until + 1) * 86_400);
    expect(&mut world, [true, true, false, false, false, false]);
    // A grant may be given again, and taken back.
    let call = Documents::grantCall { document, to: World::WHOLESALER, until: TODAY + 10 };
    world.documents(World::FACTORY, &call).expect("granted again");
    expect(&mut world, [true, true, true, false, false, false]);
    let call = Documents::revokeCall { document, to: World::WHOLESALER };
    let done = world.documents(World::FACTORY_2, &call).expect("revoked");
    let event = Documents::Revoked { document, gln: WHOLESALER_GLN };
    done.expect_logs(world.at.documents, &[event.encode_log_data()]);
    expect(&mut world, [true, true, false, false, false, false]);
    world.evm.set_time(u64::from(TODAY + 11) * 86_400);
    expect(&mut world, [false; 6]);
}

#[test]
fn who_is_suspended_or_revoked_reads_nothing() {
    let (mut world, document) = published();
    let to = World::WHOLESALER;
    let call = Documents::grantCall { document, to, until: TODAY + 10 };
    world.documents(World::FACTORY, &call).expect("granted");
    for status in [2, 1, 3] {
        let call = Registry::setStatusCall { gln: WHOLESALER_GLN, status };
        world.registry(World::GOVERNOR, &call).expect("set");
        assert_eq!(may_read(&mut world, document, to), status == 1);
    }
    let call = Registry::revokeAccountCall { account: World::FACTORY };
    world.registry(World::GOVERNOR, &call).expect("revoked");
    assert!(!may_read(&mut world, document, World::FACTORY));
    assert!(may_read(&mut world, document, World::FACTORY_2), "the member owns it");
}

#[test]
fn nothing_is_left_after_the_last_day() {
    let (mut world, document) = published();
    let at = world.at.documents;
    let call = Documents::grantCall { document, to: World::WHOLESALER, until: TODAY + 3 };
    world.documents(World::FACTORY, &call).expect("granted");
    world.evm.set_time(u64::from(TODAY + 4) * 86_400);
    let call = Documents::pruneGrantCall { document, gln: WHOLESALER_GLN };
    let done = world.documents(World::STRANGER, &call).expect("pruned");
    let event = Documents::GrantPruned { document, gln: WHOLESALER_GLN };
    done.expect_logs(at, &[event.encode_log_data()]);
    world.evm.set_time(u64::from(TODAY + 11) * 86_400);
    let call = Documents::pruneDocumentCall { document };
    let done = world.documents(World::STRANGER, &call).expect("pruned");
    done.expect_logs(at, &[Documents::DocumentPruned { document }.encode_log_data()]);
    assert_eq!(world.evm.slots(at).len(), 0);
    let call = Documents::grantOfCall { document, gln: WHOLESALER_GLN };
    assert_eq!(world.evm.view(at, &call).expect("a view"), 0);
}
