//! Taking in: a shipment's manifest must open to the root on the ledger, be addressed to this
//! member, and hold packs that come from their labelers.

use std::collections::{HashMap, HashSet};

use theriac_custody::breach::Actor;
use theriac_custody::identity::identity_of;
use theriac_custody::leaf::lot_tag;
use theriac_custody::manifest::ManifestError;
use theriac_custody::{
    Breach, BreachCode, Hash, HoldingState, Item, ItemStatus, LotRecord, LotStatus, Manifest,
    Place, Tree,
};
use theriac_epcis::{BizStep, Event, event_from_json};
use theriac_gs1::{Gln, Identifier, Lgtin};
use theriac_ledger::Finality;
use theriac_store::{
    CaptureSource, ChangeKind, EventState, KnownHolding, LedgerHolding, LotRow, ReceivedShipment,
    Shipment, ShipmentState, WriteTx,
};

use super::{ExchangeError, ShipmentMessage};
use crate::admit::{Sound, event_row};
use crate::error::NodeError;
use crate::node::Node;

impl Node {
    /// Takes in the message about a shipment to this member: what it announces is expected.
    ///
    /// # Errors
    ///
    /// [`ExchangeError::TooEarly`] until the ledger has shown the shipment here;
    /// [`ExchangeError::Rejected`] for one that contradicts the ledger.
    pub(super) async fn on_shipment(
        &self,
        tx: &mut WriteTx,
        from: Gln,
        body: &[u8],
    ) -> Result<(), ExchangeError> {
        let message = read_shipment(body)?;
        let id = message.manifest.holding;
        let before = tx.received_shipment(&id).await?;
        if before.is_some_and(|before| before.state == ShipmentState::Accepted) {
            return Ok(());
        }
        let Some(opened) = tx.ledger_holding(&id).await? else {
            return Err(ExchangeError::TooEarly(id));
        };
        if self.was_taken_back(tx, from, &opened).await? {
            // Late, and not wrong: nothing comes, and nothing is kept.
            return Ok(());
        }
        let tree = self.examine(tx, from, &message, &opened).await?;
        let tree = tree.map_err(ExchangeError::Rejected)?;
        self.keep_shipment(tx, from, id, body, ShipmentState::Accepted).await?;
        self.expect_goods(tx, from, &message, &opened, &tree).await?;
        Ok(self.hear_shipment(tx, from, &opened, &message).await?)
    }

    /// Keeps a shipment's message that contradicts the ledger, and opens a case about it.
    pub(super) async fn on_wrong_shipment(
        &self,
        tx: &mut WriteTx,
        from: Gln,
        body: &[u8],
        reason: &str,
    ) -> Result<(), NodeError> {
        if let Ok(message) = read_shipment(body) {
            let id = message.manifest.holding;
            self.keep_shipment(tx, from, id, body, ShipmentState::Rejected).await?;
            self.open_case(tx, None, &mismatch(from, reason)).await?;
        }
        Ok(())
    }

    async fn keep_shipment(
        &self,
        tx: &mut WriteTx,
        from: Gln,
        holding: Hash,
        body: &[u8],
        state: ShipmentState,
    ) -> Result<(), NodeError> {
        let received_at = self.now().as_millisecond();
        let shipment = ReceivedShipment { holding, from, body: body.to_vec(), state, received_at };
        if !tx.record_shipment(&shipment).await? {
            tx.set_shipment_state(&holding, state).await?;
        }
        Ok(())
    }

    /// Whether `from` has taken its own shipment back before its message came here.
    async fn was_taken_back(
        &self,
        tx: &mut WriteTx,
        from: Gln,
        opened: &LedgerHolding,
    ) -> Result<bool, NodeError> {
        let changes = tx.holding_changes(&opened.id).await?;
        Ok(tx.member_behind(&opened.opener).await? == Some(from)
            && changes.iter().any(|change| change.kind == ChangeKind::Cancelled))
    }

