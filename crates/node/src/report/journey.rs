//! A pack's journey as it is told to people and machines.

use serde::{Deserialize, Serialize};
use theriac_custody::Hash;
use theriac_gs1::Gln;

use super::Party;

/// A pack's journey: what happened, oldest step first, and through whose hands it went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Journey {
    /// The code as it was given.
    pub code: String,
    /// What it identifies, as GS1 Digital Link.
    pub identifier: String,
    /// The steps.
    pub steps: Vec<JourneyStep>,
    /// The hands that it went through, the first ones first.
    #[serde(default)]
    pub hops: Vec<JourneyHop>,
    /// The packs that it was made from, as GS1 Digital Links.
    #[serde(default)]
    pub made_from: Vec<MadeLink>,
    /// The packs that were made from it.
    #[serde(default)]
    pub made_into: Vec<MadeLink>,
    /// Whether every party has told its hop, and nothing that was told contradicts the ledger.
    #[serde(default)]
    pub complete: bool,
}

/// One step of a journey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JourneyStep {
    /// When, RFC 3339: event time, or block time where no event is known here.
    pub at: String,
    /// What happened, in words.
    pub what: String,
    /// Who did it.
    pub party: Option<Party>,
    /// Where, as GS1 Digital Link of the read point or location.
    pub place: Option<String>,
    /// Business step of the event.
    pub biz_step: Option<String>,
    /// Disposition of the event.
    pub disposition: Option<String>,
    /// Hash of the event.
    pub event: Option<String>,
    /// Whether the event was declared erroneous.
    #[serde(default)]
    pub declared_erroneous: bool,
    /// The `eventID`s that the declaration names as corrections.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrected_by: Vec<String>,
    /// Block.
    pub block: Option<u64>,
    /// Transaction.
    pub transaction: Option<Hash>,
    /// `ledger` if the ledger has a transaction for this step, else `event`: a party says so.
    pub proven_by: String,
    /// The member whose signed answer tells the event; `null` for one on record here, and for a step
    /// that only the ledger tells.
    #[serde(default)]
    pub told_by: Option<Party>,
    /// What the ledger shows otherwise than the event tells.
    #[serde(default)]
    pub contradiction: Option<String>,
}

/// The time that a pack was with one member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JourneyHop {
    /// The member; `null` if its account acts for none that is known here.
    pub party: Option<Party>,
    /// `commissioned`, `received`, `expected` (on its way there), `back` (refused by the consignee),
    /// or `named` (by another party; the ledger does not show it).
    pub begins: String,
    /// Since when it was there, RFC 3339.
    pub since: Option<String>,
    /// Who sent it.
    pub from: Option<Party>,
    /// `open`, `sent`, `refused`, or the reason for which the pack's life ended.
    pub ends: String,
    /// When that was, RFC 3339.
    pub until: Option<String>,
    /// To whom it was sent.
    pub to: Option<Party>,
    /// `ledger` if the ledger shows the hop, else `party`: somebody says so.
    pub proven_by: String,
    /// What the member says to it.
    pub answer: HopAnswer,
    /// What it says and the ledger shows otherwise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contradictions: Vec<String>,
}

/// What a member says to its hop.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct HopAnswer {
    /// `here` (this node), `told`, `earlier` (told before, silent now), `refused`, `pending` (a
    /// person there must approve), `silent`, or `not_asked`.
    pub state: String,
    /// When it was told, RFC 3339.
    pub at: Option<String>,
    /// How much it agrees to tell: `nothing` (but what the asker was a party of), `names`, `all`.
    pub sight: Option<String>,
    /// Events told.
    pub events: u64,
    /// Why there is no answer, in words.
    pub reason: Option<String>,
    /// Since when it has not answered, RFC 3339.
    pub silent_since: Option<String>,
    /// When it is asked again, RFC 3339.
    pub asked_again_at: Option<String>,
    /// Of a lot: the packs that it has or has had, by the word of their status as it knows it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub packs: Vec<(String, u64)>,
    /// The members that it says it came from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<Gln>,
    /// The members that it says it went to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub next: Vec<Gln>,
}

/// Another pack that this one was made from, or into.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MadeLink {
    /// The other pack, as GS1 Digital Link.
    pub identifier: String,
    /// Hash of the event that tells it.
    pub event: String,
    /// The member that says so.
    pub told_by: Party,
    /// Whether the ledger has the event as the cause of the pack's beginning or end.
    pub proven: bool,
}
