//! Identifiers that a query gives, in whatever form.

use crate::plan::canonical_uri;

/// An identifier as the query writes it, and its one canonical text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Uri {
    /// As the query writes it.
    pub(crate) text: String,
    /// The canonical Digital Link of a GS1 key, another URI verbatim.
    pub(crate) canonical: String,
}

impl Uri {
    /// Reads an identifier; a text that is none stands for itself.
    pub(crate) fn new(text: &str) -> Self {
        Self { text: text.to_owned(), canonical: canonical_uri(text) }
    }
}

/// Whether one of the identifiers has this canonical text.
pub(super) fn any_is(ids: &[Uri], canonical: &str) -> bool {
    ids.iter().any(|id| id.canonical == canonical)
}
