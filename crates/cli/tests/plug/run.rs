//! A run: documents on their way to a node that dies again and again.

use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;

use crate::chance::Chance;
use crate::client::{Acknowledged, Client, Manner};
use crate::documents::{Document, GTIN, PARTNER_GLN, Supply};
use crate::server::Server;
use crate::stage::{self, Hits};

/// Clients that send at the same time.
const CLIENTS: usize = 4;

/// Documents that wait to be sent at least, when a node has started.
const WAITING: usize = 24;

/// A document on its way.
#[derive(Debug, Clone)]
pub(crate) struct Letter {
    pub(crate) document: Document,
    manner: Manner,
    /// It was sent before, and the node died before it answered.
    pub(crate) unsure: bool,
}

/// What the clients of one life of the node came back with.
#[derive(Debug, Default)]
struct Mail {
    waiting: VecDeque<Letter>,
    unsure: Vec<Letter>,
    acknowledged: Vec<(Document, Acknowledged)>,
}

/// What came of a run.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    pub(crate) kills: u32,
    pub(crate) kills_at_start: u32,
    /// Documents whose sender did not learn what became of them.
    pub(crate) unsure: u32,
    /// Of those, found on record as a whole when looked for.
    pub(crate) unsure_there: u32,
    /// Documents sent again that had been acknowledged.
    pub(crate) repeated: u32,
    pub(crate) events: usize,
    pub(crate) hits: Hits,
    /// Lines of warning in the logs.
    pub(crate) warnings: Vec<String>,
}

/// The node, the documents, and what is known of them.
pub(crate) struct Run {
    node: PathBuf,
    pub(crate) chance: Chance,
    pub(crate) supply: Supply,
    pub(crate) waiting: VecDeque<Letter>,
    pub(crate) acknowledged: BTreeMap<String, Document>,
    /// The captures acknowledged, with the number of events sent in each.
    pub(crate) captures: Vec<(i64, usize)>,
    pub(crate) summary: Summary,
}

impl Run {
    pub(crate) fn new(node: PathBuf, chance: Chance) -> Self {
        Self {
            node,
            chance,
            supply: Supply::default(),
            waiting: VecDeque::new(),
            acknowledged: BTreeMap::new(),
            captures: Vec::new(),
            summary: Summary::default(),
        }
    }

    /// Registers the product and the partner.
    pub(crate) async fn register(&self) {
        let mut server = Server::start(&self.node);
        let client = Client::new(server.url());
        client.post("/products", &json!({ "gtin": GTIN })).await;
        let partner = json!({
            "gln": PARTNER_GLN, "name": "Corner Pharmacy", "roles": ["dispenser"],
            "endpoint": "http://127.0.0.1:9", "account": format!("0x{}", "11".repeat(20)),
        });
        client.post("/members", &partner).await;
        let (status, log) = server.stop();
        assert!(status.success(), "{status}: {log}");
    }

    /// One life of the node: it starts, works, and is killed.
    pub(crate) async fn live_and_die(&mut self, check: bool) {
        let mut server = Server::start(&self.node);
        self.summary.kills += 1;
        if !check && self.chance.once_in(8) {
            self.summary.kills_at_start += 1;
            tokio::time::sleep(Duration::from_millis(self.chance.below(250))).await;
            self.read(&server.kill());
            return;
        }
        let client = Client::new(server.url());
        if check {
            self.settle(&client).await;
            self.check(&client).await;
        }
        self.prepare();
        let mail = Arc::new(Mutex::new(Mail {
            waiting: std::mem::take(&mut self.waiting),
            ..Mail::default()
        }));
        let clients: Vec<_> =
            (0..CLIENTS).map(|_| tokio::spawn(send(client.clone(), Arc::clone(&mail)))).collect();
        tokio::time::sleep(Duration::from_millis(self.life())).await;
        self.read(&server.kill());
        for client in clients {
            client.await.unwrap();
        }
        let mail = std::mem::take(&mut *mail.lock().unwrap());
        self.sort(mail);
        // Not always, so that the node often finds everything as the kill left it.
        if self.chance.once_in(2) {
            stage::note(&self.node, &mut self.summary.hits).await;
        }
    }

    /// Reads what the node wrote to its log in this life: nothing may have gone wrong inside.
    fn read(&mut self, log: &str) {
        let errors: Vec<&str> = log.lines().filter(|line| line.contains("ERROR")).collect();
        assert!(errors.is_empty(), "{errors:#?}");
        self.summary
            .warnings
            .extend(log.lines().filter(|line| line.contains("WARN")).map(str::to_owned));
    }

    /// Sends everything until nothing is left to be sent; the node lives on.
    pub(crate) async fn finish(&mut self, client: &Client) {
        while !self.waiting.is_empty() {
            let mail = Mail { waiting: std::mem::take(&mut self.waiting), ..Mail::default() };
            let mail = Arc::new(Mutex::new(mail));
            send(client.clone(), Arc::clone(&mail)).await;
            let mail = std::mem::take(&mut *mail.lock().unwrap());
            assert!(mail.unsure.is_empty(), "the node lives and does not answer");
            self.sort(mail);
        }
    }

    /// How long the node is let live once documents come in, in milliseconds.
    fn life(&mut self) -> u64 {
        match self.chance.below(4) {
            0 => self.chance.below(60),
            1 | 2 => self.chance.below(300),
            _ => self.chance.below(900),
        }
    }

    /// Sees to it that enough documents wait, out of order, and some that were acknowledged before.
    fn prepare(&mut self) {
        while self.waiting.len() < WAITING {
            for document in self.supply.batch() {
                let manner =
                    Manner { slowly: self.chance.once_in(4), impatient: self.chance.once_in(2) };
                let place = self.waiting.len()
                    - self.chance.below(4).min(self.waiting.len() as u64) as usize;
                self.waiting.insert(place, Letter { document, manner, unsure: false });
            }
        }
        let nth = self.chance.below(self.acknowledged.len().max(1) as u64);
        let again = self.acknowledged.values().nth(nth as usize).cloned();
        if let Some(document) = again.filter(|_| self.chance.once_in(2)) {
            self.summary.repeated += 1;
            let manner = Manner { slowly: false, impatient: false };
            self.waiting.push_front(Letter { document, manner, unsure: false });
        }
    }

    fn sort(&mut self, mail: Mail) {
        self.waiting = mail.waiting;
        for letter in mail.unsure {
            self.summary.unsure += 1;
            self.waiting.push_front(letter);
        }
        for (document, Acknowledged { capture }) in mail.acknowledged {
            self.captures.extend(capture.map(|capture| (capture, document.ids.len())));
            self.acknowledged.insert(document.name.clone(), document);
        }
    }
}

/// Sends what waits, one after the other, until nothing does or the node has died.
async fn send(client: Client, mail: Arc<Mutex<Mail>>) {
    loop {
        let Some(letter) = mail.lock().unwrap().waiting.pop_front() else { return };
        let answer = client.capture(&letter.document, letter.manner).await;
        let mut mail = mail.lock().unwrap();
        match answer {
            Some(acknowledged) => mail.acknowledged.push((letter.document, acknowledged)),
            None => {
                mail.unsure.push(Letter { unsure: true, ..letter });
                return;
            }
        }
    }
}
