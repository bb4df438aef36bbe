//! What a bundle proves, in words and in JSON.

use serde::{Deserialize, Serialize};
use theriac_custody::{Account, Hash, HoldingState, LotStatus, Reason};

use super::Network;
use super::block::CheckedHeader;

/// What a bundle proves, if its last block is one of the chain, and the contracts are those meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The ledger that it is about: its addresses are part of what must be trusted.
    pub network: Network,
    /// The pack, and who made it.
    pub unit: Option<ProvenUnit>,
    /// What happened, in the order of the chain. There may be more that the bundle does not show.
    pub steps: Vec<ProvenStep>,
    /// How the pack stood after the last step.
    pub standing: Option<Standing>,
    /// The block up to which it is proven.
    pub until: Until,
    /// How the blocks are linked.
    pub headers: Headers,
    /// Why the blocks are believed to be those of the chain.
    pub trusted_by: TrustedBy,
}

/// A pack that its labeler made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProvenUnit {
    /// GTIN and serial number as GS1 Digital Link.
    pub identifier: String,
    /// GTIN.
    pub gtin: String,
    /// Serial number.
    pub serial: String,
    /// Lot number.
    pub lot: String,
    /// Last day on which it may be used.
    pub expiry: String,
    /// The labeler, at the time when the lot was opened.
    pub labeler: Party,
    /// The lot on the ledger.
    pub lot_tag: Hash,
    /// The pack's leaf.
    pub leaf: Hash,
}

/// A member, as the registry's logs prove it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// GLN.
    pub gln: String,
    /// The name that it was registered under.
    pub name: String,
    /// The account that acted for it.
    pub account: Account,
}

/// What kind of step it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The pack was made.
    Commissioned,
    /// It left for another member.
    Shipped,
    /// It was received.
    Received,
    /// Its shipment was taken back.
    Cancelled,
    /// The consignee refused it.
    Refused,
    /// It was set apart.
    SetApart,
    /// It came back to stock.
    Released,
    /// Its life ended.
    Retired,
    /// The end of its life was undone.
    Restored,
    /// Its lot was recalled, blocked or made normal again.
    LotStatus,
    /// Events about it were anchored.
    Anchored,
}

/// A step that the ledger recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProvenStep {
    /// The kind.
    pub kind: Kind,
    /// What happened, in words.
    pub what: String,
    /// Who did it.
    pub by: Party,
    /// To whom, if it left for another member.
    pub to: Option<Party>,
    /// When its block was made (RFC 3339, UTC).
    pub at: String,
    /// Number of its block.
    pub block: u64,
    /// The transaction.
    pub transaction: Hash,
    /// Number of the log in the transaction, from 0.
    pub log: u64,
    /// The holding that the pack is in from then on.
    pub holding: Option<Hash>,
    /// Hash of the event that caused it, or the root over those of several.
    pub cause: Hash,
    /// The events in the bundle that caused it: what they tell beyond the step is the word of the
    /// member that captured them.
    pub told: Vec<Told>,
}

/// An event that a step names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Its number in the bundle, from 0.
    pub number: usize,
    /// Its hash, or the identity of an error declaration.
    pub hash: Hash,
    /// When it happened, as it says.
    pub event_time: String,
    /// EPCIS type.
    pub event_type: String,
    /// EPCIS `bizStep`.
    pub biz_step: Option<String>,
    /// EPCIS `disposition`.
    pub disposition: Option<String>,
    /// Whether it names the pack itself, not a box that it is in.
    pub names_unit: bool,
}

/// How a pack stood after the last step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Its holding.
    pub holding: Hash,
    /// Its leaf position there.
    pub position: u64,
    /// Who held it; the sender while it was on its way.
    pub holder: Party,
    /// State of the holding.
    pub state: HoldingState,
    /// Why its life ended, if it had.
    pub ended: Option<Reason>,
    /// Status of its lot, as far as the bundle shows: a recall can be left out of it.
    pub lot_status: LotStatus,
}

/// The block up to which a bundle is proven.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Until {
    /// Its number.
    pub block: u64,
    /// Its hash.
    pub hash: Hash,
    /// When it was made (RFC 3339, UTC).
    pub at: String,
}

impl Until {
    pub(super) fn of(header: &CheckedHeader) -> Self {
        Self::at(header.number, header.hash, header.timestamp)
    }

    pub(super) fn at(block: u64, hash: Hash, timestamp: u64) -> Self {
        Self { block, hash, at: rfc3339(timestamp) }
    }
}

/// How the blocks of a bundle are linked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Headers {
    /// By all headers in between.
    Chain,
    /// By the head's history root.
    History,
    /// Not at all.
    Separate,
    /// Receipts are not proven by headers.
    NotEthereum,
}

/// Why the blocks are believed to be those of the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrustedBy {
    /// They are not: somebody must compare the hash of [`Report::until`].
    Nothing,
    /// By a block hash that was given.
    BlockHash,
    /// By the answers of an endpoint that was given.
    Endpoint,
}

/// Seconds since 1970-01-01T00:00Z as RFC 3339.
pub(super) fn rfc3339(timestamp: u64) -> String {
    i64::try_from(timestamp)
        .ok()
        .and_then(|second| jiff::Timestamp::from_second(second).ok())
        .map_or_else(|| timestamp.to_string(), |at| at.to_string())
}
