//! AIs 8001 to 8200: assets, documents, services, coupons.

use crate::ai::format::{AiEntry, Part, Parts, Rule, ai, variable};

const KEY_18: Parts = &[Part::n(18).with(&[Rule::CheckDigit])];
const KEY_X_30: Parts = &[Part::x_up_to(30).with(&[Rule::CompanyPrefix])];
const N6: Parts = &[Part::n(6)];
const PIECE: Parts =
    &[Part::n(14).with(&[Rule::CheckDigit]), Part::n(4).with(&[Rule::PieceOfTotal])];
const X_20: Parts = &[Part::x_up_to(20)];

/// AIs that start with 8.
pub(super) static AIS_8: &[AiEntry] = &[
    variable(
        "8001",
        &[
            Part::n(4).with(&[Rule::NonZero]),
            Part::n(5).with(&[Rule::NonZero]),
            Part::n(3).with(&[Rule::NonZero]),
            Part::n(1).with(&[Rule::Winding]),
            Part::n(1),
        ],
        "DIMENSIONS",
    )
    .needs_one("01"),
    variable("8002", X_20, "CMT No."),
    variable(
        "8003",
        &[
            Part::n(1).with(&[Rule::Zero]),
            Part::n(13).with(&[Rule::CheckDigit]),
            Part::x_up_to(16).or_nothing(),
        ],
        "GRAI",
    )
    .key(&[&[]]),
    variable("8004", KEY_X_30, "GIAI").key(&[&[ai("7040")]]),
    variable("8005", N6, "PRICE PER UNIT").needs_one("01 02"),
    variable("8006", PIECE, "ITIP").excludes("01 03 37").key(&[&[ai("22"), ai("10"), ai("21")]]),
    variable("8007", &[Part::x_up_to(34).with(&[Rule::Iban])], "IBAN").needs_one("415"),
    variable(
        "8008",
        &[
            Part::n(6).with(&[Rule::Date]),
            Part::n(2).with(&[Rule::Hour]),
            Part::n(2).with(&[Rule::Minute]).or_nothing(),
            Part::n(2).with(&[Rule::Second]).or_nothing(),
        ],
        "PROD TIME",
    )
    .needs_one("01 02 03"),
    variable("8009", &[Part::x_up_to(50)], "OPTSEN").needs_one("00 01 03"),
    variable("8010", &[Part::y_up_to(30).with(&[Rule::CompanyPrefix])], "CPID")
        .key(&[&[ai("8011")]]),
    variable("8011", &[Part::n_up_to(12).with(&[Rule::NoZeroPrefix])], "CPID SERIAL")
        .needs_one("8010")
        .not_in_query(),
    variable("8012", X_20, "VERSION").needs_one("01 03 8006"),
    variable("8013", &[Part::x_up_to(25).with(&[Rule::CheckPair, Rule::CompanyPrefix])], "GMN")
        .key(&[&[]]),
    variable(
        "8014",
        &[Part::x_up_to(25).with(&[Rule::CheckPair, Rule::CompanyPrefix, Rule::NonDigit])],
        "MUDI",
    )
    .needs_one("01")
    .not_in_query(),
    variable("8017", KEY_18, "GSRN - PROVIDER").excludes("8018").key(&[&[ai("8019")]]),
    variable("8018", KEY_18, "GSRN - RECIPIENT").excludes("8017").key(&[&[ai("8019")]]),
    variable("8019", &[Part::n_up_to(10)], "SRIN").needs_one("8017 8018").not_in_query(),
    variable("8020", &[Part::x_up_to(25)], "REF No.").needs_one("415").not_in_query(),
    variable("8026", PIECE, "ITIP CONTENT").needs_one("37").excludes("02 03 8006"),
    variable("8030", &[Part::z_up_to(90).with(&[Rule::Padding])], "DIGSIG")
        .needs_one("00 01+21 03+21 253 255 8003 8004 8006+21 8010+8011 8017 8018"),
    variable("8040", &[Part::n(15)], "IMEI").needs_one("01+21").not_in_query(),
    variable("8041", &[Part::n(15)], "IMEI2").needs_one("01+21+8040").not_in_query(),
    variable("8042", &[Part::n(32)], "ESIM").needs_one("01+21+8040").not_in_query(),
    variable("8043", &[Part::n(18), Part::n_up_to(2).or_nothing()], "PSIM")
        .needs_one("01+21+8040")
        .not_in_query(),
    variable("8110", &[Part::x_up_to(70).with(&[Rule::CouponCode])], "COUPON"),
    variable("8111", &[Part::n(4)], "POINTS").needs_one("255"),
    variable("8112", &[Part::x_up_to(70).with(&[Rule::CouponOffer])], "COUPON OFFER"),
    variable("8200", &[Part::x_up_to(70)], "PRODUCT URL").needs_one("01").not_in_query(),
];
