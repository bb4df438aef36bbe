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

mod ends;

use super::error::{Problem, ScanError};
use super::keyboard::KeyboardLayout;
use super::repair::{Doubt, ScanRepair};
use super::split::{Splits, splits};
use super::symbology::{ALL, Symbology};
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

/// What is known of a code before it is read, so that fewer readings of a mangled one are possible.
///
/// Nothing is known of the [`Default`].
///
/// ```
/// # use theriac_gs1::{Ai, Expected, read_tolerant_expecting};
/// // The unique identifier of a medicine in the European Union; a national number may follow.
/// let medicine = Expected {
///     must: &[Ai::GTIN, Ai::SERIAL, Ai::LOT, Ai::EXPIRY],
///     ..Expected::default()
/// };
/// let code = "]d20109506000134352211234567890121727123110LOT7";
/// let reading = read_tolerant_expecting(code, medicine)?;
/// assert_eq!(reading.scan.serial().map(|s| s.to_string()).as_deref(), Some("123456789012"));
/// # Ok::<(), theriac_gs1::ScanError>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Expected<'a> {
    /// AIs that the code has; none when they are not known.
    pub must: &'a [Ai],
    /// AIs that it may have besides those that it must have; without such, any other.
    pub may: &'a [Ai],
    /// The layout of the computer's keyboard, when the scanner types.
    pub layout: Option<KeyboardLayout>,
}

impl Expected<'_> {
    /// Whether these may be the elements; always when nothing is known of them.
    pub(super) fn fits(&self, elements: &[Element]) -> bool {
        let has = |ai: &Ai| elements.iter().any(|element| element.ai == *ai);
        let known =
            |element: &Element| self.must.contains(&element.ai) || self.may.contains(&element.ai);
        self.must.is_empty() || self.must.iter().all(has) && elements.iter().all(known)
    }
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
    let mut found = Candidates::expecting(expected);
    for (text, repair) in undone(code, expected.layout) {
        found.read(&text, &[repair]);
    }
    let case = letter_case::forced(code);
    if let Ok(Some(scan)) = &case {
        let doubts = doubts(code, scan);
        found.add(Reading { scan: scan.clone(), repairs: vec![ScanRepair::CaseForced], doubts });
    }
    if let Some((text, repair)) = with_separators(code) {
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

fn ambiguous(first: &[Element], second: &[Element]) -> ScanError {
    let (first, second) = (bracketed(first).into(), bracketed(second).into());
    Problem::Ambiguous { first, second }.at(0)
}

/// Readings with different elements.
struct Candidates<'a> {
    readings: Vec<Reading>,
    expected: Expected<'a>,
}

impl<'a> Candidates<'a> {
    const fn expecting(expected: Expected<'a>) -> Self {
        Self { readings: Vec::new(), expected }
    }

    fn add(&mut self, reading: Reading) {
        let same = |other: &&mut Reading| other.scan.elements == reading.scan.elements;
        let Some(earlier) = self.readings.iter_mut().find(same) else {
            self.readings.push(reading);
            return;
        };
        // Layouts that do not differ in the characters of this code are named together.
        if let (
            [ScanRepair::KeyboardLayout { computer: all }],
            [ScanRepair::KeyboardLayout { computer }],
        ) = (&mut earlier.repairs[..], &reading.repairs[..])
        {
            all.extend(computer);
        }
    }

    /// Reads the text as it stands, else with its separators put back.
    fn read(&mut self, text: &str, repairs: &[ScanRepair]) {
        if let Ok(scan) = read(text) {
            let doubts = doubts(text, &scan);
            self.add(Reading { scan, repairs: repairs.to_vec(), doubts });
            return;
        }
        // Only a symbology identifier that came right shows that the text was mangled so.
        if Symbology::split(text).is_some_and(|(symbology, _)| symbology.is_gs1()) {
            if let Some((text, repair)) = with_separators(text)
                && let Ok(scan) = read(&text)
            {
                self.add(Reading {
                    scan,
                    repairs: [repairs, &[repair]].concat(),
                    doubts: Vec::new(),
                });
            }
            self.split_all(text, repairs);
        }
    }

    /// Reads an element string whose separators are all lost.
    ///
    /// # Errors
    ///
    /// [`Problem::Ambiguous`] when there are more readings than are looked for.
    fn split(&mut self, text: &str, repairs: &[ScanRepair]) -> Result<(), ScanError> {
        match &self.split_all(text, repairs)[..] {
            [first, second, ..] => Err(ambiguous(first, second)),
            _ => Ok(()),
        }
    }

    /// Adds all readings and returns them.
    fn split_all(&mut self, text: &str, repairs: &[ScanRepair]) -> Vec<Vec<Element>> {
        let Some((symbology, data)) = element_string(text) else { return Vec::new() };
        let Splits { readings, complete } = splits(data, self.expected);
        if !complete && readings.len() < 2 {
            return Vec::new();
        }
        for elements in &readings {
            let needs_separator =
                |element: &Element| element.ai.entry().is_none_or(|entry| entry.needs_separator());
            let lost = elements.windows(2).filter(|pair| needs_separator(&pair[0]));
            let lost = lost.map(|pair| {
                let (after, before) = (pair[0].ai, pair[1].ai);
                ScanRepair::SeparatorLost { after, before }
            });
            let repairs = repairs.iter().cloned().chain(lost).collect();
            let scan =
                Scan { form: ScanForm::ElementString, symbology, elements: elements.clone() };
            self.add(Reading { scan, repairs, doubts: Vec::new() });
        }
        readings
    }
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

/// The text with each change of its characters undone that a caps lock, another keyboard layout
/// or a person makes.
fn undone(code: &str, layout: Option<KeyboardLayout>) -> Vec<(String, ScanRepair)> {
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
fn with_separators(code: &str) -> Option<(String, ScanRepair)> {
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
