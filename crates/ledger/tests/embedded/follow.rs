//! Blocks, finality, and logs in order.

use theriac_custody::Hash;
use theriac_ledger::{Call, Finality, LedgerEvent};

use crate::network::*;

#[tokio::test]
async fn blocks_are_a_chain_and_finality_is_a_choice() {
    let network = Network::new().await;
    let ledger = &network.ledger;
    let head = ledger.head().await.unwrap();
    assert_eq!(head.timestamp, NOW);
    let mut hash = head.hash;
    for number in (0..=head.number).rev() {
        let block = ledger.block(number).await.unwrap().unwrap();
        assert_eq!((block.number, block.hash), (number, hash));
        hash = block.parent_hash;
    }
    assert_eq!(hash, Hash::ZERO);
    assert_eq!(ledger.block(head.number + 1).await.unwrap(), None);
    assert_eq!(ledger.finalized_head(Finality::Immediate).await.unwrap(), head);
    assert_eq!(ledger.finalized_head(Finality::Tag).await.unwrap(), head);
    let three_back = ledger.finalized_head(Finality::Depth(3)).await.unwrap();
    assert_eq!(three_back.number, head.number - 3);
    assert_eq!(ledger.finalized_head(Finality::Depth(u64::MAX)).await.unwrap().number, 0);
}

#[tokio::test]
async fn logs_come_in_order_and_in_pieces_too() {
    let network = Network::new().await;
    let ledger = &network.ledger;
    let goods = network.make(&network.maker, 1, 16, TODAY).await;
    network.hand_over(&network.maker, &network.pharmacy, &goods, 2).await;
    let head = ledger.head().await.unwrap().number;
    let all = ledger.logs(0, head).await.unwrap();
    // Five members with an account each, a product, a lot with its holding, a shipment, a receipt.
    assert_eq!(all.len(), 5 * 2 + 1 + 3 + 2 + 1);
    assert!(all.is_sorted_by_key(|log| (log.block, log.index)));
    let mut pieces = Vec::new();
    for number in 0..=head {
        pieces.extend(ledger.logs(number, number).await.unwrap());
    }
    assert_eq!(pieces, all);
    assert_eq!(ledger.logs(head + 1, head + 50_000).await.unwrap(), []);
    let json = serde_json::to_string(&all).unwrap();
    let back: Vec<theriac_ledger::LedgerLog> = serde_json::from_str(&json).unwrap();
    assert_eq!(back, all);
    assert!(json.contains(r#""event":{"event":"lot_opened","lot_tag":"0x"#), "{json}");
}

/// With 0 blocks allowed at a time, the logs come from the receipts.
#[tokio::test]
async fn logs_are_asked_for_in_smaller_ranges_where_the_endpoint_limits_them() {
    let network = Network::new().await;
    for number in 0..10 {
        network.run(&network.maker, &[Call::Anchor { root: cause(number), count: 1 }]).await;
    }
    let head = network.ledger.head().await.unwrap().number;
    let expected = network.ledger.logs(0, head).await.unwrap();
    for blocks_max in [0, 1, 3] {
        let limited = limit::Limited::endpoint(&network.endpoint, blocks_max);
        let deployment = network.deployment();
        let ledger = theriac_ledger::Ledger::connect(limited, deployment).await.unwrap();
        let logs = ledger.logs(0, head).await.unwrap();
        assert_eq!(logs, expected);
    }
    let anchored =
        |log: &&theriac_ledger::LedgerLog| matches!(log.event, LedgerEvent::Anchored { .. });
    assert_eq!(expected.iter().filter(anchored).count(), 10);
}

/// An endpoint that answers `eth_getLogs` for a few blocks at a time only.
mod limit {
    use std::sync::Arc;

    use futures::future::BoxFuture;
    use serde_json::Value;
    use theriac_ledger::{Endpoint, LocalRpc};

    pub(super) struct Limited {
        inner: Arc<dyn LocalRpc>,
        blocks_max: u64,
    }

    impl Limited {
        pub(super) fn endpoint(inner: &Endpoint, blocks_max: u64) -> Endpoint {
            let Endpoint::Local(inner) = inner else { panic!("expected a local endpoint") };
            Endpoint::Local(Arc::new(Self { inner: Arc::clone(inner), blocks_max }))
        }
    }

    impl LocalRpc for Limited {
        fn request(&self, json: String) -> BoxFuture<'static, String> {
            let request: Value = serde_json::from_str(&json).unwrap();
            let number = |field: &str| {
                let text = request["params"][0][field].as_str().unwrap();
                u64::from_str_radix(&text[2..], 16).unwrap()
            };
            if request["method"] == "eth_getLogs"
                && number("toBlock") - number("fromBlock") >= self.blocks_max
            {
                let id = &request["id"];
                let error = r#"{"code":-32005,"message":"query returned more than 3 blocks"}"#;
                let answer = format!(r#"{{"jsonrpc":"2.0","id":{id},"error":{error}}}"#);
                return Box::pin(async move { answer });
            }
            self.inner.request(json)
        }
    }
}
