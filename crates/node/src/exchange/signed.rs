//! Signatures over HTTP requests between members: with the account that acts on the ledger, so that
//! the registry says whose they are (EIP-191 over recipient, method, path, time and body hash).
//!
//! The hash of the body is a header, so that a stranger is turned away before its body is read.

use sha2::{Digest, Sha256};
use theriac_custody::Account;
use theriac_gs1::Gln;
use theriac_ledger::{Signer, recover_message};

/// Header with the signing account.
pub const ACCOUNT_HEADER: &str = "theriac-account";
/// Header with the time of signing, in seconds since 1970.
pub const TIME_HEADER: &str = "theriac-time";
/// Header with the SHA-256 of the body, in hexadecimal.
pub const DIGEST_HEADER: &str = "theriac-digest";
/// Header with the signature, 65 bytes in hexadecimal.
pub const SIGNATURE_HEADER: &str = "theriac-signature";

/// How far the clocks of two members may differ, in seconds.
const CLOCK_SKEW_SECONDS: i64 = 300;

/// The headers of a signed request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedHeaders {
    /// The signing account.
    pub account: String,
    /// Time of signing, in seconds since 1970.
    pub time: String,
    /// SHA-256 of the body.
    pub digest: String,
    /// The signature.
    pub signature: String,
}

/// Why a signature does not count.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureFault {
    /// A header is not what it should be.
    #[error("expected {expected} in the header {header}, found {found:?}")]
    Header {
        /// The header.
        header: &'static str,
        /// What was expected.
        expected: &'static str,
        /// What was found.
        found: String,
    },
    /// The request is too old, or the clocks differ.
    #[error(
        "expected a time within {CLOCK_SKEW_SECONDS} s of this node's, found {seconds} s away; set the clock"
    )]
    Time {
        /// The distance.
        seconds: i64,
    },
    /// The body is not the one that was signed.
    #[error("expected a body with the SHA-256 {expected}, found one with {found}")]
    Body {
        /// What was signed.
        expected: String,
        /// What came.
        found: String,
    },
    /// The signature is by another account, or over another request.
    #[error("expected a signature of {expected} over this request, found another")]
    Signature {
        /// The account named.
        expected: Account,
    },
}

/// The text that is signed.
fn message(to: Gln, method: &str, path: &str, time: i64, digest: &str) -> String {
    format!("theriac/1\n{to}\n{method}\n{path}\n{time}\n{digest}")
}

/// Signs a request.
pub(crate) fn sign(
    signer: &Signer,
    to: Gln,
    method: &str,
    path: &str,
    time: i64,
    body: &[u8],
) -> SignedHeaders {
    let digest = hex::encode(Sha256::digest(body));
    let signature = signer.sign_message(message(to, method, path, time, &digest).as_bytes());
    SignedHeaders {
        account: signer.account().to_string(),
        time: time.to_string(),
        digest,
        signature: hex::encode(signature),
    }
}

impl SignedHeaders {
    /// Names and values, to be sent.
    pub(crate) fn list(&self) -> [(&'static str, &str); 4] {
        [
            (ACCOUNT_HEADER, &self.account),
            (TIME_HEADER, &self.time),
            (DIGEST_HEADER, &self.digest),
            (SIGNATURE_HEADER, &self.signature),
        ]
    }

    /// Whether `body` is the one that was signed.
    ///
    /// # Errors
    ///
    /// [`SignatureFault::Body`].
    pub(crate) fn covers(&self, body: &[u8]) -> Result<(), SignatureFault> {
        let found = hex::encode(Sha256::digest(body));
        if found == self.digest {
            return Ok(());
        }
        Err(SignatureFault::Body { expected: self.digest.chars().take(64).collect(), found })
    }

    /// The account that signed the request, which came at `now` (seconds since 1970). Whether the
    /// body is the one that was signed, [`covers`](Self::covers) tells.
    ///
    /// # Errors
    ///
    /// [`SignatureFault`].
    pub(crate) fn verify(
        &self,
        to: Gln,
        method: &str,
        path: &str,
        now: i64,
    ) -> Result<Account, SignatureFault> {
        let fault = |header, expected, found: &str| SignatureFault::Header {
            header,
            expected,
            found: found.chars().take(200).collect(),
        };
        let account: Account =
            self.account.parse().map_err(|_| fault(ACCOUNT_HEADER, "an account", &self.account))?;
        let time: i64 =
            self.time.parse().map_err(|_| fault(TIME_HEADER, "seconds since 1970", &self.time))?;
        let seconds = now.saturating_sub(time);
        if seconds.saturating_abs() > CLOCK_SKEW_SECONDS {
            return Err(SignatureFault::Time { seconds });
        }
        let mut signature = [0; 65];
        hex::decode_to_slice(&self.signature, &mut signature)
            .map_err(|_| fault(SIGNATURE_HEADER, "65 bytes in hexadecimal", &self.signature))?;
        let signed = message(to, method, path, time, &self.digest);
        match recover_message(signed.as_bytes(), &signature) {
            Ok(recovered) if recovered == account => Ok(account),
            _ => Err(SignatureFault::Signature { expected: account }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_very_request_is_signed() {
        let signer = Signer::random();
        let [to, another] =
            [952_123_500_001, 952_134_600_001].map(|body| Gln::from_body(body).unwrap());
        let headers = sign(&signer, to, "POST", "/a", 1_000, b"body");
        assert_eq!(headers.verify(to, "POST", "/a", 1_100), Ok(signer.account()));
        let wrong = SignatureFault::Signature { expected: signer.account() };
        assert_eq!(headers.verify(to, "POST", "/b", 1_000), Err(wrong.clone()));
        assert_eq!(headers.covers(b"body"), Ok(()));
        assert!(matches!(headers.covers(b"body."), Err(SignatureFault::Body { .. })));
        let swapped = SignedHeaders { digest: "00".repeat(32), ..headers.clone() };
        assert_eq!(swapped.verify(to, "POST", "/a", 1_000), Err(wrong.clone()));
        assert_eq!(
            headers.verify(to, "POST", "/a", 1_301),
            Err(SignatureFault::Time { seconds: 301 })
        );
        assert_eq!(headers.verify(another, "POST", "/a", 1_000), Err(wrong));
        let other = SignedHeaders { account: Signer::random().account().to_string(), ..headers };
        assert!(matches!(
            other.verify(to, "POST", "/a", 1_000),
            Err(SignatureFault::Signature { .. })
        ));
    }
}
