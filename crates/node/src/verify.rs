//! Verify: is this pack genuine, and may it be dispensed now?
//!
//! What is on record here is answered from here; otherwise the labeler's node is asked, which the
//! registry's entry of the GTIN leads to.

use std::collections::HashMap;

use jiff::civil::Date;
use theriac_custody::verdict::{Facts, Life, Pack, Printed, Record};
use theriac_custody::{Account, HoldingState, ItemStatus, Verdict, VerdictCode};
use theriac_gs1::{Ai, Expected, Gln, Identifier, Lgtin, Reading, Sgtin, read_tolerant_expecting};
use theriac_store::{ItemRecord, ReadTx};

use crate::alarm::Sight;
use crate::error::NodeError;
use crate::locate::Located;
use crate::node::Node;
use crate::report::{Evidence, Party, VerifyReport};
use crate::verification::Question;

/// Who asks, which decides what `here` means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asker {
    /// The organisation that runs this node.
    Here,
    /// Another member.
    Member(Gln),
    /// Anybody who holds a pack.
    Public,
}

/// Why a code cannot be verified or traced.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// The code cannot be read.
    #[error("{reason}; {hint}")]
    Unreadable {
        /// What was expected, what was found, at which offset.
        reason: String,
        /// What to do.
        hint: String,
    },
    /// The code does not name a pack or a logistic unit.
    #[error(
        "expected a code of one pack or logistic unit, found {found}; scan the 2D code with the serial number"
    )]
    NotAnItem {
        /// What the code names.
        found: String,
    },
    /// The node could not look it up.
    #[error(transparent)]
    Node(#[from] NodeError),
}

/// A code that names one item.
#[derive(Debug, Clone)]
pub(crate) struct Code {
    pub(crate) id: Identifier,
    pub(crate) printed: Printed,
    /// Why the code may have been mangled on its way from the pack.
    pub(crate) suspicion: Option<String>,
    /// How it was mangled and has been repaired, each in a sentence.
    pub(crate) repairs: Vec<String>,
}

/// What the code of a medicine has (Delegated Regulation (EU) 2016/161, article 4; US DSCSA), and may
/// have besides, which decides where a lost separator stood.
const MEDICINE: Expected<'static> = Expected {
    must: &[Ai::GTIN, Ai::SERIAL, Ai::LOT, Ai::EXPIRY],
    may: &Ai::NATIONAL_NUMBERS,
    layout: None,
};

/// Reads a code in any form; one that was mangled is repaired where it can have one meaning only.
///
/// # Errors
///
/// [`VerifyError::Unreadable`], [`VerifyError::NotAnItem`].
pub(crate) fn read_code(text: &str, today: Date) -> Result<Code, VerifyError> {
    let reading = read_tolerant_expecting(text, MEDICINE).map_err(|error| {
        VerifyError::Unreadable { reason: error.to_string(), hint: error.hint() }
    })?;
    let Reading { scan, repairs, .. } = reading;
    let expiry = scan.expiry(today.year()).map_err(|error| VerifyError::Unreadable {
        reason: error.to_string(),
        hint: "look at the expiry date on the pack".to_owned(),
    })?;
    let printed = Printed { lot: scan.lot(), expiry };
    match scan.identifier() {
        Some(id @ (Identifier::Sgtin(_) | Identifier::Sscc(_) | Identifier::Other(_))) => {
            let suspicion = scan.suspected_lost_separator().map(|lost| lost.to_string());
            let repairs = repairs.iter().map(ToString::to_string).collect();
            Ok(Code { id, printed, suspicion, repairs })
        }
        Some(other) => Err(VerifyError::NotAnItem { found: other.to_string() }),
        None => Err(VerifyError::NotAnItem { found: format!("{text:?}") }),
    }
}

impl Node {
    /// The verdict on the pack that bears `code`.
    ///
    /// # Errors
    ///
    /// [`VerifyError::Unreadable`] for a code that cannot be read.
    pub async fn verify(&self, code: &str, asker: Asker) -> Result<VerifyReport, VerifyError> {
        self.verify_seen(code, asker, &Sight::default()).await
    }

    /// As [`verify`](Self::verify); where and when the pack is in hand is noted, for the alarm about
    /// copied packs.
    ///
    /// # Errors
    ///
    /// As [`verify`](Self::verify).
    pub async fn verify_seen(
        &self,
        code: &str,
        asker: Asker,
        sight: &Sight,
    ) -> Result<VerifyReport, VerifyError> {
        let read = read_code(code, self.today())?;
        let mut report = match &read.id {
            Identifier::Sgtin(unit) if theriac_custody::item::is_unit(&read.id) => {
                let mut report = self.verify_unit(code, unit, &read.printed, asker, sight).await?;
                self.judge_locally(&mut report, unit, &read.printed).await?;
                self.note_verified(&read.id, &report, asker, sight);
                if let Some(suspicion) = &read.suspicion {
                    doubt(&mut report.verdict, suspicion);
                }
                report
            }
            _ => self.verify_contents(code, &read.id, asker, sight).await?,
        };
        report.repairs = read.repairs;
        Ok(report)
    }

