//! Published vectors, read from `shared/data` (or `THERIAC_DATA`); skipped when it is absent.
//!
//! Each test names the vectors where this crate means to differ, and why; every other vector must
//! agree, and the number that does is asserted exactly, so that it can only grow.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::Value;
use theriac_gs1::{
    Ai, AiEntry, CANONICAL_STEM, Element, GS, Gtin, PairViolation, ReadOptions, Scan, ScanForm,
    Symbology, bracketed, check_pairs, digital_link, percent, read, read_with, scan_data,
};

/// The vectors of a file; `None`, said aloud, when the data is not there.
fn vectors(file: &str) -> Option<Vec<Value>> {
    let text = data(file)?;
    Some(serde_json::from_str(&text).expect("a vector file is a JSON array"))
}

#[allow(clippy::print_stderr)]
fn data(file: &str) -> Option<String> {
    let root = std::env::var_os("THERIAC_DATA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    let path = root.join(file);
    if !path.exists() {
        eprintln!("skipped: {} is absent; set THERIAC_DATA", path.display());
        return None;
    }
    Some(std::fs::read_to_string(&path).expect("a vector file is readable"))
}

fn text<'a>(vector: &'a Value, field: &str) -> &'a str {
    vector[field].as_str().unwrap_or_default()
}

/// Runs all vectors and asserts which of them do not agree.
#[allow(clippy::print_stderr)]
fn agree(vectors: &[Value], but: &[&str], agrees: impl Fn(&Value) -> Result<(), String>) -> usize {
    let mut differ = BTreeSet::new();
    let mut why = Vec::new();
    for vector in vectors {
        if let Err(reason) = agrees(vector) {
            differ.insert(text(vector, "id"));
            why.push(format!("{}: {}: {reason}", text(vector, "id"), vector["input"]));
        }
    }
    let why = why.join("\n");
    assert_eq!(differ, but.iter().copied().collect(), "vectors that differ:\n{why}");
    let agreeing = vectors.len() - differ.len();
    eprintln!("{agreeing} of {} agree, {} differ on purpose", vectors.len(), differ.len());
    agreeing
}

/// Agrees when both accept with equal elements, or both refuse.
fn same(
    vector: &Value,
    ours: Result<Scan, theriac_gs1::ScanError>,
    written: impl Fn(&Scan) -> String,
) -> Result<(), String> {
    match (vector["ok"] == true, ours) {
        (false, Err(_)) => Ok(()),
        (true, Ok(scan)) => match (vector["expect"].as_str(), written(&scan)) {
            (Some(expect), found) if expect != found => Err(format!("{found} is not {expect}")),
            _ => Ok(()),
        },
        (true, Err(error)) => Err(format!("refused: {error}")),
        (false, Ok(scan)) => Err(format!("accepted: {}", bracketed(&scan.elements))),
    }
}

/// The notation of the vectors: FNC1 as `^`, elements in their order.
fn caret(scan: &Scan) -> String {
    let mut out = String::from("^");
    let mut separate = false;
    for Element { ai, value } in &scan.elements {
        if separate {
            out.push('^');
        }
        out.push_str(ai.as_str());
        out.push_str(value);
        separate = ai.entry().is_none_or(|entry| entry.needs_separator());
    }
    out
}

/// The notation of the vectors for retail bar codes: bare digits, then the composite part.
fn retail(scan: &Scan) -> String {
    let digits = if scan.symbology == Some(Symbology::Ean8) { 8 } else { 13 };
    let (key, composite) = scan.elements.split_first().expect("a plain key is an element");
    let composite = Scan { elements: composite.to_vec(), ..scan.clone() };
    let digits = &key.value[14 - digits..];
    if composite.elements.is_empty() {
        return digits.to_owned();
    }
    format!("{digits}|{}", caret(&composite))
}

#[test]
fn syntax_engine_element_strings() {
    let Some(vectors) = vectors("gs1-syntax-engine-vectors/processAIdata.json") else { return };
    let differ: [&str; 0] = [];
    let count = agree(&vectors, &differ, |vector| {
        let scan = read(&text(vector, "input").replace('^', &GS.to_string()));
        same(vector, scan, caret)
    });
    assert_eq!(count, 53);
}

#[test]
fn syntax_engine_bracketed() {
    let Some(vectors) = vectors("gs1-syntax-engine-vectors/parseAIdata.json") else { return };
    let differ: [&str; 0] = [];
    let count = agree(&vectors, &differ, |vector| same(vector, read(text(vector, "input")), caret));
    assert_eq!(count, 18);
}

