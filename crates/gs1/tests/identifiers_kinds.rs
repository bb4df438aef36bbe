//! Each kind of identifier, pattern and national code: what is read, what is refused and why.

use theriac_gs1::national::{ChinaCode, CryptoTail, is_cip13, is_pzn};
use theriac_gs1::{
    CompanyPrefixLength, CompanyPrefixes, Epc, Gtin, Identifier, Ndc, NdcFormat, Pattern,
    element_string, read,
};

/// The examples of the EPC Tag Data Standard, section 6.3, with their Digital Links.
const EXAMPLES: [(&str, &str); 16] = [
    ("urn:epc:id:sgtin:0614141.112345.400", "01/10614141123459/21/400"),
    ("urn:epc:class:lgtin:0614141.112345.400", "01/10614141123459/10/400"),
    ("urn:epc:id:sscc:0614141.1234567890", "00/106141412345678908"),
    ("urn:epc:id:sgln:0614141.12345.400", "414/0614141123452/254/400"),
    ("urn:epc:id:pgln:0614141.12345", "417/0614141123452"),
    ("urn:epc:id:grai:0614141.12345.400", "8003/00614141123452400"),
    ("urn:epc:id:giai:0614141.12345400", "8004/061414112345400"),
    ("urn:epc:id:gdti:0614141.12345.400", "253/0614141123452400"),
    ("urn:epc:id:sgcn:4012345.67890.04711", "255/401234567890104711"),
    ("urn:epc:id:gsrn:0614141.1234567890", "8018/061414112345678902"),
    ("urn:epc:id:gsrnp:0614141.1234567890", "8017/061414112345678902"),
    ("urn:epc:id:ginc:0614141.xyz3311cba", "401/0614141xyz3311cba"),
    ("urn:epc:id:gsin:0614141.123456789", "402/06141411234567890"),
    ("urn:epc:id:itip:4012345.012345.01.02.987", "8006/040123451234560102/21/987"),
    ("urn:epc:id:cpi:0614141.123ABC.123456789", "8010/0614141123ABC/8011/123456789"),
    (
        "urn:epc:id:upui:1234567.098765.51qIgY)%3C%26Jp3*j7",
        "01/01234567987651/235/51qIgY%29%3C%26Jp3%2Aj7",
    ),
];

const CLASSES: [(&str, &str); 6] = [
    ("urn:epc:idpat:sgtin:0614141.112345.*", "01/10614141123459"),
    ("urn:epc:idpat:grai:0614141.12345.*", "8003/00614141123452"),
    ("urn:epc:idpat:gdti:0614141.12345.*", "253/0614141123452"),
    ("urn:epc:idpat:sgcn:4012345.67890.*", "255/4012345678901"),
    ("urn:epc:idpat:itip:4012345.012345.01.02.*", "8006/040123451234560102"),
    ("urn:epc:idpat:cpi:0614141.123ABC.*", "8010/0614141123ABC"),
];

