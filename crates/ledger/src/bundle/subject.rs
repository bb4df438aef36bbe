//! What a bundle is about: the leaf that a pack's secrets make, and the causes that events make.

use serde_json::Value;
use theriac_custody::leaf::{leaf, lot_tag, unit_hash};
use theriac_custody::tree::{HEIGHT_MAX, node};
use theriac_custody::{Hash, holding_id};
use theriac_epcis::{Event, event_from_json, prehash, to_json};
use theriac_gs1::{Identifier, Lgtin, Sgtin};

use theriac_custody::identity::identity_of;

use super::{BundleError, EventProof, UnitSecrets};
use crate::event::LedgerEvent;

/// The domain of canonical GS1 Digital Links.
const CANONICAL: &str = "https://id.gs1.org/";

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
        if bare(event.clone()) != proof.event || !is_literal(&proof.event, &prehash(&event)) {
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

/// The event as a bundle carries it, so that its hash covers every letter: without `eventID` and
/// `recordTime`, Digital Links on `https://id.gs1.org`. `None` for an event with a link that cannot be
/// written so: its hash is the same with that link on any domain.
pub fn event_as_proven(event: &Event) -> Option<Value> {
    let plain = bare(event.clone());
    if is_literal(&plain, &prehash(event)) {
        return Some(plain);
    }
    let mut moved = plain;
    to_canonical_domain(&mut moved);
    let event_again = event_from_json(&moved).ok()?;
    let same =
        identity_of(&event_again) == identity_of(event) && bare(event_again.clone()) == moved;
    (same && is_literal(&moved, &prehash(&event_again))).then_some(moved)
}

/// The event as JSON, without what its hash does not cover.
fn bare(mut event: Event) -> Value {
    let common = event.common_mut();
    common.event_id = None;
    common.record_time = None;
    to_json(&event)
}

/// Whether every web URI of the event is an identifier in its one form, or stands in the text that is
/// hashed: the algorithm of the CBV takes a Digital Link on any domain for the same.
fn is_literal(value: &Value, hashed: &str) -> bool {
    match value {
        Value::String(text) if is_web(text) => is_canonical(text) || hashed.contains(text),
        Value::Array(list) => list.iter().all(|value| is_literal(value, hashed)),
        Value::Object(fields) => fields.values().all(|value| is_literal(value, hashed)),
        _ => true,
    }
}

fn is_web(text: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://")
}

fn is_canonical(text: &str) -> bool {
    text.starts_with(CANONICAL)
        && Identifier::from_uri(text).is_ok_and(|epc| epc.id.digital_link() == text)
}

fn to_canonical_domain(value: &mut Value) {
    match value {
        Value::String(text) if is_web(text) && !is_canonical(text) => {
            let path = text.splitn(4, '/').nth(3).unwrap_or_default();
            let path = path.split(['?', '#']).next().unwrap_or_default();
            let moved = format!("{CANONICAL}{path}");
            if let Ok(epc) = Identifier::from_uri(&moved) {
                *text = epc.id.digital_link();
            }
        }
        Value::Array(list) => list.iter_mut().for_each(to_canonical_domain),
        Value::Object(fields) => fields.values_mut().for_each(to_canonical_domain),
        _ => {}
    }
}

fn climb(from: Hash, position: u64, path: &[Hash]) -> Hash {
    path.iter().enumerate().fold(from, |below, (height, sibling)| {
        if position >> height & 1 == 1 { node(*sibling, below) } else { node(below, *sibling) }
    })
}