#[test]
fn syntax_engine_digital_links() {
    let Some(vectors) = vectors("gs1-syntax-engine-vectors/parseDLuri.json") else { return };
    // RFC 3986, section 3.1: the case of a scheme does not matter (1344). Digital Link Standard 1.1,
    // section 4: short names stand for AIs (1435), as the next vector (1438) has it.
    let differ = ["dl.c:1344", "dl.c:1435"];
    let count = agree(&vectors, &differ, |vector| {
        let strict_links = text(&vector["options"], "PermitZeroSuppressedGTINinDLuris") == "false";
        same(vector, read_with(text(vector, "input"), ReadOptions { strict_links }), caret)
    });
    assert_eq!((count, vectors.len()), (77, 79));
}

#[test]
fn syntax_engine_generated_links() {
    let Some(vectors) = vectors("gs1-syntax-engine-vectors/GenerateDLuri.json") else { return };
    // Digital Link Standard: URI Syntax, section 4: (10) is an attribute where the qualifier is
    // (235), so there is one link with both, which vector 1735 of parseDLuri reads.
    let differ = ["dl.c:2215"];
    let count = agree(&vectors, &differ, |vector| {
        let stem = vector["stem"].as_str().unwrap_or(CANONICAL_STEM);
        let link = read(text(vector, "input"))
            .map_err(|error| error.to_string())
            .and_then(|scan| digital_link(&scan.elements, stem).map_err(|error| error.to_string()));
        match (vector["expect"].as_str(), link) {
            (Some(expect), Ok(link)) if link == expect => Ok(()),
            (None, Err(_)) => Ok(()),
            (_, link) => Err(format!("{link:?}")),
        }
    });
    assert_eq!((count, vectors.len()), (14, 15));
}

#[test]
fn syntax_engine_escapes() {
    let Some(vectors) = vectors("gs1-syntax-engine-vectors/URIescape.json") else { return };
    let count = agree(&vectors, &[], |vector| {
        let input = text(vector, "input");
        let found = (percent::encode_path(input), percent::encode_query(input));
        let right =
            (&*found.0, &*found.1) == (text(vector, "expect_path"), text(vector, "expect_query"));
        if right { Ok(()) } else { Err(format!("{found:?}")) }
    });
    assert_eq!((count, vectors.len()), (7, 7));
}

#[test]
fn syntax_engine_unescapes() {
    let Some(vectors) = vectors("gs1-syntax-engine-vectors/URIunescape.json") else { return };
    // RFC 3986, section 2.1: two hexadecimal digits follow a percent sign (1905, 1914, 1915, 1917).
    // General Specifications, section 7.11: no value has characters beyond ASCII (1908, 1909, 1911).
    // Both are errors here, where the engine's inner function hands them on.
    let differ =
        ["dl.c:1905", "dl.c:1908", "dl.c:1909", "dl.c:1911", "dl.c:1914", "dl.c:1915", "dl.c:1917"];
    let count = agree(&vectors, &differ, |vector| {
        let input = text(vector, "input");
        match (percent::decode_path(input), percent::decode_query(input)) {
            (Ok(path), Ok(query))
                if path == text(vector, "expect_path") && query == text(vector, "expect_query") =>
            {
                Ok(())
            }
            found => Err(format!("{found:?}")),
        }
    });
    assert_eq!((count, vectors.len()), (7, 14));
}

#[test]
fn syntax_engine_scans() {
    let Some(vectors) = vectors("gs1-syntax-engine-vectors/ProcessScanData.json") else { return };
    let differ: [&str; 0] = [];
    let count = agree(&vectors, &differ, |vector| match plain(text(vector, "input")) {
        // General Specifications, section 5.1: data of a plain symbology is no GS1 data, unless it
        // is a Digital Link. Symbology and data are told apart; reading refuses it.
        Some((symbology, data)) => {
            let expect = text(vector, "expect");
            let right = name(symbology) == text(vector, "symbology") && data == expect;
            let refused = read(text(vector, "input")).is_err();
            if right && refused { Ok(()) } else { Err(data) }
        }
        None => same(vector, read(text(vector, "input")), |scan| match scan.form {
            ScanForm::DigitalLink => text(vector, "expect").to_owned(),
            ScanForm::PlainKey => retail(scan),
            _ => caret(scan),
        }),
    });
    assert_eq!((count, vectors.len()), (36, 36));
}

