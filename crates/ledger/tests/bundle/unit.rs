//! What a pack's bundle proves.

use theriac_custody::{HoldingState, LotStatus, Reason};
use theriac_ledger::bundle::{Bundle, BundleError, Kind, Trust, TrustedBy, check};

use crate::story::{EXPIRY, GTIN, Story};

#[tokio::test]
async fn each_step_of_a_life_is_proven() {
    let story = Story::whole().await;
    let bundle = story.bundle(None).await;
    let report = check(&bundle, &Trust::default()).unwrap();
    let unit = report.unit.unwrap();
    assert_eq!((unit.gtin.as_str(), unit.expiry.as_str()), (GTIN, EXPIRY));
    assert_eq!(unit.labeler.gln, "9521000000027");
    let kinds: Vec<Kind> = report.steps.iter().map(|step| step.kind).collect();
    let expected = [
        Kind::Commissioned,
        Kind::Anchored,
        Kind::Shipped,
        Kind::Received,
        Kind::SetApart,
        Kind::Released,
        Kind::Shipped,
        Kind::Cancelled,
        Kind::Shipped,
        Kind::Refused,
        Kind::Shipped,
        Kind::Received,
        Kind::Retired,
        Kind::Restored,
        Kind::LotStatus,
        Kind::LotStatus,
        Kind::Retired,
    ];
    assert_eq!(kinds, expected);
    assert!(report.steps.iter().all(|step| step.told.len() == 1 && step.told[0].names_unit));
    let shipped = &report.steps[2];
    let (by, to) = (&shipped.by, shipped.to.as_ref().unwrap());
    assert_eq!((by.gln.as_str(), to.gln.as_str()), ("9521000000027", "9521000000041"));
    // The ledger opens what is refused in the sender's name; it was the consignee's doing.
    let (refused, shipped) = (&report.steps[9], &report.steps[8]);
    assert_eq!(Some(&refused.by), shipped.to.as_ref());
    assert_eq!(refused.by.gln, "9521000000058");
    let standing = report.standing.unwrap();
    assert_eq!(standing.holding, story.goods.holding);
    assert_eq!(standing.holder.name, "Member 9521000000058");
    assert_eq!((standing.state, standing.ended), (HoldingState::Held, Some(Reason::Dispensed)));
    assert_eq!((standing.lot_status, report.trusted_by), (LotStatus::Normal, TrustedBy::Nothing));
}

/// A third party reads the text and nothing else.
#[tokio::test]
async fn text_and_back() {
    let story = Story::whole().await;
    let bundle = story.bundle(None).await;
    let text = bundle.to_text().unwrap();
    assert_eq!(Bundle::read(&text), Ok(bundle));
    let spaced = text.replacen("{\"format\"", "{ \"format\"", 1);
    assert_eq!(Bundle::read(&spaced), Err(BundleError::NotAsWritten { at: 1 }));
    println!("{} bytes for {} steps", text.len(), story.events.len());
}

/// An event alone is proven by its anchor, or by the operation that it caused.
#[tokio::test]
async fn events_without_a_pack() {
    let story = Story::whole().await;
    let mut bundle = story.bundle(None).await;
    bundle.unit = None;
    let error = check(&bundle, &Trust::default()).unwrap_err();
    assert!(matches!(error, BundleError::EventUnproven { number: 0, .. }), "{error}");
    let mut story = Story::begin().await;
    story.evidence = Default::default();
    story.events.clear();
    story.anchored().await;
    let mut bundle = story.bundle(None).await;
    bundle.unit = None;
    let error = check(&bundle, &Trust::default()).unwrap_err();
    let account = story.network.maker.account();
    assert_eq!(error, BundleError::AccountUnknown { account });
}
