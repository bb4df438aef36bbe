//! The envelope of a message: its name, its kind, its subject and what it says.
//!
//! ```text
//! "theriac1" ‖ message id (16) ‖ kind (1) ‖ 0 or 1 ‖ subject (0 or 32) ‖ body
//! ```

use theriac_custody::Hash;
use theriac_store::{DeliveryKind, MessageId};

use super::ExchangeError;

/// How an envelope begins.
const MAGIC: &[u8; 8] = b"theriac1";

/// What is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// What the sender calls it.
    pub message: MessageId,
    /// What it carries.
    pub kind: DeliveryKind,
    /// What it is about.
    pub subject: Option<Hash>,
    /// What it says, in JSON.
    pub body: Vec<u8>,
}

impl Envelope {
    /// The bytes that are sent.
    pub(crate) fn write(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.body.len() + 64);
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&self.message.0);
        bytes.push(self.kind as u8);
        bytes.push(u8::from(self.subject.is_some()));
        bytes.extend(self.subject.iter().flat_map(|subject| subject.0));
        bytes.extend_from_slice(&self.body);
        bytes
    }

    /// The envelope in `bytes`.
    ///
    /// # Errors
    ///
    /// [`ExchangeError::NotAMessage`].
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, ExchangeError> {
        let short = || ExchangeError::NotAMessage("it ends too early".to_owned());
        let rest = bytes.strip_prefix(MAGIC).ok_or_else(|| {
            ExchangeError::NotAMessage("it does not begin as an envelope".to_owned())
        })?;
        let (message, rest) = rest.split_first_chunk::<16>().ok_or_else(short)?;
        let ([kind, about], rest) = rest.split_first_chunk::<2>().ok_or_else(short)?;
        let kind = kind_of(*kind)?;
        let (subject, body) = match about {
            0 => (None, rest),
            _ => {
                let (subject, rest) = rest.split_first_chunk::<32>().ok_or_else(short)?;
                (Some(Hash(*subject)), rest)
            }
        };
        Ok(Self { message: MessageId(*message), kind, subject, body: body.to_vec() })
    }
}

fn kind_of(number: u8) -> Result<DeliveryKind, ExchangeError> {
    let found = DeliveryKind::ALL.iter().copied().find(|kind| *kind as u8 == number);
    found.ok_or_else(|| ExchangeError::NotAMessage(format!("its kind is the unknown {number}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_envelope_is_read_as_it_was_written() {
        for subject in [None, Some(Hash([7; 32]))] {
            let envelope = Envelope {
                message: MessageId([3; 16]),
                kind: DeliveryKind::Recall,
                subject,
                body: b"{}".to_vec(),
            };
            let bytes = envelope.write();
            assert_eq!(Envelope::read(&bytes).unwrap(), envelope);
            for end in 0..bytes.len() - 2 {
                assert!(Envelope::read(&bytes[..end]).is_err(), "{end}");
            }
        }
        assert!(Envelope::read(&[0; 100]).is_err());
    }
}
