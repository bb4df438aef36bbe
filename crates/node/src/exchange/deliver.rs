//! Sending: what is due goes to the partner's node; what is not acknowledged is tried again.

use std::collections::{BTreeMap, BTreeSet};

use futures::stream::{self, StreamExt};
use jiff::ToSpan;
use reqwest::{Response, StatusCode, Url};
use theriac_custody::breach::Actor;
use theriac_custody::manifest::{ManifestLot, ManifestUnit, Packed};
use theriac_custody::{Breach, BreachCode, ItemStatus, Manifest};
use theriac_gs1::{Gln, Identifier, Lgtin};
use theriac_store::{DeliveryKind, DeliveryRecord, ItemRecord, LedgerHolding, WriteTx};

use super::envelope::Envelope;
use super::partner::{self, address};
use super::{MESSAGES_PATH, ShipmentMessage};
use crate::error::NodeError;
use crate::node::Node;

/// Messages that are sent in one round; all are in memory.
const ROUND_DELIVERIES: u64 = 32;

/// Partners that are sent to at the same time.
const PARTNERS_AT_ONCE: usize = 8;

/// Longest answer to a message that is read, in bytes.
const ANSWER_BYTES_MAX: usize = 64 << 10;

/// The media type of a message.
const MESSAGE_TYPE: &str = "application/octet-stream";

/// Longest pause between two tries, in seconds.
const PAUSE_MAX_SECONDS: i64 = 3_600;

/// What the partner's node made of a message.
enum Answer {
    Acknowledged,
    /// It will never take it: what was sent is wrong in its eyes.
    Refused(String),
    /// It cannot take it now.
    Later(String),
    /// It cannot be reached.
    Silent(String),
}

impl Node {
    /// Puts the message about a shipment of this member's into the queue, or opens a case when there
    /// is none to be made: following the ledger must go on.
    pub(crate) async fn announce_shipment(
        &self,
        tx: &mut WriteTx,
        holding: &LedgerHolding,
    ) -> Result<(), NodeError> {
        let about = tx.deliveries_about(&holding.id).await?;
        if about.iter().any(|delivery| delivery.kind == DeliveryKind::Shipment) {
            // The consignee has it since before a reorganisation.
            return Ok(());
        }
        match self.shipment_message(tx, holding).await {
            Ok((to, message)) => {
                let kind = DeliveryKind::Shipment;
                self.post_message(tx, to, kind, Some(holding.id), &message).await?;
                self.inform_owners(tx, holding, to, &message).await
            }
            Err(NodeError::Inconsistent { expected, found }) => {
                let breach = Breach::new(
                    BreachCode::ManifestMismatch,
                    format!(
                        "expected {expected} to tell the consignee of shipment {}, found {found}",
                        holding.id
                    ),
                    "take the shipment back, or have its data sent by the node that shipped it",
                );
                self.open_case(tx, None, &breach.by(Actor::ThisMember)).await
            }
            Err(error) => Err(error),
        }
    }

    async fn shipment_message(
        &self,
        tx: &mut WriteTx,
        holding: &LedgerHolding,
    ) -> Result<(Gln, ShipmentMessage), NodeError> {
        let Some(to) = tx.member_behind(&holding.consignee).await? else {
            return Err(NodeError::Inconsistent {
                expected: "a member as consignee of a shipment",
                found: format!("the account {}", holding.consignee),
            });
        };
        let items = tx.items_in_holding(&holding.id).await?;
        let manifest = self.manifest(tx, holding, &items).await?;
        let event = tx.event_by_hash(&holding.cause).await?;
        let master_data = self.descriptions_for(tx, event.as_ref(), &items, to).await?;
        let message = ShipmentMessage {
            master_data,
            statement: self.own_statement(),
            from: self.gln(),
            transaction: holding.transaction,
            event: event.and_then(|event| serde_json::from_str(&event.body).ok()),
            manifest,
        };
        Ok((to, message))
    }

    /// The manifest of a holding whose units are all on record here.
    async fn manifest(
        &self,
        tx: &mut WriteTx,
        holding: &LedgerHolding,
        items: &[ItemRecord],
    ) -> Result<Manifest, NodeError> {
        let mut manifest = Manifest {
            holding: holding.id,
            height: holding.height,
            lots: Vec::new(),
            units: Vec::with_capacity(items.len()),
            packing: packing(tx, items).await?,
        };
        let lots: BTreeSet<Lgtin> = items.iter().filter_map(lot_of).collect();
        let lots: Vec<Lgtin> = lots.into_iter().collect();
        let mut rows = tx.load_lots(&lots).await?;
        for lot in &lots {
            let row = rows.remove(lot).and_then(|row| Some((row.salt?, row.record.expiry)));
            let (salt, expiry) = row.ok_or_else(|| missing("the secret of a lot"))?;
            manifest.lots.push(ManifestLot { gtin: lot.gtin, lot: lot.lot.clone(), expiry, salt });
        }
        for record in items {
            let (Identifier::Sgtin(unit), Some(lot)) = (&record.item.id, lot_of(record)) else {
                continue;
            };
            let index = lots.binary_search(&lot).map_err(|_| missing("the lot of a unit"))?;
            manifest.units.push(ManifestUnit {
                position: record.item.place.map_or(0, |place| place.position),
                lot: index as u32,
                serial: unit.serial.clone(),
                salt: record.salt.ok_or_else(|| missing("the secret of a unit"))?,
            });
        }
        Ok(manifest)
    }

