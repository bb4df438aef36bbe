//! An authority's inquiries: answered at once, after approval, denied, late; and the audit of them.

use theriac_custody::journey::{Consent, RegulatorConsent};
use theriac_gs1::{Identifier, Sgtin};
use theriac_node::{
    DisclosureEntry, InquiryEntry, InquiryPartyEntry, InquiryReport, InquiryRequest,
};
use theriac_web::routes::inquiries::{AttachAnswer, AttachRequest, DecisionRequest};

use crate::books::code;
use crate::events::Lot;
use crate::journeys::{ROUTE, hop};
use crate::network::{Network, Who};

impl Network {
    pub(crate) async fn disclosures(&self, who: Who) -> Vec<DisclosureEntry> {
        self.get(who, "/disclosures").await
    }

    async fn send(&self, who: Who, path: &str, body: &impl serde::Serialize) -> (u16, String) {
        let url = format!("{}{path}", self.url(who));
        let response = self.http.post(url).json(body).send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }

    /// Lets messages go to and fro until no answer names a party that was not asked.
    async fn settle_over(&self) {
        for _ in 0..5 {
            self.settle_all().await;
            self.settle(Who::Regulator).await;
        }
    }

    async fn inquire(&self, items: &[String]) -> InquiryReport {
        let request = InquiryRequest {
            items: items.to_vec(),
            reason: "suspect product".to_owned(),
            legal_basis: "21 U.S.C. 360eee-1(b)(2)".to_owned(),
            parties: Vec::new(),
        };
        let (status, text) = self.send(Who::Regulator, "/inquiries", &request).await;
        assert_eq!(status, 201, "{text}");
        self.settle_over().await;
        let made: InquiryReport = serde_json::from_str(&text).unwrap();
        self.inquiry(Who::Regulator, made.entry.inquiry).await
    }

    async fn inquire_about(&self, unit: &Sgtin) -> InquiryReport {
        self.inquire(&[code(unit)]).await
    }

    async fn inquiry(&self, who: Who, number: i64) -> InquiryReport {
        self.get(who, &format!("/inquiries/{number}")).await
    }

    async fn inquiries(&self, who: Who) -> Vec<InquiryEntry> {
        self.get(who, "/inquiries").await
    }

    async fn consent_of(&mut self, who: Who, regulators: RegulatorConsent) {
        let consent = Consent { regulators, ..Consent::default() };
        self.configure(who, |config| config.consent = consent).await;
    }
}

