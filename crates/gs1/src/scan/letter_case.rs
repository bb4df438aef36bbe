//! Codes whose letters a caps lock key or a scanner setting changed.

use super::error::Problem;
use super::symbology::{ALL, Symbology};
use super::{Scan, ScanError, read};
use crate::element::Element;

/// The text with upper and lower case of ASCII letters swapped, as a caps lock does; `None` when
/// it has no letters.
pub(super) fn swapped(text: &str) -> Option<String> {
    let swap = |c: char| match c {
        'a'..='z' => c.to_ascii_uppercase(),
        'A'..='Z' => c.to_ascii_lowercase(),
        _ => c,
    };
    text.bytes().any(|byte| byte.is_ascii_alphabetic()).then(|| text.chars().map(swap).collect())
}

/// The reading of a code all of whose letters were typed in one case; `Ok(None)` when that can
/// not have happened.
///
/// # Errors
///
/// [`Problem::CaseUnknown`] when it can, and letters of a value had either case.
pub(super) fn forced(text: &str) -> Result<Option<Scan>, ScanError> {
    let has = |is: fn(&u8) -> bool| text.bytes().any(|byte| is(&byte));
    let (upper, lower) = (has(u8::is_ascii_uppercase), has(u8::is_ascii_lowercase));
    if upper == lower {
        return Ok(None);
    }
    let mut reading = None;
    for body in bodies(text) {
        for text in [body.to_ascii_uppercase(), body.to_ascii_lowercase()] {
            // The symbology identifier keeps its own case.
            let text = match body.get(..3).filter(|_| Symbology::split(&body).is_some()) {
                Some(head) => format!("{head}{}", &text[3..]),
                None => text,
            };
            let Ok(scan) = read(&text) else { continue };
            if scan.elements.iter().any(has_either_case) {
                return Err(Problem::CaseUnknown.at(0));
            }
            match &reading {
                Some(Scan { elements, .. }) if *elements != scan.elements => {
                    return Err(Problem::CaseUnknown.at(0));
                }
                _ => reading = Some(scan),
            }
        }
    }
    Ok(reading)
}

/// The text as it stands, and with each symbology identifier that differs from its start in case
/// alone.
fn bodies(text: &str) -> Vec<String> {
    let Some(head) = text.get(..3) else { return Vec::new() };
    let same = |identifier: &str| identifier.eq_ignore_ascii_case(head);
    let mut bodies: Vec<String> = ALL
        .iter()
        .filter(|(identifier, _)| same(identifier) && *identifier != head)
        .map(|(identifier, _)| format!("{identifier}{}", &text[3..]))
        .collect();
    if bodies.is_empty() && !head.starts_with(']') {
        bodies.push(text.to_owned());
    }
    bodies
}

/// Whether the value has letters and would be right in the other case as well.
fn has_either_case(element: &Element) -> bool {
    let Element { ai, value } = element;
    let Some(entry) = ai.entry() else { return true };
    value.bytes().any(|byte| byte.is_ascii_alphabetic())
        && entry.check(*ai, &value.to_ascii_uppercase()).is_ok()
        && entry.check(*ai, &value.to_ascii_lowercase()).is_ok()
}

/// Whether a Digital Link has letters in its values and none of lower case before its path: a
/// person may have written it so, or a caps lock.
pub(super) fn may_be_swapped(text: &str, scan: &Scan) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let host = rest.split('/').next().unwrap_or_default();
    let scheme = scheme.rsplit(']').next().unwrap_or_default();
    !scheme.bytes().chain(host.bytes()).any(|byte| byte.is_ascii_lowercase())
        && scan.elements.iter().any(has_either_case)
}
