//! Answers of a node beside the schemas of its OpenAPI document.

use serde_json::{Value, json};

use crate::server::Server;

/// The document, and what an answer has that it does not admit.
struct Schemas(Value);

impl Schemas {
    /// What is wrong with `value` at `place`; `None` if nothing is.
    fn fault(&self, schema: &Value, value: &Value, place: &str) -> Option<String> {
        if let Some(reference) = schema["$ref"].as_str() {
            let target = self.0.pointer(&reference[1..]).expect("references are tested");
            return self.fault(target, value, place);
        }
        if let Some(all) = schema["allOf"].as_array() {
            return all.iter().find_map(|each| self.fault(each, value, place));
        }
        if let Some(any) = schema["anyOf"].as_array() {
            let faults: Option<Vec<String>> =
                any.iter().map(|each| self.fault(each, value, place)).collect();
            return faults.map(|faults| faults.join(", or "));
        }
        let fault = |what: String| Some(format!("{place}: {what}, found {value}"));
        if let Some(words) = schema["enum"].as_array()
            && !words.contains(value)
        {
            return fault(format!("expected one of {words:?}"));
        }
        if !schema["const"].is_null() && schema["const"] != *value {
            return fault(format!("expected {}", schema["const"]));
        }
        let kinds = match &schema["type"] {
            Value::String(kind) => vec![kind.as_str()],
            Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        if !kinds.is_empty() && !kinds.contains(&kind(value)) {
            return fault(format!("expected {kinds:?}"));
        }
        match value {
            Value::Object(_) => self.fault_of_object(schema, value, place),
            Value::Array(items) if schema["items"].is_object() => {
                items.iter().find_map(|item| self.fault(&schema["items"], item, place))
            }
            _ => None,
        }
    }

    fn fault_of_object(&self, schema: &Value, value: &Value, place: &str) -> Option<String> {
        for name in schema["required"].as_array().into_iter().flatten() {
            if value.get(name.as_str()?).is_none() {
                return Some(format!("{place}: expected {name}, found none"));
            }
        }
        for (name, member) in value.as_object()? {
            let place = format!("{place}/{name}");
            match schema["properties"].get(name) {
                Some(schema) => {
                    if let Some(fault) = self.fault(schema, member, &place) {
                        return Some(fault);
                    }
                }
                None if schema["additionalProperties"] == json!(false) => {
                    return Some(format!("{place}: expected no such member, found {member}"));
                }
                None => {}
            }
        }
        None
    }

    /// The schema of an answer in JSON.
    fn answer(&self, method: &str, path: &str, status: u16, media: &str) -> Option<&Value> {
        let operation = &self.0["paths"][path][method.to_lowercase()];
        let mut answer = &operation["responses"][status.to_string()];
        if let Some(reference) = answer["$ref"].as_str() {
            answer = self.0.pointer(&reference[1..])?;
        }
        answer["content"].get(media)?.get("schema")
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// Asks, and compares the answer; says its status.
async fn compare(server: &Server, schemas: &Schemas, ask: (&str, &str, &str), body: &str) -> u16 {
    let (method, path, uri) = ask;
    let json = [("content-type", "application/json")];
    let answer = server.ask(method, uri, &json, body.to_owned()).await;
    if answer.text.is_empty() {
        return answer.status;
    }
    let media = answer.header("content-type").split(';').next().unwrap();
    let schema = schemas.answer(method, path, answer.status, media);
    let schema = schema.unwrap_or_else(|| panic!("{method} {uri}: {} {media}", answer.status));
    if media.ends_with("json") {
        assert_eq!(schemas.fault(schema, &answer.json(), uri), None, "{method} {uri}");
    }
    answer.status
}

/// The value that the document gives as an example.
fn example(schemas: &Schemas, path: &str) -> Value {
    let operation = &schemas.0["paths"][path]["post"];
    operation["requestBody"]["content"]["application/json"]["example"].clone()
}

/// The path and query with the examples of the parameters.
fn uri(operation: &Value, path: &str) -> String {
    let mut uri = path.to_owned();
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let Some(example) = parameter["example"].as_str() else { continue };
        let name = parameter["name"].as_str().unwrap();
        let escaped: String = example.bytes().map(|byte| format!("%{byte:02X}")).collect();
        match parameter["in"].as_str() {
            Some("path") => uri = uri.replace(&format!("{{{name}}}"), &escaped),
            _ => {
                let mark = if uri.contains('?') { '&' } else { '?' };
                uri = format!("{uri}{mark}{name}={escaped}");
            }
        }
    }
    uri
}

#[tokio::test]
#[allow(clippy::print_stdout, reason = "a comparison prints its figure")]
async fn answers_have_what_the_document_says_and_nothing_else() {
    let (server, schemas) = (Server::start().await, Schemas(theriac_web::openapi::document()));
    for (path, status) in [
        ("/products", 201),
        ("/epcis/events", 201),
        ("/captures", 202),
        ("/epcis/capture", 202),
        ("/epcis/queries", 201),
        ("/epcis/queries/{name}/subscriptions", 201),
        ("/recall", 409),
        ("/cases", 201),
        ("/members", 201),
    ] {
        let body = example(&schemas, path);
        assert!(body.is_object(), "{path} has no example");
        let uri = uri(&schemas.0["paths"][path]["post"], path);
        let found = compare(&server, &schemas, ("POST", path, &uri), &body.to_string()).await;
        assert_eq!(found, status, "POST {uri}");
        let wrong = compare(&server, &schemas, ("POST", path, &uri), "{").await;
        assert!((400..500).contains(&wrong) || path == "/captures", "POST {uri} {wrong}");
    }
    let mut successes = 0;
    let paths = schemas.0["paths"].as_object().unwrap();
    // Who asks these must be named or sign: tests/verification and tests/network ask rightly.
    let named = |path: &str| {
        path.starts_with("/verify/") || path == "/checkConnectivity" || path == "/told"
    };
    for (path, item) in paths.iter().filter(|(_, item)| item["get"].is_object()) {
        if named(path) {
            continue;
        }
        let uri = uri(&item["get"], path);
        let status = compare(&server, &schemas, ("GET", path, &uri), "").await;
        // No example can name what the node has made up, and the example's pack is on no ledger.
        let unknown = |path: &str| path == "/bundle" || path.starts_with("/inquiries/{");
        let expected = if uri.contains('{') || unknown(path) { 404 } else { 200 };
        assert_eq!(status, expected, "GET {uri}");
        successes += usize::from(status == 200);
        let wrong = format!("{uri}{}unknown=1", if uri.contains('?') { '&' } else { '?' });
        let status = compare(&server, &schemas, ("GET", path, &wrong), "").await;
        assert!(status < 500, "GET {wrong} {status}");
    }
    println!("{successes} of {} paths answered GET with what they are asked for", paths.len());
}