fn epc(text: &str) -> Epc {
    Epc::from_uri(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn each_scheme_has_its_digital_link() {
    let table = CompanyPrefixes::from_csv("0614141,7\n4012345,7\n1234567,7\n").expect("a table");
    for (urn, key) in EXAMPLES.into_iter().chain(CLASSES) {
        let from_urn = epc(urn);
        assert_eq!((from_urn.id.key(), from_urn.urn()), (key.to_owned(), Some(urn.to_owned())));
        let from_link = epc(&format!("https://id.gs1.org/{key}"));
        assert_eq!(from_link, from_urn);
        assert_eq!(from_link.urn(), None, "the company prefix length is not guessed");
        assert_eq!(from_link.urn_with(&table).as_deref(), Some(urn));
        assert_eq!(from_link.id.is_class(), !urn.starts_with("urn:epc:id:"), "{urn}");
        assert_eq!(Identifier::from_elements(&from_urn.id.elements()), Some(from_urn.id));
    }
    assert_eq!(epc("urn:epc:idpat:upui:0614141.112345.*").id.key(), "01/10614141123459");
}

#[test]
fn identifiers_are_small() {
    assert!(size_of::<Identifier>() <= 32, "{} bytes", size_of::<Identifier>());
    assert!(size_of::<Epc>() <= 40, "{} bytes", size_of::<Epc>());
}

#[test]
fn wrong_keys_are_refused_with_their_reason() {
    for (text, expected) in [
        (
            "https://id.gs1.org/8003/00614141123453400",
            "expected check digit 2 in the GRAI, found 3",
        ),
        (
            "https://id.gs1.org/8003/10614141123452",
            "expected a zero before the 13 digits of a GRAI in the Digital Link path, found \
             \"10614141123452\"",
        ),
        (
            "urn:epc:id:grai:0614141.12345.12345678901234567",
            "expected 1 to 16 characters in a serial number of an asset, found 17",
        ),
        (
            "urn:epc:id:gdti:0614141.123456.1",
            "expected 12 digits in company prefix and reference, found 13",
        ),
        (
            "urn:epc:id:sgcn:4012345.67890.A1",
            "expected digits only in a serial number of a coupon, found 'A' at offset 0",
        ),
        (
            "urn:epc:id:giai:0614141.",
            "expected CompanyPrefix.AssetReference in the EPC URN, found \"0614141.\"",
        ),
        ("urn:epc:id:giai:06141.1", "expected a company prefix of 6 to 12 digits, found 5"),
        (
            "urn:epc:id:giai:061414A.1",
            "expected only digits in a company prefix, found 'A' at offset 6",
        ),
        (
            "https://id.gs1.org/8004/AB12345",
            "expected the digits of a company prefix at the start of a GIAI, found 0",
        ),
        (
            "urn:epc:id:cpi:0614141.123abc.1",
            "expected characters of the GS1 set 39 in a component or part identifier, found 'a' \
             at offset 10",
        ),
        (
            "urn:epc:id:cpi:0614141.123ABC.01",
            "expected no zero before the first digit of a serial number of a part, found one",
        ),
        (
            "urn:epc:id:itip:4012345.012345.03.02.987",
            "expected a piece from 1 to the total and a total of at most 99, found 3 of 2",
        ),
        (
            "https://id.gs1.org/8018/061414112345678903",
            "expected check digit 2 in the GSRN, found 3",
        ),
        (
            "https://id.gs1.org/01/10614141123459/21/1/235/2",
            "expected 235 without 10 and 21 in the Digital Link path, found \"21/1/235/2\"",
        ),
        (
            "https://id.gs1.org/415/0614141123453/8020/1",
            "wrong value of (415): expected check digit 2 in the GLN, found 3",
        ),
        (
            "urn:epc:idpat:sgtin:0614141.112345.400",
            "expected * for the last component in the EPC URN, found \"0614141.112345.400\"",
        ),
        ("urn:epc:idpat:grai:*.12345.*", "expected a company prefix of 6 to 12 digits, found 1"),
    ] {
        let found = Epc::from_uri(text).map_err(|error| error.to_string());
        assert_eq!(found.err().as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn schemes_without_a_key_are_checked_and_kept() {
    for text in [
        "urn:epc:id:gid:95100000.12345.400",
        "urn:epc:id:usdod:2S194.12345678901",
        "urn:epc:id:usdod:CAGEY.5678",
        "urn:epc:id:adi:2S194..12345ABC",
        "urn:epc:id:adi:W81X9C.3KL984PX1.2WMA52",
        "urn:epc:id:adi:2S194..%2312345ABC",
        "urn:epc:id:bic:CSQU3054383",
        "urn:epc:id:imovn:9176187",
        "urn:epc:idpat:sgtin:0614141.*.*",
        "urn:epc:idpat:sscc:*.*",
        "https://id.gs1.org/415/0614141123452/8020/A1",
        "urn:epc:id:something:1",
        "https://example.com/8004/manual",
        "https://example.com/2024/253/7",
    ] {
        let epc = epc(text);
        assert!(matches!(&epc.id, Identifier::Other(uri) if uri.as_str() == text), "{epc:?}");
    }
    for text in [
        "urn:epc:id:gid:95100000.012345.400",
        "urn:epc:id:gid:95100000.12345",
        "urn:epc:id:usdod:2SI94.1",
        "urn:epc:id:adi:2S194.abc.1",
        "urn:epc:id:adi:2S194.A.",
        "urn:epc:id:bic:CSQX3054383",
        "urn:epc:id:imovn:917618",
    ] {
        assert!(Epc::from_uri(text).is_err(), "{text}");
    }
}

#[test]
fn qualifiers_that_name_nothing_are_left_out() {
    for (text, key) in [
        ("https://id.gs1.org/01/10614141123459/22/A", "01/10614141123459"),
        ("https://id.gs1.org/01/10614141123459/22/A/10/B", "01/10614141123459/10/B"),
        ("https://id.gs1.org/01/10614141123459/22/A/10/B/21/C", "01/10614141123459/21/C"),
        ("https://id.gs1.org/414/0614141123452/7040/1ABC", "414/0614141123452"),
        ("https://id.gs1.org/417/0614141123452/7040/1ABC", "417/0614141123452"),
        ("https://id.gs1.org/8004/061414112345400/7040/1ABC", "8004/061414112345400"),
        ("https://id.gs1.org/8018/061414112345678902/8019/1", "8018/061414112345678902"),
        ("https://id.gs1.org/itip/040123451234560102/lot/B", "8006/040123451234560102/10/B"),
    ] {
        assert_eq!(epc(text).id.key(), key);
    }
}

#[test]
fn patterns_match_as_wide_as_they_are() {
    let unit = "urn:epc:id:sgtin:0614141.112345.400";
    let class = "urn:epc:idpat:sgtin:0614141.112345.*";
    let batch = "urn:epc:class:lgtin:0614141.112345.B";
    let other_unit = "urn:epc:id:sgtin:0614141.112346.400";
    let all = [unit, class, batch, other_unit];
    for (pattern, prefix, expected) in [
        (unit, "01/10614141123459/21/400", &[unit][..]),
        (class, "01/10614141123459", &[unit, class]),
        ("urn:epc:id:sgtin:0614141.112345.*", "01/10614141123459", &[unit, class]),
        ("https://example.com/01/10614141123459/21/*", "01/10614141123459", &[unit, class]),
        ("https://id.gs1.org/01/10614141123459", "01/10614141123459", &[class]),
        ("urn:epc:class:lgtin:0614141.112345.*", "01/10614141123459/10/", &[batch]),
        ("https://id.gs1.org/01/10614141123459/10/*", "01/10614141123459/10/", &[batch]),
        ("urn:epc:idpat:sgtin:0614141.*.*", "01/", &[unit, class, other_unit]),
        ("urn:epc:idpat:sgtin:*.*.*", "01/", &[unit, class, other_unit]),
        ("urn:epc:idpat:upui:0614141.*.*", "01/", &[class]),
        ("urn:epc:idpat:grai:0614141.*.*", "8003/00614141", &[]),
        ("urn:epc:idpat:gid:95100000.12345.*", "urn:epc:id:gid:95100000.12345.", &[]),
    ] {
        let pattern = Pattern::from_uri(pattern).unwrap_or_else(|e| panic!("{pattern}: {e}"));
        let found: Vec<&str> = all.into_iter().filter(|text| pattern.matches(&epc(text))).collect();
        assert_eq!((found.as_slice(), pattern.key_prefix().as_deref()), (expected, Some(prefix)));
    }
    let company = Pattern::from_uri("urn:epc:idpat:sgtin:0614141.*.*").expect("a pattern");
    assert!(company.matches(&epc("https://id.gs1.org/01/10614141123459/21/400")));
    assert!(!company.matches(&epc("urn:epc:id:sgtin:06141411.12345.400")), "another company");
    let company = Pattern::from_uri("urn:epc:idpat:sscc:0614141.*").expect("a pattern");
    assert_eq!(company.key_prefixes()[3], "00/30614141");
    let pieces = Pattern::from_uri("urn:epc:idpat:itip:4012345.012345.*.*.*").expect("a pattern");
    assert!(pieces.matches(&epc("urn:epc:id:itip:4012345.012345.01.02.987")));
    assert!(!pieces.matches(&epc("urn:epc:id:itip:4012345.012346.01.02.987")));
    let places = Pattern::from_uri("urn:epc:idpat:sgln:0614141.12345.*").expect("a pattern");
    assert!(places.matches(&epc("https://id.gs1.org/414/0614141123452")));
    let numbers = Pattern::from_uri("urn:epc:idpat:gid:95100000.*.*").expect("a pattern");
    assert!(numbers.matches(&epc("urn:epc:id:gid:95100000.12345.400")));
    assert!(!numbers.matches(&epc("urn:epc:id:gid:951000001.12345.400")));
}

#[test]
fn wildcards_stand_at_the_end_alone() {
    for text in [
        "urn:epc:idpat:sgtin:*.112345.400",
        "urn:epc:idpat:sgtin:0614141.*.400",
        "urn:epc:idpat:sgtin:*.112345.*",
        "urn:epc:idpat:sgtin:0614141.*",
        "urn:epc:idpat:sgtin:06141.*.*",
        "urn:epc:idpat:itip:4012345.012345.01.*.*",
        "urn:epc:idpat:sgtin:0614141.11234.*",
        "https://id.gs1.org/01/10614141123458/21/*",
    ] {
        assert!(Pattern::from_uri(text).is_err(), "{text}");
    }
}

#[test]
fn company_prefix_tables_say_which_line_is_wrong() {
    for (csv, expected) in [
        ("prefix,length\n061414", "expected \"prefix,length\" in line 2, found \"061414\""),
        ("0614141,7,x", "expected \"prefix,length\" in line 1, found \"0614141,7,x\""),
        ("1,7\n\nx,7", "expected a prefix of 1 to 12 digits in line 3, found \"x\""),
        ("0614141,3", "expected a length of 0 or 4 to 12 in line 1, found \"3\""),
        ("0614141,6", "expected a prefix of at most 6 digits in line 1, found \"0614141\""),
        ("06,7\n06,8", "expected each prefix once, found 06 with the lengths 7 and 8"),
    ] {
        let found = CompanyPrefixes::from_csv(csv).map_err(|error| error.to_string());
        assert_eq!(found.err().as_deref(), Some(expected));
    }
    let json = r#"{"GCPPrefixFormatList":{"date":"2026-01-01","entry":[
        {"prefix":"061414","gcpLength":7},{"prefix":"0614149","gcpLength":0}]}}"#;
    let from_json: CompanyPrefixes = serde_json::from_str(json).expect("a table");
    let from_csv = CompanyPrefixes::from_csv("\"061414\",7\r\n0614149, 0\r\n");
    assert_eq!(Ok(&from_json), from_csv.as_ref());
    let length = |text: &str| from_json.length_of(&epc(text).id).map(|length| length.digits());
    assert_eq!(length("https://id.gs1.org/8004/0614141A"), Some(7));
    assert_eq!(length("https://id.gs1.org/8004/061414A"), None, "six digits are no prefix of 7");
    assert_eq!(length("https://id.gs1.org/8004/0614149A"), None);
    assert_eq!(length("urn:uuid:1"), None);
}

#[test]
fn drug_codes_are_cut_only_where_it_is_known() {
    let gtin = |text: &str| text.parse::<Gtin>().expect("a GTIN");
    let length = |digits| CompanyPrefixLength::new(digits).ok();
    let lilly: Ndc = "0002-1433-80".parse().expect("an NDC");
    assert_eq!(lilly.to_gtin(3), Ok(gtin("30300021433803")));
    assert_eq!(Ndc::from_gtin(gtin("30300021433803"), length(6)), Ok(lilly));
    assert_eq!(lilly.to_ndc12().to_string(), "000002-1433-80");
    let ambiguous = Ndc::from_gtin(gtin("30300021433803"), None).map_err(|e| e.to_string());
    assert_eq!(
        ambiguous,
        Err("expected where the segments of the NDC end, found digits of 0002-1433-80 and of \
             00021-433-80"
            .to_owned())
    );
    assert!(Ndc::from_gtin(gtin("00312345678906"), length(7)).is_err());
    assert!(Ndc::from_gtin(gtin("00312345678906"), length(8)).is_err());
    let as_541 = Ndc::from_gtin_as(gtin("00312345678906"), NdcFormat::F541).expect("an NDC");
    assert_eq!(as_541.to_string(), "12345-6789-0");
    assert_eq!(as_541.to_ndc11().map(|ndc| ndc.digits()), Ok("12345678900".to_owned()));
    assert!(Ndc::from_gtin(gtin("09506000134352"), length(6)).is_err(), "no 03");

    let one: Ndc = "12345-0678-90".parse().expect("an NDC");
    assert_eq!(one.to_ndc10().map(|ndc| ndc.to_string()), Ok("12345-678-90".to_owned()));
    let two: Ndc = "01234067890".parse().expect("an NDC of 11 digits");
    assert_eq!(two.ndc10_candidates().len(), 2, "{:?}", two.ndc10_candidates());
    assert!(two.to_ndc10().is_err());
    assert!("12345-6789-11".parse::<Ndc>().expect("an NDC").to_ndc10().is_err());
    assert!("123456-7890-12".parse::<Ndc>().expect("an NDC").to_ndc11().is_err());
    for text in ["0002143380", "002-1433-80", "0002-1433-80-1", "0002-1433-8x", ""] {
        assert!(text.parse::<Ndc>().is_err(), "{text}");
    }
}

#[test]
fn national_codes_are_told_apart_and_kept() {
    assert!(is_pzn("27580899") && !is_pzn("2758089") && !is_pzn("2758089A"));
    assert!(is_cip13("3400930000014") && !is_cip13("3400930000015"));
    assert!(!is_cip13("9506000134352"), "another country");

    let code = ChinaCode::recognise(" 81234567890123456789\n").expect("20 digits");
    assert_eq!(code.as_str(), "81234567890123456789");
    assert_eq!(ChinaCode::recognise("00106141412345678908"), None, "an SSCC behind AI 00");
    assert_eq!(ChinaCode::recognise("8123456789012345678"), None);

    let pack = "]d201046071234567812112345678ABCDE\u{1D}91EE06\u{1D}92abc+/=";
    let scan = read(pack).unwrap_or_else(|error| panic!("{error}"));
    let tail = CryptoTail { key: "EE06", signature: "abc+/=" };
    assert_eq!(CryptoTail::of(&scan.elements), Some(tail));
    let again = read(&element_string(&scan.elements)).expect("an element string");
    assert_eq!(again.elements, scan.elements);
    assert_eq!(CryptoTail::of(&scan.elements[..3]), None);
}
