//! Where the work for one query ends.

/// Most events looked at for one page.
pub const SCAN_EVENTS_MAX: u64 = 500_000;

/// Most bytes of events looked at for one page.
pub const SCAN_BYTES_MAX: u64 = 512 << 20;

/// Most events of a batch: looked at between two reads of the database.
pub const BATCH_EVENTS_MAX: u64 = 500;

/// Most events that are put in order by a field that no index has.
pub const SORTED_EVENTS_MAX: usize = 10_000;

/// Most events of an answer that is given whole.
pub const WHOLE_EVENTS_MAX: u64 = 20_000;
