//! Five nodes in this process, each with its folder, key, database and port, and one ledger.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

use anyhow::{Context, anyhow};
use indicatif::ProgressBar;
use theriac_chain::LedgerStats;
use theriac_custody::{Role, Roles};
use theriac_node::{DEFAULT_CHAIN_ID, InitOptions, LedgerChoice, Node, Passphrase, init};
use theriac_sim::{Company, REGULATOR, Scenario};
use theriac_web::routes::registry::{MemberRequest, ProductEntry, ProductRequest};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::clock::StoryClock;
use crate::client::Client;
use crate::commands::serve::stopped;
use crate::passphrase;

/// The nodes of a demo, in the order of the scenario's companies.
pub struct Network {
    /// The companies with their nodes.
    pub members: Vec<Member>,
    /// What the ledger serves: Ethereum JSON-RPC.
    pub ledger_url: String,
    tasks: Vec<JoinHandle<std::io::Result<()>>>,
    stop: watch::Sender<bool>,
}

/// A company and its node.
pub struct Member {
    /// Name of the company.
    pub name: String,
    /// What it does.
    pub role: &'static str,
    /// What its node serves.
    pub url: String,
    /// Its node.
    pub node: Node,
    /// A way to its node over HTTP.
    pub client: Client,
}

/// What all nodes are made with.
struct Making<'a> {
    dir: &'a Path,
    passphrase: Passphrase,
    clock: &'a StoryClock,
    ledger: Ledger<'a>,
}

/// Where the ledger of a demo is.
#[derive(Clone, Copy)]
enum Ledger<'a> {
    /// In the regulator's node, which serves it at this address.
    Own(SocketAddr),
    /// On a network that others run: the URLs of its JSON-RPC services.
    Others(&'a [String]),
}

/// What a caller chooses of the places of a demo.
#[derive(Clone, Copy)]
pub struct Places<'a> {
    /// The folder for all nodes.
    pub dir: &'a Path,
    /// First of the ports in a row; free ones without it.
    pub ports: Option<u16>,
    /// JSON-RPC services of the ledger; without any, the regulator's node makes one.
    pub rpc: &'a [String],
}

impl Network {
    /// Makes and serves the nodes, the regulator's with the ledger first; registers members and
    /// products.
    ///
    /// # Errors
    ///
    /// A port is taken, or a node cannot be made.
    pub async fn build(
        scenario: &Scenario,
        places: Places<'_>,
        clock: &StoryClock,
        bar: &ProgressBar,
    ) -> anyhow::Result<Self> {
        let Places { dir, ports, rpc } = places;
        let companies = &scenario.companies;
        let mut listeners = Vec::new();
        for index in 0..companies.len() {
            listeners.push(listen(ports, index).await?);
        }
        let mut ledger_listener = None;
        let (ledger, ledger_url) = match rpc.first() {
            Some(url) => (Ledger::Others(rpc), url.clone()),
            None => {
                let listener = listen(ports, listeners.len()).await?;
                let address = listener.local_addr()?;
                ledger_listener = Some(listener);
                (Ledger::Own(address), format!("http://{address}"))
            }
        };
        let making = Making { dir, passphrase: passphrase()?, clock, ledger };
        let mut network = Self {
            members: Vec::new(),
            ledger_url,
            tasks: Vec::new(),
            stop: watch::Sender::new(false),
        };
        for (company, listener) in companies.iter().zip(listeners) {
            bar.set_message(format!("making the node of {}", company.name));
            network.add(&making, company, listener).await?;
            if let Some(listener) = ledger_listener.take() {
                network.serve_ledger(listener)?;
            }
            bar.inc(1);
        }
        bar.set_message("registering members and products");
        network.register(scenario).await?;
        bar.inc(1);
        Ok(network)
    }

    /// Makes, opens and serves a company's node.
    async fn add(
        &mut self,
        making: &Making<'_>,
        company: &Company,
        listener: TcpListener,
    ) -> anyhow::Result<()> {
        let address = listener.local_addr()?;
        let (ledger, ledger_listen) = self.ledger(making);
        let options = InitOptions {
            name: company.name.clone(),
            gln: company.gln,
            roles: roles(company)?,
            ledger,
            listen: Some(address),
            ledger_listen,
            light_keys: true,
            clock: making.clock.as_node_clock(),
        };
        let dir = making.dir.join(&company.slug);
        let making_node = || format!("the node of {} cannot be made", company.name);
        let made = init(&dir, &options, &making.passphrase).await.with_context(making_node)?;
        let clock = making.clock.as_node_clock();
        let node = Node::open(&dir, made.config, &making.passphrase, clock).await;
        let node = node.with_context(making_node)?;
        let url = format!("http://{address}");
        node.announce(&url)?;
        self.tasks.push(tokio::spawn(theriac_web::serve(node.clone(), listener, self.stopping())));
        let client = Client::http(&url)?;
        let (name, role) = (company.name.clone(), company.role.word());
        self.members.push(Member { name, role, url, node, client });
        Ok(())
    }

