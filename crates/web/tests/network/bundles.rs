//! Proof bundles given out by real nodes, checked without them.

use theriac_custody::{Reason, identity::identity_of};
use theriac_epcis::Event;
use theriac_gs1::Sgtin;
use theriac_ledger::Endpoint;
use theriac_ledger::bundle::{
    Blocks, Bundle, Kind, LedgerProof, Report, Trust, TrustedBy, ask, check,
};
use theriac_node::ProveOptions;

use crate::books::code;
use crate::events::{Lot, sscc};
use crate::network::{Network, Who};

impl Network {
    async fn bundle(&self, who: Who, code: &str) -> Bundle {
        self.node(who).prove(code, &ProveOptions::default()).await.unwrap()
    }

    /// What the bundle proves to somebody who trusts the newest block.
    async fn proven(&self, bundle: &Bundle) -> Report {
        let text = bundle.to_text().unwrap();
        let read = Bundle::read(&text).unwrap();
        let head = self.ledger().await.head().await.unwrap();
        let report = check(&read, &Trust::default()).unwrap();
        let trust = Trust { blocks: Blocks::Hash(report.until.hash), ..Trust::default() };
        assert!(report.until.block <= head.number);
        check(&read, &trust).unwrap()
    }

    /// A pack that was packed, shipped in a box, sold on as a single pack, and dispensed.
    async fn whole_life(&self) -> (Sgtin, Event) {
        let lot = Lot::lasting("B");
        let units = lot.units(6);
        let made = self.make(Who::Maker, &lot, &units);
        self.admit(Who::Maker, &[made]).await;
        let parent = sscc(Who::Maker, 1);
        let packed = self.pack(Who::Maker, &parent, &units[..4]);
        self.admit(Who::Maker, std::slice::from_ref(&packed)).await;
        self.settle_all().await;
        self.admit(Who::Maker, &[self.ship_box(Who::Maker, Who::Wholesaler, &parent)]).await;
        self.settle_all().await;
        let received = self.receive_box(Who::Maker, Who::Wholesaler, &parent);
        self.admit(Who::Wholesaler, &[received]).await;
        self.settle_all().await;
        self.hand_over(Who::Wholesaler, Who::PharmacyA, &units[1..3]).await;
        self.admit(Who::PharmacyA, &[self.dispense(Who::PharmacyA, &units[2..3])]).await;
        self.settle_all().await;
        (units[2].clone(), packed)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_holder_can_prove_the_whole_life() {
    let network = Network::of(&[Who::Maker, Who::Wholesaler, Who::PharmacyA]).await;
    let (unit, _) = network.whole_life().await;
    let mut lives = Vec::new();
    for who in [Who::Maker, Who::Wholesaler, Who::PharmacyA] {
        let bundle = network.bundle(who, &code(&unit)).await;
        let report = network.proven(&bundle).await;
        assert_eq!(report.trusted_by, TrustedBy::BlockHash);
        let standing = report.standing.as_ref().unwrap();
        assert_eq!(standing.ended, Some(Reason::Dispensed));
        assert_eq!(standing.holder.gln, Who::PharmacyA.gln().to_string());
        assert_eq!(report.unit.as_ref().unwrap().labeler.gln, Who::Maker.gln().to_string());
        let steps: Vec<Kind> = report.steps.iter().map(|step| step.kind).collect();
        let told = report.steps.iter().filter(|step| !step.told.is_empty()).count();
        assert!(told >= 1, "{who:?} tells of what it did: {steps:?}");
        let endpoint = Endpoint::http(&[network.ledger_url()]);
        let answers = ask(&endpoint, &bundle).await.unwrap();
        let trust = Trust { blocks: Blocks::Endpoint(answers), ..Trust::default() };
        assert_eq!(check(&bundle, &trust).unwrap().trusted_by, TrustedBy::Endpoint);
        lives.push(steps.into_iter().filter(|kind| *kind != Kind::Anchored).collect::<Vec<_>>());
    }
    let expected = [
        Kind::Commissioned,
        Kind::Shipped,
        Kind::Received,
        Kind::Shipped,
        Kind::Received,
        Kind::Retired,
    ];
    assert_eq!(lives, [expected, expected, expected]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_is_proven_by_its_anchor() {
    let network = Network::of(&[Who::Maker, Who::Wholesaler, Who::PharmacyA]).await;
    let (_, packed) = network.whole_life().await;
    let hash = identity_of(&packed);
    let bundle = network.bundle(Who::Maker, &hash.to_string()).await;
    assert_eq!((bundle.unit.as_ref(), bundle.events.len()), (None, 1));
    let report = network.proven(&bundle).await;
    assert_eq!(report.steps.len(), 1);
    let step = &report.steps[0];
    assert_eq!((step.kind, step.told[0].hash), (Kind::Anchored, hash));
    assert_eq!(step.by.gln, Who::Maker.gln().to_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_proven_is_told() {
    let network = Network::of(&[Who::Maker, Who::Wholesaler]).await;
    let lot = Lot::lasting("C");
    let units = network.stock(&lot, 2).await;
    let node = network.node(Who::Maker);
    let refused = async |code: String| {
        node.prove(&code, &ProveOptions::default()).await.unwrap_err().to_string()
    };
    let error = refused(code(&lot.unit(99))).await;
    assert!(error.contains("with a place on the ledger, found none here"), "{error}");
    let error = refused(sscc(Who::Maker, 1).digital_link()).await;
    assert!(error.starts_with("expected the code of a pack, or the eventID"), "{error}");
    let early = ProveOptions { block: Some(1), ..ProveOptions::default() };
    let error = node.prove(&code(&units[0]), &early).await.unwrap_err().to_string();
    assert!(error.starts_with("expected a block after the last step"), "{error}");
    let silent = ProveOptions { without_events: true, ..ProveOptions::default() };
    let bundle = node.prove(&code(&units[0]), &silent).await.unwrap();
    assert!(bundle.events.is_empty() && bundle.unit.is_some());
    let (LedgerProof::History { .. } | LedgerProof::Chain { .. }) = &bundle.ledger else {
        panic!("blocks that are linked: {:?}", bundle.ledger)
    };
    network.proven(&bundle).await;
}
