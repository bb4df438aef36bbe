//! What stands around the events of a JSON document.

use serde_json::{Map, Value};

use super::extension::Prefixes;
use super::header::DocumentHeader;
use super::page::Page;
use super::xml::Body;
use crate::event::Extension;
use crate::read::{MasterDataAttribute, MasterDataElement};
use crate::vocabulary::is_uri;

/// The context that every document names; it is never fetched.
const CONTEXT: &str = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld";

/// Everything up to the first event.
pub(super) fn begin(page: &mut Page<'_>, header: &DocumentHeader) {
    let mut prefixes = Prefixes::default();
    let mut beside = Map::new();
    prefixes.write(&header.extensions, &mut beside);
    let epcis_header = epcis_header(header, &mut prefixes);
    let mut context = vec![Value::from(CONTEXT)];
    if let Some(Value::Array(declared)) = prefixes.context() {
        context.extend(declared);
    }
    let is_query = header.query_name.is_some();
    let mut fields = Map::new();
    fields.insert("@context".to_owned(), Value::Array(context));
    put(&mut fields, identifier_name(header), header.id.as_ref());
    let kind = if is_query { "EPCISQueryDocument" } else { "EPCISDocument" };
    fields.insert("type".to_owned(), kind.into());
    fields.insert("schemaVersion".to_owned(), "2.0".into());
    fields.insert("creationDate".to_owned(), header.creation_date.to_string().into());
    put(&mut fields, "sender", header.sender.as_ref());
    put(&mut fields, "receiver", header.receiver.as_ref());
    fields.extend(beside);
    fields.extend(epcis_header.map(|inner| ("epcisHeader".to_owned(), inner)));
    open(page, &fields);
    page.push(",\"epcisBody\":{");
    if let Some(name) = &header.query_name {
        let mut results = Map::new();
        put(&mut results, "queryName", Some(name));
        put(&mut results, "subscriptionID", header.subscription_id.as_ref());
        page.push("\"queryResults\":");
        open(page, &results);
        page.push(",\"resultsBody\":{");
    }
    page.push("\"eventList\":[");
}

/// Everything behind the last event.
pub(super) fn end(page: &mut Page<'_>, body: Body) {
    page.push(if body == Body::Query { "]}}}}" } else { "]}}" });
}

/// An object without its closing brace.
fn open(page: &mut Page<'_>, fields: &Map<String, Value>) {
    page.push("{");
    for (index, (name, value)) in fields.iter().enumerate() {
        if index > 0 {
            page.push(",");
        }
        page.json(&Value::from(name.as_str()));
        page.push(":");
        page.json(value);
    }
}

fn put(fields: &mut Map<String, Value>, name: &str, value: Option<&String>) {
    if let Some(value) = value {
        fields.insert(name.to_owned(), value.as_str().into());
    }
}

/// An identifier that is a URI is the `id` of JSON-LD, another the instance identifier.
fn identifier_name(header: &DocumentHeader) -> &'static str {
    match &header.id {
        Some(id) if !is_uri(id) => "instanceIdentifier",
        _ => "id",
    }
}

fn epcis_header(header: &DocumentHeader, prefixes: &mut Prefixes) -> Option<Value> {
    let mut inner = Map::new();
    if !header.master_data.is_empty() {
        let lists: Vec<Value> = header
            .master_data
            .chunk_by(|one, next| one.vocabulary == next.vocabulary)
            .map(|elements| vocabulary(elements, prefixes))
            .collect();
        inner.insert("epcisMasterData".to_owned(), object([("vocabularyList", lists.into())]));
    }
    prefixes.write(&header.header_extensions, &mut inner);
    (!inner.is_empty()).then_some(Value::Object(inner))
}

fn vocabulary(elements: &[MasterDataElement], prefixes: &mut Prefixes) -> Value {
    let kind = elements.first().map_or("", |first| first.vocabulary.as_str());
    let list: Vec<Value> = elements.iter().map(|one| vocabulary_element(one, prefixes)).collect();
    object([("type", kind.into()), ("vocabularyElementList", list.into())])
}

fn vocabulary_element(element: &MasterDataElement, prefixes: &mut Prefixes) -> Value {
    let mut fields = Map::new();
    fields.insert("id".to_owned(), element.id.as_str().into());
    if !element.attributes.is_empty() {
        let attributes: Vec<Value> =
            element.attributes.iter().map(|one| attribute(one, prefixes)).collect();
        fields.insert("attributes".to_owned(), attributes.into());
    }
    if !element.children.is_empty() {
        fields.insert("children".to_owned(), element.children.clone().into());
    }
    Value::Object(fields)
}

fn attribute(attribute: &MasterDataAttribute, prefixes: &mut Prefixes) -> Value {
    let field = Extension {
        namespace: String::new(),
        name: "attribute".to_owned(),
        value: attribute.value.clone(),
        attributes: Vec::new(),
    };
    let mut fields = Map::new();
    fields.insert("id".to_owned(), attribute.id.as_str().into());
    prefixes.write(std::slice::from_ref(&field), &mut fields);
    Value::Object(fields)
}

fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}
