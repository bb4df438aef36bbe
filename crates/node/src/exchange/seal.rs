//! Sealing: what a message says can be read by its recipient only (HPKE, RFC 9180, base mode, with
//! DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and ChaCha20Poly1305). Who sent it, the signature of the
//! request tells.
//!
//! ```text
//! "theriac1" ‖ message id (16) ‖ first bytes of the recipient's key (8) ‖ encapsulated key (32) ‖ chunks
//! chunk     ≤ 64 KiB of the content and a tag (16); all but the last are of full length
//! content   kind (1) ‖ 0 or 1 ‖ subject (0 or 32) ‖ body, compressed with DEFLATE (RFC 1951)
//! info      "theriac/1" ‖ sender's GLN ‖ recipient's GLN ‖ message id
//! aad       1 for the last chunk, else 0
//! ```
//!
//! # Invariants
//!
//! - Chunks cannot be left out, repeated or swapped: each has the next nonce, and the last says that it
//!   is.
//! - What is opened is never larger than [`OPENED_BYTES_MAX`].

use std::io::{Read, Write};
use std::sync::Arc;

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable, setup_receiver, setup_sender};
use theriac_custody::Hash;
use theriac_gs1::Gln;
use theriac_store::{DeliveryKind, MessageId};

use super::keys::ServiceKey;
use super::{Envelope, ExchangeError};

/// How a message begins.
const MAGIC: &[u8; 8] = b"theriac1";

/// Bytes of a chunk of the content.
const CHUNK_BYTES: usize = 64 << 10;

/// Bytes that a tag adds to a chunk.
const TAG_BYTES: usize = 16;

/// Largest body of a message, in bytes.
pub(super) const OPENED_BYTES_MAX: usize = 256 << 20;

/// The two ends of a message.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ends {
    /// Who sends it.
    pub(super) from: Gln,
    /// Who may read it.
    pub(super) to: Gln,
}

impl Ends {
    /// What binds a seal to sender, recipient and message.
    fn info(self, message: MessageId) -> Vec<u8> {
        let names = format!("theriac/1{}{}", self.from, self.to);
        [names.as_bytes(), &message.0].concat()
    }
}

/// A key to which nothing can be sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected a sealing key (X25519) in the registry, found {key}, which is none")]
pub struct NotAKey {
    /// The key.
    key: Hash,
}

/// Seals a message to the recipient's key.
///
/// # Errors
///
/// [`NotAKey`].
pub(super) fn seal(envelope: &Envelope, ends: Ends, key: &Hash) -> Result<Vec<u8>, NotAKey> {
    let not_a_key = |_| NotAKey { key: *key };
    let public = <X25519HkdfSha256 as Kem>::PublicKey::from_bytes(&key.0).map_err(not_a_key)?;
    let info = ends.info(envelope.message);
    let (encapsulated, mut context) =
        setup_sender::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
            &OpModeS::Base,
            &public,
            &info,
        )
        .map_err(not_a_key)?;
    let content = content(envelope);
    let mut sealed = Vec::with_capacity(content.len() + content.len() / 1_000 + 128);
    sealed.extend_from_slice(MAGIC);
    sealed.extend_from_slice(&envelope.message.0);
    sealed.extend_from_slice(&key.0[..8]);
    sealed.extend_from_slice(&encapsulated.to_bytes());
    let last = content.len().div_ceil(CHUNK_BYTES) - 1;
    for (number, chunk) in content.chunks(CHUNK_BYTES).enumerate() {
        let aad = [u8::from(number == last)];
        sealed.extend(context.seal(chunk, &aad).map_err(not_a_key)?);
    }
    Ok(sealed)
}

/// Kind and subject, then the compressed body; never empty.
fn content(envelope: &Envelope) -> Vec<u8> {
    let mut content = vec![envelope.kind as u8, u8::from(envelope.subject.is_some())];
    content.extend(envelope.subject.iter().flat_map(|subject| subject.0));
    let mut encoder = DeflateEncoder::new(content, Compression::fast());
    let written = encoder.write_all(&envelope.body).and_then(|()| encoder.finish());
    written.expect("memory takes all because it is no file")
}

/// Opens a message with the one of `keys` to which it is sealed.
///
/// # Errors
///
/// [`ExchangeError::SealAgain`] for one to a key that is not here;
/// [`ExchangeError::NotAMessage`] for one that is not whole.
pub(super) fn open(
    bytes: &[u8],
    ends: Ends,
    keys: &[Arc<ServiceKey>],
) -> Result<Envelope, ExchangeError> {
    let rest = bytes.strip_prefix(MAGIC).ok_or_else(|| wrong("it does not begin as one"))?;
    let (message, rest) = split::<16>(rest)?;
    let (name, rest) = split::<8>(rest)?;
    let (encapsulated, sealed) = split::<32>(rest)?;
    let key = keys.iter().find(|key| key.sealing().0.starts_with(name));
    let key = key.ok_or(ExchangeError::SealAgain)?;
    let message = MessageId(*message);
    let encapsulated = <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(encapsulated)
        .map_err(|_| wrong("its encapsulated key is none"))?;
    let mut context = setup_receiver::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &OpModeR::Base,
        key.opening(),
        &encapsulated,
        &ends.info(message),
    )
    .map_err(|_| wrong("its seal does not open"))?;
    let chunks = sealed.chunks(CHUNK_BYTES + TAG_BYTES);
    let mut left = chunks.len();
    let mut content = Vec::with_capacity(sealed.len());
    for chunk in chunks {
        left -= 1;
        let opened = context.open(chunk, &[u8::from(left == 0)]);
        content.extend(opened.map_err(|_| wrong("its seal does not open"))?);
    }
    read(message, &content)
}

