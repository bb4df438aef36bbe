//! The six companies of the story, each with a node in a process of its own behind a link, and one
//! ledger.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use indicatif::ProgressBar;
use serde_json::{Value, json};
use theriac_custody::{Role, Roles};
use theriac_gs1::Gtin;
use theriac_node::{
    CaptureReport, DEFAULT_CHAIN_ID, Health, InitOptions, LedgerChoice, NodeFolder, Passphrase,
    init, system_clock,
};
use theriac_sim::trade::Desk;
use theriac_sim::{Company, trading_companies};

use super::link::Link;
use super::process::Process;
use crate::client::{Client, Document};

/// Index of the regulator, whose node makes the ledger.
pub const REGULATOR: usize = 0;
/// Index of the first manufacturer.
pub const MAKER_A: usize = 1;
/// Index of the second manufacturer.
pub const MAKER_B: usize = 2;
/// Index of the wholesaler.
pub const WHOLESALER: usize = 3;
/// Index of the logistics provider.
pub const LOGISTICS: usize = 4;
/// Index of the pharmacy.
pub const PHARMACY: usize = 5;

/// How long anything that must come of itself may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Pause between two looks whether it has come.
const PAUSE: Duration = Duration::from_millis(100);

/// A company of the story.
pub struct Party {
    /// Writes its documents.
    pub desk: Desk,
    /// What its own programs ask.
    pub client: Client,
    /// What its node serves to them.
    pub url: String,
    /// How its partners reach it.
    pub link: Link,
    /// Its node.
    pub process: Process,
}

/// All of them, by the indexes above.
pub struct World {
    /// The companies.
    pub parties: Vec<Party>,
}

/// What the nodes are made with.
struct Making<'a> {
    dir: &'a Path,
    passphrase: String,
    /// JSON-RPC services of a ledger that others run.
    rpc: &'a [String],
    /// Address on which the regulator's node serves a ledger of its own.
    ledger: SocketAddr,
}

impl World {
    /// Makes and starts the nodes, the regulator's with the ledger first, and registers them.
    ///
    /// # Errors
    ///
    /// A node cannot be made or started.
    pub async fn build(dir: &Path, rpc: &[String]) -> anyhow::Result<Self> {
        let mut secret = [0_u8; 16];
        rand::fill(&mut secret);
        let passphrase = secret.iter().map(|byte| format!("{byte:02x}")).collect();
        let making = Making { dir, passphrase, rpc, ledger: free_address()? };
        let mut world = Self { parties: Vec::new() };
        for (index, company) in trading_companies().into_iter().enumerate() {
            world.add(&making, index, company).await?;
        }
        Ok(world)
    }

    async fn add(
        &mut self,
        making: &Making<'_>,
        index: usize,
        company: Company,
    ) -> anyhow::Result<()> {
        let name = company.name.clone();
        let failed = || format!("the node of {name} cannot be made");
        let address = free_address()?;
        let link = Link::open(address).await?;
        let dir = making.dir.join(&company.slug);
        let ledger = self.ledger(making).await?;
        let options = InitOptions {
            name: name.clone(),
            gln: company.gln,
            roles: roles(&company)?,
            ledger,
            listen: Some(address),
            ledger_listen: (index == REGULATOR && making.rpc.is_empty()).then_some(making.ledger),
            light_keys: true,
            clock: system_clock(),
        };
        let passphrase = Passphrase::new(making.passphrase.clone());
        let made = init(&dir, &options, &passphrase).await.with_context(failed)?;
        let mut config = made.config;
        config.public_url = Some(link.url());
        let file = NodeFolder::at(&dir).config_file();
        std::fs::write(&file, config.to_toml()).with_context(failed)?;
        let mut process = Process::of(&dir, address, &making.passphrase);
        process.start().await.with_context(failed)?;
        let url = format!("http://{address}");
        let client = Client::http(&url)?;
        let desk = Desk::new(company, index as u64 + 1);
        self.parties.push(Party { desk, client, url, link, process });
        match index {
            REGULATOR => {
                let endpoint = self.parties[REGULATOR].link.url();
                self.act(json!({ "action": "set_endpoint", "endpoint": endpoint })).await
            }
            index => self.register(index, &made.account.to_string(), &options.roles).await,
        }
    }

    /// The ledger of the next node: the regulator makes it, the others join.
    async fn ledger(&self, making: &Making<'_>) -> anyhow::Result<LedgerChoice> {
        Ok(match (self.parties.get(REGULATOR), making.rpc) {
            (None, []) => LedgerChoice::New { chain_id: DEFAULT_CHAIN_ID },
            (None, urls) => LedgerChoice::Deploy { url: urls.join(",") },
            (Some(regulator), _) => LedgerChoice::Join { url: regulator.url.clone() },
        })
    }

    async fn register(&self, index: usize, account: &str, roles: &Roles) -> anyhow::Result<()> {
        let party = &self.parties[index];
        let company = party.desk.company();
        let words: Vec<&str> = roles.iter().map(Role::word).collect();
        let member = json!({
            "gln": company.gln, "name": company.name, "roles": words,
            "endpoint": party.link.url(), "account": account,
        });
        let _: Value = self.parties[REGULATOR].client.post("/members", &member).await?;
        Ok(())
    }

    /// The regulator changes the registry.
    ///
    /// # Errors
    ///
    /// The registry does not take it.
    pub async fn act(&self, action: Value) -> anyhow::Result<()> {
        let _: Value = self.parties[REGULATOR].client.post("/registry", &action).await?;
        Ok(())
    }

