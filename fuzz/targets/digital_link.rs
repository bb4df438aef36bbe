//! GS1 Digital Link URIs, as codes and as identifiers of events.
//!
//! - What is read as a code is written as a link that checks, and read again with the same elements.
//! - What is read as an identifier has one canonical link, which is its own.
#![no_main]

use libfuzzer_sys::fuzz_target;
use theriac_gs1::{
    CANONICAL_STEM, Element, Identifier, ReadOptions, Scan, digital_link, read, read_with,
};

const STRICT: ReadOptions = ReadOptions { strict_links: true };

fuzz_target!(|path: &str| {
    let link = format!("https://id.gs1.org/{path}");
    for text in [path, &link] {
        if let Ok(scan) = read(text) {
            code(text, &scan);
        }
        let Ok(epc) = Identifier::from_uri(text) else { continue };
        let canonical = epc.digital_link();
        let again = Identifier::from_uri(&canonical).map(|epc| epc.id);
        assert_eq!(again.as_ref(), Ok(&epc.id), "{text:?} written as {canonical:?}");
        assert_eq!(again.map(|id| id.digital_link()), Ok(canonical), "{text:?}");
    }
});

fn code(text: &str, scan: &Scan) {
    let strict = read_with(text, STRICT);
    if let Ok(strict) = &strict {
        assert_eq!(strict, scan, "{text:?}");
    }
    for stem in [CANONICAL_STEM, "https://example.com/01/a%20b/"] {
        let Ok(link) = digital_link(&scan.elements, stem) else { continue };
        let again = read_with(&link, STRICT).unwrap_or_else(|error| panic!("{link:?}: {error}"));
        assert_eq!(sorted(&again), sorted(scan), "{text:?} written as {link:?}");
        let twice = digital_link(&again.elements, stem);
        assert_eq!(twice.as_ref(), Ok(&link), "{text:?}");
    }
}

fn sorted(scan: &Scan) -> Vec<Element> {
    let mut elements = scan.elements.clone();
    elements.sort();
    elements
}
