//! Shipments as they are shown: the list, and one with its transaction information.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use theriac_custody::Hash;
use theriac_epcis::trade::{Consignment, TransactionInformation};
use theriac_store::{ConsignmentRecord, Direction};

use super::content::Content;
use crate::error::NodeError;
use crate::node::Node;
use crate::report::Party;

/// Whether a shipment was sent or received.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ShipmentDirection {
    /// Sent by this member.
    Out,
    /// Sent to this member.
    In,
}

/// A shipment in the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShipmentEntry {
    /// Its name: the hash of the shipping event, which the ledger has as its cause.
    pub shipment: Hash,
    /// Whether it was sent or received.
    pub direction: ShipmentDirection,
    /// To whom it was sent, or from whom it came.
    pub partner: Party,
    /// When it was shipped, RFC 3339.
    pub shipped_at: String,
    /// Number of packs.
    pub packs: u64,
    /// Files that were sent or received about it.
    pub files: Vec<i64>,
}

/// A shipment with its transaction information.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShipmentReport {
    /// The entry of the list.
    #[serde(flatten)]
    pub entry: ShipmentEntry,
    /// EPCIS `eventID` of the shipping event.
    pub event_id: Option<String>,
    /// What, how much, when, from whom, to whom, and the seller's statement; absent until somebody
    /// has told the shipping event.
    pub information: Option<TransactionInformation>,
}

/// Why a shipment cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum ShipmentError {
    /// No shipment has this name.
    #[error("expected the name of a shipment, found {0}")]
    Unknown(String),
    /// This node's own fault.
    #[error(transparent)]
    Node(#[from] NodeError),
}

impl From<theriac_store::StoreError> for ShipmentError {
    fn from(error: theriac_store::StoreError) -> Self {
        Self::Node(error.into())
    }
}

impl Node {
    /// The last shipments, sent and received, the latest first.
    ///
    /// # Errors
    ///
    /// [`NodeError::Store`].
    pub async fn shipments(
        &self,
        direction: Option<ShipmentDirection>,
        limit: u64,
    ) -> Result<Vec<ShipmentEntry>, NodeError> {
        let records = self.inner().store.consignments(limit).await?;
        let mut shipments: Vec<Vec<ConsignmentRecord>> = Vec::new();
        let mut found: BTreeMap<(Hash, i64), usize> = BTreeMap::new();
        for record in records {
            if direction.is_some_and(|wanted| wanted != record.direction.into()) {
                continue;
            }
            let index =
                *found.entry((record.cause, record.direction as i64)).or_insert_with(|| {
                    shipments.push(Vec::new());
                    shipments.len() - 1
                });
            shipments[index].push(record);
        }
        let mut entries = Vec::with_capacity(shipments.len());
        for parts in &shipments {
            entries.extend(self.entry(parts).await?);
        }
        Ok(entries)
    }

    /// A shipment with its transaction information; one that was sent and received by this member
    /// is shown as sent.
    ///
    /// # Errors
    ///
    /// [`ShipmentError::Unknown`].
    pub async fn shipment(&self, name: &str) -> Result<ShipmentReport, ShipmentError> {
        let unknown = || ShipmentError::Unknown(name.chars().take(80).collect());
        let cause = name.parse::<Hash>().map_err(|_| unknown())?;
        let parts = self.parts_of(cause).await?;
        let entry = self.entry(&parts).await?.ok_or_else(unknown)?;
        let content = self.content_of(&parts).await?;
        let event = content.as_ref().and_then(|content| content.event.as_ref());
        Ok(ShipmentReport {
            entry,
            event_id: event.and_then(|event| event.common().event_id.clone()),
            information: content.as_ref().and_then(Content::information),
        })
    }

