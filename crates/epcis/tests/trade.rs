//! Documents of shipments: valid, of exactly the shipped packs, and read again as what they were
//! written of.
#![allow(clippy::unwrap_used, reason = "a test fails where it unwraps")]
#![allow(clippy::print_stderr, reason = "what is skipped is told")]

use std::collections::BTreeSet;
use std::path::PathBuf;

use jiff::Timestamp;
use serde_json::json;
use theriac_epcis::trade::{
    Beginnings, Consignment, DocumentForm, FindingKind, Guideline, KnownData, LabelForm,
    PrefixHints, TradeDocument, TradeItem, TradeParty, TradeReader, TransactionInformation,
    TransactionStatement, Written,
};
use theriac_epcis::{DocumentFormat, Event, Layer, event_from_json, judge};
use theriac_gs1::{CompanyPrefixes, Gln, Gtin, Identifier, Sgtin};

const FORMATS: [DocumentFormat; 3] =
    [DocumentFormat::Xml12, DocumentFormat::Xml, DocumentFormat::Json];

const CASE: &str = "urn:epc:id:sscc:030001.41234567891";
const PALLET: &str = "urn:epc:id:sscc:030001.41234567890";
const NOTICE: &str =
    "Seller has complied with each applicable subsection of FDCA Sec. 581(27)(A)-(G).";

fn event(json: serde_json::Value) -> Event {
    event_from_json(&json).unwrap_or_else(|error| panic!("{error}: {json}"))
}

fn pack(number: u32) -> String {
    format!("urn:epc:id:sgtin:030001.0012345.{number}")
}

fn packs(numbers: impl IntoIterator<Item = u32>) -> Vec<String> {
    numbers.into_iter().map(pack).collect()
}

fn unit(number: u32) -> Sgtin {
    match Identifier::from_uri(&pack(number)).unwrap().id {
        Identifier::Sgtin(unit) => unit,
        other => panic!("{other}"),
    }
}

fn id(text: &str) -> Identifier {
    Identifier::from_uri(text).unwrap().id
}

fn at(kind: &str, step: &str, time: &str, more: serde_json::Value) -> Event {
    let mut json = json!({
        "type": kind, "action": "ADD", "bizStep": step, "eventTime": time,
        "eventTimeZoneOffset": "-05:00", "readPoint": { "id": "urn:epc:id:sgln:030001.111121.0" },
        "eventID": format!("urn:uuid:0195d7f4-0000-7000-8000-{:012}", step.len()),
    });
    for (name, value) in more.as_object().unwrap() {
        json[name] = value.clone();
    }
    event(json)
}

/// Ten packs are made, six packed in a case, the case on a pallet; the case leaves it again and goes
/// on another.
fn recorded() -> Vec<Event> {
    vec![
        at(
            "ObjectEvent",
            "commissioning",
            "2026-03-01T08:00:00Z",
            json!({
                "epcList": packs(1..=10),
                "ilmd": { "cbvmda:lotNumber": "L1", "cbvmda:itemExpirationDate": "2028-12-31" },
            }),
        ),
        at(
            "AggregationEvent",
            "packing",
            "2026-03-01T09:00:00Z",
            json!({
                "parentID": CASE, "childEPCs": packs(1..=6),
            }),
        ),
        at(
            "AggregationEvent",
            "packing",
            "2026-03-01T10:00:00Z",
            json!({
                "parentID": PALLET, "childEPCs": [CASE],
            }),
        ),
    ]
}

fn shipping() -> Event {
    at(
        "ObjectEvent",
        "shipping",
        "2026-03-02T08:00:00Z",
        json!({
            "action": "OBSERVE", "disposition": "in_transit", "epcList": [PALLET, pack(9)],
            "bizTransactionList": [
                { "type": "po", "bizTransaction": "urn:epcglobal:cbv:bt:0399999999991:XYZPO189" }],
            "sourceList": [
                { "type": "owning_party", "source": "urn:epc:id:sgln:030001.111111.0" },
                { "type": "location", "source": "urn:epc:id:sgln:030001.111121.0" }],
            "destinationList": [
                { "type": "owning_party", "destination": "urn:epc:id:sgln:039999.999999.0" }],
        }),
    )
}

/// Four of the case's packs, and one beside it.
fn consignment() -> Consignment {
    let lot = || Some("L1".parse().unwrap());
    let expiry = Some(jiff::civil::date(2028, 12, 31));
    let units = [1, 2, 3, 4, 9].map(|number| (unit(number), lot(), expiry));
    let packed = (1..=4).map(|number| (Identifier::Sgtin(unit(number)), id(CASE)));
    Consignment::of(units, packed.chain([(id(CASE), id(PALLET))]))
}

