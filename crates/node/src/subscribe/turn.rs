//! The turn of one subscription: what is due goes to its receiver, part by part.
//!
//! # Invariants
//!
//! - The position moves on after the receiver took a part, and before the next part is sent.
//! - A secret that cannot be read sends nothing: no message goes out unsigned that is to be signed.

use jiff::{Timestamp, ToSpan};
use theriac_query::EventQuery;
use theriac_store::{EventId, SubscriptionRecord};

use super::controls::DeliveryControls;
use super::message::{CallbackException, Envelope, Message};
use super::post::{Receiver, Reply};
use super::run::{Answer, PART_EVENTS_MAX, Run, part_of};
use crate::error::NodeError;
use crate::node::Node;
use crate::query::{FoundEvent, QueryFailure, Schedule, read_named};

/// Longest pause between two tries, in seconds.
const PAUSE_MAX_SECONDS: i64 = 3_600;

/// Events without a match that are passed over before that is written down: looking at them again
/// after a restart costs less than a write for each.
const PASSED_EVENTS_MAX: i64 = 1_000;

/// Longest error that is kept, in characters.
const ERROR_CHARS_MAX: usize = 500;

/// The turn of one subscription.
struct Turn<'n> {
    node: &'n Node,
    record: SubscriptionRecord,
    receiver: Receiver,
    envelope: Envelope,
    query: EventQuery,
    schedule: Option<Schedule>,
    /// Most events of a part: fewer after the receiver found one too large.
    size: usize,
    /// Whether the receiver was told anything.
    told: bool,
}

impl Node {
    /// Tells the receiver of a subscription all that is due; whether it was told anything.
    ///
    /// # Errors
    ///
    /// [`NodeError`] if the node itself cannot go on; what a receiver does is none.
    pub(super) async fn take_turn(&self, record: SubscriptionRecord) -> Result<bool, NodeError> {
        let id = record.id.clone();
        match Turn::open(self, record) {
            Ok(mut turn) => {
                turn.take().await?;
                Ok(turn.told)
            }
            Err(why) => {
                self.stop_subscription(&id, &why).await?;
                Ok(false)
            }
        }
    }

    async fn stop_subscription(&self, id: &str, why: &str) -> Result<(), NodeError> {
        tracing::warn!(subscription = id, why, "a subscription is stopped");
        let mut tx = self.inner().store.write().await?;
        tx.stop_subscription(id, why).await?;
        Ok(tx.commit().await?)
    }
}

impl<'n> Turn<'n> {
    /// Reads the row. The error says why its receiver can never be told.
    fn open(node: &'n Node, record: SubscriptionRecord) -> Result<Self, String> {
        let controls = DeliveryControls::read(&record.controls)
            .map_err(|error| format!("its controls cannot be read: {error}"))?;
        let schedule = controls.when().map_err(|error| error.to_string())?;
        let token = node.signature_token(&record);
        if record.token.is_some() && token.is_none() {
            return Err("its signatureToken cannot be read with the keys of this node".to_owned());
        }
        let receiver = Receiver::at(&record.dest, token, controls.form)
            .ok_or("expected an http or https URL in dest, found another text")?;
        let mut query = read_named(&record.query).map_err(|error| error.to_string())?;
        if let Some(from) = record.initial_record_time {
            let from = Timestamp::from_millisecond(from).map_err(|error| error.to_string())?;
            query = query.recorded_from(from);
        }
        let envelope = Envelope {
            epc: controls.epcs(),
            query_name: controls.query_name.unwrap_or_else(|| record.query_name.clone()),
            subscription_id: Some(record.id.clone()),
            form: controls.form,
        };
        let size = PART_EVENTS_MAX;
        Ok(Self { node, record, receiver, envelope, query, schedule, size, told: false })
    }

    async fn take(&mut self) -> Result<(), NodeError> {
        let mut position = self.node.inner().subscriptions.passed(&self.record);
        loop {
            let run = self.node.next_run(&self.query, position, self.schedule.is_some()).await;
            let run = match run {
                Ok(run) => run,
                Err(QueryFailure::Node(error @ (NodeError::Store(_) | NodeError::Stopping))) => {
                    return Err(error);
                }
                Err(failure) => return self.give_up(&failure.to_string()).await,
            };
            let (reached, more) = (run.reached, run.more);
            if !self.tell(run).await? || !more {
                return Ok(());
            }
            position = reached;
        }
    }

    /// Tells the receiver what a run found; whether to go on.
    async fn tell(&mut self, run: Run) -> Result<bool, NodeError> {
        let (reached, more) = (run.reached, run.more);
        let (events, recorded) = match run.answer {
            Answer::Recorded(events) => (events, true),
            Answer::Ordered(events) => (events, false),
            Answer::TooLarge { limit } => {
                let detail = format!("expected at most {limit} events in the answer, found more");
                let taken = self.except(CallbackException::QueryTooLarge, &detail).await?;
                return Ok(taken && self.delivered(reached, more).await?);
            }
        };
        let report = self.record.report_if_empty && !more && !self.told;
        if events.is_empty() && !report {
            return self.passed(reached, more).await;
        }
        self.tell_events(&events, recorded, reached, more).await
    }

