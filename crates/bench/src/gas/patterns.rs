//! The same work by two patterns in use today, restated by us (`contracts/src/baselines`).

use alloy::primitives::{Address, B256, U256};
use alloy::sol_types::{SolCall, SolConstructor};
use theriac_chain::Chain;

use self::lot_per_contract::LotPerContract as Lot;
use self::slot_per_pack::SlotPerPack as Packs;
use super::mix;
use super::raw::Sender;
use crate::benchmark::Failure;
use crate::world::{SLOT_BYTES, TODAY, embedded, hashed};

mod lot_per_contract {
    alloy::sol!(LotPerContract, "../../contracts/artifacts/baselines/LotPerContract.json");
}

mod slot_per_pack {
    alloy::sol!(SlotPerPack, "../../contracts/artifacts/baselines/SlotPerPack.json");
}

/// A contract for each lot.
const PER_LOT: &str = "a contract per lot";
/// A storage slot for each pack.
const PER_PACK: &str = "a slot per pack";

/// Packs of a case.
const CASE: usize = 64;
/// Cases received at once.
const CASES: usize = 20;
/// Packs of an order, and of a batch that is dispensed.
const ORDER: usize = 200;
/// Most packs that are made or shipped in one transaction.
const AT_ONCE: usize = 500;
/// Packs of the million.
const MILLION: f64 = 1_048_576.0;
const EXPIRY: u32 = TODAY + 730;

/// What the patterns need for the work of a metric: its name, the pattern, the value.
pub(super) struct Patterns(Vec<(&'static str, &'static str, f64)>);

impl Patterns {
    /// What the patterns need for the work of a metric.
    pub(super) fn of(&self, metric: &str) -> impl Iterator<Item = (&'static str, f64)> {
        let work = metric.strip_prefix("gas.").unwrap_or(metric).to_owned();
        let found = self.0.iter().filter(move |(name, ..)| work == *name);
        found.map(|(_, pattern, value)| (*pattern, *value))
    }
}

pub(super) async fn run(seed: u64) -> Result<Patterns, Failure> {
    let mut patterns = Vec::new();
    per_lot(seed, &mut patterns).await?;
    per_pack(seed, &mut patterns).await?;
    Ok(Patterns(patterns))
}

/// A contract, and the accounts that call it.
struct Bench<'a> {
    chain: &'a Chain,
    contract: Address,
    maker: Sender,
    wholesaler: Sender,
    pharmacy: Sender,
}

impl<'a> Bench<'a> {
    fn new(seed: u64, chain: &'a Chain) -> Result<Self, Failure> {
        let sender = |n| Sender::new(hashed(seed, "key", n));
        let (maker, wholesaler, pharmacy) = (sender(2)?, sender(3)?, sender(4)?);
        Ok(Self { chain, contract: Address::ZERO, maker, wholesaler, pharmacy })
    }

    /// Puts a contract on the ledger, calls it from then on, and gives the gas.
    async fn create(&mut self, code: Vec<u8>) -> Result<f64, Failure> {
        let mined = self.maker.create(self.chain, code).await?;
        self.contract = mined.contract.ok_or("expected a contract, found none")?;
        Ok(mined.gas as f64)
    }

    async fn make(&mut self, call: impl SolCall) -> Result<f64, Failure> {
        let (chain, to) = (self.chain, self.contract);
        Ok(self.maker.call(chain, to, call.abi_encode()).await?.gas as f64)
    }

    async fn sell(&mut self, call: impl SolCall) -> Result<f64, Failure> {
        let (chain, to) = (self.chain, self.contract);
        Ok(self.wholesaler.call(chain, to, call.abi_encode()).await?.gas as f64)
    }

    async fn serve(&mut self, call: impl SolCall) -> Result<f64, Failure> {
        let (chain, to) = (self.chain, self.contract);
        Ok(self.pharmacy.call(chain, to, call.abi_encode()).await?.gas as f64)
    }

    /// Bytes of state on the ledger.
    fn state(&self) -> f64 {
        (self.chain.stats().storage_slots * SLOT_BYTES) as f64
    }
}

