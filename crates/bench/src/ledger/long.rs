//! A long chain of small transactions: how quick they are, what they weigh, and how long opening takes.

use std::sync::Arc;
use std::time::Instant;

use alloy::consensus::{SignableTransaction, TxEip1559, TxEnvelope};
use alloy::eips::Encodable2718;
use alloy::primitives::{Address, B256, Bytes, TxKind, U256, hex};
use alloy::signers::SignerSync;
use alloy::signers::local::PrivateKeySigner;
use theriac_chain::{Chain, Clock, Genesis};

use super::storm;
use crate::benchmark::Failure;
use crate::metric::Metric;
use crate::world::CHAIN_ID;

/// A contract that logs its input with it as topic: `log1(0, 0, input)`. In front of it, what deploys it.
const LOGGER: &[u8] = &hex!("60068060095f395ff3" "5f355f5fa100");
/// Transactions that are made at a time, so that memory stays small.
const AT_ONCE: u64 = 10_000;
/// What the issue demands of 1,000,000 transactions.
const START_MS: f64 = 1_000.0;

struct Sender {
    key: PrivateKeySigner,
    nonce: u64,
}

impl Sender {
    fn signed(&mut self, to: TxKind, input: Bytes) -> Result<Vec<u8>, Failure> {
        let (chain_id, nonce, gas_limit) = (CHAIN_ID, self.nonce, 100_000);
        self.nonce += 1;
        let whole = TxEip1559 { chain_id, nonce, gas_limit, to, input, ..TxEip1559::default() };
        let signature = self.key.sign_hash_sync(&whole.signature_hash())?;
        Ok(TxEnvelope::from(whole.into_signed(signature)).encoded_2718())
    }

    fn logged(&mut self, logger: Address) -> Result<Vec<u8>, Failure> {
        let word = B256::from(U256::from(self.nonce));
        self.signed(logger.into(), word.into())
    }
}

/// Makes a chain of `count` transactions, closes it and opens it again.
pub(super) async fn run(seed: u64, count: u64) -> Result<Vec<Metric>, Failure> {
    let folder = tempfile::tempdir()?;
    let clock: Clock = Arc::new(|| 1_800_000_000);
    let genesis = Genesis { chain_id: CHAIN_ID };
    let chain = Chain::open(folder.path(), genesis, clock.clone())?;
    let secret = theriac_custody::keccak256(&[b"long", &seed.to_be_bytes()]);
    let mut sender = Sender { key: PrivateKeySigner::from_bytes(&secret.0.into())?, nonce: 0 };
    let deploy = sender.signed(TxKind::Create, LOGGER.into())?;
    storm::send(&chain, &[deploy]).await?;
    let logger = sender.key.address().create(0);
    let mut taken = 0.0;
    while sender.nonce < count {
        let next = AT_ONCE.min(count - sender.nonce);
        let raws: Result<Vec<_>, _> = (0..next).map(|_| sender.logged(logger)).collect();
        taken += storm::send(&chain, &raws?).await?.as_secs_f64();
    }
    let stats = chain.stats();
    drop(chain);
    let start = Instant::now();
    let chain = Chain::open(folder.path(), genesis, clock)?;
    let block = chain
        .rpc(
            r#"{"jsonrpc":"2.0","id":1,"method":"eth_getBlockByNumber","params":["latest",false]}"#,
        )
        .await;
    let opened = start.elapsed().as_secs_f64() * 1e3;
    if chain.stats().transactions != count || !block.contains("\"result\":{") {
        return Err(format!(
            "expected {count} transactions after opening, found {:?}",
            chain.stats()
        )
        .into());
    }
    let bytes = stats.bytes_on_disk as f64 / stats.transactions as f64;
    Ok(vec![
        Metric::higher("ledger.small_transactions", ((count - 1) as f64 / taken).round(), "tx/s"),
        Metric::lower("ledger.bytes_per_small_transaction", bytes.round(), "bytes"),
        Metric::lower(
            format!("ledger.open_with_{count}_transactions"),
            (opened * 10.0).round() / 10.0,
            "ms",
        )
        .budget(START_MS),
    ])
}
