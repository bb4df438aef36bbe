//! Reconcile: do database and ledger agree? What differs is listed with what can be done about it;
//! a repair mends what is safe.
//!
//! ```text
//! logs ── facts ── transactions ── outbox ── holdings ── units ── lots ── registry
//! ```
//!
//! # Invariants
//!
//! - Comparing changes nothing but what following changes.
//! - A repair takes only what the ledger says, and is done when a second one finds nothing.

mod holdings;
mod logs;
mod outbox;
mod registry;
mod repair;
mod transactions;

use theriac_ledger::Ledger;
use theriac_store::ReadTx;

use crate::error::NodeError;
use crate::node::Node;
use crate::report::{Difference, DifferenceKind, ReconcileReport};
use crate::standing::OnTheWay;

/// What the comparisons share.
struct Comparison<'a> {
    node: &'a Node,
    ledger: &'a Ledger,
    tx: ReadTx,
    on_the_way: OnTheWay,
    report: ReconcileReport,
}

impl Comparison<'_> {
    fn differ(
        &mut self,
        kind: DifferenceKind,
        what: impl Into<String>,
        here: impl Into<String>,
        ledger: impl Into<String>,
    ) {
        self.report.differences.push(Difference::new(kind, what, here, ledger));
    }
}

impl Node {
    /// Compares everything on record with the ledger.
    ///
    /// # Errors
    ///
    /// [`NodeError`] if either cannot be read.
    pub async fn reconcile(&self) -> Result<ReconcileReport, NodeError> {
        self.see_contracts().await?;
        let followed = self.follow().await;
        let _following = self.inner().following.lock().await;
        let _recording = self.inner().recording.lock().await;
        self.compare(followed.err()).await
    }

    /// Compares while nobody follows or records; `stuck`: why the ledger could not be followed.
    async fn compare(&self, stuck: Option<NodeError>) -> Result<ReconcileReport, NodeError> {
        let mut tx = self.inner().store.read().await?;
        let on_the_way = OnTheWay::load(&mut tx).await?;
        let report = ReconcileReport::default();
        let ledger = &self.inner().ledger;
        let mut comparison = Comparison { node: self, ledger, tx, on_the_way, report };
        comparison.cursor(stuck).await?;
        comparison.logs().await?;
        comparison.registry().await?;
        comparison.lots().await?;
        comparison.transactions().await?;
        comparison.outbox().await?;
        comparison.holdings().await?;
        comparison.loose_units().await?;
        let mut report = comparison.report;
        let stats = self.inner().store.stats().await?;
        report.events = stats.events.iter().map(|(_, n)| n).sum();
        Ok(report)
    }
}

/// A value as text, or that there is none.
fn text<T: std::fmt::Display>(value: Option<T>) -> String {
    value.map_or_else(|| "unknown".to_owned(), |value| value.to_string())
}
