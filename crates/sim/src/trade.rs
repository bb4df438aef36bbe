//! Goods and documents for stories that are told as they happen: the teller says what and when, and
//! gets EPCIS 2.0 documents to capture and codes to scan.

use jiff::Timestamp;
use jiff::civil::Date;
use theriac_epcis::{
    Action, BizStep, BizTransaction, BizTransactionType, Destination, Disposition, DocumentHeader,
    Event, PartyType, Source, TransformationEvent, write_document,
};
use theriac_gs1::{Epc, Gln, GlnExtension, Gtin, Identifier, Lgtin, Lot, Sgln, Sgtin, Sscc};

use crate::company::{Company, Place, epc};
use crate::goods::{Pack, pack_epcs};
use crate::label::Label;
use crate::occurrence::{self, at, object};
use crate::serials::Serials;

/// One pack, with what its label says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelledPack {
    /// GTIN and serial number.
    pub id: Sgtin,
    /// Lot number.
    pub lot: Lot,
    /// Last day on which it may be used.
    pub expiry: Date,
}

impl LabelledPack {
    /// What a scanner sends for its GS1 DataMatrix: `]d2`, then the element string.
    #[must_use]
    pub fn scan(&self) -> String {
        let Self { id, lot, expiry } = self.clone();
        Label { id, lot, expiry }.raw_scan()
    }

    /// The pack as an identifier.
    #[must_use]
    pub fn identifier(&self) -> Identifier {
        Identifier::Sgtin(self.id.clone())
    }
}

/// A case of packs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TradeCase {
    /// Its number.
    pub id: Sscc,
    /// What is in it.
    pub packs: Vec<LabelledPack>,
}

/// A lot on one pallet, in cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackedLot {
    /// GTIN and lot number.
    pub lot: Lgtin,
    /// The pallet.
    pub pallet: Sscc,
    /// The cases on it.
    pub cases: Vec<TradeCase>,
}

impl PackedLot {
    /// All packs, case by case.
    pub fn packs(&self) -> impl Iterator<Item = &LabelledPack> {
        self.cases.iter().flat_map(|case| &case.packs)
    }
}

/// What a lot is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LotOrder<'a> {
    /// GTIN of the packs.
    pub gtin: Gtin,
    /// Lot number, up to 20 characters.
    pub lot: &'a str,
    /// Last day on which a pack may be used.
    pub expiry: Date,
    /// Number of cases.
    pub cases: usize,
    /// Packs in each.
    pub packs_each: usize,
}

/// Whom goods go to, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consignee {
    /// Who owns the goods from then on.
    pub owner: Gln,
    /// Who holds them, if it is somebody else.
    pub possessor: Option<Gln>,
    /// Who owns them before, if it is not the sender.
    pub owned_by: Option<Gln>,
    /// `in_transit` for a sale, `returned` for goods that come back.
    pub disposition: Disposition,
}

impl Consignee {
    /// A sale to a company that owns and holds the goods.
    #[must_use]
    pub fn sale(to: Gln) -> Self {
        Self { owner: to, possessor: None, owned_by: None, disposition: Disposition::InTransit }
    }

    /// Goods that go back to a company.
    #[must_use]
    pub fn goods_back(to: Gln) -> Self {
        Self { disposition: Disposition::Returned, ..Self::sale(to) }
    }
}

/// A company's desk: numbers its packs, boxes and consignments, and writes its documents.
#[derive(Debug)]
pub struct Desk {
    company: Company,
    serials: Serials,
    packs: u64,
    containers: u64,
    consignments: u32,
}

impl Desk {
    /// The desk of a company; equal seeds give equal serial numbers.
    #[must_use]
    pub fn new(company: Company, seed: u64) -> Self {
        Self { company, serials: Serials::new(seed), packs: 0, containers: 0, consignments: 0 }
    }

    /// The company.
    #[must_use]
    pub fn company(&self) -> &Company {
        &self.company
    }

    /// A pack with a serial number that no other pack of this desk has; nobody makes it.
    pub fn invent(&mut self, gtin: Gtin, lot: &Lot, expiry: Date) -> LabelledPack {
        self.packs += 1;
        let id = Sgtin { gtin, serial: self.serials.nth(self.packs) };
        LabelledPack { id, lot: lot.clone(), expiry }
    }

