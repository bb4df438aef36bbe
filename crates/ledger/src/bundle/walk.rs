//! Following a pack through the proven logs, as the contracts moved it.
//!
//! # Invariants
//!
//! - The pack is in one place at a time: from its commission on each step begins where the one before
//!   ended, and no step follows that the contracts would not have allowed.
//! - Every transaction proves a step, or a member or product that a step needs.

use std::collections::{BTreeSet, HashMap};

use theriac_custody::{Account, Hash, HoldingState, LotStatus, Reason};

use super::BundleError;
use super::block::Fact;
use super::evidence::Events;
use super::origin::{offsets, origin};
use super::party::Parties;
use super::report::{Kind, Party, ProvenStep, Standing, rfc3339};
use super::subject::OpenedUnit;
use crate::call::NodePlace;
use crate::event::LedgerEvent;

/// What is known of the pack after some of the logs.
pub(super) struct Walk<'a> {
    unit: Option<&'a OpenedUnit>,
    events: Events,
    parties: Parties,
    /// Holdings that the transaction at hand has opened, by id.
    opened: HashMap<Hash, &'a Fact>,
    labeler: Option<Party>,
    /// The holding that the pack was commissioned in, and its position there.
    origin: Option<(Hash, u64)>,
    at: Option<At>,
    lot_status: LotStatus,
    steps: Vec<ProvenStep>,
    used: BTreeSet<Hash>,
}

/// Where the pack is.
#[derive(Debug, Clone)]
struct At {
    holding: Hash,
    position: u64,
    holder: Account,
    consignee: Account,
    state: HoldingState,
    ended: Option<Reason>,
}

/// What the walk has found.
pub(super) struct Walked {
    pub(super) labeler: Option<Party>,
    pub(super) steps: Vec<ProvenStep>,
    pub(super) standing: Option<Standing>,
}

/// Follows the unit, and finds the steps that the events caused.
///
/// # Errors
///
/// [`BundleError`] if a step is missing, a party is not proven, or a part proves nothing.
pub(super) fn walk(
    unit: Option<&OpenedUnit>,
    events: Events,
    facts: &[Fact],
    transactions: &[Hash],
) -> Result<Walked, BundleError> {
    let mut walk = Walk::new(unit, events, Parties::default(), facts)?;
    walk.along(facts)?;
    walk.finish(transactions)
}

/// What a bundle that is being made lacks, and what it has in vain.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// The accounts of which members must be proven.
    pub accounts: BTreeSet<Account>,
    /// The numbers of the events that steps name, in the order in which they must be listed.
    pub told: Vec<usize>,
    /// The transactions that prove nothing.
    pub unused: Vec<Hash>,
}

/// Follows the unit without asking who its parties are.
///
/// # Errors
///
/// [`BundleError`] if a step is missing.
pub(super) fn draft(
    unit: Option<&OpenedUnit>,
    events: Events,
    facts: &[Fact],
    transactions: &[Hash],
) -> Result<Draft, BundleError> {
    let mut walk = Walk::new(unit, events, Parties::draft(), facts)?;
    walk.along(facts)?;
    let unused = transactions.iter().filter(|one| !walk.used.contains(*one)).copied().collect();
    let (accounts, told) = (walk.parties.asked, walk.events.in_order());
    Ok(Draft { accounts, told, unused })
}

impl<'a> Walk<'a> {
    fn new(
        unit: Option<&'a OpenedUnit>,
        events: Events,
        parties: Parties,
        facts: &[Fact],
    ) -> Result<Self, BundleError> {
        Ok(Self {
            unit,
            events,
            parties,
            opened: HashMap::new(),
            labeler: None,
            origin: unit.map(|unit| origin(unit, facts)).transpose()?,
            at: None,
            lot_status: LotStatus::Normal,
            steps: Vec::new(),
            used: BTreeSet::new(),
        })
    }

