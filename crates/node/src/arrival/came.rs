//! Packs that were missing and have come since.

use theriac_custody::{CaseKind, ItemStatus};
use theriac_store::{CaseId, ReadTx};

use crate::error::NodeError;
use crate::node::Node;

/// Open cases that are looked through, the latest first.
const CASES_MAX: u64 = 1_000;

/// Packs of a case that are looked at in one go.
const PAGE: u64 = 1_000;

impl Node {
    /// Closes the cases about missing packs of which none is awaited any more; true if there were any.
    pub(crate) async fn close_what_came(&self) -> Result<bool, NodeError> {
        let open = self.inner().store.cases(true, CASES_MAX).await?;
        // What another misses and this member has again has not come to the other.
        let missing = open
            .into_iter()
            .filter(|case| case.matter.kind == CaseKind::Missing && case.opened_by.is_none());
        let mut any = false;
        for case in missing {
            let _guard = self.inner().admitting.lock().await;
            let mut tx = self.inner().store.write().await?;
            if has_come(&mut tx, case.id).await? {
                self.settle_case(&mut tx, &case, "the packs have come").await?;
                tx.commit().await?;
                any = true;
            }
        }
        Ok(any)
    }
}

/// Whether all packs of a case are in this member's hands.
async fn has_come(tx: &mut ReadTx, case: CaseId) -> Result<bool, NodeError> {
    let mut after: Option<String> = None;
    loop {
        let packs = tx.case_packs(case, after.as_deref(), PAGE).await?;
        let Some(last) = packs.last() else { return Ok(after.is_some()) };
        after = Some(last.key());
        let records = tx.load_items(&packs).await?;
        let here = |status| {
            matches!(status, ItemStatus::InStock | ItemStatus::Quarantined | ItemStatus::Retired(_))
        };
        let there = records.iter().filter(|record| packs.contains(&record.item.id));
        if there.clone().count() < packs.len() || !there.clone().all(|r| here(r.item.status)) {
            return Ok(false);
        }
    }
}
