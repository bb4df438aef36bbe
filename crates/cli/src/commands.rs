//! The commands, a file for each.

pub mod bench;
pub mod capture;
pub mod cases;
pub mod config;
pub mod document;
mod documents;
pub mod epcis;
pub mod events;
pub mod gs1;
pub mod health;
pub mod init;
pub mod inquiry;
pub mod ledger;
pub mod member;
pub mod product;
pub mod prove;
pub mod recall;
pub mod reconcile;
pub mod reference;
pub mod serve;
pub mod trace;
pub mod verifications;
pub mod verify;
