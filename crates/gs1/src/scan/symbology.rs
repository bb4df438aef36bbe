//! Symbology identifiers: the three characters a scanner may put before the data (ISO/IEC 15424).

use std::fmt;

use super::error::{Problem, ScanError};

/// The bar code symbology that a scanner read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Symbology {
    /// `]d2`, GS1 DataMatrix.
    Gs1DataMatrix,
    /// `]C1`, GS1-128.
    Gs1Code128,
    /// `]Q3`, GS1 QR Code.
    Gs1QrCode,
    /// `]e0`, GS1 DataBar or the composite component.
    Gs1DataBar,
    /// `]J1`, GS1 DotCode.
    Gs1DotCode,
    /// `]E0`, EAN-13, UPC-A or UPC-E.
    Ean13,
    /// `]E4`, EAN-8.
    Ean8,
    /// `]I1`, ITF-14.
    Itf14,
    /// `]d1`, plain Data Matrix, which may hold a Digital Link.
    DataMatrix,
    /// `]Q1`, plain QR Code, which may hold a Digital Link.
    QrCode,
    /// `]J0`, plain DotCode, which may hold a Digital Link.
    DotCode,
}

pub(super) const ALL: [(&str, Symbology); 11] = [
    ("]d2", Symbology::Gs1DataMatrix),
    ("]C1", Symbology::Gs1Code128),
    ("]Q3", Symbology::Gs1QrCode),
    ("]e0", Symbology::Gs1DataBar),
    ("]J1", Symbology::Gs1DotCode),
    ("]E0", Symbology::Ean13),
    ("]E4", Symbology::Ean8),
    ("]I1", Symbology::Itf14),
    ("]d1", Symbology::DataMatrix),
    ("]Q1", Symbology::QrCode),
    ("]J0", Symbology::DotCode),
];

impl Symbology {
    /// The identifier, as `]d2`.
    #[must_use]
    pub fn identifier(self) -> &'static str {
        ALL.iter().find(|(_, symbology)| *symbology == self).map_or("", |(text, _)| text)
    }

    /// The symbology and the data after its identifier; `None` when the text starts with none.
    ///
    /// The data of a plain symbology may be anything; [`read`](super::read) takes it only when it
    /// is a GS1 code.
    #[must_use]
    pub fn split(text: &str) -> Option<(Self, &str)> {
        let head = head(text);
        let (_, symbology) = ALL.iter().find(|(identifier, _)| *identifier == head)?;
        Some((*symbology, &text[head.len()..]))
    }

    /// Number of digits of a symbol that holds the digits of a GTIN alone.
    pub(super) const fn retail_digits(self) -> Option<usize> {
        match self {
            Self::Ean8 => Some(8),
            Self::Ean13 => Some(13),
            Self::Itf14 => Some(14),
            _ => None,
        }
    }

    /// Whether the symbol started with FNC1, so that its data is a GS1 element string.
    #[must_use]
    pub const fn is_gs1(self) -> bool {
        matches!(
            self,
            Self::Gs1DataMatrix
                | Self::Gs1Code128
                | Self::Gs1QrCode
                | Self::Gs1DataBar
                | Self::Gs1DotCode
        )
    }
}

impl fmt::Display for Symbology {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.identifier())
    }
}

/// The symbology and the data after it; `None` when there is no symbology identifier.
pub(super) fn split(code: &str) -> Result<Option<(Symbology, &str)>, ScanError> {
    if let Some(split) = Symbology::split(code) {
        return Ok(Some(split));
    }
    let head = head(code);
    if head.starts_with(']') {
        return Err(wrong(head).at(0));
    }
    match other_layout(code) {
        Some(problem) => Err(problem.at(0)),
        None => Ok(None),
    }
}

/// The first three characters.
fn head(code: &str) -> &str {
    code.char_indices().nth(3).map_or(code, |(end, _)| &code[..end])
}

fn wrong(head: &str) -> Problem {
    match ALL.iter().find(|(text, _)| text.eq_ignore_ascii_case(head)) {
        Some((expected, _)) => Problem::SymbologyCase { expected, found: head.into() },
        None => Problem::Symbology { found: head.into() },
    }
}

/// A character other than `]` before a GS1 identifier and the digit of an AI: what a scanner that
/// types on a keyboard of another layout makes of it.
fn other_layout(code: &str) -> Option<Problem> {
    let first = code.chars().next().filter(|c| !c.is_ascii_alphanumeric())?;
    let rest = &code[first.len_utf8()..];
    let identifier = |(text, symbology): &&(&str, Symbology)| {
        symbology.is_gs1() && rest.get(..2).is_some_and(|two| two.eq_ignore_ascii_case(&text[1..]))
    };
    let (expected, _) = ALL.iter().find(identifier)?;
    let data_follows = rest.as_bytes().get(2).is_some_and(u8::is_ascii_digit);
    data_follows.then(|| Problem::KeyboardLayout { expected, found: head(code).into() })
}
