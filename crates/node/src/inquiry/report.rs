//! Inquiries as they are told to people and machines.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use theriac_gs1::{Gln, Identifier};
use theriac_store::{
    DeliveryRecord, DeliveryState, InquiryId, InquiryPartyRecord, InquiryRecord, PartyState, ReadTx,
};

use super::InquireError;
use super::ask::text_of;
use crate::error::NodeError;
use crate::node::Node;
use crate::report::{Journey, Party};
use crate::trace::Pursued;

/// An inquiry of this member's or another's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InquiryEntry {
    /// Its number here.
    pub inquiry: i64,
    /// Its number at all members.
    pub number: String,
    /// The member that asks.
    pub asked_by: Party,
    /// Whether that is this one.
    pub ours: bool,
    /// `authority`, or `trace`: parties that did not answer a trace are asked again.
    pub kind: String,
    /// `open`, `asked`, `complete` (ours); `received`, `waiting` (for approval), `answered`, `denied`.
    pub state: String,
    /// What it is about, as GS1 Digital Links.
    pub items: Vec<String>,
    /// The reason given.
    pub reason: String,
    /// The legal basis given.
    pub legal_basis: String,
    /// When it was asked, or came in; RFC 3339.
    pub asked_at: String,
    /// Until when this member must answer it, RFC 3339; `null` for one of its own.
    pub due_at: Option<String>,
    /// When it was answered, denied or complete; RFC 3339.
    pub decided_at: Option<String>,
    /// What was said to it.
    pub decision: Option<String>,
    /// Whether this member is or was late with its answer, or a party of its own inquiry is.
    pub late: bool,
}

/// A member asked in an inquiry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InquiryPartyEntry {
    /// The member.
    pub party: Party,
    /// `asked`, `pending` (a person there must approve), `answered` or `denied`.
    pub state: String,
    /// When it was asked, RFC 3339.
    pub asked_at: String,
    /// Until when it must answer, RFC 3339.
    pub due_at: String,
    /// When it answered, RFC 3339.
    pub answered_at: Option<String>,
    /// Whether it has answered late, or is late.
    pub late: bool,
    /// What it says to it.
    pub reason: Option<String>,
    /// How often it was reminded.
    pub reminders: u32,
    /// Why the message has not reached it; `null` when it has.
    pub not_reached: Option<String>,
}

/// A document that came with an answer, or goes with ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InquiryDocumentEntry {
    /// The member that it is of.
    pub party: Gln,
    /// Its name.
    pub name: String,
    /// Its media type.
    pub content_type: String,
    /// SHA-256 of its bytes.
    pub digest: String,
    /// Its length in bytes.
    pub bytes: u64,
}

/// An inquiry with all that is known of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InquiryReport {
    /// The inquiry.
    #[serde(flatten)]
    pub entry: InquiryEntry,
    /// The members asked.
    pub parties: Vec<InquiryPartyEntry>,
    /// The journey of each item, as the ledger shows it and the answers tell it; of our own inquiries.
    pub journeys: Vec<Journey>,
    /// The documents.
    pub documents: Vec<InquiryDocumentEntry>,
}

/// Who was told how much about what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisclosureEntry {
    /// The member.
    pub asked_by: Party,
    /// What it asked about, as GS1 Digital Link.
    pub item: String,
    /// `trace` or `authority`.
    pub kind: String,
    /// `nothing` (but what it was a party of), `names`, `all` or `refused`.
    pub sight: String,
    /// When first, RFC 3339.
    pub first_at: String,
    /// When last, RFC 3339.
    pub last_at: String,
    /// How often.
    pub times: u64,
}

impl Node {
    /// The last `limit` inquiries, newest first.
    ///
    /// # Errors
    ///
    /// [`NodeError::Store`].
    pub async fn inquiries(&self, limit: u64) -> Result<Vec<InquiryEntry>, NodeError> {
        let mut tx = self.inner().store.read().await?;
        let mut entries = Vec::new();
        for record in tx.inquiries(limit).await? {
            entries.push(self.inquiry_entry(&mut tx, &record).await?);
        }
        Ok(entries)
    }

    /// An inquiry with its parties, journeys and documents.
    ///
    /// # Errors
    ///
    /// [`InquireError::Unknown`].
    pub async fn inquiry(&self, id: InquiryId) -> Result<InquiryReport, InquireError> {
        let mut tx = self.inner().store.read().await?;
        let record = tx.inquiry(id).await?.ok_or(InquireError::Unknown(id.0))?;
        let entry = self.inquiry_entry(&mut tx, &record).await?;
        let deliveries = tx.deliveries_about(&record.number).await?;
        let mut parties = Vec::new();
        for one in tx.inquiry_parties(id).await? {
            parties.push(self.party_entry(&mut tx, &one, &deliveries).await?);
        }
        let documents = tx.inquiry_documents(id).await?.into_iter();
        let documents = documents
            .map(|one| InquiryDocumentEntry {
                party: one.party,
                name: one.name,
                content_type: one.content_type,
                digest: one.digest.to_string(),
                bytes: one.body.len() as u64,
            })
            .collect();
        drop(tx);
        let journeys = match entry.ours {
            true => self.journeys_in(&record).await?,
            false => Vec::new(),
        };
        Ok(InquiryReport { entry, parties, journeys, documents })
    }

