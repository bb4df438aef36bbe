//! Sending signed transactions, as often as needed.

mod refusal;

use alloy::primitives::{B256, Bytes, U64, keccak256};
use alloy::rpc::client::RpcClient;
use serde::Deserialize;
use theriac_custody::{Account, Hash};

use crate::bindings::convert::{address, b256, hash};
use crate::connect::Ledger;
use crate::request::{RequestError, ask, ask_all};
use refusal::{Refusal, refusal};

/// A transaction that the endpoint did not take, and what that means for its sender.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// Nobody's fault: the endpoint has the transaction already; wait for its receipt.
    #[error("the transaction {hash} is already waiting to be mined")]
    Known {
        /// The transaction.
        hash: Hash,
    },
    /// Nobody's fault: the transaction is mined; ask for its receipt.
    #[error("the transaction {hash} is already mined")]
    AlreadyMined {
        /// The transaction.
        hash: Hash,
    },
    /// Sender: another transaction with this nonce is mined, or (cosmos/evm) waits to be: see
    /// [`Ledger::mined_nonce`]. If it is mined, sign anew with the next nonce.
    #[error("another transaction took the nonce of {hash}: {reason}")]
    NonceTooLow {
        /// The transaction.
        hash: Hash,
        /// The endpoint's words.
        reason: String,
    },
    /// Sender: an earlier transaction is missing. Send those before, then this one again.
    #[error("transactions before {hash} are missing: {reason}")]
    NonceGap {
        /// The transaction.
        hash: Hash,
        /// The endpoint's words.
        reason: String,
    },
    /// Sender: it offers too little: less than the chain's base fee or the endpoint's least price, or
    /// not enough more than the one that it would replace. Sign anew with higher fees and the same
    /// nonce (see [`Ledger::bumped`]).
    #[error("the transaction {hash} offers too low fees: {reason}")]
    Underpriced {
        /// The transaction.
        hash: Hash,
        /// The endpoint's words.
        reason: String,
    },
    /// Network or endpoint: no usable answer, or no room for transactions. Send the same bytes again
    /// later.
    #[error(transparent)]
    Transport(RequestError),
    /// Sender: the endpoint will not take these bytes.
    #[error("the ledger refused the transaction {hash}: {reason}")]
    Rejected {
        /// The transaction.
        hash: Hash,
        /// The endpoint's words.
        reason: String,
    },
}

impl SendError {
    /// Whether the transaction is where it should be all the same.
    pub fn is_harmless(&self) -> bool {
        matches!(self, Self::Known { .. } | Self::AlreadyMined { .. })
    }

    /// Whether the same bytes may be taken later.
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Transport(_) | Self::NonceGap { .. })
    }
}

/// Where a transaction stands.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Found {
    block_number: Option<U64>,
}

pub(crate) async fn send(client: &RpcClient, raw: &[u8]) -> Result<Hash, SendError> {
    let params = (Bytes::copy_from_slice(raw),);
    let answer = ask(client, "eth_sendRawTransaction", params).await;
    judge(client, raw, answer).await
}

