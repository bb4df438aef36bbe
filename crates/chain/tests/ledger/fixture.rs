//! A ledger in a temporary folder, accounts, and a small contract to send things to.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use alloy::{
    primitives::{Address, B256, Bytes, TxKind, U256, hex},
    signers::{SignerSync, local::PrivateKeySigner},
};
use alloy_consensus::{SignableTransaction, TxEip1559, TxEip2930, TxEnvelope, TxLegacy};
use alloy_eips::Encodable2718;
use serde_json::{Value, json};
use tempfile::TempDir;
use theriac_chain::{Chain, Clock, Genesis};

pub(crate) const CHAIN_ID: u64 = 8_450;
/// Time of the first block after genesis, in Unix seconds.
pub(crate) const START: u64 = 1_760_000_000;

/// The notebook, a contract of 65 bytes, by the length of its call data:
///
/// ```text
/// 64 bytes: slot, value   sstore(slot, value); log2(value, 0x77, slot)
/// 32 bytes: slot          return sload(slot)
/// other length, not 0     invalid (uses up all gas)
///  0 bytes                revert(0xdeadbeef)
///
/// 00 calldatasize push1 40 eq push1 22 jumpi     07 calldatasize push1 20 eq push1 37 jumpi
/// 0e calldatasize push1 20 jumpi                 12 push4 deadbeef push1 e0 shl push0 mstore
/// 1c push1 04 push0 revert                       20 jumpdest invalid
/// 22 jumpdest push1 20 calldataload push0 calldataload sstore
/// 29 push1 20 calldataload push0 mstore          2e push0 calldataload push1 77 push1 20 push0
/// 35 log2 stop                                   37 jumpdest push0 calldataload sload
/// 3b push0 mstore push1 20 push0 return
/// ```
///
/// In front of it the code that deploys it: push1 41 dup1 push1 09 push0 codecopy push0 return.
pub(crate) const NOTEBOOK: &[u8] = &hex!(
    "60418060095f395ff3"
    "36604014602257" "36602014603757" "36602057" "63deadbeef60e01b5f52" "60045ffd" "5bfe"
    "5b6020355f3555" "6020355f52" "5f35607760205f" "a200" "5b5f3554" "5f5260205ff3"
);

/// An open ledger with a clock that the test turns.
pub(crate) struct Ledger {
    pub(crate) chain: Chain,
    pub(crate) time: Arc<AtomicU64>,
    folder: Arc<TempDir>,
}

impl Ledger {
    /// A new ledger in a new folder.
    pub(crate) fn new() -> Self {
        Self::in_folder(Arc::new(TempDir::new().expect("a temporary folder")))
    }

    /// The ledger in a folder, opened.
    pub(crate) fn in_folder(folder: Arc<TempDir>) -> Self {
        let time = Arc::new(AtomicU64::new(START));
        let chain = open(folder.path(), time.clone());
        Self { chain, time, folder }
    }

    /// Closes the ledger and opens it again.
    pub(crate) fn reopened(self) -> Self {
        let folder = self.closed();
        Self::in_folder(folder)
    }

    /// Closes the ledger; answers its folder.
    pub(crate) fn closed(self) -> Arc<TempDir> {
        self.folder
    }

    /// The whole response to a call.
    pub(crate) async fn respond(&self, method: &str, params: Value) -> Value {
        let call = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
        let text = self.chain.rpc(&call.to_string()).await;
        serde_json::from_str(&text).expect("a response is JSON")
    }

    /// The result of a call that must work.
    pub(crate) async fn result(&self, method: &str, params: Value) -> Value {
        let mut response = self.respond(method, params).await;
        assert!(response.get("error").is_none(), "{method}: {response}");
        response["result"].take()
    }

    /// Code and message of a call that must fail.
    pub(crate) async fn error(&self, method: &str, params: Value) -> (i64, String) {
        let response = self.respond(method, params).await;
        let error = &response["error"];
        let code = error["code"].as_i64().unwrap_or_else(|| panic!("{method}: {response}"));
        (code, error["message"].as_str().expect("a message").to_owned())
    }

