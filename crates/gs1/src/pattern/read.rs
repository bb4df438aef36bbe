//! Reading a pattern.

use super::{CompanyPrefix, Extent};
use crate::company_prefix::CompanyPrefixLength;
use crate::identifier::{
    Epc, Identifier, Scheme, UriError, class_of, is_foreign_pattern, one_of, shown,
};
use crate::key::{KeyName, number};

const HEAD: &str = "urn:epc:";

pub(super) fn read(text: &str) -> Result<Extent, UriError> {
    if let Some((scheme, rest)) = gs1_pattern(text) {
        return extent(scheme, rest);
    }
    if let Some(start) = foreign_pattern(text) {
        return Ok(Extent::Text(start.into()));
    }
    if let Some((scheme, class)) = link_class(text)
        && let class @ Identifier::Gtin(_) = Identifier::from_uri(class)?.id
    {
        return Ok(Extent::Class(scheme, class));
    }
    Identifier::from_uri(text).map(|epc| Extent::One(epc.id))
}

/// A Digital Link of all units or all batches of a trade item, without its wildcard.
fn link_class(text: &str) -> Option<(Scheme, &str)> {
    let units = || text.strip_suffix("/21/*").map(|class| (Scheme::Sgtin, class));
    units().or_else(|| text.strip_suffix("/10/*").map(|class| (Scheme::Lgtin, class)))
}

/// Whether the components after `urn:epc:idpat:` and the scheme are right.
pub(crate) fn check(scheme: Scheme, rest: &str) -> Result<(), UriError> {
    extent(scheme, rest).map(drop)
}

/// Scheme and components of a pattern of GS1 keys.
fn gs1_pattern(text: &str) -> Option<(Scheme, &str)> {
    let (head, rest) = text.split_at_checked(HEAD.len())?;
    let (kind, rest) = rest.split_once(':')?;
    let (name, rest) = rest.split_once(':')?;
    let scheme = Scheme::named(name).filter(|_| head.eq_ignore_ascii_case(HEAD))?;
    let is_pattern = match kind {
        "idpat" => true,
        "id" => scheme != Scheme::Lgtin && rest.ends_with(".*"),
        "class" => scheme == Scheme::Lgtin && rest.ends_with(".*"),
        _ => false,
    };
    is_pattern.then_some((scheme, rest))
}

/// What all URIs start with that a pattern of another scheme matches.
fn foreign_pattern(text: &str) -> Option<String> {
    let rest = text.strip_prefix("urn:epc:idpat:")?;
    let (scheme, rest) = rest.split_once(':')?;
    if !is_foreign_pattern(scheme, rest) {
        return None;
    }
    let fixed = rest.split('.').take_while(|&part| part != "*");
    let mut start = format!("urn:epc:id:{scheme}:");
    for part in fixed {
        start.push_str(part);
        start.push('.');
    }
    if !rest.ends_with('*') {
        start.pop();
    }
    Some(start)
}

fn extent(scheme: Scheme, rest: &str) -> Result<Extent, UriError> {
    let count = scheme.components();
    let mut parts: Vec<&str> = rest.splitn(count, '.').collect();
    let wrong = || UriError::UrnShape { expected: scheme.shape(), found: shown(rest) };
    if parts.len() != count {
        return Err(wrong());
    }
    let wild = parts.iter().rev().take_while(|&&part| part == "*").count();
    parts.truncate(count - wild);
    match (parts.len(), wild) {
        (_, 0) => one_of(scheme, rest).map(|epc| Extent::One(epc.id)),
        (0, _) => Ok(Extent::Scheme(scheme)),
        _ if parts.contains(&"*") => Err(wrong()),
        (1, _) => company(parts[0]).map(|prefix| Extent::Company(scheme, prefix)),
        (2, 3) => match class_of(Scheme::Sgtin, &parts.join("."))?.id {
            Identifier::Gtin(gtin) => Ok(Extent::Pieces(gtin)),
            _ => Err(wrong()),
        },
        (_, 1) => class(scheme, &parts.join(".")),
        _ => Err(wrong()),
    }
}

fn class(scheme: Scheme, head: &str) -> Result<Extent, UriError> {
    let Epc { id, .. } = match scheme {
        Scheme::Sgln => one_of(scheme, &format!("{head}.0"))?,
        _ => class_of(scheme, head)?,
    };
    Ok(Extent::Class(scheme, id))
}

fn company(prefix: &str) -> Result<CompanyPrefix, UriError> {
    let length = CompanyPrefixLength::new(prefix.len())?;
    Ok(CompanyPrefix { digits: number(KeyName::CompanyPrefix, prefix)?, length })
}
