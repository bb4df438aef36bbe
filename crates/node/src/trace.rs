//! Trace: a pack's journey, told by the events on record and proven by the ledger.

use std::collections::HashMap;

use theriac_custody::{Account, Hash, HoldingState, Role};
use theriac_epcis::Event;
use theriac_gs1::{Gln, Identifier, Sgtin};
use theriac_store::{ChangeKind, EventRecord, EventState, LedgerHolding, RetiredRow};

use crate::admit::{Declaration, declarations_of, event_on_record};
use crate::clock::days_of;
use crate::error::NodeError;
use crate::locate::Followed;
use crate::node::Node;
use crate::report::{Journey, JourneyStep, Party};
use crate::verify::{Asker, VerifyError, read_code, rfc3339};

/// A step of the ledger, before it is matched with the event that caused it.
struct LedgerStep {
    what: String,
    by: Account,
    /// To whom, if it is a shipment on its way; else the zero account.
    to: Account,
    cause: Hash,
    block: u64,
    transaction: Hash,
    timestamp: u64,
}

impl Node {
    /// The journey of the pack or logistic unit that bears `code`. Another member sees the ledger's
    /// steps that it took part in, a regulator all of them, the public none.
    ///
    /// # Errors
    ///
    /// [`VerifyError::Unreadable`] for a code that cannot be read.
    pub async fn trace(&self, code: &str, asker: Asker) -> Result<Journey, VerifyError> {
        let read = read_code(code, self.today())?;
        let events = self.inner().store.events_of_item(&read.id).await.map_err(NodeError::from)?;
        let on_ledger = match &read.id {
            Identifier::Sgtin(unit) => self.ledger_steps(unit).await?,
            _ => Vec::new(),
        };
        if events.is_empty()
            && on_ledger.is_empty()
            && asker == Asker::Here
            && let Some(journey) = self.trace_at_labeler(code, &read.id).await?
        {
            return Ok(journey);
        }
        let (events, on_ledger) = match asker {
            Asker::Here => (events, on_ledger),
            Asker::Member(asking) => (Vec::new(), self.shown_to(asking, on_ledger).await?),
            // Who traded with whom is for the parties and the regulator only.
            Asker::Public => (Vec::new(), Vec::new()),
        };
        let steps = self.merge(events, on_ledger).await?;
        Ok(Journey { code: code.to_owned(), identifier: read.id.digital_link(), steps })
    }

    /// The steps that another member may see: all for a regulator, else those it took part in.
    async fn shown_to(
        &self,
        asking: Gln,
        steps: Vec<LedgerStep>,
    ) -> Result<Vec<LedgerStep>, NodeError> {
        let mut tx = self.inner().store.read().await?;
        let members = tx.members(days_of(self.today())).await?;
        if members.get(&asking).is_some_and(|member| member.roles.has(Role::Regulator)) {
            return Ok(steps);
        }
        let mut shown = Vec::new();
        for step in steps {
            let by = tx.member_behind(&step.by).await?;
            let to = tx.member_behind(&step.to).await?;
            if by == Some(asking) || to == Some(asking) {
                shown.push(step);
            }
        }
        Ok(shown)
    }

    async fn trace_at_labeler(
        &self,
        code: &str,
        id: &Identifier,
    ) -> Result<Option<Journey>, NodeError> {
        let Identifier::Sgtin(unit) = id else { return Ok(None) };
        let labeler = self.inner().store.labeler_of(&[unit.gtin]).await?.remove(&unit.gtin);
        let Some(labeler) = labeler.filter(|gln| *gln != self.gln()) else { return Ok(None) };
        let link = id.digital_link();
        let path = format!("/trace?code={}", crate::route::escape(&link));
        let journey = self.ask::<Journey>(labeler, &path).await;
        Ok(journey.map(|journey| Journey { code: code.to_owned(), ..journey }))
    }

