//! Properties of the identifiers of all keys, patterns, company prefixes and drug codes.

use proptest::prelude::*;
use theriac_gs1::national::ChinaCode;
use theriac_gs1::{
    AssetType, CompanyPrefixLength, CompanyPrefixes, Coupon, Cpi, DocumentType, Epc, Gcn, Gdti,
    Gln, Grai, Gsin, Gsrn, Gtin, Identifier, Itip, ItipPart, Lgtin, Ndc, NdcFormat, Pattern,
    PieceOfTotal, Sgln, Sgtin, Sscc, Upui, bracketed, element_string, read,
};

/// Characters of CSET 82.
const CSET_82: &str = "[!\"%&'()*+,\\-./0-9:;<=>?A-Z_a-z]";

/// A text of the type that stands for it.
fn text<T>(pattern: &str) -> impl Strategy<Value = T> + use<T>
where
    T: std::str::FromStr<Err: std::fmt::Debug> + std::fmt::Debug,
{
    proptest::string::string_regex(pattern)
        .expect("a regular expression")
        .prop_map(|text| text.parse().expect("a right text"))
}

fn cset_82<T>(max: usize) -> impl Strategy<Value = T> + use<T>
where
    T: std::str::FromStr<Err: std::fmt::Debug> + std::fmt::Debug,
{
    text(&format!("{CSET_82}{{1,{max}}}"))
}

macro_rules! key {
    ($name:ident, $key:ident) => {
        fn $name() -> impl Strategy<Value = $key> {
            (0..10u64.pow($key::DIGITS as u32 - 1))
                .prop_map(|body| $key::from_body(body).expect("as many digits as a body has"))
        }
    };
}

key!(gtin, Gtin);
key!(sscc, Sscc);
key!(gln, Gln);
key!(asset_type, AssetType);
key!(document_type, DocumentType);
key!(coupon, Coupon);
key!(gsrn, Gsrn);
key!(gsin, Gsin);

fn trade_item() -> impl Strategy<Value = Identifier> {
    let piece = (1u8..=99, 1u8..=99)
        .prop_map(|(a, b)| PieceOfTotal::new(a.min(b), a.max(b)).expect("a piece of a total"));
    let part = prop_oneof![
        Just(ItipPart::All),
        cset_82(20).prop_map(ItipPart::Lot),
        cset_82(20).prop_map(ItipPart::Serial),
    ];
    prop_oneof![
        (gtin(), cset_82(20)).prop_map(|(gtin, serial)| Sgtin { gtin, serial }.into()),
        (gtin(), cset_82(20)).prop_map(|(gtin, lot)| Lgtin { gtin, lot }.into()),
        (gtin(), cset_82(28)).prop_map(|(gtin, serial)| Upui { gtin, serial }.into()),
        gtin().prop_map(Identifier::Gtin),
        (gtin(), piece, part).prop_map(|(gtin, piece, part)| Itip { gtin, piece, part }.into()),
    ]
}

fn numbered() -> impl Strategy<Value = Identifier> {
    use proptest::option::of;
    let number = text("[0-9]{12}[#/0-9A-Z-]{1,18}");
    prop_oneof![
        (asset_type(), of(cset_82(16))).prop_map(|(asset_type, serial)| Grai {
            asset_type,
            serial
        }
        .into()),
        (document_type(), of(cset_82(17))).prop_map(|(document_type, serial)| Gdti {
            document_type,
            serial
        }
        .into()),
        (coupon(), of(text("[0-9]{1,12}")))
            .prop_map(|(coupon, serial)| Gcn { coupon, serial }.into()),
        (number, of(text("[1-9][0-9]{0,11}")))
            .prop_map(|(part, serial)| Cpi { part, serial }.into()),
    ]
}

fn identifier() -> impl Strategy<Value = Identifier> {
    let extension = CSET_82.to_owned() + "{1,20}";
    let extension = proptest::string::string_regex(&extension)
        .expect("a regular expression")
        .prop_filter("an extension", |text| text != "0")
        .prop_map(|text| text.parse().expect("an extension"));
    let text_key = format!("[0-9]{{12}}{CSET_82}{{1,18}}");
    prop_oneof![
        4 => trade_item(),
        4 => numbered(),
        1 => sscc().prop_map(Identifier::Sscc),
        1 => (gln(), proptest::option::of(extension))
            .prop_map(|(gln, extension)| Sgln { gln, extension }.into()),
        1 => gln().prop_map(Identifier::Pgln),
        1 => gsrn().prop_map(Identifier::Gsrn),
        1 => gsrn().prop_map(Identifier::Gsrnp),
        1 => gsin().prop_map(Identifier::Gsin),
        1 => text(&text_key).prop_map(Identifier::Giai),
        1 => text(&text_key).prop_map(Identifier::Ginc),
    ]
}

