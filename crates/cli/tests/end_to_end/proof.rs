//! A bundle is made by a node and checked without one.

use super::join::free_address;
use super::program::{Folder, Ran, Server, commissioning, packs, program};

/// Checks the bundle in a folder of no node.
fn check(folder: &Folder, args: &[&str]) -> Ran {
    let mut command = program();
    command.current_dir(folder.dir.path()).args(["verify", "--bundle"]).args(args);
    command.output().unwrap().into()
}

#[test]
fn a_bundle_is_checked_in_each_way_and_a_changed_one_proves_nothing() {
    let folder = Folder::with_products();
    let document = &commissioning(400)[0];
    let file = folder.document("lot.jsonld", document);
    folder.run(["capture", &file]).exits(0);
    let pack = packs(document).remove(0);
    let bundle = folder.dir.path().join("bundle.json");
    let bundle = bundle.to_str().unwrap();
    folder.run(["prove", &pack, "-o", bundle]).exits(0);

    // Nothing is trusted: proven up to a block hash that is told.
    let told = check(&folder, &[bundle, "--json"]).exits(4).json().remove(0);
    assert_eq!(told["unit"]["identifier"], pack.as_str());
    let said = check(&folder, &[bundle]).exits(4);
    let hash = said.out.lines().find_map(|line| line.trim().strip_prefix("block hash"));
    let hash = hash.expect("the block hash is told").trim();
    // A block that is trusted says nothing of contracts that are not.
    let said = check(&folder, &[bundle, "--block-hash", hash]).exits(4);
    assert!(said.out.starts_with("PROVEN, IF YOU KNOW THE CONTRACTS\n"), "{}", said.out);
    let row =
        |name| said.out.lines().find_map(|line| line.trim().strip_prefix(name)).unwrap().trim();
    let contracts = ["--custody", row("custody"), "--registry", row("registry")];
    let by = |trust: [&str; 2]| check(&folder, &[&[bundle], &trust[..], &contracts[..]].concat());
    by(["--block-hash", hash]).exits(0);
    let other = format!("0x{}", "12".repeat(32));
    let refused = check(&folder, &[bundle, "--block-hash", &other]).exits(1);
    assert!(refused.out.starts_with("PROVES NOTHING\n"), "{}", refused.out);
    let elsewhere = format!("0x{}", "11".repeat(20));
    check(&folder, &[bundle, "--block-hash", hash, "--custody", &elsewhere]).exits(1);

    let address = free_address();
    let url = format!("http://{address}");
    let mut serve = folder.command(["serve"]);
    serve.env("THERIAC_LEDGER_LISTEN", &address);
    let server = Server::start(&mut serve, &folder.node());
    by(["--rpc", &url]).exits(0);
    assert_eq!(server.terminate(), Some(0));
    check(&folder, &[bundle, "--rpc", &url]).exits(3);

    let bytes = std::fs::read(bundle).unwrap();
    let step = bytes.len() / 20;
    for place in (0..bytes.len()).step_by(step) {
        let mut changed = bytes.clone();
        changed[place] ^= 1;
        let changed = folder.document("changed.json", &changed);
        let ran = check(&folder, &[&changed, "--block-hash", hash]);
        assert!(matches!(ran.code, Some(1 | 2)), "byte {place}: {ran:?}");
    }
}

#[test]
fn what_cannot_be_proven_is_told() {
    let folder = Folder::with_products();
    let document = &commissioning(400)[0];
    let file = folder.document("lot.jsonld", document);
    folder.run(["capture", &file]).exits(0);
    let output = folder.dir.path().join("bundle.json");
    let output = output.to_str().unwrap();
    let unknown = format!("{}FORGED", packs(document)[0]);
    folder.run(["prove", &unknown, "-o", output]).exits(3);
    folder.run(["prove", "no code", "-o", output]).exits(2);
    folder.run(["prove", &packs(document)[0], "--block", "99999", "-o", output]).exits(3);
    // The event that commissions is the cause of a step of its packs, and is not anchored.
    let events = folder.run(["events", "--step", "commissioning", "--json"]).exits(0).json();
    let told = folder.run(["prove", events[0]["hash"].as_str().unwrap(), "-o", output]).exits(3);
    assert!(told.err.contains("prove one of the packs that it names"), "{}", told.err);
    assert!(!std::path::Path::new(output).exists());
}
