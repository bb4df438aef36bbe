//! What an index can answer of a query: a superset of the events that match.

mod names;

use jiff::Timestamp;
use theriac_gs1::Identifier;

pub use names::names_of;

/// Conditions that an index can answer. All of them hold of every event that matches the query.
///
/// An empty list or an open range asks nothing. The identifiers of events are those of `eventID`;
/// an identifier that is an event hash (`ni:///…`) also selects the events with that hash.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// Kinds of events, such as `ObjectEvent`: any of these.
    pub kinds: Vec<String>,
    /// When the event happened.
    pub event_time: TimeRange,
    /// When the event was recorded.
    pub record_time: TimeRange,
    /// Identifiers of events: any of these.
    pub event_ids: Vec<String>,
    /// Names that [`names_of`] gives of the event: of each inner list, at least one.
    pub names: Vec<Vec<Name>>,
    /// What the event names one by one ([`Event::epcs`](theriac_epcis::Event::epcs)): of each
    /// inner list, at least one.
    pub items: Vec<Vec<ItemCondition>>,
    /// No event can match.
    pub impossible: bool,
}

/// A period, open where there is no bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TimeRange {
    /// The first moment of it.
    pub from: Option<Timestamp>,
    /// The first moment after it.
    pub before: Option<Timestamp>,
}

impl TimeRange {
    /// Narrows the period to what is not before `from`.
    pub fn not_before(&mut self, from: Timestamp) {
        self.from = Some(self.from.map_or(from, |known| known.max(from)));
    }

    /// Narrows the period to what is before `before`.
    pub fn only_before(&mut self, before: Timestamp) {
        self.before = Some(self.before.map_or(before, |known| known.min(before)));
    }

    /// Whether the moment lies in it.
    #[must_use]
    pub fn contains(&self, moment: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= moment)
            && self.before.is_none_or(|before| moment < before)
    }

    /// Whether no moment lies in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        matches!((self.from, self.before), (Some(from), Some(before)) if from >= before)
    }
}

/// What a name is to its event. The numbers are kept in databases: never change one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Role {
    /// Business step: the bare word, or the URI of one that is not in the CBV.
    BizStep = 1,
    /// Disposition: the bare word, or the URI of one that is not in the CBV.
    Disposition = 2,
    /// Read point: the canonical Digital Link, or another URI verbatim.
    ReadPoint = 3,
    /// Business location: the canonical Digital Link, or another URI verbatim.
    BizLocation = 4,
    /// Business document: the canonical Digital Link, or another URI verbatim.
    BizTransaction = 5,
    /// Source: the canonical Digital Link, or another URI verbatim.
    Source = 6,
    /// Destination: the canonical Digital Link, or another URI verbatim.
    Destination = 7,
    /// Container or asset: its key without a domain ([`Identifier::key`]).
    Parent = 8,
    /// Class of a quantity: its key without a domain ([`Identifier::key`]).
    EpcClass = 9,
    /// Identifier of a transformation, verbatim.
    Transformation = 10,
    /// Reason of an error declaration as bare word or URI; besides, always one empty text.
    ErrorDeclared = 11,
}

impl Role {
    /// Every role.
    pub const ALL: &'static [Self] = &[
        Self::BizStep,
        Self::Disposition,
        Self::ReadPoint,
        Self::BizLocation,
        Self::BizTransaction,
        Self::Source,
        Self::Destination,
        Self::Parent,
        Self::EpcClass,
        Self::Transformation,
        Self::ErrorDeclared,
    ];

    /// The number that stands for the role in a database.
    #[must_use]
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The role of this number.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.iter().copied().find(|role| role.code() == code)
    }
}

/// Something that an event names and an index finds it by.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name {
    /// What it is to the event.
    pub role: Role,
    /// Its one canonical text; see [`Role`].
    pub text: String,
}

impl Name {
    /// A name.
    pub fn new(role: Role, text: impl Into<String>) -> Self {
        Self { role, text: text.into() }
    }
}

/// Which objects are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ItemCondition {
    /// This one.
    Exact(Identifier),
    /// Every one whose key ([`Identifier::key`]) begins like this, such as
    /// `01/09506000134352/21/`.
    KeyPrefix(String),
}

impl ItemCondition {
    /// Whether this object is meant.
    #[must_use]
    pub fn selects(&self, id: &Identifier) -> bool {
        match self {
            Self::Exact(wanted) => wanted == id,
            Self::KeyPrefix(prefix) => id.key().starts_with(prefix.as_str()),
        }
    }
}

/// The one text of a URI that may name a place, party or document.
pub(crate) fn canonical_uri(text: &str) -> String {
    Identifier::from_uri(text).map_or_else(|_| text.to_owned(), |epc| epc.id.to_string())
}
