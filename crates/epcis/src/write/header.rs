//! What a written document says about itself.

use jiff::Timestamp;

use crate::event::Extension;
use crate::read::{BusinessHeader, DocumentInfo, MasterDataElement};

/// What a document says about itself (EPCIS 2.0, section 10.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentHeader {
    /// When the document is made.
    pub creation_date: Timestamp,
    /// The document's own identifier, usually an absolute URI.
    pub id: Option<String>,
    /// The query that it answers: the document is then an `EPCISQueryDocument`.
    pub query_name: Option<String>,
    /// The subscription that it answers; only with `query_name`.
    pub subscription_id: Option<String>,
    /// Who sends the document, as a URI.
    pub sender: Option<String>,
    /// Who is to receive the document, as a URI.
    pub receiver: Option<String>,
    /// The business document header (SBDH), in XML instead of `sender` and `receiver`.
    pub business_header: Option<BusinessHeader>,
    /// Master data; neighbours of one vocabulary stand in one list.
    pub master_data: Vec<MasterDataElement>,
    /// Fields of other vocabularies in the header. XML of EPCIS 2.0 has no place for them there,
    /// and they stand behind the body.
    pub header_extensions: Vec<Extension>,
    /// Fields of other vocabularies beside header and body.
    pub extensions: Vec<Extension>,
}

impl DocumentHeader {
    /// A capture document of this time.
    #[must_use]
    pub fn new(creation_date: Timestamp) -> Self {
        Self {
            creation_date,
            id: None,
            query_name: None,
            subscription_id: None,
            sender: None,
            receiver: None,
            business_header: None,
            master_data: Vec::new(),
            header_extensions: Vec::new(),
            extensions: Vec::new(),
        }
    }

    /// What a document that was read said about itself, but for its master data, which
    /// [`read_items`](crate::read_items) hands over. Its creation date, if it is none, becomes
    /// `creation_date`.
    #[must_use]
    pub fn of(info: &DocumentInfo, creation_date: Timestamp) -> Self {
        let date = info.creation_date.as_ref().and_then(|date| date.parse().ok());
        Self {
            id: info.instance_identifier.clone(),
            query_name: info.query_name.clone(),
            subscription_id: info.subscription_id.clone(),
            sender: info.sender.clone(),
            receiver: info.receiver.clone(),
            business_header: info.business_header.clone(),
            header_extensions: info.header_extensions.clone(),
            extensions: info.extensions.clone(),
            ..Self::new(date.unwrap_or(creation_date))
        }
    }
}
