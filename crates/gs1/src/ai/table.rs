//! The table of assigned AIs (GS1 General Specifications, section 3.2).
//!
//! # Invariants
//!
//! - Rows are sorted and do not overlap; a test holds them against the published dictionary.
//! - The first two digits of an AI tell how many it has.

use super::Ai;
use super::format::{AiEntry, Part, Rule, fixed, row};

type Parts = &'static [Part];

const N2: Parts = &[Part::n(2)];
const N6: Parts = &[Part::n(6)];
const X_20: Parts = &[Part::x_up_to(20)];
const X_25: Parts = &[Part::x_up_to(25)];
const X_30: Parts = &[Part::x_up_to(30)];
const X_35: Parts = &[Part::x_up_to(35)];
const X_70: Parts = &[Part::x_up_to(70)];
const X_90: Parts = &[Part::x_up_to(90)];
const COUNTRY: Parts = &[Part::n(3)];
const COUNTRIES: Parts = &[
    Part::n(3),
    Part::n(3).or_nothing(),
    Part::n(3).or_nothing(),
    Part::n(3).or_nothing(),
    Part::n(3).or_nothing(),
];
const GTIN: Parts = &[Part::n(14).with(Rule::CheckDigit)];
const GLN: Parts = &[GLN_PART];
const GLN_PART: Part = Part::n(13).with(Rule::CheckDigit);
const KEY_18: Parts = &[Part::n(18).with(Rule::CheckDigit)];
const PIECE: Parts = &[Part::n(14).with(Rule::CheckDigit), Part::n(4)];
const DAY: Part = Part::n(6).with(Rule::Date);
const DAY_OR_MONTH: Parts = &[Part::n(6).with(Rule::DateOrMonth)];
const HOUR_MINUTE: Part = Part::n(4).with(Rule::HourMinute);
const DELIVERY: Parts = &[Part::n(6).with(Rule::DateOrMonth), HOUR_MINUTE];
const TEMPERATURE: Parts = &[Part::n(6), Part::x(1).with(Rule::Minus).or_nothing()];

/// Number of digits of the AI that starts with these two digits; `None` when none is assigned.
pub(super) fn digits_of_ai(text: &[u8]) -> Option<usize> {
    match text.get(..2)? {
        [b'0', b'0'..=b'3'] | [b'1', b'0'..=b'3' | b'5'..=b'7'] | [b'2', b'0'..=b'2'] => Some(2),
        [b'3', b'0' | b'7'] | [b'9', b'0'..=b'9'] => Some(2),
        [b'2', b'3'..=b'5'] | [b'4', b'0'..=b'2'] | [b'7', b'1'] => Some(3),
        [b'3', b'1'..=b'6' | b'9'] | [b'4', b'3'] => Some(4),
        [b'7', b'0' | b'2'] | [b'8', b'0'..=b'2'] => Some(4),
        _ => None,
    }
}

/// The row of this AI.
pub(super) fn find(ai: Ai) -> Option<&'static AiEntry> {
    let entry = TABLE.get(TABLE.partition_point(|entry| entry.last < ai))?;
    let same_length = ai.as_str().len() == entry.first.as_str().len();
    (entry.first <= ai && same_length && has_decimals(ai)).then_some(entry)
}

/// The last digit of a measure is the number of decimals: 0 to 5.
fn has_decimals(ai: Ai) -> bool {
    match ai.as_str().as_bytes() {
        [b'3', b'1'..=b'6', _, decimals] => *decimals <= b'5',
        _ => true,
    }
}

