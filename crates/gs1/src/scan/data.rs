//! Writing what a scanner transmits for a symbol: symbology identifier, then the data.

use super::symbology::Symbology;
use crate::ai::Ai;
use crate::element::{Element, ElementError, GS};

/// Why no scanner transmits these elements from such a symbol. The caller's fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScanDataError {
    /// No elements.
    #[error("expected at least one element, found none")]
    Empty,
    /// An AI that is not assigned, or a value that is none of its AI.
    #[error(transparent)]
    Element(#[from] ElementError),
    /// A plain symbology, whose symbols hold no elements but may hold a Digital Link.
    #[error("expected a symbology that holds elements, found {found} (a Digital Link fits there)")]
    Plain {
        /// The symbology.
        found: Symbology,
    },
    /// Something else than one GTIN that fits the digits of the symbol.
    #[error("expected one (01) of {digits} digits in {symbology}, found {found}")]
    Gtin {
        /// The symbology.
        symbology: Symbology,
        /// Number of digits that it holds.
        digits: usize,
        /// The elements, in brackets.
        found: Box<str>,
    },
    /// A composite component beside a symbol that has none.
    #[error("expected no composite component beside {symbology}, found one")]
    Composite {
        /// The symbology.
        symbology: Symbology,
    },
}

/// What a scanner transmits for a symbol with these elements in this order, and beside it a
/// composite component, whose elements may be none (GS1 General Specifications, sections 5.1
/// and 7.8).
///
/// A GS1-128 or GS1 DataBar with a composite component is transmitted as one message that starts
/// with `]e0`; that of a retail bar code follows its digits after `|]e0`.
///
/// # Errors
///
/// [`ScanDataError`] when no symbol of this kind holds these elements.
///
/// ```
/// # use theriac_gs1::{Symbology, read, scan_data};
/// let scan = read("(01)09506000134352(10)L1(99)x")?;
/// let data = scan_data(Symbology::Gs1DataMatrix, &scan.elements, &[])?;
/// assert_eq!(data, "]d2010950600013435210L1\u{1D}99x");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn scan_data(
    symbology: Symbology,
    elements: &[Element],
    composite: &[Element],
) -> Result<String, ScanDataError> {
    if elements.is_empty() {
        return Err(ScanDataError::Empty);
    }
    for element in elements.iter().chain(composite) {
        element.checked()?;
    }
    if let Some(digits) = symbology.retail_digits() {
        return retail(symbology, digits, elements, composite);
    }
    let joins = matches!(symbology, Symbology::Gs1Code128 | Symbology::Gs1DataBar);
    let identifier = match symbology {
        _ if !symbology.is_gs1() => return Err(ScanDataError::Plain { found: symbology }),
        _ if composite.is_empty() => symbology.identifier(),
        _ if joins => Symbology::Gs1DataBar.identifier(),
        _ => return Err(ScanDataError::Composite { symbology }),
    };
    let mut data = identifier.to_owned();
    append(&mut data, elements.iter().chain(composite));
    Ok(data)
}

fn retail(
    symbology: Symbology,
    digits: usize,
    elements: &[Element],
    composite: &[Element],
) -> Result<String, ScanDataError> {
    let gtin = match elements {
        [Element { ai: Ai::GTIN, value }] => value.split_at_checked(14 - digits),
        _ => None,
    };
    let Some((_, gtin)) = gtin.filter(|(zeros, _)| zeros.bytes().all(|byte| byte == b'0')) else {
        let found = crate::bracketed(elements).into();
        return Err(ScanDataError::Gtin { symbology, digits, found });
    };
    let mut data = format!("{symbology}{gtin}");
    if symbology == Symbology::Itf14 && !composite.is_empty() {
        return Err(ScanDataError::Composite { symbology });
    }
    if !composite.is_empty() {
        data.push_str("|]e0");
        append(&mut data, composite.iter());
    }
    Ok(data)
}

/// AIs and values, with GS after a value that needs it and is not the last.
pub(crate) fn append<'a>(data: &mut String, elements: impl Iterator<Item = &'a Element>) {
    let mut separate = false;
    for Element { ai, value } in elements {
        if separate {
            data.push(GS);
        }
        data.push_str(ai.as_str());
        data.push_str(value);
        separate = ai.entry().is_none_or(|entry| entry.needs_separator());
    }
}
