//! Setting units to what ledger and outbox say of them, after the ledger refused an operation.

use std::collections::HashSet;

use theriac_gs1::{Identifier, Sgtin};
use theriac_store::WriteTx;

use crate::error::NodeError;
use crate::node::Node;

impl Node {
    /// Sets the status of the units to what is right; units not on the ledger stay.
    pub(super) async fn resync_units(
        &self,
        tx: &mut WriteTx,
        units: Vec<Sgtin>,
    ) -> Result<(), NodeError> {
        let ids: HashSet<Identifier> = units.into_iter().map(Identifier::Sgtin).collect();
        let list: Vec<Identifier> = ids.iter().cloned().collect();
        let mut records = tx.load_items(&list).await?;
        records.retain(|record| ids.contains(&record.item.id));
        self.resync(tx, &records).await.map(drop)
    }
}
