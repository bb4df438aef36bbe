//! The client against the real contracts on the embedded ledger, in this process.
#![allow(clippy::unwrap_used, reason = "a test fails where it unwraps")]

mod cheats;
mod events;
mod follow;
mod gas;
mod http;
mod network;
mod outbox;
mod prop;
mod registry;
