//! What the ledger keeps for each live pack in a mix of goods as in the demo's day, and what it
//! keeps once their time is over.

use theriac_custody::HoldingState;

use super::day::Day;
use super::goods::{Goods, Part};
use super::handover::EXPIRY;
use crate::benchmark::Failure;
use crate::metric::Metric;
use crate::world::{SLOT_BYTES, World};

/// Packs of the three lots.
pub(super) const LOTS: [u64; 3] = [5_000, 3_000, 2_000];
/// Packs of a full case, in a block of 64.
const CASE_PACKS: u64 = 48;
/// Height of the tree over a case.
const CASE: u8 = 6;
/// Cases of a pallet, in a block of 16.
const PALLET_CASES: u64 = 10;
/// Height of the tree over a pallet.
const PALLET: u8 = 10;
/// Packs of each lot that a pharmacy orders, in no case.
const ORDERED: usize = 40;
/// Packs of each lot that a pharmacy dispenses in one go.
const DISPENSED: usize = 12;
/// Packs that both pharmacies dispense, in two goes each.
pub(super) const DISPENSED_IN_ALL: u64 = 4 * DISPENSED as u64 * LOTS.len() as u64;
/// Cases of the first lot that travel on no pallet; the rest of their pallet stays at the maker's.
const LOOSE: u64 = 4;
/// Packs of the order that is on its way in the evening.
const EVENING: usize = 6;
/// Days from the demo's day until all can be pruned, whatever the grace.
const LATER_DAYS: u64 = 4_000;

pub(super) async fn run(seed: u64) -> Result<Vec<Metric>, Failure> {
    let world = World::new(seed).await?;
    let before = world.slots();
    let mut day = Day::new(&world);
    play(&mut day).await?;
    let bytes = (world.slots() - before) * SLOT_BYTES;
    let each = bytes as f64 / day.live as f64;
    let each = (each * 1_000.0).round() / 1_000.0;
    world.pass(LATER_DAYS);
    let pruned = day.prune().await?;
    let rest = (world.slots() - before) * SLOT_BYTES;
    Ok(vec![
        Metric::lower("gas.state_per_live_unit", each, "bytes").budget(20.0),
        Metric::lower("gas.state_after_prune", rest as f64, "bytes").budget(0.0),
        Metric::lower(
            "gas.prune_all_per_unit",
            pruned as f64 / LOTS.iter().sum::<u64>() as f64,
            "gas",
        ),
    ])
}

/// Packs of each lot that leave the maker that day.
pub(super) fn moved() -> [u64; 3] {
    let [first, second, third] = LOTS;
    [first - (PALLET_CASES - LOOSE) * CASE_PACKS, second, third]
}

/// The day: three lots are made, packed and shipped; the wholesaler refuses a case, picks two orders
/// with a whole case each, sets a case apart; packs are dispensed, stolen, sent back, and are on
/// their way in the evening.
async fn play(day: &mut Day<'_>) -> Result<(), Failure> {
    let mut made = Vec::new();
    for (lot, packs) in (0..).zip(LOTS) {
        let positions = pallet_positions(packs);
        made.push(day.commission(lot, &positions, EXPIRY).await?);
    }
    let world = day.world;
    let (maker, wholesaler, [first, second]) = (&world.maker, &world.wholesaler, &world.pharmacies);
    // The first pallet of the first lot is unpacked: four of its cases travel alone.
    let loose: Vec<_> = (0..LOOSE).map(|case| made[0].part(CASE, case)).collect();
    let loose = day.ship(maker, wholesaler, &loose).await?;
    let loose = day.receive_but(wholesaler, loose, (CASE, 3)).await?;
    let mut arrived = Vec::new();
    for (lot, goods) in made.iter().enumerate() {
        let shipped = pallets(goods).skip(usize::from(lot == 0)).collect::<Vec<_>>();
        let goods = day.ship(maker, wholesaler, &shipped).await?;
        arrived.push(day.receive(wholesaler, goods).await?);
    }
    let mut shelves = Vec::new();
    for (order, pharmacy) in [first, second].into_iter().enumerate() {
        let parts = order_parts(&arrived, order);
        let goods = day.ship(wholesaler, pharmacy, &parts).await?;
        shelves.push(day.receive(pharmacy, goods).await?);
    }
    day.segregate(wholesaler, &[loose.part(CASE, 0)], HoldingState::Quarantined).await?;
    counter(day, &shelves).await?;
    let packs = arrived[0].positions().skip(2 * ORDERED).take(EVENING);
    let evening: Vec<_> = packs.map(|index| arrived[0].part(0, index)).collect();
    day.ship(wholesaler, second, &evening).await?;
    Ok(())
}

/// Packs dispensed at both pharmacies, morning and afternoon; two stolen, one sent back.
async fn counter(day: &mut Day<'_>, shelves: &[Goods]) -> Result<(), Failure> {
    let world = day.world;
    let [first, second] = &world.pharmacies;
    for session in 0..2 {
        for (pharmacy, shelf) in [first, second].into_iter().zip(shelves) {
            let single = singles(shelf);
            let taken = (0..LOTS.len()).flat_map(|lot| {
                let from = lot * ORDERED + session * DISPENSED;
                single[from..from + DISPENSED].iter().copied()
            });
            day.dispense(pharmacy, shelf, taken.collect()).await?;
        }
    }
    let left = 2 * DISPENSED;
    let [gone, also, back] = [0, 1, 2].map(|n| shelves[0].part(0, singles(&shelves[0])[left + n]));
    day.segregate(first, &[gone, also], HoldingState::Stolen).await?;
    let returned = day.ship(first, &world.wholesaler, &[back]).await?;
    day.receive(&world.wholesaler, returned).await?;
    Ok(())
}

/// The positions of the packs of a lot: 48 in each block of 64, 10 such blocks in each of 16.
fn pallet_positions(packs: u64) -> Vec<u64> {
    let position = |n: u64| {
        let (case, pack) = (n / CASE_PACKS, n % CASE_PACKS);
        let (pallet, case) = (case / PALLET_CASES, case % PALLET_CASES);
        (pallet << PALLET) + (case << CASE) + pack
    };
    (0..packs).map(position).collect()
}

/// The pallets of a lot.
fn pallets(goods: &Goods) -> impl Iterator<Item = Part<'_>> {
    let last = goods.positions().last().unwrap_or(0) >> PALLET;
    (0..=last).map(|pallet| goods.part(PALLET, pallet))
}

/// The packs and the whole case of an order: 40 packs of each lot out of two opened cases, and a
/// case of the second pallet.
fn order_parts(arrived: &[Goods], order: usize) -> Vec<Part<'_>> {
    let from = order * ORDERED;
    let mut parts = vec![arrived[order].part(CASE, 16 + order as u64)];
    for goods in arrived {
        let packs = goods.positions().skip(from).take(ORDERED);
        parts.extend(packs.map(|index| goods.part(0, index)));
    }
    parts
}

/// The positions on a shelf that are in no case: the case came first, because it is highest.
fn singles(shelf: &Goods) -> Vec<u64> {
    shelf.positions().filter(|position| *position >= 1 << CASE).collect()
}
