//! The conditions of a plan, as rows of the indexes.

use std::collections::HashMap;

use jiff::Timestamp;
use sea_query::{Expr, ExprTrait, Query, SelectStatement, UnionType};
use theriac_custody::Hash;
use theriac_query::{ItemCondition, Name, Plan, TimeRange};

use crate::column::Millis;
use crate::connection::Connection;
use crate::dialect;
use crate::error::StoreError;
use crate::event::name::{CLASS, KIND, Stored, class_of, code, ids};

/// More classes than this that begin alike are looked for by the keys of their items instead.
const CLASSES_MAX: u64 = 256;

/// Lists of a group that are looked up one by one for an event, or merged.
pub(super) const LISTS_MAX: usize = 16;

/// All conditions of a scan; an event must meet each.
#[derive(Debug, Default)]
pub(super) struct Conditions {
    /// At least one list of each of these.
    pub(super) groups: Vec<Group>,
    /// One of these rows.
    pub(super) rows: Option<Vec<i64>>,
    /// When it happened.
    pub(super) event_time: Period,
    /// When it was recorded.
    pub(super) record_time: Period,
}

/// Lists of events in the indexes, of which an event must be in at least one.
#[derive(Debug, Default)]
pub(super) struct Group {
    /// Rows of `name`.
    pub(super) names: Vec<i64>,
    /// Rows of `item`.
    pub(super) items: Vec<i64>,
    /// What the keys of items begin with.
    pub(super) prefixes: Vec<String>,
}

/// A time range in the resolution of the columns: from the first to before the second.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Period {
    pub(super) from: Option<Millis>,
    pub(super) before: Option<Millis>,
}

impl Group {
    fn is_empty(&self) -> bool {
        self.names.is_empty() && self.items.is_empty() && self.prefixes.is_empty()
    }

    /// The rows of the events of all lists, each once, as column `value`.
    pub(super) fn events(&self) -> SelectStatement {
        let by_keys = self.prefixes.iter().map(|prefix| by_prefix(prefix));
        let by_names = (!self.names.is_empty()).then(|| by_list("event_name", "name", &self.names));
        let by_items = (!self.items.is_empty()).then(|| by_list("event_item", "item", &self.items));
        let mut selects = by_names.into_iter().chain(by_items).chain(by_keys);
        let mut all = selects.next().unwrap_or_else(|| by_list("event_name", "name", &[]));
        for select in selects {
            all.union(UnionType::Distinct, select);
        }
        all.distinct().take()
    }
}

/// The events of some lists of an index.
fn by_list(table: &'static str, column: &'static str, lists: &[i64]) -> SelectStatement {
    Query::select()
        .expr_as(Expr::col((table, "event")), "value")
        .from(table)
        .and_where(one_of(Expr::col((table, column)), lists))
        .take()
}

/// The events that name an item whose key begins with `prefix`.
fn by_prefix(prefix: &str) -> SelectStatement {
    Query::select()
        .expr_as(Expr::col(("event_item", "event")), "value")
        .from("item")
        .inner_join("event_item", Expr::col(("event_item", "item")).equals(("item", "id")))
        .and_where(begins_with(Expr::col(("item", "key")), prefix))
        .take()
}

/// The column has one of these numbers.
pub(super) fn one_of(column: Expr, numbers: &[i64]) -> Expr {
    match numbers {
        [number] => column.eq(*number),
        // Of a list of values the database knows the length, of a subquery it does not.
        [_, ..] if numbers.len() <= LISTS_MAX => column.is_in(numbers.iter().copied()),
        numbers => column.in_subquery(dialect::numbers(numbers.iter().copied())),
    }
}

/// A text begins with `prefix`, in a form that an index answers.
fn begins_with(text: Expr, prefix: &str) -> Expr {
    text.clone().gte(prefix).and(text.lt(format!("{prefix}\u{10ffff}")))
}

/// The conditions of `plan`; `None` when no event on record can meet them.
pub(super) async fn of(
    connection: &mut Connection<'_>,
    plan: &Plan,
) -> Result<Option<Conditions>, StoreError> {
    let impossible = plan.impossible || plan.event_time.is_empty() || plan.record_time.is_empty();
    if impossible {
        return Ok(None);
    }
    let mut conditions = Conditions {
        event_time: period(plan.event_time),
        record_time: period(plan.record_time),
        ..Conditions::default()
    };
    if !plan.event_ids.is_empty() {
        conditions.rows = Some(rows_of(connection, &plan.event_ids).await?);
    }
    conditions.groups.append(&mut by_names(connection, plan).await?);
    for any_of in &plan.items {
        conditions.groups.push(by_items(connection, any_of).await?);
    }
    let nothing = conditions.groups.iter().any(Group::is_empty)
        || conditions.rows.as_ref().is_some_and(Vec::is_empty);
    Ok((!nothing).then_some(conditions))
}

/// A column's range that holds every moment of `range`; a column holds whole milliseconds.
fn period(range: TimeRange) -> Period {
    let before = |moment: Timestamp| {
        let millis = moment.as_millisecond();
        let whole = millis > 0 && Timestamp::from_millisecond(millis).ok() == Some(moment);
        if whole { millis } else { millis.saturating_add(1) }
    };
    Period {
        from: range.from.map(|moment| moment.as_millisecond()),
        before: range.before.map(before),
    }
}

