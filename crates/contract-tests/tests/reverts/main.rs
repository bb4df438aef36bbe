//! Each reason for which a contract refuses, with the exact error and its values.
//!
//! `every_error_of_the_abis_is_provoked` runs all of them once more and looks whether an error of an ABI was left out.

/// Tests, and a list of them.
macro_rules! scenarios {
    ($($(#[doc = $doc:literal])* fn $name:ident() $body:block)+) => {
        $($(#[doc = $doc])* #[test] fn $name() $body)+
        /// All tests of this file.
        pub(crate) const ALL: &[fn()] = &[$($name),+];
    };
}

mod documents;
mod operations;
mod proofs;
mod pruning;
mod registry;
mod restore;
mod timelock;

use std::collections::BTreeSet;

use alloy::primitives::keccak256;
use theriac_contract_tests::{artifact, provoked};

/// Errors that no call can provoke, and why.
const UNREACHABLE: &[(&str, &str)] = &[
    // Multicall calls the contract itself, which has code.
    ("Custody", "AddressEmptyCode"),
];

/// Name and selector of each error that an artefact declares.
fn errors(contract: &str) -> Vec<(String, [u8; 4])> {
    let artifact = artifact(contract);
    let entries = artifact["abi"].as_array().expect("an ABI").clone();
    let errors = entries.iter().filter(|entry| entry["type"] == "error").map(|entry| {
        let name = entry["name"].as_str().expect("a name");
        let inputs = entry["inputs"].as_array().expect("inputs");
        let types: Vec<_> = inputs.iter().map(|i| i["type"].as_str().expect("a type")).collect();
        let hash = keccak256(format!("{name}({})", types.join(",")));
        (name.to_owned(), [hash[0], hash[1], hash[2], hash[3]])
    });
    errors.collect()
}

#[test]
fn every_error_of_the_abis_is_provoked() {
    let files = [
        documents::ALL,
        operations::ALL,
        proofs::ALL,
        pruning::ALL,
        registry::ALL,
        restore::ALL,
        timelock::ALL,
    ];
    files.iter().copied().flatten().for_each(|scenario| scenario());
    let provoked = provoked();
    let mut missing = BTreeSet::new();
    let mut count = 0;
    for contract in ["Custody", "Registry", "Documents", "Timelock"] {
        for (name, selector) in errors(contract) {
            count += 1;
            if !provoked.contains(&(contract, selector)) {
                missing.insert(format!("{contract}.{name}"));
            }
        }
    }
    let unreachable = UNREACHABLE.iter().map(|(contract, name)| format!("{contract}.{name}"));
    assert_eq!(missing, unreachable.collect(), "errors that no test provokes");
    assert!(count > 70, "{count} errors");
}
