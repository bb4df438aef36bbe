//! Identifiers, patterns and company prefixes against published data, read from `shared/data` (or
//! `THERIAC_DATA`); skipped when it is absent.

use std::collections::BTreeSet;
use std::ops::Bound::{Excluded, Unbounded};
use std::path::PathBuf;

use serde_json::Value;
use theriac_gs1::{CompanyPrefixes, Epc, Identifier};

#[allow(clippy::print_stderr)]
fn data(file: &str) -> Option<String> {
    let root = std::env::var_os("THERIAC_DATA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    let path = root.join(file);
    if !path.exists() {
        eprintln!("skipped: {} is absent; set THERIAC_DATA", path.display());
        return None;
    }
    Some(std::fs::read_to_string(&path).expect("a data file is readable"))
}

#[test]
#[allow(clippy::print_stderr)]
fn digital_link_pairs() {
    let Some(text) = data("ralphtro-event-hash/dl_normaliser_pairs.json") else { return };
    let pairs: Vec<Value> = serde_json::from_str(&text).expect("a JSON array");
    // 97803111 is no GTIN-8: its check digit would be 9 (GS1 General Specifications, section 7.9.1); a
    // Digital Link holds a valid key (GS1 Digital Link: URI Syntax, section 4.5), so it is refused.
    let exceptions = ["dl_normaliser_test.py:53"];
    let mut agree = 0;
    for pair in &pairs {
        let id = pair["id"].as_str().expect("a pair has an id");
        let ours = Identifier::from_uri(pair["input"].as_str().unwrap_or_default());
        let right = match (pair["canonical"].as_str(), &ours) {
            (Some(canonical), Ok(epc)) => epc.digital_link() == canonical,
            (None, Ok(Epc { id, .. })) => matches!(id, Identifier::Other(_)),
            (Some(_), Err(_)) => false,
            (None, Err(_)) => true,
        };
        assert_eq!(right, !exceptions.contains(&id), "{pair}: {ours:?}");
        agree += usize::from(right);
    }
    eprintln!("Digital Link pairs: {agree} of {}, {} excepted", pairs.len(), exceptions.len());
    assert_eq!(agree + exceptions.len(), pairs.len());
}

#[test]
#[allow(clippy::print_stderr)]
fn company_prefix_table() {
    let Some(text) = data("biip-gs1/gcp_length_by_prefix.csv") else { return };
    let table = CompanyPrefixes::from_csv(&text).expect("the published table is right");
    let lines = || text.lines().skip(1).map(|line| line.split_once(',').expect("two columns"));
    let prefixes: BTreeSet<&str> = lines().map(|(prefix, _)| prefix).collect();
    let mut rows = 0;
    for (prefix, length) in lines() {
        // Where longer prefixes start with this one, they decide.
        let mut longer = prefixes.range::<str, _>((Excluded(prefix), Unbounded));
        if longer.next().is_some_and(|next| next.starts_with(prefix)) {
            continue;
        }
        let giai = format!("https://id.gs1.org/8004/{prefix:0<12}A");
        let found = table.length_of(&giai.parse().expect("a GIAI"));
        let found = found.map_or(0, |length| length.digits());
        assert_eq!(found.to_string(), length, "{prefix}");
        rows += 1;
    }
    eprintln!("company prefixes: {rows} rows looked up");
    assert!(rows > 100_000);
}
