//! Prefixes that a writer makes up for namespaces.
//!
//! # Invariants
//!
//! - Where a made-up prefix is declared, no text of the event is the prefix or begins with it and a
//!   colon: a reader would take the text for a term or a compact URI, and read it as another.

use std::collections::BTreeSet;

use crate::event::{Common, Event};

/// A way to number prefixes: `ext1`, `ext2` and so on, or `ext1n1`, `ext1n2`, or `ext2n1`, …
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Series(usize);

impl Series {
    /// The first series of which none of these texts begins with a prefix.
    pub(super) fn free<'t>(texts: impl IntoIterator<Item = &'t str>) -> Self {
        let taken: BTreeSet<usize> = texts.into_iter().filter_map(series_of).collect();
        let gap = taken.iter().zip(0..).find(|(taken, number)| **taken != *number);
        Self(gap.map_or(taken.len(), |(_, number)| number))
    }

    /// Its prefix of this rank, from 0.
    pub(super) fn prefix(self, index: usize) -> String {
        let number = index + 1;
        match self.0 {
            0 => format!("ext{number}"),
            series => format!("ext{series}n{number}"),
        }
    }
}

/// The series of the prefix that a text begins with.
fn series_of(text: &str) -> Option<usize> {
    let prefix = text.split_once(':').map_or(text, |(prefix, _)| prefix);
    let number = prefix.strip_prefix("ext")?;
    match number.split_once('n') {
        None => number.parse().ok().map(|_: usize| 0),
        Some((series, _)) => series.parse().ok(),
    }
}

/// The texts of an event that are read as compact URIs where a prefix is declared.
pub(super) fn words(event: &Event) -> impl Iterator<Item = &str> {
    let Common {
        biz_step,
        disposition,
        persistent_disposition,
        biz_transactions,
        sources,
        destinations,
        error_declaration,
        sensor_elements,
        ..
    } = event.common();
    let persistent = persistent_disposition.iter();
    let persistent = persistent.flat_map(|words| words.set.iter().chain(&words.unset));
    let reasons = error_declaration.iter().filter_map(|one| one.reason.as_ref());
    let reports = sensor_elements.iter().flat_map(|element| &element.reports);
    let measured = reports.flat_map(|report| [&report.kind, &report.exception, &report.component]);
    let kinds = biz_transactions.iter().filter_map(|one| one.kind.as_ref());
    biz_step
        .iter()
        .map(|word| word.word())
        .chain(disposition.iter().chain(persistent).map(|word| word.word()))
        .chain(kinds.map(|word| word.word()))
        .chain(sources.iter().map(|one| one.kind.word()))
        .chain(destinations.iter().map(|one| one.kind.word()))
        .chain(reasons.map(|word| word.word()))
        .chain(measured.filter_map(|word| word.as_deref()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_is_free_of_what_texts_begin_with() {
        let prefixes = |texts: &[&str]| Series::free(texts.iter().copied()).prefix(1);
        assert_eq!(prefixes(&[]), "ext2");
        assert_eq!(prefixes(&["ext", "next1:a", "urn:ext1:a", "ext1n2:a"]), "ext2");
        assert_eq!(prefixes(&["ext7:a"]), "ext1n2");
        assert_eq!(prefixes(&["ext7"]), "ext1n2");
        assert_eq!(prefixes(&["ext7:a", "ext1n1:", "ext2n1:b"]), "ext3n2");
    }
}
