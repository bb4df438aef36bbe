//! A pack's way from hand to hand: what the ledger shows of it, who may be told of it, and whether
//! what a party tells agrees with the ledger.
//!
//! ```text
//! logs of the ledger ── facts ── hops: who held the pack, from whom, to whom
//!                         │
//! a party's events ───────┴──── agree | contradict
//! ```
//!
//! # Invariants
//!
//! - A fact is what the ledger has; nothing that a party tells becomes one.
//! - Who is a party of an event may always see it; the public sees nothing.

mod compare;
mod consent;
mod hop;

pub use compare::{Contradiction, TellingEvent, contradiction, denial, parties_of};
pub use consent::{Consent, ConsentException, Decision, RegulatorConsent, Sight, Standing};
pub use hop::{Begin, End, Hop, hops};

use theriac_gs1::Gln;

use crate::hash::Hash;
use crate::item::Reason;
use crate::operation::HoldingState;

/// One thing that the ledger shows of a pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fact {
    /// What happened.
    pub what: FactKind,
    /// The member that did it; `None` if the account acts for no member that is known.
    pub by: Option<Gln>,
    /// The member that the pack went to, of a shipment or a refusal.
    pub to: Option<Gln>,
    /// The hash of the event that caused it, or the root over those of several.
    pub cause: Hash,
    /// Number of the block.
    pub block: u64,
    /// Hash of the transaction.
    pub transaction: Hash,
    /// Time of the block, in seconds since 1970-01-01T00:00Z.
    pub at: u64,
}

/// What the ledger can show of a pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactKind {
    /// Its life began.
    Commissioned,
    /// It was sent to another member.
    Shipped,
    /// Its consignee took it over.
    Received,
    /// Its consignee refused it; its sender has it again.
    Refused,
    /// Its sender took the shipment back.
    Cancelled,
    /// It was quarantined, stolen or lost.
    SetApart(HoldingState),
    /// It is fit again, or was found.
    Released,
    /// Its life ended.
    Retired(Reason),
}

/// The members that have had the pack, or are to have it, each once, the first one first.
pub fn parties(facts: &[Fact]) -> Vec<Gln> {
    let mut parties = Vec::new();
    for gln in facts.iter().flat_map(|fact| [fact.by, fact.to]).flatten() {
        if !parties.contains(&gln) {
            parties.push(gln);
        }
    }
    parties
}