/// Symbology and data of a plain symbol without a Digital Link, in the notation of the vectors:
/// a caret at the start of the data is escaped, with the backslashes before it.
fn plain(code: &str) -> Option<(Symbology, String)> {
    let (symbology, data) = Symbology::split(code)?;
    let plain = matches!(symbology, Symbology::QrCode | Symbology::DataMatrix | Symbology::DotCode);
    let is_link = data.get(..4).is_some_and(|head| head.eq_ignore_ascii_case("http"));
    let escape = if data.trim_start_matches('\\').starts_with('^') { "\\" } else { "" };
    (plain && !is_link).then(|| (symbology, format!("{escape}{data}")))
}

/// The name of the vectors for a symbology.
fn name(symbology: Symbology) -> &'static str {
    match symbology {
        Symbology::QrCode => "QR",
        Symbology::DataMatrix => "DM",
        Symbology::DotCode => "DotCode",
        _ => "",
    }
}

#[test]
fn syntax_engine_generated_scans() {
    let Some(vectors) = vectors("gs1-syntax-engine-vectors/GenerateScanData.json") else { return };
    let differ: [&str; 0] = [];
    let count = agree(&vectors, &differ, |vector| {
        // General Specifications, section 7.8.5: a separator after the last value says nothing, so
        // it is not written (651, 660).
        let expect = vector["expect"].as_str().map(|expect| expect.trim_end_matches(GS));
        let found = generated(vector);
        if found.as_deref().ok() == expect { Ok(()) } else { Err(format!("{found:?}")) }
    });
    assert_eq!((count, vectors.len()), (30, 30));
}

fn generated(vector: &Value) -> Result<String, String> {
    let (gs1, plain) = match text(vector, "symbology") {
        "QR" => (Symbology::Gs1QrCode, Some(Symbology::QrCode)),
        "DM" => (Symbology::Gs1DataMatrix, Some(Symbology::DataMatrix)),
        "DotCode" => (Symbology::Gs1DotCode, Some(Symbology::DotCode)),
        "DataBarExpanded" | "DataBarOmni" | "DataBarLimited" => (Symbology::Gs1DataBar, None),
        "GS1_128_CCA" => (Symbology::Gs1Code128, None),
        "EAN8" => (Symbology::Ean8, None),
        "EAN13" | "UPCA" | "UPCE" => (Symbology::Ean13, None),
        other => return Err(format!("no symbology {other}")),
    };
    let (linear, composite) =
        text(vector, "input").split_once('|').unwrap_or((text(vector, "input"), ""));
    let escape =
        usize::from(linear.trim_start_matches('\\').starts_with('^') && linear.starts_with('\\'));
    if let (Some(plain), false) = (plain, linear.starts_with('^')) {
        return Ok(format!("{plain}{}", &linear[escape..]));
    }
    let elements = |notation: &str| -> Result<Vec<Element>, String> {
        if notation.is_empty() {
            return Ok(Vec::new());
        }
        let code = notation.replace('^', &GS.to_string());
        read(&code).map(|scan| scan.elements).map_err(|error| error.to_string())
    };
    let linear = match text(&vector["options"], "AddCheckDigit") {
        "true" => elements(&with_check_digit(linear, gs1)?)?,
        _ => elements(linear)?,
    };
    scan_data(gs1, &linear, &elements(composite)?).map_err(|error| error.to_string())
}

/// The digits of a retail symbol whose check digit is to be added.
fn with_check_digit(digits: &str, symbology: Symbology) -> Result<String, String> {
    let length = if symbology == Symbology::Ean8 { 7 } else { 12 };
    let body = digits.parse().map_err(|_| "no digits")?;
    let gtin = Gtin::from_body(body).map_err(|error| error.to_string())?;
    if digits.len() == length { Ok(gtin.to_string()) } else { Err(format!("not {length} digits")) }
}

