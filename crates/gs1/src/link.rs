//! The parts of a GS1 Digital Link (GS1 Digital Link Standard: URI Syntax, section 4).
//!
//! # Invariants
//!
//! - From its key on, the path is pairs of AI and value; so the key is found by walking pairs
//!   from the right, and no serial that looks like an AI misleads.

mod write;

pub use write::{CANONICAL_STEM, LinkError, digital_link};

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
    /// Whether the path ended in a slash.
    pub(crate) slash_at_end: bool,
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
        let (path, slash_at_end) = match path.strip_suffix('/') {
            Some(path) => (path, true),
            None => (path, false),
        };
        (!host.is_empty()).then_some(Self { host, path, query, slash_at_end })
    }

    /// The last segment of the path of a link without a key, when it looks like a compressed key:
    /// base 64 of ten characters or more, of mixed case, that starts as a key's AI or as an optimisation code
    /// does (GS1 Digital Link: Compression).
    pub(crate) fn compressed(&self) -> Option<&'a str> {
        let segment = self.path.rsplit('/').next()?;
        let is_base_64 = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        let value = |byte: u8| match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'-' => 62,
            _ => 63,
        };
        let &[first, second, ..] = segment.as_bytes() else { return None };
        // The first eight bits: two digits of an AI, or a code of two hexadecimal digits of which
        // one is a letter.
        let start = value(first) << 2 | value(second) >> 4;
        let is_code = start >> 4 > 9 || start & 15 > 9;
        let is_key = matches!(start, 0x00 | 0x01 | 0x25 | 0x40 | 0x41 | 0x80);
        let has = |is: fn(&u8) -> bool| segment.bytes().any(|byte| is(&byte));
        let mixed =
            has(u8::is_ascii_uppercase) && (has(u8::is_ascii_lowercase) || has(u8::is_ascii_digit));
        let long = segment.len() >= 10 && segment.bytes().all(is_base_64);
        (long && mixed && (is_code || is_key)).then_some(segment)
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
    ai.entry()?.qualifiers()
}
