//! Random histories of four companies, with what is allowed and what is not: at every rest each
//! unit is in exactly one place, in the books of one node and on the ledger, and all of them agree.

use std::collections::BTreeMap;

use theriac_custody::{BreachCode, HoldingState, ItemStatus, Reason, VerdictCode};
use theriac_epcis::Event;
use theriac_gs1::{Identifier, Sgtin};
use theriac_ledger::Ledger;
use theriac_node::EventState;
use theriac_query::EventQuery;
use theriac_store::RestState;

use crate::events::{Lot, sscc};
use crate::network::{Network, Who};

const COMPANIES: [Who; 4] = [Who::Maker, Who::Wholesaler, Who::PharmacyA, Who::PharmacyB];

/// Numbers that look random and follow from a seed (SplitMix64).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).unwrap()
    }

    fn one_in(&mut self, number: usize) -> bool {
        self.below(number) == 0
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }

    /// One to three of them, each once.
    fn some<T: Clone>(&mut self, from: &[T]) -> Vec<T> {
        let mut left = from.to_vec();
        let count = (1 + self.below(3)).min(left.len());
        (0..count).map(|_| left.swap_remove(self.below(left.len()))).collect()
    }
}

/// What somebody does with some units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Ship,
    ShipBack,
    ShipBox,
    Void,
    Receive,
    Refuse,
    Dispense,
    Destroy,
    Quarantine,
    Release,
    Steal,
}

impl Act {
    /// What is done often stands here often.
    const ALL: [Self; 18] = [
        Self::Ship,
        Self::Ship,
        Self::Ship,
        Self::ShipBox,
        Self::ShipBox,
        Self::ShipBack,
        Self::Release,
        Self::Receive,
        Self::Void,
        Self::Receive,
        Self::Receive,
        Self::Receive,
        Self::Refuse,
        Self::Dispense,
        Self::Destroy,
        Self::Quarantine,
        Self::Release,
        Self::Steal,
    ];

    /// The status that units must have for it.
    fn needs(self) -> ItemStatus {
        match self {
            Self::Void => ItemStatus::InTransit,
            Self::Receive | Self::Refuse => ItemStatus::Expected,
            Self::Release => ItemStatus::Quarantined,
            _ => ItemStatus::InStock,
        }
    }

    /// The ledger does it with all units of a holding or none.
    fn takes_all(self) -> bool {
        matches!(self, Self::Void | Self::Release)
    }
}

/// The seeds of a test; `THERIAC_SEEDS` names others.
fn seeds(usual: &[u64]) -> Vec<u64> {
    match std::env::var("THERIAC_SEEDS") {
        Ok(text) => text.split(',').map(|seed| seed.trim().parse().unwrap()).collect(),
        Err(_) => usual.to_vec(),
    }
}

/// A network with its units.
struct History {
    network: Network,
    ledger: Ledger,
    chance: Chance,
    lots: Vec<Lot>,
    units: Vec<Sgtin>,
    boxes: u64,
    /// Whether somebody may take back what its consignee has begun to receive, or release a part of
    /// what was set apart together: the ledger then refuses what a node has admitted.
    races: bool,
    /// How often something allowed, and something else, was done.
    allowed: u32,
    held: u32,
}

impl History {
    async fn begin(seed: u64, races: bool) -> Self {
        let network = Network::of(&COMPANIES).await;
        let lots = vec![Lot::lasting("A"), Lot::new(Who::Maker.gtin(2), "B", "2027-06-30")];
        let mut units = Vec::new();
        for lot in &lots {
            units.extend(network.stock(lot, 16).await);
        }
        let ledger = network.ledger().await;
        let chance = Chance(seed);
        Self { network, ledger, chance, lots, units, boxes: 0, races, allowed: 0, held: 0 }
    }