fn seller() -> Gln {
    "0300011111116".parse().unwrap()
}

fn buyer() -> Gln {
    "0399999999991".parse().unwrap()
}

fn items() -> Vec<TradeItem> {
    let gtin: Gtin = "00300010123455".parse().unwrap();
    vec![TradeItem {
        ndc: Some("0001-0123-45".to_owned()),
        name: Some("Epcistra".to_owned()),
        manufacturer: Some("GS1 Pharma LLC".to_owned()),
        dosage_form: Some("PILL".to_owned()),
        strength: Some("100mg".to_owned()),
        container_size: Some("500 pills".to_owned()),
        gtin,
    }]
}

fn parties() -> Vec<TradeParty> {
    let named = |gln: Gln, name: &str| TradeParty {
        name: Some(name.to_owned()),
        city: Some("New York".to_owned()),
        country: Some("US".to_owned()),
        ..TradeParty::unknown(gln)
    };
    vec![named(seller(), "GS1 Pharma"), named(buyer(), "GS1 Drug Distributor")]
}

fn now() -> Timestamp {
    "2026-03-02T09:00:00Z".parse().unwrap()
}

struct Made {
    recorded: Vec<Event>,
    shipping: Event,
    consignment: Consignment,
    statement: Option<TransactionStatement>,
}

impl Made {
    fn new() -> Self {
        let legal_notice = NOTICE.to_owned();
        Self {
            recorded: recorded(),
            shipping: shipping(),
            consignment: consignment(),
            statement: Some(TransactionStatement { affirmed: true, legal_notice }),
        }
    }

    fn write(&self, form: DocumentForm) -> (Vec<u8>, Written) {
        let mut hints = PrefixHints::default();
        self.recorded.iter().for_each(|event| hints.note_event(event));
        hints.note_event(&self.shipping);
        self.write_with(form, &[&hints.table()])
    }

    fn write_with(&self, form: DocumentForm, tables: &[&CompanyPrefixes]) -> (Vec<u8>, Written) {
        let mut out = Vec::new();
        let document = TradeDocument {
            id: "urn:uuid:0195d7f4-0000-7000-8000-00000000aaaa".to_owned(),
            made_at: now(),
            sender: seller(),
            receiver: buyer(),
            shipping: &self.shipping,
            consignment: &self.consignment,
            recorded: &self.recorded,
            beginnings: &Beginnings::default(),
            items: &items(),
            parties: &parties(),
            statement: self.statement.clone(),
        };
        let written = document.write(&form, tables, &mut out).expect("a Vec takes every write");
        (out, written)
    }
}

fn form(format: DocumentFormat, guideline: Guideline) -> DocumentForm {
    DocumentForm { format, guideline, labels: LabelForm::Cbv }
}

fn schema_findings(bytes: &[u8]) -> Vec<String> {
    let mut findings = Vec::new();
    judge(bytes, &mut |finding| {
        findings.extend((finding.layer == Layer::Schema).then(|| finding.to_string()));
    })
    .expect("a document");
    findings
}

fn read(bytes: &[u8]) -> TradeReader {
    TradeReader::read(bytes, now())
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(bytes)))
}

#[test]
fn a_document_is_valid_and_read_as_what_it_was_written_of() {
    for format in FORMATS {
        for guideline in [Guideline::R12, Guideline::R13] {
            for labels in [LabelForm::Cbv, LabelForm::Gs1ushc] {
                let made = Made::new();
                let (bytes, written) = made.write(DocumentForm { format, guideline, labels });
                assert_eq!(schema_findings(&bytes), Vec::<String>::new(), "{format:?}");
                assert_eq!(written.without_urn, Vec::<String>::new());
                let read = read(&bytes);
                assert_eq!((read.sender, read.receiver), (Some(seller()), Some(buyer())));
                assert_eq!(read.guideline, guideline);
                assert_eq!(read.statement, made.statement);
                assert_eq!(read.shipments.len(), 1);
                assert_eq!(read.shipments[0].consignment, made.consignment);
                assert_eq!(read.findings, []);
                assert_eq!(read.items.len(), 1);
                assert_eq!(read.parties, parties());
            }
        }
    }
}

