//! Damaged requests: whatever comes, the answer is a result or a fault of the client.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::server::{SOAP_1_1, SOAP_1_2, Server, envelope, poll};
use crate::subscriptions::subscribe;

/// Requests that are right.
fn seeds() -> Vec<Vec<u8>> {
    let epcis = crate::server::EPCIS_1;
    let list = "<string>urn:epc:idpat:sgtin:9521321.012345.*</string>";
    let controls = "<schedule><hour>1</hour></schedule><reportIfEmpty>true</reportIfEmpty>";
    let messages = [
        format!("<q:GetQueryNames xmlns:q='{epcis}'/>"),
        format!(
            "<q:GetSubscriptionIDs xmlns:q='{epcis}'><queryName>SimpleEventQuery</queryName></q:GetSubscriptionIDs>"
        ),
        format!(
            "<q:Unsubscribe xmlns:q='{epcis}'><subscriptionID>a</subscriptionID></q:Unsubscribe>"
        ),
        poll("SimpleEventQuery", &[("MATCH_epc", list), ("GE_eventTime", "2026-03-01T08:00:00Z")]),
        poll("SimpleEventQuery", &[("orderBy", "eventTime"), ("eventCountLimit", "1")]),
        poll(
            "SimpleMasterDataQuery",
            &[("includeAttributes", "true"), ("includeChildren", "false")],
        ),
        subscribe("a", "SimpleEventQuery", "http://127.0.0.1:9/", controls),
    ];
    let versions = [SOAP_1_1, SOAP_1_2];
    let all = messages.iter().flat_map(|m| versions.map(|version| envelope(version, m)));
    all.map(String::into_bytes).collect()
}

/// One damage: where (in thousandths of the length), how many bytes, and what instead.
type Damage = (usize, usize, Vec<u8>);

fn damages() -> impl Strategy<Value = Vec<Damage>> {
    let piece = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..4),
        proptest::sample::select(vec![
            &b"<"[..],
            b">",
            b"/",
            b"\"",
            b"&",
            b"&#0;",
            b"&#x10FFFF;",
            b"<![CDATA[",
            b"]]>",
            b"<!--",
            b"<a>",
            b"</value>",
            b"<string>",
            b"\xff",
            b"\0",
            b"-1",
            b"99999999999999999999",
            b"1e999",
            b" xsi:type='x'",
            b" xmlns='urn:epcglobal:epcis-query:xsd:2'",
            b"\xf0\x9f\x92\x8a",
            b"*",
        ])
        .prop_map(<[u8]>::to_vec),
    ];
    proptest::collection::vec((0..1000_usize, 0..12_usize, piece), 1..5)
}

fn damaged(mut bytes: Vec<u8>, damages: &[Damage]) -> Vec<u8> {
    for (place, length, piece) in damages {
        let from = bytes.len() * place / 1000;
        let to = (from + length).min(bytes.len());
        bytes.splice(from..to, piece.iter().copied());
    }
    bytes
}

#[test]
fn no_damage_makes_the_node_fail() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let server = runtime.block_on(Server::with(&["1", "22"]));
    let seeds = seeds();
    for seed in &seeds {
        let answer = runtime.block_on(server.post(seed.clone()));
        assert!(answer.status == 200 || answer.exception().is_some(), "{answer:?}");
    }
    let config = Config { cases: 600, failure_persistence: None, ..Config::default() };
    let strategy = (proptest::sample::select(seeds), damages());
    let outcome = TestRunner::new(config).run(&strategy, |(seed, damages)| {
        let request = damaged(seed, &damages);
        let answer = runtime.block_on(server.post(request));
        let fault = answer.body().starts_with("<soap:Fault>");
        let of_server =
            answer.body().contains("soap:Server<") || answer.body().contains("soap:Receiver<");
        prop_assert!(!of_server, "{answer:?}");
        prop_assert!(answer.exception() != Some("ImplementationException"), "{answer:?}");
        // SOAP 1.1 (section 6.2) has 500 for the client's faults too.
        let expected: &[u16] = if fault { &[400, 413, 500] } else { &[200] };
        prop_assert!(expected.contains(&answer.status), "{answer:?}");
        Ok(())
    });
    outcome.unwrap();
}
