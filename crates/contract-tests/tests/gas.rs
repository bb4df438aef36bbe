//! What the operations cost, beside their budgets.
//!
//! The report is printed and compared with `gas.txt`, so that a change of cost is a change of a file. To accept one:
//! `THERIAC_UPDATE=1 cargo test -p theriac-contract-tests --test gas`. A line above its budget fails all the same.

use std::fmt::Write as _;

use alloy::primitives::{Address, B256, Bytes, U256};
use alloy::sol_types::SolCall;
use theriac_contract_tests::custody::{Custody, ICustody};
use theriac_contract_tests::{
    EXPIRY_DAY, GRACE_DAYS, NOW_S, Reason, Source, Stock, Tree, World, climb, leaf, pack_choice,
    pack_items, pack_places, pack_sources, seed, unit_hash, word,
};

/// Name, gas in all, number of what it is for, and the budget for one of them.
type Line = (&'static str, u64, u64, Option<u64>);

/// Gas that a transaction may use at most (EIP-7825).
const TRANSACTION_MAX: u64 = 1 << 24;

#[test]
#[expect(clippy::print_stdout, reason = "a report for whoever runs the test")]
fn report() {
    let mut lines = Vec::new();
    lot_of_a_million(&mut lines);
    receiving(&mut lines);
    picks(&mut lines);
    dispensing(&mut lines);
    pruning(&mut lines);
    let mut report = format!("{:<78}{:>11}{:>9}{:>9}\n", "operation", "gas", "each", "budget");
    for (name, gas, count, budget) in &lines {
        let budget = budget.map_or(String::new(), |budget| budget.to_string());
        writeln!(report, "{name:<78}{gas:>11}{:>9}{budget:>9}", gas / count).expect("a string");
    }
    println!("{report}");
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/gas.txt");
    if std::env::var_os("THERIAC_UPDATE").is_some() {
        std::fs::write(path, &report).expect("gas.txt");
    }
    for (name, gas, count, budget) in lines {
        if let Some(budget) = budget {
            assert!(gas / count <= budget, "{name}: {} gas, at most {budget}", gas / count);
        }
        assert!(gas <= TRANSACTION_MAX, "{name}: {gas} gas in one transaction");
    }
    let committed = std::fs::read_to_string(path).expect("gas.txt");
    assert_eq!(report, committed, "accept the costs with THERIAC_UPDATE=1");
}

/// A holding that looks as if it had 2^height units, with a case of 64 at the left and the way from there to the root.
struct Huge {
    id: B256,
    seed: B256,
    height: u8,
    case: Tree,
    siblings: Vec<B256>,
}

impl Huge {
    /// Opens it; gives the gas, too.
    fn new(world: &mut World, height: u8) -> (Self, u64) {
        let case = Tree::new((0..64).map(|n| leaf(word("lot"), unit_hash(n))).collect());
        let siblings: Vec<_> = (6..height).map(|h| word(&format!("sibling {h}"))).collect();
        let cause = word(&format!("commission {height}"));
        let call = Custody::commissionCall {
            lotTag: word(&format!("lot {height}")),
            expiry: EXPIRY_DAY,
            root: climb(case.root(), 0, &siblings),
            height,
            cause,
        };
        let done = world.custody(World::FACTORY, &call).expect("commission");
        let seed = seed(World::FACTORY, cause);
        (Self { id: done.value, seed, height, case, siblings }, done.gas)
    }

    /// The node of a height on the leftmost way, or its sibling: any does for cost, because all siblings are made up.
    fn source(&self, height: u8, index: u64) -> ICustody::Source {
        let below = usize::from(height - 6);
        let mut hash = climb(self.case.root(), 0, &self.siblings[..below]);
        let mut proof = self.siblings[below..].to_vec();
        if index == 1 {
            std::mem::swap(&mut hash, &mut proof[0]);
        }
        let items = pack_items([((height, index), hash)]);
        ICustody::Source { seed: self.seed, height: self.height, items, proof }
    }
}

fn ship(world: &mut World, by: Address, to: Address, sources: Vec<ICustody::Source>) -> u64 {
    let cause = word(&format!("{sources:?}"));
    let call = Custody::shipCall { sources, to, cause };
    world.custody(by, &call).expect("ship").gas
}

fn lot_of_a_million(lines: &mut Vec<Line>) {
    let mut world = World::new();
    let (lot, gas) = Huge::new(&mut world, 20);
    lines.push(("commission 2^20 units, new lot", gas, 1, Some(120_000)));
    let to_wholesaler =
        |world: &mut World, source| ship(world, World::FACTORY, World::WHOLESALER, vec![source]);
    let gas = to_wholesaler(&mut world, lot.source(6, 0));
    lines.push(("ship a 64-unit case out of 2^20, first of its 256 leaves", gas, 1, Some(115_000)));
    let gas = to_wholesaler(&mut world, lot.source(6, 1));
    lines.push(("ship a 64-unit case out of 2^20, second", gas, 1, Some(115_000)));
    let gas = to_wholesaler(&mut world, lot.source(12, 1));
    lines.push(("ship a 4096-unit pallet out of 2^20", gas, 1, None));
    let (small, _) = Huge::new(&mut world, 12);
    let gas = to_wholesaler(&mut world, small.source(6, 0));
    lines.push(("ship a 64-unit case out of a 4096-unit pallet", gas, 1, Some(115_000)));
    let losses = vec![ICustody::Loss { id: small.id, places: pack_places(&[(11, 1)]) }];
    let reason = Reason::Destroyed as u8;
    let call = Custody::writeOffCall { losses, reason, cause: word("fire") };
    let gas = world.custody(World::FACTORY, &call).expect("written off").gas;
    lines.push(("write off 2048 units at once", gas, 1, None));
    let losses = vec![ICustody::Loss { id: small.id, places: pack_places(&[(6, 1)]) }];
    let reason = Reason::Lost as u8;
    let call = Custody::writeOffCall { losses, reason, cause: word("lost") };
    let gas = world.custody(World::FACTORY, &call).expect("written off").gas;
    lines.push(("write off a case of 64 as lost, with undo record", gas, 1, None));
    let call = Custody::anchorCall { root: word("root"), count: 1000 };
    let gas = world.custody(World::FACTORY, &call).expect("anchored").gas;
    lines.push(("anchor", gas, 1, None));
    let call = Custody::recallCall { lotTag: word("lot 20"), class: 1, cause: word("recall") };
    let gas = world.custody(World::FACTORY, &call).expect("recalled").gas;
    lines.push(("recall a lot", gas, 1, None));
}

/// Shipments of a case each, to the wholesaler.
fn shipments(world: &mut World, count: u64) -> Vec<Stock> {
    (0..count)
        .map(|at| {
            let stock = world.commission("lot", at * 64, 64);
            let cause = word(&format!("ship {at}"));
            world.ship_all(World::FACTORY, &stock, World::WHOLESALER, cause)
        })
        .collect()
}

fn receiving(lines: &mut Vec<Line>) {
    let mut world = World::new();
    let sent = &shipments(&mut world, 1)[0];
    let call = Custody::receiveShipmentCall { id: sent.id(), cause: word("receive") };
    let gas = world.custody(World::WHOLESALER, &call).expect("receive").gas;
    lines.push(("receive, alone in a transaction (decision 0012)", gas, 1, None));
    let wanted = [
        ("receive, each of two in one transaction", 2),
        ("receive, each of ten in one transaction", 10),
    ];
    for (name, count) in wanted {
        let mut world = World::new();
        let receive = |sent: &Stock| {
            let call = Custody::receiveShipmentCall { id: sent.id(), cause: word("receive") };
            Bytes::from(call.abi_encode())
        };
        let data = shipments(&mut world, count).iter().map(receive).collect();
        let call = Custody::multicallCall { data };
        let gas = world.custody(World::WHOLESALER, &call).expect("receive").gas;
        lines.push((name, gas, count, Some(30_000)));
    }
    let mut world = World::new();
    let sent = &shipments(&mut world, 1)[0];
    let (refused, cause) = (sent.source(&[(0, 5)]), word("receive"));
    let call = Custody::receiveInPartCall { id: sent.id(), refused, cause };
    let gas = world.custody(World::WHOLESALER, &call).expect("receive").gas;
    lines.push(("receive in part, one unit refused", gas, 1, None));
}

/// Cases of 64 units, each a holding of its own at `holder`.
fn cases(world: &mut World, count: u64, holder: Address) -> Vec<Stock> {
    let mut cases: Vec<_> = (0..count)
        .map(|case| {
            let stock = world.commission("lot", case * 64, 64);
            world.hand_over(World::FACTORY, &stock, holder, word(&format!("case {case}")))
        })
        .collect();
    // As a client gives them.
    cases.sort_by_key(Stock::id);
    cases
}

/// Which units of a case are taken: `count` from the first on, or strewn over it.
fn positions(count: u64, strewn: bool) -> Vec<u64> {
    (0..count).map(|i| if strewn { i * 64 / count + i % 3 } else { i }).collect()
}

fn picks(lines: &mut Vec<Line>) {
    let wanted = [
        ("pick 200 units, each from another case", 200, 1, false, Some(14_000)),
        ("pick 200 units, 10 side by side from each of 20 cases", 20, 10, false, Some(6_000)),
        ("pick 200 units, 10 strewn over each of 20 cases", 20, 10, true, Some(6_000)),
    ];
    for (name, count, each, strewn, budget) in wanted {
        let mut world = World::new();
        let cases = cases(&mut world, count, World::WHOLESALER);
        let places: Vec<_> = positions(each, strewn).into_iter().map(|at| (0, at)).collect();
        let sources = cases.iter().map(|case| case.source(&places)).collect();
        let gas = ship(&mut world, World::WHOLESALER, World::PHARMACY, sources);
        lines.push((name, gas, 200, budget));
    }
}

fn dispensing(lines: &mut Vec<Line>) {
    let wanted = [
        ("dispense 200 units, 20 side by side from each of 10 cases, with undo record", false),
        ("dispense 200 units, 20 strewn over each of 10 cases, with undo record", true),
    ];
    for (name, strewn) in wanted {
        let mut world = World::new();
        let cases = cases(&mut world, 10, World::PHARMACY);
        let positions = positions(20, strewn);
        let number = |case: &Stock, at: u64| {
            let hash = case.tree.hash(0, at);
            (0..640).find(|n| leaf(word("lot"), unit_hash(*n)) == hash).expect("a unit")
        };
        let units =
            |case: &Stock| positions.iter().map(|at| (*at, number(case, *at))).collect::<Vec<_>>();
        let sources = cases.iter().map(|case| case.units(&units(case), 0)).collect();
        let (reason, cause) = (Reason::Dispensed as u8, word("sale"));
        let call = Custody::retireCall { lotTags: vec![word("lot")], sources, reason, cause };
        let gas = world.custody(World::PHARMACY, &call).expect("dispensed").gas;
        lines.push((name, gas, 200, Some(6_000)));
        if strewn {
            continue;
        }
        let places: Vec<_> = positions.iter().map(|at| (0, *at)).collect();
        let sources: Vec<_> = cases.iter().map(|c| Source::new(c.id(), &places)).collect();
        let until = NOW_S + 10 * 86_400;
        let call = Custody::restoreCall {
            places: pack_sources(&sources),
            reason,
            retiredBy: cause,
            until: until.to_string().parse().expect("a time"),
            which: pack_choice(&[true]),
            cause: word("undo"),
        };
        let gas = world.custody(World::PHARMACY, &call).expect("restored").gas;
        lines.push(("restore one of 200", gas, 1, None));
    }
}

fn pruning(lines: &mut Vec<Line>) {
    let mut world = World::new();
    let stock = world.commission("lot", 0, 4096);
    let keys: Vec<_> = (0..16).map(U256::from).collect();
    let places: Vec<_> = (0..16).map(|at| (0, at * 256)).collect();
    let losses = vec![ICustody::Loss { id: stock.id(), places: pack_places(&places) }];
    let reason = Reason::Destroyed as u8;
    let call = Custody::writeOffCall { losses, reason, cause: word("off") };
    world.custody(World::FACTORY, &call).expect("off");
    world.evm.set_time((u64::from(EXPIRY_DAY) + 1 + u64::from(GRACE_DAYS)) * 86_400);
    let call = Custody::pruneCall { id: stock.id(), keys };
    let gas = world.custody(World::STRANGER, &call).expect("pruned").gas;
    lines.push(("prune a holding with 16 words of marks", gas, 1, None));
    let call = Custody::pruneLotsCall { lotTags: vec![word("lot")] };
    let gas = world.custody(World::STRANGER, &call).expect("pruned").gas;
    lines.push(("prune a lot", gas, 1, None));
    let mut world = World::new();
    let ids: Vec<_> = (0..100).map(|at| world.commission("lot", at * 8, 8).id()).collect();
    world.evm.set_time((u64::from(EXPIRY_DAY) + 1 + u64::from(GRACE_DAYS)) * 86_400);
    let prune = |id: B256| Custody::pruneCall { id, keys: vec![] }.abi_encode().into();
    let call = Custody::multicallCall { data: ids.into_iter().map(prune).collect() };
    let gas = world.custody(World::STRANGER, &call).expect("pruned").gas;
    lines.push(("prune 100 holdings of up to 128 units", gas, 100, None));
}
