//! A node that is served: over HTTP, through commands in its folder, after the plug was pulled.

use std::io::{Read, Write};

use serde_json::Value;

use super::program::{Folder, commissioning, packs, program};

/// A request and its answer: status, headers, body.
fn request(
    method: &str,
    url: &str,
    body: Option<Vec<u8>>,
) -> (u16, reqwest::header::HeaderMap, String) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let mut request = client.request(method.parse().unwrap(), url);
        if let Some(body) = body {
            request = request.body(body);
        }
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        (status, headers, response.text().await.unwrap())
    })
}

fn get(url: &str) -> (u16, Value) {
    let (status, _, body) = request("GET", url, None);
    (status, serde_json::from_str(&body).unwrap())
}

#[test]
fn a_capture_over_http_is_there_after_the_plug_was_pulled() {
    let folder = Folder::with_products();
    let documents = commissioning(400);
    let server = folder.serve();
    let url = format!("{}/captures", server.url);
    let (status, headers, body) = request("POST", &url, Some(documents[0].clone()));
    assert_eq!(status, 202, "{body}");
    let report: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(report["admitted"], 8, "{report:#}");
    let location = headers["location"].to_str().unwrap().to_owned();
    server.kill();

    let server = folder.serve();
    let (status, again) = get(&format!("{}{location}", server.url));
    assert_eq!((status, &again["admitted"], &again["running"]), (200, &8.into(), &false.into()));
    let pack = &packs(&documents[0])[0];
    let verdict = program().args(["--node", &server.url, "verify", pack]).output().unwrap();
    assert_eq!(verdict.status.code(), Some(0), "{verdict:?}");
    assert_eq!(server.terminate(), Some(0));
    folder.run(["reconcile"]).exits(0);
    folder.run(["ledger", "audit"]).exits(0);
}

#[test]
fn commands_in_the_folder_of_a_served_node_speak_to_it() {
    let folder = Folder::with_products();
    let server = folder.serve();
    let document = &commissioning(400)[0];
    let file = folder.document("lot.jsonld", document);
    let report = folder.run(["capture", "--json", &file]).exits(0).json();
    assert_eq!(report[0]["admitted"], 8);
    folder.run(["verify", &packs(document)[0]]).exits(0);
    let audit = folder.run(["ledger", "audit"]).exits(3);
    assert!(audit.err.contains("stop it"), "{}", audit.err);
    let second = folder.run(["serve"]).exits(3);
    assert!(!second.err.is_empty());
    drop(server);
}

#[test]
fn events_are_paged_as_epcis_documents() {
    let folder = Folder::with_products();
    let file = folder.document("lot.jsonld", &commissioning(400)[0]);
    folder.run(["capture", &file]).exits(0);
    let server = folder.serve();
    let mut path = "/epcis/events?perPage=3".to_owned();
    let mut ids = Vec::new();
    loop {
        let (status, headers, body) = request("GET", &format!("{}{path}", server.url), None);
        assert_eq!(status, 200, "{body}");
        let document: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(document["type"], "EPCISQueryDocument");
        let events = &document["epcisBody"]["queryResults"]["resultsBody"]["eventList"];
        for event in events.as_array().unwrap() {
            assert!(event["recordTime"].is_string());
            ids.push(event.to_string());
        }
        let Some(link) = headers.get("link") else { break };
        let link = link.to_str().unwrap();
        path = link.split(['<', '>']).nth(1).unwrap().to_owned();
    }
    assert_eq!(ids.len(), 8);
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 8);
    let (_, packing) = get(&format!("{}/events?EQ_bizStep=packing", server.url));
    assert!(packing.as_array().unwrap().iter().all(|event| event["biz_step"] == "packing"));

    // What it answers can be captured: every event is known.
    let (_, _, all) = request("GET", &format!("{}/epcis/events", server.url), None);
    let (_, _, report) = request("POST", &format!("{}/captures", server.url), Some(all.into()));
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["duplicate"], 8, "{report:#}");
}

#[test]
fn what_is_wrong_is_problem_json() {
    let folder = Folder::new();
    let server = folder.serve();
    for (method, path, body, status, code) in [
        ("GET", "/nowhere", None, 404, "route-unknown"),
        ("DELETE", "/verify", None, 405, "method-not-allowed"),
        ("GET", "/verify", None, 400, "parameter-wrong"),
        ("GET", "/verify?code=x&kode=y", None, 400, "parameter-wrong"),
        ("GET", "/verify?code=hello", None, 422, "code-unreadable"),
        ("GET", "/events?EQ_nothing=1", None, 400, "parameter-wrong"),
        ("GET", "/events?perPage=0", None, 400, "parameter-wrong"),
        ("GET", "/captures/999", None, 404, "capture-unknown"),
        ("GET", "/captures/%00", None, 404, "capture-unknown"),
        ("POST", "/products", Some("{}"), 400, "body-wrong"),
        ("POST", "/exchange/messages", Some("{}"), 401, "signature-missing"),
    ] {
        let body = body.map(|body| body.as_bytes().to_vec());
        let (found, headers, text) = request(method, &format!("{}{path}", server.url), body);
        assert_eq!(found, status, "{method} {path}: {text}");
        assert_eq!(headers["content-type"], "application/problem+json", "{path}");
        let problem: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(problem["type"], format!("urn:theriac:problem:{code}"), "{path}");
        assert_eq!(problem["status"], status, "{path}");
        assert!(problem["hint"].is_string() && problem["detail"].is_string(), "{path}");
    }
    let large = vec![b' '; 70_000];
    let (status, _, _) = request("POST", &format!("{}/members", server.url), Some(large));
    assert_eq!(status, 413);
}

