//! The verification of what was set aside: returned packs before they are stock again, and packs
//! without data, to tell what is late from what is elsewhere, copied or forged.

use std::collections::BTreeMap;

use futures::stream::{self, StreamExt};
use serde::{Deserialize, Serialize};
use theriac_custody::verdict::Printed;
use theriac_custody::{Actor, Breach, BreachCode, CaseKind, Rest, VerdictCode};
use theriac_gs1::{Gln, Identifier};
use theriac_store::{ReadTx, RestCheck, RestRecord, WriteTx};

use super::word;
use crate::alarm::Sight;
use crate::error::NodeError;
use crate::node::Node;
use crate::report::VerifyReport;
use crate::verification::Question;
use crate::verify::{Asker, VerifyError};

/// Packs that are verified in one round.
const ROUND: u64 = 256;

/// Packs that are verified at the same time.
const AT_ONCE: usize = 8;

/// Longest pause between two tries, in seconds.
const PAUSE_MAX_SECONDS: i64 = 3_600;

/// How long a labeler's answer about a returned pack is waited for before a case opens, in
/// milliseconds: 24 hours (DSCSA, section 582(c)(4)(D)).
const PATIENCE_MS: i64 = 24 * 3_600_000;

/// Why a pack that is here has no data here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyNotHere {
    /// It is on its way to this member by the ledger: its data is late.
    Late,
    /// It is genuine, and another member holds it: its shipment is not on the ledger yet, or it is
    /// addressed to somebody else.
    Elsewhere,
    /// It is genuine, and must not be sold: recalled, blocked, stolen, quarantined or expired.
    NotFit,
    /// The life of the pack with this code has ended: this is a copy, or was sold before.
    Copy,
    /// Its labeler never made it.
    Fake,
    /// Nobody could say.
    Unanswered,
}

impl WhyNotHere {
    /// The word used in tables, API and pages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Late => "late",
            Self::Elsewhere => "elsewhere",
            Self::NotFit => "not_fit",
            Self::Copy => "copy",
            Self::Fake => "fake",
            Self::Unanswered => "unanswered",
        }
    }
}

/// What the verification of a pack that was set aside has found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestReport {
    /// Why it has no data here; of a returned pack, what kept it from passing.
    pub class: WhyNotHere,
    /// The verdict.
    pub verdict: VerdictCode,
    /// Its reason.
    pub reason: String,
    /// `this_node`, `labeler` or `nobody`.
    pub answered_by: String,
    /// Who sent it by the ledger, if it is on its way to this member.
    pub from: Option<Gln>,
}

impl Node {
    /// Verifies what is due of what was set aside; true if anything was.
    pub(crate) async fn check_rest(&self) -> Result<bool, NodeError> {
        let now = self.now().as_millisecond();
        let due = self.inner().store.due_checks(now, ROUND).await?;
        if due.is_empty() {
            return Ok(false);
        }
        let checks = due.into_iter().map(|rest| async move {
            let report = self.look_into(&rest).await;
            report.map(|report| (rest, report))
        });
        let found: Vec<Result<_, NodeError>> =
            stream::iter(checks).buffer_unordered(AT_ONCE).collect().await;
        let mut found = found.into_iter().collect::<Result<Vec<_>, NodeError>>()?;
        found.sort_by_key(|(rest, _)| rest.id);
        self.note_checks(found).await?;
        self.stir();
        self.inner().work.notify_one();
        Ok(true)
    }

    async fn look_into(&self, rest: &RestRecord) -> Result<RestReport, NodeError> {
        let verified = match rest.reason == word(BreachCode::ReturnUnverified) {
            true => self.verify_return(&rest.item).await,
            false => self.verify(&rest.item.digital_link(), Asker::Here).await,
        };
        let report = match verified {
            Ok(report) => report,
            Err(VerifyError::Node(error)) => return Err(error),
            // A logistic unit, or another thing that nobody verifies.
            Err(error) => return Ok(unanswered(error.to_string())),
        };
        let mut tx = self.inner().store.read().await?;
        let from = self.sender_by_ledger(&mut tx, &report).await?;
        Ok(RestReport {
            class: class_of(&report, from),
            verdict: report.verdict.code,
            reason: report.verdict.reason,
            answered_by: report.evidence.answered_by,
            from,
        })
    }

    /// The verdict on a returned pack: this node's own, and if that is good its labeler's.
    async fn verify_return(&self, id: &Identifier) -> Result<VerifyReport, VerifyError> {
        let code = id.digital_link();
        let own = self.verify(&code, Asker::Here).await?;
        let (Identifier::Sgtin(unit), Some(labeler)) = (id, own.labeler.clone()) else {
            return Ok(own);
        };
        if !is_good(own.verdict.code) || labeler.gln == self.gln() {
            return Ok(own);
        }
        // Responders by GS1 Lightweight Messaging want lot and expiry as well.
        let printed = Printed {
            lot: own.lot.as_ref().and_then(|lot| lot.parse().ok()),
            expiry: own.expiry.as_ref().and_then(|expiry| expiry.parse().ok()),
        };
        let sight = Sight::default();
        let question = Question { code: &code, unit, printed: &printed, sight: &sight };
        Ok(self.ask_labeler(question, Some(labeler), Asker::Here).await?)
    }

    /// Who has sent a pack to this member, by the ledger.
    async fn sender_by_ledger(
        &self,
        tx: &mut ReadTx,
        report: &VerifyReport,
    ) -> Result<Option<Gln>, NodeError> {
        let Some(holding) = report.evidence.holding else { return Ok(None) };
        let Some(opened) = tx.ledger_holding(&holding).await? else { return Ok(None) };
        let moving = opened.state == theriac_custody::HoldingState::InTransit;
        match moving && self.is_mine(tx, opened.consignee).await? {
            true => Ok(tx.member_behind(&opened.opener).await?),
            false => Ok(None),
        }
    }

