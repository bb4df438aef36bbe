//! The interoperability suite of EPCIS 1.0 as Fosstrak published it: what is captured, the
//! requests of its SOAP service, and the answers that are right.

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use theriac_epcis::{Event, Item, MasterDataElement, read_items};
use theriac_query::ParamValue;

use crate::element::{Element, parse};

/// The folder of the suite; `None` when the shared data is not there.
pub(crate) fn folder() -> Option<PathBuf> {
    let shared = std::env::var_os("THERIAC_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    let folder = shared.join("fosstrak-interop");
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: no fosstrak-interop in {}", shared.display());
    None
}

/// Everything that the suite captures before it asks.
pub(crate) fn captured(folder: &Path) -> (Vec<Event>, Vec<MasterDataElement>) {
    let mut all = (Vec::new(), Vec::new());
    for part in ["events", "masterdata"] {
        for path in files(&folder.join(part)) {
            let (events, elements) = read_document(&fs::read(&path).expect("a readable file"));
            all.0.extend(events);
            all.1.extend(elements);
        }
    }
    all
}

/// The files of a folder, in the order of their names.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
}

fn read_document(document: &[u8]) -> (Vec<Event>, Vec<MasterDataElement>) {
    let (mut events, mut elements) = (Vec::new(), Vec::new());
    read_items(document, &mut |item| {
        match item {
            Item::Event(event) => events.push(event.outcome.expect("a readable event").event),
            Item::MasterData(element) => elements.push(element),
        }
        ControlFlow::Continue(())
    })
    .expect("a readable document");
    (events, elements)
}

/// A request of the suite.
pub(crate) struct Request {
    /// The operation: `Poll`, `Subscribe`, ….
    pub(crate) operation: String,
    /// The query that is asked.
    pub(crate) query: String,
    /// Its parameters.
    pub(crate) parameters: Vec<(String, ParamValue)>,
    /// From which record time on a subscription wants events.
    pub(crate) initial_record_time: Option<jiff::Timestamp>,
}

impl Request {
    /// Reads the body of a SOAP request.
    pub(crate) fn read(document: &str) -> Self {
        let body = parse(document);
        let text = |name: &str| body.find(name).map(|element| element.text.trim().to_owned());
        Self {
            operation: body.name.clone(),
            query: text("queryName").unwrap_or_default(),
            parameters: body.all("param").map(parameter).collect(),
            initial_record_time: text("initialRecordTime").and_then(|text| text.parse().ok()),
        }
    }
}

/// A parameter, typed by its `xsi:type` or, without one, by its content.
fn parameter(element: &Element) -> (String, ParamValue) {
    let name = element.find("name").map_or("", |name| name.text.trim());
    let value = element.find("value").expect("a parameter has a value");
    let text = value.text.trim();
    let strings: Vec<String> = value.all("string").map(|string| string.text.clone()).collect();
    let kind = value.attribute("type").map(|kind| kind.rsplit(':').next().unwrap_or(kind));
    let value = match kind {
        Some("ArrayOfString") => ParamValue::List(strings),
        Some("VoidHolder") => ParamValue::Void,
        Some("int" | "integer") => text.parse().map_or(text_value(text), ParamValue::Int),
        Some("dateTime") => text.parse().map_or(text_value(text), ParamValue::Time),
        Some("boolean") => text.parse().map_or(text_value(text), ParamValue::Boolean),
        Some("float" | "double" | "decimal") => {
            text.parse().map_or(text_value(text), ParamValue::Float)
        }
        _ if !strings.is_empty() => ParamValue::List(strings),
        _ if text.is_empty() => ParamValue::Void,
        _ => text_value(text),
    };
    (name.to_owned(), value)
}

fn text_value(text: &str) -> ParamValue {
    ParamValue::Text(text.to_owned())
}

/// The answer that is right.
pub(crate) enum Answer {
    /// These events, in any order.
    Events(Vec<Event>),
    /// These elements, in any order.
    MasterData(Vec<MasterDataElement>),
    /// This exception.
    Exception(String),
    /// Something that is not about what a query selects, such as the names of the queries.
    Other,
}

impl Answer {
    /// Reads the body of a SOAP response.
    pub(crate) fn read(document: &str) -> Self {
        let body = parse(document);
        if body.name.ends_with("Exception") {
            return Self::Exception(body.name);
        }
        if let Some(list) = between(document, "EventList") {
            return Self::Events(read_document(wrapped("epcis:EPCISDocument", &list).as_bytes()).0);
        }
        if let Some(list) = between(document, "VocabularyList") {
            let document = wrapped("epcismd:EPCISMasterDataDocument", &list);
            return Self::MasterData(read_document(document.as_bytes()).1);
        }
        Self::Other
    }
}

/// The element of this name, as it stands in the document.
fn between(document: &str, name: &str) -> Option<String> {
    let (start, end) = (format!("<{name}"), format!("</{name}>"));
    let from = document.find(&start)?;
    match document.find(&end) {
        Some(to) => Some(document[from..to + end.len()].to_owned()),
        None => Some(format!("<{name}/>")),
    }
}

/// A document with this body, in the namespaces that the suite uses.
fn wrapped(root: &str, list: &str) -> String {
    format!(
        "<{root} xmlns:epcis='urn:epcglobal:epcis:xsd:1' \
         xmlns:epcismd='urn:epcglobal:epcis-masterdata:xsd:1' \
         xmlns:hls='http://schema.hls.com/extension' xmlns:fmcg='urn:epcglobal:fmcg:xsd:1' \
         schemaVersion='1.0' creationDate='2006-06-25T00:00:00Z'>\
         <EPCISBody>{list}</EPCISBody></{root}>"
    )
}

/// The request that a response answers, by the number of the case and, where a case has several
/// of both, by the number of the request.
pub(crate) fn request_of(response: &str, requests: &[(String, Request)]) -> Option<usize> {
    let (case, rest) = response.split_once("-Response")?;
    // The results of the second subscription of this case stand among the answers to the first.
    let number = match response.contains("SE66-Response-1-3") {
        true => Some('2'),
        false => rest.trim_start_matches('-').chars().next().filter(char::is_ascii_digit),
    };
    let of_case = |name: &str| name.split_once("-Request").is_some_and(|(found, _)| found == case);
    let mut found = requests.iter().enumerate().filter(|(_, (name, _))| of_case(name));
    let wanted = number.map(|number| format!("-Request-{number}"));
    let first = found.clone().next();
    found
        .find(|(_, (name, _))| wanted.as_ref().is_some_and(|wanted| name.contains(wanted)))
        .or(first)
        .map(|(index, _)| index)
}
