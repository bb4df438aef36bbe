//! What the stages tell people and machines: plain records with the field names of the JSON API.

mod journey;
mod reconcile;

pub use journey::{HopAnswer, Journey, JourneyHop, JourneyStep, MadeLink};
pub use reconcile::{Difference, DifferenceKind, ReconcileReport};

use serde::{Deserialize, Serialize};
use theriac_custody::profile::Alert;
use theriac_custody::{Account, Actor, AlertCause, Condition, Hash, Jurisdiction, Verdict};
use theriac_gs1::Gln;

use crate::verification::Unanswered;

/// What became of each event of a captured document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaptureReport {
    /// Number of the capture at this node.
    pub capture: i64,
    /// Why the document could not be read to its end; what was read before counts.
    pub document_error: Option<String>,
    /// Events found, the sum of the four counts below; of a document that was rolled back only the
    /// refused ones are listed.
    pub events: u64,
    /// Events that obey the rules.
    pub admitted: u64,
    /// Events held in a case.
    pub held: u64,
    /// Events that cannot be read, or break the standard.
    pub refused: u64,
    /// Events captured before.
    pub duplicate: u64,
    /// Elements of master data stored.
    #[serde(default)]
    pub master_data: u64,
    /// One entry per event, in document order.
    pub outcomes: Vec<EventOutcome>,
}

/// What became of one event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventOutcome {
    /// Position in the document, from 0.
    pub ordinal: u64,
    /// Where in the document: line, column and path.
    pub place: String,
    /// Kind of the event, where it could be read.
    pub kind: Option<String>,
    /// Business step.
    pub biz_step: Option<String>,
    /// `admitted`, `recorded`, `final`, `held`, `refused` or `duplicate`.
    pub state: String,
    /// Event hash.
    pub hash: Option<String>,
    /// Why it is held or refused.
    pub reason: Option<String>,
    /// What to do about it.
    pub what_to_do: Option<String>,
    /// The rule it breaks.
    pub code: Option<String>,
    /// The jurisdiction's alert that this is, where it has a code for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alert: Option<Alert>,
    /// Number of the case that holds it.
    pub case: Option<i64>,
    /// The ledger transaction that records it.
    pub transaction: Option<String>,
}

/// The answer of verify, with all that it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerifyReport {
    /// The verdict, its reason, who must act and what to do.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// The code as it was given.
    pub code: String,
    /// How the code was mangled and has been repaired, each in a sentence; empty for most.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub repairs: Vec<String>,
    /// What it identifies, as GS1 Digital Link.
    pub identifier: String,
    /// Lot on record.
    pub lot: Option<String>,
    /// Expiry date on record.
    pub expiry: Option<String>,
    /// The labeler in the registry.
    pub labeler: Option<Party>,
    /// What the verdict rests on.
    pub evidence: Evidence,
    /// The condition of the pack, whoever holds it; absent for one that is not on record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<Condition>,
    /// What does not match, if anything does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<AlertCause>,
    /// State and alert in the words of the node's jurisdiction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jurisdiction: Option<Jurisdiction>,
    /// The alarm about this pack, if there is one: a copy of it was seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alarm: Option<String>,
    /// Where nobody answered: who was asked, until when the answer is due, what was said before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unanswered: Option<Unanswered>,
}

/// What a verdict rests on.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Evidence {
    /// `this_node`, `labeler` (its node), `responder` (by GS1 Lightweight Messaging), `cache` (what one
    /// of them said before, by the ledger as it is now), or `nobody`.
    pub answered_by: String,
    /// When the answer in the cache was given, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<String>,
    /// Tag of the lot on the ledger.
    pub lot_tag: Option<Hash>,
    /// The holding that the unit is in.
    pub holding: Option<Hash>,
    /// Its leaf position there.
    pub position: Option<u64>,
    /// State of the holding.
    pub holding_state: Option<String>,
    /// Block of the transaction.
    pub block: Option<u64>,
    /// The transaction that brought the unit into this state.
    pub transaction: Option<Hash>,
}

/// A member of the registry.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Party {
    /// Its GLN.
    pub gln: Gln,
    /// Its name.
    pub name: String,
}

/// Where a recalled or lifted lot stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecallReport {
    /// GTIN of the lot.
    pub gtin: String,
    /// Lot number.
    pub lot: String,
    /// Status on the ledger: `normal`, `recalled_i` …
    pub status: String,
    /// The transaction that set it.
    pub transaction: Option<Hash>,
    /// Packs of the lot on record at this node, by status.
    pub packs: Vec<(String, u64)>,
}

/// A node's state of health.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// `ok`, or what is wrong.
    pub status: String,
    /// Version of the program.
    pub version: String,
    /// Name of the organisation.
    pub name: String,
    /// Its GLN.
    pub gln: Gln,
    /// Its account on the ledger.
    pub account: Account,
    /// Its roles now.
    pub roles: Vec<String>,
    /// The ledger.
    pub ledger: LedgerHealth,
    /// Events by state.
    pub events: Vec<(String, u64)>,
    /// Units by status.
    pub units: Vec<(String, u64)>,
    /// Operations waiting for the ledger.
    pub operations_waiting: u64,
    /// Messages waiting for a partner.
    pub deliveries_waiting: u64,
    /// Open cases.
    pub cases_open: u64,
}

/// The ledger as a node sees it; what another node needs to join it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerHealth {
    /// EIP-155 chain id.
    pub chain_id: u64,
    /// The registry contract.
    pub registry: Account,
    /// The custody contract.
    pub custody: Account,
    /// The contract of documents.
    #[serde(default)]
    pub documents: Account,
    /// The contract that makes the governors' gravest decisions wait.
    #[serde(default)]
    pub timelock: Account,
    /// URL of its JSON-RPC service, where the node knows one that others can reach.
    pub rpc_url: Option<String>,
    /// Latest block of the ledger.
    pub head: u64,
    /// Latest block that this node has followed.
    pub followed: u64,
}

/// Who must act, as text for people.
pub fn actor_text(actor: Actor) -> &'static str {
    match actor {
        Actor::ThisMember => "you",
        Actor::Sender => "the sender",
        Actor::Partner => "the other party of the case",
        Actor::Labeler => "the labeler",
        Actor::Governor => "the governors of the registry",
        Actor::Regulator => "the regulator",
    }
}
