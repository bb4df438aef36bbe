//! What stands around the events of a JSON document.

use serde_json::{Map, Value};

use super::extension::Prefixes;
use super::header::DocumentHeader;
use super::page::Page;
use super::prefix::Series;
use super::xml::Body;
use crate::event::Extension;
use crate::read::{MasterDataAttribute, MasterDataElement};
use crate::vocabulary::is_uri;

/// The context that every document names; it is never fetched.
const CONTEXT: &str = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld";

/// Everything up to the first event. Gives the prefixes that the document declares.
pub(super) fn begin(page: &mut Page<'_>, header: &DocumentHeader) -> Vec<String> {
    let is_query = header.query_name.is_some();
    let mut outer = Outer::of(header, Series::default());
    let kinds = header.master_data.iter().map(|element| element.vocabulary.as_str());
    let series = outer.prefixes.free(kinds);
    if series != Series::default() {
        outer = Outer::of(header, series);
    }
    let Outer { prefixes, beside, mut inner, vocabularies } = outer;
    let mut context = vec![Value::from(CONTEXT)];
    if let Some(Value::Array(declared)) = prefixes.context() {
        context.extend(declared);
    }
    let mut fields = Map::new();
    fields.insert("@context".to_owned(), Value::Array(context));
    // The schema has no sender, receiver and instance identifier in query documents.
    let of_capture = |text: &Option<String>| text.clone().filter(|_| !is_query);
    match &header.id {
        Some(id) if is_uri(id) => put(&mut fields, "id", Some(id)),
        id => put(&mut fields, "instanceIdentifier", of_capture(id).as_ref()),
    }
    let kind = if is_query { "EPCISQueryDocument" } else { "EPCISDocument" };
    fields.insert("type".to_owned(), kind.into());
    fields.insert("schemaVersion".to_owned(), "2.0".into());
    fields.insert("creationDate".to_owned(), header.creation_date.to_string().into());
    put(&mut fields, "sender", of_capture(&header.sender).as_ref());
    put(&mut fields, "receiver", of_capture(&header.receiver).as_ref());
    fields.extend(beside);
    let mut results_body = Map::new();
    if !vocabularies.is_empty() && is_query {
        results_body.insert("vocabularyList".to_owned(), vocabularies.into());
    } else if !vocabularies.is_empty() {
        let list = object([("vocabularyList", vocabularies.into())]);
        inner.insert("epcisMasterData".to_owned(), list);
    }
    if !inner.is_empty() {
        fields.insert("epcisHeader".to_owned(), Value::Object(inner));
    }
    open(page, &fields);
    page.push(",\"epcisBody\":{");
    if let Some(name) = &header.query_name {
        let mut results = Map::new();
        put(&mut results, "queryName", Some(name));
        put(&mut results, "subscriptionID", header.subscription_id.as_ref());
        page.push("\"queryResults\":");
        open(page, &results);
        page.push(",\"resultsBody\":");
        open(page, &results_body);
        page.push(if results_body.is_empty() { "" } else { "," });
    }
    page.push("\"eventList\":[");
    prefixes.names()
}

/// What needs prefixes outside of events.
struct Outer {
    prefixes: Prefixes,
    /// Fields beside header and body.
    beside: Map<String, Value>,
    /// Fields of the header.
    inner: Map<String, Value>,
    vocabularies: Vec<Value>,
}

impl Outer {
    fn of(header: &DocumentHeader, series: Series) -> Self {
        let mut prefixes = Prefixes::of(series);
        let (mut beside, mut inner) = (Map::new(), Map::new());
        prefixes.write(&header.extensions, &mut beside);
        let vocabularies = vocabularies(&header.master_data, &mut prefixes);
        // A query document has no header: its master data is a result.
        let place = if header.query_name.is_some() { &mut beside } else { &mut inner };
        prefixes.write(&header.header_extensions, place);
        list_ignored(&mut beside);
        Self { prefixes, beside, inner, vocabularies }
    }
}

/// Writes the names of fields that hashes leave out as the list that JSON has of them.
fn list_ignored(beside: &mut Map<String, Value>) {
    let is_empty = |value: &Value| value.as_object().is_some_and(Map::is_empty);
    for (_, value) in beside.iter_mut().filter(|(key, _)| key.ends_with(":ignoreFields")) {
        if let Value::Object(fields) = value
            && !fields.is_empty()
            && fields.values().all(is_empty)
        {
            *value = fields.keys().cloned().map(Value::String).collect();
        }
    }
}

/// Everything behind the last event.
pub(super) fn end(page: &mut Page<'_>, body: Body) {
    page.push(if body == Body::Query { "]}}}}" } else { "]}}" });
}

/// An event in a document that declares these prefixes. One that the event does not declare itself,
/// and that a text or name of it looks like, is undeclared for it (JSON-LD 1.1, section 4.1: `null`).
pub(super) fn in_document(event: Value, outer: &[String]) -> Value {
    let own =
        |prefix: &str| event.pointer("/@context/0").is_some_and(|own| own[prefix].is_string());
    let used = |prefix: &&String| !own(prefix) && begins(&event, prefix);
    let undeclared: Map<String, Value> =
        outer.iter().filter(used).map(|prefix| (prefix.clone(), Value::Null)).collect();
    match event {
        Value::Object(fields) if !undeclared.is_empty() => with_context(undeclared.into(), fields),
        event => event,
    }
}

/// Whether a text or name in the value is the prefix, or begins with it and a colon.
fn begins(value: &Value, prefix: &str) -> bool {
    let looks = |text: &str| {
        text.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
    };
    match value {
        Value::String(text) => looks(text),
        Value::Array(items) => items.iter().any(|item| begins(item, prefix)),
        Value::Object(fields) => {
            fields.iter().any(|(name, value)| looks(name) || begins(value, prefix))
        }
        _ => false,
    }
}

/// An event that stands alone: it names the context of EPCIS 2.0 before its own prefixes.
pub(super) fn in_context(event: Value) -> Value {
    match event {
        Value::Object(fields) => with_context(CONTEXT.into(), fields),
        event => event,
    }
}

/// An event with this context before its own.
fn with_context(first: Value, fields: Map<String, Value>) -> Value {
    let mut context = vec![first];
    if let Some(Value::Array(own)) = fields.get("@context") {
        context.extend(own.iter().cloned());
    }
    let mut object = Map::with_capacity(fields.len() + 1);
    object.insert("@context".to_owned(), Value::Array(context));
    object.extend(fields.into_iter().filter(|(name, _)| name != "@context"));
    Value::Object(object)
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

fn vocabularies(elements: &[MasterDataElement], prefixes: &mut Prefixes) -> Vec<Value> {
    let lists = elements.chunk_by(|one, next| one.vocabulary == next.vocabulary);
    lists.map(|elements| vocabulary(elements, prefixes)).collect()
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
