//! The program `theriac`: one organisation's node, from EPCIS file to verdict.
//!
//! ```text
//!  args ─▶ commands/* ─▶ client ─▶ the folder's node, in this process or over HTTP
//!            └─ demo/*: five nodes, one ledger, a day of a supply chain
//! ```
//!
//! # Invariants
//!
//! - Answers go to standard output, all else to standard error.
//! - A passphrase is never an argument.
//! - Text of others is shown without control characters.

#![expect(
    unreachable_pub,
    reason = "a program exports nothing; pub is what a module shows the others"
)]

mod args;
mod client;
mod commands;
mod demo;
mod exit;
mod output;
mod passphrase;
mod place;
mod progress;
mod story;

use std::process::ExitCode;

fn main() -> ExitCode {
    exit::code(args::run())
}
