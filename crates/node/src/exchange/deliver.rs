//! Sending: what is due goes to the partner's node; what is not acknowledged is tried again.

use std::collections::BTreeMap;
use std::time::Duration;

use futures::stream::{self, StreamExt};
use jiff::ToSpan;
use reqwest::{Response, StatusCode, Url};
use theriac_custody::{Actor, CaseKind, EvidenceItem};
use theriac_gs1::Gln;
use theriac_store::{DeliveryId, DeliveryKind, DeliveryRecord, DeliveryState, WriteTx};

use super::partner::{self, address};
use super::{Envelope, ExchangeError, MESSAGES_PATH};
use crate::case::NewDispute;
use crate::error::NodeError;
use crate::node::Node;

/// Messages that are sent in one round.
const ROUND_DELIVERIES: u64 = 32;

/// Partners that are sent to at the same time; a sealed message of each is in memory.
const PARTNERS_AT_ONCE: usize = 8;

/// Longest answer to a message that is read, in bytes.
const ANSWER_BYTES_MAX: usize = 64 << 10;

/// The media type of a message.
const MESSAGE_TYPE: &str = "application/octet-stream";

/// Longest pause between two tries, in seconds.
const PAUSE_MAX_SECONDS: i64 = 3_600;

/// Seconds within which a partner's node answers a short message.
const ANSWERED_WITHIN_S: u64 = 20;

/// Bytes of a message that the slowest line carries in a second.
const BYTES_PER_SECOND: u64 = 64 << 10;

/// What the partner's node made of a message.
enum Answer {
    Acknowledged,
    /// It will never take it: what was sent is wrong in its eyes.
    Refused(String),
    /// The registry does not let one of the two act.
    NotAuthorised(String),
    /// It cannot take it now.
    Later(String),
    /// It cannot be reached.
    Silent(String),
}

impl Node {
    /// Sends what is due; true if something was sent.
    pub(crate) async fn deliver(&self) -> Result<bool, NodeError> {
        let Ok(_guard) = self.inner().delivering.try_lock() else { return Ok(false) };
        let now = self.now().as_millisecond();
        let due = self.inner().store.due_deliveries(now, ROUND_DELIVERIES).await?;
        let any = !due.is_empty();
        let mut by_partner: BTreeMap<Gln, Vec<DeliveryId>> = BTreeMap::new();
        for delivery in due {
            by_partner.entry(delivery.to).or_default().push(delivery.id);
        }
        let partners = by_partner.into_iter().map(|(to, due)| self.deliver_to(to, due));
        let done: Vec<_> =
            stream::iter(partners).buffer_unordered(PARTNERS_AT_ONCE).collect().await;
        done.into_iter().collect::<Result<(), NodeError>>()?;
        Ok(any)
    }

    /// Sends messages to one partner, one after the other; when it cannot be reached the rest is put
    /// off without being tried.
    async fn deliver_to(&self, to: Gln, due: Vec<DeliveryId>) -> Result<(), NodeError> {
        let member = self.inner().store.stored_member(&to).await?;
        let url = member.and_then(|member| address(&member.endpoint, MESSAGES_PATH));
        let mut silent = match url {
            Some(_) => None,
            None => Some(format!("the registry has no usable endpoint of {to}")),
        };
        for id in due {
            let Some(mut delivery) = self.inner().store.delivery(id).await? else { continue };
            if delivery.state != DeliveryState::Due {
                continue;
            }
            let answer = match (&silent, &url) {
                (None, Some(url)) => self.send_delivery(url, &mut delivery).await?,
                (error, _) => Answer::Silent(error.clone().unwrap_or_default()),
            };
            if let Answer::Silent(error) = &answer {
                silent = Some(error.clone());
            }
            self.note_answer(&delivery, answer).await?;
        }
        Ok(())
    }

    /// Sends a message, whose bytes are taken out of its record.
    async fn send_delivery(
        &self,
        url: &Url,
        delivery: &mut DeliveryRecord,
    ) -> Result<Answer, NodeError> {
        let to = delivery.to;
        if let Some(reason) = self.may_not_receive(delivery).await? {
            return Ok(Answer::NotAuthorised(reason));
        }
        let envelope = Envelope {
            message: delivery.message,
            kind: delivery.kind,
            subject: delivery.subject,
            body: std::mem::take(&mut delivery.body),
        };
        // The registry shows no key yet, or none that can be used.
        let sealed = match self.seal_message(to, envelope).await {
            Ok(sealed) => sealed,
            Err(error) => return Ok(Answer::Later(error.to_string())),
        };
        let headers = self.sign(to, "POST", MESSAGES_PATH, &sealed).await?;
        let within = ANSWERED_WITHIN_S + sealed.len() as u64 / BYTES_PER_SECOND;
        let mut request = self
            .inner()
            .http
            .post(url.clone())
            .timeout(Duration::from_secs(within))
            .header("content-type", MESSAGE_TYPE);
        for (name, value) in headers.list() {
            request = request.header(name, value);
        }
        Ok(match request.body(sealed).send().await {
            Err(error) => Answer::Silent(error.to_string()),
            Ok(response) => answer(response).await,
        })
    }

