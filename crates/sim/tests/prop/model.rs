//! A small model of custody, made to judge scenarios: it knows where every pack and every
//! logistic unit is, and what a right node answers.
//!
//! # Invariants
//!
//! - A thing has one holder, and is in at most one container.
//! - An event that breaks a rule changes nothing.

use std::collections::{BTreeSet, HashMap};

use jiff::civil::Date;
use theriac_epcis::{Action, AggregationEvent, BizStep, Disposition, Event, ObjectEvent};
use theriac_gs1::{Gln, Gtin, Identifier, Lot};
use theriac_sim::Scenario;

/// Where a thing is, and in which condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Held,
    OnItsWay { to: usize },
    Quarantined,
    Stolen,
    Dispensed,
}

#[derive(Debug)]
struct Thing {
    holder: usize,
    state: State,
    parent: Option<Identifier>,
    lot: Option<Lot>,
}

#[derive(Debug)]
struct LotOf {
    expiry: Date,
    blocked: bool,
    recalled: bool,
}

#[derive(Debug)]
pub(crate) struct Model {
    parties: HashMap<Gln, usize>,
    labelers: HashMap<Gtin, usize>,
    things: HashMap<Identifier, Thing>,
    children: HashMap<Identifier, BTreeSet<Identifier>>,
    lots: HashMap<Lot, LotOf>,
}

type Rule = Result<(), String>;

impl Model {
    pub(crate) fn of(scenario: &Scenario) -> Self {
        let parties = scenario.companies.iter().enumerate().map(|(n, c)| (c.gln, n)).collect();
        Self {
            parties,
            labelers: scenario.products.iter().map(|p| (p.gtin, p.labeler)).collect(),
            things: HashMap::new(),
            children: HashMap::new(),
            lots: HashMap::new(),
        }
    }

    /// Number of packs ever commissioned.
    pub(crate) fn packs(&self) -> usize {
        self.things.values().filter(|thing| thing.lot.is_some()).count()
    }

    /// What `company` captured on the day `today`.
    pub(crate) fn apply(&mut self, event: &Event, company: usize, today: Date) -> Rule {
        match event {
            Event::Aggregation(event) => self.aggregate(event, company),
            Event::Object(object) if object.action == Action::Add => {
                self.commission(event, object, company)
            }
            Event::Object(object) => self.observe(event, object, company, today),
            _ => Err(format!("unexpected {}", event.kind())),
        }
    }

    fn commission(&mut self, event: &Event, object: &ObjectEvent, company: usize) -> Rule {
        for epc in &object.epc_list {
            let lot = match &epc.id {
                Identifier::Sgtin(sgtin) => {
                    ensure(self.labelers.get(&sgtin.gtin) == Some(&company), "labeler", epc)?;
                    let lot = event.lot().ok_or("no lot")?;
                    let expiry = event.expiry().ok_or("no expiry")?;
                    let known = self.lots.entry(lot.clone()).or_insert(LotOf {
                        expiry,
                        blocked: false,
                        recalled: false,
                    });
                    ensure(known.expiry == expiry, "one expiry a lot", epc)?;
                    Some(lot)
                }
                _ => None,
            };
            ensure(!self.things.contains_key(&epc.id), "new thing", epc)?;
            let thing = Thing { holder: company, state: State::Held, parent: None, lot };
            self.things.insert(epc.id.clone(), thing);
        }
        Ok(())
    }

    fn aggregate(&mut self, event: &AggregationEvent, company: usize) -> Rule {
        let parent = event.parent_id.as_ref().ok_or("no parent")?.id.clone();
        self.in_stock(&parent, company)?;
        let mut children: Vec<_> = event.child_epcs.iter().map(|epc| epc.id.clone()).collect();
        let inside = self.children.entry(parent.clone()).or_default();
        if event.action == Action::Add {
            for child in &children {
                self.loose_in_stock(child, company)?;
            }
            self.children.entry(parent.clone()).or_default().extend(children.iter().cloned());
        } else {
            if children.is_empty() {
                children = inside.iter().cloned().collect();
            }
            ensure(!children.is_empty(), "something to unpack", &parent)?;
            for child in &children {
                ensure(inside.remove(child), "child inside", child)?;
            }
        }
        for child in &children {
            let thing = self.things.get_mut(child).ok_or("unknown child")?;
            thing.parent = (event.action == Action::Add).then(|| parent.clone());
        }
        Ok(())
    }

    fn observe(
        &mut self,
        event: &Event,
        object: &ObjectEvent,
        company: usize,
        today: Date,
    ) -> Rule {
        let epcs: Vec<_> = object.epc_list.iter().map(|epc| epc.id.clone()).collect();
        match (event.biz_step(), event.disposition()) {
            (Some(BizStep::Shipping), _) => {
                let to = self.destination(event)?;
                self.check_all(&epcs, |model, id| model.loose_in_stock(id, company))?;
                self.set(&epcs, State::OnItsWay { to }, None);
            }
            (Some(BizStep::Receiving), disposition) => {
                ensure(self.destination(event)? == company, "addressee", &company)?;
                let came = State::OnItsWay { to: company };
                self.check_all(&epcs, |model, id| {
                    ensure(model.things.get(id).is_some_and(|t| t.state == came), "announced", id)
                })?;
                let refused = disposition == Some(&Disposition::Damaged);
                self.set(&epcs, State::Held, (!refused).then_some(company));
            }
            (Some(BizStep::Dispensing), Some(Disposition::Dispensed)) => {
                self.check_all(&epcs, |model, id| model.may_be_dispensed(id, company, today))?;
                self.set(&epcs, State::Dispensed, None);
            }
            (Some(BizStep::Picking), _) => {
                self.check_all(&epcs, |model, id| model.loose_in_stock(id, company))?;
            }
            (Some(BizStep::Holding), None) => self.change_lots(event, object, company)?,
            (Some(BizStep::Holding), Some(Disposition::NonConformant)) => {
                self.check_all(&epcs, |model, id| model.loose_in_stock(id, company))?;
                self.set(&epcs, State::Quarantined, None);
            }
            (Some(BizStep::StockTaking), Some(Disposition::Stolen)) => {
                self.check_all(&epcs, |model, id| model.loose_in_stock(id, company))?;
                self.set(&epcs, State::Stolen, None);
            }
            other => return Err(format!("unexpected {other:?}")),
        }
        Ok(())
    }