    fn along(&mut self, facts: &'a [Fact]) -> Result<(), BundleError> {
        let mut transaction = None;
        for fact in facts {
            if transaction.replace(fact.transaction) != Some(fact.transaction) {
                self.opened.clear();
            }
            self.parties.note(fact, self.unit.map(|unit| unit.gtin));
            self.step(fact)?;
        }
        Ok(())
    }

    fn step(&mut self, fact: &'a Fact) -> Result<(), BundleError> {
        match &fact.event {
            LedgerEvent::HoldingOpened { id, .. } => {
                self.opened.insert(*id, fact);
                Ok(())
            }
            LedgerEvent::Anchored { member, root, count } => {
                self.anchored(fact, *member, *root, *count)
            }
            event => match self.unit {
                Some(unit) => self.step_of(unit, fact, event),
                None => Ok(()),
            },
        }
    }

    fn step_of(
        &mut self,
        unit: &OpenedUnit,
        fact: &Fact,
        event: &LedgerEvent,
    ) -> Result<(), BundleError> {
        match event {
            LedgerEvent::LotOpened { lot_tag, labeler, expiry } if *lot_tag == unit.lot_tag => {
                if *expiry != unit.expiry {
                    let (expected, found) = (*expiry, unit.expiry);
                    return Err(BundleError::ExpiryDiffers { expected, found });
                }
                self.labeler = Some(self.parties.labeler(*labeler)?);
                self.used.insert(fact.transaction);
                Ok(())
            }
            LedgerEvent::Commissioned { id, .. } => self.commissioned(fact, *id),
            LedgerEvent::Gathered { id, sources } => self.gathered(fact, *id, sources),
            LedgerEvent::Received { id, holder, cause } if self.is_in(*id) => {
                self.handed(fact, Kind::Received, Some(*holder), *cause)
            }
            LedgerEvent::Cancelled { id, cause } if self.is_in(*id) => {
                self.handed(fact, Kind::Cancelled, None, *cause)
            }
            LedgerEvent::Released { id, cause } if self.is_in(*id) => {
                self.handed(fact, Kind::Released, None, *cause)
            }
            LedgerEvent::Retired { holder, reason, places, cause, .. } if self.covers(places) => {
                self.ended(fact, *holder, Some(*reason), *cause)
            }
            LedgerEvent::Restored { holder, places, cause, .. } if self.covers(places) => {
                self.ended(fact, *holder, None, *cause)
            }
            LedgerEvent::LotStatusChanged { lot_tag, status, by, cause }
                if *lot_tag == unit.lot_tag =>
            {
                self.lot_status = *status;
                let what = status_word(*status).to_owned();
                self.push(fact, Kind::LotStatus, what, *by, Account::ZERO, *cause)
            }
            _ => Ok(()),
        }
    }

    fn commissioned(&mut self, fact: &Fact, id: Hash) -> Result<(), BundleError> {
        let Some((_, position)) = self.origin.filter(|(holding, _)| *holding == id) else {
            return Ok(());
        };
        let Some(opening) = self.opened.get(&id) else { return Ok(()) };
        let LedgerEvent::HoldingOpened { holder, consignee, state, cause, .. } = opening.event
        else {
            return Ok(());
        };
        let labeler = self.labeler.as_ref().ok_or(BundleError::LotUnknown)?;
        // A lot that was pruned can be opened again, by another member.
        let maker = self.parties.of(holder)?;
        if maker.gln != labeler.gln {
            let (expected, account, found) = (labeler.gln.clone(), holder, maker.gln);
            return Err(BundleError::OtherMaker { expected, account, found });
        }
        self.may(Kind::Commissioned, |_| false)?;
        self.at = Some(At { holding: id, position, holder, consignee, state, ended: None });
        self.push(fact, Kind::Commissioned, "commissioned".to_owned(), holder, consignee, cause)
    }

