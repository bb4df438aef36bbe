//! What was repaired in a mangled scan, and what stays in doubt, in words.

use std::fmt;

use super::keyboard::KeyboardLayout;
use crate::ai::Ai;

/// What was repaired so that a code could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScanRepair {
    /// Upper and lower case were swapped: caps lock was on.
    CaseSwapped,
    /// All letters were typed in one case. Only repaired where no value depends on it.
    CaseForced,
    /// The scanner types for another keyboard layout than the computer's.
    KeyboardLayout {
        /// The layouts of the computer under which the code reads so; more than one when they
        /// do not differ in its characters.
        computer: Vec<KeyboardLayout>,
    },
    /// The separator between two elements was lost.
    SeparatorLost {
        /// The AI before it.
        after: Ai,
        /// The AI after it.
        before: Ai,
    },
    /// Another text stood in place of each separator.
    SeparatorReplaced {
        /// That text.
        by: Box<str>,
    },
    /// The bracket at the start of the symbology identifier was lost.
    BracketLost,
    /// Spaces inside the code were dropped; no value has one.
    SpacesDropped,
    /// Characters around the code were dropped.
    EndsDropped {
        /// What stood before the code.
        before: Box<str>,
        /// What stood after it.
        after: Box<str>,
    },
}

impl fmt::Display for ScanRepair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CaseSwapped => {
                f.write_str("upper and lower case were swapped back: turn caps lock off")
            }
            Self::CaseForced => f.write_str(
                "the letters of the symbology identifier or of a code were given back their case: \
                 set the scanner to leave the case as it is",
            ),
            Self::KeyboardLayout { computer } => {
                f.write_str("characters of a ")?;
                for (i, layout) in computer.iter().enumerate() {
                    let or = if i == 0 { "" } else { " or " };
                    write!(f, "{or}{layout}")?;
                }
                f.write_str(
                    " keyboard were read as the scanner meant them: set the scanner to the \
                     computer's layout",
                )
            }
            Self::SeparatorLost { after, before } => write!(
                f,
                "the lost separator between ({after}) and ({before}) was put back: set the \
                 scanner to transmit GS (FNC1)"
            ),
            Self::SeparatorReplaced { by } => write!(
                f,
                "{by:?} was read as the separator: set the scanner to transmit GS (FNC1) as it is"
            ),
            Self::BracketLost => f.write_str(
                "the ] of the symbology identifier was put back: set scanner and computer to the \
                 same keyboard layout",
            ),
            Self::SpacesDropped => f.write_str("spaces inside the code were dropped"),
            Self::EndsDropped { before, after } => {
                write!(f, "{before:?} before and {after:?} after the code were dropped")
            }
        }
    }
}

/// Why a code that reads as it stands may yet be another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// No separator was transmitted; had one been lost, the code could be this other one, written
    /// in brackets.
    SeparatorMayBeLost {
        /// The other reading.
        other: Box<str>,
    },
    /// All letters of a Digital Link up to its path are upper case, which a caps lock does too;
    /// then letters of the values are swapped.
    CaseMayBeSwapped,
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SeparatorMayBeLost { other } => write!(
                f,
                "if the scanner drops separators, the code may be {other}: set it to transmit GS \
                 (FNC1)"
            ),
            Self::CaseMayBeSwapped => {
                f.write_str("if caps lock is on, letters have the wrong case: turn it off")
            }
        }
    }
}
