//! Receiving: a message is durable before it is handled, handled once, and acknowledged as often as it
//! comes.
//!
//! # Invariants
//!
//! - A stranger's body is not read, and nothing of it is kept.
//! - The effect of a message and the mark that it is handled are in one database transaction.
//! - What one member can cause is bounded: bytes that wait, messages refused in a day, cases about them.

use theriac_custody::{Actor, CaseKind};
use theriac_gs1::Gln;
use theriac_store::{DeliveryKind, InboxRecord, InboxState, MessageId, NewMessage, WriteTx};

use super::{Envelope, ExchangeError, Place, SignedHeaders};
use crate::case::NewDispute;
use crate::clock::days_of;
use crate::error::NodeError;
use crate::node::Node;

/// Bytes of a member's messages that may wait to be handled.
const WAITING_BYTES_MAX: u64 = 512 << 20;

/// Messages of a member that are refused in a day; more are not taken in.
const REFUSED_A_DAY_MAX: u64 = 200;

/// Messages of a member about which cases are opened in a day.
const CASES_A_DAY_MAX: u64 = 20;

/// Messages that wait and are looked at in one round.
const ROUND_MESSAGES: u64 = 64;

/// Days that a message waits for what it needs.
const WAITING_DAYS_MAX: i64 = 90;

const DAY_MILLIS: i64 = 86_400_000;

/// A message that was taken.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Taken {
    /// What the sender calls it, in hexadecimal.
    pub message: String,
    /// Whether it was taken before.
    pub known: bool,
}

impl Node {
    /// A place for a message whose head has come: its sender is known, may act, and does not send too
    /// many at a time.
    ///
    /// # Errors
    ///
    /// [`ExchangeError::Signature`], [`ExchangeError::NotAuthorised`] (about which a case tells this
    /// member, once a day), [`ExchangeError::Crowded`].
    pub async fn place_for_message(
        &self,
        headers: &SignedHeaders,
        method: &str,
        path: &str,
    ) -> Result<Place, ExchangeError> {
        match self.authenticate_head(headers, method, path).await {
            Ok(from) => self.inner().places.take(from).ok_or(ExchangeError::Crowded(from)),
            Err(ExchangeError::NotAuthorised { gln, reason }) => {
                self.note_unauthorised(gln, &reason).await?;
                Err(ExchangeError::NotAuthorised { gln, reason })
            }
            Err(error) => Err(error),
        }
    }

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
        body: impl AsRef<[u8]> + Send + 'static,
    ) -> Result<Taken, ExchangeError> {
        let from = self.authenticate(headers, method, path, body.as_ref()).await?;
        let envelope = self.open_message(from, body).await?;
        let (message, kind) = (envelope.message, envelope.kind);
        let known = self.keep_message(from, envelope).await?;
        if kind == DeliveryKind::Shipment {
            // It is kept: without the ledger it is handled later, whether or not it is sent again.
            self.follow().await?;
        }
        let known = self.handle(from, message).await? || known;
        Ok(Taken { message: message.to_string(), known })
    }

    /// Makes a message durable; true if it was before.
    async fn keep_message(&self, from: Gln, envelope: Envelope) -> Result<bool, ExchangeError> {
        let Envelope { message, kind, subject, body } = envelope;
        let at = self.now().as_millisecond();
        let mut tx = self.inner().store.write().await?;
        if tx.inbox_message(&from, &message).await?.is_some() {
            return Ok(true);
        }
        let waiting = tx.inbox_bytes_waiting(&from).await?;
        if waiting + body.len() as u64 > WAITING_BYTES_MAX {
            let reason = format!("{waiting} bytes of {from} wait to be handled already");
            return Err(ExchangeError::Later(reason));
        }
        let refused = tx.inbox_refused_since(&from, at - DAY_MILLIS).await?;
        if refused >= REFUSED_A_DAY_MAX {
            let reason = format!("{refused} messages of {from} were refused within a day");
            return Err(ExchangeError::Later(reason));
        }
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
        let now = self.now().as_millisecond();
        let mut tx = self.inner().store.write().await?;
        if error.is_final() {
            let refused = tx.inbox_refused_since(&record.from, now - DAY_MILLIS).await?;
            if record.kind == DeliveryKind::Shipment && refused < CASES_A_DAY_MAX {
                self.on_wrong_shipment(&mut tx, record.from, body, &reason).await?;
            }
            tx.end_message(record.id, now, Some(&reason)).await?;
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
            if self.now().as_millisecond() - record.received_at > WAITING_DAYS_MAX * DAY_MILLIS {
                self.end_waiting(&record).await?;
                continue;
            }
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

    /// Ends a message that waited too long: a shipment that never came onto the ledger, for one.
    async fn end_waiting(&self, record: &InboxRecord) -> Result<(), NodeError> {
        let reason = format!(
            "it waited for {WAITING_DAYS_MAX} days: {}",
            record.error.as_deref().unwrap_or_default()
        );
        let mut tx = self.inner().store.write().await?;
        tx.end_message(record.id, self.now().as_millisecond(), Some(&reason)).await?;
        Ok(tx.commit().await?)
    }

    /// Tells this member of another that sends and may not act: one case a day. Of a stranger nothing
    /// is kept.
    async fn note_unauthorised(&self, gln: Gln, reason: &str) -> Result<(), NodeError> {
        let key = format!("unauthorised:{gln}");
        let today = days_of(self.today()).to_string();
        let mut tx = self.inner().store.write().await?;
        let is_registered = tx.stored_member(&gln).await?.is_some();
        if !is_registered || tx.get(&key).await?.as_deref() == Some(today.as_str()) {
            return Ok(());
        }
        tx.set(&key, &today).await?;
        self.tell_of_unauthorised(&mut tx, gln, reason).await?;
        Ok(tx.commit().await?)
    }

    async fn tell_of_unauthorised(
        &self,
        tx: &mut WriteTx,
        gln: Gln,
        reason: &str,
    ) -> Result<(), NodeError> {
        let new = NewDispute {
            kind: CaseKind::MessageRefused,
            reason: format!("a message of {gln} was refused: {reason}"),
            what_to_do: "take no goods of that member into stock until the registry lets it act"
                .to_owned(),
            actor: Actor::Partner,
            packs: Vec::new(),
            counterparty: Some(gln),
            evidence: Vec::new(),
            tell: false,
            event: None,
            waits_for: None,
        };
        self.open_case_about(tx, new).await?;
        Ok(())
    }
}
