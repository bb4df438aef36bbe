//! Schemas of documents and events of EPCIS: what every one of them has. The standard's own schemas
//! say the rest; the node checks all of it.

use serde_json::{Map, Value, json};

/// Types of events that the standard knows; extensions add others.
const EVENT_TYPES: &str = "`ObjectEvent`, `AggregationEvent`, `TransactionEvent`, \
    `TransformationEvent`, `AssociationEvent` or an extension's";

/// Schemas by name.
pub(super) fn schemas() -> Map<String, Value> {
    let all = [
        ("EpcisEvent", event()),
        ("EpcisDocument", document()),
        ("EpcisQueryDocument", query_document()),
        ("EPCISDocument", xml_document("EPCISDocument", "urn:epcglobal:epcis:xsd:2", "epcis")),
        (
            "EPCISQueryDocument",
            xml_document("EPCISQueryDocument", "urn:epcglobal:epcis-query:xsd:2", "epcisq"),
        ),
        ("EPCISCaptureJob", capture_job()),
        ("Envelope", envelope()),
        ("TopLevelResourceCollection", resources()),
    ];
    all.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect()
}

/// `@context`: URIs, and objects that declare prefixes.
fn context() -> Value {
    let one = json!({ "anyOf": [{ "type": "string" }, { "type": "object" }] });
    json!({ "anyOf": [one, { "type": "array", "items": one }] })
}

fn event() -> Value {
    json!({
        "type": "object",
        "description": "An event of EPCIS 2.0 in JSON-LD",
        "required": ["type", "eventTime", "eventTimeZoneOffset"],
        "properties": {
            "@context": context(),
            "type": { "type": "string", "description": EVENT_TYPES },
            "eventTime": { "type": "string", "format": "date-time" },
            "recordTime": { "type": "string", "format": "date-time" },
            "eventTimeZoneOffset": { "type": "string", "pattern": r"^[+-][0-9]{2}:[0-9]{2}$" },
            "eventID": { "type": "string" },
            "action": { "type": "string", "enum": ["ADD", "OBSERVE", "DELETE"] },
            "bizStep": { "type": "string" },
            "disposition": { "type": "string" },
            "epcList": { "type": "array", "items": { "type": "string" } },
            "parentID": { "type": "string" },
            "childEPCs": { "type": "array", "items": { "type": "string" } },
            "readPoint": { "type": "object" },
            "bizLocation": { "type": "object" },
        },
        "additionalProperties": true,
    })
}

/// A list of events.
fn events() -> Value {
    json!({ "type": "array", "items": { "$ref": "#/components/schemas/EpcisEvent" } })
}

fn document() -> Value {
    json!({
        "type": "object",
        "description": "A document of EPCIS 2.0 in JSON-LD; one that answers a query is taken too",
        "required": ["@context", "type", "schemaVersion", "creationDate", "epcisBody"],
        "properties": {
            "@context": context(),
            "type": { "type": "string", "enum": ["EPCISDocument", "EPCISQueryDocument"] },
            "schemaVersion": { "type": "string" },
            "creationDate": { "type": "string", "format": "date-time" },
            "epcisHeader": { "type": "object" },
            "epcisBody": {
                "type": "object",
                "properties": { "eventList": events() },
                "additionalProperties": true,
            },
        },
        "additionalProperties": true,
    })
}

fn query_document() -> Value {
    let results = json!({
        "type": "object",
        "required": ["queryName", "resultsBody"],
        "properties": {
            "queryName": { "type": "string" },
            "subscriptionID": { "type": "string" },
            "resultsBody": {
                "type": "object",
                "required": ["eventList"],
                "properties": { "eventList": events() },
                "additionalProperties": false,
            },
        },
        "additionalProperties": false,
    });
    json!({
        "type": "object",
        "description": "The answer to a query, in JSON-LD",
        "required": ["@context", "type", "schemaVersion", "creationDate", "epcisBody"],
        "properties": {
            "@context": context(),
            "type": { "type": "string", "const": "EPCISQueryDocument" },
            "schemaVersion": { "type": "string", "const": "2.0" },
            "creationDate": { "type": "string", "format": "date-time" },
            "epcisBody": {
                "type": "object",
                "required": ["queryResults"],
                "properties": { "queryResults": results },
                "additionalProperties": false,
            },
        },
        "additionalProperties": false,
    })
}

fn xml_document(name: &str, namespace: &str, prefix: &str) -> Value {
    let attribute = |schema: Value| {
        let mut schema = schema;
        schema["xml"] = json!({ "attribute": true });
        schema
    };
    json!({
        "type": "object",
        "description": "The same in XML; EPCIS 1.2 has namespaces of its own",
        "required": ["schemaVersion", "creationDate", "EPCISBody"],
        "properties": {
            "schemaVersion": attribute(json!({ "type": "string" })),
            "creationDate": attribute(json!({ "type": "string", "format": "date-time" })),
            "EPCISBody": { "type": "object", "additionalProperties": true },
        },
        "xml": { "name": name, "namespace": namespace, "prefix": prefix },
    })
}

fn capture_job() -> Value {
    json!({
        "type": "object",
        "description": "A capture job in XML",
        "properties": {
            "running": { "type": "boolean", "xml": { "attribute": true } },
            "success": { "type": "boolean", "xml": { "attribute": true } },
            "captureID": { "type": "string", "xml": { "attribute": true } },
            "captureErrorBehaviour": { "type": "string" },
            "createdAt": { "type": "string", "format": "date-time" },
            "finishedAt": { "type": "string", "format": "date-time" },
            "errors": { "type": "object" },
        },
        "xml": {
            "name": "EPCISCaptureJob", "namespace": "urn:epcglobal:epcis:xsd:2", "prefix": "epcis",
        },
    })
}

fn envelope() -> Value {
    json!({
        "type": "object",
        "description": "A message of SOAP 1.1 or 1.2; the WSDL says what it can hold",
        "required": ["Body"],
        "properties": { "Body": { "type": "object", "additionalProperties": true } },
        "xml": {
            "name": "Envelope", "prefix": "soap",
            "namespace": "http://schemas.xmlsoap.org/soap/envelope/",
        },
    })
}

fn resources() -> Value {
    json!({
        "type": "object",
        "description": "The resources in XML",
        "properties": {
            "type": { "type": "string" },
            "member": { "type": "array", "items": { "type": "string" } },
        },
        "xml": { "name": "TopLevelResourceCollection" },
    })
}
