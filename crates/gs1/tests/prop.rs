//! Properties: what is written reads back, and no text makes a reader panic.

use proptest::prelude::*;
use theriac_gs1::{
    Ai, CANONICAL_STEM, CompanyPrefixLength, Element, Epc, Gln, GlnExtension, Gtin, Identifier,
    Lgtin, Lot, Serial, Sgln, Sgtin, Sscc, bracketed, check_digit, check_pairs, date, digital_link,
    element_string, read, read_tolerant,
};

/// 1 to 20 characters of CSET 82.
const CSET_82: &str = "[!\"%&'()*+,\\-./0-9:;<=>?A-Z_a-z]{1,20}";

fn gtin() -> impl Strategy<Value = Gtin> {
    (0..10u64.pow(13)).prop_map(|body| Gtin::from_body(body).expect("13 digits are a body"))
}

fn gln() -> impl Strategy<Value = Gln> {
    (0..10u64.pow(12)).prop_map(|body| Gln::from_body(body).expect("12 digits are a body"))
}

fn sscc() -> impl Strategy<Value = Sscc> {
    (0..10u64.pow(17)).prop_map(|body| Sscc::from_body(body).expect("17 digits are a body"))
}

fn extension() -> impl Strategy<Value = Option<GlnExtension>> {
    // An extension `0` means none.
    let text = CSET_82.prop_filter("an extension", |text| text != "0");
    proptest::option::of(text.prop_map(|text| GlnExtension::new(text).expect("CSET 82")))
}

fn identifier() -> impl Strategy<Value = Identifier> {
    let serial = CSET_82.prop_map(|text| Serial::new(text).expect("CSET 82"));
    let lot = CSET_82.prop_map(|text| Lot::new(text).expect("CSET 82"));
    prop_oneof![
        (gtin(), serial).prop_map(|(gtin, serial)| Sgtin { gtin, serial }.into()),
        (gtin(), lot).prop_map(|(gtin, lot)| Lgtin { gtin, lot }.into()),
        gtin().prop_map(Identifier::Gtin),
        sscc().prop_map(Identifier::Sscc),
        (gln(), extension()).prop_map(|(gln, extension)| Sgln { gln, extension }.into()),
        gln().prop_map(Identifier::Pgln),
    ]
}

