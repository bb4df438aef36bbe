//! What a receiver is sent: an `EPCISQueryDocument`, or an exception in its place.

mod exception;

pub use exception::CallbackException;

use jiff::Timestamp;
use theriac_epcis::{CbvFormat, DocumentHeader, EpcFormat, WriteOptions, write_document_as};
use theriac_gs1::CompanyPrefixes;

use super::controls::PayloadForm;
use crate::query::FoundEvent;

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its media type.
    pub content_type: &'static str,
    /// Its body, UTF-8.
    pub body: Vec<u8>,
}

impl Message {
    /// Its body as text.
    pub fn into_text(self) -> String {
        String::from_utf8(self.body).expect("a message is UTF-8, because JSON and XML were written")
    }
}

/// What all messages of a subscription have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// The name of the query.
    pub query_name: String,
    /// The subscription; none for a WebSocket.
    pub subscription_id: Option<String>,
    /// The form of the messages.
    pub form: PayloadForm,
    /// The form of EPCs in them.
    pub epc: EpcFormat,
}

impl Envelope {
    /// The message with these events, made at `at`; `prefixes` are for EPC URNs of Digital Links.
    pub fn results(
        &self,
        events: &[FoundEvent],
        at: Timestamp,
        prefixes: &CompanyPrefixes,
    ) -> Message {
        let mut header = DocumentHeader::new(at);
        header.query_name = Some(self.query_name.clone());
        header.subscription_id = self.subscription_id.clone();
        let prefixes = Some(prefixes);
        let options = WriteOptions { epc: self.epc, cbv: CbvFormat::WebUri, prefixes };
        let events = events.iter().map(|found| &found.event);
        let mut body = Vec::new();
        write_document_as(self.form.format(), events, &header, &options, &mut body)
            .expect("a document is written, because a vector takes all bytes");
        let content_type = match self.form {
            PayloadForm::Json => "application/json",
            PayloadForm::Xml | PayloadForm::Xml12 => "application/xml",
        };
        Message { content_type, body }
    }

    /// The message that there is no answer.
    pub fn exception(&self, kind: CallbackException, detail: &str, at: Timestamp) -> Message {
        match self.form {
            PayloadForm::Json => exception::to_json(self, kind, detail, at),
            PayloadForm::Xml => exception::to_xml(self, kind, detail, at, "2"),
            PayloadForm::Xml12 => exception::to_xml(self, kind, detail, at, "1"),
        }
    }
}
