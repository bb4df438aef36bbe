//! An order: which packs it comes to, and the EPCIS event that says so.

use std::collections::BTreeSet;

use jiff::Timestamp;
use theriac_custody::admit::NAMESPACE;
use theriac_custody::recall::{Expiring, LotsOf, NoticeScope, ShippedTo};
use theriac_custody::{Hash, RecallClass, RecallDepth, RecallScope, Role};
use theriac_epcis::{
    Action, BizStep, Common, Disposition, DocumentHeader, Event, Extension, ExtensionValue,
    ObjectEvent, Offset, PersistentDisposition, QuantityElement, write_document,
};
use theriac_gs1::{Epc, Gtin, Identifier, Lgtin, Sgtin};
use theriac_store::{NewRecall, ReadTx, RecallPart, RecallState};

use super::RecallError;
use super::spread::{Starts, as_places};
use crate::admit::Sound;
use crate::error::NodeError;
use crate::node::Node;

/// An order to recall packs.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecallStart {
    /// Which packs.
    pub scope: RecallScope,
    /// How grave it is.
    pub class: RecallClass,
    /// How far it goes.
    #[serde(default)]
    pub depth: RecallDepth,
    /// Why, in a sentence.
    pub reason: String,
    /// The text for the people at the holders.
    #[serde(default)]
    pub notice: String,
}

impl Node {
    /// Works out what an order means, and its event.
    pub(super) async fn ordered_recall(
        &self,
        start: &RecallStart,
    ) -> Result<NewRecall, RecallError> {
        start.scope.check()?;
        check_text("reason", &start.reason, 1)?;
        check_text("notice", &start.notice, 0)?;
        let mut tx = self.inner().store.read().await.map_err(NodeError::from)?;
        let gtin = start.scope.gtin().ok_or(RecallError::Nothing)?;
        self.may_recall(&mut tx, gtin).await?;
        let told = self.resolve_scope(&mut tx, &start.scope).await?;
        let event = order_event(start, &told, self.now());
        Ok(NewRecall {
            hash: Sound::new(event.clone()).identity,
            issuer: self.gln(),
            part: RecallPart::Issuer,
            state: RecallState::Ordered,
            class: start.class,
            depth: start.depth,
            scope: Some(start.scope.clone()),
            told: Some(told),
            reason: start.reason.clone(),
            notice: start.notice.clone(),
            ordered_at: self.now().as_millisecond(),
            document: Some(document(&event, self.now())?),
        })
    }

    /// A labeler recalls its own products, a regulator any.
    pub(super) async fn may_recall(&self, tx: &mut ReadTx, gtin: Gtin) -> Result<(), RecallError> {
        let labeler = tx.labeler_of(&[gtin]).await.map_err(NodeError::from)?.remove(&gtin);
        let today = crate::clock::days_of(self.today());
        let me = tx.stored_member(&self.gln()).await.map_err(NodeError::from)?;
        let roles = me.map(|me| me.roles_on(today)).unwrap_or_default();
        match labeler {
            Some(labeler) if labeler == self.gln() => Ok(()),
            Some(_) if roles.has(Role::Regulator) => Ok(()),
            Some(labeler) => Err(RecallError::NotYours { gtin, labeler }),
            None => Err(RecallError::NoProduct(gtin)),
        }
    }

    /// What holders are told: whole lots, or places on the ledger.
    async fn resolve_scope(
        &self,
        tx: &mut ReadTx,
        scope: &RecallScope,
    ) -> Result<NoticeScope, RecallError> {
        match scope {
            RecallScope::Lots(of) => {
                let known = tx.load_lots(&scope.lots()).await.map_err(NodeError::from)?;
                match scope.lots().into_iter().find(|lot| !known.contains_key(lot)) {
                    Some(lot) => Err(RecallError::Unknown { gtin: lot.gtin, lot: lot.lot }),
                    None => Ok(NoticeScope::Lots(of.clone())),
                }
            }
            RecallScope::Expiring(window) => self.expiring_scope(tx, window).await,
            RecallScope::Packs(packs) => self.places_of_packs(tx, packs).await,
            RecallScope::Shipped(shipped) => self.shipped_scope(tx, shipped).await,
        }
    }

    async fn expiring_scope(
        &self,
        tx: &mut ReadTx,
        window: &Expiring,
    ) -> Result<NoticeScope, RecallError> {
        let within = |date| window.from <= date && date <= window.to;
        let lots = tx.lots().await.map_err(NodeError::from)?.into_iter();
        let lots: Vec<_> = lots
            .filter(|(lot, row)| lot.gtin == window.gtin && within(row.record.expiry))
            .map(|(lot, _)| lot.lot)
            .collect();
        match lots.is_empty() {
            true => Err(RecallError::Nothing),
            false => Ok(NoticeScope::Lots(LotsOf { gtin: window.gtin, lots })),
        }
    }

    async fn places_of_packs(
        &self,
        tx: &mut ReadTx,
        packs: &[Sgtin],
    ) -> Result<NoticeScope, RecallError> {
        let ids: Vec<Identifier> = packs.iter().cloned().map(Identifier::Sgtin).collect();
        let wanted: BTreeSet<&Identifier> = ids.iter().collect();
        let records = tx.load_items(&ids).await.map_err(NodeError::from)?;
        let mut places = Starts::new();
        let mut found = BTreeSet::new();
        for item in records.into_iter().map(|record| record.item) {
            let (true, Some(place)) = (wanted.contains(&item.id), item.place) else { continue };
            let span = theriac_custody::Span::new(place.position, place.position);
            places.entry(place.holding).or_default().extend(span);
            found.insert(item.id);
        }
        match wanted.into_iter().find(|id| !found.contains(id)) {
            Some(missing) => Err(RecallError::UnknownPack(missing.clone())),
            None => Ok(NoticeScope::Places(as_places(places))),
        }
    }

