//! The bound of the gas holds in the worst cases, and is not far from what is used.

use std::sync::atomic::Ordering;

use theriac_custody::{Account, Hash, HoldingState, Reason, Roles};
use theriac_ledger::{Call, LedgerEvent, MemberStatus, Signer, gas_bound, holding_id};

use crate::network::*;

const EXPIRY: u32 = TODAY + 365;

/// Sends what must succeed; every `Network::send` checks the bound itself.
#[allow(clippy::print_stdout, reason = "on request: how far the bounds are from what is used")]
async fn measure(network: &Network, what: &str, signer: &Signer, calls: &[Call]) {
    let receipt = network.send(signer, calls).await;
    assert!(receipt.success, "{what}: {:?}", receipt.revert);
    let (bound, used) = (gas_bound(calls).unwrap().0, receipt.gas_used);
    println!("{what}: {used} gas used, bound {bound} ({:.2})", bound as f64 / used as f64);
    // A small constant for what costs little, where a slot more or less is a large part of it.
    assert!(bound <= used * 3 / 2 + 20_000, "{what}: bound {bound} for {used}");
}

#[tokio::test]
async fn bounds_hold_for_orders_of_many_packs() {
    let network = Network::new().await;
    let maker = &network.maker;
    let to = network.pharmacy.account();
    let big = Goods::new(maker.account(), cause(90), 1, 5_000);
    measure(&network, "commission", maker, &[big.commission(EXPIRY)]).await;
    let spread: Vec<_> = (0..100).map(|n| big.node(0, n * 41)).collect();
    let ship = Call::Ship { nodes: spread, to, cause: cause(2) };
    measure(&network, "100 packs of 100 words", maker, &[ship]).await;
    let dense: Vec<_> = (4_200..4_400).map(|n| big.node(0, n)).collect();
    let ship = Call::Ship { nodes: dense, to, cause: cause(3) };
    measure(&network, "200 packs of one word", maker, &[ship]).await;
    let ship = Call::Ship { nodes: vec![big.node(6, 75)], to, cause: cause(31) };
    measure(&network, "one case of 64", maker, &[ship]).await;

    let mut nodes = Vec::new();
    for lot in 10..30 {
        let goods = network.make(maker, lot, 40, EXPIRY).await;
        nodes.push(goods.node(0, 3));
    }
    let ship = Call::Ship { nodes, to, cause: cause(4) };
    measure(&network, "20 packs of 20 holdings", maker, &[ship]).await;

    let goods = network.make(maker, 40, 1 << 14, EXPIRY).await;
    let nodes = vec![goods.node(9, 3), goods.node(8, 9), goods.node(7, 30)];
    let ship = Call::Ship { nodes, to, cause: cause(5) };
    measure(&network, "chunks of an untouched block", maker, &[ship]).await;
    let places = (0..20).map(|n| (goods.holding, 0, 10_000 + n * 256)).collect();
    let write_off = Call::WriteOff { places, reason: Reason::Sampled, cause: cause(6) };
    measure(&network, "20 packs written off", maker, &[write_off]).await;
    let places = vec![(goods.holding, 9, 2), (goods.holding, 13, 0)];
    let write_off = Call::WriteOff { places, reason: Reason::Sampled, cause: cause(7) };
    let revert = network.send(maker, &[write_off]).await.revert.unwrap();
    assert_eq!(revert.name, "AlreadySpent");
}

#[tokio::test]
async fn bounds_hold_for_dispensing_receiving_and_restoring() {
    let network = Network::new().await;
    let goods = network.make(&network.maker, 1, 1_000, EXPIRY).await;
    let goods = network.hand_over(&network.maker, &network.pharmacy, &goods, 2).await;
    let units: Vec<_> = (0..200).map(|n| goods.unit(n * 5)).collect();
    let retire = Call::Retire { units, reason: Reason::Dispensed, cause: cause(3) };
    measure(&network, "200 packs dispensed", &network.pharmacy, &[retire]).await;
    let places: Vec<_> = (0..200).map(|n| (goods.holding, 0, n * 5)).collect();
    let until = NOW + 10 * 86_400;
    let restore = |places, which, event| Call::Restore {
        places,
        reason: Reason::Dispensed,
        retired_by: cause(3),
        until,
        which,
        cause: cause(event),
    };
    // The bound allows for a much larger holding, of which it cannot know; that it holds is checked.
    let part = restore(places.clone(), vec![7], 31);
    assert!(network.send(&network.pharmacy, &[part]).await.success);
    let rest: Vec<_> = places.into_iter().filter(|place| place.2 != 35).collect();
    let all = restore(rest, (0..199).collect(), 32);
    assert!(network.send(&network.pharmacy, &[all]).await.success);
    assert!(!network.ledger.is_spent(goods.holding, 0, 5).await.unwrap());
    measure(&network, "1 pack dispensed", &network.pharmacy, &[goods.dispense(1, 4)]).await;
    let anchor = Call::Anchor { root: cause(5), count: 1 };
    measure(&network, "anchor", &network.pharmacy, &[anchor]).await;
}

