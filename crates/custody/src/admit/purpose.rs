//! For what an event has packs in hand.

use theriac_epcis::Event;

use super::intent::{self, Intent};
use crate::alarm::Act;
use crate::item::Reason;

/// Why the event ends lives; `None` if it ends none.
pub fn ends(event: &Event) -> Option<Reason> {
    match intent::of(event) {
        Intent::Retire { reason, .. } => Some(reason),
        Intent::Transform { .. } => Some(Reason::Repackaged),
        _ => None,
    }
}

/// For what the event has packs in hand, where that tells something about copies: it takes them over
/// or uses them.
pub fn act(event: &Event) -> Option<Act> {
    match intent::of(event) {
        Intent::Receive { .. } => Some(Act::Received),
        Intent::Retire { reason, .. } if reason.is_use() => Some(Act::Used),
        Intent::Transform { .. } => Some(Act::Used),
        _ => None,
    }
}
