//! A maker and its holders in one process, each a whole node behind HTTP, over one embedded ledger.

use std::net::Ipv4Addr;
use std::path::Path;
use std::time::Instant;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use theriac_custody::{ItemStatus, Role};
use theriac_gs1::{Gln, Gtin, Lgtin};
use theriac_node::{
    CaptureSource, DEFAULT_CHAIN_ID, InitOptions, LedgerChoice, NewMember, Node, Passphrase,
    RecallView, init, system_clock,
};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::{LOOK, PATIENCE};
use crate::benchmark::Failure;

/// The lot that is recalled.
pub(super) const LOT: &str = "RECALL1";

/// Rounds in which all nodes come to rest at most.
const ROUNDS: usize = 60;

/// The nodes, the regulator's with the ledger first, the maker's second.
pub(super) struct Network {
    nodes: Vec<Node>,
    urls: Vec<String>,
    listeners: Vec<Option<TcpListener>>,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
    running: usize,
    /// There once a node is, which chooses the cryptography of TLS.
    http: Option<reqwest::Client>,
    // Removed at the end.
    _folder: tempfile::TempDir,
}

const REGULATOR: usize = 0;
const MAKER: usize = 1;

/// Nodes before the first holder.
const OTHERS: usize = 2;

fn gln(index: usize) -> Result<Gln, Failure> {
    Ok(Gln::from_body(952_110_000_000 + index as u64)?)
}

impl Network {
    /// A regulator, a maker and `holders` dispensers, registered and served.
    pub(super) async fn of(holders: usize) -> Result<Self, Failure> {
        let folder = tempfile::tempdir()?;
        let mut network = Self {
            nodes: Vec::new(),
            urls: Vec::new(),
            listeners: Vec::new(),
            stop: watch::Sender::new(false),
            tasks: Vec::new(),
            running: 0,
            http: None,
            _folder: folder,
        };
        let ledger = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = ledger.local_addr()?;
        let mut ledger = Some(ledger);
        for index in 0..holders + OTHERS {
            let choice = match network.urls.first() {
                None => LedgerChoice::New { chain_id: DEFAULT_CHAIN_ID },
                Some(url) => LedgerChoice::Join { url: url.clone() },
            };
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
            let options = InitOptions {
                name: format!("company {index}"),
                gln: gln(index)?,
                roles: [role(index)].into_iter().collect(),
                ledger: choice,
                listen: Some(listener.local_addr()?),
                ledger_listen: (index == REGULATOR).then_some(address),
                light_keys: true,
                clock: system_clock(),
            };
            network.found(index, &options, listener).await?;
            // The others join what the first one serves.
            if let Some(ledger) = ledger.take() {
                network.serve_node(index);
                network.serve_ledger(ledger)?;
            }
        }
        network.http = Some(reqwest::Client::new());
        network.register().await?;
        Ok(network)
    }

    async fn found(
        &mut self,
        index: usize,
        options: &InitOptions,
        listener: TcpListener,
    ) -> Result<(), Failure> {
        let passphrase = Passphrase::new("a benchmark");
        let dir = Path::new(self._folder.path()).join(index.to_string());
        let made = init(&dir, options, &passphrase).await?;
        let node = Node::open(&dir, made.config, &passphrase, system_clock()).await?;
        self.urls.push(format!("http://{}", listener.local_addr()?));
        self.nodes.push(node.clone());
        self.listeners.push(Some(listener));
        Ok(())
    }

    fn serve_node(&mut self, index: usize) {
        let Some(listener) = self.listeners[index].take() else { return };
        let (node, stopping) = (self.nodes[index].clone(), self.stopping());
        self.tasks.push(tokio::spawn(async move {
            // It ends when it is told to.
            let _ = theriac_web::serve(node, listener, stopping).await;
        }));
    }