    /// An unused SSCC of the company.
    ///
    /// # Panics
    ///
    /// After a thousand million of them.
    pub fn container(&mut self) -> Sscc {
        self.containers += 1;
        let body = self.company.prefix() * 1_000_000_000 + 500_000_000 + self.containers;
        Sscc::from_body(body).expect("an SSCC, because its body has 7 + 9 digits")
    }

    /// Makes a lot, packs it into cases and these onto a pallet; with the document that says so.
    ///
    /// # Panics
    ///
    /// If the lot number is none.
    pub fn make(&mut self, order: &LotOrder<'_>, now: Timestamp) -> (PackedLot, Vec<u8>) {
        let lot: Lot = order.lot.parse().expect("a lot number, because the teller chose one");
        let mut cases = Vec::new();
        for _ in 0..order.cases {
            let packs = (0..order.packs_each).map(|_| self.invent(order.gtin, &lot, order.expiry));
            let packs = packs.collect();
            cases.push(TradeCase { id: self.container(), packs });
        }
        let pallet = self.container();
        let lot = PackedLot { lot: Lgtin { gtin: order.gtin, lot }, pallet, cases };
        let document = document(self.events_of(&lot, order.expiry), now);
        (lot, document)
    }

    fn events_of(&self, made: &PackedLot, expiry: Date) -> Vec<Event> {
        let company = &self.company;
        let packs: Vec<Epc> = made.packs().map(|pack| epc(pack.id.clone())).collect();
        let mut events = vec![occurrence::commission_units(company, &made.lot.lot, expiry, packs)];
        let mut labels: Vec<Epc> = made.cases.iter().map(|case| epc(case.id)).collect();
        labels.push(epc(made.pallet));
        events.push(occurrence::commission_containers(company, Place::Line, labels));
        for case in &made.cases {
            let packs: Vec<Pack> =
                case.packs.iter().map(|pack| Pack { lot: 0, id: pack.id.clone() }).collect();
            events.push(occurrence::pack(company, Place::Line, epc(case.id), pack_epcs(&packs)));
        }
        let cases = made.cases.iter().map(|case| epc(case.id)).collect();
        events.push(occurrence::pack(company, Place::Line, epc(made.pallet), cases));
        events
    }

    /// Ships packs or boxes: an order and a despatch advice, the parties, the goods.
    pub fn ship(&mut self, to: &Consignee, goods: &[Identifier], now: Timestamp) -> Vec<u8> {
        self.consignments += 1;
        let own = self.company.gln;
        let mut common = at(&self.company, Place::Dock, BizStep::Shipping);
        common.biz_location = None;
        common.disposition = Some(to.disposition.clone());
        let paper = |kind, of: Gln, name: &str| BizTransaction {
            kind: Some(kind),
            id: format!("urn:epcglobal:cbv:bt:{of}:{name}{:05}", self.consignments),
        };
        common.biz_transactions = vec![
            paper(BizTransactionType::Po, to.owner, "PO"),
            paper(BizTransactionType::Desadv, own, "DA"),
        ];
        let holder = to.possessor.unwrap_or(to.owner);
        common.sources = parties(to.owned_by.unwrap_or(own), own)
            .map(|(kind, id)| Source { kind, id })
            .collect();
        common.destinations =
            parties(to.owner, holder).map(|(kind, id)| Destination { kind, id }).collect();
        document(vec![object(common, Action::Observe, epcs(goods), Vec::new())], now)
    }

    /// An event about goods in the company's own hands: received, dispensed, set apart, released.
    #[must_use]
    pub fn observe(
        &self,
        step: BizStep,
        disposition: Disposition,
        goods: &[Identifier],
        now: Timestamp,
    ) -> Vec<u8> {
        let place = match step {
            BizStep::Dispensing => Place::Counter,
            BizStep::Receiving => Place::Dock,
            _ => Place::Store,
        };
        let mut common = at(&self.company, place, step);
        common.disposition = Some(disposition);
        document(vec![object(common, Action::Observe, epcs(goods), Vec::new())], now)
    }