    async fn statuses(&self, who: Who) -> BTreeMap<Sgtin, ItemStatus> {
        let ids: Vec<Identifier> = self.units.iter().cloned().map(Identifier::Sgtin).collect();
        let items = self.network.node(who).store().load_items(&ids).await.unwrap();
        let status = |item: theriac_custody::Item| match item.id {
            Identifier::Sgtin(unit) => Some((unit, item.status)),
            _ => None,
        };
        items.into_iter().filter_map(|record| status(record.item)).collect()
    }

    /// All units that share a holding with one of these in `who`'s books, in the same status.
    async fn whole(&self, who: Who, units: Vec<Sgtin>) -> Vec<Sgtin> {
        let first = self.network.item(who, &units[0]).await.unwrap().item;
        let Some(place) = first.place else { return units };
        let there = self.network.node(who).store().items_in_holding(&place.holding).await.unwrap();
        let same = there.into_iter().filter(|record| record.item.status == first.status);
        same.filter_map(|record| match record.item.id {
            Identifier::Sgtin(unit) => Some(unit),
            _ => None,
        })
        .collect()
    }

    /// Whether all the units are on their way, and none of them is received.
    async fn all_expected(&self, units: &[Sgtin]) -> bool {
        let mut expected = 0;
        for who in COMPANIES {
            let statuses = self.statuses(who).await;
            let here = |unit: &&Sgtin| statuses.get(*unit) == Some(&ItemStatus::Expected);
            expected += units.iter().filter(here).count();
        }
        expected == units.len()
    }

    /// Those of the units that are packed in nothing.
    async fn loose(&self, who: Who, units: Vec<Sgtin>) -> Vec<Sgtin> {
        let mut loose = Vec::new();
        for unit in units {
            let item = self.network.item(who, &unit).await.unwrap().item;
            loose.extend(item.parent.is_none().then_some(unit));
        }
        loose
    }

    fn events(&mut self, act: Act, who: Who, units: &[Sgtin]) -> Vec<Event> {
        let others: Vec<Who> = COMPANIES.into_iter().filter(|other| *other != who).collect();
        let other = self.chance.pick(&others);
        let network = &self.network;
        vec![match act {
            Act::Ship => network.ship(who, other, units),
            Act::ShipBack => network.ship_back(who, other, units),
            Act::ShipBox => {
                self.boxes += 1;
                let parent = sscc(who, self.boxes);
                return vec![
                    network.pack(who, &parent, units),
                    network.ship_box(who, other, &parent),
                ];
            }
            Act::Void => network.void_shipping(who, units),
            Act::Receive => network.receive(other, who, units),
            Act::Refuse => network.refuse(other, who, units),
            Act::Dispense => network.dispense(who, units),
            Act::Destroy => network.destroy(who, units),
            Act::Quarantine => network.quarantine(who, units),
            Act::Release => network.release(who, units),
            Act::Steal => network.stolen(who, units),
        }]
    }

    /// Somebody does something: most often what the own books allow, else anything.
    async fn step(&mut self) {
        let mischief = self.chance.one_in(4);
        let (mut who, mut act) = (Who::Maker, Act::Ship);
        let (mut statuses, mut fitting) = (BTreeMap::new(), Vec::new());
        for _ in 0..40 {
            (who, act) = (self.chance.pick(&COMPANIES), self.chance.pick(&Act::ALL));
            let may = act != Act::Dispense || matches!(who, Who::PharmacyA | Who::PharmacyB);
            statuses = self.statuses(who).await;
            let fit = |unit: &&Sgtin| may && statuses.get(*unit) == Some(&act.needs());
            fitting = self.units.iter().filter(fit).cloned().collect();
            if act == Act::ShipBox {
                fitting = self.loose(who, fitting).await;
            }
            if mischief || !fitting.is_empty() {
                break;
            }
        }
        let proper = !mischief && !fitting.is_empty();
        let mut units = self.chance.some(if proper { &fitting } else { &self.units });
        if proper && act.takes_all() {
            units = self.whole(who, units).await;
        }
        let races = match act {
            Act::Void => !self.all_expected(&units).await,
            Act::Release => !proper,
            _ => false,
        };
        if races && !self.races {
            return;
        }
        let events = self.events(act, who, &units);
        let report = self.network.capture(who, &events).await;
        let story = format!("{who:?} {act:?} {units:?}: {:#?}", report.outcomes);
        assert_eq!(report.refused + report.duplicate, 0, "{story}");
        assert_eq!(report.admitted + report.held, report.events, "{story}");
        if proper {
            assert_eq!(report.held, 0, "{story}");
            self.allowed += 1;
        } else if !matches!(act, Act::Receive | Act::Refuse)
            && units.iter().any(|unit| !statuses.contains_key(unit))
        {
            // What is received or refused with others does not keep these back.
            assert_eq!(report.admitted, 0, "{story}");
        }
        self.held += u32::from(report.held > 0);
    }