    async fn verify_unit(
        &self,
        code: &str,
        unit: &Sgtin,
        printed: &Printed,
        asker: Asker,
        sight: &Sight,
    ) -> Result<VerifyReport, VerifyError> {
        let mut tx = self.inner().store.read().await.map_err(NodeError::from)?;
        let labeler = self.labeler(&mut tx, unit).await?;
        let found = self.unit_on_record(&mut tx, unit).await?;
        let (record, evidence) = match (&labeler, found) {
            (_, Some(item)) => self.record_of(&mut tx, unit, &item, asker, &labeler).await?,
            (Some(party), None)
                if party.gln == self.gln()
                    && tx.labelers_of(unit.gtin).await.map_err(NodeError::from)?.len() < 2 =>
            {
                (Record::NeverCommissioned { labeler: party.gln }, from_here())
            }
            _ => {
                drop(tx);
                let question = Question { code, unit, printed, sight };
                return Ok(self.consult(question, labeler, asker).await?);
            }
        };
        Ok(self.answer(code, unit, printed, labeler, record, evidence))
    }

    /// Puts together the answer that follows from a record.
    pub(crate) fn answer(
        &self,
        code: &str,
        unit: &Sgtin,
        printed: &Printed,
        labeler: Option<Party>,
        record: Record,
        evidence: Evidence,
    ) -> VerifyReport {
        let (lot, expiry) = match &record {
            Record::Pack(pack) => (Some(pack.lot.to_string()), Some(pack.expiry.to_string())),
            _ => (None, None),
        };
        let facts = Facts { printed: printed.clone(), record, today: self.today() };
        VerifyReport {
            verdict: facts.verdict(),
            code: code.to_owned(),
            repairs: Vec::new(),
            identifier: Identifier::Sgtin(unit.clone()).digital_link(),
            lot,
            expiry,
            labeler,
            evidence,
            condition: facts.condition(),
            cause: facts.cause(),
            jurisdiction: None,
            alarm: None,
            unanswered: None,
        }
    }

    /// The labeler of the unit's GTIN.
    pub(crate) async fn labeler(
        &self,
        tx: &mut ReadTx,
        unit: &Sgtin,
    ) -> Result<Option<Party>, NodeError> {
        let labeler = tx.labeler_of(&[unit.gtin]).await?.remove(&unit.gtin);
        Ok(match labeler {
            Some(gln) => Some(self.party(tx, gln).await?),
            None => None,
        })
    }

    /// A member by its GLN; one that the registry does not know has no name.
    pub(crate) async fn party(&self, tx: &mut ReadTx, gln: Gln) -> Result<Party, NodeError> {
        let name = tx.stored_member(&gln).await?.map(|member| member.name).unwrap_or_default();
        Ok(Party { gln, name })
    }

    /// The unit, if it was commissioned here or announced to this node.
    pub(crate) async fn unit_on_record(
        &self,
        tx: &mut ReadTx,
        unit: &Sgtin,
    ) -> Result<Option<ItemRecord>, NodeError> {
        let id = Identifier::Sgtin(unit.clone());
        let records = tx.load_items(std::slice::from_ref(&id)).await?;
        let found = records.into_iter().find(|record| record.item.id == id);
        // One whose beginning was undone counts as never commissioned.
        Ok(found.filter(|record| record.item.status != ItemStatus::Undone))
    }

    /// What database and ledger say of a unit on record.
    pub(crate) async fn record_of(
        &self,
        tx: &mut ReadTx,
        unit: &Sgtin,
        item: &ItemRecord,
        asker: Asker,
        labeler: &Option<Party>,
    ) -> Result<(Record, Evidence), NodeError> {
        let Some(lot) = item.item.lot.clone() else { return Ok((Record::Unregistered, nobody())) };
        let lgtin = Lgtin { gtin: unit.gtin, lot };
        let Some(row) = tx.load_lots(std::slice::from_ref(&lgtin)).await?.remove(&lgtin) else {
            return Err(NodeError::Inconsistent {
                expected: "the lot of a unit on record",
                found: format!("none for lot {}", lgtin.lot),
            });
        };
        let mut evidence = Evidence { lot_tag: row.lot_tag, ..from_here() };
        let mut lot_status = row.record.status;
        if let Some(tag) = row.lot_tag
            && let Some(on_ledger) = tx.ledger_lot(&tag).await?
        {
            lot_status = on_ledger.status;
            let opener = tx.member_behind(&on_ledger.labeler).await?;
            let of_its_day = tx.labeler_at(&unit.gtin, on_ledger.opened).await?;
            let gln = of_its_day.or(labeler.as_ref().map(|party| party.gln));
            if let (Some(gln), true) = (gln, opener.is_some() && opener != gln) {
                return Ok((Record::ForeignLot { labeler: gln }, evidence));
            }
        }
        let life = self.life_of(tx, item, asker, &mut evidence).await?;
        let pack = Pack { lot: lgtin.lot, expiry: row.record.expiry, lot_status, life };
        Ok((Record::Pack(pack), evidence))
    }

