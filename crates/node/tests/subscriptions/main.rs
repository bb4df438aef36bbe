//! Subscriptions: a real receiver gets what comes on record, in order, at least once, signed.
//!
//! ```text
//! world        a node under a clock that the test moves
//! receiver     an HTTP server that answers as told
//! ```
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../support/goods.rs"]
mod goods;
mod receiver;
#[path = "../support/company.rs"]
mod support;
mod world;

mod failures;
mod runs;
mod streams;
