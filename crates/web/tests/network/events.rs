//! What happens, as EPCIS events: values with a time of their own, captured nowhere yet.

use jiff::civil::Date;
use theriac_epcis::{
    Action, AggregationEvent, BizStep, Common, Destination, Disposition, Event, Extension,
    ExtensionValue, ObjectEvent, Offset, PartyType, PersistentDisposition, QuantityElement, Source,
};
use theriac_gs1::{Epc, Gtin, Identifier, Lgtin, Sgln, Sgtin, Sscc};

use crate::network::{Network, Who};

const MASTER_DATA: &str = "urn:epcglobal:cbv:mda:";
const THERIAC: &str = "https://theriac.example/epcis/";

/// A lot to be made.
#[derive(Debug, Clone)]
pub(crate) struct Lot {
    pub(crate) id: Lgtin,
    pub(crate) expiry: Date,
}

impl Lot {
    pub(crate) fn new(gtin: Gtin, number: &str, expiry: &str) -> Self {
        Self { id: Lgtin { gtin, lot: number.parse().unwrap() }, expiry: expiry.parse().unwrap() }
    }

    /// A lot of the maker's first product that lasts.
    pub(crate) fn lasting(number: &str) -> Self {
        Self::new(Who::Maker.gtin(1), number, "2028-12-31")
    }

    pub(crate) fn unit(&self, number: u32) -> Sgtin {
        let serial = format!("{}x{number:04}", self.id.lot);
        Sgtin { gtin: self.id.gtin, serial: serial.parse().unwrap() }
    }

    pub(crate) fn units(&self, count: u32) -> Vec<Sgtin> {
        (1..=count).map(|number| self.unit(number)).collect()
    }
}

/// The number of a company's case or pallet.
pub(crate) fn sscc(who: Who, number: u64) -> Identifier {
    let prefix = who.gln().body() / 100_000;
    Identifier::Sscc(Sscc::from_body(prefix * 1_000_000_000 + number).unwrap())
}

pub(crate) fn id(unit: &Sgtin) -> Identifier {
    Identifier::Sgtin(unit.clone())
}

fn epcs(units: &[Sgtin]) -> Vec<Epc> {
    units.iter().map(|unit| Epc::from(id(unit))).collect()
}

fn object(common: Common, action: Action, epc_list: Vec<Epc>) -> Event {
    Event::Object(ObjectEvent {
        common,
        action,
        epc_list,
        quantity_list: Vec::new(),
        ilmd: Vec::new(),
    })
}

impl Network {
    fn common(&self, who: Who, step: BizStep, disposition: Disposition) -> Common {
        let mut common = Common::at(self.clock.tick(), Offset::from_minutes(60).unwrap());
        common.biz_step = Some(step);
        common.disposition = Some(disposition);
        let site = Epc::from(Identifier::Sgln(Sgln { gln: who.gln(), extension: None }));
        common.read_point = Some(site.into());
        common
    }

    fn between(&self, from: Who, to: Who, step: BizStep, disposition: Disposition) -> Common {
        let at = if matches!(step, BizStep::Receiving) { to } else { from };
        let mut common = self.common(at, step, disposition);
        let party = |who: Who| Epc::from(Identifier::Pgln(who.gln()));
        common.sources = vec![Source { kind: PartyType::OwningParty, id: party(from) }];
        common.destinations = vec![Destination { kind: PartyType::OwningParty, id: party(to) }];
        common
    }

    /// Packs of a lot begin their life.
    pub(crate) fn make(&self, who: Who, lot: &Lot, units: &[Sgtin]) -> Event {
        let common = self.common(who, BizStep::Commissioning, Disposition::Active);
        let mut event = object(common, Action::Add, epcs(units));
        if let Event::Object(object) = &mut event {
            object.ilmd = vec![
                Extension::text(MASTER_DATA, "lotNumber", lot.id.lot.as_str()),
                Extension::text(MASTER_DATA, "itemExpirationDate", lot.expiry.to_string()),
            ];
        }
        event
    }

    pub(crate) fn pack(&self, who: Who, parent: &Identifier, units: &[Sgtin]) -> Event {
        Event::Aggregation(AggregationEvent {
            common: self.common(who, BizStep::Packing, Disposition::InProgress),
            action: Action::Add,
            parent_id: Some(Epc::from(parent.clone())),
            child_epcs: epcs(units),
            child_quantity_list: Vec::new(),
        })
    }

    pub(crate) fn ship(&self, from: Who, to: Who, units: &[Sgtin]) -> Event {
        let common = self.between(from, to, BizStep::Shipping, Disposition::InTransit);
        object(common, Action::Observe, epcs(units))
    }

    /// A whole case or pallet leaves.
    pub(crate) fn ship_box(&self, from: Who, to: Who, parent: &Identifier) -> Event {
        let common = self.between(from, to, BizStep::Shipping, Disposition::InTransit);
        object(common, Action::Observe, vec![Epc::from(parent.clone())])
    }

