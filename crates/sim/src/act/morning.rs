//! The morning after: the last checks.

use crate::act::orders::Shelf;
use crate::goods::Pack;
use crate::script::{Question, Script};
use crate::setting::LOT_C;

/// Lot C has expired; a pack of lot A stands where it stood.
pub(super) fn questions(script: &mut Script, shelf: &mut Shelf, genuine: &Pack) {
    script.wait_until(24 + 8, 0);
    let expired = script.setting.label(&shelf.take_one(LOT_C));
    let genuine = script.setting.label(genuine);
    for (case, story, code, expected) in [
        ("expired", "Yesterday was the last day of its lot.", expired.raw_scan(), "expired"),
        ("next-morning", "It still stands on the shelf.", genuine.digital_link(), "genuine"),
    ] {
        script.verify(shelf.company, Question { case, story: story.to_owned(), code, expected });
    }
}
