//! What goes wrong with single packs and cases: quarantine, theft, return, a copied code.

use crate::act::delivery::Warehouse;
use crate::act::orders::Shelf;
use crate::company::{PHARMACY_A, PHARMACY_B, WHOLESALER};
use crate::consignment::Consignment;
use crate::goods::pack_epcs;
use crate::occurrence::{dispense, miss_stolen, quarantine as set_apart};
use crate::script::{Question, Script};
use crate::setting::LOT_A;

/// The wholesaler sets a case apart.
pub(super) fn quarantine(script: &mut Script, warehouse: &Warehouse) {
    script.wait_until(13, 30);
    let case = &warehouse.loose[0];
    let event = set_apart(script.company(WHOLESALER), vec![case.epc()]);
    script.capture(WHOLESALER, "sets a case apart: its temperature logger rang", 1, vec![event]);
    let question = Question {
        case: "quarantined",
        story: "Its case was too warm for an hour, so the wholesaler set it apart.".to_owned(),
        code: script.setting.label(&case.packs[0]).bracketed(),
        expected: "quarantined",
    };
    script.verify(WHOLESALER, question);
}

/// Two packs are gone from the shelf of pharmacy A.
pub(super) fn theft(script: &mut Script, shelf: &mut Shelf) {
    script.wait_until(14, 0);
    let packs = [shelf.take_one(LOT_A), shelf.take_one(LOT_A)];
    let event = miss_stolen(script.company(shelf.company), pack_epcs(&packs));
    script.capture(shelf.company, "takes stock and reports two packs stolen", 5, vec![event]);
    let question = Question {
        case: "stolen",
        story: "The pharmacy reported it stolen; now somebody offers it for sale.".to_owned(),
        code: script.setting.label(&packs[0]).raw_scan(),
        expected: "stolen",
    };
    script.verify(shelf.company, question);
}

/// Pharmacy B sends an unopened pack back to the wholesaler.
pub(super) fn goods_back(script: &mut Script, shelf: &mut Shelf) {
    script.wait_until(14, 20);
    let pack = shelf.take_one(LOT_A);
    let consignment = Consignment::goods_back(script, shelf.company, WHOLESALER, vec![pack.epc()]);
    let shipped = vec![consignment.ship()];
    script.capture(shelf.company, "sends an unopened pack back to the wholesaler", 1, shipped);
    script.wait_until(15, 10);
    let received = vec![consignment.receive(vec![pack.epc()])];
    script.capture(WHOLESALER, "receives the pack that came back", 1, received);
    let question = Question {
        case: "returned",
        story:
            "A pharmacy sent it back unopened; the wholesaler checks it before it sells it again."
                .to_owned(),
        code: script.setting.label(&pack).digital_link(),
        expected: "genuine",
    };
    script.verify(WHOLESALER, question);
}

/// Pharmacy A dispenses a pack; a counterfeiter's copy of its code is dispensed at pharmacy B.
pub(super) fn copied_code(script: &mut Script, shelf: &mut Shelf) {
    script.wait_until(15, 20);
    let pack = shelf.take_one(LOT_A);
    let code = script.setting.label(&pack).raw_scan();
    let genuine = dispense(script.company(PHARMACY_A), vec![pack.epc()]);
    script.capture(PHARMACY_A, "dispenses a pack whose code somebody has copied", 1, vec![genuine]);
    let copy = dispense(script.company(PHARMACY_B), vec![pack.epc()]);
    script.capture_held(PHARMACY_B, "tries to dispense the copy", copy);
    for (company, case, story) in [
        (PHARMACY_B, "copy", "A copy of a code whose pack the other pharmacy dispensed."),
        (PHARMACY_A, "copied", "It was dispensed here; a copy of its code turned up elsewhere."),
    ] {
        let (story, code) = (story.to_owned(), code.clone());
        script.verify(company, Question { case, story, code, expected: "already_retired" });
    }
}
