//! A day of a supply chain on a network of four validators that are killed and started again.
//!
//! `make test-network` runs it; scripts/network.sh builds the engine by itself, which takes some minutes the first time.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::print_stderr, reason = "a run tells how far it is")]

#[path = "plug/client.rs"]
#[allow(dead_code, reason = "other programs of tests ask for more")]
mod client;
#[path = "plug/documents.rs"]
#[allow(dead_code, reason = "other programs of tests ask for more")]
mod documents;
#[path = "network/member.rs"]
mod member;
#[path = "support/program.rs"]
#[allow(dead_code, reason = "other programs of tests ask for more")]
mod program;
#[path = "support/server.rs"]
mod server;
#[path = "network/validators.rs"]
mod validators;

use std::time::{Duration, Instant};

use client::Manner;
use documents::Document;
use member::{Member, settle};
use program::{command, ended, theriac};
use theriac_sim::{Action, MANUFACTURER, Plan, REGULATOR, Scenario, scenario};
use validators::Validators;

/// Packs of the day: the fewest that tell the whole story.
const PACKS: &str = "400";

/// How long it may take to register members and products.
const REGISTERED_WITHIN: Duration = Duration::from_secs(15);

/// How long each validator is gone.
const GONE: Duration = Duration::from_secs(6);

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the engine: make test-network"]
async fn a_day_on_four_validators_of_which_one_is_gone_again_and_again() {
    let began = Instant::now();
    let mut validators = Validators::start().await;
    let nodes = validators.folder().join("nodes");
    let mut command = command(validators.folder());
    command.args(["demo", "--packs", PACKS, "--exit", "--data"]).arg(&nodes);
    for n in 0..4 {
        command.args(["--rpc", validators.rpc(n)]);
    }
    let demo = tokio::task::spawn_blocking(move || command.output().unwrap());
    // A node that is made needs a ledger that answers; from then on none is needed all the time.
    while !nodes.join("pharmacy-b/theriac.toml").exists() && !demo.is_finished() {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    tokio::time::sleep(REGISTERED_WITHIN).await;
    let mut kills = 0;
    while !demo.is_finished() {
        // Each is the one that some of the nodes ask first.
        let gone = kills % 4;
        validators.kill(gone);
        tokio::time::sleep(GONE).await;
        let head = validators.head((gone + 1) % 4).await.unwrap();
        validators.revive(gone);
        // It catches up with what it missed.
        validators.reach(gone, head).await;
        kills += 1;
    }
    let told = ended(&["demo"], demo.await.unwrap());
    eprintln!("{:.0?}, {kills} kills of validators", began.elapsed());
    eprintln!("{}", told.stdout);
    assert_eq!(told.code, Some(0), "{}", told.stderr);
    assert!(kills > 2, "the day was over before validators were gone");
    for company in ["regulator", "manufacturer", "wholesaler", "pharmacy-a", "pharmacy-b"] {
        let ended = theriac(&nodes.join(company), &["reconcile"]);
        assert_eq!(ended.code, Some(0), "{company}: {ended:?}");
    }
    eprintln!("{:.0?}: books and ledger agree", began.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the engine: make test-network"]
async fn without_two_validators_nothing_goes_on_and_nothing_is_lost() {
    let mut validators = Validators::start().await;
    let day = scenario_of_yesterday();
    let members = found(&validators, &day).await;
    let first = day.steps.iter().find(|step| step.company == MANUFACTURER).unwrap();
    let Action::Capture { document, events, .. } = &first.action else { panic!("it captures") };
    validators.kill(2);
    validators.kill(3);
    let maker = &members[MANUFACTURER];
    let manner = Manner { slowly: false, impatient: true };
    let document = named("first", document);
    assert!(maker.client.capture(&document, manner).await.is_some());
    let before = validators.head(0).await.unwrap();
    tokio::time::sleep(Duration::from_secs(5)).await;
    let after = validators.head(0).await.unwrap();
    assert!(after <= before + 1, "{before} blocks, then {after}, with half of the votes");
    assert!(maker.client.get("/health").await["operations_waiting"].as_u64().unwrap() > 0);
    validators.revive(2);
    settle(&members).await;
    let entries = maker.client.entries().await;
    assert_eq!(entries.len(), *events);
    assert!(entries.iter().all(|entry| entry["state"] == "final"), "{entries:#?}");
}

/// All companies with their nodes, admitted, and the products registered; the regulator deploys.
async fn found(validators: &Validators, day: &Scenario) -> Vec<Member> {
    let mut members: Vec<Member> = Vec::new();
    for (n, company) in day.companies.iter().enumerate() {
        // Each node asks another validator first, and two more if that one does not answer.
        let urls: Vec<&str> = (0..3).map(|more| validators.rpc((n + more) % 4)).collect();
        let member = Member::make(validators.folder(), company, &urls, members.get(REGULATOR));
        members.push(member.await);
    }
    for member in &members[1..] {
        members[REGULATOR].admit(member).await;
    }
    for product in &day.products {
        let labeler = day.companies[product.labeler].gln;
        members[REGULATOR].register(product.gtin, labeler).await;
    }
    settle(&members).await;
    members
}

fn named(title: &str, document: &[u8]) -> Document {
    Document { name: title.to_owned(), ids: Vec::new(), bytes: document.to_vec() }
}

/// A scenario whose last morning is not after the machine's clock.
fn scenario_of_yesterday() -> Scenario {
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let day = today.yesterday().unwrap().yesterday().unwrap();
    scenario(&Plan { packs: PACKS.parse().unwrap(), seed: 1, day }).unwrap()
}
