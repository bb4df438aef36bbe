//! GS1 Lightweight Messaging Standard for Verification of Product Identifiers 1.1: the request, the
//! answer, and what a labeler answers by which policy.
//!
//! ```text
//!  GET {base}/verify/gtin/{gtin}/lot/{lot}/ser/{ser}?exp=…&reqGLN=…&corrUUID=…
//!      │ VerifyRequest::read          400 with the reason, or a request whose values are typed
//!      │ judge(request, record, …)    scenarios A to E
//!      ▼
//!  {"verificationTimestamp":…,"responderGLN":…,"corrUUID":…,"data":{"verified":…}}
//! ```
//!
//! # Invariants
//!
//! - What a foreign answer says is believed only if it carries the request's `corrUUID`.
//! - `verificationFailureReason` is written if and only if `verified` is false; nothing is written as
//!   null or as empty text.

mod answer;
mod judge;
mod parameters;
mod request;
mod uuid;
mod verdict;

pub use answer::{
    AdditionalInfo, AnswerData, AnswerError, ConnectivityAnswer, FailureReason, VerifyAnswer,
};
pub use judge::judge;
pub use request::{ConnectivityRequest, PathForm, RequestError, VerifyRequest};
pub use uuid::{CorrUuid, UuidError};
pub use verdict::verdict;

/// The `linkType` of a verification request.
pub const LINK_TYPE: &str = "verificationService";

/// The `context` of a request about a saleable return under the US DSCSA.
pub const SALEABLE_RETURN: &str = "dscsaSaleableReturn";
