//! Captures: rollback and proceed, jobs, duplicates, crashes, master data.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "support/goods.rs"]
mod goods;
#[path = "support/company.rs"]
mod support;

use std::path::Path;

use goods::*;
use serde_json::{Value, json};
use support::passphrase;
use theriac_epcis::event_from_json;
use theriac_node::{
    CaptureEventError, CaptureId, CaptureJob, Config, ErrorBehaviour, Node, system_clock,
};
use theriac_query::EventQuery;

async fn job(node: &Node, capture: i64) -> CaptureJob {
    node.capture_job(CaptureId(capture)).await.unwrap().unwrap()
}

async fn count(node: &Node) -> usize {
    node.query_all_events(&EventQuery::default()).await.unwrap().len()
}

/// A header with two elements of master data.
fn master_data() -> Value {
    let element = |id: String, name: &str| {
        json!({
            "id": id,
            "attributes": [{ "id": "urn:epcglobal:cbv:mda#name", "attribute": name }],
        })
    };
    let elements = [
        element(pack(1), "a pack"),
        element("https://id.gs1.org/414/9521321000018".to_owned(), "a site"),
    ];
    json!({ "epcisMasterData": { "vocabularyList": [
        { "type": "urn:epcglobal:epcis:vtype:EPCClass", "vocabularyElementList": elements },
    ]}})
}

fn without_action(at: &str) -> Value {
    let mut event = seen(&[1], at);
    event.as_object_mut().unwrap().remove("action");
    event
}