    /// Registers a product of a manufacturer, and waits until all nodes know it.
    ///
    /// # Errors
    ///
    /// The registry does not take it.
    pub async fn register_product(&self, maker: usize, gtin: Gtin) -> anyhow::Result<()> {
        let labeler = self.parties[maker].desk.company().gln;
        let product = json!({ "gtin": gtin, "labeler": labeler });
        let _: Value = self.parties[REGULATOR].client.post("/products", &product).await?;
        for party in &self.parties {
            eventually("the product is known everywhere", async || {
                let products: Vec<Value> = party.client.get("/products", &[]).await?;
                Ok(products.iter().any(|known| known["gtin"] == json!(gtin)).then_some(()))
            })
            .await?;
        }
        Ok(())
    }

    /// Captures a document at a company's node; every event of it must be admitted.
    ///
    /// # Errors
    ///
    /// An event is held or refused, or the node cannot be asked.
    pub async fn capture(&self, at: usize, document: Vec<u8>) -> anyhow::Result<CaptureReport> {
        let report = self.offer(at, document).await?;
        let other = report.outcomes.iter().find(|event| event.state != "admitted");
        if let Some(event) = other.filter(|_| report.held + report.refused > 0) {
            bail!(
                "expected every event to be admitted, found one {}: {}",
                event.state,
                event.reason.as_deref().unwrap_or_default()
            );
        }
        Ok(report)
    }

    /// Captures a document at a company's node, whatever becomes of it.
    ///
    /// # Errors
    ///
    /// The node cannot be asked.
    pub async fn offer(&self, at: usize, document: Vec<u8>) -> anyhow::Result<CaptureReport> {
        let document = Document::Bytes("the story".to_owned(), document.into());
        Ok(self.parties[at].client.capture(&document, &ProgressBar::hidden()).await?)
    }

    /// What a company's node answers at a path, as text.
    ///
    /// # Errors
    ///
    /// The node cannot be asked, or refuses.
    pub async fn text(&self, at: usize, path: &str) -> anyhow::Result<String> {
        let url = format!("{}{path}", self.parties[at].url);
        let http = reqwest::Client::builder().no_proxy().build()?;
        let answer = http.get(url).send().await?;
        let (status, text) = (answer.status(), answer.text().await?);
        if !status.is_success() {
            bail!("expected an answer at {path}, found {status}: {text}");
        }
        Ok(text)
    }

    /// The verdict of a company's node on a code.
    ///
    /// # Errors
    ///
    /// The node cannot be asked.
    pub async fn verdict(&self, at: usize, code: &str) -> anyhow::Result<String> {
        let report: Value = self.parties[at].client.get("/verify", &[("code", code)]).await?;
        Ok(report["verdict"].as_str().unwrap_or_default().to_owned())
    }

    /// Waits until a code has a verdict at a company's node.
    ///
    /// # Errors
    ///
    /// It does not get it in time.
    pub async fn expect_verdict(
        &self,
        at: usize,
        code: &str,
        expected: &str,
    ) -> anyhow::Result<()> {
        let begun = Instant::now();
        loop {
            let found = self.verdict(at, code).await?;
            if found == expected {
                return Ok(());
            }
            if begun.elapsed() > PATIENCE {
                bail!("expected the verdict {expected}, found {found} for {code}");
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Waits until every node that runs has nothing left to record or deliver, and follows the ledger
    /// to its end.
    ///
    /// # Errors
    ///
    /// A node does not get to its end in time.
    pub async fn settle(&self) -> anyhow::Result<()> {
        for party in &self.parties {
            let name = &party.desk.company().name;
            eventually(&format!("the node of {name} has nothing left to do"), async || {
                let health: Health = party.client.get("/health", &[]).await?;
                let left = health.operations_waiting + health.deliveries_waiting;
                let is_level = health.ledger.followed >= health.ledger.head;
                Ok((left == 0 && is_level).then_some(()))
            })
            .await?;
        }
        Ok(())
    }

    /// Ends all nodes.
    pub fn stop(&mut self) {
        for party in self.parties.iter_mut().rev() {
            // It ends with this program in any case.
            let _ = party.process.kill();
        }
    }
}

/// Looks again and again until `look` finds something.
///
/// # Errors
///
/// It finds nothing in time; `what` says what was expected. An error of `look` counts as nothing until
/// then.
pub async fn eventually<T>(
    what: &str,
    mut look: impl AsyncFnMut() -> anyhow::Result<Option<T>>,
) -> anyhow::Result<T> {
    let begun = Instant::now();
    loop {
        let found = look().await;
        match found {
            Ok(Some(found)) => return Ok(found),
            Ok(None) if begun.elapsed() > PATIENCE => {
                bail!("expected that {what}, found otherwise")
            }
            Err(error) if begun.elapsed() > PATIENCE => {
                return Err(error.context(format!("expected that {what}")));
            }
            _ => tokio::time::sleep(PAUSE).await,
        }
    }
}

fn roles(company: &Company) -> anyhow::Result<Roles> {
    let role = Role::from_word(company.role.word()).context("expected a role of the registry")?;
    Ok([role].into_iter().collect())
}

/// An address with a port that was free a moment ago.
fn free_address() -> anyhow::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no port is free")?;
    Ok(listener.local_addr()?)
}
