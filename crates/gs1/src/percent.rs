//! Percent-encoding of values in Digital Links and EPC URNs (RFC 3986, section 2.1).

use std::borrow::Cow;
use std::fmt::{self, Write};

use crate::charset::CharSet;

/// A `%` that two hexadecimal digits of an ASCII character do not follow; nothing else is part of
/// a GS1 value. The fault of whoever wrote the URI.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected two hexadecimal digits of an ASCII character after '%' at offset {offset}")]
pub struct BadEscape {
    /// Where the `%` stands: bytes from the start of the text.
    pub offset: usize,
}

/// The value as it stands in the path of a Digital Link: all but letters, digits and `-._~`
/// escaped.
///
/// ```
/// assert_eq!(theriac_gs1::percent::encode_path("a/b c"), "a%2Fb%20c");
/// ```
#[must_use]
pub fn encode_path(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    // Writing to a String never fails.
    let _ = encode(&mut text, value, CharSet::URI_UNRESERVED);
    text
}

/// As [`encode_path`], for the query: a space is `+`.
#[must_use]
pub fn encode_query(value: &str) -> String {
    encode_path(value).replace("%20", "+")
}

/// The value of text in the path of a Digital Link, where `+` is itself.
///
/// # Errors
///
/// [`BadEscape`].
pub fn decode_path(text: &str) -> Result<Cow<'_, str>, BadEscape> {
    decode(text)
}

/// The value of text in the query of a Digital Link, where `+` is a space.
///
/// # Errors
///
/// [`BadEscape`].
pub fn decode_query(text: &str) -> Result<Cow<'_, str>, BadEscape> {
    if text.contains('+') {
        return decode(&text.replace('+', " ")).map(|value| Cow::Owned(value.into_owned()));
    }
    decode(text)
}

/// Writes `text` with every byte outside `raw` as `%XX`, upper case.
pub(crate) fn encode(f: &mut impl Write, text: &str, raw: CharSet) -> fmt::Result {
    let mut rest = text;
    while let Some((offset, found)) = raw.first_outside(rest) {
        let (plain, tail) = rest.split_at(offset);
        let (escaped, tail) = tail.split_at(found.len_utf8());
        f.write_str(plain)?;
        for byte in escaped.bytes() {
            write!(f, "%{byte:02X}")?;
        }
        rest = tail;
    }
    f.write_str(rest)
}

/// `text` with its escapes replaced; borrowed when it has none.
pub(crate) fn decode(text: &str) -> Result<Cow<'_, str>, BadEscape> {
    let Some(first) = text.bytes().position(|byte| byte == b'%') else {
        return Ok(Cow::Borrowed(text));
    };
    let mut decoded = String::with_capacity(text.len());
    let mut offset = first;
    decoded.push_str(&text[..first]);
    let mut rest = &text[first..];
    while let Some(position) = rest.find('%') {
        decoded.push_str(&rest[..position]);
        offset += position;
        let byte = escape_at(rest.as_bytes(), position).ok_or(BadEscape { offset })?;
        decoded.push(char::from(byte));
        rest = &rest[position + 3..];
        offset += 3;
    }
    decoded.push_str(rest);
    Ok(Cow::Owned(decoded))
}

/// The ASCII byte escaped at `position`; anything else can not be part of a GS1 value.
fn escape_at(text: &[u8], position: usize) -> Option<u8> {
    let digit = |at: usize| char::from(*text.get(at)?).to_digit(16);
    let byte = digit(position + 1)? * 16 + digit(position + 2)?;
    u8::try_from(byte).ok().filter(u8::is_ascii)
}

/// Whether two hexadecimal digits follow every percent sign.
pub(crate) fn is_encoded(text: &str) -> bool {
    let hexadecimal = |byte: &u8| byte.is_ascii_hexdigit();
    text.split('%')
        .skip(1)
        .all(|rest| rest.as_bytes().get(..2).is_some_and(|digits| digits.iter().all(hexadecimal)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(text: &str, raw: CharSet) -> String {
        let mut out = String::new();
        encode(&mut out, text, raw).expect("a String takes every write");
        out
    }

    #[test]
    fn encodes_by_set() {
        assert_eq!(encoded("a/b%é", CharSet::URI_UNRESERVED), "a%2Fb%25%C3%A9");
        assert_eq!(encoded("!(a)/b", CharSet::URN_RAW), "!(a)%2Fb");
    }

    #[test]
    fn decodes_or_tells_where() {
        assert_eq!(decode("abc"), Ok(Cow::Borrowed("abc")));
        assert_eq!(decode("a%2fb%25"), Ok(Cow::Owned("a/b%".into())));
        assert_eq!(decode("%41%4g"), Err(BadEscape { offset: 3 }));
        assert_eq!(decode("ab%C3%A9"), Err(BadEscape { offset: 2 }));
        assert_eq!(decode("ab%4"), Err(BadEscape { offset: 2 }));
    }
}
