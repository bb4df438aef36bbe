//! What the tests of the contracts share: the artefacts in revm, a small supply chain, trees and a model of custody.
//!
//! The tests are in `tests/`, one file a concern; this library has no other user.

mod bindings;
mod evm;
mod expect;
mod marks;
mod model;
mod tree;
mod words;
mod world;

pub use bindings::{custody, registry};
pub use evm::{Done, Evm, Failed};
pub use expect::expect_revert;
pub use marks::Marks;
pub use model::{Model, ModelHolding, ModelLot, Refusal, Source, Unit};
pub use tree::{Tree, climb, gather, leaf, node, unit_hash};
pub use words::{LotStatus, Reason, State};
pub use world::{EXPIRY_DAY, NOW_S, World, word};
