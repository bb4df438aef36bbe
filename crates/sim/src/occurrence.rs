//! What happens inside one company, as EPCIS events without their time; the script sets it.
//!
//! Steps and dispositions follow the pharmaceutical use of the CBV: commissioning, packing,
//! unpacking, picking, dispensing, holding, stock taking.

use jiff::Timestamp;
use jiff::civil::Date;
use theriac_epcis::{
    Action, AggregationEvent, BizStep, Common, Disposition, Event, Extension, ExtensionValue,
    ObjectEvent, Offset, PersistentDisposition, QuantityElement,
};
use theriac_gs1::Epc;

use crate::company::{Company, Place, epc};
use crate::script::OFFSET_HOURS;
use crate::setting::Lot;

/// Namespace of the fields that CBV 2.0 has for lots and units.
const MASTER_DATA: &str = "urn:epcglobal:cbv:mda:";

/// Namespace of the program's own fields.
const THERIAC: &str = "https://theriac.example/epcis/";

/// Why and where: what every event of a company starts with.
pub(crate) fn at(company: &Company, place: Place, step: BizStep) -> Common {
    let offset = Offset::from_minutes(i16::from(OFFSET_HOURS) * 60)
        .expect("an offset, because it is within 14 hours");
    let mut common = Common::at(Timestamp::UNIX_EPOCH, offset);
    common.biz_step = Some(step);
    common.read_point = Some(company.place(place).into());
    common.biz_location = Some(company.site().into());
    common
}

/// Packs of a lot begin their life.
pub(crate) fn commission_packs(company: &Company, lot: &Lot, packs: Vec<Epc>) -> Event {
    commission_units(company, &lot.id.lot, lot.expiry, packs)
}

/// Units with a lot number and a last day begin their life.
pub(crate) fn commission_units(
    company: &Company,
    lot: &theriac_gs1::Lot,
    expiry: Date,
    units: Vec<Epc>,
) -> Event {
    let mut common = at(company, Place::Line, BizStep::Commissioning);
    common.disposition = Some(Disposition::Active);
    object(common, Action::Add, units, lot_and_expiry(lot, expiry))
}

/// Lot number and expiry date as master data of instances or lots.
pub(crate) fn lot_and_expiry(lot: &theriac_gs1::Lot, expiry: Date) -> Vec<Extension> {
    vec![
        Extension::text(MASTER_DATA, "lotNumber", lot.as_str()),
        Extension::text(MASTER_DATA, "itemExpirationDate", expiry.to_string()),
    ]
}

/// Labels of logistic units are printed.
pub(crate) fn commission_containers(
    company: &Company,
    place: Place,
    containers: Vec<Epc>,
) -> Event {
    let mut common = at(company, place, BizStep::Commissioning);
    common.disposition = Some(Disposition::Active);
    object(common, Action::Add, containers, Vec::new())
}

/// Things go into a container.
pub(crate) fn pack(company: &Company, place: Place, parent: Epc, children: Vec<Epc>) -> Event {
    let common = at(company, place, BizStep::Packing);
    aggregation(common, Action::Add, parent, children)
}

/// Things come out of a container; no children named means all of them.
pub(crate) fn unpack(company: &Company, parent: Epc, children: Vec<Epc>) -> Event {
    let common = at(company, Place::Store, BizStep::Unpacking);
    aggregation(common, Action::Delete, parent, children)
}

/// Packs are picked from stock for an order.
pub(crate) fn pick(company: &Company, packs: Vec<Epc>) -> Event {
    observe(company, Place::Store, BizStep::Picking, Disposition::InProgress, packs)
}

/// Packs are handed to patients.
pub(crate) fn dispense(company: &Company, packs: Vec<Epc>) -> Event {
    observe(company, Place::Counter, BizStep::Dispensing, Disposition::Dispensed, packs)
}

/// Things are set apart because something seems wrong with them.
pub(crate) fn quarantine(company: &Company, epcs: Vec<Epc>) -> Event {
    observe(company, Place::Store, BizStep::Holding, Disposition::NonConformant, epcs)
}

/// Packs are found to be stolen.
pub(crate) fn miss_stolen(company: &Company, packs: Vec<Epc>) -> Event {
    observe(company, Place::Store, BizStep::StockTaking, Disposition::Stolen, packs)
}

/// A lot must not be sold until further notice.
pub(crate) fn block(company: &Company, lot: &Lot) -> Event {
    let set = vec![Disposition::NonSellableOther];
    hold_lot(company, lot, PersistentDisposition { set, unset: Vec::new() })
}

/// A blocked lot may be sold again.
pub(crate) fn lift(company: &Company, lot: &Lot) -> Event {
    let unset = vec![Disposition::NonSellableOther];
    hold_lot(company, lot, PersistentDisposition { set: Vec::new(), unset })
}

/// A lot is recalled, class I: it may do serious harm.
pub(crate) fn recall(company: &Company, lot: &Lot) -> Event {
    let set = vec![Disposition::Recalled];
    let mut event = hold_lot(company, lot, PersistentDisposition { set, unset: Vec::new() });
    event.common_mut().extensions.push(Extension {
        namespace: THERIAC.to_owned(),
        name: "recallClass".to_owned(),
        value: ExtensionValue::Number(1.into()),
        attributes: Vec::new(),
    });
    event
}

fn hold_lot(company: &Company, lot: &Lot, change: PersistentDisposition) -> Event {
    let mut common = at(company, Place::Office, BizStep::Holding);
    common.persistent_disposition = Some(change);
    common.biz_location = None;
    Event::Object(ObjectEvent {
        common,
        action: Action::Observe,
        epc_list: Vec::new(),
        quantity_list: vec![QuantityElement {
            epc_class: epc(lot.id.clone()),
            quantity: Some(u64::from(lot.packs).into()),
            uom: None,
        }],
        ilmd: Vec::new(),
    })
}

fn observe(
    company: &Company,
    place: Place,
    step: BizStep,
    disposition: Disposition,
    epcs: Vec<Epc>,
) -> Event {
    let mut common = at(company, place, step);
    common.disposition = Some(disposition);
    object(common, Action::Observe, epcs, Vec::new())
}

/// An object event about things one by one.
pub(crate) fn object(
    common: Common,
    action: Action,
    epc_list: Vec<Epc>,
    ilmd: Vec<Extension>,
) -> Event {
    Event::Object(ObjectEvent { common, action, epc_list, quantity_list: Vec::new(), ilmd })
}

fn aggregation(mut common: Common, action: Action, parent: Epc, child_epcs: Vec<Epc>) -> Event {
    common.disposition = Some(Disposition::InProgress);
    Event::Aggregation(AggregationEvent {
        common,
        action,
        parent_id: Some(parent),
        child_epcs,
        child_quantity_list: Vec::new(),
    })
}
