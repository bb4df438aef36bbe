//! Elements, an AI with its value, and their two written forms.

use crate::ai::{Ai, AiEntry, ValueError};
use crate::scan::append;

/// The FNC1 separator as scanners transmit it: ASCII group separator.
pub const GS: char = '\u{1D}';

/// An AI and its value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Element {
    /// What the value means.
    pub ai: Ai,
    /// The value, verbatim, without escapes.
    pub value: Box<str>,
}

impl Element {
    /// An element whose value obeys the format of its AI.
    ///
    /// # Errors
    ///
    /// [`ElementError`] when the AI is not assigned or the value is none of it.
    pub fn new(ai: Ai, value: impl Into<Box<str>>) -> Result<Self, ElementError> {
        let element = Self { ai, value: value.into() };
        element.checked()?;
        Ok(element)
    }

    /// The row of the AI in the table, when the value obeys it.
    pub(crate) fn checked(&self) -> Result<&'static AiEntry, ElementError> {
        let Self { ai, value } = self;
        let entry = ai.entry().ok_or(ElementError::UnknownAi { ai: *ai })?;
        entry.check(*ai, value).map_err(|source| ElementError::Value { ai: *ai, source })?;
        Ok(entry)
    }

    /// An element of a typed value, which is right by its type.
    pub(crate) fn typed(ai: Ai, value: impl Into<Box<str>>) -> Self {
        Self { ai, value: value.into() }
    }
}

/// Why an AI and a text are no element.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ElementError {
    /// An AI that is not assigned.
    #[error("expected an assigned application identifier, found ({ai})")]
    UnknownAi {
        /// The AI found.
        ai: Ai,
    },
    /// A value that is none of its AI.
    #[error("wrong value of ({ai}): {source}")]
    Value {
        /// The AI.
        ai: Ai,
        /// What is wrong.
        source: ValueError,
    },
}

/// The elements as a GS1 DataMatrix scanner transmits them: `]d2`, then AIs and values, with
/// [`GS`] after a value only where the AI needs it and another element follows.
///
/// Elements of predefined length come first, as GS1 recommends, to save separators; otherwise
/// the order is kept.
///
/// ```
/// # use theriac_gs1::{element_string, Element};
/// let elements = [
///     Element::new("21".parse()?, "abc")?,
///     Element::new("01".parse()?, "09506000134352")?,
///     Element::new("10".parse()?, "L1")?,
/// ];
/// assert_eq!(element_string(&elements), "]d2010950600013435221abc\u{1D}10L1");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn element_string(elements: &[Element]) -> String {
    let needs_separator = |e: &&Element| e.ai.entry().is_none_or(|entry| entry.needs_separator());
    let fixed = elements.iter().filter(|e| !needs_separator(e));
    let variable = elements.iter().filter(needs_separator);
    let mut text = String::with_capacity(3 + length(elements));
    text.push_str("]d2");
    append(&mut text, fixed.chain(variable));
    text
}

/// The elements as people read them: `(01)09506000134352(21)abc`, in their order.
///
/// An opening bracket or a backslash inside a value is written with a backslash before it.
#[must_use]
pub fn bracketed(elements: &[Element]) -> String {
    let mut text = String::with_capacity(length(elements));
    for element in elements {
        text.push('(');
        text.push_str(element.ai.as_str());
        text.push(')');
        for c in element.value.chars() {
            if matches!(c, '(' | '\\') {
                text.push('\\');
            }
            text.push(c);
        }
    }
    text
}

fn length(elements: &[Element]) -> usize {
    elements.iter().map(|element| element.value.len() + 6).sum()
}
