//! Master data: what is known of places, classes and parties, beside the events (EPCIS 2.0, section 6.1.1).

use std::collections::{BTreeMap, BTreeSet};

use theriac_epcis::MasterDataElement;

use crate::plan::canonical_uri;

/// What a query asks of master data.
///
/// Identifiers are in their canonical text: the Digital Link of a GS1 key, another URI verbatim.
pub trait MasterData: Send + Sync {
    /// The element itself and everything below it, children of children included.
    fn with_descendants(&self, vocabulary: &str, id: &str) -> BTreeSet<String>;

    /// The texts of an attribute of an element; `None` when it has no such attribute.
    fn attribute(&self, vocabulary: &str, id: &str, name: &str) -> Option<Vec<String>>;
}

/// Master data in memory.
#[derive(Debug, Clone, Default)]
pub struct MasterDataIndex {
    vocabularies: BTreeMap<String, BTreeMap<String, MasterDataElement>>,
    children: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

impl MasterDataIndex {
    /// No master data.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an element; one with the same vocabulary and identifier is replaced.
    pub fn insert(&mut self, element: MasterDataElement) {
        let id = canonical_uri(&element.id);
        self.vocabularies.entry(element.vocabulary.clone()).or_default().insert(id, element);
    }

    /// Every element, ordered by vocabulary and identifier.
    pub fn elements(&self) -> impl Iterator<Item = &MasterDataElement> {
        self.vocabularies.values().flat_map(BTreeMap::values)
    }

    /// Number of elements.
    #[must_use]
    pub fn len(&self) -> usize {
        self.vocabularies.values().map(BTreeMap::len).sum()
    }

    /// Whether there is no element.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.vocabularies.values().all(BTreeMap::is_empty)
    }
}

impl MasterData for MasterDataIndex {
    fn with_descendants(&self, vocabulary: &str, id: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut waiting = vec![id.to_owned()];
        while let Some(id) = waiting.pop() {
            if found.contains(&id) {
                continue;
            }
            if let Some(children) = self.children.get(vocabulary).and_then(|ids| ids.get(&id)) {
                waiting.extend(children.iter().cloned());
            }
            found.insert(id);
        }
        found
    }

    fn attribute(&self, vocabulary: &str, id: &str, name: &str) -> Option<Vec<String>> {
        let element = self.vocabularies.get(vocabulary)?.get(id)?;
        let texts: Vec<String> = element
            .attributes
            .iter()
            .filter(|(attribute, _)| attribute == name)
            .map(|(_, text)| text.clone())
            .collect();
        (!texts.is_empty()).then_some(texts)
    }
}