    async fn shipped_scope(
        &self,
        tx: &mut ReadTx,
        shipped: &ShippedTo,
    ) -> Result<NoticeScope, RecallError> {
        let wanted = |lot: &Lgtin| {
            lot.gtin == shipped.gtin && shipped.lot.as_ref().is_none_or(|number| *number == lot.lot)
        };
        let lots = tx.lots().await.map_err(NodeError::from)?.into_iter();
        let lots: Vec<Lgtin> = lots.map(|(lot, _)| lot).filter(wanted).collect();
        let (starts, _) = self.starts_of_lots(tx, &lots).await?;
        let places = self.arrivals(tx, self.gln(), starts, &shipped.to).await?;
        match places.is_empty() {
            true => Err(RecallError::Nothing),
            false => Ok(NoticeScope::Places(places)),
        }
    }
}

/// Whether the ledger itself has the packs recalled: whole lots, unless the recall ends before
/// pharmacies, which the ledger would stop too.
pub(super) fn is_on_ledger(told: &NoticeScope, depth: RecallDepth) -> bool {
    matches!(told, NoticeScope::Lots(_)) && depth != RecallDepth::Wholesale
}

/// The EPCIS event that orders a recall. One of whole lots makes the ledger stop them; any other
/// names its packs or lots, and is anchored.
fn order_event(start: &RecallStart, told: &NoticeScope, now: Timestamp) -> Event {
    let mut common = Common::at(now, Offset::UTC);
    common.biz_step = Some(BizStep::Holding);
    let on_ledger = is_on_ledger(told, start.depth);
    if on_ledger {
        let mut persistent = PersistentDisposition::default();
        persistent.set.push(Disposition::Recalled);
        common.persistent_disposition = Some(persistent);
    }
    common.extensions.push(field("recallClass", start.class.to_string()));
    common.extensions.push(field("recallDepth", start.depth.word().to_owned()));
    common.extensions.push(field("recallReason", start.reason.clone()));
    if !on_ledger {
        let scope = serde_json::to_string(&start.scope).unwrap_or_default();
        common.extensions.push(field("recallScope", scope));
    }
    observed(common, told, &start.scope)
}

/// The EPCIS event that lifts a recall.
pub(super) fn lift_event(
    told: &NoticeScope,
    recall: Option<&NewRecall>,
    reason: &str,
    now: Timestamp,
) -> Event {
    let mut common = Common::at(now, Offset::UTC);
    common.biz_step = Some(BizStep::Holding);
    if is_on_ledger(told, recall.map_or(RecallDepth::default(), |recall| recall.depth)) {
        let mut persistent = PersistentDisposition::default();
        persistent.unset.push(Disposition::Recalled);
        common.persistent_disposition = Some(persistent);
    }
    common.extensions.push(field("recallReason", reason.to_owned()));
    let lifted = recall.map(|recall| field("recallLifted", recall.hash.to_string()));
    common.extensions.extend(lifted);
    let none = RecallScope::Packs(Vec::new());
    observed(common, told, recall.and_then(|recall| recall.scope.as_ref()).unwrap_or(&none))
}

/// An observation of whole lots, of single packs, or of a product.
fn observed(common: Common, told: &NoticeScope, scope: &RecallScope) -> Event {
    let class =
        |id: Identifier| QuantityElement { epc_class: Epc::from(id), quantity: None, uom: None };
    let lot = |gtin, lot| class(Identifier::Lgtin(Lgtin { gtin, lot }));
    let mut event = ObjectEvent {
        common,
        action: Action::Observe,
        epc_list: Vec::new(),
        quantity_list: Vec::new(),
        ilmd: Vec::new(),
    };
    match (told, scope) {
        (NoticeScope::Lots(of), _) => {
            event.quantity_list =
                of.lots.iter().map(|number| lot(of.gtin, number.clone())).collect();
        }
        (_, RecallScope::Packs(packs)) if !packs.is_empty() => {
            let epcs = packs.iter().cloned().map(Identifier::Sgtin);
            event.epc_list = epcs.map(Epc::from).collect();
        }
        (_, scope) => {
            event.quantity_list =
                scope.gtin().map(Identifier::Gtin).map(class).into_iter().collect();
        }
    }
    Event::Object(event)
}

/// A field that Theriac adds to an event.
pub(super) fn field(name: &str, text: String) -> Extension {
    Extension {
        namespace: NAMESPACE.to_owned(),
        name: name.to_owned(),
        value: ExtensionValue::Text(text),
        attributes: Vec::new(),
    }
}

/// An EPCIS document of one event.
pub(super) fn document(event: &Event, now: Timestamp) -> Result<String, NodeError> {
    let unwritable =
        |found: String| NodeError::Inconsistent { expected: "a writable event", found };
    let mut document = Vec::new();
    let header = DocumentHeader::new(now);
    write_document(std::iter::once(event), &header, &mut document)
        .map_err(|error| unwritable(error.to_string()))?;
    String::from_utf8(document).map_err(|error| unwritable(error.to_string()))
}

/// The hash by which an event is on record.
pub(super) fn hash_of(event: &Event) -> Hash {
    Sound::new(event.clone()).identity
}

fn check_text(what: &'static str, text: &str, least: usize) -> Result<(), RecallError> {
    let most = theriac_custody::RecallNotice::TEXT_MAX;
    match (least..=most).contains(&text.trim().len()) {
        true => Ok(()),
        false => Err(RecallError::Text { what, least, most, found: text.len() }),
    }
}
