//! Beyond these sizes a query is refused as too complex (EPCIS 2.0, section 8.2.4).

/// Number of parameters of one query.
pub const PARAMETERS_MAX: usize = 200;

/// Number of values of one list parameter.
pub const VALUES_MAX: usize = 10_000;

/// Number of alternatives of one condition that are asked of an index; a condition with more is
/// left to the exact answer, event by event.
pub const INDEXED_VALUES_MAX: usize = 500;