    /// The parts of a shipment in one direction, what the ledger tells before what files tell.
    pub(super) async fn parts_of(&self, cause: Hash) -> Result<Vec<ConsignmentRecord>, NodeError> {
        let mut parts = self.inner().store.consignments_of(&cause).await?;
        let first = parts.iter().map(|part| part.direction as i64).min();
        parts.retain(|part| Some(part.direction as i64) == first);
        Ok(parts)
    }

    /// The content of all parts together. A file counts where nothing else tells.
    pub(super) async fn content_of(
        &self,
        parts: &[ConsignmentRecord],
    ) -> Result<Option<Content>, NodeError> {
        let mut contents = Vec::new();
        for part in parts {
            if let Some(body) = self.inner().store.consignment_body(part.id).await? {
                contents.push(Content::unpack(&body)?);
            }
        }
        let from_files: Vec<Content> =
            contents.iter().filter(|content| content.file.is_some()).cloned().collect();
        contents.retain(|content| content.file.is_none());
        let contents = if contents.is_empty() { from_files.clone() } else { contents };
        Ok(contents.into_iter().reduce(joined).map(|mut content| {
            // The seller's word may have come by file while the goods are told by the ledger.
            let told = from_files.into_iter().find_map(|file| file.statement);
            content.statement = content.statement.or(told);
            content
        }))
    }

    async fn entry(&self, parts: &[ConsignmentRecord]) -> Result<Option<ShipmentEntry>, NodeError> {
        let Some(first) = parts.first() else { return Ok(None) };
        let mut tx = self.inner().store.read().await?;
        let files = tx.trade_files_about(&first.cause).await?;
        let mut partner = self.party(&mut tx, first.partner).await?;
        if partner.name.is_empty() {
            let record = tx.partner(&first.partner).await?;
            let settings = record.as_ref().map(crate::partner::settings_of);
            partner.name = settings.and_then(|settings| settings.name).unwrap_or_default();
        }
        // Parts are told by the ledger, or whole shipments by files.
        let whole: Vec<Hash> = files.iter().filter_map(|file| file.sha256).collect();
        let told = |part: &&ConsignmentRecord| !whole.contains(&part.part);
        let sum: u64 = parts.iter().filter(told).filter_map(|part| part.packs).sum();
        let most = parts.iter().filter_map(|part| part.packs).max().unwrap_or(0);
        let at = Timestamp::from_millisecond(first.shipped_at).unwrap_or_default();
        Ok(Some(ShipmentEntry {
            shipment: first.cause,
            direction: first.direction.into(),
            partner,
            shipped_at: at.to_string(),
            packs: if sum == 0 { most } else { sum },
            files: files.iter().map(|file| file.id.0).collect(),
        }))
    }
}

impl From<Direction> for ShipmentDirection {
    fn from(direction: Direction) -> Self {
        match direction {
            Direction::Out => Self::Out,
            Direction::In => Self::In,
        }
    }
}

/// Two parts of one shipment together.
fn joined(one: Content, other: Content) -> Content {
    let packs = |content: &Content| {
        let lots = content.consignment.lots.clone().into_iter();
        lots.flat_map(|lot| {
            let units = lot.serials.into_iter();
            units.map(move |serial| {
                let unit = theriac_gs1::Sgtin { gtin: lot.gtin, serial };
                (unit, lot.lot.clone(), lot.expiry)
            })
        })
        .collect::<Vec<_>>()
    };
    let packed = |content: &Content| {
        let packing = content.consignment.packing.clone().into_iter();
        packing
            .flat_map(|p| p.children.into_iter().map(move |child| (child, p.parent.clone())))
            .collect::<Vec<_>>()
    };
    let all = packs(&one).into_iter().chain(packs(&other));
    let consignment = Consignment::of(all, packed(&one).into_iter().chain(packed(&other)));
    let mut content = Content { consignment, event: one.event.or(other.event), ..one };
    for item in other.items {
        if !content.items.iter().any(|known| known.gtin == item.gtin) {
            content.items.push(item);
        }
    }
    content.statement = content.statement.or(other.statement);
    content
}
