//! EPCIS events: reading, writing, checks, canonical form, event hash.
