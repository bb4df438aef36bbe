//! Which index a scan walks, and the statement that does it.
//!
//! The database has no statistics of the lists of events, and a wrong guess reads all events. So
//! the choice is made here: each list is measured up to a bound. A short one is gathered and put in
//! order; between long ones, events are taken in the order asked for, until the page is full.

use sea_query::{Condition, Expr, ExprTrait, Func, Order, Query, SelectStatement, UnionType};

use super::condition::{Conditions, Group, LISTS_MAX, Period, one_of};
use super::{EventScan, ScanOrder};
use crate::connection::Connection;
use crate::dialect;
use crate::error::StoreError;

/// What a scan walks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Drive {
    /// The rows that the plan names.
    Rows,
    /// All events of the group of this number, put in order.
    Gather(usize),
    /// The lists of the group of this number, which are in the order asked for.
    Merge(usize),
    /// All events of a time, put in order.
    Time(ScanOrder),
    /// All events, in the order asked for.
    Walk,
}

impl ScanOrder {
    fn column(self) -> &'static str {
        match self {
            Self::Recorded => "id",
            Self::EventTime => "event_time",
            Self::RecordTime => "record_time",
        }
    }

    fn period(self, conditions: &Conditions) -> Period {
        match self {
            Self::Recorded => Period::default(),
            Self::EventTime => conditions.event_time,
            Self::RecordTime => conditions.record_time,
        }
    }
}

/// Chooses what to walk: what is shorter than `bound` events if there is such a thing.
pub(super) async fn choose(
    connection: &mut Connection<'_>,
    scan: &EventScan,
    conditions: &Conditions,
    bound: u64,
) -> Result<Drive, StoreError> {
    if conditions.rows.is_some() {
        return Ok(Drive::Rows);
    }
    if let (ScanOrder::Recorded, [group]) = (scan.order, conditions.groups.as_slice())
        && is_merged(group)
        && group.names.len() + group.items.len() == 1
    {
        return Ok(Drive::Merge(0));
    }
    let mut shortest = (walk_length(connection, scan, conditions, bound).await?, Drive::Walk);
    for order in [ScanOrder::EventTime, ScanOrder::RecordTime] {
        let period = order.period(conditions);
        if order != scan.order && !period.is_open() {
            let length = length(connection, within(order, period), bound).await?;
            shortest = shortest.min_by_length((length, Drive::Time(order)));
        }
    }
    for (number, group) in conditions.groups.iter().enumerate() {
        let length = length(connection, group.events(), bound).await?;
        shortest = shortest.min_by_length((length, Drive::Gather(number)));
    }
    if shortest.0 < bound {
        return Ok(shortest.1);
    }
    Ok(among_long(scan, conditions))
}

trait MinByLength {
    fn min_by_length(self, other: Self) -> Self;
}

impl MinByLength for (u64, Drive) {
    fn min_by_length(self, other: Self) -> Self {
        if other.0 < self.0 { other } else { self }
    }
}

/// What to walk when everything is long.
fn among_long(scan: &EventScan, conditions: &Conditions) -> Drive {
    let groups = || conditions.groups.iter().enumerate();
    if let Some((number, _)) = groups().find(|(_, group)| !group.prefixes.is_empty()) {
        return Drive::Gather(number);
    }
    let merged = groups().filter(|(_, group)| is_merged(group));
    match merged.min_by_key(|(_, group)| group.names.len() + group.items.len()) {
        Some((number, _)) if scan.order == ScanOrder::Recorded => Drive::Merge(number),
        _ => Drive::Walk,
    }
}

/// Whether the lists of the group are each in the order of admission, and few.
fn is_merged(group: &Group) -> bool {
    group.prefixes.is_empty() && group.names.len() + group.items.len() <= LISTS_MAX
}

/// How many events lie where a walk in the order of the scan would go, at most `bound`.
async fn walk_length(
    connection: &mut Connection<'_>,
    scan: &EventScan,
    conditions: &Conditions,
    bound: u64,
) -> Result<u64, StoreError> {
    if scan.order != ScanOrder::Recorded {
        return length(connection, within(scan.order, scan.order.period(conditions)), bound).await;
    }
    let after = scan.after.map(|after| after.event.0);
    let rows = match (scan.descending, after) {
        (false, after) => scan.until.0.saturating_sub(after.unwrap_or(0)),
        (true, after) => after.unwrap_or(scan.until.0),
    };
    Ok(Ord::min(u64::try_from(rows).unwrap_or(0), bound))
}

/// How many rows a select answers, at most `bound`.
async fn length(
    connection: &mut Connection<'_>,
    mut rows: SelectStatement,
    bound: u64,
) -> Result<u64, StoreError> {
    rows.limit(bound);
    let select = Query::select()
        .expr_as(Func::count(Expr::col(sea_query::Asterisk)), "count")
        .from_subquery(rows, "rows")
        .take();
    connection.first(&select).await?.map_or(Ok(0), |row| row.get("count"))
}

impl Period {
    fn is_open(self) -> bool {
        self.from.is_none() && self.before.is_none()
    }

    /// The column lies in the period.
    fn holds(self, column: &Expr) -> Condition {
        Condition::all()
            .add_option(self.from.map(|from| column.clone().gte(from)))
            .add_option(self.before.map(|before| column.clone().lt(before)))
    }
}

/// The rows of the events of a time, as column `value`.
fn within(order: ScanOrder, period: Period) -> SelectStatement {
    Query::select()
        .expr_as(Expr::col("id"), "value")
        .from("event")
        .cond_where(period.holds(&Expr::col(order.column())))
        .take()
}

