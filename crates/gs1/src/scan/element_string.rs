//! Element strings: AIs and values one after the other (GS1 General Specifications, section 7.8).

use super::error::{Problem, ScanError, glimpse};
use super::lost_separator;
use crate::ai::{Ai, AiEntry};
use crate::element::Element;

/// Reads the elements after the symbology identifier, or without one.
pub(super) fn read(data: &str) -> Result<Vec<Element>, ScanError> {
    let spelled = !data.as_bytes().contains(&GS);
    let mut elements = Vec::with_capacity(4);
    let mut offset = separators_at(data, 0, spelled);
    if offset == data.len() {
        return Err(Problem::Empty.at(offset));
    }
    while offset < data.len() {
        let (ai, entry) = Ai::at_start(&data.as_bytes()[offset..])
            .ok_or_else(|| Problem::UnknownAi { found: glimpse(&data[offset..]) }.at(offset))?;
        let start = offset + ai.as_str().len();
        let end = value_end(data, start, entry, spelled);
        let value = &data[start..end];
        entry.check(ai, value).map_err(|source| {
            let runs_into = lost_separator::inside(ai, entry, value);
            Problem::Value { ai, source, runs_into }.at(start)
        })?;
        elements.push(Element::typed(ai, value));
        offset = separators_at(data, end, spelled);
    }
    Ok(elements)
}

/// Where the value that starts at `start` ends.
fn value_end(data: &str, start: usize, entry: &AiEntry, spelled: bool) -> usize {
    let separator = next_separator(data, start, spelled);
    match entry.predefined_length() {
        // Cut at a separator or inside a character, the value fails its check.
        Some(length) if start + length < separator => {
            (start + length..separator).find(|&end| data.is_char_boundary(end)).unwrap_or(separator)
        }
        _ => separator,
    }
}

const GS: u8 = 0x1D;

/// Spellings of GS that people and keyboards produce, upper case. All but the first two start
/// with a character that no value has.
const SPELLINGS: [&str; 9] =
    ["<GS>", "<FNC1>", "{GS}", "{FNC1}", "[GS]", "\\X1D", "\\U001D", "\u{241D}", "^"];

/// Offset of the first separator at or after `start`, or of the end.
fn next_separator(data: &str, start: usize, spelled: bool) -> usize {
    let bytes = data.as_bytes();
    (start..bytes.len())
        .find(|&at| match bytes[at] {
            GS => true,
            b'<' | b'{' | b'[' | b'\\' | b'^' | 0xE2 if spelled => spelling_at(data, at) > 0,
            _ => false,
        })
        .unwrap_or(bytes.len())
}

/// Offset after the separators that stand at `offset`.
fn separators_at(data: &str, mut offset: usize, spelled: bool) -> usize {
    loop {
        let length = match data.as_bytes().get(offset) {
            Some(&GS) => 1,
            Some(_) if spelled => spelling_at(data, offset),
            _ => 0,
        };
        if length == 0 {
            return offset;
        }
        offset += length;
    }
}

/// Length of the spelled separator at `at`, or 0.
fn spelling_at(data: &str, at: usize) -> usize {
    let matches = |spelling: &&&str| {
        data.get(at..at + spelling.len()).is_some_and(|text| text.eq_ignore_ascii_case(spelling))
    };
    SPELLINGS.iter().find(matches).map_or(0, |spelling| spelling.len())
}
