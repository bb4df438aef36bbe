//! Codes as scanners and people hand them in.
//!
//! - What is read is written, in brackets and as every symbol transmits it, and read again the same.
//! - The tolerant reader changes no code that reads as it stands, and what it repairs is a code.
#![no_main]

use libfuzzer_sys::fuzz_target;
use theriac_gs1::{
    Ai, Element, Expected, KeyboardLayout, Scan, ScanRepair, Symbology, bracketed, check_pairs,
    element_string, read, read_tolerant, read_tolerant_expecting, scan_data,
};

/// A longer text takes the tolerant reader seconds without coming to new code.
const TOLERANT_BYTES_MAX: usize = 160;

const SYMBOLOGIES: [Symbology; 11] = [
    Symbology::Gs1DataMatrix,
    Symbology::Gs1Code128,
    Symbology::Gs1QrCode,
    Symbology::Gs1DataBar,
    Symbology::Gs1DotCode,
    Symbology::Ean13,
    Symbology::Ean8,
    Symbology::Itf14,
    Symbology::DataMatrix,
    Symbology::QrCode,
    Symbology::DotCode,
];

fuzz_target!(|text: &str| {
    let scan = read(text);
    match &scan {
        Ok(scan) => exact(text, scan),
        Err(error) => {
            let _ = (error.to_string(), error.hint());
        }
    }
    if text.len() <= TOLERANT_BYTES_MAX {
        tolerant(text, scan.ok());
    }
});

/// What was read is written in every form and read again.
fn exact(text: &str, scan: &Scan) {
    let _ = (scan.identifier(), scan.expiry(2026), scan.suspected_lost_separator());
    let _ = check_pairs(&scan.elements);
    let written = bracketed(&scan.elements);
    assert_eq!(elements(&written), scan.elements, "{text:?} written as {written:?}");
    let written = element_string(&scan.elements);
    assert_eq!(
        sorted(elements(&written)),
        sorted(scan.elements.clone()),
        "{text:?} as {written:?}"
    );
    for symbology in SYMBOLOGIES {
        let (first, rest) = scan.elements.split_at(1);
        for (symbol, composite) in [(&scan.elements[..], &[][..]), (first, rest)] {
            let Ok(written) = scan_data(symbology, symbol, composite) else { continue };
            assert_eq!(elements(&written), scan.elements, "{text:?} written as {written:?}");
        }
    }
}

/// A code that reads as it stands keeps its meaning; one that is repaired is a code.
fn tolerant(text: &str, scan: Option<Scan>) {
    let reading = read_tolerant(text);
    if let Some(scan) = scan {
        let reading = reading.as_ref().unwrap_or_else(|error| panic!("{text:?}: {error}"));
        assert_eq!(reading.scan, scan, "{text:?}");
        let dropped = |repair: &ScanRepair| matches!(repair, ScanRepair::EndsDropped { .. });
        assert!(reading.repairs.iter().all(dropped), "{text:?}: {:?}", reading.repairs);
    }
    let expected =
        Expected { must: &[Ai::GTIN, Ai::SERIAL], may: &[Ai::LOT, Ai::EXPIRY], layout: None };
    let typed = Expected { layout: Some(KeyboardLayout::German), ..Expected::default() };
    let expecting = [expected, typed].map(|expected| read_tolerant_expecting(text, expected));
    for reading in [reading].into_iter().chain(expecting).flatten() {
        let words: Vec<String> = reading.repairs.iter().map(ToString::to_string).collect();
        let written = bracketed(&reading.scan.elements);
        assert_eq!(elements(&written), reading.scan.elements, "{text:?} as {written:?}: {words:?}");
    }
}

fn elements(text: &str) -> Vec<Element> {
    match read(text) {
        Ok(Scan { elements, .. }) => elements,
        Err(error) => panic!("{text:?} is not read again: {error}"),
    }
}

fn sorted(mut elements: Vec<Element>) -> Vec<Element> {
    elements.sort();
    elements
}
