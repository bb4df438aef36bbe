//! Beyond these sizes a query is refused as too complex (EPCIS 2.0, section 8.2.4).

/// Number of parameters of one query.
pub const PARAMETERS_MAX: usize = 200;

/// Number of values of one list parameter.
pub const VALUES_MAX: usize = 10_000;
