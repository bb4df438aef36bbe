//! What this member says and does in a case.

use serde::{Deserialize, Serialize};
use theriac_custody::case::{Act, Entry, Resolution};
use theriac_custody::{EvidenceItem, Uuid};
use theriac_gs1::Gln;
use theriac_store::{CaseId, CaseRecord, CaseState, WriteTx};

use super::file::{CaseFile, row_of};
use super::open::new_uuid;
use super::{CaseDetail, CaseError, EVIDENCE_MAX, TEXT_CHARS_MAX};
use crate::error::NodeError;
use crate::node::Node;

/// The answer to a proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerRequest {
    /// The proposal; the last one of the other party that is not answered unless said.
    #[serde(default)]
    pub proposal: Option<Uuid>,
    /// Whether it is accepted.
    pub accept: bool,
    /// In this member's words.
    #[serde(default)]
    pub text: Option<String>,
    /// What is proposed instead.
    #[serde(default)]
    pub alternative: Option<Resolution>,
}

impl Node {
    /// Tells another party of a case that was this member's alone.
    ///
    /// # Errors
    ///
    /// [`CaseError::Resolved`], [`CaseError::HasPartner`], [`CaseError::Oneself`].
    pub async fn tell_case(&self, name: &str, to: Gln) -> Result<CaseDetail, CaseError> {
        let mut tx = self.inner().store.write().await?;
        let file = self.open_file(&mut tx, name).await?;
        let taken = file.record.counterparty.filter(|gln| *gln != to || file.is_shared());
        match taken {
            Some(other) => return Err(CaseError::HasPartner(other)),
            None if to == self.gln() => return Err(CaseError::Oneself),
            None => {}
        }
        let id = file.record.id;
        tx.set_case_counterparty(id, to).await?;
        tx.set_case_due(id, file.record.deadline).await?;
        let evidence = file.evidence().cloned().collect();
        let entry = self.entry_of(&file, Act::Opened, evidence);
        tx.add_case_entry(id, &row_of(&entry, true)).await?;
        self.send_opening(&mut tx, id, &entry).await?;
        let file = self.find_case(&mut tx, name).await?;
        self.note_state(&mut tx, &file).await?;
        tx.commit().await?;
        self.case_detail(name).await
    }

    /// Says something in a case; in one of this member's alone it is a note.
    ///
    /// # Errors
    ///
    /// [`CaseError::Resolved`], [`CaseError::TooMuch`], [`CaseError::Empty`].
    pub async fn say_in_case(
        &self,
        name: &str,
        text: String,
        keep: bool,
        evidence: Vec<EvidenceItem>,
    ) -> Result<CaseDetail, CaseError> {
        check_text(&text)?;
        self.act_in_case(name, evidence, |_| Ok(Act::Said { text, keep })).await
    }

    /// Proposes a way to end a case.
    ///
    /// # Errors
    ///
    /// [`CaseError::NoPartner`], and as [`say_in_case`](Self::say_in_case).
    pub async fn propose_in_case(
        &self,
        name: &str,
        resolution: Resolution,
        text: Option<String>,
    ) -> Result<CaseDetail, CaseError> {
        text.as_deref().map_or(Ok(()), check_text)?;
        let act = |file: &CaseFile| match file.is_shared() {
            true => Ok(Act::Proposed { resolution, text }),
            false => Err(CaseError::NoPartner),
        };
        self.act_in_case(name, Vec::new(), act).await
    }

    /// Answers a proposal of the other party.
    ///
    /// # Errors
    ///
    /// [`CaseError::NoProposal`], and as [`say_in_case`](Self::say_in_case).
    pub async fn answer_in_case(
        &self,
        name: &str,
        answer: AnswerRequest,
    ) -> Result<CaseDetail, CaseError> {
        answer.text.as_deref().map_or(Ok(()), check_text)?;
        let me = self.gln();
        let act = |file: &CaseFile| {
            let standing = &file.standing;
            let found = match answer.proposal {
                None => standing.unanswered(me),
                Some(id) => standing.proposal(id).filter(|p| p.by != me && p.accepted.is_none()),
            };
            let named = answer.proposal.map_or("none".to_owned(), |id| id.to_string());
            let proposal = found.ok_or(CaseError::NoProposal(named))?.id;
            let AnswerRequest { accept, text, alternative, .. } = answer;
            Ok(Act::Answered { proposal, accept, text, alternative })
        };
        self.act_in_case(name, Vec::new(), act).await
    }

