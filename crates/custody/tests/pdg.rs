//! Exception messages beside the schemas and examples of the PDG: what is written is valid, what is
//! read is all that is said.
#![allow(clippy::unwrap_used, reason = "a test fails where it unwraps")]
#![allow(clippy::print_stderr, reason = "a test that is skipped says so")]

use std::path::PathBuf;

use serde_json::Value;
use theriac_custody::case::pdg::{Case, ContactInformation, Message, item_ids};
use theriac_custody::case::{Act, Entry, Resolution};
use theriac_custody::{Actor, BreachCode, CaseKind, EvidenceItem, Matter, Uuid};
use theriac_gs1::{Gtin, Identifier, Serial, Sgtin};

/// A file of the PDG's; `None` where the test data are not at hand.
fn file(path: &str) -> Option<Value> {
    let root =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/pdg-exceptions");
    let found = std::fs::read(root.join(path)).ok();
    if found.is_none() {
        eprintln!("skipped: no {path} beside the project");
    }
    Some(serde_json::from_slice(&found?).unwrap())
}

/// What is wrong with `value`, by the keywords that these schemas use.
fn fault(root: &Value, schema: &Value, value: &Value, place: &str) -> Option<String> {
    if let Some(reference) = schema["$ref"].as_str() {
        return fault(root, root.pointer(&reference[1..]).unwrap(), value, place);
    }
    if let Some(any) = schema["anyOf"].as_array() {
        let faults: Option<Vec<_>> = any.iter().map(|s| fault(root, s, value, place)).collect();
        return faults.map(|faults| faults.join(", or "));
    }
    if let Some(words) = schema["enum"].as_array()
        && !words.contains(value)
    {
        return Some(format!("{place}: expected one of {words:?}, found {value}"));
    }
    let fits = match schema["type"].as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("boolean") => value.is_boolean(),
        Some("null") => value.is_null(),
        other => panic!("{place}: the schema has the type {other:?}"),
    };
    if !fits {
        return Some(format!("{place}: expected {}, found {value}", schema["type"]));
    }
    let required = schema["required"].as_array().into_iter().flatten();
    for name in required.filter_map(Value::as_str) {
        if value.get(name).is_none() {
            return Some(format!("{place}: expected {name}, found none"));
        }
    }
    if let Some(items) = value.as_array() {
        let items = items.iter().enumerate();
        let mut faults = items
            .filter_map(|(n, item)| fault(root, &schema["items"], item, &format!("{place}/{n}")));
        return faults.next();
    }
    let members = value.as_object().into_iter().flatten();
    let mut faults = members.filter_map(|(name, member)| match schema["properties"].get(name) {
        Some(schema) => fault(root, schema, member, &format!("{place}/{name}")),
        None => Some(format!("{place}: {name} is not in the schema")),
    });
    faults.next()
}

fn pack(n: u32) -> Identifier {
    let gtin = Gtin::from_body(952_110_000_001).unwrap();
    let serial: Serial = format!("X{n}").parse().unwrap();
    Identifier::Sgtin(Sgtin { gtin, serial })
}

fn gtin() -> Gtin {
    Gtin::from_body(952_110_000_001).unwrap()
}

fn matter(kind: CaseKind) -> Matter {
    Matter {
        kind,
        reason: "expected 50 packs, found 48".to_owned(),
        actor: Actor::Partner,
        what_to_do: "send the data".to_owned(),
        items: Vec::new(),
        waits_for: None,
    }
}

fn case<'a>(matter: &'a Matter, packs: &'a [Identifier], evidence: &'a [EvidenceItem]) -> Case<'a> {
    Case {
        case: Uuid::random([1; 16]),
        message: Uuid::random([2; 16]),
        at: "2026-11-23T06:00:00Z".parse().unwrap(),
        sender: ContactInformation {
            vp: None,
            gln: Some("9521346000017".to_owned()),
            email: "desk@pharmacy.example".to_owned(),
            phone: None,
        },
        matter,
        packs,
        evidence: evidence.iter().collect(),
        proposal: None,
        resolved: false,
    }
}

fn evidence() -> Vec<EvidenceItem> {
    let difference = |field: &str, expected: &str, found: &str| EvidenceItem::Difference {
        pack: pack(1),
        field: field.to_owned(),
        expected: expected.to_owned(),
        found: found.to_owned(),
    };
    vec![
        EvidenceItem::Order { number: "PO-114".to_owned() },
        difference("lot", "A1", "A2"),
        difference("expiry", "2028-12-31", "2028-11-30"),
    ]
}

const KINDS: [CaseKind; 10] = [
    CaseKind::Missing,
    CaseKind::Extra,
    CaseKind::Damaged,
    CaseKind::Mismatch,
    CaseKind::NoData,
    CaseKind::Suspect,
    CaseKind::MasterData,
    CaseKind::Other,
    CaseKind::Rule(BreachCode::ItemUnknown),
    CaseKind::Rule(BreachCode::ProductUnknown),
];

