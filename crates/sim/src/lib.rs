//! A supply chain that makes real EPCIS documents, for the demo, tests and benchmarks.
//!
//! [`scenario`] tells one day of five companies: packs are made in three lots, packed, shipped,
//! received, refused, picked, dispensed, returned, stolen, copied and recalled. What happens is
//! given as EPCIS 2.0 documents to capture and codes to verify, in order of time, each with what
//! a right node makes of it.
//!
//! ```
//! use theriac_sim::{Action, Plan, scenario};
//!
//! let plan = Plan { packs: 400, seed: 1, day: jiff::civil::date(2026, 11, 23) };
//! let day = scenario(&plan)?;
//! let Action::Capture { title, events, .. } = &day.steps[0].action else { panic!("no capture") };
//! assert_eq!(title, "makes and packs lot TH4A07: 200 packs, 5 cases, 1 pallet");
//! assert_eq!(*events, 8);
//! # Ok::<(), theriac_sim::PlanError>(())
//! ```
//!
//! # Invariants
//!
//! - Pure and deterministic: the same plan gives the same bytes; no clock, no disk, no network.
//! - Every event is valid by `theriac_epcis::check`, and no two have the same hash.
//! - Steps rise in time, and no event is younger than the step that captures it.

mod act;
mod chance;
mod company;
mod consignment;
mod goods;
mod label;
mod occurrence;
mod plan;
mod product;
mod scenario;
mod script;
mod serials;
mod setting;
pub mod trade;

pub use company::{
    Company, CompanyRole, MANUFACTURER, PHARMACY_A, PHARMACY_B, REGULATOR, WHOLESALER,
    trading_companies,
};
pub use plan::{DAY_MAX, DAY_MIN, PACKS_MAX, PACKS_MIN, Plan, PlanError};
pub use product::Product;
pub use scenario::{Action, Scenario, Step, scenario};