    /// Sends events part by part; whether the receiver took them all.
    async fn tell_events(
        &mut self,
        events: &[FoundEvent],
        recorded: bool,
        reached: EventId,
        more: bool,
    ) -> Result<bool, NodeError> {
        let mut rest = events;
        loop {
            let (part, behind) = rest.split_at(part_of(rest, self.size));
            match self.send(self.results(part)).await {
                Reply::Taken => {}
                Reply::TooLarge if part.len() > 1 => {
                    self.size = part.len() / 2;
                    continue;
                }
                Reply::TooLarge => {
                    let id = part.first().and_then(|found| found.event.common().event_id.clone());
                    let id = id.unwrap_or_default();
                    let detail =
                        format!("the receiver finds a message with the event {id} alone too large");
                    if !self.except(CallbackException::QueryTooLarge, &detail).await? {
                        return Ok(false);
                    }
                }
                reply => return self.note(reply).await,
            }
            rest = behind;
            let done = rest.is_empty();
            let last = part.last().map_or(reached, |found| found.record.id);
            let position = if done { reached } else { last };
            // Parts in another order than that of record have no position of their own.
            if (done || recorded) && !self.delivered(position, more || !done).await? {
                return Ok(false);
            }
            if done {
                return Ok(true);
            }
        }
    }

    fn results(&self, events: &[FoundEvent]) -> Message {
        self.envelope.results(events, self.node.now(), self.node.company_prefixes())
    }

    async fn send(&self, message: Message) -> Reply {
        self.node.post(&self.receiver, message).await
    }

    /// Tells the receiver of an exception; whether it took it.
    async fn except(&mut self, kind: CallbackException, detail: &str) -> Result<bool, NodeError> {
        match self.send(self.envelope.exception(kind, detail, self.node.now())).await {
            Reply::Taken => Ok(true),
            Reply::TooLarge => {
                self.note(Reply::Failed(format!("the receiver answers 413: {detail}"))).await
            }
            reply => self.note(reply).await,
        }
    }

    /// The query cannot be run: the receiver is told, and it is tried again.
    async fn give_up(&mut self, why: &str) -> Result<(), NodeError> {
        let message =
            self.envelope.exception(CallbackException::Implementation, why, self.node.now());
        let reply = match self.send(message).await {
            Reply::Gone => Reply::Gone,
            Reply::Taken | Reply::TooLarge | Reply::Failed(_) => Reply::Failed(why.to_owned()),
        };
        self.note(reply).await?;
        Ok(())
    }

    /// Writes down why the receiver did not take a message. Always `false`: do not go on.
    async fn note(&mut self, reply: Reply) -> Result<bool, NodeError> {
        let id = &self.record.id;
        let error = match reply {
            Reply::Gone => {
                self.node.stop_subscription(id, "the receiver answers 410 Gone").await?;
                return Ok(false);
            }
            Reply::Failed(error) => error,
            Reply::Taken | Reply::TooLarge => return Ok(false),
        };
        let error: String = error.chars().take(ERROR_CHARS_MAX).collect();
        let now = self.node.now();
        let pause = (1_i64 << self.record.failures.min(12)).min(PAUSE_MAX_SECONDS);
        let next = now.checked_add(pause.seconds()).unwrap_or(now);
        tracing::info!(subscription = id, error, pause, "a receiver is tried again later");
        let mut tx = self.node.inner().store.write().await?;
        tx.subscription_failed(id, &error, next.as_millisecond()).await?;
        tx.commit().await?;
        Ok(false)
    }

    /// The receiver took everything up to `position`; whether the subscription is still there.
    async fn delivered(&mut self, position: EventId, more: bool) -> Result<bool, NodeError> {
        self.told = true;
        self.record.failures = 0;
        let next_at = self.next_at(more);
        let at = self.node.now().as_millisecond();
        let mut tx = self.node.inner().store.write().await?;
        let there = tx.subscription_delivered(&self.record.id, position, at, next_at).await?;
        tx.commit().await?;
        self.node.inner().subscriptions.forget(&self.record.id);
        self.end_of_schedule(more, next_at).await?;
        Ok(there)
    }

    /// There was nothing to tell up to `position`; whether the subscription is still there.
    async fn passed(&mut self, position: EventId, more: bool) -> Result<bool, NodeError> {
        let waits = self.schedule.is_none() && self.record.next_at.is_none();
        if waits && position.0 - self.record.position.0 < PASSED_EVENTS_MAX {
            self.node.inner().subscriptions.pass(&self.record.id, position);
            return Ok(true);
        }
        let next_at = self.next_at(more);
        let mut tx = self.node.inner().store.write().await?;
        let there = tx.subscription_passed(&self.record.id, position, next_at).await?;
        tx.commit().await?;
        self.node.inner().subscriptions.forget(&self.record.id);
        self.record.position = position;
        self.end_of_schedule(more, next_at).await?;
        Ok(there)
    }

    /// When to look at the subscription next; `None` when an event comes.
    fn next_at(&self, more: bool) -> Option<i64> {
        let schedule = self.schedule.as_ref()?;
        match more {
            // The run is not over: it goes on at once, also after a restart.
            true => self.record.next_at,
            false => schedule.next_after(self.node.now()).map(Timestamp::as_millisecond),
        }
    }

    async fn end_of_schedule(&self, more: bool, next_at: Option<i64>) -> Result<(), NodeError> {
        if self.schedule.is_some() && !more && next_at.is_none() {
            let why = "its schedule has no time any more";
            self.node.stop_subscription(&self.record.id, why).await?;
        }
        Ok(())
    }
}
