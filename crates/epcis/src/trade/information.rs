//! Transaction information: what the law wants told of a shipment (DSCSA, section 581(26)).

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use theriac_gs1::{Gln, Gtin, Lot, Serial};

use super::consignment::Consignment;
use super::party::{TradeParty, gln_in};
use super::product::TradeItem;
use super::statement::TransactionStatement;
use super::{GS1_US, Guideline};
use crate::event::{Event, Extension};
use crate::vocabulary::PartyType;

/// The transaction information of a shipment, with the seller's statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransactionInformation {
    /// Day on which ownership passed: `transactionDate` of the shipping event, else the day on which
    /// it was shipped.
    pub transaction_date: Date,
    /// Day on which it was shipped, where the transaction was told apart from it.
    pub shipment_date: Option<Date>,
    /// When it was shipped.
    pub shipped_at: Timestamp,
    /// From whom ownership passes.
    pub from: TradeParty,
    /// To whom.
    pub to: TradeParty,
    /// The place that the goods left, if it is another.
    pub from_place: Option<TradeParty>,
    /// The place that they go to, if it is another.
    pub to_place: Option<TradeParty>,
    /// Purchase orders, despatch advices, other business documents.
    pub references: Vec<Reference>,
    /// The packs, by product and lot.
    pub lines: Vec<Line>,
    /// Number of packs.
    pub packs: usize,
    /// The seller's statement.
    pub statement: Option<TransactionStatement>,
}

/// A business document behind a shipment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// Its kind, a word of the CBV such as `po` or `desadv`; absent if it is not told.
    pub kind: Option<String>,
    /// The document.
    pub id: String,
}

/// The packs of one lot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The product.
    pub gtin: Gtin,
    /// National Drug Code.
    pub ndc: Option<String>,
    /// Name of the product.
    pub name: Option<String>,
    /// Strength.
    pub strength: Option<String>,
    /// Dosage form.
    pub dosage_form: Option<String>,
    /// Container size.
    pub container_size: Option<String>,
    /// Manufacturer.
    pub manufacturer: Option<String>,
    /// The lot.
    pub lot: Option<Lot>,
    /// Expiry date.
    pub expiry: Option<Date>,
    /// Number of containers.
    pub containers: usize,
    /// The serial number of each.
    pub serials: Vec<Serial>,
}

impl Reference {
    /// The number alone, without the form in which the CBV puts it
    /// (`urn:epcglobal:cbv:bt:{GLN}:{number}`).
    #[must_use]
    pub fn number(&self) -> &str {
        let rest = self.id.strip_prefix("urn:epcglobal:cbv:bt:");
        rest.and_then(|rest| rest.split_once(':')).map_or(&self.id, |(_, number)| number)
    }
}

impl TransactionInformation {
    /// The information of a shipment between two parties. What is not known of products and parties
    /// is absent.
    #[must_use]
    pub fn of(
        shipping: &Event,
        consignment: &Consignment,
        (from, to): (Gln, Gln),
        items: &[TradeItem],
        parties: &[TradeParty],
        statement: Option<TransactionStatement>,
    ) -> Self {
        let common = shipping.common();
        let party = |gln: Gln| {
            let known = parties.iter().find(|party| party.gln == gln).cloned();
            known.unwrap_or_else(|| TradeParty::unknown(gln))
        };
        let sources = common.sources.iter().map(|one| (&one.kind, &one.id.id));
        let destinations = common.destinations.iter().map(|one| (&one.kind, &one.id.id));
        let place = |gln: Option<Gln>, own: Gln| gln.filter(|gln| *gln != own).map(party);
        let shipped = day(common.event_time, common.time_zone_offset.minutes());
        let transacted = common.extensions.iter().find_map(transaction_date);
        Self {
            transaction_date: transacted.unwrap_or(shipped),
            shipment_date: transacted.filter(|day| *day != shipped).map(|_| shipped),
            shipped_at: common.event_time,
            from_place: place(location(sources), from),
            to_place: place(location(destinations), to),
            from: party(from),
            to: party(to),
            references: Self::references_of(shipping),
            lines: lines(consignment, items),
            packs: consignment.packs(),
            statement,
        }
    }

    /// The business documents that a shipping event names.
    #[must_use]
    pub fn references_of(shipping: &Event) -> Vec<Reference> {
        let documents = shipping.common().biz_transactions.iter();
        let reference = documents.map(|document| Reference {
            kind: document.kind.as_ref().map(|kind| kind.word().to_owned()),
            id: document.id.clone(),
        });
        reference.collect()
    }

    /// The party that owned the goods and the one that owns them now, as a shipping event says.
    #[must_use]
    pub fn parties_of(shipping: &Event) -> (Option<Gln>, Option<Gln>) {
        let common = shipping.common();
        let sources = common.sources.iter().map(|one| (&one.kind, &one.id.id));
        let destinations = common.destinations.iter().map(|one| (&one.kind, &one.id.id));
        (owner(sources), owner(destinations))
    }
}

type Named<'e> = (&'e PartyType, &'e theriac_gs1::Identifier);

/// The owner, else the possessor, else the place.
fn owner<'e>(named: impl Iterator<Item = Named<'e>>) -> Option<Gln> {
    let rank = |kind: &PartyType| match kind {
        PartyType::OwningParty => 0,
        PartyType::PossessingParty => 1,
        _ => 2,
    };
    let ranked = named.filter_map(|(kind, id)| Some((rank(kind), gln_in(id)?)));
    ranked.min().map(|(_, gln)| gln)
}

fn location<'e>(mut named: impl Iterator<Item = Named<'e>>) -> Option<Gln> {
    named.find(|(kind, _)| **kind == PartyType::Location).and_then(|(_, id)| gln_in(id))
}

/// The day of a time in the offset in force where it was.
fn day(at: Timestamp, minutes: i16) -> Date {
    let offset = jiff::tz::Offset::from_seconds(i32::from(minutes) * 60);
    offset.unwrap_or(jiff::tz::Offset::UTC).to_datetime(at).date()
}

fn transaction_date(field: &Extension) -> Option<Date> {
    let is_it = field.namespace == GS1_US && field.name == "transactionDate";
    field.as_text().filter(|_| is_it)?.trim().get(..10)?.parse().ok()
}

fn lines(consignment: &Consignment, items: &[TradeItem]) -> Vec<Line> {
    let items: BTreeMap<Gtin, &TradeItem> = items.iter().map(|item| (item.gtin, item)).collect();
    let line = consignment.lots.iter().map(|lot| {
        let unknown = TradeItem::unknown(lot.gtin);
        let item = items.get(&lot.gtin).copied().unwrap_or(&unknown).clone();
        Line {
            gtin: lot.gtin,
            ndc: item.ndc.map(|ndc| Guideline::R13.ndc_text(&ndc, Some(lot.gtin))),
            name: item.name,
            strength: item.strength,
            dosage_form: item.dosage_form,
            container_size: item.container_size,
            manufacturer: item.manufacturer,
            lot: lot.lot.clone(),
            expiry: lot.expiry,
            containers: lot.serials.len(),
            serials: lot.serials.clone(),
        }
    });
    line.collect()
}
