//! Why a query has no answer.

use theriac_query::{QueryError, QueryFault};
use theriac_store::StoreError;

use crate::error::NodeError;

/// Why a query has no answer (EPCIS 2.0, section 8.2.4).
#[derive(Debug, thiserror::Error)]
pub enum QueryFailure {
    /// The query is wrong: the asker's fault.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// More events match than the query or the node admits: `QueryTooLargeException`.
    #[error("expected at most {limit} {what} in the answer, found more")]
    TooLarge {
        /// What there is too much of.
        what: &'static str,
        /// The limit.
        limit: u64,
    },
    /// An answer would take more work than the node does at a time: `QueryTooComplexException`.
    #[error("expected an answer after at most {limit} {what}, found none")]
    TooComplex {
        /// What there is too much of.
        what: &'static str,
        /// The limit.
        limit: u64,
    },
    /// The node itself.
    #[error(transparent)]
    Node(#[from] NodeError),
}

impl QueryFailure {
    /// Whether the query is beyond what is answered, as opposed to wrong.
    pub fn is_too_complex(&self) -> bool {
        match self {
            Self::TooComplex { .. } => true,
            Self::Query(error) => error.fault() == QueryFault::TooComplex,
            Self::TooLarge { .. } | Self::Node(_) => false,
        }
    }
}

impl From<StoreError> for QueryFailure {
    fn from(error: StoreError) -> Self {
        Self::Node(error.into())
    }
}
