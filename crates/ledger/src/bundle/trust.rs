//! What the person who checks a bundle believes without it.

use theriac_custody::{Account, Hash};

use super::Answers;

/// What is trusted.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    /// How the blocks of the bundle are known to be those of the chain.
    pub blocks: Blocks,
    /// The chain id that the bundle must name.
    pub chain_id: Option<u64>,
    /// The address of the custody contract that it must name.
    pub custody: Option<Account>,
    /// The address of the registry contract that it must name.
    pub registry: Option<Account>,
}

/// How the blocks of a bundle are known to be those of the chain.
#[derive(Debug, Clone, Default)]
pub enum Blocks {
    /// By nothing: the bundle is checked up to a block hash that the report tells, and that somebody
    /// must compare.
    #[default]
    Printed,
    /// By the hash of one block of the chain, at or after the last step.
    Hash(Hash),
    /// By what an endpoint told of each block.
    Endpoint(Answers),
}
