//! Responders: who answers verification requests for products whose labeler runs no node of the
//! registry, or beside its node.

use jiff::civil::Date;
use sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use theriac_gs1::{Gln, Gtin};

use crate::column::{cell, opt, val};
use crate::connection::{Conflict, Connection, Insert, Row};
use crate::error::StoreError;
use crate::store::{WriteTx, reads};
use crate::word::words;

words! {
    /// How keys are named in the path of a request to a responder.
    ResponderPath {
        /// `gtin`, `lot`, `ser`, `exp`.
        ShortNames = 1 "short_names",
        /// `01`, `10`, `21`, `17`.
        Ai = 2 "ai",
    }
}

/// An entry of the lookup directory that the operator keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResponderEntry {
    /// The product.
    pub gtin: Gtin,
    /// Who answers.
    pub gln: Gln,
    /// Base URL of its service.
    pub url: String,
    /// First expiry date of the packs that it answers for.
    pub first_expiry: Date,
    /// Last expiry date of the packs that it answers for.
    pub last_expiry: Date,
    /// How it names keys.
    pub path: ResponderPath,
    /// Whom to call when it does not answer.
    pub contact: Option<String>,
}

reads! {
    /// All entries, by GTIN and expiry.
    statement fn responders() -> Vec<ResponderEntry>;
    /// The entries of a GTIN, by expiry.
    statement fn responders_of(gtin: Gtin) -> Vec<ResponderEntry>;
}

const COLUMNS: &[&str] =
    &["gtin", "gln", "url", "first_expiry", "last_expiry", "path_form", "contact"];

impl WriteTx {
    /// Puts an entry on record; one of the same GTIN whose window begins the same day is replaced.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn put_responder(&mut self, entry: &ResponderEntry) -> Result<(), StoreError> {
        let insert = Insert {
            table: "responder",
            columns: COLUMNS,
            conflict: Conflict::Update(
                &["gtin", "first_expiry"],
                &["gln", "url", "last_expiry", "path_form", "contact"],
            ),
            returning: &[],
        };
        let row = vec![
            cell(&entry.gtin),
            cell(&entry.gln),
            cell(&entry.url),
            cell(&entry.first_expiry),
            cell(&entry.last_expiry),
            cell(&entry.path),
            opt(entry.contact.as_ref()),
        ];
        self.connection().insert(&insert, vec![row]).await.map(drop)
    }

    /// Forgets the entries of a GTIN; how many there were.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn delete_responders(&mut self, gtin: Gtin) -> Result<u64, StoreError> {
        let delete = Query::delete()
            .from_table("responder")
            .and_where(Expr::col("gtin").eq(val(&gtin)))
            .take();
        self.connection().run(&delete).await
    }
}

fn select() -> SelectStatement {
    Query::select()
        .columns(COLUMNS.iter().copied())
        .from("responder")
        .order_by("gtin", Order::Asc)
        .order_by("first_expiry", Order::Asc)
        .take()
}

async fn responders(connection: &mut Connection<'_>) -> Result<Vec<ResponderEntry>, StoreError> {
    connection.all(&select()).await?.iter().map(record).collect()
}

async fn responders_of(
    connection: &mut Connection<'_>,
    gtin: Gtin,
) -> Result<Vec<ResponderEntry>, StoreError> {
    let select = select().and_where(Expr::col("gtin").eq(val(&gtin))).take();
    connection.all(&select).await?.iter().map(record).collect()
}

fn record(row: &Row) -> Result<ResponderEntry, StoreError> {
    Ok(ResponderEntry {
        gtin: row.get("gtin")?,
        gln: row.get("gln")?,
        url: row.get("url")?,
        first_expiry: row.get("first_expiry")?,
        last_expiry: row.get("last_expiry")?,
        path: row.get("path_form")?,
        contact: row.opt("contact")?,
    })
}
