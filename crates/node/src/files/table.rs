//! Tables for the smallest: what this member did, a line for each pack; and shipments, likewise.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};
use theriac_epcis::trade::{Consignment, TransactionInformation};
use theriac_gs1::{Gln, Identifier};

use crate::verify::read_code;

/// Columns that a table of occurrences can have; `what` and `code` must be there.
const COLUMNS: [&str; 6] = ["what", "code", "time", "place", "partner", "reference"];

/// Most lines of a table.
const LINES_MAX: usize = 200_000;

/// Most errors that are told.
const ERRORS_MAX: usize = 100;

/// What a word in the column `what` means: action, business step, disposition.
const OCCURRENCES: [(&str, &str, &str, &str); 9] = [
    ("receive", "OBSERVE", "receiving", "in_progress"),
    ("refuse", "OBSERVE", "receiving", "non_conformant"),
    ("dispense", "OBSERVE", "dispensing", "dispensed"),
    ("ship", "OBSERVE", "shipping", "in_transit"),
    ("return", "OBSERVE", "shipping", "returned"),
    ("destroy", "DELETE", "destroying", "destroyed"),
    ("sample", "OBSERVE", "sampling", "inactive"),
    ("quarantine", "OBSERVE", "holding", "non_conformant"),
    ("release", "OBSERVE", "inspecting", "conformant"),
];

/// A line of a table of occurrences.
#[derive(Debug, Clone, PartialEq)]
struct Line {
    what: usize,
    item: Identifier,
    time: Option<Timestamp>,
    place: Option<Gln>,
    partner: Option<Gln>,
    reference: Option<String>,
}

/// Reads a table of what this member did, and makes an EPCIS document of it. Neighbouring lines
/// that differ in the code alone are one event; a line without a time happened `now`.
///
/// # Errors
///
/// What is wrong, by line; then nothing of it counts.
pub(super) fn read_table(
    bytes: &[u8],
    me: Gln,
    now: Timestamp,
    today: Date,
) -> Result<Vec<u8>, Vec<String>> {
    let lines = lines(bytes, today)?;
    let mut events: Vec<Value> = Vec::new();
    for group in
        lines.chunk_by(|one, other| Line { item: one.item.clone(), ..other.clone() } == *one)
    {
        events.extend(event(group, me, now));
    }
    let document = json!({
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": now.to_string(),
        "epcisBody": { "eventList": events },
    });
    Ok(document.to_string().into_bytes())
}

fn lines(bytes: &[u8], today: Date) -> Result<Vec<Line>, Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .flexible(true)
        .delimiter(delimiter(bytes))
        .from_reader(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes));
    let titles = reader.headers().map_err(|error| vec![format!("line 1: {error}")])?.clone();
    let columns = columns(&titles)?;
    let (mut lines, mut errors) = (Vec::new(), Vec::new());
    for (index, record) in reader.records().enumerate() {
        let number = index + 2;
        if index >= LINES_MAX {
            errors.push(format!("expected at most {LINES_MAX} lines, found more"));
            break;
        }
        let line = match record {
            Ok(record) => line(&record, &columns, today),
            Err(error) => Err(error.to_string()),
        };
        match line {
            Ok(line) => lines.push(line),
            Err(_) if errors.len() >= ERRORS_MAX => break,
            Err(error) => errors.push(format!("line {number}: {error}")),
        }
    }
    if errors.is_empty() { Ok(lines) } else { Err(errors) }
}

/// Tables of spreadsheets in many countries have semicolons.
fn delimiter(bytes: &[u8]) -> u8 {
    let first = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |wanted: u8| first.iter().filter(|byte| **byte == wanted).count();
    [b';', b'\t'].into_iter().find(|other| count(*other) > count(b',')).unwrap_or(b',')
}

