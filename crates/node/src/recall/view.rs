//! How recalls stand: live counts of packs by state, holders by answer, what is still out.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use theriac_custody::recall::RecallAnswer;
use theriac_custody::{Hash, HoldingState, RecallClass, RecallDepth, RecallScope};
use theriac_gs1::{Gln, Gtin};
use theriac_store::{
    HolderState, ReadTx, RecallHolder, RecallId, RecallPart, RecallRecord, RecallState,
};

use super::RecallError;
use super::holders::only_dispenses;
use super::notice::gtin_of;
use super::spread::{Part, Spread};
use super::stage::on_ledger;
use super::watch::at;
use crate::error::NodeError;
use crate::node::Node;
use crate::report::Party;

/// A recall in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecallEntry {
    /// Its number at this node.
    pub number: i64,
    /// Hash of the event that orders it: the same at every node.
    pub recall: Hash,
    /// Who recalls.
    pub by: Party,
    /// What this node is to it.
    pub part: RecallPart,
    /// How it stands here.
    pub state: RecallState,
    /// How grave it is, 1 to 3.
    pub class: RecallClass,
    /// How far it goes.
    pub depth: RecallDepth,
    /// The product.
    pub gtin: Option<Gtin>,
    /// Which packs, as it was ordered; `None` where this node was told of places on the ledger only.
    pub scope: Option<RecallScope>,
    /// Why.
    pub reason: String,
    /// When it was ordered, RFC 3339.
    pub ordered_at: String,
    /// When it was lifted or closed, RFC 3339.
    pub ended_at: Option<String>,
    /// Whether the ledger itself stops the packs, and does so already.
    pub on_ledger: bool,
}

/// How a recall stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecallView {
    /// The recall.
    #[serde(flatten)]
    pub recall: RecallEntry,
    /// The text for people.
    pub notice: String,
    /// Packs by state: at who recalls, all of them, by the ledger; at a holder those on its books.
    pub packs: BTreeMap<String, u64>,
    /// All packs of the recall that are counted.
    pub total: u64,
    /// Packs that can still be sold or are on their way: in stock and in transit.
    pub out: u64,
    /// Whether each of them is known to be a pack: a regulator that does not know a lot's leaves counts
    /// the places of its holdings, at most twice the packs.
    pub exact: bool,
    /// Packs that this node has set apart for it.
    pub set_apart_here: u64,
    /// The latest block that the counts rest on.
    pub block: u64,
    /// The companies that have packs, or had; only at who recalls.
    pub holders: Vec<HolderView>,
    /// What keeps it from being closed, each in a sentence.
    pub outstanding: Vec<String>,
    /// The report of its end, once it is closed; why it was refused, if it was.
    pub report: Option<serde_json::Value>,
}

/// How a company stands to a recall.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HolderView {
    /// The company.
    pub company: Party,
    /// How far it is.
    pub state: HolderState,
    /// Whether it has not answered in time.
    pub overdue: bool,
    /// Its packs by state, by the ledger.
    pub packs: BTreeMap<String, u64>,
    /// When it was told, RFC 3339.
    pub told_at: Option<String>,
    /// Until when it is to answer, RFC 3339.
    pub answer_by: Option<String>,
    /// How often it was reminded.
    pub reminders: u32,
    /// When it first answered, RFC 3339.
    pub answered_at: Option<String>,
    /// What its node says.
    pub answer: Option<RecallAnswer>,
    /// What people noted.
    pub note: Option<String>,
}

/// Packs by state, in all and for each company.
#[derive(Debug, Default)]
pub(super) struct Count {
    pub(super) packs: BTreeMap<String, u64>,
    pub(super) by_holder: BTreeMap<Gln, BTreeMap<String, u64>>,
}

impl Count {
    /// Counts leaves where they are.
    pub(super) fn of(spread: &Spread, issuer: Gln) -> Self {
        let mut count = Self::default();
        for part in &spread.parts {
            let word = word_of(part, issuer).to_owned();
            let leaves = theriac_custody::spread::leaves_in(&part.spans);
            *count.packs.entry(word.clone()).or_default() += leaves;
            // What is on its way counts for whom it reaches.
            if let Some(gln) = part.consignee.or(part.holder) {
                *count.by_holder.entry(gln).or_default().entry(word).or_default() += leaves;
            }
        }
        count
    }
}

/// The states in which a pack is still out.
const OUT: [&str; 2] = ["in_stock", "in_transit"];

/// Number of packs that are still out.
pub(super) fn still_out(packs: &BTreeMap<String, u64>) -> u64 {
    OUT.iter().filter_map(|word| packs.get(*word)).sum()
}

/// The state of packs in a recall: that of their holding, or how they ended; those that came back to
/// who recalls are returned.
fn word_of(part: &Part, issuer: Gln) -> &'static str {
    if let Some(reason) = part.ended {
        return reason.word();
    }
    match part.state {
        HoldingState::InTransit => "in_transit",
        HoldingState::Held | HoldingState::Quarantined
            if part.left && part.holder == Some(issuer) =>
        {
            "returned"
        }
        HoldingState::Held => "in_stock",
        HoldingState::Quarantined => "quarantined",
        HoldingState::Stolen => "stolen",
        HoldingState::Lost => "lost",
    }
}

impl Node {
    /// The last `limit` recalls that this node ordered or was told of, newest first.
    ///
    /// # Errors
    ///
    /// [`NodeError`].
    pub async fn recalls(&self, limit: u64) -> Result<Vec<RecallEntry>, NodeError> {
        let mut tx = self.inner().store.read().await?;
        let mut entries = Vec::new();
        for record in tx.recalls(limit).await? {
            entries.push(self.recall_entry(&mut tx, &record).await?);
        }
        Ok(entries)
    }

