//! Checking what a member tells: its signature, that it answers what was asked, its leaf against the
//! ledger, its events against their causes.

use theriac_custody::identity::identity_of;
use theriac_custody::journey::{Contradiction, Fact};
use theriac_custody::leaf::{lot_tag, unit_hash};
use theriac_custody::proof::NodeProof;
use theriac_custody::{Hash, LeafProof, Place, seed};
use theriac_epcis::{Event, event_from_json};
use theriac_gs1::{Gln, Identifier, Lgtin, Sgtin};
use theriac_store::ReadTx;

use super::statement::{SignedStatement, StatementFault, Told, ToldEvent, ToldLeaf};
use crate::error::NodeError;
use crate::locate::Followed;
use crate::node::Node;

/// Siblings on the way from an event to its cause at most.
const PATH_MAX: usize = 64;

/// A statement that counts: signed by the member, to this one, about the item.
#[derive(Debug, Clone)]
pub(crate) struct Heard {
    /// The member.
    pub(crate) by: Gln,
    /// What it tells.
    pub(crate) told: Told,
    /// The events that can be read, and that name the item or a box around it.
    pub(crate) events: Vec<HeardEvent>,
}

/// An event that a member tells.
#[derive(Debug, Clone)]
pub(crate) struct HeardEvent {
    pub(crate) event: Event,
    pub(crate) hash: Hash,
    /// The cause that the way from its hash leads to.
    pub(crate) cause: Hash,
    pub(crate) waits: bool,
}

impl HeardEvent {
    fn of(told: &ToldEvent) -> Option<Self> {
        let event = event_from_json(&told.event).ok()?;
        if told.path.len() > PATH_MAX {
            return None;
        }
        let hash = identity_of(&event);
        let way = NodeProof {
            holding: Hash::ZERO,
            seed: Hash::ZERO,
            height: 0,
            index: told.position,
            hash,
            path: told.path.clone(),
        };
        Some(Self { event, hash, cause: way.root(), waits: told.waits })
    }

    /// The fact that the event caused, of those of the item.
    pub(crate) fn caused(&self, facts: &[Fact]) -> Option<usize> {
        facts.iter().position(|fact| fact.cause == self.cause)
    }
}

impl Heard {
    /// What a statement that was checked when it came says about `id`.
    ///
    /// # Errors
    ///
    /// [`StatementFault::Content`].
    pub(crate) fn of(by: Gln, told: Told, id: &Identifier) -> Result<Self, StatementFault> {
        if told.item != id.digital_link() {
            let found = told.item.chars().take(200).collect();
            return Err(StatementFault::Content { expected: "the item asked about", found });
        }
        let events = told.events.iter().filter_map(HeardEvent::of).collect();
        Ok(Self { by, told, events })
    }
}

impl Node {
    /// What a member's answer says about `id`, if it counts.
    pub(crate) async fn hear(
        &self,
        signed: &SignedStatement,
        by: Gln,
        id: &Identifier,
    ) -> Result<Result<Heard, StatementFault>, NodeError> {
        if signed.by != by {
            return Ok(Err(StatementFault::Signature { by }));
        }
        let told: Told = match self.read_statement(signed).await? {
            Ok(told) => told,
            Err(fault) => return Ok(Err(fault)),
        };
        if told.to != self.gln() {
            let found = format!("one to {}", told.to);
            return Ok(Err(StatementFault::Content { expected: "a statement to us", found }));
        }
        Ok(Heard::of(by, told, id))
    }

    /// The place of a leaf that was told, if the ledger has it there.
    pub(super) async fn opened(
        &self,
        tx: &mut ReadTx,
        unit: &Sgtin,
        leaf: &ToldLeaf,
    ) -> Result<Result<Place, Contradiction>, NodeError> {
        let wrong = Ok(Err(Contradiction::NotAtLeaf));
        let Some(holding) = tx.ledger_holding(&leaf.holding).await? else { return wrong };
        let lgtin = Lgtin { gtin: unit.gtin, lot: leaf.lot.clone() };
        let tag = lot_tag(&lgtin, leaf.lot_salt);
        let proof = LeafProof {
            holding: leaf.holding,
            seed: seed(holding.opener, holding.cause),
            index: leaf.position,
            lot_tag: tag,
            unit_hash: unit_hash(unit, leaf.unit_salt),
            path: leaf.path.clone(),
        };
        if !proof.opens(holding.root, holding.height) {
            return wrong;
        }
        let place = Place { holding: leaf.holding, position: leaf.position };
        let origin = self.origin_of(tx, &mut Followed::default(), place).await?;
        Ok(match origin {
            Some((made_as, ..)) if made_as == tag => Ok(place),
            _ => Err(Contradiction::NotAtLeaf),
        })
    }
}
