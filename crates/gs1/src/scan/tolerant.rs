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
    let (code, dropped) = ends::without(text);
    let mut reading = read_code(code)?;
    reading.repairs.extend(dropped);
    Ok(reading)
}

fn read_code(code: &str) -> Result<Reading, ScanError> {
    let error = match read(code) {
        Ok(scan) => {
            let doubts = doubts(code, &scan);
            return Ok(Reading { scan, repairs: Vec::new(), doubts });
        }
        Err(error) => error,
    };
    let mut found = Candidates::default();
    for (text, repair) in undone(code) {
        found.read(&text, &[repair]);
    }
    let case = letter_case::forced(code);
    if let Ok(Some(scan)) = &case {
        let reading = Reading {
            scan: scan.clone(),
            repairs: vec![ScanRepair::CaseForced],
            doubts: doubts(code, scan),
        };
        found.add(reading);
    }
    if let Some((text, repair)) = with_separators(code) {
        found.read(&text, &[repair]);
    }
    found.split(code, &[])?;
    match (case, found.0.len()) {
        (Err(case), _) => Err(case),
        (Ok(_), 0) => Err(error),
        (Ok(_), 1) => Ok(found.0.swap_remove(0)),
        (Ok(_), _) => Err(ambiguous(&found.0[0].scan.elements, &found.0[1].scan.elements)),
    }
}

fn ambiguous(first: &[Element], second: &[Element]) -> ScanError {
    let (first, second) = (bracketed(first).into(), bracketed(second).into());
    Problem::Ambiguous { first, second }.at(0)
}

/// Readings with different elements.
#[derive(Default)]
struct Candidates(Vec<Reading>);

impl Candidates {
    fn add(&mut self, reading: Reading) {
        let same = |other: &&mut Reading| other.scan.elements == reading.scan.elements;
        let Some(earlier) = self.0.iter_mut().find(same) else {
            self.0.push(reading);
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
        let Splits { readings, complete } = splits(data);
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
fn undone(code: &str) -> Vec<(String, ScanRepair)> {
    let mut texts = Vec::new();
    texts.extend(letter_case::swapped(code).map(|text| (text, ScanRepair::CaseSwapped)));
    for layout in KeyboardLayout::ALL {
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
    (!text[start..].contains(replaces_gs)).then(|| (text, repair))
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
            let others = splits(data).readings.into_iter();
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
