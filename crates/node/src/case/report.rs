//! A case that a person reports.

use serde::{Deserialize, Serialize};
use theriac_custody::{Actor, CaseKind, EvidenceItem};
use theriac_gs1::{Gln, Identifier};

use super::talk::{check_evidence, check_text};
use super::{CaseDetail, CaseError, NewDispute, PACKS_MAX};
use crate::error::NodeError;
use crate::node::Node;
use crate::verify::read_code;

/// What a person reports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseRequest {
    /// The kind.
    pub kind: CaseKind,
    /// What was expected, what was found.
    pub reason: String,
    /// What to do; what is usual for the kind unless said.
    #[serde(default)]
    pub what_to_do: Option<String>,
    /// Codes of the packs, in any form.
    #[serde(default)]
    pub packs: Vec<String>,
    /// The other party.
    #[serde(default)]
    pub with: Option<Gln>,
    /// Whether the other party is told.
    #[serde(default)]
    pub tell: bool,
    /// What speaks for it.
    #[serde(default)]
    pub evidence: Vec<EvidenceItem>,
    /// Whether the packs in stock are set apart; suspect ones are unless said.
    #[serde(default)]
    pub quarantine: Option<bool>,
}

impl Node {
    /// Opens the case that a person reports; suspect packs are set apart by an EPCIS event, which
    /// quarantines them on the ledger.
    ///
    /// # Errors
    ///
    /// [`CaseError`].
    pub async fn report_case(&self, request: CaseRequest) -> Result<CaseDetail, CaseError> {
        check_text(&request.reason)?;
        request.what_to_do.as_deref().map_or(Ok(()), check_text)?;
        check_evidence(&request.evidence)?;
        match request.with {
            Some(with) if with == self.gln() => return Err(CaseError::Oneself),
            None if request.tell => return Err(CaseError::NoPartner),
            _ => {}
        }
        let packs = self.read_codes(&request.packs)?;
        let apart = request.quarantine.unwrap_or(request.kind == CaseKind::Suspect);
        let new = NewDispute {
            kind: request.kind,
            reason: request.reason,
            what_to_do: request.what_to_do.unwrap_or_else(|| advice(request.kind).to_owned()),
            actor: if request.tell { Actor::Partner } else { Actor::ThisMember },
            packs,
            counterparty: request.with,
            evidence: request.evidence,
            tell: request.tell,
            event: None,
            waits_for: None,
        };
        let mut tx = self.inner().store.write().await?;
        let id = self.open_case_about(&mut tx, new).await?;
        let name = id.to_string();
        let mut capture = None;
        if apart {
            let mut file = self.open_file(&mut tx, &name).await?;
            capture = self.set_packs_apart(&mut tx, &mut file).await?;
        }
        tx.commit().await?;
        self.admit_of_case(id, capture).await?;
        self.case_detail(&name).await
    }

    /// The items that codes name.
    fn read_codes(&self, codes: &[String]) -> Result<Vec<Identifier>, CaseError> {
        if codes.len() > PACKS_MAX {
            return Err(CaseError::TooMuch { what: "packs", most: PACKS_MAX, found: codes.len() });
        }
        let today = self.today();
        let read = codes.iter().map(|code| Ok(read_code(code, today)?.id));
        read.collect()
    }

    /// Admits an event that a case made; one that the rules hold is told in the case.
    pub(super) async fn admit_of_case(
        &self,
        case: theriac_store::CaseId,
        capture: Option<theriac_store::CaptureId>,
    ) -> Result<(), NodeError> {
        let Some(capture) = capture else { return Ok(()) };
        let report = self.process(capture).await?;
        let Some(held) = report.outcomes.iter().find(|o| o.state == "held" || o.state == "refused")
        else {
            return Ok(());
        };
        let because = held.reason.clone().unwrap_or_default();
        let text = format!("the event about the packs is {}: {because}", held.state);
        let mut tx = self.inner().store.write().await?;
        if let Some(record) = tx.case(case).await? {
            let file = self.case_file(&mut tx, record).await?;
            self.add_note(&mut tx, &file, text).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}

/// What is usually done about cases of a kind.
fn advice(kind: CaseKind) -> &'static str {
    match kind {
        CaseKind::Missing => "agree with the sender who looks for the packs, and who pays",
        CaseKind::Extra => "keep the packs apart until the sender sends data or takes them back",
        CaseKind::Damaged => "keep the packs apart; agree with the sender on their return",
        CaseKind::Mismatch => "keep the packs apart until the labeler says which data are right",
        CaseKind::NoData => "ask the sender for the data; the packs wait",
        CaseKind::Suspect | CaseKind::CloneSuspected => {
            "compare the packs with the labeler's data, then clear or confirm the suspicion"
        }
        CaseKind::ReturnFailed => "do not sell the packs again; ask the labeler",
        CaseKind::RecallUnacknowledged => "call the holder",
        CaseKind::MasterData => "agree on the right data, and send them again",
        CaseKind::MessageRefused => "correct what the message says, and send it again",
        CaseKind::Other | CaseKind::Rule(_) => "agree on what is to be done, then resolve the case",
    }
}
