//! Why a query is refused.

use thiserror::Error;

/// Which exception of the standard an error is (EPCIS 2.0, section 8.2.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum QueryFault {
    /// `QueryParameterException`: a parameter is unknown, of the wrong type, or at odds with another.
    Parameter,
    /// `QueryTooComplexException`: the query is beyond what is answered.
    TooComplex,
}

/// Why a query is refused: always the asker's fault.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum QueryError {
    /// The standard has no such parameter.
    #[error("expected a parameter of {query}, found {parameter:?}")]
    Unknown {
        /// The name of the query.
        query: &'static str,
        /// The parameter.
        parameter: String,
    },
    /// A value has the wrong type or form.
    #[error("parameter {parameter:?}: expected {expected}, found {found}")]
    Value {
        /// The parameter.
        parameter: String,
        /// What would have been right.
        expected: &'static str,
        /// What was found.
        found: String,
    },
    /// A parameter that the query cannot do without is missing.
    #[error("expected parameter {parameter:?}{because}, found none")]
    Missing {
        /// The parameter.
        parameter: &'static str,
        /// Which other parameter wants it.
        because: &'static str,
    },
    /// A parameter stands twice.
    #[error("parameter {parameter:?}: expected once, found again")]
    Repeated {
        /// The parameter.
        parameter: String,
    },
    /// Two parameters exclude each other.
    #[error("expected only one of the parameters {parameter:?} and {other:?}, found both")]
    Conflict {
        /// One of them.
        parameter: String,
        /// The other.
        other: String,
    },
    /// The prefix of an extension field is not declared.
    #[error(
        "parameter {parameter:?}: expected a prefix that @context or GS1-Extensions declares, found {prefix:?}"
    )]
    Prefix {
        /// The parameter.
        parameter: String,
        /// The prefix.
        prefix: String,
    },
    /// The query is larger than what is answered.
    #[error("expected at most {limit} {what}, found {found}")]
    TooComplex {
        /// What there is too much of.
        what: &'static str,
        /// The greatest number that is answered.
        limit: usize,
        /// The number that was found.
        found: usize,
    },
}

impl QueryError {
    /// Which exception of the standard this is.
    #[must_use]
    pub fn fault(&self) -> QueryFault {
        match self {
            Self::TooComplex { .. } => QueryFault::TooComplex,
            _ => QueryFault::Parameter,
        }
    }

    /// The parameter at fault, when there is one.
    #[must_use]
    pub fn parameter(&self) -> Option<&str> {
        match self {
            Self::Unknown { parameter, .. }
            | Self::Value { parameter, .. }
            | Self::Repeated { parameter }
            | Self::Conflict { parameter, .. }
            | Self::Prefix { parameter, .. } => Some(parameter),
            Self::Missing { parameter, .. } => Some(parameter),
            Self::TooComplex { .. } => None,
        }
    }
}
