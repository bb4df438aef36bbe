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

/// Largest JSON body that names packs, in bytes.
pub const LONG_JSON_BYTES_MAX: usize = 16 << 20;

/// Largest message of another node, in bytes, compressed and sealed.
pub const EXCHANGE_BYTES_MAX: usize = 64 << 20;

/// Largest JSON-RPC request to the ledger's port, in bytes.
pub const LEDGER_BYTES_MAX: usize = 8 << 20;

/// Longest value of a query parameter, in bytes; a Digital Link with all its elements is shorter.
pub const PARAMETER_BYTES_MAX: usize = 4_096;

/// Events on a page where the client does not say.
pub const PAGE_EVENTS: u64 = 30;

/// Most events on a page.
pub const PAGE_EVENTS_MAX: u64 = 1_000;

/// Most parameters of a query in a URI.
pub const QUERY_PARAMETERS_MAX: usize = 1_000;

/// Longest URI below `/epcis`, in bytes; a longer query can be saved under a name.
pub const URI_BYTES_MAX: usize = 16 << 10;

/// How long the token of a next page is taken.
pub const PAGE_TOKEN_TIME_MAX: jiff::SignedDuration = jiff::SignedDuration::from_hours(24);

/// Tokens given back before their time that are remembered; the oldest are forgotten first.
pub const REVOKED_TOKENS_MAX: usize = 10_000;

/// Largest document that `POST /epcis/capture` takes, in bytes. It goes to disk in pieces, so this
/// keeps a disk from filling up by mistake; memory needs no limit.
pub const CAPTURE_BYTES_MAX: u64 = 16 << 30;

/// Most events that a document of [`CAPTURE_BYTES_MAX`] can have; the shortest event has more than
/// 64 bytes, so this limit never comes first.
pub const CAPTURE_EVENTS_MAX: u64 = CAPTURE_BYTES_MAX / 64;

/// How long `POST /epcis/capture` waits for the events to be dealt with before it answers.
pub const CAPTURE_WAIT_MAX: Duration = Duration::from_secs(5);

/// Largest single event, in bytes.
pub const EVENT_BYTES_MAX: usize = 16 << 20;

/// Captures and cases listed where the client does not say.
pub const LIST_ROWS: u64 = 100;

/// Most captures or cases listed.
pub const LIST_ROWS_MAX: u64 = 10_000;

/// Seconds that a refused client is asked to wait.
pub const RETRY_AFTER_S: u32 = 1;

/// Clients that listen by WebSocket at a time; above it another one is refused, with 503.
pub const STREAMS_MAX: usize = 256;

/// Longest time for a client to take a message of a WebSocket; then it is closed.
pub const STREAM_SEND_TIME_MAX: Duration = Duration::from_secs(30);

/// Longest time to tell a client of a WebSocket why it is closed.
pub const STREAM_CLOSE_TIME_MAX: Duration = Duration::from_secs(5);

/// How often a client of a WebSocket is asked whether it is still there.
pub const STREAM_PING_TIME: Duration = Duration::from_secs(30);

/// Largest message of a client of a WebSocket, in bytes; none is expected.
pub const STREAM_MESSAGE_BYTES_MAX: usize = 64 << 10;
