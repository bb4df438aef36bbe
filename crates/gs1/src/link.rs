//! The parts of a GS1 Digital Link (GS1 Digital Link Standard: URI Syntax, section 4).
//!
//! # Invariants
//!
//! - From its key on, the path is pairs of AI and value; so the key is found by walking pairs
//!   from the right, and no serial that looks like an AI misleads.

use crate::ai::Ai;
use crate::short_name::ai_of;

/// Host, path and query of an `http` or `https` URI; the fragment is left out.
pub(crate) struct Link<'a> {
    /// Host with port.
    pub(crate) host: &'a str,
    /// Path without the slash at its start, and without one at its end.
    pub(crate) path: &'a str,
    /// Query without its question mark.
    pub(crate) query: &'a str,
}

impl<'a> Link<'a> {
    /// The parts; `None` when the text is no such URI with a host and a path.
    pub(crate) fn split(text: &'a str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        if !scheme.eq_ignore_ascii_case("https") && !scheme.eq_ignore_ascii_case("http") {
            return None;
        }
        let rest = rest.split_once('#').map_or(rest, |(before, _)| before);
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (host, path) = rest.split_once('/')?;
        let path = path.strip_suffix('/').unwrap_or(path);
        (!host.is_empty()).then_some(Self { host, path, query })
    }

    /// The key's AI, its value, and the qualifiers after it; all still encoded.
    pub(crate) fn key(&self) -> Option<(Ai, &'a str, &'a str)> {
        let path = self.path;
        let mut end = path.len();
        loop {
            let name_end = path[..end].rfind('/')?;
            let name_start = path[..name_end].rfind('/').map_or(0, |slash| slash + 1);
            if let Some(ai) = ai_of(&path[name_start..name_end]).filter(|&ai| is_key(ai)) {
                let qualifiers = path.get(end + 1..).unwrap_or_default();
                return Some((ai, &path[name_end + 1..end], qualifiers));
            }
            end = name_start.checked_sub(1)?;
        }
    }
}

/// Pairs of AI and still encoded value; of a name that is no AI, the name.
pub(crate) struct Pairs<'a>(pub(crate) &'a str);

impl<'a> Iterator for Pairs<'a> {
    type Item = (Result<Ai, &'a str>, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let (name, tail) = self.0.split_once('/').unwrap_or((self.0, ""));
        let (value, rest) = tail.split_once('/').unwrap_or((tail, ""));
        self.0 = rest;
        Some((ai_of(name).ok_or(name), value))
    }
}

/// Whether the AI is the primary key of a Digital Link.
pub(crate) fn is_key(ai: Ai) -> bool {
    qualifier_orders(ai).is_some()
}

/// The orders in which qualifiers may follow a key; `None` when the AI is no key.
pub(crate) fn qualifier_orders(ai: Ai) -> Option<&'static [&'static [Ai]]> {
    const IMPORTER: Ai = Ai::literal(b"7040");
    const PART_SERIAL: Ai = Ai::literal(b"8011");
    const SERVICE: Ai = Ai::literal(b"8019");
    const PAYMENT: Ai = Ai::literal(b"8020");
    Some(match ai.as_str() {
        "01" => &[&[Ai::VARIANT, Ai::LOT, Ai::SERIAL], &[Ai::THIRD_PARTY_SERIAL]],
        "8006" => &[&[Ai::VARIANT, Ai::LOT, Ai::SERIAL]],
        "414" => &[&[Ai::GLN_EXTENSION], &[IMPORTER]],
        "415" => &[&[PAYMENT]],
        "417" | "8004" => &[&[IMPORTER]],
        "8010" => &[&[PART_SERIAL]],
        "8017" | "8018" => &[&[SERVICE]],
        "00" | "253" | "255" | "401" | "402" | "8003" | "8013" => &[&[]],
        _ => return None,
    })
}
