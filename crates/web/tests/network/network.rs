//! Companies in one process: each with its folder, key, database and HTTP service; the regulator's
//! node has the ledger, the others reach it over its JSON-RPC port.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use theriac_custody::Role;
use theriac_gs1::{Gln, Gtin};
use theriac_node::{
    Config, DEFAULT_CHAIN_ID, InitOptions, LedgerChoice, NewMember, Node, Passphrase, init,
};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::clock::TestClock;

pub(crate) const PASSPHRASE: &str = "correct horse battery staple";

/// When every story begins.
const START: &str = "2026-11-23T06:00:00Z";

/// The companies that a story can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Who {
    Regulator,
    Maker,
    Rival,
    Wholesaler,
    PharmacyA,
    PharmacyB,
    Carrier,
    Repackager,
    /// A wholesaler that carries goods between others.
    Reseller,
}

impl Who {
    /// Its company prefix, 7 digits; 952 is for demonstrations.
    fn prefix(self) -> u64 {
        9_521_100 + self as u64
    }

    pub(crate) fn gln(self) -> Gln {
        Gln::from_body(self.prefix() * 100_000 + 1).unwrap()
    }

    /// Its product number `item`.
    pub(crate) fn gtin(self, item: u64) -> Gtin {
        Gtin::from_body(self.prefix() * 100_000 + item).unwrap()
    }

    fn role(self) -> Role {
        match self {
            Self::Regulator => Role::Regulator,
            Self::Maker | Self::Rival => Role::Labeler,
            Self::Wholesaler | Self::Reseller => Role::Wholesaler,
            Self::PharmacyA | Self::PharmacyB => Role::Dispenser,
            Self::Carrier => Role::Logistics,
            Self::Repackager => Role::Repackager,
        }
    }

    /// Each labeler has two products.
    fn products(self) -> Vec<Gtin> {
        match self.role() {
            Role::Labeler | Role::Repackager => vec![self.gtin(1), self.gtin(2)],
            _ => Vec::new(),
        }
    }
}

/// What serves HTTP until it is told to stop.
struct Service {
    stop: watch::Sender<bool>,
    task: JoinHandle<std::io::Result<()>>,
}

impl Service {
    async fn stop(self) {
        self.stop.send_replace(true);
        self.task.await.unwrap().unwrap();
    }
}

struct Company {
    who: Who,
    dir: PathBuf,
    config: Config,
    address: SocketAddr,
    /// The node and its service, unless it is down.
    running: Option<(Node, Service)>,
}

/// All companies of a story.
pub(crate) struct Network {
    companies: Vec<Company>,
    pub(crate) clock: TestClock,
    pub(crate) http: reqwest::Client,
    ledger_address: SocketAddr,
    ledger: Option<Service>,
    // Removed at the end.
    folder: tempfile::TempDir,
}

impl Network {
    /// The regulator and `others`, registered with their products, all services up.
    pub(crate) async fn of(others: &[Who]) -> Self {
        let clock = TestClock::starting(START);
        let folder = tempfile::tempdir().unwrap();
        let ledger_listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let ledger_address = ledger_listener.local_addr().unwrap();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let (regulator, node) =
            found(&folder, &clock, Who::Regulator, &listener, Ok(ledger_address)).await;
        let mut network = Self {
            companies: Vec::new(),
            clock,
            http: reqwest::Client::new(),
            ledger_address,
            ledger: None,
            folder,
        };
        network.serve_ledger(&node, ledger_listener);
        network.companies.push(running(regulator, node, listener));
        let regulator_url = network.url(Who::Regulator);
        for who in others {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
            let ledger = Err(regulator_url.clone());
            let (company, node) =
                found(&network.folder, &network.clock, *who, &listener, ledger).await;
            network.companies.push(running(company, node, listener));
        }
        network.register(others).await;
        network.settle_all().await;
        network
    }

    async fn register(&self, others: &[Who]) {
        let regulator = self.node(Who::Regulator);
        for who in others {
            let member = NewMember {
                gln: who.gln(),
                name: format!("{who:?}"),
                roles: [who.role()].into_iter().collect(),
                licence_expiry: None,
                endpoint: self.url(*who),
                account: self.node(*who).account(),
            };
            regulator.add_member(&member).await.unwrap();
            for gtin in who.products() {
                regulator.add_product(gtin, Some(who.gln())).await.unwrap();
            }
        }
    }

    fn serve_ledger(&mut self, regulator: &Node, listener: TcpListener) {
        let chain = regulator.chain().expect("the regulator's node has the ledger").clone();
        self.ledger = Some(serve(theriac_web::ledger_router(chain), listener));
    }

    /// Nobody but the regulator reaches the ledger from now on.
    pub(crate) async fn cut_ledger(&mut self) {
        self.ledger.take().unwrap().stop().await;
    }

    pub(crate) async fn restore_ledger(&mut self) {
        let listener = TcpListener::bind(self.ledger_address).await.unwrap();
        let regulator = self.node(Who::Regulator).clone();
        self.serve_ledger(&regulator, listener);
    }

