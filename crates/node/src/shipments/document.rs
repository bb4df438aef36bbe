//! The document of a shipment, made when it is asked for: of the record of the shipment and of the
//! events that name what was in it.

use std::collections::BTreeSet;

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use theriac_custody::Hash;
use theriac_epcis::Event;
use theriac_epcis::trade::{
    Beginnings, DocumentForm, Guideline, LabelForm, PrefixHints, TradeDocument,
};
use theriac_gs1::{Gln, Identifier, Lgtin};
use theriac_store::{ConsignmentRecord, Direction, EventState, ReadTx};

use super::content::{Content, places};
use super::list::ShipmentError;
use crate::admit::{declarations_of, event_on_record};
use crate::error::NodeError;
use crate::files::write_table;
use crate::node::Node;
use crate::partner::FileFormat;

/// A document of a shipment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShipmentFile {
    /// A name for it.
    pub name: String,
    /// Its format.
    pub format: FileFormat,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Identifiers that stand as Digital Links for want of the length of their company prefix; a
    /// few of them.
    pub without_urn: Vec<String>,
}

/// Why a document cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// No shipment has this name.
    #[error(transparent)]
    Shipment(#[from] ShipmentError),
    /// Nobody has told the shipping event to this node.
    #[error("nobody has told the shipping event of {0}: ask the sender's node to send it again")]
    NoEvent(Hash),
    /// This node's own fault.
    #[error(transparent)]
    Node(#[from] NodeError),
}

impl From<theriac_store::StoreError> for DocumentError {
    fn from(error: theriac_store::StoreError) -> Self {
        Self::Node(error.into())
    }
}

impl Node {
    /// The document of a shipment; what is not said is as the partner wants it.
    ///
    /// # Errors
    ///
    /// [`DocumentError`].
    pub async fn shipment_document(
        &self,
        name: &str,
        format: Option<FileFormat>,
        guideline: Option<Guideline>,
        labels: Option<LabelForm>,
    ) -> Result<ShipmentFile, DocumentError> {
        let unknown = || ShipmentError::Unknown(name.chars().take(80).collect());
        let cause = name.parse::<Hash>().map_err(|_| unknown())?;
        let parts = self.parts_of(cause).await?;
        let record = parts.first().ok_or_else(unknown)?;
        let content = self.content_of(&parts).await?.ok_or(DocumentError::NoEvent(cause))?;
        let settings = self.partner_settings(record.partner).await?;
        let format = format.unwrap_or(settings.format);
        let guideline = guideline.unwrap_or(settings.guideline);
        let form = format.form(guideline, labels.unwrap_or(settings.labels));
        let shipped_at = content.shipped_at().unwrap_or(record.shipped_at);
        let name = file_name(record, shipped_at, format);
        let information = content.information().ok_or(DocumentError::NoEvent(cause))?;
        let (bytes, without_urn) = match form {
            None => (write_table(&information, &content.consignment), Vec::new()),
            Some(form) => self.epcis_document(record, &content, &form).await?,
        };
        Ok(ShipmentFile { name, format, bytes, without_urn })
    }

    async fn epcis_document(
        &self,
        record: &ConsignmentRecord,
        content: &Content,
        form: &DocumentForm,
    ) -> Result<(Vec<u8>, Vec<String>), DocumentError> {
        let shipping = content.event.as_ref().ok_or(DocumentError::NoEvent(record.cause))?;
        let mut tx = self.inner().store.read().await?;
        let recorded = recorded(&mut tx, content).await?;
        let beginnings = beginnings(&mut tx, content).await?;
        let named: BTreeSet<Gln> = recorded.iter().flat_map(places).collect();
        let mut parties = self.parties_on_record(&mut tx, &named).await?;
        parties.retain(|party| content.parties.iter().all(|known| known.gln != party.gln));
        parties.extend(content.parties.iter().cloned());
        let hints = self.hints(&mut tx, &recorded, shipping).await?;
        drop(tx);
        let document = TradeDocument {
            id: document_id(record),
            made_at: self.now(),
            sender: content.from,
            receiver: content.to,
            shipping,
            consignment: &content.consignment,
            recorded: &recorded,
            beginnings: &beginnings,
            items: &content.items,
            parties: &parties,
            statement: content.statement.clone(),
        };
        let mut bytes = Vec::new();
        let tables = [&hints.table(), self.company_prefixes()];
        let written = document.write(form, &tables, &mut bytes).map_err(|error| {
            let (expected, found) = ("a document that can be written", error.to_string());
            NodeError::Inconsistent { expected, found }
        })?;
        Ok((bytes, written.without_urn))
    }

    /// The company prefixes that the events and all master data on record tell.
    async fn hints(
        &self,
        tx: &mut ReadTx,
        recorded: &[Event],
        shipping: &Event,
    ) -> Result<PrefixHints, NodeError> {
        let mut hints = PrefixHints::default();
        recorded.iter().for_each(|event| hints.note_event(event));
        hints.note_event(shipping);
        tx.master_data().await?.iter().for_each(|element| hints.note_element(element));
        Ok(hints)
    }
}

/// The events on record that name what was shipped, oldest first, without those that are held or
/// declared erroneous.
async fn recorded(tx: &mut ReadTx, content: &Content) -> Result<Vec<Event>, NodeError> {
    let parents = content.consignment.packing.iter().map(|packing| packing.parent.clone());
    let ids: Vec<Identifier> = content.consignment.units().chain(parents).collect();
    let records = tx.events_of_items(&ids).await?;
    let declared = declarations_of(&records);
    let stands = |record: &&theriac_store::EventRecord| {
        record.state != EventState::Held
            && record.declares.is_none()
            && record.declared_by.is_none()
            && !declared.contains_key(&record.hash)
    };
    Ok(records.iter().filter(stands).filter_map(event_on_record).collect())
}

/// When the lots were opened on the ledger.
async fn beginnings(tx: &mut ReadTx, content: &Content) -> Result<Beginnings, NodeError> {
    let lots: Vec<Lgtin> = content
        .consignment
        .lots
        .iter()
        .filter_map(|lot| Some(Lgtin { gtin: lot.gtin, lot: lot.lot.clone()? }))
        .collect();
    let mut beginnings = Beginnings::new();
    for (lot, row) in tx.load_lots(&lots).await? {
        let Some(tag) = row.lot_tag else { continue };
        let Some(opened) = tx.ledger_lot(&tag).await?.map(|lot| lot.opened) else { continue };
        let Some(block) = tx.block(opened).await? else { continue };
        let seconds = i64::try_from(block.timestamp).unwrap_or(i64::MAX);
        if let Ok(at) = Timestamp::from_second(seconds) {
            beginnings.insert((lot.gtin, Some(lot.lot)), at);
        }
    }
    Ok(beginnings)
}

/// A name for the file of a shipment: day, partner, start of its hash.
pub(super) fn file_name(record: &ConsignmentRecord, shipped_at: i64, format: FileFormat) -> String {
    let at = Timestamp::from_millisecond(shipped_at).unwrap_or_default();
    let day = jiff::tz::Offset::UTC.to_datetime(at).date().strftime("%Y%m%d");
    let hash = hex::encode(&record.cause.0[..8]);
    format!("{day}-{}-{hash}.{}", record.partner, format.ending())
}

/// The document's own identifier: the same whenever the document is made.
fn document_id(record: &ConsignmentRecord) -> String {
    let direction: u8 = match record.direction {
        Direction::Out => 0,
        Direction::In => 1,
    };
    let digest = Sha256::new()
        .chain_update(b"theriac/document/1")
        .chain_update([direction])
        .chain_update(record.cause.0)
        .finalize();
    let mut bytes = [0_u8; 16];
    bytes.copy_from_slice(&digest[..16]);
    // A UUID of version 8 (RFC 9562, section 5.8).
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex = hex::encode(bytes);
    let (a, b, c, d, e) = (&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]);
    format!("urn:uuid:{a}-{b}-{c}-{d}-{e}")
}
