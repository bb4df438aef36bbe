//! The queries of EPCIS: their parameters, what an index can answer of them, and which events match.
//!
//! ```text
//!  JSON query object ─┐                    ┌─> plan()     what an index can answer: a superset
//!  REST query string ─┼─> EventQuery ──────┼─> matches()  the exact answer, event by event
//!  SOAP parameters ───┘                    ├─> controls() order, limits
//!                                          └─> JSON       what GET /queries/{name} returns
//! ```
//!
//! # Invariants
//!
//! - Pure: no clock, no network, no disk.
//! - [`EventQuery::plan`] never leaves out an event that [`EventQuery::matches`].
//! - An [`EventQuery`] written to JSON and read again is the same query.
//! - No parameters, however mangled, make this crate panic.

mod condition;
mod controls;
mod error;
pub mod limits;
mod master_data;
mod master_query;
mod namespaces;
mod parameter;
mod plan;
mod query;
mod unit;
mod value;

pub use condition::Field;
pub use controls::{Controls, Decimal, Direction, OrderBy, SortKey};
pub use error::{QueryError, QueryFault};
pub use master_data::{MasterData, MasterDataIndex, vocabulary};
pub use master_query::{MasterDataQuery, MasterDataView};
pub use namespaces::Namespaces;
pub use plan::{ItemCondition, Name, Plan, Role, TimeRange, names_of};
pub use query::{About, EventQuery};
pub use value::ParamValue;