    async fn note_checks(&self, found: Vec<(RestRecord, RestReport)>) -> Result<(), NodeError> {
        let now = self.now().as_millisecond();
        let mut tx = self.inner().store.write().await?;
        let mut told: BTreeMap<_, Vec<RestRecord>> = BTreeMap::new();
        for (rest, report) in found {
            let is_return = rest.reason == word(BreachCode::ReturnUnverified);
            let answered = report.class != WhyNotHere::Unanswered;
            let passed = (is_return && answered).then_some(is_good(report.verdict));
            let json = serde_json::to_value(&report).unwrap_or_default();
            let next_at = next_try(&rest, &report, now);
            let check = RestCheck { passed, report: &json, at: now, next_at };
            tx.note_rest_check(rest.id, &check).await?;
            let late = is_return && !answered && rest.case.is_none();
            let silent = late && self.waits_too_long(&mut tx, &rest, now).await?;
            if passed == Some(false) || silent || is_alarming(&rest, &report) {
                let key = (rest.event, is_return, report.class, report.reason.clone());
                told.entry(key).or_default().push(rest);
            }
        }
        for ((event, is_return, class, reason), rests) in told {
            let items: Vec<Identifier> = rests.iter().map(|rest| rest.item.clone()).collect();
            let breach = match is_return {
                true => failed(class, &reason),
                false => suspect(class, &reason),
            };
            let about = Rest { breach: breach.on(&items), items };
            let kind = if is_return { CaseKind::ReturnFailed } else { CaseKind::Suspect };
            let case = self.open_rest_case_of(&mut tx, event, kind, &about).await?;
            let ids: Vec<_> = rests.iter().map(|rest| rest.id).collect();
            tx.set_rest_case(&ids, case, &rests[0].reason).await?;
            self.close_settled(&mut tx, &rests, class.word()).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Whether a returned pack waits for its labeler's answer for too long.
    async fn waits_too_long(
        &self,
        tx: &mut WriteTx,
        rest: &RestRecord,
        now: i64,
    ) -> Result<bool, NodeError> {
        let since = tx.event(rest.event).await?.map_or(now, |event| event.record_time);
        Ok(now - since >= PATIENCE_MS)
    }
}

/// Whether a pack is genuine and fit; that it is here, the ledger says, to which it is on its way.
fn is_good(verdict: VerdictCode) -> bool {
    matches!(verdict, VerdictCode::Genuine | VerdictCode::NotHere)
}

/// Whether a pack without data is told apart as a forgery or a copy for the first time.
fn is_alarming(rest: &RestRecord, report: &RestReport) -> bool {
    let before = rest.report.as_ref().and_then(|report| report.get("class"));
    let same = before.and_then(|class| class.as_str()) == Some(report.class.word());
    let is_return = rest.reason == word(BreachCode::ReturnUnverified);
    !is_return && !same && matches!(report.class, WhyNotHere::Fake | WhyNotHere::Copy)
}

/// When a pack is verified again: a returned one until its labeler has answered, another one until it is
/// told what it is.
fn next_try(rest: &RestRecord, report: &RestReport, now: i64) -> Option<i64> {
    let pause = (1_i64 << rest.tries.min(12)).min(PAUSE_MAX_SECONDS) * 1_000;
    let settled = match report.class {
        WhyNotHere::Unanswered | WhyNotHere::Elsewhere => {
            rest.reason == word(BreachCode::ReturnUnverified)
                && report.class != WhyNotHere::Unanswered
        }
        _ => true,
    };
    (!settled).then_some(now.saturating_add(pause))
}

fn class_of(report: &VerifyReport, from: Option<Gln>) -> WhyNotHere {
    match report.verdict.code {
        VerdictCode::NotGenuine => WhyNotHere::Fake,
        VerdictCode::Unknown => WhyNotHere::Unanswered,
        VerdictCode::AlreadyRetired => WhyNotHere::Copy,
        VerdictCode::Recalled
        | VerdictCode::Blocked
        | VerdictCode::Stolen
        | VerdictCode::Quarantined
        | VerdictCode::Expired => WhyNotHere::NotFit,
        VerdictCode::Genuine | VerdictCode::NotHere if from.is_some() => WhyNotHere::Late,
        VerdictCode::Genuine => WhyNotHere::Late,
        VerdictCode::NotHere => WhyNotHere::Elsewhere,
    }
}

fn unanswered(reason: String) -> RestReport {
    RestReport {
        class: WhyNotHere::Unanswered,
        verdict: VerdictCode::Unknown,
        reason,
        answered_by: "nobody".to_owned(),
        from: None,
    }
}

fn failed(class: WhyNotHere, reason: &str) -> Breach {
    let (actor, what_to_do) = match class {
        WhyNotHere::Unanswered => (
            Actor::Labeler,
            "keep the packs apart: their labeler has not answered for 24 hours; it is asked on",
        ),
        _ => (
            Actor::ThisMember,
            "keep the packs apart, which are quarantined on the ledger, and find out what they are",
        ),
    };
    Breach::new(
        BreachCode::ReturnUnverified,
        format!("expected returned packs that pass verification, found that they do not: {reason}"),
        what_to_do,
    )
    .by(actor)
}

fn suspect(class: WhyNotHere, reason: &str) -> Breach {
    let code = match class {
        WhyNotHere::Copy => BreachCode::AlreadyRetired,
        _ => BreachCode::ItemUnknown,
    };
    Breach::new(
        code,
        format!("expected genuine packs whose data is late, found {}: {reason}", class.word()),
        "quarantine the packs and treat them as suspect: this is no late data",
    )
}
