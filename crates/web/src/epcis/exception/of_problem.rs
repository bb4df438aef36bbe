//! Theriac's own problems as exceptions of the standard: the one place that maps them.

use axum::http::StatusCode;

use super::{Exception, ExceptionKind};
use crate::problem::{Problem, ProblemCode};

impl From<Problem> for Exception {
    fn from(problem: Problem) -> Self {
        let kind = kind_of(problem.code);
        let status = StatusCode::from_u16(problem.status).unwrap_or(kind.status());
        let exception = Self::new(kind, problem.detail).with_status(status);
        match problem.hint {
            Some(hint) => exception.with_hint(hint),
            None => exception,
        }
    }
}

/// The exception of a problem. The standard has none for a method that a path does not take, for
/// slowness and for overload: those keep their HTTP status.
pub(super) fn kind_of(code: ProblemCode) -> ExceptionKind {
    use ExceptionKind as Kind;
    match code {
        ProblemCode::RouteUnknown
        | ProblemCode::CaptureUnknown
        | ProblemCode::InquiryUnknown
        | ProblemCode::NotProvable
        | ProblemCode::ProductNotHere
        | ProblemCode::RecallUnknown => Kind::NoSuchResource,
        ProblemCode::ParameterWrong => Kind::QueryParameter,
        ProblemCode::QueryTooLarge => Kind::QueryTooLarge,
        ProblemCode::BodyTooLarge => Kind::CaptureLimit,
        ProblemCode::MethodNotAllowed
        | ProblemCode::BodyWrong
        | ProblemCode::CaptureBroken
        | ProblemCode::CodeUnreadable
        | ProblemCode::MessageRejected
        | ProblemCode::InquiryRefused
        | ProblemCode::RecallRefused
        | ProblemCode::RecallOutstanding
        | ProblemCode::LedgerRefused => Kind::Validation,
        ProblemCode::NotLocal
        | ProblemCode::SignatureMissing
        | ProblemCode::SignatureWrong
        | ProblemCode::NotAuthorised
        | ProblemCode::RequesterUnknown
        | ProblemCode::QuestionsRefused
        | ProblemCode::TooManyQuestions => Kind::Security,
        ProblemCode::TooSlow
        | ProblemCode::Overloaded
        | ProblemCode::TooEarly
        | ProblemCode::LedgerUnreachable
        | ProblemCode::Internal => Kind::Implementation,
    }
}

/// An answer of a part below that tells its status alone.
pub(in crate::epcis) fn of_status(status: StatusCode) -> Exception {
    let kind = match status {
        StatusCode::NOT_FOUND => ExceptionKind::NoSuchResource,
        StatusCode::NOT_ACCEPTABLE => ExceptionKind::NotAcceptable,
        StatusCode::CONFLICT => ExceptionKind::AlreadyExists,
        StatusCode::PAYLOAD_TOO_LARGE => ExceptionKind::CaptureLimit,
        StatusCode::URI_TOO_LONG => ExceptionKind::UriTooLong,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => ExceptionKind::UnsupportedMediaType,
        status if status.is_client_error() => ExceptionKind::Validation,
        _ => ExceptionKind::Implementation,
    };
    let reason = status.canonical_reason().unwrap_or("the request failed");
    Exception::new(kind, reason).with_status(status)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_keeps_its_status_detail_and_hint() {
        for code in ProblemCode::ALL {
            let problem = Problem::new(*code, "what happened");
            let exception = Exception::from(problem.clone());
            assert_eq!(exception.status, problem.status);
            assert_eq!(exception.detail, "what happened");
            assert_eq!(exception.hint, problem.hint);
        }
    }
}