fn columns(titles: &csv::StringRecord) -> Result<HashMap<&'static str, usize>, Vec<String>> {
    let mut columns = HashMap::new();
    for (index, title) in titles.iter().enumerate() {
        let title = title.to_ascii_lowercase();
        match COLUMNS.iter().find(|name| **name == title) {
            Some(name) => drop(columns.insert(*name, index)),
            None => {
                let shown: String = title.chars().take(40).collect();
                let known = COLUMNS.join(", ");
                return Err(vec![format!("line 1: expected columns of {known}, found {shown:?}")]);
            }
        }
    }
    let missing = ["what", "code"].into_iter().find(|name| !columns.contains_key(name));
    match missing {
        Some(name) => Err(vec![format!("line 1: expected a column {name}, found none")]),
        None => Ok(columns),
    }
}

fn line(
    record: &csv::StringRecord,
    columns: &HashMap<&'static str, usize>,
    today: Date,
) -> Result<Line, String> {
    let cell = |name: &str| {
        let text = record.get(*columns.get(name)?)?;
        (!text.is_empty()).then_some(text)
    };
    let word = cell("what").unwrap_or_default().to_ascii_lowercase();
    let what = OCCURRENCES.iter().position(|(known, ..)| *known == word).ok_or_else(|| {
        let known: Vec<&str> = OCCURRENCES.iter().map(|(known, ..)| *known).collect();
        format!("expected one of {} in what, found {:?}", known.join(", "), shown(&word))
    })?;
    let code = cell("code").ok_or("expected a code, found none")?;
    let item = read_code(code, today).map_err(|error| error.to_string())?.id;
    let gln = |name: &str| {
        let text = cell(name).map(|text| text.parse::<Gln>().map_err(|error| (text, error)));
        text.transpose().map_err(|(text, error)| format!("{name} {:?}: {error}", shown(text)))
    };
    let time = cell("time").map(|text| text.parse::<Timestamp>().map_err(|_| text));
    let line = Line {
        what,
        item,
        time: time.transpose().map_err(|text| {
            format!("expected a time such as 2026-11-23T08:00:00Z, found {:?}", shown(text))
        })?,
        place: gln("place")?,
        partner: gln("partner")?,
        reference: cell("reference").map(shown),
    };
    if ["ship", "return"].contains(&&*word) && line.partner.is_none() {
        return Err("expected the GLN of the consignee in partner, found none".to_owned());
    }
    Ok(line)
}

fn shown(text: &str) -> String {
    text.chars().take(80).collect()
}

/// The event of lines that differ in their codes alone.
fn event(group: &[Line], me: Gln, now: Timestamp) -> Option<Value> {
    let first = group.first()?;
    let (_, action, step, disposition) = OCCURRENCES.get(first.what)?;
    let codes: Vec<String> = group.iter().map(|line| line.item.digital_link()).collect();
    let mut event = json!({
        "type": "ObjectEvent",
        "action": action,
        "bizStep": step,
        "disposition": disposition,
        "eventTime": first.time.unwrap_or(now).to_string(),
        "eventTimeZoneOffset": "+00:00",
        "epcList": codes,
    });
    let place = first.place.unwrap_or(me);
    event["readPoint"] = json!({ "id": format!("https://id.gs1.org/414/{place}") });
    let party = |gln: Gln| format!("https://id.gs1.org/417/{gln}");
    let (from, to) = match (*step, first.partner) {
        ("shipping", to) => (Some(me), to),
        ("receiving", from) => (from, Some(me)),
        _ => (None, None),
    };
    if let Some(from) = from {
        event["sourceList"] = json!([{ "type": "owning_party", "source": party(from) }]);
    }
    if let Some(to) = to {
        event["destinationList"] = json!([{ "type": "owning_party", "destination": party(to) }]);
    }
    if let Some(reference) = &first.reference {
        let document = match (reference.contains(':'), first.partner) {
            (true, _) => reference.clone(),
            (false, partner) => {
                let of = partner.unwrap_or(me);
                format!("urn:epcglobal:cbv:bt:{of}:{}", crate::route::escape(reference))
            }
        };
        event["bizTransactionList"] = json!([{ "type": "po", "bizTransaction": document }]);
    }
    Some(event)
}

/// The titles of a table of a shipment.
const SHIPMENT: [&str; 19] = [
    "shipped_at",
    "transaction_date",
    "from_gln",
    "from_name",
    "to_gln",
    "to_name",
    "purchase_order",
    "despatch_advice",
    "gtin",
    "ndc",
    "name",
    "strength",
    "dosage_form",
    "container_size",
    "manufacturer",
    "lot",
    "expiry",
    "serial",
    "packed_in",
];

