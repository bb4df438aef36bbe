//! The limits of the ledger and of its JSON-RPC, each with its unit.

/// Gas that all transactions of one block may use together.
///
/// It bounds how long one group commit executes (about two seconds of pure computation).
pub const BLOCK_GAS_LIMIT: u64 = 1 << 30;

/// Highest gas limit of one transaction (EIP-7825).
pub const TRANSACTION_GAS_LIMIT: u64 = 1 << 24;

/// Transactions in one block after which no more are taken from the queue. A JSON-RPC batch is
/// taken whole, so a block may hold up to [`BATCH_CALLS_MAX`] more.
pub const BLOCK_TRANSACTIONS_MAX: usize = 10_000;

/// Most transactions that wait for their block; more are refused, so that overload shows at once
/// and memory stays bounded.
pub const QUEUED_TRANSACTIONS_MAX: usize = 50_000;

/// Longest encoded transaction in bytes, the same as geth's transaction pool accepts.
pub const TRANSACTION_BYTES_MAX: usize = 128 * 1024;

/// Longest request text in bytes, the same as geth's.
pub const REQUEST_BYTES_MAX: usize = 5 * 1024 * 1024;

/// Most calls in one batch, the same as geth's.
pub const BATCH_CALLS_MAX: usize = 1_000;

/// Most blocks that one `eth_getLogs` may cover.
pub const LOG_RANGE_BLOCKS_MAX: u64 = 10_000;

/// Most logs that one `eth_getLogs` returns; more is an error, never a silent cut.
pub const LOGS_RETURNED_MAX: usize = 10_000;

/// Most addresses and topics together that one `eth_getLogs` may name.
pub const LOG_CRITERIA_MAX: usize = 1_000;

/// Most subscriptions of one connection.
pub const SUBSCRIPTIONS_MAX: usize = 64;

/// Blocks that a subscriber may be behind the newest; one that reads more slowly is dropped.
pub const SUBSCRIPTION_LAG_BLOCKS_MAX: u64 = 1_024;

/// Most gas that `eth_call` spends; a higher request is lowered to it, as geth does.
pub const CALL_GAS_MAX: u64 = 50_000_000;

/// Most blocks that one `eth_feeHistory` covers; a higher request is lowered to it.
pub const FEE_HISTORY_BLOCKS_MAX: u64 = 1_024;

/// Most reward percentiles that one `eth_feeHistory` names.
pub const FEE_HISTORY_PERCENTILES_MAX: usize = 100;

/// Transactions whose bodies one commit of a pruning deletes before it lets the producer of blocks go on;
/// the rest of the block of the last one comes on top.
pub const PRUNED_TRANSACTIONS_PER_COMMIT: usize = 1_000;

/// Memory in bytes that the store may use as page cache.
pub const PAGE_CACHE_BYTES: usize = 64 * 1024 * 1024;

/// Entries (accounts, and apart from them slots) in each of the two generations of the miner's
/// state cache.
pub const STATE_CACHE_ENTRIES: usize = 100_000;

/// Contract codes kept analysed in memory.
pub const CODE_CACHE_ENTRIES: usize = 256;
