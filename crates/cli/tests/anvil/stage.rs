//! A node whose ledger is on anvil, with a proxy or two between them; what it is given, and what must be true in the end.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;
use theriac_ledger::{Endpoint, Keystore, Ledger, Passphrase};

use crate::chain::{self, Anvil};
use crate::client::{Client, Manner};
use crate::documents::{Document, GTIN, PARTNER_GLN, Supply};
use crate::program::{PASSPHRASE, make_node, theriac};
use crate::proxy::Proxy;
use crate::server::Server;
use crate::totals::totals;

/// How long the work may take once nothing is in its way.
const PATIENCE: Duration = Duration::from_secs(45);

/// Seconds after which the node offers more for a transaction that is not mined.
const STUCK_AFTER_S: u64 = 3;

/// The company of the node.
const GLN: &str = "9521321000018";

/// How a stage is set.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Setting<'a> {
    /// Blocks after which the node takes a transaction for final.
    pub(crate) confirmations: u64,
    /// Ways from the node to the ledger.
    pub(crate) proxies: usize,
    /// Options of anvil.
    pub(crate) anvil: &'a [&'a str],
}

impl Default for Setting<'_> {
    fn default() -> Self {
        Self { confirmations: 0, proxies: 1, anvil: &[] }
    }
}

/// A node, its ledger, and what is between them.
pub(crate) struct Stage {
    folder: TempDir,
    pub(crate) anvil: Anvil,
    pub(crate) proxies: Vec<Proxy>,
    pub(crate) supply: Supply,
    /// The account of the node.
    pub(crate) account: String,
}

impl Stage {
    /// Makes everything, with the node as governor and member; `None` if there is no anvil.
    pub(crate) async fn set(setting: Setting<'_>) -> Option<Self> {
        let anvil = Anvil::start(chain::program()?, setting.anvil);
        let proxies: Vec<Proxy> = (0..setting.proxies).map(|_| Proxy::start(&anvil.url)).collect();
        let folder = tempfile::tempdir().unwrap();
        let node = folder.path().join("node");
        make_node(&node).await;
        let passphrase = Passphrase::new(PASSPHRASE);
        let signer = Keystore::unlock(&node.join("keys/account.json"), &passphrase).unwrap();
        let account = signer.account().to_string();
        anvil.fund(&account).await;
        let endpoint = Endpoint::Http(anvil.url.clone());
        let deployment = Ledger::deploy(endpoint, &signer).await.unwrap();
        let stage = Self { folder, anvil, proxies, supply: Supply::default(), account };
        stage.configure(&serde_json::to_value(deployment).unwrap(), setting.confirmations);
        stage.join();
        Some(stage)
    }

    pub(crate) fn node(&self) -> PathBuf {
        self.folder.path().join("node")
    }

    /// Points the node's configuration to anvil, and forgets the ledger that it was made with.
    fn configure(&self, deployment: &Value, confirmations: u64) {
        let node = self.node();
        std::fs::remove_dir_all(node.join("ledger")).unwrap();
        self.forget();
        let file = node.join("theriac.toml");
        let text = std::fs::read_to_string(&file).unwrap();
        let (general, _) = text.split_once("[ledger]").unwrap();
        let urls: Vec<String> = self.proxies.iter().map(Proxy::url).collect();
        let mut text = format!("{general}[ledger]\nurl = \"{}\"\n", urls.join(","));
        text += &format!("confirmations = {confirmations}\nstuck_after_s = {STUCK_AFTER_S}\n");
        for (key, value) in deployment.as_object().unwrap() {
            text += &format!("{key} = {value}\n");
        }
        std::fs::write(file, text).unwrap();
    }

    /// The node loses its database.
    pub(crate) fn forget(&self) {
        std::fs::remove_file(self.node().join("theriac.db")).unwrap();
        for more in ["theriac.db-wal", "theriac.db-shm"] {
            // They are there only while the database is open, or after a kill.
            let _ = std::fs::remove_file(self.node().join(more));
        }
    }