#[test]
fn a_document_names_the_shipped_packs_and_no_other() {
    let (bytes, _) = Made::new().write(form(DocumentFormat::Xml12, Guideline::R12));
    let mut named = BTreeSet::new();
    let info = theriac_epcis::read(&*bytes, &mut |event| {
        let event = event.outcome.expect("a readable event").event;
        named.extend(event.epcs().map(|epc| epc.id.clone()));
        std::ops::ControlFlow::Continue(())
    });
    // Commissioning of packs and of logistic units (which were packed at two times), packing of case
    // and pallet, shipping.
    assert_eq!(info.unwrap().events, 6);
    let units = [1, 2, 3, 4, 9].map(|number| Identifier::Sgtin(unit(number)));
    let expected: BTreeSet<Identifier> = units.into_iter().chain([id(CASE), id(PALLET)]).collect();
    assert_eq!(named, expected);
    let text = String::from_utf8(bytes).unwrap();
    assert!(!text.contains("030001.0012345.5<") && !text.contains("id.gs1.org"), "{text}");
}

#[test]
fn codes_are_those_of_the_release() {
    let text = |guideline, labels| {
        let form = DocumentForm { format: DocumentFormat::Xml12, guideline, labels };
        String::from_utf8(Made::new().write(form).0).unwrap()
    };
    let old = text(Guideline::R12, LabelForm::Cbv);
    for part in ["Authority=\"SGLN\"", "FDA_NDC_11", ">00001012345<", "cbvmda:lotNumber"] {
        assert!(old.contains(part), "{part} in {old}");
    }
    assert!(!old.contains("guidelineVersion") && !old.contains("dropShipment"));
    let new = text(Guideline::R13, LabelForm::Gs1ushc);
    for part in [
        "Authority=\"GS1\"",
        "US_FDA_NDC",
        ">0001-0123-45<",
        "GS1 US DSCSA R1.3",
        "gs1ushc:lotNumber",
        "gs1ushc:dropShipment",
        "affirmTransactionStatement>true<",
    ] {
        assert!(new.contains(part), "{part} in {new}");
    }
}

#[test]
fn an_event_that_is_cut_down_has_no_identity_of_its_own() {
    let (bytes, _) = Made::new().write(form(DocumentFormat::Xml12, Guideline::R12));
    let mut ids = Vec::new();
    let _ = theriac_epcis::read(&*bytes, &mut |event| {
        let event = event.outcome.unwrap().event;
        let step = event.biz_step().map(|step| step.word().to_owned()).unwrap_or_default();
        let children = event.epcs().count();
        ids.push((step, children, event.common().event_id.is_some()));
        std::ops::ControlFlow::Continue(())
    })
    .unwrap();
    let expected = [
        ("commissioning", 5, false),
        ("commissioning", 1, false),
        ("commissioning", 1, false),
        ("packing", 5, false),
        ("packing", 2, true),
        ("shipping", 2, true),
    ];
    let expected = expected.map(|(step, count, has)| (step.to_owned(), count, has));
    assert_eq!(ids, expected);
}

#[test]
fn what_no_event_tells_is_told_of_the_consignment() {
    let made = Made { recorded: Vec::new(), ..Made::new() };
    let (bytes, _) = made.write(form(DocumentFormat::Xml12, Guideline::R12));
    assert_eq!(schema_findings(&bytes), Vec::<String>::new());
    let read = read(&bytes);
    assert_eq!(read.shipments[0].consignment, made.consignment);
    assert_eq!(read.findings, []);
}

#[test]
fn a_company_prefix_of_unknown_length_is_told_and_not_guessed() {
    let mut made = Made::new();
    made.recorded = Vec::new();
    let link = "https://id.gs1.org/01/00300010123455/21/1";
    made.shipping = at(
        "ObjectEvent",
        "shipping",
        "2026-03-02T08:00:00Z",
        json!({
            "action": "OBSERVE", "epcList": [link],
        }),
    );
    let packs = [(unit(1), Some("L1".parse().unwrap()), Some(jiff::civil::date(2028, 12, 31)))];
    made.consignment = Consignment::of(packs, []);
    let (bytes, written) = made.write_with(form(DocumentFormat::Xml12, Guideline::R12), &[]);
    assert_eq!(written.without_urn, [link, link]);
    assert_eq!(read(&bytes).sender, Some(seller()));
    let table = CompanyPrefixes::from_csv("030001,6").unwrap();
    let (_, written) = made.write_with(form(DocumentFormat::Xml12, Guideline::R12), &[&table]);
    assert_eq!(written.without_urn, Vec::<String>::new());
}

