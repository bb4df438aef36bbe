//! Proof bundles of a pack and of events on the embedded ledger, in this process: what they prove,
//! and that no change of them goes unnoticed.
#![allow(clippy::unwrap_used, reason = "a test fails where it unwraps")]
#![expect(clippy::print_stdout, reason = "figures for whoever runs the tests")]

mod forge;
#[path = "../embedded/network.rs"]
#[allow(dead_code, reason = "written for the tests in embedded/")]
mod network;
mod story;
mod tamper;
mod trust;
mod unit;
