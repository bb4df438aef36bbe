//! Calls, events, errors and byte code of the contracts, from their artefacts.

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
