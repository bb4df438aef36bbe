//! Being told of a recall.

use theriac_custody::RecallScope;
use theriac_custody::Role;
use theriac_custody::recall::{NoticeAct, NoticeScope, Places, RecallNotice};
use theriac_gs1::Gln;
use theriac_store::{NewRecall, RecallPart, RecallRecord, RecallState, WriteTx};

use super::spread::{Starts, as_places};
use super::stage::on_ledger;
use crate::exchange::ExchangeError;
use crate::node::Node;

/// Most lots in a notice: those of a window of expiry dates may be many.
const LOTS_MAX: usize = 100_000;

impl Node {
    /// A notice of another member: what it names is set apart, or put back.
    pub(crate) async fn on_recall(
        &self,
        tx: &mut WriteTx,
        from: Gln,
        body: &[u8],
    ) -> Result<(), ExchangeError> {
        let notice: RecallNotice = serde_json::from_slice(body)
            .map_err(|error| ExchangeError::NotAMessage(error.to_string()))?;
        if notice.by != from {
            let by = notice.by;
            return Err(rejected(format!("expected a recall of {from}, found one of {by}")));
        }
        if let Some(fault) = too_long(&notice) {
            return Err(rejected(fault));
        }
        self.check_recall_authority(tx, &notice).await?;
        match tx.recall_by_hash(&notice.recall).await? {
            Some(record) if record.recall.issuer != from => {
                return Err(rejected(format!("recall {} is not of {from}", notice.recall)));
            }
            Some(record) => self.told_of_recall_again(tx, record, notice).await?,
            None if notice.act == NoticeAct::Lift => {}
            None => drop(tx.insert_recall(&new_recall(notice)).await?),
        }
        self.recalls_due();
        Ok(())
    }

    /// The labeler of the product may recall it, and a regulator.
    async fn check_recall_authority(
        &self,
        tx: &mut WriteTx,
        notice: &RecallNotice,
    ) -> Result<(), ExchangeError> {
        let today = crate::clock::days_of(self.today());
        let member = tx.stored_member(&notice.by).await?;
        let roles = member.map(|member| member.roles_on(today)).unwrap_or_default();
        if roles.has(Role::Regulator) {
            return Ok(());
        }
        let by = notice.by;
        let Some(gtin) = notice.gtin else {
            return Err(rejected(format!("expected a recall of a product of {by}, found none")));
        };
        match tx.labeler_of(&[gtin]).await?.remove(&gtin) {
            Some(labeler) if labeler == by => Ok(()),
            // The registry may be ahead of what was followed here.
            None => Err(ExchangeError::Later(format!("no member has product {gtin} here yet"))),
            Some(labeler) => Err(rejected(format!(
                "expected a recall by the labeler {labeler} of {gtin} or a regulator, found {by}"
            ))),
        }
    }

    /// A notice of a recall that is on record.
    async fn told_of_recall_again(
        &self,
        tx: &mut WriteTx,
        mut record: RecallRecord,
        notice: RecallNotice,
    ) -> Result<(), ExchangeError> {
        if notice.act == NoticeAct::Lift {
            // Of lots on the ledger the ledger says when.
            if !on_ledger(&record) && record.recall.state == RecallState::Active {
                self.end_lifted(tx, &mut record).await?;
                tx.update_recall(&record).await?;
            }
            return Ok(());
        }
        let recall = &mut record.recall;
        (recall.class, recall.depth) = (notice.class, notice.depth);
        (recall.reason, recall.notice) = (notice.reason, notice.notice);
        recall.told = Some(merged(recall.told.take(), notice.scope));
        // It wants an answer, though nothing may have changed.
        record.answer = None;
        Ok(tx.update_recall(&record).await?)
    }
}

pub(super) fn rejected(reason: String) -> ExchangeError {
    ExchangeError::Rejected(reason)
}

/// What is longer in a notice than any recall's may be.
fn too_long(notice: &RecallNotice) -> Option<String> {
    let text = notice.reason.len().max(notice.notice.len());
    if text > RecallNotice::TEXT_MAX {
        return Some(format!("expected texts of at most {} bytes", RecallNotice::TEXT_MAX));
    }
    match &notice.scope {
        NoticeScope::Lots(of) if of.lots.len() > LOTS_MAX => {
            Some(format!("expected at most {LOTS_MAX} lots"))
        }
        _ => None,
    }
}

/// A recall of which this node is told for the first time.
fn new_recall(notice: RecallNotice) -> NewRecall {
    let scope = match &notice.scope {
        NoticeScope::Lots(of) => Some(RecallScope::Lots(of.clone())),
        NoticeScope::Places(_) => None,
    };
    NewRecall {
        hash: notice.recall,
        issuer: notice.by,
        part: RecallPart::Holder,
        state: RecallState::Active,
        class: notice.class,
        depth: notice.depth,
        scope,
        told: Some(notice.scope),
        reason: notice.reason,
        notice: notice.notice,
        ordered_at: notice.ordered_at.as_millisecond(),
        document: None,
    }
}

/// What was told before and what is told besides.
fn merged(before: Option<NoticeScope>, more: NoticeScope) -> NoticeScope {
    match (before, more) {
        (Some(NoticeScope::Places(before)), NoticeScope::Places(more)) => {
            let mut starts = Starts::new();
            for Places { holding, spans } in before.into_iter().chain(more) {
                starts.entry(holding).or_default().extend(spans);
            }
            NoticeScope::Places(as_places(starts))
        }
        (_, more) => more,
    }
}
