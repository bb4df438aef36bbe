//! EPCIS documents in XML: an event that is read is written and read again the same.
#![no_main]

use std::ops::ControlFlow;

use libfuzzer_sys::fuzz_target;
use theriac_epcis::{check, event_from_json, event_hash, read, to_json};

fuzz_target!(|document: &[u8]| {
    let _ = read(document, &mut |item| {
        if let Ok(parsed) = item.outcome {
            let _ = check(&parsed.event);
            let json = to_json(&parsed.event);
            let again = event_from_json(&json).unwrap_or_else(|error| panic!("{error}: {json}"));
            assert_eq!(again, parsed.event, "{json}");
            assert_eq!(event_hash(&again), event_hash(&parsed.event), "{json}");
        }
        ControlFlow::Continue(())
    });
});
