//! Subscriptions on record (EPCIS 2.0, section 12.7.6): made, listed, ended. Who delivers is the
//! engine of subscriptions.

use jiff::Timestamp;
use serde_json::Value;
use theriac_store::{EventId, NewSubscription, SubscriptionRecord};

use super::seal::{open, seal};
use crate::error::NodeError;
use crate::node::Node;

/// A subscription that is asked for.
#[derive(Clone, PartialEq)]
pub struct SubscriptionRequest {
    /// Where the answers are sent to, a URL.
    pub dest: String,
    /// `signatureToken`: the secret that deliveries are signed with.
    pub token: Option<String>,
    /// When to deliver, and in which form: kept as it is, and given back to whoever delivers.
    pub controls: Value,
    /// Whether an empty answer is sent too.
    pub report_if_empty: bool,
    /// Only events recorded from then on are sent; `None`: from now on.
    pub initial_record_time: Option<Timestamp>,
    /// When to look at it first; `None` when an event comes.
    pub next_at: Option<Timestamp>,
}

impl std::fmt::Debug for SubscriptionRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SubscriptionRequest")
            .field("dest", &self.dest)
            .field("controls", &self.controls)
            .finish_non_exhaustive()
    }
}

/// Why there is no subscription.
#[derive(Debug, thiserror::Error)]
pub enum SubscribeError {
    /// No query has this name.
    #[error("expected the name of a query, found {name:?}")]
    NoSuchQuery {
        /// The name.
        name: String,
    },
    /// The `subscriptionID` is taken.
    #[error("expected a subscriptionID that no subscription has, found {id:?}")]
    Exists {
        /// The identifier.
        id: String,
    },
    /// The node itself.
    #[error(transparent)]
    Node(#[from] NodeError),
}

impl From<theriac_store::StoreError> for SubscribeError {
    fn from(error: theriac_store::StoreError) -> Self {
        Self::Node(error.into())
    }
}

impl Node {
    /// Subscribes to the query `name`. Events recorded before, but not before the
    /// `initialRecordTime`, are delivered first.
    ///
    /// # Errors
    ///
    /// [`SubscribeError`].
    pub async fn subscribe(
        &self,
        name: &str,
        request: SubscriptionRequest,
    ) -> Result<SubscriptionRecord, SubscribeError> {
        self.subscribe_as(&subscription_id(), name, request).await
    }

    /// As [`Self::subscribe`], under a `subscriptionID` that the client chose.
    ///
    /// # Errors
    ///
    /// [`SubscribeError`].
    pub async fn subscribe_as(
        &self,
        id: &str,
        name: &str,
        request: SubscriptionRequest,
    ) -> Result<SubscriptionRecord, SubscribeError> {
        let store = &self.inner().store;
        let query = store.named_query(name).await?;
        let query = query.ok_or_else(|| SubscribeError::NoSuchQuery { name: name.to_owned() })?;
        let position = match request.initial_record_time {
            // The engine passes over what was recorded before that time.
            Some(_) => EventId(0),
            None => store.last_event().await?.unwrap_or(EventId(0)),
        };
        let millis = |time: Timestamp| time.as_millisecond();
        let new = NewSubscription {
            id: id.to_owned(),
            query: query.id,
            dest: request.dest,
            token: request.token.map(|token| seal(&self.inner().lot_secret, token.as_bytes())),
            controls: request.controls,
            report_if_empty: request.report_if_empty,
            initial_record_time: request.initial_record_time.map(millis),
            created_at: self.now().as_millisecond(),
            position,
            next_at: request.next_at.map(millis),
        };
        let mut tx = self.inner().store.write().await?;
        if !tx.insert_subscription(&new).await? {
            return Err(SubscribeError::Exists { id: id.to_owned() });
        }
        tx.commit().await?;
        self.inner().subscriptions.ring();
        let record = self.inner().store.subscription(id).await?;
        // It may have been deleted with its query already.
        record.ok_or_else(|| SubscribeError::NoSuchQuery { name: name.to_owned() })
    }

    /// The subscriptions to the query `name`, by id.
    ///
    /// # Errors
    ///
    /// [`NodeError::Store`].
    pub async fn subscriptions(&self, name: &str) -> Result<Vec<SubscriptionRecord>, NodeError> {
        Ok(self.inner().store.subscriptions_of(name).await?)
    }

    /// The identifiers of the subscriptions to the query `name`, in their order.
    ///
    /// # Errors
    ///
    /// [`NodeError::Store`].
    pub async fn subscription_ids(&self, name: &str) -> Result<Vec<String>, NodeError> {
        let records = self.subscriptions(name).await?;
        Ok(records.into_iter().map(|record| record.id).collect())
    }

    /// The subscription `id` to the query `name`.
    ///
    /// # Errors
    ///
    /// [`NodeError::Store`].
    pub async fn subscription(
        &self,
        name: &str,
        id: &str,
    ) -> Result<Option<SubscriptionRecord>, NodeError> {
        let record = self.inner().store.subscription(id).await?;
        Ok(record.filter(|record| record.query_name == name))
    }

    /// Ends the subscription `id` to the query `name`; whether there was one.
    ///
    /// # Errors
    ///
    /// [`NodeError::Store`].
    pub async fn unsubscribe(&self, name: &str, id: &str) -> Result<bool, NodeError> {
        if self.subscription(name, id).await?.is_none() {
            return Ok(false);
        }
        let mut tx = self.inner().store.write().await?;
        let deleted = tx.delete_subscription(id).await?;
        tx.commit().await?;
        Ok(deleted)
    }

    /// The `signatureToken` of a subscription, for signing what it is sent.
    pub fn signature_token(&self, record: &SubscriptionRecord) -> Option<String> {
        let token = open(&self.inner().lot_secret, record.token.as_deref()?)?;
        String::from_utf8(token).ok()
    }
}

/// A random UUID (RFC 9562, version 4).
fn subscription_id() -> String {
    let mut bytes: [u8; 16] = rand::random();
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex = hex::encode(bytes);
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}
