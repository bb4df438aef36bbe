//! What a bundle is about: the leaf that a pack's secrets make, and the causes that events make.

use theriac_custody::leaf::{leaf, lot_tag, unit_hash};
use theriac_custody::tree::{HEIGHT_MAX, node};
use theriac_custody::{Hash, holding_id};
use theriac_epcis::{Event, event_from_json, to_json};
use theriac_gs1::{Identifier, Lgtin, Sgtin};

pub use theriac_custody::identity::identity_of;

use super::{BundleError, EventProof, UnitSecrets};
use crate::event::LedgerEvent;

/// A pack whose secrets are known.
#[derive(Debug, Clone)]
pub(super) struct OpenedUnit {
    pub(super) id: Sgtin,
    /// The GTIN as the registry has it.
    pub(super) gtin: u64,
    pub(super) lot_tag: Hash,
    pub(super) leaf: Hash,
    /// The root that its path leads to.
    pub(super) root: Hash,
    pub(super) height: u8,
    pub(super) position: u64,
    /// Last day on which it may be used, in days since 1970-01-01.
    pub(super) expiry: u32,
}

impl OpenedUnit {
    /// Hashes the secrets up to a root.
    ///
    /// # Errors
    ///
    /// [`BundleError::Path`] if the position is not one of a tree of that height.
    pub(super) fn of(unit: &UnitSecrets) -> Result<Self, BundleError> {
        let found = (unit.path.len(), unit.position);
        let height = u8::try_from(unit.path.len()).ok().filter(|height| *height <= HEIGHT_MAX);
        let height = height
            .filter(|height| unit.position < 1 << height)
            .ok_or(BundleError::Path { siblings: found.0, position: found.1 })?;
        let lgtin = Lgtin { gtin: unit.gtin, lot: unit.lot.clone() };
        let id = Sgtin { gtin: unit.gtin, serial: unit.serial.clone() };
        let lot_tag = lot_tag(&lgtin, unit.lot_salt);
        let leaf = leaf(lot_tag, unit_hash(&id, unit.unit_salt));
        let root = climb(leaf, unit.position, &unit.path);
        let day = unit.expiry.to_string();
        let days = unit.expiry.since(jiff::civil::date(1970, 1, 1)).map(|span| span.get_days());
        let expiry = days.ok().and_then(|days| u32::try_from(days).ok());
        Ok(Self {
            gtin: unit.gtin.to_string().parse().unwrap_or_default(),
            id,
            lot_tag,
            leaf,
            root,
            height,
            position: unit.position,
            expiry: expiry.ok_or(BundleError::ExpiryOutOfRange { found: day })?,
        })
    }

    /// Whether the log opened the holding that the path leads to.
    pub(super) fn stands_in(&self, opened: &LedgerEvent) -> bool {
        matches!(opened, LedgerEvent::HoldingOpened { id, holder, root, height, cause, .. }
            if *root == self.root && *height == self.height
                && *id == holding_id(*holder, *cause, *root))
    }
}

/// An event whose hash is known.
#[derive(Debug, Clone)]
pub(super) struct OpenedEvent {
    pub(super) event: Event,
    pub(super) hash: Hash,
    /// The cause or anchor that its path leads to.
    pub(super) cause: Hash,
    pub(super) position: u64,
    pub(super) siblings: usize,
}

impl OpenedEvent {
    /// Reads and hashes event `number` of a bundle.
    ///
    /// # Errors
    ///
    /// [`BundleError::EventUnreadable`], [`BundleError::EventNotAsWritten`], [`BundleError::Path`].
    pub(super) fn of(number: usize, proof: &EventProof) -> Result<Self, BundleError> {
        let unreadable = |found| BundleError::EventUnreadable { number, found };
        let event = event_from_json(&proof.event).map_err(|error| unreadable(error.to_string()))?;
        if bare(event.clone()) != proof.event {
            return Err(BundleError::EventNotAsWritten { number });
        }
        let (siblings, position) = (proof.path.len(), proof.position);
        if siblings > usize::from(HEIGHT_MAX) || position >= 1 << siblings {
            return Err(BundleError::Path { siblings, position });
        }
        let hash = identity_of(&event);
        let cause = climb(hash, position, &proof.path);
        Ok(Self { event, hash, cause, position, siblings })
    }

    /// Whether the event names the pack itself, not a box that it is in.
    pub(super) fn names(&self, unit: &Sgtin) -> bool {
        let id = Identifier::Sgtin(unit.clone());
        self.event.epcs().any(|epc| epc.id == id)
    }
}

/// The event as JSON, without what its hash does not cover.
pub(super) fn bare(mut event: Event) -> serde_json::Value {
    let common = event.common_mut();
    common.event_id = None;
    common.record_time = None;
    to_json(&event)
}

fn climb(from: Hash, position: u64, path: &[Hash]) -> Hash {
    path.iter().enumerate().fold(from, |below, (height, sibling)| {
        if position >> height & 1 == 1 { node(*sibling, below) } else { node(below, *sibling) }
    })
}
