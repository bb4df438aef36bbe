//! Asking another member's node: the registry says where the labeler of a GTIN answers.

use serde::de::DeserializeOwned;
use theriac_custody::Account;
use theriac_custody::verdict::{Printed, Record};
use theriac_gs1::{Gln, Sgtin};

use crate::error::NodeError;
use crate::exchange::{ACCOUNT_HEADER, SIGNATURE_HEADER, TIME_HEADER, sign};
use crate::node::Node;
use crate::report::{Party, VerifyReport};
use crate::verify::{Asker, VerifyError, nobody};

/// Longest answer that is read from another node, in bytes.
const ANSWER_BYTES_MAX: u64 = 1 << 20;

impl Node {
    /// Asks the labeler's node about a unit that is not on record here.
    pub(crate) async fn ask_labeler(
        &self,
        code: &str,
        unit: &Sgtin,
        printed: &Printed,
        labeler: Party,
        asker: Asker,
    ) -> Result<VerifyReport, VerifyError> {
        // A question that came from another member is not passed on: it would go in circles.
        let answer = match asker {
            Asker::Here | Asker::Public => {
                self.ask::<VerifyReport>(labeler.gln, &format!("/verify?code={}", escape(code)))
                    .await
            }
            Asker::Member(_) => None,
        };
        Ok(match answer {
            Some(mut report) => {
                report.code = code.to_owned();
                report.evidence.answered_by = "labeler".to_owned();
                report
            }
            None => {
                let record = Record::NoAnswer { labeler: labeler.gln };
                self.answer(code, unit, printed, Some(labeler), record, nobody())
            }
        })
    }

    /// Sends a signed question to a member's node; `None` if there is no usable answer.
    pub(crate) async fn ask<T: DeserializeOwned>(&self, gln: Gln, path: &str) -> Option<T> {
        let endpoint = self.endpoint_of(gln).await.ok().flatten()?;
        let time = self.now().as_second();
        let headers = sign(&self.inner().signer, "GET", path, time, &[]);
        let response = self
            .inner()
            .http
            .get(format!("{}{path}", endpoint.trim_end_matches('/')))
            .header("accept", "application/json")
            .header(ACCOUNT_HEADER, headers.account)
            .header(TIME_HEADER, headers.time)
            .header(SIGNATURE_HEADER, headers.signature)
            .send()
            .await;
        match response {
            Ok(response) if response.status().is_success() => read_json(response).await,
            Ok(response) => {
                tracing::info!(%gln, status = %response.status(), "the labeler's node did not answer");
                None
            }
            Err(error) => {
                tracing::info!(%gln, %error, "the labeler's node did not answer");
                None
            }
        }
    }

    async fn endpoint_of(&self, gln: Gln) -> Result<Option<String>, NodeError> {
        let member = self.inner().store.stored_member(&gln).await?;
        Ok(member.map(|member| member.endpoint).filter(|endpoint| !endpoint.is_empty()))
    }

    /// The member that an account acts for.
    pub(crate) async fn party_of(&self, account: &Account) -> Result<Option<Party>, NodeError> {
        let mut tx = self.inner().store.read().await?;
        Ok(match tx.member_of_account(account).await? {
            Some(gln) => Some(self.party(&mut tx, gln).await?),
            None => None,
        })
    }
}

/// Reads an answer of bounded length.
async fn read_json<T: DeserializeOwned>(mut response: reqwest::Response) -> Option<T> {
    let mut bytes = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        bytes.extend_from_slice(&chunk);
        if bytes.len() as u64 > ANSWER_BYTES_MAX {
            return None;
        }
    }
    serde_json::from_slice(&bytes).ok()
}

/// Percent-encodes all but unreserved characters (RFC 3986, section 2.3).
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    escaped
}
