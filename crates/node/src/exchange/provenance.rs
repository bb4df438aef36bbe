//! Where announced packs come from: lots that their labelers opened, commissions of those lots, and
//! no pack that is on record here as another.

use std::collections::HashMap;

use theriac_custody::leaf::lot_tag;
use theriac_custody::manifest::ManifestLot;
use theriac_custody::{Account, Hash, Manifest, Place};
use theriac_gs1::{Identifier, Lgtin};
use theriac_store::WriteTx;

use crate::error::NodeError;
use crate::locate::Followed;
use crate::node::Node;

impl Node {
    /// Each pack must stand in a lot that its product's labeler opened on the ledger, and its leaf
    /// must come from a holding commissioned under that lot: a labeler could otherwise slip leaves
    /// with another one's lot tag into a tree of its own.
    pub(super) async fn provenance(
        &self,
        tx: &mut WriteTx,
        manifest: &Manifest,
    ) -> Result<Result<(), String>, NodeError> {
        match self.lot_tags(tx, manifest).await? {
            Ok(tags) => self.origins(tx, manifest, &tags).await,
            Err(reason) => Ok(Err(reason)),
        }
    }

    /// The tags of the lots, each opened by who was its product's labeler then. A lot has one tag: with a second
    /// one a labeler could hide the recall of the first.
    async fn lot_tags(
        &self,
        tx: &mut WriteTx,
        manifest: &Manifest,
    ) -> Result<Result<Vec<Hash>, String>, NodeError> {
        let lots: Vec<Lgtin> = manifest.lots.iter().map(ManifestLot::lgtin).collect();
        let on_record = tx.load_lots(&lots).await?;
        let mut known: HashMap<Lgtin, Hash> =
            on_record.into_iter().filter_map(|(lot, row)| Some((lot, row.lot_tag?))).collect();
        let mut tags = Vec::with_capacity(manifest.lots.len());
        for lot in &manifest.lots {
            let tag = lot_tag(&lot.lgtin(), lot.salt);
            let Some(on_ledger) = tx.ledger_lot(&tag).await? else {
                return Ok(Err(format!("expected lot {} on the ledger, found none", lot.lot)));
            };
            // A product may have been sold since, and an account revoked.
            let labeler = tx.labeler_at(&lot.gtin, on_ledger.opened).await?;
            let opener = tx.member_behind(&on_ledger.labeler).await?;
            if labeler.is_none() || opener != labeler {
                return Ok(Err(format!(
                    "expected lot {} of {} opened by its labeler, found it opened by another member",
                    lot.lot, lot.gtin
                )));
            }
            if on_ledger.expiry != crate::clock::days_of(lot.expiry) {
                return Ok(Err(format!(
                    "expected the expiry of lot {} as on the ledger, found {}",
                    lot.lot, lot.expiry
                )));
            }
            if known.insert(lot.lgtin(), tag).is_some_and(|before| before != tag) {
                return Ok(Err(format!(
                    "expected lot {} of {} under one tag, found it under a second",
                    lot.lot, lot.gtin
                )));
            }
            tags.push(tag);
        }
        Ok(Ok(tags))
    }

    /// Each leaf must come from a commission of its lot.
    async fn origins(
        &self,
        tx: &mut WriteTx,
        manifest: &Manifest,
        tags: &[Hash],
    ) -> Result<Result<(), String>, NodeError> {
        let mut followed = Followed::default();
        let mut makers = HashMap::new();
        for unit in &manifest.units {
            let place = Place { holding: manifest.holding, position: unit.position };
            let origin = self.origin_of(tx, &mut followed, place).await?;
            let expected = tags.get(unit.lot as usize);
            let is_made = match &origin {
                Some((tag, _, path)) if Some(tag) == expected => {
                    let maker = path.first().map(|holding| holding.opener);
                    self.is_of_lot(tx, &mut makers, *tag, maker).await?
                }
                _ => false,
            };
            if !is_made {
                return Ok(Err(format!(
                    "expected serial {} to come from a commission of its lot, found that it does not",
                    unit.serial
                )));
            }
        }
        self.unique(tx, manifest).await
    }

    /// Whether an account commissions for the member that opened the lot: another member can open a lot
    /// again that was pruned, and commission in it.
    async fn is_of_lot(
        &self,
        tx: &mut WriteTx,
        makers: &mut HashMap<(Hash, Option<Account>), bool>,
        tag: Hash,
        maker: Option<Account>,
    ) -> Result<bool, NodeError> {
        if let Some(known) = makers.get(&(tag, maker)) {
            return Ok(*known);
        }
        let lot = tx.ledger_lot(&tag).await?;
        let is_of_lot = match (lot, maker) {
            (Some(lot), Some(maker)) => {
                let opener = tx.member_behind(&lot.labeler).await?;
                opener.is_some() && opener == tx.member_behind(&maker).await?
            }
            _ => false,
        };
        makers.insert((tag, maker), is_of_lot);
        Ok(is_of_lot)
    }

    /// A unit that is on record here must be the one that the shipment brings: a labeler could
    /// otherwise put one serial number on two packs, and the second would replace the first.
    async fn unique(
        &self,
        tx: &mut WriteTx,
        manifest: &Manifest,
    ) -> Result<Result<(), String>, NodeError> {
        let announced = manifest.units.iter().filter_map(|unit| {
            let place = Place { holding: manifest.holding, position: unit.position };
            Some((Identifier::Sgtin(manifest.identify(unit).ok()?.0), place))
        });
        let places: HashMap<Identifier, Place> = announced.collect();
        let ids: Vec<Identifier> = places.keys().cloned().collect();
        for record in tx.load_items(&ids).await? {
            let Some(announced) = places.get(&record.item.id) else { continue };
            let now = match record.item.place {
                Some(place) => Some(self.locate_in(tx, place).await?.place),
                None => None,
            };
            if now != Some(*announced) {
                return Ok(Err(format!(
                    "expected the pack {} that is on record here, found another with its serial",
                    record.item.id
                )));
            }
        }
        Ok(Ok(()))
    }
}
