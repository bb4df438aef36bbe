//! A regulator with the ledger, a maker, a wholesaler and two pharmacies in one process, each a whole
//! node behind HTTP, under one clock that the benchmark moves.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use theriac_custody::Role;
use theriac_gs1::{Gln, Gtin};
use theriac_node::{
    CaptureReport, CaptureSource, Clock, DEFAULT_CHAIN_ID, InitOptions, LedgerChoice, NewMember,
    Node, Passphrase, init,
};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::document::document;
use crate::benchmark::Failure;

/// When the trade begins.
const START: &str = "2026-11-23T06:00:00Z";

/// Rounds in which all nodes come to rest at most.
const ROUNDS: usize = 200;

/// A company of the town.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Who {
    Regulator,
    Maker,
    Wholesaler,
    Pharmacy,
    Shop,
}

impl Who {
    const ALL: [Self; 5] =
        [Self::Regulator, Self::Maker, Self::Wholesaler, Self::Pharmacy, Self::Shop];

    fn role(self) -> Role {
        match self {
            Self::Regulator => Role::Regulator,
            Self::Maker => Role::Labeler,
            Self::Wholesaler => Role::Wholesaler,
            Self::Pharmacy | Self::Shop => Role::Dispenser,
        }
    }

    pub(super) fn gln(self) -> Gln {
        let body = 952_120_000_000 + self as u64;
        Gln::from_body(body).expect("a GLN because the body has 12 digits")
    }

    /// Its counter or dock.
    pub(super) fn site(self) -> Gln {
        let body = 952_120_000_100 + self as u64;
        Gln::from_body(body).expect("a GLN because the body has 12 digits")
    }

    /// Where it is.
    pub(super) fn position(self) -> &'static str {
        match self {
            Self::Regulator => "52.520,13.405",
            Self::Maker => "47.559,7.588",
            Self::Wholesaler => "50.110,8.682",
            Self::Pharmacy => "48.137,11.575",
            Self::Shop => "53.551,9.994",
        }
    }
}

/// The companies. All ends when it is stopped.
pub(super) struct Town {
    nodes: Vec<Node>,
    urls: Vec<String>,
    now: Arc<AtomicI64>,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
    pub(super) seed: u64,
    folder: tempfile::TempDir,
}

impl Town {
    pub(super) async fn new(seed: u64) -> Result<Self, Failure> {
        let start: Timestamp = START.parse()?;
        let mut town = Self {
            nodes: Vec::new(),
            urls: Vec::new(),
            now: Arc::new(AtomicI64::new(start.as_second())),
            stop: watch::Sender::new(false),
            tasks: Vec::new(),
            seed,
            folder: tempfile::tempdir()?,
        };
        let ledger = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = ledger.local_addr()?;
        let mut ledger = Some(ledger);
        for who in Who::ALL {
            let choice = match town.urls.first() {
                None => LedgerChoice::New { chain_id: DEFAULT_CHAIN_ID },
                Some(url) => LedgerChoice::Join { url: url.clone() },
            };
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
            let options = InitOptions {
                name: format!("{who:?}"),
                gln: who.gln(),
                roles: [who.role()].into_iter().collect(),
                ledger: choice,
                listen: Some(listener.local_addr()?),
                ledger_listen: (who == Who::Regulator).then_some(address),
                light_keys: true,
                clock: town.clock(),
            };
            town.found(&options, listener).await?;
            if let Some(ledger) = ledger.take() {
                town.serve_ledger(ledger)?;
            }
        }
        town.register().await?;
        town.settle().await?;
        Ok(town)
    }

    fn clock(&self) -> Clock {
        let now = Arc::clone(&self.now);
        Arc::new(move || {
            Timestamp::from_second(now.load(Ordering::SeqCst)).unwrap_or(Timestamp::MAX)
        })
    }

    async fn found(&mut self, options: &InitOptions, listener: TcpListener) -> Result<(), Failure> {
        let passphrase = Passphrase::new("a benchmark");
        let dir = self.folder.path().join(options.gln.to_string());
        let made = init(&dir, options, &passphrase).await?;
        let node = Node::open(&dir, made.config, &passphrase, self.clock()).await?;
        self.urls.push(format!("http://{}", listener.local_addr()?));
        self.nodes.push(node.clone());
        let stopping = self.stopping();
        self.tasks.push(tokio::spawn(async move {
            // It ends when it is told to.
            let _ = theriac_web::serve(node, listener, stopping).await;
        }));
        Ok(())
    }

