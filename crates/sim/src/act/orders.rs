//! Orders of the pharmacies: the wholesaler opens pallets and cases, picks packs into totes, and
//! ships them; the pharmacies put them on their shelves.

use theriac_epcis::Event;
use theriac_gs1::Epc;

use crate::act::delivery::Warehouse;
use crate::act::production::CASE_PACKS;
use crate::company::{PHARMACY_A, PHARMACY_B, Place, WHOLESALER};
use crate::consignment::Consignment;
use crate::goods::{Case, Pack, count, pack_epcs};
use crate::occurrence::{commission_containers, pack, pick, unpack};
use crate::script::{Question, Script};
use crate::setting::{LOT_A, LOT_B};

/// Most packs in a tote.
const TOTE_PACKS: usize = 40;
/// Packs of the order that is still on its way when the day ends.
const EVENING_PACKS: usize = 6;

/// What a pharmacy holds.
#[derive(Debug)]
pub(super) struct Shelf {
    /// Its company.
    pub(super) company: usize,
    /// Single packs of each lot.
    pub(super) packs: [Vec<Pack>; 3],
    /// A case that nobody has opened.
    pub(super) case: Case,
}

impl Shelf {
    /// Takes a pack of a lot from the shelf.
    pub(super) fn take_one(&mut self, lot: usize) -> Pack {
        self.packs[lot].pop().expect("a pack, because an order has more than the story needs")
    }

    /// Takes packs of every lot from the shelf, the same number of each.
    pub(super) fn take_of_each(&mut self, number: usize) -> Vec<Pack> {
        self.packs.iter_mut().flat_map(|packs| packs.drain(..number.min(packs.len()))).collect()
    }
}

/// An order on its way.
struct Order {
    consignment: Consignment,
    totes: Vec<Case>,
    case: Case,
}

/// Packs of each lot that each pharmacy orders; at least 20.
pub(super) fn packs_of_each_lot(script: &Script) -> usize {
    (script.setting.packs as usize / 250).max(20)
}

/// Supplies both pharmacies with packs of every lot and a whole case each.
pub(super) fn supply(script: &mut Script, warehouse: &mut Warehouse) -> [Shelf; 2] {
    script.wait_until(9, 30);
    open_pallets_and_cases(script, warehouse);
    let picked = [PHARMACY_A, PHARMACY_B].map(|_| take_for_order(script, warehouse));
    let totes = fill_totes(script, &picked);
    let orders = ship(script, warehouse, totes);
    script.wait_until(11, 0);
    orders.map(|(pharmacy, order)| receive(script, pharmacy, order))
}

fn open_pallets_and_cases(script: &mut Script, warehouse: &mut Warehouse) {
    let ordered = 2 * packs_of_each_lot(script);
    let needed = [
        (ordered + EVENING_PACKS).div_ceil(CASE_PACKS),
        ordered.div_ceil(CASE_PACKS),
        ordered.div_ceil(CASE_PACKS),
    ];
    let company = script.company(WHOLESALER);
    let mut opened_pallets = Vec::new();
    let mut opened_cases = Vec::new();
    for (lot, opened) in needed.into_iter().enumerate() {
        // One whole case of lot A goes to one pharmacy, one of lot B to the other.
        let whole = usize::from(lot == LOT_A || lot == LOT_B);
        while warehouse.cases[lot].len() < opened + whole {
            let Some(pallet) = warehouse.pallets[lot].pop_front() else { break };
            opened_pallets.push(unpack(company, pallet.epc(), Vec::new()));
            warehouse.cases[lot].extend(pallet.cases);
        }
        for _ in 0..opened {
            let Some(case) = warehouse.cases[lot].pop_front() else { break };
            opened_cases.push(unpack(company, case.epc(), case.contents()));
            warehouse.packs[lot].extend(case.packs);
        }
    }
    let title = format!(
        "opens {} and {}",
        count(opened_pallets.len(), "pallet"),
        count(opened_cases.len(), "case")
    );
    opened_pallets.append(&mut opened_cases);
    script.capture(WHOLESALER, title, 15, opened_pallets);
}

fn take_for_order(script: &Script, warehouse: &mut Warehouse) -> Vec<Pack> {
    let number = packs_of_each_lot(script);
    let take = |packs: &mut std::collections::VecDeque<Pack>| -> Vec<Pack> {
        packs.drain(..number.min(packs.len())).collect()
    };
    warehouse.packs.iter_mut().flat_map(take).collect()
}

