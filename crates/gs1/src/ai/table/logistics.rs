//! AIs 400 to 4333: orders, places, countries and transport.

use crate::ai::format::{AiEntry, Part, Parts, Rule, ai, fixed, variable};

const COUNTRIES: Parts = &[
    Part::n(3).with(&[Rule::Country]),
    Part::n(3).with(&[Rule::Country]).or_nothing(),
    Part::n(3).with(&[Rule::Country]).or_nothing(),
    Part::n(3).with(&[Rule::Country]).or_nothing(),
    Part::n(3).with(&[Rule::Country]).or_nothing(),
];
const COUNTRY: Parts = &[Part::n(3).with(&[Rule::Country])];
const COUNTRY_LETTERS: Parts = &[Part::x(2).with(&[Rule::CountryLetters])];
const DELIVERY: Parts =
    &[Part::n(6).with(&[Rule::DateOrMonth]), Part::n(4).with(&[Rule::HourMinute])];
const ENCODED_35: Parts = &[Part::x_up_to(35).with(&[Rule::PercentEncoded])];
const ENCODED_70: Parts = &[Part::x_up_to(70).with(&[Rule::PercentEncoded])];
const GLN: Parts = &[Part::n(13).with(&[Rule::CheckDigit])];
const KEY_X_30: Parts = &[Part::x_up_to(30).with(&[Rule::CompanyPrefix])];
const TEMPERATURE: Parts = &[Part::n(6), Part::x(1).with(&[Rule::Minus]).or_nothing()];
const X_20: Parts = &[Part::x_up_to(20)];
const X_30: Parts = &[Part::x_up_to(30)];
const YES_NO: Parts = &[Part::n(1).with(&[Rule::YesNo])];

/// AIs that start with 4.
pub(super) static AIS_4: &[AiEntry] = &[
    variable("400", X_30, "ORDER NUMBER"),
    variable("401", KEY_X_30, "GINC").key(&[&[]]),
    variable("402", &[Part::n(17).with(&[Rule::CheckDigit])], "GSIN").key(&[&[]]),
    variable("403", X_30, "ROUTE").needs_one("00"),
    fixed("410", GLN, "SHIP TO LOC"),
    fixed("411", GLN, "BILL TO"),
    fixed("412", GLN, "PURCHASE FROM"),
    fixed("413", GLN, "SHIP FOR LOC"),
    fixed("414", GLN, "LOC No.").key(&[&[ai("254")], &[ai("7040")]]),
    fixed("415", GLN, "PAY TO").needs_one("8020").key(&[&[ai("8020")]]),
    fixed("416", GLN, "PROD/SERV LOC"),
    fixed("417", GLN, "PARTY").key(&[&[ai("7040")]]),
    variable("420", X_20, "SHIP TO POST").excludes("421"),
    variable("421", &[Part::n(3).with(&[Rule::Country]), Part::x_up_to(9)], "SHIP TO POST")
        .excludes("4307"),
    variable("422", COUNTRY, "ORIGIN").needs_one("01 02 03 8006 8026").excludes("426"),
    variable("423", COUNTRIES, "COUNTRY - INITIAL PROCESS").needs_one("01 02 03").excludes("426"),
    variable("424", COUNTRY, "COUNTRY - PROCESS").needs_one("01 02 03").excludes("426"),
    variable("425", COUNTRIES, "COUNTRY - DISASSEMBLY").needs_one("01 02 03").excludes("426"),
    variable("426", COUNTRY, "COUNTRY - FULL PROCESS").needs_one("01 02 03"),
    variable("427", &[Part::x_up_to(3)], "ORIGIN SUBDIVISION").needs_one("01+422 02+422 03+422"),
    variable("4300", ENCODED_35, "SHIP TO COMP").needs_one("00"),
    variable("4301", ENCODED_35, "SHIP TO NAME").needs_one("00"),
    variable("4302", ENCODED_70, "SHIP TO ADD1").needs_one("00"),
    variable("4303", ENCODED_70, "SHIP TO ADD2").needs_one("4302"),
    variable("4304", ENCODED_70, "SHIP TO SUB").needs_one("00"),
    variable("4305", ENCODED_70, "SHIP TO LOC").needs_one("00"),
    variable("4306", ENCODED_70, "SHIP TO REG").needs_one("00"),
    variable("4307", COUNTRY_LETTERS, "SHIP TO COUNTRY").needs_one("00"),
    variable("4308", X_30, "SHIP TO PHONE").needs_one("00"),
    variable(
        "4309",
        &[Part::n(10).with(&[Rule::Latitude]), Part::n(10).with(&[Rule::Longitude])],
        "SHIP TO GEO",
    )
    .needs_one("00"),
    variable("4310", ENCODED_35, "RTN TO COMP").needs_one("00"),
    variable("4311", ENCODED_35, "RTN TO NAME").needs_one("00"),
    variable("4312", ENCODED_70, "RTN TO ADD1").needs_one("00"),
    variable("4313", ENCODED_70, "RTN TO ADD2").needs_one("4312"),
    variable("4314", ENCODED_70, "RTN TO SUB").needs_one("00"),
    variable("4315", ENCODED_70, "RTN TO LOC").needs_one("00"),
    variable("4316", ENCODED_70, "RTN TO REG").needs_one("00"),
    variable("4317", COUNTRY_LETTERS, "RTN TO COUNTRY").needs_one("00"),
    variable("4318", X_20, "RTN TO POST").needs_one("00"),
    variable("4319", X_30, "RTN TO PHONE").needs_one("00"),
    variable("4320", ENCODED_35, "SRV DESCRIPTION").needs_one("00"),
    variable("4321", YES_NO, "DANGEROUS GOODS").needs_one("00"),
    variable("4322", YES_NO, "AUTH TO LEAVE").needs_one("00"),
    variable("4323", YES_NO, "SIG REQUIRED").needs_one("00"),
    variable("4324", DELIVERY, "NOT BEF DEL DT").needs_one("00"),
    variable("4325", DELIVERY, "NOT AFT DEL DT").needs_one("00"),
    variable("4326", &[Part::n(6).with(&[Rule::Date])], "REL DATE").needs_one("00"),
    variable("4330", TEMPERATURE, "MAX TEMP F.").needs_one("00").excludes("4331"),
    variable("4331", TEMPERATURE, "MAX TEMP C.").needs_one("00").excludes("4330"),
    variable("4332", TEMPERATURE, "MIN TEMP F.").needs_one("00").excludes("4333"),
    variable("4333", TEMPERATURE, "MIN TEMP C.").needs_one("00").excludes("4332"),
];
