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

/// The contract of documents and who may read them, from its artefact.
pub(crate) mod documents {
    alloy::sol!(
        #[derive(Debug)]
        Documents,
        "../../contracts/artifacts/Documents.json"
    );
}

/// The contract that makes the governors' gravest decisions wait, from its artefact.
pub(crate) mod timelock {
    alloy::sol!(
        #[derive(Debug)]
        Timelock,
        "../../contracts/artifacts/Timelock.json"
    );
}
