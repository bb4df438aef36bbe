//! How long records are kept.

use jiff::Span;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Profile;

/// How long each kind of record is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// Events.
    pub event: Keep,
    /// The documents of shipments, sent and received.
    pub shipment: Keep,
    /// Requests for verification and their answers.
    pub verification: Keep,
    /// Cases and the investigation of suspect product.
    pub investigation: Keep,
    /// Inquiries of authorities and their answers.
    pub inquiry: Keep,
    /// Recalls.
    pub recall: Keep,
}

/// How long a record is kept: the later of both dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keep {
    /// Years from the record.
    pub years: u16,
    /// Years from the expiry date of the pack.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_expiry_years: Option<u16>,
}

/// A kind of record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordKind {
    /// An event.
    Event,
    /// The document of a shipment.
    Shipment,
    /// A request for verification and its answer.
    Verification,
    /// A case.
    Investigation,
    /// An inquiry and its answers.
    Inquiry,
    /// A recall.
    Recall,
}

impl Profile {
    /// How long records of a kind are kept.
    pub fn keep(&self, kind: RecordKind) -> Keep {
        let retention = &self.retention;
        match kind {
            RecordKind::Event => retention.event,
            RecordKind::Shipment => retention.shipment,
            RecordKind::Verification => retention.verification,
            RecordKind::Investigation => retention.investigation,
            RecordKind::Inquiry => retention.inquiry,
            RecordKind::Recall => retention.recall,
        }
    }

    /// The last day on which a record of `made` is kept; `expiry` is that of its pack, where it is
    /// about one.
    pub fn kept_until(&self, kind: RecordKind, made: Date, expiry: Option<Date>) -> Date {
        let keep = self.keep(kind);
        let after_expiry =
            expiry.zip(keep.after_expiry_years).map(|(day, years)| later(day, years));
        after_expiry.into_iter().fold(later(made, keep.years), Date::max)
    }
}

/// The day so many years later.
fn later(day: Date, years: u16) -> Date {
    day.saturating_add(Span::new().years(i64::from(years).min(9_999)))
}
