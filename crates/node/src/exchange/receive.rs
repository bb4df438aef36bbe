//! Receiving: a message is durable before it is handled, handled once, and acknowledged as often as it
//! comes.
//!
//! # Invariants
//!
//! - A stranger's body is not read, and nothing of it is kept.
//! - The effect of a message and the mark that it is handled are in one database transaction.

use theriac_gs1::Gln;
use theriac_store::{DeliveryKind, InboxRecord, InboxState, MessageId, NewMessage};

use super::envelope::Envelope;
use super::{ExchangeError, SignedHeaders};
use crate::error::NodeError;
use crate::node::Node;

/// Bytes of a member's messages that may wait to be handled.
const WAITING_BYTES_MAX: u64 = 512 << 20;

/// Messages that wait and are looked at in one round.
const ROUND_MESSAGES: u64 = 64;

/// A message that was taken.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Taken {
    /// What the sender calls it, in hexadecimal.
    pub message: String,
    /// Whether it was taken before.
    pub known: bool,
}

impl Node {
    /// Takes in a message of another node.
    ///
    /// # Errors
    ///
    /// [`ExchangeError`]. One that cannot be handled yet stays on record, and is handled when it can
    /// be; a shipment that is rejected leaves a case behind.
    pub async fn accept_message(
        &self,
        headers: &SignedHeaders,
        method: &str,
        path: &str,
        body: &[u8],
    ) -> Result<Taken, ExchangeError> {
        let from = self.authenticate(headers, method, path, body).await?;
        let envelope = Envelope::read(body)?;
        let message = envelope.message;
        if envelope.kind == DeliveryKind::Shipment {
            self.follow().await?;
        }
        let known = self.keep_message(from, envelope).await?;
        let known = self.handle(from, message).await? || known;
        Ok(Taken { message: message.to_string(), known })
    }

    /// Makes a message durable; true if it was before.
    async fn keep_message(&self, from: Gln, envelope: Envelope) -> Result<bool, ExchangeError> {
        let Envelope { message, kind, subject, body } = envelope;
        let mut tx = self.inner().store.write().await?;
        if tx.inbox_message(&from, &message).await?.is_some() {
            return Ok(true);
        }
        let waiting = tx.inbox_bytes_waiting(&from).await?;
        if waiting + body.len() as u64 > WAITING_BYTES_MAX {
            let reason = format!("{waiting} bytes of {from} wait to be handled already");
            return Err(ExchangeError::Later(reason));
        }
        let at = self.now().as_millisecond();
        tx.take_message(&NewMessage { from, message, kind, subject, body, at }).await?;
        tx.commit().await?;
        Ok(false)
    }

    /// Handles a message that is on record; true if it was handled before.
    async fn handle(&self, from: Gln, message: MessageId) -> Result<bool, ExchangeError> {
        let mut tx = self.inner().store.write().await?;
        let Some(record) = tx.inbox_message(&from, &message).await? else {
            return Err(ExchangeError::Later("the message is not on record".to_owned()));
        };
        match record.state {
            InboxState::Handled => return Ok(true),
            InboxState::Refused => {
                return Err(ExchangeError::Rejected(record.error.unwrap_or_default()));
            }
            InboxState::Waiting => {}
        }
        let body = tx.inbox_body(record.id).await?.unwrap_or_default();
        match self.handle_kind(&mut tx, from, record.kind, &body).await {
            Ok(()) => {
                tx.end_message(record.id, self.now().as_millisecond(), None).await?;
                tx.commit().await?;
                self.stir();
                self.inner().work.notify_one();
                Ok(false)
            }
            Err(error) => {
                drop(tx);
                self.note_failure(&record, &body, &error).await?;
                Err(error)
            }
        }
    }

    /// Notes why a message is not handled: for good, or until something changes.
    async fn note_failure(
        &self,
        record: &InboxRecord,
        body: &[u8],
        error: &ExchangeError,
    ) -> Result<(), NodeError> {
        let reason = error.to_string();
        let mut tx = self.inner().store.write().await?;
        if error.is_final() {
            if record.kind == DeliveryKind::Shipment {
                self.on_wrong_shipment(&mut tx, record.from, body, &reason).await?;
            }
            tx.end_message(record.id, self.now().as_millisecond(), Some(&reason)).await?;
        } else {
            tx.message_waits(record.id, &reason).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Handles the messages that wait and can be handled; true if one was. Called when the ledger
    /// has shown something new.
    pub(crate) async fn handle_waiting(&self) -> Result<bool, NodeError> {
        let waiting = self.inner().store.inbox_in(InboxState::Waiting, ROUND_MESSAGES).await?;
        let mut any = false;
        for record in waiting {
            match self.handle(record.from, record.message).await {
                Ok(_) => any = true,
                Err(ExchangeError::Node(error)) => return Err(error),
                Err(error) => {
                    tracing::info!(from = %record.from, kind = %record.kind, %error, "not handled");
                }
            }
        }
        Ok(any)
    }
}
