//! Codes as scanners and people mangle them: what the error says, where, and what to do.

use theriac_gs1::{
    Identifier, ReadOptions, Scan, ScanForm, ScanRepair, Symbology, bracketed, read, read_tolerant,
    read_with,
};

/// Message and hint of a code that must not read.
fn refused(text: &str) -> (String, String) {
    match read(text) {
        Err(error) => (error.to_string(), error.hint()),
        Ok(scan) => panic!("{text:?} read as {scan:?}"),
    }
}

fn accepted(text: &str) -> Scan {
    read(text).unwrap_or_else(|error| panic!("{text:?}: {error}"))
}

fn key(text: &str) -> Option<String> {
    accepted(text).identifier().map(|id| id.key())
}

#[test]
fn one_pack_in_every_form() {
    let forms = [
        "]d201095060001343521727123110L1\u{1D}21abc",
        "]C101095060001343521727123110L1\u{1D}21abc",
        "01095060001343521727123110L1\u{1D}21abc\r\n",
        "01095060001343521727123110L1<GS>21abc",
        "01095060001343521727123110L1{GS}21abc",
        "01095060001343521727123110L1[gs]21abc",
        "01095060001343521727123110L1\\x1d21abc",
        "01095060001343521727123110L1\\u001D21abc",
        "01095060001343521727123110L1␝21abc",
        "^01095060001343521727123110L1^21abc^",
        "\u{1D}010950600013435221abc\u{1D}17271231\u{1D}10L1",
        "(01)09506000134352(17)271231(10)L1(21)abc",
        " (01) 09506000134352 (17) 271231 (10) L1 (21) abc ",
        "https://id.gs1.org/01/09506000134352/10/L1/21/abc?17=271231",
        "]d1https://example.com/01/9506000134352/10/L1/21/abc?17=271231",
        "HTTPS://example.com/gtin/09506000134352/lot/L1/ser/abc?17=271231&utm=x#y",
    ];
    for text in forms {
        let scan = accepted(text);
        assert_eq!(key(text).as_deref(), Some("01/09506000134352/21/abc"), "{text:?}");
        assert_eq!(scan.lot().map(|lot| lot.to_string()).as_deref(), Some("L1"), "{text:?}");
        let expiry = scan.expiry(2026).expect("a read date is right").map(|day| day.to_string());
        assert_eq!(expiry.as_deref(), Some("2027-12-31"), "{text:?}");
    }
}

#[test]
fn other_keys() {
    for (text, expected) in [
        ("]C100376104250021234569", "00/376104250021234569"),
        ("376104250021234569", "00/376104250021234569"),
        ("(414)9506000134352(254)A/1", "414/9506000134352/254/A%2F1"),
        ("(414)9506000134352(254)0", "414/9506000134352"),
        ("(417)9506000134352", "417/9506000134352"),
        ("010950600013435210L1", "01/09506000134352/10/L1"),
        ("]E09506000134352", "01/09506000134352"),
        ("9506000134352", "01/09506000134352"),
        ("urn:epc:id:sgtin:9506000.013435.a%2Fb", "01/09506000134352/21/a%2Fb"),
    ] {
        assert_eq!(key(text).as_deref(), Some(expected), "{text:?}");
    }
}

#[test]
fn form_and_symbology_are_told() {
    let scan = accepted("]Q1https://id.gs1.org/01/09506000134352");
    assert_eq!((scan.form, scan.symbology), (ScanForm::DigitalLink, Some(Symbology::QrCode)));
    let scan = accepted("9506000134352");
    assert_eq!((scan.form, scan.symbology), (ScanForm::PlainKey, None));
}

#[test]
fn wrong_check_digit() {
    let (message, hint) = refused("]d2010950600013435321abc");
    assert_eq!(
        message,
        "wrong value of (01): expected check digit 2 in the GTIN, found 3 (offset 5)"
    );
    assert!(hint.contains("scan the code again"), "{hint}");
}

#[test]
fn changed_case() {
    for (text, expected) in [("]D2", "]d2"), ("]c1", "]C1"), ("]q3", "]Q3"), ("]j1", "]J1")] {
        let (message, hint) = refused(&format!("{text}010950600013435221ABC"));
        let wanted =
            format!("expected the symbology identifier {expected}, found {text} (offset 0)");
        assert_eq!(message, wanted);
        assert!(hint.contains("caps lock"), "{hint}");
    }
}

#[test]
fn other_keyboard_layout() {
    for text in ["+d2010950600013435221abc", "$C100376104250021234569", "¨d2010950600013435221a"] {
        let (message, hint) = refused(text);
        assert!(message.starts_with("expected the symbology identifier ]"), "{message}");
        assert!(hint.contains("layout"), "{hint}");
    }
}

