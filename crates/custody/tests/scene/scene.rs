//! Members, goods and events that the tests of the rules share.

#![allow(dead_code, reason = "each test program uses a part of it")]

use jiff::civil::Date;
use jiff::{Timestamp, civil::date};
use theriac_custody::{LotRecord, LotStatus, MemberRecord, Role, World};
use theriac_epcis::{
    Action, AggregationEvent, BizStep, Common, Destination, Disposition, Event, Extension,
    ObjectEvent, Offset, PartyType, PersistentDisposition, QuantityElement, TransformationEvent,
};
use theriac_gs1::{Epc, Gln, Gtin, Identifier, Lgtin, Lot, Serial, Sgtin, Sscc};

/// The day on which the tests judge expiry.
pub(crate) fn today() -> Date {
    date(2026, 3, 1)
}

/// Expiry date of the lots.
pub(crate) fn expiry() -> Date {
    date(2028, 12, 31)
}

pub(crate) fn maker() -> Gln {
    gln(1)
}

pub(crate) fn wholesaler() -> Gln {
    gln(2)
}

pub(crate) fn pharmacy() -> Gln {
    gln(3)
}

pub(crate) fn regulator() -> Gln {
    gln(4)
}

pub(crate) fn gln(n: u64) -> Gln {
    Gln::from_body(950_600_000_000 + n).expect("12 digits")
}

fn roles() -> [(Gln, Role); 4] {
    [
        (maker(), Role::Labeler),
        (wholesaler(), Role::Wholesaler),
        (pharmacy(), Role::Dispenser),
        (regulator(), Role::Regulator),
    ]
}

/// A member with one role.
pub(crate) fn member(gln: Gln, role: Role) -> MemberRecord {
    let (name, endpoint, accounts) = (gln.to_string(), String::new(), Vec::new());
    let roles = [role].into_iter().collect();
    MemberRecord { gln, name, roles, endpoint, accounts, hindrance: None }
}

/// What the node of a member knows before anything has happened.
pub(crate) fn world_of(me: Gln) -> World {
    let role = roles().into_iter().find(|(gln, _)| *gln == me).map(|(_, role)| role);
    let mut world = World::new(me, role.into_iter().collect());
    world.products.extend([(gtin(), maker()), (case_gtin(), maker()), (foreign_gtin(), gln(9))]);
    for (gln, role) in roles() {
        world.members.insert(gln, member(gln, role));
    }
    world
}

/// The product that the maker labels.
pub(crate) fn gtin() -> Gtin {
    Gtin::from_body(950_600_013_435).expect("13 digits")
}

/// Its case.
pub(crate) fn case_gtin() -> Gtin {
    Gtin::from_body(5_950_600_013_435).expect("13 digits")
}

/// A registered product of nobody here.
pub(crate) fn foreign_gtin() -> Gtin {
    Gtin::from_body(61_414_112_345).expect("13 digits")
}

/// A product that is not registered.
pub(crate) fn unknown_gtin() -> Gtin {
    Gtin::from_body(61_414_199_999).expect("13 digits")
}

pub(crate) fn pack_of(gtin: Gtin, n: usize) -> Identifier {
    let serial: Serial = format!("S{n}").parse().expect("a serial number");
    Identifier::Sgtin(Sgtin { gtin, serial })
}

pub(crate) fn pack(n: usize) -> Identifier {
    pack_of(gtin(), n)
}

pub(crate) fn packs(numbers: std::ops::Range<usize>) -> Vec<Identifier> {
    numbers.map(pack).collect()
}

/// A logistic unit.
pub(crate) fn sscc(n: usize) -> Identifier {
    Identifier::Sscc(Sscc::from_body(10_614_141_000_000_000 + n as u64).expect("17 digits"))
}

pub(crate) fn lot(name: &str) -> Lgtin {
    let lot: Lot = name.parse().expect("a lot number");
    Lgtin { gtin: gtin(), lot }
}

pub(crate) fn units(ids: &[Identifier]) -> Vec<Sgtin> {
    ids.iter()
        .map(|id| match id {
            Identifier::Sgtin(unit) => unit.clone(),
            other => panic!("expected packs, found {other}"),
        })
        .collect()
}

pub(crate) fn put_lot(world: &mut World, lot: &Lgtin, expiry: Date, status: LotStatus) {
    world.lots.insert(lot.clone(), LotRecord { expiry, status });
}

pub(crate) fn common(step: Option<BizStep>, disposition: Option<Disposition>) -> Common {
    let mut common = Common::at(Timestamp::UNIX_EPOCH, Offset::UTC);
    common.biz_step = step;
    common.disposition = disposition;
    common
}

pub(crate) fn epcs(ids: &[Identifier]) -> Vec<Epc> {
    ids.iter().cloned().map(Epc::from).collect()
}

pub(crate) fn object(
    action: Action,
    step: BizStep,
    disposition: Option<Disposition>,
    ids: &[Identifier],
) -> Event {
    Event::Object(ObjectEvent {
        common: common(Some(step), disposition),
        action,
        epc_list: epcs(ids),
        quantity_list: Vec::new(),
        ilmd: Vec::new(),
    })
}

