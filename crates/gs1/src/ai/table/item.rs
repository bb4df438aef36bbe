//! AIs 00 to 255: keys, lots, dates and serials of trade items.

use crate::ai::format::{AiEntry, Part, Parts, Rule, ai, fixed, variable};

const DAY_OR_MONTH: Parts = &[Part::n(6).with(&[Rule::DateOrMonth])];
const GTIN: Parts = &[Part::n(14).with(&[Rule::CheckDigit])];
const KEY_18: Parts = &[Part::n(18).with(&[Rule::CheckDigit])];
const X_20: Parts = &[Part::x_up_to(20)];
const X_30: Parts = &[Part::x_up_to(30)];

/// AIs that start with 0.
pub(super) static AIS_0: &[AiEntry] = &[
    fixed("00", KEY_18, "SSCC").key(&[&[]]),
    fixed("01", GTIN, "GTIN")
        .excludes("255 37")
        .key(&[&[ai("22"), ai("10"), ai("21")], &[ai("235")]]),
    fixed("02", GTIN, "CONTENT").excludes("01 03").needs_one("37"),
    fixed("03", GTIN, "MTO GTIN").excludes("01 02 37 235").not_in_query(),
];

/// AIs that start with 1.
pub(super) static AIS_1: &[AiEntry] = &[
    variable("10", X_20, "BATCH/LOT").needs_one("01 02 03 8006 8026"),
    fixed("11", DAY_OR_MONTH, "PROD DATE").needs_one("01 02 03 8006 8026"),
    fixed("12", DAY_OR_MONTH, "DUE DATE").needs_one("8020"),
    fixed("13", DAY_OR_MONTH, "PACK DATE").needs_one("01 02 03 8006 8026"),
    fixed("15", DAY_OR_MONTH, "BEST BEFORE or BEST BY").needs_one("01 02 03 8006 8026"),
    fixed("16", DAY_OR_MONTH, "SELL BY").needs_one("01 02 03 8006 8026"),
    fixed("17", DAY_OR_MONTH, "USE BY or EXPIRY").needs_one("01 02 03 255 8006 8026"),
];

/// AIs that start with 2.
pub(super) static AIS_2: &[AiEntry] = &[
    fixed("20", &[Part::n(2)], "VARIANT").needs_one("01 02 03 8006 8026"),
    variable("21", X_20, "SERIAL").needs_one("01 03 8006").excludes("235").not_in_query(),
    variable("22", X_20, "CPV").needs_one("01").not_in_query(),
    variable("235", &[Part::x_up_to(28)], "TPX").needs_one("01").not_in_query(),
    variable("240", X_30, "ADDITIONAL ID").needs_one("01 02 03 8006 8026"),
    variable("241", X_30, "CUST. PART No.").needs_one("01 02 03 8006 8026"),
    variable("242", &[Part::n_up_to(6)], "MTO VARIANT").needs_one("01 02 8006 8026"),
    variable("243", X_20, "PCN").needs_one("01 03"),
    variable("250", X_30, "SECONDARY SERIAL").needs_one("01+21 03+21 8006+21"),
    variable("251", X_30, "REF. TO SOURCE").needs_one("01 03 8006"),
    variable(
        "253",
        &[Part::n(13).with(&[Rule::CheckDigit]), Part::x_up_to(17).or_nothing()],
        "GDTI",
    )
    .key(&[&[]]),
    variable("254", X_20, "GLN EXTENSION COMPONENT").needs_one("414").not_in_query(),
    variable(
        "255",
        &[Part::n(13).with(&[Rule::CheckDigit]), Part::n_up_to(12).or_nothing()],
        "GCN",
    )
    .key(&[&[]])
    .excludes("01 02 415 8006 8020 8026"),
];
