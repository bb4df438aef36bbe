//! Orders of single packs out of cases, and packs over the counter.

use theriac_custody::{NodeProof, Reason, TreeError};
use theriac_ledger::{Call, NodePlace};

use super::goods::Goods;
use super::shelf::cases;
use super::{gas, gas_each};
use crate::benchmark::Failure;
use crate::metric::Metric;
use crate::world::World;

/// Packs of an order, and of a batch that is dispensed.
const PACKS: usize = 200;
/// Packs of a case.
const CASE_PACKS: u64 = 64;

pub(super) async fn run(seed: u64) -> Result<Vec<Metric>, Failure> {
    let world = World::new(seed).await?;
    let mut metrics = Vec::new();
    for (lot, name, each, strewn, budget) in [
        (1, "pick_200_units_each_from_another_case", 1, false, 14_000.0),
        (2, "pick_200_units_ten_from_each_of_20_cases", 10, false, 6_000.0),
        (3, "pick_200_units_ten_strewn_over_each_of_20_cases", 10, true, 6_000.0),
    ] {
        let cases = cases(&world, lot, (PACKS / each) as u64, &world.wholesaler).await?;
        let nodes = pick(&cases, &positions(each as u64, strewn))?;
        let (to, cause) = (world.pharmacies[0].account(), world.hash("order", lot));
        let receipt = world.run(&world.wholesaler, &[Call::Ship { nodes, to, cause }]).await?;
        metrics.push(gas_each(name, &receipt, PACKS, "gas/unit").budget(budget));
    }
    let side_by_side = "dispense_200_units_from_10_cases";
    metrics.push(dispense(&world, 4, side_by_side, false).await?.0);
    let strewn = "dispense_200_units_strewn_over_10_cases";
    let (dispensed, places) = dispense(&world, 5, strewn, true).await?;
    metrics.extend([dispensed, restore(&world, 5, places).await?]);
    Ok(metrics)
}

/// Which packs of a case are taken: `count` from the first on, or strewn over it.
fn positions(count: u64, strewn: bool) -> Vec<u64> {
    (0..count).map(|n| if strewn { n * CASE_PACKS / count + n % 3 } else { n }).collect()
}

fn pick(cases: &[Goods], positions: &[u64]) -> Result<Vec<NodeProof>, TreeError> {
    let packs = cases.iter().flat_map(|case| positions.iter().map(|index| case.part(0, *index)));
    packs.map(|part| part.proof()).collect()
}

/// Dispenses; gives the cost, and the places in the order of the log.
async fn dispense(
    world: &World,
    lot: u64,
    name: &str,
    strewn: bool,
) -> Result<(Metric, Vec<NodePlace>), Failure> {
    let pharmacy = &world.pharmacies[0];
    let cases = cases(world, lot, 10, pharmacy).await?;
    let mut places = Vec::new();
    let mut units = Vec::new();
    for case in &cases {
        for index in positions((PACKS / cases.len()) as u64, strewn) {
            units.push(case.unit(index)?);
            places.push((case.id, 0, index));
        }
    }
    places.sort_unstable();
    let (reason, cause) = (Reason::Dispensed, world.hash("sale", lot));
    let receipt = world.run(pharmacy, &[Call::Retire { units, reason, cause }]).await?;
    Ok((gas_each(name, &receipt, PACKS, "gas/unit").budget(6_000.0), places))
}

/// Undoes one of the retirements of a batch.
async fn restore(world: &World, lot: u64, places: Vec<NodePlace>) -> Result<Metric, Failure> {
    let until = world.undo_until();
    let (reason, retired_by) = (Reason::Dispensed, world.hash("sale", lot));
    let cause = world.hash("return", lot);
    let call = Call::Restore { places, reason, retired_by, until, which: vec![7], cause };
    let receipt = world.run(&world.pharmacies[0], &[call]).await?;
    Ok(gas("restore_one_of_200_units", &receipt))
}
