//! Asking another member's node: the registry says where the labeler of a GTIN answers.

use serde::de::DeserializeOwned;
use theriac_gs1::Gln;

use crate::exchange::partner::{self, address};
use crate::node::Node;

/// Longest answer that is read from another node, in bytes.
const ANSWER_BYTES_MAX: usize = 1 << 20;

impl Node {
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
