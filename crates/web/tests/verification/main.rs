//! Verification between companies over real HTTP: GS1 Lightweight Messaging served and sent, the
//! resolver, and what protects them.
#![allow(clippy::unwrap_used, reason = "a test fails where it unwraps")]
#![allow(dead_code, reason = "the network is that of other tests too")]

#[path = "../network/books.rs"]
mod books;
#[path = "../network/bypass.rs"]
mod bypass;
#[path = "../network/clock.rs"]
mod clock;
#[path = "../network/events.rs"]
mod events;
#[path = "../network/network.rs"]
mod network;

mod asked;
mod cached;
mod public;
mod request;
mod resolver;
mod responder;
mod served;
