//! Asking: an authority's inquiry, and what a trace still waits for.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use theriac_custody::{Hash, Role};
use theriac_gs1::{Gln, Identifier};
use theriac_store::{
    DeliveryKind, DeliveryState, InquiryId, InquiryKind, InquiryRecord, InquiryState, NewInquiry,
    PartyState, WriteTx,
};

use super::message::{InquiryMessage, Question, is_asked_about};
use super::{INQUIRY_ITEMS_MAX, INQUIRY_TEXT_MAX};
use crate::clock::days_of;
use crate::error::NodeError;
use crate::node::Node;
use crate::trace::{Gathered, Pursued, SignedStatement};
use crate::verify::{VerifyError, read_code};

/// What is to be found out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InquiryRequest {
    /// The codes of packs and logistic units in any form, and of lots as GS1 Digital Links
    /// (`https://id.gs1.org/01/GTIN/10/LOT`).
    pub items: Vec<String>,
    /// Why, in a sentence.
    pub reason: String,
    /// The legal basis, such as the paragraph of an act.
    pub legal_basis: String,
    /// Members to ask whoever else is asked.
    #[serde(default)]
    pub parties: Vec<Gln>,
}

/// Why an inquiry is not made, approved or denied.
#[derive(Debug, thiserror::Error)]
pub enum InquireError {
    /// This member is no authority.
    #[error(
        "expected a regulator's node to make an inquiry, found one of another role: trace the pack instead"
    )]
    NotARegulator,
    /// What is asked, or said, is not complete.
    #[error("expected {expected}, found {found}")]
    Request {
        /// What was expected.
        expected: String,
        /// What was found.
        found: String,
    },
    /// A code cannot be read.
    #[error(transparent)]
    Code(#[from] VerifyError),
    /// There is no such inquiry.
    #[error("expected the number of an inquiry, found {0}: theriac inquiry list")]
    Unknown(i64),
    /// The inquiry does not wait for approval.
    #[error("expected an inquiry that waits for approval, found one that is {0}")]
    NotWaiting(InquiryState),
    /// The node could not do it.
    #[error(transparent)]
    Node(#[from] NodeError),
}

impl From<theriac_store::StoreError> for InquireError {
    fn from(error: theriac_store::StoreError) -> Self {
        Self::Node(error.into())
    }
}

impl Node {
    /// Makes an authority's inquiry: the parties of the items are asked, now or when they can be
    /// reached.
    ///
    /// # Errors
    ///
    /// [`InquireError::NotARegulator`], [`InquireError::Request`], [`InquireError::Code`].
    pub async fn inquire(&self, request: &InquiryRequest) -> Result<InquiryId, InquireError> {
        let members = self.inner().store.members(days_of(self.today())).await?;
        if !members.get(&self.gln()).is_some_and(|own| own.roles.has(Role::Regulator)) {
            return Err(InquireError::NotARegulator);
        }
        for (name, text) in [("reason", &request.reason), ("legal_basis", &request.legal_basis)] {
            let found = text.chars().count();
            if !(1..=INQUIRY_TEXT_MAX).contains(&found) {
                let expected = format!("a {name} of 1 to {INQUIRY_TEXT_MAX} characters");
                return Err(InquireError::Request { expected, found: found.to_string() });
            }
        }
        let items = self.items_of(&request.items)?;
        let named = request.parties.iter().find(|gln| !members.contains_key(gln));
        if let Some(stranger) = named {
            let (expected, found) = ("GLNs of members".to_owned(), stranger.to_string());
            return Err(InquireError::Request { expected, found });
        }
        let kind = InquiryKind::Authority;
        let new = self.new_inquiry(kind, items, &request.reason, &request.legal_basis).await?;
        let mut tx = self.inner().store.write().await?;
        let id = tx.insert_inquiry(&new).await?.ok_or_else(twice)?;
        let record = tx.inquiry(id).await?.ok_or_else(twice)?;
        for party in request.parties.iter().filter(|gln| **gln != self.gln()) {
            self.ask_one(&mut tx, &record, *party).await?;
        }
        tx.commit().await?;
        self.work_on_inquiries().await?;
        Ok(id)
    }

    fn items_of(&self, codes: &[String]) -> Result<Vec<Identifier>, InquireError> {
        if codes.is_empty() || codes.len() > INQUIRY_ITEMS_MAX {
            let (expected, found) = (format!("1 to {INQUIRY_ITEMS_MAX} items"), codes.len());
            return Err(InquireError::Request { expected, found: found.to_string() });
        }
        let mut items = BTreeSet::new();
        for code in codes {
            match code.parse::<Identifier>() {
                Ok(id) if is_asked_about(&id) => items.insert(id),
                _ => items.insert(read_code(code, self.today())?.id),
            };
        }
        Ok(items.into_iter().collect())
    }

    async fn new_inquiry(
        &self,
        kind: InquiryKind,
        items: Vec<Identifier>,
        reason: &str,
        legal_basis: &str,
    ) -> Result<NewInquiry, NodeError> {
        let mut number = [0; 32];
        rand::fill(&mut number);
        let items: Vec<String> = items.iter().map(Identifier::digital_link).collect();
        let question = Question {
            number: Hash(number),
            from: self.gln(),
            kind,
            items,
            reason: reason.to_owned(),
            legal_basis: legal_basis.to_owned(),
            asked_at: self.now().to_string(),
        };
        let signed = self.sign_statement(&question).await?;
        Ok(NewInquiry {
            number: question.number,
            asked_by: self.gln(),
            kind,
            state: InquiryState::Open,
            subject: serde_json::json!({ "items": question.items }),
            reason: question.reason,
            legal_basis: question.legal_basis,
            statement: signed.statement,
            signature: signed.signature,
            asked_at: self.now().as_millisecond(),
            due_at: None,
        })
    }

    /// Asks a member, unless it was asked; true if it was not.
    pub(super) async fn ask_one(
        &self,
        tx: &mut WriteTx,
        inquiry: &InquiryRecord,
        party: Gln,
    ) -> Result<bool, NodeError> {
        let roles = tx.stored_member(&party).await?.map(|member| member.roles).unwrap_or_default();
        let now = self.now();
        let due = self.profile().inquiry_due(roles, now);
        let is_new =
            tx.ask_party(inquiry.id, party, now.as_millisecond(), due.as_millisecond()).await?;
        if is_new {
            self.post_inquiry(tx, inquiry, party, 0).await?;
        }
        Ok(is_new)
    }

    pub(super) async fn post_inquiry(
        &self,
        tx: &mut WriteTx,
        inquiry: &InquiryRecord,
        party: Gln,
        reminder: u32,
    ) -> Result<(), NodeError> {
        let question = SignedStatement {
            by: inquiry.asked_by,
            statement: inquiry.statement.clone(),
            signature: inquiry.signature.clone(),
        };
        let message = InquiryMessage { question, reminder };
        let subject = Some(inquiry.number);
        self.post_message(tx, party, DeliveryKind::Inquiry, subject, &message).await?;
        Ok(())
    }

    /// Sends an inquiry to the parties that did not answer a trace, unless one is on its way; since
    /// when they are asked, and when again.
    pub(crate) async fn pursue(
        &self,
        id: &Identifier,
        gathered: &Gathered,
    ) -> Result<BTreeMap<Gln, Pursued>, NodeError> {
        let subject = serde_json::json!({ "items": [id.digital_link()] });
        let (me, kind) = (self.gln(), InquiryKind::Trace);
        let pending = self.inner().store.pending_inquiry(&me, kind, &subject).await?;
        let silent = gathered.silent();
        let mut pursued = BTreeMap::new();
        if silent.is_empty() && pending.is_none() {
            return Ok(pursued);
        }
        let new = match &pending {
            Some(_) => None,
            None => {
                let reason = "a trace that was not answered";
                Some(self.new_inquiry(kind, vec![id.clone()], reason, "").await?)
            }
        };
        let mut tx = self.inner().store.write().await?;
        let inquiry = match (pending, new) {
            (Some(pending), _) => pending,
            (None, Some(new)) => {
                let id = tx.insert_inquiry(&new).await?.ok_or_else(twice)?;
                tx.inquiry(id).await?.ok_or_else(twice)?
            }
            (None, None) => return Ok(pursued),
        };
        for party in &silent {
            self.ask_one(&mut tx, &inquiry, *party).await?;
        }
        let now = self.now().as_millisecond();
        let deliveries = tx.deliveries_about(&inquiry.number).await?;
        for asked in tx.inquiry_parties(inquiry.id).await? {
            let waits = matches!(asked.state, PartyState::Asked | PartyState::Pending);
            if waits && !silent.contains(&asked.party) {
                let state = PartyState::Answered;
                tx.party_answers(inquiry.id, asked.party, state, Some("at once"), now).await?;
                continue;
            }
            let again = deliveries
                .iter()
                .filter(|one| one.to == asked.party && one.state == DeliveryState::Due)
                .map(|one| one.next_at)
                .max();
            let since = waits.then(|| text_of(asked.asked_at));
            pursued.insert(asked.party, Pursued { since, again: again.map(text_of) });
        }
        self.complete_if_done(&mut tx, &inquiry).await?;
        tx.commit().await?;
        Ok(pursued)
    }

    /// Marks an inquiry as complete when nobody owes it an answer.
    pub(super) async fn complete_if_done(
        &self,
        tx: &mut WriteTx,
        inquiry: &InquiryRecord,
    ) -> Result<(), NodeError> {
        let parties = tx.inquiry_parties(inquiry.id).await?;
        let waits = |state| matches!(state, PartyState::Asked | PartyState::Pending);
        if parties.iter().any(|one| waits(one.state)) {
            return Ok(tx.set_inquiry_state(inquiry.id, InquiryState::Asked).await?);
        }
        let (state, now) = (InquiryState::Complete, self.now().as_millisecond());
        Ok(tx.decide_inquiry(inquiry.id, state, "all that were asked have answered", now).await?)
    }
}

/// Milliseconds since 1970 as RFC 3339.
pub(super) fn text_of(at: i64) -> String {
    jiff::Timestamp::from_millisecond(at).map_or_else(|_| at.to_string(), |at| at.to_string())
}

fn twice() -> NodeError {
    NodeError::Inconsistent {
        expected: "an inquiry on record under its random number",
        found: "none".to_owned(),
    }
}
