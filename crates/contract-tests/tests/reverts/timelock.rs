//! The timelock: OpenZeppelin's, with the roles that the deployment gives.

use alloy::primitives::{B256, Bytes, U256};
use alloy::sol_types::SolCall;
use theriac_contract_tests::registry::Registry;
use theriac_contract_tests::timelock::Timelock;
use theriac_contract_tests::{DELAY_S, NOW_S, World, expect_revert, word};

fn schedule(world: &World, data: Bytes, predecessor: B256) -> Timelock::scheduleCall {
    Timelock::scheduleCall {
        target: world.at.registry,
        value: U256::ZERO,
        data,
        predecessor,
        salt: B256::ZERO,
        delay: U256::from(DELAY_S),
    }
}

fn execute(call: &Timelock::scheduleCall) -> Timelock::executeCall {
    Timelock::executeCall {
        target: call.target,
        value: call.value,
        payload: call.data.clone(),
        predecessor: call.predecessor,
        salt: call.salt,
    }
}

fn recovery() -> Bytes {
    let gln = World::MEMBERS[0].0;
    Registry::addAccountCall { gln, account: World::STRANGER }.abi_encode().into()
}

scenarios! {
    /// Only the governor proposes, cancels and executes.
    fn nobody_else_governs() {
        let mut world = World::new();
        let call = schedule(&world, recovery(), B256::ZERO);
        let role = |world: &mut World, call: &dyn Fn(&mut World) -> B256| call(world);
        let proposer = role(&mut world, &|w| {
            w.evm.view(w.at.timelock, &Timelock::PROPOSER_ROLECall {}).expect("a view")
        });
        let executor = role(&mut world, &|w| {
            w.evm.view(w.at.timelock, &Timelock::EXECUTOR_ROLECall {}).expect("a view")
        });
        let canceller = role(&mut world, &|w| {
            w.evm.view(w.at.timelock, &Timelock::CANCELLER_ROLECall {}).expect("a view")
        });
        for account in [World::FACTORY, World::REGULATOR, World::STRANGER] {
            let error = |role| Timelock::AccessControlUnauthorizedAccount {
                account,
                neededRole: role,
            };
            expect_revert(world.timelock(account, &call), error(proposer));
            expect_revert(world.timelock(account, &execute(&call)), error(executor));
            let cancel = Timelock::cancelCall { id: word("id") };
            expect_revert(world.timelock(account, &cancel), error(canceller));
        }
        let call = Timelock::renounceRoleCall {
            role: proposer,
            callerConfirmation: World::STRANGER,
        };
        let error = Timelock::AccessControlBadConfirmation {};
        expect_revert(world.timelock(World::GOVERNOR, &call), error);
    }

    /// Its delay is its own to change, through itself.
    fn the_delay_holds() {
        let mut world = World::new();
        let update = Timelock::updateDelayCall { newDelay: U256::ZERO };
        let error = Timelock::TimelockUnauthorizedCaller { caller: World::GOVERNOR };
        expect_revert(world.timelock(World::GOVERNOR, &update), error);
        let hurried = Timelock::scheduleCall {
            delay: U256::from(DELAY_S - 1),
            ..schedule(&world, recovery(), B256::ZERO)
        };
        let (delay, min_delay) = (U256::from(DELAY_S - 1), U256::from(DELAY_S));
        let error = Timelock::TimelockInsufficientDelay { delay, minDelay: min_delay };
        expect_revert(world.timelock(World::GOVERNOR, &hurried), error);
    }

    /// Operations wait for what they follow, and say when they fail.
    fn operations_have_an_order() {
        let mut world = World::new();
        let before = word("before");
        let call = schedule(&world, recovery(), before);
        world.timelock(World::GOVERNOR, &call).expect("proposed");
        let nonsense = schedule(&world, Bytes::from_static(&[1, 2, 3, 4]), B256::ZERO);
        world.timelock(World::GOVERNOR, &nonsense).expect("proposed");
        world.evm.set_time(NOW_S + DELAY_S);
        let error = Timelock::TimelockUnexecutedPredecessor { predecessorId: before };
        expect_revert(world.timelock(World::GOVERNOR, &execute(&call)), error);
        let error = Timelock::FailedCall {};
        expect_revert(world.timelock(World::GOVERNOR, &execute(&nonsense)), error);
        let unknown = Timelock::cancelCall { id: before };
        let error = Timelock::TimelockUnexpectedOperationState {
            operationId: before,
            expectedStates: U256::from(0b110).into(),
        };
        expect_revert(world.timelock(World::GOVERNOR, &unknown), error);
        let call = Timelock::scheduleBatchCall {
            targets: vec![world.at.registry],
            values: vec![],
            payloads: vec![],
            predecessor: B256::ZERO,
            salt: B256::ZERO,
            delay: U256::from(DELAY_S),
        };
        let error = Timelock::TimelockInvalidOperationLength {
            targets: U256::from(1),
            payloads: U256::ZERO,
            values: U256::ZERO,
        };
        expect_revert(world.timelock(World::GOVERNOR, &call), error);
    }
}
