//! The world state: what a block changes in it, and the layers that execution reads through.

mod cache;
mod changes;
mod memory;
mod overlay;

pub(crate) use cache::{CodeCache, StateCache};
pub use changes::{AccountChange, StateChanges};
pub(crate) use memory::MemoryState;
pub(crate) use overlay::Overlay;
