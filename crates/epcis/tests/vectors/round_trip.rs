//! What is written is read again as it was.

use jiff::Timestamp;
use theriac_epcis::{DocumentHeader, event_from_json, event_hash, to_json, write_document};

use crate::corpus::{data, files, read_all, readable};

#[test]
fn every_event_survives_a_document() {
    let Some(data) = data() else { return };
    let header = DocumentHeader::new(Timestamp::UNIX_EPOCH);
    for (name, bytes) in files(&data) {
        let events = readable(&bytes);
        let mut written = Vec::new();
        write_document(events.iter(), &header, &mut written).expect("a Vec takes every write");
        let (again, info) = read_all(&written);
        let info = info.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(info.repairs, [], "{name}");
        assert_eq!(again.len(), events.len(), "{name}");
        for (event, again) in events.iter().zip(again) {
            let again = again.outcome.unwrap_or_else(|error| panic!("{name}: {error}")).event;
            assert_eq!(&again, event, "{name}");
            assert_eq!(event_hash(&again), event_hash(event), "{name}");
        }
    }
}

#[test]
fn every_event_survives_json() {
    let Some(data) = data() else { return };
    for (name, bytes) in files(&data) {
        for event in readable(&bytes) {
            let json = to_json(&event);
            let again = event_from_json(&json).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(again, event, "{name}");
        }
    }
}
