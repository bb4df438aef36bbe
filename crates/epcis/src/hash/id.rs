//! Hash identifiers with other digests and of other versions of the CBV.

use sha2::{Digest, Sha256, Sha384, Sha512};

use super::{HashOptions, prehash_with};
use crate::event::Event;

/// The digest of a hash identifier (CBV 2.0, section 8.9, step 7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum HashAlgorithm {
    /// SHA-256.
    #[default]
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

/// The version of the CBV whose algorithm a hash identifier names.
///
/// The canonical text is the same in both: what 2.1 makes normative (times rounded half up to
/// milliseconds, the word `sensorElementList`, extensions beneath the field that they extend) is
/// how the published hashes of 2.0 were made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum CbvVersion {
    /// CBV 2.0.
    #[default]
    V20,
    /// CBV 2.1.
    V21,
}

/// The hash identifier of an event, such as `ni:///sha-512;…?ver=CBV2.1`.
///
/// With the defaults it is the text of [`event_hash_with`](crate::event_hash_with).
#[must_use]
pub fn event_hash_id(
    event: &Event,
    options: &HashOptions,
    algorithm: HashAlgorithm,
    version: CbvVersion,
) -> String {
    let text = prehash_with(event, options);
    let (name, digest) = match algorithm {
        HashAlgorithm::Sha256 => ("sha-256", hex::encode(Sha256::digest(text))),
        HashAlgorithm::Sha384 => ("sha-384", hex::encode(Sha384::digest(text))),
        HashAlgorithm::Sha512 => ("sha-512", hex::encode(Sha512::digest(text))),
    };
    let version = match version {
        CbvVersion::V20 => "CBV2.0",
        CbvVersion::V21 => "CBV2.1",
    };
    format!("ni:///{name};{digest}?ver={version}")
}
