//! The contracts as they were compiled: calls, events, errors, byte code.

pub(crate) mod convert;

/// The contract of holdings and lots, from its artefact.
#[expect(clippy::too_many_arguments, reason = "generated from the contract")]
pub(crate) mod custody {
    alloy::sol!(
        #[derive(Debug)]
        Custody,
        "../../contracts/artifacts/Custody.json"
    );
}

/// The contract of members, accounts and products, from its artefact.
pub(crate) mod registry {
    alloy::sol!(
        #[derive(Debug)]
        Registry,
        "../../contracts/artifacts/Registry.json"
    );
}
