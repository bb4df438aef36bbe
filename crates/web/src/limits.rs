//! Limits of the service; each is generous for real clients and small for a machine.

use std::time::Duration;

/// Requests answered at a time; above it a request is refused at once, with 503.
pub const REQUESTS_MAX: usize = 512;

/// Open connections; above it new ones wait in the system's queue.
pub const CONNECTIONS_MAX: usize = 4_096;

/// Longest time for the head of a request to come in.
pub const HEADER_TIME_MAX: Duration = Duration::from_secs(15);

/// Longest pause between two pieces of a body that is streamed.
pub const BODY_PAUSE_MAX: Duration = Duration::from_secs(30);

/// Longest time for a request that is not streamed, from its head to its answer.
pub const REQUEST_TIME_MAX: Duration = Duration::from_secs(60);

/// Longest time that running requests have to end once the service shuts down.
pub const SHUTDOWN_TIME_MAX: Duration = Duration::from_secs(10);

/// Largest JSON body of an administrative request, in bytes.
pub const JSON_BYTES_MAX: usize = 64 << 10;

/// Largest message of another node, in bytes: a manifest and its events.
pub const EXCHANGE_BYTES_MAX: usize = 256 << 20;

/// Largest JSON-RPC request to the ledger's port, in bytes.
pub const LEDGER_BYTES_MAX: usize = 8 << 20;

/// Longest value of a query parameter, in bytes; a Digital Link with all its elements is shorter.
pub const PARAMETER_BYTES_MAX: usize = 4_096;

/// Events on a page where the client does not say.
pub const PAGE_EVENTS: u64 = 30;

/// Most events on a page.
pub const PAGE_EVENTS_MAX: u64 = 1_000;

/// Captures and cases listed where the client does not say.
pub const LIST_ROWS: u64 = 100;

/// Most captures or cases listed.
pub const LIST_ROWS_MAX: u64 = 10_000;

/// Seconds that a refused client is asked to wait.
pub const RETRY_AFTER_S: u32 = 1;