    /// A document of an inquiry by its SHA-256.
    ///
    /// # Errors
    ///
    /// [`NodeError::Store`].
    pub async fn inquiry_document(
        &self,
        id: InquiryId,
        digest: &str,
    ) -> Result<Option<(String, Vec<u8>)>, NodeError> {
        let documents = self.inner().store.inquiry_documents(id).await?;
        let found = documents.into_iter().find(|one| one.digest.to_string() == digest);
        Ok(found.map(|one| (one.content_type, one.body)))
    }

    /// Who was told how much about what, the latest first.
    ///
    /// # Errors
    ///
    /// [`NodeError::Store`].
    pub async fn disclosures(&self, limit: u64) -> Result<Vec<DisclosureEntry>, NodeError> {
        let mut tx = self.inner().store.read().await?;
        let mut entries = Vec::new();
        for one in tx.disclosures(limit).await? {
            entries.push(DisclosureEntry {
                asked_by: self.party(&mut tx, one.asked_by).await?,
                item: one.item.digital_link(),
                kind: one.kind.to_string(),
                sight: one.sight,
                first_at: text_of(one.first_at),
                last_at: text_of(one.last_at),
                times: one.times,
            });
        }
        Ok(entries)
    }

    async fn inquiry_entry(
        &self,
        tx: &mut ReadTx,
        record: &InquiryRecord,
    ) -> Result<InquiryEntry, NodeError> {
        let now = self.now().as_millisecond();
        let parties = tx.inquiry_parties(record.id).await?;
        let own = record.due_at.is_some_and(|due| record.decided_at.unwrap_or(now) > due);
        let late = own || parties.iter().any(|one| is_late(one, now));
        let items = super::receive::items_of(record);
        Ok(InquiryEntry {
            inquiry: record.id.0,
            number: record.number.to_string(),
            asked_by: self.party(tx, record.asked_by).await?,
            ours: record.asked_by == self.gln(),
            kind: record.kind.to_string(),
            state: record.state.to_string(),
            items: items.iter().map(Identifier::digital_link).collect(),
            reason: record.reason.clone(),
            legal_basis: record.legal_basis.clone(),
            asked_at: text_of(record.asked_at),
            due_at: record.due_at.map(text_of),
            decided_at: record.decided_at.map(text_of),
            decision: record.decision.clone(),
            late,
        })
    }

    async fn party_entry(
        &self,
        tx: &mut ReadTx,
        one: &InquiryPartyRecord,
        deliveries: &[DeliveryRecord],
    ) -> Result<InquiryPartyEntry, NodeError> {
        let mine = deliveries.iter().filter(|delivery| delivery.to == one.party);
        let not_reached = mine
            .filter(|delivery| delivery.state != DeliveryState::Acknowledged)
            .map(|delivery| delivery.error.clone().unwrap_or_else(|| "not sent yet".to_owned()))
            .next_back();
        Ok(InquiryPartyEntry {
            party: self.party(tx, one.party).await?,
            state: one.state.to_string(),
            asked_at: text_of(one.asked_at),
            due_at: text_of(one.due_at),
            answered_at: one.answered_at.map(text_of),
            late: is_late(one, self.now().as_millisecond()),
            reason: one.reason.clone(),
            reminders: one.reminders,
            not_reached,
        })
    }

    /// The journeys of an inquiry's items; who owes an answer is silent since it was asked.
    async fn journeys_in(&self, record: &InquiryRecord) -> Result<Vec<Journey>, NodeError> {
        let parties = self.inner().store.inquiry_parties(record.id).await?;
        let mut pursued = BTreeMap::new();
        for one in &parties {
            let waits = matches!(one.state, PartyState::Asked | PartyState::Pending);
            if waits {
                let since = Some(text_of(one.asked_at));
                pursued.insert(one.party, Pursued { since, again: None });
            }
        }
        let mut journeys = Vec::new();
        for (item, mut gathered) in self.gathered_in(record).await? {
            for one in &parties {
                gathered.note_party(one);
            }
            let events = self.inner().store.events_of_item(&item).await?;
            let code = item.digital_link();
            journeys.push(self.journey(&code, &item, events, &gathered, &pursued).await?);
        }
        Ok(journeys)
    }
}

/// Whether a party has answered late, or is late.
fn is_late(one: &InquiryPartyRecord, now: i64) -> bool {
    one.answered_at.unwrap_or(now) > one.due_at
}
