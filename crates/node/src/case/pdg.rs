//! Cases in and out as exception messages of the PDG, for parties without a node.

use std::collections::HashMap;

use theriac_custody::case::pdg::{
    Case, ContactInformation, ExceptionReport, ExceptionResponse, Message, item_ids,
};
use theriac_custody::case::{Act, Entry, Proposal, Resolution};
use theriac_custody::{Actor, EvidenceItem, Matter, Uuid};
use theriac_gs1::Gln;
use theriac_store::{CaseId, CaseState, NewCase, WriteTx};

use super::file::{CaseFile, row_of};
use super::message::missing;
use super::open::new_uuid;
use super::{CaseError, PACKS_MAX, TEXT_CHARS_MAX};
use crate::error::NodeError;
use crate::node::Node;

/// Under what name a message is kept as evidence.
const KEPT_AS: &str = "pdg_message";

/// Which message a case is told in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PdgForm {
    /// What this member found wrong, or that it is settled.
    Report,
    /// What this member makes of the other party's report.
    Response,
}

/// A message that was taken in.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct PdgTaken {
    /// Number of the case here.
    pub case: i64,
    /// Name of the case.
    pub uuid: Uuid,
    /// Whether the message opened it.
    pub opened: bool,
    /// Whether the message was here before.
    pub known: bool,
}

impl Node {
    /// A case as a message; `None` stands for the usual form: a report of one's own case, a response
    /// to another's.
    ///
    /// # Errors
    ///
    /// [`CaseError::Unknown`], [`CaseError::NoContact`].
    pub async fn case_pdg(
        &self,
        name: &str,
        form: Option<PdgForm>,
    ) -> Result<serde_json::Value, CaseError> {
        let mut tx = self.inner().store.read().await?;
        let file = self.find_case(&mut tx, name).await?;
        let packs = tx.case_packs(file.record.id, None, PACKS_MAX as u64).await?;
        let contact = self.config().contact.clone();
        let me = self.gln();
        let own = file.standing.proposals.iter().rev().find(|proposal| proposal.by == me);
        let case = Case {
            case: file.record.uuid,
            message: new_uuid(),
            at: self.now(),
            sender: ContactInformation {
                vp: None,
                gln: Some(me.to_string()),
                email: contact.email.ok_or(CaseError::NoContact)?,
                phone: contact.phone,
            },
            matter: &file.record.matter,
            packs: &packs,
            evidence: file.evidence().collect(),
            proposal: own.map(|proposal| (proposal.id, proposal.resolution)),
            resolved: file.record.closed_at.is_some(),
        };
        let usual = if file.opener() == me { PdgForm::Report } else { PdgForm::Response };
        let message = match form.unwrap_or(usual) {
            PdgForm::Report => serde_json::to_value(case.report()),
            PdgForm::Response => {
                let entries: Vec<&Entry> = file.entries.iter().map(|(entry, _)| entry).collect();
                serde_json::to_value(case.response(&asked(&file, me), &entries))
            }
        };
        Ok(message.map_err(|error| NodeError::Inconsistent {
            expected: "a message that can be written as JSON",
            found: error.to_string(),
        })?)
    }

    /// Takes in a message of another party: a report opens a case or says how it goes on, a response
    /// answers this member's proposals.
    ///
    /// # Errors
    ///
    /// [`CaseError::Message`] for one that contradicts the case, [`CaseError::NoSuchCase`].
    pub async fn take_pdg(&self, json: &serde_json::Value) -> Result<PdgTaken, CaseError> {
        let message = Message::read(json).map_err(|error| wrong(error.to_string()))?;
        let (case, sender) = match &message {
            Message::Report(report) => (&report.exception_case_uuid, &report.sender_information),
            Message::Response(reply) => (&reply.exception_case_uuid, &reply.sender_information),
        };
        let uuid: Uuid = case.parse().map_err(|error| wrong(format!("{error}")))?;
        let from: Gln = sender
            .gln
            .as_deref()
            .ok_or(CaseError::Empty("the sender's GLN"))?
            .parse()
            .map_err(|error| wrong(format!("the sender's GLN: {error}")))?;
        if from == self.gln() {
            return Err(CaseError::Oneself);
        }
        let mut tx = self.inner().store.write().await?;
        let taken = match &message {
            Message::Report(report) => self.take_report(&mut tx, uuid, from, report, json).await?,
            Message::Response(reply) => self.take_response(&mut tx, uuid, from, reply).await?,
        };
        tx.commit().await?;
        Ok(taken)
    }

