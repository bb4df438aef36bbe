//! What stands around a code: control characters, white space, quotation marks, the envelope of
//! ISO/IEC 15434.

use crate::element::GS;
use crate::scan::repair::ScanRepair;

/// Format 05 of ISO/IEC 15434, application identifiers.
const ENVELOPE: &str = "[)>\u{1E}05\u{1D}";

/// The code without what stands around it, and the repair, when that is more than ASCII white
/// space, which every reader drops.
pub(super) fn without(text: &str) -> (&str, Option<ScanRepair>) {
    let trimmed = trim(text.trim_ascii());
    let code = trimmed.strip_prefix(ENVELOPE).unwrap_or(trimmed);
    let code = trim(quoted(code).unwrap_or(code));
    if code.is_empty() || code == text.trim_ascii() {
        return (text, None);
    }
    let start = code.as_ptr() as usize - text.as_ptr() as usize;
    let (before, after) = (&text[..start], &text[start + code.len()..]);
    (code, Some(ScanRepair::EndsDropped { before: before.into(), after: after.into() }))
}

fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| {
        c != GS && (c.is_control() || c.is_whitespace() || matches!(c, '\u{FEFF}' | '\u{200B}'))
    })
}

fn quoted(text: &str) -> Option<&str> {
    ['"', '\'', '`'].into_iter().find_map(|mark| text.strip_prefix(mark)?.strip_suffix(mark))
}
