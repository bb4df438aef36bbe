//! Strict mode agrees with the verdicts of schema validators, or is right where they are not.

use std::collections::{BTreeMap, BTreeSet};

use theriac_epcis::{Layer, judge};

use crate::corpus::data;

/// Rules by which we refuse what the validator takes, and why that is right.
const THEY_TAKE: &[(&str, &str)] = &[
    (
        "extension-name",
        "the validator leaves `format` out; the schema wants names of extensions to be URIs",
    ),
    ("uri-form", "the validator leaves `format` out; the schema wants identifiers to be URIs"),
    (
        "word",
        "the validator leaves `format` out; a word is one of the CBV or a URI (CBV 2.0, section 7)",
    ),
];

/// Words of the validator with which it refuses what is right, and why it is.
const THEY_REFUSE: &[(&str, &str)] = &[(
    "is not a valid value of the atomic type 'xs:dateTime",
    "XML Schema part 2, section 3.2.7: white space around a time is collapsed before it is judged",
)];

#[test]
fn verdicts_agree_with_schema_validators() {
    let Some(data) = data() else { return };
    let table = std::fs::read(data.join("_oracles/schema-validity.csv")).expect("the verdicts");
    let table = String::from_utf8(table).expect("text");
    let (mut agree, mut judged, mut causes) = (0, 0, 0);
    let mut differ: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for row in rows(&table).into_iter().skip(1) {
        let [file, _, verdict, error] = &row[..] else { panic!("four columns: {row:?}") };
        if verdict == "no-schema" {
            continue;
        }
        judged += 1;
        let bytes = std::fs::read(data.join(file)).expect("a file of the table");
        let (rules, told) = schema_rules(&bytes);
        if rules.is_empty() == (verdict == "valid") {
            agree += 1;
            let quirk = THEY_REFUSE.iter().any(|(words, _)| error.contains(words));
            if let Some(name) = named(error).filter(|_| verdict == "invalid" && !quirk) {
                causes += 1;
                let same = told.iter().any(|line| line.contains(&name));
                assert!(same, "{file}: the validator names {name}, we tell {told:#?}");
            }
            continue;
        }
        let reason = reason(&rules, error).unwrap_or_else(|| panic!("{file}: {error} {told:#?}"));
        differ.entry(reason).or_default().push(file.clone());
    }
    eprintln!("{agree} of {judged} agree; {causes} refusals name the same field");
    for (reason, files) in &differ {
        eprintln!("{} differ: {reason}", files.len());
    }
    let exceptions: Vec<&str> = THEY_TAKE.iter().chain(THEY_REFUSE).map(|(_, why)| *why).collect();
    for exception in &exceptions {
        assert!(differ.contains_key(exception), "an exception that nothing needs: {exception}");
    }
    assert!(judged > 300 && agree + 20 > judged, "{agree} of {judged}");
}

/// The rules of the schemas that a document breaks, and all that is told of it.
fn schema_rules(bytes: &[u8]) -> (BTreeSet<&'static str>, Vec<String>) {
    let mut rules = BTreeSet::new();
    let mut told = Vec::new();
    let result = judge(bytes, &mut |finding| {
        if finding.layer == Layer::Schema {
            rules.insert(finding.rule);
            told.push(finding.to_string());
        }
    });
    if let Err(error) = result {
        rules.insert("well-formed");
        told.push(error.to_string());
    }
    (rules, told)
}

/// The element or field that the validator's first error is about.
fn named(error: &str) -> Option<String> {
    if let Some((_, rest)) = error.split_once("Element '") {
        let name = rest.split('\'').next()?;
        return name.rsplit('}').next().map(str::to_owned);
    }
    let (before, _) = error.split_once("' is a required property")?;
    before.rsplit('\'').next().map(str::to_owned)
}

/// Why a verdict may differ.
fn reason(rules: &BTreeSet<&str>, error: &str) -> Option<&'static str> {
    if rules.is_empty() {
        let (_, why) = THEY_REFUSE.iter().find(|(words, _)| error.contains(words))?;
        // The words quote the value: only padding is excused.
        let value = error.split('\'').find(|part| part.trim().starts_with("20"))?;
        return (value.trim() != value).then_some(why);
    }
    let of = |rule: &&str| THEY_TAKE.iter().find(|(known, _)| known == rule).map(|(_, why)| *why);
    let reasons: Option<Vec<&str>> = rules.iter().map(of).collect();
    reasons?.first().copied()
}

/// Rows of a CSV with quoted fields.
fn rows(text: &str) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let mut quoted = false;
    for character in text.chars() {
        let row = rows.last_mut().expect("a row");
        match character {
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(String::new()),
            '\n' if !quoted => rows.push(vec![String::new()]),
            '\r' => {}
            other => row.last_mut().expect("a field").push(other),
        }
    }
    rows.retain(|row| row.len() > 1);
    rows
}