#[test]
fn syntax_engine_repeats_and_pairs() {
    let Some(vectors) = vectors("gs1-syntax-engine-vectors/validateAIs.json") else { return };
    // General Specifications, section 3.2: (89) is not assigned; the engine was told to permit
    // unknown AIs.
    let differ: [&str; 1] = ["ai.c:2059"];
    let count = agree(&vectors, &differ, |vector| {
        let fits = |violation: &PairViolation| match text(vector, "check") {
            "validateAIrepeats" => !matches!(violation, PairViolation::TwoValues { .. }),
            "validateAImutex" => !matches!(violation, PairViolation::Excluded { .. }),
            "validateAIrequisites" => !matches!(violation, PairViolation::Missing { .. }),
            _ => !matches!(violation, PairViolation::Unserialised { .. }),
        };
        let found =
            read(text(vector, "input")).map_err(|error| error.to_string()).and_then(|scan| {
                let violations = check_pairs(&scan.elements);
                let broken = violations.iter().find(|violation| !fits(violation));
                broken.map_or(Ok(()), |violation| Err(violation.to_string()))
            });
        match (vector["ok"] == true, found) {
            (true, found) => found,
            (false, Err(_)) => Ok(()),
            (false, Ok(())) => Err("accepted".into()),
        }
    });
    assert_eq!((count, vectors.len()), (vectors.len() - 1, vectors.len()));
}

#[test]
fn solidsoft_values() {
    let mut count = 0;
    // General Specifications, section 3, the paragraph of each AI:
    let bounds: &[&str] = &[
        "PatternBounds:180", // (4324) a time hhmm is 0000 to 2359: found 9999
        "PatternBounds:183", // (8006) pieces count from 01: found 00 of 00
        "PatternBounds:226", // (7007) one date or two: found a date and a time
        "PatternBounds:352", // (4302) a percent sign starts an escape: found %&'
        "PatternBounds:612", // (8010) starts with a company prefix: found 9 alone
        "PatternBounds:615", // (8010) the same: found #-/0
        "PatternBounds:616", // (8010) the same: found RSTU
    ];
    let entities: &[&str] = &[
        "ParseEntity:2541", // (8112) format, funder, offer, serial: found the fields of (8110)
    ];
    for (file, differ) in [("ParseEntity.json", entities), ("PatternBounds.json", bounds)] {
        let Some(vectors) = vectors(&format!("solidsoft-ai-vectors/{file}")) else { return };
        count += agree(&vectors, differ, |vector| {
            let scan = read(&format!("]d2{}", text(vector, "input")));
            let scan = scan.map_err(|error| error.to_string())?;
            let [element] = &scan.elements[..] else { return Err("several elements".into()) };
            let value = vector["value"].as_str().unwrap_or(&element.value);
            let digits = text(vector, "ai");
            let same_ai = element.ai.as_str().starts_with(digits);
            if same_ai && *value == *element.value { Ok(()) } else { Err(format!("{element:?}")) }
        });
    }
    assert_eq!(count, 540);
}

#[test]
fn table_agrees_with_the_dictionary() {
    let Some(text) = data("gs1-syntax-dictionary/gs1-syntax-dictionary.txt") else { return };
    let mut ais = 0;
    for line in text.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_digit())) {
        let (row, title) = line.split_once('#').unwrap_or((line, ""));
        let mut words = row.split_whitespace().peekable();
        let range = words.next().expect("a line of the dictionary starts with an AI");
        let flags = words.next_if(|word| word.chars().all(|c| "*?".contains(c))).unwrap_or("");
        let is_part = |word: &&str| word.starts_with(['N', 'X', 'Y', 'Z', '[']);
        let (parts, attributes): (Vec<&str>, Vec<&str>) = words.partition(is_part);
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        let (low, high): (u16, u16) =
            (first.parse().expect("digits"), last.parse().expect("digits"));
        for number in low..=high {
            let ai: Ai = format!("{number:0width$}", width = first.len()).parse().expect("an AI");
            let entry = ai.entry().unwrap_or_else(|| panic!("({ai}) is not in the table"));
            assert_eq!(entry.needs_separator(), !flags.contains('*'), "({ai})");
            assert_eq!(entry.in_query(), flags.contains('?'), "({ai})");
            assert_eq!(entry.format().to_string(), format(&parts), "({ai})");
            assert_eq!(entry.rules().collect::<Vec<_>>(), rules(&parts), "({ai})");
            assert_eq!(entry.needs(), listed(&attributes, "req=").unwrap_or_default(), "({ai})");
            assert_eq!(entry.not_with(), listed(&attributes, "ex=").unwrap_or_default(), "({ai})");
            assert_eq!(qualifiers(entry), listed(&attributes, "dlpkey"), "({ai})");
            assert!(title.is_empty() || entry.title() == title.trim(), "({ai}) {title}");
            ais += 1;
        }
    }
    assert_eq!(ais, (0..10_000).flat_map(widths).filter(|ai| ai.entry().is_some()).count());
    assert_eq!(ais, 541);
}