    /// A labeler's slip: serial numbers that exist already.
    async fn commission_again(&mut self) {
        let unit = self.chance.pick(&self.units);
        let lot = self.lots.iter().find(|lot| lot.id.gtin == unit.gtin).unwrap();
        let event = self.network.make(Who::Maker, lot, std::slice::from_ref(&unit));
        assert_eq!(self.network.held(Who::Maker, &event).await, "already_commissioned");
    }

    /// Everybody receives what is on its way to it; then nothing waits for anybody.
    async fn rest(&mut self) {
        self.network.settle_all().await;
        // What is held for want of an item may follow by itself, and ship again.
        for _ in 0..10 {
            let mut any = false;
            for who in COMPANIES {
                let statuses = self.statuses(who).await;
                let expected = |unit: &&Sgtin| statuses.get(*unit) == Some(&ItemStatus::Expected);
                let units: Vec<Sgtin> = self.units.iter().filter(expected).cloned().collect();
                if !units.is_empty() {
                    any = true;
                    let event = self.network.receive(Who::Maker, who, &units);
                    self.network.admit(who, &[event]).await;
                }
            }
            self.network.settle_all().await;
            if !any {
                return self.check().await;
            }
        }
        panic!("goods keep moving by themselves");
    }

    /// Each unit is in one place, in one node's books and on the ledger.
    async fn check(&self) {
        self.network.assert_clean().await;
        let mut books = BTreeMap::new();
        for who in COMPANIES {
            books.insert(who, self.statuses(who).await);
            let waiting = self.network.node(who).health().await.unwrap();
            assert_eq!((waiting.operations_waiting, waiting.deliveries_waiting), (0, 0), "{who:?}");
            for found in
                self.network.node(who).query_all_events(&EventQuery::default()).await.unwrap()
            {
                let event = found.record;
                let case = event.case.filter(|case| case.closed_at.is_none());
                let held = matches!(event.state, EventState::Held);
                let rests = self.network.node(who).store().rests_of(event.id).await.unwrap();
                let waits = rests.iter().any(|rest| rest.state == RestState::Open);
                let told = case.is_some();
                let right = if held { told } else { waits || !told };
                assert!(right, "{who:?} {:?} {}", event.state, event.body);
            }
        }
        for unit in &self.units {
            let told: Vec<(Who, ItemStatus)> = COMPANIES
                .into_iter()
                .filter_map(|who| Some((who, *books[&who].get(unit)?)))
                .collect();
            self.check_unit(unit, &told).await;
        }
    }

