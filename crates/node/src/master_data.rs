//! Descriptions of products, places and parties: this member's own, and what partners tell.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use theriac_epcis::trade::{Guideline, PrefixHints, TradeItem, TradeParty};
use theriac_epcis::{DocumentHeader, Event, MasterDataElement, write_document};
use theriac_store::CaptureSource;

use crate::error::NodeError;
use crate::node::Node;

/// A description of a product or of a party or place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Description {
    /// A product.
    Product(TradeItem),
    /// A party or place.
    Party(TradeParty),
}

/// All descriptions on record.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Descriptions {
    /// Products, by GTIN.
    pub products: Vec<TradeItem>,
    /// Parties and places, by GLN.
    pub parties: Vec<TradeParty>,
    /// Elements of master data that describe something else.
    pub others: u64,
}

impl Node {
    /// The descriptions on record: this member's own, else what partners told last.
    ///
    /// # Errors
    ///
    /// [`NodeError::Store`].
    pub async fn descriptions(&self) -> Result<Descriptions, NodeError> {
        let elements = self.inner().store.master_data().await?;
        let mut descriptions = Descriptions::default();
        for element in &elements {
            match (TradeItem::of_element(element), TradeParty::of_element(element)) {
                (Some(item), _) => descriptions.products.push(item),
                (None, Some(party)) => descriptions.parties.push(party),
                (None, None) => descriptions.others += 1,
            }
        }
        descriptions.products.sort_by_key(|item| item.gtin);
        descriptions.parties.sort_by_key(|party| party.gln);
        Ok(descriptions)
    }

    /// Puts descriptions on record as this member's own word, which no partner's replaces. They are
    /// captured as a document of master data.
    ///
    /// # Errors
    ///
    /// [`NodeError`].
    pub async fn describe(&self, descriptions: &[Description]) -> Result<(), NodeError> {
        let mut hints = PrefixHints::default();
        let on_record = self.inner().store.master_data().await?;
        on_record.iter().for_each(|element| hints.note_element(element));
        let tables = [&hints.table(), self.company_prefixes()];
        let elements = descriptions.iter().map(|description| match description {
            Description::Product(item) => item.element(Guideline::R13, &tables),
            Description::Party(party) => party.element(&tables),
        });
        let mut elements: Vec<MasterDataElement> = elements.collect();
        elements.sort_by(|one, other| one.vocabulary.cmp(&other.vocabulary));
        let document = document_of(elements, self.now())?;
        self.capture(CaptureSource::Api, &document).await?;
        Ok(())
    }
}

fn document_of(master_data: Vec<MasterDataElement>, now: Timestamp) -> Result<Vec<u8>, NodeError> {
    let header = DocumentHeader { master_data, ..DocumentHeader::new(now) };
    let mut document = Vec::new();
    write_document(std::iter::empty::<&Event>(), &header, &mut document).map_err(|error| {
        let (expected, found) = ("a document that can be written", error.to_string());
        NodeError::Inconsistent { expected, found }
    })?;
    Ok(document)
}
