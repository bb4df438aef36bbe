//! Recall: packs are withdrawn by an EPCIS event like any other, found wherever they are, set apart by
//! whoever has them, and counted until all are accounted for.
//!
//! # Invariants
//!
//! - Whole lots are recalled on the ledger first: nobody waits for a message.
//! - A holder acts by what it is told or by what the ledger says, whichever it learns first, once.
//! - Only the labeler of a product and regulators are obeyed.

mod adopt;
mod answer;
mod close;
mod holders;
mod notice;
mod order;
mod overdue;
mod set_apart;
mod spread;
mod stage;
mod stock;
mod told;
mod view;
mod watch;

pub use close::RecallClosure;
pub use order::RecallStart;
pub(crate) use stage::Recalls;
pub use view::{HolderView, RecallEntry, RecallView};

use theriac_custody::recall::{LotsOf, NoticeScope};
use theriac_custody::{LotStatus, RecallClass, RecallDepth, RecallScope, ScopeError};
use theriac_gs1::{Gln, Gtin, Identifier, Lgtin, Lot};
use theriac_store::{CaptureSource, RecallPart, RecallState};

use crate::error::NodeError;
use crate::node::Node;
use crate::report::RecallReport;

/// An order to recall a lot, or to lift its recall.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecallOrder {
    /// GTIN of the lot.
    pub gtin: Gtin,
    /// Lot number.
    pub lot: Lot,
    /// Class of the recall, 1 (gravest) to 3; without one the recall is lifted.
    pub class: Option<u8>,
    /// Why, for the record.
    #[serde(default)]
    pub reason: String,
}

