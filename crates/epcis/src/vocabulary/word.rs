//! What every vocabulary of the CBV shares: forms of a word, and tolerated misspellings.

use thiserror::Error;

/// A text that is no word of a vocabulary.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("expected {expected}, found {found:?}")]
pub struct WordError {
    /// What would have been right.
    pub expected: &'static str,
    /// The text that was found.
    pub found: String,
}

/// A closed list of words that may be extended by URIs.
pub(crate) trait Vocabulary: Sized {
    /// Strict reading: a word in any of its forms, or another absolute URI.
    fn parse_word(text: &str) -> Result<Self, WordError>;

    /// Tolerant reading of a misspelt word of this vocabulary.
    fn repair_word(text: &str) -> Option<Self>;

    /// The bare word, or the URI of a word that is not in the CBV.
    fn as_word(&self) -> &str;
}

/// Removes the prefix of a web URI, CURIE or URN of the CBV, and gives the bare word.
pub(crate) fn bare<'a>(text: &'a str, web: &str, urn: &str) -> Option<&'a str> {
    if let Some(word) = text.strip_prefix(urn) {
        return Some(word);
    }
    let word = text
        .strip_prefix("https://ref.gs1.org/cbv/")
        .or_else(|| text.strip_prefix("http://ref.gs1.org/cbv/"))
        .or_else(|| text.strip_prefix("https://ns.gs1.org/cbv/"))
        .or_else(|| text.strip_prefix("cbv:"))?;
    word.strip_prefix(web)
}

/// Whether the text has the form of an absolute URI (RFC 3986, section 4.3).
pub(crate) fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    !rest.is_empty()
        && scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
        && !text.bytes().any(|byte| byte <= b' ' || byte == 0x7f)
}

/// The word that a misspelt text means, in lower case with underscores, if it is one seen in the
/// field.
pub(crate) fn respell(text: &str) -> String {
    let last = text.rsplit(':').next().unwrap_or(text);
    let last = last.rsplit('/').next().unwrap_or(last);
    let last = last.trim_start_matches("BizStep-").trim_start_matches("Disp-");
    let word = last.trim().to_ascii_lowercase().replace(['-', ' '], "_");
    let right = match word.as_str() {
        "decomissioning" | "decommisioning" | "decomissoning" => "decommissioning",
        "comissioning" | "commisioning" | "commissionning" => "commissioning",
        "recieving" | "receving" => "receiving",
        "shiping" | "shippping" => "shipping",
        "unpackaging" | "un_packing" => "unpacking",
        "dispencing" => "dispensing",
        "locaton" => "location",
        "posessing_party" => "possessing_party",
        "intransit" => "in_transit",
        "inprogress" => "in_progress",
        "non_sellable" => "non_sellable_other",
        "partialy_dispensed" => "partially_dispensed",
        _ => return word,
    };
    right.to_owned()
}

/// Declares the enum of a vocabulary with its words.
macro_rules! vocabulary {
    (
        $(#[$meta:meta])*
        $name:ident, web $web:literal, urn $urn:literal, expected $expected:literal,
        { $( $(#[$word_meta:meta])* $variant:ident = $word:literal ),+ $(,)? }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[$word_meta])* #[doc = concat!("`", $word, "`")] $variant, )+
            /// A word that is not in the CBV, as an absolute URI.
            Other(Box<str>),
        }

        impl $name {
            /// Every word of the CBV in this vocabulary.
            pub const ALL: &'static [$name] = &[$( $name::$variant ),+];

            /// The bare word as in EPCIS JSON, or the URI of a word that is not in the CBV.
            #[must_use]
            pub fn word(&self) -> &str {
                match self {
                    $( $name::$variant => $word, )+
                    $name::Other(uri) => uri,
                }
            }

            /// The web URI of the word (CBV 2.0); the URI itself when it is not in the CBV.
            #[must_use]
            pub fn web_uri(&self) -> std::borrow::Cow<'_, str> {
                match self {
                    $name::Other(uri) => std::borrow::Cow::Borrowed(uri),
                    $( $name::$variant => std::borrow::Cow::Borrowed(
                        concat!("https://ref.gs1.org/cbv/", $web, $word)), )+
                }
            }

            /// The URN of the word as in CBV 1.x; the URI itself when it is not in the CBV.
            #[must_use]
            pub fn urn(&self) -> std::borrow::Cow<'_, str> {
                match self {
                    $name::Other(uri) => std::borrow::Cow::Borrowed(uri),
                    $( $name::$variant => std::borrow::Cow::Borrowed(concat!($urn, $word)), )+
                }
            }

            fn from_bare(word: &str) -> Option<Self> {
                match word {
                    $( $word => Some($name::$variant), )+
                    _ => None,
                }
            }
        }

        impl $crate::vocabulary::word::Vocabulary for $name {
            fn parse_word(text: &str) -> Result<Self, $crate::vocabulary::word::WordError> {
                let known = match $crate::vocabulary::word::bare(text, $web, $urn) {
                    Some(word) => Self::from_bare(word),
                    None => Self::from_bare(text),
                };
                match known {
                    Some(word) => Ok(word),
                    None if $crate::vocabulary::word::is_uri(text) => {
                        Ok($name::Other(text.into()))
                    }
                    None => Err($crate::vocabulary::word::WordError {
                        expected: $expected,
                        found: text.to_owned(),
                    }),
                }
            }

            fn repair_word(text: &str) -> Option<Self> {
                let ours = $crate::vocabulary::word::bare(text, $web, $urn).is_some();
                if !ours && $crate::vocabulary::word::is_uri(text) {
                    return None;
                }
                Self::from_bare(&$crate::vocabulary::word::respell(text))
            }

            fn as_word(&self) -> &str {
                self.word()
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::vocabulary::word::WordError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                <Self as $crate::vocabulary::word::Vocabulary>::parse_word(text)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.word())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.word())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use vocabulary;
