//! The commands, a file for each.

pub mod bench;
pub mod capture;
pub mod cases;
pub mod config;
pub mod document;
mod documents;
pub mod epcis;
pub mod events;
pub mod file;
pub mod gs1;
pub mod health;
pub mod init;
pub mod ledger;
pub mod master_data;
pub mod member;
pub mod partner;
pub mod product;
pub mod prove;
pub mod recall;
pub mod reconcile;
pub mod reference;
pub mod serve;
pub mod shipment;
pub mod trace;
pub mod verify;
