//! Scans: each is answered at once from what is on record.

use jiff::civil::Date;
use theriac_custody::ItemStatus;
use theriac_custody::item::is_unit;
use theriac_custody::verdict::Printed;
use theriac_gs1::Identifier;
use theriac_store::{ArrivalId, ArrivalScan, ScanAnswer};

use super::scope::{Scope, is_expected_unit, status};
use super::{
    ARRIVAL_ITEMS_MAX, ArrivalError, SCANS_MAX, ScanReport, ScanRequest, ScansReport, open, wrong,
};
use crate::error::NodeError;
use crate::node::Node;
use crate::verify::{Code, read_code};

impl Node {
    /// Notes what was scanned in an arrival, and says of each code what it is. The same item again
    /// changes nothing, unless it is damaged now; the same request is answered the same.
    ///
    /// # Errors
    ///
    /// [`ArrivalError`]; a code that cannot be read is an answer, not an error.
    pub async fn scan(
        &self,
        id: ArrivalId,
        request: &ScanRequest,
    ) -> Result<ScansReport, ArrivalError> {
        open::key(&request.request_key)?;
        if request.codes.is_empty() || request.codes.len() > SCANS_MAX {
            let found = format!("{} codes", request.codes.len());
            return Err(wrong("1 to 1000 codes in a request", found));
        }
        let mut tx = self.inner().store.write().await?;
        let arrival = self.open_one(&mut tx, id).await?;
        if let Some(key) = &request.request_key
            && let Some(answer) = tx.arrival_answer(id, key).await?
            && let Ok(report) = serde_json::from_str(&answer)
        {
            return Ok(report);
        }
        let today = self.today();
        let read: Vec<_> = request.codes.iter().map(|code| read_code(code, today)).collect();
        let ids: Vec<Identifier> =
            read.iter().filter_map(|read| Some(read.as_ref().ok()?.id.clone())).collect();
        let mut scope = self.scope_of(&mut tx, &arrival, &ids).await?;
        if scope.scans.len() + ids.len() > ARRIVAL_ITEMS_MAX {
            return Err(wrong("at most 100000 items in an arrival", "more"));
        }
        let mut answers = Vec::with_capacity(read.len());
        for (code, read) in request.codes.iter().zip(read) {
            let report = match read {
                Ok(read) => {
                    let asked = Asked { code, read: &read, damaged: request.damaged, today };
                    let (report, scan) = asked.answer(&scope);
                    if let Some(mut scan) = scan {
                        scan.scanned_at = self.now().as_millisecond();
                        tx.put_arrival_scan(id, &scan).await?;
                        scope.scans.insert(scan.item.clone(), scan);
                    }
                    report
                }
                Err(error) => ScanReport {
                    code: code.clone(),
                    answer: ScanAnswer::Unreadable,
                    identifier: None,
                    packs: 0,
                    reason: error.to_string(),
                },
            };
            answers.push(report);
        }
        let here = scope.here();
        let expected = scope.expected.len() as u64;
        let here = scope.expected.iter().filter(|id| here.contains(*id)).count() as u64;
        let report = ScansReport { arrival: id, answers, expected, here };
        if let Some(key) = &request.request_key {
            let text = serde_json::to_string(&report).map_err(|error| NodeError::Inconsistent {
                expected: "a writable answer",
                found: error.to_string(),
            })?;
            tx.keep_arrival_answer(id, key, &text).await?;
        }
        tx.commit().await?;
        Ok(report)
    }
}

/// A code that was read.
struct Asked<'a> {
    code: &'a str,
    read: &'a Code,
    damaged: bool,
    today: Date,
}

