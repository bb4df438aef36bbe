//! Journeys hop by hop: what the ledger shows, what each party tells under its consent, and what is
//! said of a party that is away, refuses or lies.

use theriac_custody::journey::{Consent, RegulatorConsent, Sight};
use theriac_epcis::{Event, TransformationEvent, event_hash};
use theriac_gs1::Sgtin;
use theriac_node::{EventState, Journey, JourneyHop};
use theriac_store::{CaptureSource, ErrorBehaviour, NewCapture, NewEvent};

use crate::books::code;
use crate::events::{Lot, id};
use crate::network::{Network, Who};

impl Network {
    /// Packs of a lot, the first of which has gone to pharmacy A by a wholesaler and a logistics
    /// company, and was dispensed there.
    pub(crate) async fn travelled(&self) -> Vec<Sgtin> {
        let units = self.stock(&Lot::lasting("A"), 4).await;
        for (from, to) in [
            (Who::Maker, Who::Wholesaler),
            (Who::Wholesaler, Who::Reseller),
            (Who::Reseller, Who::PharmacyA),
        ] {
            self.clock.skip(3_600);
            self.hand_over(from, to, &units[..2]).await;
        }
        self.clock.skip(3_600);
        self.admit(Who::PharmacyA, &[self.dispense(Who::PharmacyA, &units[..1])]).await;
        self.settle_all().await;
        units
    }

    /// Puts an event on record at a node that never happened, past all rules.
    pub(crate) async fn lie(&self, who: Who, event: &Event, unit: &Sgtin) {
        let mut tx = self.node(who).store().write().await.unwrap();
        let now = self.clock.now().as_millisecond();
        let capture = NewCapture {
            received_at: now,
            source: CaptureSource::Api,
            content_type: None,
            sender: None,
            error_behaviour: ErrorBehaviour::Proceed,
        };
        let capture = tx.begin_capture(&capture).await.unwrap();
        let row = NewEvent {
            hash: theriac_custody::Hash(event_hash(event).0),
            event_id: None,
            kind: event.kind().to_owned(),
            event_time: now,
            record_time: now,
            biz_step: event.biz_step().map(ToString::to_string),
            disposition: event.disposition().map(ToString::to_string),
            action: event.action().map(|action| action.to_string()),
            capture,
            ordinal: 0,
            place: String::new(),
            body: theriac_epcis::to_json(event).to_string(),
            state: EventState::Final,
            declares: None,
            names: Vec::new(),
        };
        tx.insert_event(&row, &[id(unit)]).await.unwrap().unwrap();
        tx.commit().await.unwrap();
    }
}

pub(crate) const ROUTE: [Who; 5] =
    [Who::Maker, Who::Wholesaler, Who::Reseller, Who::PharmacyA, Who::PharmacyB];

/// Who had the pack, how the hop began and ended, and what its member says.
fn hops(journey: &Journey) -> Vec<(String, &str, &str, &str)> {
    let hop = |hop: &JourneyHop| {
        let party = hop.party.as_ref().map(|party| party.name.clone()).unwrap_or_default();
        (party, hop.begins.clone(), hop.ends.clone(), hop.answer.state.clone())
    };
    let all = journey.hops.iter().map(hop);
    all.map(|(party, begins, ends, state)| (party, leak(begins), leak(ends), leak(state))).collect()
}

