//! Asking another member's node: the registry says where the labeler of a GTIN answers.

use serde::de::DeserializeOwned;
use theriac_custody::verdict::{Printed, Record};
use theriac_gs1::{Gln, Identifier, Sgtin};

use crate::alarm::Sight;
use crate::exchange::partner::{self, address};
use crate::node::Node;
use crate::report::{Party, VerifyReport};
use crate::verify::{Asker, VerifyError, nobody};

/// Longest answer that is read from another node, in bytes.
const ANSWER_BYTES_MAX: usize = 1 << 20;

impl Node {
    /// Asks the labeler's node about a unit that is not on record here.
    pub(crate) async fn ask_labeler(
        &self,
        code: &str,
        unit: &Sgtin,
        printed: &Printed,
        labeler: Party,
        asker: Asker,
        sight: &Sight,
    ) -> Result<VerifyReport, VerifyError> {
        let sight = Sight { for_public: asker == Asker::Public, ..*sight };
        let answer = match asker {
            Asker::Here => self.question(labeler.gln, code, unit, &sight).await,
            // What anybody may cause is bounded.
            Asker::Public => match self.inner().questions.try_acquire() {
                Ok(_permit) => self.question(labeler.gln, code, unit, &sight).await,
                Err(_) => None,
            },
            // A question that came from another member is not passed on: it would go in circles.
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

    /// The labeler's verdict, if it is one about this unit.
    async fn question(
        &self,
        labeler: Gln,
        code: &str,
        unit: &Sgtin,
        sight: &Sight,
    ) -> Option<VerifyReport> {
        let path = format!("/verify?code={}{}", escape(code), sight.parameters());
        let report = self.ask::<VerifyReport>(labeler, &path).await?;
        if let Some(reason) = self.contradiction(&report).await.ok()? {
            tracing::warn!(%labeler, reason, "the labeler's verdict contradicts the ledger");
            return None;
        }
        let asked = Identifier::Sgtin(unit.clone()).digital_link();
        (report.identifier == asked).then_some(report)
    }

    /// Sends a signed question to a member's node; `None` if there is no usable answer.
    pub(crate) async fn ask<T: DeserializeOwned>(&self, gln: Gln, path: &str) -> Option<T> {
        let member = self.inner().store.stored_member(&gln).await.ok()??;
        let url = address(&member.endpoint, path)?;
        let headers = self.sign(gln, "GET", path, &[]).await.ok()?;
        let mut request = self.inner().http.get(url).header("accept", "application/json");
        for (name, value) in headers.list() {
            request = request.header(name, value);
        }
        match request.send().await {
            Ok(response) if response.status().is_success() => {
                let bytes = partner::read(response, ANSWER_BYTES_MAX).await?;
                serde_json::from_slice(&bytes).ok()
            }
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
