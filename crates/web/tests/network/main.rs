//! Several companies, each with a whole node behind real HTTP, and one ledger that they share: who
//! cheats is refused by the contract or ends in a case, who is honest sees books and ledger agree.
//!
//! ```text
//! network    companies, their services, the ledger's port, settling
//! books      what a node says: captures, cases, verdicts, units, reconcile
//! events     what happens, as EPCIS events
//! bypass     transactions straight to the contract, with a node's own key
//! letters    shipment messages straight to a node, signed by anybody
//! ```
#![allow(clippy::unwrap_used, reason = "a test fails where it unwraps")]

mod books;
mod bypass;
mod clock;
mod events;
mod letters;
mod network;

mod bundles;
mod delivery;
mod dispensing;
mod history;
mod inquiries;
mod journeys;
mod manifests;
mod provenance;
mod questions;
mod recalls;
mod receiving;
mod shipping;
mod stock;
