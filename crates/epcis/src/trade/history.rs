//! How a consignment began and was packed: the events on record, cut down to its items, and events
//! made for what no event on record tells.
//!
//! # Invariants
//!
//! - Each pack and logistic unit of the consignment is commissioned once, and packed once in what it
//!   travels in; nothing else is named.
//! - An event that is cut down has no `eventID`, one that is told whole keeps its own.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use jiff::Timestamp;
use theriac_gs1::{Epc, Gtin, Identifier, Lot};

use super::ILMD;
use super::consignment::{ConsignedLot, Consignment};
use crate::event::{
    AggregationEvent, Common, Event, Extension, Location, ObjectEvent, TransformationEvent,
};
use crate::vocabulary::{Action, BizStep, Disposition};

/// When lots of packs began, for packs of which no commissioning event is on record.
pub type Beginnings = HashMap<(Gtin, Option<Lot>), Timestamp>;

/// The events that tell of a consignment before it was shipped, in an order in which they can be
/// captured: commissioning, then packing from the inside out.
///
/// `recorded` are events that name its items, oldest first; those declared erroneous must be left
/// out. Packs without a commissioning event are told to have begun when `beginnings` says, else when
/// they were shipped.
#[must_use]
pub fn history(
    consignment: &Consignment,
    recorded: &[Event],
    beginnings: &Beginnings,
    shipping: &Event,
) -> Vec<Event> {
    let teller = Teller { recorded, beginnings, shipping };
    let packed = teller.packing(consignment);
    let mut events = teller.commissioning(consignment, &packed);
    events.sort_by_key(|event| event.common().event_time);
    events.extend(packed);
    events
}

struct Teller<'a> {
    recorded: &'a [Event],
    beginnings: &'a Beginnings,
    shipping: &'a Event,
}

impl Teller<'_> {
    fn commissioning(&self, consignment: &Consignment, packed: &[Event]) -> Vec<Event> {
        let parents = consignment.packing.iter().map(|packing| packing.parent.clone());
        let mut left: HashSet<Identifier> = consignment.units().chain(parents).collect();
        let mut events: Vec<Event> =
            self.recorded.iter().filter_map(|event| begun(event, &mut left)).collect();
        for lot in &consignment.lots {
            let units: Vec<Epc> = lot.units().filter(|id| left.remove(id)).map(Epc::from).collect();
            events.extend((!units.is_empty()).then(|| self.made_lot(lot, units)));
        }
        events.extend(self.made_parents(&left, packed));
        events
    }

    fn packing(&self, consignment: &Consignment) -> Vec<Event> {
        let mut events = Vec::new();
        for packing in consignment.inside_out() {
            let mut left: BTreeSet<&Identifier> = packing.children.iter().collect();
            let mut told: Vec<Event> = Vec::new();
            // The latest packing counts: a box may have been packed anew.
            for event in self.recorded.iter().rev() {
                told.extend(packed(event, &packing.parent, &mut left));
            }
            told.reverse();
            let rest: Vec<Epc> = left.into_iter().cloned().map(Epc::from).collect();
            told.extend((!rest.is_empty()).then(|| self.made_packing(&packing.parent, rest)));
            events.extend(told);
        }
        events
    }

    /// When, where: at the place that the goods left from.
    fn common(&self, at: Timestamp, step: BizStep, disposition: Disposition) -> Common {
        let shipping = self.shipping.common();
        let place = shipping.read_point.as_ref().or(shipping.biz_location.as_ref());
        let place = place.map(|place| Location::from(place.id.clone()));
        Common {
            biz_step: Some(step),
            disposition: Some(disposition),
            read_point: place.clone(),
            biz_location: place,
            ..Common::at(at, shipping.time_zone_offset)
        }
    }

    fn made_lot(&self, lot: &ConsignedLot, units: Vec<Epc>) -> Event {
        let shipped = self.shipping.common().event_time;
        let key = (lot.gtin, lot.lot.clone());
        let at = self.beginnings.get(&key).copied().unwrap_or(shipped).min(shipped);
        let number = lot.lot.as_ref().map(|lot| lot.as_str().to_owned());
        let fields =
            [("lotNumber", number), ("itemExpirationDate", lot.expiry.map(|d| d.to_string()))];
        let ilmd =
            fields.into_iter().filter_map(|(name, text)| Some(Extension::text(ILMD, name, text?)));
        Event::Object(ObjectEvent {
            // Where the packs were made is not known here.
            common: Common {
                read_point: None,
                biz_location: None,
                ..self.common(at, BizStep::Commissioning, Disposition::Active)
            },
            action: Action::Add,
            epc_list: units,
            quantity_list: Vec::new(),
            ilmd: ilmd.collect(),
        })
    }

    /// Logistic units begin when they are packed first.
    fn made_parents(&self, left: &HashSet<Identifier>, packed: &[Event]) -> Vec<Event> {
        let mut by_time: BTreeMap<Timestamp, BTreeSet<Identifier>> = BTreeMap::new();
        let mut seen: HashSet<&Identifier> = HashSet::new();
        let mut packed: Vec<&Event> = packed.iter().collect();
        packed.sort_by_key(|event| event.common().event_time);
        for event in packed {
            let Some(parent) = event.parent_id().map(|epc| &epc.id) else { continue };
            if left.contains(parent) && seen.insert(parent) {
                by_time.entry(event.common().event_time).or_default().insert(parent.clone());
            }
        }
        let made = by_time.into_iter().map(|(at, parents)| {
            Event::Object(ObjectEvent {
                common: self.common(at, BizStep::Commissioning, Disposition::Active),
                action: Action::Add,
                epc_list: parents.into_iter().map(Epc::from).collect(),
                quantity_list: Vec::new(),
                ilmd: Vec::new(),
            })
        });
        made.collect()
    }

    fn made_packing(&self, parent: &Identifier, children: Vec<Epc>) -> Event {
        let at = self.shipping.common().event_time;
        Event::Aggregation(AggregationEvent {
            common: self.common(at, BizStep::Packing, Disposition::InProgress),
            action: Action::Add,
            parent_id: Some(Epc::from(parent.clone())),
            child_epcs: children,
            child_quantity_list: Vec::new(),
        })
    }
}