    /// The company joins the registry, with its product and a partner.
    fn join(&self) {
        let other = format!("0x{}", "11".repeat(20));
        let add = |gln, name, role, account| {
            let at = "http://127.0.0.1:9";
            let words = [
                "member",
                "add",
                "--gln",
                gln,
                "--name",
                name,
                "--role",
                role,
                "--account",
                account,
                "--endpoint",
                at,
            ];
            let mut words = words.to_vec();
            if gln == GLN {
                words.extend([
                    "--role",
                    "wholesaler",
                    "--role",
                    "dispenser",
                    "--role",
                    "regulator",
                ]);
            }
            let ended = theriac(&self.node(), &words);
            assert_eq!(ended.code, Some(0), "{ended:?}");
        };
        add(GLN, "Example Pharma", "labeler", &self.account);
        add(PARTNER_GLN, "Corner Pharmacy", "dispenser", &other);
        let ended = theriac(&self.node(), &["product", "add", GTIN]);
        assert_eq!(ended.code, Some(0), "{ended:?}");
    }

    /// Serves the node.
    pub(crate) fn serve(&self) -> (Server, Client) {
        let mut server = Server::start(&self.node());
        let client = Client::new(server.url());
        (server, client)
    }

    /// The documents of the next batches.
    pub(crate) fn batches(&mut self, count: usize) -> Vec<Document> {
        (0..count).flat_map(|_| self.supply.batch()).collect()
    }

    /// Sends documents; each must be taken, whatever the ledger does.
    pub(crate) async fn capture(&self, client: &Client, documents: &[Document]) {
        for document in documents {
            let manner = Manner { slowly: false, impatient: true };
            let answer = client.capture(document, manner).await;
            assert!(answer.is_some(), "{} was not taken", document.name);
        }
    }

    /// Waits until the node has nothing left to do.
    pub(crate) async fn settle(&self, client: &Client) -> Value {
        self.settle_until(client, |left| left == 0).await
    }

    /// Waits until nothing but finality is left to wait for.
    pub(crate) async fn settle_recorded(&self, client: &Client) -> Value {
        self.settle_until(client, |_| true).await
    }

    async fn settle_until(&self, client: &Client, recorded: impl Fn(u64) -> bool) -> Value {
        let deadline = Instant::now() + PATIENCE;
        let mut quiet = 0;
        loop {
            let health = client.get("/health").await;
            let captures = client.get("/captures?limit=10000").await;
            let running = captures.as_array().unwrap().iter().any(|one| one["state"] == "captured");
            let busy = running
                || state(&health, "admitted") > 0
                || health["operations_waiting"] != 0
                || health["ledger"]["head"] != health["ledger"]["followed"]
                || !recorded(state(&health, "recorded"));
            quiet = if busy { 0 } else { quiet + 1 };
            if quiet == 4 {
                return health;
            }
            assert!(Instant::now() < deadline, "the work does not end: {health:#}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Everything given is final and as it should be; database and ledger agree; nothing is there twice.
    pub(crate) async fn check(&self, client: &Client) {
        let health = self.settle(client).await;
        assert_eq!(health["cases_open"], 0, "{health:#}");
        let reconciled = client.get("/reconcile").await;
        assert_eq!(reconciled["differences"], json!([]), "{reconciled:#}");
        for (code, expected) in &self.supply.packs {
            assert_eq!(&client.verdict(code).await, expected, "{code}");
        }
        let config = theriac_node::Config::load(&self.node().join("theriac.toml")).unwrap();
        let endpoint = Endpoint::Http(self.anvil.url.clone());
        let found = totals(endpoint, config.deployment()).await;
        let mut expected = self.supply.totals;
        // The ledger knows no units of a commissioned lot, only their root.
        expected.commissioned = 0;
        assert_eq!(found, expected, "recorded on the ledger");
    }
}

/// How many events are in a state.
pub(crate) fn state(health: &Value, word: &str) -> u64 {
    let states = serde_json::from_value::<Vec<(String, u64)>>(health["events"].clone()).unwrap();
    states.into_iter().find_map(|(state, count)| (state == word).then_some(count)).unwrap_or(0)
}
