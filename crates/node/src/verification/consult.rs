//! The verdict on a pack that is not on record here: by an answer of a moment ago, by whoever answers
//! for it, or by what is known although nobody answers.
//!
//! An earlier verdict of the labeler's node names the lot and the place of the pack on the ledger. So
//! the ledger, which this node follows, tells what became of the pack since then, without the labeler:
//! whether its lot is recalled, whether it was handed over, set apart or retired.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use theriac_custody::lightweight::{CorrUuid, VerifyAnswer, verdict};
use theriac_custody::verdict::{Life, Pack, Printed, Record};
use theriac_custody::{Place, VerdictCode};
use theriac_gs1::Identifier;
use theriac_store::{ReadTx, ResponderPath, VerificationProtocol, VerificationRecord};

use super::archive::rfc3339;
use super::ask::Question;
use super::directory::{Route, Way};
use crate::alarm::Sight;
use crate::error::NodeError;
use crate::node::Node;
use crate::report::{Evidence, Party, VerifyReport};
use crate::verify::{Asker, VerifyError, nobody, read_code};

/// What is known although nobody answered, and how to go on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unanswered {
    /// Who was asked, and why there is no answer.
    pub asked: Vec<Unreached>,
    /// Since when it has been asked in vain, RFC 3339.
    pub since: String,
    /// Until when the answer is due by the law of the profile, RFC 3339.
    pub due: String,
    /// The last answer about this pack, if there ever was one.
    pub last_answer: Option<LastAnswer>,
}

/// Somebody who did not answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unreached {
    /// Its GLN, and its name or whom to call there.
    #[serde(flatten)]
    pub party: Party,
    /// Why there is no answer.
    pub why: String,
}

/// An answer of before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastAnswer {
    /// When it was given, RFC 3339.
    pub at: String,
    /// Whether it said that the pack is genuine.
    pub verified: bool,
    /// What ties it to its question in the archive.
    pub correlation: String,
}

impl Node {
    /// The verdict on a pack that is not on record here.
    pub(crate) async fn consult(
        &self,
        question: Question<'_>,
        labeler: Option<Party>,
        asker: Asker,
    ) -> Result<VerifyReport, NodeError> {
        if matches!(asker, Asker::Member(_)) {
            // A question that came from another member is not passed on: it would go in circles. Nor
            // is it told what the labeler told this member.
            return Ok(self.silent(question, labeler));
        }
        // Where the pack is in hand is the labeler's to know, which looks out for copies.
        let is_placed = question.sight.place.is_some() || question.sight.position.is_some();
        if !is_placed && let Some(report) = self.recent(question, asker).await? {
            return Ok(report);
        }
        self.ask_labeler(question, labeler, asker).await
    }

    /// Asks whoever answers for a pack, whatever is on record here or was said before.
    pub(crate) async fn ask_labeler(
        &self,
        question: Question<'_>,
        labeler: Option<Party>,
        asker: Asker,
    ) -> Result<VerifyReport, NodeError> {
        let sight = Sight { for_public: asker == Asker::Public, ..*question.sight };
        let question = Question { sight: &sight, ..question };
        let routes = self.routes(question.unit.gtin, question.printed.expiry).await?;
        let mut asked = Vec::new();
        let permit = match asker {
            // What anybody may cause is bounded.
            Asker::Public => match self.inner().questions.try_acquire() {
                Ok(permit) => Some(permit),
                Err(_) => return self.without(question, labeler, asked, asker).await,
            },
            _ => None,
        };
        let mut denied = None;
        for route in &routes {
            match self.ask_along(route, question).await? {
                // The product may have had another labeler when the pack was made.
                Ok(report) if report.verdict.code == VerdictCode::NotGenuine => {
                    denied = denied.or(Some(report));
                }
                Ok(report) if report.verdict.code != VerdictCode::Unknown => return Ok(report),
                Ok(_) => asked.push(unreached(route, "it does not know either".to_owned())),
                Err(silence) => asked.push(unreached(route, silence.to_string())),
            }
        }
        drop(permit);
        match denied {
            Some(report) if asked.is_empty() => Ok(report),
            _ => self.without(question, labeler, asked, asker).await,
        }
    }

