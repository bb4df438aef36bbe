//! Shipment messages straight to a node's door, signed by anybody, true or forged.

use sha2::{Digest, Sha256};
use theriac_node::SignedHeaders;
use theriac_node::exchange::{
    DIGEST_HEADER, Envelope, MEMBER_HEADER, MESSAGES_PATH, SIGNATURE_HEADER, ShipmentMessage,
    TIME_HEADER,
};
use theriac_store::{DeliveryKind, DeliveryState, MessageId};
use theriac_web::ProblemCode;

use crate::network::{Network, Who};

/// What a node answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Taken; whether it was here before.
    Taken { known: bool },
    /// Not taken: the problem's code and its words.
    Problem(ProblemCode, String),
}

impl Answer {
    /// The words of a message that contradicts ledger or registry.
    pub(crate) fn rejected(self) -> String {
        match self {
            Self::Problem(ProblemCode::MessageRejected, detail) => detail,
            other => panic!("expected a rejection, found {other:?}"),
        }
    }

    pub(crate) fn problem(self) -> ProblemCode {
        match self {
            Self::Problem(code, _) => code,
            Self::Taken { .. } => panic!("expected a problem, found that it was taken"),
        }
    }
}

/// A message as it goes over the wire, with its signature.
#[derive(Debug, Clone)]
pub(crate) struct Letter {
    pub(crate) headers: SignedHeaders,
    pub(crate) body: Vec<u8>,
}

/// What `message` is in an envelope of its own.
pub(crate) fn envelope(body: Vec<u8>) -> Envelope {
    let message = MessageId(*Sha256::digest(&body).first_chunk().unwrap());
    Envelope { message, kind: DeliveryKind::Shipment, subject: None, body }
}

impl Network {
    /// The messages that a company's node has not got rid of yet.
    pub(crate) async fn waiting_messages(&self, who: Who) -> Vec<ShipmentMessage> {
        let waiting = self.node(who).store().deliveries(DeliveryState::Due).await.unwrap();
        waiting.iter().map(|delivery| serde_json::from_slice(&delivery.body).unwrap()).collect()
    }

    pub(crate) async fn post(&self, to: Who, letter: &Letter) -> Answer {
        let response = self
            .http
            .post(format!("{}{MESSAGES_PATH}", self.url(to)))
            .header(MEMBER_HEADER, &letter.headers.member)
            .header(TIME_HEADER, &letter.headers.time)
            .header(DIGEST_HEADER, &letter.headers.digest)
            .header(SIGNATURE_HEADER, &letter.headers.signature)
            .body(letter.body.clone())
            .send()
            .await
            .unwrap();
        let status = response.status();
        let body: serde_json::Value = response.json().await.unwrap();
        if status.is_success() {
            return Answer::Taken { known: body["known"].as_bool().unwrap() };
        }
        let problem: theriac_web::Problem = serde_json::from_value(body).unwrap();
        assert_eq!(problem.status, status.as_u16());
        Answer::Problem(problem.code, problem.detail)
    }

    /// A letter of a company, signed now.
    pub(crate) async fn letter(&self, by: Who, to: Who, envelope: &Envelope) -> Letter {
        let node = self.node(by);
        let body = node.seal_message(to.gln(), envelope.clone()).await.unwrap();
        let headers = node.sign(to.gln(), "POST", MESSAGES_PATH, &body).await.unwrap();
        Letter { headers, body }
    }

    /// Signs a message with a company's key, now, and posts it.
    pub(crate) async fn tell(&self, by: Who, to: Who, message: &ShipmentMessage) -> Answer {
        let envelope = envelope(serde_json::to_vec(message).unwrap());
        let letter = self.letter(by, to, &envelope).await;
        self.post(to, &letter).await
    }
}
