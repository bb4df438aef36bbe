//! Where and when packs were seen, which of them are to be judged again, and alarms.
//!
//! # Invariants
//!
//! - What is kept of a pack is bounded: of each member, place and act the first and the last sighting,
//!   and at most [`SIGHTINGS_MAX`] of these.
//! - A pack has one alarm at most.

use sea_query::{Expr, ExprTrait, OnConflict, Order, Query};
use theriac_custody::alarm::{Act, Alarm, Position, Sighting};
use theriac_gs1::{Gln, Identifier};

use crate::case_file::CaseId;
use crate::column::{Column, Millis, cell, opt, val};
use crate::connection::{Connection, Row};
use crate::error::StoreError;
use crate::store::{WriteTx, reads};

/// Rows of sightings that a pack has at most; each is two sightings.
pub const SIGHTINGS_MAX: u64 = 32;

/// Alarms and judgements of one pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackWatch {
    /// The pack.
    pub pack: Identifier,
    /// When it is to be judged again.
    pub due_at: Option<Millis>,
    /// Since when there is an alarm about it.
    pub alarm_at: Option<Millis>,
    /// The alarm.
    pub alarm: Option<Alarm>,
    /// The case of the alarm.
    pub case: Option<CaseId>,
}

reads! {
    /// What is kept of the sightings of a pack.
    statement fn sightings_of(pack: &Identifier) -> Vec<Sighting>;
    /// Whether a pack is to be judged again, or has an alarm.
    statement fn pack_watch(pack: &Identifier) -> Option<PackWatch>;
    /// The first `limit` packs that are to be judged again at `now`.
    statement fn watches_due(now: Millis, limit: u64) -> Vec<Identifier>;
    /// The last `limit` alarms, the newest first.
    statement fn alarms(limit: u64) -> Vec<PackWatch>;
    /// How many packs there is an alarm about.
    statement fn alarm_count() -> u64;
}

impl WriteTx {
    /// Keeps a sighting of a pack: as the first or the last of its member, place and act, or not at
    /// all when it lies between.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn put_sighting(
        &mut self,
        pack: &Identifier,
        sighting: &Sighting,
    ) -> Result<(), StoreError> {
        let mut connection = self.connection();
        let place = sighting.place.map_or(0, |place| Column::write(&place));
        let key = Expr::col("pack")
            .eq(val(pack))
            .and(Expr::col("member").eq(val(&sighting.member)))
            .and(Expr::col("place").eq(place))
            .and(Expr::col("act").eq(sighting.act.word()));
        let mut select = Query::select();
        select.columns(["id", "first_at", "last_at"]).from("sighting").and_where(key);
        let [at, known] = times(sighting);
        let position = opt(sighting.position.as_ref());
        match connection.first(&select).await? {
            Some(row) => {
                let id: i64 = row.get("id")?;
                let (first, last): (i64, i64) = (row.get("first_at")?, row.get("last_at")?);
                let columns = match at {
                    _ if at < first => ["first_at", "first_known", "first_position"],
                    _ if at > last => ["last_at", "last_known", "last_position"],
                    _ => return Ok(()),
                };
                let values = [cell(&at), cell(&known), position].map(Expr::val);
                let mut update = Query::update();
                update.table("sighting").values(columns.into_iter().zip(values));
                connection.change(update.and_where(Expr::col("id").eq(id)), "sighting", id).await
            }
            None if rows_of(&mut connection, pack).await? >= SIGHTINGS_MAX => Ok(()),
            None => {
                let row = vec![
                    cell(pack),
                    cell(&sighting.member),
                    place.into(),
                    sighting.act.word().into(),
                    cell(&at),
                    cell(&known),
                    position.clone(),
                    cell(&at),
                    cell(&known),
                    position,
                ];
                let _: i64 = connection.insert_one("sighting", &COLUMNS, row).await?;
                Ok(())
            }
        }
    }

    /// Notes when a pack is to be judged again; `None`: not before it is seen again.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn set_watch(
        &mut self,
        pack: &Identifier,
        due_at: Option<Millis>,
    ) -> Result<(), StoreError> {
        if due_at.is_none() {
            let update = Query::update()
                .table("pack_watch")
                .value("due_at", opt(None::<&Millis>))
                .and_where(Expr::col("pack").eq(val(pack)))
                .take();
            return self.connection().run(&update).await.map(|_| ());
        }
        let mut insert = Query::insert();
        insert.into_table("pack_watch").columns(["pack", "due_at"]);
        insert.values_panic([cell(pack), opt(due_at.as_ref())].map(Expr::val));
        insert.on_conflict(OnConflict::column("pack").update_column("due_at").to_owned());
        self.connection().run(&insert).await.map(|_| ())
    }

    /// Keeps the alarm about a pack, with its case.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn put_alarm(
        &mut self,
        pack: &Identifier,
        alarm: &Alarm,
        at: Millis,
        case: CaseId,
    ) -> Result<(), StoreError> {
        let mut insert = Query::insert();
        insert.into_table("pack_watch").columns(["pack", "alarm_at", "alarm", "case_file"]);
        let row = [cell(pack), cell(&at), cell(alarm), cell(&case)];
        insert.values_panic(row.map(Expr::val));
        let mut again = OnConflict::column("pack");
        again
            .update_columns(["alarm_at", "alarm", "case_file"])
            .value("due_at", opt(None::<&Millis>));
        insert.on_conflict(again);
        self.connection().run(&insert).await.map(|_| ())
    }

    /// Forgets sightings of which the last became known before `known`; how many rows that were.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn prune_sightings(&mut self, known: Millis) -> Result<u64, StoreError> {
        let delete = Query::delete()
            .from_table("sighting")
            .and_where(Expr::col("last_known").lt(known))
            .take();
        self.connection().run(&delete).await
    }
}