#[test]
fn lost_separator_that_shows() {
    let (message, hint) = refused("]d20109506000134352211234567890121727123110LOT7");
    let wanted = "wrong value of (21): expected 1 to 20 characters, found 26 (offset 21)";
    assert_eq!(message, wanted);
    assert!(hint.contains("probably (21)123456789012(17)27123110LOT7"), "{hint}");
    assert!(hint.contains("GS (FNC1) is lost"), "{hint}");
    let (_, hint) = refused("(01)09506000134352(21)ABCDEFGHIJKLMNOPQRS10LOT7");
    assert!(hint.contains("(21)ABCDEFGHIJKLMNOPQRS(10)LOT7"), "{hint}");
    let (_, hint) = refused("402123456789012345600109506000134352");
    assert!(!hint.is_empty());
}

#[test]
fn replaced_separator() {
    let (message, hint) = refused("]d2010950600013435221abc]17271231");
    assert!(message.contains("found ']' at offset 3"), "{message}");
    assert!(hint.contains("(21)abc(17)271231"), "{hint}");
    assert!(hint.contains("replaced by ']'"), "{hint}");
}

#[test]
fn lost_separator_that_hides() {
    let hidden = accepted("]d201095060001343522112345617271231");
    assert_eq!(hidden.serial().map(|s| s.to_string()).as_deref(), Some("12345617271231"));
    let lost = hidden.suspected_lost_separator().expect("a date inside the serial");
    assert_eq!((&*lost.value, lost.next.as_str(), &*lost.rest), ("123456", "17", "271231"));
    for plain in ["]d2010950600013435221abc", "]d201095060001343521727123121172712310"] {
        assert_eq!(accepted(plain).suspected_lost_separator(), None, "{plain}");
    }
}

#[test]
fn other_errors_say_where() {
    for (text, expected) in [
        ("", "expected a GS1 code, found nothing (offset 0)"),
        ("]d2", "expected a GS1 code, found nothing (offset 3)"),
        ("]A0123", "expected a symbology identifier such as ]d2 or ]C1, found \"]A0\" (offset 0)"),
        ("hello world", "expected an application identifier, found \"hello wo\" (offset 0)"),
        ("(01)09506000134352(1A)x", "expected an application identifier, found \"1A\" (offset 19)"),
        ("(01", "expected a closing bracket, found \"(01\" (offset 0)"),
        (
            "(17)271301",
            "wrong value of (17): expected a date YYMMDD or a month YYMM00, found \"271301\" (offset 4)",
        ),
        ("(10)a(10)b", "expected one value of (10), found \"a\" and \"b\" (offset 0)"),
        ("0109506000", "wrong value of (01): expected 14 characters, found 8 (offset 2)"),
        (
            "  (01)0950600013435X",
            "wrong value of (01): expected a value of the format N14, found 'X' at offset 13 (offset 6)",
        ),
        ("https://example.com/a", "expected a GS1 key in the URI, found none (offset 20)"),
        (
            "https://id.gs1.org/01/09506000134352/21/a%2",
            "expected two hexadecimal digits of an ASCII character after '%' in \"a%2\" (offset 41)",
        ),
        (
            "https://id.gs1.org/01/09506000134352?21=a",
            "expected no (21) in the query of this Digital Link, found it (offset 37)",
        ),
        (
            "urn:epc:id:sgtin:9506000.13435.a",
            "expected 13 digits in company prefix and reference, found 12 (offset 0)",
        ),
    ] {
        assert_eq!(refused(text).0, expected, "{text:?}");
    }
}

