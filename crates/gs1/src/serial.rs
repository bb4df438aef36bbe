//! Texts of 1 to 20 characters of CSET 82: serial number, lot number, GLN extension.

use std::fmt;
use std::str::FromStr;

use crate::charset::CharSet;
use crate::text_form::serde_as_text;

/// Which text an error is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldName {
    /// Serial number, AI 21.
    Serial,
    /// Batch or lot number, AI 10.
    Lot,
    /// Extension of a GLN, AI 254.
    GlnExtension,
}

impl fmt::Display for FieldName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Serial => "serial number",
            Self::Lot => "lot number",
            Self::GlnExtension => "GLN extension",
        })
    }
}

/// Why a text is not a serial, lot or extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// No character, or more than 20.
    #[error("expected 1 to 20 characters in a {field}, found {found}")]
    Length {
        /// The text expected.
        field: FieldName,
        /// Number of characters found.
        found: usize,
    },
    /// A character outside CSET 82.
    #[error(
        "expected characters of the GS1 set 82 in a {field}, found {found:?} at offset {offset}"
    )]
    Character {
        /// The text expected.
        field: FieldName,
        /// The character found.
        found: char,
        /// Its offset in bytes from the start of the text.
        offset: usize,
    },
}

impl TextError {
    /// What to do about it.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::Length { .. } => {
                "if it is too long the separator after it may be lost: check the scanner's \
                 setting for GS (FNC1)"
            }
            Self::Character { .. } => {
                "check the scanner's keyboard layout; spaces and letters with accents never occur"
            }
        }
    }
}

const MAX_CHARS: usize = 20;

pub(crate) fn check(field: FieldName, text: &str) -> Result<(), TextError> {
    if let Some((offset, found)) = CharSet::CSET_82.first_outside(text) {
        return Err(TextError::Character { field, found, offset });
    }
    match text.len() {
        1..=MAX_CHARS => Ok(()),
        found => Err(TextError::Length { field, found }),
    }
}

macro_rules! text_field {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Box<str>);

        impl $name {
            /// The text, checked: 1 to 20 characters of CSET 82.
            ///
            /// # Errors
            ///
            /// [`TextError`] when the length or a character is wrong.
            pub fn new(text: impl Into<Box<str>>) -> Result<Self, TextError> {
                let text = text.into();
                check(FieldName::$name, &text)?;
                Ok(Self(text))
            }

            /// The text, verbatim.
            #[must_use]
            pub const fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = TextError;

            fn from_str(text: &str) -> Result<Self, TextError> {
                check(FieldName::$name, text)?;
                Ok(Self(text.into()))
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({:?})"), &self.0)
            }
        }
    };
}

text_field! {
    /// Serial number of a unit (AI 21), verbatim: `01` and `1` differ, so do `a` and `A`.
    Serial
}

text_field! {
    /// Batch or lot number (AI 10), verbatim.
    Lot
}

text_field! {
    /// Extension that names a place inside a GLN (AI 254). `0` means none in an EPC URN.
    GlnExtension
}

serde_as_text!(Serial, Lot, GlnExtension);