    /// Asks the labeler by GS1 Lightweight Messaging, whatever is on record here.
    ///
    /// # Errors
    ///
    /// [`VerifyError::Unreadable`], [`VerifyError::NotAnItem`] for anything but the code of a pack.
    pub async fn request_verification(&self, code: &str) -> Result<VerifyReport, VerifyError> {
        let read = read_code(code, self.today())?;
        let Identifier::Sgtin(unit) = &read.id else {
            return Err(VerifyError::NotAnItem { found: read.id.to_string() });
        };
        let sight = Sight::default();
        let question = Question { code, unit, printed: &read.printed, sight: &sight };
        let mut asked = Vec::new();
        let routes = self.routes(unit.gtin, read.printed.expiry).await?;
        for route in &routes {
            let path = match route.way {
                Way::Node => ResponderPath::ShortNames,
                Way::Lightweight(path) => path,
            };
            match self.ask_by_message(route, path, question).await? {
                Ok(report) => return Ok(report),
                Err(silence) => asked.push(unreached(route, silence.to_string())),
            }
        }
        let mut tx = self.inner().store.read().await.map_err(NodeError::from)?;
        let labeler = self.labeler(&mut tx, unit).await?;
        drop(tx);
        Ok(self.without(question, labeler, asked, Asker::Here).await?)
    }

    /// An answer of a moment ago that said yes, by the ledger as it is now.
    async fn recent(
        &self,
        question: Question<'_>,
        asker: Asker,
    ) -> Result<Option<VerifyReport>, NodeError> {
        let store = &self.inner().store;
        let kept = self.profile().verification_cache();
        let oldest = self.now().checked_sub(kept).unwrap_or(Timestamp::MIN).as_millisecond();
        for protocol in [VerificationProtocol::Node, VerificationProtocol::Lightweight] {
            let Some(record) = store.last_answer(question.unit, protocol).await? else { continue };
            let is_good = record.outcome.as_ref().is_some_and(|outcome| {
                outcome.verified == Some(true) && outcome.answered_at >= oldest
            });
            if !is_good {
                continue;
            }
            let report = match protocol {
                VerificationProtocol::Node => self.by_ledger(question, &record, asker).await?,
                VerificationProtocol::Lightweight => self.repeated(question, &record),
            };
            if report.is_some() {
                return Ok(report);
            }
        }
        Ok(None)
    }

    /// The answer of a responder once more, if the label is the same.
    fn repeated(
        &self,
        question: Question<'_>,
        record: &VerificationRecord,
    ) -> Option<VerifyReport> {
        let (asked, outcome) = (&record.question, record.outcome.as_ref()?);
        let Printed { lot, expiry } = question.printed;
        if asked.lot != *lot || asked.expiry != *expiry {
            return None;
        }
        let correlation: CorrUuid = asked.correlation.parse().ok()?;
        let answer = VerifyAnswer::read(outcome.answer.as_ref()?.as_bytes(), &correlation).ok()?;
        let gln = asked.responder.as_ref()?.parse().ok()?;
        let route = Route {
            gln,
            contact: None,
            url: String::new(),
            way: Way::Lightweight(ResponderPath::ShortNames),
        };
        let verdict = verdict(&answer.data, gln, (*expiry)?, self.today());
        let evidence = Evidence {
            answered_by: "cache".to_owned(),
            answered_at: Some(rfc3339(outcome.answered_at)),
            ..Evidence::default()
        };
        Some(self.said(question, &route, verdict, evidence))
    }

    /// The verdict by the ledger as it is now, on the pack that an earlier answer of the labeler's
    /// node placed on it; `None` if it did not, or the ledger does not lead there.
    async fn by_ledger(
        &self,
        question: Question<'_>,
        record: &VerificationRecord,
        asker: Asker,
    ) -> Result<Option<VerifyReport>, NodeError> {
        let answered = record.outcome.as_ref().and_then(|outcome| {
            let report: VerifyReport = serde_json::from_str(outcome.answer.as_ref()?).ok()?;
            Some((report, outcome.answered_at))
        });
        let Some((before, answered_at)) = answered else { return Ok(None) };
        let mut tx = self.inner().store.read().await?;
        let Some((pack, mut evidence)) = self.pack_by_ledger(&mut tx, &before, asker).await? else {
            return Ok(None);
        };
        evidence.answered_at = Some(rfc3339(answered_at));
        let Question { code, unit, printed, .. } = question;
        let record = Record::Pack(pack);
        Ok(Some(self.answer(code, unit, printed, before.labeler, record, evidence)))
    }

