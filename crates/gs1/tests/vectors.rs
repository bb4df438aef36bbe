//! Published vectors, read from `shared/data` (or `THERIAC_DATA`); skipped when it is absent.
//!
//! Each test names the vectors where this crate means to differ, and why; every other vector must
//! agree, and the number that does is asserted exactly, so that it can only grow.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::Value;
use theriac_gs1::{Ai, Element, GS, Scan, ScanForm, Symbology, bracketed, element_string, read};

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
    vectors.len() - differ.len()
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
    // Read here although the engine, as set up for these, refuses them: a scheme in mixed case,
    // which RFC 3986 allows (1344); short names of AIs (1435); GTINs of 8 and 12 digits (1464,
    // 1474, 1499); a slash at the end (1531).
    let differ: [&str; 6] =
        ["dl.c:1344", "dl.c:1435", "dl.c:1464", "dl.c:1474", "dl.c:1499", "dl.c:1531"];
    let count = agree(&vectors, &differ, |vector| same(vector, read(text(vector, "input")), caret));
    assert_eq!(count, 73);
}

#[test]
fn syntax_engine_scans() {
    let Some(vectors) = vectors("gs1-syntax-engine-vectors/ProcessScanData.json") else { return };
    // Plain data in a plain QR Code, Data Matrix or DotCode: no GS1 code, so refused here.
    let differ: [&str; 8] = [
        "scandata.c:852",
        "scandata.c:854",
        "scandata.c:855",
        "scandata.c:879",
        "scandata.c:881",
        "scandata.c:882",
        "scandata.c:895",
        "scandata.c:896",
    ];
    let count = agree(&vectors, &differ, |vector| {
        same(vector, read(text(vector, "input")), |scan| match scan.form {
            ScanForm::DigitalLink => text(vector, "expect").to_owned(),
            ScanForm::PlainKey => retail(scan),
            _ => caret(scan),
        })
    });
    assert_eq!(count, 28);
}

#[test]
fn syntax_engine_generated_scans() {
    let Some(vectors) = vectors("gs1-syntax-engine-vectors/GenerateScanData.json") else { return };
    let data_matrix: Vec<Value> = vectors
        .into_iter()
        .filter(|v| text(v, "symbology") == "DM" && text(v, "expect").starts_with("]d2"))
        .collect();
    let count = agree(&data_matrix, &[], |vector| {
        let scan = read(text(vector, "input")).map_err(|error| error.to_string())?;
        let found = element_string(&scan.elements);
        let expect = text(vector, "expect").trim_end_matches(GS);
        if found == expect { Ok(()) } else { Err(found) }
    });
    assert_eq!(count, 1);
}

#[test]
fn syntax_engine_repeats() {
    let Some(vectors) = vectors("gs1-syntax-engine-vectors/validateAIs.json") else { return };
    let repeats: Vec<Value> =
        vectors.into_iter().filter(|v| text(v, "check") == "validateAIrepeats").collect();
    // (89) is not assigned; the engine was told to permit unknown AIs.
    let differ: [&str; 1] = ["ai.c:2059"];
    let count = agree(&repeats, &differ, |vector| same(vector, read(text(vector, "input")), caret));
    assert_eq!(count, 10);
}

#[test]
fn solidsoft_values() {
    let mut count = 0;
    // The hour 99 (180); a harvest period of six and four digits (226).
    let bounds: &[&str] = &[
        "PatternBounds:180",
        "PatternBounds:183",
        "PatternBounds:226",
        "PatternBounds:352",
        "PatternBounds:612",
        "PatternBounds:615",
        "PatternBounds:616",
    ];
    let entities: &[&str] = &["ParseEntity:2541"];
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
        let mut words = line.split_whitespace().peekable();
        let range = words.next().expect("a line of the dictionary starts with an AI");
        let flags = words.next_if(|word| word.chars().all(|c| "*?".contains(c)));
        let parts: Vec<&str> =
            words.take_while(|word| word.starts_with(['N', 'X', 'Y', 'Z', '['])).collect();
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        let (low, high): (u16, u16) =
            (first.parse().expect("digits"), last.parse().expect("digits"));
        for number in low..=high {
            let ai: Ai = format!("{number:0width$}", width = first.len()).parse().expect("an AI");
            let entry = ai.entry().unwrap_or_else(|| panic!("({ai}) is not in the table"));
            let fixed = flags.is_some_and(|flags| flags.contains('*'));
            assert_eq!(entry.needs_separator(), !fixed, "({ai})");
            assert_eq!(lengths(&parts), (entry.min_length(), entry.max_length()), "({ai})");
            ais += 1;
        }
    }
    assert_eq!(ais, (0..10_000).flat_map(widths).filter(|ai| ai.entry().is_some()).count());
}

fn lengths(parts: &[&str]) -> (usize, usize) {
    let mut lengths = (0, 0);
    for part in parts {
        let optional = part.starts_with('[');
        let spec = part.trim_start_matches('[').split([',', ']']).next().unwrap_or_default();
        let (min, max): (usize, usize) = match spec[1..].strip_prefix("..") {
            Some(max) => (1, max.parse().expect("a length")),
            None => (spec[1..].parse().expect("a length"), spec[1..].parse().expect("a length")),
        };
        lengths.0 += if optional { 0 } else { min };
        lengths.1 += max;
    }
    lengths
}

/// The AIs of two, three and four digits with this number.
fn widths(number: usize) -> impl Iterator<Item = Ai> {
    (2..=4).filter_map(move |width| {
        let text = format!("{number:0width$}");
        (text.len() == width).then(|| text.parse().expect("two to four digits are an AI"))
    })
}
