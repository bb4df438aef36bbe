//! Where leaves have gone: runs of leaf positions, split by what left a holding and what ended in it.
//!
//! ```text
//! spans of a holding ──┬── moved: the spans that a gather took into another holding
//!                      ├── ended: the spans whose units' lives ended here
//!                      └── stays: the rest
//! ```
//!
//! # Invariants
//!
//! - Leaves are conserved: what is moved, ended and stays has as many as the spans that came in.
//! - The work follows the number of spans and moves, not that of the leaves.

use serde::{Deserialize, Serialize};

use crate::hash::Hash;
use crate::tree::EMPTY_LEAF;

/// Consecutive leaf positions of one holding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "(u64, u64)", into = "(u64, u64)")]
pub struct Span {
    first: u64,
    last: u64,
}

/// Numbers that are no span.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected first and last leaf position, found {first} and {last}")]
pub struct SpanError {
    /// The first number.
    pub first: u64,
    /// The last number.
    pub last: u64,
}

impl TryFrom<(u64, u64)> for Span {
    type Error = SpanError;

    fn try_from((first, last): (u64, u64)) -> Result<Self, SpanError> {
        // The number of leaves must be a number too.
        if first > last || last == u64::MAX {
            return Err(SpanError { first, last });
        }
        Ok(Self { first, last })
    }
}

impl From<Span> for (u64, u64) {
    fn from(span: Span) -> Self {
        (span.first, span.last)
    }
}

impl Span {
    /// The span from `first` to `last`, both included; `None` if they are none.
    pub fn new(first: u64, last: u64) -> Option<Self> {
        Self::try_from((first, last)).ok()
    }

    /// Its first position.
    pub fn first(self) -> u64 {
        self.first
    }

    /// Its last position.
    pub fn last(self) -> u64 {
        self.last
    }

    /// Its number of leaves, at least 1.
    #[expect(clippy::len_without_is_empty, reason = "a span is never empty")]
    pub fn len(self) -> u64 {
        self.last - self.first + 1
    }

    fn with(self, other: Self) -> Option<Self> {
        Self::new(self.first.max(other.first), self.last.min(other.last))
    }
}

/// Leaves that a gather took into another holding, where they stand from `offset` on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move {
    /// The leaves, in the holding that they left.
    pub span: Span,
    /// The holding that they are in from then on.
    pub dest: Hash,
    /// Position there of the first of them.
    pub offset: u64,
}

/// What becomes of spans of one holding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split<E> {
    /// What is still there.
    pub stays: Vec<Span>,
    /// What went on: the holding, and the spans in it.
    pub moved: Vec<(Hash, Span)>,
    /// What ended here, and how.
    pub ended: Vec<(E, Span)>,
}

/// Splits `spans` of one holding. All three lists are ascending and without overlap; a leaf that is
/// in `moves` is in no entry of `ends`, as the ledger has it.
pub fn split<E: Copy>(spans: &[Span], moves: &[Move], ends: &[(E, Span)]) -> Split<E> {
    let mut result = Split { stays: Vec::new(), moved: Vec::new(), ended: Vec::new() };
    let (mut next_move, mut next_end) = (0, 0);
    for span in spans {
        next_move += skipped(&moves[next_move..], |one| one.span.last < span.first);
        next_end += skipped(&ends[next_end..], |(_, one)| one.last < span.first);
        let mut taken: Vec<Span> = Vec::new();
        for one in moves[next_move..].iter().take_while(|one| one.span.first <= span.last) {
            let Some(part) = one.span.with(*span) else { continue };
            let first = one.offset.saturating_add(part.first - one.span.first);
            let Some(there) = Span::new(first, first.saturating_add(part.len() - 1)) else {
                continue;
            };
            result.moved.push((one.dest, there));
            taken.push(part);
        }
        for (end, one) in ends[next_end..].iter().take_while(|(_, one)| one.first <= span.last) {
            let Some(part) = one.with(*span) else { continue };
            result.ended.push((*end, part));
            taken.push(part);
        }
        taken.sort_unstable();
        result.stays.extend(rest(*span, &taken));
    }
    result
}

fn skipped<T>(list: &[T], is_before: impl Fn(&T) -> bool) -> usize {
    list.iter().take_while(|one| is_before(one)).count()
}

/// The parts of a span that are in no entry of `taken`, which is ascending.
fn rest(span: Span, taken: &[Span]) -> Vec<Span> {
    let mut rest = Vec::new();
    let mut next = span.first;
    for part in taken {
        rest.extend(part.first.checked_sub(1).and_then(|last| Span::new(next, last)));
        next = next.max(part.last + 1);
    }
    rest.extend(Span::new(next, span.last));
    rest
}

/// The spans of a holding's leaves that are units.
pub fn occupied(leaves: &[Hash]) -> Vec<Span> {
    let units = (0..).zip(leaves).filter(|(_, leaf)| **leaf != EMPTY_LEAF);
    joined(units.filter_map(|(position, _)| Span::new(position, position)))
}

