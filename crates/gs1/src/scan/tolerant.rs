//! Reading a code that a scanner or keyboard mangled, where only one reading is possible.
//!
//! ```text
//!  text ─ drop what stands around it ─┬─ reads as it stands ─────────► Reading (doubts)
//!                                     └─ else each way it may have
//!                                        been mangled, undone
//!                                         ├─ one reading ────────────► Reading (repairs)
//!                                         ├─ several ────────────────► error: ambiguous
//!                                         └─ none ───────────────────► error of the text itself
//! ```
//!
//! # Invariants
//!
//! - No repair without its name in [`Reading::repairs`].
//! - Where two ways of undoing lead to different elements, nothing is repaired.

mod candidates;
mod ends;
mod expected;
mod undo;

pub use expected::Expected;

use candidates::Candidates;

use super::error::{Problem, ScanError};
use super::repair::{Doubt, ScanRepair};
use super::split::splits;
use super::symbology::Symbology;
use super::{Scan, ScanForm, letter_case, read};
use crate::ai::Ai;
use crate::element::{Element, GS, bracketed};

/// What a code says, what was repaired to read it, and what stays in doubt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// What the code says.
    pub scan: Scan,
    /// What was repaired; empty when the code reads as it stands.
    pub repairs: Vec<ScanRepair>,
    /// Why a code that reads as it stands may yet be another one; empty for most, and always
    /// after a repair of the separators.
    pub doubts: Vec<Doubt>,
}

/// Reads a code in any form, mangled or not.
///
/// A code that [`read`] takes is never changed. Otherwise it undoes what scanners and keyboards
/// do: caps lock, letters of one case, another keyboard layout, separators that are lost or
/// replaced, characters around the code, spaces inside. It repairs only where all ways of undoing
/// that lead to a GS1 code lead to the same one.
///
/// # Errors
///
/// [`ScanError`] when the text is no GS1 code, or more than one reading is possible; its
/// [`hint`](ScanError::hint) says what happened and what to do.
///
/// ```
/// # use theriac_gs1::read_tolerant;
/// let reading = read_tolerant("]D20109506000134352\u{1D}21abc")?;
/// assert_eq!(reading.scan.serial().map(|s| s.to_string()).as_deref(), Some("ABC"));
/// assert_eq!(reading.repairs[0].to_string(), "upper and lower case were swapped back: turn caps lock off");
/// # Ok::<(), theriac_gs1::ScanError>(())
/// ```
pub fn read_tolerant(text: &str) -> Result<Reading, ScanError> {
    read_tolerant_expecting(text, Expected::default())
}

/// As [`read_tolerant`], where something is known of the code.
///
/// A code that [`read`] takes is changed only when it does not fit what is expected and one
/// reading with separators put back does.
///
/// # Errors
///
/// As [`read_tolerant`].
pub fn read_tolerant_expecting(text: &str, expected: Expected<'_>) -> Result<Reading, ScanError> {
    let (code, dropped) = ends::without(text);
    let mut reading = match read(code) {
        Ok(scan) => as_it_stands(code, scan, expected),
        Err(error) => repaired(code, error, expected)?,
    };
    reading.repairs.extend(dropped);
    Ok(reading)
}

fn as_it_stands(code: &str, scan: Scan, expected: Expected<'_>) -> Reading {
    if !expected.fits(&scan.elements) {
        let mut found = Candidates::expecting(expected);
        found.split_all(code, &[]);
        if found.readings.len() == 1 {
            return found.readings.swap_remove(0);
        }
    }
    let doubts = doubts(code, &scan);
    Reading { scan, repairs: Vec::new(), doubts }
}

fn repaired(code: &str, error: ScanError, expected: Expected<'_>) -> Result<Reading, ScanError> {
    if let Some(second) = second_code(code) {
        return Err(Problem::TwoCodes.at(second));
    }
    let mut found = Candidates::expecting(expected);
    for (text, repair) in undo::changes(code, expected.layout) {
        found.read(&text, &[repair]);
    }
    let case = letter_case::forced(code);
    if let Ok(Some(scan)) = &case {
        let doubts = doubts(code, scan);
        found.add(Reading { scan: scan.clone(), repairs: vec![ScanRepair::CaseForced], doubts });
    }
    if let Some((text, repair)) = undo::separators(code) {
        found.read(&text, &[repair]);
    }
    found.split(code, &[])?;
    case?;
    let mut readings = found.readings;
    if readings.iter().any(|reading| expected.fits(&reading.scan.elements)) {
        readings.retain(|reading| expected.fits(&reading.scan.elements));
    }
    let typed = |reading: &Reading| {
        reading.repairs.iter().any(|repair| matches!(repair, ScanRepair::KeyboardLayout { .. }))
    };
    if expected.layout.is_some() && readings.iter().any(typed) {
        readings.retain(typed);
    }
    match &readings[..] {
        [] => Err(error),
        [_] => Ok(readings.swap_remove(0)),
        [first, second, ..] => Err(ambiguous(&first.scan.elements, &second.scan.elements)),
    }
}

/// Where a second code starts that was scanned into the same text.
fn second_code(code: &str) -> Option<usize> {
    let starts = code.match_indices(']').map(|(at, _)| at).filter(|&at| at > 0);
    let both_read = |at: &usize| {
        let (first, second) = code.split_at(*at);
        Symbology::split(second).is_some() && read(first).is_ok() && read(second).is_ok()
    };
    starts.take(8).find(both_read)
}

fn ambiguous(first: &[Element], second: &[Element]) -> ScanError {
    let (first, second) = (bracketed(first).into(), bracketed(second).into());
    Problem::Ambiguous { first, second }.at(0)
}

/// Symbology and data of an element string that has no separator.
fn element_string(text: &str) -> Option<(Option<Symbology>, &str)> {
    let (symbology, data) = match Symbology::split(text) {
        Some((symbology, data)) if symbology.is_gs1() => (Some(symbology), data),
        Some(_) => return None,
        None => (None, text),
    };
    let starts = Ai::at_start(data.as_bytes()).is_some();
    (starts && !data.contains(GS)).then_some((symbology, data))
}

/// Why the code may be another one although it reads as it stands.
fn doubts(code: &str, scan: &Scan) -> Vec<Doubt> {
    match scan.form {
        ScanForm::ElementString => {
            let Some((_, data)) = element_string(code) else { return Vec::new() };
            let others = splits(data, Expected::default()).readings.into_iter();
            others
                .filter(|other| *other != scan.elements)
                .map(|other| Doubt::SeparatorMayBeLost { other: bracketed(&other).into() })
                .collect()
        }
        ScanForm::DigitalLink if letter_case::may_be_swapped(code, scan) => {
            vec![Doubt::CaseMayBeSwapped]
        }
        _ => Vec::new(),
    }
}
