//! The node's errors as problems.

use theriac_node::{ExchangeError, NodeError, RecallError, RegistryError, VerifyError};

use super::{Problem, ProblemCode};

impl From<NodeError> for Problem {
    fn from(error: NodeError) -> Self {
        Self::internal(&error)
    }
}

impl From<VerifyError> for Problem {
    fn from(error: VerifyError) -> Self {
        match error {
            VerifyError::Unreadable { reason, hint } => {
                Self::new(ProblemCode::CodeUnreadable, reason).with_hint(hint)
            }
            VerifyError::Node(error) => error.into(),
        }
    }
}

impl From<ExchangeError> for Problem {
    fn from(error: ExchangeError) -> Self {
        let code = match &error {
            ExchangeError::TooEarly => ProblemCode::TooEarly,
            ExchangeError::NotAMember => ProblemCode::NotAMember,
            ExchangeError::BadSignature => ProblemCode::SignatureWrong,
            ExchangeError::Rejected { .. } => ProblemCode::ShipmentRejected,
            ExchangeError::Node(error) => return Self::internal(error),
        };
        Self::new(code, error.to_string())
    }
}

impl From<RecallError> for Problem {
    fn from(error: RecallError) -> Self {
        Self::new(ProblemCode::RecallRefused, error.to_string())
    }
}

impl From<RegistryError> for Problem {
    fn from(error: RegistryError) -> Self {
        Self::new(ProblemCode::RegistryRefused, error.to_string())
    }
}
