//! The queries of EPCIS: their parameters, what an index can answer of them, and which events match.
//!
//! ```text
//!  JSON query object ─┐                    ┌─> plan()     what an index can answer: a superset
//!  REST query string ─┼─> EventQuery ──────┼─> matches()  the exact answer, event by event
//!  SOAP parameters ───┘                    ├─> controls() order, limits
//!                                          └─> JSON       what GET /queries/{name} returns
//! ```
//!
//! [`EventQuery`] is `SimpleEventQuery` (EPCIS 2.0, section 8.2.7.1), [`MasterDataQuery`] is
//! `SimpleMasterDataQuery` (section 8.2.7.2); the forms of EPCIS 1.x are read too. The values of a
//! list are alternatives, the parameters of a query must all hold.
//!
//! # How the standard is read
//!
//! - Words of the CBV are equal in all their forms: bare, web URI, CURIE, URN of CBV 1.x.
//!   Identifiers are compared by what they name: a URN and a Digital Link of one key are equal.
//!   Other texts are equal when they are the same, letter case included.
//! - Moments are compared as instants, numbers as exact decimals. A parameter with a unit of
//!   measure also finds amounts in another unit of the same kind.
//! - The field of an extension is named `prefix:field`, `URI#field` or `URI/field`; `#`, `/` and
//!   `:` at the end of a namespace make no difference. `INNER_` looks at every depth below the
//!   outermost field. An inner field without namespace is `#field`.
//! - The trade item `urn:epc:idpat:sgtin:….*`, also as Digital Link, asked of a list of EPCs means
//!   all its items; asked of a list of classes it means that class alone.
//! - A `QuantityEvent` of EPCIS 1.x is an object event that observes one quantity and no EPC.
//! - `EQ_eventID` finds an event that has no identifier of its own by its event hash.
//! - Both spellings are read where the sources of the standard disagree:
//!   `errorDeclarationTime` and `errorDeclaration_Time`, `EQATTR_` and `EQ_ATTR_`.
//! - In a query string a list stands once for each value, or with bars between (`pipeDelimited`),
//!   or as a JSON array, and `EXISTS_…=false` asks nothing. In a SOAP request a parameter with an
//!   empty `value` asks nothing; an empty list is refused everywhere.
//!
//! # Invariants
//!
//! - Pure: no clock, no network, no disk.
//! - [`EventQuery::plan`] never leaves out an event that [`EventQuery::matches`].
//! - An [`EventQuery`] written to JSON and read again is the same query.
//! - No parameters, however mangled, make this crate panic.
//!
//! ```
//! use theriac_query::{EventQuery, Name, Namespaces, Role};
//!
//! let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
//! let query = EventQuery::from_pairs(
//!     &[
//!         pair("EQ_bizStep", "urn:epcglobal:cbv:bizstep:shipping|receiving"),
//!         pair("MATCH_epc", "urn:epc:idpat:sgtin:0614141.107346.*"),
//!         pair("GE_eventTime", "2026-03-01T00:00:00Z"),
//!         pair("orderBy", "eventTime"),
//!     ],
//!     &Namespaces::new(),
//! )?;
//! let plan = query.plan();
//! assert_eq!(
//!     plan.names,
//!     [[Name::new(Role::BizStep, "receiving"), Name::new(Role::BizStep, "shipping")]]
//! );
//! assert!(query.controls().descending());
//! # Ok::<(), theriac_query::QueryError>(())
//! ```

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
