//! What stands around events: documents and the results of queries.

use super::event::{EventWriter, Layout};
use crate::event::Extension;
use crate::write::DocumentHeader;
use crate::write::error::WriteError;
use crate::write::options::DocumentFormat;

/// What the events or master data stand in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::write) enum Body {
    /// `EPCISDocument`.
    Capture,
    /// `EPCISQueryDocument` with `QueryResults`.
    Query,
    /// `QueryResults` alone, for a message of SOAP.
    Results,
}

impl EventWriter<'_, '_> {
    fn namespace(&self, part: &str) -> String {
        let version = if self.layout == Layout::V12 { 1 } else { 2 };
        format!("urn:epcglobal:{part}:xsd:{version}")
    }

    /// Everything up to the first event.
    pub(in crate::write) fn begin(&mut self, body: Body, header: &DocumentHeader) {
        match body {
            Body::Capture => self.root("epcis:EPCISDocument", "xmlns:epcis", "epcis", header),
            Body::Query => {
                let root = "epcisq:EPCISQueryDocument";
                self.root(root, "xmlns:epcisq", "epcis-query", header);
            }
            Body::Results => {}
        }
        if body != Body::Results {
            self.header(header);
            self.page.open("EPCISBody");
        }
        if body != Body::Capture {
            self.results(header);
        }
    }

    /// The start of a list of events.
    pub(in crate::write) fn begin_events(&mut self) {
        self.page.open("EventList");
    }

    /// The end of a list of events.
    pub(in crate::write) fn end_events(&mut self) {
        self.page.close("EventList");
    }

    /// The error of the output so far.
    pub(in crate::write) fn check(&mut self) -> Result<(), WriteError> {
        self.page.check()
    }

    /// Everything behind the last event.
    pub(in crate::write) fn end(&mut self, body: Body, extensions: &[Extension]) {
        if body != Body::Capture {
            self.page.push("</resultsBody></epcisq:QueryResults>");
        }
        if body != Body::Results {
            self.page.close("EPCISBody");
            self.standing_alone(extensions);
        }
        match body {
            Body::Capture => self.page.close("epcis:EPCISDocument"),
            Body::Query => self.page.close("epcisq:EPCISQueryDocument"),
            Body::Results => {}
        }
    }

    fn root(&mut self, name: &str, declaration: &str, part: &str, header: &DocumentHeader) {
        let version = if self.layout == Layout::V12 { "1.2" } else { "2.0" };
        let namespace = self.namespace(part);
        self.page.push("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<");
        self.page.push(name);
        self.page.attribute(declaration, &namespace);
        self.page.attribute("schemaVersion", version);
        self.page.attribute("creationDate", &header.creation_date.to_string());
        self.page.push(">");
    }

    fn results(&mut self, header: &DocumentHeader) {
        let namespace = self.namespace("epcis-query");
        self.page.push("<epcisq:QueryResults");
        self.page.attribute("xmlns:epcisq", &namespace);
        self.page.push(">");
        self.page.leaf("queryName", header.query_name.as_deref().unwrap_or_default());
        if let Some(subscription) = &header.subscription_id {
            self.page.leaf("subscriptionID", subscription);
        }
        self.page.open("resultsBody");
    }
}

/// The fields that stand behind the body: in 2.0 those of the header too, whose schema has no
/// place for them.
pub(in crate::write) fn behind(format: DocumentFormat, header: &DocumentHeader) -> Vec<Extension> {
    let of_header = match format {
        DocumentFormat::Xml12 => &[],
        DocumentFormat::Json | DocumentFormat::Xml => &header.header_extensions[..],
    };
    of_header.iter().chain(&header.extensions).cloned().collect()
}