#[test]
fn a_request_from_elsewhere_gets_what_anybody_may_see() {
    let folder = Folder::with_products();
    let document = &commissioning(400)[0];
    let file = folder.document("lot.jsonld", document);
    folder.run(["capture", &file]).exits(0);
    let server = folder.serve();
    // A proxy on the same machine names its client.
    let ask = |path: &str| {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let _ = rustls::crypto::ring::default_provider().install_default();
            let client = reqwest::Client::builder().no_proxy().build().unwrap();
            let request = client.get(format!("{}{path}", server.url));
            let response = request.header("x-forwarded-for", "192.0.2.7").send().await.unwrap();
            (response.status().as_u16(), response.json::<Value>().await.unwrap())
        })
    };
    for path in ["/cases", "/events", "/captures", "/members", "/reconcile"] {
        let (status, problem) = ask(path);
        assert_eq!((status, &problem["type"]), (403, &"urn:theriac:problem:not-local".into()));
    }
    for path in ["/epcis/events", "/epcis/capture", "/epcis/queries"] {
        let (status, problem) = ask(path);
        assert_eq!((status, &problem["type"]), (403, &"epcisException:SecurityException".into()));
    }
    let (_, health) = ask("/health");
    assert_eq!(
        (&health["events"], &health["units"]),
        (&serde_json::json!([]), &serde_json::json!([]))
    );
    let (status, verdict) = ask(&format!("/verify?code={}", packs(document)[0]));
    assert_eq!((status, &verdict["verdict"]), (200, &"genuine".into()), "{verdict:#}");
    assert!(verdict.get("evidence").is_none(), "{verdict:#}");
}

#[test]
fn every_path_of_the_list_is_served() {
    let folder = Folder::new();
    let server = folder.serve();
    let (status, _, list) = request("GET", &server.url, None);
    assert_eq!(status, 200);
    for path in theriac_web::routes::index::PATHS {
        assert!(list.contains(path.path) && list.contains(path.what), "{list}");
        let url = format!("{}{}", server.url, path.path.replace("{id}", "1"));
        let body = (path.method == "POST").then(Vec::new);
        let (status, _, answer) = request(path.method, &url, body);
        for code in ["route-unknown", "method-not-allowed", "not-local"] {
            let refused = status >= 400 && answer.contains(code);
            assert!(!refused, "{} {}: {answer}", path.method, path.path);
        }
    }
}

#[test]
fn a_document_that_breaks_off_is_not_captured() {
    let folder = Folder::with_products();
    let server = folder.serve();
    let address = server.url.strip_prefix("http://").unwrap();
    let document = &commissioning(400)[0];
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    let length = document.len();
    write!(
        stream,
        "POST /captures HTTP/1.1\r\nhost: {address}\r\ncontent-length: {length}\r\n\r\n"
    )
    .unwrap();
    stream.write_all(&document[..length / 2]).unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    // The server hangs up, having told or not.
    let _ = stream.read_to_end(&mut Vec::new());
    let (_, events) = get(&format!("{}/events", server.url));
    assert_eq!(events, serde_json::json!([]));
    server.kill();
    let server = folder.serve();
    let (_, captures) = get(&format!("{}/captures", server.url));
    assert_eq!(captures, serde_json::json!([]), "what was not acknowledged is cleared away");
}

/// Bytes of memory that a process has had at most.
#[cfg(target_os = "linux")]
fn peak(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() << 10
}

#[test]
#[cfg(target_os = "linux")]
fn memory_does_not_grow_with_the_length_of_a_document() {
    const DOCUMENT_BYTES: usize = 100 << 20;
    const MEMORY_BYTES_MAX: u64 = 48 << 20;
    let folder = Folder::with_products();
    let mut document =
        br#"{"type":"EPCISDocument","schemaVersion":"2.0","epcisBody":{"eventList":["#.to_vec();
    document.resize(DOCUMENT_BYTES, b' ');
    document.extend_from_slice(b"]}}");
    let file = folder.document("long.json", &document);
    drop(document);
    let server = folder.serve();
    let before = peak(server.child.id());
    let report = folder.run(["capture", "--json", &file]).exits(0).json();
    assert_eq!(report[0]["events"], 0);
    let grown = peak(server.child.id()) - before;
    assert!(grown < MEMORY_BYTES_MAX, "it grew by {grown} bytes");
}