pub(crate) fn observe(step: BizStep, disposition: Disposition, ids: &[Identifier]) -> Event {
    object(Action::Observe, step, Some(disposition), ids)
}

pub(crate) fn label(lot: &str, expiry: Date) -> Vec<Extension> {
    let namespace = "urn:epcglobal:cbv:mda";
    vec![
        Extension::text(namespace, "lotNumber", lot),
        Extension::text(namespace, "itemExpirationDate", expiry.to_string()),
    ]
}

pub(crate) fn with_ilmd(mut event: Event, fields: Vec<Extension>) -> Event {
    match &mut event {
        Event::Object(object) => object.ilmd = fields,
        Event::Transformation(transformation) => transformation.ilmd = fields,
        _ => {}
    }
    event
}

pub(crate) fn commission(ids: &[Identifier], lot: &str) -> Event {
    let event = object(Action::Add, BizStep::Commissioning, Some(Disposition::Active), ids);
    with_ilmd(event, label(lot, expiry()))
}

pub(crate) fn transform(inputs: &[Identifier], outputs: &[Identifier], lot: &str) -> Event {
    Event::Transformation(TransformationEvent {
        common: common(Some(BizStep::Repackaging), None),
        input_epcs: epcs(inputs),
        input_quantities: Vec::new(),
        output_epcs: epcs(outputs),
        output_quantities: Vec::new(),
        transformation_id: None,
        ilmd: label(lot, expiry()),
    })
}

fn aggregation(action: Action, step: BizStep, parent: &Identifier, ids: &[Identifier]) -> Event {
    Event::Aggregation(AggregationEvent {
        common: common(Some(step), None),
        action,
        parent_id: Some(Epc::from(parent.clone())),
        child_epcs: epcs(ids),
        child_quantity_list: Vec::new(),
    })
}

pub(crate) fn pack_into(parent: &Identifier, ids: &[Identifier]) -> Event {
    aggregation(Action::Add, BizStep::Packing, parent, ids)
}

pub(crate) fn unpack(parent: &Identifier, ids: &[Identifier]) -> Event {
    aggregation(Action::Delete, BizStep::Unpacking, parent, ids)
}

pub(crate) fn destined(mut event: Event, destinations: &[(PartyType, Gln)]) -> Event {
    event.common_mut().destinations = destinations
        .iter()
        .map(|(kind, gln)| Destination {
            kind: kind.clone(),
            id: Epc::from(Identifier::Pgln(*gln)),
        })
        .collect();
    event
}

pub(crate) fn ship(ids: &[Identifier], to: Gln) -> Event {
    let event = observe(BizStep::Shipping, Disposition::InTransit, ids);
    destined(event, &[(PartyType::OwningParty, to)])
}

pub(crate) fn send_back(ids: &[Identifier], to: Gln) -> Event {
    let event = observe(BizStep::Shipping, Disposition::Returned, ids);
    destined(event, &[(PartyType::OwningParty, to)])
}

pub(crate) fn void_shipping(ids: &[Identifier]) -> Event {
    object(Action::Observe, BizStep::VoidShipping, None, ids)
}

pub(crate) fn receive(ids: &[Identifier]) -> Event {
    observe(BizStep::Receiving, Disposition::InProgress, ids)
}

pub(crate) fn refuse(ids: &[Identifier]) -> Event {
    observe(BizStep::Receiving, Disposition::Damaged, ids)
}

pub(crate) fn dispense(ids: &[Identifier]) -> Event {
    observe(BizStep::Dispensing, Disposition::Dispensed, ids)
}

pub(crate) fn destroy(ids: &[Identifier]) -> Event {
    object(Action::Delete, BizStep::Destroying, Some(Disposition::Destroyed), ids)
}

pub(crate) fn quarantine(ids: &[Identifier]) -> Event {
    observe(BizStep::Holding, Disposition::NonConformant, ids)
}

pub(crate) fn steal(ids: &[Identifier]) -> Event {
    observe(BizStep::StockTaking, Disposition::Stolen, ids)
}

pub(crate) fn release(ids: &[Identifier]) -> Event {
    observe(BizStep::Storing, Disposition::SellableAccessible, ids)
}

/// An event about whole lots, whose persistent dispositions begin or end.
pub(crate) fn about_lots(lots: &[Lgtin], set: &[Disposition], unset: &[Disposition]) -> Event {
    let mut event = object(Action::Observe, BizStep::Holding, None, &[]);
    event.common_mut().persistent_disposition =
        Some(PersistentDisposition { set: set.to_vec(), unset: unset.to_vec() });
    with_lots(event, lots)
}

pub(crate) fn with_lots(mut event: Event, lots: &[Lgtin]) -> Event {
    if let Event::Object(object) = &mut event {
        object.quantity_list = lots
            .iter()
            .map(|lot| QuantityElement {
                epc_class: Epc::from(Identifier::Lgtin(lot.clone())),
                quantity: None,
                uom: None,
            })
            .collect();
    }
    event
}
