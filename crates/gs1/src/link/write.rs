//! Writing a Digital Link: the key and its qualifiers into the path, the rest into the query.

use super::qualifier_orders;
use crate::ai::{Ai, AiEntry};
use crate::charset::CharSet;
use crate::element::{Element, ElementError};
use crate::identifier::Uri;
use crate::percent;

/// Scheme and domain of the canonical form.
pub const CANONICAL_STEM: &str = "https://id.gs1.org";

/// Why elements have no Digital Link. The caller's fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// No key, such as a GTIN, that a Digital Link can start with.
    #[error("expected the key of a Digital Link such as (01), (00) or (414), found none")]
    NoKey,
    /// An element that may stand neither in the path after this key nor in the query.
    #[error("expected no ({ai}) in a Digital Link of ({key}), found it")]
    Misplaced {
        /// The key.
        key: Ai,
        /// The AI of the element.
        ai: Ai,
    },
    /// The same AI with different values.
    #[error("expected one value of ({ai}), found {first:?} and {second:?}")]
    TwoValues {
        /// The AI.
        ai: Ai,
        /// The first value.
        first: Box<str>,
        /// Another value.
        second: Box<str>,
    },
    /// An AI that is not assigned, or a value that is none of its AI.
    #[error(transparent)]
    Element(#[from] ElementError),
    /// A stem that is no http or https URI, or that has a query or a fragment.
    #[error("expected a stem such as https://example.com, found {found:?}")]
    Stem {
        /// The stem found.
        found: Box<str>,
    },
}

/// The GS1 Digital Link of these elements on `stem`, such as [`CANONICAL_STEM`] or
/// `https://example.com/path` (GS1 Digital Link Standard: URI Syntax, section 4).
///
/// The key is the first element that can be one. Its qualifiers follow in the path in the order
/// of the standard, the other elements in the query: those of predefined length first, otherwise
/// in their order. An element given twice is written once.
///
/// # Errors
///
/// [`LinkError`] when there is no key, an element that no Digital Link of the key may hold, an
/// AI with two values, a wrong value, or a wrong stem.
///
/// ```
/// # use theriac_gs1::{CANONICAL_STEM, digital_link, read};
/// let scan = read("(01)09506000134352(21)a/b(10)L1(17)271231")?;
/// assert_eq!(
///     digital_link(&scan.elements, CANONICAL_STEM)?,
///     "https://id.gs1.org/01/09506000134352/10/L1/21/a%2Fb?17=271231"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn digital_link(elements: &[Element], stem: &str) -> Result<String, LinkError> {
    let stem = checked_stem(stem)?;
    let elements = distinct(elements)?;
    let (key, orders) = elements
        .iter()
        .find_map(|(element, _)| Some((element.ai, qualifier_orders(element.ai)?)))
        .ok_or(LinkError::NoKey)?;
    let order = order_of(key, orders, &elements)?;
    let mut uri = String::with_capacity(stem.len() + 24 * elements.len());
    uri.push_str(stem);
    for ai in std::iter::once(&key).chain(order) {
        let Some((element, _)) = elements.iter().find(|(element, _)| element.ai == *ai) else {
            continue;
        };
        uri.push('/');
        uri.push_str(ai.as_str());
        uri.push('/');
        // Writing to a String never fails.
        let _ = percent::encode(&mut uri, &element.value, CharSet::URI_UNRESERVED);
    }
    write_query(&mut uri, key, order, &elements);
    Ok(uri)
}

type Entries<'a> = Vec<(&'a Element, &'static AiEntry)>;

fn checked_stem(stem: &str) -> Result<&str, LinkError> {
    let bare = stem.strip_suffix('/').unwrap_or(stem);
    let host = bare.split_once("://").filter(|(scheme, _)| {
        scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http")
    });
    let right = host.is_some_and(|(_, rest)| !rest.is_empty() && !rest.starts_with('/'))
        && !bare.contains(['?', '#'])
        && Uri::new(bare).is_ok();
    if right { Ok(bare) } else { Err(LinkError::Stem { found: stem.into() }) }
}

/// The elements, each AI once, with their rows of the table.
fn distinct(elements: &[Element]) -> Result<Entries<'_>, LinkError> {
    let mut distinct: Entries<'_> = Vec::with_capacity(elements.len());
    for element in elements {
        let Element { ai, value } = element;
        match distinct.iter().find(|(earlier, _)| earlier.ai == *ai) {
            Some((earlier, _)) if earlier.value != *value => {
                let (first, second) = (earlier.value.clone(), value.clone());
                return Err(LinkError::TwoValues { ai: *ai, first, second });
            }
            Some(_) => {}
            None => distinct.push((element, element.checked()?)),
        }
    }
    Ok(distinct)
}

/// The order whose qualifiers are among the elements so that all others may stand in the query.
fn order_of(
    key: Ai,
    orders: &'static [&'static [Ai]],
    elements: &Entries<'_>,
) -> Result<&'static [Ai], LinkError> {
    let misplaced = |order: &[Ai]| {
        let mut others = elements.iter().filter(|(element, _)| element.ai != key);
        others.find(|(element, entry)| !order.contains(&element.ai) && !entry.in_query())
    };
    let mut first_misplaced = None;
    for order in orders {
        let Some((element, _)) = misplaced(order) else { return Ok(order) };
        first_misplaced.get_or_insert(element.ai);
    }
    Err(first_misplaced.map_or(LinkError::NoKey, |ai| LinkError::Misplaced { key, ai }))
}

fn write_query(uri: &mut String, key: Ai, order: &[Ai], elements: &Entries<'_>) {
    let mut mark = '?';
    for separated in [false, true] {
        for (element, entry) in elements {
            let in_path = element.ai == key || order.contains(&element.ai);
            if in_path || entry.needs_separator() != separated {
                continue;
            }
            uri.push(mark);
            uri.push_str(element.ai.as_str());
            uri.push('=');
            // Writing to a String never fails.
            let _ = percent::encode(uri, &element.value, CharSet::URI_UNRESERVED);
            mark = '&';
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read;

    fn link(code: &str, stem: &str) -> String {
        let scan = read(code).expect("a code");
        digital_link(&scan.elements, stem).unwrap_or_else(|error| error.to_string())
    }

    #[test]
    fn what_cannot_be_written_is_told() {
        for (code, stem, expected) in [
            (
                "(99)x",
                CANONICAL_STEM,
                "expected the key of a Digital Link such as (01), (00) or (414), found none",
            ),
            (
                "(00)376104250021234569(21)a",
                CANONICAL_STEM,
                "expected no (21) in a Digital Link of (00), found it",
            ),
            (
                "(01)09506000134352(22)a(235)b",
                CANONICAL_STEM,
                "expected no (235) in a Digital Link of (01), found it",
            ),
            (
                "(01)09506000134352",
                "example.com",
                "expected a stem such as https://example.com, found \"example.com\"",
            ),
            (
                "(01)09506000134352",
                "https://",
                "expected a stem such as https://example.com, found \"https://\"",
            ),
            (
                "(01)09506000134352",
                "https://a?b=c",
                "expected a stem such as https://example.com, found \"https://a?b=c\"",
            ),
        ] {
            assert_eq!(link(code, stem), expected);
        }
    }

    #[test]
    fn third_party_serials_leave_the_lot_to_the_query() {
        assert_eq!(
            link("(01)09506000134352(235)X(10)L", "https://example.com/a/"),
            "https://example.com/a/01/09506000134352/235/X?10=L"
        );
    }
}
