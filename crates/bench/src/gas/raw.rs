//! Transactions to contracts that the program's client does not know.

use alloy::consensus::{SignableTransaction, TxEip1559};
use alloy::eips::eip2718::Encodable2718;
use alloy::primitives::{Address, Bytes, TxKind};
use alloy::signers::SignerSync;
use alloy::signers::local::PrivateKeySigner;
use serde_json::{Value, json};
use theriac_chain::{Chain, TRANSACTION_GAS_LIMIT};
use theriac_custody::Hash;

use crate::benchmark::Failure;
use crate::world::CHAIN_ID;

/// An account that sends transactions to the embedded ledger.
pub(super) struct Sender {
    key: PrivateKeySigner,
    nonce: u64,
}

/// A mined transaction that took effect.
pub(super) struct Mined {
    /// Gas that it used.
    pub(super) gas: u64,
    /// The contract that it created.
    pub(super) contract: Option<Address>,
}

impl Sender {
    pub(super) fn new(secret: Hash) -> Result<Self, Failure> {
        Ok(Self { key: PrivateKeySigner::from_slice(&secret.0)?, nonce: 0 })
    }

    pub(super) fn address(&self) -> Address {
        self.key.address()
    }

    /// Puts a contract on the ledger.
    pub(super) async fn create(&mut self, chain: &Chain, code: Vec<u8>) -> Result<Mined, Failure> {
        self.send(chain, TxKind::Create, code).await
    }

    /// Calls a contract.
    pub(super) async fn call(
        &mut self,
        chain: &Chain,
        contract: Address,
        input: Vec<u8>,
    ) -> Result<Mined, Failure> {
        self.send(chain, TxKind::Call(contract), input).await
    }

    async fn send(&mut self, chain: &Chain, to: TxKind, input: Vec<u8>) -> Result<Mined, Failure> {
        let transaction = TxEip1559 {
            chain_id: CHAIN_ID,
            nonce: self.nonce,
            gas_limit: TRANSACTION_GAS_LIMIT,
            to,
            input: Bytes::from(input),
            ..TxEip1559::default()
        };
        self.nonce += 1;
        let signature = self.key.sign_hash_sync(&transaction.signature_hash())?;
        let raw = Bytes::from(transaction.into_signed(signature).encoded_2718());
        let hash = ask(chain, "eth_sendRawTransaction", json!([raw])).await?;
        let receipt = ask(chain, "eth_getTransactionReceipt", json!([hash])).await?;
        if receipt["status"] != "0x1" {
            return Err(format!("expected a transaction that takes effect, found {receipt}").into());
        }
        let gas = receipt["gasUsed"].as_str().unwrap_or_default().trim_start_matches("0x");
        let contract = receipt["contractAddress"].as_str().map(str::parse).transpose()?;
        Ok(Mined { gas: u64::from_str_radix(gas, 16)?, contract })
    }
}

async fn ask(chain: &Chain, method: &str, params: Value) -> Result<Value, Failure> {
    let request = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
    let mut answer: Value = serde_json::from_str(&chain.rpc(&request.to_string()).await)?;
    match answer.get("error") {
        Some(error) => Err(format!("expected an answer to {method}, found {error}").into()),
        None => Ok(answer["result"].take()),
    }
}
