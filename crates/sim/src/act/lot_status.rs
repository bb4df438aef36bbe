//! What happens to a whole lot: blocked and lifted, or recalled.

use crate::act::orders::Shelf;
use crate::company::MANUFACTURER;
use crate::goods::Pack;
use crate::occurrence::{block, dispense, lift, recall as recall_lot};
use crate::script::{Question, Script};
use crate::setting::{LOT_B, LOT_C};

/// Midday: the manufacturer blocks lot C, and an hour later lifts the block.
pub(super) fn block_and_lift(script: &mut Script, shelf: &mut Shelf) {
    let pack = shelf.take_one(LOT_C);
    let code = script.setting.label(&pack).raw_scan();
    script.wait_until(12, 0);
    let event = block(script.company(MANUFACTURER), &script.setting.lots[LOT_C]);
    let lot = script.setting.lots[LOT_C].id.lot.clone();
    script.capture(
        MANUFACTURER,
        format!("blocks lot {lot} until a test is repeated"),
        1,
        vec![event],
    );
    script.verify(
        shelf.company,
        Question {
            case: "blocked",
            story: "The manufacturer blocked its lot at midday.".to_owned(),
            code: code.clone(),
            expected: "blocked",
        },
    );
    script.wait_until(13, 0);
    let event = lift(script.company(MANUFACTURER), &script.setting.lots[LOT_C]);
    script.capture(MANUFACTURER, format!("lifts the block of lot {lot}"), 1, vec![event]);
    script.verify(
        shelf.company,
        Question {
            case: "lifted",
            story: "The manufacturer lifted the block of its lot an hour later.".to_owned(),
            code,
            expected: "genuine",
        },
    );
    shelf.packs[LOT_C].push(pack);
}

/// The manufacturer recalls lot B; pharmacy B tries to dispense a pack of it all the same. Returns
/// that pack.
pub(super) fn recall(script: &mut Script, shelf: &mut Shelf) -> Pack {
    let pack = shelf.take_one(LOT_B);
    script.wait_until(16, 45);
    let event = recall_lot(script.company(MANUFACTURER), &script.setting.lots[LOT_B]);
    let lot = script.setting.lots[LOT_B].id.lot.clone();
    script.capture(MANUFACTURER, format!("recalls lot {lot}, class I"), 1, vec![event]);
    let label = script.setting.label(&pack);
    let unopened = script.setting.label(&shelf.case.packs[0]);
    for (case, story, code) in [
        ("recalled", "It stands on the shelf; its lot was recalled.", label.raw_scan()),
        (
            "recalled-in-case",
            "It is in a case that nobody has opened; its lot was recalled.",
            unopened.digital_link(),
        ),
    ] {
        let story = story.to_owned();
        script.verify(shelf.company, Question { case, story, code, expected: "recalled" });
    }
    let event = dispense(script.company(shelf.company), vec![pack.epc()]);
    script.capture_held(shelf.company, "tries to dispense a recalled pack", event);
    pack
}
