//! Patterns of EPCs and of EPC classes (EPCIS 2.0, section 8.2.7.1.1).

use theriac_gs1::{Epc, Identifier, Sgtin};

use crate::plan::ItemCondition;

/// An EPC, a class, or a pattern, as the query writes it and as it is understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EpcPattern {
    /// As the query writes it.
    pub(crate) text: String,
    id: Identifier,
}

impl EpcPattern {
    /// Reads a URI; `None` when it is none, or its key is wrong.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let id = match text.strip_prefix("urn:epc:id:sgtin:").filter(|rest| rest.ends_with(".*")) {
            Some(rest) => Identifier::from_uri(&format!("urn:epc:idpat:sgtin:{rest}")).ok()?.id,
            None => Identifier::from_uri(text).ok()?.id,
        };
        Some(Self { text: text.to_owned(), id })
    }

    /// Whether the object or class is meant.
    pub(crate) fn matches(&self, epc: &Epc) -> bool {
        match (&self.id, &epc.id) {
            (Identifier::Gtin(wanted), Identifier::Sgtin(Sgtin { gtin, .. })) => wanted == gtin,
            (wanted, id) => wanted == id,
        }
    }

    /// What an index of objects can answer; `None`: nothing.
    pub(super) fn item(&self) -> Option<ItemCondition> {
        match &self.id {
            Identifier::Gtin(gtin) => Some(ItemCondition::KeyPrefix(format!("01/{gtin}/21/"))),
            id => Some(ItemCondition::Exact(id.clone())),
        }
    }

    /// The one object or class that is meant; `None` when there may be several.
    pub(super) fn exact(&self) -> Option<&Identifier> {
        match &self.id {
            Identifier::Gtin(_) => None,
            id => Some(id),
        }
    }
}
