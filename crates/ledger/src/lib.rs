//! Ethereum client: contract bindings, signed transactions, log follower, finality.
