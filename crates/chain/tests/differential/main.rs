//! One random workload on the embedded ledger and on Foundry's anvil: the same receipts, logs, gas,
//! nonces, code and storage.
//!
//! `THERIAC_DIFFERENTIAL_SEED` and `THERIAC_DIFFERENTIAL_BLOCKS` set another seed and length; both are
//! printed. What is not compared, and why: `stateRoot` and block hashes, because the ledger's state root
//! is a hash chain (docs/decisions/0001); `effectiveGasPrice`, which is zero on both;
//! programs that read block hashes or `PREVRANDAO`, which follow from the former.

mod anvil;
mod compare;
mod contracts;
mod dice;
mod embedded;
mod programs;
mod workload;

use anvil::Anvil;
use embedded::Embedded;
use workload::Workload;

/// Seed and blocks of an ordinary run.
const SEED: u64 = 20_261_122;
const BLOCKS: u64 = 500;

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[expect(clippy::print_stderr, reason = "the seed must be seen, and figures")]
async fn the_ledger_and_anvil_agree() {
    let seed = number("THERIAC_DIFFERENTIAL_SEED", SEED);
    let blocks = number("THERIAC_DIFFERENTIAL_BLOCKS", BLOCKS);
    eprintln!("THERIAC_DIFFERENTIAL_SEED={seed} THERIAC_DIFFERENTIAL_BLOCKS={blocks}");
    let anvil = Anvil::start().await;
    let embedded = Embedded::new();
    let mut workload = Workload::new(seed);
    let mut figures = compare::Figures::default();
    for number in 1..=blocks {
        let time = workload.time(number);
        let transactions = workload.block(number);
        embedded.mine(time, &transactions).await;
        anvil.mine(time, &transactions).await;
        let receipts = compare::block(&embedded, &anvil, number, &mut figures).await;
        workload.learn(&receipts);
        if number % 50 == 0 {
            compare::views(&embedded, &anvil, &workload.views()).await;
        }
    }
    compare::pool(&embedded, &anvil).await;
    let world = embedded.closed();
    compare::slots(&world, &anvil).await;
    compare::worlds(&world, &anvil.closed(), &mut figures);
    eprintln!("{figures}");
    figures.are_rich(blocks);
}