    fn serve_ledger(&mut self, listener: TcpListener) -> Result<(), Failure> {
        let chain = self.node(Who::Regulator).chain().ok_or("the regulator has no ledger")?;
        let router = theriac_web::ledger_router(chain.clone());
        let stopping = self.stopping();
        self.tasks.push(tokio::spawn(async move {
            // It ends when it is told to.
            let _ = theriac_web::serve_router(router, listener, stopping).await;
        }));
        Ok(())
    }

    fn stopping(&self) -> impl Future<Output = ()> + Send + 'static {
        let mut stop = self.stop.subscribe();
        async move {
            // A sender that is gone has stopped as well.
            let _ = stop.wait_for(|stop| *stop).await;
        }
    }

    async fn register(&self) -> Result<(), Failure> {
        let regulator = self.node(Who::Regulator);
        for (who, url) in Who::ALL.into_iter().zip(&self.urls).skip(1) {
            let member = NewMember {
                gln: who.gln(),
                name: format!("{who:?}"),
                roles: [who.role()].into_iter().collect(),
                licence_expiry: None,
                endpoint: url.clone(),
                account: self.node(who).account(),
            };
            regulator.add_member(&member).await?;
        }
        regulator.add_product(gtin(), Some(Who::Maker.gln())).await?;
        Ok(())
    }

    pub(super) fn node(&self, who: Who) -> &Node {
        &self.nodes[who as usize]
    }

    pub(super) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    pub(super) fn now(&self) -> Timestamp {
        (self.clock())()
    }

    /// The time so many hours ago.
    pub(super) fn ago(&self, hours: i64) -> Timestamp {
        self.now() - SignedDuration::from_hours(hours)
    }

    /// Lets hours pass.
    pub(super) fn pass(&self, hours: i64) {
        self.now.fetch_add(hours * 3_600, Ordering::SeqCst);
    }

    /// Lets seconds pass.
    pub(super) fn pass_seconds(&self, seconds: i64) {
        self.now.fetch_add(seconds, Ordering::SeqCst);
    }

    /// Lets a second pass, so that no two events are the same by chance.
    pub(super) fn tick(&self) -> Timestamp {
        self.now.fetch_add(1, Ordering::SeqCst);
        self.now()
    }

    pub(super) async fn capture(
        &self,
        who: Who,
        events: &[Value],
    ) -> Result<CaptureReport, Failure> {
        let text = document(events);
        Ok(self.node(who).capture(CaptureSource::Api, text.as_bytes()).await?)
    }

    /// As [`capture`](Self::capture); all of it must be admitted.
    pub(super) async fn captured(&self, who: Who, events: &[Value]) -> Result<(), Failure> {
        let report = self.capture(who, events).await?;
        match report.admitted == report.events {
            true => Ok(()),
            false => Err(format!("expected admitted events, found {:?}", report.outcomes).into()),
        }
    }

    /// Lets all nodes work until nothing waits.
    pub(super) async fn settle(&self) -> Result<(), Failure> {
        for _ in 0..ROUNDS {
            let mut left = 0;
            for node in &self.nodes {
                node.settle().await?;
            }
            for node in &self.nodes {
                let health = node.health().await?;
                left += health.operations_waiting + health.deliveries_waiting;
                left += health.ledger.head.saturating_sub(health.ledger.followed);
            }
            if left == 0 {
                return Ok(());
            }
        }
        Err("expected nodes at rest, found work left".into())
    }

    /// Ends all nodes and services.
    pub(super) async fn stop(self) {
        self.stop.send_replace(true);
        for task in self.tasks {
            // A task that panicked has nothing more to say.
            let _ = task.await;
        }
        for node in self.nodes.into_iter().rev() {
            node.close().await;
        }
    }
}

/// The product.
pub(super) fn gtin() -> Gtin {
    Gtin::from_body(952_120_000_900).expect("a GTIN because the body has 12 digits")
}
