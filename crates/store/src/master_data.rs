//! Master data: what the latest capture says of each element of each vocabulary.

use std::collections::BTreeMap;

use sea_query::{Expr, ExprTrait, Func, OnConflict, Order, Query, SelectStatement};
use theriac_epcis::MasterDataElement;
use theriac_gs1::{Gln, Identifier};

use crate::capture::CaptureId;
use crate::column::{Column, cell, opt};
use crate::connection::Connection;
use crate::dialect;
use crate::error::StoreError;
use crate::store::{WriteTx, reads};

reads! {
    /// Every element on record, ordered by vocabulary and identifier.
    statement fn master_data() -> Vec<MasterDataElement>;
    /// The elements of one vocabulary, ordered by identifier.
    statement fn master_data_of(vocabulary: &str) -> Vec<MasterDataElement>;
    /// Those of `ids` that are on record, in any spelling of theirs, of all vocabularies.
    statement fn master_data_about(ids: &[Identifier]) -> Vec<MasterDataElement>;
    /// As `master_data_about`, each with the partner that told it; without one it is this member's
    /// own word.
    statement fn master_data_with_origin(ids: &[Identifier]) -> Vec<(MasterDataElement, Option<Gln>)>;
    /// Number of elements on record.
    statement fn master_data_count() -> u64;
}

/// Rows of one statement.
const ROWS_MAX: usize = 1_000;

impl WriteTx {
    /// Puts elements on record, as this member's own word. What an earlier capture, or an earlier
    /// one of `elements`, says of the same element of the same vocabulary is replaced; what a later
    /// capture says stays.
    ///
    /// Two spellings of one GS1 identifier are the same element.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the capture is not on record or the database does not take them.
    pub async fn put_master_data(
        &mut self,
        elements: &[MasterDataElement],
        capture: CaptureId,
    ) -> Result<(), StoreError> {
        self.put_elements(elements, capture, None).await
    }

    /// As [`put_master_data`](Self::put_master_data), as the word of a partner, which never replaces
    /// this member's own.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the capture is not on record or the database does not take them.
    pub async fn put_told_master_data(
        &mut self,
        elements: &[MasterDataElement],
        capture: CaptureId,
        told_by: Gln,
    ) -> Result<(), StoreError> {
        self.put_elements(elements, capture, Some(told_by)).await
    }

    async fn put_elements(
        &mut self,
        elements: &[MasterDataElement],
        capture: CaptureId,
        told_by: Option<Gln>,
    ) -> Result<(), StoreError> {
        let latest: BTreeMap<_, _> = elements
            .iter()
            .map(|element| ((element.vocabulary.as_str(), canonical(&element.id)), element))
            .collect();
        let own = i64::from(told_by.is_none());
        let rows: Vec<_> = latest.into_iter().collect();
        for rows in rows.chunks(ROWS_MAX) {
            let mut insert = Query::insert();
            insert.into_table("master_data").columns(COLUMNS);
            for ((vocabulary, id), element) in rows {
                let row = [
                    (*vocabulary).into(),
                    id.into(),
                    cell(*element),
                    cell(&capture),
                    own.into(),
                    opt(told_by.as_ref()),
                ];
                insert.values_panic(row.map(Expr::val));
            }
            let excluded = |name| Expr::col(("excluded", name));
            let there = |name| Expr::col(("master_data", name));
            let mut later = OnConflict::columns(["vocabulary", "element"]);
            later.update_columns(["body", "capture", "own", "told_by"]).action_and_where(
                excluded("capture").gte(there("capture")).and(excluded("own").gte(there("own"))),
            );
            self.connection().run(&insert.on_conflict(later).take()).await?;
        }
        Ok(())
    }
}

const COLUMNS: [&str; 6] = ["vocabulary", "element", "body", "capture", "own", "told_by"];

/// The canonical Digital Link of a GS1 identifier, another text verbatim.
fn canonical(id: &str) -> String {
    Identifier::from_uri(id).map_or_else(|_| id.to_owned(), |epc| epc.id.to_string())
}

impl Column for MasterDataElement {
    type Raw = String;
    const EXPECTED: &'static str = "an element of master data as JSON";

    fn write(&self) -> String {
        serde_json::to_string(self).expect("JSON because an element has text keys only")
    }

    fn read(raw: String) -> Option<Self> {
        serde_json::from_str(&raw).ok()
    }
}

fn select() -> SelectStatement {
    Query::select()
        .column("body")
        .from("master_data")
        .order_by("vocabulary", Order::Asc)
        .order_by("element", Order::Asc)
        .take()
}

async fn elements(
    connection: &mut Connection<'_>,
    select: &SelectStatement,
) -> Result<Vec<MasterDataElement>, StoreError> {
    connection.all(select).await?.iter().map(|row| row.get("body")).collect()
}

async fn master_data(
    connection: &mut Connection<'_>,
) -> Result<Vec<MasterDataElement>, StoreError> {
    elements(connection, &select()).await
}

async fn master_data_of(
    connection: &mut Connection<'_>,
    vocabulary: &str,
) -> Result<Vec<MasterDataElement>, StoreError> {
    elements(connection, &select().and_where(Expr::col("vocabulary").eq(vocabulary)).take()).await
}

async fn master_data_about(
    connection: &mut Connection<'_>,
    ids: &[Identifier],
) -> Result<Vec<MasterDataElement>, StoreError> {
    let texts: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let about = Expr::col("element").in_subquery(dialect::texts(texts.iter().map(String::as_str)));
    elements(connection, &select().and_where(about).take()).await
}

async fn master_data_with_origin(
    connection: &mut Connection<'_>,
    ids: &[Identifier],
) -> Result<Vec<(MasterDataElement, Option<Gln>)>, StoreError> {
    let texts: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let about = Expr::col("element").in_subquery(dialect::texts(texts.iter().map(String::as_str)));
    let select = select().column("told_by").and_where(about).take();
    let rows = connection.all(&select).await?;
    rows.iter().map(|row| Ok((row.get("body")?, row.opt("told_by")?))).collect()
}

async fn master_data_count(connection: &mut Connection<'_>) -> Result<u64, StoreError> {
    let select = Query::select()
        .expr_as(Func::count(Expr::col(sea_query::Asterisk)), "count")
        .from("master_data")
        .take();
    connection.first(&select).await?.map_or(Ok(0), |row| row.get("count"))
}
