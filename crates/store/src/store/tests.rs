//! What only the inside of the store can see: its connections, and a disk that is full.

use sea_query::{Expr, ExprTrait, Func, Query};

use super::{Reader, Store};
use crate::StoreError;

/// The value of a pragma on the connection behind `reader`.
async fn pragma(mut reader: Reader, function: &'static str, column: &'static str) -> String {
    let select = Query::select()
        .expr_as(Expr::col(column).cast_as("text"), "value")
        .from_function(Func::cust(function), "pragma")
        .take();
    let row = reader.connection().first(&select).await.unwrap();
    row.unwrap().get("value").unwrap()
}

#[tokio::test]
async fn all_connections_are_durable() {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open(directory.path().join("node.db")).await.unwrap();
    for (function, column, expected) in [
        ("pragma_synchronous", "synchronous", "2"),
        ("pragma_journal_mode", "journal_mode", "wal"),
        ("pragma_foreign_keys", "foreign_keys", "1"),
    ] {
        let reader = store.statement().await.unwrap();
        assert_eq!(pragma(reader, function, column).await, expected, "{function}");
        let writer = Reader::Statement(store.writer.acquire().await.unwrap());
        assert_eq!(pragma(writer, function, column).await, expected, "{function}");
    }
}

#[tokio::test]
async fn a_full_disk_is_named_and_loses_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open(directory.path().join("node.db")).await.unwrap();
    let mut tx = store.write().await.unwrap();
    tx.set("n", "1").await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = store.write().await.unwrap();
    // The least that SQLite takes is the pages there are: from here on there is no more.
    tx.connection().run_schema("PRAGMA max_page_count = 1".to_owned()).await.unwrap();
    tx.set("n", "2").await.unwrap();
    let error = tx.set("large", &"x".repeat(1 << 20)).await.unwrap_err();
    assert!(matches!(error, StoreError::DiskFull), "{error}");
    let error = tx.set("n", "3").await.unwrap_err();
    assert!(matches!(error, StoreError::RolledBack), "written alone: {error}");
    let error = tx.commit().await.unwrap_err();
    assert!(matches!(error, StoreError::RolledBack), "{error}");
    assert_eq!(store.get("n").await.unwrap().as_deref(), Some("1"));

    let mut tx = store.write().await.unwrap();
    tx.connection().run_schema("PRAGMA max_page_count = 1000000".to_owned()).await.unwrap();
    tx.set("large", &"x".repeat(1 << 20)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.get("large").await.unwrap().map(|text| text.len()), Some(1 << 20));
}
