//! Repair: a database that was damaged in each way is mended where that is safe, and what is not safe
//! is told with what to do.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "support/goods.rs"]
mod goods;
#[path = "support/company.rs"]
mod support;

use goods::*;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};
use theriac_node::{Config, DifferenceKind, Node, system_clock};

/// A maker with packs in stock, set apart, destroyed and shipped, whose database is damaged while it
/// is closed.
struct Damaged {
    folder: tempfile::TempDir,
    config: Config,
}

impl Damaged {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (node, config) = maker(&folder.path().join("node")).await;
        recorded(&node, &[made(&[1, 2, 3, 4, 5, 6], "2026-01-01T10:00:00Z")]).await;
        recorded(&node, &[set_apart(&[3], "2026-01-02T10:00:00Z")]).await;
        recorded(&node, &[destroyed(&[4], "2026-01-02T11:00:00Z")]).await;
        recorded(&node, &[shipped(&packs(&[5]), "2026-01-03T10:00:00Z")]).await;
        assert_eq!(node.reconcile().await.unwrap().differences, []);
        node.close().await;
        Self { folder, config }
    }

    async fn damage(&self, sql: &str) -> Node {
        let dir = self.folder.path().join("node");
        let options =
            SqliteConnectOptions::new().filename(dir.join("theriac.db")).foreign_keys(false);
        let pool = SqlitePool::connect_with(options).await.unwrap();
        let done = sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned())).execute(&pool).await.unwrap();
        assert!(done.rows_affected() > 0, "{sql}");
        pool.close().await;
        let passphrase = support::passphrase();
        Node::open(&dir, self.config.clone(), &passphrase, system_clock()).await.unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_safe_is_mended() {
    use DifferenceKind as K;
    let damages = [
        (K::UnitStatus, "UPDATE item SET status = 1 WHERE status = 5"),
        (K::UnitStatus, "UPDATE item SET status = 5 WHERE key LIKE '%S1'"),
        (
            K::UnitPlace,
            "UPDATE item SET holding = (SELECT min(id) FROM holding WHERE root IS NOT NULL),
             position = 2 WHERE key LIKE '%S3'",
        ),
        (K::UnitPosition, "UPDATE item SET position = position + 1 WHERE position IS NOT NULL"),
        (K::LotStatus, "UPDATE lot SET status = 1"),
        (K::Facts, "UPDATE ledger_holding SET state = 5 WHERE state = 3"),
        (K::Facts, "UPDATE ledger_lot SET status = 2"),
        (K::Facts, "UPDATE member SET endpoint = 'http://elsewhere'"),
        (K::Facts, "UPDATE member_account SET revoked = 3"),
        (K::Facts, "UPDATE product SET gln = 9521322000017"),
        (K::Logs, "DELETE FROM ledger_log WHERE block = (SELECT max(block) FROM ledger_log)"),
        (K::TransactionMined, "UPDATE transaction_out SET state = 0, block = NULL WHERE id = 4"),
        (K::TransactionLost, "UPDATE transaction_out SET block = block + 1 WHERE id = 4"),
        (K::Outbox, "UPDATE outbox SET state = 2 WHERE state = 3"),
        (
            K::Attempt,
            "INSERT INTO attempt SELECT 1, id, zeroblob(32), x'02', 1, 1, 1
             FROM transaction_out WHERE id = 3",
        ),
    ];
    for (kind, sql) in damages {
        let damaged = Damaged::new().await;
        let node = damaged.damage(sql).await;
        let found = node.reconcile().await.unwrap();
        assert!(found.differences.iter().any(|one| one.kind == kind), "{sql}: {found:#?}");
        assert_eq!(found.mended, [], "a comparison changes nothing");
        let again = node.reconcile().await.unwrap();
        assert_eq!(again.differences, found.differences, "{sql}");
        let repaired = node.repair().await.unwrap();
        assert_eq!(repaired.differences, [], "{sql}");
        assert!(repaired.mended.iter().any(|one| one.kind == kind), "{sql}: {repaired:#?}");
        let second = node.repair().await.unwrap();
        assert_eq!((second.mended, second.differences), (vec![], vec![]), "{sql}");
        node.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_safe_is_left_alone_with_a_reason() {
    use DifferenceKind as K;
    let damages = [
        (K::HoldingUnknown, "UPDATE holding SET root = NULL WHERE opened_by IS NULL"),
        (K::HoldingLeaves, "UPDATE holding SET leaves = zeroblob(32) WHERE height > 0"),
        (
            K::HoldingMissing,
            "INSERT INTO holding (hash, root, height, leaves) VALUES
             (randomblob(32), zeroblob(32), 0, zeroblob(32))",
        ),
        (K::UnitLoose, "UPDATE item SET holding = NULL, position = NULL WHERE key LIKE '%S2'"),
        (K::UnitLeaf, "UPDATE item SET salt = randomblob(length(salt)) WHERE key LIKE '%S2'"),
        (K::LotExpiry, "UPDATE lot SET expiry = 30000"),
        (
            K::TransactionUnknown,
            "UPDATE transaction_out SET hash = zeroblob(32)
             WHERE id = (SELECT max(transaction_out) FROM outbox)",
        ),
    ];
    for (kind, sql) in damages {
        let damaged = Damaged::new().await;
        let node = damaged.damage(sql).await;
        let left = node.repair().await.unwrap();
        let told = left.differences.iter().find(|one| one.kind == kind);
        let told = told.unwrap_or_else(|| panic!("{sql}: {left:#?}"));
        assert!(!told.safe && told.remedy.starts_with("left alone: "), "{told:?}");
        node.close().await;
    }
}
