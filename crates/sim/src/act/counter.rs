//! The pharmacies' counters: packs are dispensed, and asked about.

use theriac_epcis::Event;

use crate::act::orders::{Shelf, packs_of_each_lot};
use crate::company::PHARMACY_B;
use crate::goods::{Pack, count, pack_epcs};
use crate::occurrence::dispense;
use crate::script::{Question, Script};
use crate::setting::LOT_A;

/// Most packs handed over at once.
const PATIENT_PACKS: u64 = 4;

/// Both pharmacies dispense; returns a pack of lot A that pharmacy A dispensed.
pub(super) fn morning(script: &mut Script, shelf_a: &mut Shelf, shelf_b: &mut Shelf) -> Pack {
    let number = packs_of_each_lot(script) * 3 / 10;
    let mut dispensed = serve(script, shelf_a, number);
    serve(script, shelf_b, number);
    let place = dispensed.iter().position(|pack| pack.lot == LOT_A);
    dispensed.swap_remove(place.expect("a pack of lot A, because every lot is dispensed"))
}

/// Both pharmacies dispense more.
pub(super) fn afternoon(script: &mut Script, shelf_a: &mut Shelf, shelf_b: &mut Shelf) {
    script.wait_until(15, 45);
    let number = packs_of_each_lot(script) * 3 / 10;
    serve(script, shelf_a, number);
    serve(script, shelf_b, number);
}

/// Dispenses packs of every lot to patients, a few at a time.
fn serve(script: &mut Script, shelf: &mut Shelf, number: usize) -> Vec<Pack> {
    let mut packs = shelf.take_of_each(number);
    script.chance.shuffle(&mut packs);
    let mut events: Vec<Event> = Vec::new();
    let mut rest = packs.as_slice();
    while !rest.is_empty() {
        let wanted = script.chance.one_to(PATIENT_PACKS) as usize;
        let (patient, others) = rest.split_at(wanted.min(rest.len()));
        events.push(dispense(script.company(shelf.company), pack_epcs(patient)));
        rest = others;
    }
    let title =
        format!("dispenses {} to {}", count(packs.len(), "pack"), count(events.len(), "patient"));
    script.capture(shelf.company, title, 20, events);
    packs
}

/// Everyday questions; returns a pack that stays on pharmacy A's shelf.
pub(super) fn questions(script: &mut Script, shelf: &mut Shelf, dispensed: &Pack) -> Pack {
    let genuine = shelf.take_one(LOT_A);
    let elsewhere = shelf.take_one(LOT_A);
    let unopened = &shelf.case.packs[0];
    let [genuine_label, elsewhere, unopened, dispensed] =
        [&genuine, &elsewhere, unopened, dispensed].map(|pack| script.setting.label(pack));
    let ask = |case, story: &str, code, expected| Question {
        case,
        story: story.to_owned(),
        code,
        expected,
    };
    let questions = [
        (
            shelf.company,
            ask(
                "genuine",
                "It came in a tote and stands on the shelf.",
                genuine_label.raw_scan(),
                "genuine",
            ),
        ),
        (
            shelf.company,
            ask(
                "unopened-case",
                "It came in a case that nobody has opened since it was packed.",
                unopened.bracketed(),
                "genuine",
            ),
        ),
        (
            shelf.company,
            ask(
                "dispensed",
                "It was dispensed to a patient this morning.",
                dispensed.digital_link(),
                "already_retired",
            ),
        ),
        (
            PHARMACY_B,
            ask(
                "elsewhere",
                "It stands on the shelf of the other pharmacy.",
                elsewhere.urn(),
                "not_here",
            ),
        ),
    ];
    for (company, question) in questions {
        script.verify(company, question);
    }
    genuine
}
