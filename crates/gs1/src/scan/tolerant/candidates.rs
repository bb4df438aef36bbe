//! The readings that the ways of undoing lead to.

use super::{Expected, Reading, ambiguous, doubts, element_string, undo};
use crate::element::Element;
use crate::scan::error::ScanError;
use crate::scan::repair::ScanRepair;
use crate::scan::split::{Splits, splits};
use crate::scan::{Scan, ScanForm, Symbology, read};

/// Readings with different elements.
pub(super) struct Candidates<'a> {
    pub(super) readings: Vec<Reading>,
    expected: Expected<'a>,
}

impl<'a> Candidates<'a> {
    pub(super) const fn expecting(expected: Expected<'a>) -> Self {
        Self { readings: Vec::new(), expected }
    }

    pub(super) fn add(&mut self, reading: Reading) {
        let same = |other: &&mut Reading| other.scan.elements == reading.scan.elements;
        let Some(earlier) = self.readings.iter_mut().find(same) else {
            self.readings.push(reading);
            return;
        };
        // One cause explains a code better than two.
        if reading.repairs.len() < earlier.repairs.len() {
            *earlier = reading;
            return;
        }
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
    pub(super) fn read(&mut self, text: &str, repairs: &[ScanRepair]) {
        if let Ok(scan) = read(text) {
            let doubts = doubts(text, &scan);
            self.add(Reading { scan, repairs: repairs.to_vec(), doubts });
            return;
        }
        // Only a symbology identifier that came right shows that the text was mangled so.
        if Symbology::split(text).is_some_and(|(symbology, _)| symbology.is_gs1()) {
            if let Some((text, repair)) = undo::separators(text)
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
    pub(super) fn split(&mut self, text: &str, repairs: &[ScanRepair]) -> Result<(), ScanError> {
        match &self.split_all(text, repairs)[..] {
            [first, second, ..] => Err(ambiguous(first, second)),
            _ => Ok(()),
        }
    }

    /// Adds all readings and returns them.
    pub(super) fn split_all(&mut self, text: &str, repairs: &[ScanRepair]) -> Vec<Vec<Element>> {
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
