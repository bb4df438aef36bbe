//! Every operation of the OpenAPI document of EPCIS 2.0 (`gs1-epcis/REST_Bindings/openapi.json`):
//! it is served, and its answers have the statuses, headers and media types that the document lists.

use std::path::PathBuf;

use axum::body::Body;
use serde_json::{Value, json};

use crate::server::{Answer, Server, document, escape, observed};

/// Headers that an answer has only when there is another page.
const PAGE_HEADERS: [&str; 2] = ["Link", "GS1-Next-Page-Token-Expires"];

/// In which order the methods are asked: what is made is read before it is removed.
const METHODS: [&str; 4] = ["options", "post", "get", "delete"];

/// The standard's OpenAPI document; `None` where the data of the standard is not there.
#[allow(clippy::print_stderr, reason = "what is skipped is told")]
fn openapi() -> Option<Value> {
    let data = std::env::var_os("THERIAC_DATA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    let path = data.join("gs1-epcis/REST_Bindings/openapi.json");
    match std::fs::read(&path) {
        Ok(bytes) => Some(serde_json::from_slice(&bytes).unwrap()),
        Err(_) => {
            eprintln!("skipped: no {}; set THERIAC_DATA", path.display());
            None
        }
    }
}

/// An operation with its responses by status.
struct Operation {
    method: &'static str,
    path: String,
    responses: Value,
}

/// All operations, in the order in which they are asked.
fn operations(openapi: &Value) -> Vec<Operation> {
    let mut operations = Vec::new();
    for method in METHODS {
        let mut paths: Vec<_> = openapi["paths"].as_object().unwrap().iter().collect();
        // A subscription is removed before its query.
        paths.sort_by_key(|(path, _)| std::cmp::Reverse(path.len()));
        if method != "delete" {
            paths.reverse();
        }
        for (path, item) in paths {
            if let Some(operation) = item.get(method) {
                let responses = operation["responses"].clone();
                operations.push(Operation { method, path: path.clone(), responses });
            }
        }
    }
    operations
}

impl Operation {
    /// The response of a status, wherever the document keeps it.
    fn response<'a>(&'a self, openapi: &'a Value, status: u16) -> Option<&'a Value> {
        let response = self.responses.get(status.to_string())?;
        match response.get("$ref").and_then(Value::as_str) {
            Some(place) => openapi.pointer(place.strip_prefix('#').unwrap()),
            None => Some(response),
        }
    }

    /// The path below `/epcis` with a value for each parameter.
    fn asked(&self, subscription: &str) -> String {
        let mut path = format!("/epcis{}", self.path);
        for (name, value) in [
            ("{captureID}", "1".to_owned()),
            ("{eventID}", "urn:uuid:831c0292-4de1-430a-8255-2aca821abaab".to_owned()),
            ("{eventType}", "ObjectEvent".to_owned()),
            ("{epc}", "urn:epc:id:sgtin:9521321.012345.1".to_owned()),
            ("{bizStep}", "urn:epcglobal:cbv:bizstep:receiving".to_owned()),
            ("{bizLocation}", escape("https://example.org/places/hall")),
            ("{readPoint}", "urn:epc:id:sgln:9521321.00002.dock".to_owned()),
            ("{disposition}", "in_progress".to_owned()),
            ("{queryName}", "q".to_owned()),
            ("{subscriptionID}", subscription.to_owned()),
            ("{token}", "3A15506738749783AU6D7DENAKwM2gQRRwGrataeq".to_owned()),
        ] {
            path = path.replace(name, &value);
        }
        assert!(!path.contains('{'), "expected a value for each parameter of {path}");
        path
    }

    fn body(&self) -> Option<Value> {
        let body = match (self.method, self.path.as_str()) {
            ("post", "/capture") => document(&[observed("2", 2)]),
            ("post", "/events") => observed("3", 3),
            ("post", "/queries") => json!({"name": "q", "query": {"eventType": ["ObjectEvent"]}}),
            ("post", _) => json!({"dest": "https://client.example.com/callback", "stream": true}),
            _ => return None,
        };
        Some(body)
    }

    async fn ask(&self, server: &Server, path: &str, headers: &[(&str, &str)]) -> Answer {
        let method = self.method.to_uppercase();
        let mut headers = headers.to_vec();
        match self.body() {
            Some(body) => {
                headers.push(("content-type", "application/json"));
                server.ask(&method, path, &headers, body.to_string()).await
            }
            None => server.ask(&method, path, &headers, Body::empty()).await,
        }
    }

    /// The answer is a success that the document lists, with its headers and one of its media types.
    fn is_as_listed(&self, openapi: &Value, answer: &Answer) {
        let what = format!("{} {}", self.method, self.path);
        let response = self.response(openapi, answer.status);
        let response = response.unwrap_or_else(|| panic!("{what}: not listed: {answer:?}"));
        assert!((200..300).contains(&answer.status), "{what}: {answer:?}");
        for name in response["headers"].as_object().into_iter().flat_map(|headers| headers.keys()) {
            let there = !answer.header(&name.to_lowercase()).is_empty();
            assert!(
                there || PAGE_HEADERS.contains(&name.as_str()),
                "{what}: no {name}: {answer:?}"
            );
        }
        let media = answer.header("content-type");
        match response["content"].as_object() {
            Some(content) => assert!(content.contains_key(media), "{what}: {answer:?}"),
            None => assert_eq!((answer.text.as_str(), media), ("", ""), "{what}"),
        }
    }

    /// An error has a status that the document lists, and is a problem.
    fn is_listed_error(&self, openapi: &Value, answer: &Answer, status: u16, kind: &str) {
        let what = format!("{} {}", self.method, self.path);
        answer.is_exception(status, kind);
        assert!(self.response(openapi, status).is_some(), "{what}: {status} is not listed");
    }
}

#[tokio::test]
#[allow(clippy::print_stdout, reason = "the figure of the vectors")]
async fn every_operation_of_the_standard_is_served_as_listed() {
    let Some(openapi) = openapi() else { return };
    let mut event = observed("1", 1);
    event["eventID"] = json!("urn:uuid:831c0292-4de1-430a-8255-2aca821abaab");
    let server = Server::with(&[event]).await;
    let operations = operations(&openapi);
    // What the paths name, before they are asked for what they can do.
    let query = json!({"name": "q", "query": {}});
    assert_eq!(server.post("/epcis/queries", &query).await.status, 201);
    let subscription = json!({"dest": "https://client.example.com/callback", "stream": true});
    let made = server.post("/epcis/queries/q/subscriptions", &subscription).await.json();
    let subscription = made["subscriptionID"].as_str().unwrap();

    let mut served = 0;
    for operation in &operations {
        let path = operation.asked(subscription);
        if (operation.method, operation.path.as_str()) == ("post", "/queries") {
            let taken = operation.ask(&server, &path, &[]).await;
            operation.is_listed_error(&openapi, &taken, 409, "ResourceAlreadyExistsException");
            served += 1;
            continue;
        }
        let answer = operation.ask(&server, &path, &[]).await;
        operation.is_as_listed(&openapi, &answer);
        served += 1;
    }
    println!("{served} of {} operations", operations.len());
    assert_eq!(served, operations.len());
}

#[tokio::test]
async fn every_operation_refuses_as_listed() {
    let Some(openapi) = openapi() else { return };
    let server = Server::start().await;
    for operation in operations(&openapi).iter().filter(|each| each.method != "options") {
        let path = operation.asked("none");
        // The standard has no error for a token that is given back.
        let token = operation.path.starts_with("/nextPageToken");
        let elsewhere = [("x-forwarded-for", "192.0.2.7")];
        let answer = operation.ask(&server, &path, &elsewhere).await;
        if token {
            answer.is_exception(403, "SecurityException");
            continue;
        }
        operation.is_listed_error(&openapi, &answer, 403, "SecurityException");
        if operation.method == "get" {
            let csv = [("accept", "text/csv")];
            let answer = operation.ask(&server, &path, &csv).await;
            // What is not there has no form either.
            if answer.status != 404 {
                operation.is_listed_error(&openapi, &answer, 406, "NotAcceptableException");
            }
            let none = [("gs1-epcis-min", "9.0")];
            let answer = operation.ask(&server, &path, &none).await;
            if answer.status != 404 {
                operation.is_listed_error(&openapi, &answer, 406, "NotAcceptableException");
            }
        }
        if operation.method == "post" {
            let csv = server.ask("POST", &path, &[("content-type", "text/csv")], "1,2").await;
            if csv.status != 404 {
                operation.is_listed_error(&openapi, &csv, 415, "UnsupportedMediaTypeException");
            }
        }
    }
}
