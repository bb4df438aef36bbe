//! Plain values of EPCIS JSON: their types and forms.

use super::tables::{ALERTS, COMPONENTS, MEASUREMENTS};
use crate::judge::lexical::Simple;
use crate::tree::{Element, Scalar, Shape};
use crate::vocabulary::{
    BizStep, BizTransactionType, Disposition, ErrorReason, PartyType, Vocabulary,
};

/// Why a value is wrong.
pub(super) struct Wrong {
    /// `json-type`, `value-form`, `uri-form`, `time-form` or `word`.
    pub(super) rule: &'static str,
    pub(super) expected: &'static str,
}

impl Wrong {
    fn new(rule: &'static str, expected: &'static str) -> Option<Self> {
        Some(Self { rule, expected })
    }
}

/// What is wrong with a plain value of this kind of the tables.
pub(super) fn refuse(kind: &str, value: &Element<'_>) -> Option<Wrong> {
    const TYPE: &str = "json-type";
    match kind {
        "number" => match value.scalar {
            Scalar::Number(_) => None,
            _ => Wrong::new(TYPE, "a number"),
        },
        "boolean" => match value.scalar {
            Scalar::Boolean(_) => None,
            _ => Wrong::new(TYPE, "true or false"),
        },
        "object" => match is_object(value) {
            true => None,
            false => Wrong::new(TYPE, "an object"),
        },
        "context" => context(value),
        _ => match (&value.scalar, value.shape) {
            (Scalar::Text(text), Shape::Field) => text_form(kind, text),
            _ => Wrong::new(TYPE, "text"),
        },
    }
}

/// Whether it is a JSON object.
pub(super) fn is_object(value: &Element<'_>) -> bool {
    value.shape == Shape::Field && matches!(value.scalar, Scalar::Empty)
}

fn context(value: &Element<'_>) -> Option<Wrong> {
    const EXPECTED: &str = "a URL, an object, or a list of them";
    let items = match value.shape {
        Shape::List => &value.children[..],
        _ => std::slice::from_ref(value),
    };
    for item in items {
        match &item.scalar {
            Scalar::Text(text) if !is_uri(text) => return Wrong::new("uri-form", EXPECTED),
            Scalar::Text(_) => {}
            _ if is_object(item) => {}
            _ => return Wrong::new("json-type", EXPECTED),
        }
    }
    None
}

fn text_form(kind: &str, text: &str) -> Option<Wrong> {
    const FORM: &str = "value-form";
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let right = |right: bool, expected| (!right).then_some(Wrong { rule: FORM, expected });
    match kind {
        "id" if text.strip_prefix("_:").is_some_and(|name| !name.is_empty()) => None,
        "id" | "uri" | "typeUri" => match is_uri(text) {
            true => None,
            false => Wrong::new("uri-form", "a URI"),
        },
        "time" => match Simple::Stamp.refuse(text).is_none() && text.trim() == text {
            true => None,
            false => Wrong::new("time-form", "a time such as 2005-04-03T20:33:31.116-06:00"),
        },
        "version" => right(text.split('.').all(digits), "a version such as 2.0"),
        "offset" => right(is_offset(text), "an offset such as +02:00"),
        "uom" => {
            let code = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
            let right_length = matches!(text.len(), 2 | 3);
            right(right_length && text.bytes().all(code), "a unit code such as KGM")
        }
        "hex" => {
            let hex = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit());
            right(hex, "hexadecimal digits")
        }
        "action" => right(matches!(text, "ADD" | "OBSERVE" | "DELETE"), "ADD, OBSERVE or DELETE"),
        "bizStep" => word::<BizStep>(text, "a business step of the CBV or a URI"),
        "disposition" => word::<Disposition>(text, "a disposition of the CBV or a URI"),
        "bizTransactionType" => {
            word::<BizTransactionType>(text, "a transaction type of the CBV or a URI")
        }
        "partyType" => word::<PartyType>(text, "a source or destination type or a URI"),
        "errorReason" => word::<ErrorReason>(text, "an error reason of the CBV or a URI"),
        "component" => listed(text, COMPONENTS, CBV, "a component of the CBV or a URI"),
        "measurement" => listed(text, MEASUREMENTS, GS1, "a measurement type of GS1 or a URI"),
        "alert" => listed(text, ALERTS, GS1, "a sensor alert type of GS1 or a URI"),
        _ => None,
    }
}

/// Beginnings of URIs that JSON writes as bare words.
const CBV: &[&str] = &["urn:epcglobal:cbv", "https://ns.gs1.org/cbv/", "http://ns.gs1.org/cbv/"];
const GS1: &[&str] = &[
    "https://gs1.org/voc/",
    "http://gs1.org/voc/",
    "https://www.gs1.org/voc/",
    "http://www.gs1.org/voc/",
];

fn word<V: Vocabulary>(text: &str, expected: &'static str) -> Option<Wrong> {
    let is_word =
        !text.contains(':') && V::parse_word(text).is_ok_and(|word| word.as_word() == text);
    word_or_uri(is_word, text, CBV, expected)
}

fn listed(text: &str, words: &str, bare: &[&str], expected: &'static str) -> Option<Wrong> {
    word_or_uri(words.split_ascii_whitespace().any(|word| word == text), text, bare, expected)
}

fn word_or_uri(is_word: bool, text: &str, bare: &[&str], expected: &'static str) -> Option<Wrong> {
    if is_word {
        return None;
    }
    if bare.iter().any(|start| text.starts_with(start)) {
        return Wrong::new("value-form", "the bare word");
    }
    if is_uri(text) { None } else { Wrong::new("word", expected) }
}

/// An absolute URI (RFC 3986, section 3): a scheme, and no character that a URI cannot have.
pub(in crate::judge) fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let scheme_byte = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(scheme_byte)
        && !rest.is_empty()
        && rest.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte))
}

/// An offset up to 14 hours.
fn is_offset(text: &str) -> bool {
    let Some(clock) = text.strip_prefix(['+', '-']) else { return false };
    let Some((hours, minutes)) = clock.split_once(':') else { return false };
    let two = |text: &str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    two(hours)
        && two(minutes)
        && (hours < "14" && minutes < "60" || hours == "14" && minutes == "00")
}
