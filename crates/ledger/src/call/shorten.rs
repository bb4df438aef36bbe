//! Saying less of a list of proofs: what the node before already said.
//!
//! The contract lets a proof of the same holding stop below the first ancestor that is a sibling of
//! an ancestor of the node before, and takes a zero for "the same holding" (see `ICustody.ship`).

use theriac_custody::Hash;

/// What the contract remembers of the list so far.
#[derive(Debug, Default)]
pub(crate) struct Before(Option<Place>);

#[derive(Debug)]
struct Place {
    holding: Hash,
    height: u8,
    index: u64,
}

impl Before {
    /// The holding and the siblings that have to be said of the next node.
    pub(crate) fn next<'a>(
        &mut self,
        holding: Hash,
        height: u8,
        index: u64,
        path: &'a [Hash],
    ) -> (Hash, &'a [Hash]) {
        let before = self.0.replace(Place { holding, height, index });
        match before {
            Some(before) if before.holding == holding => {
                let said = before.siblings_to_say(height, index).filter(|said| *said <= path.len());
                (Hash::ZERO, &path[..said.unwrap_or(path.len())])
            }
            _ => (holding, path),
        }
    }
}

impl Place {
    /// How many siblings lead from a node to where its path meets this one's; `None` where one
    /// contains the other or the order is wrong, which the contract refuses.
    fn siblings_to_say(&self, height: u8, index: u64) -> Option<usize> {
        let down = self.height.checked_sub(height)?;
        let differ = self.index ^ index.checked_shr(u32::from(down)).unwrap_or(0);
        let levels = differ.checked_ilog2()?;
        Some(usize::from(down) + levels as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: Hash = Hash([1; 32]);
    const B: Hash = Hash([2; 32]);

    /// Number of siblings said of each (holding, height, index) in trees of height 6.
    fn said(list: &[(Hash, u8, u64)]) -> Vec<(bool, usize)> {
        let mut before = Before::default();
        let path = [Hash([9; 32]); 6];
        list.iter()
            .map(|(holding, height, index)| {
                let full = &path[..6 - usize::from(*height)];
                let (named, siblings) = before.next(*holding, *height, *index, full);
                (named != Hash::ZERO, siblings.len())
            })
            .collect()
    }

    #[test]
    fn neighbours_need_nothing_and_far_nodes_nearly_all() {
        let list = [(A, 0, 0), (A, 0, 1), (A, 0, 2), (A, 0, 63), (A, 0, 62)];
        assert_eq!(said(&list), [(true, 6), (false, 0), (false, 1), (false, 5), (false, 0)]);
    }

    #[test]
    fn lower_nodes_climb_to_the_height_of_the_one_before() {
        assert_eq!(said(&[(A, 4, 1), (A, 4, 0), (A, 0, 63)]), [(true, 2), (false, 0), (false, 5)]);
        assert_eq!(said(&[(A, 3, 0), (A, 0, 8)]), [(true, 3), (false, 3)]);
    }

    #[test]
    fn another_holding_starts_anew() {
        let list = [(A, 0, 0), (B, 0, 1), (A, 0, 1)];
        assert_eq!(said(&list), [(true, 6), (true, 6), (true, 6)]);
    }

    #[test]
    fn what_the_contract_refuses_is_said_in_full() {
        assert_eq!(said(&[(A, 3, 0), (A, 0, 7)])[1], (false, 6), "contained in the node before");
        assert_eq!(said(&[(A, 0, 7), (A, 0, 7)])[1], (false, 6), "twice the same");
        assert_eq!(said(&[(A, 0, 0), (A, 3, 7)])[1], (false, 3), "ascending height");
        assert_eq!(said(&[(A, 0, 0), (A, 0, u64::MAX)])[1], (false, 6), "outside the tree");
    }
}
