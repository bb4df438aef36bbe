//! Answering: by the consent at once, or when a person has decided.

use theriac_custody::Hash;
use theriac_gs1::Identifier;
use theriac_store::{
    DeliveryKind, InquiryDocument, InquiryId, InquiryRecord, InquiryState, WriteTx,
};

use super::message::{AnswerMessage, AnswerState, Attached};
use super::receive::items_of;
use super::{INQUIRY_DOCUMENT_BYTES_MAX, INQUIRY_DOCUMENTS_MAX, INQUIRY_TEXT_MAX, InquireError};
use crate::error::NodeError;
use crate::node::Node;
use crate::trace::{Asking, SignedStatement, Told};

/// What the person says who decides.
#[derive(Debug, Clone, Copy)]
struct Decided<'a> {
    state: InquiryState,
    answer: AnswerState,
    words: &'a str,
}

impl Node {
    /// Answers an inquiry that came in, or has it wait for a person.
    pub(super) async fn answer_inquiry(&self, inquiry: &InquiryRecord) -> Result<(), NodeError> {
        let told = self.told_to(inquiry, false).await?;
        let Some(told) = told else {
            let words = "a person here must approve the answer";
            let (state, answer) = (InquiryState::Waiting, AnswerState::Pending);
            return self.send_answer(inquiry, Vec::new(), Decided { state, answer, words }).await;
        };
        if told.iter().all(|one| one.refused.is_some()) {
            let words = told.first().and_then(|one| one.refused.clone()).unwrap_or_default();
            let (state, answer) = (InquiryState::Denied, AnswerState::Denied);
            let decided = Decided { state, answer, words: &words };
            return self.send_answer(inquiry, Vec::new(), decided).await;
        }
        let words = "by this node, as its consent says";
        let (state, answer) = (InquiryState::Answered, AnswerState::Answered);
        self.send_answer(inquiry, told, Decided { state, answer, words }).await
    }

    /// Has an inquiry answered that waits for approval: all is told.
    ///
    /// # Errors
    ///
    /// [`InquireError::Unknown`], [`InquireError::NotWaiting`].
    pub async fn approve_inquiry(&self, id: InquiryId, words: &str) -> Result<(), InquireError> {
        let inquiry = self.waiting_inquiry(id).await?;
        let words = checked(words)?;
        let told = self.told_to(&inquiry, true).await?.unwrap_or_default();
        let (state, answer) = (InquiryState::Answered, AnswerState::Answered);
        Ok(self.send_answer(&inquiry, told, Decided { state, answer, words }).await?)
    }

    /// Denies an inquiry that waits for approval.
    ///
    /// # Errors
    ///
    /// [`InquireError::Unknown`], [`InquireError::NotWaiting`], [`InquireError::Request`] without a
    /// reason.
    pub async fn deny_inquiry(&self, id: InquiryId, reason: &str) -> Result<(), InquireError> {
        let inquiry = self.waiting_inquiry(id).await?;
        let words = checked(reason)?;
        if words.is_empty() {
            let (expected, found) = ("a reason".to_owned(), "none".to_owned());
            return Err(InquireError::Request { expected, found });
        }
        let (state, answer) = (InquiryState::Denied, AnswerState::Denied);
        Ok(self.send_answer(&inquiry, Vec::new(), Decided { state, answer, words }).await?)
    }

