//! A database of an older version, made by the statements of that version, opens and holds
//! everything.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::{Path, PathBuf};

use sqlx::{AssertSqlSafe, Row as _, SqlitePool};
use theriac_query::{ItemCondition, Name, Plan, Role};
use theriac_store::{
    CaptureId, DeliveryState, ErrorBehaviour, EventId, EventScan, OpenError, ScanOrder, Store,
};

/// The schema as version 1 created it.
const SCHEMA: &str = include_str!("fixture/schema-1.sql");

/// The schema as version 2 created it.
const SCHEMA_2: &str = include_str!("fixture/schema-2.sql");

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
    let marks = ["event 0", "event 200", "event 400", "event 450", "item 0", "item 5000", "2", "3"];
    for mark in marks {
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
        assert_eq!(version, if mark == "3" { "2" } else { "1" }, "{mark}");
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
    let [one, two, fresh] = ["1.db", "2.db", "3.db"].map(|name| directory.path().join(name));
    version_1(&one).await;
    version_2(&two).await;
    for path in [&one, &two, &fresh] {
        Store::open(path).await.unwrap().close().await;
    }
    assert_eq!(schema_of(&one).await, schema_of(&fresh).await);
    assert_eq!(schema_of(&two).await, schema_of(&fresh).await);
}

/// Writes a database of version 2: members, an account, a product, a transaction, a delivery, a
/// holding and a lot.
async fn version_2(path: &Path) {
    let pool = connect(path).await;
    run(&pool, SCHEMA_2).await;
    run(
        &pool,
        "INSERT INTO meta VALUES ('schema_version', '2'), ('member', 'two');
         INSERT INTO member VALUES (9521321000018, 'Alpha', 1, 'http://a', 1, 0);
         INSERT INTO member_account VALUES (4, x'0101010101010101010101010101010101010101',
             9521321000018);
         INSERT INTO product VALUES (9521321000117, 9521321000018);
         INSERT INTO transaction_out VALUES (1, 3, zeroblob(32), x'02', 7, 1, 12, 50000, NULL);
         INSERT INTO delivery VALUES (1, 9521321000018, 0, x'', NULL, 0, 2, 5, 5, NULL, 'silent');
         INSERT INTO ledger_holding VALUES (1, zeroblob(32), zeroblob(32), 3, zeroblob(20),
             zeroblob(20), 1, 21000, zeroblob(32), zeroblob(20), NULL, 12, zeroblob(32));
         INSERT INTO ledger_lot VALUES (zeroblob(32), zeroblob(20), 21000, 0, 12, zeroblob(32));",
    )
    .await;
    pool.close().await;
}

#[tokio::test]
async fn a_database_of_version_2_keeps_what_it_knew_and_asks_for_the_logs() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("node.db");
    version_2(&path).await;
    let store = Store::open(&path).await.unwrap();
    assert_eq!(store.get("member").await.unwrap().as_deref(), Some("two"));
    let gln = "9521321000018".parse().unwrap();
    let gtin = "09521321000117".parse().unwrap();
    assert_eq!(store.stored_member(&gln).await.unwrap().unwrap().undo_days, 10);
    let account = theriac_custody::Account([1; 20]);
    assert_eq!(store.member_of_account(&account).await.unwrap(), Some(gln));
    assert_eq!(store.labeler_at(&gtin, 0).await.unwrap(), Some(gln));
    let sent = store.transaction_with_nonce(3).await.unwrap().unwrap();
    assert_eq!((sent.block, sent.max_fee), (Some(12), 0));
    assert_eq!(store.attempts_of(sent.id).await.unwrap(), []);
    let zero = theriac_custody::Hash::ZERO;
    assert_eq!(store.ledger_holding(&zero).await.unwrap().unwrap().pruned, None);
    assert_eq!(store.ledger_lot(&zero).await.unwrap().unwrap().pruned, None);
    assert_eq!(store.deliveries(DeliveryState::Due).await.unwrap()[0].subject, None);
    // What it did not derive from the logs is derived once more.
    assert!(store.is_replay_due().await.unwrap());
    let mut tx = store.write().await.unwrap();
    tx.unwind_to(u64::MAX >> 1).await.unwrap();
    tx.commit().await.unwrap();
    assert!(!store.is_replay_due().await.unwrap());
    assert_eq!(store.products().await.unwrap().len(), 0);
    store.close().await;
    let fresh = Store::open(directory.path().join("fresh.db")).await.unwrap();
    assert!(!fresh.is_replay_due().await.unwrap());
}
