//! Recall: a lot is withdrawn by an EPCIS event like any other, and shown wherever it is.

use theriac_custody::LotStatus;
use theriac_custody::admit::NAMESPACE;
use theriac_epcis::{
    Action, BizStep, Common, Disposition, DocumentHeader, Event, Extension, ExtensionValue,
    ObjectEvent, Offset, PersistentDisposition, QuantityElement, write_document,
};
use theriac_gs1::{Epc, Gtin, Identifier, Lgtin, Lot};
use theriac_store::CaptureSource;

use crate::error::NodeError;
use crate::node::Node;
use crate::report::{CaptureReport, RecallReport};

/// An order to recall a lot, or to lift a recall.
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

/// Why a lot could not be recalled.
#[derive(Debug, thiserror::Error)]
pub enum RecallError {
    /// The class is not one.
    #[error("expected a class from 1 to 3, found {0}")]
    Class(u8),
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
    /// The node could not do it.
    #[error(transparent)]
    Node(#[from] NodeError),
}

impl Node {
    /// Recalls a lot, or lifts its recall, on the ledger; this member must be its labeler or a
    /// regulator.
    ///
    /// # Errors
    ///
    /// [`RecallError`].
    pub async fn recall(&self, order: &RecallOrder) -> Result<RecallReport, RecallError> {
        if let Some(class) = order.class.filter(|class| !(1..=3).contains(class)) {
            return Err(RecallError::Class(class));
        }
        let event = self.recall_event(order);
        let mut document = Vec::new();
        let header = DocumentHeader::new(self.now());
        write_document(std::iter::once(&event), &header, &mut document).map_err(|error| {
            NodeError::Inconsistent { expected: "a writable event", found: error.to_string() }
        })?;
        let report = self.capture(CaptureSource::Api, &document).await?;
        refused(&report)?;
        self.settle().await?;
        let lot = Lgtin { gtin: order.gtin, lot: order.lot.clone() };
        self.recall_status(&lot).await
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

    /// The EPCIS event that says what the order says.
    fn recall_event(&self, order: &RecallOrder) -> Event {
        let now = self.now();
        let mut common = Common::at(now, Offset::UTC);
        common.biz_step = Some(BizStep::Holding);
        let mut persistent = PersistentDisposition::default();
        match order.class {
            Some(_) => persistent.set.push(Disposition::Recalled),
            None => persistent.unset.push(Disposition::Recalled),
        }
        common.persistent_disposition = Some(persistent);
        let class = order.class.map(|class| field("recallClass", class.to_string()));
        let reason = Some(order.reason.as_str()).filter(|reason| !reason.is_empty());
        common.extensions.extend(class);
        common.extensions.extend(reason.map(|reason| field("recallReason", reason.to_owned())));
        let lot = Lgtin { gtin: order.gtin, lot: order.lot.clone() };
        Event::Object(ObjectEvent {
            common,
            action: Action::Observe,
            epc_list: Vec::new(),
            quantity_list: vec![QuantityElement {
                epc_class: Epc::from(Identifier::Lgtin(lot)),
                quantity: None,
                uom: None,
            }],
            ilmd: Vec::new(),
        })
    }
}

fn field(name: &str, text: String) -> Extension {
    Extension {
        namespace: NAMESPACE.to_owned(),
        name: name.to_owned(),
        value: ExtensionValue::Text(text),
        attributes: Vec::new(),
    }
}

fn refused(report: &CaptureReport) -> Result<(), RecallError> {
    let Some(outcome) = report.outcomes.iter().find(|o| o.state == "held" || o.state == "refused")
    else {
        return Ok(());
    };
    Err(RecallError::Held {
        reason: outcome.reason.clone().unwrap_or_default(),
        what_to_do: outcome.what_to_do.clone().unwrap_or_default(),
    })
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
