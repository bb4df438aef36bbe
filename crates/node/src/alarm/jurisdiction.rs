//! What the jurisdiction says of a pack, beside the verdict.

use theriac_custody::AlertCause;
use theriac_custody::verdict::Printed;
use theriac_gs1::{Lgtin, Sgtin};

use crate::error::NodeError;
use crate::node::Node;
use crate::report::VerifyReport;

impl Node {
    /// Adds state and alert of the jurisdiction to the answer about a unit, and the alarm about it.
    pub(crate) async fn judge_locally(
        &self,
        report: &mut VerifyReport,
        unit: &Sgtin,
        printed: &Printed,
    ) -> Result<(), NodeError> {
        if self.is_lot_unknown(report, unit, printed).await? {
            report.cause = Some(AlertCause::LotUnknown);
        }
        let id = theriac_gs1::Identifier::Sgtin(unit.clone());
        if let Some(watch) = self.inner().store.pack_watch(&id).await?
            && let Some(alarm) = watch.alarm
        {
            report.alarm = Some(alarm.reason);
        }
        let alarmed = report.alarm.is_some().then_some(AlertCause::CloneSuspected);
        let cause = report.cause.or(alarmed);
        report.jurisdiction = Some(self.profile().jurisdiction(report.condition, cause));
        Ok(())
    }

    /// Whether the printed lot is none of the labeler's, which this node's member must be to know.
    async fn is_lot_unknown(
        &self,
        report: &VerifyReport,
        unit: &Sgtin,
        printed: &Printed,
    ) -> Result<bool, NodeError> {
        let doubted =
            matches!(report.cause, Some(AlertCause::SerialUnknown | AlertCause::LotMismatch));
        let ours = report.labeler.as_ref().is_some_and(|labeler| labeler.gln == self.gln());
        let Some(lot) = printed.lot.clone().filter(|_| doubted && ours) else { return Ok(false) };
        let lot = Lgtin { gtin: unit.gtin, lot };
        Ok(self.inner().store.load_lots(std::slice::from_ref(&lot)).await?.is_empty())
    }
}
