//! Calls, events, errors and byte code of the contracts, from their artefacts.

use alloy::primitives::{Bytes, hex};

/// The contract of holdings and lots.
#[expect(missing_docs, clippy::too_many_arguments, reason = "generated from the contract")]
pub mod custody {
    alloy::sol!(
        #[derive(Debug, PartialEq, Eq)]
        Custody,
        "../../contracts/artifacts/Custody.json"
    );
}

/// The contract of members, accounts and products.
#[expect(missing_docs, reason = "generated from the contract")]
pub mod registry {
    alloy::sol!(
        #[derive(Debug, PartialEq, Eq)]
        Registry,
        "../../contracts/artifacts/Registry.json"
    );
}

/// The contract of documents and who may read them.
pub mod documents {
    alloy::sol!(
        #[derive(Debug, PartialEq, Eq)]
        Documents,
        "../../contracts/artifacts/Documents.json"
    );
}

/// OpenZeppelin's timelock, as it is.
#[expect(missing_docs, reason = "generated from the contract")]
pub mod timelock {
    alloy::sol!(
        #[derive(Debug, PartialEq, Eq)]
        Timelock,
        "../../contracts/artifacts/Timelock.json"
    );
}

/// The artefact of a contract: that of the folder `THERIAC_ARTIFACTS` if the variable is set, so that the same tests run
/// on other byte code (mutants) without being built again; else the committed one.
///
/// # Panics
///
/// If there is none, or it has no byte code.
pub fn artifact(contract: &str) -> serde_json::Value {
    let folder = std::env::var("THERIAC_ARTIFACTS")
        .unwrap_or_else(|_| format!("{}/../../contracts/artifacts", env!("CARGO_MANIFEST_DIR")));
    let path = format!("{folder}/{contract}.json");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"));
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// The code that deploys a contract.
///
/// # Panics
///
/// If there is no artefact, or it has no byte code.
pub(crate) fn creation_code(contract: &str) -> Bytes {
    let artifact = artifact(contract);
    let text = artifact["bytecode"].as_str().expect("byte code, because the compiler wrote it");
    hex::decode(text).expect("hexadecimal digits, because the compiler wrote them").into()
}
