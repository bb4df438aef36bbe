//! Why a contract refused, as a name for programs and a sentence for people.

mod custody;
mod documents;
mod registry;
mod timelock;

use std::fmt;

use alloy::sol_types::{Panic, Revert as Words, SolError, SolInterface};
use serde::{Deserialize, Serialize};

use crate::bindings::custody::Custody::CustodyErrors;
use crate::bindings::documents::Documents::DocumentsErrors;
use crate::bindings::registry::Registry::RegistryErrors;
use crate::bindings::timelock::Timelock::TimelockErrors;
use crate::gas::Gas;

/// A refusal of a contract.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Revert {
    /// Name of the contract's error, such as `NotHolder`; `Error` and `Panic` are Solidity's own.
    pub name: String,
    /// The refusal as a sentence with its values, without a full stop.
    pub text: String,
}

impl Revert {
    /// Reads revert data.
    pub(crate) fn decode(data: &[u8]) -> Self {
        if let Ok(error) = CustodyErrors::abi_decode(data) {
            return custody::explain(&error);
        }
        if let Ok(error) = RegistryErrors::abi_decode(data) {
            return registry::explain(&error);
        }
        if let Ok(error) = DocumentsErrors::abi_decode(data) {
            return documents::explain(&error);
        }
        if let Ok(error) = TimelockErrors::abi_decode(data) {
            return timelock::explain(&error);
        }
        if let Ok(words) = Words::abi_decode(data) {
            return Self::new("Error", words.reason().to_owned());
        }
        if let Ok(panic) = Panic::abi_decode(data) {
            return Self::new("Panic", format!("the contract broke off: {panic}"));
        }
        if data.is_empty() {
            return Self::new("Empty", "the contract refused without a reason".into());
        }
        let text = "the contract refused with an error that this program does not know";
        Self::new(&format!("0x{}", hex::encode(&data[..data.len().min(4)])), text.into())
    }

    pub(crate) fn out_of_gas(limit: Gas) -> Self {
        Self::new("OutOfGas", format!("the transaction used up its limit of {limit}"))
    }

    fn new(name: &str, text: String) -> Self {
        Self { name: name.to_owned(), text }
    }
}

impl fmt::Display for Revert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.text, self.name)
    }
}

impl std::error::Error for Revert {}

/// The words for a set of roles of which one is needed.
fn roles(mask: u32) -> String {
    let roles: Vec<_> = theriac_custody::Roles(mask).iter().map(|role| role.word()).collect();
    if roles.is_empty() { "none".into() } else { roles.join(", ") }
}

#[cfg(test)]
mod tests {
    use alloy::primitives::{Address, B256, U256};

    use super::*;
    use crate::bindings::custody::Custody;

    #[test]
    fn errors_of_the_contracts_become_sentences() {
        let id = B256::repeat_byte(1);
        let caller = Address::repeat_byte(2);
        let revert = Revert::decode(&Custody::NotHolder { id, caller }.abi_encode());
        assert_eq!(revert.name, "NotHolder");
        let (id, caller) = ("01".repeat(32), "02".repeat(20));
        assert_eq!(revert.text, format!("0x{caller} does not hold the holding 0x{id}"));
    }

    /// An error that was added to a contract, and not to the sentences, shows here.
    #[test]
    fn every_error_of_the_contracts_has_a_sentence() {
        let custody = CustodyErrors::SELECTORS.iter().zip(CustodyErrors::VARIANT_NAMES);
        let registry = RegistryErrors::SELECTORS.iter().zip(RegistryErrors::VARIANT_NAMES);
        let documents = DocumentsErrors::SELECTORS.iter().zip(DocumentsErrors::VARIANT_NAMES);
        let timelock = TimelockErrors::SELECTORS.iter().zip(TimelockErrors::VARIANT_NAMES);
        for (selector, name) in custody.chain(registry).chain(documents).chain(timelock) {
            let revert = Revert::decode(&[&selector[..], &[0; 4 * 32]].concat());
            let inner = ["AddressEmptyCode", "FailedCall", "AccessControlBadConfirmation"];
            if !inner.contains(name) {
                assert_eq!(revert.name, *name);
            }
        }
    }

    #[test]
    fn solidity_words_and_panics_are_read() {
        let words = Revert::decode(&Words::from("no way").abi_encode());
        assert_eq!(words.to_string(), "no way (Error)");
        let panic = Revert::decode(&Panic { code: U256::from(0x11) }.abi_encode());
        assert_eq!(panic.name, "Panic");
    }

    #[test]
    fn unknown_data_is_named_by_its_selector() {
        assert_eq!(Revert::decode(&[1, 2, 3, 4, 5]).name, "0x01020304");
        assert_eq!(Revert::decode(&[1]).name, "0x01");
        assert_eq!(Revert::decode(&[]).name, "Empty");
    }
}
