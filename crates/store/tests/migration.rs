//! A database of version 1, made by the statements of that version, opens and holds everything.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::{Path, PathBuf};

use sqlx::{AssertSqlSafe, Row as _, SqlitePool};
use theriac_query::{ItemCondition, Name, Plan, Role};
use theriac_store::{CaptureId, ErrorBehaviour, EventId, EventScan, OpenError, ScanOrder, Store};

/// The schema as version 1 created it.
const SCHEMA: &str = include_str!("fixture/schema-1.sql");

const EVENTS: i64 = 450;
const UNITS: i64 = 6_000;

async fn connect(path: &Path) -> SqlitePool {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path).create_if_missing(true);
    SqlitePool::connect_with(options).await.unwrap()
}

async fn run(pool: &SqlitePool, sql: impl Into<String>) {
    sqlx::raw_sql(AssertSqlSafe(sql.into())).execute(pool).await.unwrap();
}

/// Event `n` as version 1 wrote it: shipments, and every ninth a packing of units.
fn body(n: i64) -> String {
    let (kind, what) = if n % 9 == 0 {
        (
            "AggregationEvent",
            format!(
                r#""parentID": "urn:epc:id:sscc:0614141.{n:010}", "childEPCs": ["{}"]"#,
                unit_urn(n)
            ),
        )
    } else {
        ("ObjectEvent", format!(r#""epcList": ["{}"]"#, unit_urn(n)))
    };
    let step = if n % 9 == 0 { "packing" } else { "shipping" };
    let action = if n % 9 == 0 { "ADD" } else { "OBSERVE" };
    format!(
        r#"{{"type": "{kind}", "action": "{action}", "bizStep": "{step}",
        "eventTime": "2026-03-01T08:30:00Z", "eventTimeZoneOffset": "+00:00",
        "readPoint": {{"id": "urn:epc:id:sgln:0614141.07346.1234"}}, {what}}}"#
    )
}

fn unit_urn(n: i64) -> String {
    format!("urn:epc:id:sgtin:0614141.107346.{n}")
}

fn unit_key(n: i64) -> String {
    format!("01/10614141073464/21/{n}")
}

/// Writes a database of version 1: one capture done, events, items that no event names.
async fn version_1(path: &Path) {
    let pool = connect(path).await;
    run(&pool, SCHEMA).await;
    run(
        &pool,
        "INSERT INTO meta VALUES ('schema_version', '1'), ('member', 'one');
         INSERT INTO capture (received_at, source, bytes, state, next_ordinal, admitted, held,
             refused, duplicate) VALUES (5, 0, 10, 2, 450, 450, 0, 0, 0);",
    )
    .await;
    let mut transaction = pool.begin().await.unwrap();
    for n in 1..=UNITS {
        sqlx::query("INSERT INTO item (id, key, unit, status) VALUES (?, ?, 1, 1)")
            .bind(n)
            .bind(unit_key(n))
            .execute(&mut *transaction)
            .await
            .unwrap();
    }
    for n in 1..=EVENTS {
        // The last cannot be read any more; it must not stop the others.
        let body = if n == EVENTS { "{".to_owned() } else { body(n) };
        let kind = if n % 9 == 0 { "AggregationEvent" } else { "ObjectEvent" };
        sqlx::query(
            "INSERT INTO event (id, hash, event_id, kind, event_time, record_time, biz_step,
                 capture, ordinal, place, body, state)
             VALUES (?, ?, ?, ?, ?, ?, 'shipping', 1, ?, '', ?, 0)",
        )
        .bind(n)
        .bind([n.to_be_bytes(); 4].concat())
        .bind(format!("urn:example:{n}"))
        .bind(kind)
        .bind(1_000 + n)
        .bind(2_000 + n)
        .bind(n)
        .bind(body)
        .execute(&mut *transaction)
        .await
        .unwrap();
        sqlx::query("INSERT INTO event_item VALUES (?, ?)")
            .bind(UNITS - n)
            .bind(n)
            .execute(&mut *transaction)
            .await
            .unwrap();
    }
    transaction.commit().await.unwrap();
    pool.close().await;
}

async fn found(store: &Store, plan: Plan) -> Vec<i64> {
    let scan = EventScan {
        plan,
        order: ScanOrder::Recorded,
        descending: false,
        after: None,
        until: EventId(i64::MAX),
        limit: 10_000,
    };
    store.scan_events(&scan).await.unwrap().iter().map(|event| event.id.0).collect()
}

fn by_name(role: Role, text: &str) -> Plan {
    Plan { names: vec![vec![Name::new(role, text)]], ..Plan::default() }
}

