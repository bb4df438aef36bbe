//! What survives a crash, a reopening and a rollback, and what readers see during a write; on
//! SQLite files.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::Path;
use std::time::Duration;

use theriac_custody::Hash;
use theriac_store::{
    CaptureId, CaptureSource, CaptureState, ErrorBehaviour, NewCapture, OpenError, Store,
    StoreError, WriteTx,
};

const NEW: NewCapture = NewCapture {
    received_at: 1,
    source: CaptureSource::Cli,
    content_type: None,
    sender: None,
    error_behaviour: ErrorBehaviour::Proceed,
};

async fn open(path: &Path) -> Store {
    Store::open(path).await.unwrap()
}

async fn begin(tx: &mut WriteTx) -> CaptureId {
    let id = tx.begin_capture(&NEW).await.unwrap();
    tx.append_chunk(id, 0, b"bytes").await.unwrap();
    id
}

#[tokio::test]
async fn what_was_committed_is_there_after_reopening() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("node.db");
    let store = open(&path).await;
    let mut tx = store.write().await.unwrap();
    let sealed = begin(&mut tx).await;
    tx.seal_capture(sealed, Hash([1; 32]), 5).await.unwrap();
    tx.set("member", "one").await.unwrap();
    tx.commit().await.unwrap();
    store.close().await;

    let store = open(&path).await;
    assert_eq!(store.unfinished_captures().await.unwrap()[0].id, sealed);
    assert_eq!(store.chunk(sealed, 0).await.unwrap().unwrap(), b"bytes");
    assert_eq!(store.get("member").await.unwrap().as_deref(), Some("one"));
}

#[tokio::test]
async fn what_was_committed_is_there_without_a_clean_end() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("node.db");
    let store = open(&path).await;
    let mut tx = store.write().await.unwrap();
    tx.set("committed", "yes").await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = store.write().await.unwrap();
    tx.set("written", "yes").await.unwrap();

    // The files as a crash leaves them: nothing closed, a transaction open.
    let crashed = directory.path().join("crashed.db");
    std::fs::copy(&path, &crashed).unwrap();
    std::fs::copy(directory.path().join("node.db-wal"), directory.path().join("crashed.db-wal"))
        .unwrap();
    let store = open(&crashed).await;
    assert_eq!(store.get("committed").await.unwrap().as_deref(), Some("yes"));
    assert_eq!(store.get("written").await.unwrap(), None);
}

#[tokio::test]
async fn captures_not_sealed_are_dropped_and_their_ids_not_given_again() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("node.db");
    let store = open(&path).await;
    let mut tx = store.write().await.unwrap();
    let sealed = begin(&mut tx).await;
    tx.seal_capture(sealed, Hash([1; 32]), 5).await.unwrap();
    let unsealed = begin(&mut tx).await;
    tx.commit().await.unwrap();
    store.close().await;

    let store = open(&path).await;
    assert_eq!(store.capture(unsealed).await.unwrap(), None);
    assert_eq!(store.chunk(unsealed, 0).await.unwrap(), None);
    let kept = store.capture(sealed).await.unwrap().unwrap();
    assert_eq!(kept.state, CaptureState::Captured);
    let mut tx = store.write().await.unwrap();
    assert!(begin(&mut tx).await > unsealed);
}

#[tokio::test]
async fn a_dropped_transaction_rolls_back_and_lets_the_next_in() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(&directory.path().join("node.db")).await;
    let mut tx = store.write().await.unwrap();
    let lost = begin(&mut tx).await;
    drop(tx);
    let mut tx = store.write().await.unwrap();
    assert_eq!(tx.capture(lost).await.unwrap(), None);
    begin(&mut tx).await;
    tx.roll_back().await.unwrap();
    assert_eq!(store.captures(10).await.unwrap(), []);
}

#[tokio::test]
async fn a_refused_statement_leaves_the_transaction_usable() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(&directory.path().join("node.db")).await;
    let mut tx = store.write().await.unwrap();
    let id = begin(&mut tx).await;
    let error = tx.append_chunk(id, 0, b"again").await.unwrap_err();
    assert!(matches!(error, StoreError::Database(_)), "{error}");
    tx.append_chunk(id, 1, b"next").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.chunk(id, 1).await.unwrap().unwrap(), b"next");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_see_the_last_commit_during_a_write() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(&directory.path().join("node.db")).await;
    let mut tx = store.write().await.unwrap();
    tx.set("n", "1").await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = store.write().await.unwrap();
    tx.set("n", "2").await.unwrap();
    let readers: Vec<_> = (0..50)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move { store.get("n").await.unwrap() })
        })
        .collect();
    for reader in readers {
        assert_eq!(reader.await.unwrap().as_deref(), Some("1"));
    }
    tx.commit().await.unwrap();
    assert_eq!(store.get("n").await.unwrap().as_deref(), Some("2"));
}

