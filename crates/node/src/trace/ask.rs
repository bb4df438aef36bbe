//! Asking the parties of an item: those that the ledger shows, and those that an answer names, in
//! parallel, each for a short time.
//!
//! ```text
//! ledger's path, labeler, parties of events here ── ask ── answers ── leaf, names ──┐
//!                                                    └──────────── those not asked ─┘
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use futures::StreamExt;
use futures::stream;
use theriac_custody::journey::{Contradiction, Fact, parties, parties_of};
use theriac_gs1::{Gln, Identifier};
use theriac_store::{EventRecord, InquiryPartyRecord, PartyState, ToldRecord};

use super::check::Heard;
use super::statement::{STATEMENT_BYTES_MAX, SignedStatement, parsed};
use crate::admit::event_on_record;
use crate::clock::days_of;
use crate::error::NodeError;
use crate::exchange::partner::{self, address};
use crate::node::Node;
use crate::route::escape;

/// How long a party may take to answer when a pack is traced.
const ANSWER_TIME_MAX: Duration = Duration::from_secs(4);

/// Parties asked at the same time.
const PARTIES_AT_ONCE: usize = 8;

/// Parties asked about one item at most.
const PARTIES_MAX: usize = 64;

/// How often answers may name parties that were not asked yet.
const ROUNDS_MAX: usize = 6;

/// What parties say to an item.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    /// What the ledger shows, oldest first.
    pub(super) facts: Vec<Fact>,
    /// Who answered, or has before.
    pub(super) heard: BTreeMap<Gln, Heard>,
    /// Those of them that answered before and are silent now.
    pub(super) earlier: BTreeMap<Gln, String>,
    /// Who did not answer, and why.
    pub(super) silent: BTreeMap<Gln, String>,
    /// Whose answer a person there must approve.
    pub(super) pending: BTreeMap<Gln, String>,
    /// Who denies an answer, and why.
    pub(super) denied: BTreeMap<Gln, String>,
    /// What was told of the leaf and is not so.
    pub(super) wrong: Vec<(Gln, Contradiction)>,
    /// Members and others that an answer or an event names, in the order in which they were met.
    pub(super) named: Vec<Gln>,
}

impl Node {
    /// Asks the parties of an item.
    pub(super) async fn gather_told(
        &self,
        id: &Identifier,
        events: &[EventRecord],
    ) -> Result<Gathered, NodeError> {
        let mut gathered = self.gathered_here(id).await?;
        let members = self.inner().store.members(days_of(self.today())).await?;
        for event in events.iter().filter_map(event_on_record) {
            gathered.meet(parties_of(&event));
        }
        let mut asked = BTreeSet::from([self.gln()]);
        for _ in 0..ROUNDS_MAX {
            let unasked = |gln: &&Gln| members.contains_key(gln) && !asked.contains(gln);
            let next: Vec<Gln> =
                gathered.named.iter().filter(unasked).take(PARTIES_MAX).copied().collect();
            if next.is_empty() || asked.len() > PARTIES_MAX {
                break;
            }
            asked.extend(next.iter().copied());
            let leaf = gathered.facts.is_empty();
            let questions = next.into_iter().map(|gln| async move {
                let asking = self.ask_told(gln, id, leaf);
                let answer = tokio::time::timeout(ANSWER_TIME_MAX, asking).await;
                (gln, answer.unwrap_or_else(|_| Err("it took too long".to_owned())))
            });
            let answers: Vec<_> =
                stream::iter(questions).buffer_unordered(PARTIES_AT_ONCE).collect().await;
            for (gln, answer) in answers {
                match answer {
                    Ok(signed) => self.take(&mut gathered, gln, &signed, id).await?,
                    Err(reason) => drop(gathered.silent.insert(gln, reason)),
                }
            }
        }
        self.remember(&mut gathered, id).await?;
        Ok(gathered)
    }

    /// What is known here of an item before anybody is asked: what the ledger shows, and its labeler.
    pub(crate) async fn gathered_here(&self, id: &Identifier) -> Result<Gathered, NodeError> {
        let mut gathered = Gathered { facts: self.facts_of(id).await?, ..Gathered::default() };
        gathered.meet(parties(&gathered.facts));
        gathered.meet(self.labeler_asked(id).await?);
        Ok(gathered)
    }

    /// The labeler of an item's product: for one whose leaf is not known here it has the first word.
    async fn labeler_asked(&self, id: &Identifier) -> Result<Vec<Gln>, NodeError> {
        let gtin = match id {
            Identifier::Sgtin(unit) => unit.gtin,
            Identifier::Lgtin(lot) => lot.gtin,
            _ => return Ok(Vec::new()),
        };
        Ok(self.inner().store.labeler_of(&[gtin]).await?.into_values().collect())
    }

