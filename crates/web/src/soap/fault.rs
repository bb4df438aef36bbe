//! Why a request was not done, as a SOAP `Fault`.

use axum::http::StatusCode;
use theriac_node::{NodeError, QueryFailure};
use theriac_query::QueryError;

use super::envelope::{Dialect, SoapVersion};
use super::exception::SoapException;
use super::markup::{leaf, push_text};
use super::tree::TreeError;
use crate::problem::{Problem, ProblemCode};

/// Whose fault it is (SOAP 1.1, section 4.4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FaultCode {
    /// The envelope is of no version of SOAP that is spoken here.
    VersionMismatch,
    /// A header must be understood, and is not.
    MustUnderstand,
    /// The client's.
    Client,
    /// The node's.
    Server,
}

/// Why a request was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) code: FaultCode,
    /// The exception of the standard; none for what concerns SOAP alone.
    pub(super) exception: Option<SoapException>,
    /// What happened this time.
    pub(super) reason: String,
    query_name: Option<String>,
    /// Where HTTP says more than SOAP does.
    status: Option<StatusCode>,
}

impl Fault {
    /// An exception of the standard.
    pub(super) fn new(exception: SoapException, reason: impl Into<String>) -> Self {
        let code = match exception {
            SoapException::Implementation => FaultCode::Server,
            _ => FaultCode::Client,
        };
        let reason = reason.into();
        Self { code, exception: Some(exception), reason, query_name: None, status: None }
    }

    /// A fault of the envelope, which has no detail (SOAP 1.1, section 4.4).
    pub(super) fn of_envelope(code: FaultCode, reason: impl Into<String>) -> Self {
        Self { code, exception: None, ..Self::new(SoapException::Validation, reason) }
    }

    /// A message that is not as the standard has it.
    pub(super) fn invalid(reason: impl Into<String>) -> Self {
        Self::new(SoapException::Validation, reason)
    }

    /// What HTTP says of it.
    pub(super) fn with_status(mut self, status: StatusCode) -> Self {
        self.status = Some(status);
        self
    }

    /// Names the query that failed.
    pub(super) fn of_query(mut self, name: &str) -> Self {
        self.query_name = Some(name.to_owned());
        self
    }

    /// The HTTP status.
    pub(super) fn status(&self, version: SoapVersion) -> StatusCode {
        self.status.unwrap_or(match (version, self.code) {
            (SoapVersion::V1_2, FaultCode::Client) => StatusCode::BAD_REQUEST,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        })
    }

    /// The element `Fault` with the prefix `soap`.
    pub(super) fn write(&self, out: &mut String, version: SoapVersion, dialect: Dialect) {
        out.push_str("<soap:Fault>");
        let code = self.code_in(version);
        let detail = match version {
            SoapVersion::V1_1 => {
                leaf(out, "faultcode", code);
                leaf(out, "faultstring", &self.reason);
                "detail"
            }
            SoapVersion::V1_2 => {
                out.push_str("<soap:Code>");
                leaf(out, "soap:Value", code);
                out.push_str("</soap:Code><soap:Reason><soap:Text xml:lang=\"en\">");
                push_text(out, &self.reason);
                out.push_str("</soap:Text></soap:Reason>");
                "soap:Detail"
            }
        };
        if let Some(exception) = self.exception {
            out.push_str(&format!("<{detail}>"));
            self.write_exception(out, exception, dialect);
            out.push_str(&format!("</{detail}>"));
        }
        out.push_str("</soap:Fault>");
    }

    fn code_in(&self, version: SoapVersion) -> &'static str {
        match (self.code, version) {
            (FaultCode::VersionMismatch, _) => "soap:VersionMismatch",
            (FaultCode::MustUnderstand, _) => "soap:MustUnderstand",
            (FaultCode::Client, SoapVersion::V1_1) => "soap:Client",
            (FaultCode::Client, SoapVersion::V1_2) => "soap:Sender",
            (FaultCode::Server, SoapVersion::V1_1) => "soap:Server",
            (FaultCode::Server, SoapVersion::V1_2) => "soap:Receiver",
        }
    }

    /// The exception; only two of them tell the query.
    fn write_exception(&self, out: &mut String, exception: SoapException, dialect: Dialect) {
        let (word, namespace) = (exception.word(), dialect.namespace());
        out.push_str(&format!("<epcisq:{word} xmlns:epcisq=\"{namespace}\">"));
        leaf(out, "reason", &self.reason);
        if exception == SoapException::Implementation {
            leaf(out, "severity", "ERROR");
        }
        let tells_query =
            matches!(exception, SoapException::Implementation | SoapException::QueryTooLarge);
        if let Some(name) = self.query_name.as_ref().filter(|_| tells_query) {
            leaf(out, "queryName", name);
        }
        out.push_str(&format!("</epcisq:{word}>"));
    }
}

impl From<TreeError> for Fault {
    fn from(error: TreeError) -> Self {
        let status = match error {
            TreeError::TooMuch { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            _ => StatusCode::BAD_REQUEST,
        };
        Self::invalid(error.to_string()).with_status(status)
    }
}

impl From<Problem> for Fault {
    fn from(problem: Problem) -> Self {
        let exception = match problem.code {
            ProblemCode::NotLocal
            | ProblemCode::SignatureMissing
            | ProblemCode::SignatureWrong
            | ProblemCode::NotAuthorised => SoapException::Security,
            ProblemCode::TooSlow
            | ProblemCode::Overloaded
            | ProblemCode::SealAgain
            | ProblemCode::TooEarly
            | ProblemCode::LedgerRefused
            | ProblemCode::LedgerUnreachable
            | ProblemCode::Internal => SoapException::Implementation,
            _ => SoapException::Validation,
        };
        let status = StatusCode::from_u16(problem.status);
        Self::new(exception, problem.detail)
            .with_status(status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR))
    }
}

impl From<NodeError> for Fault {
    fn from(error: NodeError) -> Self {
        Problem::from(error).into()
    }
}

impl From<QueryError> for Fault {
    fn from(error: QueryError) -> Self {
        QueryFailure::from(error).into()
    }
}

impl From<QueryFailure> for Fault {
    fn from(failure: QueryFailure) -> Self {
        let complex = failure.is_too_complex();
        match failure {
            QueryFailure::Node(error) => error.into(),
            failure if complex => Self::new(SoapException::QueryTooComplex, failure.to_string()),
            QueryFailure::TooLarge { .. } => {
                Self::new(SoapException::QueryTooLarge, failure.to_string())
            }
            failure => Self::new(SoapException::QueryParameter, failure.to_string()),
        }
    }
}
