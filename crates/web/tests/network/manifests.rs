//! Messages that lie: about what is in a shipment, whose it is, who signed, and when.

use theriac_custody::manifest::Packed;
use theriac_custody::{BreachCode, Hash, ItemStatus, Salt, VerdictCode};
use theriac_gs1::Sgtin;
use theriac_node::exchange::ShipmentMessage;
use theriac_web::ProblemCode;

use crate::events::{Lot, id, sscc};
use crate::letters::{Answer, Letter, envelope};
use crate::network::{Network, Who};

/// Three packs on their way from the maker to the wholesaler, whose node has not got the message:
/// it was down, and is up again.
async fn on_the_way(others: &[Who]) -> (Network, Vec<Sgtin>, ShipmentMessage) {
    let mut network = Network::of(&[&[Who::Maker, Who::Wholesaler], others].concat()).await;
    let units = network.stock(&Lot::lasting("A"), 3).await;
    network.down(Who::Wholesaler).await;
    network.admit(Who::Maker, &[network.ship(Who::Maker, Who::Wholesaler, &units)]).await;
    network.settle(Who::Maker).await;
    network.up(Who::Wholesaler).await;
    let message = network.waiting_messages(Who::Maker).await.pop().unwrap();
    (network, units, message)
}

type Lie = fn(&mut ShipmentMessage);

