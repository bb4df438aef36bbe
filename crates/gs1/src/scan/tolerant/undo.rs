//! Undoing what scanners, keyboards and people do to the characters of a code.

use super::element_string;
use crate::element::GS;
use crate::scan::keyboard::KeyboardLayout;
use crate::scan::letter_case;
use crate::scan::repair::ScanRepair;
use crate::scan::symbology::{ALL, Symbology};

/// The text with each change of its characters undone that a caps lock, another keyboard layout
/// or a person makes.
pub(super) fn changes(code: &str, layout: Option<KeyboardLayout>) -> Vec<(String, ScanRepair)> {
    let mut texts = Vec::new();
    texts.extend(letter_case::swapped(code).map(|text| (text, ScanRepair::CaseSwapped)));
    let known = layout.map(|layout| [layout]);
    for &layout in known.as_ref().map_or(&KeyboardLayout::ALL[..], |known| &known[..]) {
        let meant = layout.meant(code).filter(|meant| meant != code);
        texts.extend(
            meant.map(|text| (text, ScanRepair::KeyboardLayout { computer: vec![layout] })),
        );
    }
    if code.contains(char::is_whitespace) {
        let text = code.chars().filter(|c| !c.is_whitespace()).collect();
        texts.push((text, ScanRepair::SpacesDropped));
    }
    let has_head = |(identifier, symbology): &&(&str, Symbology)| {
        symbology.is_gs1() && code.starts_with(&identifier[1..])
    };
    if ALL.iter().any(|identifier| has_head(&identifier)) {
        texts.push((format!("]{code}"), ScanRepair::BracketLost));
    }
    texts
}

/// The text with GS in place of what may have replaced it: a run of characters that no value has,
/// the same at each place.
pub(super) fn separators(code: &str) -> Option<(String, ScanRepair)> {
    let (_, data) = element_string(code)?;
    let start = code.len() - data.len();
    let first = data.find(replaces_gs)?;
    let length = data[first..].find(|c| !replaces_gs(c)).unwrap_or(data.len() - first);
    let by = &data[first..first + length];
    let text = format!("{}{}", &code[..start], data.replace(by, "\u{1D}"));
    let repair = ScanRepair::SeparatorReplaced { by: by.into() };
    (!text[start..].contains(replaces_gs)).then_some((text, repair))
}

/// ASCII characters that no value has, and the glyphs that stand for GS on some terminals.
fn replaces_gs(c: char) -> bool {
    match c {
        GS => false,
        '#' | '$' | '@' | '[' | '\\' | ']' | '^' | '`' | '{' | '|' | '}' | '~' | ' ' => true,
        '↔' | '␝' | '\u{FFFD}' => true,
        c => c.is_control(),
    }
}
