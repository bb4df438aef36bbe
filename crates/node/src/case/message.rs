//! What the two parties of a case tell each other, and how the other's word is taken in.
//!
//! # Invariants
//!
//! - A case is known to its two parties by one name; nobody else can add to it.
//! - A repeated message changes nothing; one that came too early is asked for again.
//! - What one member can make another keep is bounded: open cases, entries, bytes.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use theriac_custody::case::{Act, Entry};
use theriac_custody::{Actor, CaseKind, Hash, Matter, Uuid, keccak256};
use theriac_gs1::{Gln, Identifier};
use theriac_store::{CaseId, CaseRecord, CaseState, DeliveryKind, NewCase, WriteTx};

use super::file::{CaseFile, row_of};
use super::talk::{check_evidence, check_text};
use super::{ENTRIES_MAX, PACKS_MAX};
use crate::error::NodeError;
use crate::exchange::ExchangeError;
use crate::node::Node;

/// Longest message about a case, in bytes.
const MESSAGE_BYTES_MAX: usize = 16 << 20;

/// Open cases that one member may have opened at another.
const OPEN_MAX: u64 = 1_000;

/// Highest number of an entry: far more than a case can have entries.
const NUMBER_MAX: u64 = 1_000_000;

/// Latest deadline that another member can set, from now.
const DEADLINE_MAX: SignedDuration = SignedDuration::from_hours(366 * 24);

/// A message about a case: one entry, and with the first what the case is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CaseMessage {
    /// Name of the case.
    pub(crate) case: Uuid,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) opening: Option<Opening>,
    /// What was said or done.
    pub(crate) entry: Entry,
}

/// What a case is about, for the other party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Opening {
    /// The kind.
    pub(crate) kind: CaseKind,
    /// What was expected, what was found.
    pub(crate) reason: String,
    /// What to do.
    pub(crate) what_to_do: String,
    /// Who must act first.
    pub(crate) turn: Gln,
    /// The packs; the first of them, if there are very many.
    pub(crate) packs: Vec<Identifier>,
    /// Hash of the event that is held, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) event: Option<Hash>,
    /// When the case was opened.
    pub(crate) opened_at: Timestamp,
    /// When it should end.
    pub(crate) deadline: Timestamp,
}

impl Node {
    /// Tells the other party what a case is about.
    pub(super) async fn send_opening(
        &self,
        tx: &mut WriteTx,
        id: CaseId,
        entry: &Entry,
    ) -> Result<(), NodeError> {
        let record = tx.case(id).await?.ok_or_else(|| missing("the case just opened"))?;
        let event = match record.event {
            Some(event) => tx.event(event).await?.map(|event| event.hash),
            None => None,
        };
        let file = self.case_file(tx, record).await?;
        let record = &file.record;
        let time = |at: i64| Timestamp::from_millisecond(at).unwrap_or_else(|_| self.now());
        let opening = Opening {
            kind: record.matter.kind,
            reason: record.matter.reason.clone(),
            what_to_do: record.matter.what_to_do.clone(),
            turn: file.parties.first,
            packs: tx.case_packs(id, None, PACKS_MAX as u64).await?,
            event,
            opened_at: time(record.opened_at),
            deadline: time(record.deadline.unwrap_or(record.opened_at)),
        };
        self.send(tx, record, entry, Some(opening)).await
    }

    /// Tells the other party of an entry.
    pub(super) async fn send_entry(
        &self,
        tx: &mut WriteTx,
        file: &CaseFile,
        entry: &Entry,
    ) -> Result<(), NodeError> {
        self.send(tx, &file.record, entry, None).await
    }

    /// A party without a node gets nothing here: it is told by the messages of the trade.
    async fn send(
        &self,
        tx: &mut WriteTx,
        record: &CaseRecord,
        entry: &Entry,
        opening: Option<Opening>,
    ) -> Result<(), NodeError> {
        let Some(to) = record.counterparty else { return Ok(()) };
        let member = tx.stored_member(&to).await?;
        if member.is_none_or(|member| member.endpoint.is_empty()) {
            return Ok(());
        }
        let message = CaseMessage { case: record.uuid, opening, entry: entry.clone() };
        let subject = keccak256(&[b"theriac case", &record.uuid.0]);
        self.post_message(tx, to, DeliveryKind::Case, Some(subject), &message).await?;
        Ok(())
    }

