//! What another node says of a pack is compared with the ledger that this node follows.

use theriac_custody::VerdictCode;
use theriac_store::ReadTx;

use crate::error::NodeError;
use crate::node::Node;
use crate::report::VerifyReport;

impl Node {
    /// What in a labeler's verdict contradicts the ledger as it was followed here; none if nothing
    /// does, or if the verdict is of a block that was not followed yet.
    pub(crate) async fn contradiction(
        &self,
        report: &VerifyReport,
    ) -> Result<Option<String>, NodeError> {
        let mut tx = self.inner().store.read().await?;
        let evidence = &report.evidence;
        let followed = tx.last_block().await?.map_or(0, |block| block.number);
        if evidence.block.is_some_and(|block| block > followed) {
            return Ok(None);
        }
        if let Some(wrong) = self.wrong_lot(&mut tx, report).await? {
            return Ok(Some(wrong));
        }
        let Some(holding) = evidence.holding else { return Ok(None) };
        let Some(on_ledger) = tx.ledger_holding(&holding).await? else {
            let genuine = report.verdict.code == VerdictCode::Genuine;
            return Ok(genuine.then(|| format!("the ledger has no holding {holding}")));
        };
        let told = evidence.transaction.filter(|_| evidence.block == Some(on_ledger.block));
        Ok(told.filter(|told| *told != on_ledger.transaction).map(|told| {
            let found = on_ledger.transaction;
            format!("holding {holding} was opened by transaction {found}, not by {told}")
        }))
    }

    /// The lot that a verdict names must be the labeler's, and not recalled where it says genuine.
    async fn wrong_lot(
        &self,
        tx: &mut ReadTx,
        report: &VerifyReport,
    ) -> Result<Option<String>, NodeError> {
        let Some(tag) = report.evidence.lot_tag else { return Ok(None) };
        let Some(lot) = tx.ledger_lot(&tag).await? else {
            // It may be on its way to the ledger: then the pack is in no holding yet.
            let stands = report.evidence.holding.is_some();
            return Ok(stands.then(|| format!("the ledger has no lot {tag}")));
        };
        let genuine = report.verdict.code == VerdictCode::Genuine;
        if genuine && lot.status != theriac_custody::LotStatus::Normal {
            return Ok(Some(format!("the ledger has lot {tag} as {:?}", lot.status)));
        }
        let opener = tx.member_behind(&lot.labeler).await?;
        Ok((genuine && opener.is_none()).then(|| format!("lot {tag} was opened by no member")))
    }
}
