//! A case with all that was said and done in it.

use serde::{Deserialize, Serialize};
use theriac_custody::case::{Act, CaseStage, Entry, Parties, Resolution, Standing};
use theriac_custody::{Actor, EvidenceItem, Uuid};
use theriac_gs1::{Gln, Identifier};
use theriac_store::{CaseEntryRow, CaseFilter, CaseId, CaseRecord, CaseState, ReadTx};

use super::CaseError;
use crate::error::NodeError;
use crate::node::Node;

/// Packs that the detail of a case lists.
const PACKS_SHOWN: u64 = 1_000;

/// A case in memory.
pub(crate) struct CaseFile {
    pub(crate) record: CaseRecord,
    /// Entries, with whether the other party has them.
    pub(crate) entries: Vec<(Entry, bool)>,
    pub(crate) parties: Parties,
    pub(crate) standing: Standing,
}

impl CaseFile {
    /// Whether the other party takes part.
    pub(crate) fn is_shared(&self) -> bool {
        let told = |(entry, shared): &(Entry, bool)| *shared && entry.act == Act::Opened;
        self.record.counterparty.is_some()
            && (self.record.opened_by.is_some() || self.entries.iter().any(told))
    }

    /// Who ends the case.
    pub(crate) fn opener(&self) -> Gln {
        self.parties.opener
    }

    /// All evidence of it, in the order in which it was given.
    pub(crate) fn evidence(&self) -> impl Iterator<Item = &EvidenceItem> {
        self.entries.iter().flat_map(|(entry, _)| &entry.evidence)
    }

    /// Reads the entries anew.
    pub(crate) fn refresh(&mut self) {
        self.standing = Standing::of(&self.parties, self.entries.iter().map(|(entry, _)| entry));
    }

    /// How far it is for the member `me`.
    pub(crate) fn state(&self, me: Gln) -> CaseState {
        match self.standing.stage(me) {
            _ if self.record.closed_at.is_some() => CaseState::Resolved,
            CaseStage::Resolved => CaseState::Resolved,
            CaseStage::Investigating => CaseState::Investigating,
            CaseStage::Waiting if self.record.counterparty.is_some() => CaseState::Waiting,
            CaseStage::Waiting | CaseStage::Open => CaseState::Open,
        }
    }
}

/// A case with what was said and done in it, for people and programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseDetail {
    /// The case.
    pub record: CaseRecord,
    /// Who must act now.
    pub turn: Gln,
    /// Whether the other party has the case too.
    pub shared: bool,
    /// The first packs that it is about.
    pub packs: Vec<Identifier>,
    /// Proposals, in their order.
    pub proposals: Vec<ProposalLine>,
    /// What was said and done, in its order.
    pub entries: Vec<CaseLine>,
}

/// A proposal to end a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposalLine {
    /// Its name.
    pub id: Uuid,
    /// Who made it.
    pub by: Gln,
    /// The way to end the case.
    pub resolution: Resolution,
    /// Whether it was accepted; absent while it is not answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted: Option<bool>,
}

/// An entry of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseLine {
    /// Whether the other party has it too.
    pub shared: bool,
    /// The entry.
    #[serde(flatten)]
    pub entry: Entry,
}

impl Node {
    /// Cases that the filter lets through, newest first.
    ///
    /// # Errors
    ///
    /// [`NodeError::Store`].
    pub async fn cases_where(
        &self,
        filter: CaseFilter,
        limit: u64,
    ) -> Result<Vec<CaseRecord>, NodeError> {
        Ok(self.inner().store.cases_where(filter, limit).await?)
    }

    /// The case that `name` means: its number here, or the name that both parties know.
    ///
    /// # Errors
    ///
    /// [`CaseError::Unknown`].
    pub async fn case_detail(&self, name: &str) -> Result<CaseDetail, CaseError> {
        let mut tx = self.inner().store.read().await?;
        let file = self.find_case(&mut tx, name).await?;
        let packs = tx.case_packs(file.record.id, None, PACKS_SHOWN).await?;
        Ok(detail(self.gln(), file, packs))
    }

    /// The packs of a case in the order of their keys, at most `limit` after `after`.
    ///
    /// # Errors
    ///
    /// [`CaseError::Unknown`].
    pub async fn case_packs(
        &self,
        name: &str,
        after: Option<&str>,
        limit: u64,
    ) -> Result<Vec<Identifier>, CaseError> {
        let mut tx = self.inner().store.read().await?;
        let file = self.find_case(&mut tx, name).await?;
        Ok(tx.case_packs(file.record.id, after, limit).await?)
    }

    /// The case that `name` means.
    pub(crate) async fn find_case(
        &self,
        tx: &mut ReadTx,
        name: &str,
    ) -> Result<CaseFile, CaseError> {
        let unknown = || CaseError::Unknown(name.chars().take(80).collect());
        let record = match (name.parse::<i64>(), name.parse::<Uuid>()) {
            (Ok(number), _) => tx.case(CaseId(number)).await?,
            (_, Ok(uuid)) => tx.case_named(uuid).await?,
            _ => None,
        };
        Ok(self.case_file(tx, record.ok_or_else(unknown)?).await?)
    }

    /// A case with its entries.
    pub(crate) async fn case_file(
        &self,
        tx: &mut ReadTx,
        record: CaseRecord,
    ) -> Result<CaseFile, NodeError> {
        let rows = tx.case_entries(record.id).await?;
        let entries = rows.into_iter().map(read_row).collect::<Result<Vec<_>, _>>()?;
        let parties = parties(self.gln(), &record);
        let standing = Standing::of(&parties, entries.iter().map(|(entry, _)| entry));
        Ok(CaseFile { record, entries, parties, standing })
    }
}

/// Who takes part in a case, as the member `me` has it on record.
fn parties(me: Gln, record: &CaseRecord) -> Parties {
    let theirs = matches!(record.matter.actor, Actor::Partner | Actor::Sender | Actor::Labeler);
    let first = if theirs { record.counterparty.unwrap_or(me) } else { me };
    match record.opened_by {
        Some(opener) => Parties { opener, other: Some(me), first },
        None => Parties { opener: me, other: record.counterparty, first },
    }
}

/// The row of an entry.
pub(crate) fn row_of(entry: &Entry, shared: bool) -> CaseEntryRow {
    CaseEntryRow {
        uuid: entry.id,
        number: entry.number,
        author: entry.author,
        at: entry.at.as_millisecond(),
        shared,
        body: serde_json::to_value(entry).expect("JSON because an entry has text keys only"),
    }
}

fn read_row(row: CaseEntryRow) -> Result<(Entry, bool), NodeError> {
    let entry = serde_json::from_value(row.body).map_err(|error| NodeError::Inconsistent {
        expected: "an entry of a case",
        found: error.to_string(),
    })?;
    Ok((entry, row.shared))
}

fn detail(me: Gln, file: CaseFile, packs: Vec<Identifier>) -> CaseDetail {
    let shared = file.is_shared();
    let state = file.state(me);
    let turn = if shared { file.standing.turn } else { me };
    let proposals = file.standing.proposals.iter().map(|proposal| ProposalLine {
        id: proposal.id,
        by: proposal.by,
        resolution: proposal.resolution,
        accepted: proposal.accepted,
    });
    CaseDetail {
        turn,
        shared,
        packs,
        proposals: proposals.collect(),
        entries: file
            .entries
            .into_iter()
            .map(|(entry, shared)| CaseLine { shared, entry })
            .collect(),
        record: CaseRecord { state, ..file.record },
    }
}
