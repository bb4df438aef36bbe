//! Master data: what is known of places, classes and parties, beside the events (EPCIS 2.0, section 6.1.1).

use std::collections::{BTreeMap, BTreeSet};

use theriac_epcis::{BizStep, Disposition, ExtensionValue, MasterDataElement};

use crate::plan::canonical_uri;

/// Names of the vocabularies of the standard (EPCIS 2.0, section 7.2).
pub mod vocabulary {
    /// Business steps.
    pub const BUSINESS_STEP: &str = "urn:epcglobal:epcis:vtype:BusinessStep";
    /// Dispositions.
    pub const DISPOSITION: &str = "urn:epcglobal:epcis:vtype:Disposition";
    /// Read points.
    pub const READ_POINT: &str = "urn:epcglobal:epcis:vtype:ReadPoint";
    /// Business locations.
    pub const BUSINESS_LOCATION: &str = "urn:epcglobal:epcis:vtype:BusinessLocation";
    /// Places of any use.
    pub const LOCATION: &str = "urn:epcglobal:epcis:vtype:Location";
    /// Business documents.
    pub const BUSINESS_TRANSACTION: &str = "urn:epcglobal:epcis:vtype:BusinessTransaction";
    /// Classes of objects.
    pub const EPC_CLASS: &str = "urn:epcglobal:epcis:vtype:EPCClass";
    /// Sources and destinations.
    pub const SOURCE_DEST: &str = "urn:epcglobal:epcis:vtype:SourceDest";
    /// Parties.
    pub const PARTY: &str = "urn:epcglobal:epcis:vtype:Party";
}

/// What a query asks of master data.
///
/// Identifiers are in their canonical text: the bare word of the CBV for business steps and
/// dispositions, the Digital Link of a GS1 key, another URI verbatim.
pub trait MasterData: Send + Sync {
    /// The element itself and everything below it, children of children included, in these
    /// vocabularies. An element that is not known is alone.
    fn with_descendants(&self, vocabularies: &[&str], id: &str) -> BTreeSet<String>;

    /// The values of an attribute of an element of these vocabularies, or, if none is named, of
    /// any.
    fn attribute(&self, vocabularies: &[&str], id: &str, name: &str) -> Vec<&ExtensionValue>;
}

/// Master data in memory.
#[derive(Debug, Clone, Default)]
pub struct MasterDataIndex {
    vocabularies: BTreeMap<String, BTreeMap<String, MasterDataElement>>,
}

impl MasterDataIndex {
    /// No master data.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an element; one with the same vocabulary and identifier is replaced.
    pub fn insert(&mut self, element: MasterDataElement) {
        let id = canonical_id(&element.vocabulary, &element.id);
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

    /// The elements of this identifier in these vocabularies, or, if none is named, in any.
    fn found(&self, vocabularies: &[&str], id: &str) -> Vec<&MasterDataElement> {
        let wanted = |name: &str| vocabularies.is_empty() || vocabularies.contains(&name);
        let vocabularies = self.vocabularies.iter().filter(|(name, _)| wanted(name));
        vocabularies.filter_map(|(_, elements)| elements.get(id)).collect()
    }
}

impl FromIterator<MasterDataElement> for MasterDataIndex {
    fn from_iter<I: IntoIterator<Item = MasterDataElement>>(elements: I) -> Self {
        let mut index = Self::new();
        elements.into_iter().for_each(|element| index.insert(element));
        index
    }
}

impl MasterData for MasterDataIndex {
    fn with_descendants(&self, vocabularies: &[&str], id: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut waiting = vec![id.to_owned()];
        while let Some(id) = waiting.pop() {
            for element in self.found(vocabularies, &id) {
                let children = element.children.iter();
                let children = children.map(|child| canonical_id(&element.vocabulary, child));
                waiting.extend(children.filter(|child| !found.contains(child)));
            }
            found.insert(id);
        }
        found
    }

    fn attribute(&self, vocabularies: &[&str], id: &str, name: &str) -> Vec<&ExtensionValue> {
        self.found(vocabularies, id)
            .into_iter()
            .flat_map(|element| &element.attributes)
            .filter(|attribute| is_same_attribute(&attribute.id, name))
            .map(|attribute| &attribute.value)
            .collect()
    }
}

/// The one text of an identifier in a vocabulary.
pub(crate) fn canonical_id(vocabulary: &str, id: &str) -> String {
    match vocabulary {
        vocabulary::BUSINESS_STEP => id.parse().map(|word: BizStep| word.word().to_owned()).ok(),
        vocabulary::DISPOSITION => id.parse().map(|word: Disposition| word.word().to_owned()).ok(),
        _ => None,
    }
    .unwrap_or_else(|| canonical_uri(id))
}

/// Whether two names mean one attribute; those of the CBV are written with `#`, with `:`, and
/// with the prefix `cbvmda:`.
pub(crate) fn is_same_attribute(left: &str, right: &str) -> bool {
    let cbv = |name: &'_ str| -> Option<usize> {
        ["urn:epcglobal:cbv:mda#", "urn:epcglobal:cbv:mda:", "cbvmda:"]
            .iter()
            .find(|prefix| name.starts_with(**prefix))
            .map(|prefix| prefix.len())
    };
    match (cbv(left), cbv(right)) {
        (Some(start), Some(other)) => left[start..] == right[other..],
        _ => left == right,
    }
}
