//! A company with a ledger of its own, as several tests need it.

use std::path::Path;

use theriac_custody::Role;
use theriac_node::{Config, InitOptions, LedgerChoice, Node, Passphrase, init, system_clock};

/// The passphrase of its keys.
pub(crate) fn passphrase() -> Passphrase {
    Passphrase::new("correct horse battery staple")
}

/// Makes the node of a labeler that is its own regulator in `dir`, and opens it.
pub(crate) async fn company(dir: &Path) -> (Node, Config) {
    let options = InitOptions {
        name: "Example Pharma".to_owned(),
        gln: "9521321000018".parse().unwrap(),
        roles: [Role::Labeler, Role::Regulator].into_iter().collect(),
        ledger: LedgerChoice::New { chain_id: 7 },
        listen: None,
        ledger_listen: None,
        light_keys: true,
        clock: system_clock(),
    };
    let config = init(dir, &options, &passphrase()).await.unwrap().config;
    let node = Node::open(dir, config.clone(), &passphrase(), system_clock()).await.unwrap();
    (node, config)
}