fn fill_totes(script: &mut Script, picked: &[Vec<Pack>; 2]) -> [Vec<Case>; 2] {
    let totes = [0, 1].map(|order| totes_for(script, &picked[order]));
    let all = || totes.iter().flatten();
    let company = script.company(WHOLESALER);
    let labels = all().map(Case::epc).collect();
    let mut events = vec![commission_containers(company, Place::Store, labels)];
    events.extend(picked.iter().map(|packs| pick(company, pack_epcs(packs))));
    events.extend(all().map(|tote| pack_tote(script, tote)));
    let packs = all().map(|tote| tote.packs.len()).sum();
    let title =
        format!("picks {} into {}", count(packs, "single pack"), count(all().count(), "tote"));
    script.capture(WHOLESALER, title, 25, events);
    totes
}

fn totes_for(script: &mut Script, packs: &[Pack]) -> Vec<Case> {
    let mut mixed = packs.to_vec();
    script.chance.shuffle(&mut mixed);
    let tote = |packs: &[Pack]| Case { id: script.next_sscc(WHOLESALER), packs: packs.to_vec() };
    mixed.chunks(TOTE_PACKS).map(tote).collect()
}

fn pack_tote(script: &Script, tote: &Case) -> Event {
    pack(script.company(WHOLESALER), Place::Store, tote.epc(), tote.contents())
}

fn ship(
    script: &mut Script,
    warehouse: &mut Warehouse,
    totes: [Vec<Case>; 2],
) -> [(usize, Order); 2] {
    let [totes_a, totes_b] = totes;
    let orders = [(PHARMACY_A, LOT_A, totes_a), (PHARMACY_B, LOT_B, totes_b)].map(
        |(pharmacy, lot, totes)| {
            let case = warehouse.cases[lot]
                .pop_front()
                .expect("a case, because one more was taken off the pallets than was opened");
            let epcs: Vec<Epc> = totes.iter().chain([&case]).map(Case::epc).collect();
            let consignment = Consignment::sale(script, WHOLESALER, pharmacy, epcs);
            (pharmacy, Order { consignment, totes, case })
        },
    );
    let events = orders.iter().map(|(_, order)| order.consignment.ship()).collect();
    script.capture(WHOLESALER, "ships totes and a whole case to each pharmacy", 5, events);
    orders
}

fn receive(script: &mut Script, pharmacy: usize, order: Order) -> Shelf {
    let Order { consignment, totes, case } = order;
    let company = script.company(pharmacy);
    let mut events = vec![consignment.receive(consignment.epcs.clone())];
    // Pharmacy B lists what it finds in a tote; pharmacy A only says that the tote is empty now.
    let lists = pharmacy == PHARMACY_B;
    let found = |tote: &Case| if lists { tote.contents() } else { Vec::new() };
    events.extend(totes.iter().map(|tote| unpack(company, tote.epc(), found(tote))));
    let title = format!("receives and unpacks {}, and a whole case", count(totes.len(), "tote"));
    script.capture(pharmacy, title, 10, events);
    let mut packs: [Vec<Pack>; 3] = Default::default();
    for pack in totes.into_iter().flat_map(|tote| tote.packs) {
        packs[pack.lot].push(pack);
    }
    Shelf { company: pharmacy, packs, case }
}

/// A tote leaves for pharmacy B and does not arrive before the story ends.
pub(super) fn evening(script: &mut Script, warehouse: &mut Warehouse) {
    script.wait_until(17, 30);
    let stock = &mut warehouse.packs[LOT_A];
    let packs: Vec<Pack> = stock.drain(..EVENING_PACKS.min(stock.len())).collect();
    let tote = Case { id: script.next_sscc(WHOLESALER), packs };
    let consignment = Consignment::sale(script, WHOLESALER, PHARMACY_B, vec![tote.epc()]);
    let company = script.company(WHOLESALER);
    let events = vec![
        commission_containers(company, Place::Store, vec![tote.epc()]),
        pick(company, tote.contents()),
        pack_tote(script, &tote),
        consignment.ship(),
    ];
    script.capture(WHOLESALER, "ships a last tote, which does not arrive today", 10, events);
    let question = Question {
        case: "on-its-way",
        story: "The wholesaler shipped it to this pharmacy in the evening; it has not arrived."
            .to_owned(),
        code: script.setting.label(&tote.packs[0]).urn(),
        expected: "not_here",
    };
    script.verify(PHARMACY_B, question);
}
