//! Answers: the JSON of status 200.

use serde::{Deserialize, Deserializer, Serialize};
use theriac_gs1::Gln;

use super::uuid::CorrUuid;

/// The answer to a verification request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerifyAnswer {
    /// When the request was judged: RFC 3339, with its distance from UTC.
    #[serde(rename = "verificationTimestamp")]
    pub timestamp: String,
    /// Who answers: 13 digits. Those of a foreign responder are not checked further.
    #[serde(rename = "responderGLN")]
    pub responder: String,
    /// That of the request.
    #[serde(rename = "corrUUID")]
    pub correlation: CorrUuid,
    /// What it says.
    pub data: AnswerData,
}

/// What an answer says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerData {
    /// Whether the data of the request are those of a pack that the labeler made; not whether it is
    /// fit for sale.
    pub verified: bool,
    /// Why not.
    #[serde(
        rename = "verificationFailureReason",
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "known_word"
    )]
    pub reason: Option<FailureReason>,
    /// What else is to be known.
    #[serde(
        rename = "additionalInfo",
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "known_word"
    )]
    pub info: Option<AdditionalInfo>,
}

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+ })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word in the answer.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl KnownWord for $name {
            fn of(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.word() == word)
            }
        }
    )+};
}

/// A list of words that others may add to.
trait KnownWord: Sized {
    fn of(word: &str) -> Option<Self>;
}

words! {
    /// Why a pack is not verified.
    FailureReason {
        /// No pack has this GTIN and serial number.
        NoMatchSerial = "No_match_GTIN_Serial",
        /// The pack has another lot and another expiry.
        NoMatchLotExpiry = "No_match_GTIN_Serial_Lot_Expiry",
        /// The pack has another lot.
        NoMatchLot = "No_match_GTIN_Serial_Lot",
        /// The pack has another expiry.
        NoMatchExpiry = "No_match_GTIN_Serial_Expiry",
        /// The labeler does not say.
        NoReason = "No_reason_provided",
        /// The labeler does not say yes to packs in this state (GS1 US).
        ManufacturerPolicy = "Manufacturer_policy",
        /// It must not be sold again (GS1 US).
        NotForRedistribution = "Not_for_re-distribution",
    }
    /// What else is to be known of a pack.
    AdditionalInfo {
        /// It is recalled.
        Recalled = "Recalled",
        /// It is suspect.
        Suspect = "Suspect",
        /// It has expired (GS1 US).
        Expired = "Expired",
        /// Its expiry was extended; read, not written (GS1 US R1.3).
        ExpirationExtended = "ExpirationExtended",
        /// It is illegitimate; read, not written (GS1 US R1.3).
        Illegitimate = "Illegitimate",
    }
}

/// A word of the list; null, empty text and words of later versions count as none.
fn known_word<'de, D: Deserializer<'de>, T: KnownWord>(input: D) -> Result<Option<T>, D::Error> {
    Ok(Option::<String>::deserialize(input)?.and_then(|word| T::of(&word)))
}

/// Why an answer with status 200 cannot be used; the responder's fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// It is not the JSON of the standard.
    #[error("expected the JSON of a verification answer, found something else: {reason}")]
    NotAnAnswer {
        /// What is wrong, where.
        reason: String,
    },
    /// It answers another request.
    #[error("expected the corrUUID {expected}, found {found}")]
    AnotherRequest {
        /// That of the request.
        expected: CorrUuid,
        /// That of the answer.
        found: CorrUuid,
    },
    /// The responder is not named.
    #[error("expected 13 digits in responderGLN, found {found:?}")]
    Responder {
        /// What is there, cut to 40 characters.
        found: String,
    },
    /// It says yes and why not.
    #[error("expected no verificationFailureReason beside verified: true, found {}", found.word())]
    YesAndNo {
        /// The reason.
        found: FailureReason,
    },
}

impl AnswerData {
    /// The data match.
    pub const VERIFIED: Self = Self { verified: true, reason: None, info: None };

    /// Not verified.
    #[must_use]
    pub const fn failed(reason: FailureReason, info: Option<AdditionalInfo>) -> Self {
        Self { verified: false, reason: Some(reason), info }
    }
}

impl VerifyAnswer {
    /// Reads an answer to the request with this `corrUUID`.
    ///
    /// # Errors
    ///
    /// [`AnswerError`].
    pub fn read(bytes: &[u8], expected: &CorrUuid) -> Result<Self, AnswerError> {
        let mut answer: Self = serde_json::from_slice(bytes)
            .map_err(|error| AnswerError::NotAnAnswer { reason: error.to_string() })?;
        if !answer.correlation.is_same(expected) {
            let (expected, found) = (expected.clone(), answer.correlation);
            return Err(AnswerError::AnotherRequest { expected, found });
        }
        check_responder(&answer.responder)?;
        match (answer.data.verified, answer.data.reason) {
            (true, Some(found)) => return Err(AnswerError::YesAndNo { found }),
            // A reason that this list does not have, or none.
            (false, None) => answer.data.reason = Some(FailureReason::NoReason),
            _ => {}
        }
        Ok(answer)
    }
}

/// The answer to a connectivity request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectivityAnswer {
    /// Who answers: 13 digits.
    #[serde(rename = "responderGLN")]
    pub responder: String,
}

impl ConnectivityAnswer {
    /// The answer of the responder `gln`.
    #[must_use]
    pub fn of(gln: Gln) -> Self {
        Self { responder: gln.to_string() }
    }

    /// Reads an answer.
    ///
    /// # Errors
    ///
    /// [`AnswerError`].
    pub fn read(bytes: &[u8]) -> Result<Self, AnswerError> {
        let answer: Self = serde_json::from_slice(bytes)
            .map_err(|error| AnswerError::NotAnAnswer { reason: error.to_string() })?;
        check_responder(&answer.responder)?;
        Ok(answer)
    }
}

fn check_responder(found: &str) -> Result<(), AnswerError> {
    if found.len() == Gln::DIGITS && found.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(());
    }
    Err(AnswerError::Responder { found: found.chars().take(40).collect() })
}