    async fn pack_by_ledger(
        &self,
        tx: &mut ReadTx,
        before: &VerifyReport,
        asker: Asker,
    ) -> Result<Option<(Pack, Evidence)>, NodeError> {
        let told = &before.evidence;
        let (Some(lot_tag), Some(holding), Some(position)) =
            (told.lot_tag, told.holding, told.position)
        else {
            return Ok(None);
        };
        let lot = before.lot.as_ref().and_then(|lot| lot.parse().ok());
        let expiry = before.expiry.as_ref().and_then(|expiry| expiry.parse().ok());
        let (Some(lot), Some(expiry)) = (lot, expiry) else { return Ok(None) };
        let Some(on_ledger) = tx.ledger_lot(&lot_tag).await? else { return Ok(None) };
        let located = self.locate_in(tx, Place { holding, position }).await?;
        let mut evidence = Evidence {
            answered_by: "cache".to_owned(),
            lot_tag: Some(lot_tag),
            ..Evidence::default()
        };
        crate::verify::note(&mut evidence, &located);
        let life = match (&located.retired, &located.holding) {
            (Some(retired), _) => Life::Retired {
                reason: retired.reason,
                at: crate::verify::rfc3339(retired.timestamp),
                transaction: Some(retired.transaction),
            },
            (None, Some(held)) => {
                let here = self.is_asker(tx, held.holder, asker).await?
                    || self.is_asker(tx, held.consignee, asker).await?;
                Life::Held { state: held.state, here }
            }
            (None, None) => return Ok(None),
        };
        Ok(Some((Pack { lot, expiry, lot_status: on_ledger.status, life }, evidence)))
    }

    /// The verdict where nobody answered.
    fn silent(&self, question: Question<'_>, labeler: Option<Party>) -> VerifyReport {
        let Question { code, unit, printed, .. } = question;
        let record = match &labeler {
            Some(labeler) => Record::NoAnswer { labeler: labeler.gln },
            None => Record::Unregistered,
        };
        self.answer(code, unit, printed, labeler, record, nobody())
    }

    /// What can be said although nobody answered.
    async fn without(
        &self,
        question: Question<'_>,
        labeler: Option<Party>,
        asked: Vec<Unreached>,
        asker: Asker,
    ) -> Result<VerifyReport, NodeError> {
        let store = &self.inner().store;
        let unit = question.unit;
        let mut last: Option<VerificationRecord> = None;
        for protocol in [VerificationProtocol::Node, VerificationProtocol::Lightweight] {
            let Some(record) = store.last_answer(unit, protocol).await? else { continue };
            if protocol == VerificationProtocol::Node
                && let Some(report) = self.by_ledger(question, &record, asker).await?
            {
                return Ok(report);
            }
            last = last.filter(|last| last.id > record.id).or(Some(record));
        }
        let mut report = self.silent(question, labeler);
        if asked.is_empty() {
            return Ok(report);
        }
        let since = store.unanswered_since(unit).await?;
        let since = since.and_then(|since| Timestamp::from_millisecond(since).ok());
        let since = since.unwrap_or_else(|| self.now());
        let due = since.checked_add(self.profile().verification_deadline()).unwrap_or(since);
        let whom: Vec<String> = asked
            .iter()
            .map(|it| format!("{} ({})", it.party.name, it.party.gln).trim().to_owned())
            .collect();
        report.verdict.what_to_do = format!(
            "try again later, and call {}, who must answer by {due}; until then do not dispense",
            whom.join(", ")
        );
        let last_answer = last.and_then(|record| {
            let outcome = record.outcome?;
            Some(LastAnswer {
                at: rfc3339(outcome.answered_at),
                verified: outcome.verified?,
                correlation: record.question.correlation,
            })
        });
        report.unanswered =
            Some(Unanswered { asked, since: since.to_string(), due: due.to_string(), last_answer });
        Ok(report)
    }
}

fn unreached(route: &Route, why: String) -> Unreached {
    let name = route.contact.clone().unwrap_or_default();
    Unreached { party: Party { gln: route.gln, name }, why }
}