#[tokio::test]
async fn bounds_hold_for_small_steps_and_upkeep() {
    let network = Network::new().await;
    let (maker, wholesaler) = (&network.maker, &network.wholesaler);
    let goods = network.make(maker, 1, 256, TODAY).await;
    let to = wholesaler.account();
    let ship = Call::Ship { nodes: vec![goods.node(6, 0)], to, cause: cause(2) };
    measure(&network, "ship", maker, &[ship]).await;
    let id = holding_id(maker.account(), cause(2), goods.tree.node(6, 0).unwrap());
    let receive = Call::ReceiveShipment { id, cause: cause(3) };
    measure(&network, "receive", wholesaler, &[receive]).await;
    let nodes = vec![goods.node(4, 8), goods.node(0, 255)];
    let root = {
        let pairs: Vec<_> = nodes.iter().map(|node| (node.height, node.hash)).collect();
        theriac_custody::gather::gather(&pairs).unwrap().root
    };
    let ship = Call::Ship { nodes, to, cause: cause(4) };
    measure(&network, "ship two sizes", maker, &[ship]).await;
    let id = holding_id(maker.account(), cause(4), root);
    measure(&network, "cancel", maker, &[Call::Cancel { id, cause: cause(5) }]).await;
    let nodes = vec![goods.node(5, 7 - 1)];
    let root = nodes[0].hash;
    let segregate = Call::Segregate { nodes, state: HoldingState::Quarantined, cause: cause(6) };
    measure(&network, "segregate", maker, &[segregate]).await;
    let id = holding_id(maker.account(), cause(6), root);
    measure(&network, "release", maker, &[Call::Release { id, cause: cause(7) }]).await;
    let lot_tag = goods.lot_tag;
    let recall = Call::Recall { lot_tag, class: 1, cause: cause(8) };
    measure(&network, "recall", maker, &[recall]).await;
    measure(&network, "lift", maker, &[Call::Lift { lot_tag, cause: cause(9) }]).await;

    let after = u64::from(TODAY + 1 + 365) * 86_400;
    network.clock.store(after, Ordering::SeqCst);
    network.run(maker, &[Call::Anchor { root: cause(10), count: 1 }]).await;
    let keys = vec![Hash::ZERO];
    let prune = Call::Prune { id: goods.holding, keys };
    measure(&network, "prune", &network.governor, &[prune]).await;
    assert_eq!(network.ledger.holding(goods.holding).await.unwrap(), None);
    let prune = Call::PruneLots { lot_tags: vec![lot_tag] };
    measure(&network, "prune a lot", &network.governor, &[prune]).await;
    assert_eq!(network.ledger.lot(lot_tag).await.unwrap(), None);
}

#[tokio::test]
async fn bounds_hold_for_members_products_and_documents() {
    let network = Network::new().await;
    let (governor, maker) = (&network.governor, &network.maker);
    let account = |n: u8| Account([n; 20]);
    for n in 1..16 {
        let add = Call::AddAccount { gln: MAKER, account: account(n) };
        measure(&network, "account added", maker, &[add]).await;
    }
    let (gln, gtin) = (MAKER, 5);
    let steps = [
        (
            "licence of 16 accounts",
            governor,
            Call::SetLicence { gln, roles: Roles(3), licence_expiry: 0 },
        ),
        ("window of 16 accounts", governor, Call::SetUndoDays { gln, days: 20 }),
        ("suspended", governor, Call::SetStatus { gln, status: MemberStatus::Suspended }),
        ("active", governor, Call::SetStatus { gln, status: MemberStatus::Active }),
        ("account revoked", maker, Call::RevokeAccount { account: account(1) }),
        ("keys", maker, Call::SetServiceKeys { gln, signing: cause(1), sealing: cause(2) }),
        ("endpoint", maker, Call::SetEndpoint { gln, endpoint: "https://new.example".repeat(4) }),
        ("product", &network.regulator, Call::AddProduct { gtin, gln }),
        ("offer", maker, Call::OfferProduct { gtin, to: RIVAL }),
        ("accept", &network.rival, Call::AcceptProduct { gtin }),
        ("publish", maker, Call::PublishDocument { document: cause(3), until: EXPIRY }),
        (
            "grant",
            maker,
            Call::GrantDocument { document: cause(3), to: network.rival.account(), until: EXPIRY },
        ),
        ("revoke", maker, Call::RevokeDocument { document: cause(3), to: network.rival.account() }),
    ];
    for (what, signer, call) in steps {
        measure(&network, what, signer, &[call]).await;
    }
    let call = Box::new(Call::AddAccount { gln, account: account(77) });
    let schedule = Call::Schedule { call: call.clone(), delay_s: 2 * 86_400, salt: cause(4) };
    measure(&network, "schedule", governor, &[schedule]).await;
    network.clock.fetch_add(2 * 86_400 + 1, Ordering::SeqCst);
    let execute = Call::Execute { call, salt: cause(4) };
    let told = network.send(governor, std::slice::from_ref(&execute)).await;
    assert!(told.success, "{:?}", told.revert);
    let logs = network.ledger.logs(told.block, told.block).await.unwrap();
    let added = LedgerEvent::AccountAdded { gln, account: account(77) };
    assert!(logs.iter().any(|log| log.event == added), "{logs:?}");
}
