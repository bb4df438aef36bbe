//! Where a case stands: its entries read in an order on which both parties agree.
//!
//! # Invariants
//!
//! - The same entries give the same standing, in whatever order they came and however often.
//! - What a party may not do has no effect: answer its own proposal, or end the other's case.

use std::collections::BTreeMap;

use theriac_gs1::Gln;

use super::entry::{Act, Entry, Resolution};
use super::{CaseStage, Uuid};

/// Who takes part in a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parties {
    /// Who opened it; only they end it.
    pub opener: Gln,
    /// The other party, if there is one.
    pub other: Option<Gln>,
    /// Who must act first.
    pub first: Gln,
}

impl Parties {
    /// The party that `gln` talks to.
    fn beside(&self, gln: Gln) -> Gln {
        match self.other {
            Some(other) if gln == self.opener => other,
            _ => self.opener,
        }
    }
}

/// A proposal and what became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proposal {
    /// The entry that made it.
    pub id: Uuid,
    /// Who made it.
    pub by: Gln,
    /// The way to end the case.
    pub resolution: Resolution,
    /// Whether it was accepted; `None` while it is not answered.
    pub accepted: Option<bool>,
}

/// Where a case stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Who must act now.
    pub turn: Gln,
    /// Proposals, in their order.
    pub proposals: Vec<Proposal>,
    /// Whether packs are set apart and nobody has decided about them.
    pub investigating: bool,
    /// How it ended, if it has.
    pub outcome: Option<(String, Option<Resolution>)>,
    /// The highest number of its entries.
    pub number: u64,
}

impl Standing {
    /// Reads the entries of a case.
    #[must_use]
    pub fn of<'a>(parties: &Parties, entries: impl IntoIterator<Item = &'a Entry>) -> Self {
        let ordered: BTreeMap<(u64, Gln, Uuid), &Entry> = entries
            .into_iter()
            .map(|entry| ((entry.number, entry.author, entry.id), entry))
            .collect();
        let mut standing = Self {
            turn: parties.first,
            proposals: Vec::new(),
            investigating: false,
            outcome: None,
            number: 0,
        };
        for entry in ordered.into_values() {
            standing.number = standing.number.max(entry.number);
            standing.take(parties, entry);
        }
        standing
    }

    /// How far the case is for the party `me`.
    #[must_use]
    pub fn stage(&self, me: Gln) -> CaseStage {
        match () {
            () if self.outcome.is_some() => CaseStage::Resolved,
            () if self.investigating => CaseStage::Investigating,
            () if self.turn != me => CaseStage::Waiting,
            () => CaseStage::Open,
        }
    }

    /// The proposal that the entry `id` made.
    #[must_use]
    pub fn proposal(&self, id: Uuid) -> Option<&Proposal> {
        self.proposals.iter().find(|proposal| proposal.id == id)
    }

    /// The last proposal of the other party that `me` has not answered.
    #[must_use]
    pub fn unanswered(&self, me: Gln) -> Option<&Proposal> {
        self.proposals.iter().rev().find(|p| p.by != me && p.accepted.is_none())
    }

    fn take(&mut self, parties: &Parties, entry: &Entry) {
        let author = entry.author;
        match &entry.act {
            Act::Opened | Act::Reminded => {}
            Act::Said { keep, .. } => {
                if !keep && self.turn == author {
                    self.turn = parties.beside(author);
                }
            }
            Act::Proposed { resolution, .. } => {
                self.propose(entry.id, author, *resolution);
                self.turn = parties.beside(author);
            }
            Act::Answered { proposal, accept, alternative, .. } => {
                self.answer(parties, entry, *proposal, *accept, *alternative);
            }
            Act::Quarantined { .. } => self.investigating = true,
            Act::Cleared { .. } | Act::Confirmed { .. } => self.investigating = false,
            Act::Resolved { outcome, resolution } => {
                if author == parties.opener && self.outcome.is_none() {
                    self.outcome = Some((outcome.clone(), *resolution));
                }
            }
        }
    }

    fn propose(&mut self, id: Uuid, by: Gln, resolution: Resolution) {
        self.proposals.push(Proposal { id, by, resolution, accepted: None });
    }

    fn answer(
        &mut self,
        parties: &Parties,
        entry: &Entry,
        proposal: Uuid,
        accept: bool,
        alternative: Option<Resolution>,
    ) {
        let author = entry.author;
        let Some(found) = self
            .proposals
            .iter_mut()
            .find(|p| p.id == proposal && p.by != author && p.accepted.is_none())
        else {
            return;
        };
        found.accepted = Some(accept);
        let proposer = found.by;
        let carried_out_by = if found.resolution.is_proposers() { proposer } else { author };
        self.turn = if accept { carried_out_by } else { parties.beside(author) };
        if let (false, Some(resolution)) = (accept, alternative) {
            self.propose(entry.id, author, resolution);
        }
    }
}