/// Everything that version 1 had is there, and found in the ways of version 2.
async fn is_whole(store: &Store) {
    let every = |step: usize| (1..EVENTS).step_by(step).collect::<Vec<_>>();
    let shipped: Vec<_> = every(1).into_iter().filter(|n| n % 9 != 0).collect();
    assert_eq!(found(store, by_name(Role::BizStep, "shipping")).await, shipped);
    let place = "https://id.gs1.org/414/0614141073467/254/1234";
    assert_eq!(found(store, by_name(Role::ReadPoint, place)).await, every(1));
    let parent = "00/006141410000000180";
    let parents = store.name_values(Role::Parent, None, 1_000).await.unwrap();
    assert_eq!(parents.len(), 49, "{parents:?}");
    assert!(parents.iter().any(|key| key == parent), "{parents:?}");
    assert_eq!(found(store, by_name(Role::Parent, parent)).await, [18]);
    let kinds = Plan { kinds: vec!["AggregationEvent".to_owned()], ..Plan::default() };
    assert_eq!(found(store, kinds).await, (1..=EVENTS / 9).map(|n| n * 9).collect::<Vec<_>>());
    assert_eq!(store.event_kinds().await.unwrap(), ["AggregationEvent", "ObjectEvent"]);
    let of_trade_item = ItemCondition::KeyPrefix("01/10614141073464/21/".to_owned());
    let units = Plan { items: vec![vec![of_trade_item]], ..Plan::default() };
    assert_eq!(found(store, units).await, (1..=EVENTS).collect::<Vec<_>>());

    let capture = store.capture(CaptureId(1)).await.unwrap().unwrap();
    assert_eq!((capture.error_behaviour, capture.finished_at), (ErrorBehaviour::Proceed, None));
    assert_eq!(store.get("member").await.unwrap().as_deref(), Some("one"));
    let event = store.event(EventId(7)).await.unwrap().unwrap();
    assert_eq!((event.body, event.declares, event.declared_by), (body(7), None, None));
    assert_eq!(store.last_event().await.unwrap(), Some(EventId(EVENTS)));
}

#[tokio::test]
async fn a_database_of_version_1_opens_and_everything_is_found() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("node.db");
    version_1(&path).await;
    let store = Store::open(&path).await.unwrap();
    is_whole(&store).await;
    store.close().await;
    let store = Store::open(&path).await.unwrap();
    is_whole(&store).await;
}

#[tokio::test]
async fn a_migration_that_was_cut_off_goes_on() {
    let directory = tempfile::tempdir().unwrap();
    let path: PathBuf = directory.path().join("node.db");
    version_1(&path).await;
    for mark in ["event 0", "event 200", "event 400", "event 450", "item 0", "item 5000", "2"] {
        let pool = connect(&path).await;
        for when in ["INSERT", "UPDATE"] {
            run(
                &pool,
                format!(
                    "CREATE TRIGGER cut_{when} BEFORE {when} ON meta WHEN NEW.value = '{mark}'
                     BEGIN SELECT RAISE(ABORT, 'cut off'); END"
                ),
            )
            .await;
        }
        let error = Store::open(&path).await.map(drop).unwrap_err();
        assert!(matches!(error, OpenError::Store(_)), "{mark}: {error}");
        let version = sqlx::query("SELECT value FROM meta WHERE key = 'schema_version'");
        let version: String = version.fetch_one(&pool).await.unwrap().get(0);
        assert_eq!(version, "1", "{mark}");
        run(&pool, "DROP TRIGGER cut_INSERT; DROP TRIGGER cut_UPDATE").await;
        pool.close().await;
    }
    is_whole(&Store::open(&path).await.unwrap()).await;
}

/// Tables, columns and indexes, one a line.
async fn schema_of(path: &Path) -> Vec<String> {
    let pool = connect(path).await;
    let columns = "SELECT 'column ' || t.name || ' ' || c.cid || ' ' || c.name || ' ' || c.type
        || ' ' || c.\"notnull\" || ' ' || coalesce(c.dflt_value, '') || ' ' || c.pk
        FROM sqlite_schema t JOIN pragma_table_info(t.name) c WHERE t.type = 'table'";
    let references = "SELECT 'reference ' || t.name || ' ' || r.\"from\" || ' ' || r.\"table\"
        FROM sqlite_schema t JOIN pragma_foreign_key_list(t.name) r WHERE t.type = 'table'";
    let indexes = "SELECT sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL";
    let mut lines = Vec::new();
    for sql in [columns, references, indexes] {
        let rows = sqlx::query(sql).fetch_all(&pool).await.unwrap();
        lines.extend(rows.iter().map(|row| row.get::<String, _>(0)));
    }
    pool.close().await;
    lines.sort();
    lines
}

#[tokio::test]
async fn a_migrated_schema_is_that_of_a_fresh_database() {
    let directory = tempfile::tempdir().unwrap();
    let (old, fresh) = (directory.path().join("old.db"), directory.path().join("fresh.db"));
    version_1(&old).await;
    for path in [&old, &fresh] {
        Store::open(path).await.unwrap().close().await;
    }
    assert_eq!(schema_of(&old).await, schema_of(&fresh).await);
}
