//! What the tests of the contracts share: the artefacts in revm, a small supply chain, trees and a model of custody.
//!
//! The tests are in `tests/`, one file a concern; this library has no other user.

mod bindings;
mod evm;
mod expect;
mod marks;
mod model;
mod multiproof;
mod packing;
mod stock;
mod tree;
mod words;
mod world;

pub use bindings::{artifact, custody, documents, registry, timelock};
pub use evm::{Done, Evm, Failed, Ground};
pub use expect::{expect_revert, runs};
pub use marks::Marks;
pub use model::{
    Batch, Member, Model, ModelHolding, ModelLot, Op, Outcome, Refusal, Standing, Unit,
};
pub use multiproof::{Item, Place, in_order, root};
pub use packing::{
    Source, pack_choice, pack_items, pack_places, pack_sources, tree_order, unpack_sources,
};
pub use stock::Stock;
pub use tree::{Tree, climb, gather, holding_id, leaf, node, seed, unit_hash};
pub use words::{LotStatus, Reason, State};
pub use world::{Contracts, DELAY_S, EXPIRY_DAY, GRACE_DAYS, NOW_S, World, provoked, word};