    fn change_lots(&mut self, event: &Event, object: &ObjectEvent, company: usize) -> Rule {
        let change = event.common().persistent_disposition.as_ref().ok_or("no change")?;
        for class in &object.quantity_list {
            let Identifier::Lgtin(lgtin) = &class.epc_class.id else { return Err("a lot".into()) };
            ensure(self.labelers.get(&lgtin.gtin) == Some(&company), "labeler", lgtin)?;
            let packs = self.things.values().filter(|t| t.lot.as_ref() == Some(&lgtin.lot)).count();
            let said = class.quantity.as_ref().and_then(|quantity| quantity.as_u64());
            ensure(said == Some(packs as u64), "quantity of the lot", lgtin)?;
            let lot = self.lots.get_mut(&lgtin.lot).ok_or("unknown lot")?;
            lot.recalled |= change.set.contains(&Disposition::Recalled);
            lot.blocked |= change.set.contains(&Disposition::NonSellableOther);
            lot.blocked &= !change.unset.contains(&Disposition::NonSellableOther);
        }
        Ok(())
    }

    fn destination(&self, event: &Event) -> Result<usize, String> {
        let owner = &event.common().destinations.first().ok_or("no destination")?.id.id;
        let Identifier::Pgln(gln) = owner else { return Err(format!("a party, found {owner}")) };
        self.parties.get(gln).copied().ok_or_else(|| format!("a member, found {gln}"))
    }

    fn may_be_dispensed(&self, id: &Identifier, company: usize, today: Date) -> Rule {
        self.loose_in_stock(id, company)?;
        let lot = self.things[id].lot.as_ref().ok_or("a pack")?;
        let lot = &self.lots[lot];
        ensure(!lot.recalled && !lot.blocked, "fit lot", id)?;
        ensure(lot.expiry >= today, "not expired", id)
    }

    fn in_stock(&self, id: &Identifier, company: usize) -> Rule {
        let thing = self.things.get(id).ok_or_else(|| format!("{id} is not on record"))?;
        ensure(thing.holder == company && thing.state == State::Held, "in stock", id)
    }

    fn loose_in_stock(&self, id: &Identifier, company: usize) -> Rule {
        self.in_stock(id, company)?;
        ensure(self.things[id].parent.is_none(), "in no container", id)
    }

    fn check_all(&self, ids: &[Identifier], rule: impl Fn(&Self, &Identifier) -> Rule) -> Rule {
        ensure(!ids.is_empty(), "something", &"nothing")?;
        ids.iter().try_for_each(|id| rule(self, id))
    }

    /// Sets the state, and the holder unless it stays the same, of things and all inside them.
    fn set(&mut self, ids: &[Identifier], state: State, holder: Option<usize>) {
        let mut rest = ids.to_vec();
        while let Some(id) = rest.pop() {
            rest.extend(self.children.get(&id).into_iter().flatten().cloned());
            let thing = self.things.get_mut(&id).expect("a thing that was checked before");
            thing.state = state;
            thing.holder = holder.unwrap_or(thing.holder);
        }
    }

    /// The verdict that `company` must get for a code on the day `today`.
    pub(crate) fn verdict(&self, code: &str, company: usize, today: Date) -> &'static str {
        let scan = theriac_gs1::read(code).expect("a code that can be read");
        let id = scan.sgtin().expect("the code of a pack");
        if !self.labelers.contains_key(&id.gtin) {
            return "unknown";
        }
        let Some(thing) = self.things.get(&Identifier::Sgtin(id)) else { return "not_genuine" };
        let lot_number = thing.lot.as_ref().expect("the lot of a pack");
        let lot = &self.lots[lot_number];
        let printed = scan.expiry(today.year()).expect("a date");
        match thing.state {
            _ if scan.lot().is_some_and(|printed| printed != *lot_number) => "not_genuine",
            _ if printed.is_some_and(|printed| printed != lot.expiry) => "not_genuine",
            _ if lot.recalled => "recalled",
            _ if lot.blocked => "blocked",
            State::Stolen => "stolen",
            State::Quarantined => "quarantined",
            State::Dispensed => "already_retired",
            _ if lot.expiry < today => "expired",
            State::OnItsWay { .. } => "not_here",
            State::Held if thing.holder != company => "not_here",
            State::Held => "genuine",
        }
    }
}

fn ensure(holds: bool, expected: &str, found: &impl std::fmt::Debug) -> Rule {
    if holds { Ok(()) } else { Err(format!("expected {expected}, found {found:?}")) }
}
