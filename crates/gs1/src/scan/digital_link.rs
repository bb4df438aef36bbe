//! The elements of a GS1 Digital Link: key and qualifiers of the path, attributes of the query.

use std::borrow::Cow;

use super::error::{Problem, ScanError};
use super::{ReadOptions, lost_separator};
use crate::ai::Ai;
use crate::element::Element;
use crate::identifier::{Uri, UriError};
use crate::link::{Link, Pairs, qualifier_orders};
use crate::percent;
use crate::short_name::named;

/// Reads the elements; a link without a key is an error here.
pub(super) fn read(data: &str, options: ReadOptions) -> Result<Vec<Element>, ScanError> {
    Uri::new(data).map_err(|error| uri(error, 0))?;
    let link = Link::split(data).ok_or_else(|| Problem::NoKey.at(0))?;
    if !is_host(link.host) {
        let error = UriError::Path { expected: "a domain", found: link.host.into() };
        return Err(uri(error, offset_in(data, link.host)));
    }
    let (key_ai, key, qualifiers) = link.key().ok_or_else(|| {
        let problem = link.compressed().map_or(Problem::NoKey, |found| {
            let found = found.into();
            Problem::Compressed { found }
        });
        problem.at(offset_in(data, link.path))
    })?;
    if options.strict_links {
        check_strictly(data, &link)?;
    }
    let mut elements = Vec::with_capacity(4);
    elements.push(element(data, key_ai, key, Place::Path)?);
    let order = read_qualifiers(data, key_ai, qualifiers, &mut elements)?;
    read_query(data, order, link.query, &mut elements)?;
    Ok(elements)
}

/// Refuses what the standard allows no more, or never did, in the path and in (01) of the query.
fn check_strictly(data: &str, link: &Link<'_>) -> Result<(), ScanError> {
    let wrong = |expected, found: &str| {
        uri(UriError::Path { expected, found: found.into() }, offset_in(data, found))
    };
    if link.slash_at_end {
        return Err(wrong("no slash at the end of the path", link.path));
    }
    let (ai, key, qualifiers) = link.key().ok_or_else(|| wrong("a key", link.path))?;
    let key_name = link.path[..offset_in(link.path, key).saturating_sub(1)].rsplit('/').next();
    let mut names = qualifiers.split('/').step_by(2).chain(key_name);
    if let Some(name) = names.find(|name| named(name).is_some()) {
        return Err(wrong("application identifiers in digits", name));
    }
    let in_query = link.query.split('&').filter_map(|parameter| parameter.strip_prefix("01="));
    let in_path = (ai == Ai::GTIN).then_some(key);
    match in_query.chain(in_path).find(|gtin| gtin.len() != 14) {
        Some(gtin) => Err(wrong("14 digits of a GTIN", gtin)),
        None => Ok(()),
    }
}

fn is_host(host: &str) -> bool {
    host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._:[]".contains(&byte))
}

/// Reads the qualifiers, and tells which of the orders of the key they follow.
fn read_qualifiers(
    data: &str,
    key: Ai,
    qualifiers: &str,
    elements: &mut Vec<Element>,
) -> Result<&'static [Ai], ScanError> {
    let orders = qualifier_orders(key).unwrap_or_default();
    let mut names = Pairs(qualifiers).map(|(name, _)| name);
    let first = names.next();
    let order = orders.iter().find(|order| match first {
        Some(name) => name.is_ok_and(|ai| order.contains(&ai)),
        None => true,
    });
    let Some(order) = order else { return Err(misplaced(data, qualifiers)) };
    let mut rest: &[Ai] = order;
    for (name, value) in Pairs(qualifiers) {
        let ai = name.map_err(|name| misplaced(data, name))?;
        let at = rest.iter().position(|&next| next == ai);
        rest = &rest[at.ok_or_else(|| misplaced(data, value))? + 1..];
        elements.push(element(data, ai, value, Place::Path)?);
    }
    Ok(order)
}

fn misplaced(data: &str, found: &str) -> ScanError {
    let expected = "the qualifiers of the key in their order";
    uri(UriError::Path { expected, found: found.into() }, offset_in(data, found))
}

/// Reads the attributes; parameters whose name is not a number are not GS1's and are left out.
fn read_query(
    data: &str,
    order: &[Ai],
    query: &str,
    elements: &mut Vec<Element>,
) -> Result<(), ScanError> {
    for parameter in query.split('&') {
        let Some((name, value)) = parameter.split_once('=') else { continue };
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_digit()) {
            continue;
        }
        let offset = offset_in(data, parameter);
        let unknown = || Problem::UnknownAi { found: name.into() }.at(offset);
        let ai = Ai::from_digits(name.as_bytes()).ok_or_else(unknown)?;
        let entry = ai.entry().ok_or_else(unknown)?;
        let twice = elements.iter().any(|element| element.ai == ai);
        if twice || order.contains(&ai) || !entry.in_query() {
            return Err(Problem::Query { ai }.at(offset));
        }
        elements.push(element(data, ai, value, Place::Query)?);
    }
    Ok(())
}

#[derive(Clone, Copy, PartialEq)]
enum Place {
    Path,
    Query,
}

/// The element of a still encoded value; a GTIN of 8, 12 or 13 digits is padded.
fn element(data: &str, ai: Ai, encoded: &str, place: Place) -> Result<Element, ScanError> {
    let start = offset_in(data, encoded);
    let value = match place {
        Place::Path => percent::decode_path(encoded),
        Place::Query => percent::decode_query(encoded),
    };
    let value =
        value.map_err(|bad| uri(UriError::Escape { found: encoded.into() }, start + bad.offset))?;
    let value = match value.len() {
        8 | 12 | 13 if ai == Ai::GTIN => Cow::Owned(format!("{value:0>14}")),
        _ => value,
    };
    let entry =
        ai.entry().ok_or_else(|| Problem::UnknownAi { found: ai.as_str().into() }.at(start))?;
    entry.check(ai, &value).map_err(|source| {
        let runs_into = lost_separator::inside(ai, entry, &value);
        Problem::Value { ai, source, runs_into }.at(start)
    })?;
    Ok(Element::typed(ai, value))
}

fn uri(error: UriError, offset: usize) -> ScanError {
    Problem::Uri(error).at(offset)
}

/// Where `part`, a slice of `data`, starts in it.
fn offset_in(data: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(data.as_ptr() as usize)
}
