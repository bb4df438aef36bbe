//! An identifier together with the company prefix length that it came in with.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use super::{Identifier, UriError, urn};
use crate::company_prefix::{CompanyPrefixLength, CompanyPrefixes};
use crate::text_form::serde_as_text;

/// An identifier and, where known, the length of its company prefix.
///
/// # Invariants
///
/// Equality, order and hash look at the identifier alone: the URN and the Digital Link of one
/// unit are the same EPC.
#[derive(Clone, Debug)]
pub struct Epc {
    /// What is named.
    pub id: Identifier,
    /// Number of digits of the company prefix; `None` when the text did not tell.
    pub company_prefix_length: Option<CompanyPrefixLength>,
}

impl Epc {
    /// Reads a URI: the same as [`Identifier::from_uri`].
    ///
    /// # Errors
    ///
    /// [`UriError`] when the text is no absolute URI, or its key is wrong.
    pub fn from_uri(text: &str) -> Result<Self, UriError> {
        Identifier::from_uri(text)
    }

    /// The EPC URN, or `None` when the company prefix length is not known (it is never guessed)
    /// or the identifier is another URI that is no URN.
    #[must_use]
    pub fn urn(&self) -> Option<String> {
        urn::write(&self.id, self.company_prefix_length)
    }

    /// The EPC URN, with the company prefix length of the table where the text did not tell it;
    /// `None` when the table does not know the company prefix either.
    #[must_use]
    pub fn urn_with(&self, prefixes: &CompanyPrefixes) -> Option<String> {
        let length = self.company_prefix_length.or_else(|| prefixes.length_of(&self.id));
        urn::write(&self.id, length)
    }

    /// The canonical GS1 Digital Link.
    #[must_use]
    pub fn digital_link(&self) -> String {
        self.id.digital_link()
    }
}

impl From<Identifier> for Epc {
    fn from(id: Identifier) -> Self {
        Self { id, company_prefix_length: None }
    }
}

impl PartialEq for Epc {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Epc {}

impl PartialOrd for Epc {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Epc {
    fn cmp(&self, other: &Self) -> Ordering {
        self.id.cmp(&other.id)
    }
}

impl Hash for Epc {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.id.hash(state);
    }
}

impl fmt::Display for Epc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.id.fmt(f)
    }
}

impl FromStr for Epc {
    type Err = UriError;

    fn from_str(text: &str) -> Result<Self, UriError> {
        Identifier::from_uri(text)
    }
}

serde_as_text!(Epc);
