//! Shipments announced by other nodes, each once by its holding.

use sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use theriac_custody::Hash;
use theriac_gs1::Gln;

use crate::column::{Millis, cell, val};
use crate::connection::{Conflict, Connection, Insert, Row};
use crate::error::StoreError;
use crate::store::{WriteTx, reads};
use crate::word::words;

words! {
    /// How far a shipment announced by another node is.
    ShipmentState {
        /// It waits for its holding to appear on the ledger.
        Waiting = 0 "waiting",
        /// Its manifest opens to the root on the ledger; its packs are expected.
        Accepted = 1 "accepted",
        /// Its manifest does not fit the ledger.
        Rejected = 2 "rejected",
    }
}

/// A shipment announced by another node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedShipment {
    /// The holding that it is on the ledger.
    pub holding: Hash,
    /// The member that sent it.
    pub from: Gln,
    /// The event and the manifest, as they came.
    pub body: Vec<u8>,
    /// How far it is.
    pub state: ShipmentState,
    /// When it came.
    pub received_at: Millis,
}

reads! {
    /// The shipment of a holding.
    statement fn received_shipment(holding: &Hash) -> Option<ReceivedShipment>;
    /// The shipments in a state, in the order in which they came.
    statement fn shipments_in(state: ShipmentState) -> Vec<ReceivedShipment>;
}

impl WriteTx {
    /// Stores a shipment; false, and nothing changes, when its holding is on record.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn record_shipment(
        &mut self,
        shipment: &ReceivedShipment,
    ) -> Result<bool, StoreError> {
        let insert = Insert {
            table: "shipment",
            columns: &["holding", "sender", "body", "state", "received_at"],
            conflict: Conflict::Skip(&["holding"]),
            returning: &["id"],
        };
        let row = vec![
            cell(&shipment.holding),
            cell(&shipment.from),
            cell(&shipment.body),
            cell(&shipment.state),
            cell(&shipment.received_at),
        ];
        Ok(!self.connection().insert(&insert, vec![row]).await?.is_empty())
    }

    /// Moves a shipment to `state`; a holding not on record is left out.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn set_shipment_state(
        &mut self,
        holding: &Hash,
        state: ShipmentState,
    ) -> Result<(), StoreError> {
        let update = Query::update()
            .table("shipment")
            .value("state", val(&state))
            .and_where(Expr::col("holding").eq(val(holding)))
            .take();
        self.connection().run(&update).await.map(drop)
    }
}

fn select() -> SelectStatement {
    Query::select().column(sea_query::Asterisk).from("shipment").order_by("id", Order::Asc).take()
}

async fn received_shipment(
    connection: &mut Connection<'_>,
    holding: &Hash,
) -> Result<Option<ReceivedShipment>, StoreError> {
    let select = select().and_where(Expr::col("holding").eq(val(holding))).take();
    connection.first(&select).await?.map(|row| record(&row)).transpose()
}

async fn shipments_in(
    connection: &mut Connection<'_>,
    state: ShipmentState,
) -> Result<Vec<ReceivedShipment>, StoreError> {
    let select = select().and_where(Expr::col("state").eq(val(&state))).take();
    connection.all(&select).await?.iter().map(record).collect()
}

fn record(row: &Row) -> Result<ReceivedShipment, StoreError> {
    Ok(ReceivedShipment {
        holding: row.get("holding")?,
        from: row.get("sender")?,
        body: row.get("body")?,
        state: row.get("state")?,
        received_at: row.get("received_at")?,
    })
}