/// A shipment as a table with a line for each pack.
pub(crate) fn write_table(
    information: &TransactionInformation,
    consignment: &Consignment,
) -> Vec<u8> {
    let mut parents: HashMap<&Identifier, &Identifier> = HashMap::new();
    for packing in &consignment.packing {
        parents.extend(packing.children.iter().map(|child| (child, &packing.parent)));
    }
    let reference = |kind: &str| {
        let mut named = information.references.iter();
        let found = named.find(|reference| reference.kind.as_deref() == Some(kind));
        found.map(|reference| reference.number().to_owned()).unwrap_or_default()
    };
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let mut writer = csv::Writer::from_writer(Vec::new());
    // A table in memory takes every line.
    let _ = writer.write_record(SHIPMENT);
    for (line, lot) in information.lines.iter().zip(&consignment.lots) {
        for (serial, unit) in line.serials.iter().zip(lot.units()) {
            let around = parents.get(&unit).map(|parent| in_short(parent)).unwrap_or_default();
            let _ = writer.write_record([
                information.shipped_at.to_string(),
                information.transaction_date.to_string(),
                information.from.gln.to_string(),
                text(&information.from.name),
                information.to.gln.to_string(),
                text(&information.to.name),
                reference("po"),
                reference("desadv"),
                line.gtin.to_string(),
                text(&line.ndc),
                text(&line.name),
                text(&line.strength),
                text(&line.dosage_form),
                text(&line.container_size),
                text(&line.manufacturer),
                line.lot.as_ref().map(ToString::to_string).unwrap_or_default(),
                line.expiry.map(|day| day.to_string()).unwrap_or_default(),
                serial.to_string(),
                around,
            ]);
        }
    }
    writer.into_inner().unwrap_or_default()
}

/// The digits of an SSCC, another identifier as its Digital Link.
fn in_short(id: &Identifier) -> String {
    match id {
        Identifier::Sscc(sscc) => sscc.to_string(),
        other => other.digital_link(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Result<Value, Vec<String>> {
        let now = "2026-11-23T08:00:00Z".parse().unwrap();
        let day = jiff::civil::date(2026, 11, 23);
        let document = read_table(text.as_bytes(), "9521321000018".parse().unwrap(), now, day)?;
        Ok(serde_json::from_slice(&document).unwrap())
    }

    const PACK: &str = "(01)09521321000117(21)S1";

    #[test]
    fn lines_become_events() {
        let document = table(&format!(
            "what;code;time;partner\r\n\
             receive;{PACK};2026-11-23T07:00:00Z;9521322000017\r\n\
             receive;https://id.gs1.org/01/09521321000117/21/S2;2026-11-23T07:00:00Z;9521322000017\r\n\
             dispense;{PACK};;\r\n"
        ))
        .unwrap();
        let events = document["epcisBody"]["eventList"].as_array().unwrap();
        assert_eq!(events.len(), 2);
        assert_eq!(events[0]["epcList"].as_array().unwrap().len(), 2);
        assert_eq!(events[0]["bizStep"], "receiving");
        assert_eq!(events[0]["sourceList"][0]["source"], "https://id.gs1.org/417/9521322000017");
        assert_eq!(events[1]["eventTime"], "2026-11-23T08:00:00Z");
        assert_eq!(events[1]["disposition"], "dispensed");
    }

    #[test]
    fn what_is_wrong_is_told_by_line() {
        let errors = table("what,code\nsell,x\n").unwrap_err();
        assert!(errors[0].starts_with("line 2: expected one of receive, refuse"), "{errors:?}");
        let errors = table(&format!("what,code\nship,{PACK}\ndispense,\n")).unwrap_err();
        assert_eq!(errors[0], "line 2: expected the GLN of the consignee in partner, found none");
        assert_eq!(errors[1], "line 3: expected a code, found none");
        let errors = table("what,colour\n").unwrap_err();
        assert!(errors[0].contains("\"colour\""), "{errors:?}");
    }
}