fn length() -> impl Strategy<Value = CompanyPrefixLength> {
    (6usize..=12).prop_map(|digits| CompanyPrefixLength::new(digits).expect("6 to 12"))
}

/// The identifier with its company prefix length, and its URN.
fn with_urn() -> impl Strategy<Value = (Epc, String)> {
    (identifier(), length()).prop_filter_map("a key with a URN", |(id, length)| {
        let epc = Epc { id, company_prefix_length: Some(length) };
        epc.urn().map(|urn| (epc, urn))
    })
}

/// The URN as a pattern whose components from `fixed` on are wildcards.
fn wild(urn: &str, fixed: usize) -> Option<String> {
    let scheme = urn.split(':').nth(3)?;
    let rest = &urn[urn.match_indices(':').nth(3)?.0 + 1..];
    let count = match scheme {
        "itip" => 5,
        "sscc" | "pgln" | "giai" | "gsrn" | "gsrnp" | "ginc" | "gsin" => 2,
        _ => 3,
    };
    // Of a piece, trade item and piece are left out together.
    let fixed = if fixed < count && !(count == 5 && fixed == 3) { fixed } else { count - 1 };
    let parts = rest.splitn(count, '.').take(fixed).chain(std::iter::repeat_n("*", count - fixed));
    Some(format!("urn:epc:idpat:{scheme}:{}", parts.collect::<Vec<_>>().join(".")))
}