#[test]
fn what_is_wrong_with_a_document_is_found() {
    let mut made = Made::new();
    made.statement = None;
    let (bytes, _) = made.write(form(DocumentFormat::Xml12, Guideline::R12));
    let known = KnownData {
        companies: [(seller(), seller()), ("0300011111215".parse().unwrap(), buyer())].into(),
        ..KnownData::default()
    };
    let findings = known.examine(&read(&bytes), "9521322000017".parse().unwrap(), true);
    let kinds: BTreeSet<FindingKind> = findings.iter().map(|finding| finding.kind).collect();
    let expected = [
        FindingKind::StatementMissing,
        FindingKind::WrongReceiver,
        FindingKind::GtinUnknown,
        FindingKind::GlnOfAnother,
    ];
    assert_eq!(kinds, expected.into(), "{findings:#?}");
}

/// A real document, by its path below the shared data.
fn sample(path: &str) -> Option<Vec<u8>> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let root = std::env::var_os("THERIAC_SHARED_DATA").map_or(root, PathBuf::from);
    let bytes = std::fs::read(root.join(path)).ok();
    if bytes.is_none() {
        eprintln!("skipped: {path} is not there");
    }
    bytes
}

const US_EXAMPLE: &str =
    "openepcis-test-resources/1.2/EPCIS/XML/Capture/Documents/GS1_US_Pharma_Example_2_2_1_1.xml";

#[test]
fn the_example_of_gs1_us_is_read_and_written_again() {
    let Some(bytes) = sample(US_EXAMPLE) else { return };
    let read = read(&bytes);
    assert_eq!(read.sender, Some(seller()));
    assert_eq!(read.guideline, Guideline::R13);
    assert_eq!(read.statement.as_ref().map(|one| one.legal_notice.as_str()), Some(NOTICE));
    assert_eq!(read.findings, []);
    let [shipment] = &read.shipments[..] else { panic!("{:?}", read.shipments) };
    assert_eq!(shipment.consignment.packs(), 12);
    let information = TransactionInformation::of(
        &shipment.event,
        &shipment.consignment,
        (seller(), buyer()),
        &read.items,
        &read.parties,
        read.statement.clone(),
    );
    assert_eq!(information.transaction_date, jiff::civil::date(2023, 4, 1));
    assert_eq!(information.from.address()[0], "1 Biopharm Ct");
    assert_eq!(information.lines[0].ndc.as_deref(), Some("0001-0123-45"));
    assert_eq!(information.references[0].number(), "XYZPO189");

    let mut recorded = Vec::new();
    let _ = theriac_epcis::read(&*bytes, &mut |event| {
        recorded.push(event.outcome.unwrap().event);
        std::ops::ControlFlow::Continue(())
    })
    .unwrap();
    let document = TradeDocument {
        id: "1100220001".to_owned(),
        made_at: "2023-04-01T08:45:16Z".parse().unwrap(),
        sender: seller(),
        receiver: buyer(),
        shipping: &shipment.event,
        consignment: &shipment.consignment,
        recorded: &recorded,
        beginnings: &Beginnings::default(),
        items: &read.items,
        parties: &read.parties,
        statement: read.statement.clone(),
    };
    let mut hints = PrefixHints::default();
    recorded.iter().for_each(|event| hints.note_event(event));
    read.master_data.iter().for_each(|element| hints.note_element(element));
    let mut out = Vec::new();
    let form = form(DocumentFormat::Xml12, Guideline::R13);
    let written = document.write(&form, &[&hints.table()], &mut out).unwrap();
    assert_eq!(written.events, recorded.len());
    assert_eq!(schema_findings(&out), Vec::<String>::new());
    let again = self::read(&out);
    assert_eq!(again.shipments[0].consignment, shipment.consignment);
    assert_eq!(again.shipments[0].event, shipment.event);
    assert_eq!(again.items, read.items);
    let by_gln = |mut parties: Vec<TradeParty>| {
        parties.sort_by_key(|party| party.gln);
        parties
    };
    assert_eq!(by_gln(again.parties), by_gln(read.parties));
}

#[test]
fn files_from_the_field_are_read_with_what_is_wrong_in_them() {
    let path = "pharma-epcistransformer/attached_assets/epcis_1.2.cardinal_health.xml";
    let Some(bytes) = sample(path) else { return };
    let read = read(&bytes);
    assert_eq!(read.guideline, Guideline::R12);
    assert!(read.statement.as_ref().is_some_and(|statement| statement.affirmed));
    let findings = KnownData::default().compare(&read.items, &read.parties);
    let kinds: Vec<FindingKind> = findings.iter().map(|finding| finding.kind).collect();
    // Its codes are those in its GTINs, written with another split.
    assert_eq!(kinds, [], "{findings:?}");
    assert_eq!(read.parties.len(), 4);
}