#[tokio::test(flavor = "multi_thread")]
async fn a_manifest_that_does_not_open_to_the_root_is_rejected() {
    let (network, units, truth) = on_the_way(&[]).await;
    let lies: [(&str, Lie); 9] = [
        ("expected the root", |m| m.manifest.units[0].serial = "FORGED".parse().unwrap()),
        ("expected the root", |m| drop(m.manifest.units.pop())),
        ("expected the root", |m| m.manifest.units[1].salt = Salt([0; 16])),
        ("expected the root", |m| m.manifest.lots[0].salt = Salt([0; 16])),
        ("expected the root", |m| m.manifest.lots[0].lot = "OTHER".parse().unwrap()),
        ("expected the height 2 that the ledger has, found 3", |m| m.manifest.height = 3),
        ("expected one of 1 lots, found lot 5", |m| m.manifest.units[2].lot = 5),
        ("expected ascending positions", |m| m.manifest.units.swap(0, 1)),
        ("expected the expiry of lot A as on the ledger, found 2030-01-01", |m| {
            m.manifest.lots[0].expiry = "2030-01-01".parse().unwrap();
        }),
    ];
    for (number, (reason, lie)) in lies.into_iter().enumerate() {
        let mut message = truth.clone();
        lie(&mut message);
        assert_ne!(message, truth);
        let said = network.tell(Who::Maker, Who::Wholesaler, &message).await.rejected();
        assert!(said.starts_with(reason), "lie {number}: {said}");
        let (code, in_case) = network.last_case(Who::Wholesaler).await;
        assert_eq!(code, BreachCode::ManifestMismatch);
        assert!(in_case.ends_with(&said), "{in_case}");
        assert_eq!(network.cases(Who::Wholesaler).await.len(), number + 1);
        for unit in &units {
            assert_eq!(network.item(Who::Wholesaler, unit).await, None);
        }
    }
    // The truth is believed all the same, once.
    let answer = network.tell(Who::Maker, Who::Wholesaler, &truth).await;
    assert!(matches!(answer, Answer::Taken { .. }), "{answer:?}");
    let answer = network.tell(Who::Maker, Who::Wholesaler, &truth).await;
    assert_eq!(answer, Answer::Taken { known: true });
    assert_eq!(network.cases(Who::Wholesaler).await.len(), 9);
    assert_eq!(network.status(Who::Wholesaler, &units[0]).await, Some(ItemStatus::Expected));
    network.settle_all().await;
    network.assert_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_counts_only_from_the_sender_to_the_consignee_and_now() {
    let (network, units, truth) = on_the_way(&[Who::Rival, Who::PharmacyA]).await;
    let body = serde_json::to_vec(&truth).unwrap();
    let from_maker = async |to| network.letter(Who::Maker, to, &envelope(body.clone())).await;

    // By a stranger; by another member in the sender's name, and in its own.
    let mut stranger = from_maker(Who::Wholesaler).await;
    stranger.headers.member = Who::PharmacyB.gln().to_string();
    let problem = network.post(Who::Wholesaler, &stranger).await.problem();
    assert_eq!(problem, ProblemCode::NotAuthorised);
    // A stranger is turned away by its headers: its body is not even compared.
    let body_swapped = Letter { body: b"anything".to_vec(), ..stranger };
    let problem = network.post(Who::Wholesaler, &body_swapped).await.problem();
    assert_eq!(problem, ProblemCode::NotAuthorised);
    network.assert_no_cases().await;
    let said = network.tell(Who::Rival, Who::Wholesaler, &truth).await.rejected();
    let (sender, signer) = (Who::Maker.gln(), Who::Rival.gln());
    assert_eq!(said, format!("expected a message of {sender}, signed by {signer}"));
    let mut stolen = truth.clone();
    stolen.from = signer;
    let said = network.tell(Who::Rival, Who::Wholesaler, &stolen).await.rejected();
    assert_eq!(said, format!("expected a shipment of {signer}, found one of another member"));

    // At another time, and changed on the way.
    for seconds in [-301, 301] {
        network.clock.skip(-seconds);
        let letter = from_maker(Who::Wholesaler).await;
        network.clock.skip(seconds);
        let problem = network.post(Who::Wholesaler, &letter).await.problem();
        assert_eq!(problem, ProblemCode::SignatureWrong);
    }
    let mut letter = from_maker(Who::Wholesaler).await;
    letter.headers.time.push('0');
    let problem = network.post(Who::Wholesaler, &letter).await.problem();
    assert_eq!(problem, ProblemCode::SignatureWrong);
    let mut letter = from_maker(Who::Wholesaler).await;
    letter.body.push(b' ');
    let problem = network.post(Who::Wholesaler, &letter).await.problem();
    assert_eq!(problem, ProblemCode::SignatureWrong);
    letter.body.pop();
    letter.headers.member = Who::Rival.gln().to_string();
    let problem = network.post(Who::Wholesaler, &letter).await.problem();
    assert_eq!(problem, ProblemCode::SignatureWrong);

    // Meant for somebody else, and sent on by whoever got it.
    let letter = from_maker(Who::PharmacyA).await;
    let problem = network.post(Who::Wholesaler, &letter).await.problem();
    assert_eq!(problem, ProblemCode::SignatureWrong);

    // To somebody else, and about a shipment that nobody has seen.
    let said = network.tell(Who::Maker, Who::PharmacyA, &truth).await.rejected();
    assert_eq!(said, "expected a shipment on its way to this member, found another");
    assert_eq!(network.item(Who::PharmacyA, &units[0]).await, None);
    let mut early = truth.clone();
    early.manifest.holding = Hash([9; 32]);
    let problem = network.tell(Who::Maker, Who::Wholesaler, &early).await.problem();
    assert_eq!(problem, ProblemCode::TooEarly);
    let nonsense = network.letter(Who::Maker, Who::Wholesaler, &envelope(b"{}".to_vec())).await;
    assert_eq!(network.post(Who::Wholesaler, &nonsense).await.problem(), ProblemCode::BodyWrong);
    let cases = network.case_codes(Who::Wholesaler).await;
    assert_eq!(cases, [BreachCode::ManifestMismatch; 2]);
    assert_eq!(network.case_codes(Who::PharmacyA).await, [BreachCode::ManifestMismatch]);

    // The true one, and the very same letter again by somebody who has overheard it.
    let letter = from_maker(Who::Wholesaler).await;
    assert!(matches!(network.post(Who::Wholesaler, &letter).await, Answer::Taken { .. }));
    let received = network.receive(Who::Maker, Who::Wholesaler, &units);
    network.admit(Who::Wholesaler, &[received]).await;
    network.settle_all().await;
    assert_eq!(network.post(Who::Wholesaler, &letter).await, Answer::Taken { known: true });
    assert_eq!(network.status(Who::Wholesaler, &units[0]).await, Some(ItemStatus::InStock));
    assert_eq!(network.case_codes(Who::Wholesaler).await.len(), 2);
    network.assert_clean().await;
}

/// The packing is not committed to on the ledger: what it says about things that are not in the
/// shipment is not believed.
#[tokio::test(flavor = "multi_thread")]
async fn packing_cannot_reach_into_the_receivers_own_books() {
    let mut network = Network::of(&[Who::Maker, Who::Rival, Who::Wholesaler]).await;
    let lot = Lot::lasting("A");
    let units = network.stock(&lot, 4).await;
    let (stock, sold) = units.split_at(2);
    network.hand_over(Who::Maker, Who::Wholesaler, stock).await;
    let tote = sscc(Who::Wholesaler, 1);
    network.admit(Who::Wholesaler, &[network.pack(Who::Wholesaler, &tote, &stock[..1])]).await;
    network.settle_all().await;
    network.down(Who::Wholesaler).await;
    network.admit(Who::Maker, &[network.ship(Who::Maker, Who::Wholesaler, sold)]).await;
    network.settle(Who::Maker).await;
    network.up(Who::Wholesaler).await;
    let truth = network.waiting_messages(Who::Maker).await.pop().unwrap();
    let within = |item: &Sgtin, parent| Packed { item: id(item), parent };
    let mut message = truth.clone();
    message.manifest.packing = vec![within(&sold[0], id(&stock[1]))];
    network.tell(Who::Maker, Who::Wholesaler, &message).await.rejected();
    message.manifest.packing = vec![within(&sold[0], id(&sold[1])), within(&sold[1], tote.clone())];
    let answer = network.tell(Who::Maker, Who::Wholesaler, &message).await;
    assert!(matches!(answer, Answer::Taken { .. }), "{answer:?}");
    for unit in stock {
        assert_eq!(network.status(Who::Wholesaler, unit).await, Some(ItemStatus::InStock));
        assert_eq!(network.verdict(Who::Wholesaler, unit).await, VerdictCode::Genuine);
    }
    network.assert_clean().await;
    // The tote can still be used.
    network.admit(Who::Wholesaler, &[network.pack(Who::Wholesaler, &tote, &stock[1..])]).await;
    // And what the shipment does hold is received as ever.
    let received = network.receive(Who::Maker, Who::Wholesaler, sold);
    network.admit(Who::Wholesaler, &[received]).await;
    network.settle_all().await;
    assert_eq!(network.verdict(Who::Wholesaler, &sold[1]).await, VerdictCode::Genuine);
    network.assert_clean().await;
}

/// The maker knows the leaves of what comes back to it, and believes only the true message.
#[tokio::test(flavor = "multi_thread")]
async fn a_lie_about_a_return_does_not_hide_the_truth() {
    let mut network = Network::of(&[Who::Maker, Who::Wholesaler]).await;
    let units = network.stock(&Lot::lasting("A"), 2).await;
    network.hand_over(Who::Maker, Who::Wholesaler, &units).await;
    network.down(Who::Maker).await;
    let back = network.ship_back(Who::Wholesaler, Who::Maker, &units);
    network.admit(Who::Wholesaler, &[back]).await;
    network.settle(Who::Wholesaler).await;
    network.up(Who::Maker).await;
    let truth = network.waiting_messages(Who::Wholesaler).await.pop().unwrap();
    let mut lie = truth.clone();
    lie.manifest.units.pop();
    network.tell(Who::Wholesaler, Who::Maker, &lie).await.rejected();
    let answer = network.tell(Who::Wholesaler, Who::Maker, &truth).await;
    assert!(matches!(answer, Answer::Taken { .. }), "{answer:?}");
    assert_eq!(network.status(Who::Maker, &units[0]).await, Some(ItemStatus::Expected));
    network.admit(Who::Maker, &[network.receive(Who::Wholesaler, Who::Maker, &units)]).await;
    network.settle_all().await;
    assert_eq!(network.verdict(Who::Maker, &units[0]).await, VerdictCode::Genuine);
    network.assert_clean().await;
}

/// The event that comes with a shipment is believed only if it is the one on the ledger: another one
/// could make the consignee take an event of its own, captured later, for a duplicate.
#[tokio::test(flavor = "multi_thread")]
async fn a_told_event_cannot_silence_one_that_is_to_come() {
    let (network, units, mut lie) = on_the_way(&[]).await;
    let receipt = network.receive(Who::Maker, Who::Wholesaler, &units);
    lie.event = Some(theriac_epcis::to_json(&receipt));
    let answer = network.tell(Who::Maker, Who::Wholesaler, &lie).await;
    assert!(matches!(answer, Answer::Taken { .. }), "{answer:?}");
    network.admit(Who::Wholesaler, &[receipt]).await;
    network.settle_all().await;
    assert_eq!(network.status(Who::Wholesaler, &units[0]).await, Some(ItemStatus::InStock));
    network.assert_clean().await;
}
