//! Envelopes of SOAP 1.1 and 1.2, in and out.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::fault::{Fault, FaultCode};
use super::markup::cut;
use super::operation::Operation;
use super::tree::{Element, parse};

/// A version of SOAP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SoapVersion {
    V1_1,
    V1_2,
}

impl SoapVersion {
    fn namespace(self) -> &'static str {
        match self {
            Self::V1_1 => "http://schemas.xmlsoap.org/soap/envelope/",
            Self::V1_2 => "http://www.w3.org/2003/05/soap-envelope",
        }
    }

    fn media_type(self) -> &'static str {
        match self {
            Self::V1_1 => "text/xml; charset=utf-8",
            Self::V1_2 => "application/soap+xml; charset=utf-8",
        }
    }
}

/// The version of EPCIS that a message is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// EPCIS 1.0 to 1.2.
    V1_2,
    /// EPCIS 2.0.
    V2_0,
}

impl Dialect {
    /// The namespace of its messages.
    pub(super) fn namespace(self) -> &'static str {
        match self {
            Self::V1_2 => "urn:epcglobal:epcis-query:xsd:1",
            Self::V2_0 => "urn:epcglobal:epcis-query:xsd:2",
        }
    }

    /// The version's name.
    pub(super) fn version(self) -> &'static str {
        match self {
            Self::V1_2 => "1.2",
            Self::V2_0 => "2.0",
        }
    }

    fn of_namespace(namespace: Option<&str>) -> Option<Self> {
        [Self::V1_2, Self::V2_0].into_iter().find(|each| Some(each.namespace()) == namespace)
    }

    /// An element of the message namespace with this content, which is XML.
    pub(super) fn element(self, name: &str, content: &str) -> Vec<u8> {
        let namespace = self.namespace();
        format!("<epcisq:{name} xmlns:epcisq=\"{namespace}\">{content}</epcisq:{name}>")
            .into_bytes()
    }
}

/// How a client speaks, and is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Manner {
    pub(super) soap: SoapVersion,
    pub(super) dialect: Dialect,
}

impl Manner {
    /// What the head of a request tells of it.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let soap = match media_type(headers).as_deref() {
            Some("application/soap+xml") => SoapVersion::V1_2,
            _ => SoapVersion::V1_1,
        };
        Self { soap, dialect: Dialect::V1_2 }
    }

    /// The answer: an envelope around a result or a fault.
    pub(super) fn respond(self, result: Result<Vec<u8>, Fault>) -> Response {
        let status = match &result {
            Ok(_) => StatusCode::OK,
            Err(fault) => fault.status(self.soap),
        };
        let namespace = self.soap.namespace();
        let head = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <soap:Envelope xmlns:soap=\"{namespace}\"><soap:Body>"
        );
        let mut envelope = head.into_bytes();
        match result {
            Ok(result) => envelope.extend_from_slice(&result),
            Err(fault) => {
                let mut text = String::new();
                fault.write(&mut text, self.soap, self.dialect);
                envelope.extend_from_slice(text.as_bytes());
            }
        }
        envelope.extend_from_slice(b"</soap:Body></soap:Envelope>");
        let media_type = HeaderValue::from_static(self.soap.media_type());
        (status, [(header::CONTENT_TYPE, media_type)], Body::from(envelope)).into_response()
    }
}

/// A message that asks for an operation.
pub(super) struct Opened {
    pub(super) operation: Operation,
    pub(super) message: Element,
}

/// The body is XML, as far as its media type says.
///
/// # Errors
///
/// A fault with status 415.
pub(super) fn expect_xml(headers: &HeaderMap) -> Result<(), Fault> {
    match media_type(headers).as_deref() {
        None | Some("text/xml" | "application/soap+xml" | "application/xml") => Ok(()),
        Some(found) => {
            let found = cut(found);
            let reason = format!("expected Content-Type text/xml, found {found:?}");
            Err(Fault::invalid(reason).with_status(StatusCode::UNSUPPORTED_MEDIA_TYPE))
        }
    }
}

fn media_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::CONTENT_TYPE)?.to_str().unwrap_or("\u{fffd}");
    let name = value.split(';').next().unwrap_or_default().trim();
    Some(name.to_ascii_lowercase())
}

/// Takes the message out of its envelope; tells in `manner` how the client speaks.
///
/// # Errors
///
/// A fault of the client.
pub(super) fn open(bytes: &[u8], manner: &mut Manner) -> Result<Opened, Fault> {
    let envelope = parse(bytes)?;
    manner.soap = version(&envelope)?;
    let namespace = envelope.namespace.clone();
    let mut body = None;
    for child in envelope.children {
        let is_soap = child.namespace == namespace;
        match child.name.as_str() {
            "Header" if is_soap => expect_optional(&child, manner.soap)?,
            "Body" if is_soap => body = body.or(Some(child)),
            _ => {}
        }
    }
    let body = body.ok_or_else(|| Fault::invalid("expected a Body in the Envelope, found none"))?;
    let mut messages = body.children.into_iter();
    let message = messages.next();
    let message = message
        .filter(|_| messages.next().is_none())
        .ok_or_else(|| Fault::invalid("expected one message in the Body, found another number"))?;
    let name = cut(&message.name);
    manner.dialect = Dialect::of_namespace(message.namespace.as_deref()).ok_or_else(|| {
        let found = cut(message.namespace.as_deref().unwrap_or("none"));
        let wanted = Dialect::V1_2.namespace();
        Fault::invalid(format!("expected {name} of the namespace {wanted}, found {found:?}"))
    })?;
    let operation = Operation::of_request(&message.name).ok_or_else(|| {
        Fault::invalid(format!("expected a request such as Poll, found {name:?}"))
    })?;
    Ok(Opened { operation, message })
}

/// The version of an envelope.
fn version(envelope: &Element) -> Result<SoapVersion, Fault> {
    if envelope.name != "Envelope" {
        let found = cut(&envelope.name);
        let reason = format!("expected an Envelope of SOAP 1.1 or 1.2, found {found:?}");
        return Err(Fault::invalid(reason).with_status(StatusCode::BAD_REQUEST));
    }
    let versions = [SoapVersion::V1_1, SoapVersion::V1_2];
    let namespace = envelope.namespace.as_deref();
    versions.into_iter().find(|version| Some(version.namespace()) == namespace).ok_or_else(|| {
        let found = cut(namespace.unwrap_or("none"));
        let reason = format!("expected an Envelope of SOAP 1.1 or 1.2, found namespace {found:?}");
        Fault::of_envelope(FaultCode::VersionMismatch, reason)
    })
}

/// No header must be understood: none is (SOAP 1.1, section 4.2.3).
fn expect_optional(headers: &Element, version: SoapVersion) -> Result<(), Fault> {
    let must = |header: &&Element| {
        header.attributes.iter().any(|attribute| {
            attribute.name == "mustUnderstand"
                && attribute.namespace.as_deref() == Some(version.namespace())
                && matches!(attribute.value.trim(), "1" | "true")
        })
    };
    match headers.children.iter().find(must) {
        None => Ok(()),
        Some(header) => {
            let reason = format!("expected no header to understand, found {:?}", cut(&header.name));
            Err(Fault::of_envelope(FaultCode::MustUnderstand, reason))
        }
    }
}
