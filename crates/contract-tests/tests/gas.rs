//! What the operations cost, beside the budgets of the design (section 7).
//!
//! The report is printed and compared with `gas.txt`, so that a change of cost is a change of a file. To accept one:
//! `THERIAC_UPDATE=1 cargo test -p theriac-contract-tests --test gas`.

use std::fmt::Write as _;

use alloy::primitives::B256;
use theriac_contract_tests::custody::{Custody, ICustody};
use theriac_contract_tests::{EXPIRY_DAY, Reason, Tree, World, climb, unit_hash, word};

/// Name, gas in all, number of what it is for, and the design's budget for one of them.
type Line = (&'static str, u64, u64, Option<u64>);

/// How much above its budget a cost may be before the test fails, in percent.
const TOLERANCE_PERCENT: u64 = 40;

#[test]
#[expect(clippy::print_stdout, reason = "a report for whoever runs the test")]
fn report() {
    let mut lines = Vec::new();
    lot_of_a_million(&mut lines);
    hand_over(&mut lines);
    picks(&mut lines);
    dispensing(&mut lines);
    let mut report = format!("{:<62}{:>11}{:>9}{:>9}\n", "operation", "gas", "each", "budget");
    for (name, gas, count, budget) in &lines {
        let budget = budget.map_or(String::new(), |budget| budget.to_string());
        writeln!(report, "{name:<62}{gas:>11}{:>9}{budget:>9}", gas / count).expect("a string");
    }
    println!("{report}");
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/gas.txt");
    if std::env::var_os("THERIAC_UPDATE").is_some() {
        std::fs::write(path, &report).expect("gas.txt");
    }
    for (name, gas, count, budget) in lines {
        if let Some(budget) = budget {
            let ceiling = budget + budget * TOLERANCE_PERCENT / 100;
            assert!(gas / count <= ceiling, "{name}: {} gas, at most {ceiling}", gas / count);
        }
    }
    let committed = std::fs::read_to_string(path).expect("gas.txt");
    assert_eq!(report, committed, "accept the costs with THERIAC_UPDATE=1");
}

/// A holding that looks as if it had 2^height units, with a case of 64 at the left and the way from there to the root.
struct Huge {
    id: B256,
    case: Tree,
    siblings: Vec<B256>,
}

impl Huge {
    /// The case at an index: any case, because all siblings are made up, does for cost.
    fn node(&self, height: u8) -> ICustody::Node {
        let below = usize::from(height - 6);
        let hash = climb(self.case.root(), 0, &self.siblings[..below]);
        let proof = self.siblings[below..].to_vec();
        ICustody::Node { holding: self.id, height, index: 0, hash, proof }
    }

    /// The sibling of a node of the leftmost way.
    fn neighbour(&self, height: u8) -> ICustody::Node {
        let left = self.node(height);
        let mut proof = left.proof.clone();
        let hash = std::mem::replace(&mut proof[0], left.hash);
        ICustody::Node { holding: self.id, height, index: 1, hash, proof }
    }
}

fn huge(world: &mut World, height: u8, lines: Option<&mut Vec<Line>>) -> Huge {
    let case = case_of(0);
    let siblings: Vec<_> = (6..height).map(|h| word(&format!("sibling {h}"))).collect();
    let call = Custody::commissionCall {
        lotTag: word(&format!("lot {height}")),
        expiry: EXPIRY_DAY,
        root: climb(case.root(), 0, &siblings),
        height,
        cause: word("commission"),
    };
    let done = world.custody(World::FACTORY, &call).expect("commission");
    if let Some(lines) = lines {
        lines.push(("commission 2^20 units, new lot", done.gas, 1, Some(120_000)));
    }
    Huge { id: done.value, case, siblings }
}

fn case_of(number: u64) -> Tree {
    let first = number * 64;
    let lot = word("lot");
    Tree::new(
        (first..first + 64).map(|n| theriac_contract_tests::leaf(lot, unit_hash(n))).collect(),
    )
}

fn ship(world: &mut World, node: ICustody::Node) -> u64 {
    let cause = word(&format!("ship {} {} of {}", node.height, node.index, node.holding));
    let call = Custody::shipCall { nodes: vec![node], to: World::WHOLESALER, cause };
    world.custody(World::FACTORY, &call).expect("ship").gas
}

fn lot_of_a_million(lines: &mut Vec<Line>) {
    let mut world = World::new();
    let lot = huge(&mut world, 20, Some(lines));
    let gas = ship(&mut world, lot.node(6));
    lines.push(("ship a 64-unit case out of 2^20, first of its 256 leaves", gas, 1, Some(115_000)));
    let gas = ship(&mut world, lot.neighbour(6));
    lines.push(("ship a 64-unit case out of 2^20, second", gas, 1, Some(115_000)));
    let pallet = lot.neighbour(12);
    let gas = ship(&mut world, pallet);
    lines.push(("ship a 4096-unit pallet out of 2^20", gas, 1, None));
    let small = huge(&mut world, 12, None);
    let gas = ship(&mut world, small.node(6));
    lines.push(("ship a 64-unit case out of a 4096-unit pallet", gas, 1, Some(115_000)));
    let places = vec![ICustody::Place { holding: small.id, height: 11, index: 1 }];
    let reason = Reason::Destroyed as u8;
    let call = Custody::writeOffCall { places, reason, cause: word("fire") };
    let gas = world.custody(World::FACTORY, &call).expect("written off").gas;
    lines.push(("write off 2048 units at once", gas, 1, None));
    let call = Custody::anchorCall { root: word("root"), count: 1000 };
    let gas = world.custody(World::FACTORY, &call).expect("anchored").gas;
    lines.push(("anchor", gas, 1, None));
    let call = Custody::recallCall { lotTag: word("lot 20"), class: 1, cause: word("recall") };
    let gas = world.custody(World::FACTORY, &call).expect("recalled").gas;
    lines.push(("recall a lot", gas, 1, None));
}

fn hand_over(lines: &mut Vec<Line>) {
    for (name, refuse) in [("receive in full", false), ("receive, one unit refused", true)] {
        let mut world = World::new();
        let (id, tree) = world.commission("lot", 0, 64);
        let nodes = vec![tree.node_of(id, 6, 0)];
        let call = Custody::shipCall { nodes, to: World::WHOLESALER, cause: word("ship") };
        let id = world.custody(World::FACTORY, &call).expect("ship").value;
        let refused = if refuse { vec![tree.node_of(id, 0, 5)] } else { vec![] };
        let call = Custody::receiveShipmentCall { id, refused, cause: word("receive") };
        let gas = world.custody(World::WHOLESALER, &call).expect("receive").gas;
        lines.push((name, gas, 1, None));
    }
}

/// Cases of 64 units, each a holding of its own at `holder`.
fn cases(world: &mut World, count: u64, holder: alloy::primitives::Address) -> Vec<(B256, Tree)> {
    (0..count)
        .map(|case| {
            let (id, tree) = world.commission("lot", case * 64, 64);
            let nodes = vec![tree.node_of(id, 6, 0)];
            (world.hand_over(World::FACTORY, nodes, holder, word(&format!("case {case}"))), tree)
        })
        .collect()
}

/// Which units of a case are taken: `count` from the first on, or strewn over it.
fn positions(count: u64, strewn: bool) -> Vec<u64> {
    (0..count).map(|i| if strewn { i * 64 / count + i % 3 } else { i }).collect()
}

/// Units of cases as nodes, with proofs joined and holdings named once.
fn pick(cases: &[(B256, Tree)], positions: &[u64]) -> Vec<ICustody::Node> {
    let mut nodes = Vec::new();
    for (id, tree) in cases {
        for (i, index) in positions.iter().enumerate() {
            let mut node = tree.node_of(*id, 0, *index);
            if i > 0 {
                node.holding = B256::ZERO;
                node.proof = tree.joined_proof((0, positions[i - 1]), 0, *index);
            }
            nodes.push(node);
        }
    }
    nodes
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
        let nodes = pick(&cases, &positions(each, strewn));
        let call = Custody::shipCall { nodes, to: World::PHARMACY, cause: word("order") };
        let gas = world.custody(World::WHOLESALER, &call).expect("picked").gas;
        lines.push((name, gas, 200, budget));
    }
}