/// Why packs could not be recalled, or a recall not ended.
#[derive(Debug, thiserror::Error)]
pub enum RecallError {
    /// The class is not one.
    #[error("expected a class from 1 to 3, found {0}")]
    Class(u8),
    /// The scope is none.
    #[error(transparent)]
    Scope(#[from] ScopeError),
    /// A text is missing or too long.
    #[error("expected a {what} of {least} to {most} bytes, found {found}")]
    Text {
        /// Which text.
        what: &'static str,
        /// Fewest bytes.
        least: usize,
        /// Most bytes.
        most: usize,
        /// Its length.
        found: usize,
    },
    /// The rules of custody hold the event.
    #[error("{reason}; {what_to_do}")]
    Held {
        /// Why.
        reason: String,
        /// What to do.
        what_to_do: String,
    },
    /// Nothing of the lot is on record here.
    #[error("expected a lot on record at this node, found none with lot {lot} of {gtin}")]
    Unknown {
        /// The GTIN.
        gtin: Gtin,
        /// The lot number.
        lot: Lot,
    },
    /// A pack is not on record here, or not on the ledger.
    #[error("expected packs that this node knows on the ledger, found {0}")]
    UnknownPack(Identifier),
    /// No pack is meant.
    #[error("expected a scope with packs in it, found none that this node knows")]
    Nothing,
    /// Nobody has registered the product.
    #[error("expected a product of the registry, found {0}")]
    NoProduct(Gtin),
    /// The product is another member's, and this one is no regulator.
    #[error("expected a product of this member, found {gtin} of {labeler}")]
    NotYours {
        /// The product.
        gtin: Gtin,
        /// Its labeler.
        labeler: Gln,
    },
    /// No recall has this number.
    #[error("expected the number of a recall, found {0}")]
    NoSuchRecall(i64),
    /// Another member recalls.
    #[error("expected a recall of this member, found {number} of {by}")]
    NotOurs {
        /// Its number.
        number: i64,
        /// Who recalls.
        by: Gln,
    },
    /// It is not in force.
    #[error("expected a recall in force, found {number} {state}")]
    NotActive {
        /// Its number.
        number: i64,
        /// How it stands.
        state: RecallState,
    },
    /// The company has no packs of it.
    #[error("expected a holder of recall {number}, found {holder}")]
    NoHolder {
        /// The recall's number.
        number: i64,
        /// The company.
        holder: Gln,
    },
    /// Not all is accounted for.
    #[error("expected that all packs are accounted for, found: {}", .0.join("; "))]
    Outstanding(Vec<String>),
    /// The node could not do it.
    #[error(transparent)]
    Node(#[from] NodeError),
}

impl Node {
    /// Orders a recall: its event is captured, the ledger told, the holders too.
    ///
    /// # Errors
    ///
    /// [`RecallError`]; [`RecallError::Held`] leaves the case of its event behind.
    pub async fn start_recall(&self, start: &RecallStart) -> Result<RecallView, RecallError> {
        let new = self.ordered_recall(start).await?;
        let number = {
            let _guard = self.inner().recalls.working.lock().await;
            let mut tx = self.inner().store.write().await.map_err(NodeError::from)?;
            tx.insert_recall(&new).await.map_err(NodeError::from)?;
            let record = tx.recall_by_hash(&new.hash).await.map_err(NodeError::from)?;
            tx.commit().await.map_err(NodeError::from)?;
            self.issue_ordered().await?;
            record.map(|record| record.id.0).ok_or(RecallError::Nothing)?
        };
        self.settle().await?;
        let view = self.recall_view(number).await?;
        match (view.recall.state, &view.report) {
            (RecallState::Refused, Some(report)) => Err(held(report)),
            _ => Ok(view),
        }
    }

    /// Recalls a lot, or lifts its recall, on the ledger; this member must be its labeler or a
    /// regulator.
    ///
    /// # Errors
    ///
    /// [`RecallError`].
    pub async fn recall(&self, order: &RecallOrder) -> Result<RecallReport, RecallError> {
        let lot = Lgtin { gtin: order.gtin, lot: order.lot.clone() };
        let reason = match order.reason.trim() {
            "" => "no reason given",
            reason => reason,
        };
        match order.class {
            Some(class) => {
                let class =
                    RecallClass::try_from(class).map_err(|error| RecallError::Class(error.0))?;
                let scope = RecallScope::lot(lot.clone());
                let depth = RecallDepth::default();
                let (reason, notice) = (reason.to_owned(), String::new());
                self.start_recall(&RecallStart { scope, class, depth, reason, notice }).await?;
            }
            None => self.lift_lot(&lot, reason).await?,
        }
        self.recall_status(&lot).await
    }

    /// Lifts each recall of exactly this lot.
    async fn lift_lot(&self, lot: &Lgtin, reason: &str) -> Result<(), RecallError> {
        let mut tx = self.inner().store.read().await.map_err(NodeError::from)?;
        self.may_recall(&mut tx, lot.gtin).await?;
        let active = tx.recalls_in(RecallState::Active).await.map_err(NodeError::from)?;
        drop(tx);
        let only = RecallScope::lot(lot.clone());
        let mut lifted = false;
        for record in active {
            let own = record.recall.part == RecallPart::Issuer;
            if own && record.recall.scope.as_ref() == Some(&only) {
                self.lift_recall(record.id.0, reason).await?;
                lifted = true;
            }
        }
        match lifted {
            true => Ok(()),
            // That of another member, or none.
            false => self.lift_on_ledger(lot, reason).await,
        }
    }

    async fn lift_on_ledger(&self, lot: &Lgtin, reason: &str) -> Result<(), RecallError> {
        let lots = LotsOf { gtin: lot.gtin, lots: vec![lot.lot.clone()] };
        let event = order::lift_event(&NoticeScope::Lots(lots), None, reason, self.now());
        let document = order::document(&event, self.now())?;
        let report = self.capture(CaptureSource::Api, document.as_bytes()).await?;
        if let Some(refusal) = stage::refusal(&report) {
            return Err(held(&refusal));
        }
        Ok(self.settle().await?)
    }

    /// How a lot stands, and where its packs are as far as this node knows.
    ///
    /// # Errors
    ///
    /// [`RecallError::Unknown`] if the lot is not on record here.
    pub async fn recall_status(&self, lot: &Lgtin) -> Result<RecallReport, RecallError> {
        let mut tx = self.inner().store.read().await.map_err(NodeError::from)?;
        let row = tx.load_lots(std::slice::from_ref(lot)).await.map_err(NodeError::from)?;
        let Some(row) = row.into_values().next() else {
            return Err(RecallError::Unknown { gtin: lot.gtin, lot: lot.lot.clone() });
        };
        let on_ledger = match row.lot_tag {
            Some(tag) => tx.ledger_lot(&tag).await.map_err(NodeError::from)?,
            None => None,
        };
        let units = tx.units_of_lot(lot).await.map_err(NodeError::from)?;
        let mut packs: std::collections::BTreeMap<&'static str, u64> = Default::default();
        for unit in &units {
            *packs.entry(unit.item.status.word()).or_default() += 1;
        }
        let status = on_ledger.as_ref().map_or(row.record.status, |lot| lot.status);
        Ok(RecallReport {
            gtin: lot.gtin.to_string(),
            lot: lot.lot.to_string(),
            status: status_word(status).to_owned(),
            transaction: on_ledger.map(|lot| lot.transaction),
            packs: packs.into_iter().map(|(word, count)| (word.to_owned(), count)).collect(),
        })
    }
}

/// The error that a refused event leaves behind.
fn held(report: &serde_json::Value) -> RecallError {
    let text = |name: &str| report.get(name).and_then(|text| text.as_str()).unwrap_or_default();
    RecallError::Held {
        reason: text("refused").to_owned(),
        what_to_do: text("what_to_do").to_owned(),
    }
}

/// The word for a lot's status.
pub(crate) fn status_word(status: LotStatus) -> &'static str {
    match status {
        LotStatus::Normal => "normal",
        LotStatus::RecalledI => "recalled_i",
        LotStatus::RecalledII => "recalled_ii",
        LotStatus::RecalledIII => "recalled_iii",
        LotStatus::Blocked => "blocked",
    }
}
