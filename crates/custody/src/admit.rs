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
//! - What an event changes can be undone: [`Footprint`] keeps what its operations do not tell, and
//!   [`neutralise`] takes both back when the event is declared erroneous.

mod commission;
mod consignment;
mod declare;
mod footprint;
mod intent;
mod lot_status;
mod observe;
mod pack;
mod purpose;
mod receive;
mod retire;
mod select;
mod set_apart;
mod ship;
mod state;
mod transform;
mod undo;

use jiff::civil::Date;
use theriac_epcis::Event;
use theriac_gs1::Identifier;

use crate::breach::Breach;
use crate::operation::Operation;
use crate::world::{Journal, World};
pub(crate) use intent::{Intent, of as intent_of};

pub use consignment::{Consignment, consignment};
pub use declare::{Done, Stage, neutralise};
pub use footprint::{Footprint, Touched, TouchedLot};
pub use purpose::{act, ends};
pub use undo::undo_allowed;

/// The namespace of the fields that Theriac adds to EPCIS events: `recallClass` (1, 2, 3) of a recall
/// and `retirementReason` (`exported`, `lost`) of an end of life; and to an error declaration: `place`, the
/// GLN of the place that it is made at, where that is not the event's.
pub const NAMESPACE: &str = "https://theriac.example/epcis/";

/// What becomes of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Admission {
    /// It obeys the rules; the world has changed and the ledger has work to do.
    Admitted(Vec<Operation>),
    /// A part of what it names obeys the rules, as [`Admitted`](Self::Admitted); the rest is set
    /// aside, in groups of one reason each, and has changed nothing.
    InPart(Vec<Operation>, Vec<Rest>),
    /// It breaks a rule; nothing has changed.
    Held(Breach),
}

/// Items of an event that were set aside for the same reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rest {
    /// The rule broken.
    pub breach: Breach,
    /// All the items, in the order of the event.
    pub items: Vec<Identifier>,
}

/// What an event makes of what it names.
struct Decision {
    operations: Vec<Operation>,
    rest: Vec<Rest>,
}

impl From<Vec<Operation>> for Decision {
    fn from(operations: Vec<Operation>) -> Self {
        Self { operations, rest: Vec::new() }
    }
}

/// Admits `event` or says which rule it breaks. `today` is the date at which expiry is judged.
///
/// An error declaration is no occurrence of its own: [`neutralise`] is for it.
pub fn admit(event: &Event, world: &mut World, today: Date) -> Admission {
    world.journal = Journal::default();
    match apply(event, world, today) {
        Ok(Decision { operations, rest }) if rest.is_empty() => Admission::Admitted(operations),
        Ok(Decision { operations, rest }) => Admission::InPart(operations, rest),
        Err(breach) => Admission::Held(breach),
    }
}

fn apply(event: &Event, world: &mut World, today: Date) -> Result<Decision, Breach> {
    if event.common().error_declaration.is_some() {
        return Ok(vec![Operation::Anchor].into());
    }
    let operations = match intent::of(event) {
        Intent::Receive { epcs, receipt } => return receive::receive(&epcs, receipt, world),
        Intent::Refuse { epcs } => return receive::refuse(&epcs, world),
        Intent::Commission { epcs } => commission::commission(event, &epcs, world),
        Intent::Transform { inputs, outputs } => {
            transform::transform(event, &inputs, &outputs, world, today)
        }
        Intent::Pack { parent, children } => pack::pack(&parent, &children, world),
        Intent::Unpack { parent, children } => pack::unpack(&parent, &children, world),
        Intent::Ship { epcs } => ship::ship(event, &epcs, world, today),
        Intent::Cancel { epcs } => ship::cancel(&epcs, world),
        Intent::Retire { epcs, reason } => retire::retire(&epcs, reason, world, today),
        Intent::SetApart { epcs, state } => set_apart::set_apart(&epcs, state, world, today),
        Intent::Release { epcs } => set_apart::release(&epcs, world),
        Intent::LotStatus { lots, status } => lot_status::lot_status(&lots, status, world),
        Intent::Observe { epcs } => observe::observe(&epcs, world),
    };
    operations.map(Decision::from)
}
