//! What must hold after every event.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use theriac_custody::item::is_unit;
use theriac_custody::{Item, ItemStatus, World};
use theriac_gs1::{Gln, Identifier, Sgtin};

use crate::network::{Network, Truth, status_of, units_of};

impl Network {
    pub(crate) fn check(&self) {
        let pending: BTreeSet<Sgtin> =
            self.queue.iter().flat_map(|(_, op)| units_of(op)).cloned().collect();
        for (gln, world) in &self.worlds {
            hierarchy(world);
            for item in world.items.values().filter(|item| is_unit(&item.id)) {
                self.book(*gln, item, &pending);
            }
        }
        for (unit, truth) in &self.truth {
            self.unit(unit, *truth, pending.contains(unit));
        }
        self.leaves(&pending);
    }

    /// A member's book on a unit agrees with where it is.
    fn book(&self, me: Gln, item: &Item, pending: &BTreeSet<Sgtin>) {
        let Identifier::Sgtin(unit) = &item.id else { return };
        let truth = self.truth[unit];
        let agrees = match item.status {
            ItemStatus::Expected => matches!(truth, Truth::InTransit { to, .. } if to == me),
            ItemStatus::Refused => matches!(truth, Truth::Refused { to, .. } if to == me),
            ItemStatus::InTransit => {
                matches!(truth, Truth::InTransit { from, .. } if from == me)
                    || pending.contains(unit)
            }
            ItemStatus::HandedOver => {
                !matches!(truth, Truth::At(at, _) | Truth::Retired(at, _) if at == me)
            }
            ItemStatus::Retired(reason) => truth == Truth::Retired(me, reason),
            status => truth == Truth::At(me, status),
        };
        assert!(agrees, "{me} has {item:?}, which is {truth:?}");
    }

    /// A unit is in the one book where it must be, and its leaf opens to its holding.
    fn unit(&self, unit: &Sgtin, truth: Truth, pending: bool) {
        let (keeper, status) = match truth {
            Truth::At(at, status) => (at, status),
            Truth::InTransit { from, .. } | Truth::Refused { from, .. } => {
                (from, ItemStatus::InTransit)
            }
            Truth::Retired(at, reason) => (at, ItemStatus::Retired(reason)),
        };
        let item = &self.worlds[&keeper].items[&Identifier::Sgtin(unit.clone())];
        assert_eq!(item.status, status, "{unit:?} at {keeper}");
        let Some(place) = item.place else {
            assert!(pending, "a unit without a place waits to be recorded");
            return;
        };
        let holding = self.ledger.of(place.holding);
        assert_eq!(holding.units.get(&place.position), Some(unit));
        let proof = self.leaf_proof(keeper, unit);
        assert!(proof.opens(holding.tree.root(), holding.tree.height()));
        if !pending {
            let retired = matches!(truth, Truth::Retired(..));
            assert_eq!(holding.spent.contains(&place.position), retired);
            assert_eq!(holding.holder, keeper);
            assert!(retired || status_of(holding.state) == status, "{status} {:?}", holding.state);
        }
    }

    /// On the ledger every unit has one leaf that is not spent, until it is retired.
    fn leaves(&self, pending: &BTreeSet<Sgtin>) {
        let mut unspent: BTreeMap<&Sgtin, usize> = BTreeMap::new();
        for holding in self.ledger.holdings.values() {
            holding.unspent().for_each(|unit| *unspent.entry(unit).or_default() += 1);
        }
        for (unit, truth) in &self.truth {
            let count = unspent.get(unit).copied().unwrap_or(0);
            assert!(count <= 1, "{unit:?} has {count} leaves");
            if !pending.contains(unit) {
                assert_eq!(count == 0, matches!(truth, Truth::Retired(..)), "{unit:?}");
            }
        }
    }
}

/// Packing is a forest, and `children` is the inverse of `parent`.
fn hierarchy(world: &World) {
    let mut inverse: BTreeSet<(&Identifier, &Identifier)> = BTreeSet::new();
    for item in world.items.values() {
        inverse.extend(item.parent.as_ref().map(|parent| (parent, &item.id)));
        let mut around = HashSet::new();
        let mut next = Some(&item.id);
        while let Some(id) = next {
            assert!(around.insert(id), "{id} is inside of itself");
            next = world.items.get(id).and_then(|item| item.parent.as_ref());
        }
    }
    let children: BTreeSet<(&Identifier, &Identifier)> = world
        .children
        .iter()
        .flat_map(|(parent, children)| children.iter().map(move |child| (parent, child)))
        .collect();
    assert_eq!(inverse, children);
    assert!(world.changed.iter().all(|id| world.items.contains_key(id)));
}
