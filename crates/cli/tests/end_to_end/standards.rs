//! Codes and documents worked on without a node.

use std::path::Path;

use super::program::{Ran, program};

const PACK: &str = "(01)09521124000017(17)281231(10)TH4A07(21)ABC123";

const EVENT: &str = r#"{
  "@context": ["https://ref.gs1.org/standards/epcis/epcis-context.jsonld"],
  "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2026-03-01T08:00:00Z",
  "epcisBody": { "eventList": [{
    "type": "ObjectEvent", "action": "OBSERVE", "bizStep": "shipping",
    "eventTime": "2026-03-01T08:30:00+01:00", "eventTimeZoneOffset": "+01:00",
    "epcList": ["urn:epc:id:sgtin:9521124.000001.ABC123"]
  }]}
}"#;

fn run(dir: &Path, args: &[&str]) -> Ran {
    program().current_dir(dir).args(args).output().unwrap().into()
}

#[test]
fn a_code_is_taken_apart() {
    let dir = tempfile::tempdir().unwrap();
    let parsed = run(dir.path(), &["gs1", "parse", PACK, "--json"]).exits(0).json();
    let parsed = &parsed[0];
    assert_eq!(parsed["form"], "bracketed");
    assert_eq!(parsed["identifier"], "https://id.gs1.org/01/09521124000017/21/ABC123");
    assert_eq!(parsed["elements"][1]["date"], "2028-12-31");
    assert_eq!(parsed["repairs"], serde_json::json!([]));
    let alone = run(dir.path(), &["gs1", "parse", "(21)ABC123"]).exits(1);
    assert!(alone.out.contains("not right"), "{}", alone.out);
    let wrong = run(dir.path(), &["gs1", "parse", "(01)09521124000018"]).exits(2);
    assert!(wrong.err.contains("check digit"), "{}", wrong.err);
}

#[test]
fn a_code_is_converted_to_every_form_and_back() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("lengths.csv"), "9521124,7\n").unwrap();
    let link = "https://id.gs1.org/01/09521124000017/21/ABC123";
    for (form, written) in [
        ("digital-link", link),
        ("element-string", "]d2010952112400001721ABC123"),
        ("bracketed", "(01)09521124000017(21)ABC123"),
        ("urn", "urn:epc:id:sgtin:9521124.000001.ABC123"),
    ] {
        let args = ["gs1", "convert", link, "--to", form, "--prefixes", "lengths.csv"];
        assert_eq!(run(dir.path(), &args).exits(0).out.trim_end(), written);
        let back = run(dir.path(), &["gs1", "convert", written, "--to", "digital-link"]).exits(0);
        assert_eq!(back.out.trim_end(), link);
    }
    let unknown = run(dir.path(), &["gs1", "convert", link, "--to", "urn"]).exits(2);
    assert!(unknown.err.contains("--prefixes"), "{}", unknown.err);
}

#[test]
fn a_symbol_is_drawn_and_read_from_its_picture() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["pack.png", "pack.svg"] {
        run(dir.path(), &["gs1", "datamatrix", PACK, "-o", name]).exits(0);
    }
    let svg = std::fs::read_to_string(dir.path().join("pack.svg")).unwrap();
    assert!(svg.starts_with("<svg ") && svg.contains("<path"));
    let read = run(dir.path(), &["gs1", "read", "pack.png", "--json"]).exits(0).json();
    assert_eq!(read[0]["symbology"], "]d2");
    assert_eq!(read[0]["bracketed"], PACK);
    run(dir.path(), &["gs1", "datamatrix", PACK, "-o", "pack.gif"]).exits(2);
    run(dir.path(), &["gs1", "read", "pack.svg"]).exits(2);
}

#[test]
fn a_document_is_checked() {
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| std::fs::write(dir.path().join(name), text).unwrap();
    file("right.json", EVENT);
    file("wrong.json", &EVENT.replace(r#""action": "OBSERVE", "#, ""));
    file("cut.json", &EVENT[..EVENT.len() / 2]);
    let right = run(dir.path(), &["epcis", "check", "right.json"]).exits(0);
    assert_eq!(right.out, "right.json: valid, 1 event\n");
    let wrong = run(dir.path(), &["epcis", "check", "wrong.json", "--json"]).exits(1).json();
    let (finding, document) = (&wrong[0], &wrong[wrong.len() - 1]);
    assert!(finding["expected"].is_string() && finding["line"].as_u64() > Some(1), "{finding}");
    assert_eq!(document["valid"], false);
    run(dir.path(), &["epcis", "check", "cut.json"]).exits(2);
    // The worst of all documents is the answer.
    run(dir.path(), &["epcis", "check", "."]).exits(2);
}

#[test]
fn a_document_is_converted_and_keeps_its_hashes() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("event.json"), EVENT).unwrap();
    let hash = |name: &str| run(dir.path(), &["epcis", "hash", name]).exits(0).out;
    let before = hash("event.json");
    assert_eq!(before.lines().count(), 1);
    let last = before.split_whitespace().last().unwrap();
    assert!(last.starts_with("ni:///sha-256;"), "{before}");
    let mut from = "event.json".to_owned();
    for format in ["xml", "xml-1.2", "json"] {
        let to = format!("event.{format}");
        run(dir.path(), &["epcis", "convert", &from, "--to", format, "-o", &to]).exits(0);
        assert_eq!(hash(&to), before, "{to}");
        run(dir.path(), &["epcis", "check", &to]).exits(0);
        from = to;
    }
    let prehash = run(dir.path(), &["epcis", "hash", "--prehash", "event.json"]).exits(0).out;
    assert!(prehash.starts_with("eventType=ObjectEvent"), "{prehash}");
}
