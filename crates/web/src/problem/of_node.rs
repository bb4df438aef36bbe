//! The node's errors as problems.

use theriac_custody::lightweight::RequestError;
use theriac_node::{
    CaseError, CollectError, DocumentError, ExchangeError, FileError, LightweightError, LinkError,
    NodeError, PartnerError, ProveError, ResponderError, RotateKeysError, ShipmentError, Throttled,
    VerifyError,
};

use super::{Problem, ProblemCode, chain};

impl From<NodeError> for Problem {
    fn from(error: NodeError) -> Self {
        match &error {
            NodeError::Refused(reason) => Self::new(ProblemCode::LedgerRefused, reason),
            // It names contracts and chains, never a URL.
            NodeError::Connect(_) => Self::new(ProblemCode::LedgerUnreachable, error.to_string()),
            NodeError::Ledger(_)
            | NodeError::Logs(_)
            | NodeError::Read(_)
            | NodeError::Send(_)
            | NodeError::Simulate(_) => {
                // Its URL may hold a secret, so what the ledger said is not passed on.
                tracing::error!(error = %chain(&error), "the ledger does not answer");
                Self::new(ProblemCode::LedgerUnreachable, "the node's ledger does not answer")
            }
            _ => Self::internal(&error),
        }
    }
}

impl From<VerifyError> for Problem {
    fn from(error: VerifyError) -> Self {
        match error {
            VerifyError::Unreadable { reason, hint } => {
                Self::new(ProblemCode::CodeUnreadable, reason).with_hint(hint)
            }
            VerifyError::NotAnItem { found } => Self::new(
                ProblemCode::CodeUnreadable,
                format!("expected a code of one pack or logistic unit, found {found}"),
            )
            .with_hint("scan the 2D code with the serial number"),
            VerifyError::Node(error) => error.into(),
        }
    }
}

impl From<LightweightError> for Problem {
    fn from(error: LightweightError) -> Self {
        let code = match &error {
            LightweightError::Request(RequestError::NoSuchGtin { .. })
            | LightweightError::NotOurs { .. } => ProblemCode::ProductNotHere,
            LightweightError::Request(RequestError::NoSuchGln { .. })
            | LightweightError::UnknownRequester { .. }
            | LightweightError::NotSigned { .. } => ProblemCode::RequesterUnknown,
            LightweightError::NotTheSigner { .. } => ProblemCode::SignatureWrong,
            LightweightError::Request(_) => ProblemCode::ParameterWrong,
            LightweightError::NotAuthorised { .. } => ProblemCode::NotAuthorised,
            LightweightError::Throttled(_) | LightweightError::Node(_) => {
                ProblemCode::QuestionsRefused
            }
        };
        match error {
            LightweightError::Node(error) => error.into(),
            LightweightError::Throttled(throttled) => {
                Self::new(code, throttled.to_string()).with_retry_after(throttled.after_s)
            }
            error => Self::new(code, error.to_string()),
        }
    }
}

impl From<ResponderError> for Problem {
    fn from(error: ResponderError) -> Self {
        match error {
            ResponderError::Node(error) => error.into(),
            error => Self::new(ProblemCode::BodyWrong, error.to_string()),
        }
    }
}

impl From<LinkError> for Problem {
    fn from(error: LinkError) -> Self {
        match error {
            LinkError::Node(error) => error.into(),
            LinkError::NotOurs { .. } => Self::new(ProblemCode::ProductNotHere, error.to_string()),
            error => Self::new(ProblemCode::BodyWrong, error.to_string()),
        }
    }
}

impl From<Throttled> for Problem {
    fn from(throttled: Throttled) -> Self {
        Self::new(ProblemCode::TooManyQuestions, throttled.to_string())
            .with_retry_after(throttled.after_s)
    }
}

impl From<ProveError> for Problem {
    fn from(error: ProveError) -> Self {
        match error {
            ProveError::Verify(error) => error.into(),
            ProveError::NotProvable { .. } => {
                Self::new(ProblemCode::CodeUnreadable, error.to_string())
                    .with_hint("give the 2D code with the serial number, or an eventID")
            }
            ProveError::Collect(CollectError::Request(_)) | ProveError::Logs(_) => {
                tracing::error!(error = %chain(&error), "the ledger does not answer");
                Self::new(ProblemCode::LedgerUnreachable, "the node's ledger does not answer")
            }
            error => Self::new(ProblemCode::NotProvable, error.to_string()),
        }
    }
}

impl From<RotateKeysError> for Problem {
    fn from(error: RotateKeysError) -> Self {
        match error {
            RotateKeysError::Node(error) => error.into(),
            error => {
                tracing::error!(error = %chain(&error), "service keys cannot be written");
                Self::new(ProblemCode::Internal, error.to_string())
            }
        }
    }
}

impl From<ExchangeError> for Problem {
    fn from(error: ExchangeError) -> Self {
        let code = match &error {
            ExchangeError::Signature(_) => ProblemCode::SignatureWrong,
            ExchangeError::NotAuthorised { .. } => ProblemCode::NotAuthorised,
            ExchangeError::NotAMessage(_) => ProblemCode::BodyWrong,
            ExchangeError::SealAgain => ProblemCode::SealAgain,
            ExchangeError::Crowded(_) => ProblemCode::Overloaded,
            ExchangeError::TooEarly(_) | ExchangeError::Later(_) => ProblemCode::TooEarly,
            ExchangeError::Rejected(_) => ProblemCode::MessageRejected,
            ExchangeError::Node(_) => ProblemCode::Internal,
        };
        match error {
            ExchangeError::Node(error) => error.into(),
            error => Self::new(code, error.to_string()),
        }
    }
}

impl From<CaseError> for Problem {
    fn from(error: CaseError) -> Self {
        let code = match &error {
            CaseError::Unknown(_) | CaseError::NoSuchCase(_) => ProblemCode::CaseUnknown,
            CaseError::TooMuch { .. } | CaseError::Empty(_) | CaseError::Message(_) => {
                ProblemCode::BodyWrong
            }
            CaseError::NoContact => {
                return Self::new(ProblemCode::CaseRefused, error.to_string())
                    .with_hint("set contact.email in theriac.toml, and start the node again");
            }
            _ => ProblemCode::CaseRefused,
        };
        match error {
            CaseError::Code(error) => error.into(),
            CaseError::Node(error) => error.into(),
            error => Self::new(code, error.to_string()),
        }
    }
}

impl From<PartnerError> for Problem {
    fn from(error: PartnerError) -> Self {
        match error {
            PartnerError::Node(error) => error.into(),
            error => Self::new(ProblemCode::BodyWrong, error.to_string()),
        }
    }
}

impl From<ShipmentError> for Problem {
    fn from(error: ShipmentError) -> Self {
        match error {
            ShipmentError::Node(error) => error.into(),
            error => Self::new(ProblemCode::TradeUnknown, error.to_string()),
        }
    }
}

impl From<DocumentError> for Problem {
    fn from(error: DocumentError) -> Self {
        match error {
            DocumentError::Node(error) => error.into(),
            DocumentError::Shipment(error) => error.into(),
            error => Self::new(ProblemCode::ShipmentUntold, error.to_string()),
        }
    }
}

impl From<FileError> for Problem {
    fn from(error: FileError) -> Self {
        match error {
            FileError::Node(error) => error.into(),
            FileError::TooLarge { .. } => Self::new(ProblemCode::BodyTooLarge, error.to_string()),
            FileError::Unknown(_) => Self::new(ProblemCode::TradeUnknown, error.to_string()),
        }
    }
}
