//! A deployment is done once, however often it is asked for and wherever it was interrupted.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use theriac_ledger::{
    Call, DeployError, DeployPlan, Deployed, Endpoint, FeeMode, FeePolicy, Ledger, Scheduled,
    Target, operation_id,
};

use crate::network::*;

fn ledger() -> (tempfile::TempDir, Endpoint) {
    let folder = tempfile::tempdir().unwrap();
    let endpoint = embedded(folder.path(), &Arc::new(AtomicU64::new(NOW)));
    (folder, endpoint)
}

fn plan() -> DeployPlan {
    DeployPlan { delay_s: 60, grace_days: 30, ..DeployPlan::new(signer(9).account()) }
}

async fn deploy(endpoint: &Endpoint, plan: &DeployPlan) -> Result<Deployed, DeployError> {
    Ledger::deploy_as(endpoint.clone(), &signer(1), plan, FeePolicy::default()).await
}

#[tokio::test]
async fn doing_it_again_makes_nothing() {
    let (_folder, endpoint) = ledger();
    let first = deploy(&endpoint, &plan()).await.unwrap();
    assert_eq!(first.made, Target::ALL);
    let again = deploy(&endpoint, &plan()).await.unwrap();
    assert_eq!(again, Deployed { made: vec![], ..first.clone() });
    let ledger = Ledger::connect(endpoint.clone(), first.deployment).await.unwrap();
    assert_eq!(ledger.next_nonce(signer(1).account()).await.unwrap(), 4);
    assert_eq!(ledger.delay_s().await.unwrap(), 60);
    // Another plan is another deployment, and what does not depend on the difference stays.
    let other = DeployPlan { grace_days: 31, ..plan() };
    let other = deploy(&endpoint, &other).await.unwrap();
    assert_eq!(other.made, [Target::Custody]);
    assert_eq!(other.deployment.registry, first.deployment.registry);
    let other = DeployPlan { governor: signer(8).account(), ..plan() };
    assert_eq!(deploy(&endpoint, &other).await.unwrap().made, Target::ALL);
    assert_eq!(deploy(&endpoint, &plan()).await.unwrap(), again);
}

/// The n-th transaction does not get through; the next try makes the rest.
#[tokio::test]
async fn a_deployment_that_was_interrupted_is_finished() {
    let (_folder, endpoint) = ledger();
    let broken = altered(&endpoint, |method, answer| match method {
        "eth_sendRawTransaction" => "gone".into(),
        _ => answer,
    });
    // The transaction arrives each time, and its answer does not.
    let error = deploy(&broken, &plan()).await.unwrap_err();
    assert!(matches!(error, DeployError::Send(_)), "{error}");
    for made in [Target::Registry, Target::Custody, Target::Documents] {
        let error = deploy(&broken, &plan()).await.unwrap_err();
        assert!(matches!(error, DeployError::Send(_)), "{made:?}: {error}");
    }
    let done = deploy(&broken, &plan()).await.unwrap();
    assert!(done.made.is_empty());
    let whole = deploy(&endpoint, &plan()).await.unwrap();
    assert_eq!(whole, done);
    Ledger::connect(endpoint, whole.deployment).await.unwrap();
}

#[tokio::test]
async fn legacy_transactions_deploy_too() {
    let (_folder, endpoint) = ledger();
    let before = altered(&endpoint, |_, answer| answer.replace("baseFeePerGas", "other"));
    let fees = FeePolicy { mode: FeeMode::Auto, max_fee_per_gas: Some(1) };
    let deployed = Ledger::deploy_as(before, &signer(1), &plan(), fees).await.unwrap();
    assert_eq!(deployed.made.len(), 4);
}

#[tokio::test]
async fn other_code_at_an_address_is_not_ours() {
    let (_folder, endpoint) = ledger();
    let first = deploy(&endpoint, &plan()).await.unwrap();
    // One byte of all codes differs: nothing is found, and what is made is not what was sent.
    let forged = altered(&endpoint, |method, answer| match method {
        "eth_getCode" => answer.replace("0x60", "0x61"),
        _ => answer,
    });
    let error = deploy(&forged, &plan()).await.unwrap_err();
    assert!(matches!(error, DeployError::OtherCode { contract: Target::Timelock, .. }), "{error}");
    assert!(deploy(&endpoint, &plan()).await.unwrap().deployment == first.deployment);
}

/// A lost key: the governor schedules a new account, and after the delay it acts for the member.
#[tokio::test]
async fn a_member_is_recovered_after_the_delay_and_not_before() {
    let network = Network::new().await;
    let (governor, new) = (&network.governor, signer(50));
    let add = Call::AddAccount { gln: MAKER, account: new.account() };
    let at_once = network.send(governor, std::slice::from_ref(&add)).await;
    assert_eq!(at_once.revert.unwrap().name, "NotOfMember", "governors take over nobody's goods");
    let (call, salt) = (Box::new(add), cause(1));
    let id = operation_id(&call, salt, &network.deployment());
    let delay_s = network.ledger.delay_s().await.unwrap();
    let schedule = |delay_s| Call::Schedule { call: call.clone(), delay_s, salt };
    let hasty = network.send(governor, &[schedule(delay_s - 1)]).await.revert.unwrap();
    assert_eq!(hasty.text, "a delay of 172799 s is shorter than the least, 172800 s");
    let stranger = network.send(&network.rival, &[schedule(delay_s)]).await.revert.unwrap();
    assert_eq!(stranger.name, "AccessControlUnauthorizedAccount");
    assert_eq!(network.ledger.scheduled(id).await.unwrap(), Scheduled::Unknown);
    network.run(governor, &[schedule(delay_s)]).await;
    let from = NOW + delay_s;
    assert_eq!(network.ledger.scheduled(id).await.unwrap(), Scheduled::Waiting { from });
    let execute = Call::Execute { call: call.clone(), salt };
    let early = network.send(governor, std::slice::from_ref(&execute)).await.revert.unwrap();
    assert_eq!(early.name, "TimelockUnexpectedOperationState");
    network.run(governor, &[Call::CancelScheduled { id }]).await;
    assert_eq!(network.ledger.scheduled(id).await.unwrap(), Scheduled::Unknown);
    network.run(governor, &[schedule(delay_s)]).await;
    network.clock.store(from, std::sync::atomic::Ordering::SeqCst);
    assert!(network.send(governor, &[execute]).await.success);
    assert_eq!(network.ledger.scheduled(id).await.unwrap(), Scheduled::Done);
    // The member's goods are the new account's, and the lost one is revoked.
    let accounts = network.ledger.accounts_of(MAKER).await.unwrap();
    assert_eq!(accounts, [network.maker.account(), new.account()]);
    let goods = network.make(&network.maker, 1, 16, TODAY + 30).await;
    network.run(&new, &[Call::RevokeAccount { account: network.maker.account() }]).await;
    let ship =
        Call::Ship { nodes: vec![goods.whole()], to: network.pharmacy.account(), cause: cause(2) };
    let told = network.send(&network.maker, std::slice::from_ref(&ship)).await;
    assert_eq!(told.revert.unwrap().name, "RoleMissing");
    network.run(&new, &[ship]).await;
}
