//! The contracts put on a network twice; old blocks of the embedded ledger deleted.

use super::join::free_address;
use super::program::{Folder, Server, commissioning, packs};

#[test]
fn deploying_again_finds_what_is_there() {
    let (network, governor) = (Folder::new(), Folder::new());
    let address = free_address();
    let mut serve = network.command(["serve"]);
    serve.env("THERIAC_LEDGER_LISTEN", &address);
    let server = Server::start(&mut serve, &network.node());
    let url = format!("http://{address}");
    let deploy = ["ledger", "deploy", "--rpc", &url, "--delay", "1h"];
    let first = governor.run(deploy).exits(0);
    assert!(first.err.contains("all contracts are new"), "{}", first.err);
    let again = governor.run(deploy).exits(0);
    assert!(again.err.contains("all contracts were there already"), "{}", again.err);
    assert_eq!(first.out, again.out);
    assert!(again.out.contains(&format!("[ledger]\nurl = \"{url}\"\n")), "{}", again.out);

    let told = governor.run([&deploy[..], &["--json"]].concat()).exits(0).json().remove(0);
    assert_eq!(told["made"], serde_json::json!([]));
    for contract in ["registry", "custody", "documents", "timelock"] {
        let line = format!("{contract} = {}\n", told["deployment"][contract]);
        assert!(again.out.contains(&line), "{line}{}", again.out);
    }
    // Another delay is another deployment.
    let other = ["ledger", "deploy", "--rpc", &url, "--delay", "2h", "--json"];
    let other = governor.run(other).exits(0).json().remove(0);
    assert_ne!(other["deployment"]["timelock"], told["deployment"]["timelock"]);
    assert_eq!(server.terminate(), Some(0));
    governor.run(deploy).exits(3);
}

#[test]
fn old_bodies_are_deleted_and_the_node_goes_on() {
    let folder = Folder::with_products();
    let documents = commissioning(400);
    let file = folder.document("lot.jsonld", &documents[0]);
    folder.run(["capture", &file]).exits(0);
    let before = folder.run(["ledger", "audit", "--json"]).exits(0).json().remove(0);

    let served = folder.serve();
    let prune = ["ledger", "prune-bodies", "--keep-blocks", "2", "--json"];
    let refused = folder.run(prune).exits(3);
    assert!(refused.err.contains("stop it first"), "{}", refused.err);
    assert_eq!(served.terminate(), Some(0));

    let pruned = folder.run(prune).exits(0).json().remove(0);
    assert!(pruned["pruned_blocks"].as_u64().unwrap() > 0, "{pruned:#}");
    assert!(pruned["bytes_after"].as_u64() < pruned["bytes_before"].as_u64(), "{pruned:#}");
    let again = folder.run(prune).exits(0).json().remove(0);
    assert_eq!(again["pruned_blocks"], 0);
    assert_eq!(again["state_hash"], pruned["state_hash"]);
    let after = folder.run(["ledger", "audit", "--json"]).exits(0).json().remove(0);
    assert_eq!(after["agrees"], true);
    assert_eq!(after["blocks"], before["blocks"], "headers stay");

    for pack in packs(&documents[0]).iter().take(2) {
        folder.run(["verify", pack]).exits(0);
    }
    let file = folder.document("other.jsonld", &documents[1]);
    folder.run(["capture", &file]).exits(0);
}
