//! The REST interface of EPCIS 2.0 against one real node: each path, each status, each header.
//!
//! ```text
//! server       the node, its router, requests and answers
//! ```
#![allow(clippy::unwrap_used, reason = "a test fails where it unwraps")]

mod server;

mod capture;
mod collections;
mod conformance;
mod errors;
mod events;
mod negotiation;
mod openapi;
mod paging;
mod queries;
mod standard;
mod subscriptions;
