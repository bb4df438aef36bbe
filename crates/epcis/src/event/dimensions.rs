//! What all kinds of events share: when, where, why, and how (EPCIS 2.0, section 7.4.1).

use jiff::Timestamp;
use theriac_gs1::Epc;

use super::extension::Extension;
use super::number::Number;
use super::offset::Offset;
use super::sensor::SensorElement;
use crate::vocabulary::{BizStep, BizTransactionType, Disposition, ErrorReason, PartyType};

/// When, where, why and how an event happened; embedded in each kind of event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Common {
    /// When it happened.
    pub event_time: Timestamp,
    /// The offset from UTC in force where and when it happened.
    pub time_zone_offset: Offset,
    /// When a repository recorded it.
    pub record_time: Option<Timestamp>,
    /// The identifier that its maker gave it; an absolute URI.
    pub event_id: Option<String>,
    /// Present when this event declares an earlier one, with the same content, to be wrong.
    pub error_declaration: Option<ErrorDeclaration>,
    /// Certificates of the process; absolute URIs.
    pub certification_info: Vec<String>,
    /// Why: the step of the business process.
    pub biz_step: Option<BizStep>,
    /// The condition of the objects until a later event.
    pub disposition: Option<Disposition>,
    /// Conditions that last until they are unset.
    pub persistent_disposition: Option<PersistentDisposition>,
    /// Where it happened.
    pub read_point: Option<Location>,
    /// Where the objects are afterwards.
    pub biz_location: Option<Location>,
    /// The business documents behind it.
    pub biz_transactions: Vec<BizTransaction>,
    /// From whom and where the objects come.
    pub sources: Vec<Source>,
    /// To whom and where the objects go.
    pub destinations: Vec<Destination>,
    /// What sensors measured.
    pub sensor_elements: Vec<SensorElement>,
    /// Fields of other vocabularies.
    pub extensions: Vec<Extension>,
}

impl Common {
    /// An event of which only the time is known.
    #[must_use]
    pub fn at(event_time: Timestamp, time_zone_offset: Offset) -> Self {
        Self {
            event_time,
            time_zone_offset,
            record_time: None,
            event_id: None,
            error_declaration: None,
            certification_info: Vec::new(),
            biz_step: None,
            disposition: None,
            persistent_disposition: None,
            read_point: None,
            biz_location: None,
            biz_transactions: Vec::new(),
            sources: Vec::new(),
            destinations: Vec::new(),
            sensor_elements: Vec::new(),
            extensions: Vec::new(),
        }
    }
}

/// A declaration that an event was recorded in error (EPCIS 2.0, section 7.4.1.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorDeclaration {
    /// When the declaration was made.
    pub declaration_time: Timestamp,
    /// Why the event is wrong.
    pub reason: Option<ErrorReason>,
    /// The events that say what is right.
    pub corrective_event_ids: Vec<String>,
    /// Fields of other vocabularies.
    pub extensions: Vec<Extension>,
}

/// Conditions that begin and end with this event (EPCIS 2.0, section 7.3.5.4).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PersistentDisposition {
    /// Conditions that begin.
    pub set: Vec<Disposition>,
    /// Conditions that end.
    pub unset: Vec<Disposition>,
}

/// A read point or business location (EPCIS 2.0, section 7.3.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The place, usually an SGLN.
    pub id: Epc,
    /// Fields of other vocabularies.
    pub extensions: Vec<Extension>,
}

impl From<Epc> for Location {
    fn from(id: Epc) -> Self {
        Self { id, extensions: Vec::new() }
    }
}

/// A business document (EPCIS 2.0, section 7.3.5.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BizTransaction {
    /// What kind of document.
    pub kind: Option<BizTransactionType>,
    /// The document, as written by its maker.
    pub id: String,
}

/// From whom or where (EPCIS 2.0, section 7.3.5.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Owner, possessor, or place.
    pub kind: PartyType,
    /// The party or place.
    pub id: Epc,
}

/// To whom or where (EPCIS 2.0, section 7.3.5.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// Owner, possessor, or place.
    pub kind: PartyType,
    /// The party or place.
    pub id: Epc,
}

/// Objects by class (EPCIS 2.0, section 7.3.3.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuantityElement {
    /// The class: GTIN, or GTIN and lot.
    pub epc_class: Epc,
    /// How many, or how much.
    pub quantity: Option<Number>,
    /// UN/CEFACT Recommendation 20 code; absent: pieces.
    pub uom: Option<String>,
}
