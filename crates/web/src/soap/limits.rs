//! Limits of the SOAP query service; each is generous for real clients and small for a machine.

/// Largest request, in bytes: a query with some ten thousand EPCs.
pub const SOAP_BYTES_MAX: usize = 4 << 20;

/// Deepest nesting of elements in a request.
pub const DEPTH_MAX: usize = 32;

/// Most elements in a request.
pub const ELEMENTS_MAX: usize = 100_000;

/// Longest `subscriptionID` that a client may choose, in bytes.
pub const SUBSCRIPTION_ID_BYTES_MAX: usize = 150;

/// Most events of an answer, which is given whole.
pub const ANSWER_EVENTS_MAX: usize = 20_000;

/// Most bytes of events, as they are on record, in an answer.
pub const ANSWER_BYTES_MAX: usize = 64 << 20;
