//! Items: units and logistic units, what they are packed in, and where their leaves stand.

mod load;
mod write;

pub use load::ItemRecord;
pub(crate) use write::{ensure, name};