fn dispensing(lines: &mut Vec<Line>) {
    let wanted = [
        ("dispense 200 units, 20 side by side from each of 10 cases", false, true),
        ("dispense 200 units, 20 strewn over each of 10 cases", true, true),
        ("dispense 200 units, 20 side by side, each proof in full", false, false),
    ];
    for (name, strewn, joined) in wanted {
        let mut world = World::new();
        let cases = cases(&mut world, 10, World::PHARMACY);
        let positions = positions(20, strewn);
        let mut units = Vec::new();
        for (case, (id, tree)) in cases.iter().enumerate() {
            for (i, index) in positions.iter().enumerate() {
                let number = case as u64 * 64 + index;
                let mut unit = tree.leaf_of(*id, *index, word("lot"), unit_hash(number));
                if joined && i > 0 {
                    unit.holding = B256::ZERO;
                    unit.proof = tree.joined_proof((0, positions[i - 1]), 0, *index);
                }
                if joined && (case, i) != (0, 0) {
                    unit.lotTag = B256::ZERO;
                }
                units.push(unit);
            }
        }
        let call =
            Custody::retireCall { units, reason: Reason::Dispensed as u8, cause: word("sale") };
        let gas = world.custody(World::PHARMACY, &call).expect("dispensed").gas;
        lines.push((name, gas, 200, joined.then_some(6_000)));
    }
}
