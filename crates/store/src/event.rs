//! Events on record: each EPCIS event once, by its hash.

mod name;
mod query;
mod record;
mod scan;
mod write;

pub(crate) use name::{class_of, link_names, stored_class, stored_names};
pub(crate) use query::events_of_capture;
pub use record::EventRecord;
pub use scan::{EventScan, ScanOrder, ScanPosition};
pub use write::NewEvent;

use crate::word::{row_id, words};

row_id! {
    /// Row id of an event; ascending in the order of admission.
    EventId,
}

words! {
    /// How far an event is.
    EventState {
        /// It obeys the standard and the rules of custody.
        Admitted = 0 "admitted",
        /// It breaks a rule of custody and is in a case.
        Held = 1 "held",
        /// Its ledger transaction is mined.
        Recorded = 2 "recorded",
        /// Its ledger transaction can no longer be reverted.
        Final = 3 "final",
    }
}
