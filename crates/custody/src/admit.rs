//! Admission: an event against the state of the node, by the rules of custody.
//!
//! ```text
//! Event ── intent ──> Commission | Pack | Unpack | Ship | Receive | Retire | … | Observe
//!                        └── rule: breach, or changes to the World and an Operation
//! ```
//!
//! # Invariants
//!
//! - A rule checks everything before it changes anything: a held event leaves the world as it was.
//! - An admitted event yields at least one operation; if it moves nothing, it is anchored.

mod commission;
mod intent;
mod lot_status;
mod observe;
mod pack;
mod receive;
mod retire;
mod select;
mod set_apart;
mod ship;
mod transform;

use jiff::civil::Date;
use theriac_epcis::Event;

use crate::breach::{Breach, BreachCode};
use crate::operation::Operation;
use crate::world::World;
use intent::Intent;

/// The namespace of the fields that Theriac adds to EPCIS events, such as `recallClass`.
pub const NAMESPACE: &str = "https://theriac.example/epcis/";

/// What becomes of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Admission {
    /// It obeys the rules; the world has changed and the ledger has work to do.
    Admitted(Vec<Operation>),
    /// It breaks a rule; nothing has changed.
    Held(Breach),
}

/// Admits `event` or says which rule it breaks. `today` is the date at which expiry is judged.
pub fn admit(event: &Event, world: &mut World, today: Date) -> Admission {
    match apply(event, world, today) {
        Ok(operations) => Admission::Admitted(operations),
        Err(breach) => Admission::Held(breach),
    }
}

fn apply(event: &Event, world: &mut World, today: Date) -> Result<Vec<Operation>, Breach> {
    if event.common().error_declaration.is_some() {
        return Err(error_declared());
    }
    match intent::of(event) {
        Intent::Commission { epcs } => commission::commission(event, &epcs, world),
        Intent::Transform { inputs, outputs } => {
            transform::transform(event, &inputs, &outputs, world, today)
        }
        Intent::Pack { parent, children } => pack::pack(&parent, &children, world),
        Intent::Unpack { parent, children } => pack::unpack(&parent, &children, world),
        Intent::Ship { epcs } => ship::ship(event, &epcs, world, today),
        Intent::Cancel { epcs } => ship::cancel(&epcs, world),
        Intent::Receive { epcs } => receive::receive(&epcs, world),
        Intent::Refuse { epcs } => receive::refuse(&epcs, world),
        Intent::Retire { epcs, reason } => retire::retire(&epcs, reason, world, today),
        Intent::SetApart { epcs, state } => set_apart::set_apart(&epcs, state, world),
        Intent::Release { epcs } => set_apart::release(&epcs, world),
        Intent::LotStatus { lots, status } => lot_status::lot_status(&lots, status, world),
        Intent::Observe { epcs } => observe::observe(&epcs, world),
    }
}

fn error_declared() -> Breach {
    Breach::new(
        BreachCode::ErrorDeclared,
        "the event declares an earlier event erroneous".to_owned(),
        "correct the state by hand: capture the events that say what is right, then close the case",
    )
}