fn moments(from: u32, to: u32) -> Vec<Value> {
    (from..to)
        .map(|n| {
            seen(&[1], &format!("2026-01-02T{:02}:{:02}:{:02}Z", n / 3600, n / 60 % 60, n % 60))
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn rollback_leaves_nothing_and_the_document_can_be_sent_again() {
    let folder = tempfile::tempdir().unwrap();
    let (node, _) = maker(&folder.path().join("node")).await;
    let right = [made(&[1], "2026-01-01T10:00:00Z"), seen(&[1], "2026-01-01T11:00:00Z")];
    let wrong = [right[0].clone(), without_action("2026-01-01T10:30:00Z"), right[1].clone()];

    let report = node.capture_with(rollback(), &whole(&wrong, master_data())).await.unwrap();
    assert_eq!((report.admitted, report.held, report.refused), (0, 0, 1), "{report:#?}");
    assert_eq!(report.master_data, 0);
    let why = report.document_error.unwrap();
    assert!(why.contains("1 of 3 events are refused"), "{why}");
    assert_eq!((count(&node).await, node.store().master_data_count().await.unwrap()), (0, 0));
    let failed = job(&node, report.capture).await;
    assert_eq!((failed.running, failed.success), (false, false));
    assert_eq!(failed.behaviour, ErrorBehaviour::Rollback);
    assert!(failed.finished_at.unwrap() >= failed.created_at);
    let [error] = failed.errors.try_into().unwrap();
    assert_eq!((error.problem, error.status), ("epcisException:ValidationException", 400));
    assert_eq!(error.ordinal, Some(1));
    assert!(error.detail.contains("action"), "{}", error.detail);

    let report = node.capture_with(rollback(), &whole(&right, master_data())).await.unwrap();
    assert_eq!((report.admitted, report.master_data), (2, 2), "{report:#?}");
    let done = job(&node, report.capture).await;
    assert_eq!((done.running, done.success, done.errors.len()), (false, true, 0));
    assert_eq!(node.store().master_data_count().await.unwrap(), 2);
    let jobs = node.capture_jobs(10).await.unwrap();
    let known: Vec<_> = jobs.iter().map(|job| (job.capture, job.success)).collect();
    assert_eq!(known, [(report.capture, true), (failed.capture, false)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_document_is_rolled_back_and_proceed_keeps_its_beginning() {
    let folder = tempfile::tempdir().unwrap();
    let (node, _) = maker(&folder.path().join("node")).await;
    let mut broken =
        document(&[made(&[1], "2026-01-01T10:00:00Z"), without_action("2026-01-01T11:00:00Z")]);
    broken.truncate(broken.len() - 3);
    let report = node.capture_with(rollback(), &broken).await.unwrap();
    assert_eq!((report.admitted, report.refused, count(&node).await), (0, 1, 0));
    let failed = job(&node, report.capture).await;
    assert_eq!((failed.success, failed.errors.len()), (false, 2));
    assert_eq!((failed.errors[1].ordinal, failed.errors[1].status), (None, 400));

    let proceed = node.capture(theriac_node::CaptureSource::Cli, &broken).await.unwrap();
    assert_eq!((proceed.admitted, proceed.refused, count(&node).await), (1, 1, 1));
    let partly = job(&node, proceed.capture).await;
    assert_eq!((partly.running, partly.success), (false, false));
    assert_eq!(partly.behaviour, ErrorBehaviour::Proceed);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_in_a_case_is_captured() {
    let folder = tempfile::tempdir().unwrap();
    let (node, _) = maker(&folder.path().join("node")).await;
    let events = [made(&[1], "2026-01-01T10:00:00Z"), seen(&[77], "2026-01-01T11:00:00Z")];
    let report = node.capture_with(rollback(), &document(&events)).await.unwrap();
    assert_eq!((report.admitted, report.held), (1, 1));
    assert!(job(&node, report.capture).await.success);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_event_id_names_one_event() {
    let folder = tempfile::tempdir().unwrap();
    let (node, _) = maker(&folder.path().join("node")).await;
    let named = |mut event: Value| {
        event["eventID"] = json!("urn:uuid:0195d7f4-0000-7000-8000-0000000000aa");
        event
    };
    let first = named(made(&[1], "2026-01-01T10:00:00Z"));
    let other = named(made(&[2], "2026-01-01T10:00:00Z"));
    // Within one document.
    let report =
        node.capture_with(rollback(), &document(&[first.clone(), other.clone()])).await.unwrap();
    assert_eq!((report.refused, report.outcomes[0].ordinal, count(&node).await), (1, 1, 0));
    assert_eq!(report.outcomes[0].code.as_deref(), Some("event-id-taken"));
    let report = capture(&node, &[first.clone(), other.clone()]).await;
    assert_eq!((report.admitted, report.refused), (1, 1));
    // Against what is on record.
    let report = capture(&node, std::slice::from_ref(&first)).await;
    assert_eq!((report.duplicate, report.refused), (1, 0));
    assert!(job(&node, report.capture).await.success);
    let report =
        node.capture_with(rollback(), &document(std::slice::from_ref(&other))).await.unwrap();
    let [error] = job(&node, report.capture).await.errors.try_into().unwrap();
    assert_eq!(
        (error.problem, error.status),
        ("epcisException:ResourceAlreadyExistsException", 409)
    );
    let taken = node.capture_event(event_from_json(&other).unwrap()).await;
    assert!(
        matches!(taken, Err(CaptureEventError::AlreadyExists { same: false, .. })),
        "{taken:?}"
    );
    let known = node.capture_event(event_from_json(&first).unwrap()).await;
    assert!(matches!(known, Err(CaptureEventError::AlreadyExists { same: true, .. })), "{known:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_event_is_captured_while_its_sender_waits() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("node");
    let (node, config) = maker(&dir).await;
    let event = event_from_json(&made(&[1], "2026-01-01T10:00:00Z")).unwrap();
    let record = node.capture_event(event.clone()).await.unwrap();
    let id = theriac_epcis::event_hash(&event).to_string();
    assert_eq!(record.event_id.as_deref(), Some(id.as_str()));
    let body: Value = serde_json::from_str(&record.body).unwrap();
    assert_eq!(body["eventID"], json!(id));
    // Should the node have died in between, it would have read this.
    let stored = node.store().chunk(record.capture, 0).await.unwrap().unwrap();
    let again = node.capture(theriac_node::CaptureSource::Cli, &stored).await.unwrap();
    assert_eq!((again.duplicate, again.events), (1, 1));
    let held = event_from_json(&seen(&[77], "2026-01-01T10:00:00Z")).unwrap();
    assert_eq!(node.capture_event(held).await.unwrap().state, theriac_node::EventState::Held);
    let mut bad = event.clone();
    bad.common_mut().event_id = Some("not a URI".to_owned());
    let refused = node.capture_event(bad).await;
    assert!(matches!(refused, Err(CaptureEventError::Refused { .. })), "{refused:?}");
    let node = reopened(node, &dir, config).await;
    assert_eq!(count(&node).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn master_data_alone_is_stored_and_counted() {
    let folder = tempfile::tempdir().unwrap();
    let (node, _) = maker(&folder.path().join("node")).await;
    let report = node.capture_with(rollback(), &whole(&[], master_data())).await.unwrap();
    assert_eq!((report.events, report.master_data), (0, 2), "{report:#?}");
    let stored = node.store().master_data().await.unwrap();
    assert_eq!(stored.len(), 2);
    let again = node.capture_report(CaptureId(report.capture)).await.unwrap().unwrap();
    assert_eq!(again.master_data, 2);
}

/// As a process that died is started again.
async fn reopened(node: Node, dir: &Path, config: Config) -> Node {
    drop(node);
    loop {
        // Tasks of the dead process hold the folder for a moment.
        match Node::open(dir, config.clone(), &passphrase(), system_clock()).await {
            Ok(node) => return node,
            Err(theriac_node::OpenError::Folder(_)) => tokio::task::yield_now().await,
            Err(error) => panic!("{error}"),
        }
    }
}

/// Begins to process a document and dies as soon as `dies` is true of its job and events on record.
async fn killed(
    node: Node,
    document: &[u8],
    dies: impl Fn(&CaptureJob, usize) -> bool,
) -> (Node, CaptureId) {
    let mut writer = node.begin_capture_with(rollback()).await.unwrap();
    writer.write(document).await.unwrap();
    let id = writer.finish().await.unwrap();
    let working = node.clone();
    let work = tokio::spawn(async move { working.process(id).await });
    while !work.is_finished() {
        if dies(&job(&node, id.0).await, count(&node).await) {
            break;
        }
    }
    work.abort();
    drop(work.await);
    (node, id)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_capture_that_died_before_it_was_processed_is_rolled_back_later() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("node");
    let (node, config) = maker(&dir).await;
    let events = [made(&[1], "2026-01-01T10:00:00Z"), without_action("2026-01-01T11:00:00Z")];
    let (node, id) = killed(node, &document(&events), |_, _| true).await;
    let node = reopened(node, &dir, config).await;
    node.settle().await.unwrap();
    let job = job(&node, id.0).await;
    assert_eq!((job.running, job.success, job.errors.len()), (false, false, 1));
    assert_eq!(count(&node).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_capture_that_died_while_it_was_checked_is_rolled_back_later() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("node");
    let (node, config) = maker(&dir).await;
    // Its first batch has an error, its last one has another.
    let mut events = moments(0, 4_000);
    events[3] = without_action("2026-01-01T11:00:00Z");
    events.push(without_action("2026-01-01T12:00:00Z"));
    let (node, id) = killed(node, &document(&events), |job, _| !job.success).await;
    let node = reopened(node, &dir, config).await;
    node.settle().await.unwrap();
    let job = job(&node, id.0).await;
    assert_eq!((job.running, job.success), (false, false));
    let wrong: Vec<_> = job.errors.iter().map(|error| error.ordinal).collect();
    assert_eq!(wrong, [Some(3), Some(4_000)]);
    assert_eq!(count(&node).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_capture_that_died_while_it_was_admitted_is_admitted_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("node");
    let (node, config) = maker(&dir).await;
    let mut events = vec![made(&[1], "2026-01-01T10:00:00Z")];
    events.extend(moments(0, 3_000));
    let (node, id) = killed(node, &whole(&events, master_data()), |_, count| count > 0).await;
    let node = reopened(node, &dir, config).await;
    node.settle().await.unwrap();
    let report = node.capture_report(id).await.unwrap().unwrap();
    assert_eq!((report.admitted, report.duplicate, report.master_data), (3_001, 0, 2));
    assert!(job(&node, id.0).await.success);
    assert_eq!(count(&node).await, 3_001);
}