    /// Ends a company's service and closes its node.
    pub(crate) async fn down(&mut self, who: Who) {
        let company = self.companies.iter_mut().find(|company| company.who == who).unwrap();
        let (node, service) = company.running.take().unwrap();
        service.stop().await;
        node.close().await;
    }

    /// Opens a company's node again and serves it where it was.
    pub(crate) async fn up(&mut self, who: Who) {
        let clock = self.clock.as_node_clock();
        let company = self.companies.iter_mut().find(|company| company.who == who).unwrap();
        let listener = TcpListener::bind(company.address).await.unwrap();
        let (config, passphrase) = (company.config.clone(), Passphrase::new(PASSPHRASE));
        let node = Node::open(&company.dir, config, &passphrase, clock).await.unwrap();
        let service = serve(theriac_web::router(node.clone()), listener);
        company.running = Some((node, service));
    }

    /// Changes a company's configuration; its node is opened anew.
    #[allow(dead_code, reason = "not every test binary changes one")]
    pub(crate) async fn configure(&mut self, who: Who, change: impl FnOnce(&mut Config)) {
        self.down(who).await;
        let company = self.companies.iter_mut().find(|company| company.who == who).unwrap();
        change(&mut company.config);
        self.up(who).await;
    }

    fn company(&self, who: Who) -> &Company {
        self.companies.iter().find(|company| company.who == who).unwrap()
    }

    pub(crate) fn node(&self, who: Who) -> &Node {
        let running = self.company(who).running.as_ref();
        &running.unwrap_or_else(|| panic!("the node of {who:?} is down")).0
    }

    pub(crate) fn url(&self, who: Who) -> String {
        format!("http://{}", self.company(who).address)
    }

    pub(crate) fn ledger_url(&self) -> String {
        format!("http://{}", self.ledger_address)
    }

    pub(crate) fn dir(&self, who: Who) -> &std::path::Path {
        &self.company(who).dir
    }

    /// The companies whose nodes are up.
    pub(crate) fn all_up(&self) -> impl Iterator<Item = Who> {
        self.companies.iter().filter(|company| company.running.is_some()).map(|c| c.who)
    }

    pub(crate) async fn settle(&self, who: Who) {
        self.node(who).settle().await.unwrap();
    }

    /// Lets all nodes that are up work until nothing is left to do, or what is left waits for
    /// something that does not come.
    pub(crate) async fn settle_all(&self) {
        let mut before = None;
        for round in 0..40 {
            let mut left = (0, 0, 0, 0);
            for who in self.all_up() {
                self.settle(who).await;
            }
            for who in self.all_up() {
                let health = self.node(who).health().await.unwrap();
                left.0 += health.operations_waiting;
                left.1 += health.deliveries_waiting;
                left.2 += health.ledger.head - health.ledger.followed.min(health.ledger.head);
                left.3 += health.ledger.head;
            }
            if left.0 + left.1 + left.2 == 0 {
                return;
            }
            if before == Some(left) {
                if left.1 == 0 || round > 10 {
                    return;
                }
                // A delivery waits for its next try.
                self.clock.skip(1 << round.min(8));
            }
            before = Some(left);
        }
        panic!("the nodes do not come to rest: {before:?}");
    }
}

/// Makes and opens the node of a company; the ledger is its own, served at an address, or that of
/// the node with a URL.
async fn found(
    folder: &tempfile::TempDir,
    clock: &TestClock,
    who: Who,
    listener: &TcpListener,
    ledger: Result<SocketAddr, String>,
) -> (Company, Node) {
    let address = listener.local_addr().unwrap();
    let passphrase = Passphrase::new(PASSPHRASE);
    let options = InitOptions {
        name: format!("{who:?}"),
        gln: who.gln(),
        roles: [who.role()].into_iter().collect(),
        ledger: match &ledger {
            Ok(_) => LedgerChoice::New { chain_id: DEFAULT_CHAIN_ID },
            Err(url) => LedgerChoice::Join { url: url.clone() },
        },
        listen: Some(address),
        ledger_listen: ledger.ok(),
        light_keys: true,
        clock: clock.as_node_clock(),
    };
    let dir = folder.path().join(format!("{who:?}"));
    let made = init(&dir, &options, &passphrase).await.unwrap();
    let node =
        Node::open(&dir, made.config.clone(), &passphrase, clock.as_node_clock()).await.unwrap();
    let company = Company { who, dir, config: made.config, address, running: None };
    (company, node)
}

fn running(company: Company, node: Node, listener: TcpListener) -> Company {
    let service = serve(theriac_web::router(node.clone()), listener);
    Company { running: Some((node, service)), ..company }
}

fn serve(router: axum::Router, listener: TcpListener) -> Service {
    let stop = watch::Sender::new(false);
    let mut stopping = stop.subscribe();
    let shutdown = async move {
        // A sender that is gone has stopped as well.
        let _ = stopping.wait_for(|stop| *stop).await;
    };
    let task = tokio::spawn(theriac_web::serve_router(router, listener, shutdown));
    Service { stop, task }
}
