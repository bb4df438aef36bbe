//! The content of a shipment: from the books once it is noted, later from the record of it.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use theriac_custody::profile::ShipmentDocument;
use theriac_epcis::Event;
use theriac_epcis::trade::{
    Consignment, TradeItem, TradeParty, TransactionInformation, TransactionStatement,
};
use theriac_gs1::{Gln, Gtin, Identifier, Lgtin, Sgln};
use theriac_store::{ConsignmentRecord, ItemRecord, ReadTx};

use crate::error::NodeError;
use crate::node::Node;

/// What is kept of a shipment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Content {
    /// The shipping event; absent if nobody has told it.
    pub(crate) event: Option<Event>,
    /// From whom ownership passes.
    pub(crate) from: Gln,
    /// To whom.
    pub(crate) to: Gln,
    /// The packs.
    pub(crate) consignment: Consignment,
    /// The products, as they were described then.
    pub(crate) items: Vec<TradeItem>,
    /// The parties and places, as they were described then.
    pub(crate) parties: Vec<TradeParty>,
    /// The seller's statement.
    pub(crate) statement: Option<TransactionStatement>,
    /// The file that told it, if it was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) file: Option<i64>,
}

/// Longest content that is read, in bytes: what an attacker could make of a small record.
const CONTENT_BYTES_MAX: u64 = 4 << 30;

impl Content {
    /// The bytes under which it is kept.
    pub(crate) fn pack(&self) -> Result<Vec<u8>, NodeError> {
        let failed = |error: std::io::Error| NodeError::Inconsistent {
            expected: "the content of a shipment that can be written",
            found: error.to_string(),
        };
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        let json = serde_json::to_vec(self).map_err(|error| failed(error.into()))?;
        encoder.write_all(&json).map_err(failed)?;
        encoder.finish().map_err(failed)
    }

    /// Reads the bytes under which it is kept.
    pub(crate) fn unpack(bytes: &[u8]) -> Result<Self, NodeError> {
        let failed = |error: std::io::Error| NodeError::Inconsistent {
            expected: "the content of a shipment",
            found: error.to_string(),
        };
        let mut json = Vec::new();
        let decoder = DeflateDecoder::new(bytes).take(CONTENT_BYTES_MAX);
        std::io::BufReader::new(decoder).read_to_end(&mut json).map_err(failed)?;
        serde_json::from_slice(&json).map_err(|error| failed(error.into()))
    }

    /// When it was shipped, in milliseconds.
    pub(crate) fn shipped_at(&self) -> Option<i64> {
        self.event.as_ref().map(|event| event.common().event_time.as_millisecond())
    }

    /// The transaction information; `None` without a shipping event.
    pub(crate) fn information(&self) -> Option<TransactionInformation> {
        Some(TransactionInformation::of(
            self.event.as_ref()?,
            &self.consignment,
            (self.from, self.to),
            &self.items,
            &self.parties,
            self.statement.clone(),
        ))
    }
}

impl Node {
    /// The content of a shipment of this member's.
    pub(super) async fn content_sent(
        &self,
        record: &ConsignmentRecord,
    ) -> Result<Content, NodeError> {
        let mut tx = self.inner().store.read().await?;
        let event = shipping_event(&mut tx, record).await?;
        let named: Vec<Identifier> =
            event.iter().flat_map(Event::epcs).map(|epc| epc.id.clone()).collect();
        let around = tx.load_items(&named).await?;
        let named: HashSet<&Identifier> = named.iter().collect();
        let inside = inside(&around, &named);
        let statement = self.own_statement();
        self.content(&mut tx, event, (self.gln(), record.partner), &inside, statement).await
    }

    /// The content of a holding that was announced to this member.
    pub(super) async fn content_received(
        &self,
        record: &ConsignmentRecord,
    ) -> Result<Content, NodeError> {
        let mut tx = self.inner().store.read().await?;
        let event = shipping_event(&mut tx, record).await?;
        let units = tx.items_in_holding(&record.part).await?;
        let ids: Vec<Identifier> = units.iter().map(|unit| unit.item.id.clone()).collect();
        let mut items = tx.load_items(&ids).await?;
        let wanted: HashSet<&Identifier> = ids.iter().collect();
        // What is packed beside them in the same box came in another part.
        items.retain(|record| record.item.lot.is_none() || wanted.contains(&record.item.id));
        let statement = self.statement_told(&mut tx, &record.part).await?;
        self.content(&mut tx, event, (record.partner, self.gln()), &items, statement).await
    }

    async fn content(
        &self,
        tx: &mut ReadTx,
        event: Option<Event>,
        (from, to): (Gln, Gln),
        items: &[ItemRecord],
        statement: Option<TransactionStatement>,
    ) -> Result<Content, NodeError> {
        let expiries = expiries(tx, items).await?;
        let packs = items.iter().filter_map(|record| match (&record.item.id, &record.item.lot) {
            (Identifier::Sgtin(unit), Some(lot)) => {
                let expiry = expiries.get(&Lgtin { gtin: unit.gtin, lot: lot.clone() });
                Some((unit.clone(), Some(lot.clone()), expiry.copied()))
            }
            _ => None,
        });
        let known: HashSet<&Identifier> = items.iter().map(|record| &record.item.id).collect();
        let packed = items.iter().filter_map(|record| {
            let parent = record.item.parent.clone().filter(|parent| known.contains(parent))?;
            Some((record.item.id.clone(), parent))
        });
        let consignment = Consignment::of(packs, packed);
        let told = event.as_ref().map(TransactionInformation::parties_of).unwrap_or_default();
        let (from, to) = (told.0.unwrap_or(from), told.1.unwrap_or(to));
        let gtins: BTreeSet<Gtin> =
            items.iter().filter_map(|record| record.item.id.gtin()).collect();
        let mut glns: BTreeSet<Gln> = [from, to].into();
        event.iter().for_each(|event| glns.extend(places(event)));
        Ok(Content {
            items: self.items_on_record(tx, &gtins).await?,
            parties: self.parties_on_record(tx, &glns).await?,
            event,
            from,
            to,
            consignment,
            statement,
            file: None,
        })
    }

