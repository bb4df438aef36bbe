//! Commands in a node's folder that no process serves.

use super::program::{Folder, commissioning, packs, program};

#[test]
fn a_node_from_init_to_audit() {
    let dir = tempfile::tempdir().unwrap();
    let node = dir.path().join("acme");
    let in_node = || {
        let mut command = program();
        command.arg("--node").arg(&node);
        command
    };
    let run =
        |command: &mut std::process::Command| super::program::Ran::from(command.output().unwrap());
    let made = run(program()
        .args(["init", "--name", "Acme Pharma", "--gln", "9521124000017", "--role", "labeler"])
        .arg(&node));
    assert!(made.exits(0).out.contains("theriac serve --node"));
    let config = run(in_node().args(["config", "show"])).exits(0);
    assert!(config.out.contains("name = \"Acme Pharma\""), "{}", config.out);
    let members = run(in_node().args(["member", "list", "--json"])).exits(0).json();
    assert_eq!(members[0][0]["gln"], "9521124000017");
    let audit = run(in_node().args(["ledger", "audit", "--json"])).exits(0).json();
    assert_eq!(audit[0]["agrees"], true);
}

#[test]
fn packs_are_captured_verified_traced_and_reconciled() {
    let folder = Folder::with_products();
    let document = &commissioning(400)[0];
    let file = folder.document("lot.jsonld", document);
    let captured = folder.run(["capture", "--json", &file]).exits(0).json();
    let report = &captured[0];
    assert_eq!(report["file"], file.as_str());
    assert_eq!(report["events"], report["admitted"]);
    let outcomes = report["outcomes"].as_array().unwrap();
    assert!(outcomes.iter().all(|outcome| outcome["state"] == "final"), "{report:#}");

    let packs = packs(document);
    assert_eq!(packs.len(), 200);
    for pack in packs.iter().step_by(67) {
        let verdict = folder.run(["verify", "--json", pack]).exits(0).json();
        assert_eq!(verdict[0]["verdict"], "genuine");
        assert!(verdict[0]["evidence"]["transaction"].is_string(), "{:#}", verdict[0]);
    }
    let journey = folder.run(["trace", "--json", &packs[0]]).exits(0).json();
    assert!(!journey[0]["steps"].as_array().unwrap().is_empty());
    let forged = format!("{}FORGED", packs[0]);
    let verdict = folder.run(["verify", &forged]).exits(1);
    assert!(verdict.out.starts_with("NOT GENUINE\n"), "{}", verdict.out);

    let again = folder.run(["capture", "--json", &file]).exits(0).json();
    assert_eq!(again[0]["duplicate"], report["events"]);
    let difference = folder.run(["reconcile"]).exits(0);
    assert!(difference.out.contains("database and ledger agree"), "{}", difference.out);
    let audit = folder.run(["ledger", "audit"]).exits(0);
    assert!(audit.out.contains("the ledger agrees"), "{}", audit.out);
}

#[test]
fn what_waits_for_a_product_is_admitted_once_it_is_registered() {
    let folder = Folder::new();
    let document = &commissioning(400)[0];
    let file = folder.document("lot.jsonld", document);
    let held = folder.run(["capture", &file]).exits(1);
    assert!(held.out.contains("held"), "{}", held.out);
    let command = held.out.lines().find_map(|line| {
        let start = line.find("theriac product add")?;
        let words: Vec<&str> = line[start..].split_whitespace().take(4).collect();
        Some(words[3].trim_end_matches(|c: char| !c.is_ascii_digit()).to_owned())
    });
    let gtin = command.unwrap_or_else(|| panic!("no command in {}", held.out));
    assert!(folder.run(["cases"]).exits(0).out.contains("product unknown"));

    folder.run(["product", "add", &gtin]).exits(0);
    let cases = folder.run(["cases", "--json"]).exits(0).json();
    assert_eq!(cases[0], serde_json::json!([]));
    let events = folder.run(["events", "--json"]).exits(0).json();
    assert_eq!(events.len(), 8);
    assert!(events.iter().all(|event| event["state"] == "final"), "{events:#?}");
    folder.run(["verify", &packs(document)[0]]).exits(0);
}

#[test]
fn a_recalled_lot_is_recalled_at_once_and_lifted() {
    let folder = Folder::with_products();
    let document = &commissioning(400)[0];
    let file = folder.document("lot.jsonld", document);
    folder.run(["capture", &file]).exits(0);
    let pack = &packs(document)[0];
    let report = folder.run(["verify", "--json", pack]).exits(0).json();
    let lot = report[0]["lot"].as_str().unwrap().to_owned();
    let identifier = report[0]["identifier"].as_str().unwrap();
    let gtin = identifier.split("/01/").nth(1).unwrap().split('/').next().unwrap();
    let order = ["recall", "--gtin", gtin, "--lot", &lot, "--reason", "a test"];
    let recalled = folder.run(order.into_iter().chain(["--class", "2"])).exits(0);
    assert!(recalled.out.contains("recalled ii"), "{}", recalled.out);
    let verdict = folder.run(["verify", pack]).exits(1);
    assert!(verdict.out.starts_with("RECALLED\n"), "{}", verdict.out);
    folder.run(order.into_iter().chain(["--lift"])).exits(0);
    folder.run(["verify", pack]).exits(0);
}

#[test]
fn standard_input_and_folders_are_captured() {
    let folder = Folder::with_products();
    let inbox = folder.dir.path().join("inbox/deep");
    std::fs::create_dir_all(&inbox).unwrap();
    let documents = commissioning(400);
    for (number, document) in documents.iter().enumerate().take(2) {
        std::fs::write(inbox.join(format!("{number}.json")), document).unwrap();
    }
    let inbox = folder.dir.path().join("inbox");
    let reports = folder.run(["capture", "--json", inbox.to_str().unwrap()]).exits(0).json();
    assert_eq!(reports.len(), 2);
    let third = folder.document("third", &documents[2]);
    let mut command = folder.command(["capture", "-", "--json"]);
    command.stdin(std::fs::File::open(third).unwrap());
    let report = super::program::Ran::from(command.output().unwrap()).exits(0).json();
    assert_eq!(report[0]["file"], "-");
    assert_eq!(report[0]["admitted"], report[0]["events"]);
}

#[test]
fn commands_at_the_same_time_wait_for_each_other() {
    let folder = Folder::new();
    let commands: Vec<_> = (0..4)
        .map(|_| folder.command(["health"]).stdout(std::process::Stdio::null()).spawn().unwrap())
        .collect();
    for mut command in commands {
        assert_eq!(command.wait().unwrap().code(), Some(0));
    }
}