fn leak(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

pub(crate) fn hop(journey: &Journey, who: Who) -> JourneyHop {
    let is = |hop: &&JourneyHop| hop.party.as_ref().is_some_and(|party| party.gln == who.gln());
    journey
        .hops
        .iter()
        .find(is)
        .unwrap_or_else(|| panic!("no hop of {who:?}: {journey:#?}"))
        .clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_regulator_that_knows_nothing_is_told_the_whole_journey() {
    let network = Network::of(&ROUTE).await;
    let units = network.travelled().await;
    let journey = network.trace(Who::Regulator, &units[0]).await;
    let name = |who: Who| format!("{who:?}");
    let expected = [
        (name(Who::Maker), "commissioned", "sent", "told"),
        (name(Who::Wholesaler), "received", "sent", "told"),
        (name(Who::Reseller), "received", "sent", "told"),
        (name(Who::PharmacyA), "received", "dispensed", "told"),
    ];
    assert_eq!(hops(&journey), expected);
    assert!(journey.complete, "{journey:#?}");
    let carrier = hop(&journey, Who::Reseller);
    assert_eq!(carrier.from.unwrap().gln, Who::Wholesaler.gln());
    assert_eq!(carrier.to.unwrap().gln, Who::PharmacyA.gln());
    assert!(carrier.since < carrier.until);
    assert_eq!(carrier.answer.sight.as_deref(), Some("all"));
    assert!(journey.hops.iter().all(|hop| hop.proven_by == "ledger"), "{journey:#?}");
    let steps: Vec<&str> = journey.steps.iter().map(|step| step.what.as_str()).collect();
    let expected = [
        "commissioned",
        "shipped to Wholesaler",
        "received",
        "shipped to Reseller",
        "received",
        "shipped to PharmacyA",
        "received",
        "dispensed",
    ];
    assert_eq!(steps, expected);
    for step in &journey.steps {
        assert_eq!(step.proven_by, "ledger", "{step:?}");
        assert!(step.told_by.is_some() && step.event.is_some(), "{step:?}");
        assert_eq!(step.contradiction, None);
    }
    // It has the pack on record nowhere, and still the ledger shows all of it.
    assert_eq!(network.status(Who::Regulator, &units[0]).await, None);
    network.assert_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_party_tells_what_its_consent_allows() {
    let mut network = Network::of(&ROUTE).await;
    let units = network.travelled().await;
    // Parties of a hop see it; the others names, as the ledger shows them; strangers nothing.
    let journey = network.trace(Who::PharmacyA, &units[0]).await;
    assert_eq!(journey.hops.len(), 4);
    assert!(journey.complete, "{journey:#?}");
    assert_eq!(hop(&journey, Who::PharmacyA).answer.state, "here");
    let (maker, carrier) = (hop(&journey, Who::Maker), hop(&journey, Who::Reseller));
    assert_eq!((maker.answer.events, maker.answer.sight.as_deref()), (0, Some("names")));
    assert_eq!(carrier.answer.events, 1, "its shipment to the pharmacy: {carrier:#?}");
    let told: Vec<_> = journey.steps.iter().filter(|step| step.event.is_some()).collect();
    assert_eq!(told.len(), 3, "its carrier's shipment, its receipt, its dispensing: {told:#?}");

    let stranger = network.trace(Who::PharmacyB, &units[0]).await;
    assert_eq!(stranger.steps, []);
    let answer = hop(&stranger, Who::Maker).answer;
    assert_eq!((answer.sight.as_deref(), answer.next.len()), (Some("nothing"), 0));

    let consent = Consent { labeler: Sight::All, members: Sight::All, ..Consent::default() };
    network.configure(Who::Wholesaler, |config| config.consent = consent).await;
    let journey = network.trace(Who::Maker, &units[0]).await;
    let answer = hop(&journey, Who::Wholesaler).answer;
    assert_eq!((answer.events, answer.sight.as_deref()), (3, Some("all")));
    let carrier = hop(&journey, Who::Reseller).answer;
    assert_eq!((carrier.events, carrier.sight.as_deref()), (0, Some("names")));

    // Nobody is told anything without a member's signature.
    let url = format!("{}/told?code={}", network.url(Who::Maker), code(&units[0]));
    let status = network.http.get(url).send().await.unwrap().status();
    assert_eq!(status.as_u16(), 401);
    // And it is on record who was told how much.
    let told = network.disclosures(Who::Wholesaler).await;
    let of = |who: Who| told.iter().find(|one| one.asked_by.gln == who.gln()).unwrap();
    assert_eq!((of(Who::Maker).sight.as_str(), of(Who::Maker).times), ("all", 1));
    assert_eq!(of(Who::PharmacyA).sight, "names");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_party_that_is_away_is_asked_again_until_it_answers() {
    let mut network = Network::of(&ROUTE).await;
    let units = network.travelled().await;
    network.down(Who::Wholesaler).await;
    let asked_at = network.clock.now().to_string();
    let journey = network.trace(Who::Regulator, &units[0]).await;
    let away = hop(&journey, Who::Wholesaler);
    assert_eq!((away.answer.state.as_str(), away.proven_by.as_str()), ("silent", "ledger"));
    assert_eq!(away.answer.silent_since.as_deref(), Some(asked_at.as_str()));
    assert!(away.answer.asked_again_at.is_some(), "{away:#?}");
    assert_eq!(hop(&journey, Who::Reseller).answer.state, "told");
    assert!(!journey.complete);
    // What it did is shown by the ledger all the same.
    assert_eq!(journey.steps.len(), 8);

    network.clock.skip(7_200);
    network.settle_all().await;
    let again = hop(&network.trace(Who::Regulator, &units[0]).await, Who::Wholesaler);
    assert_eq!(again.answer.silent_since.as_deref(), Some(asked_at.as_str()));

    network.up(Who::Wholesaler).await;
    network.clock.skip(7_200);
    network.settle_all().await;
    network.down(Who::Wholesaler).await;
    // It is away again, and has answered in between.
    let journey = network.trace(Who::Regulator, &units[0]).await;
    let answer = hop(&journey, Who::Wholesaler).answer;
    assert_eq!((answer.state.as_str(), answer.events), ("earlier", 3));
    network.up(Who::Wholesaler).await;
    let journey = network.trace(Who::Regulator, &units[0]).await;
    assert_eq!(hop(&journey, Who::Wholesaler).answer.state, "told");
    assert!(journey.complete, "{journey:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_party_that_refuses_is_named_with_its_reason() {
    let mut network = Network::of(&ROUTE).await;
    let units = network.travelled().await;
    let regulators = RegulatorConsent::Never;
    let consent = Consent { regulators, ..Consent::default() };
    network.configure(Who::Reseller, |config| config.consent = consent).await;
    let journey = network.trace(Who::Regulator, &units[0]).await;
    let answer = hop(&journey, Who::Reseller).answer;
    assert_eq!(answer.state, "refused");
    assert_eq!(answer.reason.as_deref(), Some("this member answers no regulator"));
    assert!(!journey.complete);
    assert_eq!(journey.steps.len(), 8);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_party_that_tells_otherwise_than_the_ledger_is_found_out() {
    let network = Network::of(&ROUTE).await;
    let units = network.travelled().await;
    // The wholesaler says that it shipped the pack to pharmacy B, the maker that it destroyed it.
    let lie = network.ship(Who::Wholesaler, Who::PharmacyB, &units[..1]);
    network.lie(Who::Wholesaler, &lie, &units[0]).await;
    network.lie(Who::Maker, &network.destroy(Who::Maker, &units[..1]), &units[0]).await;
    let journey = network.trace(Who::Regulator, &units[0]).await;
    assert!(!journey.complete);
    let liar = hop(&journey, Who::Wholesaler);
    let (told, shown) = (Who::PharmacyB.gln(), Who::Reseller.gln());
    let expected = format!(
        "it says that it shipped the pack to {told}; the ledger shows that it shipped it to {shown}"
    );
    assert_eq!(liar.contradictions, std::slice::from_ref(&expected));
    let step = journey.steps.iter().find(|step| step.contradiction.is_some()).unwrap();
    assert_eq!(step.proven_by, "event");
    let maker = hop(&journey, Who::Maker).contradictions;
    assert_eq!(
        maker,
        ["it says that the pack is destroyed; the ledger shows that it is dispensed"]
    );
    let honest = hop(&journey, Who::Reseller);
    assert_eq!(honest.contradictions, [] as [String; 0]);
    // The way that the ledger shows is the same.
    let proven = journey.steps.iter().filter(|step| step.proven_by == "ledger").count();
    assert_eq!(proven, 8);
}

#[tokio::test(flavor = "multi_thread")]
async fn packs_made_from_others_link_both_lives() {
    let network = Network::of(&ROUTE).await;
    let (old, new) = (Lot::lasting("OLD"), Lot::new(Who::Maker.gtin(2), "NEW", "2028-06-30"));
    let units = network.stock(&old, 2).await;
    let packs = new.units(2);
    let made = network.make(Who::Maker, &new, &packs);
    let Event::Object(made) = made else { panic!("a commissioning event is an object event") };
    let event = Event::Transformation(TransformationEvent {
        common: made.common,
        input_epcs: units.iter().map(|unit| id(unit).into()).collect(),
        input_quantities: Vec::new(),
        output_epcs: made.epc_list,
        output_quantities: Vec::new(),
        transformation_id: None,
        ilmd: made.ilmd,
    });
    network.admit(Who::Maker, &[event]).await;
    network.settle_all().await;
    network.hand_over(Who::Maker, Who::PharmacyA, &packs[..1]).await;
    for who in [Who::Maker, Who::Regulator] {
        let journey = network.trace(who, &packs[0]).await;
        let from: Vec<_> = journey.made_from.iter().map(|link| link.identifier.clone()).collect();
        assert_eq!(from, units.iter().map(code).collect::<Vec<_>>(), "{who:?}");
        assert!(journey.made_from.iter().all(|link| link.proven), "{journey:#?}");
        assert_eq!(journey.made_from[0].told_by.gln, Who::Maker.gln());
        let journey = network.trace(who, &units[1]).await;
        let into: Vec<_> = journey.made_into.iter().map(|link| link.identifier.clone()).collect();
        assert_eq!(into, packs.iter().map(code).collect::<Vec<_>>(), "{who:?}");
        assert_eq!(hop(&journey, Who::Maker).ends, "repackaged");
    }
}