    /// How the unit's life stands: by the ledger, and by what this node has admitted since.
    async fn life_of(
        &self,
        tx: &mut ReadTx,
        item: &ItemRecord,
        asker: Asker,
        evidence: &mut Evidence,
    ) -> Result<Life, NodeError> {
        let located = match item.item.place {
            Some(place) => Some(self.locate_in(tx, place).await?),
            None => None,
        };
        if let Some(located) = &located {
            note(evidence, located);
            if let Some(retired) = &located.retired {
                return Ok(Life::Retired {
                    reason: retired.reason,
                    at: rfc3339(retired.timestamp),
                    transaction: Some(retired.transaction),
                });
            }
        }
        if let Some(life) = admitted_life(item.item.status) {
            return Ok(life);
        }
        let Some(holding) = located.and_then(|located| located.holding) else {
            // Commissioned here, and on its way to the ledger.
            return Ok(match item.item.status {
                ItemStatus::InTransit => Life::Held { state: HoldingState::InTransit, here: false },
                _ => Life::Held { state: HoldingState::Held, here: asker == Asker::Here },
            });
        };
        let here = self.is_asker(tx, holding.holder, asker).await?
            || self.is_asker(tx, holding.consignee, asker).await?;
        let expected = item.item.status == ItemStatus::Expected && asker == Asker::Here;
        let received = item.item.status == ItemStatus::InStock && asker == Asker::Here;
        Ok(match (holding.state, item.item.status) {
            // Received here, and the receipt is on its way to the ledger.
            (HoldingState::InTransit, ItemStatus::InStock) if received => {
                Life::Held { state: HoldingState::Held, here }
            }
            // Refused here, and the refusal is on its way to the ledger.
            (HoldingState::InTransit, ItemStatus::Refused) => {
                Life::Held { state: HoldingState::InTransit, here: false }
            }
            // Shipped from here, and the shipment is on its way to the ledger.
            (HoldingState::Held, ItemStatus::InTransit) => {
                Life::Held { state: HoldingState::InTransit, here: false }
            }
            (state, _) => Life::Held { state, here: here || expected },
        })
    }

    pub(crate) async fn is_asker(
        &self,
        tx: &mut ReadTx,
        account: Account,
        asker: Asker,
    ) -> Result<bool, NodeError> {
        match asker {
            Asker::Here => self.is_mine(tx, account).await,
            Asker::Member(asking) => Ok(tx.member_behind(&account).await? == Some(asking)),
            Asker::Public => Ok(false),
        }
    }

    /// The verdict on a logistic unit: the worst of those on the packs in it.
    async fn verify_contents(
        &self,
        code: &str,
        id: &Identifier,
        asker: Asker,
        sight: &Sight,
    ) -> Result<VerifyReport, VerifyError> {
        if asker != Asker::Here {
            // How much is in it is nobody else's business, nor is it cheap to look at all of it.
            return Ok(empty(code, id.digital_link(), CONTENTS_PRIVATE));
        }
        let records = self
            .inner()
            .store
            .load_items(std::slice::from_ref(id))
            .await
            .map_err(NodeError::from)?;
        let mut worst: Option<VerifyReport> = None;
        let mut packs = 0;
        for unit in contents(id, &records) {
            packs += 1;
            let report = self.verify_unit(code, &unit, &Printed::default(), asker, sight).await?;
            if worst.as_ref().is_none_or(|worst| report.verdict.code < worst.verdict.code) {
                worst = Some(report);
            }
        }
        let identifier = id.digital_link();
        Ok(match worst {
            Some(report) => {
                let reason =
                    format!("of {packs} packs in it, at least one: {}", report.verdict.reason);
                let verdict = Verdict { reason, ..report.verdict };
                VerifyReport { identifier, verdict, ..report }
            }
            None => empty(code, identifier, CONTENTS_UNKNOWN),
        })
    }
}