#[test]
fn uris_are_told_apart() {
    let kind = |text: &str| match Identifier::from_uri(text) {
        Ok(epc) => format!("{:?}", epc.id).split(['(', ' ']).next().unwrap_or_default().to_owned(),
        Err(error) => error.to_string(),
    };
    for (text, expected) in [
        ("urn:epc:id:sgtin:9506000.013435.1", "Sgtin"),
        ("URN:EPC:id:sgtin:9506000.013435.1", "Sgtin"),
        ("urn:epc:class:lgtin:9506000.013435.1", "Lgtin"),
        ("urn:epc:idpat:sgtin:9506000.013435.*", "Gtin"),
        ("urn:epc:idpat:sgtin:9506000.*.*", "Other"),
        ("urn:epc:id:sscc:9506000.3111111111", "Sscc"),
        ("urn:epc:id:sgln:950600013435..0", "Sgln"),
        ("urn:epc:id:pgln:9506000.13435", "Pgln"),
        ("urn:epc:id:grai:9506000.00022.1", "Grai"),
        ("urn:uuid:9aa2f2f5-0b6c-4f5a-9d50-2f5b1a4a0f4c", "Other"),
        ("https://example.com/2024/01/05", "Other"),
        ("https://example.com/01/09506000134352", "Gtin"),
        ("https://example.com/01/09506000134352/10/00/21/01", "Sgtin"),
        ("https://id.gs1.org/01/09506000134352/235/x", "Upui"),
        ("https://id.gs1.org/8003/09506000134352", "Grai"),
        ("https://example.com/01/09506000134353", "expected check digit 2 in the GTIN, found 3"),
        (
            "https://id.gs1.org/01/09506000134352/21",
            "expected pairs of application identifier and value in the Digital Link path, found \
             \"01/09506000134352/21\"",
        ),
        (
            "urn:epc:id:sgtin:95060.00013435.1",
            "expected a company prefix of 6 to 12 digits, found 5",
        ),
        (
            "urn:epc:id:sgtin:9506000.013435",
            "expected CompanyPrefix.ItemReference.Serial in the EPC URN, found \"9506000.013435\"",
        ),
        (
            "urn:epc:id:sgtin:9506000.013435.",
            "expected 1 to 20 characters in a serial number, found 0",
        ),
        ("not a uri", "expected an absolute URI, found \"not a uri\" (wrong at offset 0)"),
        ("http://a b", "expected an absolute URI, found \"http://a b\" (wrong at offset 8)"),
    ] {
        assert_eq!(kind(text), expected, "{text:?}");
    }
}

#[test]
fn urn_needs_the_company_prefix_length() {
    let urn = "urn:epc:id:sgtin:9506000.013435.a%2Fb";
    let epc = Identifier::from_uri(urn).expect("an SGTIN");
    assert_eq!(epc.urn().as_deref(), Some(urn));
    let link = Identifier::from_uri(&epc.digital_link()).expect("an SGTIN");
    assert_eq!((link.urn(), &link), (None, &epc));
}

/// Bracketed elements, repairs in words, and the number of doubts.
fn tolerant(text: &str) -> Result<(String, Vec<String>, usize), String> {
    let reading = read_tolerant(text).map_err(|error| error.to_string())?;
    let repairs = reading.repairs.iter().map(ToString::to_string).collect();
    Ok((bracketed(&reading.scan.elements), repairs, reading.doubts.len()))
}

const PACK: &str = "(01)09506000134352(17)271231(10)L1(21)ABC";

#[test]
fn mangled_scans_are_repaired_and_each_repair_is_named() {
    for (text, expected, repair) in [
        ("]D2010950600013435217271231\u{1D}10l1\u{1D}21abc", PACK, "swapped back"),
        (
            "]c1010950600013435217271231\u{1D}10l1\u{1D}21ABC",
            "(01)09506000134352(17)271231(10)L1(21)abc",
            "swapped back",
        ),
        ("]c100376104250021234569", "(00)376104250021234569", "swapped back"),
        (
            "+d20109506000134352172712311001\u{1D}21ABC",
            "(01)09506000134352(17)271231(10)01(21)ABC",
            "German or Spanish or Italian",
        ),
        (
            "+d201095060001343521727123110L1\u{1D}21ZöA",
            "(01)09506000134352(17)271231(10)L1(21)Y;A",
            "German",
        ),
        ("01095060001343521727123110L1|21ABC", PACK, "\"|\" was read as the separator"),
        ("]d201095060001343521727123110L1]21ABC", PACK, "\"]\" was read as the separator"),
        ("01095060001343521727123110L1↔21ABC", PACK, "read as the separator"),
        ("d201095060001343521727123110L1\u{1D}21ABC", PACK, "the ] of the symbology identifier"),
        ("\u{FEFF}\u{2}]d201095060001343521727123110L1\u{1D}21ABC\u{3}", PACK, "were dropped"),
        (
            "[)>\u{1E}05\u{1D}01095060001343521727123110L1\u{1D}21ABC\u{1E}\u{4}",
            PACK,
            "were dropped",
        ),
        ("(01)0950 6000 13435 2 (17) 27 12 31 (10) L1 (21) ABC", PACK, "spaces"),
        ("(8010)0614141abc", "(8010)0614141ABC", "swapped back"),
    ] {
        let (found, repairs, doubts) =
            tolerant(text).unwrap_or_else(|error| panic!("{text:?}: {error}"));
        assert_eq!(found, expected, "{text:?}");
        assert!(repairs.iter().any(|words| words.contains(repair)), "{text:?}: {repairs:?}");
        assert_eq!(doubts, 0, "{text:?}");
    }
}