    /// Moves goods between two sites of the company: it ships them to itself.
    ///
    /// # Panics
    ///
    /// If the site's extension is none.
    pub fn transfer(&mut self, to_site: &str, goods: &[Identifier], now: Timestamp) -> Vec<u8> {
        let own = self.company.gln;
        let extension: GlnExtension =
            to_site.parse().expect("an extension, because the teller chose one");
        let mut common = at(&self.company, Place::Dock, BizStep::Shipping);
        common.disposition = Some(Disposition::InTransit);
        common.destinations = vec![
            Destination { kind: PartyType::OwningParty, id: epc(Identifier::Pgln(own)) },
            Destination {
                kind: PartyType::Location,
                id: epc(Sgln { gln: own, extension: Some(extension) }),
            },
        ];
        document(vec![object(common, Action::Observe, epcs(goods), Vec::new())], now)
    }

    /// Repackages packs: the old ones are used up, as many new ones of `order` begin their life.
    pub fn repackage(
        &mut self,
        old: &[LabelledPack],
        order: &LotOrder<'_>,
        now: Timestamp,
    ) -> (Vec<LabelledPack>, Vec<u8>) {
        let lot: Lot = order.lot.parse().expect("a lot number, because the teller chose one");
        let made: Vec<LabelledPack> = (0..order.cases * order.packs_each)
            .map(|_| self.invent(order.gtin, &lot, order.expiry))
            .collect();
        let mut common = at(&self.company, Place::Line, BizStep::Repackaging);
        common.disposition = Some(Disposition::Active);
        let event = Event::Transformation(TransformationEvent {
            common,
            input_epcs: old.iter().map(|pack| epc(pack.id.clone())).collect(),
            input_quantities: Vec::new(),
            output_epcs: made.iter().map(|pack| epc(pack.id.clone())).collect(),
            output_quantities: Vec::new(),
            transformation_id: None,
            ilmd: occurrence::lot_and_expiry(&lot, order.expiry),
        });
        let document = document(vec![event], now);
        (made, document)
    }
}

/// The owning party, the possessing party where it is another, and the site of who holds the goods.
fn parties(owner: Gln, holder: Gln) -> impl Iterator<Item = (PartyType, Epc)> {
    let possessor =
        (owner != holder).then(|| (PartyType::PossessingParty, epc(Identifier::Pgln(holder))));
    let site = (PartyType::Location, epc(Sgln { gln: holder, extension: None }));
    [Some((PartyType::OwningParty, epc(Identifier::Pgln(owner)))), possessor, Some(site)]
        .into_iter()
        .flatten()
}

fn epcs(goods: &[Identifier]) -> Vec<Epc> {
    goods.iter().cloned().map(epc).collect()
}

fn document(mut events: Vec<Event>, now: Timestamp) -> Vec<u8> {
    for event in &mut events {
        event.common_mut().event_time = now;
    }
    let mut document = Vec::new();
    write_document(events.iter(), &DocumentHeader::new(now), &mut document)
        .expect("a document, because a vector takes every byte");
    document
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use jiff::civil::date;

    use super::*;
    use crate::trading_companies;

    const NOW: &str = "2026-11-23T08:00:00Z";

    #[test]
    fn a_lot_is_made_and_packed_once_and_every_document_can_be_read() {
        let [_, maker, _, wholesaler, ..] = trading_companies();
        let gtin = maker.gtin(1);
        let mut desk = Desk::new(maker, 1);
        let now: Timestamp = NOW.parse().unwrap();
        let expiry = date(2028, 12, 31);
        let order = LotOrder { gtin, lot: "A1", expiry, cases: 2, packs_each: 3 };
        let (lot, made) = desk.make(&order, now);
        assert_eq!(lot.packs().count(), 6);
        let sale = Consignee::sale(wholesaler.gln);
        let shipped = desk.ship(&sale, &[Identifier::Sscc(lot.pallet)], now);
        let old: Vec<LabelledPack> = lot.packs().take(2).cloned().collect();
        let again = LotOrder { lot: "A2", cases: 1, packs_each: 2, ..order };
        let (packs, repackaged) = desk.repackage(&old, &again, now);
        assert_eq!(packs.len(), 2);
        assert!(packs.iter().all(|pack| lot.packs().all(|other| other.id != pack.id)));
        for (document, events) in [(made, 5), (shipped, 1), (repackaged, 1)] {
            let info = theriac_epcis::read(document.as_slice(), &mut |item| {
                let parsed = item.outcome.expect("an event");
                assert_eq!(theriac_epcis::check(&parsed.event), []);
                ControlFlow::Continue(())
            });
            assert_eq!(info.expect("a document").events, events);
        }
    }
}