    fn serve_ledger(&mut self, listener: TcpListener) -> Result<(), Failure> {
        let chain = self.nodes[REGULATOR].chain().ok_or("the regulator has no ledger")?;
        let (router, stopping) = (theriac_web::ledger_router(chain.clone()), self.stopping());
        self.tasks.push(tokio::spawn(async move {
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
        let regulator = &self.nodes[REGULATOR];
        for (index, node) in self.nodes.iter().enumerate().skip(1) {
            let member = NewMember {
                gln: gln(index)?,
                name: format!("company {index}"),
                roles: [role(index)].into_iter().collect(),
                licence_expiry: None,
                endpoint: self.urls[index].clone(),
                account: node.account(),
            };
            regulator.add_member(&member).await?;
        }
        regulator.add_product(self.gtin(), Some(gln(MAKER)?)).await?;
        Ok(())
    }

    /// The product of the lot.
    pub(super) fn gtin(&self) -> Gtin {
        Gtin::from_body(952_110_000_001).expect("a GTIN because the body has 12 digits")
    }

    /// The maker's node.
    pub(super) fn maker(&self) -> &Node {
        &self.nodes[MAKER]
    }

    /// Serves and settles all, makes the lot and gives each holder its packs.
    pub(super) async fn hand_out(&mut self, packs: usize) -> Result<(), Failure> {
        for index in 0..self.nodes.len() {
            self.serve_node(index);
        }
        self.settle().await?;
        let holders = OTHERS..self.nodes.len();
        let all = holders.clone().flat_map(|holder| self.packs(holder, packs)).collect();
        self.capture(MAKER, event("ADD", "commissioning", "active", all, &[])).await?;
        for holder in holders.clone() {
            let shipped = self.packs(holder, packs);
            let parties = [gln(MAKER)?, gln(holder)?];
            self.capture(MAKER, event("OBSERVE", "shipping", "in_transit", shipped, &parties))
                .await?;
        }
        self.settle().await?;
        for holder in holders {
            let received = self.packs(holder, packs);
            let parties = [gln(MAKER)?, gln(holder)?];
            let event = event("OBSERVE", "receiving", "in_progress", received, &parties);
            self.capture(holder, event).await?;
        }
        self.settle().await?;
        self.expect_status(ItemStatus::InStock, packs).await
    }

    fn packs(&self, holder: usize, packs: usize) -> Vec<String> {
        let gtin = self.gtin();
        (0..packs).map(|n| format!("https://id.gs1.org/01/{gtin}/21/H{holder}x{n}")).collect()
    }

    async fn capture(&self, index: usize, event: Value) -> Result<(), Failure> {
        let document = json!({
            "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
            "type": "EPCISDocument",
            "schemaVersion": "2.0",
            "creationDate": "2026-11-01T00:00:00Z",
            "epcisBody": { "eventList": [event] },
        });
        let report =
            self.nodes[index].capture(CaptureSource::Api, document.to_string().as_bytes()).await?;
        match report.admitted {
            1 => Ok(()),
            _ => Err(format!("expected an admitted event, found {:?}", report.outcomes).into()),
        }
    }

    /// Lets all nodes work until nothing waits.
    async fn settle(&self) -> Result<(), Failure> {
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

    /// Lets the first `holders` holders work by themselves, and the regulator and the maker. The
    /// services of the others are up, but nobody works behind them.
    pub(super) fn start(&mut self, holders: usize) {
        for index in self.running..holders + OTHERS {
            let (node, stopping) = (self.nodes[index].clone(), self.stopping());
            self.tasks.push(tokio::spawn(async move { node.run(stopping).await }));
        }
        self.running = holders + OTHERS;
    }

    /// Posts to the maker's node over HTTP.
    pub(super) async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &(impl Serialize + Sync),
    ) -> Result<T, Failure> {
        let url = format!("{}{path}", self.urls[MAKER]);
        let http = self.http.as_ref().ok_or("no node is there")?;
        let response = http.post(url).json(body).send().await?;
        let (status, text) = (response.status(), response.text().await?);
        match status.is_success() {
            true => Ok(serde_json::from_str(&text)?),
            false => Err(format!("expected success of {path}, found {status}: {text}").into()),
        }
    }

    /// Waits until the first `holders` holders have followed that the lot is recalled.
    pub(super) async fn all_recalled(&self, holders: usize) -> Result<(), Failure> {
        let lot = Lgtin { gtin: self.gtin(), lot: LOT.parse()? };
        let began = Instant::now();
        for node in self.nodes.iter().skip(OTHERS).take(holders) {
            loop {
                let lots = node.store().load_lots(std::slice::from_ref(&lot)).await?;
                let recalled = |row: &theriac_store::LotRow| row.record.status.recall_class();
                if lots.values().any(|row| recalled(row).is_some()) {
                    break;
                }
                patience(began)?;
                tokio::time::sleep(LOOK).await;
            }
        }
        Ok(())
    }

    /// Waits until the maker's node tells of the recall what is wanted.
    pub(super) async fn until(
        &self,
        number: i64,
        wanted: impl Fn(&RecallView) -> bool,
    ) -> Result<RecallView, Failure> {
        let began = Instant::now();
        loop {
            let view = self.maker().recall_view(number).await?;
            if wanted(&view) {
                return Ok(view);
            }
            patience(began)?;
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Checks how many packs are still out.
    pub(super) async fn expect_out(&self, number: i64, packs: u64) -> Result<(), Failure> {
        let view = self.maker().recall_view(number).await?;
        match view.out == packs {
            true => Ok(()),
            false => Err(format!("expected {packs} packs out, found {:?}", view.packs).into()),
        }
    }

    /// Checks that each holder has so many packs in this status and none in another.
    pub(super) async fn expect_status(
        &self,
        status: ItemStatus,
        packs: usize,
    ) -> Result<(), Failure> {
        for node in self.nodes.iter().skip(OTHERS) {
            let counts = node.store().count_items_by_status().await?;
            if counts != [(status, packs as u64)] {
                return Err(format!("expected {packs} packs {status}, found {counts:?}").into());
            }
        }
        Ok(())
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

fn patience(began: Instant) -> Result<(), Failure> {
    match began.elapsed() < PATIENCE {
        true => Ok(()),
        false => Err(format!("expected an end within {PATIENCE:?}, found none").into()),
    }
}

fn role(index: usize) -> Role {
    match index {
        REGULATOR => Role::Regulator,
        MAKER => Role::Labeler,
        _ => Role::Dispenser,
    }
}

/// An EPCIS event about packs; from the first party to the second, if there are two.
fn event(
    action: &str,
    step: &str,
    disposition: &str,
    packs: Vec<String>,
    parties: &[Gln],
) -> Value {
    let mut event = json!({
        "type": "ObjectEvent",
        "action": action,
        "bizStep": step,
        "disposition": disposition,
        "eventTime": "2026-11-02T10:00:00Z",
        "eventTimeZoneOffset": "+00:00",
        "epcList": packs,
    });
    if action == "ADD" {
        event["ilmd"] =
            json!({ "cbvmda:lotNumber": LOT, "cbvmda:itemExpirationDate": "2099-12-31" });
    }
    if let [from, to] = parties {
        let party = |gln: &Gln| format!("https://id.gs1.org/417/{gln}");
        event["sourceList"] = json!([{ "type": "owning_party", "source": party(from) }]);
        event["destinationList"] = json!([{ "type": "owning_party", "destination": party(to) }]);
    }
    event
}