fn party(report: &InquiryReport, who: Who) -> InquiryPartyEntry {
    report.parties.iter().find(|one| one.party.gln == who.gln()).unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inquiry_is_answered_at_once_and_put_together() {
    let network = Network::of(&ROUTE).await;
    let units = network.travelled().await;
    let report = network.inquire_about(&units[0]).await;
    assert_eq!(report.entry.state, "complete", "{report:#?}");
    let asked: Vec<_> = report.parties.iter().map(|one| one.party.name.clone()).collect();
    assert_eq!(asked, ["Maker", "Wholesaler", "Reseller", "PharmacyA"]);
    for one in &report.parties {
        assert_eq!((one.state.as_str(), one.late), ("answered", false), "{one:?}");
        // One business day and never later than 48 hours; a pharmacy has two days.
        let due = if one.party.gln == Who::PharmacyA.gln() { "2026-11-25" } else { "2026-11-24" };
        assert!(one.due_at.starts_with(due), "{one:?}");
    }
    let journey = &report.journeys[0];
    assert!(journey.complete, "{journey:#?}");
    assert_eq!((journey.hops.len(), journey.steps.len()), (4, 8));
    assert!(journey.steps.iter().all(|step| step.event.is_some()));
    // Those who were asked have it on record: who, why, on what basis.
    let seen = &network.inquiries(Who::Reseller).await[0];
    assert_eq!((seen.state.as_str(), seen.kind.as_str()), ("answered", "authority"));
    assert_eq!(seen.number, report.entry.number);
    assert_eq!(seen.asked_by.gln, Who::Regulator.gln());
    assert_eq!(seen.legal_basis, "21 U.S.C. 360eee-1(b)(2)");
    let told = &network.disclosures(Who::Reseller).await[0];
    assert_eq!((told.sight.as_str(), told.kind.as_str()), ("all", "authority"));
    assert_eq!(told.item, code(&units[0]));
    network.assert_no_cases().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_waits_for_approval_and_is_late_after_the_legal_clock() {
    let mut network = Network::of(&ROUTE).await;
    let units = network.travelled().await;
    network.consent_of(Who::Wholesaler, RegulatorConsent::Approval).await;
    let asked = network.inquire_about(&units[0]).await;
    assert_eq!(asked.entry.state, "asked");
    assert_eq!(party(&asked, Who::Wholesaler).state, "pending");
    assert_eq!(hop(&asked.journeys[0], Who::Wholesaler).answer.state, "pending");
    // It is on the way by the ledger, so that the others were asked all the same.
    assert_eq!(party(&asked, Who::PharmacyA).state, "answered");
    let waiting = network.inquiries(Who::Wholesaler).await.remove(0);
    assert_eq!((waiting.state.as_str(), waiting.late), ("waiting", false));

    network.clock.skip(49 * 3_600);
    network.settle_over().await;
    let late = network.inquiry(Who::Regulator, asked.entry.inquiry).await;
    assert!(late.entry.late);
    let one = party(&late, Who::Wholesaler);
    assert_eq!((one.late, one.reminders), (true, 1), "{one:?}");
    assert!(network.inquiries(Who::Wholesaler).await[0].late);
    network.settle_over().await;
    assert_eq!(
        party(&network.inquiry(Who::Regulator, asked.entry.inquiry).await, Who::Wholesaler)
            .reminders,
        1,
        "once a day"
    );

    let path = format!("/inquiries/{}", waiting.inquiry);
    let document = AttachRequest {
        name: "invoice.txt".to_owned(),
        content_type: "text/plain".to_owned(),
        body: hex::encode("invoice 7"),
    };
    let (status, text) =
        network.send(Who::Wholesaler, &format!("{path}/documents"), &document).await;
    assert_eq!(status, 200, "{text}");
    let attached: AttachAnswer = serde_json::from_str(&text).unwrap();
    let approved = DecisionRequest { reason: "approved by the compliance officer".to_owned() };
    let (status, text) = network.send(Who::Wholesaler, &format!("{path}/approve"), &approved).await;
    assert_eq!(status, 200, "{text}");
    let (status, text) = network.send(Who::Wholesaler, &format!("{path}/approve"), &approved).await;
    assert_eq!(status, 409, "{text}");
    network.settle_over().await;
    let report = network.inquiry(Who::Regulator, asked.entry.inquiry).await;
    assert_eq!(report.entry.state, "complete");
    let one = party(&report, Who::Wholesaler);
    assert_eq!((one.state.as_str(), one.late), ("answered", true));
    assert_eq!(one.reason.as_deref(), Some("approved by the compliance officer"));
    assert!(report.journeys[0].complete, "{report:#?}");
    assert_eq!(report.documents[0].digest, attached.digest);
    let url = format!(
        "{}/inquiries/{}/documents/{}",
        network.url(Who::Regulator),
        asked.entry.inquiry,
        attached.digest
    );
    let body = network.http.get(url).send().await.unwrap().text().await.unwrap();
    assert_eq!(body, "invoice 7");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inquiry_that_is_denied_says_why() {
    let mut network = Network::of(&ROUTE).await;
    let units = network.travelled().await;
    network.consent_of(Who::Reseller, RegulatorConsent::Approval).await;
    network.consent_of(Who::PharmacyA, RegulatorConsent::Never).await;
    let asked = network.inquire_about(&units[0]).await;
    let waiting = network.inquiries(Who::Reseller).await.remove(0);
    let path = format!("/inquiries/{}/deny", waiting.inquiry);
    let (status, text) =
        network.send(Who::Reseller, &path, &DecisionRequest { reason: String::new() }).await;
    assert_eq!(status, 400, "{text}");
    let denied = DecisionRequest { reason: "no legal basis for this lot".to_owned() };
    let (status, text) = network.send(Who::Reseller, &path, &denied).await;
    assert_eq!(status, 200, "{text}");
    network.settle_over().await;
    let report = network.inquiry(Who::Regulator, asked.entry.inquiry).await;
    let (carrier, pharmacy) = (party(&report, Who::Reseller), party(&report, Who::PharmacyA));
    assert_eq!(carrier.state, "denied");
    assert_eq!(carrier.reason.as_deref(), Some("no legal basis for this lot"));
    assert_eq!(pharmacy.reason.as_deref(), Some("this member answers no regulator"));
    assert_eq!(report.entry.state, "complete");
    let answer = hop(&report.journeys[0], Who::Reseller).answer;
    assert_eq!(
        (answer.state.as_str(), answer.reason.as_deref()),
        ("refused", carrier.reason.as_deref())
    );
    assert!(!report.journeys[0].complete);
    assert_eq!(
        network.inquiries(Who::Reseller).await[0].decision.as_deref(),
        carrier.reason.as_deref()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_party_that_was_away_answers_late_and_the_way_goes_on_from_there() {
    let mut network = Network::of(&ROUTE).await;
    let units = network.travelled().await;
    // Without the maker nobody can tell the regulator where the pack is.
    network.down(Who::Maker).await;
    let asked = network.inquire_about(&units[0]).await;
    assert_eq!(asked.parties.len(), 1);
    let maker = party(&asked, Who::Maker);
    assert_eq!(maker.state, "asked");
    assert!(maker.not_reached.is_some());
    network.clock.skip(50 * 3_600);
    network.settle_over().await;
    let late = network.inquiry(Who::Regulator, asked.entry.inquiry).await;
    assert!(party(&late, Who::Maker).late);
    assert_eq!(party(&late, Who::Maker).reminders, 0, "the first message is still on its way");
    network.up(Who::Maker).await;
    network.clock.skip(2 * 3_600);
    network.settle_over().await;
    network.clock.skip(2 * 3_600);
    network.settle_over().await;
    let report = network.inquiry(Who::Regulator, asked.entry.inquiry).await;
    assert_eq!(report.entry.state, "complete", "{report:#?}");
    assert_eq!(report.parties.len(), 4);
    assert!(party(&report, Who::Maker).late);
    assert!(!party(&report, Who::Reseller).late);
    assert!(report.journeys[0].complete, "{report:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lot_is_found_with_all_who_have_or_had_it() {
    let network = Network::of(&ROUTE).await;
    let units = network.travelled().await;
    network.hand_over(Who::Maker, Who::PharmacyB, &units[2..3]).await;
    let lot = Identifier::Lgtin(Lot::lasting("A").id).digital_link();
    let report = network.inquire(&[lot]).await;
    assert_eq!(report.entry.state, "complete", "{report:#?}");
    let journey = &report.journeys[0];
    let packs = |who: Who| hop(journey, who).answer.packs;
    let counts = |list: &[(&str, u64)]| -> Vec<(String, u64)> {
        list.iter().map(|(word, count)| ((*word).to_owned(), *count)).collect()
    };
    // Who had a pack knows by the ledger that it was dispensed.
    let made = [("handed_over", 2), ("in_stock", 1), ("retired_dispensed", 1)];
    assert_eq!(packs(Who::Maker), counts(&made));
    assert_eq!(packs(Who::Reseller), counts(&[("handed_over", 1), ("retired_dispensed", 1)]));
    assert_eq!(packs(Who::PharmacyA), counts(&[("in_stock", 1), ("retired_dispensed", 1)]));
    assert_eq!(packs(Who::PharmacyB), counts(&[("in_stock", 1)]));
    assert_eq!(hop(journey, Who::Reseller).answer.from, [Who::Wholesaler.gln()]);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_regulator_makes_inquiries_and_only_of_what_can_be_read() {
    let network = Network::of(&[Who::Maker]).await;
    let request = |items: &[&str], reason: &str| InquiryRequest {
        items: items.iter().map(|item| (*item).to_owned()).collect(),
        reason: reason.to_owned(),
        legal_basis: "an act".to_owned(),
        parties: Vec::new(),
    };
    let unit = code(&Lot::lasting("A").unit(1));
    for (who, request, expected) in [
        (Who::Maker, request(&[&unit], "why"), 409),
        (Who::Regulator, request(&[&unit], ""), 400),
        (Who::Regulator, request(&[], "why"), 400),
        (Who::Regulator, request(&["(01)nothing"], "why"), 422),
    ] {
        let (status, text) = network.send(who, "/inquiries", &request).await;
        assert_eq!(status, expected, "{text}");
    }
    let missing = network.http.get(format!("{}/inquiries/7", network.url(Who::Maker)));
    assert_eq!(missing.send().await.unwrap().status().as_u16(), 404);
}