    async fn check_unit(&self, unit: &Sgtin, told: &[(Who, ItemStatus)]) {
        let holds = |status: &ItemStatus| {
            matches!(
                status,
                ItemStatus::InStock
                    | ItemStatus::InTransit
                    | ItemStatus::Quarantined
                    | ItemStatus::Stolen
                    | ItemStatus::Lost
            )
        };
        let ended: Vec<_> =
            told.iter().filter(|(_, s)| matches!(s, ItemStatus::Retired(_))).collect();
        let holders: Vec<_> = told.iter().filter(|(_, status)| holds(status)).collect();
        // The maker made it, so that it always knows a place.
        let place = self.network.item(Who::Maker, unit).await.unwrap().item.place.unwrap();
        let holding = self.ledger.holding(place.holding).await.unwrap().unwrap();
        let spent = self.ledger.is_spent(place.holding, 0, place.position).await.unwrap();
        if let [(_, reason), rest @ ..] = &ended[..] {
            assert_eq!(holders.len(), 0, "{unit:?}: {told:?}");
            assert!(rest.iter().all(|(_, other)| other == reason), "{unit:?}: {told:?}");
            assert!(spent, "{unit:?}: {told:?}");
            return;
        }
        let [(who, status)] = holders[..] else { panic!("{unit:?}: {told:?}") };
        assert!(!spent, "{unit:?}: {told:?}");
        let gln = self.ledger.member_of(holding.holder).await.unwrap();
        assert_eq!(gln, Some(who.gln().value()), "{unit:?}: {told:?}");
        let expected = match status {
            ItemStatus::Quarantined => HoldingState::Quarantined,
            ItemStatus::Stolen => HoldingState::Stolen,
            _ => HoldingState::Held,
        };
        assert_eq!(holding.state, Some(expected), "{unit:?}: {told:?}");
        for (other, status) in told.iter().filter(|(other, _)| other != who) {
            assert_eq!(*status, ItemStatus::HandedOver, "{unit:?} at {other:?}: {told:?}");
        }
    }

    /// The verdict of every node on every unit agrees with who has it.
    async fn check_verdicts(&self) {
        for unit in self.units.iter().step_by(3) {
            for who in COMPANIES {
                let status = self.network.status(who, unit).await;
                let verdict = self.network.verdict(who, unit).await;
                let genuine = status == Some(ItemStatus::InStock);
                assert_eq!(verdict == VerdictCode::Genuine, genuine, "{who:?} {unit:?} {verdict}");
                if let Some(ItemStatus::Retired(reason)) = status {
                    assert_ne!(reason, Reason::Stolen);
                    assert_eq!(verdict, VerdictCode::AlreadyRetired);
                }
            }
        }
    }
}

/// Everybody is told everything before the next thing happens: then the ledger refuses nothing
/// that a node has admitted.
#[tokio::test(flavor = "multi_thread")]
async fn each_unit_is_in_one_place_when_all_is_told_at_once() {
    let seed = seeds(&[7])[0];
    let mut history = History::begin(seed, false).await;
    for number in 1..=80 {
        history.step().await;
        history.network.settle_all().await;
        if number % 40 == 0 {
            history.commission_again().await;
            history.rest().await;
        }
    }
    history.check_verdicts().await;
    assert!(history.allowed > 40 && history.held > 10, "{} {}", history.allowed, history.held);
    for who in COMPANIES {
        for case in history.network.cases(who).await {
            assert_ne!(case.matter.kind, BreachCode::LedgerRefused, "{who:?}: {case:?}");
            assert_ne!(case.matter.kind, BreachCode::ManifestMismatch, "{who:?}");
        }
    }
}

/// Nodes work now and then, in any order: what one has admitted may be overtaken by another, and
/// ends in a case.
#[tokio::test(flavor = "multi_thread")]
async fn each_unit_is_in_one_place_when_news_travel_slowly() {
    for seed in seeds(&[11]) {
        let mut history = History::begin(seed, true).await;
        for number in 1..=90 {
            history.step().await;
            if history.chance.one_in(3) {
                let who = history.chance.pick(&COMPANIES);
                history.network.settle(who).await;
            }
            if number % 45 == 0 {
                history.rest().await;
            }
        }
        history.check_verdicts().await;
    }
}