/// The part of an event with which items of `left` began; they are taken out of it.
fn begun(event: &Event, left: &mut HashSet<Identifier>) -> Option<Event> {
    match event {
        Event::Object(object) if object.action == Action::Add => {
            let epcs: Vec<Epc> =
                object.epc_list.iter().filter(|epc| left.remove(&epc.id)).cloned().collect();
            let whole = epcs.len() == object.epc_list.len() && object.quantity_list.is_empty();
            let common = told(&object.common, whole);
            let cut =
                ObjectEvent { common, epc_list: epcs, quantity_list: Vec::new(), ..object.clone() };
            (!cut.epc_list.is_empty()).then_some(Event::Object(cut))
        }
        Event::Transformation(made) => made_from(made, left),
        _ => None,
    }
}

/// Repackaged packs, told as commissioned: their inputs are not the buyer's business.
fn made_from(made: &TransformationEvent, left: &mut HashSet<Identifier>) -> Option<Event> {
    let epcs: Vec<Epc> =
        made.output_epcs.iter().filter(|epc| left.remove(&epc.id)).cloned().collect();
    let common = Common {
        biz_step: Some(BizStep::Commissioning),
        disposition: Some(Disposition::Active),
        ..told(&made.common, false)
    };
    let ilmd = made.ilmd.clone();
    let (action, quantity_list) = (Action::Add, Vec::new());
    let event = ObjectEvent { common, action, epc_list: epcs, quantity_list, ilmd };
    (!event.epc_list.is_empty()).then_some(Event::Object(event))
}

/// The part of an event with which items of `left` were packed in `parent`; they are taken out of
/// it.
fn packed(event: &Event, parent: &Identifier, left: &mut BTreeSet<&Identifier>) -> Option<Event> {
    let Event::Aggregation(packing) = event else { return None };
    let is_it = packing.parent_id.as_ref().is_some_and(|epc| epc.id == *parent);
    if packing.action != Action::Add || !is_it {
        return None;
    }
    let children: Vec<Epc> =
        packing.child_epcs.iter().filter(|epc| left.remove(&epc.id)).cloned().collect();
    let whole =
        children.len() == packing.child_epcs.len() && packing.child_quantity_list.is_empty();
    (!children.is_empty()).then(|| {
        Event::Aggregation(AggregationEvent {
            common: told(&packing.common, whole),
            child_epcs: children,
            child_quantity_list: Vec::new(),
            ..packing.clone()
        })
    })
}

/// What an event says of when, where and why, as it is told to others.
fn told(common: &Common, whole: bool) -> Common {
    let event_id = common.event_id.clone().filter(|_| whole);
    Common { event_id, record_time: None, ..common.clone() }
}
