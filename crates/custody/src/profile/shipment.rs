//! What goes with a shipment, and what is done with goods that come back.

use serde::{Deserialize, Serialize};

/// What goes with a shipment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shipments {
    /// The documents that each shipment has.
    pub documents: Vec<ShipmentDocument>,
    /// The fields of the transaction information, in the order of the law.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
    /// The text of the transaction statement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statement: Option<String>,
}

/// A document of a shipment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShipmentDocument {
    /// What, how much, when, from whom, to whom (US DSCSA, section 581(26)).
    TransactionInformation,
    /// The seller's word on how it trades (US DSCSA, section 581(27)).
    TransactionStatement,
}

/// What is done with returned goods.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Returns {
    /// Whether each pack is verified before it goes back to stock.
    pub verify_before_restock: bool,
}
