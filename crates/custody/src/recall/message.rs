//! What the nodes of a recall tell each other.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use theriac_gs1::{Gln, Gtin};

use super::scope::LotsOf;
use super::{RecallClass, RecallDepth};
use crate::hash::Hash;
use crate::spread::Span;

/// What a holder is told: set these packs apart, or put them back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecallNotice {
    /// The recall: hash of the event that orders it.
    pub recall: Hash,
    /// Who recalls.
    pub by: Gln,
    /// What the holder is to do.
    pub act: NoticeAct,
    /// How grave it is.
    pub class: RecallClass,
    /// How far it goes.
    pub depth: RecallDepth,
    /// The product; `None` where a lot that the ledger tells of is not known.
    pub gtin: Option<Gtin>,
    /// Which of its packs.
    pub scope: NoticeScope,
    /// Why, in a sentence.
    pub reason: String,
    /// The text for the holder's people.
    pub notice: String,
    /// When it was ordered.
    pub ordered_at: Timestamp,
    /// Until when the holder is to have set apart what it has, and to have answered.
    pub answer_by: Timestamp,
}

/// What a notice asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeAct {
    /// Set apart and answer.
    Recall,
    /// The same, told again because no answer has come.
    Remind,
    /// The recall is over: put back what was set apart for it.
    Lift,
}

/// Which packs a notice is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeScope {
    /// Whole lots. Whether the ledger has them recalled as well follows from the depth.
    Lots(LotsOf),
    /// The packs whose leaves stand, or have stood, at these places of holdings.
    Places(Vec<Places>),
}

/// Leaf positions of a holding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Places {
    /// The holding.
    pub holding: Hash,
    /// The positions, ascending.
    pub spans: Vec<Span>,
}

/// What a holder answers: how the packs of the recall stand on its books.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecallAnswer {
    /// The recall.
    pub recall: Hash,
    /// When the holder's node counted.
    pub at: Timestamp,
    /// Packs by status on its books.
    pub packs: BTreeMap<String, u64>,
    /// Packs that it has set apart for this recall so far.
    pub set_apart: u64,
}

impl RecallNotice {
    /// Longest text of reason or notice, in bytes.
    pub const TEXT_MAX: usize = 10_000;
}
