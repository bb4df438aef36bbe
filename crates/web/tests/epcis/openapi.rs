//! The OpenAPI document beside the router: each has what the other has.

use std::collections::BTreeSet;

use serde_json::Value;
use theriac_web::epcis::resource::collection::Collection;

use crate::server::Server;

const METHODS: [&str; 6] = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

fn paths() -> serde_json::Map<String, Value> {
    match theriac_web::openapi::document()["paths"].take() {
        Value::Object(paths) => paths,
        other => panic!("{other}"),
    }
}

#[tokio::test]
#[allow(clippy::print_stdout, reason = "a comparison prints its figure")]
async fn the_router_takes_the_methods_that_the_document_has_and_no_others() {
    let server = Server::start().await;
    let (mut taken, mut refused) = (0, 0);
    for (path, item) in paths() {
        let asked = path.replace(['{', '}'], "");
        for method in METHODS {
            let answer = server.ask(method, &asked, &[], "").await;
            let described = &item[method.to_lowercase()];
            match described.is_object() {
                true => {
                    assert_ne!(answer.status, 405, "{method} {path}");
                    let lost = answer.text.contains("expected a path of the node");
                    assert!(!lost, "{method} {path}");
                    let status = answer.status.to_string();
                    assert!(
                        described["responses"][&status].is_object(),
                        "{method} {path} {status}"
                    );
                    taken += 1;
                }
                false => {
                    assert_eq!(answer.status, 405, "{method} {path}");
                    assert!(!answer.header("allow").contains(method), "{method} {path}");
                    refused += 1;
                }
            }
        }
    }
    println!("{taken} operations are taken, {refused} others are refused");
    assert!(taken > 80);
}

/// The first argument of each `.route(` in a source.
fn routes(source: &str) -> Vec<&str> {
    source
        .split(".route(")
        .skip(1)
        .map(|rest| {
            let rest = rest.trim_start();
            let end = match rest.strip_prefix('"') {
                Some(text) => text.find('"').map_or(rest.len(), |end| end + 2),
                None => rest.find(',').unwrap_or(rest.len()),
            };
            &rest[..end]
        })
        .collect()
}

#[test]
fn the_document_has_every_path_of_the_router_and_no_other() {
    let mut routed: BTreeSet<String> = BTreeSet::new();
    let sources = [
        include_str!("../../src/router.rs"),
        include_str!("../../src/epcis.rs"),
        include_str!("../../src/soap.rs"),
    ];
    for route in sources.into_iter().flat_map(routes) {
        let collections = |rest: &str| {
            let path = |each: &Collection| format!("/epcis/{}{rest}", each.word());
            Collection::ALL.iter().map(path).collect::<Vec<_>>()
        };
        match route {
            "&path" => routed.extend(collections("")),
            "&format!(\"{path}/{{name}}\")" => routed.extend(collections("/{name}")),
            "&format!(\"{path}/{{name}}/events\")" => routed.extend(collections("/{name}/events")),
            "PATH" => drop(routed.insert(theriac_web::soap::PATH.to_owned())),
            literal => {
                let text = literal.trim_matches('"');
                assert!(text.starts_with('/'), "expected a path, found {literal}");
                routed.insert(text.to_owned());
            }
        }
    }
    let described: BTreeSet<String> = paths().into_iter().map(|(path, _)| path).collect();
    assert_eq!(described, routed);
}

#[test]
fn every_reference_leads_somewhere_and_every_operation_has_an_answer() {
    let document = theriac_web::openapi::document();
    let text = document.to_string();
    let mut references = BTreeSet::new();
    for rest in text.split("\"$ref\":\"#").skip(1) {
        references.insert(rest.split('"').next().unwrap());
    }
    for reference in &references {
        assert!(document.pointer(reference).is_some(), "{reference}");
    }
    let mut ids = BTreeSet::new();
    for (path, item) in paths() {
        for (method, operation) in item.as_object().unwrap() {
            let responses = operation["responses"].as_object().unwrap();
            let is_success = |status: &String| status.starts_with('2');
            assert!(responses.keys().any(is_success), "{method} {path} has no success");
            assert!(ids.insert(operation["operationId"].to_string()), "{method} {path}");
        }
    }
}
