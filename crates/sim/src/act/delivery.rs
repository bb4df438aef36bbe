//! The morning: the manufacturer ships, the wholesaler takes over all but one damaged case.

use std::collections::VecDeque;

use crate::act::production::Stock;
use crate::company::{MANUFACTURER, WHOLESALER};
use crate::consignment::Consignment;
use crate::goods::{Case, Pack, Pallet, count};
use crate::script::{Question, Script};

/// Most pallets of one consignment: a full lorry.
const CONSIGNMENT_PALLETS: usize = 33;

/// What the wholesaler holds.
#[derive(Debug, Default)]
pub(super) struct Warehouse {
    /// Closed pallets of each lot.
    pub(super) pallets: [VecDeque<Pallet>; 3],
    /// Closed cases of each lot, on no pallet.
    pub(super) cases: [VecDeque<Case>; 3],
    /// Packs of each lot, in no case.
    pub(super) packs: [VecDeque<Pack>; 3],
    /// Cases of lot A that came on no pallet, at least one.
    pub(super) loose: Vec<Case>,
}

/// Ships the stock; returns what the wholesaler took over, and the case that it refused.
pub(super) fn deliver(script: &mut Script, stock: Stock) -> (Warehouse, Case) {
    let Stock { pallets, mut loose } = stock;
    let epcs = loose.iter().map(Case::epc).collect();
    let loose_cases = Consignment::sale(script, MANUFACTURER, WHOLESALER, epcs);
    let mut lorries = Vec::new();
    for pallets in pallets.iter().flat_map(|pallets| pallets.chunks(CONSIGNMENT_PALLETS)) {
        let epcs = pallets.iter().map(Pallet::epc).collect();
        lorries.push(Consignment::sale(script, MANUFACTURER, WHOLESALER, epcs));
    }
    ship(script, &loose_cases, &lorries);
    let refused = loose.pop().expect("a case, because production sets at least two apart");
    receive(script, &loose_cases, &lorries, &loose, &refused);
    let pallets = pallets.map(VecDeque::from);
    (Warehouse { pallets, loose, ..Warehouse::default() }, refused)
}

fn ship(script: &mut Script, loose_cases: &Consignment, lorries: &[Consignment]) {
    script.wait_until(7, 0);
    let pallets = lorries.iter().map(|lorry| lorry.epcs.len()).sum();
    let title = format!(
        "ships {} and {} to the wholesaler",
        count(pallets, "pallet"),
        count(loose_cases.epcs.len(), "loose case")
    );
    let events = lorries.iter().chain([loose_cases]).map(Consignment::ship).collect();
    script.capture(MANUFACTURER, title, 15, events);
}

fn receive(
    script: &mut Script,
    loose_cases: &Consignment,
    lorries: &[Consignment],
    accepted: &[Case],
    refused: &Case,
) {
    script.wait_until(8, 30);
    let mut events: Vec<_> =
        lorries.iter().map(|lorry| lorry.receive(lorry.epcs.clone())).collect();
    events.push(loose_cases.receive(accepted.iter().map(Case::epc).collect()));
    events.push(loose_cases.refuse(vec![refused.epc()]));
    script.capture(WHOLESALER, "receives the goods and refuses one damaged case", 20, events);
}

pub(super) fn ask_about_refused(script: &mut Script, refused: &Case) {
    let label = script.setting.label(&refused.packs[0]);
    let question = Question {
        case: "refused",
        story: "The wholesaler refused its case at the dock as damaged, so it is the \
                manufacturer's again."
            .to_owned(),
        code: label.bracketed(),
        expected: "genuine",
    };
    script.verify(MANUFACTURER, question);
}
