//! Master data on record, and `SimpleMasterDataQuery` (EPCIS 2.0, section 8.2.7.2).

use theriac_epcis::MasterDataElement;
use theriac_query::{MasterDataIndex, MasterDataQuery};

use super::failure::QueryFailure;
use super::limits::WHOLE_EVENTS_MAX;
use crate::error::NodeError;
use crate::node::Node;

impl Node {
    /// The elements of master data that match, with as much of each as the query asks for.
    ///
    /// # Errors
    ///
    /// [`QueryFailure::TooLarge`] if more match than `maxElementCount` or [`WHOLE_EVENTS_MAX`].
    pub async fn query_master_data(
        &self,
        query: &MasterDataQuery,
    ) -> Result<Vec<MasterDataElement>, QueryFailure> {
        let index = self.master_data_index().await?;
        let limit = query.max_element_count().unwrap_or(WHOLE_EVENTS_MAX).min(WHOLE_EVENTS_MAX);
        let mut found = Vec::new();
        for element in index.elements() {
            if !query.matches(element, &index) {
                continue;
            }
            if found.len() as u64 >= limit {
                return Err(QueryFailure::TooLarge { what: "elements", limit });
            }
            found.push(shown(element, query));
        }
        Ok(found)
    }

    /// All master data, to be asked for descendants and attributes.
    pub(super) async fn master_data_index(&self) -> Result<MasterDataIndex, NodeError> {
        let mut index = MasterDataIndex::new();
        for element in self.inner().store.master_data().await? {
            index.insert(element);
        }
        Ok(index)
    }
}

/// As much of an element as the query asks for.
fn shown(element: &MasterDataElement, query: &MasterDataQuery) -> MasterDataElement {
    let view = query.view();
    let mut element = element.clone();
    if !view.attributes {
        element.attributes.clear();
    }
    if let Some(names) = &view.attribute_names {
        element.attributes.retain(|attribute| names.contains(&attribute.id));
    }
    if !view.children {
        element.children.clear();
    }
    element
}
