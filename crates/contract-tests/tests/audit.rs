//! The page for auditors lists every function of the contracts that changes anything, and no other.

#![allow(clippy::unwrap_used, reason = "a test fails where it unwraps")]

use std::collections::BTreeSet;

const PAGE: &str = include_str!("../../../docs/audit.md");

/// Names of the functions of an artefact that are no views.
fn functions(artefact: &str) -> BTreeSet<String> {
    let json: serde_json::Value = serde_json::from_str(artefact).unwrap();
    let abi = json["abi"].as_array().unwrap().iter();
    abi.filter(|entry| entry["type"] == "function")
        .filter(|entry| !matches!(entry["stateMutability"].as_str(), Some("view" | "pure")))
        .map(|entry| entry["name"].as_str().unwrap().to_owned())
        .collect()
}

/// Names in the first column of the table under the mark of a contract.
fn listed(contract: &str) -> BTreeSet<String> {
    let mark = format!("<!-- functions of {contract} -->");
    let (_, section) = PAGE.split_once(&mark).unwrap();
    let rows = section.lines().skip_while(|line| !line.starts_with('|'));
    let rows = rows.take_while(|line| line.starts_with('|')).skip(2);
    rows.flat_map(|row| row.split('|').nth(1).unwrap().split(','))
        .map(|name| name.trim().trim_matches('`').to_owned())
        .collect()
}

#[test]
fn the_page_for_auditors_lists_every_function() {
    for (contract, artefact) in [
        ("Registry", include_str!("../../../contracts/artifacts/Registry.json")),
        ("Custody", include_str!("../../../contracts/artifacts/Custody.json")),
        ("Documents", include_str!("../../../contracts/artifacts/Documents.json")),
        ("Timelock", include_str!("../../../contracts/artifacts/Timelock.json")),
    ] {
        let (found, expected) = (listed(contract), functions(artefact));
        assert!(!expected.is_empty());
        assert_eq!(found, expected, "docs/audit.md, functions of {contract}");
    }
}
