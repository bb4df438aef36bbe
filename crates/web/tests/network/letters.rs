//! Shipment messages straight to a node's door, signed by anybody, true or forged.

use sha2::{Digest, Sha256};
use theriac_ledger::Signer;
use theriac_node::exchange::{
    ACCOUNT_HEADER, DIGEST_HEADER, SHIPMENTS_PATH, SIGNATURE_HEADER, ShipmentMessage, TIME_HEADER,
};
use theriac_store::DeliveryState;
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
            Self::Problem(ProblemCode::ShipmentRejected, detail) => detail,
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
    pub(crate) account: String,
    pub(crate) time: i64,
    pub(crate) digest: String,
    pub(crate) signature: String,
    pub(crate) body: Vec<u8>,
}

impl Letter {
    /// Signs as the protocol says: EIP-191 over recipient, method, path, time and SHA-256 of
    /// the body.
    pub(crate) fn sign(signer: &Signer, to: Who, time: i64, body: Vec<u8>) -> Self {
        let digest = hex::encode(Sha256::digest(&body));
        let to = to.gln();
        let text = format!("theriac/1\n{to}\nPOST\n{SHIPMENTS_PATH}\n{time}\n{digest}");
        let signature = hex::encode(signer.sign_message(text.as_bytes()));
        Self { account: signer.account().to_string(), time, digest, signature, body }
    }
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
            .post(format!("{}{SHIPMENTS_PATH}", self.url(to)))
            .header("content-type", "application/json")
            .header(ACCOUNT_HEADER, &letter.account)
            .header(TIME_HEADER, letter.time)
            .header(DIGEST_HEADER, &letter.digest)
            .header(SIGNATURE_HEADER, &letter.signature)
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

    /// Signs a message with a company's key, now, and posts it.
    pub(crate) async fn tell(&self, by: Who, to: Who, message: &ShipmentMessage) -> Answer {
        let body = serde_json::to_vec(message).unwrap();
        let letter = Letter::sign(&self.key(by), to, self.clock.now().as_second(), body);
        self.post(to, &letter).await
    }
}