    fn gathered(
        &mut self,
        fact: &Fact,
        id: Hash,
        sources: &[NodePlace],
    ) -> Result<(), BundleError> {
        let Some(at) = &self.at else { return Ok(()) };
        let Some(number) = sources.iter().position(|place| holds(place, at)) else { return Ok(()) };
        let Some(opening) = self.opened.get(&id) else { return Ok(()) };
        let LedgerEvent::HoldingOpened { holder, consignee, state, cause, .. } = opening.event
        else {
            return Ok(());
        };
        let Some(offset) = offsets(sources).and_then(|all| all.get(number).copied()) else {
            let found = "subtrees that do not fit together".to_owned();
            return Err(BundleError::LogUnreadable { transaction: fact.transaction, found });
        };
        let (_, height, index) = sources[number];
        let position = offset + (at.position - (index << height));
        let kind = match state {
            HoldingState::InTransit => Kind::Shipped,
            HoldingState::Held => Kind::Refused,
            _ => Kind::SetApart,
        };
        let before = match kind {
            Kind::Refused => HoldingState::InTransit,
            _ => HoldingState::Held,
        };
        // What is refused is opened in the sender's name, but with the consignee's cause.
        let by = if kind == Kind::Refused { at.consignee } else { holder };
        self.may(kind, |at| at.state == before)?;
        self.at = Some(At { holding: id, position, holder, consignee, state, ended: None });
        let what = match state {
            HoldingState::InTransit => "shipped",
            HoldingState::Held => "refused by the consignee, back with the sender",
            HoldingState::Quarantined => "put into quarantine",
            HoldingState::Stolen => "reported stolen",
            HoldingState::Lost => "reported lost",
        };
        self.push(fact, kind, what.to_owned(), by, consignee, cause)
    }

    /// The holding as a whole was received, taken back or released.
    fn handed(
        &mut self,
        fact: &Fact,
        kind: Kind,
        holder: Option<Account>,
        cause: Hash,
    ) -> Result<(), BundleError> {
        let in_transit = |at: &At| at.state == HoldingState::InTransit;
        let apart = |at: &At| matches!(at.state, HoldingState::Quarantined | HoldingState::Lost);
        let (what, allowed): (_, &dyn Fn(&At) -> bool) = match kind {
            Kind::Received => ("received", &in_transit),
            Kind::Cancelled => ("taken back by the sender", &in_transit),
            _ => ("released", &apart),
        };
        self.may(kind, allowed)?;
        let Some(at) = &mut self.at else { return Ok(()) };
        at.state = HoldingState::Held;
        at.consignee = Account::ZERO;
        at.holder = holder.unwrap_or(at.holder);
        let by = at.holder;
        self.push(fact, kind, what.to_owned(), by, Account::ZERO, cause)
    }

    /// The pack's life ended, or its end was undone.
    fn ended(
        &mut self,
        fact: &Fact,
        holder: Account,
        reason: Option<Reason>,
        cause: Hash,
    ) -> Result<(), BundleError> {
        let (kind, what) = match reason {
            Some(reason) => (Kind::Retired, reason.to_string()),
            None => (Kind::Restored, "the end of its life undone".to_owned()),
        };
        if kind == Kind::Restored && self.at.as_ref().is_some_and(|at| at.ended.is_none()) {
            return Err(self.missing(kind));
        }
        if kind == Kind::Retired {
            self.may(kind, |at| at.state != HoldingState::InTransit)?;
        }
        if let Some(at) = &mut self.at {
            at.ended = reason;
        }
        self.push(fact, kind, what, holder, Account::ZERO, cause)
    }

    fn anchored(
        &mut self,
        fact: &Fact,
        member: Account,
        root: Hash,
        count: u32,
    ) -> Result<(), BundleError> {
        let told = self.events.anchored(root, count, self.unit.map(|unit| &unit.id))?;
        if told.is_empty() {
            return Ok(());
        }
        let what = "an event anchored".to_owned();
        self.push(fact, Kind::Anchored, what, member, Account::ZERO, root)
    }

