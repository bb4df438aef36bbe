//! The SOAP query service against one real node: each operation, each fault, the interoperability
//! suite of EPCIS 1.0, damaged requests.
//!
//! ```text
//! server       the node, its router, envelopes and answers
//! receiver     whom subscriptions tell
//! suite        the files of the interoperability suite
//! ```
#![allow(clippy::unwrap_used, reason = "a test fails where it unwraps")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a vector test prints its figure")]

mod receiver;
mod server;
mod suite;

mod damaged;
mod envelopes;
mod faults;
mod interoperability;
mod polls;
mod subscriptions;
mod wsdl;