    /// Sends what is due; true if something was sent.
    pub(crate) async fn deliver(&self) -> Result<bool, NodeError> {
        let Ok(_guard) = self.inner().delivering.try_lock() else { return Ok(false) };
        let now = self.now().as_millisecond();
        let due = self.inner().store.due_deliveries(now, ROUND_DELIVERIES).await?;
        let any = !due.is_empty();
        let mut by_partner: BTreeMap<Gln, Vec<DeliveryRecord>> = BTreeMap::new();
        for delivery in due {
            by_partner.entry(delivery.to).or_default().push(delivery);
        }
        let partners = by_partner.into_iter().map(|(to, due)| self.deliver_to(to, due));
        let done: Vec<_> =
            stream::iter(partners).buffer_unordered(PARTNERS_AT_ONCE).collect().await;
        done.into_iter().collect::<Result<(), NodeError>>()?;
        Ok(any)
    }

    /// Sends messages to one partner, one after the other; when it cannot be reached the rest is put
    /// off without being tried.
    async fn deliver_to(&self, to: Gln, due: Vec<DeliveryRecord>) -> Result<(), NodeError> {
        let member = self.inner().store.stored_member(&to).await?;
        let url = member.and_then(|member| address(&member.endpoint, MESSAGES_PATH));
        let mut silent = match url {
            Some(_) => None,
            None => Some(format!("the registry has no usable endpoint of {to}")),
        };
        for delivery in &due {
            let answer = match (&silent, &url) {
                (None, Some(url)) => self.send_delivery(url, delivery).await,
                (error, _) => Answer::Silent(error.clone().unwrap_or_default()),
            };
            if let Answer::Silent(error) = &answer {
                silent = Some(error.clone());
            }
            self.note_answer(delivery, answer).await?;
        }
        Ok(())
    }

    async fn send_delivery(&self, url: &Url, delivery: &DeliveryRecord) -> Answer {
        let body = self.seal_message(&Envelope {
            message: delivery.message,
            kind: delivery.kind,
            subject: delivery.subject,
            body: delivery.body.clone(),
        });
        let headers = match self.sign(delivery.to, "POST", MESSAGES_PATH, &body).await {
            Ok(headers) => headers,
            Err(error) => return Answer::Silent(error.to_string()),
        };
        let http = &self.inner().http;
        let mut request = http.post(url.clone()).header("content-type", MESSAGE_TYPE);
        for (name, value) in headers.list() {
            request = request.header(name, value);
        }
        match request.body(body).send().await {
            Err(error) => Answer::Silent(error.to_string()),
            Ok(response) => answer(response).await,
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
                let exponent = delivery.attempts.min(12);
                let pause = (1_i64 << exponent).min(PAUSE_MAX_SECONDS);
                let next = now.checked_add(pause.seconds()).unwrap_or(now);
                tracing::info!(to = %delivery.to, error, pause, "not delivered yet");
                tx.delivery_failed(delivery.id, &error, next.as_millisecond()).await?;
            }
            Answer::Refused(error) => {
                tracing::warn!(to = %delivery.to, error, "refused by the partner's node");
                tx.delivery_refused(delivery.id, &error).await?;
                let breach = Breach::new(
                    BreachCode::ManifestMismatch,
                    format!(
                        "the node of {} refuses a message ({}): {error}",
                        delivery.to, delivery.kind
                    ),
                    "compare goods, data and ledger with the consignee; run theriac reconcile",
                )
                .by(Actor::ThisMember);
                self.open_case(&mut tx, None, &breach).await?;
            }
        }
        Ok(tx.commit().await?)
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
        status => Answer::Later(format!("{status}: {detail}")),
    }
}

fn missing(what: &'static str) -> NodeError {
    NodeError::Inconsistent { expected: what, found: "none".to_owned() }
}

fn lot_of(record: &ItemRecord) -> Option<Lgtin> {
    match (&record.item.id, &record.item.lot) {
        (Identifier::Sgtin(unit), Some(lot)) => Some(Lgtin { gtin: unit.gtin, lot: lot.clone() }),
        _ => None,
    }
}

/// What the units travel in: every logistic unit around them that travels too.
async fn packing(tx: &mut WriteTx, units: &[ItemRecord]) -> Result<Vec<Packed>, NodeError> {
    let ids: Vec<Identifier> = units.iter().map(|record| record.item.id.clone()).collect();
    let around = tx.load_items(&ids).await?;
    let mut packing: Vec<Packed> = around
        .into_iter()
        .filter(|record| record.item.status == ItemStatus::InTransit)
        .filter_map(|record| Some(Packed { parent: record.item.parent?, item: record.item.id }))
        .collect();
    packing.sort_by(|a, b| a.item.cmp(&b.item));
    Ok(packing)
}