    /// The ledger of the next node, and where it serves it: the first makes or deploys it, the others
    /// join. On a network of others each node prefers another endpoint and falls back to the rest.
    fn ledger(&self, making: &Making<'_>) -> (LedgerChoice, Option<SocketAddr>) {
        let regulator = self.members.get(REGULATOR);
        match (making.ledger, regulator) {
            (Ledger::Own(address), None) => {
                (LedgerChoice::New { chain_id: DEFAULT_CHAIN_ID }, Some(address))
            }
            (Ledger::Own(_), Some(regulator)) => {
                (LedgerChoice::Join { url: regulator.url.clone() }, None)
            }
            (Ledger::Others(urls), regulator) => {
                let mut urls = urls.to_vec();
                let first = self.members.len() % urls.len().max(1);
                urls.rotate_left(first);
                let url = urls.join(",");
                match regulator {
                    None => (LedgerChoice::Deploy { url }, None),
                    Some(regulator) => {
                        let deployment = regulator.node.config().deployment();
                        (LedgerChoice::At { url, deployment }, None)
                    }
                }
            }
        }
    }

    fn serve_ledger(&mut self, listener: TcpListener) -> anyhow::Result<()> {
        let chain = self.members[REGULATOR].node.chain();
        let chain = chain.ok_or_else(|| anyhow!("the regulator's node has no ledger"))?;
        let router = theriac_web::ledger_router(chain.clone());
        let stopping = self.stopping();
        self.tasks.push(tokio::spawn(theriac_web::serve_router(router, listener, stopping)));
        Ok(())
    }

    /// The regulator, whose node made the ledger, registers all others and the products.
    async fn register(&self, scenario: &Scenario) -> anyhow::Result<()> {
        let regulator = &self.members[REGULATOR].client;
        for (company, member) in scenario.companies.iter().zip(&self.members).skip(1) {
            let request = MemberRequest {
                gln: company.gln,
                name: company.name.clone(),
                roles: roles(company)?.iter().collect(),
                licence_expiry: None,
                endpoint: member.url.clone(),
                account: member.node.account(),
            };
            let _: MemberRequest = regulator.post("/members", &request).await?;
        }
        for product in &scenario.products {
            let labeler = Some(scenario.companies[product.labeler].gln);
            let request = ProductRequest { gtin: product.gtin, labeler };
            let _: ProductEntry = regulator.post("/products", &request).await?;
        }
        for member in &self.members {
            member.node.settle().await?;
        }
        Ok(())
    }

    /// Totals of the ledger; `None` if others run it.
    pub fn ledger_stats(&self) -> Option<LedgerStats> {
        self.members[REGULATOR].node.chain().map(|chain| chain.stats())
    }

    /// Lets the nodes work by themselves until Ctrl-C.
    pub async fn run_until_stopped(&self) {
        let workers: Vec<_> = self
            .members
            .iter()
            .map(|member| {
                let (node, stopping) = (member.node.clone(), self.stopping());
                tokio::spawn(async move { node.run(stopping).await })
            })
            .collect();
        stopped().await;
        self.stop.send_replace(true);
        for worker in workers {
            // A worker that panicked has nothing more to say.
            let _ = worker.await;
        }
    }

    /// Ends all services; the ledger last, because the others speak to it.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        for task in self.tasks {
            let _ = task.await;
        }
        for member in self.members.into_iter().rev() {
            drop(member.client);
            member.node.close().await;
        }
    }

    /// Resolves when the network is to stop.
    fn stopping(&self) -> impl Future<Output = ()> + Send + 'static {
        let mut stop = self.stop.subscribe();
        async move {
            // A sender that is gone has stopped as well.
            let _ = stop.wait_for(|stop| *stop).await;
        }
    }
}

/// The registry's roles of a company.
fn roles(company: &Company) -> anyhow::Result<Roles> {
    let word = company.role.word();
    let role = Role::from_word(word).ok_or_else(|| anyhow!("the registry has no role {word}"))?;
    Ok([role].into_iter().collect())
}

/// The passphrase of all nodes: from the environment, so that their folders can be opened after the
/// demo, or a random one that nobody learns.
fn passphrase() -> anyhow::Result<Passphrase> {
    match passphrase::from_environment()? {
        Some(text) => Ok(Passphrase::new(text)),
        None => Ok(Passphrase::new(format!("{:032x}", rand::random::<u128>()))),
    }
}

/// Port `index` after the first, or a free one; on this machine only.
async fn listen(first: Option<u16>, index: usize) -> anyhow::Result<TcpListener> {
    let port = match first {
        None => 0,
        Some(first) => u16::try_from(usize::from(first) + index)
            .with_context(|| format!("expected six ports from {first} on, up to 65535"))?,
    };
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .with_context(|| format!("cannot serve port {port}; choose others with --ports"))
}
