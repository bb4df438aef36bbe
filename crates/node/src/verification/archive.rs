//! The archive of verifications as it is told.

use serde::{Deserialize, Serialize};
use theriac_gs1::{Gln, Identifier};
use theriac_store::{
    VerificationDirection, VerificationOutcome, VerificationProtocol, VerificationRecord,
};

use crate::error::NodeError;
use crate::node::Node;

/// A question about a pack, with both messages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerificationEntry {
    /// Its number.
    pub verification: i64,
    /// `asked` by this node, or `served` to another one.
    pub direction: VerificationDirection,
    /// `lightweight` for GS1 Lightweight Messaging, `node` for a question between nodes.
    pub protocol: VerificationProtocol,
    /// `corrUUID`: what ties the answer to the question.
    pub correlation: String,
    /// The pack, as GS1 Digital Link.
    pub identifier: String,
    /// Lot on its label, where it was told.
    pub lot: Option<String>,
    /// Expiry on its label, where it was told.
    pub expiry: Option<String>,
    /// Who asked.
    pub requester: Gln,
    /// Who was asked: the digits of its GLN.
    pub responder: Option<String>,
    /// Base URL of the responder, of a question that was sent.
    pub url: Option<String>,
    /// When it was sent or came in, RFC 3339.
    pub asked_at: String,
    /// When the answer was there, or was given up, RFC 3339.
    pub answered_at: Option<String>,
    /// HTTP status of the answer.
    pub status: Option<u16>,
    /// Whether it says that the pack is genuine; `None` if it says nothing.
    pub verified: Option<bool>,
    /// Why there is no usable answer.
    pub error: Option<String>,
    /// The request as it was: path and query.
    pub request: String,
    /// The answer as it was: its body.
    pub answer: Option<String>,
}

impl From<VerificationRecord> for VerificationEntry {
    fn from(record: VerificationRecord) -> Self {
        let VerificationRecord { id, question, outcome } = record;
        let answered_at = outcome.as_ref().map(|outcome| rfc3339(outcome.answered_at));
        let VerificationOutcome { status, answer, verified, error, .. } =
            outcome.unwrap_or_default();
        Self {
            verification: id.0,
            direction: question.direction,
            protocol: question.protocol,
            correlation: question.correlation,
            identifier: Identifier::Sgtin(question.unit).digital_link(),
            lot: question.lot.map(|lot| lot.to_string()),
            expiry: question.expiry.map(|expiry| expiry.to_string()),
            requester: question.requester,
            responder: question.responder,
            url: question.url,
            asked_at: rfc3339(question.asked_at),
            answered_at,
            status,
            verified,
            error,
            request: question.request,
            answer,
        }
    }
}

/// A time of the store as text.
pub(super) fn rfc3339(millis: i64) -> String {
    jiff::Timestamp::from_millisecond(millis)
        .map_or_else(|_| millis.to_string(), |time| time.to_string())
}

impl Node {
    /// The last `limit` verifications, newest first: those sent, those served, or both; only those
    /// with this `corrUUID`, if one is given.
    ///
    /// # Errors
    ///
    /// [`NodeError::Store`].
    pub async fn verifications(
        &self,
        direction: Option<VerificationDirection>,
        correlation: Option<&str>,
        limit: u64,
    ) -> Result<Vec<VerificationEntry>, NodeError> {
        let store = &self.inner().store;
        let mut records = match correlation {
            Some(correlation) => store.verifications_of(correlation).await?,
            None => store.verifications(direction, limit).await?,
        };
        records.retain(|record| direction.is_none_or(|it| it == record.question.direction));
        records.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(records.into_iter().map(VerificationEntry::from).collect())
    }
}