/// Texts that look like codes more often than random ones do.
fn nearly_a_code() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "]d2",
            "]C1",
            "]E0",
            "]E4",
            "|]e0",
            "(",
            ")",
            "01",
            "21",
            "10",
            "17",
            "00",
            "414",
            "254",
            "8008",
            "7003",
            "423",
            "4330",
            "310",
            "39",
            "\u{1D}",
            "<GS>",
            "^",
            "\\u001d",
            "\\(",
            "\\",
            "https://",
            "id.gs1.org/",
            "/",
            "?",
            "&",
            "=",
            "#",
            "%",
            "%2",
            "%41",
            "%C3",
            "gtin/",
            "urn:epc:",
            "id:sgtin:",
            "id:sgln:",
            "class:lgtin:",
            "id:sscc:",
            ".",
            "*",
            "09506000134352",
            "376104250021234569",
            "271231",
            "é",
            "␝",
            " ",
        ])
        .prop_map(str::to_owned),
        "[0-9]{0,20}",
        any::<String>(),
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn digital_link_reads_back(id in identifier()) {
        prop_assert_eq!(&id.digital_link().parse::<Identifier>()?, &id);
        let elsewhere = format!("http://example.com/a/01/{}?17=271231#x", id.key());
        prop_assert_eq!(&elsewhere.parse::<Identifier>()?, &id);
    }

    #[test]
    fn urn_reads_back(id in identifier(), digits in 6usize..=12) {
        let company_prefix_length = Some(CompanyPrefixLength::new(digits)?);
        let epc = Epc { id, company_prefix_length };
        let urn = epc.urn().expect("a key with a known length has a URN");
        let back = Epc::from_uri(&urn)?;
        prop_assert_eq!(&back, &epc);
        prop_assert_eq!(back.company_prefix_length, epc.company_prefix_length);
        prop_assert_eq!(back.urn(), Some(urn));
    }

    #[test]
    fn element_string_reads_back(id in identifier()) {
        let scan = read(&element_string(&id.elements()))?;
        prop_assert_eq!(&scan.elements, &id.elements());
        prop_assert_eq!(scan.identifier(), Some(id));
    }

    #[test]
    fn bracketed_reads_back(id in identifier()) {
        let scan = read(&bracketed(&id.elements()))?;
        prop_assert_eq!(scan.identifier(), Some(id));
    }

    #[test]
    fn links_and_urns_scan_as_their_elements(id in identifier()) {
        prop_assert_eq!(read(&id.digital_link())?.identifier(), Some(id.clone()));
        let company_prefix_length = Some(CompanyPrefixLength::new(7)?);
        let urn = Epc { id: id.clone(), company_prefix_length }.urn().expect("a known length");
        prop_assert_eq!(read(&urn)?.identifier(), Some(id));
    }

    #[test]
    fn pack_reads_back_in_any_order(
        gtin in gtin(), serial in CSET_82, lot in CSET_82,
        day in (0i16..100, 1i8..=12, 1i8..=28),
        order in Just([0usize, 1, 2, 3]).prop_shuffle(),
    ) {
        let expiry = format!("{:02}{:02}{:02}", day.0, day.1, day.2);
        let pack = [
            Element::new(Ai::GTIN, gtin.to_string())?,
            Element::new(Ai::SERIAL, serial.clone())?,
            Element::new(Ai::LOT, lot.clone())?,
            Element::new(Ai::EXPIRY, expiry.clone())?,
        ];
        let elements: Vec<Element> = order.iter().map(|&i| pack[i].clone()).collect();
        // A serial may hold the text <GS>; then a real separator is told apart from it.
        for text in [element_string(&elements), bracketed(&elements)] {
            let scan = read(&text)?;
            prop_assert_eq!(scan.gtin(), Some(gtin));
            prop_assert_eq!(scan.serial().map(|s| s.to_string()), Some(serial.clone()));
            prop_assert_eq!(scan.lot().map(|l| l.to_string()), Some(lot.clone()));
            let read_back = scan.expiry(2026)?.map(date::to_yymmdd);
            prop_assert_eq!(read_back, Some(expiry.clone()));
        }
    }

    #[test]
    fn serde_is_the_canonical_text(id in identifier()) {
        let json = serde_json::to_string(&id)?;
        prop_assert_eq!(&json, &serde_json::to_string(&id.digital_link())?);
        prop_assert_eq!(serde_json::from_str::<Identifier>(&json)?, id);
    }

    #[test]
    fn no_text_panics(text in nearly_a_code()) {
        let _ = Identifier::from_uri(&text).map(|epc| (epc.urn(), epc.id.key()));
        let _ = date::yymmdd(&text, 2026);
        let _ = text.parse::<Gtin>();
        match read(&text) {
            Ok(scan) => {
                let _ = (scan.identifier(), scan.expiry(2026), scan.suspected_lost_separator());
                let _ = (check_pairs(&scan.elements), digital_link(&scan.elements, CANONICAL_STEM));
                let tolerant = read_tolerant(&text)?;
                prop_assert!(tolerant.scan.elements == scan.elements || !tolerant.repairs.is_empty());
                let again = read(&element_string(&scan.elements));
                prop_assert!(again.is_ok(), "{scan:?}: {again:?}");
            }
            Err(error) => {
                prop_assert!(error.offset <= text.len());
                let _ = read_tolerant(&text);
                prop_assert!(!error.hint().is_empty() && !error.to_string().is_empty());
            }
        }
    }

    #[test]
    fn one_wrong_digit_is_found(gtin in gtin(), at in 0usize..14, change in 1u8..10) {
        let mut digits = gtin.to_string().into_bytes();
        digits[at] = b'0' + (digits[at] - b'0' + change) % 10;
        let text = String::from_utf8(digits)?;
        prop_assert!(text.parse::<Gtin>().is_err());
    }

    #[test]
    fn check_digit_makes_the_weighted_sum_a_ten(body in 0..10u64.pow(17)) {
        let text = format!("{body}{}", check_digit(body));
        let weighted = text.bytes().rev().zip([1u32, 3].into_iter().cycle());
        let sum: u32 = weighted.map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
        prop_assert_eq!(sum % 10, 0);
    }

    #[test]
    fn any_year_is_no_panic(text in "[0-9]{6}", year in any::<i16>()) {
        let _ = date::yymmdd(&text, year);
    }
}
