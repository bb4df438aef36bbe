//! A company with its node, which is a process of its own.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::json;
use theriac_custody::Role;
use theriac_gs1::{Gln, Gtin};
use theriac_node::{Config, InitOptions, LedgerChoice, Passphrase, init, system_clock};
use theriac_sim::Company;

use crate::client::Client;
use crate::program::PASSPHRASE;
use crate::server::Server;

/// How long all nodes together may take for what one document causes.
const PATIENCE: Duration = Duration::from_secs(90);

/// Looks in a row that must find nothing left to do.
const QUIET: u32 = 3;

/// A company; its node dies with this value.
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) client: Client,
    gln: Gln,
    role: &'static str,
    url: String,
    config: Config,
    account: String,
    _server: Server,
}

impl Member {
    /// Makes and serves a node in a folder of its own. The first deploys the contracts, and is their governor; the
    /// others use them.
    pub(crate) async fn make(
        folder: &Path,
        company: &Company,
        urls: &[&str],
        first: Option<&Self>,
    ) -> Self {
        let dir = folder.join(&company.slug);
        let url = urls.join(",");
        let role = company.role.word();
        let options = InitOptions {
            name: company.name.clone(),
            gln: company.gln,
            roles: [Role::from_word(role).unwrap()].into_iter().collect(),
            ledger: match first {
                None => LedgerChoice::Deploy { url },
                Some(first) => LedgerChoice::At { url, deployment: first.config.deployment() },
            },
            listen: None,
            ledger_listen: None,
            light_keys: true,
            clock: system_clock(),
        };
        let made = init(&dir, &options, &Passphrase::new(PASSPHRASE)).await.unwrap();
        let mut server = Server::start(&dir);
        let url = server.url();
        Self {
            name: company.name.clone(),
            client: Client::new(url.clone()),
            gln: company.gln,
            role,
            url,
            config: made.config,
            account: made.account.to_string(),
            _server: server,
        }
    }

    /// Adds another company to the registry, as a governor.
    pub(crate) async fn admit(&self, other: &Self) {
        let member = json!({
            "gln": other.gln, "name": other.name, "roles": [other.role],
            "endpoint": other.url, "account": other.account,
        });
        self.client.post("/members", &member).await;
    }

    /// Adds a product to the registry, as a governor.
    pub(crate) async fn register(&self, gtin: Gtin, labeler: Gln) {
        self.client.post("/products", &json!({ "gtin": gtin, "labeler": labeler })).await;
    }
}

/// Waits until no node has anything left to do.
pub(crate) async fn settle(members: &[Member]) {
    let deadline = Instant::now() + PATIENCE;
    let mut quiet = 0;
    while quiet < QUIET {
        let mut left = Vec::new();
        for member in members {
            let health = member.client.get("/health").await;
            let captures = member.client.get("/captures?limit=10000").await;
            let captures = captures.as_array().unwrap();
            let ledger = &health["ledger"];
            // Blocks come all the time; what matters is that none of those before is missing.
            let behind = ledger["head"].as_u64().unwrap_or(u64::MAX)
                > ledger["followed"].as_u64().unwrap_or(0) + 1;
            if behind
                || captures.iter().any(|one| one["state"] == "captured")
                || health["operations_waiting"] != 0
                || health["deliveries_waiting"] != 0
            {
                left.push((member.name.as_str(), health));
            }
        }
        quiet = if left.is_empty() { quiet + 1 } else { 0 };
        assert!(Instant::now() < deadline, "the work does not end: {left:#?}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