    /// How a recall stands.
    ///
    /// # Errors
    ///
    /// [`RecallError::NoSuchRecall`].
    pub async fn recall_view(&self, number: i64) -> Result<RecallView, RecallError> {
        let mut tx = self.inner().store.read().await.map_err(NodeError::from)?;
        let record = tx.recall(RecallId(number)).await.map_err(NodeError::from)?;
        let record = record.ok_or(RecallError::NoSuchRecall(number))?;
        Ok(self.recall_view_of(&mut tx, &record).await?)
    }

    pub(super) async fn recall_view_of(
        &self,
        tx: &mut ReadTx,
        record: &RecallRecord,
    ) -> Result<RecallView, NodeError> {
        let recall = self.recall_entry(tx, record).await?;
        let events = tx.recall_events(record.id).await?;
        let block = tx.last_block().await?.map_or(0, |block| block.number);
        let mut view = RecallView {
            recall,
            notice: record.recall.notice.clone(),
            packs: BTreeMap::new(),
            total: 0,
            out: 0,
            exact: true,
            set_apart_here: events.iter().map(|event| event.packs).sum(),
            block,
            holders: Vec::new(),
            outstanding: Vec::new(),
            report: record.report.clone(),
        };
        match record.recall.part {
            RecallPart::Issuer => self.count_recalled(tx, record, &mut view).await?,
            RecallPart::Holder => view.packs = self.count_on_books(tx, &record.recall).await?,
        }
        view.total = view.packs.values().sum();
        view.out = still_out(&view.packs);
        Ok(view)
    }

    /// Counts the packs of a recall of this member's, and who has them.
    async fn count_recalled(
        &self,
        tx: &mut ReadTx,
        record: &RecallRecord,
        view: &mut RecallView,
    ) -> Result<(), NodeError> {
        let spread = self.whereabouts(tx, &record.recall).await?;
        let count = Count::of(&spread, record.recall.issuer);
        view.exact = spread.exact;
        let holders = tx.recall_holders(record.id).await?;
        let known: BTreeSet<Gln> = holders.iter().map(|holder| holder.gln).collect();
        for holder in &holders {
            let packs = count.by_holder.get(&holder.gln).cloned().unwrap_or_default();
            view.holders.push(self.recall_holder_view(tx, record, holder, packs).await?);
        }
        view.outstanding = self.recall_outstanding(tx, record, &count, &holders).await?;
        let me = self.gln();
        let untold =
            count.by_holder.keys().filter(|gln| !known.contains(gln) && **gln != me).count();
        tracing::debug!(recall = record.id.0, untold, "counted");
        view.packs = count.packs;
        Ok(())
    }

    async fn recall_holder_view(
        &self,
        tx: &mut ReadTx,
        record: &RecallRecord,
        holder: &RecallHolder,
        packs: BTreeMap<String, u64>,
    ) -> Result<HolderView, NodeError> {
        Ok(HolderView {
            company: self.party(tx, holder.gln).await?,
            state: holder.state,
            overdue: self.is_holder_overdue(record, holder, self.now().as_millisecond()),
            packs,
            told_at: holder.told_at.map(at),
            answer_by: Some(at(self.recall_answer_by(record, holder))),
            reminders: holder.reminders,
            answered_at: holder.answered_at.map(at),
            answer: holder.answer.clone(),
            note: holder.note.clone(),
        })
    }

    /// What keeps a recall from being closed.
    async fn recall_outstanding(
        &self,
        tx: &mut ReadTx,
        record: &RecallRecord,
        count: &Count,
        holders: &[RecallHolder],
    ) -> Result<Vec<String>, NodeError> {
        let mut list = Vec::new();
        for holder in holders {
            let word = match holder.state {
                HolderState::Told => "has not answered",
                HolderState::NotReached => "has no node and was not told",
                HolderState::Acknowledged | HolderState::ByHand => continue,
            };
            list.push(format!("{} {word}", self.party(tx, holder.gln).await?.named()));
        }
        for (gln, packs) in &count.by_holder {
            if record.recall.depth == RecallDepth::Wholesale {
                let roles = tx.stored_member(gln).await?.map(|member| member.roles);
                if only_dispenses(roles.unwrap_or_default()) {
                    continue;
                }
            }
            let company = self.party(tx, *gln).await?.named();
            for (word, what) in OUT.iter().zip(["in stock at", "on their way to"]) {
                if let Some(packs) = packs.get(*word) {
                    list.push(format!("{packs} packs are {what} {company}"));
                }
            }
        }
        Ok(list)
    }

    pub(super) async fn recall_entry(
        &self,
        tx: &mut ReadTx,
        record: &RecallRecord,
    ) -> Result<RecallEntry, NodeError> {
        let recall = &record.recall;
        Ok(RecallEntry {
            number: record.id.0,
            recall: recall.hash,
            by: self.party(tx, recall.issuer).await?,
            part: recall.part,
            state: recall.state,
            class: recall.class,
            depth: recall.depth,
            gtin: gtin_of(recall),
            scope: recall.scope.clone(),
            reason: recall.reason.clone(),
            ordered_at: at(recall.ordered_at),
            ended_at: record.ended_at.map(at),
            on_ledger: on_ledger(record) && record.effective_at.is_some(),
        })
    }
}

impl Party {
    /// Name and GLN.
    fn named(&self) -> String {
        match self.name.is_empty() {
            true => self.gln.to_string(),
            false => format!("{} ({})", self.name, self.gln),
        }
    }
}
