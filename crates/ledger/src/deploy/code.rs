//! Whether code on a ledger is that of an artefact.

use crate::bindings::custody::Custody;
use crate::bindings::documents::Documents;
use crate::bindings::registry::Registry;
use crate::bindings::timelock::Timelock;
use crate::call::Target;

/// The first instruction that pushes bytes: PUSH1; 31 more follow.
const PUSH1: u8 = 0x60;
/// The instruction that pushes a word.
const PUSH32: u8 = 0x7f;
/// What the compiler leaves where the constructor writes an immutable value.
const PLACEHOLDER: [u8; 32] = [0; 32];

/// The code of a contract as the compiler made it, without immutable values.
fn artefact(contract: Target) -> &'static [u8] {
    match contract {
        Target::Custody => &Custody::DEPLOYED_BYTECODE,
        Target::Registry => &Registry::DEPLOYED_BYTECODE,
        Target::Documents => &Documents::DEPLOYED_BYTECODE,
        Target::Timelock => &Timelock::DEPLOYED_BYTECODE,
    }
}

/// Whether `found` is the code of the contract, immutable values aside.
pub(super) fn is_of(contract: Target, found: &[u8]) -> bool {
    equal_but_immutables(artefact(contract), found)
}

fn equal_but_immutables(expected: &[u8], found: &[u8]) -> bool {
    if expected.len() != found.len() {
        return false;
    }
    let mut at = 0;
    while let Some(&instruction) = expected.get(at) {
        if found[at] != instruction {
            return false;
        }
        let pushed = match instruction {
            PUSH1..=PUSH32 => usize::from(instruction - PUSH1) + 1,
            _ => 0,
        };
        let end = (at + 1 + pushed).min(expected.len());
        let is_immutable = expected[at + 1..end] == PLACEHOLDER;
        if !is_immutable && expected[at + 1..end] != found[at + 1..end] {
            return false;
        }
        at = end;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn immutable_values_may_differ_and_nothing_else() {
        let mut expected = vec![0x60, 0x80, PUSH32];
        expected.extend(PLACEHOLDER);
        expected.extend([0x61, 0, 0, 0xfd]);
        let mut found = expected.clone();
        assert!(equal_but_immutables(&expected, &found));
        found[3..35].fill(7);
        assert!(equal_but_immutables(&expected, &found));
        for at in (0..3).chain(35..found.len()) {
            let mut other = found.clone();
            other[at] ^= 1;
            assert!(!equal_but_immutables(&expected, &other), "byte {at}");
        }
        assert!(!equal_but_immutables(&expected, &found[..found.len() - 1]));
        assert!(!equal_but_immutables(&expected, &[]));
    }

    #[test]
    fn no_contract_has_the_code_of_another() {
        for one in Target::ALL {
            for other in Target::ALL {
                assert_eq!(is_of(one, artefact(other)), one == other);
            }
        }
    }

    /// Code that ends within what it pushes, as data after the code may look.
    #[test]
    fn code_may_end_within_an_instruction() {
        assert!(equal_but_immutables(&[0x61, 1], &[0x61, 1]));
        assert!(!equal_but_immutables(&[0x61, 1], &[0x61, 2]));
    }
}
