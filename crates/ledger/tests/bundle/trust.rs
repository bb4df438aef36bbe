//! What may be trusted, and what is not believed.

use theriac_custody::{Account, Hash};
use theriac_ledger::bundle::{
    Blocks, Bundle, BundleError, Headers, LedgerProof, Trust, TrustedBy, ask, check, collect,
};

use crate::network::altered;
use crate::story::Story;

fn by_hash(hash: Hash) -> Trust {
    Trust { blocks: Blocks::Hash(hash), ..Trust::default() }
}

/// The blocks linked by all headers between them, as on a network without history roots.
async fn chained(story: &Story, head: Option<u64>) -> Bundle {
    let mut bundle = story.bundle(head).await;
    let plain = altered(&story.network.endpoint, |method, answer| match method {
        "theriac_getHistoryProof" => {
            r#"{"jsonrpc":"2.0","id":0,"error":{"code":-32601,"message":"no such method"}}"#.into()
        }
        _ => answer,
    });
    let ledger = theriac_ledger::Ledger::connect(plain, story.network.deployment()).await.unwrap();
    bundle.ledger = collect(&ledger, &story.evidence, head).await.unwrap();
    assert!(matches!(bundle.ledger, LedgerProof::Chain { .. }));
    bundle
}

#[tokio::test]
async fn any_block_from_the_last_step_on_can_be_trusted() {
    let story = Story::whole().await;
    let bundle = chained(&story, None).await;
    let ledger = &story.network.ledger;
    let head = ledger.head().await.unwrap();
    let last = story.evidence.last_block().unwrap();
    assert!(last < head.number, "blocks follow the last step");
    for number in last..=head.number {
        let hash = ledger.block(number).await.unwrap().unwrap().hash;
        let report = check(&bundle, &by_hash(hash)).unwrap();
        assert_eq!((report.until.block, report.until.hash), (number, hash));
        assert_eq!(report.trusted_by, TrustedBy::BlockHash);
    }
    let before = ledger.block(last - 1).await.unwrap().unwrap().hash;
    let error = BundleError::AfterTrusted { trusted: last - 1, found: last };
    assert_eq!(check(&bundle, &by_hash(before)), Err(error));
    let error = check(&bundle, &by_hash(Hash([7; 32]))).unwrap_err();
    assert!(error.to_string().starts_with("expected the trusted block hash 0x0707"), "{error}");
}

#[tokio::test]
async fn an_endpoint_tells_of_the_blocks() {
    let story = Story::whole().await;
    let bundle = story.bundle(None).await;
    let answers = ask(&story.network.endpoint, &bundle).await.unwrap();
    assert_eq!(answers.blocks.len(), 1, "linked blocks are believed for the last one's sake");
    let trust = |answers| Trust { blocks: Blocks::Endpoint(answers), ..Trust::default() };
    let report = check(&bundle, &trust(answers.clone())).unwrap();
    assert_eq!(report.trusted_by, TrustedBy::Endpoint);
    let mut other = answers.clone();
    other.blocks.values_mut().for_each(|block| block.hash = Hash([1; 32]));
    let error = check(&bundle, &trust(other)).unwrap_err();
    assert!(matches!(error, BundleError::NotAtEndpoint { found: Some(_), .. }), "{error}");
    let mut other = answers.clone();
    other.blocks.clear();
    let error = check(&bundle, &trust(other)).unwrap_err();
    assert!(error.to_string().contains("found none: the bundle, or the endpoint"), "{error}");
    let mut other = answers;
    other.chain_id = 1;
    let error = check(&bundle, &trust(other)).unwrap_err();
    assert!(matches!(error, BundleError::OtherChain { expected: 1, .. }), "{error}");
}

/// Blocks that nothing links are believed only if an endpoint tells of each.
#[tokio::test]
async fn separate_blocks() {
    let story = Story::whole().await;
    let mut bundle = chained(&story, None).await;
    let LedgerProof::Chain { blocks, .. } = bundle.ledger.clone() else { panic!("a chain") };
    let count = blocks.len();
    bundle.ledger = LedgerProof::Separate { blocks };
    let error = check(&bundle, &Trust::default()).unwrap_err();
    assert!(matches!(error, BundleError::NeedsEndpoint { .. }), "{error}");
    let answers = ask(&story.network.endpoint, &bundle).await.unwrap();
    assert_eq!(answers.blocks.len(), count);
    let trust = Trust { blocks: Blocks::Endpoint(answers), ..Trust::default() };
    assert_eq!(check(&bundle, &trust).unwrap().headers, Headers::Separate);
}

/// A network whose block hashes are not those of its headers: only an endpoint can tell.
#[tokio::test]
async fn headers_that_prove_nothing() {
    let story = Story::whole().await;
    let strange = altered(&story.network.endpoint, |method, answer| match method {
        "eth_getBlockByNumber" => answer.replacen("\"gasLimit\":\"0x", "\"gasLimit\":\"0x1", 1),
        _ => answer,
    });
    let deployment = story.network.deployment();
    let ledger = theriac_ledger::Ledger::connect(strange, deployment).await.unwrap();
    let mut bundle = story.bundle(None).await;
    bundle.ledger = collect(&ledger, &story.evidence, None).await.unwrap();
    let error = check(&bundle, &Trust::default()).unwrap_err();
    assert_eq!(error, BundleError::NeedsEndpoint { headers: "not those of Ethereum" });
    let text = bundle.to_text().unwrap();
    assert!(text.contains("\"headers\":\"not_ethereum\""));
    let answers = ask(&story.network.endpoint, &bundle).await.unwrap();
    let trust = Trust { blocks: Blocks::Endpoint(answers.clone()), ..Trust::default() };
    let report = check(&bundle, &trust).unwrap();
    assert_eq!((report.headers, report.steps.len()), (Headers::NotEthereum, 17));
    let LedgerProof::NotEthereum { transactions } = &mut bundle.ledger else { panic!("told") };
    transactions.last_mut().unwrap().logs[0].data.0[40] ^= 1;
    let error = check(&bundle, &trust).unwrap_err();
    assert!(matches!(error, BundleError::TransactionDiffers { .. }), "{error}");
}

#[tokio::test]
async fn other_contracts_are_not_believed() {
    let story = Story::whole().await;
    let bundle = story.bundle(None).await;
    let named = story.named();
    let right = Trust {
        chain_id: Some(named.chain_id),
        custody: Some(named.custody),
        registry: Some(named.registry),
        blocks: Blocks::Printed,
    };
    assert!(check(&bundle, &right).is_ok());
    let other = Trust { custody: Some(Account([9; 20])), ..right.clone() };
    let error = check(&bundle, &other).unwrap_err();
    assert!(matches!(error, BundleError::OtherContract { contract: "custody", .. }), "{error}");
    let other = Trust { registry: Some(Account([9; 20])), ..right.clone() };
    let error = check(&bundle, &other).unwrap_err();
    assert!(matches!(error, BundleError::OtherContract { contract: "registry", .. }), "{error}");
    let other = Trust { chain_id: Some(1), ..right };
    let error = check(&bundle, &other).unwrap_err();
    assert!(matches!(error, BundleError::OtherChain { expected: 1, .. }), "{error}");
}
