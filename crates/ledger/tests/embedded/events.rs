//! Each operation of custody takes effect and tells so.

use theriac_custody::gather::gather;
use theriac_custody::{HoldingState, LotStatus, NodeProof, Reason, Role, seed};
use theriac_ledger::{Call, LedgerEvent, MemberStatus, holding_id, in_tree_order};

use crate::network::*;

const EXPIRY: u32 = TODAY + 365;

fn gathered(nodes: &[NodeProof]) -> theriac_custody::gather::Gathered {
    let ordered = in_tree_order(nodes.to_vec());
    let pairs: Vec<_> = ordered.iter().map(|node| (node.height, node.hash)).collect();
    gather(&pairs).unwrap()
}

#[tokio::test]
async fn commissioning_opens_lot_and_holding() {
    let network = Network::new().await;
    let maker = network.maker.account();
    let goods = Goods::new(maker, cause(90), 1, 100);
    let told = network.run(&network.maker, &[goods.commission(EXPIRY)]).await;
    let (id, lot_tag) = (goods.holding, goods.lot_tag);
    assert_eq!(
        told,
        [
            LedgerEvent::LotOpened { lot_tag, labeler: maker, expiry: EXPIRY },
            LedgerEvent::HoldingOpened {
                id,
                holder: maker,
                consignee: Default::default(),
                root: goods.tree.root(),
                height: 7,
                state: HoldingState::Held,
                expiry: EXPIRY,
                cause: goods.cause,
            },
            LedgerEvent::Commissioned { id, lot_tag },
        ]
    );
    let lot = network.ledger.lot(lot_tag).await.unwrap().unwrap();
    assert_eq!((lot.labeler, lot.expiry, lot.status), (maker, EXPIRY, LotStatus::Normal));
    let holding = network.ledger.holding(id).await.unwrap().unwrap();
    assert_eq!((holding.height, holding.slots), (7, 0));
    assert_eq!((holding.holder, holding.state), (maker, Some(HoldingState::Held)));
    assert_eq!(network.ledger.lot(cause(5)).await.unwrap(), None);
    assert_eq!(network.ledger.holding(cause(5)).await.unwrap(), None);
}

#[tokio::test]
async fn shipping_gathers_and_receiving_hands_over_but_for_what_is_refused() {
    let network = Network::new().await;
    let goods = network.make(&network.maker, 1, 256, EXPIRY).await;
    let (maker, wholesaler) = (network.maker.account(), network.wholesaler.account());
    // A case of 64, two of 16, three packs, in any order.
    let nodes = vec![
        goods.node(0, 255),
        goods.node(4, 9),
        goods.node(6, 1),
        goods.node(0, 254),
        goods.node(4, 8),
        goods.node(0, 0),
    ];
    let new = gathered(&nodes);
    let places = [(6, 1), (4, 8), (4, 9), (0, 0), (0, 254), (0, 255)];
    let sources: Vec<_> =
        places.iter().map(|(height, index)| (goods.holding, *height, *index)).collect();
    let ship = Call::Ship { nodes, to: wholesaler, cause: cause(2) };
    let told = network.run(&network.maker, &[ship]).await;
    let id = holding_id(maker, cause(2), new.root);
    assert_eq!(told[1], LedgerEvent::Gathered { id, sources });
    let expected = LedgerEvent::HoldingOpened {
        id,
        holder: maker,
        consignee: wholesaler,
        root: new.root,
        height: new.height,
        state: HoldingState::InTransit,
        expiry: EXPIRY,
        cause: cause(2),
    };
    assert_eq!(told[0], expected);
    assert!(network.ledger.is_spent(goods.holding, 6, 1).await.unwrap());
    assert!(!network.ledger.is_spent(goods.holding, 0, 1).await.unwrap());

    // The shipment's tree, of which the last case of 16 and the first pack are refused.
    let mut leaves = goods.tree.leaves()[64..128].to_vec();
    leaves.extend_from_slice(&goods.tree.leaves()[128..160]);
    leaves.extend([0, 254, 255].map(|index| goods.tree.leaves()[index]));
    let tree = theriac_custody::Tree::over(leaves).unwrap();
    assert_eq!(tree.root(), new.root);
    let shipment = Goods { tree, holding: id, seed: seed(maker, cause(2)), ..goods };
    let refused = vec![shipment.node(0, 96), shipment.node(4, 5)];
    let back = holding_id(maker, cause(3), gathered(&refused).root);
    let receive = Call::ReceiveInPart { id, refused, cause: cause(3) };
    let told = network.run(&network.wholesaler, &[receive]).await;
    let received = LedgerEvent::Received { id, holder: wholesaler, cause: cause(3) };
    assert!(told.contains(&received), "{told:?}");
    let sources = vec![(id, 4, 5), (id, 0, 96)];
    assert!(told.contains(&LedgerEvent::Gathered { id: back, sources }), "{told:?}");
    assert_eq!(network.ledger.holding(id).await.unwrap().unwrap().holder, wholesaler);
    assert_eq!(network.ledger.holding(back).await.unwrap().unwrap().holder, maker);
}