#[test]
fn a_lost_separator_is_put_back_only_where_one_reading_is_possible() {
    let (found, repairs, _) =
        tolerant("]d20109506000134352253950600013435ABCDEFGHIJKLMNOPQRSTUV").unwrap_or_default();
    assert_eq!((found.as_str(), repairs.len()), ("", 0), "no reading");
    let (found, repairs, _) =
        tolerant("]d2010950600013435221ABCDEFGHIJKLMNOPQRS17271231").expect("one reading");
    assert_eq!(found, "(01)09506000134352(21)ABCDEFGHIJKLMNOPQRS(17)271231");
    assert!(repairs[0].contains("between (21) and (17)"), "{repairs:?}");
    let error =
        tolerant("]d20109506000134352211234567890121727123110LOT7").expect_err("several readings");
    assert!(error.starts_with("expected one possible reading, found (01)"), "{error}");
}

#[test]
fn what_reads_as_it_stands_is_not_changed_but_may_be_in_doubt() {
    for (text, doubts) in [
        ("]d201095060001343521727123110L1\u{1D}21ABC", 0),
        ("]d2010950600013435221ABC", 0),
        ("]d2010950600013435221ABC17271231", 2),
        ("]d2010950600013435221AB10L", 1),
        ("https://id.gs1.org/01/09506000134352/21/ABC", 0),
        ("HTTPS://ID.GS1.ORG/01/09506000134352/21/ABC", 1),
    ] {
        let reading = read_tolerant(text).expect("a code");
        assert_eq!(reading.scan, accepted(text), "{text:?}");
        assert_eq!((reading.repairs.len(), reading.doubts.len()), (0, doubts), "{text:?}");
    }
}

#[test]
fn what_can_not_be_known_is_explained() {
    for (text, expected) in [
        // All upper case, or swapped: ABC, abc, Abc, …
        (
            "]D2010950600013435221ABC",
            "expected letters in the case of the symbol, found them changed",
        ),
        // Z and Y change places on a German keyboard, not on a Spanish one.
        (
            "+d2010950600013435221YZ",
            "expected one possible reading, found (01)09506000134352(21)ZY",
        ),
        (
            "]d20109506000134352]d20109506000134352",
            "expected one code, found a second one (offset 19)",
        ),
        (
            "https://id.gs1.org/AQnYUc1gmiCDV5wA",
            "expected a readable Digital Link, found a compressed one",
        ),
    ] {
        let error = read_tolerant(text).expect_err("no one reading");
        assert!(error.to_string().starts_with(expected), "{text:?}: {error}");
        assert!(!error.hint().is_empty());
    }
}

#[test]
fn the_simplest_cause_is_told() {
    // A British keyboard also makes `#` of the backslash that might stand for a separator.
    let reading = read_tolerant("]d20109506000134352#21ABC").expect("one reading");
    assert_eq!(reading.repairs, [ScanRepair::SeparatorReplaced { by: "#".into() }]);
}

#[test]
fn a_mistyped_key_is_told_as_a_key() {
    for (text, expected) in [
        ("3012345678901", "expected check digit 2 in the GTIN, found 1"),
        ("034567890123", "expected check digit 5 in the GTIN, found 3"),
        ("00300021433803", "expected check digit 2 in the GTIN, found 3"),
        ("295211240000000018", "expected check digit 1 in the SSCC, found 8"),
        // A code that lost its end rather than a GTIN.
        ("01095060001343", "wrong value of (01): expected 14 characters, found 12"),
    ] {
        let error = read(text).expect_err(text).to_string();
        assert!(error.starts_with(expected), "{text}: {error}");
    }
    let other_code = read("hello world").expect_err("no code");
    assert!(other_code.hint().starts_with("scan the GS1 symbol"), "{}", other_code.hint());
}

#[test]
fn strict_links_are_those_of_the_standard_in_force() {
    let strict = ReadOptions { strict_links: true };
    for text in [
        "https://id.gs1.org/01/9506000134352",
        "https://id.gs1.org/gtin/09506000134352",
        "https://id.gs1.org/01/09506000134352/ser/a",
        "https://id.gs1.org/01/09506000134352/",
        "https://id.gs1.org/8004/9506000134352?01=9506000134352",
    ] {
        assert!(read(text).is_ok(), "{text}");
        assert!(read_with(text, strict).is_err(), "{text}");
    }
    assert!(read_with("https://id.gs1.org/gtin/01/09506000134352/10/ser/21/lot", strict).is_ok());
}
