//! Receipts on the ledger: a shipment is received when every unit of it is accounted for, received
//! or refused.

use std::collections::BTreeSet;

use theriac_custody::{Hash, ItemStatus};
use theriac_gs1::{Identifier, Sgtin};
use theriac_ledger::Call;
use theriac_store::OutboxRecord;

use super::anchor::cause;
use super::gather::{Hindrance, holdings_of, impossible, transactions};
use super::plan::{Planned, Stock};
use super::units_of;
use crate::error::NodeError;
use crate::node::Node;

/// Receipts that have shipments in common, and those shipments.
struct Group {
    rows: Vec<OutboxRecord>,
    holdings: BTreeSet<Hash>,
}

impl Node {
    /// Plans all receipts: those whose shipments are accounted for, each connected group in one
    /// transaction if it fits; the others wait.
    pub(super) async fn plan_receives(
        &self,
        stock: &mut Stock,
        rows: Vec<OutboxRecord>,
    ) -> Result<Vec<Planned>, NodeError> {
        let mut planned = Vec::new();
        let mut groups: Vec<Group> = Vec::new();
        for row in rows {
            match holdings_of(stock, &units_of(&row.operation)) {
                Ok(holdings) => join(&mut groups, Group { rows: vec![row], holdings }),
                Err(hindrance) => planned.push(impossible(vec![row], hindrance)),
            }
        }
        for group in groups {
            planned.extend(self.plan_receipt(group).await?);
        }
        Ok(planned)
    }

    async fn plan_receipt(&self, group: Group) -> Result<Vec<Planned>, NodeError> {
        let mut calls = Vec::new();
        for id in &group.holdings {
            if self.inner().store.ledger_holding(id).await?.is_none() {
                // Its block was reverted; it comes again.
                return Ok(vec![Planned::Waits(group.rows)]);
            }
            let items = self.inner().store.items_in_holding(id).await?;
            let refused: Vec<Sgtin> = items
                .iter()
                .filter(|record| record.item.status == ItemStatus::Refused)
                .filter_map(|record| match &record.item.id {
                    Identifier::Sgtin(unit) => Some(unit.clone()),
                    _ => None,
                })
                .collect();
            if items.iter().any(|record| record.item.status == ItemStatus::Expected) {
                return Ok(vec![Planned::Waits(group.rows)]);
            }
            match self.receipt_call(*id, &refused, &group.rows).await? {
                Ok(call) => calls.push(call),
                Err(hindrance) => return Ok(vec![impossible(group.rows, hindrance)]),
            }
        }
        Ok(transactions(calls, &group.rows))
    }

    async fn receipt_call(
        &self,
        id: Hash,
        refused: &[Sgtin],
        rows: &[OutboxRecord],
    ) -> Result<Result<Call, Hindrance>, NodeError> {
        let mut stock = self.stock_of(refused).await?;
        let nodes = self.nodes_of(&mut stock, refused).await?;
        let cause = cause(rows);
        Ok(nodes.map(|refused| match refused.is_empty() {
            true => Call::ReceiveShipment { id, cause },
            false => Call::ReceiveInPart { id, refused, cause },
        }))
    }
}

/// Adds a group, merged with all that it shares a shipment with.
fn join(groups: &mut Vec<Group>, mut new: Group) {
    let (shared, apart): (Vec<Group>, Vec<Group>) =
        groups.drain(..).partition(|group| !group.holdings.is_disjoint(&new.holdings));
    let mut rows: Vec<OutboxRecord> = shared.iter().flat_map(|g| g.rows.clone()).collect();
    rows.append(&mut new.rows);
    let holdings = shared.into_iter().flat_map(|g| g.holdings).chain(new.holdings).collect();
    *groups = apart;
    groups.push(Group { rows, holdings });
}
