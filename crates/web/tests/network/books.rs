//! What a node takes and says, over HTTP where a path for it exists.

use serde::de::DeserializeOwned;
use theriac_custody::{BreachCode, CaseKind, HoldingState, ItemStatus, VerdictCode};
use theriac_epcis::{DocumentHeader, Event, event_hash, write_document};
use theriac_gs1::{Identifier, Sgtin};
use theriac_node::{
    CaptureReport, Difference, EventOutcome, EventRecord, EventState, Journey, ReconcileReport,
    VerifyReport,
};
use theriac_store::ItemRecord;
use theriac_web::routes::cases::CaseEntry;

use crate::network::{Network, Who};

/// The code of a unit, as a patient's phone reads it.
pub(crate) fn code(unit: &Sgtin) -> String {
    Identifier::Sgtin(unit.clone()).digital_link()
}

impl Network {
    pub(crate) async fn get<T: DeserializeOwned>(&self, who: Who, path: &str) -> T {
        let response = self.http.get(format!("{}{path}", self.url(who))).send().await.unwrap();
        let status = response.status();
        let text = response.text().await.unwrap();
        assert!(status.is_success(), "{who:?} {path}: {status} {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// Captures a document of these events at a company's node.
    pub(crate) async fn capture(&self, who: Who, events: &[Event]) -> CaptureReport {
        let mut document = Vec::new();
        let header = DocumentHeader::new(self.clock.now());
        write_document(events.iter(), &header, &mut document).unwrap();
        let request = self.http.post(format!("{}/captures", self.url(who)));
        let response = request
            .header("content-type", "application/ld+json")
            .body(document)
            .send()
            .await
            .unwrap();
        assert_eq!(response.status().as_u16(), 202);
        let report: CaptureReport = response.json().await.unwrap();
        assert_eq!(report.document_error, None);
        assert_eq!(report.events, events.len() as u64);
        report
    }

    /// Captures events that must all be admitted.
    pub(crate) async fn admit(&self, who: Who, events: &[Event]) {
        let report = self.capture(who, events).await;
        assert_eq!(report.admitted, report.events, "{who:?}: {:#?}", report.outcomes);
    }

    /// Captures an event that must be held, in an open case; the code of the rule it breaks.
    pub(crate) async fn held(&self, who: Who, event: &Event) -> String {
        let report = self.capture(who, std::slice::from_ref(event)).await;
        assert_eq!(report.held, 1, "{who:?}: {:#?}", report.outcomes);
        let EventOutcome { code, case, reason, what_to_do, .. } = report.outcomes[0].clone();
        let cases: Vec<CaseEntry> = self.get(who, "/cases?limit=1000").await;
        let case = cases.into_iter().find(|entry| Some(entry.case) == case).unwrap();
        assert_eq!(case.closed_at, None);
        assert_eq!(Some(case.matter.reason), reason);
        assert!(what_to_do.is_some_and(|text| !text.is_empty()));
        code.unwrap()
    }

    /// The open cases of a node, oldest first.
    pub(crate) async fn cases(&self, who: Who) -> Vec<CaseEntry> {
        let mut cases: Vec<CaseEntry> = self.get(who, "/cases?open=true&limit=1000").await;
        cases.sort_by_key(|case| case.case);
        cases
    }

    /// The rules that the open cases of a node are about, oldest first.
    pub(crate) async fn case_codes(&self, who: Who) -> Vec<BreachCode> {
        let rule = |case: CaseEntry| match case.matter.kind {
            CaseKind::Rule(code) => code,
            kind => panic!("{who:?} has a case about {kind:?}"),
        };
        self.cases(who).await.into_iter().map(rule).collect()
    }

    /// The last open case of a node.
    pub(crate) async fn last_case(&self, who: Who) -> (CaseKind, String) {
        let case = self.cases(who).await.pop().unwrap_or_else(|| panic!("{who:?} has no case"));
        (case.matter.kind, case.matter.reason)
    }

    pub(crate) async fn verify(&self, who: Who, unit: &Sgtin) -> VerifyReport {
        self.get(who, &format!("/verify?code={}", escape(&code(unit)))).await
    }

    pub(crate) async fn verdict(&self, who: Who, unit: &Sgtin) -> VerdictCode {
        self.verify(who, unit).await.verdict.code
    }

    pub(crate) async fn trace(&self, who: Who, unit: &Sgtin) -> Journey {
        self.get(who, &format!("/trace?code={}", escape(&code(unit)))).await
    }

    /// How far an event is at a node; `None` if it is not on record there.
    pub(crate) async fn event(&self, who: Who, event: &Event) -> Option<EventRecord> {
        let hash = theriac_custody::Hash(event_hash(event).0);
        self.node(who).store().event_by_hash(&hash).await.unwrap()
    }

    pub(crate) async fn event_state(&self, who: Who, event: &Event) -> EventState {
        self.event(who, event).await.expect("the event is on record").state
    }

    pub(crate) async fn item(&self, who: Who, unit: &Sgtin) -> Option<ItemRecord> {
        let id = Identifier::Sgtin(unit.clone());
        let items = self.node(who).store().load_items(std::slice::from_ref(&id)).await.unwrap();
        items.into_iter().find(|record| record.item.id == id)
    }

    /// How a unit's life stands in a node's books.
    pub(crate) async fn status(&self, who: Who, unit: &Sgtin) -> Option<ItemStatus> {
        self.item(who, unit).await.map(|record| record.item.status)
    }

    /// Who holds a unit on the ledger and in which state, following its leaf from `knows`' books.
    pub(crate) async fn on_ledger(&self, knows: Who, unit: &Sgtin) -> (Option<Who>, HoldingState) {
        let place = self.item(knows, unit).await.unwrap().item.place.unwrap();
        let ledger = self.ledger().await;
        let holding = ledger.holding(place.holding).await.unwrap().expect("it is on the ledger");
        let gln = ledger.member_of(holding.holder).await.unwrap();
        (self.all_up().find(|who| Some(who.gln().value()) == gln), holding.state.unwrap())
    }

    /// Database and ledger agree at every node that is up.
    pub(crate) async fn assert_clean(&self) {
        for who in self.all_up() {
            let report: ReconcileReport = self.get(who, "/reconcile").await;
            assert_eq!(report.differences, [], "{who:?}");
        }
    }

    /// As [`assert_clean`](Self::assert_clean), but for what `cheat` did past its own node, which its
    /// database does not know.
    pub(crate) async fn assert_clean_but_for(&self, cheat: Who) {
        for who in self.all_up() {
            let report: ReconcileReport = self.get(who, "/reconcile").await;
            let honest = |difference: &&Difference| who != cheat || difference.here != "unknown";
            let differences: Vec<_> = report.differences.iter().filter(honest).collect();
            assert!(differences.is_empty(), "{who:?}: {differences:?}");
        }
    }

    /// No node that is up has an open case.
    pub(crate) async fn assert_no_cases(&self) {
        for who in self.all_up() {
            assert_eq!(self.cases(who).await, [], "{who:?}");
        }
    }
}

/// Percent-encodes all but unreserved characters.
fn escape(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes()
        .map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}