/// Ascending spans as few as possible: neighbours become one, what is named twice is there once.
pub fn joined(spans: impl IntoIterator<Item = Span>) -> Vec<Span> {
    let mut joined: Vec<Span> = Vec::new();
    for span in spans {
        match joined.last_mut() {
            Some(before) if span.first <= before.last + 1 => {
                before.last = before.last.max(span.last)
            }
            _ => joined.push(span),
        }
    }
    joined
}

/// Number of leaves in all spans.
pub fn leaves_in(spans: &[Span]) -> u64 {
    spans.iter().map(|span| span.len()).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn span(first: u64, last: u64) -> Span {
        Span::new(first, last).unwrap()
    }

    fn spans(list: &[(u64, u64)]) -> Vec<Span> {
        list.iter().map(|(first, last)| span(*first, *last)).collect()
    }

    #[test]
    fn a_case_goes_on_a_pack_ends_and_the_rest_stays() {
        let moves = [Move { span: span(64, 127), dest: Hash([2; 32]), offset: 0 }];
        let ends = [("dispensed", span(3, 3)), ("destroyed", span(130, 140))];
        let split = split(&spans(&[(0, 47), (64, 111), (128, 175)]), &moves, &ends);
        assert_eq!(split.moved, [(Hash([2; 32]), span(0, 47))]);
        assert_eq!(split.ended, [("dispensed", span(3, 3)), ("destroyed", span(130, 140))]);
        assert_eq!(split.stays, spans(&[(0, 2), (4, 47), (128, 129), (141, 175)]));
    }

    #[test]
    fn one_span_may_go_into_several_holdings_and_one_move_may_take_several_spans() {
        let dest = |n| Hash([n; 32]);
        let moves = [
            Move { span: span(0, 3), dest: dest(1), offset: 8 },
            Move { span: span(4, 7), dest: dest(2), offset: 0 },
        ];
        let split = split::<()>(&spans(&[(1, 1), (3, 6)]), &moves, &[]);
        let expected = [(dest(1), span(9, 9)), (dest(1), span(11, 11)), (dest(2), span(0, 2))];
        assert_eq!(split.moved, expected);
        assert_eq!(split.stays, []);
    }

    #[test]
    fn numbers_that_are_no_span_are_refused() {
        assert_eq!(Span::new(2, 1), None);
        assert_eq!(Span::new(0, u64::MAX), None);
        assert!(serde_json::from_str::<Span>("[5,4]").is_err());
        assert_eq!(serde_json::to_string(&span(4, 5)).unwrap(), "[4,5]");
    }

    #[test]
    fn empty_leaves_belong_to_no_span() {
        let (unit, empty) = (Hash([1; 32]), EMPTY_LEAF);
        assert_eq!(occupied(&[unit, unit, empty, unit]), spans(&[(0, 1), (3, 3)]));
        assert_eq!(occupied(&[]), []);
    }

    /// What happens to each leaf: it is asked for or not, and it stays, moves or ends.
    fn leaf() -> impl Strategy<Value = (bool, u8)> {
        (any::<bool>(), 0_u8..4)
    }

    proptest! {
        /// The same as leaf by leaf.
        #[test]
        fn leaves_are_conserved(leaves in prop::collection::vec(leaf(), 0..200)) {
            let of = |wanted: &dyn Fn(&(bool, u8)) -> bool| -> Vec<u64> {
                (0..).zip(&leaves).filter(|(_, leaf)| wanted(leaf)).map(|(n, _)| n).collect()
            };
            let runs = |positions: &[u64]| joined(positions.iter().map(|n| span(*n, *n)));
            let asked = runs(&of(&|leaf| leaf.0));
            let ends: Vec<(u8, Span)> =
                runs(&of(&|leaf| leaf.1 == 1)).into_iter().map(|span| (9, span)).collect();
            let dest = Hash([7; 32]);
            // Each move goes where it came from, so that the position says which leaf it was.
            let moves: Vec<Move> = runs(&of(&|leaf| leaf.1 == 2))
                .into_iter()
                .map(|span| Move { span, dest, offset: span.first() })
                .collect();
            let split = split(&asked, &moves, &ends);
            let positions = |spans: &[Span]| -> Vec<u64> {
                spans.iter().flat_map(|span| span.first()..=span.last()).collect()
            };
            let moved: Vec<Span> = split.moved.iter().map(|(_, span)| *span).collect();
            let ended: Vec<Span> = split.ended.iter().map(|(_, span)| *span).collect();
            prop_assert_eq!(positions(&moved), of(&|leaf| leaf.0 && leaf.1 == 2));
            prop_assert_eq!(positions(&ended), of(&|leaf| leaf.0 && leaf.1 == 1));
            prop_assert_eq!(positions(&split.stays), of(&|leaf| leaf.0 && leaf.1 != 1 && leaf.1 != 2));
        }
    }
}