    /// Takes in a message of the member `from` about a case between it and this one.
    ///
    /// # Errors
    ///
    /// [`ExchangeError::NotAMessage`], [`ExchangeError::Rejected`], [`ExchangeError::Later`] for an
    /// entry of a case that has not been opened here yet.
    pub(crate) async fn on_case(
        &self,
        tx: &mut WriteTx,
        from: Gln,
        body: &[u8],
    ) -> Result<(), ExchangeError> {
        let message = read(from, body)?;
        let record = match tx.case_named(message.case).await? {
            Some(record) if record.counterparty == Some(from) => record,
            Some(_) => {
                return Err(rejected(format!("{from} is no party of case {}", message.case)));
            }
            None => match &message.opening {
                Some(opening) => self.open_theirs(tx, from, message.case, opening).await?,
                None => {
                    return Err(ExchangeError::Later(format!(
                        "case {} has not been opened here yet",
                        message.case
                    )));
                }
            },
        };
        if tx.count_case_entries(record.id).await? >= ENTRIES_MAX {
            return Err(rejected(format!("case {} is full: open another one", message.case)));
        }
        if !tx.add_case_entry(record.id, &row_of(&message.entry, true)).await? {
            return Ok(());
        }
        let file = self.case_file(tx, record).await?;
        Ok(self.note_state(tx, &file).await?)
    }

    /// Opens here the case that another member opened.
    async fn open_theirs(
        &self,
        tx: &mut WriteTx,
        from: Gln,
        uuid: Uuid,
        opening: &Opening,
    ) -> Result<CaseRecord, ExchangeError> {
        if tx.count_cases_opened_by(from).await? >= OPEN_MAX {
            return Err(rejected(format!(
                "{from} has {OPEN_MAX} open cases here: resolve some of them first"
            )));
        }
        let now = self.now();
        let latest = now.checked_add(DEADLINE_MAX).unwrap_or(now);
        let actor = if opening.turn == self.gln() { Actor::ThisMember } else { Actor::Partner };
        let matter = Matter {
            kind: opening.kind,
            reason: opening.reason.clone(),
            actor,
            what_to_do: opening.what_to_do.clone(),
            items: opening.packs.iter().take(Matter::ITEMS_MAX).cloned().collect(),
            waits_for: None,
        };
        let state = match actor {
            Actor::ThisMember => CaseState::Open,
            _ => CaseState::Waiting,
        };
        let new = NewCase {
            packs: &opening.packs,
            state,
            counterparty: Some(from),
            opened_by: Some(from),
            deadline: Some(opening.deadline.min(latest).as_millisecond()),
            ..NewCase::about(&matter, uuid, now.as_millisecond())
        };
        let id = tx.open_case(&new).await?;
        let record = tx.case(id).await?.ok_or_else(|| missing("the case just opened"))?;
        tracing::info!(%from, case = id.0, kind = matter.kind.word(), "a partner opened a case");
        Ok(record)
    }
}

/// A message of the member `from`, if it is one that may be taken.
fn read(from: Gln, body: &[u8]) -> Result<CaseMessage, ExchangeError> {
    if body.len() > MESSAGE_BYTES_MAX {
        let found = body.len();
        let reason = format!("expected at most {MESSAGE_BYTES_MAX} bytes, found {found}");
        return Err(ExchangeError::NotAMessage(reason));
    }
    let message: CaseMessage = serde_json::from_slice(body)
        .map_err(|error| ExchangeError::NotAMessage(error.to_string()))?;
    let entry = &message.entry;
    if entry.author != from {
        return Err(rejected(format!(
            "expected an entry of {from}, found one of {}",
            entry.author
        )));
    }
    if !(1..=NUMBER_MAX).contains(&entry.number) || entry.act.is_private() {
        return Err(rejected("expected an entry that two parties share".to_owned()));
    }
    let mut texts: Vec<&str> = texts_of(&entry.act);
    if let Some(opening) = &message.opening {
        texts.extend([opening.reason.as_str(), opening.what_to_do.as_str()]);
        if opening.packs.len() > PACKS_MAX {
            return Err(rejected(format!("expected at most {PACKS_MAX} packs in one case")));
        }
    }
    for text in texts {
        check_text(text).map_err(|error| rejected(error.to_string()))?;
    }
    check_evidence(&entry.evidence).map_err(|error| rejected(error.to_string()))?;
    Ok(message)
}

fn texts_of(act: &Act) -> Vec<&str> {
    match act {
        Act::Said { text, .. } | Act::Cleared { text, .. } | Act::Confirmed { text, .. } => {
            vec![text]
        }
        Act::Proposed { text, .. } | Act::Answered { text, .. } => {
            text.iter().map(String::as_str).collect()
        }
        Act::Resolved { outcome, .. } => vec![outcome],
        Act::Opened | Act::Reminded | Act::Quarantined { .. } => Vec::new(),
    }
}

fn rejected(reason: String) -> ExchangeError {
    ExchangeError::Rejected(reason)
}

pub(super) fn missing(expected: &'static str) -> NodeError {
    NodeError::Inconsistent { expected, found: "none".to_owned() }
}