    /// Goods go back to where they came from, fit for sale or not.
    pub(crate) fn ship_back(&self, from: Who, to: Who, units: &[Sgtin]) -> Event {
        let common = self.between(from, to, BizStep::Shipping, Disposition::Returned);
        object(common, Action::Observe, epcs(units))
    }

    pub(crate) fn void_shipping(&self, who: Who, units: &[Sgtin]) -> Event {
        let common = self.common(who, BizStep::VoidShipping, Disposition::SellableNotAccessible);
        object(common, Action::Delete, epcs(units))
    }

    pub(crate) fn receive(&self, from: Who, to: Who, units: &[Sgtin]) -> Event {
        let common = self.between(from, to, BizStep::Receiving, Disposition::InProgress);
        object(common, Action::Observe, epcs(units))
    }

    pub(crate) fn receive_box(&self, from: Who, to: Who, parent: &Identifier) -> Event {
        let common = self.between(from, to, BizStep::Receiving, Disposition::InProgress);
        object(common, Action::Observe, vec![Epc::from(parent.clone())])
    }

    pub(crate) fn refuse(&self, from: Who, to: Who, units: &[Sgtin]) -> Event {
        let common = self.between(from, to, BizStep::Receiving, Disposition::Damaged);
        object(common, Action::Observe, epcs(units))
    }

    pub(crate) fn dispense(&self, who: Who, units: &[Sgtin]) -> Event {
        let common = self.common(who, BizStep::Dispensing, Disposition::Dispensed);
        object(common, Action::Observe, epcs(units))
    }

    pub(crate) fn destroy(&self, who: Who, units: &[Sgtin]) -> Event {
        let common = self.common(who, BizStep::Destroying, Disposition::Destroyed);
        object(common, Action::Delete, epcs(units))
    }

    pub(crate) fn quarantine(&self, who: Who, units: &[Sgtin]) -> Event {
        let common = self.common(who, BizStep::Holding, Disposition::NonConformant);
        object(common, Action::Observe, epcs(units))
    }

    pub(crate) fn release(&self, who: Who, units: &[Sgtin]) -> Event {
        let common = self.common(who, BizStep::Inspecting, Disposition::Conformant);
        object(common, Action::Observe, epcs(units))
    }

    pub(crate) fn stolen(&self, who: Who, units: &[Sgtin]) -> Event {
        let common = self.common(who, BizStep::StockTaking, Disposition::Stolen);
        object(common, Action::Observe, epcs(units))
    }

    /// A lot is recalled, class I.
    pub(crate) fn recall(&self, who: Who, lot: &Lot) -> Event {
        let mut event = self.hold_lot(who, lot, vec![Disposition::Recalled], Vec::new());
        event.common_mut().extensions.push(Extension {
            namespace: THERIAC.to_owned(),
            name: "recallClass".to_owned(),
            value: ExtensionValue::Number(1.into()),
            attributes: Vec::new(),
        });
        event
    }

    pub(crate) fn block(&self, who: Who, lot: &Lot) -> Event {
        self.hold_lot(who, lot, vec![Disposition::NonSellableOther], Vec::new())
    }

    pub(crate) fn lift(&self, who: Who, lot: &Lot) -> Event {
        self.hold_lot(who, lot, Vec::new(), vec![Disposition::NonSellableOther])
    }

    fn hold_lot(
        &self,
        who: Who,
        lot: &Lot,
        set: Vec<Disposition>,
        unset: Vec<Disposition>,
    ) -> Event {
        let mut common = self.common(who, BizStep::Holding, Disposition::InProgress);
        common.disposition = None;
        common.persistent_disposition = Some(PersistentDisposition { set, unset });
        let mut event = object(common, Action::Observe, Vec::new());
        if let Event::Object(object) = &mut event {
            object.quantity_list = vec![QuantityElement {
                epc_class: Epc::from(Identifier::Lgtin(lot.id.clone())),
                quantity: Some(1_u64.into()),
                uom: None,
            }];
        }
        event
    }

    /// Commissions the first `count` units of a lot of the maker's.
    pub(crate) async fn stock(&self, lot: &Lot, count: u32) -> Vec<Sgtin> {
        let units = lot.units(count);
        self.admit(Who::Maker, &[self.make(Who::Maker, lot, &units)]).await;
        self.settle_all().await;
        units
    }

    /// Ships and lets the consignee receive.
    pub(crate) async fn hand_over(&self, from: Who, to: Who, units: &[Sgtin]) {
        self.admit(from, &[self.ship(from, to, units)]).await;
        self.settle_all().await;
        self.admit(to, &[self.receive(from, to, units)]).await;
        self.settle_all().await;
    }
}
