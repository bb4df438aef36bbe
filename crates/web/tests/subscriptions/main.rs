//! Standing queries from outside: a served node, a client that subscribes, a receiver.
//!
//! ```text
//! served       the node on a port, at work in the background
//! ```
#![allow(clippy::unwrap_used, reason = "a test fails where it unwraps")]

mod served;

mod socket;
mod webhook;