    /// Compares a message with the ledger; the reason if they disagree.
    async fn examine(
        &self,
        tx: &mut WriteTx,
        from: Gln,
        message: &ShipmentMessage,
        opened: &LedgerHolding,
    ) -> Result<Result<Tree, String>, NodeError> {
        if message.from != from {
            return Ok(Err(format!("expected a message of {}, signed by {from}", message.from)));
        }
        let opener = tx.member_behind(&opened.opener).await?;
        if opener != Some(from) {
            return Ok(Err(format!("expected a shipment of {from}, found one of another member")));
        }
        if opened.state != HoldingState::InTransit || !self.is_mine(tx, opened.consignee).await? {
            return Ok(Err(
                "expected a shipment on its way to this member, found another".to_owned()
            ));
        }
        let tree = match message.manifest.open(
            theriac_custody::seed(opened.opener, opened.cause),
            opened.root,
            opened.height,
        ) {
            Ok(tree) => tree,
            Err(error) => return Ok(Err(error.to_string())),
        };
        Ok(self.provenance(tx, &message.manifest).await?.map(|()| tree))
    }

    /// Puts an examined shipment on record: its packs are expected.
    async fn expect_goods(
        &self,
        tx: &mut WriteTx,
        from: Gln,
        message: &ShipmentMessage,
        opened: &LedgerHolding,
        tree: &Tree,
    ) -> Result<(), NodeError> {
        let manifest = &message.manifest;
        self.write_lots_of(tx, manifest).await?;
        let mut items = announced_items(manifest).map_err(|error| NodeError::Inconsistent {
            expected: "a manifest that was examined",
            found: error.to_string(),
        })?;
        let own = own_boxes(tx, &items).await?;
        items.retain(|item| !own.contains(&item.id));
        let terms = self.terms_of(tx, message, opened.cause).await?;
        for item in &mut items {
            item.owner = terms.owner;
        }
        tx.insert_holding(&KnownHolding {
            id: opened.id,
            root: opened.root,
            height: opened.height,
            leaves: tree.leaves().to_vec(),
            opened_by: None,
            shipment: Some(Shipment {
                event: None,
                from,
                to: self.gln(),
                is_return: terms.is_return,
            }),
        })
        .await?;
        tx.write_items(&items).await?;
        let units: Vec<&Item> = items.iter().filter(|item| item.lot.is_some()).collect();
        let places: Vec<_> = units.iter().map(|item| (item.id.clone(), item.place)).collect();
        tx.place_items(&places).await?;
        let salts: Vec<_> = units
            .iter()
            .zip(&manifest.units)
            .map(|(item, unit)| (item.id.clone(), unit.salt))
            .collect();
        tx.set_salts(&salts).await?;
        let ids: Vec<Identifier> = items.into_iter().map(|item| item.id).collect();
        self.keep_event(tx, from, message, opened.cause, &ids).await
    }

    async fn write_lots_of(&self, tx: &mut WriteTx, manifest: &Manifest) -> Result<(), NodeError> {
        let mut rows: Vec<(Lgtin, LotRow)> = Vec::new();
        for lot in &manifest.lots {
            let tag = lot_tag(&lot.lgtin(), lot.salt);
            let status = tx.ledger_lot(&tag).await?.map_or(LotStatus::Normal, |lot| lot.status);
            let record = LotRecord { expiry: lot.expiry, status };
            let row = LotRow { record, salt: Some(lot.salt), lot_tag: Some(tag) };
            rows.push((lot.lgtin(), row));
        }
        Ok(tx.write_lots(&rows).await?)
    }

    /// Keeps the sender's shipping event: the partner says so, and the ledger has its transaction.
    async fn keep_event(
        &self,
        tx: &mut WriteTx,
        from: Gln,
        message: &ShipmentMessage,
        cause: Hash,
        items: &[Identifier],
    ) -> Result<(), NodeError> {
        let Some(event) = message.event.as_ref().and_then(|json| event_from_json(json).ok()) else {
            return Ok(());
        };
        // Any other event would be a story about packs that the ledger does not tell, and could pass
        // off an event that this member has yet to capture as a duplicate.
        if identity_of(&event) != cause || event.biz_step() != Some(&BizStep::Shipping) {
            tracing::warn!(%from, "the event told with a shipment is not the one on the ledger");
            return Ok(());
        }
        self.keep_told_event(tx, from, event, items).await
    }

