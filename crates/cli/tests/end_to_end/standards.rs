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
fn a_code_that_may_be_another_one_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let args = ["gs1", "parse", "01095211240000171728123110LOT121ABC", "--json"];
    let parsed = run(dir.path(), &args).exits(0).json();
    let doubt = parsed[0]["doubts"][0].as_str().unwrap_or_default();
    assert!(doubt.contains("(10)LOT1(21)ABC"), "{parsed:?}");
}

#[test]
fn national_codes_are_told_as_such() {
    let dir = tempfile::tempdir().unwrap();
    let parse = |code: &str| run(dir.path(), &["gs1", "parse", code, "--json"]);
    let ndc = parse("0002-1433-80").exits(1).json();
    assert_eq!(ndc[0]["ndc11"], "00002-1433-80");
    assert_eq!(ndc[0]["gtin"], "00300021433802");
    assert_eq!(parse("00300021433802").exits(0).json()[0]["ndc_digits"], "0002143380");
    let china = parse("81234567890123456789").exits(1).json();
    assert_eq!(china[0]["form"], "china-drug-code");
    let scanned = parse("]C081234567890123456789").exits(1).json();
    assert_eq!(scanned, china);
    let undashed = parse("0002143380").exits(2);
    assert!(undashed.err.contains("with its dashes"), "{}", undashed.err);
    let convert = |code: &str| run(dir.path(), &["gs1", "convert", code, "--to", "bracketed"]);
    assert_eq!(convert("0002-1433-80").exits(0).out.trim_end(), "(01)00300021433802");
    let two = convert("00002-0143-80").exits(2);
    assert!(two.err.contains("0002-0143-80 and of 00002-143-80"), "{}", two.err);
}

#[test]
fn a_urn_tells_what_it_leaves_out() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("lengths.csv"), "9521124,7\n").unwrap();
    let args = ["gs1", "convert", PACK, "--to", "urn", "--prefixes", "lengths.csv"];
    let urn = run(dir.path(), &args).exits(0);
    assert_eq!(urn.out.trim_end(), "urn:epc:id:sgtin:9521124.000001.ABC123");
    assert!(urn.err.contains("(17)281231(10)TH4A07"), "{}", urn.err);
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

#[test]
fn repairs_are_listed() {
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| std::fs::write(dir.path().join(name), text).unwrap();
    file("right.json", EVENT);
    file("word.json", &EVENT.replace("\"shipping\"", "\"Shipping\""));
    file("no-action.json", &EVENT.replace(r#""action": "OBSERVE", "#, ""));
    let check = |name: &str| run(dir.path(), &["epcis", "check", "--tolerant", name, "--json"]);
    assert_eq!(check("right.json").exits(0).json()[0]["repairs"], 0);
    let word = check("word.json").exits(1).json();
    assert_eq!((&word[0]["found"], &word[0]["read_as"]), (&"Shipping".into(), &"shipping".into()));
    file("version.json", &EVENT.replace("\"2.0\"", "2.0"));
    let version = check("version.json").exits(1).json();
    assert_eq!((&version[0]["path"], &version[1]["repairs"]), (&"schemaVersion".into(), &1.into()));
    assert_eq!(check("no-action.json").exits(2).json()[1]["refused"], 1);
    let converted = run(dir.path(), &["epcis", "convert", "word.json", "--to", "xml"]).exits(0);
    assert!(converted.err.contains("1 repair"), "{}", converted.err);
}

#[test]
fn a_document_is_not_written_over_itself() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("event.json");
    std::fs::write(&path, EVENT).unwrap();
    run(dir.path(), &["epcis", "convert", "event.json", "--to", "xml", "-o", "./event.json"])
        .exits(2);
    assert_eq!(std::fs::read_to_string(path).unwrap(), EVENT);
}

#[test]
fn the_hashes_of_a_folder_name_their_documents() {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in [("a.json", EVENT), ("b.json", "{}"), ("c.json", EVENT)] {
        std::fs::write(dir.path().join(name), text).unwrap();
    }
    let hashes = run(dir.path(), &["epcis", "hash", "."]).exits(2).out;
    let names: Vec<_> = hashes.lines().map(|line| line.split(':').next().unwrap()).collect();
    assert_eq!(names, ["./a.json", "./c.json"]);
}