/// The message in an opened content.
fn read(message: MessageId, content: &[u8]) -> Result<Envelope, ExchangeError> {
    let ([kind, about], rest) = split::<2>(content)?;
    let known = DeliveryKind::ALL.iter().copied().find(|known| *known as u8 == *kind);
    let kind = known.ok_or_else(|| wrong(&format!("its kind is the unknown {kind}")))?;
    let (subject, compressed) = match about {
        0 => (None, rest),
        1 => split::<32>(rest).map(|(subject, rest)| (Some(Hash(*subject)), rest))?,
        _ => return Err(wrong("it does not say whether it has a subject")),
    };
    let mut body = Vec::new();
    let mut decoder = DeflateDecoder::new(compressed).take(OPENED_BYTES_MAX as u64 + 1);
    decoder.read_to_end(&mut body).map_err(|_| wrong("its body cannot be decompressed"))?;
    if body.len() > OPENED_BYTES_MAX {
        return Err(wrong(&format!("its body has more than {OPENED_BYTES_MAX} bytes")));
    }
    Ok(Envelope { message, kind, subject, body })
}

fn split<const N: usize>(bytes: &[u8]) -> Result<(&[u8; N], &[u8]), ExchangeError> {
    bytes.split_first_chunk().ok_or_else(|| wrong("it ends too early"))
}

fn wrong(what: &str) -> ExchangeError {
    ExchangeError::NotAMessage(what.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::keys::ServiceKeys;
    use crate::folder::NodeFolder;

    fn keys() -> (tempfile::TempDir, ServiceKeys) {
        let dir = tempfile::tempdir().unwrap();
        let folder = NodeFolder::at(dir.path().join("node"));
        folder.create().unwrap();
        let keys = ServiceKeys::open(&folder, &[7; 32]).unwrap();
        (dir, keys)
    }

    fn ends() -> Ends {
        let [from, to] = [952_123_500_001, 952_134_600_001].map(|n| Gln::from_body(n).unwrap());
        Ends { from, to }
    }

    fn envelope(body: Vec<u8>) -> Envelope {
        let (message, kind) = (MessageId([3; 16]), DeliveryKind::Recall);
        Envelope { message, kind, subject: Some(Hash([7; 32])), body }
    }

    /// Bytes that do not compress.
    fn noise(length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        rand::fill(&mut bytes[..]);
        bytes
    }

    #[test]
    fn a_message_of_any_length_opens_as_it_was_sealed() {
        let (_dir, keys) = keys();
        for length in [0, 1, CHUNK_BYTES - 40, CHUNK_BYTES, 3 * CHUNK_BYTES + 17] {
            let envelope = Envelope { subject: None, ..envelope(noise(length)) };
            let sealed = seal(&envelope, ends(), &keys.current().sealing()).unwrap();
            assert_eq!(open(&sealed, ends(), &keys.all()).unwrap(), envelope, "{length}");
        }
        let long = envelope(b"the same again ".repeat(100_000));
        let sealed = seal(&long, ends(), &keys.current().sealing()).unwrap();
        assert!(sealed.len() < 50_000, "compressed: {}", sealed.len());
        assert_eq!(open(&sealed, ends(), &keys.all()).unwrap(), long);
    }

    #[test]
    fn a_message_is_for_its_ends_and_whole() {
        let (_dir, keys) = keys();
        let sealed = seal(&envelope(noise(2 * CHUNK_BYTES)), ends(), &keys.current().sealing());
        let sealed = sealed.unwrap();
        let opened = |bytes: &[u8], ends| open(bytes, ends, &keys.all());
        let Ends { from, to } = ends();
        assert!(opened(&sealed, Ends { from: to, to: from }).is_err(), "the other way round");
        for index in [0, 8, 24, 32, 64, 70, sealed.len() - 1] {
            let mut changed = sealed.clone();
            changed[index] ^= 1;
            assert!(opened(&changed, ends()).is_err(), "byte {index}");
        }
        let chunk = CHUNK_BYTES + TAG_BYTES;
        let head = 64;
        for end in [0, 8, head, head + 20, head + chunk, head + 2 * chunk] {
            assert!(opened(&sealed[..end], ends()).is_err(), "{end} bytes of it");
        }
        let mut swapped = sealed.clone();
        swapped[head..head + chunk].copy_from_slice(&sealed[head + chunk..head + 2 * chunk]);
        assert!(opened(&swapped, ends()).is_err(), "a chunk twice");
    }

    #[test]
    fn an_old_key_opens_and_a_foreign_one_is_sealed_again() {
        let (_dir, keys) = keys();
        let (_other_dir, others) = self::keys();
        let old = keys.current().sealing();
        keys.rotate().unwrap();
        let sealed = seal(&envelope(vec![1]), ends(), &old).unwrap();
        assert_eq!(open(&sealed, ends(), &keys.all()).unwrap(), envelope(vec![1]));
        others.rotate().unwrap();
        let lost = open(&sealed, ends(), &others.all()[..1]).unwrap_err();
        assert!(matches!(lost, ExchangeError::SealAgain), "{lost}");
        let none = seal(&envelope(vec![1]), ends(), &Hash::ZERO);
        assert!(none.is_err(), "a point of no use");
    }

    #[test]
    fn a_bomb_is_not_unpacked() {
        let (_dir, keys) = keys();
        let bomb = envelope(vec![0; OPENED_BYTES_MAX + 1]);
        let sealed = seal(&bomb, ends(), &keys.current().sealing()).unwrap();
        let found = open(&sealed, ends(), &keys.all()).unwrap_err().to_string();
        assert!(found.contains("more than"), "{found}");
    }
}