    /// Adds a document to the answer of an inquiry that waits for approval; its SHA-256.
    ///
    /// # Errors
    ///
    /// [`InquireError::Unknown`], [`InquireError::NotWaiting`], [`InquireError::Request`] for one that
    /// is too long or one too many.
    pub async fn attach_to_inquiry(
        &self,
        id: InquiryId,
        name: &str,
        content_type: &str,
        body: Vec<u8>,
    ) -> Result<Hash, InquireError> {
        self.waiting_inquiry(id).await?;
        let digest: [u8; 32] = <sha2::Sha256 as sha2::Digest>::digest(&body).into();
        let document = InquiryDocument {
            party: self.gln(),
            name: name.chars().take(200).collect(),
            content_type: content_type.chars().take(200).collect(),
            digest: Hash(digest),
            body,
        };
        let mut tx = self.inner().store.write().await?;
        let there = tx.inquiry_documents(id).await?.len();
        let bytes = document.body.len();
        if there >= INQUIRY_DOCUMENTS_MAX || bytes > INQUIRY_DOCUMENT_BYTES_MAX {
            let expected = format!(
                "at most {INQUIRY_DOCUMENTS_MAX} documents of {INQUIRY_DOCUMENT_BYTES_MAX} bytes"
            );
            let found = format!("{} and one of {bytes} bytes", there);
            return Err(InquireError::Request { expected, found });
        }
        tx.keep_inquiry_document(id, &document).await?;
        tx.commit().await?;
        Ok(document.digest)
    }

    async fn waiting_inquiry(&self, id: InquiryId) -> Result<InquiryRecord, InquireError> {
        let inquiry = self.inner().store.inquiry(id).await?;
        let inquiry = inquiry.ok_or(InquireError::Unknown(id.0))?;
        match inquiry.state {
            InquiryState::Waiting => Ok(inquiry),
            state => Err(InquireError::NotWaiting(state)),
        }
    }

    /// What is told about each item; `None` if a person must approve it first.
    async fn told_to(
        &self,
        inquiry: &InquiryRecord,
        approved: bool,
    ) -> Result<Option<Vec<Told>>, NodeError> {
        let items: Vec<Identifier> = items_of(inquiry);
        let asking = Asking {
            by: inquiry.asked_by,
            kind: inquiry.kind,
            inquiry: Some(inquiry.number),
            approved,
            leaf: true,
        };
        let mut all = Vec::with_capacity(items.len());
        for item in &items {
            match self.tell(item, asking).await? {
                Some(told) => all.push(told),
                None => return Ok(None),
            }
        }
        Ok(Some(all))
    }

    /// Queues the answer, and notes the decision in the same transaction.
    async fn send_answer(
        &self,
        inquiry: &InquiryRecord,
        told: Vec<Told>,
        decided: Decided<'_>,
    ) -> Result<(), NodeError> {
        let mut signed: Vec<SignedStatement> = Vec::with_capacity(told.len());
        for one in &told {
            signed.push(self.sign_statement(one).await?);
        }
        let mut tx = self.inner().store.write().await?;
        let message = AnswerMessage {
            number: inquiry.number,
            state: decided.answer,
            reason: (!decided.words.is_empty()).then(|| decided.words.to_owned()),
            told: signed,
            documents: attached(&mut tx, inquiry.id, decided.answer).await?,
        };
        let subject = Some(inquiry.number);
        let kind = DeliveryKind::InquiryAnswer;
        self.post_message(&mut tx, inquiry.asked_by, kind, subject, &message).await?;
        match decided.answer {
            AnswerState::Pending => tx.set_inquiry_state(inquiry.id, decided.state).await?,
            _ => {
                let now = self.now().as_millisecond();
                tx.decide_inquiry(inquiry.id, decided.state, decided.words, now).await?;
            }
        }
        Ok(tx.commit().await?)
    }
}

/// The documents that were added to an answer.
async fn attached(
    tx: &mut WriteTx,
    inquiry: InquiryId,
    answer: AnswerState,
) -> Result<Vec<Attached>, NodeError> {
    if answer != AnswerState::Answered {
        return Ok(Vec::new());
    }
    let documents = tx.inquiry_documents(inquiry).await?.into_iter();
    let attached = documents.map(|one| Attached {
        name: one.name,
        content_type: one.content_type,
        body: hex::encode(one.body),
    });
    Ok(attached.collect())
}

fn checked(words: &str) -> Result<&str, InquireError> {
    let words = words.trim();
    let found = words.chars().count();
    if found > INQUIRY_TEXT_MAX {
        let expected = format!("at most {INQUIRY_TEXT_MAX} characters");
        return Err(InquireError::Request { expected, found: found.to_string() });
    }
    Ok(words)
}
