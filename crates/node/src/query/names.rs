//! What the events on record name: business steps, places, EPCs, types (EPCIS 2.0, section 12.7.1).

use theriac_gs1::Identifier;
use theriac_query::{ItemCondition, Name, Plan, Role};
use theriac_store::{EventId, EventScan, ScanOrder};

use crate::error::NodeError;
use crate::node::Node;

impl Node {
    /// The first `limit` names of a role that come after `after`, in the order of their bytes.
    ///
    /// # Errors
    ///
    /// [`NodeError::Store`].
    pub async fn names(
        &self,
        role: Role,
        after: Option<&str>,
        limit: u64,
    ) -> Result<Vec<String>, NodeError> {
        Ok(self.inner().store.name_values(role, after, limit).await?)
    }

    /// Whether an event on record has the name.
    ///
    /// # Errors
    ///
    /// [`NodeError::Store`].
    pub async fn knows_name(&self, role: Role, text: &str) -> Result<bool, NodeError> {
        let names = vec![vec![Name::new(role, text)]];
        self.knows(Plan { names, ..Plan::default() }).await
    }

    /// The first `limit` keys ([`Identifier::key`]) of objects after `after`, in the order of their
    /// bytes.
    ///
    /// # Errors
    ///
    /// [`NodeError::Store`].
    pub async fn item_keys(
        &self,
        after: Option<&str>,
        limit: u64,
    ) -> Result<Vec<String>, NodeError> {
        Ok(self.inner().store.item_keys(after, limit).await?)
    }

    /// Whether an event on record names the object one by one.
    ///
    /// # Errors
    ///
    /// [`NodeError::Store`].
    pub async fn knows_item(&self, id: &Identifier) -> Result<bool, NodeError> {
        let items = vec![vec![ItemCondition::Exact(id.clone())]];
        self.knows(Plan { items, ..Plan::default() }).await
    }

    /// The EPCIS types of the events on record.
    ///
    /// # Errors
    ///
    /// [`NodeError::Store`].
    pub async fn event_kinds(&self) -> Result<Vec<String>, NodeError> {
        Ok(self.inner().store.event_kinds().await?)
    }

    /// Whether a plan selects an event.
    async fn knows(&self, plan: Plan) -> Result<bool, NodeError> {
        let scan = EventScan {
            plan,
            order: ScanOrder::Recorded,
            descending: false,
            after: None,
            until: EventId(i64::MAX),
            limit: 1,
        };
        Ok(!self.inner().store.scan_events(&scan).await?.is_empty())
    }
}