impl Asked<'_> {
    /// The answer, and what is to be noted; nothing for what was scanned before.
    fn answer(&self, scope: &Scope) -> (ScanReport, Option<ArrivalScan>) {
        let id = &self.read.id;
        let (answer, reason) = self.judge(scope);
        let noted = answer != ScanAnswer::Duplicate;
        let packs = match answer {
            ScanAnswer::Duplicate => 0,
            _ if is_unit(id) => 1,
            _ => scope.units_in(id).len() as u64,
        };
        let report = ScanReport {
            code: self.code.to_owned(),
            answer,
            identifier: Some(id.digital_link()),
            packs,
            reason: reason.clone(),
        };
        let scan = noted.then(|| ArrivalScan {
            item: id.clone(),
            code: self.code.to_owned(),
            answer,
            reason,
            scanned_at: 0,
        });
        (report, scan)
    }

    fn judge(&self, scope: &Scope) -> (ScanAnswer, String) {
        let id = &self.read.id;
        if let Some(before) = scope.scans.get(id) {
            let takes = matches!(before.answer, ScanAnswer::Expected | ScanAnswer::NotFit);
            if !(self.damaged && takes) {
                return (ScanAnswer::Duplicate, format!("scanned before: {}", before.answer));
            }
        } else if !self.damaged && scope.is_covered(id) && is_expected_unit(id, &scope.world) {
            return (ScanAnswer::Duplicate, "packed in what was scanned before".to_owned());
        }
        let Some(found) = status(id, &scope.world) else {
            let reason = "nobody has announced it: its data may be late; it is taken when it comes";
            return (ScanAnswer::Unknown, reason.to_owned());
        };
        match is_unit(id) {
            true => self.judge_unit(found, scope),
            false => self.judge_container(found, scope),
        }
    }

    fn judge_unit(&self, found: ItemStatus, scope: &Scope) -> (ScanAnswer, String) {
        let id = &self.read.id;
        match found {
            ItemStatus::Expected => {}
            ItemStatus::InStock | ItemStatus::Quarantined => {
                return (ScanAnswer::Extra, format!("received before: it is {found}"));
            }
            ItemStatus::Retired(reason) => {
                let reason =
                    format!("a pack with this code was {reason} before: this is another one");
                return (ScanAnswer::NotFit, reason);
            }
            found => {
                let reason = format!("not announced to this member: it is {found}");
                return (ScanAnswer::Extra, reason);
            }
        }
        if let Some(reason) = differs(&self.read.printed, id, scope) {
            return (ScanAnswer::Mismatch, reason);
        }
        if self.damaged {
            return (ScanAnswer::Damaged, "announced, and damaged".to_owned());
        }
        if let Some(unfit) = scope.unfit(id, self.today) {
            return (ScanAnswer::NotFit, format!("announced, and {}", unfit.word()));
        }
        match scope.expected.contains(id) {
            true => (ScanAnswer::Expected, "announced, and here".to_owned()),
            false => {
                let reason = "announced with another shipment; it is received with this one";
                (ScanAnswer::Extra, reason.to_owned())
            }
        }
    }

    fn judge_container(&self, found: ItemStatus, scope: &Scope) -> (ScanAnswer, String) {
        let units = scope.units_in(&self.read.id);
        match (units.len(), found) {
            (0, ItemStatus::InStock | ItemStatus::Quarantined) => {
                (ScanAnswer::Extra, format!("received before: it is {found}"))
            }
            (0, _) => (ScanAnswer::Extra, "no announced packs are in it".to_owned()),
            (_, _) if self.damaged => (ScanAnswer::Damaged, "announced, and damaged".to_owned()),
            (count, _) if units.iter().all(|unit| scope.expected.contains(unit)) => {
                (ScanAnswer::Expected, format!("announced, and here, with {count} packs"))
            }
            (count, _) => {
                let reason = format!("announced with another shipment, with {count} packs");
                (ScanAnswer::Extra, reason)
            }
        }
    }
}

/// What the label says otherwise than the data.
fn differs(printed: &Printed, id: &Identifier, scope: &Scope) -> Option<String> {
    let item = scope.world.items.get(id)?;
    if let (Some(label), Some(lot)) = (&printed.lot, &item.lot)
        && label != lot
    {
        return Some(format!("expected lot {lot} on the label, found {label}"));
    }
    let expiry = scope.lot_of(id)?.expiry;
    let label = printed.expiry.filter(|label| *label != expiry)?;
    Some(format!("expected expiry {expiry} on the label, found {label}"))
}
