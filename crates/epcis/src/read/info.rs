//! What a document says about itself, beside its events.

use super::business_header::BusinessHeader;
use crate::build::Repair;
use crate::event::Extension;

/// The format and version of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// JSON-LD of EPCIS 2.0.
    Json20,
    /// XML of EPCIS 2.0.
    Xml20,
    /// XML of EPCIS 1.0, 1.1 or 1.2.
    Xml12,
}

/// What a document says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentInfo {
    /// Format and version.
    pub format: Format,
    /// The version as the document names it.
    pub schema_version: Option<String>,
    /// When it was made, as the document says.
    pub creation_date: Option<String>,
    /// The query that it answers.
    pub query_name: Option<String>,
    /// The subscription that it answers.
    pub subscription_id: Option<String>,
    /// Number of events, readable or not.
    pub events: usize,
    /// The sender in the business document header (SBDH).
    pub sender: Option<String>,
    /// The receiver in the business document header (SBDH).
    pub receiver: Option<String>,
    /// The business document header (SBDH) of XML.
    pub business_header: Option<BusinessHeader>,
    /// The document's own identifier: `id` or `instanceIdentifier` of JSON, that of the SBDH.
    pub instance_identifier: Option<String>,
    /// Number of master data elements, in the header or the body.
    pub master_data: usize,
    /// Fields of other vocabularies in the header, such as a transaction statement of GS1 US.
    pub header_extensions: Vec<Extension>,
    /// Fields of other vocabularies beside header and body.
    pub extensions: Vec<Extension>,
    /// Fields that the document wants left out of event hashes (CBV 2.0 tools).
    pub ignore_fields: Vec<FieldName>,
    /// Departures from the standard outside the events.
    pub repairs: Vec<Repair>,
    /// Whether the document was read to its end; `false` when the sink stopped it.
    pub complete: bool,
}

impl DocumentInfo {
    pub(crate) fn new(format: Format) -> Self {
        Self {
            format,
            schema_version: None,
            creation_date: None,
            query_name: None,
            subscription_id: None,
            events: 0,
            sender: None,
            receiver: None,
            business_header: None,
            instance_identifier: None,
            master_data: 0,
            header_extensions: Vec::new(),
            extensions: Vec::new(),
            ignore_fields: Vec::new(),
            repairs: Vec::new(),
            complete: true,
        }
    }
}

impl DocumentInfo {
    /// Keeps repairs, up to [`REPAIRS_MAX`](crate::limits::REPAIRS_MAX).
    pub(crate) fn keep(&mut self, repairs: impl IntoIterator<Item = Repair>) {
        let room = crate::limits::REPAIRS_MAX.saturating_sub(self.repairs.len());
        self.repairs.extend(repairs.into_iter().take(room));
    }

    /// Tells what a document of EPCIS must say about itself, and does not.
    pub(crate) fn tell_missing(&mut self) {
        let fields =
            [("schemaVersion", &self.schema_version), ("creationDate", &self.creation_date)];
        for (name, value) in fields {
            if value.is_none() {
                let (path, found) = (name.to_owned(), "nothing".to_owned());
                self.repairs.push(Repair { path, found, read_as: "unknown".to_owned() });
            }
        }
    }
}

/// The name of a field of another vocabulary.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FieldName {
    /// The namespace exactly as declared.
    pub namespace: String,
    /// The local name.
    pub name: String,
}
