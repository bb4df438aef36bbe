//! Exception messages of the PDG (Partnership for DSCSA Governance): a case as two companies without
//! a common system tell each other of it. Fields and their order follow `report_schema.json` and
//! `response_schema.json` of the PDG's exceptions work group.
//!
//! # Invariants
//!
//! - What is written is valid against those schemas; what is read keeps all it says.
//! - An item of an exception is a proposal to end the case: one resolution is asked for each.

mod read;
mod write;

pub use read::{ReadReport, ReadResponse};
pub use write::{Case, item_ids};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Resolution;

/// Who sends a message, and whom to call about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactInformation {
    /// A verifiable presentation that shows that the sender is authorised, as JWT.
    #[serde(default)]
    pub vp: Option<String>,
    /// GLN.
    #[serde(default)]
    pub gln: Option<String>,
    /// Email address.
    pub email: String,
    /// Telephone number.
    #[serde(default)]
    pub phone: Option<String>,
}

/// What a party found wrong, or that it is settled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExceptionReport {
    /// Name of the message.
    pub message_uuid: String,
    /// Name of the case.
    pub exception_case_uuid: String,
    /// When, in seconds since 1970-01-01T00:00Z.
    pub timestamp: i64,
    /// Number of the purchase order; empty if none is known.
    pub po_number: String,
    /// Who sends it.
    pub sender_information: ContactInformation,
    /// What is wrong.
    #[serde(default)]
    pub exceptions: Option<Exceptions>,
    /// What is wrong and has no field of its own.
    #[serde(default)]
    pub other_errors: Option<Vec<String>>,
    /// Whether the case has ended.
    pub case_resolved: bool,
}

/// What is wrong, by kind.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exceptions {
    /// Products came, and no data about them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing_product_data: Option<Vec<ProductWithoutData>>,
    /// Data came, and not the products.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing_product: Option<Vec<DataWithoutProduct>>,
    /// Data differ from the products.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_misalignment: Option<Vec<Misalignment>>,
    /// More came than was ordered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overages: Option<Vec<Quantities>>,
    /// Less came than was ordered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub underages: Option<Vec<Quantities>>,
    /// Identifiers are unknown or wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub master_data_errors: Option<MasterDataErrors>,
}

/// A product without data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductWithoutData {
    /// Name of the item.
    pub exception_item_uuid: String,
    /// GTIN on the product.
    pub product_gtin: String,
    /// How it was seen.
    pub observation_source: ObservationSource,
    /// What is asked for.
    pub resolution_request: Resolution,
    /// Serial number on the product.
    #[serde(default)]
    pub product_serial: Option<String>,
}

/// How something was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ObservationSource {
    /// It was scanned.
    Scan,
    /// A packing slip says so.
    #[serde(rename = "Packing Slip")]
    PackingSlip,
    /// An advance ship notice says so.
    #[serde(rename = "ASN")]
    Asn,
    /// In another way.
    Other,
}

/// Data without a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataWithoutProduct {
    /// Name of the item.
    pub exception_item_uuid: String,
    /// The file that names the product.
    pub file_id: String,
    /// GTIN in the data.
    pub product_gtin: String,
    /// Serial number in the data.
    pub product_serial: String,
    /// What is asked for.
    pub resolution_request: Resolution,
}

/// A product whose data differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Misalignment {
    /// Name of the item.
    pub exception_item_uuid: String,
    /// GTIN on the product.
    pub received_product_gtin: String,
    /// Lot on the product.
    pub received_product_lot: String,
    /// Expiry date on the product.
    pub received_product_expiry: String,
    /// Serial number on the product.
    pub received_product_serial: Option<String>,
    /// GTIN in the data.
    pub product_data_gtin: String,
    /// Lot in the data.
    pub product_data_lot: String,
    /// Expiry date in the data.
    pub product_data_expiry: String,
    /// Serial number in the data.
    pub product_data_serial: Option<String>,
    /// What is asked for.
    pub resolution_request: Resolution,
}

/// Quantities that differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quantities {
    /// Name of the item.
    pub exception_item_uuid: String,
    /// The product.
    pub gtin: String,
    /// Packs ordered.
    pub quantity_ordered: i64,
    /// Packs received.
    pub quantity_received: i64,
    /// What is asked for.
    pub resolution_request: Resolution,
}

/// Identifiers that are unknown or wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MasterDataErrors {
    /// GLNs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gln_errors: Option<Vec<GlnError>>,
    /// GTINs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gtin_errors: Option<Vec<GtinError>>,
}

/// A GLN that is unknown or wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GlnError {
    /// Name of the item.
    pub exception_item_uuid: String,
    /// The GLN.
    pub invalid_gln: String,
    /// The right one.
    #[serde(default)]
    pub proposed_gln: Option<String>,
    /// What is asked for.
    #[serde(default)]
    pub resolution_request: Option<Resolution>,
}

/// A GTIN that is unknown or wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GtinError {
    /// Name of the item.
    pub exception_item_uuid: String,
    /// The GTIN.
    pub invalid_gtin: String,
    /// The right one.
    #[serde(default)]
    pub proposed_gtin: Option<String>,
    /// What is asked for.
    #[serde(default)]
    pub resolution_request: Option<Resolution>,
}

/// What the other party makes of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExceptionResponse {
    /// Name of the message.
    pub message_uuid: String,
    /// Name of the case.
    pub exception_case_uuid: String,
    /// When, in seconds since 1970-01-01T00:00Z.
    pub timestamp: i64,
    /// Who sends it.
    pub sender_information: ContactInformation,
    /// Number of the purchase order; empty if none is known.
    pub po_number: String,
    /// One answer for each item.
    #[serde(default)]
    pub response_items: Option<Vec<ResponseItem>>,
    /// Anything else.
    #[serde(default)]
    pub additional_notes: Option<String>,
}

/// The answer to an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResponseItem {
    /// Name of the item.
    pub exception_item_uuid: String,
    /// Whether what was asked for is accepted.
    pub resolution_response: ResolutionResponse,
    /// In the sender's words.
    #[serde(default)]
    pub comments: Option<String>,
    /// What is proposed instead.
    #[serde(default)]
    pub alternative_resolution: Option<AlternativeResolution>,
}

/// Whether a resolution is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ResolutionResponse {
    /// It is.
    Accept,
    /// It is not.
    Reject,
}

/// Another way to end a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlternativeResolution {
    /// The way.
    pub alternative_resolution: Option<Resolution>,
    /// How it is talked about.
    pub follow_up: Option<FollowUpMethod>,
    /// With whom.
    #[serde(default)]
    pub follow_up_details: Option<String>,
}

/// How something is talked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FollowUpMethod {
    /// By email.
    Email,
    /// By telephone.
    Phone,
}

/// A message of the PDG.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// What a party found wrong.
    Report(Box<ExceptionReport>),
    /// What the other makes of it.
    Response(Box<ExceptionResponse>),
}

impl Message {
    /// Reads a message; one with `case_resolved` is a report.
    ///
    /// # Errors
    ///
    /// What was expected, and where, in the words of the JSON reader.
    pub fn read(json: &Value) -> Result<Self, serde_json::Error> {
        match json.get("case_resolved") {
            Some(_) => Ok(Self::Report(Box::new(ExceptionReport::deserialize(json)?))),
            None => Ok(Self::Response(Box::new(ExceptionResponse::deserialize(json)?))),
        }
    }
}
