//! The exceptions of the standard, with their usual status and title.

use axum::http::StatusCode;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What every `type` starts with.
const PREFIX: &str = "epcisException:";

macro_rules! exceptions {
    ($($(#[$doc:meta])* $name:ident $word:literal $status:ident $title:literal;)+) => {
        /// The exceptions that the OpenAPI document of EPCIS 2.0 names.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ExceptionKind {
            $($(#[$doc])* $name,)+
        }

        impl ExceptionKind {
            /// All exceptions, in the order of the reference page.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The last part of the `type`.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word),+ }
            }

            /// Its usual HTTP status.
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status),+ }
            }

            /// The exception in words.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title),+ }
            }
        }
    };
}

exceptions! {
    /// A document or a request that is not as the standard has it.
    Validation "ValidationException" BAD_REQUEST
        "The document or request breaks a rule of the standard";
    /// The body of a named query is not as the standard has it.
    QueryValidation "QueryValidationException" BAD_REQUEST
        "The query breaks a rule of the standard";
    /// A parameter of a query is unknown, or its value is wrong.
    QueryParameter "QueryParameterException" BAD_REQUEST
        "A parameter of the query is unknown or wrong";
    /// A subscription says not when to deliver, or says it wrongly.
    SubscriptionControls "SubscriptionControlsException" BAD_REQUEST
        "The subscription does not say when to deliver";
    /// The client may not do that.
    Security "SecurityException" FORBIDDEN
        "The client is not permitted to do this";
    /// No query or subscription has this name.
    NoSuchName "NoSuchNameException" NOT_FOUND
        "Nothing has this name";
    /// There is nothing at this path.
    NoSuchResource "NoSuchResourceException" NOT_FOUND
        "There is nothing at this path";
    /// The answer is not to be had in the form that the client asks for.
    NotAcceptable "NotAcceptableException" NOT_ACCEPTABLE
        "The answer is not to be had in this form";
    /// What is to be made is there already.
    AlreadyExists "ResourceAlreadyExistsException" CONFLICT
        "A resource with this identifier exists already";
    /// The document is larger than the node takes.
    CaptureLimit "CaptureLimitExceededException" PAYLOAD_TOO_LARGE
        "The document is larger than the node takes";
    /// More events match than the client or the node admits.
    QueryTooLarge "QueryTooLargeException" PAYLOAD_TOO_LARGE
        "More events match than the limit admits";
    /// The query asks for more work than the node does for one request.
    QueryTooComplex "QueryTooComplexException" PAYLOAD_TOO_LARGE
        "The query asks for more work than the node does for one request";
    /// The URI is longer than the node reads.
    UriTooLong "URITooLongException" URI_TOO_LONG
        "The URI is longer than the node reads";
    /// The body has a media type that the path does not take.
    UnsupportedMediaType "UnsupportedMediaTypeException" UNSUPPORTED_MEDIA_TYPE
        "The path does not take this media type";
    /// The node could not do it.
    Implementation "ImplementationException" INTERNAL_SERVER_ERROR
        "The node could not do it";
}

impl ExceptionKind {
    /// The `type` of the problem.
    pub fn urn(self) -> String {
        format!("{PREFIX}{}", self.word())
    }

    /// The exception that a `type` names.
    pub fn from_urn(urn: &str) -> Option<Self> {
        let word = urn.strip_prefix(PREFIX)?;
        Self::ALL.iter().copied().find(|kind| kind.word() == word)
    }
}

impl Serialize for ExceptionKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.urn())
    }
}

impl<'de> Deserialize<'de> for ExceptionKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let urn = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Self::from_urn(&urn).ok_or_else(|| {
            serde::de::Error::custom(format_args!("expected an epcisException, found {urn:?}"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_exception_is_found_by_its_type() {
        for kind in ExceptionKind::ALL {
            assert_eq!(ExceptionKind::from_urn(&kind.urn()), Some(*kind));
            assert!(kind.status().is_client_error() || kind.status().is_server_error());
            assert!(!kind.title().ends_with('.'));
        }
    }
}
