//! Which subscriptions are due, and their turns at the same time.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures::stream::{self, FuturesUnordered, StreamExt};
use theriac_store::{EventId, SubscriptionRecord};
use tokio::sync::watch;

use crate::error::NodeError;
use crate::node::Node;

/// Receivers that are told at the same time.
const RECEIVERS_AT_ONCE: usize = 32;

/// How often subscriptions are looked at without being asked.
pub(super) const POLL: Duration = Duration::from_millis(250);

/// What the subscriptions of a node share.
pub(crate) struct Engine {
    /// Rung when events came on record, or a subscription was made.
    bell: watch::Sender<()>,
    /// Held while receivers are told.
    telling: tokio::sync::Mutex<()>,
    /// For streams, the last event without a match, where that is not written down.
    passed: Mutex<HashMap<String, EventId>>,
}

impl Default for Engine {
    fn default() -> Self {
        Self {
            bell: watch::Sender::new(()),
            telling: tokio::sync::Mutex::default(),
            passed: Mutex::default(),
        }
    }
}

impl Engine {
    /// Events came on record, or a subscription was made.
    pub(crate) fn ring(&self) {
        self.bell.send_replace(());
    }

    /// Hears every later [`Self::ring`].
    pub(super) fn listen(&self) -> watch::Receiver<()> {
        self.bell.subscribe()
    }

    /// The last event that a subscription need not look at.
    pub(super) fn passed(&self, record: &SubscriptionRecord) -> EventId {
        let passed = self.map().get(&record.id).copied();
        passed.map_or(record.position, |passed| passed.max(record.position))
    }

    /// Up to `position` there is nothing for the subscription.
    pub(super) fn pass(&self, id: &str, position: EventId) {
        self.map().insert(id.to_owned(), position);
    }

    /// The row of the subscription says where it is.
    pub(super) fn forget(&self, id: &str) {
        self.map().remove(id);
    }

    /// Forgets the subscriptions that are no more.
    fn keep(&self, active: &[SubscriptionRecord]) {
        let ids: HashSet<&str> = active.iter().map(|record| record.id.as_str()).collect();
        self.map().retain(|id, _| ids.contains(id.as_str()));
    }

    fn map(&self) -> std::sync::MutexGuard<'_, HashMap<String, EventId>> {
        self.passed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Node {
    /// Tells all receivers what is due for them now; true if one was told something. False as well
    /// while [`Self::run`] does that.
    ///
    /// # Errors
    ///
    /// [`NodeError`] of the first subscription with which the node itself cannot go on; the others
    /// had their turns. What a receiver does is no error: it is tried again, later and later.
    pub async fn notify_subscribers(&self) -> Result<bool, NodeError> {
        let Ok(_guard) = self.inner().subscriptions.telling.try_lock() else { return Ok(false) };
        let due = self.due_subscriptions().await?;
        let turns = due.into_iter().map(|record| self.take_turn(record));
        let told: Vec<_> = stream::iter(turns).buffer_unordered(RECEIVERS_AT_ONCE).collect().await;
        let told: Vec<bool> = told.into_iter().collect::<Result<_, _>>()?;
        Ok(told.into_iter().any(|told| told))
    }

    /// Never ends; a turn that is broken off is taken again.
    pub(crate) async fn run_subscriptions(&self) {
        let engine = &self.inner().subscriptions;
        let _guard = engine.telling.lock().await;
        let mut bell = engine.listen();
        let mut turns = FuturesUnordered::new();
        let mut under_way: HashSet<String> = HashSet::new();
        loop {
            match self.due_subscriptions().await {
                Ok(due) => {
                    for record in due {
                        if turns.len() >= RECEIVERS_AT_ONCE {
                            break;
                        }
                        if under_way.insert(record.id.clone()) {
                            turns.push(self.turn_or_pause(record));
                        }
                    }
                }
                Err(error) => tracing::warn!(%error, "subscriptions are put off"),
            }
            tokio::select! {
                Some(id) = turns.next() => { under_way.remove(&id); }
                _ = bell.changed() => {}
                () = tokio::time::sleep(POLL) => {}
            }
        }
    }

    /// A turn in the background; after an error of the node's own it is not taken again at once.
    async fn turn_or_pause(&self, record: SubscriptionRecord) -> String {
        let id = record.id.clone();
        if let Err(error) = self.take_turn(record).await {
            tracing::warn!(subscription = id, %error, "a subscription is put off");
            tokio::time::sleep(POLL).await;
        }
        id
    }

    /// The subscriptions to look at now, those first that were told longest ago.
    async fn due_subscriptions(&self) -> Result<Vec<SubscriptionRecord>, NodeError> {
        let now = self.now().as_millisecond();
        let store = &self.inner().store;
        let engine = &self.inner().subscriptions;
        let last = store.last_event().await?.unwrap_or(EventId(0));
        let mut active = store.active_subscriptions().await?;
        engine.keep(&active);
        active.retain(|record| match record.next_at {
            Some(at) => at <= now,
            None => engine.passed(record) < last,
        });
        active.sort_by_key(|record| record.last_notified_at.unwrap_or(0));
        Ok(active)
    }
}