    /// Ends a case that this member opened.
    ///
    /// # Errors
    ///
    /// [`CaseError::NotOpener`], and as [`say_in_case`](Self::say_in_case).
    pub async fn resolve_case(
        &self,
        name: &str,
        outcome: String,
        resolution: Option<Resolution>,
    ) -> Result<CaseDetail, CaseError> {
        check_text(&outcome)?;
        let me = self.gln();
        let act = |file: &CaseFile| match file.opener() {
            opener if opener == me => Ok(Act::Resolved { outcome, resolution }),
            opener => Err(CaseError::NotOpener { opener }),
        };
        self.act_in_case(name, Vec::new(), act).await
    }

    /// Ends a case of this member's because what it was about is settled.
    pub(crate) async fn settle_case(
        &self,
        tx: &mut WriteTx,
        case: &CaseRecord,
        outcome: &str,
    ) -> Result<(), NodeError> {
        if case.counterparty.is_none() || case.opened_by.is_some() {
            return Ok(tx.close_case(case.id, outcome, self.now().as_millisecond()).await?);
        }
        let mut file = self.case_file(tx, case.clone()).await?;
        let act = Act::Resolved { outcome: outcome.to_owned(), resolution: None };
        self.add_entry(tx, &mut file, act, Vec::new()).await
    }

    async fn act_in_case(
        &self,
        name: &str,
        evidence: Vec<EvidenceItem>,
        act: impl FnOnce(&CaseFile) -> Result<Act, CaseError>,
    ) -> Result<CaseDetail, CaseError> {
        check_evidence(&evidence)?;
        let mut tx = self.inner().store.write().await?;
        let mut file = self.open_file(&mut tx, name).await?;
        let act = act(&file)?;
        self.add_entry(&mut tx, &mut file, act, evidence).await?;
        tx.commit().await?;
        self.case_detail(name).await
    }

    /// The open case that `name` means.
    pub(super) async fn open_file(
        &self,
        tx: &mut WriteTx,
        name: &str,
    ) -> Result<CaseFile, CaseError> {
        let file = self.find_case(tx, name).await?;
        match (file.record.closed_at, &file.record.outcome) {
            (None, _) => Ok(file),
            (Some(_), outcome) => Err(CaseError::Resolved {
                case: file.record.id.0,
                outcome: outcome.clone().unwrap_or_default(),
            }),
        }
    }

    /// Adds an entry of this member's, tells the other party of it, and notes how far the case is.
    pub(super) async fn add_entry(
        &self,
        tx: &mut WriteTx,
        file: &mut CaseFile,
        act: Act,
        evidence: Vec<EvidenceItem>,
    ) -> Result<(), NodeError> {
        let shared = file.is_shared() && !act.is_private();
        let entry = self.entry_of(file, act, evidence);
        tx.add_case_entry(file.record.id, &row_of(&entry, shared)).await?;
        if shared {
            self.send_entry(tx, file, &entry).await?;
        }
        file.entries.push((entry, shared));
        file.refresh();
        self.note_state(tx, file).await
    }

    pub(super) fn entry_of(&self, file: &CaseFile, act: Act, evidence: Vec<EvidenceItem>) -> Entry {
        Entry {
            id: new_uuid(),
            number: file.standing.number + 1,
            author: self.gln(),
            at: self.now(),
            act,
            evidence,
        }
    }

    /// Notes in the case's row how far it is.
    pub(super) async fn note_state(
        &self,
        tx: &mut WriteTx,
        file: &CaseFile,
    ) -> Result<(), NodeError> {
        let id: CaseId = file.record.id;
        match (&file.standing.outcome, file.record.closed_at) {
            (Some((outcome, _)), None) => {
                tx.close_case(id, outcome, self.now().as_millisecond()).await?;
            }
            (_, Some(_)) => {}
            (None, None) => match file.state(self.gln()) {
                CaseState::Resolved => {}
                state => tx.set_case_state(id, state).await?,
            },
        }
        Ok(())
    }
}

/// A text must say something, and not a book.
pub(super) fn check_text(text: &str) -> Result<(), CaseError> {
    match text.chars().count() {
        _ if text.trim().is_empty() => Err(CaseError::Empty("words")),
        found if found > TEXT_CHARS_MAX => {
            Err(CaseError::TooMuch { what: "characters", most: TEXT_CHARS_MAX, found })
        }
        _ => Ok(()),
    }
}

pub(super) fn check_evidence(evidence: &[EvidenceItem]) -> Result<(), CaseError> {
    match evidence.len() {
        found if found > EVIDENCE_MAX => {
            Err(CaseError::TooMuch { what: "pieces of evidence", most: EVIDENCE_MAX, found })
        }
        _ => Ok(()),
    }
}