#[tokio::test]
async fn a_read_transaction_sees_one_commit() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(&directory.path().join("node.db")).await;
    let mut before = store.read().await.unwrap();
    assert_eq!(before.get("n").await.unwrap(), None);
    let mut tx = store.write().await.unwrap();
    tx.set("n", "1").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(before.get("n").await.unwrap(), None);
    let mut after = store.read().await.unwrap();
    assert_eq!(after.get("n").await.unwrap().as_deref(), Some("1"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writers_take_turns_and_lose_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(&directory.path().join("node.db")).await;
    let writers: Vec<_> = (0..40)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move {
                let mut tx = store.write().await.unwrap();
                let n = tx.get("n").await.unwrap().map_or(0, |n| n.parse::<u32>().unwrap());
                tx.set("n", &(n + 1).to_string()).await.unwrap();
                tx.commit().await.unwrap();
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    assert_eq!(store.get("n").await.unwrap().as_deref(), Some("40"));
}

#[tokio::test]
async fn an_abandoned_write_lets_the_next_in() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(&directory.path().join("node.db")).await;
    for _ in 0..20 {
        let writing = async {
            let mut tx = store.write().await.unwrap();
            for n in 0..1_000_u32 {
                tx.set("n", &n.to_string()).await.unwrap();
            }
            tx.commit().await.unwrap();
        };
        // A request that its client gave up: the future is dropped wherever it stands.
        let _ = tokio::time::timeout(Duration::from_millis(1), writing).await;
    }
    let mut tx = store.write().await.unwrap();
    tx.set("last", "yes").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.get("last").await.unwrap().as_deref(), Some("yes"));
    let left = store.get("n").await.unwrap();
    assert!(left.is_none() || left.as_deref() == Some("999"), "a part of a write: {left:?}");
}

#[tokio::test]
async fn a_newer_schema_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("node.db");
    let store = open(&path).await;
    let mut tx = store.write().await.unwrap();
    tx.set("schema_version", "5").await.unwrap();
    tx.commit().await.unwrap();
    store.close().await;
    let error = Store::open(&path).await.unwrap_err();
    assert!(matches!(error, OpenError::Newer { expected: 4, found: 5 }), "{error}");
    assert!(error.hint().contains("newer program"));
}

#[tokio::test]
async fn a_database_of_another_program_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("node.db");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path).create_if_missing(true);
    let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
    sqlx::query("CREATE TABLE songs (title TEXT)").execute(&pool).await.unwrap();
    pool.close().await;
    let error = Store::open(&path).await.unwrap_err();
    assert!(matches!(error, OpenError::Foreign { .. }), "{error}");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("node.db");
    std::fs::write(&path, vec![b'x'; 8_192]).unwrap();
    assert!(matches!(Store::open(&path).await, Err(OpenError::Store(_))));
    let nowhere = directory.path().join("missing/node.db");
    assert!(matches!(Store::open(&nowhere).await, Err(OpenError::File { .. })));
}

#[tokio::test]
async fn a_value_that_no_program_wrote_is_reported() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("node.db");
    let store = open(&path).await;
    let mut tx = store.write().await.unwrap();
    begin(&mut tx).await;
    tx.commit().await.unwrap();
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path);
    let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
    sqlx::query("UPDATE capture SET source = 99").execute(&pool).await.unwrap();
    let error = store.captures(1).await.unwrap_err();
    assert!(matches!(error, StoreError::Corrupt { column: "source", .. }), "{error}");
    assert!(error.to_string().ends_with("found 99"), "{error}");
}

#[cfg(unix)]
#[tokio::test]
async fn the_files_belong_to_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("node.db");
    let store = open(&path).await;
    let mut tx = store.write().await.unwrap();
    tx.set("n", "1").await.unwrap();
    tx.commit().await.unwrap();
    for file in std::fs::read_dir(directory.path()).unwrap() {
        let file = file.unwrap();
        let mode = file.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{:?}", file.file_name());
    }
}

#[tokio::test]
async fn readers_and_writer_are_durable_and_check_references() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("node.db");
    let store = open(&path).await;
    let mut tx = store.write().await.unwrap();
    let error = tx.append_chunk(CaptureId(9), 0, b"x").await.unwrap_err();
    assert!(matches!(error, StoreError::Database(_)), "a chunk of no capture: {error}");
    drop(tx);
    let header = std::fs::read(&path).unwrap();
    assert_eq!(header[18..20], [2, 2], "write-ahead log");
}
