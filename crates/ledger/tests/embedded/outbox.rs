//! Sending the same bytes again, out of order, and to the wrong place.

use theriac_custody::Account;
use theriac_ledger::{
    Call, ConnectError, Deployment, Endpoint, FeeKind, FeeMode, FeePolicy, Fees, Ledger, SendError,
    SignError,
};

use crate::network::*;

fn anchor(number: u64) -> [Call; 1] {
    [Call::Anchor { root: cause(number), count: 1 }]
}

#[tokio::test]
async fn a_transaction_sent_twice_takes_effect_once() {
    let network = Network::new().await;
    let (ledger, maker) = (&network.ledger, &network.maker);
    let signed = ledger.sign(maker, 0, &anchor(1)).await.unwrap();
    assert_eq!(ledger.receipt(signed.hash).await.unwrap(), None);
    assert_eq!(ledger.is_mined(signed.hash).await.unwrap(), None);
    ledger.send(&signed.raw).await.unwrap();
    let head = ledger.head().await.unwrap();
    let again = ledger.send(&signed.raw).await;
    assert!(again.as_ref().map_or_else(SendError::is_harmless, |_| true), "{again:?}");
    assert_eq!(ledger.head().await.unwrap(), head);
    assert_eq!(ledger.next_nonce(maker.account()).await.unwrap(), 1);
    assert_eq!(ledger.is_mined(signed.hash).await.unwrap(), Some(true));
    // Signing is deterministic, so a lost answer cannot become a second transaction.
    assert_eq!(ledger.sign(maker, 0, &anchor(1)).await.unwrap(), signed);
}

#[tokio::test]
async fn another_transaction_with_a_used_nonce_is_told_apart() {
    let network = Network::new().await;
    let (ledger, maker) = (&network.ledger, &network.maker);
    let first = ledger.sign(maker, 0, &anchor(1)).await.unwrap();
    let other = ledger.sign(maker, 0, &anchor(2)).await.unwrap();
    ledger.send(&first.raw).await.unwrap();
    let error = ledger.send(&other.raw).await.unwrap_err();
    assert!(matches!(error, SendError::NonceTooLow { hash, .. } if hash == other.hash), "{error}");
    assert!(!error.is_harmless() && !error.is_retryable());
}

#[tokio::test]
async fn a_transaction_before_its_turn_waits_for_those_before() {
    let network = Network::new().await;
    let (ledger, maker) = (&network.ledger, &network.maker);
    let first = ledger.sign(maker, 0, &anchor(1)).await.unwrap();
    let second = ledger.sign(maker, 1, &anchor(2)).await.unwrap();
    let error = ledger.send(&second.raw).await.unwrap_err();
    assert!(matches!(error, SendError::NonceGap { .. }), "{error}");
    assert!(error.is_retryable());
    ledger.send(&first.raw).await.unwrap();
    ledger.send(&second.raw).await.unwrap();
}

#[tokio::test]
async fn a_batch_is_taken_in_order_and_answered_one_by_one() {
    let network = Network::new().await;
    let (ledger, maker) = (&network.ledger, &network.maker);
    let mut raws = Vec::new();
    for nonce in 0..50 {
        raws.push(ledger.sign(maker, nonce, &anchor(nonce)).await.unwrap().raw);
    }
    ledger.send(&raws[0]).await.unwrap();
    raws.push(vec![1, 2, 3]);
    let answers = ledger.send_all(&raws).await;
    assert_eq!(answers.len(), 51);
    assert!(answers[0].as_ref().map_or_else(SendError::is_harmless, |_| true));
    for (raw, answer) in raws[1..50].iter().zip(&answers[1..50]) {
        assert_eq!(*answer.as_ref().unwrap(), theriac_custody::keccak256(&[raw]));
    }
    assert!(matches!(answers[50], Err(SendError::Rejected { .. })));
    assert_eq!(ledger.next_nonce(maker.account()).await.unwrap(), 50);
    assert!(ledger.send_all(&[] as &[Vec<u8>]).await.is_empty());
}

#[tokio::test]
async fn a_silent_endpoint_leaves_every_transaction_to_be_sent_again() {
    let network = Network::new().await;
    let signed = network.ledger.sign(&network.maker, 0, &anchor(1)).await.unwrap();
    let silent = altered(&network.endpoint, |method, answer| {
        if method == "eth_sendRawTransaction" { "gateway timeout".into() } else { answer }
    });
    let ledger = Ledger::connect(silent, network.deployment()).await.unwrap();
    for answer in ledger.send_all(&[signed.raw.clone(), signed.raw.clone()]).await {
        let error = answer.unwrap_err();
        assert!(error.is_retryable() && !error.is_harmless(), "{error}");
    }
    assert!(ledger.send(&signed.raw).await.unwrap_err().is_retryable());
    // It had arrived all the same.
    assert_eq!(network.ledger.is_mined(signed.hash).await.unwrap(), Some(true));
}

#[tokio::test]
async fn reasons_are_found_by_a_replay_where_receipts_have_none() {
    let network = Network::new().await;
    let bare = altered(&network.endpoint, |_, answer| answer.replace("revertReason", "other"));
    let ledger = Ledger::connect(bare, network.deployment()).await.unwrap();
    let refused = Call::Cancel { id: cause(1), cause: cause(2) };
    let signed = ledger.sign(&network.maker, 0, &[refused]).await.unwrap();
    ledger.send(&signed.raw).await.unwrap();
    let receipt = ledger.receipt(signed.hash).await.unwrap().unwrap();
    assert_eq!(receipt.revert.unwrap().name, "HoldingUnknown");
}