/// Another company: the first digit of the prefix is another one.
fn other_company(pattern: &str) -> Option<String> {
    let start = pattern.match_indices(':').nth(3)?.0 + 1;
    let digit = pattern[start..].bytes().next().filter(u8::is_ascii_digit)?;
    let other = char::from(b'0' + (digit - b'0' + 1) % 10);
    Some(format!("{}{other}{}", &pattern[..start], &pattern[start + 1..]))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn digital_link_reads_back(id in identifier()) {
        prop_assert_eq!(&id.digital_link().parse::<Identifier>()?, &id);
        let elsewhere = format!("http://example.com/a/{}?17=271231#x", id.key());
        prop_assert_eq!(&elsewhere.parse::<Identifier>()?, &id);
        let less_escaped = format!("https://id.gs1.org/{}", id.key_leaving("';="));
        prop_assert_eq!(&less_escaped.parse::<Identifier>()?, &id);
    }

    #[test]
    fn urn_reads_back((epc, urn) in with_urn()) {
        let back = Epc::from_uri(&urn)?;
        prop_assert_eq!(&back, &epc);
        prop_assert_eq!(back.company_prefix_length, epc.company_prefix_length);
        prop_assert_eq!(back.urn(), Some(urn));
        prop_assert_eq!(back.id.is_class(), back.urn().is_some_and(|urn| {
            urn.starts_with("urn:epc:idpat:") || urn.starts_with("urn:epc:class:")
        }));
    }

    #[test]
    fn only_a_batch_of_pieces_has_no_urn(id in identifier(), length in length()) {
        let epc = Epc { id: id.clone(), company_prefix_length: Some(length) };
        let is_batch = matches!(&id, Identifier::Itip(itip) if matches!(itip.part, ItipPart::Lot(_)));
        prop_assert_eq!(epc.urn().is_none(), is_batch);
        prop_assert_eq!(Epc::from(id).urn(), None);
    }

    #[test]
    fn elements_read_back(id in identifier()) {
        prop_assert_eq!(Identifier::from_elements(&id.elements()), Some(id.clone()));
        prop_assert_eq!(read(&element_string(&id.elements()))?.identifier(), Some(id.clone()));
        prop_assert_eq!(read(&bracketed(&id.elements()))?.identifier(), Some(id.clone()));
        prop_assert_eq!(read(&id.digital_link())?.identifier(), Some(id));
    }

    #[test]
    fn a_pattern_matches_what_it_is_made_of((epc, urn) in with_urn(), fixed in 0usize..5) {
        let anonymous = Epc::from(epc.id.clone());
        let exact = Pattern::from_uri(&epc.digital_link())?;
        prop_assert_eq!(exact.exact(), Some(&epc.id));
        for text in [urn.clone(), wild(&urn, fixed).expect("a URN has components")] {
            let pattern = Pattern::from_uri(&text)?;
            prop_assert!(pattern.matches(&epc) && pattern.matches(&anonymous), "{text}");
            let key = epc.id.key();
            let prefix = pattern.key_prefix();
            prop_assert!(prefix.as_ref().is_some_and(|p| key.starts_with(p)), "{text}: {prefix:?}");
            prop_assert!(pattern.key_prefixes().iter().any(|prefix| key.starts_with(prefix)));
        }
    }

    #[test]
    fn a_pattern_matches_its_own_company_alone((epc, urn) in with_urn(), fixed in 1usize..5) {
        let text = wild(&urn, fixed).and_then(|text| other_company(&text));
        let pattern = Pattern::from_uri(&text.expect("a company prefix"))?;
        prop_assert!(!pattern.matches(&epc));
        prop_assert!(!pattern.matches(&Epc::from(epc.id)));
    }

    #[test]
    fn a_pattern_matches_its_own_scheme_alone((_, urn) in with_urn(), other in identifier()) {
        let all = Pattern::from_uri(&wild(&urn, 0).expect("components"))?;
        let scheme = urn.split(':').nth(3);
        let of_other = Epc { id: other, company_prefix_length: CompanyPrefixLength::new(7).ok() };
        let found = of_other.urn();
        let found = found.as_deref().and_then(|urn| urn.split(':').nth(3));
        let upui = scheme == Some("upui") && matches!(of_other.id, Identifier::Gtin(_));
        prop_assert_eq!(all.matches(&of_other), upui || scheme == found);
    }

    #[test]
    fn the_longest_prefix_decides(
        rows in proptest::collection::btree_map("[01]{1,12}", 0usize..9, 0..40),
        digits in "[01]{12}",
    ) {
        let rows: Vec<(String, usize)> = rows
            .into_iter()
            .map(|(prefix, extra)| {
                let length = if extra == 0 { 0 } else { (prefix.len().max(5) + extra).min(12) };
                (prefix, length)
            })
            .collect();
        let csv: String =
            rows.iter().map(|(prefix, length)| format!("{prefix},{length}\r\n")).collect();
        let table = CompanyPrefixes::from_csv(&csv)?;
        let longest = rows.iter().filter(|(prefix, _)| digits.starts_with(prefix));
        let expected = longest.max_by_key(|(prefix, _)| prefix.len()).map_or(0, |(_, length)| *length);
        let id: Identifier = format!("https://id.gs1.org/8004/{digits}X").parse()?;
        prop_assert_eq!(table.length_of(&id).map_or(0, |length| length.digits()), expected);
    }

    #[test]
    fn ndc_reads_back(digits in "[0-9]{12}", at in 0usize..5, indicator in 0u8..=8) {
        let formats =
            [NdcFormat::F442, NdcFormat::F532, NdcFormat::F541, NdcFormat::F542, NdcFormat::F642];
        let format = formats[at];
        let ndc = Ndc::from_digits(&digits[..format.digits()], format)?;
        prop_assert_eq!(ndc.to_string().parse::<Ndc>()?, ndc);
        prop_assert_eq!(ndc.to_ndc12().to_format(format)?, ndc);
        if format.digits() == 10 {
            prop_assert!(ndc.to_ndc11()?.ndc10_candidates().contains(&ndc));
            let gtin = ndc.to_gtin(indicator)?;
            prop_assert_eq!(gtin.indicator(), indicator);
            prop_assert_eq!(Ndc::from_gtin_as(gtin, format)?, ndc);
        } else {
            prop_assert!(ndc.to_gtin(indicator).is_err());
        }
    }

    #[test]
    fn no_text_panics(
        pieces in proptest::collection::vec(
            prop_oneof![
                prop::sample::select(vec![
                    "urn:epc:", "id:", "idpat:", "class:", "sgtin:", "itip:", "cpi:", "giai:",
                    "grai:", "gid:", "adi:", "usdod:", "bic:", "imovn:", "upui:", "*", ".", ".*",
                    "0614141", "107346", "01", "%", "%2F", "é", "https://id.gs1.org/", "8003/0",
                    "8010/", "8011/", "253/", "415/", "8013/", "235/", "/", ",", "\n", "-",
                ]).prop_map(str::to_owned),
                "[0-9]{0,14}",
                any::<String>(),
            ],
            0..10,
        ),
    ) {
        let text = pieces.concat();
        if let Ok(pattern) = Pattern::from_uri(&text) {
            let _ = (pattern.key_prefix(), pattern.key_prefixes());
        }
        if let Ok(epc) = Epc::from_uri(&text) {
            let _ = (epc.urn(), epc.id.key(), epc.id.elements());
            prop_assert_eq!(&Epc::from_uri(&epc.digital_link())?, &epc);
        }
        let _ = CompanyPrefixes::from_csv(&text).map(|table| table.is_empty());
        let _ = text.parse::<Ndc>();
        let _ = ChinaCode::recognise(&text);
    }
}
