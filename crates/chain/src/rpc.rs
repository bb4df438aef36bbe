//! JSON-RPC 2.0 over the ledger: text in, text out.
//!
//! The transactions in a batch are queued together and done first; then the rest is answered, so
//! that it sees them mined.

mod blocks;
mod error;
mod fees;
mod logs;
mod methods;
mod params;
mod request;
mod state;
mod subscribe;
mod transactions;

use alloy_consensus::{TxEnvelope, transaction::Recovered};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use crate::{
    chain::Chain,
    limits::{BATCH_CALLS_MAX, REQUEST_BYTES_MAX},
    miner::SendError,
    session::Subscriptions,
};
pub(crate) use error::RpcError;
pub(crate) use logs::matches_in;
use params::Params;
use request::{Call, Incoming};

/// What a call gives: JSON, or an error object.
type Answer = Result<Box<RawValue>, RpcError>;

/// Answers a request text; `subscriptions` are those of the connection, if it can have any.
pub(crate) async fn answer(
    chain: &Chain,
    subscriptions: Option<&mut Subscriptions>,
    text: &str,
) -> String {
    if text.len() > REQUEST_BYTES_MAX {
        let found = text.len();
        return request::refuse(&RpcError::RequestTooLarge { found });
    }
    match request::parse(text) {
        Err(error) => request::refuse(&error),
        Ok(Incoming::Single(call)) => {
            answer_one(chain, subscriptions, call).await.unwrap_or_default()
        }
        Ok(Incoming::Batch(calls)) if calls.len() > BATCH_CALLS_MAX => {
            request::refuse(&RpcError::BatchTooLong { found: calls.len() })
        }
        Ok(Incoming::Batch(calls)) => answer_batch(chain, subscriptions, calls).await,
    }
}

async fn answer_one(
    chain: &Chain,
    subscriptions: Option<&mut Subscriptions>,
    call: Call,
) -> Option<String> {
    let answer = answer_all(chain, subscriptions, vec![call.content]).await.pop()?;
    call.id.map(|id| request::respond(&id, answer))
}

async fn answer_batch(
    chain: &Chain,
    subscriptions: Option<&mut Subscriptions>,
    calls: Vec<Call>,
) -> String {
    let (ids, contents): (Vec<_>, Vec<_>) =
        calls.into_iter().map(|call| (call.id, call.content)).unzip();
    let answers = answer_all(chain, subscriptions, contents).await;
    let responses: Vec<_> = ids
        .into_iter()
        .zip(answers)
        .filter_map(|(id, answer)| Some(request::respond(&id?, answer)))
        .collect();
    match responses.is_empty() {
        true => String::new(),
        false => format!("[{}]", responses.join(",")),
    }
}

/// What there is to do for a call besides the transactions that were taken out of it.
enum Work {
    Sent,
    Read(String, Params),
    Done(Answer),
}

impl Work {
    /// Sorts a call; the transaction that it sends goes into `batch`.
    fn sort(
        chain: &Chain,
        subscriptions: Option<&mut Subscriptions>,
        content: Result<(String, Params), RpcError>,
        batch: &mut Vec<Recovered<TxEnvelope>>,
    ) -> Self {
        match content {
            Ok((method, params)) if method == "eth_sendRawTransaction" => {
                match transactions::decode(chain.chain_id(), &params) {
                    Ok(transaction) => batch.push(transaction),
                    Err(error) => return Self::Done(Err(error)),
                }
                Self::Sent
            }
            Ok((method, params)) if method == "eth_subscribe" => {
                Self::Done(subscribe::subscribe(chain, subscriptions, &params))
            }
            Ok((method, params)) if method == "eth_unsubscribe" => {
                Self::Done(subscribe::unsubscribe(subscriptions, &params))
            }
            Ok((method, params)) => Self::Read(method, params),
            Err(error) => Self::Done(Err(error)),
        }
    }
}

/// Answers calls, in their order; the transactions among them are done first, together.
async fn answer_all(
    chain: &Chain,
    mut subscriptions: Option<&mut Subscriptions>,
    contents: Vec<Result<(String, Params), RpcError>>,
) -> Vec<Answer> {
    let mut batch = Vec::new();
    let works: Vec<_> = contents
        .into_iter()
        .map(|content| Work::sort(chain, subscriptions.as_deref_mut(), content, &mut batch))
        .collect();
    let mut sent = send_all(chain, batch).await.into_iter();
    let mut answers = Vec::with_capacity(works.len());
    for work in works {
        answers.push(match work {
            // There is one answer for each, so this never falls back.
            Work::Sent => sent.next().unwrap_or(Err(RpcError::Send(SendError::Stopped))),
            Work::Read(method, params) => methods::answer(chain, method, params).await,
            Work::Done(answer) => answer,
        });
    }
    answers
}

/// Queues transactions together and waits until they are durable; one answer for each.
async fn send_all(chain: &Chain, batch: Vec<Recovered<TxEnvelope>>) -> Vec<Answer> {
    if batch.is_empty() {
        return Vec::new();
    }
    let count = batch.len();
    let queued = match chain.inner().miner.submit(batch) {
        Ok(queued) => queued,
        Err(error) => return (0..count).map(|_| Err(RpcError::Send(error.clone()))).collect(),
    };
    let mut answers = Vec::with_capacity(count);
    for one in queued {
        answers.push(transactions::sent(one).await.and_then(|hash| json(&hash)));
    }
    answers
}

/// A value as JSON text.
fn json<T: Serialize>(value: &T) -> Answer {
    to_raw_value(value).map_err(RpcError::Unserializable)
}

/// A number in the form of Ethereum's JSON-RPC: hexadecimal, no leading zeros.
fn quantity(value: u64) -> Answer {
    json(&format!("{value:#x}"))
}
