//! A standing query that a client listens to while it is connected, as a WebSocket does: nothing of
//! it is on record.

use jiff::Timestamp;
use theriac_epcis::EpcFormat;
use theriac_query::EventQuery;
use theriac_store::{EventId, NamedQueryId};

use super::controls::PayloadForm;
use super::engine::POLL;
use super::message::{CallbackException, Envelope, Message};
use super::run::{Answer, PART_EVENTS_MAX, part_of};
use crate::error::NodeError;
use crate::node::Node;
use crate::query::{FoundEvent, QueryFailure, Schedule};

/// What a client wants to listen to.
#[derive(Debug, Clone)]
pub struct LiveRequest {
    /// The name of the query.
    pub query_name: String,
    /// Its row: once it is deleted there is nothing to listen to any more.
    pub query_id: NamedQueryId,
    /// What is asked.
    pub query: EventQuery,
    /// When to answer; `None`: whenever an event comes.
    pub schedule: Option<Schedule>,
    /// Whether an empty answer is given too.
    pub report_if_empty: bool,
    /// Only events recorded from then on; `None`: from now on.
    pub initial_record_time: Option<Timestamp>,
    /// The form of EPCs.
    pub epc: EpcFormat,
}

/// A client that listens.
pub struct Live {
    node: Node,
    query_id: NamedQueryId,
    query: EventQuery,
    schedule: Option<Schedule>,
    report_if_empty: bool,
    envelope: Envelope,
    /// All events up to this one were looked at.
    position: EventId,
    next_at: Option<Timestamp>,
    /// Whether a run is under way, and whether it gave an answer already.
    running: bool,
    told: bool,
    /// Events of the run that are not given yet.
    waiting: std::vec::IntoIter<FoundEvent>,
}

impl Node {
    /// Begins to listen.
    ///
    /// # Errors
    ///
    /// [`NodeError::Store`].
    pub async fn listen(&self, request: LiveRequest) -> Result<Live, NodeError> {
        let (position, query) = match request.initial_record_time {
            Some(from) => (None, request.query.recorded_from(from)),
            None => (self.inner().store.last_event().await?, request.query),
        };
        let envelope = Envelope {
            query_name: request.query_name,
            subscription_id: None,
            form: PayloadForm::Json,
            epc: request.epc,
        };
        Ok(Live {
            node: self.clone(),
            query_id: request.query_id,
            query,
            next_at: request.schedule.and_then(|schedule| schedule.next_after(self.now())),
            schedule: request.schedule,
            report_if_empty: request.report_if_empty,
            envelope,
            position: position.unwrap_or(EventId(0)),
            running: false,
            told: false,
            waiting: Vec::new().into_iter(),
        })
    }
}

impl Live {
    /// Waits for the next message; `None` once the query is no more. A call that is dropped loses
    /// nothing.
    ///
    /// # Errors
    ///
    /// [`QueryFailure`].
    pub async fn next(&mut self) -> Result<Option<Message>, QueryFailure> {
        loop {
            if let Some(message) = self.next_part() {
                return Ok(Some(message));
            }
            if !self.running {
                if !self.wait().await? {
                    return Ok(None);
                }
                (self.running, self.told) = (true, false);
            }
            let scheduled = self.schedule.is_some();
            let run = self.node.next_run(&self.query, self.position, scheduled).await?;
            // Nothing is awaited below.
            self.position = run.reached;
            self.running = run.more;
            if !run.more {
                let now = self.node.now();
                self.next_at = self.schedule.and_then(|schedule| schedule.next_after(now));
            }
            match run.answer {
                Answer::Recorded(events) | Answer::Ordered(events) => {
                    if events.is_empty() && self.report_if_empty && !run.more && !self.told {
                        return Ok(Some(self.results(&[])));
                    }
                    self.waiting = events.into_iter();
                }
                Answer::TooLarge { limit } => return Ok(Some(self.too_large(limit))),
            }
        }
    }

    /// The message that tells why there are no more.
    pub fn failure(&self, failure: &QueryFailure) -> Message {
        let detail = failure.to_string();
        self.envelope.exception(CallbackException::Implementation, &detail, self.node.now())
    }

    fn results(&self, events: &[FoundEvent]) -> Message {
        self.envelope.results(events, self.node.now(), self.node.company_prefixes())
    }

    fn too_large(&self, limit: u64) -> Message {
        let detail = format!("expected at most {limit} events in the answer, found more");
        self.envelope.exception(CallbackException::QueryTooLarge, &detail, self.node.now())
    }

    /// The next events that wait.
    fn next_part(&mut self) -> Option<Message> {
        let events = self.waiting.as_slice();
        if events.is_empty() {
            return None;
        }
        let count = part_of(events, PART_EVENTS_MAX);
        let message = self.results(&events[..count]);
        self.waiting.by_ref().take(count).for_each(drop);
        self.told = true;
        Some(message)
    }

    /// Waits until a run is due; `false` if the query is no more.
    async fn wait(&self) -> Result<bool, NodeError> {
        let store = &self.node.inner().store;
        let mut bell = self.node.inner().subscriptions.listen();
        loop {
            let query = store.named_query(&self.envelope.query_name).await?;
            if query.is_none_or(|query| query.id != self.query_id) {
                return Ok(false);
            }
            let due = match (&self.schedule, self.next_at) {
                (None, _) => store.last_event().await?.is_some_and(|last| last > self.position),
                (Some(_), Some(at)) => at <= self.node.now(),
                (Some(_), None) => false,
            };
            if due {
                return Ok(true);
            }
            tokio::select! {
                _ = bell.changed() => {}
                () = tokio::time::sleep(POLL) => {}
            }
        }
    }
}