    /// What the ledger knows of a unit whose leaf this node can follow, oldest first.
    async fn ledger_steps(&self, unit: &Sgtin) -> Result<Vec<LedgerStep>, NodeError> {
        let mut tx = self.inner().store.read().await?;
        let record = self.unit_on_record(&mut tx, unit).await?;
        let Some(place) = record.and_then(|record| record.item.place) else {
            return Ok(Vec::new());
        };
        let mut holdings = match self.origin_of(&mut tx, &mut Followed::default(), place).await? {
            Some((_, _, path)) => path,
            None => Vec::new(),
        };
        let located = self.locate_in(&mut tx, place).await?;
        let known: Vec<Hash> = holdings.iter().map(|holding| holding.id).collect();
        holdings.extend(located.path.into_iter().filter(|holding| !known.contains(&holding.id)));
        let mut steps = Vec::new();
        for holding in &holdings {
            steps.push(self.opened(&mut tx, holding).await?);
            steps.extend(self.later(&mut tx, holding).await?);
        }
        steps.extend(located.retired.map(retired));
        steps.sort_by_key(|step| step.block);
        Ok(steps)
    }

    async fn name(
        &self,
        tx: &mut theriac_store::ReadTx,
        account: Account,
    ) -> Result<String, NodeError> {
        Ok(match tx.member_behind(&account).await? {
            Some(gln) => self.party(tx, gln).await?.name,
            None => account.to_string(),
        })
    }

    /// The step that opened a holding. The ledger keeps the state of today: how the holding began
    /// follows from what happened to it since.
    async fn opened(
        &self,
        tx: &mut theriac_store::ReadTx,
        holding: &LedgerHolding,
    ) -> Result<LedgerStep, NodeError> {
        let since = tx.holding_changes(&holding.id).await?.first().map(|change| change.kind);
        let what = match (holding.lot_tag, since, holding.state) {
            (Some(_), ..) => "commissioned".to_owned(),
            (_, Some(ChangeKind::Received), _) => {
                format!("shipped to {}", self.name(tx, holding.holder).await?)
            }
            (_, _, HoldingState::InTransit) => {
                format!("shipped to {}", self.name(tx, holding.consignee).await?)
            }
            (_, Some(ChangeKind::Cancelled), _) => "shipped".to_owned(),
            (_, Some(ChangeKind::Released), _) => "set apart".to_owned(),
            (_, None, HoldingState::Quarantined) => "put into quarantine".to_owned(),
            (_, None, HoldingState::Stolen) => "reported stolen".to_owned(),
            (_, None, HoldingState::Lost) => "reported lost".to_owned(),
            (_, None, HoldingState::Held) => {
                "refused by the consignee, back with the sender".to_owned()
            }
        };
        Ok(LedgerStep {
            what,
            by: holding.opener,
            to: match since {
                Some(ChangeKind::Received) => holding.holder,
                _ => holding.consignee,
            },
            cause: holding.cause,
            block: holding.block,
            transaction: holding.transaction,
            timestamp: self.time_of(tx, holding.block).await?,
        })
    }

    /// What happened to a holding after it was opened: received, cancelled, released.
    async fn later(
        &self,
        tx: &mut theriac_store::ReadTx,
        holding: &LedgerHolding,
    ) -> Result<Vec<LedgerStep>, NodeError> {
        let mut steps = Vec::new();
        for change in tx.holding_changes(&holding.id).await? {
            steps.push(LedgerStep {
                what: change.kind.word().to_owned(),
                by: change.account,
                to: Account::ZERO,
                cause: change.cause,
                block: change.block,
                transaction: change.transaction,
                timestamp: self.time_of(tx, change.block).await?,
            });
        }
        Ok(steps)
    }

    async fn time_of(&self, tx: &mut theriac_store::ReadTx, block: u64) -> Result<u64, NodeError> {
        Ok(tx.block(block).await?.map_or(0, |block| block.timestamp))
    }

    /// Events and ledger steps in one list: a step whose cause is an event on record is that event.
    async fn merge(
        &self,
        events: Vec<EventRecord>,
        on_ledger: Vec<LedgerStep>,
    ) -> Result<Vec<JourneyStep>, NodeError> {
        let mut by_transaction: HashMap<Hash, LedgerStep> = HashMap::new();
        let mut by_cause: HashMap<Hash, LedgerStep> = HashMap::new();
        for step in on_ledger {
            by_cause.insert(step.cause, step);
        }
        for (cause, step) in std::mem::take(&mut by_cause) {
            if events.iter().any(|event| event.hash == cause) {
                by_cause.insert(cause, step);
            } else {
                by_transaction.insert(step.transaction, step);
            }
        }
        let declarations = declarations_of(&events);
        let mut steps: Vec<(i64, JourneyStep)> = Vec::new();
        for event in events.iter().filter(|event| event.state != EventState::Held) {
            let transaction = event.transaction.as_ref().map(|transaction| transaction.hash);
            let proof = by_cause
                .remove(&event.hash)
                .or_else(|| by_transaction.remove(&transaction.unwrap_or_default()));
            let declaration = declarations.get(&event.hash);
            steps.push(self.event_step(event, proof, declaration).await?);
        }
        for step in by_cause.into_values().chain(by_transaction.into_values()) {
            let at = i64::try_from(step.timestamp).unwrap_or(i64::MAX).saturating_mul(1000);
            steps.push((at, self.ledger_step(step).await?));
        }
        steps.sort_by_key(|(at, step)| (*at, step.block));
        Ok(steps.into_iter().map(|(_, step)| step).collect())
    }

