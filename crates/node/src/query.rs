//! Query: events and cases on record.

use theriac_store::{CaseRecord, EventFilter, EventRecord};

use crate::error::NodeError;
use crate::node::Node;

impl Node {
    /// The events that match a filter, in the order in which they came on record.
    ///
    /// # Errors
    ///
    /// [`NodeError::Store`].
    pub async fn events(&self, filter: &EventFilter) -> Result<Vec<EventRecord>, NodeError> {
        Ok(self.inner().store.query_events(filter).await?)
    }

    /// The cases, newest first.
    ///
    /// # Errors
    ///
    /// [`NodeError::Store`].
    pub async fn cases(&self, open_only: bool, limit: u64) -> Result<Vec<CaseRecord>, NodeError> {
        Ok(self.inner().store.cases(open_only, limit).await?)
    }
}
