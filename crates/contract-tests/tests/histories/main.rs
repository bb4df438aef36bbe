//! Random histories: the contract beside a model that keeps every unit in clear, and a reader of its logs.
//!
//! After every operation both agree on whether it goes through and on what it leaves. At the end:
//!
//! - each unit is in exactly one unspent place, or retired or pruned and in none;
//! - the contract's holdings, marks and number of slots are the model's;
//! - the logs alone lead from where a leaf was made to where it is, and hold no leaf, unit or lot that they need not;
//! - when all has expired and was pruned, not one slot is left.

mod encode;
mod follow;
mod steps;
mod twin;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use theriac_contract_tests::runs;

use steps::{Step, step};
use twin::Twin;

#[test]
#[expect(clippy::print_stderr, reason = "how often each operation went through")]
fn histories_agree_with_the_model() {
    // A case that failed is printed, not kept in a file.
    let failure_persistence = None;
    let config = ProptestConfig {
        cases: runs(2_000),
        failure_persistence,
        max_shrink_iters: 2_000,
        ..ProptestConfig::default()
    };
    let (tried, accepted) = (Cell::new(0), RefCell::new(BTreeMap::<_, u64>::new()));
    let found = TestRunner::new(config).run(&prop::collection::vec(step(), 20..60), |steps| {
        let mut twin = Twin::new();
        twin.run(&Step::first());
        steps.iter().for_each(|step| twin.run(step));
        twin.check();
        follow::check(&twin);
        twin.prune_all();
        tried.set(tried.get() + u64::from(twin.tried));
        for (name, count) in twin.accepted {
            *accepted.borrow_mut().entry(name).or_default() += count;
        }
        Ok(())
    });
    found.unwrap_or_else(|failed| panic!("{failed}"));
    // Histories in which nearly everything is refused, or one operation always, would prove little.
    let (tried, accepted) = (tried.get(), accepted.into_inner());
    eprintln!("of {tried} operations went through: {accepted:?}");
    assert!(accepted.values().sum::<u64>() * 4 > tried, "too few");
    assert!(runs(2_000) < 500 || accepted.len() == 16, "an operation never went through");
}