    async fn take_report(
        &self,
        tx: &mut WriteTx,
        uuid: Uuid,
        from: Gln,
        report: &ExceptionReport,
        json: &serde_json::Value,
    ) -> Result<PdgTaken, CaseError> {
        let read = report.read();
        let (id, opened) = match tx.case_named(uuid).await? {
            Some(record) if record.counterparty == Some(from) => (record.id, false),
            Some(_) => return Err(wrong(format!("{from} is no party of case {uuid}"))),
            None => {
                let reason: String = read.reason.chars().take(TEXT_CHARS_MAX).collect();
                let matter = Matter {
                    kind: read.kind,
                    reason,
                    actor: Actor::ThisMember,
                    what_to_do: "answer what the other party asks for".to_owned(),
                    items: read.packs.iter().take(Matter::ITEMS_MAX).cloned().collect(),
                    waits_for: None,
                };
                (self.open_reported(tx, uuid, from, &matter, &read.packs).await?, true)
            }
        };
        let mut acts = vec![(
            derived(&report.message_uuid, 0),
            match opened {
                true => Act::Opened,
                false => Act::Said { text: read.reason.clone(), keep: false },
            },
        )];
        for (n, (resolution, items)) in (1..).zip(&read.proposals) {
            let id = items.first().and_then(|item| item.parse().ok());
            let id = id.unwrap_or_else(|| derived(&report.message_uuid, n));
            acts.push((id, Act::Proposed { resolution: *resolution, text: None }));
        }
        if report.case_resolved {
            let outcome = format!("{from} says that the case is resolved");
            let id = derived(&report.message_uuid, u64::MAX);
            acts.push((id, Act::Resolved { outcome, resolution: None }));
        }
        let mut evidence = read.evidence;
        evidence.push(EvidenceItem::Other { name: KEPT_AS.to_owned(), value: json.clone() });
        let known = !self.add_theirs(tx, id, from, acts, evidence).await?;
        Ok(PdgTaken { case: id.0, uuid, opened, known })
    }

    /// Opens the case of a report.
    async fn open_reported(
        &self,
        tx: &mut WriteTx,
        uuid: Uuid,
        from: Gln,
        matter: &Matter,
        packs: &[theriac_gs1::Identifier],
    ) -> Result<CaseId, CaseError> {
        let now = self.now();
        let new = NewCase {
            packs,
            state: CaseState::Open,
            counterparty: Some(from),
            opened_by: Some(from),
            deadline: Some(self.case_deadline(matter.kind, now)),
            ..NewCase::about(matter, uuid, now.as_millisecond())
        };
        Ok(tx.open_case(&new).await?)
    }

    async fn take_response(
        &self,
        tx: &mut WriteTx,
        uuid: Uuid,
        from: Gln,
        reply: &ExceptionResponse,
    ) -> Result<PdgTaken, CaseError> {
        let record = tx.case_named(uuid).await?.ok_or(CaseError::NoSuchCase(uuid))?;
        if record.counterparty != Some(from) {
            return Err(wrong(format!("{from} is no party of case {uuid}")));
        }
        let id = record.id;
        let mut file = self.case_file(tx, record).await?;
        self.propose_usual(tx, &mut file, reply).await?;
        let mut items: HashMap<String, Uuid> = HashMap::new();
        for proposal in file.standing.proposals.iter().filter(|p| p.by == self.gln()) {
            items.extend(item_ids(proposal.id).map(|item| (item.to_string(), proposal.id)));
        }
        let answers = reply.read(|item| items.get(&item.to_lowercase()).copied());
        let mut acts = Vec::new();
        for (n, (proposal, answer)) in (1..).zip(answers) {
            let text = answer.text.map(|text| text.chars().take(TEXT_CHARS_MAX).collect());
            let (accept, alternative) = (answer.accept, answer.alternative);
            let act = Act::Answered { proposal, accept, text, alternative };
            acts.push((derived(&reply.message_uuid, n), act));
        }
        if let Some(text) = reply.additional_notes.clone().filter(|text| !text.trim().is_empty()) {
            let text = text.chars().take(TEXT_CHARS_MAX).collect();
            acts.push((derived(&reply.message_uuid, 0), Act::Said { text, keep: true }));
        }
        let known = !self.add_theirs(tx, id, from, acts, Vec::new()).await?;
        Ok(PdgTaken { case: id.0, uuid, opened: false, known })
    }

