//! Which elements must, and which may not, be on one item (GS1 General Specifications,
//! section 4.13).

use super::Ai;
use crate::element::Element;

/// A rule about the elements of one item that does not hold. The labeler's fault, when all symbols
/// of the item were read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PairViolation {
    /// An element without what must be on the same item (section 4.13.2).
    #[error("expected one of {needs} beside ({ai}), found none")]
    Missing {
        /// The element that is there.
        ai: Ai,
        /// What is missing, as [`AiEntry::needs`](super::AiEntry::needs) writes it.
        needs: &'static str,
    },
    /// Two elements that may not be on the same item (section 4.13.1).
    #[error("expected no ({other}) beside ({ai}), found it")]
    Excluded {
        /// The element whose row forbids the other.
        ai: Ai,
        /// The other element.
        other: Ai,
    },
    /// The same AI with different values (section 4.14.1).
    #[error("expected one value of ({ai}), found {first:?} and {second:?}")]
    TwoValues {
        /// The AI.
        ai: Ai,
        /// The first value.
        first: Box<str>,
        /// Another value.
        second: Box<str>,
    },
    /// A digital signature beside a key without its serial number (AI 8030 in section 3.9).
    #[error("expected a serial number in ({key}), which (8030) signs, found {found:?}")]
    Unserialised {
        /// The key.
        key: Ai,
        /// Its value.
        found: Box<str>,
    },
}

/// All rules that the elements of one item break; none means that they fit together.
///
/// The standard judges everything read from all symbols of the item, so pass all of it; that is
/// also why [`read`](crate::read) does not refuse a symbol for what may be on another one.
///
/// ```
/// # use theriac_gs1::{check_pairs, read};
/// let scan = read("(21)abc(17)271231")?;
/// let broken: Vec<String> = check_pairs(&scan.elements).iter().map(|v| v.to_string()).collect();
/// assert_eq!(broken[0], "expected one of 01 03 8006 beside (21), found none");
/// # Ok::<(), theriac_gs1::ScanError>(())
/// ```
#[must_use]
pub fn check_pairs(elements: &[Element]) -> Vec<PairViolation> {
    let mut violations = Vec::new();
    for (i, element) in elements.iter().enumerate() {
        match elements[..i].iter().find(|earlier| earlier.ai == element.ai) {
            Some(earlier) if earlier.value != element.value => {
                let (first, second) = (earlier.value.clone(), element.value.clone());
                violations.push(PairViolation::TwoValues { ai: element.ai, first, second });
            }
            Some(_) => {}
            None => check_element(element, elements, &mut violations),
        }
    }
    violations
}

/// Whether the elements fit together.
pub(crate) fn fit_together(elements: &[Element]) -> bool {
    check_pairs(elements).is_empty()
}

fn check_element(element: &Element, all: &[Element], violations: &mut Vec<PairViolation>) {
    let ai = element.ai;
    let Some(entry) = ai.entry() else { return };
    let needs = entry.needs();
    if !needs.is_empty() && !needs.split(' ').any(|together| has_all(together, all)) {
        violations.push(PairViolation::Missing { ai, needs });
    }
    // 333n forbids another of its kind, but not the AI itself.
    for pattern in entry.not_with().split(' ').filter(|pattern| !pattern.is_empty()) {
        let other = all.iter().find(|other| other.ai != ai && matches(pattern, other.ai));
        violations.extend(other.map(|other| PairViolation::Excluded { ai, other: other.ai }));
    }
    let is_unserialised = matches!(ai.as_str(), "253" | "255" | "8003")
        && element.value.len() == entry.min_length()
        && all.iter().any(|other| other.ai.as_str() == "8030");
    if is_unserialised {
        violations.push(PairViolation::Unserialised { key: ai, found: element.value.clone() });
    }
}

fn has_all(together: &str, all: &[Element]) -> bool {
    together.split('+').all(|pattern| all.iter().any(|element| matches(pattern, element.ai)))
}

/// Whether the AI is the one of the pattern, in which `n` is any digit.
fn matches(pattern: &str, ai: Ai) -> bool {
    let (pattern, digits) = (pattern.as_bytes(), ai.as_str().as_bytes());
    pattern.len() == digits.len()
        && pattern.iter().zip(digits).all(|(wanted, digit)| *wanted == b'n' || wanted == digit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read;

    fn violations(text: &str) -> Vec<String> {
        let scan = read(text).expect("a code");
        check_pairs(&scan.elements).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_pack_fits_together() {
        let none: [&str; 0] = [];
        assert_eq!(violations("(01)09506000134352(17)271231(10)L1(21)abc"), none);
        assert_eq!(violations("(3103)000195(01)09506000134352(3922)0299"), none);
    }

    #[test]
    fn what_is_missing_or_excluded_is_told() {
        assert_eq!(
            violations("(01)09506000134352(02)09506000134352(3103)000195(3104)000195"),
            [
                "expected one of 37 beside (02), found none",
                "expected no (01) beside (02), found it",
                "expected no (3104) beside (3103), found it",
                "expected no (3103) beside (3104), found it",
            ]
        );
    }
}
