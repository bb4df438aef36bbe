//! The HTTP service of a node: EPCIS capture and query, verify, trace, recall, registry, exchange.
//!
//! ```text
//!  connection ─▶ serve ─▶ overload (refuses above a limit) ─▶ router ─▶ access (who asks?)
//!                                                                ├─▶ routes/* ─▶ theriac-node
//!                                                                ├─▶ epcis/*  ─▶ theriac-node
//!                                                                └─▶ soap/*   ─▶ theriac-node
//! ```
//!
//! # Invariants
//!
//! - Every answer that is no success is problem+json with a `type` of [`ProblemCode`]; below
//!   `/epcis` it is an exception of the standard, in JSON or XML, at `/epcis/soap` in a SOAP fault.
//! - No rule of custody lives here; the node knows no HTTP, this crate knows nothing else.
//! - A captured document of any length is streamed: memory does not grow with it.
//! - What changes the node or shows its books answers programs of the same machine only, until
//!   there are access keys; see [`access`].
//! - What goes wrong inside is logged, never shown: no path, no secret, no trace leaves.

pub mod access;
mod body;
pub mod epcis;
pub mod ledger;
pub mod limits;
pub mod openapi;
mod overload;
mod parameters;
pub mod problem;
mod receive;
mod router;
pub mod routes;
mod serve;
mod service;
pub mod soap;
mod socket;

pub use ledger::ledger_router;
pub use problem::{Problem, ProblemCode};
pub use router::router;
pub use serve::{serve, serve_router};