    /// Sends a transaction that must be accepted; answers its hash.
    pub(crate) async fn send(&self, raw: &Bytes) -> B256 {
        let hash = self.result("eth_sendRawTransaction", json!([raw])).await;
        serde_json::from_value(hash).expect("a hash")
    }

    /// The receipt of a mined transaction.
    pub(crate) async fn receipt(&self, hash: B256) -> Value {
        self.result("eth_getTransactionReceipt", json!([hash])).await
    }

    /// Deploys the notebook with the account's nonce 0; answers its address.
    pub(crate) async fn deploy(&self, account: &Account) -> Address {
        let receipt = self.receipt(self.send(&account.deploys(0)).await).await;
        assert_eq!(receipt["status"], "0x1", "{receipt}");
        serde_json::from_value(receipt["contractAddress"].clone()).expect("an address")
    }
}

/// Opens the ledger in a folder with a clock that shows `time`.
pub(crate) fn open(folder: &Path, time: Arc<AtomicU64>) -> Chain {
    let clock: Clock = Arc::new(move || time.load(Ordering::SeqCst));
    Chain::open(folder, Genesis { chain_id: CHAIN_ID }, clock).expect("the ledger opens")
}

/// Somebody who signs.
pub(crate) struct Account(pub(crate) PrivateKeySigner);

impl Account {
    /// The account with a number; the same number gives the same account.
    pub(crate) fn number(number: u8) -> Self {
        let key = B256::repeat_byte(number);
        Self(PrivateKeySigner::from_bytes(&key).expect("a key"))
    }

    pub(crate) fn address(&self) -> Address {
        self.0.address()
    }

    /// A signed transaction, as raw bytes.
    pub(crate) fn sign<T: SignableTransaction<alloy::primitives::Signature>>(
        &self,
        transaction: T,
    ) -> Bytes
    where
        TxEnvelope: From<alloy_consensus::Signed<T>>,
    {
        let signature = self.0.sign_hash_sync(&transaction.signature_hash()).expect("signed");
        TxEnvelope::from(transaction.into_signed(signature)).encoded_2718().into()
    }

    /// An EIP-1559 transaction to `to` with `input`.
    pub(crate) fn calls(&self, nonce: u64, to: TxKind, input: Bytes) -> Bytes {
        self.sign(dynamic(nonce, to, input))
    }

    pub(crate) fn deploys(&self, nonce: u64) -> Bytes {
        self.calls(nonce, TxKind::Create, Bytes::from_static(NOTEBOOK))
    }

    /// Writes `value` into `slot` of a notebook.
    pub(crate) fn writes(&self, nonce: u64, notebook: Address, slot: u64, value: u64) -> Bytes {
        self.calls(nonce, notebook.into(), words(&[slot, value]))
    }
}

/// An EIP-1559 transaction that offers no fee.
pub(crate) fn dynamic(nonce: u64, to: TxKind, input: Bytes) -> TxEip1559 {
    TxEip1559 { chain_id: CHAIN_ID, nonce, gas_limit: 200_000, to, input, ..Default::default() }
}

/// A legacy transaction with EIP-155 protection.
pub(crate) fn legacy(nonce: u64, to: TxKind, input: Bytes) -> TxLegacy {
    let chain_id = Some(CHAIN_ID);
    TxLegacy { chain_id, nonce, gas_limit: 200_000, to, input, ..Default::default() }
}

/// An EIP-2930 transaction with an empty access list.
pub(crate) fn listed(nonce: u64, to: TxKind, input: Bytes) -> TxEip2930 {
    TxEip2930 { chain_id: CHAIN_ID, nonce, gas_limit: 200_000, to, input, ..Default::default() }
}

/// Numbers as 32-byte words.
pub(crate) fn words(numbers: &[u64]) -> Bytes {
    numbers.iter().flat_map(|number| U256::from(*number).to_be_bytes::<32>()).collect()
}

/// A number as JSON-RPC writes it.
pub(crate) fn quantity(number: u64) -> String {
    format!("{number:#x}")
}
