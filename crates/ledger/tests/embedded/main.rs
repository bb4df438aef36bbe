//! The client against the real contracts on the embedded ledger, in this process.

#[path = "../support/network.rs"]
mod network;

mod cheats;
mod events;
mod follow;
mod gas;
mod http;
mod outbox;
mod registry;
