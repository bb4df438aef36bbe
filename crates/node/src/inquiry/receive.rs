//! Taking in: inquiries of other members, and their answers to ours.

use theriac_custody::Hash;
use theriac_gs1::Gln;
use theriac_store::{
    InquiryDocument, InquiryKind, InquiryRecord, InquiryState, NewInquiry, PartyState, ToldRecord,
    WriteTx,
};

use super::message::{AnswerMessage, AnswerState, Attached, InquiryMessage, Question};
use super::{INQUIRY_DOCUMENT_BYTES_MAX, INQUIRY_DOCUMENTS_MAX, INQUIRY_TEXT_MAX};
use crate::exchange::ExchangeError;
use crate::node::Node;
use crate::trace::StatementFault;

impl Node {
    /// Puts another member's inquiry on record; it is answered afterwards.
    pub(crate) async fn take_inquiry(
        &self,
        tx: &mut WriteTx,
        from: Gln,
        body: &[u8],
    ) -> Result<(), ExchangeError> {
        let message: InquiryMessage = serde_json::from_slice(body)
            .map_err(|error| ExchangeError::NotAMessage(error.to_string()))?;
        let signed = &message.question;
        let question: Question = self.read_statement(signed).await?.map_err(refusal)?;
        if signed.by != from || question.from != from {
            let text = format!("expected an inquiry of {from}, found one of {}", question.from);
            return Err(ExchangeError::Rejected(text));
        }
        question.items().map_err(ExchangeError::Rejected)?;
        let now = self.now();
        let own = tx.stored_member(&self.gln()).await?;
        let roles = own.map(|own| own.roles).unwrap_or_default();
        let due = self.profile().inquiry_due(roles, now);
        let new = NewInquiry {
            number: question.number,
            asked_by: from,
            kind: question.kind,
            state: InquiryState::Received,
            subject: serde_json::json!({ "items": question.items }),
            reason: question.reason,
            legal_basis: question.legal_basis,
            statement: signed.statement.clone(),
            signature: signed.signature.clone(),
            asked_at: now.as_millisecond(),
            due_at: Some(due.as_millisecond()),
        };
        if tx.insert_inquiry(&new).await?.is_none() {
            tracing::info!(%from, number = %new.number, "reminded of an inquiry");
        }
        Ok(())
    }

    /// Takes a party's answer to an inquiry of this member.
    pub(crate) async fn take_answer(
        &self,
        tx: &mut WriteTx,
        from: Gln,
        body: &[u8],
    ) -> Result<(), ExchangeError> {
        let message: AnswerMessage = serde_json::from_slice(body)
            .map_err(|error| ExchangeError::NotAMessage(error.to_string()))?;
        let inquiry = tx.inquiry_of(&self.gln(), &message.number).await?.ok_or_else(|| {
            ExchangeError::Rejected(format!("no inquiry has the number {}", message.number))
        })?;
        let parties = tx.inquiry_parties(inquiry.id).await?;
        let Some(party) = parties.into_iter().find(|one| one.party == from) else {
            let text = format!("{from} was not asked in inquiry {}", message.number);
            return Err(ExchangeError::Rejected(text));
        };
        let state = match message.state {
            AnswerState::Answered => PartyState::Answered,
            AnswerState::Pending => PartyState::Pending,
            AnswerState::Denied => PartyState::Denied,
        };
        self.keep_answer(tx, &inquiry, from, &message).await?;
        let is_over = matches!(party.state, PartyState::Answered | PartyState::Denied);
        if !(is_over && state == PartyState::Pending) {
            let reason: Option<String> =
                message.reason.map(|text| text.chars().take(INQUIRY_TEXT_MAX).collect());
            let now = self.now().as_millisecond();
            tx.party_answers(inquiry.id, from, state, reason.as_deref(), now).await?;
        }
        Ok(tx.set_inquiry_state(inquiry.id, InquiryState::Open).await?)
    }

    /// Keeps what an answer tells, which must be about what was asked.
    async fn keep_answer(
        &self,
        tx: &mut WriteTx,
        inquiry: &InquiryRecord,
        from: Gln,
        message: &AnswerMessage,
    ) -> Result<(), ExchangeError> {
        let items = items_of(inquiry);
        for signed in &message.told {
            let told: crate::trace::Told = self.read_statement(signed).await?.map_err(refusal)?;
            let item = items.iter().find(|item| item.digital_link() == told.item);
            let fits = told.inquiry == Some(inquiry.number) && told.to == self.gln();
            let Some(item) = item.filter(|_| fits && signed.by == from) else {
                let text =
                    "expected statements of the sender about the items asked, to this inquiry";
                return Err(ExchangeError::Rejected(text.to_owned()));
            };
            tx.keep_told(&ToldRecord {
                item: item.clone(),
                party: from,
                inquiry: Some(inquiry.id),
                at: self.now().as_millisecond(),
                statement: signed.statement.clone(),
                signature: signed.signature.clone(),
            })
            .await?;
        }
        if inquiry.kind == InquiryKind::Trace && !message.documents.is_empty() {
            return Err(ExchangeError::Rejected("a trace takes no documents".to_owned()));
        }
        if message.documents.len() > INQUIRY_DOCUMENTS_MAX {
            let text = format!("expected at most {INQUIRY_DOCUMENTS_MAX} documents, found more");
            return Err(ExchangeError::Rejected(text));
        }
        for attached in &message.documents {
            let document = document(from, attached)?;
            tx.keep_inquiry_document(inquiry.id, &document).await?;
        }
        Ok(())
    }
}

fn document(party: Gln, attached: &Attached) -> Result<InquiryDocument, ExchangeError> {
    let body = hex::decode(&attached.body).ok();
    let body = body.filter(|body| body.len() <= INQUIRY_DOCUMENT_BYTES_MAX).ok_or_else(|| {
        let text = format!("expected a document of at most {INQUIRY_DOCUMENT_BYTES_MAX} bytes");
        ExchangeError::Rejected(text)
    })?;
    let digest: [u8; 32] = <sha2::Sha256 as sha2::Digest>::digest(&body).into();
    Ok(InquiryDocument {
        party,
        name: attached.name.chars().take(200).collect(),
        content_type: attached.content_type.chars().take(200).collect(),
        digest: Hash(digest),
        body,
    })
}

/// The items that an inquiry is about.
pub(super) fn items_of(inquiry: &InquiryRecord) -> Vec<theriac_gs1::Identifier> {
    let links = inquiry.subject.get("items").and_then(|items| items.as_array());
    let links = links.into_iter().flatten().filter_map(|link| link.as_str());
    links.filter_map(|link| link.parse().ok()).collect()
}

/// One that was signed with a key that is not followed yet may count later.
fn refusal(fault: StatementFault) -> ExchangeError {
    match fault {
        StatementFault::NoKey { .. } => ExchangeError::Later(fault.to_string()),
        fault => ExchangeError::Rejected(fault.to_string()),
    }
}
