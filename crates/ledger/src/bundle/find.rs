//! Finding the transactions that a bundle needs by the topics of their logs.

use alloy::primitives::{B256, U64};
use alloy::sol_types::SolEvent;
use serde_json::{Value, json};
use theriac_custody::{Account, Hash};

use crate::bindings::convert::{address, b256};
use crate::bindings::custody::Custody as C;
use crate::call::Target;
use crate::connect::Ledger;
use crate::logs::{BLOCKS_PER_REQUEST, LedgerLog, LogsError, RawLog};
use crate::request::RequestError;

/// What the registry has logged in the blocks up to `to`, in order.
///
/// # Errors
///
/// [`LogsError`] when the endpoint does not answer as it should.
pub async fn registry_logs(ledger: &Ledger, to: u64) -> Result<Vec<LedgerLog>, LogsError> {
    search(ledger, Target::Registry, json!([]), 0, to).await
}

/// How a lot was opened, recalled, blocked and lifted in these blocks, in order.
///
/// # Errors
///
/// [`LogsError`] when the endpoint does not answer as it should.
pub async fn lot_logs(
    ledger: &Ledger,
    lot_tag: Hash,
    from: u64,
    to: u64,
) -> Result<Vec<LedgerLog>, LogsError> {
    let kinds = [C::LotOpened::SIGNATURE_HASH, C::LotStatusChanged::SIGNATURE_HASH];
    search(ledger, Target::Custody, json!([kinds, b256(lot_tag)]), from, to).await
}

/// Ends of life by an account in these blocks, and how they were undone, in order.
///
/// # Errors
///
/// [`LogsError`] when the endpoint does not answer as it should.
pub async fn ends_of_life(
    ledger: &Ledger,
    holder: Account,
    from: u64,
    to: u64,
) -> Result<Vec<LedgerLog>, LogsError> {
    let kinds = [C::Retired::SIGNATURE_HASH, C::Restored::SIGNATURE_HASH];
    let holder: B256 = address(holder).into_word();
    search(ledger, Target::Custody, json!([kinds, holder]), from, to).await
}

async fn search(
    ledger: &Ledger,
    of: Target,
    topics: Value,
    mut from: u64,
    to: u64,
) -> Result<Vec<LedgerLog>, LogsError> {
    let mut logs = Vec::new();
    let mut span = BLOCKS_PER_REQUEST;
    while from <= to {
        let last = to.min(from.saturating_add(span - 1));
        let filter = json!({
            "fromBlock": U64::from(from),
            "toBlock": U64::from(last),
            "address": ledger.contract(of),
            "topics": topics,
        });
        match ledger.ask::<_, Vec<RawLog>>("eth_getLogs", (filter,)).await {
            Ok(raw) => logs.extend(ledger.decoded(raw)?),
            // Endpoints limit blocks or logs per answer in words of their own.
            Err(RequestError::Refused { .. }) if last > from => {
                span = (last - from).div_ceil(2);
                continue;
            }
            Err(error) => return Err(error.into()),
        }
        let Some(next) = last.checked_add(1) else { break };
        from = next;
        span = span.saturating_mul(2).min(BLOCKS_PER_REQUEST);
    }
    logs.sort_by_key(|log| (log.block, log.index));
    Ok(logs)
}
