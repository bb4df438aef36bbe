//! The parameters of `SimpleEventQuery` (EPCIS 2.0, section 8.2.7.1): the fixed names one by one,
//! the families by their patterns.

use serde_json::{Map, Value, json};
use theriac_epcis::{BizStep, Disposition};

/// What the value of a parameter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Texts,
    Text,
    Time,
    Number,
    Numbers,
    Count,
    Truth,
}

use Kind::{Count, Number, Numbers, Text, Texts, Time, Truth};

/// The fixed names.
const FIXED: &[(Kind, &[&str])] = &[
    (Texts, &["eventType", "EQ_action", "EQ_bizStep", "EQ_disposition"]),
    (Time, &["GE_eventTime", "LT_eventTime", "GE_recordTime", "LT_recordTime"]),
    (Texts, &["EQ_persistentDisposition_set", "EQ_persistentDisposition_unset"]),
    (Texts, &["EQ_readPoint", "WD_readPoint", "EQ_bizLocation", "WD_bizLocation"]),
    (Texts, &["EQ_transformationID", "EQ_eventID"]),
    (Texts, &["MATCH_epc", "MATCH_parentID", "MATCH_inputEPC", "MATCH_outputEPC", "MATCH_anyEPC"]),
    (
        Texts,
        &["MATCH_epcClass", "MATCH_inputEPCClass", "MATCH_outputEPCClass", "MATCH_anyEPCClass"],
    ),
    (Numbers, &["EQ_quantity"]),
    (Number, &["GT_quantity", "GE_quantity", "LT_quantity", "LE_quantity"]),
    (Truth, &["EXISTS_errorDeclaration"]),
    (Time, &["GE_errorDeclarationTime", "LT_errorDeclarationTime"]),
    (Texts, &["EQ_errorReason", "EQ_correctiveEventID"]),
    (Truth, &["EXISTS_sensorElementList"]),
    (Time, &["GE_time", "LT_time", "GE_startTime", "LT_startTime", "GE_endTime", "LT_endTime"]),
    (Texts, &["EQ_type", "EQ_deviceID", "EQ_dataProcessingMethod", "EQ_microorganism"]),
    (Texts, &["EQ_chemicalSubstance", "EQ_bizRules", "EQ_stringValue", "EQ_hexBinaryValue"]),
    (Texts, &["EQ_uriValue"]),
    (Truth, &["EQ_booleanValue"]),
    (Number, &["GT_percRank", "GE_percRank", "LT_percRank", "LE_percRank"]),
    (Text, &["orderBy", "orderDirection"]),
    (Count, &["eventCountLimit", "maxEventCount"]),
];

/// The name of the parameter that stands for all families.
const FAMILIES: &str = "SimpleEventQuery";

/// Patterns of names, with what they ask.
const PATTERNS: &[(&str, &str)] = &[
    (r"^EQ_bizTransaction_.+$", "Business transactions of a type"),
    (r"^EQ_(source|destination)_.+$", "Sources and destinations of a type"),
    (r"^(EQ|GT|GE|LT|LE)_quantity_[A-Z0-9]{2,4}$", "Quantities in a unit of measure"),
    (
        r"^(EQ|GT|GE|LT|LE)_(value|minValue|maxValue|meanValue|sDev|percValue)_[A-Z0-9]{2,4}$",
        "What sensors measured, in a unit of measure; EQ of `value` alone",
    ),
    (
        r"^(EQ|GT|GE|LT|LE|EXISTS)_(INNER_)?((ILMD|ERROR_DECLARATION|SENSORELEMENT|SENSORMETADATA|SENSORREPORT|readPoint|bizLocation)_)?.*[:#].+$",
        "An extension field, by `prefix:name` or `namespace#name`",
    ),
    (r"^HASATTR_.+$", "Names of attributes of master data"),
    (r"^EQ_?ATTR_.+_.+$", "Values of an attribute of master data"),
];

/// The parameters by name.
pub(super) fn components() -> Map<String, Value> {
    let mut components = Map::new();
    for (kind, name) in fixed() {
        let parameter = json!({
            "name": name, "in": "query", "description": what(kind, name), "schema": schema(kind, name),
        });
        components.insert(name.to_owned(), parameter);
    }
    components.insert(FAMILIES.to_owned(), families());
    components
}

/// The parameters, as an operation names them.
pub(super) fn references() -> Vec<Value> {
    let names = fixed().map(|(_, name)| name).chain([FAMILIES]);
    names.map(|name| json!({ "$ref": format!("#/components/parameters/{name}") })).collect()
}

fn fixed() -> impl Iterator<Item = (Kind, &'static str)> {
    FIXED.iter().flat_map(|(kind, names)| names.iter().map(|name| (*kind, *name)))
}

