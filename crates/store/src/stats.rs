//! Counts for health and reconciliation.

use sea_query::{Expr, Func, Query};
use theriac_custody::ItemStatus;

use crate::column::Column;
use crate::connection::Connection;
use crate::delivery::DeliveryState;
use crate::error::StoreError;
use crate::event::EventState;
use crate::outbox::OutboxState;
use crate::store::{Store, reads};

/// What is on record, by state. A state that does not occur may be left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stats {
    /// Units by status.
    pub items: Vec<(ItemStatus, u64)>,
    /// Events by state.
    pub events: Vec<(EventState, u64)>,
    /// Operations for the ledger by state.
    pub outbox: Vec<(OutboxState, u64)>,
    /// Deliveries to other nodes by state.
    pub deliveries: Vec<(DeliveryState, u64)>,
    /// Bytes of the database on disk, its write-ahead log included.
    pub bytes_on_disk: u64,
}

reads! {
    /// Number of operations for the ledger in each state that occurs.
    statement fn outbox_counts() -> Vec<(OutboxState, u64)>;
    /// Number of deliveries in each state that occurs.
    statement fn delivery_counts() -> Vec<(DeliveryState, u64)>;
}

impl Store {
    /// Counts what is on record.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not answer.
    pub async fn stats(&self) -> Result<Stats, StoreError> {
        Ok(Stats {
            items: self.count_items_by_status().await?,
            events: self.event_counts().await?,
            outbox: self.outbox_counts().await?,
            deliveries: self.delivery_counts().await?,
            bytes_on_disk: self.bytes_on_disk(),
        })
    }

    /// Bytes of the database on disk; a file that is not there counts nothing.
    fn bytes_on_disk(&self) -> u64 {
        ["", "-wal", "-shm"]
            .iter()
            .map(|suffix| {
                let mut name = self.path().as_os_str().to_owned();
                name.push(suffix);
                std::fs::metadata(name).map_or(0, |file| file.len())
            })
            .sum()
    }
}

async fn outbox_counts(
    connection: &mut Connection<'_>,
) -> Result<Vec<(OutboxState, u64)>, StoreError> {
    by_state(connection, "outbox").await
}

async fn delivery_counts(
    connection: &mut Connection<'_>,
) -> Result<Vec<(DeliveryState, u64)>, StoreError> {
    by_state(connection, "delivery").await
}

/// Number of rows of a table by its column `state`, in the order of the stored numbers.
async fn by_state<S: Column<Raw = i64>>(
    connection: &mut Connection<'_>,
    table: &'static str,
) -> Result<Vec<(S, u64)>, StoreError> {
    let select = Query::select()
        .column("state")
        .expr_as(Func::count(Expr::col(sea_query::Asterisk)), "count")
        .from(table)
        .group_by_col("state")
        .order_by("state", sea_query::Order::Asc)
        .take();
    let rows = connection.all(&select).await?;
    rows.iter().map(|row| Ok((row.get("state")?, row.get("count")?))).collect()
}
