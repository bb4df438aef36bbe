//! alloy's provider on the ledger: the client that the rest of the program uses.

use std::task::{Context, Poll};

use alloy::{
    network::EthereumWallet,
    primitives::U256,
    providers::{Provider, ProviderBuilder},
    rpc::{
        client::RpcClient,
        json_rpc::{RequestPacket, ResponsePacket},
        types::{Filter, TransactionRequest},
    },
    transports::{TransportError, TransportErrorKind, TransportFut},
};
use theriac_chain::Chain;
use tower::Service;

use crate::fixture::{Account, CHAIN_ID, Ledger, NOTEBOOK, words};

/// Carries requests to a ledger in this process.
#[derive(Clone)]
struct InProcess(Chain);

impl Service<RequestPacket> for InProcess {
    type Response = ResponsePacket;
    type Error = TransportError;
    type Future = TransportFut<'static>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: RequestPacket) -> Self::Future {
        let chain = self.0.clone();
        Box::pin(async move {
            let text = serde_json::to_string(&request).map_err(TransportErrorKind::custom)?;
            let answer = chain.rpc(&text).await;
            serde_json::from_str(&answer).map_err(TransportErrorKind::custom)
        })
    }
}

#[tokio::test]
async fn alloy_fills_signs_sends_and_reads() {
    let ledger = Ledger::new();
    let account = Account::number(1);
    let client = RpcClient::new(InProcess(ledger.chain.clone()), true);
    let provider = ProviderBuilder::new()
        .wallet(EthereumWallet::from(account.0.clone()))
        .connect_client(client);
    assert_eq!(provider.get_chain_id().await.expect("an id"), CHAIN_ID);

    // Nonce, gas, fees and chain id are filled in by asking the ledger.
    let deploy = TransactionRequest::default()
        .from(account.address())
        .input(NOTEBOOK.to_vec().into())
        .create();
    let pending = provider.send_transaction(deploy).await.expect("sent");
    let hash = *pending.tx_hash();
    let receipt = provider.get_transaction_receipt(hash).await.expect("read").expect("mined");
    assert!(receipt.status());
    let notebook = receipt.contract_address.expect("a contract");

    let write = TransactionRequest::default()
        .from(account.address())
        .to(notebook)
        .input(words(&[3, 9]).into());
    let pending = provider.send_transaction(write).await.expect("sent");
    let hash = *pending.tx_hash();
    let receipt = provider.get_transaction_receipt(hash).await.expect("read").expect("mined");
    let stored = provider.get_storage_at(notebook, U256::from(3)).await.expect("read");
    assert_eq!(stored, U256::from(9));
    let logs = provider.get_logs(&Filter::new().address(notebook).from_block(0)).await;
    assert_eq!(logs.expect("logs"), receipt.logs());
    let block = provider.get_block(2.into()).full().await.expect("read").expect("there");
    assert_eq!(block.header.hash_slow(), block.header.hash);
    let transaction = provider.get_transaction_by_hash(hash).await.expect("read").expect("mined");
    assert_eq!(transaction.block_number, Some(2));
    assert_eq!(block.transactions.txns().next(), Some(&transaction));
    let receipts = provider.get_block_receipts(2.into()).await.expect("read").expect("there");
    assert_eq!(receipts, [receipt]);
}