/// Names the costs of the works that both patterns do.
fn note(
    to: &mut Vec<(&'static str, &'static str, f64)>,
    pattern: &'static str,
    costs: impl IntoIterator<Item = (&'static str, f64)>,
) {
    to.extend(costs.into_iter().map(|(work, value)| (work, pattern, value)));
}

async fn per_lot(
    seed: u64,
    patterns: &mut Vec<(&'static str, &'static str, f64)>,
) -> Result<(), Failure> {
    let (chain, _clock, _folder) = embedded()?;
    let mut bench = Bench::new(seed, &chain)?;
    let code = |lot: u64, size: u32| {
        let lot_tag_ = B256::from(hashed(seed, "lot", lot).0);
        let arguments = Lot::constructorCall { lotTag_: lot_tag_, expiry_: EXPIRY, size_: size };
        [Lot::BYTECODE.to_vec(), arguments.abi_encode()].concat()
    };
    let commission = bench.create(code(0, 1 << 20)).await?;
    let (wholesaler, pharmacy) = (bench.wholesaler.address(), bench.pharmacy.address());
    let units = |from: usize, count: usize| (from..from + count).map(U256::from).collect();
    let ship = |units| Lot::shipCall { units, to: wholesaler };
    let shipped = bench.make(ship(units(0, CASE))).await?;
    let received = bench.sell(Lot::receiveUnitsCall { units: units(0, CASE) }).await?;
    for at in (CASE..CASE * (CASES + 1)).step_by(CASE * CASES / 4) {
        bench.make(ship(units(at, CASE * CASES / 4))).await?;
    }
    let at_once = Lot::receiveUnitsCall { units: units(CASE, CASE * CASES) };
    let several = bench.sell(at_once).await? / CASES as f64;
    let picked = bench.sell(Lot::shipCall { units: units(0, ORDER), to: pharmacy }).await?;
    bench.serve(Lot::receiveUnitsCall { units: units(0, ORDER) }).await?;
    let dispensed = bench.serve(Lot::dispenseCall { units: units(0, ORDER) }).await?;
    let recalled = bench.make(Lot::recallCall {}).await?;
    let before = bench.state();
    for (lot, (packs, moved)) in (1..).zip(mix::LOTS.into_iter().zip(mix::moved())) {
        bench.create(code(lot, packs as u32)).await?;
        for at in (0..moved as usize).step_by(AT_ONCE) {
            bench.make(ship(units(at, AT_ONCE.min(moved as usize - at)))).await?;
        }
    }
    let state = bench.state() - before;
    note(
        patterns,
        PER_LOT,
        costs([commission, shipped, received, several, picked, dispensed, recalled], state),
    );
    Ok(())
}

async fn per_pack(
    seed: u64,
    patterns: &mut Vec<(&'static str, &'static str, f64)>,
) -> Result<(), Failure> {
    let (chain, _clock, _folder) = embedded()?;
    let mut bench = Bench::new(seed, &chain)?;
    bench.create(Packs::BYTECODE.to_vec()).await?;
    let (wholesaler, pharmacy) = (bench.wholesaler.address(), bench.pharmacy.address());
    let packs = |from: usize, count: usize| -> Vec<B256> {
        (from..from + count).map(|n| hashed(seed, "pack", n as u64).0.into()).collect()
    };
    let make = |lot, packs| Packs::commissionCall { lot, expiry: EXPIRY, packs };
    let mut made = 0.0;
    for at in (0..CASE * (CASES + 1)).step_by(AT_ONCE) {
        made = bench.make(make(0, packs(at, AT_ONCE))).await?;
    }
    let commission = made / AT_ONCE as f64 * MILLION;
    let ship = |packs| Packs::shipCall { packs, to: wholesaler };
    let shipped = bench.make(ship(packs(0, CASE))).await?;
    let received = bench.sell(Packs::receivePacksCall { packs: packs(0, CASE) }).await?;
    bench.make(ship(packs(CASE, CASE * CASES))).await?;
    let at_once = Packs::receivePacksCall { packs: packs(CASE, CASE * CASES) };
    let several = bench.sell(at_once).await? / CASES as f64;
    let picked = bench.sell(Packs::shipCall { packs: packs(0, ORDER), to: pharmacy }).await?;
    bench.serve(Packs::receivePacksCall { packs: packs(0, ORDER) }).await?;
    let dispensed = bench.serve(Packs::dispenseCall { packs: packs(0, ORDER) }).await?;
    let recalled = bench.make(Packs::recallCall { lot: 0 }).await?;
    let before = bench.state();
    let mut next = 1 << 20;
    for (lot, mut left) in (1..).zip(mix::LOTS) {
        while left > 0 {
            let count = left.min(AT_ONCE as u64) as usize;
            bench.make(make(lot, packs(next, count))).await?;
            (next, left) = (next + count, left - count as u64);
        }
    }
    let state = bench.state() - before;
    note(
        patterns,
        PER_PACK,
        costs([commission, shipped, received, several, picked, dispensed, recalled], state),
    );
    Ok(())
}

/// The works of the metrics, with what they cost: gas, and bytes of state after the day of the mix,
/// of which nothing can be pruned.
fn costs(gas: [f64; 7], state: f64) -> Vec<(&'static str, f64)> {
    let [commission, shipped, received, several, picked, dispensed, recalled] = gas;
    let (picked, dispensed) = (picked / ORDER as f64, dispensed / ORDER as f64);
    let live = mix::LOTS.iter().sum::<u64>() - mix::DISPENSED_IN_ALL;
    let costs = [
        ("commission_2^20", commission),
        ("ship_case_of_64", shipped),
        ("receive", received),
        ("receive_each_of_20_at_once", several),
        ("recall_lot", recalled),
        ("pick_200_units_each_from_another_case", picked),
        ("pick_200_units_ten_from_each_of_20_cases", picked),
        ("pick_200_units_ten_strewn_over_each_of_20_cases", picked),
        ("dispense_200_units_from_10_cases", dispensed),
        ("dispense_200_units_strewn_over_10_cases", dispensed),
    ];
    let costs = costs.into_iter().map(|(work, gas)| (work, gas.round()));
    let each = (state / live as f64 * 1_000.0).round() / 1_000.0;
    costs.chain([("state_per_live_unit", each), ("state_after_prune", state)]).collect()
}
