//! EPC URNs: what is read is written and read again the same, in both forms.
#![no_main]

use libfuzzer_sys::fuzz_target;
use theriac_gs1::{Identifier, read};

fuzz_target!(|rest: &str| {
    let urn = format!("urn:epc:{rest}");
    for text in [rest, &urn] {
        let _ = read(text);
        let Ok(epc) = Identifier::from_uri(text) else { continue };
        let link = epc.digital_link();
        assert_eq!(Identifier::from_uri(&link).map(|epc| epc.id).as_ref(), Ok(&epc.id), "{text:?} as {link:?}");
        let Some(written) = epc.urn() else { continue };
        let again = Identifier::from_uri(&written);
        assert_eq!(again.as_ref(), Ok(&epc), "{text:?} written as {written:?}");
        let length = again.ok().and_then(|epc| epc.company_prefix_length);
        assert_eq!(length, epc.company_prefix_length, "{text:?} written as {written:?}");
    }
});
