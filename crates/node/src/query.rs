//! Query: events, cases, names, master data, named queries and subscriptions on record.
//!
//! ```text
//! EventQuery ── plan ──> store: a superset, in batches ── matches ──> the page
//! ```
//!
//! # Invariants
//!
//! - A page is stable: what comes on record after the first page was asked for is on no later page.
//! - No query does unbounded work: [`limits`] says where it ends, [`QueryFailure`] tells it.

mod events;
mod failure;
pub mod limits;
mod master_data;
mod named;
mod names;
mod page;
mod schedule;
mod seal;
mod sorted;
mod subscriptions;

pub use events::read_event;
pub use failure::QueryFailure;
pub use named::{NamedQueryError, read_named};
pub use page::{EventPage, FoundEvent, PagePosition, PageRequest, PositionError, RecordedPage};
pub use schedule::{Schedule, ScheduleError};
pub use subscriptions::{SubscribeError, SubscriptionRequest};

use theriac_store::CaseRecord;

use crate::error::NodeError;
use crate::node::Node;

impl Node {
    /// The cases, newest first.
    ///
    /// # Errors
    ///
    /// [`NodeError::Store`].
    pub async fn cases(&self, open_only: bool, limit: u64) -> Result<Vec<CaseRecord>, NodeError> {
        Ok(self.inner().store.cases(open_only, limit).await?)
    }
}
