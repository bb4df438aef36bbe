//! Reading a code in whatever form a scanner or a person hands it in.
//!
//! ```text
//!  text ─ trim ─┬─ ]d2, ]C1, ]Q3, ]e0, ]J1 ──── element string ─┐
//!               ├─ ]E0, ]E4 ──────────────────── plain GTIN ────┤
//!               ├─ http(s):// ────────────────── Digital Link ──┤
//!               ├─ urn:epc: ──────────────────── EPC URN ───────┼─► elements, checked ─► Scan
//!               ├─ (01)…(21)… ────────────────── bracketed ─────┤
//!               └─ digits ────────────────────── element string ┘
//! ```
//!
//! # Invariants
//!
//! - Every element of a [`Scan`] from [`read`] has an assigned AI and a right value, and no AI
//!   has two values.
//! - [`read`] repairs nothing: what is mangled is an error that says how it came about.
//! - [`read_tolerant`] repairs only where one reading is possible, and names each repair.

mod bracketed;
mod data;
mod digital_link;
mod element_string;
mod error;
mod keyboard;
mod letter_case;
mod lost_separator;
mod meaning;
mod repair;
mod split;
mod symbology;
mod tolerant;

pub(crate) use data::append;
pub use data::{ScanDataError, scan_data};
pub use error::{Problem, ScanError};
pub use keyboard::KeyboardLayout;
pub use lost_separator::LostSeparator;
pub use repair::{Doubt, ScanRepair};
pub use symbology::Symbology;
pub use tolerant::{Expected, Reading, read_tolerant, read_tolerant_expecting};

use crate::ai::Ai;
use crate::check_digit::check_digit;
use crate::element::Element;
use crate::identifier::Identifier;
use crate::key::{Gtin, KeyError, Sscc};
use crate::link;

/// In which form a code was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ScanForm {
    /// AIs and values one after the other, as scanners transmit them.
    ElementString,
    /// AIs in brackets, as printed for people.
    Bracketed,
    /// GS1 Digital Link URI.
    DigitalLink,
    /// EPC URN.
    EpcUrn,
    /// The digits of a GTIN or SSCC alone.
    PlainKey,
}

/// What a code says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scan {
    /// The form that the code was written in.
    pub form: ScanForm,
    /// The bar code symbology, when the scanner told.
    pub symbology: Option<Symbology>,
    /// The elements in the order read, each AI once.
    pub elements: Vec<Element>,
}

/// What [`read_with`] accepts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// Refuse Digital Links that only older versions of the standard allow or none: GTINs of 8,
    /// 12 or 13 digits, short names such as `gtin` for AIs, a slash at the end of the path. For
    /// whoever checks links before they are printed.
    pub strict_links: bool,
}

/// Reads a code in any form.
///
/// White space around it is dropped. FNC1 between elements may be GS (0x1D), or spelled as
/// `<GS>`, `{GS}`, `[GS]`, `<FNC1>`, `\x1d`, `\u001d`, `␝` or `^`.
///
/// # Errors
///
/// [`ScanError`] when the text is no GS1 code, or one that is mangled; its
/// [`hint`](ScanError::hint) says what to do.
///
/// ```
/// let scan = theriac_gs1::read("(01)09506000134352(21)abc(17)271231")?;
/// assert_eq!(scan.identifier().map(|id| id.key()).as_deref(), Some("01/09506000134352/21/abc"));
/// # Ok::<(), theriac_gs1::ScanError>(())
/// ```
pub fn read(text: &str) -> Result<Scan, ScanError> {
    read_with(text, ReadOptions::default())
}

/// As [`read`], with options.
///
/// # Errors
///
/// As [`read`].
pub fn read_with(text: &str, options: ReadOptions) -> Result<Scan, ScanError> {
    let start = text.len() - text.trim_ascii_start().len();
    let code = text.trim_ascii();
    let scan = read_trimmed(code, options).map_err(|error| error.shifted(start))?;
    without_repeats(scan)
}

fn read_trimmed(code: &str, options: ReadOptions) -> Result<Scan, ScanError> {
    if code.is_empty() {
        return Err(Problem::Empty.at(0));
    }
    let Some((symbology, data)) = symbology::split(code)? else {
        return read_data(code, None, options);
    };
    let start = code.len() - data.len();
    let scan = match symbology {
        Symbology::Ean13 | Symbology::Ean8 | Symbology::Itf14 => retail(symbology, data),
        _ if data.is_empty() => Err(Problem::Empty.at(0)),
        _ if symbology.is_gs1() => element_string::read(data).map(as_element_string),
        _ => read_data(data, Some(symbology), options),
    };
    let scan = scan.map_err(|error| error.shifted(start))?;
    Ok(Scan { symbology: Some(symbology), ..scan })
}

