//! Members, their accounts and products.

use std::sync::atomic::Ordering;

use theriac_custody::{Role, Roles};
use theriac_ledger::{Call, MemberStatus};

use crate::network::*;

#[tokio::test]
async fn members_accounts_and_products_are_read_back() {
    let network = Network::new().await;
    let ledger = &network.ledger;
    let maker = network.maker.account();
    let member = ledger.member(MAKER).await.unwrap().unwrap();
    assert_eq!(member.status, MemberStatus::Active);
    assert_eq!(member.name, "Member 9521000000027");
    assert_eq!(member.endpoint, "https://9521000000027.example");
    assert_eq!(member.roles, Roles::from_iter([Role::Labeler]));
    assert_eq!(ledger.member(1).await.unwrap(), None);
    assert_eq!(ledger.member_of(maker).await.unwrap(), Some(MAKER));
    assert_eq!(ledger.member_of(signer(99).account()).await.unwrap(), None);
    assert!(ledger.roles_of(maker).await.unwrap().has(Role::Labeler));
    assert_eq!(ledger.labeler_of(GTIN).await.unwrap(), Some(MAKER));
    assert_eq!(ledger.labeler_of(1).await.unwrap(), None);
}

#[tokio::test]
async fn roles_end_with_suspension_revocation_and_licence() {
    let network = Network::new().await;
    let (ledger, maker) = (&network.ledger, network.maker.account());
    let governor = &network.governor;
    let (gln, roles) = (MAKER, Roles::from_iter([Role::Labeler]));
    let suspended = Call::SetStatus { gln, status: MemberStatus::Suspended };
    network.run(governor, &[suspended]).await;
    assert!(ledger.roles_of(maker).await.unwrap().is_empty());
    network.run(governor, &[Call::SetStatus { gln, status: MemberStatus::Active }]).await;
    network.run(governor, &[Call::SetLicence { gln, roles, licence_expiry: TODAY }]).await;
    assert_eq!(ledger.roles_of(maker).await.unwrap(), roles);
    network.clock.store(u64::from(TODAY + 1) * 86_400, Ordering::SeqCst);
    network.run(governor, &[Call::SetStatus { gln: RIVAL, status: MemberStatus::Revoked }]).await;
    assert!(ledger.roles_of(maker).await.unwrap().is_empty(), "the licence has ended");
    network.run(governor, &[Call::RevokeAccount { account: maker }]).await;
    assert_eq!(ledger.member_of(maker).await.unwrap(), None);
}

#[tokio::test]
async fn the_registry_refuses_in_words() {
    let network = Network::new().await;
    let maker = network.maker.account();
    let table = [
        (&network.maker, member(1, Role::Labeler, maker), format!("{maker} is not a governor")),
        (&network.governor, member(0, Role::Labeler, maker), "0 is not a GLN".into()),
        (
            &network.governor,
            member(MAKER, Role::Labeler, maker),
            format!("the member {MAKER} is registered"),
        ),
        (
            &network.rival,
            Call::AddAccount { gln: RIVAL, account: maker },
            format!("{maker} is or was an account of the member {MAKER}"),
        ),
        (
            &network.regulator,
            Call::AddProduct { gtin: GTIN, gln: RIVAL },
            format!("the product 0{GTIN} is of the member {MAKER}"),
        ),
        (
            &network.regulator,
            Call::AddProduct { gtin: 5, gln: PHARMACY },
            format!("the member {PHARMACY} cannot act as a labeler now"),
        ),
        (
            &network.maker,
            Call::AddProduct { gtin: 5, gln: MAKER },
            format!("{maker} is neither a governor nor a regulator"),
        ),
        (
            &network.maker,
            Call::SetEndpoint { gln: RIVAL, endpoint: String::new() },
            format!("{maker} has no right to do this for the member {RIVAL}"),
        ),
        (
            &network.maker,
            Call::AcceptProduct { gtin: GTIN },
            format!("the product 0{GTIN} is not offered to the member of {maker}"),
        ),
    ];
    for (signer, call, expected) in table {
        let receipt = network.send(signer, &[call]).await;
        assert_eq!(receipt.revert.unwrap().text, expected);
    }
}
