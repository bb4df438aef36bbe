//! Codes that no genuine pack carries.

use jiff::ToSpan;

use crate::act::orders::Shelf;
use crate::company::PHARMACY_B;
use crate::product::unregistered_gtin;
use crate::script::{Question, Script};
use crate::setting::LOT_A;

/// Forged, misprinted and foreign codes are asked about.
pub(super) fn questions(script: &mut Script, shelf: &mut Shelf) {
    script.wait_until(18, 0);
    let forged = script.setting.label(&script.setting.forgery());
    let mut wrong_lot = script.setting.label(&shelf.take_one(LOT_A));
    wrong_lot.lot = "TH4A99".parse().expect("a lot number, because it is digits and capitals");
    let mut wrong_expiry = script.setting.label(&shelf.take_one(LOT_A));
    wrong_expiry.expiry = wrong_expiry.expiry.saturating_add(1.year());
    let mut unregistered = forged.clone();
    unregistered.id.gtin = unregistered_gtin();
    for (company, case, story, code, expected) in [
        (
            shelf.company,
            "forged",
            "A forgery: the GTIN is right, but no pack was ever made with this serial number.",
            forged.raw_scan(),
            "not_genuine",
        ),
        (
            shelf.company,
            "wrong-lot",
            "The serial number is a genuine pack's, but another lot is printed.",
            wrong_lot.raw_scan(),
            "not_genuine",
        ),
        (
            shelf.company,
            "wrong-expiry",
            "The serial number is a genuine pack's, but the expiry is printed a year later.",
            wrong_expiry.bracketed(),
            "not_genuine",
        ),
        (
            PHARMACY_B,
            "unregistered",
            "Nobody has registered this GTIN.",
            unregistered.digital_link(),
            "unknown",
        ),
    ] {
        script.verify(company, Question { case, story: story.to_owned(), code, expected });
    }
}
