//! `/exchange/…`: messages between nodes, what became of them, and the keys that sign and seal them.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use theriac_custody::Hash;
use theriac_gs1::Gln;
use theriac_node::{DeliveryRecord, InboxRecord, Node, ServiceKeysReport, Taken};
use utoipa::ToSchema;

use crate::access::{Local, signed_headers};
use crate::body;
use crate::limits::{EXCHANGE_BYTES_MAX, LIST_ROWS, LIST_ROWS_MAX};
use crate::parameters::Parameters;
use crate::problem::{Problem, ProblemCode};
use crate::routes::events::rfc3339;

/// Messages between this node and others, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExchangedMessages {
    /// What this node sent or is to send.
    #[schema(value_type = Vec<Object>)]
    pub sent: Vec<SentEntry>,
    /// What came in.
    #[schema(value_type = Vec<Object>)]
    pub received: Vec<ReceivedEntry>,
}

/// A message to another node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentEntry {
    /// What the recipient knows it by, in hexadecimal.
    pub message: String,
    /// The member that it goes to.
    pub to: Gln,
    /// What it carries.
    pub kind: String,
    /// What it is about.
    pub subject: Option<Hash>,
    /// `due`, `acknowledged` or `refused`.
    pub state: String,
    /// How often it was tried in vain.
    pub attempts: u32,
    /// When it was asked for, RFC 3339.
    pub created_at: String,
    /// When it is tried next, RFC 3339; null once it is acknowledged or refused.
    pub next_at: Option<String>,
    /// When it was acknowledged, RFC 3339.
    pub acknowledged_at: Option<String>,
    /// Why the last try failed.
    pub error: Option<String>,
}

/// A message of another node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceivedEntry {
    /// What the sender calls it, in hexadecimal.
    pub message: String,
    /// The member that sent it.
    pub from: Gln,
    /// What it carries.
    pub kind: String,
    /// What it is about.
    pub subject: Option<Hash>,
    /// `waiting`, `handled` or `refused`.
    pub state: String,
    /// Bytes of what it says.
    pub bytes: u64,
    /// When it came, RFC 3339.
    pub received_at: String,
    /// When it was handled or refused, RFC 3339.
    pub ended_at: Option<String>,
    /// Why it waits or was refused.
    pub error: Option<String>,
}

/// Which messages are sent at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RetryRequest {
    /// Those to this member; all unless named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, pattern = "^[0-9]{13}$")]
    pub to: Option<Gln>,
}

/// How many messages do not wait for their next try any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RetryAnswer {
    /// The number.
    pub messages: u64,
}

/// A node's service keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ServiceKeysAnswer {
    /// Key that checks what the member signs (Ed25519).
    #[schema(value_type = String, pattern = "^0x[0-9a-f]{64}$")]
    pub signing: Hash,
    /// Key to which others seal what only the member may read (X25519).
    #[schema(value_type = String, pattern = "^0x[0-9a-f]{64}$")]
    pub sealing: Hash,
    /// Whether the registry shows them; if not it will, once the ledger takes them.
    pub published: bool,
}

/// Takes a message: 202 once it is durable and handled.
///
/// # Errors
///
/// 401 or 403 for a message that is not from a member that may act, 409 for one sealed to another key,
/// 425 for one that cannot be handled yet (it is kept), 422 for one that does not agree with the
/// ledger.
pub(crate) async fn message(
    State(node): State<Node>,
    request: Request,
) -> Result<(StatusCode, Json<Taken>), Problem> {
    let (parts, body) = request.into_parts();
    let headers = signed_headers(&parts.headers)?.ok_or_else(|| {
        Problem::new(ProblemCode::SignatureMissing, "expected a signed message, found none")
    })?;
    let (method, path) = (parts.method.as_str(), parts.uri.path());
    // A stranger is turned away before its body is read.
    let _place = node.place_for_message(&headers, method, path).await?;
    let bytes = body::read(body, EXCHANGE_BYTES_MAX).await?;
    let taken = node.accept_message(&headers, method, path, bytes).await?;
    Ok((StatusCode::ACCEPTED, Json(taken)))
}

/// Messages sent and received; `limit` sets how many of each.
///
/// # Errors
///
/// [`ProblemCode::ParameterWrong`].
pub(crate) async fn list(
    _: Local,
    State(node): State<Node>,
    mut parameters: Parameters,
) -> Result<Json<ExchangedMessages>, Problem> {
    let limit = parameters.rows("limit", LIST_ROWS, LIST_ROWS_MAX)?;
    parameters.finish()?;
    let (sent, received) = node.exchanged(limit).await?;
    Ok(Json(ExchangedMessages {
        sent: sent.into_iter().map(SentEntry::from).collect(),
        received: received.into_iter().map(ReceivedEntry::from).collect(),
    }))
}

/// Sends what waits for its next try at once.
///
/// # Errors
///
/// [`ProblemCode::BodyWrong`].
pub(crate) async fn retry(
    _: Local,
    State(node): State<Node>,
    body::Json(request): body::Json<RetryRequest>,
) -> Result<Json<RetryAnswer>, Problem> {
    Ok(Json(RetryAnswer { messages: node.retry_deliveries(request.to).await? }))
}

/// Gives the node other service keys.
///
/// # Errors
///
/// [`ProblemCode::Internal`] when they cannot be written.
pub(crate) async fn rotate_keys(
    _: Local,
    State(node): State<Node>,
) -> Result<Json<ServiceKeysAnswer>, Problem> {
    let ServiceKeysReport { signing, sealing, published } = node.rotate_service_keys().await?;
    Ok(Json(ServiceKeysAnswer { signing, sealing, published }))
}

impl From<DeliveryRecord> for SentEntry {
    fn from(record: DeliveryRecord) -> Self {
        let is_due = record.state == theriac_node::DeliveryState::Due;
        Self {
            message: record.message.to_string(),
            to: record.to,
            kind: record.kind.to_string(),
            subject: record.subject,
            state: record.state.to_string(),
            attempts: record.attempts,
            created_at: rfc3339(record.created_at),
            next_at: is_due.then(|| rfc3339(record.next_at)),
            acknowledged_at: record.acknowledged_at.map(rfc3339),
            error: record.error,
        }
    }
}

impl From<InboxRecord> for ReceivedEntry {
    fn from(record: InboxRecord) -> Self {
        Self {
            message: record.message.to_string(),
            from: record.from,
            kind: record.kind.to_string(),
            subject: record.subject,
            state: record.state.to_string(),
            bytes: record.bytes,
            received_at: rfc3339(record.received_at),
            ended_at: record.ended_at.map(rfc3339),
            error: record.error,
        }
    }
}
