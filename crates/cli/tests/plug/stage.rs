//! Where in its work a node was when it was killed, by what its database says afterwards.

use std::collections::BTreeMap;
use std::path::Path;

use theriac_store::{OutboxState, Store, TransactionState};

/// How many kills hit each stage; a kill may hit several.
pub(crate) type Hits = BTreeMap<&'static str, u32>;

/// Notes the stages that were under way.
pub(crate) async fn note(node: &Path, hits: &mut Hits) {
    let store = Store::open(node.join("theriac.db")).await.unwrap();
    let captures = store.unfinished_captures().await.unwrap();
    let pending = store.outbox_in(OutboxState::Pending).await.unwrap();
    let signed = store.transactions_in(TransactionState::Signed).await.unwrap();
    let mined = store.transactions_in(TransactionState::Mined).await.unwrap();
    store.close().await;
    let stages = [
        ("parsing", captures.iter().any(|capture| capture.next_ordinal == 0)),
        ("admission of a part", captures.iter().any(|capture| capture.next_ordinal > 0)),
        ("signing", !pending.is_empty()),
        ("sending", !signed.is_empty()),
        ("following", !mined.is_empty()),
    ];
    for (stage, _) in stages.into_iter().filter(|(_, hit)| *hit) {
        *hits.entry(stage).or_default() += 1;
    }
}
