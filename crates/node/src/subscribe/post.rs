//! A message goes to its receiver, signed; what the receiver answers.

use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use reqwest::header::CONTENT_TYPE;
use reqwest::{StatusCode, Url};
use sha2::Sha256;

use super::controls::PayloadForm;
use super::message::Message;
use crate::exchange::partner;
use crate::node::Node;

/// How long a receiver may take to answer.
const RECEIVER_TIME_MAX: Duration = Duration::from_secs(10);

/// Longest answer of a receiver that is read, in bytes.
const ANSWER_BYTES_MAX: usize = 4 << 10;

/// What the receiver made of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reply {
    /// It took it.
    Taken,
    /// It is too large for it.
    TooLarge,
    /// It will never take a message again.
    Gone,
    /// It did not take it; perhaps later.
    Failed(String),
}

/// Where messages go, and what they are signed with.
pub(super) struct Receiver {
    pub(super) url: Url,
    pub(super) token: Option<String>,
    pub(super) form: PayloadForm,
}

impl Receiver {
    /// The receiver at `dest`; `None` if that is no URL of a web server.
    pub(super) fn at(dest: &str, token: Option<String>, form: PayloadForm) -> Option<Self> {
        let url = Url::parse(dest).ok()?;
        matches!(url.scheme(), "http" | "https").then_some(Self { url, token, form })
    }
}

/// The value of `GS1-Signature` for a body: `sha256=` and the HMAC-SHA-256 of its bytes under the
/// bytes of the token, in lower case hex.
pub fn signature(token: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(token.as_bytes())
        .expect("the key is taken, because HMAC takes keys of any length");
    mac.update(body);
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}

impl Node {
    /// Sends a message.
    pub(super) async fn post(&self, to: &Receiver, message: Message) -> Reply {
        let version = match to.form {
            PayloadForm::Json | PayloadForm::Xml => "2.0.0",
            PayloadForm::Xml12 => "1.2.0",
        };
        let mut request = self
            .inner()
            .http
            .post(to.url.clone())
            .timeout(RECEIVER_TIME_MAX)
            .header(CONTENT_TYPE, message.content_type)
            .header("GS1-EPCIS-Version", version)
            .header("GS1-CBV-Version", version);
        if let Some(token) = &to.token {
            request = request.header("GS1-Signature", signature(token, &message.body));
        }
        match request.body(message.body).send().await {
            Err(error) => Reply::Failed(because(&error.without_url())),
            Ok(response) => match response.status() {
                status if status.is_success() => Reply::Taken,
                StatusCode::PAYLOAD_TOO_LARGE => Reply::TooLarge,
                StatusCode::GONE => Reply::Gone,
                status => {
                    let bytes = partner::read(response, ANSWER_BYTES_MAX).await;
                    let bytes = bytes.unwrap_or_default();
                    let text: String = String::from_utf8_lossy(&bytes).chars().take(300).collect();
                    Reply::Failed(format!("the receiver answers {status}: {text}"))
                }
            },
        }
    }
}

/// The error with its causes; reqwest tells the cause in none of its own.
fn because(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4231, test case 2.
    #[test]
    fn a_signature_is_hmac_sha_256_in_hex() {
        assert_eq!(
            signature("Jefe", b"what do ya want for nothing?"),
            "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn only_a_web_server_receives() {
        for (dest, is) in [
            ("http://127.0.0.1:9/x?y=1", true),
            ("https://client.example.com/", true),
            ("ftp://client.example.com/", false),
            ("file:///etc/passwd", false),
            ("callback", false),
        ] {
            assert_eq!(Receiver::at(dest, None, PayloadForm::Json).is_some(), is, "{dest}");
        }
    }
}
