//! Strict mode agrees with the verdicts of schema validators, or is right where they are not.

use std::collections::BTreeMap;

use theriac_epcis::{Finding, Layer, judge};

use crate::corpus::data;

/// Why a verdict differs from the validator's, by the rule that is told: what that tool does, and
/// what is right.
const EXCEPTIONS: &[(Kind, &str)] = &[];

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// The validator takes it, we refuse it for this rule alone.
    TheyTake(&'static str),
    /// The validator refuses it with these words, we take it.
    TheyRefuse(&'static str),
}

#[test]
fn verdicts_agree_with_schema_validators() {
    let Some(data) = data() else { return };
    let table = std::fs::read(data.join("_oracles/schema-validity.csv")).expect("the verdicts");
    let table = String::from_utf8(table).expect("text");
    let (mut agree, mut judged) = (0, 0);
    let mut differ: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in rows(&table).into_iter().skip(1) {
        let [file, kind, verdict, error] = &row[..] else { panic!("four columns: {row:?}") };
        if verdict == "no-schema" {
            continue;
        }
        judged += 1;
        let bytes = std::fs::read(data.join(file)).expect("a file of the table");
        let mut findings: Vec<Finding> = Vec::new();
        let result = judge(&bytes[..], &mut |finding| {
            if finding.layer == Layer::Schema {
                findings.push(finding);
            }
        });
        let ours = result.is_ok() && findings.is_empty();
        if ours == (verdict == "valid") {
            agree += 1;
            continue;
        }
        let mut rules: Vec<&str> = findings.iter().map(|finding| finding.rule).collect();
        rules.sort_unstable();
        rules.dedup();
        let class = match (&result, ours) {
            (Err(error), _) => format!("they take, we cannot read: {error}"),
            (_, true) => {
                format!("they refuse, we take: {}", error.chars().take(150).collect::<String>())
            }
            _ => format!("they take, we refuse: {rules:?} {}", findings[0]),
        };
        differ.entry(class).or_default().push(format!("{file} ({kind})"));
    }
    println!("{agree} of {judged} agree");
    let _ = EXCEPTIONS;
    for (class, files) in differ {
        println!("{class}");
        for file in files {
            println!("    {file}");
        }
    }
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