    /// Keeps an event that another member tells of packs; the ledger has its transaction.
    pub(super) async fn keep_told_event(
        &self,
        tx: &mut WriteTx,
        from: Gln,
        event: Event,
        items: &[Identifier],
    ) -> Result<(), NodeError> {
        let bytes = theriac_epcis::to_json(&event).to_string().into_bytes();
        let now = self.now().as_millisecond();
        let capture = tx
            .begin_capture(&theriac_store::NewCapture {
                received_at: now,
                source: CaptureSource::Exchange,
                content_type: Some("application/ld+json".to_owned()),
                sender: Some(from),
                error_behaviour: theriac_store::ErrorBehaviour::Proceed,
            })
            .await?;
        tx.append_chunk(capture, 0, &bytes).await?;
        let digest: [u8; 32] = <sha2::Sha256 as sha2::Digest>::digest(&bytes).into();
        tx.seal_capture(capture, Hash(digest), bytes.len() as u64).await?;
        let Sound { event, identity, .. } = Sound::new(event);
        let state = match self.inner().config.finality() {
            Finality::Immediate => EventState::Final,
            _ => EventState::Recorded,
        };
        let row = event_row(&event, identity, capture, self.now(), state);
        let new = tx.insert_event(&row, &all_items(&event, items)).await?.is_some();
        let counts = theriac_store::Counts {
            admitted: u64::from(new),
            duplicate: u64::from(!new),
            ..Default::default()
        };
        tx.advance_capture(capture, 1, &counts).await?;
        Ok(tx.finish_capture(capture, None, now).await?)
    }
}

/// The announced logistic units that stand in this node's stock: the ledger knows nothing of boxes,
/// so that a sender's word does not change them.
async fn own_boxes(tx: &mut WriteTx, announced: &[Item]) -> Result<HashSet<Identifier>, NodeError> {
    let boxes: Vec<Identifier> =
        announced.iter().filter(|item| item.lot.is_none()).map(|item| item.id.clone()).collect();
    let records = tx.load_items(&boxes).await?.into_iter().map(|record| record.item);
    let gone = |status| {
        matches!(
            status,
            ItemStatus::Expected
                | ItemStatus::HandedOver
                | ItemStatus::Refused
                | ItemStatus::Undone
        )
    };
    Ok(records
        .filter(|item| item.lot.is_none() && boxes.contains(&item.id) && !gone(item.status))
        .map(|item| item.id)
        .collect())
}

fn all_items(event: &Event, items: &[Identifier]) -> Vec<Identifier> {
    let mut all: Vec<Identifier> = event.epcs().map(|epc| epc.id.clone()).collect();
    all.extend(items.iter().cloned());
    all.sort_unstable();
    all.dedup();
    all
}

/// The units of a manifest, in its order, then the logistic units that they travel in.
fn announced_items(manifest: &Manifest) -> Result<Vec<Item>, ManifestError> {
    let parents: HashMap<&Identifier, &Identifier> =
        manifest.packing.iter().map(|packed| (&packed.item, &packed.parent)).collect();
    let mut items = Vec::with_capacity(manifest.units.len());
    for unit in &manifest.units {
        let (sgtin, lot) = manifest.identify(unit)?;
        let id = Identifier::Sgtin(sgtin);
        items.push(Item {
            parent: parents.get(&id).map(|parent| (*parent).clone()),
            id,
            lot: Some(lot.lot.clone()),
            status: ItemStatus::Expected,
            place: Some(Place { holding: manifest.holding, position: unit.position }),
            owner: None,
        });
    }
    let mut boxes: Vec<&Identifier> =
        manifest.packing.iter().map(|packed| &packed.parent).collect();
    boxes.sort_unstable();
    boxes.dedup();
    let units: HashSet<Identifier> = items.iter().map(|item| item.id.clone()).collect();
    boxes.retain(|id| !units.contains(*id));
    items.extend(boxes.into_iter().map(|id| Item {
        id: id.clone(),
        lot: None,
        status: ItemStatus::Expected,
        parent: parents.get(id).map(|parent| (*parent).clone()),
        place: None,
        owner: None,
    }));
    Ok(items)
}

fn read_shipment(body: &[u8]) -> Result<ShipmentMessage, ExchangeError> {
    serde_json::from_slice(body).map_err(|error| ExchangeError::NotAMessage(error.to_string()))
}

fn mismatch(from: Gln, reason: &str) -> Breach {
    Breach::new(
        BreachCode::ManifestMismatch,
        format!("the data that {from} sent about a shipment does not hold: {reason}"),
        "do not take the goods into stock; ask the sender for the right data",
    )
    .by(Actor::Sender)
}