    /// A response to a report that asked for what is usual answers a proposal that nobody has made:
    /// it is made here.
    async fn propose_usual(
        &self,
        tx: &mut WriteTx,
        file: &mut CaseFile,
        reply: &ExceptionResponse,
    ) -> Result<(), NodeError> {
        let uuid = file.record.uuid;
        let usual: Vec<String> = item_ids(uuid).map(|id| id.to_string()).collect();
        let mut answered = reply.response_items.iter().flatten();
        let is_usual =
            answered.any(|item| usual.contains(&item.exception_item_uuid.to_lowercase()));
        if !is_usual || file.standing.proposal(uuid).is_some() {
            return Ok(());
        }
        let resolution = Resolution::usual(file.record.matter.kind);
        let act = Act::Proposed { resolution, text: None };
        let entry = Entry { id: uuid, ..self.entry_of(file, act, Vec::new()) };
        tx.add_case_entry(file.record.id, &row_of(&entry, true)).await?;
        file.entries.push((entry, true));
        file.refresh();
        Ok(())
    }

    /// Adds entries of the other party's; false if all were here before.
    async fn add_theirs(
        &self,
        tx: &mut WriteTx,
        id: CaseId,
        from: Gln,
        acts: Vec<(Uuid, Act)>,
        evidence: Vec<EvidenceItem>,
    ) -> Result<bool, NodeError> {
        let record = tx.case(id).await?.ok_or_else(|| missing("the case of a message"))?;
        let mut file = self.case_file(tx, record).await?;
        let mut any = false;
        let mut evidence = Some(evidence);
        for (id, act) in acts {
            let evidence = evidence.take().unwrap_or_default();
            let entry = Entry { id, author: from, ..self.entry_of(&file, act, evidence) };
            if tx.add_case_entry(file.record.id, &row_of(&entry, true)).await? {
                any = true;
                file.entries.push((entry, true));
                file.refresh();
            }
        }
        self.note_state(tx, &file).await?;
        Ok(any)
    }
}

/// The items that the other party's messages ask about, with their proposals.
fn asked(file: &CaseFile, me: Gln) -> Vec<(String, Uuid)> {
    let theirs: Vec<&Proposal> =
        file.standing.proposals.iter().filter(|proposal| proposal.by != me).collect();
    let kept = file.evidence().filter_map(|item| match item {
        EvidenceItem::Other { name, value } if name == KEPT_AS => Message::read(value).ok(),
        _ => None,
    });
    let mut asked = Vec::new();
    for message in kept {
        let Message::Report(report) = message else { continue };
        for (resolution, items) in report.read().proposals {
            let first = items.first().and_then(|item| item.parse::<Uuid>().ok());
            let found = theirs.iter().find(|p| Some(p.id) == first);
            let found = found.or_else(|| theirs.iter().find(|p| p.resolution == resolution));
            asked.extend(found.into_iter().flat_map(|proposal| {
                items.iter().map(|item| (item.clone(), proposal.id)).collect::<Vec<_>>()
            }));
        }
    }
    if asked.is_empty() {
        // What was proposed by a node has one item, of the proposal's own name.
        asked.extend(theirs.iter().map(|proposal| (proposal.id.to_string(), proposal.id)));
    }
    asked
}

/// The name of a part of a message: the same for the same message.
fn derived(message: &str, part: u64) -> Uuid {
    Uuid::derived(&[b"theriac pdg message", message.as_bytes(), &part.to_be_bytes()])
}

fn wrong(reason: String) -> CaseError {
    CaseError::Message(reason)
}
