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
    boxes: Vec<LogisticUnit>,
    box_numbers: HashMap<Identifier, usize>,
}

/// A logistic unit.
struct LogisticUnit {
    contents: Vec<Branch>,
    /// Number of logistic units around it.
    depth: usize,
}

/// A unit by its number, or a logistic unit by its index in [`Forest::boxes`].
#[derive(Clone, Copy)]
enum Branch {
    Unit(usize),
    Box(usize),
}

/// Most logistic units around a unit. Deeper nesting is cut there: what is inside is placed as if
/// packed in nothing, because each level may double the width of the tree.
const DEPTH_MAX: usize = 8;

impl Forest {
    fn add_unit(
        &mut self,
        n: usize,
        id: &Identifier,
        parent: &impl Fn(&Identifier) -> Option<Identifier>,
    ) {
        let (new, mut around) = self.climb(id, parent);
        let depth = around.map_or(0, |number| self.boxes[number].depth + 1);
        if depth + new.len() > DEPTH_MAX && !new.is_empty() {
            around = None;
        }
        for id in new.into_iter().rev() {
            let depth = around.map_or(0, |number| self.boxes[number].depth + 1);
            let number = self.boxes.len();
            self.put(Branch::Box(number), around);
            self.boxes.push(LogisticUnit { contents: Vec::new(), depth });
            self.box_numbers.insert(id, number);
            around = Some(number);
        }
        self.put(Branch::Unit(n), around);
    }

    /// The logistic units around a unit that were not met before, from the inside, and the one met
    /// before that is around them. Ends at [`DEPTH_MAX`], so also in a circle, which no true packing
    /// has.
    fn climb(
        &self,
        id: &Identifier,
        parent: &impl Fn(&Identifier) -> Option<Identifier>,
    ) -> (Vec<Identifier>, Option<usize>) {
        let mut new: Vec<Identifier> = Vec::new();
        let mut above = parent(id);
        while let Some(id) = above {
            if let Some(number) = self.box_numbers.get(&id) {
                return (new, Some(*number));
            }
            if new.len() == DEPTH_MAX {
                break;
            }
            above = parent(&id);
            new.push(id);
        }
        (new, None)
    }

    fn put(&mut self, branch: Branch, around: Option<usize>) {
        match around {
            Some(number) => self.boxes[number].contents.push(branch),
            None => self.roots.push(branch),
        }
    }

    /// Height of the aligned block that a branch needs.
    fn height(&self, branch: Branch) -> u8 {
        match branch {
            Branch::Unit(_) => 0,
            Branch::Box(number) => {
                let contents = self.boxes[number].contents.iter();
                height_for(contents.map(|branch| 1_u64 << self.height(*branch)).sum())
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
                place(forest, forest.boxes[number].contents.clone(), next, positions);
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

    /// Each unit in a box of its own, each box in the next: no panic, no position twice.
    #[test]
    fn deep_nesting_is_cut() {
        let units: Vec<Sgtin> = (0..200).map(unit).collect();
        for reversed in [false, true] {
            let mut units = units.clone();
            if reversed {
                units.reverse();
            }
            let layout = layout(&units, |id| match id {
                Identifier::Sgtin(unit) => Some(sscc(unit.serial.as_str()[1..].parse().unwrap())),
                id => (0..199).find(|n| sscc(*n) == *id).map(|n| sscc(n + 1)),
            });
            let positions: std::collections::BTreeSet<u64> =
                layout.positions.iter().copied().collect();
            assert_eq!(positions.len(), 200);
            assert!(layout.height <= 8 + DEPTH_MAX as u8);
            assert!(positions.last().is_some_and(|last| *last < 1 << layout.height));
        }
    }

    proptest::proptest! {
        /// Whatever the packing, also with circles: each unit has a position of its own inside the
        /// tree.
        #[test]
        fn positions_are_distinct(around in proptest::collection::vec(0_u64..20, 40)) {
            let units: Vec<Sgtin> = (0..20).map(unit).collect();
            let layout = layout(&units, |id| {
                let number = match id {
                    Identifier::Sgtin(unit) => unit.serial.as_str()[1..].parse().unwrap(),
                    id => 20 + (0..20).position(|n| sscc(n) == *id).unwrap(),
                };
                (around[number] < 15).then(|| sscc(around[number]))
            });
            let positions: std::collections::BTreeSet<u64> =
                layout.positions.iter().copied().collect();
            proptest::prop_assert_eq!(positions.len(), 20);
            proptest::prop_assert!(positions.last().is_some_and(|last| *last < 1 << layout.height));
        }
    }

    #[test]
    fn a_circle_is_cut() {
        let units = [unit(0), unit(1)];
        let layout = layout(&units, |id| match id {
            Identifier::Sgtin(_) => Some(sscc(0)),
            id => Some(sscc(u64::from(*id == sscc(0)))),
        });
        assert_eq!((layout.positions, layout.height), (vec![0, 1], 1));
    }

    #[test]
    fn no_units_make_a_tree_of_one_position() {
        assert_eq!(layout(&[], |_| None), Layout { positions: Vec::new(), height: 0 });
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
