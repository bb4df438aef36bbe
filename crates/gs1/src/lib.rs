//! GS1 keys, check digits, element strings, Digital Link, EPC URIs.