/// The format of parts such as `N3,iso3166` and `[N3],iso3166`, as the General Specifications
/// write it: `N3[+N3]`.
fn format(parts: &[&str]) -> String {
    let specs = parts.iter().map(|part| part.split(',').next().unwrap_or_default());
    let with_plus = specs.enumerate().map(|(i, spec)| match (i, spec.strip_prefix('[')) {
        (0, _) => spec.to_owned(),
        (_, Some(optional)) => format!("[+{optional}"),
        (_, None) => format!("+{spec}"),
    });
    with_plus.collect()
}

/// The attribute of this name, with blanks for commas and without its `=`.
fn listed(attributes: &[&str], name: &str) -> Option<String> {
    let value = attributes.iter().find_map(|attribute| attribute.strip_prefix(name))?;
    Some(value.trim_start_matches('=').replace(',', " "))
}

/// The orders of qualifiers as the dictionary writes them, with blanks for commas.
fn qualifiers(entry: &AiEntry) -> Option<String> {
    let order = |order: &&[Ai]| order.iter().map(Ai::as_str).collect::<Vec<_>>().join(" ");
    Some(entry.qualifiers()?.iter().map(order).collect::<Vec<_>>().join("|"))
}

/// Our names of the linters of the parts. Digits always may start with a company prefix, whose
/// table is not part of the General Specifications.
fn rules(parts: &[&str]) -> Vec<&'static str> {
    let mut rules = Vec::new();
    for part in parts {
        let numeric = part.trim_start_matches('[').starts_with('N');
        let linters = part.split(',').skip(1);
        rules.extend(linters.filter(|linter| !(numeric && linter.starts_with("gcppos"))).map(rule));
        if part.starts_with('Z') {
            rules.push("padding signs = at the end alone, two at most");
        }
    }
    rules
}

fn rule(linter: &str) -> &'static str {
    match linter {
        "csum" => "a check digit",
        "csumalpha" => "a check character pair",
        "gcppos1" => "a company prefix of four digits or more at the start",
        "hasnondigit" => "another character than digits",
        "yymmdd" => "a date YYMMDD",
        "yymmd0" => "a date YYMMDD or a month YYMM00",
        "yyyymmdd" => "a date YYYYMMDD",
        "hhmi" => "a time hhmm",
        "hh" => "an hour 00 to 23",
        "mi" => "a minute 00 to 59",
        "ss" => "a second 00 to 59",
        "iso3166" => "a country of ISO 3166-1 in three digits",
        "iso3166999" => "a country of ISO 3166-1 in three digits, or 999",
        "iso3166alpha2" => "a country of ISO 3166-1 in two capital letters",
        "iso4217" => "a currency of ISO 4217 in three digits",
        "iso5218" => "0, 1, 2 or 9 of ISO/IEC 5218",
        "latitude" => "a latitude of at most 1800000000",
        "longitude" => "a longitude of at most 3600000000",
        "pcenc" => "two hexadecimal digits after each percent sign",
        "mediatype" => "an AIDC media type 01 to 10 or 80 to 99",
        "importeridx" => "a letter, a digit, - or _ as importer index",
        "packagetype" => "a code of the list PackageTypeCode",
        "couponcode" => "the data of a North American coupon",
        "couponposoffer" => "the data of a North American paperless coupon",
        "posinseqslash" => "a position and a total such as 1/3",
        "pieceoftotal" => "a piece of 01 or more that is no more than the total",
        "winding" => "0, 1 or 9 as winding direction",
        "yesno" => "0 or 1",
        "zero" => "the digit 0",
        "nonzero" => "a number above zero",
        "nozeroprefix" => "a number without a zero at its start",
        "hyphen" => "a minus sign",
        "iban" => "an IBAN with a right check number",
        other => panic!("no rule for the linter {other}"),
    }
}

/// The AIs of two, three and four digits with this number.
fn widths(number: usize) -> impl Iterator<Item = Ai> {
    (2..=4).filter_map(move |width| {
        let text = format!("{number:0width$}");
        (text.len() == width).then(|| text.parse().expect("two to four digits are an AI"))
    })
}
