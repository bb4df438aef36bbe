//! The three GS1 character sets (GS1 General Specifications, section 7.11).

/// A set of ASCII characters, one bit each.
#[derive(Clone, Copy)]
pub(crate) struct CharSet(u128);

impl CharSet {
    /// CSET 82, the characters of serials, lots and most texts (`X` in the format of an AI).
    pub(crate) const CSET_82: Self = Self::of(br#"!"%&'()*+,-./:;<=>?_"#).with(ALPHANUMERIC);
    /// CSET 39, the characters of component/part identifiers (`Y`).
    pub(crate) const CSET_39: Self = Self::of(b"#-/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    /// CSET 64, the characters of digital signatures, file-safe base 64 (`Z`).
    pub(crate) const CSET_64: Self = Self::of(b"-_=").with(ALPHANUMERIC);
    /// Decimal digits (`N`).
    pub(crate) const DIGITS: Self = Self::of(b"0123456789");
    /// Characters that stand for themselves in any part of a URI (RFC 3986, section 2.3).
    pub(crate) const URI_UNRESERVED: Self = Self::of(b"-._~").with(ALPHANUMERIC);
    /// Characters that stand for themselves in an EPC URN (TDS, annex A).
    pub(crate) const URN_RAW: Self = Self::of(b"!'()*+,-.:;=_").with(ALPHANUMERIC);

    const fn of(bytes: &[u8]) -> Self {
        let mut bits = 0;
        let mut i = 0;
        while i < bytes.len() {
            bits |= 1u128 << bytes[i];
            i += 1;
        }
        Self(bits)
    }

    const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The set with the ASCII characters of `more`.
    pub(crate) fn and(self, more: &str) -> Self {
        let ascii = more.bytes().filter(u8::is_ascii);
        Self(ascii.fold(self.0, |bits, byte| bits | 1 << byte))
    }

    /// Whether the set has this byte.
    pub(crate) const fn has(self, byte: u8) -> bool {
        byte < 128 && self.0 >> byte & 1 == 1
    }

    /// Offset in bytes and character of the first character outside the set.
    pub(crate) fn first_outside(self, text: &str) -> Option<(usize, char)> {
        let offset = text.bytes().position(|byte| !self.has(byte))?;
        text[offset..].chars().next().map(|found| (offset, found))
    }
}

const ALPHANUMERIC: CharSet =
    CharSet::of(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_have_their_sizes() {
        let size = |set: CharSet| (0..=255).filter(|&b| set.has(b)).count();
        assert_eq!(size(CharSet::CSET_82), 82);
        assert_eq!(size(CharSet::CSET_39), 39);
        assert_eq!(size(CharSet::CSET_64), 65, "64 and the padding sign");
    }

    #[test]
    fn first_outside_is_a_whole_character() {
        assert_eq!(CharSet::CSET_82.first_outside("abé"), Some((2, 'é')));
        assert_eq!(CharSet::CSET_82.first_outside("a b"), Some((1, ' ')));
        assert_eq!(CharSet::CSET_82.first_outside("a%/b"), None);
    }
}
