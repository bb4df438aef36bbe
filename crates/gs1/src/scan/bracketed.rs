//! Bracketed element strings, as printed for people: `(01)…(21)…`.

use std::borrow::Cow;

use super::error::{Problem, ScanError, glimpse};
use super::lost_separator;
use crate::ai::Ai;
use crate::element::Element;

/// Reads `(AI)value` one after the other; `\(` is a bracket of a value, `\\` a backslash.
///
/// White space between elements, as in printed lines, is dropped.
pub(super) fn read(data: &str) -> Result<Vec<Element>, ScanError> {
    let mut elements = Vec::with_capacity(4);
    let mut offset = 0;
    while offset < data.len() {
        let (ai, start) = ai_at(data, offset)?;
        let entry = ai
            .entry()
            .ok_or_else(|| Problem::UnknownAi { found: ai.as_str().into() }.at(offset + 1))?;
        let end = value_end(data, start, ai);
        let value = unescaped(data[start..end].trim_ascii());
        entry.check(ai, &value).map_err(|source| {
            let runs_into = lost_separator::inside(ai, entry, &value);
            Problem::Value { ai, source, runs_into }.at(start)
        })?;
        elements.push(Element::typed(ai, value));
        offset = end;
    }
    Ok(elements)
}

/// The AI in the bracket at `offset`, and where its value starts.
fn ai_at(data: &str, offset: usize) -> Result<(Ai, usize), ScanError> {
    let text = &data[offset..];
    let bracket = |expected, found| Problem::Bracket { expected, found: glimpse(found) };
    let inner = text
        .strip_prefix('(')
        .ok_or_else(|| bracket("an application identifier in brackets", text).at(offset))?;
    let (digits, _) =
        inner.split_once(')').ok_or_else(|| bracket("a closing bracket", text).at(offset))?;
    let ai = Ai::from_digits(digits.as_bytes())
        .ok_or_else(|| Problem::UnknownAi { found: glimpse(digits) }.at(offset + 1))?;
    Ok((ai, offset + digits.len() + 2))
}

/// Where the value ends: at a bracket without a backslash before it.
///
/// Brackets may occur in values, and people do not escape them: a bracket that is not followed by
/// the digits of an AI and a closing one is part of the value, unless the value has its greatest
/// length there.
fn value_end(data: &str, start: usize, ai: Ai) -> usize {
    let bytes = data.as_bytes();
    let longest = ai.entry().map_or(0, |entry| entry.max_length());
    let mut at = start;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'(' if at - start >= longest || opens_element(&data[at..]) => return at,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

fn opens_element(text: &str) -> bool {
    let inner = text.strip_prefix('(').unwrap_or(text);
    inner.split_once(')').is_some_and(|(digits, _)| Ai::from_digits(digits.as_bytes()).is_some())
}

fn unescaped(value: &str) -> Cow<'_, str> {
    if !value.contains('\\') {
        return Cow::Borrowed(value);
    }
    let mut text = String::with_capacity(value.len());
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => text.extend(chars.next()),
            c => text.push(c),
        }
    }
    Cow::Owned(text)
}
