//! Notices: what holders are told.

use jiff::{SignedDuration, Timestamp};
use theriac_custody::recall::{NoticeAct, NoticeScope, RecallNotice};
use theriac_custody::{RecallClass, RecallScope};
use theriac_gs1::{Gln, Gtin};
use theriac_store::{DeliveryKind, NewRecall, RecallRecord, WriteTx};

use crate::error::NodeError;
use crate::node::Node;

impl Node {
    /// Tells a holder again.
    pub(super) async fn remind_holder(
        &self,
        tx: &mut WriteTx,
        record: &RecallRecord,
        gln: Gln,
    ) -> Result<(), NodeError> {
        let nothing = NoticeScope::Places(Vec::new());
        let scope = match &record.recall.told {
            Some(NoticeScope::Lots(of)) => NoticeScope::Lots(of.clone()),
            _ => nothing,
        };
        let notice = self.recall_notice(record, NoticeAct::Remind, scope);
        let subject = Some(record.recall.hash);
        self.post_message(tx, gln, DeliveryKind::Recall, subject, &notice).await?;
        Ok(())
    }

    /// Tells all who were told of a recall that it is over.
    pub(super) async fn tell_lifted(
        &self,
        tx: &mut WriteTx,
        record: &RecallRecord,
    ) -> Result<(), NodeError> {
        for holder in tx.recall_holders(record.id).await? {
            if holder.told_at.is_some() {
                let scope = NoticeScope::Places(Vec::new());
                let notice = self.recall_notice(record, NoticeAct::Lift, scope);
                let subject = Some(record.recall.hash);
                self.post_message(tx, holder.gln, DeliveryKind::Recall, subject, &notice).await?;
            }
        }
        Ok(())
    }

    /// A notice of a recall.
    pub(super) fn recall_notice(
        &self,
        record: &RecallRecord,
        act: NoticeAct,
        scope: NoticeScope,
    ) -> RecallNotice {
        let recall = &record.recall;
        let ordered_at = Timestamp::from_millisecond(recall.ordered_at).unwrap_or(self.now());
        RecallNotice {
            recall: recall.hash,
            by: self.gln(),
            act,
            class: recall.class,
            depth: recall.depth,
            gtin: gtin_of(recall),
            scope,
            reason: recall.reason.clone(),
            notice: recall.notice.clone(),
            ordered_at,
            answer_by: self
                .now()
                .checked_add(self.recall_reaction(recall.class))
                .unwrap_or(self.now()),
        }
    }

    /// The time within which a holder sets apart what it has, and answers.
    pub(super) fn recall_reaction(&self, class: RecallClass) -> SignedDuration {
        self.profile().recall_class(class.into()).reaction()
    }
}

/// The product that a recall is about.
pub(super) fn gtin_of(recall: &NewRecall) -> Option<Gtin> {
    let ordered = recall.scope.as_ref().and_then(RecallScope::gtin);
    ordered.or(match &recall.told {
        Some(NoticeScope::Lots(of)) => Some(of.gtin),
        _ => None,
    })
}
