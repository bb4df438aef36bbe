//! The program on anvil, by configuration alone: what can go wrong between a node and a ledger that others run goes
//! wrong here, on real processes, and in the end nothing is lost, nothing is there twice, and database and ledger agree.
//!
//! Anvil is installed by scripts/foundry.sh; where that cannot be done the tests are skipped and say so.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::print_stderr, reason = "a run tells its seed, and what is skipped")]

#[path = "anvil/chain.rs"]
mod chain;
#[path = "plug/chance.rs"]
#[allow(dead_code, reason = "written for the tests in plug/")]
mod chance;
#[path = "plug/client.rs"]
#[allow(dead_code, reason = "other programs of tests ask for more")]
mod client;
#[path = "plug/documents.rs"]
#[allow(dead_code, reason = "other programs of tests ask for more")]
mod documents;
#[path = "support/program.rs"]
#[allow(dead_code, reason = "other programs of tests ask for more")]
mod program;
#[path = "anvil/proxy.rs"]
mod proxy;
#[path = "support/server.rs"]
mod server;
#[path = "anvil/stage.rs"]
mod stage;
#[path = "anvil/totals.rs"]
mod totals;

#[path = "anvil/endpoint.rs"]
mod endpoint;
#[path = "anvil/reorganised.rs"]
mod reorganised;
#[path = "anvil/restart.rs"]
mod restart;
#[path = "anvil/stuck.rs"]
mod stuck;
