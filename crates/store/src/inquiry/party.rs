//! The members asked in an inquiry, and the documents that came with their answers.

use sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use theriac_custody::Hash;
use theriac_gs1::Gln;

use super::InquiryId;
use crate::column::{Millis, cell, val};
use crate::connection::{Conflict, Connection, Insert, Row};
use crate::error::StoreError;
use crate::store::{WriteTx, reads};
use crate::word::words;

words! {
    /// How far a member is with its answer.
    PartyState {
        /// It has not answered.
        Asked = 0 "asked",
        /// It has said that a person must approve its answer.
        Pending = 1 "pending",
        /// It has answered.
        Answered = 2 "answered",
        /// It has denied an answer.
        Denied = 3 "denied",
    }
}

/// A member asked in an inquiry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InquiryPartyRecord {
    /// The inquiry.
    pub inquiry: InquiryId,
    /// The member.
    pub party: Gln,
    /// How far it is.
    pub state: PartyState,
    /// When it was asked.
    pub asked_at: Millis,
    /// Until when it must answer.
    pub due_at: Millis,
    /// When it answered or denied.
    pub answered_at: Option<Millis>,
    /// What it says to it, in words.
    pub reason: Option<String>,
    /// How often it was reminded.
    pub reminders: u32,
    /// When it was reminded last.
    pub reminded_at: Option<Millis>,
}

/// A document that came with an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InquiryDocument {
    /// The member that sent it.
    pub party: Gln,
    /// Its name.
    pub name: String,
    /// Its media type.
    pub content_type: String,
    /// SHA-256 of its bytes.
    pub digest: Hash,
    /// Its bytes.
    pub body: Vec<u8>,
}

reads! {
    /// The members asked in an inquiry, in the order in which they were asked.
    statement fn inquiry_parties(inquiry: InquiryId) -> Vec<InquiryPartyRecord>;
    /// The members that have not answered by `now` and were not reminded since `reminded_before`,
    /// the first `limit` of them.
    statement fn late_parties(
        now: Millis,
        reminded_before: Millis,
        limit: u64,
    ) -> Vec<InquiryPartyRecord>;
    /// The documents that came with the answers to an inquiry.
    statement fn inquiry_documents(inquiry: InquiryId) -> Vec<InquiryDocument>;
}

impl WriteTx {
    /// Notes that a member is asked; false, and nothing changes, when it was asked before.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn ask_party(
        &mut self,
        inquiry: InquiryId,
        party: Gln,
        asked_at: Millis,
        due_at: Millis,
    ) -> Result<bool, StoreError> {
        let insert = Insert {
            table: "inquiry_party",
            columns: &["inquiry", "party", "state", "asked_at", "due_at", "reminders"],
            conflict: Conflict::Skip(&["inquiry", "party"]),
            returning: &["id"],
        };
        let row = vec![
            cell(&inquiry),
            cell(&party),
            cell(&PartyState::Asked),
            cell(&asked_at),
            cell(&due_at),
            cell(&0_u32),
        ];
        Ok(!self.connection().insert(&insert, vec![row]).await?.is_empty())
    }

    /// Notes how far a member is with its answer; one that was not asked is left out.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn party_answers(
        &mut self,
        inquiry: InquiryId,
        party: Gln,
        state: PartyState,
        reason: Option<&str>,
        at: Millis,
    ) -> Result<(), StoreError> {
        let final_at = (state != PartyState::Pending).then_some(at);
        let update = Query::update()
            .table("inquiry_party")
            .value("state", val(&state))
            .value("reason", reason)
            .value("answered_at", final_at)
            .and_where(Expr::col("inquiry").eq(inquiry.0))
            .and_where(Expr::col("party").eq(val(&party)))
            .take();
        self.connection().run(&update).await.map(drop)
    }

    /// Notes that a member was reminded.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn party_reminded(
        &mut self,
        inquiry: InquiryId,
        party: Gln,
        at: Millis,
    ) -> Result<(), StoreError> {
        let update = Query::update()
            .table("inquiry_party")
            .value("reminders", Expr::col("reminders").add(1))
            .value("reminded_at", at)
            .and_where(Expr::col("inquiry").eq(inquiry.0))
            .and_where(Expr::col("party").eq(val(&party)))
            .take();
        self.connection().run(&update).await.map(drop)
    }

    /// Keeps a document that came with an answer; one that is there is left out.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn keep_inquiry_document(
        &mut self,
        inquiry: InquiryId,
        document: &InquiryDocument,
    ) -> Result<(), StoreError> {
        let insert = Insert {
            table: "inquiry_document",
            columns: &["inquiry", "party", "name", "content_type", "digest", "body"],
            conflict: Conflict::Skip(&["inquiry", "party", "digest"]),
            returning: &[],
        };
        let row = vec![
            cell(&inquiry),
            cell(&document.party),
            cell(&document.name),
            cell(&document.content_type),
            cell(&document.digest),
            cell(&document.body),
        ];
        self.connection().insert(&insert, vec![row]).await.map(drop)
    }
}

fn select() -> SelectStatement {
    Query::select().column(sea_query::Asterisk).from("inquiry_party").take()
}

async fn inquiry_parties(
    connection: &mut Connection<'_>,
    inquiry: InquiryId,
) -> Result<Vec<InquiryPartyRecord>, StoreError> {
    let select =
        select().and_where(Expr::col("inquiry").eq(inquiry.0)).order_by("id", Order::Asc).take();
    connection.all(&select).await?.iter().map(record).collect()
}

async fn late_parties(
    connection: &mut Connection<'_>,
    now: Millis,
    reminded_before: Millis,
    limit: u64,
) -> Result<Vec<InquiryPartyRecord>, StoreError> {
    let reminded = Expr::col("reminded_at");
    let select = select()
        .and_where(Expr::col("state").is_in([PartyState::Asked as i64, PartyState::Pending as i64]))
        .and_where(Expr::col("due_at").lt(now))
        .and_where(reminded.clone().is_null().or(reminded.lt(reminded_before)))
        .order_by("due_at", Order::Asc)
        .order_by("id", Order::Asc)
        .limit(limit)
        .take();
    connection.all(&select).await?.iter().map(record).collect()
}

async fn inquiry_documents(
    connection: &mut Connection<'_>,
    inquiry: InquiryId,
) -> Result<Vec<InquiryDocument>, StoreError> {
    let select = Query::select()
        .column(sea_query::Asterisk)
        .from("inquiry_document")
        .and_where(Expr::col("inquiry").eq(inquiry.0))
        .order_by("id", Order::Asc)
        .take();
    let document = |row: &Row| {
        Ok(InquiryDocument {
            party: row.get("party")?,
            name: row.get("name")?,
            content_type: row.get("content_type")?,
            digest: row.get("digest")?,
            body: row.get("body")?,
        })
    };
    connection.all(&select).await?.iter().map(document).collect()
}

fn record(row: &Row) -> Result<InquiryPartyRecord, StoreError> {
    Ok(InquiryPartyRecord {
        inquiry: row.get("inquiry")?,
        party: row.get("party")?,
        state: row.get("state")?,
        asked_at: row.get("asked_at")?,
        due_at: row.get("due_at")?,
        answered_at: row.opt("answered_at")?,
        reason: row.opt("reason")?,
        reminders: row.get("reminders")?,
        reminded_at: row.opt("reminded_at")?,
    })
}