#[rustfmt::skip]
static TABLE: &[AiEntry] = &[
    // Keys, lots, dates, serials.
    fixed("00", "00", KEY_18, "SSCC"),
    fixed("01", "01", GTIN, "GTIN"),
    fixed("02", "02", GTIN, "CONTENT"),
    fixed("03", "03", GTIN, "MTO GTIN"),
    row("10", "10", X_20, "BATCH/LOT"),
    fixed("11", "11", DAY_OR_MONTH, "PROD DATE"),
    fixed("12", "12", DAY_OR_MONTH, "DUE DATE"),
    fixed("13", "13", DAY_OR_MONTH, "PACK DATE"),
    fixed("15", "15", DAY_OR_MONTH, "BEST BEFORE or BEST BY"),
    fixed("16", "16", DAY_OR_MONTH, "SELL BY"),
    fixed("17", "17", DAY_OR_MONTH, "USE BY or EXPIRY"),
    fixed("20", "20", N2, "VARIANT"),
    row("21", "21", X_20, "SERIAL"),
    row("22", "22", X_20, "CPV"),
    row("235", "235", &[Part::x_up_to(28)], "TPX"),
    row("240", "240", X_30, "ADDITIONAL ID"),
    row("241", "241", X_30, "CUST. PART No."),
    row("242", "242", &[Part::n_up_to(6)], "MTO VARIANT"),
    row("243", "243", X_20, "PCN"),
    row("250", "250", X_30, "SECONDARY SERIAL"),
    row("251", "251", X_30, "REF. TO SOURCE"),
    row("253", "253", &[GLN_PART, Part::x_up_to(17).or_nothing()], "GDTI"),
    row("254", "254", X_20, "GLN EXTENSION COMPONENT"),
    row("255", "255", &[GLN_PART, Part::n_up_to(12).or_nothing()], "GCN"),

    // Counts, measures, amounts.
    row("30", "30", &[Part::n_up_to(8)], "VAR. COUNT"),
    fixed("3100", "3105", N6, "NET WEIGHT (kg)"),
    fixed("3110", "3165", N6, "MEASURE"),
    fixed("3200", "3205", N6, "NET WEIGHT (lb)"),
    fixed("3210", "3295", N6, "MEASURE"),
    fixed("3300", "3305", N6, "GROSS WEIGHT (kg)"),
    fixed("3310", "3375", N6, "LOGISTIC MEASURE"),
    fixed("3400", "3405", N6, "GROSS WEIGHT (lb)"),
    fixed("3410", "3495", N6, "LOGISTIC MEASURE"),
    fixed("3500", "3575", N6, "MEASURE"),
    fixed("3600", "3695", N6, "MEASURE"),
    row("37", "37", &[Part::n_up_to(8)], "COUNT"),
    row("3900", "3909", &[Part::n_up_to(15)], "AMOUNT"),
    row("3910", "3919", &[Part::n(3), Part::n_up_to(15)], "AMOUNT"),
    row("3920", "3929", &[Part::n_up_to(15)], "PRICE"),
    row("3930", "3939", &[Part::n(3), Part::n_up_to(15)], "PRICE"),
    row("3940", "3943", &[Part::n(4)], "PRCNT OFF"),
    row("3950", "3955", N6, "PRICE/UoM"),

    // Orders, places, transport.
    row("400", "400", X_30, "ORDER NUMBER"),
    row("401", "401", X_30, "GINC"),
    row("402", "402", &[Part::n(17).with(Rule::CheckDigit)], "GSIN"),
    row("403", "403", X_30, "ROUTE"),
    fixed("410", "410", GLN, "SHIP TO LOC"),
    fixed("411", "411", GLN, "BILL TO"),
    fixed("412", "412", GLN, "PURCHASE FROM"),
    fixed("413", "413", GLN, "SHIP FOR LOC"),
    fixed("414", "414", GLN, "LOC No."),
    fixed("415", "415", GLN, "PAY TO"),
    fixed("416", "416", GLN, "PROD/SERV LOC"),
    fixed("417", "417", GLN, "PARTY"),
    row("420", "420", X_20, "SHIP TO POST"),
    row("421", "421", &[Part::n(3), Part::x_up_to(9)], "SHIP TO POST"),
    row("422", "422", COUNTRY, "ORIGIN"),
    row("423", "423", COUNTRIES, "COUNTRY - INITIAL PROCESS"),
    row("424", "424", COUNTRY, "COUNTRY - PROCESS"),
    row("425", "425", COUNTRIES, "COUNTRY - DISASSEMBLY"),
    row("426", "426", COUNTRY, "COUNTRY - FULL PROCESS"),
    row("427", "427", &[Part::x_up_to(3)], "ORIGIN SUBDIVISION"),
    row("4300", "4301", X_35, "SHIP TO NAME"),
    row("4302", "4306", X_70, "SHIP TO ADDRESS"),
    row("4307", "4307", &[Part::x(2)], "SHIP TO COUNTRY"),
    row("4308", "4308", X_30, "SHIP TO PHONE"),
    row("4309", "4309", &[Part::n(10), Part::n(10)], "SHIP TO GEO"),
    row("4310", "4311", X_35, "RTN TO NAME"),
    row("4312", "4316", X_70, "RTN TO ADDRESS"),
    row("4317", "4317", &[Part::x(2)], "RTN TO COUNTRY"),
    row("4318", "4318", X_20, "RTN TO POST"),
    row("4319", "4319", X_30, "RTN TO PHONE"),
    row("4320", "4320", X_35, "SRV DESCRIPTION"),
    row("4321", "4321", &[Part::n(1)], "DANGEROUS GOODS"),
    row("4322", "4322", &[Part::n(1)], "AUTH TO LEAVE"),
    row("4323", "4323", &[Part::n(1)], "SIG REQUIRED"),
    row("4324", "4324", DELIVERY, "NOT BEF DEL DT"),
    row("4325", "4325", DELIVERY, "NOT AFT DEL DT"),
    row("4326", "4326", &[DAY], "REL DATE"),
    row("4330", "4330", TEMPERATURE, "MAX TEMP F."),
    row("4331", "4331", TEMPERATURE, "MAX TEMP C."),
    row("4332", "4332", TEMPERATURE, "MIN TEMP F."),
    row("4333", "4333", TEMPERATURE, "MIN TEMP C."),

    // Attributes of the item.
    row("7001", "7001", &[Part::n(13)], "NSN"),
    row("7002", "7002", X_30, "MEAT CUT"),
    row("7003", "7003", &[DAY, HOUR_MINUTE], "EXPIRY TIME"),
    row("7004", "7004", &[Part::n_up_to(4)], "ACTIVE POTENCY"),
    row("7005", "7005", &[Part::x_up_to(12)], "CATCH AREA"),
    row("7006", "7006", &[DAY], "FIRST FREEZE DATE"),
    row("7007", "7007", &[DAY, DAY.or_nothing()], "HARVEST DATE"),
    row("7008", "7008", &[Part::x_up_to(3)], "AQUATIC SPECIES"),
    row("7009", "7009", &[Part::x_up_to(10)], "FISHING GEAR TYPE"),
    row("7010", "7010", &[Part::x_up_to(2)], "PROD METHOD"),
    row("7011", "7011", &[DAY, HOUR_MINUTE.or_nothing()], "TEST BY DATE"),
    row("7020", "7020", X_20, "REFURB LOT"),
    row("7021", "7021", X_20, "FUNC STAT"),
    row("7022", "7022", X_20, "REV STAT"),
    row("7023", "7023", X_30, "GIAI - ASSEMBLY"),
    row("7030", "7039", &[Part::n(3), Part::x_up_to(27)], "PROCESSOR"),
    row("7040", "7040", &[Part::n(1), Part::x(3)], "UIC+EXT"),
    row("7041", "7041", &[Part::x_up_to(4)], "UFRGT UNIT TYPE"),
    row("710", "710", X_20, "NHRN PZN"),
    row("711", "711", X_20, "NHRN CIP"),
    row("712", "712", X_20, "NHRN CN"),
    row("713", "713", X_20, "NHRN DRN"),
    row("714", "714", X_20, "NHRN AIM"),
    row("715", "715", X_20, "NHRN NDC"),
    row("716", "716", X_20, "NHRN AIC"),
    row("717", "717", X_20, "NHRN SRN"),
    row("7230", "7239", &[Part::x(2), Part::x_up_to(28)], "CERT"),
    row("7240", "7240", X_20, "PROTOCOL"),
    row("7241", "7241", N2, "AIDC MEDIA TYPE"),
    row("7242", "7242", X_25, "VCN"),
    row("7250", "7250", &[Part::n(8)], "DOB"),
    row("7251", "7251", &[Part::n(8), HOUR_MINUTE], "DOB TIME"),
    row("7252", "7252", &[Part::n(1)], "BIO SEX"),
    row("7253", "7253", &[Part::x_up_to(40)], "FAMILY NAME"),
    row("7254", "7254", &[Part::x_up_to(40)], "GIVEN NAME"),
    row("7255", "7255", &[Part::x_up_to(10)], "SUFFIX"),
    row("7256", "7256", X_90, "FULL NAME"),
    row("7257", "7257", X_70, "PERSON ADDR"),
    row("7258", "7258", &[Part::x(3)], "BIRTH SEQUENCE"),
    row("7259", "7259", &[Part::x_up_to(40)], "BABY"),

    // Assets, documents, services.
    row("8001", "8001", &[Part::n(14)], "DIMENSIONS"),
    row("8002", "8002", X_20, "CMT No."),
    row("8003", "8003",
        &[Part::n(1).with(Rule::Zero), GLN_PART, Part::x_up_to(16).or_nothing()], "GRAI"),
    row("8004", "8004", X_30, "GIAI"),
    row("8005", "8005", N6, "PRICE PER UNIT"),
    row("8006", "8006", PIECE, "ITIP"),
    row("8007", "8007", &[Part::x_up_to(34)], "IBAN"),
    row("8008", "8008",
        &[DAY, Part::n(2), Part::n(2).or_nothing(), Part::n(2).or_nothing()], "PROD TIME"),
    row("8009", "8009", &[Part::x_up_to(50)], "OPTSEN"),
    row("8010", "8010", &[Part::y_up_to(30)], "CPID"),
    row("8011", "8011", &[Part::n_up_to(12)], "CPID SERIAL"),
    row("8012", "8012", X_20, "VERSION"),
    row("8013", "8013", X_25, "GMN"),
    row("8014", "8014", X_25, "MUDI"),
    row("8017", "8017", KEY_18, "GSRN - PROVIDER"),
    row("8018", "8018", KEY_18, "GSRN - RECIPIENT"),
    row("8019", "8019", &[Part::n_up_to(10)], "SRIN"),
    row("8020", "8020", X_25, "REF No."),
    row("8026", "8026", PIECE, "ITIP CONTENT"),
    row("8030", "8030", &[Part::z_up_to(90)], "DIGSIG"),
    row("8040", "8041", &[Part::n(15)], "IMEI"),
    row("8042", "8042", &[Part::n(32)], "ESIM"),
    row("8043", "8043", &[Part::n(18), Part::n_up_to(2).or_nothing()], "PSIM"),
    row("8110", "8110", X_70, "COUPON"),
    row("8111", "8111", &[Part::n(4)], "POINTS"),
    row("8112", "8112", X_70, "COUPON"),
    row("8200", "8200", X_70, "PRODUCT URL"),

    // For use inside a company or between partners.
    row("90", "90", X_30, "INTERNAL"),
    row("91", "99", X_90, "INTERNAL"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_sorted_and_found() {
        for pair in TABLE.windows(2) {
            assert!(pair[0].first <= pair[0].last && pair[0].last < pair[1].first, "{pair:?}");
        }
        for entry in TABLE {
            for ai in [entry.first, entry.last] {
                let found = find(ai).map(|found| found.first);
                assert_eq!(found, Some(entry.first), "{ai}");
                assert_eq!(digits_of_ai(ai.as_str().as_bytes()), Some(ai.as_str().len()), "{ai}");
            }
        }
    }

    #[test]
    fn unassigned_ais_are_not_found() {
        for text in ["04", "09", "14", "18", "310", "3106", "3170", "718", "7051", "1000", "999"] {
            let ai: Ai = text.parse().expect("two to four digits are an AI");
            assert!(find(ai).is_none(), "{ai}");
        }
    }
}
