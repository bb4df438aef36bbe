//! A document of events, written in a stream.

use std::borrow::Borrow;
use std::io::{self, Write};

use super::error::WriteError;
use super::header::DocumentHeader;
use super::json::to_json_with;
use super::options::{DocumentFormat, WriteOptions};
use super::page::Page;
use super::xml::{Body, EventWriter};
use super::{json_document, xml};
use crate::event::{Event, Extension};
use crate::read::MasterDataElement;

/// Writes an `EPCISDocument` or `EPCISQueryDocument` of EPCIS 2.0 JSON-LD, one event at a time.
///
/// # Errors
///
/// Those of `out`.
pub fn write_document<'a>(
    events: impl Iterator<Item = &'a Event>,
    header: &DocumentHeader,
    out: impl Write,
) -> io::Result<()> {
    let options = WriteOptions::default();
    Ok(write_document_as(DocumentFormat::Json, events, header, &options, out)?)
}

/// Writes an `EPCISDocument`, or an `EPCISQueryDocument` when the header names a query, one event
/// at a time.
///
/// # Errors
///
/// [`WriteError::Output`]: those of `out`.
pub fn write_document_as<E: Borrow<Event>>(
    format: DocumentFormat,
    events: impl IntoIterator<Item = E>,
    header: &DocumentHeader,
    options: &WriteOptions<'_>,
    out: impl Write,
) -> Result<(), WriteError> {
    let mut writer = DocumentWriter::new(format, header, options, out);
    for event in events {
        writer.event(event.borrow())?;
    }
    writer.finish()
}

/// Writes the element `QueryResults` of events alone, as in a message of the SOAP query service:
/// of EPCIS 1.2 with [`DocumentFormat::Xml12`], else of 2.0.
///
/// # Errors
///
/// [`WriteError::Output`]: those of `out`.
pub fn write_query_results<E: Borrow<Event>>(
    format: DocumentFormat,
    events: impl IntoIterator<Item = E>,
    header: &DocumentHeader,
    options: &WriteOptions<'_>,
    out: impl Write,
) -> Result<(), WriteError> {
    let mut page = Page::new(out);
    let mut writer = EventWriter::new(&mut page, format, *options);
    writer.begin(Body::Results, header);
    writer.begin_events();
    for event in events {
        writer.listed(event.borrow());
        writer.check()?;
    }
    writer.end_events();
    writer.end(Body::Results, &[]);
    page.finish()
}

/// Writes the element `QueryResults` of a master data query alone, as [`write_query_results`].
///
/// # Errors
///
/// [`WriteError::Output`]: those of `out`.
pub fn write_master_data_results(
    format: DocumentFormat,
    elements: &[MasterDataElement],
    header: &DocumentHeader,
    out: impl Write,
) -> Result<(), WriteError> {
    let mut page = Page::new(out);
    let mut writer = EventWriter::new(&mut page, format, WriteOptions::default());
    writer.begin(Body::Results, header);
    writer.vocabularies(elements);
    writer.end(Body::Results, &[]);
    page.finish()
}

/// Writes one event alone, as an XML element such as `ObjectEvent` or a JSON object that names the
/// context of EPCIS 2.0.
///
/// # Errors
///
/// [`WriteError::Output`]: those of `out`.
pub fn write_event(
    format: DocumentFormat,
    event: &Event,
    options: &WriteOptions<'_>,
    out: impl Write,
) -> Result<(), WriteError> {
    let mut page = Page::new(out);
    match format {
        DocumentFormat::Json => {
            page.json(&json_document::in_context(to_json_with(event, options)));
        }
        DocumentFormat::Xml | DocumentFormat::Xml12 => {
            EventWriter::new(&mut page, format, *options).event(event);
        }
    }
    page.finish()
}

/// Writes a document event by event, as they come. Memory is for one event at a time.
///
/// Nothing is complete before [`DocumentWriter::finish`].
pub struct DocumentWriter<'w> {
    page: Page<'w>,
    format: DocumentFormat,
    options: WriteOptions<'w>,
    body: Body,
    /// Prefixes that the document declares, in JSON.
    prefixes: Vec<String>,
    /// Fields behind the body, in XML.
    behind: Vec<Extension>,
    events: usize,
}

impl<'w> DocumentWriter<'w> {
    /// Begins a document: an `EPCISDocument`, or an `EPCISQueryDocument` when the header names a
    /// query.
    #[must_use]
    pub fn new(
        format: DocumentFormat,
        header: &DocumentHeader,
        options: &WriteOptions<'w>,
        out: impl Write + 'w,
    ) -> Self {
        let body = if header.query_name.is_some() { Body::Query } else { Body::Capture };
        let mut page = Page::new(out);
        let (mut behind, mut prefixes) = (Vec::new(), Vec::new());
        match format {
            DocumentFormat::Json => prefixes = json_document::begin(&mut page, header),
            DocumentFormat::Xml | DocumentFormat::Xml12 => {
                behind = xml::behind(format, header);
                let mut writer = EventWriter::new(&mut page, format, *options);
                writer.begin(body, header);
                writer.begin_events();
            }
        }
        Self { page, format, options: *options, body, prefixes, behind, events: 0 }
    }

    /// Writes the next event.
    ///
    /// # Errors
    ///
    /// [`WriteError::Output`]: those of the output, perhaps of earlier events.
    pub fn event(&mut self, event: &Event) -> Result<(), WriteError> {
        match self.format {
            DocumentFormat::Json => {
                if self.events > 0 {
                    self.page.push(",");
                }
                let event = to_json_with(event, &self.options);
                self.page.json(&json_document::in_document(event, &self.prefixes));
            }
            DocumentFormat::Xml | DocumentFormat::Xml12 => {
                EventWriter::new(&mut self.page, self.format, self.options).listed(event);
            }
        }
        self.events += 1;
        self.page.check()
    }

    /// Ends the document, and hands over all that is left.
    ///
    /// # Errors
    ///
    /// [`WriteError::Output`]: those of the output.
    pub fn finish(mut self) -> Result<(), WriteError> {
        match self.format {
            DocumentFormat::Json => json_document::end(&mut self.page, self.body),
            DocumentFormat::Xml | DocumentFormat::Xml12 => {
                let mut writer = EventWriter::new(&mut self.page, self.format, self.options);
                writer.end_events();
                writer.end(self.body, &self.behind);
            }
        }
        self.page.finish()
    }
}
