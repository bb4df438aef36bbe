//! `/epcis/capture`: both behaviours, jobs in JSON and XML, their list.

use serde_json::{Value, json};

use crate::server::{Server, document, observed};

/// Breaks the standard: it has no action.
fn broken() -> Value {
    let mut event = observed("9", 9);
    event.as_object_mut().unwrap().remove("action");
    event
}

#[tokio::test]
async fn a_document_is_captured_and_its_job_tells_so() {
    let server = Server::start().await;
    let job = server.capture(&document(&[observed("1", 1), observed("2", 2)])).await;
    let answer = server.get(&job).await;
    let told = answer.json();
    assert_eq!((&told["running"], &told["success"]), (&json!(false), &json!(true)), "{told}");
    assert_eq!(told["captureErrorBehaviour"], "rollback");
    assert_eq!(format!("/epcis/capture/{}", told["captureID"].as_str().unwrap()), job);
    assert_eq!(told["errors"], json!([]));
    assert!(told["createdAt"].is_string() && told["finishedAt"].is_string(), "{told}");
    assert_eq!(server.get("/epcis/events").await.serials(), ["1", "2"]);
    let xml = server.get_with(&job, &[("accept", "application/xml")]).await;
    assert_eq!(xml.header("content-type"), "application/xml");
    assert!(xml.text.contains("running=\"false\" success=\"true\""), "{xml:?}");
}

#[tokio::test]
async fn one_error_rolls_a_document_back_unless_it_is_to_proceed() {
    let server = Server::start().await;
    let mixed = document(&[observed("1", 1), broken(), observed("2", 2)]);
    let job = server.get(&server.capture(&mixed).await).await.json();
    assert_eq!((&job["running"], &job["success"]), (&json!(false), &json!(false)), "{job}");
    assert_eq!(job["errors"][0]["type"], "epcisException:ValidationException", "{job}");
    assert_eq!(server.get("/epcis/events").await.serials(), [""; 0]);

    let proceed =
        [("content-type", "application/json"), ("gs1-capture-error-behaviour", "proceed")];
    let answer = server.ask("POST", "/epcis/capture", &proceed, mixed.to_string()).await;
    assert_eq!(answer.status, 202, "{answer:?}");
    assert_eq!(answer.header("gs1-capture-error-behaviour"), "proceed");
    let job = server.get(answer.header("location")).await.json();
    assert_eq!(job["captureErrorBehaviour"], "proceed");
    assert_eq!((&job["running"], &job["success"]), (&json!(false), &json!(false)), "{job}");
    assert_eq!(job["errors"].as_array().unwrap().len(), 1, "{job}");
    assert_eq!(server.get("/epcis/events").await.serials(), ["1", "2"]);

    let never = [("content-type", "application/json"), ("gs1-capture-error-behaviour", "never")];
    let answer = server.ask("POST", "/epcis/capture", &never, mixed.to_string()).await;
    answer.is_exception(400, "ValidationException");
}

#[tokio::test]
async fn a_document_is_taken_in_xml_and_as_an_answer_of_another_repository() {
    let server = Server::with(&[observed("1", 1)]).await;
    let other = Server::start().await;
    for (media, path) in [("application/xml", "/epcis/events"), ("text/xml", "/epcis/events")] {
        let answer = server.get_with(path, &[("accept", media)]).await;
        let taken =
            other.ask("POST", "/epcis/capture", &[("content-type", media)], answer.text).await;
        assert_eq!(taken.status, 202, "{taken:?}");
        let job = other.get(taken.header("location")).await.json();
        assert_eq!(job["success"], true, "{job}");
        assert_eq!(other.get("/epcis/events").await.serials(), ["1"]);
    }
}

#[tokio::test]
async fn what_is_no_document_is_refused_at_once() {
    let server = Server::start().await;
    for (media, body) in [
        ("application/json", "[1, 2"),
        ("application/json", "{}"),
        ("application/xml", "<html/>"),
        ("application/xml", "<a"),
        ("application/json", ""),
    ] {
        let answer = server.ask("POST", "/epcis/capture", &[("content-type", media)], body).await;
        answer.is_exception(400, "ValidationException");
    }
}

#[tokio::test]
async fn jobs_are_listed_page_by_page_newest_first() {
    let server = Server::start().await;
    let mut jobs = Vec::new();
    for serial in ["1", "2", "3", "4", "5"] {
        jobs.push(server.capture(&document(&[observed(serial, 1)])).await);
    }
    jobs.reverse();
    let mut path = Some("/epcis/capture?perPage=2".to_owned());
    let mut found = Vec::new();
    while let Some(page) = path {
        let answer = server.get(&page).await;
        let list = answer.json();
        assert!(list.as_array().unwrap().len() <= 2);
        found.extend(
            list.as_array()
                .unwrap()
                .iter()
                .map(|job| format!("/epcis/capture/{}", job["captureID"].as_str().unwrap())),
        );
        path = answer.next();
    }
    assert_eq!(found, jobs);
}

#[tokio::test]
async fn who_does_not_wait_is_answered_as_soon_as_the_document_is_durable() {
    let server = Server::start().await;
    let headers = [("content-type", "application/json"), ("prefer", "respond-async")];
    let answer = server.ask("POST", "/epcis/capture", &headers, "{}").await;
    assert_eq!(answer.status, 202, "{answer:?}");
}
