//! Named queries: kept under a name for their clients (EPCIS 2.0, section 12.7.5).

use serde_json::Value;
use theriac_query::{EventQuery, Namespaces, QueryError};
use theriac_store::NamedQueryRecord;

use crate::error::NodeError;
use crate::node::Node;

/// The queries that every repository has; no named query can take their names.
const PREDEFINED: [&str; 2] = ["SimpleEventQuery", "SimpleMasterDataQuery"];

/// Longest name of a query, in bytes.
const NAME_BYTES_MAX: usize = 200;

/// Why a query is not kept.
#[derive(Debug, thiserror::Error)]
pub enum NamedQueryError {
    /// The name is taken.
    #[error("expected a name that no query has, found {name:?}")]
    Exists {
        /// The name.
        name: String,
    },
    /// The name is none.
    #[error("expected a name of 1 to {NAME_BYTES_MAX} bytes without control characters")]
    Name,
    /// The query is wrong.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// The node itself.
    #[error(transparent)]
    Node(#[from] NodeError),
}

impl From<theriac_store::StoreError> for NamedQueryError {
    fn from(error: theriac_store::StoreError) -> Self {
        Self::Node(error.into())
    }
}

impl Node {
    /// Keeps a query under a name, in the form in which the client gave it.
    ///
    /// # Errors
    ///
    /// [`NamedQueryError`].
    pub async fn create_query(&self, name: &str, query: &Value) -> Result<(), NamedQueryError> {
        if name.is_empty() || name.len() > NAME_BYTES_MAX || name.contains(char::is_control) {
            return Err(NamedQueryError::Name);
        }
        let exists = || NamedQueryError::Exists { name: name.to_owned() };
        if PREDEFINED.contains(&name) {
            return Err(exists());
        }
        let mut tx = self.inner().store.write().await?;
        let created = self.now().as_millisecond();
        tx.insert_named_query(name, query, created).await?.ok_or_else(exists)?;
        Ok(tx.commit().await?)
    }

    /// The first `limit` named queries whose names come after `after`, by name.
    ///
    /// # Errors
    ///
    /// [`NodeError::Store`].
    pub async fn named_queries(
        &self,
        after: Option<&str>,
        limit: u64,
    ) -> Result<Vec<NamedQueryRecord>, NodeError> {
        Ok(self.inner().store.named_queries(after, limit).await?)
    }

    /// The query of this name.
    ///
    /// # Errors
    ///
    /// [`NodeError::Store`].
    pub async fn named_query(&self, name: &str) -> Result<Option<NamedQueryRecord>, NodeError> {
        Ok(self.inner().store.named_query(name).await?)
    }

    /// Forgets a query with its subscriptions; whether there was one.
    ///
    /// # Errors
    ///
    /// [`NodeError::Store`].
    pub async fn delete_query(&self, name: &str) -> Result<bool, NodeError> {
        let mut tx = self.inner().store.write().await?;
        let deleted = tx.delete_named_query(name).await?;
        tx.commit().await?;
        Ok(deleted)
    }
}

/// The query on record, read.
///
/// # Errors
///
/// [`QueryError`] if it was kept by a program that reads other queries.
pub fn read_named(query: &Value) -> Result<EventQuery, QueryError> {
    let empty = serde_json::Map::new();
    EventQuery::from_json(query.as_object().unwrap_or(&empty), &Namespaces::new())
}
