//! Master data of a document: one element of a vocabulary at a time.

use serde::{Deserialize, Serialize};

use crate::event::ExtensionValue;

/// One element of a master data vocabulary (EPCIS 2.0, section 9.4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MasterDataElement {
    /// The vocabulary, such as `urn:epcglobal:epcis:vtype:EPCClass`.
    pub vocabulary: String,
    /// What is described.
    pub id: String,
    /// What is said of it, in the order of the document; a name may occur several times.
    pub attributes: Vec<MasterDataAttribute>,
    /// The elements that are below it in the hierarchy of the vocabulary.
    pub children: Vec<String>,
}

/// One attribute of a master data element.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MasterDataAttribute {
    /// The attribute's name, a URI such as `urn:epcglobal:cbv:mda#regulatedProductName`.
    pub id: String,
    /// Its value: text, or fields of other vocabularies.
    pub value: ExtensionValue,
}

impl MasterDataElement {
    /// The text of the first attribute of this name.
    #[must_use]
    pub fn text(&self, id: &str) -> Option<&str> {
        let mut named = self.attributes.iter().filter(|attribute| attribute.id == id);
        named.find_map(|attribute| match &attribute.value {
            ExtensionValue::Text(text) => Some(text.as_str()),
            _ => None,
        })
    }
}