    /// A party's signed answer about an item, else why there is none.
    async fn ask_told(
        &self,
        gln: Gln,
        id: &Identifier,
        leaf: bool,
    ) -> Result<SignedStatement, String> {
        let path = format!("/told?code={}&leaf={leaf}", escape(&id.digital_link()));
        let member = self.inner().store.stored_member(&gln).await.map_err(|e| e.to_string())?;
        let endpoint = member.map(|member| member.endpoint).unwrap_or_default();
        let url = address(&endpoint, &path).ok_or("the registry has no usable endpoint of it")?;
        let headers = self.sign(gln, "GET", &path, &[]).await.map_err(|e| e.to_string())?;
        let mut request = self.inner().http.get(url).header("accept", "application/json");
        for (name, value) in headers.list() {
            request = request.header(name, value);
        }
        let response = request.send().await.map_err(|_| "its node does not answer")?;
        let status = response.status();
        if !status.is_success() {
            return Err(format!("its node answers {status}"));
        }
        let bytes = partner::read(response, 2 * STATEMENT_BYTES_MAX).await;
        let bytes = bytes.ok_or("its answer is too long, or broke off")?;
        serde_json::from_slice(&bytes).map_err(|_| "its answer is not a statement".to_owned())
    }

    /// Takes an answer into account, if it counts.
    async fn take(
        &self,
        gathered: &mut Gathered,
        gln: Gln,
        signed: &SignedStatement,
        id: &Identifier,
    ) -> Result<(), NodeError> {
        let heard = match self.hear(signed, gln, id).await? {
            Ok(heard) => heard,
            Err(fault) => {
                gathered.silent.insert(gln, fault.to_string());
                return Ok(());
            }
        };
        let mut tx = self.inner().store.write().await?;
        tx.keep_told(&ToldRecord {
            item: id.clone(),
            party: gln,
            inquiry: None,
            at: self.now().as_millisecond(),
            statement: signed.statement.clone(),
            signature: signed.signature.clone(),
        })
        .await?;
        tx.commit().await?;
        self.learn(gathered, heard, id).await
    }

    /// What an answer tells of the leaf and of other parties.
    pub(crate) async fn learn(
        &self,
        gathered: &mut Gathered,
        heard: Heard,
        id: &Identifier,
    ) -> Result<(), NodeError> {
        if let (Identifier::Sgtin(unit), Some(leaf)) = (id, &heard.told.leaf) {
            let mut tx = self.inner().store.read().await?;
            match self.opened(&mut tx, unit, leaf).await? {
                Ok(place) if gathered.facts.is_empty() => {
                    gathered.facts = self.facts_at(&mut tx, place).await?;
                    gathered.meet(parties(&gathered.facts));
                }
                Ok(_) => {}
                Err(contradiction) => gathered.wrong.push((heard.by, contradiction)),
            }
        }
        gathered.meet(heard.told.from.iter().chain(&heard.told.next).copied());
        for event in &heard.events {
            gathered.meet(parties_of(&event.event));
        }
        gathered.heard.insert(heard.by, heard);
        Ok(())
    }

    /// What those that are silent have told before.
    async fn remember(&self, gathered: &mut Gathered, id: &Identifier) -> Result<(), NodeError> {
        if gathered.silent.is_empty() {
            return Ok(());
        }
        for record in self.inner().store.told_about(id).await? {
            let Some(reason) = gathered.silent.get(&record.party).cloned() else { continue };
            if let Some(heard) = heard_before(&record) {
                gathered.earlier.insert(heard.by, reason);
                self.learn(gathered, heard, id).await?;
            }
        }
        for gln in gathered.earlier.keys() {
            gathered.silent.remove(gln);
        }
        Ok(())
    }
}

impl Gathered {
    /// Those that owe an answer, even if they have told something before.
    pub(crate) fn silent(&self) -> BTreeSet<Gln> {
        self.silent.keys().chain(self.earlier.keys()).copied().collect()
    }

    /// Who was named, in the order in which they were met.
    pub(crate) fn named(&self) -> &[Gln] {
        &self.named
    }

    /// Takes into account how far a party asked in an inquiry is.
    pub(crate) fn note_party(&mut self, one: &InquiryPartyRecord) {
        self.meet([one.party]);
        if self.heard.contains_key(&one.party) {
            return;
        }
        let words = one.reason.clone();
        match one.state {
            PartyState::Asked => {
                let reason = "it has not answered".to_owned();
                self.silent.insert(one.party, reason);
            }
            PartyState::Pending => {
                let reason = words.unwrap_or_else(|| "a person there must approve".to_owned());
                self.pending.insert(one.party, reason);
            }
            PartyState::Denied => {
                let reason = words.unwrap_or_else(|| "it denies an answer".to_owned());
                self.denied.insert(one.party, reason);
            }
            PartyState::Answered => {}
        }
    }

    /// Notes that these were named.
    pub(crate) fn meet(&mut self, glns: impl IntoIterator<Item = Gln>) {
        for gln in glns {
            if !self.named.contains(&gln) {
                self.named.push(gln);
            }
        }
    }
}

/// What a statement on record says; its signature was checked when it came.
pub(crate) fn heard_before(record: &ToldRecord) -> Option<Heard> {
    let signed = SignedStatement {
        by: record.party,
        statement: record.statement.clone(),
        signature: record.signature.clone(),
    };
    let heard = Heard::of(record.party, parsed(&signed).ok()?, &record.item).ok()?;
    // One that told nothing says nothing of the past either.
    heard.told.refused.is_none().then_some(heard)
}
