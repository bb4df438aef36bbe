//! Signatures over HTTP requests between members: with the service key that the registry shows of the
//! member (Ed25519, RFC 8032, over sender, recipient, method, path, time and hash of the body).
//!
//! The hash of the body is a header, so that a stranger is turned away before its body is read.

use ring::signature::{ED25519, UnparsedPublicKey};
use sha2::{Digest, Sha256};
use theriac_custody::Hash;
use theriac_gs1::Gln;

use super::keys::ServiceKey;

/// Header with the GLN of the member that signs.
pub const MEMBER_HEADER: &str = "theriac-member";
/// Header with the time of signing, in seconds since 1970.
pub const TIME_HEADER: &str = "theriac-time";
/// Header with the SHA-256 of the body, in hexadecimal.
pub const DIGEST_HEADER: &str = "theriac-digest";
/// Header with the signature, 64 bytes in hexadecimal.
pub const SIGNATURE_HEADER: &str = "theriac-signature";

/// How far the clocks of two members may differ, in seconds.
const CLOCK_SKEW_SECONDS: i64 = 300;

/// The headers of a signed request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedHeaders {
    /// The GLN of the member that signs.
    pub member: String,
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
    /// The member has published no key yet, or this node has not followed the ledger that far.
    #[error("expected a service key of member {member} in the registry, found none")]
    NoKey {
        /// The member.
        member: Gln,
    },
    /// The signature is by another key, or over another request.
    #[error(
        "expected a signature of member {member} over this request with its key in the registry, found another"
    )]
    Signature {
        /// The member named.
        member: Gln,
    },
}

/// A request as it is signed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Signed<'a> {
    /// Who asks.
    pub(crate) from: Gln,
    /// Who is asked.
    pub(crate) to: Gln,
    /// The method.
    pub(crate) method: &'a str,
    /// The path with its query.
    pub(crate) path: &'a str,
    /// Seconds since 1970.
    pub(crate) time: i64,
}

impl Signed<'_> {
    /// The text that is signed.
    fn text(&self, digest: &str) -> String {
        let Self { from, to, method, path, time } = self;
        format!("theriac/1\n{from}\n{to}\n{method}\n{path}\n{time}\n{digest}")
    }

    /// Signs the request with its body.
    pub(crate) fn sign(&self, key: &ServiceKey, body: &[u8]) -> SignedHeaders {
        let digest = hex::encode(Sha256::digest(body));
        let signature = key.sign(self.text(&digest).as_bytes());
        SignedHeaders {
            member: self.from.to_string(),
            time: self.time.to_string(),
            digest,
            signature: hex::encode(signature),
        }
    }
}

impl SignedHeaders {
    /// Names and values, to be sent.
    pub(crate) fn list(&self) -> [(&'static str, &str); 4] {
        [
            (MEMBER_HEADER, &self.member),
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

    /// The member that the request says to be of.
    ///
    /// # Errors
    ///
    /// [`SignatureFault::Header`].
    pub(crate) fn member(&self) -> Result<Gln, SignatureFault> {
        self.member.parse().map_err(|_| fault(MEMBER_HEADER, "a GLN", &self.member))
    }

    /// When the request was signed: within some minutes of `now` (seconds since 1970).
    ///
    /// # Errors
    ///
    /// [`SignatureFault::Header`], [`SignatureFault::Time`].
    pub(crate) fn time(&self, now: i64) -> Result<i64, SignatureFault> {
        let time: i64 =
            self.time.parse().map_err(|_| fault(TIME_HEADER, "seconds since 1970", &self.time))?;
        let seconds = now.saturating_sub(time);
        if seconds.saturating_abs() > CLOCK_SKEW_SECONDS {
            return Err(SignatureFault::Time { seconds });
        }
        Ok(time)
    }

    /// Whether the request was signed with `key`. Whether the body is the one that was signed,
    /// [`covers`](Self::covers) tells.
    ///
    /// # Errors
    ///
    /// [`SignatureFault::Header`], [`SignatureFault::Signature`].
    pub(crate) fn verify(&self, key: &Hash, request: Signed<'_>) -> Result<(), SignatureFault> {
        let mut signature = [0; 64];
        hex::decode_to_slice(&self.signature, &mut signature)
            .map_err(|_| fault(SIGNATURE_HEADER, "64 bytes in hexadecimal", &self.signature))?;
        let text = request.text(&self.digest);
        UnparsedPublicKey::new(&ED25519, key.0)
            .verify(text.as_bytes(), &signature)
            .map_err(|_| SignatureFault::Signature { member: request.from })
    }
}

fn fault(header: &'static str, expected: &'static str, found: &str) -> SignatureFault {
    SignatureFault::Header { header, expected, found: found.chars().take(200).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::keys::ServiceKeys;
    use crate::folder::NodeFolder;

    #[test]
    fn only_the_very_request_is_signed() {
        let dir = tempfile::tempdir().unwrap();
        let folder = NodeFolder::at(dir.path().join("node"));
        folder.create().unwrap();
        let keys = ServiceKeys::open(&folder, &[7; 32]).unwrap();
        let key = keys.current();
        let [from, to, another] = [952_123_500_001, 952_134_600_001, 952_134_700_001]
            .map(|body| Gln::from_body(body).unwrap());
        let request = Signed { from, to, method: "POST", path: "/a", time: 1_000 };
        let headers = request.sign(&key, b"body");
        let public = key.signing();
        assert_eq!(headers.member(), Ok(from));
        assert_eq!(headers.verify(&public, request), Ok(()));
        let wrong = Err(SignatureFault::Signature { member: from });
        assert_eq!(headers.verify(&public, Signed { path: "/b", ..request }), wrong);
        assert_eq!(headers.verify(&public, Signed { method: "GET", ..request }), wrong);
        assert_eq!(headers.verify(&public, Signed { to: another, ..request }), wrong);
        assert_eq!(headers.verify(&public, Signed { time: 1_001, ..request }), wrong);
        assert_eq!(headers.verify(&keys.rotate().unwrap().signing(), request), wrong);
        let stolen = Signed { from: another, ..request };
        let theft = Err(SignatureFault::Signature { member: another });
        assert_eq!(headers.verify(&public, stolen), theft);
        assert_eq!(headers.covers(b"body"), Ok(()));
        assert!(matches!(headers.covers(b"body."), Err(SignatureFault::Body { .. })));
        let swapped = SignedHeaders { digest: "00".repeat(32), ..headers.clone() };
        assert_eq!(swapped.verify(&public, request), wrong);
        assert_eq!(headers.time(1_300), Ok(1_000));
        assert_eq!(headers.time(1_301), Err(SignatureFault::Time { seconds: 301 }));
        let late = SignedHeaders { time: i64::MIN.to_string(), ..headers };
        assert!(late.time(i64::MAX).is_err());
    }
}
