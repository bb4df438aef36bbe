//! Announcing: what the consignee's node must know of a shipment, queued when the ledger has it.

use std::collections::BTreeSet;

use theriac_custody::breach::Actor;
use theriac_custody::manifest::{ManifestLot, ManifestUnit, Packed};
use theriac_custody::{Breach, BreachCode, ItemStatus, Manifest};
use theriac_gs1::{Gln, Identifier, Lgtin};
use theriac_store::{DeliveryKind, ItemRecord, LedgerHolding, WriteTx};

use super::ShipmentMessage;
use crate::error::NodeError;
use crate::node::Node;

impl Node {
    /// Puts the message about a shipment of this member's into the queue, or opens a case when there
    /// is none to be made: following the ledger must go on.
    pub(crate) async fn announce_shipment(
        &self,
        tx: &mut WriteTx,
        holding: &LedgerHolding,
    ) -> Result<(), NodeError> {
        let about = tx.deliveries_about(&holding.id).await?;
        if about.iter().any(|delivery| delivery.kind == DeliveryKind::Shipment) {
            // The consignee has it since before a reorganisation.
            return Ok(());
        }
        match self.shipment_message(tx, holding).await {
            Ok((to, message)) => {
                let kind = DeliveryKind::Shipment;
                self.post_message(tx, to, kind, Some(holding.id), &message).await?;
                self.inform_owners(tx, holding, to, &message).await
            }
            Err(NodeError::Inconsistent { expected, found }) => {
                let breach = Breach::new(
                    BreachCode::ManifestMismatch,
                    format!(
                        "expected {expected} to tell the consignee of shipment {}, found {found}",
                        holding.id
                    ),
                    "take the shipment back, or have its data sent by the node that shipped it",
                );
                self.open_case(tx, None, &breach.by(Actor::ThisMember)).await
            }
            Err(error) => Err(error),
        }
    }

    async fn shipment_message(
        &self,
        tx: &mut WriteTx,
        holding: &LedgerHolding,
    ) -> Result<(Gln, ShipmentMessage), NodeError> {
        let Some(to) = tx.member_behind(&holding.consignee).await? else {
            return Err(NodeError::Inconsistent {
                expected: "a member as consignee of a shipment",
                found: format!("the account {}", holding.consignee),
            });
        };
        let items = tx.items_in_holding(&holding.id).await?;
        let manifest = self.manifest(tx, holding, &items).await?;
        let event = tx.event_by_hash(&holding.cause).await?;
        let master_data = self.descriptions_for(tx, event.as_ref(), &items, to).await?;
        let message = ShipmentMessage {
            from: self.gln(),
            transaction: holding.transaction,
            event: event.and_then(|event| serde_json::from_str(&event.body).ok()),
            manifest,
            master_data,
            statement: self.own_statement(),
        };
        Ok((to, message))
    }

    /// The manifest of a holding whose units are all on record here.
    async fn manifest(
        &self,
        tx: &mut WriteTx,
        holding: &LedgerHolding,
        items: &[ItemRecord],
    ) -> Result<Manifest, NodeError> {
        let mut manifest = Manifest {
            holding: holding.id,
            height: holding.height,
            lots: Vec::new(),
            units: Vec::with_capacity(items.len()),
            packing: packing(tx, items).await?,
        };
        let lots: BTreeSet<Lgtin> = items.iter().filter_map(lot_of).collect();
        let lots: Vec<Lgtin> = lots.into_iter().collect();
        let mut rows = tx.load_lots(&lots).await?;
        for lot in &lots {
            let row = rows.remove(lot).and_then(|row| Some((row.salt?, row.record.expiry)));
            let (salt, expiry) = row.ok_or_else(|| missing("the secret of a lot"))?;
            manifest.lots.push(ManifestLot { gtin: lot.gtin, lot: lot.lot.clone(), expiry, salt });
        }
        for record in items {
            let (Identifier::Sgtin(unit), Some(lot)) = (&record.item.id, lot_of(record)) else {
                continue;
            };
            let index = lots.binary_search(&lot).map_err(|_| missing("the lot of a unit"))?;
            manifest.units.push(ManifestUnit {
                position: record.item.place.map_or(0, |place| place.position),
                lot: index as u32,
                serial: unit.serial.clone(),
                salt: record.salt.ok_or_else(|| missing("the secret of a unit"))?,
            });
        }
        Ok(manifest)
    }
}

fn missing(what: &'static str) -> NodeError {
    NodeError::Inconsistent { expected: what, found: "none".to_owned() }
}

fn lot_of(record: &ItemRecord) -> Option<Lgtin> {
    match (&record.item.id, &record.item.lot) {
        (Identifier::Sgtin(unit), Some(lot)) => Some(Lgtin { gtin: unit.gtin, lot: lot.clone() }),
        _ => None,
    }
}

/// What the units travel in: every logistic unit around them that travels too.
async fn packing(tx: &mut WriteTx, units: &[ItemRecord]) -> Result<Vec<Packed>, NodeError> {
    let ids: Vec<Identifier> = units.iter().map(|record| record.item.id.clone()).collect();
    let around = tx.load_items(&ids).await?;
    let mut packing: Vec<Packed> = around
        .into_iter()
        .filter(|record| record.item.status == ItemStatus::InTransit)
        .filter_map(|record| Some(Packed { parent: record.item.parent?, item: record.item.id }))
        .collect();
    packing.sort_by(|a, b| a.item.cmp(&b.item));
    Ok(packing)
}
