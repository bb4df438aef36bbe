//! GS1 Digital Link URIs, as codes and as identifiers of events.
#![no_main]

use libfuzzer_sys::fuzz_target;
use theriac_gs1::{Identifier, read};

fuzz_target!(|path: &str| {
    let link = format!("https://id.gs1.org/{path}");
    for text in [path, &link] {
        let _ = read(text);
        let Ok(epc) = Identifier::from_uri(text) else { continue };
        let canonical = epc.digital_link();
        let again = Identifier::from_uri(&canonical).map(|epc| epc.id);
        assert_eq!(again.as_ref(), Ok(&epc.id), "{text:?} written as {canonical:?}");
    }
});