/// The units packed in a logistic unit, at any depth.
fn contents(id: &Identifier, records: &[ItemRecord]) -> Vec<Sgtin> {
    let mut children: HashMap<&Identifier, Vec<&Identifier>> = HashMap::new();
    for item in records.iter().map(|record| &record.item) {
        if let Some(parent) = &item.parent {
            children.entry(parent).or_default().push(&item.id);
        }
    }
    let mut units = Vec::new();
    let mut inside = vec![id];
    while let Some(id) = inside.pop() {
        // Removed when visited, so that no cycle keeps this from ending.
        inside.extend(children.remove(id).into_iter().flatten());
        match id {
            Identifier::Sgtin(unit) if theriac_custody::item::is_unit(id) => {
                units.push(unit.clone())
            }
            _ => {}
        }
    }
    units
}

/// A scanner that loses separators makes false alarms: before a pack is called a forgery, it is
/// scanned again.
fn doubt(verdict: &mut Verdict, suspicion: &str) {
    if verdict.code == VerdictCode::NotGenuine {
        let otherwise = &verdict.what_to_do;
        verdict.what_to_do =
            format!("scan again first: {suspicion}; if that changes nothing, {otherwise}");
    }
}

const CONTENTS_UNKNOWN: &str = "no packs are on record in this logistic unit at this node";
const CONTENTS_PRIVATE: &str =
    "what a logistic unit contains is told to its holder's own node only";

/// The answer about a logistic unit that is not on record, has nothing in it, or is asked about by
/// others than this member.
fn empty(code: &str, identifier: String, reason: &str) -> VerifyReport {
    VerifyReport {
        verdict: Verdict {
            code: VerdictCode::Unknown,
            reason: reason.to_owned(),
            actor: Some(theriac_custody::Actor::Sender),
            what_to_do: "scan the packs in it, or wait for the sender's data".to_owned(),
        },
        code: code.to_owned(),
        repairs: Vec::new(),
        identifier,
        lot: None,
        expiry: None,
        labeler: None,
        evidence: nobody(),
        condition: None,
        cause: None,
        jurisdiction: None,
        alarm: None,
        unanswered: None,
    }
}

/// What this node has admitted and the ledger does not show yet.
fn admitted_life(status: ItemStatus) -> Option<Life> {
    match status {
        ItemStatus::Retired(reason) => Some(Life::Retired {
            reason,
            at: "this node, a moment ago".to_owned(),
            transaction: None,
        }),
        ItemStatus::Stolen => Some(Life::Held { state: HoldingState::Stolen, here: true }),
        ItemStatus::Quarantined => {
            Some(Life::Held { state: HoldingState::Quarantined, here: true })
        }
        ItemStatus::Lost => Some(Life::Held { state: HoldingState::Lost, here: true }),
        ItemStatus::Expected
        | ItemStatus::InStock
        | ItemStatus::InTransit
        | ItemStatus::HandedOver
        | ItemStatus::Refused
        | ItemStatus::Undone => None,
    }
}

pub(crate) fn note(evidence: &mut Evidence, located: &Located) {
    evidence.holding = Some(located.place.holding);
    evidence.position = Some(located.place.position);
    if let Some(holding) = &located.holding {
        evidence.holding_state = Some(state_word(holding.state).to_owned());
        evidence.block = Some(holding.block);
        evidence.transaction = Some(holding.transaction);
    }
    if let Some(retired) = &located.retired {
        evidence.block = Some(retired.block);
        evidence.transaction = Some(retired.transaction);
    }
}

fn state_word(state: HoldingState) -> &'static str {
    match state {
        HoldingState::Held => "held",
        HoldingState::InTransit => "in_transit",
        HoldingState::Quarantined => "quarantined",
        HoldingState::Stolen => "stolen",
        HoldingState::Lost => "lost",
    }
}

/// A block's time as text; seconds since 1970.
pub(crate) fn rfc3339(timestamp: u64) -> String {
    i64::try_from(timestamp)
        .ok()
        .and_then(|seconds| jiff::Timestamp::from_second(seconds).ok())
        .map_or_else(|| timestamp.to_string(), |time| time.to_string())
}

fn from_here() -> Evidence {
    Evidence { answered_by: "this_node".to_owned(), ..Evidence::default() }
}

/// Evidence of a question that nobody answered.
pub(crate) fn nobody() -> Evidence {
    Evidence { answered_by: "nobody".to_owned(), ..Evidence::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Date = jiff::civil::date(2026, 11, 22);

    #[test]
    fn a_mangled_code_is_repaired_and_told() {
        let right = "]d2010952112400001721ABC123\u{1d}1728123110TH4A07";
        let plain = read_code(right, TODAY).unwrap();
        assert!(plain.repairs.is_empty());
        let swapped = right.to_lowercase().replace("]d", "]D");
        for mangled in [swapped, right.replace('\u{1d}', "")] {
            let read = read_code(&mangled, TODAY).unwrap();
            assert_eq!(read.id, plain.id, "{mangled}");
            assert_eq!(read.repairs.len(), 1, "{mangled}");
        }
    }
}