/// All families as one parameter: an object whose members are parameters of their own.
fn families() -> Value {
    let values = json!({ "type": "array", "items": { "type": "string" }, "minItems": 1 });
    let pattern = |(pattern, _): &(&str, &str)| ((*pattern).to_owned(), values.clone());
    let patterns: Map<String, Value> = PATTERNS.iter().map(pattern).collect();
    let lines: Vec<String> =
        PATTERNS.iter().map(|(pattern, what)| format!("- `{pattern}`: {what}")).collect();
    json!({
        "name": "families", "in": "query", "style": "form", "explode": true,
        "description": format!(
            "Parameters of `SimpleEventQuery` whose names vary:\n\n{}", lines.join("\n")
        ),
        "schema": {
            "type": "object", "patternProperties": patterns, "additionalProperties": false,
        },
    })
}

fn schema(kind: Kind, name: &str) -> Value {
    match kind {
        Texts => json!({ "type": "array", "items": item(name), "minItems": 1 }),
        Text if name == "orderDirection" => json!({ "type": "string", "enum": ["ASC", "DESC"] }),
        Text => json!({ "type": "string" }),
        Time => json!({ "type": "string", "format": "date-time" }),
        Number => json!({ "type": "number" }),
        Numbers => json!({ "type": "array", "items": { "type": "number" }, "minItems": 1 }),
        Count => json!({ "type": "integer", "minimum": 1 }),
        Truth => json!({ "type": "boolean" }),
    }
}

/// A value of a list: a word of the CBV or a URI where the standard has such words.
fn item(name: &str) -> Value {
    let words = match name {
        "EQ_action" => return json!({ "type": "string", "enum": ["ADD", "OBSERVE", "DELETE"] }),
        "EQ_bizStep" => BizStep::ALL.iter().map(ToString::to_string).collect(),
        "EQ_disposition" | "EQ_persistentDisposition_set" | "EQ_persistentDisposition_unset" => {
            Disposition::ALL.iter().map(ToString::to_string).collect()
        }
        "EQ_errorReason" => vec!["did_not_occur".to_owned(), "incorrect_data".to_owned()],
        name if name.starts_with("MATCH_") => Vec::new(),
        _ => return json!({ "type": "string" }),
    };
    let uri = json!({ "type": "string", "format": "uri" });
    match words.is_empty() {
        true => uri,
        false => json!({ "anyOf": [{ "type": "string", "enum": words }, uri] }),
    }
}

fn what(kind: Kind, name: &str) -> &'static str {
    match (kind, name) {
        (Texts, name) if name.starts_with("MATCH_") => {
            "EPCs, classes or patterns of them, any of which may match"
        }
        (Texts, name) if name.starts_with("WD_") => "Places, with all that lies within them",
        (Texts | Numbers, _) => "Values, any of which may match",
        (Time, name) if name.starts_with("GE_") => "At this time or later",
        (Time, _) => "Before this time",
        (Number, _) => "A number that the event's is compared with",
        (Truth, name) if name.starts_with("EXISTS_") => "Whether there must be one",
        (Truth, _) => "The value",
        (Count, "maxEventCount") => "More matches than these are an error",
        (Count, _) => "Only so many matches, in the order of `orderBy`",
        (Text, "orderBy") => "`eventTime`, `recordTime` or an extension field",
        (Text, _) => "`DESC` unless said",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use theriac_query::{EventQuery, Namespaces};

    fn reads(name: &str, value: &str) -> bool {
        let mut pairs = vec![(name.to_owned(), value.to_owned())];
        if name == "eventCountLimit" {
            pairs.push(("orderBy".to_owned(), "eventTime".to_owned()));
        }
        if name == "orderDirection" {
            pairs.push(("orderBy".to_owned(), "recordTime".to_owned()));
        }
        EventQuery::from_pairs(&pairs, &Namespaces::new()).is_ok()
    }

    fn value(kind: Kind, name: &str) -> &'static str {
        match (kind, name) {
            (_, "EQ_action") => "ADD",
            (_, "EQ_bizStep") => "shipping",
            (_, "EQ_errorReason") => "did_not_occur",
            (_, "orderBy") => "eventTime",
            (_, "orderDirection") => "ASC",
            (Texts, name) if name.ends_with("isposition") || name.contains("Disposition_") => {
                "in_transit"
            }
            (Texts, name) if name.ends_with("Class") => "urn:epc:idpat:sgtin:0614141.107346.*",
            (Texts | Text, _) => "https://id.gs1.org/01/09521321000018/21/1",
            (Time, _) => "2026-03-03T11:30:47Z",
            (Number | Numbers | Count, _) => "3",
            (Truth, _) => "true",
        }
    }

    #[test]
    fn the_engine_takes_every_parameter() {
        for (kind, name) in fixed() {
            assert!(reads(name, value(kind, name)), "{name}");
        }
        for name in [
            "EQ_bizTransaction_po",
            "EQ_source_location",
            "EQ_destination_owning_party",
            "GE_quantity_KGM",
            "LT_maxValue_CEL",
            "EQ_https://example.org/#a",
            "GT_ILMD_https://example.org/#a",
            "EXISTS_INNER_https://example.org/#a",
            "HASATTR_bizLocation",
            "EQATTR_bizLocation_urn:epcglobal:cbv:mda#site",
        ] {
            assert!(reads(name, "3"), "{name}");
        }
        assert!(!reads("EQ_unknown", "3"));
    }
}
