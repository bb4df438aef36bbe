//! Any selection of aligned subtrees can be shipped: joint proofs, root and gas bound hold.

use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use theriac_custody::gather::gather;
use theriac_custody::{NodeProof, Reason};
use theriac_ledger::{Call, holding_id, in_tree_order};

use crate::network::*;

const EXPIRY: u32 = TODAY + 365;

/// Subtrees that do not contain each other, in any order. `choices` decides node by node, from the root: take it, leave it out, or look at its halves.
fn selection(goods: &Goods, choices: &[u8], order: &[u32]) -> Vec<NodeProof> {
    let mut choices = choices.iter().copied();
    let mut open = vec![(goods.tree.height(), 0)];
    let mut taken = Vec::new();
    while let Some((height, index)) = open.pop() {
        if index << height >= goods.units.len() as u64 {
            continue;
        }
        match choices.next() {
            None => break,
            Some(choice) if height == 0 || choice % 8 == 0 => taken.push((height, index)),
            Some(choice) if choice % 8 == 1 => {}
            Some(_) => open.extend([(height - 1, 2 * index + 1), (height - 1, 2 * index)]),
        }
    }
    let mut numbered: Vec<_> = taken.into_iter().zip(order.iter().cycle()).collect();
    numbered.sort_by_key(|((_, index), order)| (**order, *index));
    numbered.into_iter().map(|((height, index), _)| goods.node(height, index)).collect()
}

fn cases() -> TestRunner {
    TestRunner::new(ProptestConfig { cases: 24, ..ProptestConfig::with_source_file(file!()) })
}

#[test]
fn every_selection_ships() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let network = runtime.block_on(Network::new());
    let number = std::sync::atomic::AtomicU64::new(1);
    let input = (
        1..700_u64,
        prop::collection::vec(any::<u8>(), 1..200),
        prop::collection::vec(any::<u32>(), 1..20),
    );
    let outcome = cases().run(&input, |(count, choices, order)| {
        let lot = number.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        runtime.block_on(async {
            let goods = network.make(&network.maker, lot, count, EXPIRY).await;
            let nodes = selection(&goods, &choices, &order);
            if nodes.is_empty() {
                return;
            }
            let ordered = in_tree_order(nodes.clone());
            let pairs: Vec<_> = ordered.iter().map(|node| (node.height, node.hash)).collect();
            let expected = gather(&pairs).unwrap();
            let (to, cause) = (network.wholesaler.account(), cause(1_000 + lot));
            network.run(&network.maker, &[Call::Ship { nodes: nodes.clone(), to, cause }]).await;
            let id = holding_id(network.maker.account(), cause, expected.root);
            let holding = network.ledger.holding(id).await.unwrap().unwrap();
            assert_eq!(holding.height, expected.height);
            for node in nodes {
                let NodeProof { holding, height, index, .. } = node;
                assert!(network.ledger.is_spent(holding, height, index).await.unwrap());
            }
        });
        Ok(())
    });
    outcome.unwrap();
}

#[test]
fn every_choice_of_units_is_dispensed() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let network = runtime.block_on(Network::new());
    let number = std::sync::atomic::AtomicU64::new(1);
    let input = (1..400_u64, prop::collection::vec(any::<u64>(), 1..40));
    let outcome = cases().run(&input, |(count, picks)| {
        let event = number.fetch_add(2, std::sync::atomic::Ordering::SeqCst);
        runtime.block_on(async {
            let mut seen = std::collections::HashSet::new();
            let picks = picks.iter().map(|pick| pick % count).filter(|pick| seen.insert(*pick));
            let goods = network.make(&network.maker, event, count, EXPIRY).await;
            let goods =
                network.hand_over(&network.maker, &network.pharmacy, &goods, event + 1).await;
            let units = picks.map(|pick| goods.unit(pick)).collect();
            let (reason, cause) = (Reason::Dispensed, cause(event));
            network.run(&network.pharmacy, &[Call::Retire { units, reason, cause }]).await;
        });
        Ok(())
    });
    outcome.unwrap();
}
