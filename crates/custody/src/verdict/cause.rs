//! What was found about a pack, as causes of alerts, and the condition that it is in.

use super::{Facts, Record};
use crate::profile::{AlertCause, Condition};

impl Facts {
    /// What was found that a jurisdiction may have a code for: what does not match.
    pub fn cause(&self) -> Option<AlertCause> {
        match &self.record {
            Record::Unregistered => Some(AlertCause::ProductUnknown),
            Record::NeverCommissioned { .. } => Some(AlertCause::SerialUnknown),
            Record::NoAnswer { .. } | Record::ForeignLot { .. } => None,
            Record::Pack(pack) => {
                let lot = self.printed.lot.as_ref().is_some_and(|lot| *lot != pack.lot);
                let expiry = self.printed.expiry.is_some_and(|expiry| expiry != pack.expiry);
                match (lot, expiry) {
                    (true, _) => Some(AlertCause::LotMismatch),
                    (false, true) => Some(AlertCause::ExpiryMismatch),
                    (false, false) => None,
                }
            }
        }
    }

    /// The condition of the pack; `None` for one that is not on record.
    pub fn condition(&self) -> Option<Condition> {
        match &self.record {
            Record::Pack(pack) => Some(Condition::of(pack, self.today)),
            _ => None,
        }
    }
}
