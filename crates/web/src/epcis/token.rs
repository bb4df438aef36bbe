//! Tokens of next pages: opaque, authenticated, bound to one query, good for a time.
//!
//! ```text
//! hex( version 1 | expires 8 | subject 16 | position … | tag 16 )
//! ```
//!
//! The tag is HMAC-SHA-256 under a key that lives as long as the service: nobody else makes a token,
//! and none says more than its holder may see.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::exception::{Exception, ExceptionKind};
use crate::limits::{PAGE_TOKEN_TIME_MAX, REVOKED_TOKENS_MAX};

const VERSION: u8 = 1;
const TAG_BYTES: usize = 16;
const SUBJECT_BYTES: usize = 16;
const HEAD_BYTES: usize = 1 + 8 + SUBJECT_BYTES;

/// What a token is good for: the hash of a query and the resource that it is asked of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject([u8; SUBJECT_BYTES]);

impl Subject {
    /// The subject of a resource and its query.
    pub fn of(resource: &str, query: &str) -> Self {
        let mut hasher = Sha256::new();
        hasher.update((resource.len() as u64).to_be_bytes());
        hasher.update(resource);
        hasher.update(query);
        let mut subject = [0; SUBJECT_BYTES];
        subject.copy_from_slice(&hasher.finalize()[..SUBJECT_BYTES]);
        Self(subject)
    }
}

/// Makes tokens and reads them back.
pub(crate) struct Tokens {
    key: [u8; 32],
    /// The tags of the latest tokens that were given back before their time.
    revoked: Mutex<VecDeque<[u8; TAG_BYTES]>>,
}

/// A token with the time until which it is good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) text: String,
    pub(crate) expires: Timestamp,
}

impl Tokens {
    /// With a key that nobody knows.
    pub(crate) fn new() -> Self {
        Self { key: rand::random(), revoked: Mutex::default() }
    }

    /// A token for what comes after `position`.
    pub(crate) fn issue(&self, subject: Subject, position: &[u8], now: Timestamp) -> Token {
        let expires = now.as_second().saturating_add(PAGE_TOKEN_TIME_MAX.as_secs());
        let expires = Timestamp::from_second(expires).unwrap_or(now);
        let mut bytes = vec![VERSION];
        bytes.extend_from_slice(&expires.as_second().to_be_bytes());
        bytes.extend_from_slice(&subject.0);
        bytes.extend_from_slice(position);
        let tag = self.tag(&bytes);
        bytes.extend_from_slice(&tag);
        Token { text: hex::encode(bytes), expires }
    }

    /// The position in a token.
    ///
    /// # Errors
    ///
    /// [`ExceptionKind::QueryParameter`] for what is no token of this service, has expired or was
    /// given back, or is another query's.
    pub(crate) fn read(
        &self,
        text: &str,
        subject: Subject,
        now: Timestamp,
    ) -> Result<Vec<u8>, Exception> {
        let (bytes, tag) = self
            .open(text)
            .ok_or_else(|| wrong("expected a nextPageToken of this node, found another text"))?;
        if self.revoked().contains(&tag) {
            return Err(wrong("expected a nextPageToken in force, found one that was given back"));
        }
        let mut expires = [0; 8];
        expires.copy_from_slice(&bytes[1..9]);
        if i64::from_be_bytes(expires) < now.as_second() {
            return Err(wrong("expected a nextPageToken in force, found one that has expired"));
        }
        if bytes[9..HEAD_BYTES] != subject.0 {
            return Err(wrong("expected the nextPageToken of this query, found another query's"));
        }
        Ok(bytes[HEAD_BYTES..].to_vec())
    }

    /// From now on the token is not taken; what is no token is none already.
    pub(crate) fn revoke(&self, text: &str) {
        let Some((_, tag)) = self.open(text) else { return };
        let mut revoked = self.revoked();
        if !revoked.contains(&tag) {
            if revoked.len() >= REVOKED_TOKENS_MAX {
                revoked.pop_front();
            }
            revoked.push_back(tag);
        }
    }

    fn revoked(&self) -> std::sync::MutexGuard<'_, VecDeque<[u8; TAG_BYTES]>> {
        self.revoked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The bytes of a token without its tag, and the tag, if this service made it.
    fn open(&self, text: &str) -> Option<(Vec<u8>, [u8; TAG_BYTES])> {
        let mut bytes = hex::decode(text).ok()?;
        let end = bytes.len().checked_sub(TAG_BYTES).filter(|end| *end >= HEAD_BYTES)?;
        let mut tag = [0; TAG_BYTES];
        tag.copy_from_slice(&bytes[end..]);
        bytes.truncate(end);
        self.mac(&bytes).verify_truncated_left(&tag).ok()?;
        (bytes[0] == VERSION).then_some((bytes, tag))
    }

    fn tag(&self, bytes: &[u8]) -> [u8; TAG_BYTES] {
        let mut tag = [0; TAG_BYTES];
        tag.copy_from_slice(&self.mac(bytes).finalize().into_bytes()[..TAG_BYTES]);
        tag
    }

    fn mac(&self, bytes: &[u8]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key)
            .expect("the key is taken, because HMAC takes keys of any length");
        mac.update(bytes);
        mac
    }
}

fn wrong(detail: &str) -> Exception {
    Exception::new(ExceptionKind::QueryParameter, detail)
        .with_hint("ask for the first page again, without nextPageToken")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_for_its_query_alone() {
        let (tokens, now) = (Tokens::new(), Timestamp::UNIX_EPOCH);
        let (one, other) = (Subject::of("/events", "{}"), Subject::of("/events", "{\"a\":1}"));
        let token = tokens.issue(one, b"here", now);
        assert_eq!(tokens.read(&token.text, one, now).unwrap(), b"here");
        assert!(tokens.read(&token.text, other, now).is_err());
        assert!(Tokens::new().read(&token.text, one, now).is_err());
        assert_ne!(Subject::of("/a", "bc"), Subject::of("/ab", "c"));
    }

    #[test]
    fn a_token_expires_and_can_be_given_back() {
        let (tokens, now) = (Tokens::new(), Timestamp::UNIX_EPOCH);
        let subject = Subject::of("/events", "{}");
        let token = tokens.issue(subject, b"", now);
        assert!(tokens.read(&token.text, subject, token.expires).is_ok());
        let later = token.expires.saturating_add(jiff::SignedDuration::from_secs(1)).unwrap();
        assert!(tokens.read(&token.text, subject, later).is_err());
        tokens.revoke("no token");
        tokens.revoke(&token.text);
        assert!(tokens.read(&token.text, subject, now).is_err());
    }

    #[test]
    fn no_altered_token_is_taken() {
        let (tokens, now) = (Tokens::new(), Timestamp::UNIX_EPOCH);
        let subject = Subject::of("/events", "{}");
        let text = tokens.issue(subject, b"here", now).text;
        for place in 0..text.len() {
            let mut altered = text.clone().into_bytes();
            altered[place] = if altered[place] == b'0' { b'1' } else { b'0' };
            let altered = String::from_utf8(altered).unwrap();
            assert!(tokens.read(&altered, subject, now).is_err(), "{place}");
        }
        for text in ["", "00", "ä", &text[..20]] {
            assert!(tokens.read(text, subject, now).is_err());
        }
    }
}
