//! Reads a trade document: its header, and each shipment in it with packs, lots and packing.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::BufRead;
use std::ops::ControlFlow;

use jiff::Timestamp;
use jiff::civil::Date;
use theriac_gs1::{Gln, Gtin, Identifier, Lot, Sgtin};

use super::consignment::Consignment;
use super::finding::{Finding, FindingKind};
use super::guideline::Guideline;
use super::party::{TradeParty, gln_of};
use super::product::TradeItem;
use super::statement::{TransactionStatement, version_of};
use crate::event::{AggregationEvent, Event, ObjectEvent};
use crate::read::{DocumentError, DocumentInfo, Item, MasterDataElement, read_items};
use crate::vocabulary::{Action, BizStep};

/// A document that was read. All of it is in memory: bound what is given to it.
#[derive(Debug, Clone)]
pub struct TradeReader {
    /// What the document says about itself.
    pub info: DocumentInfo,
    /// Who sends it, if the header names a GLN.
    pub sender: Option<Gln>,
    /// Who is to receive it, if the header names a GLN.
    pub receiver: Option<Gln>,
    /// The seller's statement.
    pub statement: Option<TransactionStatement>,
    /// The release of the guideline that it names.
    pub guideline: Guideline,
    /// All master data.
    pub master_data: Vec<MasterDataElement>,
    /// The products that it describes.
    pub items: Vec<TradeItem>,
    /// The parties and places that it describes.
    pub parties: Vec<TradeParty>,
    /// The shipments, in the order of the document.
    pub shipments: Vec<ReadShipment>,
    /// What is wrong with it in itself.
    pub findings: Vec<Finding>,
}

/// A shipment in a document.
#[derive(Debug, Clone)]
pub struct ReadShipment {
    /// The shipping event.
    pub event: Event,
    /// What is in it, as far as the document tells.
    pub consignment: Consignment,
}

/// What the events before a shipment have told.
#[derive(Default)]
struct Told {
    begun: HashMap<Identifier, (Option<Lot>, Option<Date>)>,
    parents: HashMap<Identifier, Identifier>,
    inside: HashMap<Identifier, Vec<Identifier>>,
    shipments: Vec<Event>,
    findings: Vec<Finding>,
    latest: Option<Timestamp>,
}

impl TradeReader {
    /// Reads a document; `now` tells what lies in the future.
    ///
    /// # Errors
    ///
    /// [`DocumentError`] when it cannot be read to its end.
    pub fn read(input: impl BufRead, now: Timestamp) -> Result<Self, DocumentError> {
        let mut told = Told::default();
        let mut master_data = Vec::new();
        let info = read_items(input, &mut |item| {
            match item {
                Item::MasterData(element) => master_data.push(element),
                Item::Event(event) => match event.outcome {
                    Ok(parsed) => told.take(parsed.event),
                    Err(error) => {
                        let text = format!("{} at {}", error, event.place);
                        told.findings.push(Finding::new(FindingKind::Unreadable, text));
                    }
                },
            }
            ControlFlow::Continue(())
        })?;
        told.look_ahead(now);
        let shipments = told.shipped();
        let fields: Vec<_> =
            info.header_extensions.iter().chain(&info.extensions).cloned().collect();
        Ok(Self {
            sender: info.sender.as_deref().and_then(gln_of),
            receiver: info.receiver.as_deref().and_then(gln_of),
            statement: TransactionStatement::of_fields(&fields),
            guideline: Guideline::of_version(version_of(&fields)),
            items: master_data.iter().filter_map(TradeItem::of_element).collect(),
            parties: master_data.iter().filter_map(TradeParty::of_element).collect(),
            master_data,
            shipments,
            findings: told.findings,
            info,
        })
    }

    /// The products that the shipments name.
    #[must_use]
    pub fn gtins(&self) -> std::collections::BTreeSet<Gtin> {
        let lots = self.shipments.iter().flat_map(|shipment| &shipment.consignment.lots);
        lots.map(|lot| lot.gtin).collect()
    }
}

