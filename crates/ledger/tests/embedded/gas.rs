//! The bound of the gas holds in the worst cases, and is not far from what is used.

use theriac_custody::Reason;
use theriac_ledger::{Call, gas_bound};

use crate::network::*;

const EXPIRY: u32 = TODAY + 365;

/// Sends what must succeed; every `Network::send` checks the bound itself.
async fn measure(network: &Network, what: &str, signer: &theriac_ledger::Signer, calls: &[Call]) {
    let receipt = network.send(signer, calls).await;
    assert!(receipt.success, "{what}: {:?}", receipt.revert);
    let bound = gas_bound(calls).unwrap().0;
    assert!(bound < receipt.gas_used * 2, "{what}: bound {bound} for {}", receipt.gas_used);
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
async fn bounds_hold_for_dispensing_and_receiving() {
    let network = Network::new().await;
    let goods = network.make(&network.maker, 1, 1_000, EXPIRY).await;
    let goods = network.hand_over(&network.maker, &network.pharmacy, &goods, 2).await;
    let units: Vec<_> = (0..200).map(|n| goods.unit(n * 5)).collect();
    let retire = Call::Retire { units, reason: Reason::Dispensed, cause: cause(3) };
    measure(&network, "200 packs dispensed", &network.pharmacy, &[retire]).await;
    measure(&network, "1 pack dispensed", &network.pharmacy, &[goods.dispense(1, 4)]).await;
    let anchor = Call::Anchor { root: cause(5), count: 1 };
    measure(&network, "anchor", &network.pharmacy, &[anchor]).await;
}