    /// Why a member may not get a message: goods are handed over only to one that may act. Of a
    /// recall or a case a suspended one is told all the same.
    async fn may_not_receive(
        &self,
        delivery: &DeliveryRecord,
    ) -> Result<Option<String>, NodeError> {
        if delivery.kind != DeliveryKind::Shipment {
            return Ok(None);
        }
        let mut tx = self.inner().store.read().await?;
        match self.authority(&mut tx, delivery.to).await {
            Ok(_) => Ok(None),
            Err(ExchangeError::Node(error)) => Err(error),
            Err(error) => Ok(Some(error.to_string())),
        }
    }

    async fn note_answer(
        &self,
        delivery: &DeliveryRecord,
        answer: Answer,
    ) -> Result<(), NodeError> {
        let now = self.now();
        let mut tx = self.inner().store.write().await?;
        match answer {
            Answer::Acknowledged => {
                tx.delivery_acknowledged(delivery.id, now.as_millisecond()).await?;
            }
            Answer::Later(error) | Answer::Silent(error) => {
                self.put_off(&mut tx, delivery, &error).await?;
            }
            Answer::NotAuthorised(error) => {
                if delivery.error.as_deref() != Some(error.as_str()) {
                    let reason = format!("a message to {} does not go: {error}", delivery.to);
                    let todo = "have the registry's governors reinstate or license the member; the message goes then";
                    self.tell_of_refusal(&mut tx, delivery, reason, todo).await?;
                }
                self.put_off(&mut tx, delivery, &error).await?;
            }
            Answer::Refused(error) => {
                tracing::warn!(to = %delivery.to, error, "refused by the partner's node");
                tx.delivery_refused(delivery.id, &error).await?;
                let reason = format!(
                    "the node of {} refuses a message ({}): {error}",
                    delivery.to, delivery.kind
                );
                let todo = "compare goods, data and ledger with the partner; run theriac reconcile";
                self.tell_of_refusal(&mut tx, delivery, reason, todo).await?;
            }
        }
        Ok(tx.commit().await?)
    }

    /// Tries again after a pause that doubles, up to an hour, for as long as it takes.
    async fn put_off(
        &self,
        tx: &mut WriteTx,
        delivery: &DeliveryRecord,
        error: &str,
    ) -> Result<(), NodeError> {
        let now = self.now();
        let exponent = delivery.attempts.min(12);
        let pause = (1_i64 << exponent).min(PAUSE_MAX_SECONDS);
        let next = now.checked_add(pause.seconds()).unwrap_or(now);
        tracing::info!(to = %delivery.to, error, pause, "not delivered yet");
        Ok(tx.delivery_failed(delivery.id, error, next.as_millisecond()).await?)
    }

    async fn tell_of_refusal(
        &self,
        tx: &mut WriteTx,
        delivery: &DeliveryRecord,
        reason: String,
        what_to_do: &str,
    ) -> Result<(), NodeError> {
        let about = delivery.subject.filter(|_| delivery.kind == DeliveryKind::Shipment);
        let new = NewDispute {
            kind: CaseKind::MessageRefused,
            reason,
            what_to_do: what_to_do.to_owned(),
            actor: Actor::ThisMember,
            packs: Vec::new(),
            counterparty: Some(delivery.to),
            evidence: about.map(|holding| EvidenceItem::Shipment { holding }).into_iter().collect(),
            tell: false,
            event: None,
            waits_for: None,
        };
        self.open_case_about(tx, new).await?;
        Ok(())
    }
}

async fn answer(response: Response) -> Answer {
    let status = response.status();
    if status.is_success() {
        return Answer::Acknowledged;
    }
    let bytes = partner::read(response, ANSWER_BYTES_MAX).await.unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let problem: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
    let detail = problem.get("detail").and_then(|detail| detail.as_str()).unwrap_or(&text);
    let detail: String = detail.chars().take(500).collect();
    match status {
        StatusCode::BAD_REQUEST
        | StatusCode::PAYLOAD_TOO_LARGE
        | StatusCode::UNPROCESSABLE_ENTITY => Answer::Refused(detail),
        StatusCode::FORBIDDEN => Answer::NotAuthorised(detail),
        status => Answer::Later(format!("{status}: {detail}")),
    }
}
