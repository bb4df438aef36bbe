//! Sending prepared transactions one batch after the other, and the time that it takes.

use std::time::{Duration, Instant};

use alloy::hex;
use theriac_chain::{BATCH_CALLS_MAX, Chain, REQUEST_BYTES_MAX};

use crate::benchmark::Failure;

/// Bytes of a transaction's frame in a request, at most.
const FRAME_BYTES: usize = 120;

/// Sends transactions in batches as large as the ledger takes them; answers how long they took until all
/// were durable.
///
/// # Errors
///
/// One was refused.
pub(super) async fn send(chain: &Chain, raws: &[Vec<u8>]) -> Result<Duration, Failure> {
    let mut taken = Duration::ZERO;
    for batch in batches(raws) {
        let calls: Vec<_> = batch.iter().enumerate().map(call).collect();
        let request = format!("[{}]", calls.join(","));
        let start = Instant::now();
        let answer = chain.rpc(&request).await;
        taken += start.elapsed();
        if answer.contains("\"error\"") {
            let shown: String = answer.chars().take(300).collect();
            return Err(format!("expected transactions that are taken, found {shown}").into());
        }
    }
    Ok(taken)
}

fn call((id, raw): (usize, &Vec<u8>)) -> String {
    let raw = hex::encode_prefixed(raw);
    format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"eth_sendRawTransaction","params":["{raw}"]}}"#)
}

/// Cuts the list so that each part fits into a request.
fn batches(raws: &[Vec<u8>]) -> Vec<&[Vec<u8>]> {
    let mut batches = Vec::new();
    let mut rest = raws;
    while !rest.is_empty() {
        let mut bytes = 0;
        let fits = rest.iter().take(BATCH_CALLS_MAX).take_while(|raw| {
            bytes += 2 * raw.len() + FRAME_BYTES;
            bytes < REQUEST_BYTES_MAX
        });
        let (batch, after) = rest.split_at(fits.count().max(1));
        batches.push(batch);
        rest = after;
    }
    batches
}
