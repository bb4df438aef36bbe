//! Who was told how much about which item: the audit of who looked.

use sea_query::{Expr, ExprTrait, OnConflict, Order, Query};
use theriac_gs1::{Gln, Identifier};

use super::InquiryKind;
use crate::column::{Millis, cell};
use crate::connection::{Connection, Row};
use crate::error::StoreError;
use crate::store::{WriteTx, reads};

/// What a member was told about an item, so often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisclosureRecord {
    /// The member that asked.
    pub asked_by: Gln,
    /// The item.
    pub item: Identifier,
    /// Why it asked.
    pub kind: InquiryKind,
    /// How much it was told, in a word.
    pub sight: String,
    /// When it was told so first.
    pub first_at: Millis,
    /// When it was told so last.
    pub last_at: Millis,
    /// How often.
    pub times: u64,
}

reads! {
    /// The last `limit` entries, the latest first.
    statement fn disclosures(limit: u64) -> Vec<DisclosureRecord>;
}

impl WriteTx {
    /// Notes that a member was told so much about an item.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn note_disclosure(
        &mut self,
        asked_by: Gln,
        item: &Identifier,
        kind: InquiryKind,
        sight: &str,
        at: Millis,
    ) -> Result<(), StoreError> {
        let again = OnConflict::columns(["asked_by", "item", "kind", "sight"])
            .update_column("last_at")
            .value("times", Expr::col(("disclosure", "times")).add(1))
            .to_owned();
        let insert = Query::insert()
            .into_table("disclosure")
            .columns(["asked_by", "item", "kind", "sight", "first_at", "last_at", "times"])
            .values_panic([
                cell(&asked_by).into(),
                cell(item).into(),
                cell(&kind).into(),
                sight.into(),
                at.into(),
                at.into(),
                1.into(),
            ])
            .on_conflict(again)
            .take();
        self.connection().run(&insert).await.map(drop)
    }
}

async fn disclosures(
    connection: &mut Connection<'_>,
    limit: u64,
) -> Result<Vec<DisclosureRecord>, StoreError> {
    let select = Query::select()
        .column(sea_query::Asterisk)
        .from("disclosure")
        .order_by("last_at", Order::Desc)
        .order_by("id", Order::Desc)
        .limit(limit)
        .take();
    let record = |row: &Row| {
        Ok(DisclosureRecord {
            asked_by: row.get("asked_by")?,
            item: row.get("item")?,
            kind: row.get("kind")?,
            sight: row.get("sight")?,
            first_at: row.get("first_at")?,
            last_at: row.get("last_at")?,
            times: row.get("times")?,
        })
    };
    connection.all(&select).await?.iter().map(record).collect()
}
