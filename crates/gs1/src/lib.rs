//! GS1 keys, check digits, element strings, Digital Link, EPC URNs.
//!
//! Pure: no clock, no disk, no network; the current year reaches date functions as a parameter.
//! A scan, an EPC URN and a Digital Link all become the same typed [`Identifier`].
//!
//! # Invariants
//!
//! - A value of a key type has the right number of digits and the right check digit.
//! - A serial, lot, extension or reference has the length and characters of its [`FieldName`],
//!   verbatim: case and leading zeros are part of it.
//! - No text, however mangled, makes this crate panic.
//! - A company prefix length is never guessed.

pub mod ai;
mod charset;
mod check_digit;
mod company_prefix;
pub mod date;
pub mod element;
mod identifier;
mod key;
mod link;
pub mod national;
mod ndc;
mod pattern;
pub mod percent;
pub mod scan;
mod serial;
mod short_name;
mod text_form;

pub use ai::{Ai, AiEntry, AiError, PairViolation, ValueError, check_pairs};
pub use check_digit::check_digit;
pub use company_prefix::{
    CompanyPrefixLength, CompanyPrefixLengthError, CompanyPrefixes, CompanyPrefixesError,
};
pub use date::{DateError, to_yymmdd, yymmdd};
pub use element::{Element, ElementError, GS, bracketed, element_string};
pub use identifier::{
    Cpi, Epc, Gcn, Gdti, Grai, Identifier, Itip, ItipPart, Lgtin, PieceOfTotal, Sgln, Sgtin, Upui,
    Uri, UriError,
};
pub use key::{AssetType, Coupon, DocumentType, Gln, Gsin, Gsrn, Gtin, KeyError, KeyName, Sscc};
pub use link::{CANONICAL_STEM, LinkError, digital_link};
pub use ndc::{Ndc, NdcError, NdcFormat};
pub use pattern::Pattern;
pub use scan::{
    Doubt, Expected, KeyboardLayout, LostSeparator, Problem, ReadOptions, Reading, Scan,
    ScanDataError, ScanError, ScanForm, ScanRepair, Symbology, read, read_tolerant,
    read_tolerant_expecting, read_with, scan_data,
};
pub use serial::{
    AssetSerial, CouponSerial, DocumentSerial, FieldName, Giai, Ginc, GlnExtension, Lot,
    PartNumber, PartSerial, Serial, TextError, ThirdPartySerial,
};

/// The examples of the crate's page, as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
