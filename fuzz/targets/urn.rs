//! EPC URNs and patterns, and the table of company prefixes.
//!
//! - What is read is written and read again the same, as a URN and as a Digital Link.
//! - The pattern of an identifier, and that of its class, matches it; what a pattern matches has a
//!   key that starts as the pattern says.
//! - A table with the company prefix of a URN gives back that URN from the Digital Link.
#![no_main]

use libfuzzer_sys::fuzz_target;
use theriac_gs1::{CompanyPrefixes, Epc, Identifier, Pattern, read};

/// Identifiers that any table and pattern is tried on.
const PROBES: [&str; 4] = [
    "https://id.gs1.org/01/10614141073464/21/2018",
    "https://id.gs1.org/414/4012345000054",
    "https://id.gs1.org/8004/0614141A",
    "urn:example:other",
];

fuzz_target!(|rest: &str| {
    let urn = format!("urn:epc:{rest}");
    for text in [rest, &urn] {
        let _ = read(text);
        let pattern = Pattern::from_uri(text);
        let epc = Identifier::from_uri(text);
        if let Ok(pattern) = &pattern {
            probe(text, pattern);
        }
        let Ok(epc) = epc else { continue };
        // The text of a pattern is an identifier only where it names a class.
        if is_pattern(text) && matches!(epc.id, Identifier::Other(_)) {
            continue;
        }
        let pattern = pattern.unwrap_or_else(|error| panic!("{text:?} is no pattern: {error}"));
        holds(text, &pattern, &epc);
        identifier(text, &epc);
    }
    if let Ok(table) = CompanyPrefixes::from_csv(rest) {
        PROBES.iter().for_each(|uri| by_table(&Epc::from_uri(uri).expect("a URI"), &table));
    }
});

fn is_pattern(text: &str) -> bool {
    const HEAD: &str = "urn:epc:idpat:";
    text.get(..HEAD.len()).is_some_and(|head| head.eq_ignore_ascii_case(HEAD))
}

fn identifier(text: &str, epc: &Epc) {
    let link = epc.digital_link();
    assert_eq!(
        Identifier::from_uri(&link).map(|epc| epc.id).as_ref(),
        Ok(&epc.id),
        "{text:?} as {link:?}"
    );
    let Some(written) = epc.urn() else { return };
    let again = Identifier::from_uri(&written);
    assert_eq!(again.as_ref(), Ok(epc), "{text:?} written as {written:?}");
    let length = again.ok().and_then(|epc| epc.company_prefix_length);
    assert_eq!(length, epc.company_prefix_length, "{text:?} written as {written:?}");
    let pattern =
        Pattern::from_uri(&written).unwrap_or_else(|error| panic!("{written:?}: {error}"));
    holds(&written, &pattern, epc);
    wider_patterns(&written, epc);
    own_table(&written, epc);
}

/// The patterns of an identifier, of its class and of its company.
fn wider_patterns(urn: &str, epc: &Epc) {
    let Some(rest) = urn.strip_prefix("urn:epc:id:sgtin:") else { return };
    let parts: Vec<&str> = rest.splitn(3, '.').collect();
    let [company, item, _] = parts[..] else { return };
    for pattern in [format!("{company}.{item}.*"), format!("{company}.*.*"), "*.*.*".to_owned()] {
        let text = format!("urn:epc:idpat:sgtin:{pattern}");
        let pattern = Pattern::from_uri(&text).unwrap_or_else(|error| panic!("{text:?}: {error}"));
        holds(&text, &pattern, epc);
    }
}

/// The company prefix that a URN tells is found by a table that has it.
fn own_table(urn: &str, epc: &Epc) {
    let Some(length) = epc.company_prefix_length else { return };
    let components = urn.splitn(5, ':').nth(4).unwrap_or_default();
    let prefix = components.split('.').next().unwrap_or_default();
    let table = CompanyPrefixes::from_csv(&format!("{prefix},{length}"))
        .unwrap_or_else(|error| panic!("{urn:?}: {error}"));
    let without = Epc::from(epc.id.clone());
    assert_eq!(without.urn_with(&table).as_deref(), Some(urn));
    by_table(&without, &table);
}

fn by_table(epc: &Epc, table: &CompanyPrefixes) {
    let Some(urn) = epc.urn_with(table) else { return };
    assert_eq!(Epc::from_uri(&urn).as_ref(), Ok(epc), "{urn:?}");
}

fn probe(text: &str, pattern: &Pattern) {
    for uri in PROBES {
        let epc = Epc::from_uri(uri).expect("a URI");
        if pattern.matches(&epc) {
            holds(text, pattern, &epc);
        }
    }
}

fn holds(text: &str, pattern: &Pattern, epc: &Epc) {
    assert!(pattern.matches(epc), "{text:?} does not match {epc:?}");
    let key = epc.id.key();
    let starts = |prefix: &String| key.starts_with(prefix.as_str());
    assert!(pattern.key_prefix().as_ref().is_none_or(starts), "{text:?}: {key}");
    let prefixes = pattern.key_prefixes();
    assert!(prefixes.is_empty() || prefixes.iter().any(starts), "{text:?}: {key}");
}
