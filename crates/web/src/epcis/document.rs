//! Answers with events: an `EPCISQueryDocument` in the form that the request accepts.

use axum::body::Body;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use theriac_epcis::{
    CbvFormat, DocumentFormat, DocumentHeader, EpcFormat, WriteOptions, write_document_as,
};
use theriac_gs1::CompanyPrefixes;
use theriac_node::FoundEvent;

use super::discovery::insert;
use super::exception::{Exception, ExceptionKind};
use super::headers;
use super::terms::{CbvPreference, EpcPreference, Form, Terms};
use super::version::Version;
use crate::problem::Problem;

/// The events as a document that answers the query `query_name`.
///
/// # Errors
///
/// [`NotAcceptable`](ExceptionKind::NotAcceptable) if an event has what EPCIS 1.2 cannot say.
pub(super) fn query_document(
    events: &[FoundEvent],
    query_name: &str,
    terms: &Terms,
    form: Form,
    prefixes: &CompanyPrefixes,
) -> Result<Response, Exception> {
    let format = format(form);
    let mut header = DocumentHeader::new(Timestamp::now());
    header.query_name = Some(query_name.to_owned());
    let options = options(terms, prefixes);
    let mut document = Vec::new();
    let events = events.iter().map(|found| &found.event);
    write_document_as(format, events, &header, &options, &mut document)
        .map_err(|error| unwritable(format, &error))?;
    let mut map = HeaderMap::new();
    insert(&mut map, header::CONTENT_TYPE, form.media.name());
    for name in [headers::EPCIS_VERSION, headers::CBV_VERSION] {
        insert(&mut map, name, &form.version.to_string());
    }
    insert(&mut map, headers::EPC_FORMAT, terms.epc_format.word());
    if form.media.is_xml() {
        insert(&mut map, headers::CBV_XML_FORMAT, terms.cbv_format.word());
    }
    Ok((map, Body::from(document)).into_response())
}

/// The format of a document in this form.
pub(super) fn format(form: Form) -> DocumentFormat {
    match (form.media.is_xml(), form.version) {
        (false, _) => DocumentFormat::Json,
        (true, Version::V1_2) => DocumentFormat::Xml12,
        (true, _) => DocumentFormat::Xml,
    }
}

/// The forms of identifiers and words that the request asks for.
pub(super) fn options<'p>(terms: &Terms, prefixes: &'p CompanyPrefixes) -> WriteOptions<'p> {
    WriteOptions {
        epc: epc_format(terms),
        cbv: match terms.cbv_format {
            CbvPreference::Urn => CbvFormat::Urn,
            CbvPreference::NoPreference | CbvPreference::WebUri | CbvPreference::AsCaptured => {
                CbvFormat::WebUri
            }
        },
        prefixes: Some(prefixes),
    }
}

/// The form of identifiers that the request asks for.
pub(super) fn epc_format(terms: &Terms) -> EpcFormat {
    match terms.epc_format {
        EpcPreference::DigitalLink => EpcFormat::DigitalLink,
        EpcPreference::Urn => EpcFormat::Urn,
        EpcPreference::NoPreference | EpcPreference::AsCaptured => EpcFormat::AsRead,
    }
}

fn unwritable(format: DocumentFormat, error: &(dyn std::error::Error + 'static)) -> Exception {
    match format {
        DocumentFormat::Xml12 => Exception::new(
            ExceptionKind::NotAcceptable,
            format!("an event of the answer cannot be told in EPCIS 1.2: {error}"),
        )
        .with_hint("ask for EPCIS 2.0"),
        DocumentFormat::Json | DocumentFormat::Xml => Problem::internal(error).into(),
    }
}
