//! The program from outside: commands in a node's folder, over HTTP, after crashes.

#![expect(unreachable_pub, reason = "pub is what a module shows the others")]
#![expect(clippy::unwrap_used, reason = "this is a test in its whole")]

#[path = "end_to_end/demo.rs"]
mod demo;
#[path = "end_to_end/failures.rs"]
mod failures;
#[path = "end_to_end/folder.rs"]
mod folder;
#[path = "end_to_end/join.rs"]
mod join;
#[path = "end_to_end/ledger.rs"]
mod ledger;
#[path = "end_to_end/program.rs"]
mod program;
#[path = "end_to_end/proof.rs"]
mod proof;
#[path = "end_to_end/service.rs"]
mod service;
#[path = "end_to_end/standards.rs"]
mod standards;
#[path = "end_to_end/verification.rs"]
mod verification;