    /// A step that an event tells, and when it happened: a declaration when it was made.
    async fn event_step(
        &self,
        record: &EventRecord,
        proof: Option<LedgerStep>,
        declaration: Option<&Declaration>,
    ) -> Result<(i64, JourneyStep), NodeError> {
        let event = event_on_record(record);
        let transaction = record.transaction.as_ref();
        let hash = proof.as_ref().map(|p| p.transaction).or(transaction.map(|t| t.hash));
        let block = proof.as_ref().map(|p| p.block).or(transaction.and_then(|t| t.block));
        let party = match &proof {
            Some(proof) => self.party_of(&proof.by).await?,
            None => Some(Party { gln: self.gln(), name: self.config().name.clone() }),
        };
        let made = event
            .as_ref()
            .and_then(|event| Some(event.common().error_declaration.as_ref()?.declaration_time));
        let happened = event.as_ref().map(|event| event.common().event_time);
        let at = made.or(happened);
        let step = JourneyStep {
            at: at.map_or_else(String::new, |at| at.to_string()),
            what: what_happened(record, proof.as_ref(), made.is_some(), declaration),
            party,
            place: event.as_ref().and_then(place),
            biz_step: record.biz_step.clone(),
            disposition: record.disposition.clone(),
            event: Some(record.hash.to_string()),
            declared_erroneous: declaration.is_some(),
            corrected_by: declaration
                .map(|declaration| declaration.declared.corrective_event_ids.clone())
                .unwrap_or_default(),
            block,
            transaction: hash,
            proven_by: if block.is_some() { "ledger" } else { "event" }.to_owned(),
        };
        Ok((at.map_or(record.event_time, |at| at.as_millisecond()), step))
    }

    async fn ledger_step(&self, step: LedgerStep) -> Result<JourneyStep, NodeError> {
        Ok(JourneyStep {
            at: rfc3339(step.timestamp),
            what: step.what,
            party: self.party_of(&step.by).await?,
            place: None,
            biz_step: None,
            disposition: None,
            event: None,
            declared_erroneous: false,
            corrected_by: Vec::new(),
            block: Some(step.block),
            transaction: Some(step.transaction),
            proven_by: "ledger".to_owned(),
        })
    }
}

fn retired(row: RetiredRow) -> LedgerStep {
    LedgerStep {
        what: row.reason.to_string(),
        by: row.holder,
        to: Account::ZERO,
        cause: row.cause,
        block: row.block,
        transaction: row.transaction,
        timestamp: row.timestamp,
    }
}

/// What an event says that happened, in words.
fn what_happened(
    record: &EventRecord,
    proof: Option<&LedgerStep>,
    declares: bool,
    declaration: Option<&Declaration>,
) -> String {
    let step = record.biz_step.as_ref().map(|step| step.replace('_', " "));
    let told = step.unwrap_or_else(|| record.kind.clone());
    match (proof, declares, declaration) {
        (Some(proof), true, _) => format!("{}: {told} was declared erroneous", proof.what),
        (None, true, _) => format!("{told} was declared erroneous"),
        (_, false, Some(declaration)) => {
            let what = proof.map_or(told, |proof| proof.what.clone());
            let undone = if declaration.undone { "" } else { ", and not undone" };
            format!("{what} (declared erroneous{undone})")
        }
        (Some(proof), false, None) => proof.what.clone(),
        (None, false, None) => told,
    }
}

/// Where an event happened: its read point, else its business location.
fn place(event: &Event) -> Option<String> {
    let common = event.common();
    let location = common.read_point.as_ref().or(common.biz_location.as_ref())?;
    Some(location.id.digital_link())
}
