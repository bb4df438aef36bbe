//! One departure from the standard.

use std::fmt;

use crate::build::Repair;
use crate::check::Violation;
use crate::read::{Place, ReadError};

/// A departure from the standard. The fault is with the document's maker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The event, by its rank from 0; `None` outside of events.
    pub ordinal: Option<usize>,
    /// Where in the document.
    pub place: Place,
    /// Which part of the standard it breaks.
    pub layer: Layer,
    /// The rule's stable name, such as `element-order` or `ilmd-only-with-add`.
    pub rule: &'static str,
    /// Where in the event or header, such as `quantityList[0].uom`.
    pub path: String,
    /// What the rule wants.
    pub expected: String,
    /// What was found.
    pub found: String,
}

/// The part of the standard that a [`Finding`] is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Layer {
    /// What the published schemas demand (XSD of EPCIS 1.2 and 2.0, JSON schema of 2.0).
    Schema,
    /// What the text of the standard demands beyond its schemas.
    Rules,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { place, rule, path, expected, found, .. } = self;
        write!(f, "{rule}: expected {expected}, found {found} at {path:?}, {place}")
    }
}

impl Finding {
    /// An event that cannot be read.
    pub(super) fn unreadable(ordinal: Option<usize>, place: &Place, error: &ReadError) -> Self {
        Self {
            ordinal,
            place: place.clone(),
            layer: Layer::Rules,
            rule: "readable",
            path: error.path.clone(),
            expected: error.expected.clone(),
            found: error.found.clone(),
        }
    }

    /// What a tolerant reader repairs.
    pub(super) fn repaired(ordinal: Option<usize>, place: &Place, repair: &Repair) -> Self {
        Self {
            ordinal,
            place: place.clone(),
            layer: Layer::Rules,
            rule: "needs-repair",
            path: repair.path.clone(),
            expected: repair.read_as.clone(),
            found: repair.found.clone(),
        }
    }

    /// A rule of [`check`](crate::check) that an event breaks.
    pub(super) fn violated(ordinal: Option<usize>, place: &Place, violation: Violation) -> Self {
        let Violation { rule, path, expected, found } = violation;
        let place = place.clone();
        Self { ordinal, place, layer: Layer::Rules, rule, path, expected, found }
    }
}
