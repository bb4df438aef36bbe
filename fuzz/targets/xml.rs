//! EPCIS documents in XML.
//!
//! - The judge takes what the reader takes, and tells of every event that cannot be read.
//! - An event that is read is written and read again the same, with the same hash: alone in JSON,
//!   and in a document of JSON, XML 2.0 and XML 1.2; so is master data.
#![no_main]

mod documents;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|document: &[u8]| documents::exercise(document));
