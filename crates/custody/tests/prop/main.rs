//! Random histories of three members, valid and invalid events in any order: whatever the rules
//! admit, the ledger takes; every unit is in exactly one place; its leaf opens to its holding.

#[path = "../scene/scene.rs"]
mod scene;

mod books;
mod ledger;
mod network;
mod record;
mod steps;

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};

use network::Network;
use steps::{Step, history};

fn play(steps: &[Step]) -> Network {
    let mut network = Network::new();
    for step in steps {
        steps::take(step, &mut network);
        network.check();
    }
    network.settle();
    network.check();
    network
}

proptest! {
    #![proptest_config(Config { cases: 300, ..Config::default() })]

    #[test]
    fn every_unit_is_in_exactly_one_place(steps in history()) {
        play(&steps);
    }
}

/// The histories are worth something: each operation occurs, and events are held.
#[test]
fn histories_reach_every_operation() {
    let mut runner = TestRunner::deterministic();
    let mut seen = BTreeSet::new();
    for _ in 0..150 {
        let steps = history().new_tree(&mut runner).expect("a history").current();
        seen.extend(play(&steps).seen);
    }
    let wanted = [
        "anchor",
        "cancel",
        "commission",
        "held",
        "lot_status",
        "moved whole",
        "packed shipment",
        "receive",
        "refuse",
        "release",
        "retire",
        "segregate",
        "ship",
    ];
    assert_eq!(seen, BTreeSet::from(wanted));
}
