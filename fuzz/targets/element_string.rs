//! Codes as scanners and people hand them in: what is read is written and read again the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use theriac_gs1::{Element, Scan, bracketed, element_string, read};

fuzz_target!(|text: &str| {
    let Ok(scan) = read(text) else { return };
    let written = bracketed(&scan.elements);
    assert_eq!(elements(&written), scan.elements, "{text:?} written as {written:?}");
    let written = element_string(&scan.elements);
    assert_eq!(sorted(elements(&written)), sorted(scan.elements), "{text:?} written as {written:?}");
});

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