    /// A step that the contracts allow for a pack whose life has not ended, where `allowed`; a
    /// commission, for one that is not there yet.
    fn may(&self, kind: Kind, allowed: impl Fn(&At) -> bool) -> Result<(), BundleError> {
        match &self.at {
            None if kind == Kind::Commissioned => Ok(()),
            Some(at) if at.ended.is_none() && allowed(at) => Ok(()),
            _ => Err(self.missing(kind)),
        }
    }

    fn missing(&self, kind: Kind) -> BundleError {
        let standing = match &self.at {
            None => "not commissioned".to_owned(),
            Some(At { ended: Some(reason), .. }) => reason.to_string(),
            Some(at) => state_word(at.state).to_owned(),
        };
        BundleError::StepMissing { what: kind_word(kind).to_owned(), standing }
    }

    fn is_in(&self, holding: Hash) -> bool {
        self.at.as_ref().is_some_and(|at| at.holding == holding)
    }

    fn covers(&self, places: &[NodePlace]) -> bool {
        self.at.as_ref().is_some_and(|at| places.iter().any(|place| holds(place, at)))
    }

    fn push(
        &mut self,
        fact: &Fact,
        kind: Kind,
        what: String,
        by: Account,
        to: Account,
        cause: Hash,
    ) -> Result<(), BundleError> {
        let by = self.parties.of(by)?;
        let to = match to {
            Account::ZERO => None,
            account => Some(self.parties.of(account)?),
        };
        let told = self.events.tell(cause, self.unit.map(|unit| &unit.id));
        self.used.insert(fact.transaction);
        self.steps.push(ProvenStep {
            kind,
            what,
            by,
            to,
            at: rfc3339(fact.timestamp),
            block: fact.block,
            transaction: fact.transaction,
            log: fact.log,
            holding: self.at.as_ref().map(|at| at.holding),
            cause,
            told,
        });
        Ok(())
    }

    fn finish(mut self, transactions: &[Hash]) -> Result<Walked, BundleError> {
        if let (Some(unit), None) = (self.unit, &self.at) {
            return Err(match self.labeler {
                None => BundleError::LotUnknown,
                Some(_) => BundleError::NotCommissioned { root: unit.root },
            });
        }
        self.events.all_told()?;
        let unused = transactions.iter().find(|transaction| {
            !self.used.contains(*transaction) && !self.parties.used.contains(*transaction)
        });
        if let Some(&transaction) = unused {
            return Err(BundleError::TransactionUnused { transaction });
        }
        let standing = match self.at {
            None => None,
            Some(at) => Some(Standing {
                holding: at.holding,
                position: at.position,
                holder: self.parties.of(at.holder)?,
                state: at.state,
                ended: at.ended,
                lot_status: self.lot_status,
            }),
        };
        Ok(Walked { labeler: self.labeler, steps: self.steps, standing })
    }
}

/// Whether the pack is in the subtree.
fn holds(place: &NodePlace, at: &At) -> bool {
    let (holding, height, index) = *place;
    holding == at.holding && height <= 32 && at.position >> height == index
}

fn status_word(status: LotStatus) -> &'static str {
    match status {
        LotStatus::Normal => "its lot back to normal",
        LotStatus::RecalledI => "its lot recalled, class I",
        LotStatus::RecalledII => "its lot recalled, class II",
        LotStatus::RecalledIII => "its lot recalled, class III",
        LotStatus::Blocked => "its lot blocked",
    }
}

fn state_word(state: HoldingState) -> &'static str {
    match state {
        HoldingState::Held => "in stock",
        HoldingState::InTransit => "on its way",
        HoldingState::Quarantined => "in quarantine",
        HoldingState::Stolen => "stolen",
        HoldingState::Lost => "lost",
    }
}

fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Commissioned => "commissioned",
        Kind::Shipped => "shipped",
        Kind::Received => "received",
        Kind::Cancelled => "taken back",
        Kind::Refused => "refused",
        Kind::SetApart => "set apart",
        Kind::Released => "released",
        Kind::Retired => "retired",
        Kind::Restored => "restored",
        Kind::LotStatus => "recalled, blocked or lifted",
        Kind::Anchored => "anchored",
    }
}