const COLUMNS: [&str; 10] = [
    "pack",
    "member",
    "place",
    "act",
    "first_at",
    "first_known",
    "first_position",
    "last_at",
    "last_known",
    "last_position",
];

fn times(sighting: &Sighting) -> [Millis; 2] {
    [sighting.at, sighting.known_at].map(|time| time.as_millisecond())
}

impl Column for Position {
    type Raw = String;
    const EXPECTED: &'static str = "a position in degrees";

    fn write(&self) -> String {
        self.to_string()
    }

    fn read(raw: String) -> Option<Self> {
        raw.parse().ok()
    }
}

impl Column for Alarm {
    type Raw = String;
    const EXPECTED: &'static str = "an alarm as JSON";

    fn write(&self) -> String {
        serde_json::to_string(self).expect("JSON because an alarm has text keys only")
    }

    fn read(raw: String) -> Option<Self> {
        serde_json::from_str(&raw).ok()
    }
}

async fn rows_of(connection: &mut Connection<'_>, pack: &Identifier) -> Result<u64, StoreError> {
    let select = Query::select()
        .expr_as(Expr::col("id").count(), "rows")
        .from("sighting")
        .and_where(Expr::col("pack").eq(val(pack)))
        .take();
    let row = connection.first(&select).await?;
    row.map_or(Ok(0), |row| row.get::<u64>("rows"))
}

async fn sightings_of(
    connection: &mut Connection<'_>,
    pack: &Identifier,
) -> Result<Vec<Sighting>, StoreError> {
    let select = Query::select()
        .columns(COLUMNS)
        .from("sighting")
        .and_where(Expr::col("pack").eq(val(pack)))
        .order_by("id", Order::Asc)
        .take();
    let mut seen = Vec::new();
    for row in connection.all(&select).await? {
        let first = read(&row, "first_at", "first_known", "first_position")?;
        let last = read(&row, "last_at", "last_known", "last_position")?;
        let again = (last != first).then_some(last);
        seen.push(first);
        seen.extend(again);
    }
    Ok(seen)
}

fn read(
    row: &Row,
    at: &'static str,
    known: &'static str,
    position: &'static str,
) -> Result<Sighting, StoreError> {
    let time = |column: &'static str| -> Result<jiff::Timestamp, StoreError> {
        let millis: Millis = row.get(column)?;
        Ok(jiff::Timestamp::from_millisecond(millis).unwrap_or(jiff::Timestamp::UNIX_EPOCH))
    };
    let word: String = row.get("act")?;
    let place: i64 = row.get("place")?;
    Ok(Sighting {
        at: time(at)?,
        known_at: time(known)?,
        member: row.get("member")?,
        place: <Gln as Column>::read(place).filter(|_| place != 0),
        position: row.opt(position)?,
        act: Act::ALL.into_iter().find(|act| act.word() == word).unwrap_or(Act::Verified),
    })
}

const WATCH: [&str; 5] = ["pack", "due_at", "alarm_at", "alarm", "case_file"];

fn watch(row: &Row) -> Result<PackWatch, StoreError> {
    Ok(PackWatch {
        pack: row.get("pack")?,
        due_at: row.opt("due_at")?,
        alarm_at: row.opt("alarm_at")?,
        alarm: row.opt("alarm")?,
        case: row.opt("case_file")?,
    })
}

async fn pack_watch(
    connection: &mut Connection<'_>,
    pack: &Identifier,
) -> Result<Option<PackWatch>, StoreError> {
    let select = Query::select()
        .columns(WATCH)
        .from("pack_watch")
        .and_where(Expr::col("pack").eq(val(pack)))
        .take();
    connection.first(&select).await?.map(|row| watch(&row)).transpose()
}

async fn watches_due(
    connection: &mut Connection<'_>,
    now: Millis,
    limit: u64,
) -> Result<Vec<Identifier>, StoreError> {
    let select = Query::select()
        .column("pack")
        .from("pack_watch")
        .and_where(Expr::col("due_at").is_not_null())
        .and_where(Expr::col("due_at").lte(now))
        .order_by("due_at", Order::Asc)
        .limit(limit)
        .take();
    connection.all(&select).await?.iter().map(|row| row.get("pack")).collect()
}

async fn alarms(connection: &mut Connection<'_>, limit: u64) -> Result<Vec<PackWatch>, StoreError> {
    let select = Query::select()
        .columns(WATCH)
        .from("pack_watch")
        .and_where(Expr::col("alarm_at").is_not_null())
        .order_by("alarm_at", Order::Desc)
        .order_by("id", Order::Desc)
        .limit(limit)
        .take();
    connection.all(&select).await?.iter().map(watch).collect()
}

async fn alarm_count(connection: &mut Connection<'_>) -> Result<u64, StoreError> {
    let select = Query::select()
        .expr_as(Expr::col("id").count(), "alarms")
        .from("pack_watch")
        .and_where(Expr::col("alarm_at").is_not_null())
        .take();
    let row = connection.first(&select).await?;
    row.map_or(Ok(0), |row| row.get::<u64>("alarms"))
}