async fn by_names(connection: &mut Connection<'_>, plan: &Plan) -> Result<Vec<Group>, StoreError> {
    let stored = |name: &Name| (code(name.role), name.text.clone());
    let mut wanted: Vec<Vec<(i64, String)>> =
        plan.names.iter().map(|any_of| any_of.iter().map(stored).collect()).collect();
    if !plan.kinds.is_empty() {
        wanted.push(plan.kinds.iter().map(|kind| (KIND, kind.clone())).collect());
    }
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let names = wanted.iter().flatten();
    let found = ids(connection, names.map(|(role, text)| -> Stored<'_> { (*role, text) })).await?;
    Ok(wanted.iter().map(|any_of| group_of(any_of, &found)).collect())
}

fn group_of(any_of: &[(i64, String)], found: &HashMap<(i64, String), i64>) -> Group {
    let mut names: Vec<i64> = any_of.iter().filter_map(|name| found.get(name).copied()).collect();
    names.sort_unstable();
    names.dedup();
    Group { names, ..Group::default() }
}

async fn by_items(
    connection: &mut Connection<'_>,
    any_of: &[ItemCondition],
) -> Result<Group, StoreError> {
    let mut group = Group::default();
    let mut keys = Vec::new();
    for condition in any_of {
        match condition {
            ItemCondition::Exact(id) => keys.push(id.key()),
            ItemCondition::KeyPrefix(prefix) => match classes(connection, prefix).await? {
                Some(mut classes) => group.names.append(&mut classes),
                None => group.prefixes.push(prefix.clone()),
            },
        }
    }
    if !keys.is_empty() {
        let keys = dialect::texts(keys.iter().map(String::as_str));
        let select = Query::select()
            .column("id")
            .from("item")
            .and_where(Expr::col("key").in_subquery(keys))
            .take();
        group.items = numbers(connection, &select).await?;
    }
    Ok(group)
}

/// The classes of all items whose keys begin with `prefix`; `None` when classes do not tell.
async fn classes(
    connection: &mut Connection<'_>,
    prefix: &str,
) -> Result<Option<Vec<i64>>, StoreError> {
    if class_of(prefix) != Some(prefix) {
        return Ok(None);
    }
    let select = Query::select()
        .column("id")
        .from("name")
        .and_where(Expr::col("role").eq(CLASS))
        .and_where(begins_with(Expr::col("text"), prefix))
        .limit(CLASSES_MAX + 1)
        .take();
    let classes = numbers(connection, &select).await?;
    Ok((classes.len() as u64 <= CLASSES_MAX).then_some(classes))
}

/// The events with these EPCIS `eventID`s, or with these hashes.
async fn rows_of(
    connection: &mut Connection<'_>,
    event_ids: &[String],
) -> Result<Vec<i64>, StoreError> {
    let hashes: Vec<Hash> = event_ids.iter().filter_map(|id| hash_of(id)).collect();
    let texts = dialect::texts(event_ids.iter().map(String::as_str));
    let mut rows = Vec::new();
    for (column, wanted) in [("event_id", texts), ("hash", dialect::hashes(&hashes))] {
        let select = Query::select()
            .column("id")
            .from("event")
            .and_where(Expr::col(column).in_subquery(wanted))
            .take();
        rows.append(&mut numbers(connection, &select).await?);
    }
    rows.sort_unstable();
    rows.dedup();
    Ok(rows)
}

/// The hash in an event hash identifier (CBV 2.0, section 8.9.1): `ni:///sha-256;…?ver=CBV2.0`.
fn hash_of(event_id: &str) -> Option<Hash> {
    let digits = event_id.strip_prefix("ni:///sha-256;")?.get(..64)?;
    Hash::from_slice(&hex::decode(digits).ok()?)
}

/// The column `id` of all rows.
async fn numbers(
    connection: &mut Connection<'_>,
    select: &SelectStatement,
) -> Result<Vec<i64>, StoreError> {
    connection.all(select).await?.iter().map(|row| row.get("id")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_holds_every_moment_of_its_range() {
        let moment = |nanos: i128| Timestamp::from_nanosecond(nanos).unwrap();
        for (nanos, from, before) in [
            (5_000_000, 5, 5),
            (5_000_001, 5, 6),
            (0, 0, 1),
            (-1, 0, 1),
            (-1_500_000, -1, 0),
            (-2_000_000, -2, -1),
        ] {
            let range = TimeRange { from: Some(moment(nanos)), before: Some(moment(nanos)) };
            let period = period(range);
            assert_eq!((period.from, period.before), (Some(from), Some(before)), "{nanos}");
        }
    }

    #[test]
    fn an_event_hash_is_read_from_its_identifier() {
        let digits = "ab".repeat(32);
        let id = format!("ni:///sha-256;{digits}?ver=CBV2.0");
        assert_eq!(hash_of(&id), Some(Hash([0xab; 32])));
        for id in ["ni:///sha-256;ab", "urn:uuid:1", "ni:///sha-256;é", ""] {
            assert_eq!(hash_of(id), None, "{id}");
        }
    }
}