/// Selects the events of the page as column `id`, in order.
pub(super) fn statement(
    scan: &EventScan,
    conditions: &Conditions,
    drive: Drive,
) -> SelectStatement {
    let rows = match drive {
        Drive::Merge(number) => return merge(scan, conditions, number),
        Drive::Walk => None,
        Drive::Rows => Some(dialect::numbers(conditions.rows.iter().flatten().copied())),
        Drive::Gather(number) => conditions.groups.get(number).map(Group::events),
        Drive::Time(order) => Some(within(order, order.period(conditions))),
    };
    let event = Expr::col(("event", "id"));
    let mut select = Query::select();
    select.expr_as(event.clone(), "id");
    match rows {
        None => select.from("event"),
        Some(rows) => dialect::each_of(&mut select, rows, "event"),
    };
    select.cond_where(rest(scan, conditions, drive, &event));
    ordered(select, scan)
}

/// Puts a page of events in order.
fn ordered(mut select: SelectStatement, scan: &EventScan) -> SelectStatement {
    let direction = if scan.descending { Order::Desc } else { Order::Asc };
    if scan.order != ScanOrder::Recorded {
        select.order_by(("event", scan.order.column()), direction.clone());
    }
    select.order_by(("event", "id"), direction).limit(limit(scan)).take()
}

fn limit(scan: &EventScan) -> u64 {
    Ord::min(scan.limit, i64::MAX as u64)
}

/// The lists of a group, each in the order of admission, merged.
fn merge(scan: &EventScan, conditions: &Conditions, number: usize) -> SelectStatement {
    let Some(group) = conditions.groups.get(number) else { return SelectStatement::new() };
    let drive = Drive::Merge(number);
    let names = group.names.iter().map(|name| ("event_name", "name", *name));
    let items = group.items.iter().map(|item| ("event_item", "item", *item));
    let lists = names.chain(items).map(|(table, column, row)| {
        let event = Expr::col((table, "event"));
        let mut list = Query::select();
        list.expr_as(event.clone(), "id").from(table);
        if !conditions.event_time.is_open() || !conditions.record_time.is_open() {
            dialect::then_join(&mut list, "event", (table, "event"));
        }
        list.and_where(Expr::col((table, column)).eq(row))
            .cond_where(rest(scan, conditions, drive, &event))
            .take()
    });
    let mut merged: Option<SelectStatement> = None;
    for list in lists {
        match &mut merged {
            Some(merged) => drop(merged.union(UnionType::Distinct, list)),
            None => merged = Some(list),
        }
    }
    let direction = if scan.descending { Order::Desc } else { Order::Asc };
    let mut merged = merged.unwrap_or_default();
    merged.order_by("id", direction).limit(limit(scan)).take()
}

/// The conditions that the drive leaves, of the event whose row is `event`.
fn rest(scan: &EventScan, conditions: &Conditions, drive: Drive, event: &Expr) -> Condition {
    let mut rest = Condition::all().add(event.clone().lte(scan.until.0));
    rest = rest.add_option(after(scan, drive, event));
    for order in [ScanOrder::EventTime, ScanOrder::RecordTime] {
        let period = order.period(conditions);
        if drive != Drive::Time(order) && !period.is_open() {
            rest = rest.add(period.holds(&time(scan, drive, order)));
        }
    }
    for (number, group) in conditions.groups.iter().enumerate() {
        if drive != Drive::Gather(number) && drive != Drive::Merge(number) {
            rest = rest.add_option(member(group, event));
        }
    }
    rest
}

/// The column of a time; only a walk in its order is to use its index.
fn time(scan: &EventScan, drive: Drive, order: ScanOrder) -> Expr {
    let column = Expr::col(("event", order.column()));
    if drive == Drive::Walk && scan.order == order {
        column
    } else {
        dialect::without_index(column)
    }
}

/// The event stands after the place where the page begins.
fn after(scan: &EventScan, drive: Drive, event: &Expr) -> Option<Expr> {
    let after = scan.after?;
    let (place, bound) = match scan.order {
        ScanOrder::Recorded => (event.clone(), Expr::val(after.event.0)),
        order => (
            Expr::tuple([time(scan, drive, order), event.clone()]),
            Expr::tuple([Expr::val(after.time), Expr::val(after.event.0)]),
        ),
    };
    Some(if scan.descending { place.lt(bound) } else { place.gt(bound) })
}

/// The event is in a list of the group. A group with prefixes cannot be looked up for an event:
/// such a condition is left to the query.
fn member(group: &Group, event: &Expr) -> Option<Condition> {
    if !group.prefixes.is_empty() {
        return None;
    }
    if group.names.len() + group.items.len() > LISTS_MAX {
        return Some(Condition::all().add(event.clone().in_subquery(group.events())));
    }
    let named =
        (!group.names.is_empty()).then(|| in_list("event_name", "name", &group.names, event));
    let items =
        (!group.items.is_empty()).then(|| in_list("event_item", "item", &group.items, event));
    Some(Condition::any().add_option(named).add_option(items))
}

fn in_list(table: &'static str, column: &'static str, lists: &[i64], event: &Expr) -> Expr {
    let list = Query::select()
        .expr(Expr::val(1))
        .from_as(table, "member")
        .and_where(one_of(Expr::col(("member", column)), lists))
        .and_where(Expr::col(("member", "event")).eq(event.clone()))
        .take();
    Expr::exists(list)
}
