//! Laying out newly commissioned units so that each logistic unit is one aligned subtree.

use std::collections::HashMap;

use theriac_gs1::{Identifier, Sgtin};

use crate::tree::height_for;

/// The leaf position of each unit, and the height of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// Positions in the order of the units given.
    pub positions: Vec<u64>,
    /// Height of the tree.
    pub height: u8,
}

/// Lays out `units`; `parent` tells what an item is packed in. A case of 48 gets an aligned block of
/// 64 positions, its pallet an aligned block of its cases; units packed in nothing come last.
pub fn layout(units: &[Sgtin], parent: impl Fn(&Identifier) -> Option<Identifier>) -> Layout {
    let mut forest = Forest::default();
    for (n, unit) in units.iter().enumerate() {
        forest.add_unit(n, &Identifier::Sgtin(unit.clone()), &parent);
    }
    let mut positions = vec![0; units.len()];
    let size = place(&forest, forest.roots.clone(), 0, &mut positions);
    Layout { positions, height: height_for(size.max(1)) }
}

/// The packing hierarchy over the units, in the order in which it was met.
#[derive(Default)]
struct Forest {
    roots: Vec<Branch>,
    boxes: Vec<Vec<Branch>>,
    box_numbers: HashMap<Identifier, usize>,
}

/// A unit by its number, or a logistic unit by its index in [`Forest::boxes`].
#[derive(Clone, Copy)]
enum Branch {
    Unit(usize),
    Box(usize),
}

/// Deeper nesting than this is cut: the rest is placed as if packed in nothing.
const DEPTH_MAX: usize = 16;

impl Forest {
    fn add_unit(
        &mut self,
        n: usize,
        id: &Identifier,
        parent: &impl Fn(&Identifier) -> Option<Identifier>,
    ) {
        let mut branch = Branch::Unit(n);
        let mut above = parent(id);
        for _ in 0..DEPTH_MAX {
            let Some(id) = above else { break };
            if let Some(number) = self.box_numbers.get(&id) {
                self.boxes[*number].push(branch);
                return;
            }
            let number = self.boxes.len();
            self.boxes.push(vec![branch]);
            branch = Branch::Box(number);
            above = parent(&id);
            self.box_numbers.insert(id, number);
        }
        self.roots.push(branch);
    }

    /// Height of the aligned block that a branch needs.
    fn height(&self, branch: Branch) -> u8 {
        match branch {
            Branch::Unit(_) => 0,
            Branch::Box(number) => {
                height_for(self.boxes[number].iter().map(|b| 1_u64 << self.height(*b)).sum())
            }
        }
    }
}

/// Places branches from `start` on, the highest first, and returns the number of positions used.
fn place(forest: &Forest, branches: Vec<Branch>, start: u64, positions: &mut [u64]) -> u64 {
    let mut sized: Vec<(u8, Branch)> =
        branches.into_iter().map(|branch| (forest.height(branch), branch)).collect();
    sized.sort_by_key(|(height, _)| std::cmp::Reverse(*height));
    let mut next = start;
    for (height, branch) in sized {
        match branch {
            Branch::Unit(n) => positions[n] = next,
            Branch::Box(number) => {
                place(forest, forest.boxes[number].clone(), next, positions);
            }
        }
        next += 1 << height;
    }
    next - start
}

#[cfg(test)]
mod tests {
    use super::*;
    use theriac_gs1::{Gtin, Serial, Sscc};

    fn unit(n: usize) -> Sgtin {
        Sgtin {
            gtin: "09506000134352".parse::<Gtin>().unwrap(),
            serial: format!("S{n}").parse::<Serial>().unwrap(),
        }
    }

    fn sscc(n: u64) -> Identifier {
        let body = 10_614_141_000_000_000 + n;
        let digits = format!("{body:017}");
        (0..10)
            .find_map(|check| format!("{digits}{check}").parse::<Sscc>().ok())
            .map(Identifier::Sscc)
            .unwrap()
    }

    /// Three cases of five, two on one pallet, and two loose units.
    #[test]
    fn cases_and_pallets_are_aligned_blocks() {
        let units: Vec<Sgtin> = (0..17).map(unit).collect();
        let number =
            |id: &Identifier| units.iter().position(|u| *id == Identifier::Sgtin(u.clone()));
        let layout = layout(&units, |id| match number(id) {
            Some(n) if n < 15 => Some(sscc(n as u64 / 5)),
            Some(_) => None,
            None => (*id == sscc(0) || *id == sscc(2)).then(|| sscc(9)),
        });
        let block = |units: std::ops::Range<usize>| layout.positions[units].to_vec();
        assert_eq!(block(0..5), [0, 1, 2, 3, 4]);
        assert_eq!(block(10..15), [8, 9, 10, 11, 12]);
        assert_eq!(block(5..10), [16, 17, 18, 19, 20]);
        assert_eq!(block(15..17), [24, 25]);
        assert_eq!(layout.height, 5);
    }
}
