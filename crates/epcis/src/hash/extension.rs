//! Fields of other vocabularies in the canonical text.

use std::borrow::Cow;

use super::HashOptions;
use super::key::uri;
use super::prehash::time;
use crate::event::{Extension, ExtensionValue};

/// A field that is a comment, and never hashed.
const COMMENT: (&str, &str) = ("http://www.w3.org/2000/01/rdf-schema#", "comment");

/// Each field as `{namespace}name=value`, in no order; empty ones are left out.
pub(super) fn extensions(fields: &[Extension], options: &HashOptions) -> Vec<String> {
    fields.iter().filter_map(|field| extension(field, options)).collect()
}

fn extension(field: &Extension, options: &HashOptions) -> Option<String> {
    let name = (field.namespace.as_str(), field.name.as_str());
    let ignored = options
        .ignore
        .iter()
        .any(|ignored| (ignored.namespace.as_str(), ignored.name.as_str()) == name);
    if ignored || name == COMMENT || name == ("", "comment") || name == ("", "#text") {
        return None;
    }
    let key = match name {
        ("", name) => name.to_owned(),
        (namespace, name) => format!("{{{namespace}}}{name}"),
    };
    let value = match &field.value {
        ExtensionValue::Text(text) => scalar_text(&field.name, text),
        ExtensionValue::Number(number) => Cow::Borrowed(number.as_str()),
        ExtensionValue::Boolean(true) => Cow::Borrowed("true"),
        ExtensionValue::Boolean(false) => Cow::Borrowed("false"),
        ExtensionValue::Nested(inner) => return nested(key, inner, options),
    };
    (!value.is_empty()).then(|| format!("{key}={value}"))
}

fn nested(key: String, inner: &[Extension], options: &HashOptions) -> Option<String> {
    let mut inner = extensions(inner, options);
    if inner.is_empty() {
        return None;
    }
    inner.sort_unstable();
    Some(inner.into_iter().fold(key, |text, item| text + &item))
}

/// Text as it is hashed: trimmed, and a time, number or identifier in its canonical form.
pub(super) fn scalar_text<'t>(name: &str, text: &'t str) -> Cow<'t, str> {
    let text = text.trim();
    let lower = name.to_ascii_lowercase();
    if lower.contains("time")
        && !lower.contains("offset")
        && let Ok(value) = text.parse()
    {
        return Cow::Owned(time(value));
    }
    match number(text) {
        Some(number) => Cow::Borrowed(number),
        None => uri(text),
    }
}

/// A plain decimal number without the zeros at its end; `None` for anything else, such as a text
/// of digits with a leading zero, which is an identifier.
fn number(text: &str) -> Option<&str> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.')?;
    let plain = !whole.is_empty()
        && !fraction.is_empty()
        && (whole == "0" || !whole.starts_with('0'))
        && whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit());
    if !plain {
        return None;
    }
    let number = text.trim_end_matches('0').trim_end_matches('.');
    Some(if number == "-0" { "0" } else { number })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_hashed_in_its_canonical_form() {
        for (name, text, want) in [
            ("n", " 200.0 ", "200"),
            ("n", "0.30", "0.3"),
            ("n", "-0.0", "0"),
            ("lot", "0012", "0012"),
            ("lot", "00.50", "00.50"),
            ("version", "1.2.0", "1.2.0"),
            ("serial", "12345678901234567890123", "12345678901234567890123"),
            ("time", "2013-06-08T14:58:56.5910Z", "2013-06-08T14:58:56.591Z"),
            ("lifeTime", "P3Y", "P3Y"),
            (
                "epc",
                "urn:epc:id:sscc:5200001.0111111146",
                "https://id.gs1.org/00/052000011111111461",
            ),
        ] {
            assert_eq!(scalar_text(name, text), want, "{text}");
        }
    }
}