fn as_element_string(elements: Vec<Element>) -> Scan {
    Scan { form: ScanForm::ElementString, symbology: None, elements }
}

fn read_data(
    data: &str,
    symbology: Option<Symbology>,
    options: ReadOptions,
) -> Result<Scan, ScanError> {
    let starts = |head: &str| data.get(..head.len()).is_some_and(|h| h.eq_ignore_ascii_case(head));
    let (form, elements) = if starts("http://") || starts("https://") {
        (ScanForm::DigitalLink, digital_link::read(data, options)?)
    } else if starts("urn:") {
        (ScanForm::EpcUrn, urn(data)?)
    } else if data.starts_with('(') {
        (ScanForm::Bracketed, bracketed::read(data)?)
    } else {
        return undecorated(data);
    };
    Ok(Scan { form, symbology, elements })
}

/// An element string without a symbology identifier, or the digits of a key alone.
///
/// `0950…` of 13 or 14 digits also reads as internal AI 95 or as no AI at all; so a text that
/// is a whole key is one, unless its elements name something themselves.
fn undecorated(data: &str) -> Result<Scan, ScanError> {
    let elements = element_string::read(data);
    let names_something =
        |elements: &Vec<Element>| elements.iter().any(|element| link::is_key(element.ai));
    if let (false, Some(key)) = (elements.as_ref().is_ok_and(names_something), plain_key(data)) {
        return Ok(key);
    }
    elements.map(as_element_string).map_err(|error| match wrong_key(data) {
        Some(wrong) => Problem::Key(wrong).at(0),
        None => error,
    })
}

/// What is wrong with digits that are as many as a key has, and no element string: the key was
/// mistyped, rather than an element string cut to just this length. One that begins with the AI of
/// a GTIN was cut.
fn wrong_key(data: &str) -> Option<KeyError> {
    let digits = data.bytes().all(|byte| byte.is_ascii_digit()) && !data.starts_with("01");
    match data.len() {
        12..=14 if digits => data.parse::<Gtin>().err(),
        18 if digits => data.parse::<Sscc>().err(),
        _ => None,
    }
}

fn plain_key(data: &str) -> Option<Scan> {
    let right = matches!(data.len(), 12 | 13 | 14 | 18)
        && data.bytes().all(|byte| byte.is_ascii_digit())
        && data.parse().is_ok_and(|key: u64| u64::from(check_digit(key / 10)) == key % 10);
    let element = match data.len() {
        _ if !right => return None,
        18 => Element::typed(Ai::SSCC, data.parse::<Sscc>().ok()?.to_string()),
        _ => Element::typed(Ai::GTIN, data.parse::<Gtin>().ok()?.to_string()),
    };
    Some(Scan { form: ScanForm::PlainKey, symbology: None, elements: vec![element] })
}

/// EAN-13, EAN-8 or ITF-14, whose digits are a GTIN, with an optional composite part after `|]e0`.
fn retail(symbology: Symbology, data: &str) -> Result<Scan, ScanError> {
    let (digits, composite) = match data.split_once("|]e0") {
        Some((digits, composite)) => (digits, Some(composite)),
        None => (data, None),
    };
    let expected = symbology.retail_digits().unwrap_or_default();
    if digits.len() != expected {
        let found = digits.chars().count();
        return Err(Problem::RetailLength { expected, found }.at(0));
    }
    let gtin: Gtin = digits.parse().map_err(|error| Problem::Key(error).at(0))?;
    let mut elements = vec![Element::typed(Ai::GTIN, gtin.to_string())];
    if let Some(composite) = composite {
        let start = data.len() - composite.len();
        elements.extend(element_string::read(composite).map_err(|error| error.shifted(start))?);
    }
    Ok(Scan { form: ScanForm::PlainKey, symbology: None, elements })
}

fn urn(data: &str) -> Result<Vec<Element>, ScanError> {
    let epc = Identifier::from_uri(data).map_err(|error| Problem::Uri(error).at(0))?;
    match epc.id.elements() {
        elements if elements.is_empty() => Err(Problem::NoKey.at(0)),
        elements => Ok(elements),
    }
}

/// The same AI twice is fine when the values agree (GS1 General Specifications, section 4.14.1).
fn without_repeats(mut scan: Scan) -> Result<Scan, ScanError> {
    let mut i = 1;
    while i < scan.elements.len() {
        let (before, rest) = scan.elements.split_at(i);
        let element = &rest[0];
        match before.iter().find(|earlier| earlier.ai == element.ai) {
            None => i += 1,
            Some(earlier) if earlier.value == element.value => {
                scan.elements.remove(i);
            }
            Some(earlier) => {
                let (first, second) = (earlier.value.clone(), element.value.clone());
                return Err(Problem::TwoValues { ai: element.ai, first, second }.at(0));
            }
        }
    }
    Ok(scan)
}
