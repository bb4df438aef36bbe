//! What parties have told about items, signed by them.

use sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use theriac_gs1::{Gln, Identifier};

use super::InquiryId;
use crate::column::{Millis, cell, val};
use crate::connection::{Conflict, Connection, Insert, Row};
use crate::error::StoreError;
use crate::store::{WriteTx, reads};

/// What a party has told about an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldRecord {
    /// The item.
    pub item: Identifier,
    /// The party.
    pub party: Gln,
    /// The inquiry that it answers; `None` for a question asked in passing.
    pub inquiry: Option<InquiryId>,
    /// When it came.
    pub at: Millis,
    /// What the party has signed, as text.
    pub statement: String,
    /// The signature.
    pub signature: String,
}

reads! {
    /// What parties have told about an item, the latest last.
    statement fn told_about(item: &Identifier) -> Vec<ToldRecord>;
    /// What parties have told in an inquiry, the latest last.
    statement fn told_in(inquiry: InquiryId) -> Vec<ToldRecord>;
}

impl WriteTx {
    /// Keeps what a party has told, in place of what it told before about the item in the same
    /// inquiry.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn keep_told(&mut self, told: &ToldRecord) -> Result<(), StoreError> {
        let insert = Insert {
            table: "told",
            columns: &["item", "party", "inquiry", "at", "statement", "signature"],
            conflict: Conflict::Update(
                &["item", "party", "inquiry"],
                &["at", "statement", "signature"],
            ),
            returning: &[],
        };
        let row = vec![
            cell(&told.item),
            cell(&told.party),
            cell(&told.inquiry.unwrap_or(NO_INQUIRY)),
            cell(&told.at),
            cell(&told.statement),
            cell(&told.signature),
        ];
        self.connection().insert(&insert, vec![row]).await.map(drop)
    }
}

/// The stored form of none: no row has this id.
const NO_INQUIRY: InquiryId = InquiryId(0);

fn select() -> SelectStatement {
    Query::select()
        .column(sea_query::Asterisk)
        .from("told")
        .order_by("at", Order::Asc)
        .order_by("id", Order::Asc)
        .take()
}

async fn told_about(
    connection: &mut Connection<'_>,
    item: &Identifier,
) -> Result<Vec<ToldRecord>, StoreError> {
    let select = select().and_where(Expr::col("item").eq(val(item))).take();
    connection.all(&select).await?.iter().map(record).collect()
}

async fn told_in(
    connection: &mut Connection<'_>,
    inquiry: InquiryId,
) -> Result<Vec<ToldRecord>, StoreError> {
    let select = select().and_where(Expr::col("inquiry").eq(inquiry.0)).take();
    connection.all(&select).await?.iter().map(record).collect()
}

fn record(row: &Row) -> Result<ToldRecord, StoreError> {
    let inquiry: InquiryId = row.get("inquiry")?;
    Ok(ToldRecord {
        item: row.get("item")?,
        party: row.get("party")?,
        inquiry: (inquiry != NO_INQUIRY).then_some(inquiry),
        at: row.get("at")?,
        statement: row.get("statement")?,
        signature: row.get("signature")?,
    })
}