#[tokio::test]
async fn shipments_are_cancelled_and_goods_segregated_and_released() {
    let network = Network::new().await;
    let goods = network.make(&network.maker, 1, 16, EXPIRY).await;
    let to = network.wholesaler.account();
    let nodes = vec![goods.node(3, 0)];
    let id = holding_id(network.maker.account(), cause(2), gathered(&nodes).root);
    network.run(&network.maker, &[Call::Ship { nodes, to, cause: cause(2) }]).await;
    let told = network.run(&network.maker, &[Call::Cancel { id, cause: cause(3) }]).await;
    assert_eq!(told, [LedgerEvent::Cancelled { id, cause: cause(3) }]);

    let nodes = vec![goods.node(3, 1)];
    let id = holding_id(network.maker.account(), cause(4), gathered(&nodes).root);
    let state = HoldingState::Quarantined;
    let told =
        network.run(&network.maker, &[Call::Segregate { nodes, state, cause: cause(4) }]).await;
    assert!(matches!(told[0], LedgerEvent::HoldingOpened { state: found, .. } if found == state));
    let told = network.run(&network.maker, &[Call::Release { id, cause: cause(5) }]).await;
    assert_eq!(told, [LedgerEvent::Released { id, cause: cause(5) }]);
}

#[tokio::test]
async fn units_end_by_use_with_proof_and_otherwise_without() {
    let network = Network::new().await;
    let goods = network.make(&network.maker, 1, 300, EXPIRY).await;
    let goods = network.hand_over(&network.maker, &network.pharmacy, &goods, 2).await;
    let (holder, id) = (network.pharmacy.account(), goods.holding);
    let units = [7, 6, 299].map(|index| goods.unit(index)).to_vec();
    let (reason, cause3) = (Reason::Dispensed, cause(3));
    let told =
        network.run(&network.pharmacy, &[Call::Retire { units, reason, cause: cause3 }]).await;
    let places = vec![(id, 0, 6), (id, 0, 7), (id, 0, 299)];
    let until = NOW + 10 * 86_400;
    assert_eq!(told, [LedgerEvent::Retired { holder, reason, places, cause: cause3, until }]);

    let (reason, cause4) = (Reason::Destroyed, cause(4));
    let places = vec![(id, 0, 0), (id, 4, 1)];
    let write_off = Call::WriteOff { places: places.clone(), reason, cause: cause4 };
    let told = network.run(&network.pharmacy, &[write_off]).await;
    assert_eq!(told, [LedgerEvent::Retired { holder, reason, places, cause: cause4, until: 0 }]);
}

