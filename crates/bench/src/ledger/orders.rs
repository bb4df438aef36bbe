//! Orders of 200 single packs, and 200 packs over the counter.

use theriac_custody::{Hash, LeafProof, NodeProof, Reason, TreeError};
use theriac_ledger::{Call, Signer};

use super::storm;
use crate::benchmark::Failure;
use crate::gas::goods::Goods;
use crate::gas::shelf::cases;
use crate::metric::Metric;
use crate::world::World;

/// Packs of an order, and of a batch that is dispensed.
const PACKS: usize = 200;
/// Packs that are taken from one case of 64; what is left over keeps every case alive.
const TAKEN: usize = 60;
/// What the issue demands.
const UNITS_PER_S: f64 = 60_000.0;

/// What one transaction takes.
struct Kind {
    name: &'static str,
    /// The lot of its cases.
    lot: u64,
    /// Packs taken from one case in one transaction; divides [`TAKEN`] and [`PACKS`].
    each: usize,
    dispensed: bool,
}

const KINDS: [Kind; 3] = [
    Kind { name: "pick_200_units_each_from_another_case", lot: 1, each: 1, dispensed: false },
    Kind { name: "pick_200_units_ten_from_each_of_20_cases", lot: 2, each: 10, dispensed: false },
    Kind { name: "dispense_200_units_from_10_cases", lot: 3, each: 20, dispensed: true },
];

/// Measures `count` transactions of each kind.
pub(super) async fn run(seed: u64, count: usize) -> Result<Vec<Metric>, Failure> {
    let world = World::new(seed).await?;
    let mut metrics = Vec::new();
    for kind in KINDS {
        let raws = prepared(&world, &kind, count).await?;
        let before = world.chain.stats();
        let taken = storm::send(&world.chain, &raws).await?.as_secs_f64();
        let gas = world.chain.stats().gas_used - before.gas_used;
        took_effect(&world, &raws).await?;
        let rate = (count * PACKS) as f64 / taken;
        metrics.push(Metric::higher(name(kind.name), rate.round(), "units/s").budget(UNITS_PER_S));
        let gas_rate = (gas as f64 / taken / 1e6).round();
        metrics.push(Metric::higher(format!("{}.gas", name(kind.name)), gas_rate, "Mgas/s"));
    }
    Ok(metrics)
}

fn name(kind: &str) -> String {
    format!("ledger.{kind}")
}

/// Signed transactions, in the order of their nonces.
async fn prepared(world: &World, kind: &Kind, count: usize) -> Result<Vec<Vec<u8>>, Failure> {
    let holder = if kind.dispensed { &world.pharmacies[0] } else { &world.wholesaler };
    let from = PACKS / kind.each;
    let rounds = TAKEN / kind.each;
    let shelves = count.div_ceil(rounds).max(1);
    let goods = cases(world, kind.lot, (shelves * from) as u64, holder).await?;
    let mut nonce = world.ledger.next_nonce(holder.account()).await?;
    let mut raws = Vec::new();
    for order in 0..count {
        let (shelf, round) = (order % shelves, order / shelves);
        let cases = &goods[shelf * from..][..from];
        let first = (round * kind.each) as u64;
        let cause = world.hash("order", kind.lot << 32 | order as u64);
        let call = call(world, kind, cases, first, cause)?;
        raws.push(signed(world, holder, nonce, call).await?);
        nonce += 1;
    }
    Ok(raws)
}

async fn signed(world: &World, by: &Signer, nonce: u64, call: Call) -> Result<Vec<u8>, Failure> {
    Ok(world.ledger.sign(by, nonce, &[call]).await?.raw)
}

fn call(
    world: &World,
    kind: &Kind,
    cases: &[Goods],
    first: u64,
    cause: Hash,
) -> Result<Call, TreeError> {
    let each = first..first + kind.each as u64;
    let packs = cases.iter().flat_map(|case| each.clone().map(move |index| (case, index)));
    Ok(match kind.dispensed {
        true => {
            let units = packs.map(|(case, index)| case.unit(index));
            let units = units.collect::<Result<Vec<LeafProof>, _>>()?;
            Call::Retire { units, reason: Reason::Dispensed, cause }
        }
        false => {
            let nodes = packs.map(|(case, index)| case.part(0, index).proof());
            let nodes = nodes.collect::<Result<Vec<NodeProof>, _>>()?;
            Call::Ship { nodes, to: world.pharmacies[1].account(), cause }
        }
    })
}

/// All were mined and none was reverted.
async fn took_effect(world: &World, raws: &[Vec<u8>]) -> Result<(), Failure> {
    for raw in raws {
        let hash = theriac_custody::keccak256(&[raw]);
        let receipt = world.ledger.receipt(hash).await?;
        match receipt {
            Some(receipt) if receipt.success => {}
            other => {
                return Err(
                    format!("expected a transaction that took effect, found {other:?}").into()
                );
            }
        }
    }
    Ok(())
}
