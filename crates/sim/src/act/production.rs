//! The night: the manufacturer makes three lots and packs them into cases and pallets.

use theriac_epcis::Event;

use crate::company::{MANUFACTURER, Place};
use crate::goods::{Case, Pack, Pallet, count, pack_epcs};
use crate::occurrence::{commission_containers, commission_packs, pack};
use crate::script::Script;
use crate::setting::LOT_A;

/// Packs in a full case.
pub(super) const CASE_PACKS: usize = 48;
/// Cases on a full pallet.
const PALLET_CASES: usize = 10;
/// Most packs or labels of one commissioning event.
const COMMISSION_MAX: usize = 200;

/// What lies ready to be shipped.
#[derive(Debug, Default)]
pub(super) struct Stock {
    /// Pallets of each lot.
    pub(super) pallets: [Vec<Pallet>; 3],
    /// Full cases of lot A on no pallet, at least two.
    pub(super) loose: Vec<Case>,
}

/// Makes the lots. Of lot A, the last pallet or, where there are fewer than three, the last case
/// stays in the manufacturer's store.
pub(super) fn make(script: &mut Script) -> Stock {
    script.wait_until(4, 0);
    let mut stock = Stock::default();
    for lot in 0..script.setting.lots.len() {
        make_lot(script, lot, &mut stock);
    }
    stock
}

fn make_lot(script: &mut Script, lot: usize, stock: &mut Stock) {
    let packs: Vec<Pack> = script.setting.packs_of(lot).collect();
    let mut cases = Vec::with_capacity(packs.len().div_ceil(CASE_PACKS));
    for packs in packs.chunks(CASE_PACKS) {
        cases.push(Case { id: script.next_sscc(MANUFACTURER), packs: packs.to_vec() });
    }
    let mut loose = if lot == LOT_A { set_loose_cases_apart(&mut cases) } else { Vec::new() };
    let few = lot == LOT_A && cases.len() <= 2 * PALLET_CASES;
    let stays = if few { cases.pop() } else { None };
    let mut pallets = Vec::with_capacity(cases.len().div_ceil(PALLET_CASES));
    for cases in cases.chunks(PALLET_CASES) {
        pallets.push(Pallet { id: script.next_sscc(MANUFACTURER), cases: cases.to_vec() });
    }
    let shipped = loose.len();
    loose.extend(stays);
    capture_lot(script, lot, &packs, &loose, &pallets);
    if lot == LOT_A && !few {
        pallets.pop();
    }
    loose.truncate(shipped);
    stock.loose.extend(loose);
    stock.pallets[lot] = pallets;
}

/// The first cases, which are full, will travel on no pallet.
fn set_loose_cases_apart(cases: &mut Vec<Case>) -> Vec<Case> {
    let number = if cases.len() < 2 * PALLET_CASES { 2 } else { 4 };
    cases.drain(..number).collect()
}

fn capture_lot(
    script: &mut Script,
    lot: usize,
    packs: &[Pack],
    loose: &[Case],
    pallets: &[Pallet],
) {
    let company = script.company(MANUFACTURER);
    let cases = || loose.iter().chain(pallets.iter().flat_map(|pallet| &pallet.cases));
    let mut events: Vec<Event> = packs
        .chunks(COMMISSION_MAX)
        .map(|packs| commission_packs(company, &script.setting.lots[lot], pack_epcs(packs)))
        .collect();
    let labels: Vec<_> = cases().map(Case::epc).chain(pallets.iter().map(Pallet::epc)).collect();
    for labels in labels.chunks(COMMISSION_MAX) {
        events.push(commission_containers(company, Place::Line, labels.to_vec()));
    }
    for case in cases() {
        events.push(pack(company, Place::Line, case.epc(), case.contents()));
    }
    for pallet in pallets {
        events.push(pack(company, Place::Line, pallet.epc(), pallet.contents()));
    }
    let title = format!(
        "makes and packs lot {}: {}, {}, {}",
        script.setting.lots[lot].id.lot,
        count(packs.len(), "pack"),
        count(cases().count(), "case"),
        count(pallets.len(), "pallet")
    );
    script.capture(MANUFACTURER, title, 50, events);
}
