//! The client against the real contracts on the embedded ledger, in this process.
#![allow(clippy::unwrap_used, reason = "a test fails where it unwraps")]

mod cheats;
mod deploy;
mod events;
mod failover;
mod follow;
mod gaps;
mod gas;
mod http;
mod network;
mod outbox;
mod prop;
mod registry;
