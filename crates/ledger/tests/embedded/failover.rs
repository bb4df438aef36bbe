//! Several endpoints stand in for each other.

use theriac_ledger::{Call, ConnectError, Endpoint, Ledger, RequestError};

use crate::http::{Mood, Server};
use crate::network::*;

fn anchor(number: u64) -> [Call; 1] {
    [Call::Anchor { root: cause(number), count: 1 }]
}

async fn two(network: &Network) -> (Server, Server, Ledger) {
    let one = Server::start(&network.endpoint).await;
    let other = Server::start(&network.endpoint).await;
    let endpoint = Endpoint::http(&[&one.url, &other.url]);
    let ledger = Ledger::connect(endpoint, network.deployment()).await.unwrap();
    (one, other, ledger)
}

#[tokio::test]
async fn requests_stay_with_the_endpoint_that_answers() {
    let network = Network::new().await;
    let (one, other, ledger) = two(&network).await;
    assert_eq!(other.asked(), 0, "the first does");
    for mood in [Mood::Unavailable, Mood::Page, Mood::HangsUp] {
        one.is(mood);
        one.asked();
        ledger.head().await.unwrap();
        // The second time, whoever failed is left alone.
        let (first, then) = (one.asked(), other.asked());
        ledger.head().await.unwrap();
        assert_eq!((one.asked(), other.asked()), (0, 1), "{mood:?}: {first} and {then} before");
    }
    // The other fails, and the first, whose time alone is not over, is all there is.
    one.is(Mood::Answers);
    other.is(Mood::HangsUp);
    ledger.head().await.unwrap();
    other.is(Mood::Answers);
    one.asked();
    ledger.head().await.unwrap();
    assert_eq!(one.asked(), 1, "it stays there");
}

#[tokio::test]
async fn nothing_answers_when_all_fail() {
    let network = Network::new().await;
    let (one, other, ledger) = two(&network).await;
    one.is(Mood::Unavailable);
    other.is(Mood::HangsUp);
    let error = ledger.head().await.unwrap_err();
    assert!(error.is_retryable(), "{error}");
    one.is(Mood::Answers);
    ledger.head().await.unwrap();
}

#[tokio::test]
async fn what_a_contract_refuses_is_refused_and_not_asked_again() {
    let network = Network::new().await;
    let (_, other, ledger) = two(&network).await;
    let refused = ledger.simulate(signer(99).account(), &anchor(1)).await;
    assert!(refused.unwrap_err().to_string().contains("none of these roles"));
    assert_eq!(other.asked(), 0);
}

#[tokio::test]
async fn a_transaction_whose_answer_was_lost_is_there_once() {
    let network = Network::new().await;
    let (one, _, ledger) = two(&network).await;
    let signed = ledger.sign(&network.maker, 0, &anchor(1)).await.unwrap();
    one.is(Mood::Forgets);
    let sent = ledger.send(&signed.raw).await;
    assert!(
        sent.as_ref().map_or_else(theriac_ledger::SendError::is_harmless, |_| true),
        "{sent:?}"
    );
    assert!(ledger.receipt(signed.hash).await.unwrap().unwrap().success);
    assert_eq!(ledger.mined_nonce(network.maker.account()).await.unwrap(), 1);
}

#[tokio::test]
async fn an_endpoint_of_another_network_is_left_out() {
    let network = Network::new().await;
    let strange = altered(&network.endpoint, |method, answer| match method {
        "eth_chainId" => answer.replace("0x1e5b", "0x1"),
        _ => answer,
    });
    let (strange, right) = (Server::start(&strange).await, Server::start(&network.endpoint).await);
    let endpoint = Endpoint::http(&[&strange.url, &right.url]);
    let ledger = Ledger::connect(endpoint, network.deployment()).await.unwrap();
    assert_eq!(strange.asked(), 1, "its chain id and nothing else");
    right.is(Mood::HangsUp);
    let error = ledger.head().await.unwrap_err();
    assert!(matches!(error, RequestError::Unreachable { .. }), "{error}");
    let only = Endpoint::http(&[&strange.url, &strange.url]);
    let error = Ledger::connect(only, network.deployment()).await.unwrap_err().to_string();
    assert!(error.contains("expected an endpoint with chain id 7771, found 1"), "{error}");
    let alone = Ledger::connect(Endpoint::Http(strange.url), network.deployment()).await;
    assert!(matches!(alone.unwrap_err(), ConnectError::WrongChain { found: 1, .. }));
}

/// A round is read from one endpoint, and from one that has the blocks that are known already.
#[tokio::test]
async fn a_round_does_not_go_back_to_an_endpoint_that_is_behind() {
    let network = Network::new().await;
    let head = network.ledger.head().await.unwrap().number;
    let behind = altered(&network.endpoint, |method, answer| match method {
        "eth_blockNumber" => {
            let start = answer.find(r#""result":""#).unwrap() + 10;
            let end = start + answer[start..].find('"').unwrap();
            format!("{}0x2{}", &answer[..start], &answer[end..])
        }
        _ => answer,
    });
    let (late, right) = (Server::start(&behind).await, Server::start(&network.endpoint).await);
    let endpoint = Endpoint::http(&[&late.url, &right.url]);
    let ledger = Ledger::connect(endpoint, network.deployment()).await.unwrap();
    late.asked();
    let round = ledger.round(2).await.unwrap();
    round.head().await.unwrap();
    assert_eq!((late.asked(), right.asked()), (2, 0), "it has block 2");
    let round = ledger.round(head).await.unwrap();
    late.asked();
    right.asked();
    round.head().await.unwrap();
    round.logs(0, head).await.unwrap();
    assert_eq!(late.asked(), 0);
    // It does not leave its endpoint, and fails with it.
    right.is(Mood::HangsUp);
    assert!(round.head().await.unwrap_err().is_retryable());
    assert_eq!(late.asked(), 0);
    // None has the block: the most that there is.
    right.is(Mood::Answers);
    let round = ledger.round(head + 5).await.unwrap();
    late.asked();
    round.head().await.unwrap();
    assert_eq!(late.asked(), 0);
    assert_eq!(ledger.round(0).await.unwrap().head().await.unwrap().number, head);
    // In this process there is nothing to choose.
    assert_eq!(network.ledger.round(99).await.unwrap().head().await.unwrap().number, head);
}

/// An endpoint that does not have the contracts yet is left out; alone it is waited for by who asks.
#[tokio::test]
async fn an_endpoint_without_the_contracts_is_left_out() {
    let network = Network::new().await;
    let early = altered(&network.endpoint, |method, answer| match method {
        "eth_getCode" => r#"{"jsonrpc":"2.0","id":ID,"result":"0x"}"#.replace(
            "ID",
            &serde_json::from_str::<serde_json::Value>(&answer).unwrap()["id"].to_string(),
        ),
        _ => answer,
    });
    let (early, right) = (Server::start(&early).await, Server::start(&network.endpoint).await);
    let endpoint = Endpoint::http(&[&early.url, &right.url]);
    let ledger = Ledger::connect(endpoint, network.deployment()).await.unwrap();
    early.asked();
    ledger.head().await.unwrap();
    assert_eq!(early.asked(), 0);
    right.is(Mood::HangsUp);
    let error = ledger.check().await.unwrap_err();
    assert!(matches!(error, ConnectError::NoContract { .. }), "{error}");
    right.is(Mood::Answers);
    ledger.check().await.unwrap();
}
