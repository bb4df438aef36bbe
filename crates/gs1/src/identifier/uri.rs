//! An absolute URI that is none of the keys read here, kept verbatim.

use std::fmt;
use std::str::FromStr;

use super::error::{UriError, shown};
use crate::text_form::serde_as_text;

/// An absolute URI, verbatim: `urn:epc:id:grai:…`, `https://example.com/…`, `urn:uuid:…`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uri(Box<str>);

impl Uri {
    /// The URI, when it has a scheme and no character that a URI never has (RFC 3986).
    ///
    /// International characters (RFC 3987) are taken as they are.
    ///
    /// # Errors
    ///
    /// [`UriError::NotAbsolute`] otherwise.
    pub fn new(text: &str) -> Result<Self, UriError> {
        match first_wrong(text) {
            None => Ok(Self(text.into())),
            Some(offset) => Err(UriError::NotAbsolute { found: shown(text), offset }),
        }
    }

    /// The URI, verbatim.
    #[must_use]
    pub const fn as_str(&self) -> &str {
        &self.0
    }
}

/// Offset of what keeps the text from being an absolute URI.
fn first_wrong(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let Some(colon) = bytes.iter().position(|&byte| byte == b':') else { return Some(0) };
    let scheme = &bytes[..colon];
    if !scheme.first().is_some_and(u8::is_ascii_alphabetic) {
        return Some(0);
    }
    let in_scheme = |byte: &u8| byte.is_ascii_alphanumeric() || b"+-.".contains(byte);
    if let Some(offset) = scheme.iter().position(|byte| !in_scheme(byte)) {
        return Some(offset);
    }
    if colon + 1 == bytes.len() {
        return Some(colon);
    }
    let never = |byte: &u8| *byte <= b' ' || b"\"<>\\^`{|}\x7F".contains(byte);
    bytes.iter().position(never)
}

impl FromStr for Uri {
    type Err = UriError;

    fn from_str(text: &str) -> Result<Self, UriError> {
        Self::new(text)
    }
}

impl AsRef<str> for Uri {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Uri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Uri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Uri({})", self.0)
    }
}

serde_as_text!(Uri);