    /// This member's statement on what it sells, where the jurisdiction wants one.
    pub(crate) fn own_statement(&self) -> Option<TransactionStatement> {
        let shipment = &self.profile().shipment;
        let is_due = shipment.documents.contains(&ShipmentDocument::TransactionStatement);
        let legal_notice = shipment.statement.clone().filter(|_| is_due)?.trim().to_owned();
        Some(TransactionStatement { affirmed: true, legal_notice })
    }

    /// What is on record of products.
    pub(crate) async fn items_on_record(
        &self,
        tx: &mut ReadTx,
        gtins: &BTreeSet<Gtin>,
    ) -> Result<Vec<TradeItem>, NodeError> {
        let ids: Vec<Identifier> = gtins.iter().copied().map(Identifier::Gtin).collect();
        let elements = tx.master_data_about(&ids).await?;
        Ok(elements.iter().filter_map(TradeItem::of_element).collect())
    }

    /// What is on record of parties and places; of members at least their names.
    pub(crate) async fn parties_on_record(
        &self,
        tx: &mut ReadTx,
        glns: &BTreeSet<Gln>,
    ) -> Result<Vec<TradeParty>, NodeError> {
        let forms = |gln: &Gln| {
            let place = Identifier::Sgln(Sgln { gln: *gln, extension: None });
            [place, Identifier::Pgln(*gln)]
        };
        let ids: Vec<Identifier> = glns.iter().flat_map(forms).collect();
        let elements = tx.master_data_about(&ids).await?;
        let mut parties: Vec<TradeParty> = Vec::new();
        for party in elements.iter().filter_map(TradeParty::of_element) {
            // Of several vocabularies the one that says most counts.
            match parties.iter_mut().find(|known| known.gln == party.gln) {
                Some(known) if known.address().len() < party.address().len() => *known = party,
                Some(_) => {}
                None => parties.push(party),
            }
        }
        for gln in glns {
            let name = self.party(tx, *gln).await?.name;
            if name.is_empty() {
                continue;
            }
            match parties.iter_mut().find(|known| known.gln == *gln) {
                Some(known) => drop(known.name.get_or_insert(name)),
                None => parties.push(TradeParty { name: Some(name), ..TradeParty::unknown(*gln) }),
            }
        }
        parties.sort_by_key(|party| party.gln);
        Ok(parties)
    }
}

async fn shipping_event(
    tx: &mut ReadTx,
    record: &ConsignmentRecord,
) -> Result<Option<Event>, NodeError> {
    let event = tx.event_by_hash(&record.cause).await?;
    Ok(event.as_ref().and_then(crate::admit::event_on_record))
}

/// Those of `items` that are `named` or packed in what is.
fn inside(items: &[ItemRecord], named: &HashSet<&Identifier>) -> Vec<ItemRecord> {
    let parents: HashMap<&Identifier, &Identifier> = items
        .iter()
        .filter_map(|record| Some((&record.item.id, record.item.parent.as_ref()?)))
        .collect();
    let belongs = |record: &&ItemRecord| {
        let mut id = &record.item.id;
        for _ in 0..16 {
            if named.contains(id) {
                return true;
            }
            match parents.get(id) {
                Some(parent) => id = parent,
                None => return false,
            }
        }
        false
    };
    items.iter().filter(belongs).cloned().collect()
}

async fn expiries(
    tx: &mut ReadTx,
    items: &[ItemRecord],
) -> Result<HashMap<Lgtin, Date>, NodeError> {
    let lots: BTreeSet<Lgtin> = items
        .iter()
        .filter_map(|record| match (&record.item.id, &record.item.lot) {
            (Identifier::Sgtin(unit), Some(lot)) => {
                Some(Lgtin { gtin: unit.gtin, lot: lot.clone() })
            }
            _ => None,
        })
        .collect();
    let rows = tx.load_lots(&lots.into_iter().collect::<Vec<_>>()).await?;
    Ok(rows.into_iter().map(|(lot, row)| (lot, row.record.expiry)).collect())
}

/// The parties and places that an event names.
pub(crate) fn places(event: &Event) -> BTreeSet<Gln> {
    let common = event.common();
    let at = common.read_point.iter().chain(&common.biz_location).map(|place| &place.id.id);
    let from = common.sources.iter().map(|source| &source.id.id);
    let to = common.destinations.iter().map(|destination| &destination.id.id);
    let gln = |id: &Identifier| match id {
        Identifier::Pgln(gln) => Some(*gln),
        Identifier::Sgln(sgln) => Some(sgln.gln),
        _ => None,
    };
    at.chain(from).chain(to).filter_map(gln).collect()
}