impl Told {
    fn take(&mut self, event: Event) {
        self.latest = self.latest.max(Some(event.common().event_time));
        match &event {
            Event::Object(object) if object.action == Action::Add => self.begin(&event, object),
            Event::Aggregation(packing) => self.pack(packing),
            Event::Object(_) if event.biz_step() == Some(&BizStep::Shipping) => {
                self.shipments.push(event);
            }
            Event::Transformation(made) => {
                let label = (event.lot(), event.expiry());
                let outputs = made.output_epcs.iter().map(|epc| epc.id.clone());
                self.begun.extend(outputs.map(|id| (id, label.clone())));
            }
            _ => {}
        }
    }

    fn begin(&mut self, event: &Event, object: &ObjectEvent) {
        let label = (event.lot(), event.expiry());
        let mut twice = Vec::new();
        for epc in &object.epc_list {
            let before = self.begun.insert(epc.id.clone(), label.clone());
            twice.extend(before.map(|_| epc.id.clone()));
        }
        if !twice.is_empty() {
            let text = format!("expected each item commissioned once, found {} twice", twice.len());
            self.findings.push(Finding::new(FindingKind::DuplicateSerial, text).on(twice));
        }
    }

    fn pack(&mut self, packing: &AggregationEvent) {
        let Some(parent) = packing.parent_id.as_ref().map(|epc| &epc.id) else { return };
        if packing.action == Action::Delete {
            let all = packing.child_epcs.is_empty();
            let named: HashSet<&Identifier> =
                packing.child_epcs.iter().map(|epc| &epc.id).collect();
            self.parents.retain(|child, own| own != parent || !(all || named.contains(child)));
            return;
        }
        let mut torn = Vec::new();
        for child in packing.child_epcs.iter().map(|epc| &epc.id) {
            let before = self.parents.insert(child.clone(), parent.clone());
            torn.extend(before.filter(|before| before != parent).map(|_| child.clone()));
        }
        if !torn.is_empty() {
            let text =
                format!("expected each item in one logistic unit, found {} in two", torn.len());
            self.findings.push(Finding::new(FindingKind::TwoParents, text).on(torn));
        }
    }

    fn look_ahead(&mut self, now: Timestamp) {
        // Clocks of two companies differ a little.
        let bound = now.checked_add(jiff::SignedDuration::from_mins(15)).unwrap_or(now);
        if let Some(latest) = self.latest.filter(|latest| *latest > bound) {
            let text = format!("expected events up to {now}, found one of {latest}");
            self.findings.push(Finding::new(FindingKind::FutureDate, text));
        }
    }

    fn shipped(&mut self) -> Vec<ReadShipment> {
        for (child, parent) in &self.parents {
            self.inside.entry(parent.clone()).or_default().push(child.clone());
        }
        let events = std::mem::take(&mut self.shipments);
        events.into_iter().map(|event| self.shipment(event)).collect()
    }

    fn shipment(&mut self, event: Event) -> ReadShipment {
        let mut units: BTreeMap<Sgtin, (Option<Lot>, Option<Date>)> = BTreeMap::new();
        let (mut lacking, mut empty) = (Vec::new(), Vec::new());
        let mut seen: HashSet<Identifier> = HashSet::new();
        let mut left: Vec<Identifier> = event.epcs().map(|epc| epc.id.clone()).collect();
        while let Some(item) = left.pop() {
            if !seen.insert(item.clone()) {
                continue;
            }
            match (self.inside.get(&item), &item) {
                (Some(inside), _) => left.extend(inside.iter().cloned()),
                (None, Identifier::Sgtin(unit)) => {
                    let label = self.begun.get(&item).cloned();
                    lacking.extend(label.is_none().then(|| item.clone()));
                    units.insert(unit.clone(), label.unwrap_or_default());
                }
                (None, _) => empty.push(item),
            }
        }
        if !lacking.is_empty() {
            let text =
                format!("expected the commissioning of each pack, found none of {}", lacking.len());
            self.findings.push(Finding::new(FindingKind::CommissioningMissing, text).on(lacking));
        }
        if !empty.is_empty() {
            let text =
                format!("expected packs in each logistic unit, found none in {}", empty.len());
            self.findings.push(Finding::new(FindingKind::EmptyParent, text).on(empty));
        }
        let packs = units.into_iter().map(|(unit, (lot, expiry))| (unit, lot, expiry));
        let packed = self.parents.iter().map(|(child, parent)| (child.clone(), parent.clone()));
        ReadShipment { consignment: Consignment::of(packs, packed.collect::<Vec<_>>()), event }
    }
}