/// What an endpoint's answer to a transaction means.
async fn judge(
    client: &RpcClient,
    raw: &[u8],
    answer: Result<B256, RequestError>,
) -> Result<Hash, SendError> {
    let own = keccak256(raw);
    let (code, reason, data) = match answer {
        Ok(found) if found == own => return Ok(hash(own)),
        Ok(found) => {
            let found = format!("the hash {found} for the transaction {own}");
            let method = "eth_sendRawTransaction";
            return Err(SendError::Transport(RequestError::Malformed { method, found }));
        }
        Err(RequestError::Refused { code, message, data, .. }) => (code, message, data),
        Err(error) => return Err(SendError::Transport(error)),
    };
    let hash = hash(own);
    let refusal = refusal(&reason);
    if refusal == Refusal::NonceGap {
        return Err(SendError::NonceGap { hash, reason });
    }
    // The endpoint's words alone do not tell whether this very transaction took the nonce.
    let found: Option<Found> =
        ask(client, "eth_getTransactionByHash", (own,)).await.map_err(SendError::Transport)?;
    Err(match (found, refusal) {
        (Some(Found { block_number: Some(_) }), _) => SendError::AlreadyMined { hash },
        (Some(_), _) | (None, Refusal::Known) => SendError::Known { hash },
        (None, Refusal::NonceTooLow) => SendError::NonceTooLow { hash, reason },
        (None, Refusal::Underpriced) => SendError::Underpriced { hash, reason },
        (None, Refusal::Busy) => {
            let method = "eth_sendRawTransaction";
            let refused = RequestError::Refused { method, code, message: reason, data };
            SendError::Transport(refused)
        }
        (None, _) => SendError::Rejected { hash, reason },
    })
}

impl Ledger {
    /// Sends a signed transaction; the answer is its hash. Sending it again is harmless.
    ///
    /// # Errors
    ///
    /// Tells what to do: wait ([`SendError::is_harmless`]), send again later
    /// ([`SendError::is_retryable`]), sign anew (`NonceTooLow`, `Underpriced`), or give up (`Rejected`).
    pub async fn send(&self, raw: &[u8]) -> Result<Hash, SendError> {
        send(self.client(), raw).await
    }

    /// Sends signed transactions in one request (JSON-RPC batch), in order; the answers are in the
    /// same order, each as of [`send`](Self::send). Spares the round trips and, on the embedded
    /// ledger, lets them share blocks. Endpoints limit a batch: give at most a few hundred.
    pub async fn send_all(&self, raws: &[impl AsRef<[u8]>]) -> Vec<Result<Hash, SendError>> {
        const METHOD: &str = "eth_sendRawTransaction";
        let raws: Vec<Bytes> =
            raws.iter().map(|raw| Bytes::copy_from_slice(raw.as_ref())).collect();
        let answers = ask_all(self.client(), METHOD, raws.iter().map(|raw| (raw.clone(),))).await;
        let mut judged = Vec::with_capacity(raws.len());
        for (raw, answer) in raws.iter().zip(answers) {
            judged.push(judge(self.client(), raw, answer).await);
        }
        judged
    }

    /// The nonce of the next transaction of `account`, those that wait to be mined included.
    ///
    /// # Errors
    ///
    /// When the endpoint does not answer as it should.
    pub async fn next_nonce(&self, account: Account) -> Result<u64, RequestError> {
        next_nonce(self.client(), account).await
    }

    /// The nonce of the next transaction of `account` after those that are mined: all below are in
    /// blocks, whatever the endpoint says of those that wait.
    ///
    /// # Errors
    ///
    /// When the endpoint does not answer as it should.
    pub async fn mined_nonce(&self, account: Account) -> Result<u64, RequestError> {
        mined_nonce(self.client(), account).await
    }

    /// Whether the endpoint has the transaction: `None` if not, else whether it is mined.
    ///
    /// # Errors
    ///
    /// When the endpoint does not answer as it should.
    pub async fn is_mined(&self, transaction: Hash) -> Result<Option<bool>, RequestError> {
        let found: Option<Found> =
            self.ask("eth_getTransactionByHash", (b256(transaction),)).await?;
        Ok(found.map(|found| found.block_number.is_some()))
    }
}

pub(crate) async fn next_nonce(client: &RpcClient, account: Account) -> Result<u64, RequestError> {
    let count: U64 = ask(client, "eth_getTransactionCount", (address(account), "pending")).await?;
    Ok(count.to())
}

pub(crate) async fn mined_nonce(client: &RpcClient, account: Account) -> Result<u64, RequestError> {
    let count: U64 = ask(client, "eth_getTransactionCount", (address(account), "latest")).await?;
    Ok(count.to())
}
