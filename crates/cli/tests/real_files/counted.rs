//! What is in a file, found by searching its text: an oracle that shares nothing with the program.

use std::path::{Path, PathBuf};

/// The kinds of events, EPCIS 1.0 to 2.0.
const EVENTS: [&str; 6] = [
    "ObjectEvent",
    "AggregationEvent",
    "TransactionEvent",
    "TransformationEvent",
    "AssociationEvent",
    "QuantityEvent",
];

/// What a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Content {
    /// An EPCIS document, or a bare event, with so many events.
    Epcis { events: u64 },
    /// Another document, known by this word: its root element, or a name in its JSON.
    Other { word: String },
}

/// The folder with files of others; `None`, and a message, where it is not.
pub(crate) fn data() -> Option<PathBuf> {
    let usual = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let data = std::env::var_os("THERIAC_DATA").map_or(usual, PathBuf::from);
    if data.is_dir() {
        return Some(data);
    }
    eprintln!("skipped: no real EPCIS files at {}; set THERIAC_DATA", data.display());
    None
}

/// The documents in a folder at any depth, in order.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else if ["xml", "json", "jsonld"].contains(&ending) {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// Reads what a file is.
pub(crate) fn content(text: &str) -> Content {
    if text.trim_start_matches('\u{feff}').trim_start().starts_with('<') {
        of_xml(text)
    } else {
        of_json(text)
    }
}

fn of_xml(text: &str) -> Content {
    let text = without_comments(text);
    let names = text.split('<').skip(1).map(element);
    let names: Vec<&str> = names.filter(|name| name.starts_with(char::is_alphabetic)).collect();
    let events = names.iter().filter(|name| EVENTS.contains(&local(name))).count() as u64;
    let root = names.first().unwrap();
    if local(root).starts_with("EPCIS") || EVENTS.contains(&local(root)) {
        Content::Epcis { events }
    } else {
        Content::Other { word: (*root).to_owned() }
    }
}

fn without_comments(text: &str) -> String {
    let mut kept = String::new();
    for (n, part) in text.split("<!--").enumerate() {
        let after = part.split_once("-->").map_or("", |(_, after)| after);
        kept.push_str(if n == 0 { part } else { after });
    }
    kept
}

/// The name behind a `<`; of an end tag it starts with `/`.
fn element(text: &str) -> &str {
    let end =
        text.char_indices().find(|(at, c)| *at > 0 && (c.is_whitespace() || "/>".contains(*c)));
    end.map_or(text, |(end, _)| &text[..end])
}

fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

fn of_json(text: &str) -> Content {
    let dense: String = text.split_whitespace().collect();
    let types = |kind: &str| {
        let count = |field: &str| dense.matches(&format!("\"{field}\":\"{kind}\"")).count();
        (count("type") + count("isA")) as u64
    };
    if types("EPCISDocument") > 0 {
        return Content::Epcis { events: EVENTS.iter().map(|kind| types(kind)).sum() };
    }
    // The type that it names for itself, else its first field.
    let own = dense.split("\"type\":\"").nth(1).and_then(|rest| rest.split('"').next());
    let word = own.or_else(|| dense.split('"').nth(1)).unwrap_or_default();
    Content::Other { word: word.to_owned() }
}

/// Whether an event starts at a place such as `line 8 column 13 in …` of a text.
pub(crate) fn event_starts_at(text: &str, place: &str) -> bool {
    let mut words = place.split(' ');
    let mut number = |expected| {
        (words.next() == Some(expected)).then(|| words.next()?.parse::<usize>().ok()).flatten()
    };
    let (Some(line), Some(column)) = (number("line"), number("column")) else { return false };
    let Some(line) = text.split('\n').nth(line.wrapping_sub(1)) else { return false };
    let Some(rest) = line.as_bytes().get(column.wrapping_sub(1)..) else { return false };
    let rest = String::from_utf8_lossy(rest);
    match rest.strip_prefix('<') {
        Some(rest) => EVENTS.contains(&local(element(rest))),
        None => rest.starts_with('{'),
    }
}
