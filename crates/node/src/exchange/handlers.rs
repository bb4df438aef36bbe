//! What is done with a message of each kind: a call into the part that it is of.
//!
//! # Invariants
//!
//! - A handler works in the database transaction in which the message is marked as handled: its effect
//!   is there once or not at all.
//! - One that cannot do it yet says [`ExchangeError::Later`]; any other refusal is final.

use theriac_gs1::Gln;
use theriac_store::{DeliveryKind, WriteTx};

use super::ExchangeError;
use crate::node::Node;

impl Node {
    /// Does what a message says.
    pub(super) async fn handle_kind(
        &self,
        tx: &mut WriteTx,
        from: Gln,
        kind: DeliveryKind,
        body: &[u8],
    ) -> Result<(), ExchangeError> {
        match kind {
            DeliveryKind::Shipment => self.on_shipment(tx, from, body).await,
            DeliveryKind::Case => self.on_case(tx, from, body).await,
            DeliveryKind::Recall => self.on_recall(tx, from, body).await,
            DeliveryKind::RecallAnswer => self.on_recall_answer(tx, from, body).await,
            DeliveryKind::Inquiry => self.take_inquiry(tx, from, body).await,
            DeliveryKind::InquiryAnswer => self.take_answer(tx, from, body).await,
            DeliveryKind::Information => self.on_information(tx, from, body).await,
        }
    }

    /// A message about a case between this member and another.
    async fn on_case(
        &self,
        _tx: &mut WriteTx,
        _from: Gln,
        _body: &[u8],
    ) -> Result<(), ExchangeError> {
        Err(unknown(DeliveryKind::Case))
    }

    /// News that asks nothing of this member.
    async fn on_information(
        &self,
        _tx: &mut WriteTx,
        _from: Gln,
        _body: &[u8],
    ) -> Result<(), ExchangeError> {
        Err(unknown(DeliveryKind::Information))
    }
}

/// The refusal of a kind that this node does not know.
fn unknown(kind: DeliveryKind) -> ExchangeError {
    ExchangeError::Rejected(format!("this node takes no message of the kind {kind}"))
}