#[test]
fn reports_of_every_kind_are_valid_and_are_read_as_they_were_meant() {
    let Some(schema) = file("schemas/report_schema.json") else { return };
    let packs = [pack(1), pack(2)];
    let counts = |expected, found| vec![EvidenceItem::Count { gtin: gtin(), expected, found }];
    for kind in KINDS {
        for evidence in [evidence(), counts(50, 48), counts(48, 50), Vec::new()] {
            let about = matter(kind);
            for resolved in [false, true] {
                let report = Case { resolved, ..case(&about, &packs, &evidence) }.report();
                let json = serde_json::to_value(&report).unwrap();
                assert_eq!(fault(&schema, &schema, &json, "$"), None, "{kind:?} {json:#}");
                let Message::Report(again) = Message::read(&json).unwrap() else { panic!() };
                assert_eq!(*again, report);
            }
        }
    }
}

#[test]
fn each_kind_has_its_field() {
    let packs = [pack(1), pack(2)];
    let about = |kind, evidence: &[EvidenceItem]| {
        let matter = matter(kind);
        let report = case(&matter, &packs, evidence).report();
        let read = report.read();
        (report, read)
    };
    let (report, read) = about(CaseKind::NoData, &evidence());
    assert_eq!((report.po_number.as_str(), report.timestamp), ("PO-114", 1_795_413_600));
    assert_eq!(report.exceptions.unwrap().missing_product_data.unwrap().len(), 2);
    assert_eq!((read.kind, read.packs.as_slice()), (CaseKind::NoData, &packs[..]));
    assert_eq!(read.proposals.len(), 1);
    assert_eq!(read.proposals[0].0, Resolution::SendNewData);

    let (report, read) = about(CaseKind::Missing, &[]);
    assert_eq!(report.exceptions.unwrap().missing_product.unwrap()[1].product_serial, "X2");
    assert_eq!(read.kind, CaseKind::Missing);
    let (report, read) = about(CaseKind::Mismatch, &evidence());
    let differing = &report.exceptions.unwrap().data_misalignment.unwrap()[0];
    assert_eq!((&*differing.product_data_lot, &*differing.received_product_lot), ("A1", "A2"));
    assert_eq!(read.evidence, [&evidence()[..1], &evidence()[1..]].concat());
    let counts = [EvidenceItem::Count { gtin: gtin(), expected: 100, found: 110 }];
    let (report, read) = about(CaseKind::Extra, &counts);
    assert_eq!(report.exceptions.unwrap().overages.unwrap()[0].quantity_received, 110);
    assert_eq!((read.kind, read.evidence.as_slice()), (CaseKind::Extra, &counts[..]));
    let (report, read) = about(CaseKind::Damaged, &[]);
    assert_eq!(report.other_errors.unwrap(), ["expected 50 packs, found 48"]);
    assert_eq!(read.kind, CaseKind::Other);
}

#[test]
fn a_response_answers_item_by_item_and_is_valid() {
    let packs = [pack(1), pack(2)];
    let about = matter(CaseKind::NoData);
    let first = Uuid::random([9; 16]);
    let asked: Vec<(String, Uuid)> =
        item_ids(first).take(2).map(|item| (item.to_string(), first)).collect();
    let answered = Entry {
        id: Uuid::random([8; 16]),
        number: 2,
        author: "9521321000018".parse().unwrap(),
        at: "2026-11-23T06:00:00Z".parse().unwrap(),
        act: Act::Answered {
            proposal: first,
            accept: false,
            text: Some("not ours".to_owned()),
            alternative: Some(Resolution::ReturnProduct),
        },
        evidence: Vec::new(),
    };
    let response = case(&about, &packs, &[]).response(&asked, &[&answered]);
    let json = serde_json::to_value(&response).unwrap();
    if let Some(schema) = file("schemas/response_schema.json") {
        assert_eq!(fault(&schema, &schema, &json, "$"), None, "{json:#}");
    }
    let Message::Response(again) = Message::read(&json).unwrap() else { panic!() };
    assert_eq!(*again, response);
    let items = item_ids(first).take(2).map(|id| id.to_string()).collect::<Vec<_>>();
    let read = again.read(|item| items.iter().any(|known| known == item).then_some(first));
    let answer = &read[&first];
    assert_eq!((answer.accept, answer.alternative), (false, Some(Resolution::ReturnProduct)));
    assert_eq!(answer.text.as_deref(), Some("not ours"));
    assert!(again.read(|_| None).is_empty());
}

#[test]
fn the_examples_of_the_pdg_are_read() {
    for name in [
        "1A_overage_keep_product_report",
        "1A_overage_keep_product_report_2",
        "1A_overage_keep_product_response",
        "1B_overage_return_product_report",
        "1B_overage_return_product_report_2",
        "1B_overage_return_product_response",
    ] {
        let Some(json) = file(&format!("examples/hda_1_{name}.json")) else { return };
        match Message::read(&json).unwrap() {
            Message::Report(report) => {
                let read = report.read();
                assert_eq!(report.po_number, "ABD1234");
                assert_eq!(read.proposals.len(), usize::from(!report.case_resolved), "{name}");
            }
            Message::Response(response) => {
                let proposal = Uuid::random([3; 16]);
                let read = response.read(|_| Some(proposal));
                assert!(read[&proposal].accept, "{name}");
            }
        }
    }
}