#[tokio::test]
async fn lots_are_recalled_blocked_and_lifted_and_batches_anchored() {
    let network = Network::new().await;
    let goods = network.make(&network.maker, 1, 4, EXPIRY).await;
    let (lot_tag, maker) = (goods.lot_tag, network.maker.account());
    let calls = [
        (Call::Recall { lot_tag, class: 2, cause: cause(2) }, LotStatus::RecalledII, cause(2)),
        (Call::BlockLot { lot_tag, cause: cause(3) }, LotStatus::Blocked, cause(3)),
        (Call::Lift { lot_tag, cause: cause(4) }, LotStatus::Normal, cause(4)),
    ];
    for (call, status, cause) in calls {
        let told = network.run(&network.maker, &[call]).await;
        assert_eq!(told, [LedgerEvent::LotStatusChanged { lot_tag, status, by: maker, cause }]);
        assert_eq!(network.ledger.lot(lot_tag).await.unwrap().unwrap().status, status);
    }
    let anchor = Call::Anchor { root: cause(5), count: 9 };
    let told = network.run(&network.maker, &[anchor]).await;
    assert_eq!(told, [LedgerEvent::Anchored { member: maker, root: cause(5), count: 9 }]);
}

#[tokio::test]
async fn several_operations_are_one_transaction_that_builds_on_itself() {
    let network = Network::new().await;
    let goods = Goods::new(network.maker.account(), cause(90), 1, 64);
    let nodes = vec![goods.whole()];
    let ship = Call::Ship { nodes, to: network.pharmacy.account(), cause: cause(2) };
    let anchor = Call::Anchor { root: cause(3), count: 1 };
    let told = network.run(&network.maker, &[goods.commission(EXPIRY), ship, anchor]).await;
    assert_eq!(told.len(), 6);
}

#[tokio::test]
async fn the_registry_tells_every_change() {
    let network = Network::bare().await;
    let (account, other) = (network.maker.account(), network.rival.account());
    let governor = &network.governor;
    let told = network.run(governor, &[member(MAKER, Role::Labeler, account)]).await;
    assert!(
        matches!(&told[0], LedgerEvent::MemberAdded { gln: MAKER, name, .. } if name == "Member 9521000000027")
    );
    assert_eq!(told[1], LedgerEvent::AccountAdded { gln: MAKER, account });
    network.run(governor, &[member(RIVAL, Role::Labeler, other)]).await;
    let endpoint = String::from("https://moved.example");
    let new = signer(77).account();
    let roles = theriac_custody::Roles(3);
    let status = MemberStatus::Suspended;
    let (gln, gtin) = (MAKER, GTIN);
    let table = [
        (governor, Call::AddProduct { gtin, gln }, LedgerEvent::ProductAdded { gtin, gln }),
        (
            &network.maker,
            Call::SetEndpoint { gln, endpoint: endpoint.clone() },
            LedgerEvent::EndpointChanged { gln, endpoint },
        ),
        (
            &network.maker,
            Call::AddAccount { gln, account: new },
            LedgerEvent::AccountAdded { gln, account: new },
        ),
        (
            &network.maker,
            Call::RevokeAccount { account: new },
            LedgerEvent::AccountRevoked { gln, account: new },
        ),
        (
            governor,
            Call::SetUndoDays { gln, days: 3 },
            LedgerEvent::UndoDaysChanged { gln, days: 3 },
        ),
        (
            &network.maker,
            Call::SetServiceKeys { gln, signing: cause(1), sealing: cause(2) },
            LedgerEvent::ServiceKeysChanged { gln, signing: cause(1), sealing: cause(2) },
        ),
        (
            &network.maker,
            Call::OfferProduct { gtin, to: RIVAL },
            LedgerEvent::ProductOffered { gtin, from: gln, to: RIVAL },
        ),
        (
            &network.rival,
            Call::AcceptProduct { gtin },
            LedgerEvent::ProductTransferred { gtin, gln: RIVAL },
        ),
        (
            governor,
            Call::SetLicence { gln, roles, licence_expiry: TODAY },
            LedgerEvent::LicenceChanged { gln, roles, licence_expiry: TODAY },
        ),
        (
            governor,
            Call::SetStatus { gln, status },
            LedgerEvent::MemberStatusChanged { gln, status },
        ),
    ];
    for (signer, call, expected) in table {
        assert_eq!(network.run(signer, &[call]).await, [expected]);
    }
}
