//! Trading partners: their settings, and how good the data is that comes from them.

use sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use theriac_gs1::Gln;

use crate::column::{Millis, cell, val};
use crate::connection::{Conflict, Connection, Insert, Row};
use crate::error::StoreError;
use crate::store::{WriteTx, reads};

/// A partner's settings.
#[derive(Debug, Clone, PartialEq)]
pub struct PartnerRecord {
    /// Its GLN.
    pub gln: Gln,
    /// The settings, as JSON.
    pub settings: serde_json::Value,
    /// When they were set.
    pub updated_at: Millis,
}

/// How often something was found in the data of a partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QualityRecord {
    /// The partner.
    pub partner: Gln,
    /// What was found: a word.
    pub kind: String,
    /// How often.
    pub count: u64,
    /// When last.
    pub last_at: Millis,
    /// The last examples, the newest first.
    pub examples: Vec<String>,
}

/// Examples that are kept of each kind.
const EXAMPLES_MAX: usize = 5;

reads! {
    /// The settings of a partner.
    statement fn partner(gln: &Gln) -> Option<PartnerRecord>;
    /// The settings of all partners, by GLN.
    statement fn partners() -> Vec<PartnerRecord>;
    /// What was found in the data of a partner, by kind.
    statement fn quality_of(partner: &Gln) -> Vec<QualityRecord>;
}

impl WriteTx {
    /// Sets the settings of a partner.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn put_partner(&mut self, partner: &PartnerRecord) -> Result<(), StoreError> {
        let insert = Insert {
            table: "partner",
            columns: &["gln", "settings", "updated_at"],
            conflict: Conflict::Update(&["gln"], &["settings", "updated_at"]),
            returning: &[],
        };
        let row = vec![cell(&partner.gln), cell(&partner.settings), cell(&partner.updated_at)];
        self.connection().insert(&insert, vec![row]).await.map(drop)
    }

    /// Forgets the settings of a partner; whether there were any.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn delete_partner(&mut self, gln: Gln) -> Result<bool, StoreError> {
        let delete =
            Query::delete().from_table("partner").and_where(Expr::col("gln").eq(val(&gln))).take();
        Ok(self.connection().run(&delete).await? > 0)
    }

    /// Notes that something was found in the data of a partner, `count` times.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn note_quality(
        &mut self,
        partner: Gln,
        kind: &str,
        count: u64,
        at: Millis,
        example: Option<&str>,
    ) -> Result<(), StoreError> {
        let before = quality_of(&mut self.connection(), &partner).await?;
        let before = before.into_iter().find(|record| record.kind == kind);
        let (counted, mut examples) =
            before.map_or((0, Vec::new()), |record| (record.count, record.examples));
        if let Some(example) = example {
            examples.retain(|known| known != example);
            examples.insert(0, example.to_owned());
            examples.truncate(EXAMPLES_MAX);
        }
        let insert = Insert {
            table: "data_quality",
            columns: &["partner", "kind", "count", "last_at", "examples"],
            conflict: Conflict::Update(&["partner", "kind"], &["count", "last_at", "examples"]),
            returning: &[],
        };
        let row = vec![
            cell(&partner),
            kind.into(),
            cell(&(counted + count)),
            cell(&at),
            cell(&serde_json::Value::from(examples)),
        ];
        self.connection().insert(&insert, vec![row]).await.map(drop)
    }
}

fn select() -> SelectStatement {
    Query::select().column(sea_query::Asterisk).from("partner").order_by("gln", Order::Asc).take()
}

fn record(row: &Row) -> Result<PartnerRecord, StoreError> {
    Ok(PartnerRecord {
        gln: row.get("gln")?,
        settings: row.get("settings")?,
        updated_at: row.get("updated_at")?,
    })
}

async fn partner(
    connection: &mut Connection<'_>,
    gln: &Gln,
) -> Result<Option<PartnerRecord>, StoreError> {
    let select = select().and_where(Expr::col("gln").eq(val(gln))).take();
    connection.first(&select).await?.map(|row| record(&row)).transpose()
}

async fn partners(connection: &mut Connection<'_>) -> Result<Vec<PartnerRecord>, StoreError> {
    connection.all(&select()).await?.iter().map(record).collect()
}

async fn quality_of(
    connection: &mut Connection<'_>,
    partner: &Gln,
) -> Result<Vec<QualityRecord>, StoreError> {
    let select = Query::select()
        .column(sea_query::Asterisk)
        .from("data_quality")
        .and_where(Expr::col("partner").eq(val(partner)))
        .order_by("kind", Order::Asc)
        .take();
    let record = |row: &Row| {
        let examples: serde_json::Value = row.get("examples")?;
        Ok(QualityRecord {
            partner: row.get("partner")?,
            kind: row.get("kind")?,
            count: row.get("count")?,
            last_at: row.get("last_at")?,
            examples: serde_json::from_value(examples).unwrap_or_default(),
        })
    };
    connection.all(&select).await?.iter().map(record).collect()
}