#[tokio::test]
async fn bytes_that_are_no_transaction_are_rejected() {
    let network = Network::new().await;
    let error = network.ledger.send(&[1, 2, 3]).await.unwrap_err();
    assert!(matches!(error, SendError::Rejected { .. }), "{error}");
}

#[tokio::test]
async fn calls_beyond_one_transaction_are_not_signed() {
    let network = Network::new().await;
    let calls: Vec<_> = (0..1000).map(|number| anchor(number)[0].clone()).collect();
    let error = network.ledger.sign(&network.maker, 0, &calls).await.unwrap_err();
    assert!(matches!(error, SignError::TooLarge { .. }), "{error}");
    assert!(!theriac_ledger::fits(&calls).unwrap());
    assert!(theriac_ledger::fits(&calls[..10]).unwrap());
}

#[tokio::test]
async fn connecting_checks_chain_and_contracts() {
    let network = Network::bare().await;
    let right = network.deployment();
    let connect = |deployment| Ledger::connect(network.endpoint.clone(), deployment);
    assert_eq!(connect(right).await.unwrap().deployment(), right);
    let error = connect(Deployment { chain_id: 1, ..right }).await.unwrap_err();
    assert!(matches!(error, ConnectError::WrongChain { expected: 1, found: CHAIN_ID }), "{error}");
    let nowhere = Deployment { custody: Account([9; 20]), ..right };
    let error = connect(nowhere).await.unwrap_err().to_string();
    assert!(error.contains("Custody contract at 0x0909"), "{error}");
    let unreachable = Endpoint::Http("http://127.0.0.1:9/".into());
    let error = Ledger::connect(unreachable, right).await.unwrap_err();
    assert!(matches!(&error, ConnectError::Request(error) if error.is_retryable()), "{error}");
}

/// The node's stages are tasks of a runtime with several threads.
#[tokio::test]
async fn the_client_moves_between_threads() {
    let network = Network::new().await;
    let (ledger, maker) = (network.ledger.clone(), network.maker.clone());
    let task = tokio::spawn(async move {
        let signed = ledger.sign(&maker, 0, &anchor(1)).await.unwrap();
        ledger.send_all(&[&signed.raw]).await;
        ledger.simulate(maker.account(), &anchor(2)).await.unwrap();
        ledger.lot(cause(1)).await.unwrap();
        ledger.logs(0, 1).await.unwrap();
        ledger.receipt(signed.hash).await.unwrap().unwrap().success
    });
    assert!(task.await.unwrap());
}

#[tokio::test]
async fn fees_are_the_chains_unless_told_otherwise() {
    let network = Network::new().await;
    let (ledger, maker) = (&network.ledger, &network.maker);
    assert_eq!(ledger.fees().await.unwrap(), Fees::default());
    assert_eq!(ledger.bumped(Fees::default()), None);
    let policy = FeePolicy { mode: FeeMode::Legacy, max_fee_per_gas: Some(9) };
    let legacy = ledger.clone().with_fees(policy);
    let fees = legacy.fees().await.unwrap();
    assert_eq!(fees, Fees { kind: FeeKind::Legacy, ..Fees::default() });
    assert_eq!(legacy.bumped(Fees { max_fee_per_gas: 9, ..fees }), None, "beyond the cap");
    for (nonce, kind) in [(0, FeeKind::Legacy), (1, FeeKind::Dynamic)] {
        let fees = Fees { kind, ..fees };
        let signed = ledger.sign_at(maker, nonce, &anchor(nonce), fees).unwrap();
        assert_eq!(signed.raw[0] == 2, kind == FeeKind::Dynamic, "the type of the envelope");
        ledger.send(&signed.raw).await.unwrap();
        assert!(ledger.receipt(signed.hash).await.unwrap().unwrap().success);
    }
    // A chain before London tells no base fee.
    let before = altered(&network.endpoint, |_, answer| answer.replace("baseFeePerGas", "other"));
    let before = Ledger::connect(before, network.deployment()).await.unwrap();
    assert_eq!(before.fees().await.unwrap().kind, FeeKind::Legacy);
    let signed = before.sign(maker, 2, &anchor(2)).await.unwrap();
    before.send(&signed.raw).await.unwrap();
}

#[tokio::test]
async fn the_receipt_of_whichever_attempt_was_mined_is_found() {
    let network = Network::new().await;
    let (ledger, maker) = (&network.ledger, &network.maker);
    let fees = |price| Fees {
        max_fee_per_gas: price,
        max_priority_fee_per_gas: price,
        kind: FeeKind::Legacy,
    };
    let dear = ledger.sign_at(maker, 0, &anchor(1), fees(8)).unwrap();
    let free = ledger.sign_at(maker, 0, &anchor(1), fees(0)).unwrap();
    assert_ne!(dear.hash, free.hash);
    let attempts = [dear.hash, free.hash];
    assert_eq!(ledger.receipt_of_any(&attempts).await.unwrap(), None);
    assert_eq!(ledger.receipt_of_any(&[]).await.unwrap(), None);
    ledger.send(&free.raw).await.unwrap();
    let receipt = ledger.receipt_of_any(&attempts).await.unwrap().unwrap();
    assert_eq!((receipt.hash, receipt.success), (free.hash, true));
    assert_eq!(ledger.mined_nonce(maker.account()).await.unwrap(), 1);
    let error = ledger.send(&dear.raw).await.unwrap_err();
    assert!(matches!(error, SendError::NonceTooLow { .. } | SendError::Rejected { .. }), "{error}");
}
