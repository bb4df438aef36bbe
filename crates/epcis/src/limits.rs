//! Limits on what is read, generous for real documents and small for a machine.

/// Deepest nesting of JSON values or XML elements in a document, in levels.
pub const DEPTH_MAX: usize = 100;

/// Largest size of one event in a document, in bytes (about 1,500,000 identifiers).
pub const EVENT_BYTES_MAX: usize = 128 * 1024 * 1024;

/// Largest number of identifiers (EPCs) that one event may name.
pub const EVENT_EPCS_MAX: usize = 2_000_000;

/// Largest size of one field of a document that is not an event (header, context), in bytes; also
/// of all fields of other vocabularies around the events together.
pub const FIELD_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Most bytes of events that are held back because `eventList` came before `@context`.
pub const HELD_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Most XML namespaces that may be in force at one place of a document.
pub const NAMESPACES_MAX: usize = 256;

/// Most repairs outside of events that a document's description keeps; more are not told.
pub const REPAIRS_MAX: usize = 10_000;

/// Most departures of one part that strict mode tells of one event: schemas and rules each.
pub const FINDINGS_MAX: usize = 10_000;
