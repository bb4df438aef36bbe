//! AIs 7001 to 7259: attributes of items, health care numbers, certificates, persons.

use crate::ai::format::{AiEntry, Part, Parts, Rule, variable};

const CERTIFICATION: Parts = &[Part::x(2), Part::x_up_to(28)];
const ENCODED_40: Parts = &[Part::x_up_to(40).with(&[Rule::PercentEncoded])];
const ENCODED_70: Parts = &[Part::x_up_to(70).with(&[Rule::PercentEncoded])];
const KEY_X_30: Parts = &[Part::x_up_to(30).with(&[Rule::CompanyPrefix])];
const PROCESSOR: Parts = &[Part::n(3).with(&[Rule::CountryOrSeveral]), Part::x_up_to(27)];
const X_20: Parts = &[Part::x_up_to(20)];
const X_30: Parts = &[Part::x_up_to(30)];

/// AIs that start with 7.
pub(super) static AIS_7: &[AiEntry] = &[
    variable("7001", &[Part::n(13)], "NSN").needs_one("01 02 8006 8026"),
    variable("7002", X_30, "MEAT CUT").needs_one("01 02"),
    variable(
        "7003",
        &[Part::n(6).with(&[Rule::Date]), Part::n(4).with(&[Rule::HourMinute])],
        "EXPIRY TIME",
    )
    .needs_one("01 02 03"),
    variable("7004", &[Part::n_up_to(4)], "ACTIVE POTENCY").needs_one("01+10 03+10"),
    variable("7005", &[Part::x_up_to(12)], "CATCH AREA").needs_one("01 02"),
    variable("7006", &[Part::n(6).with(&[Rule::Date])], "FIRST FREEZE DATE").needs_one("01 02"),
    variable(
        "7007",
        &[Part::n(6).with(&[Rule::Date]), Part::n(6).with(&[Rule::Date]).or_nothing()],
        "HARVEST DATE",
    )
    .needs_one("01 02"),
    variable("7008", &[Part::x_up_to(3)], "AQUATIC SPECIES").needs_one("01 02"),
    variable("7009", &[Part::x_up_to(10)], "FISHING GEAR TYPE").needs_one("01 02"),
    variable("7010", &[Part::x_up_to(2)], "PROD METHOD").needs_one("01 02 03"),
    variable(
        "7011",
        &[Part::n(6).with(&[Rule::Date]), Part::n(4).with(&[Rule::HourMinute]).or_nothing()],
        "TEST BY DATE",
    )
    .needs_one("01 02 03"),
    variable("7020", X_20, "REFURB LOT").needs_one("01+416 03+416 8006+416"),
    variable("7021", X_20, "FUNC STAT").needs_one("01 03 8006"),
    variable("7022", X_20, "REV STAT").needs_one("01+7021 03+7021 8006+7021"),
    variable("7023", KEY_X_30, "GIAI - ASSEMBLY"),
    variable("7030", PROCESSOR, "PROCESSOR # 0").needs_one("01 02"),
    variable("7031", PROCESSOR, "PROCESSOR # 1").needs_one("01 02"),
    variable("7032", PROCESSOR, "PROCESSOR # 2").needs_one("01 02"),
    variable("7033", PROCESSOR, "PROCESSOR # 3").needs_one("01 02"),
    variable("7034", PROCESSOR, "PROCESSOR # 4").needs_one("01 02"),
    variable("7035", PROCESSOR, "PROCESSOR # 5").needs_one("01 02"),
    variable("7036", PROCESSOR, "PROCESSOR # 6").needs_one("01 02"),
    variable("7037", PROCESSOR, "PROCESSOR # 7").needs_one("01 02"),
    variable("7038", PROCESSOR, "PROCESSOR # 8").needs_one("01 02"),
    variable("7039", PROCESSOR, "PROCESSOR # 9").needs_one("01 02"),
    variable(
        "7040",
        &[Part::n(1), Part::x(1), Part::x(1), Part::x(1).with(&[Rule::ImporterIndex])],
        "UIC+EXT",
    )
    .not_in_query(),
    variable("7041", &[Part::x_up_to(4).with(&[Rule::PackageType])], "UFRGT UNIT TYPE")
        .needs_one("00")
        .not_in_query(),
    variable("710", X_20, "NHRN PZN").needs_one("01"),
    variable("711", X_20, "NHRN CIP").needs_one("01"),
    variable("712", X_20, "NHRN CN").needs_one("01"),
    variable("713", X_20, "NHRN DRN").needs_one("01"),
    variable("714", X_20, "NHRN AIM").needs_one("01"),
    variable("715", X_20, "NHRN NDC").needs_one("01"),
    variable("716", X_20, "NHRN AIC").needs_one("01"),
    variable("717", X_20, "NHRN SRN").needs_one("01"),
    variable("7230", CERTIFICATION, "CERT # 1").needs_one("01 8004"),
    variable("7231", CERTIFICATION, "CERT # 2").needs_one("01 8004"),
    variable("7232", CERTIFICATION, "CERT # 3").needs_one("01 8004"),
    variable("7233", CERTIFICATION, "CERT # 4").needs_one("01 8004"),
    variable("7234", CERTIFICATION, "CERT # 5").needs_one("01 8004"),
    variable("7235", CERTIFICATION, "CERT # 6").needs_one("01 8004"),
    variable("7236", CERTIFICATION, "CERT # 7").needs_one("01 8004"),
    variable("7237", CERTIFICATION, "CERT # 8").needs_one("01 8004"),
    variable("7238", CERTIFICATION, "CERT # 9").needs_one("01 8004"),
    variable("7239", CERTIFICATION, "CERT # 10").needs_one("01 8004"),
    variable("7240", X_20, "PROTOCOL").needs_one("01 8006").excludes("03"),
    variable("7241", &[Part::n(2).with(&[Rule::MediaType])], "AIDC MEDIA TYPE")
        .needs_one("8017 8018"),
    variable("7242", &[Part::x_up_to(25)], "VCN").needs_one("8017 8018"),
    variable("7250", &[Part::n(8).with(&[Rule::LongDate])], "DOB")
        .needs_one("8018")
        .excludes("7251"),
    variable(
        "7251",
        &[Part::n(8).with(&[Rule::LongDate]), Part::n(4).with(&[Rule::HourMinute])],
        "DOB TIME",
    )
    .needs_one("8018")
    .excludes("7250"),
    variable("7252", &[Part::n(1).with(&[Rule::Sex])], "BIO SEX").needs_one("8018"),
    variable("7253", ENCODED_40, "FAMILY NAME").needs_one("8017 8018").excludes("7256 7259"),
    variable("7254", ENCODED_40, "GIVEN NAME").needs_one("8017 8018").excludes("7256 7259"),
    variable("7255", &[Part::x_up_to(10)], "SUFFIX").needs_one("8017 8018").excludes("7256 7259"),
    variable("7256", &[Part::x_up_to(90).with(&[Rule::PercentEncoded])], "FULL NAME")
        .needs_one("8017 8018"),
    variable("7257", ENCODED_70, "PERSON ADDR").needs_one("8018"),
    variable("7258", &[Part::x(3).with(&[Rule::PositionOfTotal])], "BIRTH SEQUENCE")
        .needs_one("8018+7259"),
    variable("7259", ENCODED_40, "BABY").needs_one("8018").excludes("7256"),
];
