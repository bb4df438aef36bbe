//! Blocks, and which of them can no longer be reverted.

use alloy::primitives::{B256, Bloom, U64, U256};
use alloy::rpc::client::RpcClient;
use serde::{Deserialize, Serialize};
use theriac_custody::Hash;

use crate::bindings::convert::hash;
use crate::connect::Ledger;
use crate::request::{RequestError, ask};

/// A block as far as a follower needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct BlockHead {
    /// Number, from 0.
    pub number: u64,
    /// Hash.
    pub hash: Hash,
    /// Hash of the block before; zero for block 0.
    pub parent_hash: Hash,
    /// When it was made, in seconds since 1970-01-01 (UTC).
    pub timestamp: u64,
}

/// When a block counts as final.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finality {
    /// As soon as it is there: the embedded ledger, and consensus with immediate finality (QBFT).
    Immediate,
    /// When so many blocks follow it.
    Depth(u64),
    /// When the endpoint says so (tag `finalized`).
    Tag,
}

/// A block as JSON-RPC gives it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RawBlock {
    number: U64,
    hash: B256,
    parent_hash: B256,
    timestamp: U64,
    #[serde(default)]
    pub(crate) base_fee_per_gas: Option<U256>,
    #[serde(default)]
    pub(crate) logs_bloom: Option<Bloom>,
}

impl RawBlock {
    pub(crate) fn head(&self) -> BlockHead {
        BlockHead {
            number: self.number.to(),
            hash: hash(self.hash),
            parent_hash: hash(self.parent_hash),
            timestamp: self.timestamp.to(),
        }
    }
}

/// The block at `at`: a number in hexadecimal, or a tag.
pub(crate) async fn raw_block(
    client: &RpcClient,
    at: String,
) -> Result<Option<RawBlock>, RequestError> {
    ask(client, "eth_getBlockByNumber", (at, false)).await
}

pub(crate) fn no_block(found: &str) -> RequestError {
    RequestError::Malformed {
        method: "eth_getBlockByNumber",
        found: format!("no block where there is one: {found}"),
    }
}

impl Ledger {
    /// The newest block.
    ///
    /// # Errors
    ///
    /// When the endpoint does not answer as it should.
    pub async fn head(&self) -> Result<BlockHead, RequestError> {
        let block = raw_block(self.client(), "latest".into()).await?;
        block.map(|block| block.head()).ok_or_else(|| no_block("latest"))
    }

    /// The block with number `number`; `None` if it is not there yet.
    ///
    /// # Errors
    ///
    /// When the endpoint does not answer as it should.
    pub async fn block(&self, number: u64) -> Result<Option<BlockHead>, RequestError> {
        Ok(raw_block(self.client(), format!("{number:#x}")).await?.map(|block| block.head()))
    }

    /// The newest block that counts as final; block 0 always does.
    ///
    /// # Errors
    ///
    /// When the endpoint does not answer as it should, or does not know the tag `finalized`.
    pub async fn finalized_head(&self, finality: Finality) -> Result<BlockHead, RequestError> {
        let final_block = match finality {
            Finality::Immediate => return self.head().await,
            Finality::Depth(depth) => {
                let number = self.head().await?.number.saturating_sub(depth);
                self.block(number).await?
            }
            Finality::Tag => {
                raw_block(self.client(), "finalized".into()).await?.map(|block| block.head())
            }
        };
        match final_block {
            Some(block) => Ok(block),
            None => self.block(0).await?.ok_or_else(|| no_block("0x0")),
        }
    }
}
