//! Judging sightings, and opening the case of an alarm.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use theriac_custody::alarm::{Alarm, AlarmKind, Finding, Position, Sighting, judge};
use theriac_custody::{Actor, CaseKind, EvidenceItem};
use theriac_epcis::{ExtensionValue, MasterDataElement};
use theriac_gs1::{Gln, Identifier};
use theriac_store::{CaseId, ReadTx, WriteTx};

use super::sight::Noted;
use crate::case::NewDispute;
use crate::error::NodeError;
use crate::locate::Followed;
use crate::node::Node;

/// Packs that are judged again in one round at most.
const DUE_MAX: u64 = 1_000;

/// Vocabularies of master data in which a place may have a position.
const PLACES: [&str; 2] =
    ["urn:epcglobal:epcis:vtype:Location", "urn:epcglobal:epcis:vtype:BusinessLocation"];

/// An alarm about a pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlarmReport {
    /// The pack, as GS1 Digital Link.
    pub pack: String,
    /// Since when, RFC 3339.
    pub since: String,
    /// What speaks against one pack.
    pub kind: AlarmKind,
    /// The sentence a person reads.
    pub reason: String,
    /// The sighting that is not explained.
    pub sighting: Sighting,
    /// The one that it contradicts, if it is another sighting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against: Option<Sighting>,
    /// Number of the case.
    pub case: Option<i64>,
}

impl Node {
    /// The last `limit` alarms about packs, the newest first.
    ///
    /// # Errors
    ///
    /// [`NodeError::Store`].
    pub async fn alarms(&self, limit: u64) -> Result<Vec<AlarmReport>, NodeError> {
        let watches = self.inner().store.alarms(limit).await?;
        let report = |watch: theriac_store::PackWatch| {
            let (since, alarm) = (Timestamp::from_millisecond(watch.alarm_at?).ok()?, watch.alarm?);
            Some(AlarmReport {
                pack: watch.pack.digital_link(),
                since: since.to_string(),
                kind: alarm.kind,
                reason: alarm.reason,
                sighting: alarm.sighting,
                against: alarm.against,
                case: watch.case.map(|case| case.0),
            })
        };
        Ok(watches.into_iter().filter_map(report).collect())
    }

    /// Keeps what was noted, and judges the packs that were seen or are due; true if there were any.
    pub(crate) async fn look_at_sightings(&self) -> Result<bool, NodeError> {
        let noted = self.take_noted();
        let due = self.inner().store.watches_due(self.now().as_millisecond(), DUE_MAX).await?;
        if noted.is_empty() && due.is_empty() {
            return Ok(false);
        }
        let judged = self.keep_and_judge(&noted, due).await;
        if judged.is_err() {
            self.put_back(noted);
        }
        judged.map(|()| true)
    }

    async fn keep_and_judge(&self, noted: &[Noted], due: Vec<Identifier>) -> Result<(), NodeError> {
        let mut tx = self.inner().store.write().await?;
        let known = noted.iter().any(|(_, seen)| seen.place.is_some() && seen.position.is_none());
        let positions = match known {
            true => positions(&mut tx).await?,
            false => HashMap::new(),
        };
        let mut packs: BTreeSet<Identifier> = due.into_iter().collect();
        for (id, seen) in noted {
            let of_place = || positions.get(&seen.place?).copied();
            let position = seen.position.or_else(of_place);
            tx.put_sighting(id, &Sighting { position, ..seen.clone() }).await?;
            packs.insert(id.clone());
        }
        let exempt = self.regulators(&mut tx).await?;
        let mut followed = Followed::default();
        for id in &packs {
            self.judge_pack(&mut tx, &mut followed, id, &exempt).await?;
        }
        Ok(tx.commit().await?)
    }

    async fn judge_pack(
        &self,
        tx: &mut WriteTx,
        followed: &mut Followed,
        id: &Identifier,
        exempt: &[Gln],
    ) -> Result<(), NodeError> {
        let Identifier::Sgtin(unit) = id else { return Ok(()) };
        let watch = tx.pack_watch(id).await?;
        if watch.as_ref().is_some_and(|watch| watch.alarm.is_some()) {
            return Ok(());
        }
        let custody = self.custody_of(tx, followed, unit, exempt).await?;
        let seen = tx.sightings_of(id).await?;
        let now = self.now();
        let due = watch.and_then(|watch| watch.due_at);
        match judge(&seen, &custody, &self.profile().alarm, now) {
            Finding::Clear if due.is_some() => tx.set_watch(id, None).await?,
            Finding::Clear => {}
            Finding::Wait { until } if due != Some(up(until)) => {
                tx.set_watch(id, Some(up(until))).await?;
            }
            Finding::Wait { .. } => {}
            Finding::Alarm(alarm) => {
                let holder = custody.stays.last().map(|stay| stay.member);
                let case = self.open_alarm(tx, id, &alarm, holder).await?;
                tx.put_alarm(id, &alarm, now.as_millisecond(), case).await?;
            }
        }
        Ok(())
    }

    /// Opens the case of an alarm, and tells the member at which the pack was seen, or its holder; one
    /// that is not the labeler tells the labeler.
    async fn open_alarm(
        &self,
        tx: &mut WriteTx,
        id: &Identifier,
        alarm: &Alarm,
        holder: Option<Gln>,
    ) -> Result<CaseId, NodeError> {
        let labeler = match id {
            Identifier::Sgtin(unit) => tx.labeler_of(&[unit.gtin]).await?.remove(&unit.gtin),
            _ => None,
        };
        let concerned = [labeler, Some(alarm.sighting.member), holder];
        let counterparty = concerned.into_iter().flatten().find(|member| *member != self.gln());
        let ours = labeler == Some(self.gln());
        let seen = [Some(&alarm.sighting), alarm.against.as_ref()].into_iter().flatten();
        let case = self
            .open_case_about(
                tx,
                NewDispute {
                    kind: CaseKind::CloneSuspected,
                    reason: alarm.reason.clone(),
                    what_to_do:
                        "keep every pack with this code apart, compare them, and report the copy"
                            .to_owned(),
                    actor: if ours { Actor::ThisMember } else { Actor::Labeler },
                    packs: vec![id.clone()],
                    counterparty,
                    evidence: seen.map(|seen| evidence(id, seen)).collect(),
                    tell: counterparty.is_some(),
                    event: None,
                    waits_for: None,
                },
            )
            .await?;
        Ok(case)
    }

    /// Forgets sightings that are too old to tell anything.
    pub(crate) async fn prune_sightings(&self) -> Result<(), NodeError> {
        let keep = self.profile().alarm.keep();
        let Ok(before) = self.now().checked_sub(keep) else { return Ok(()) };
        let mut tx = self.inner().store.write().await?;
        tx.prune_sightings(before.as_millisecond()).await?;
        Ok(tx.commit().await?)
    }
}

/// The first millisecond at which a time is over.
fn up(time: Timestamp) -> i64 {
    time.as_millisecond().saturating_add(1)
}

fn evidence(id: &Identifier, seen: &Sighting) -> EvidenceItem {
    let place = seen.place.map_or_else(String::new, |place| format!(" at {place}"));
    EvidenceItem::Scan {
        code: id.digital_link(),
        answer: format!("{} by {}{place}", seen.act.word(), seen.member),
        at: Some(seen.at.to_string()),
    }
}

/// The positions of places in master data: attributes whose names end in `latitude` and `longitude`.
async fn positions(tx: &mut ReadTx) -> Result<HashMap<Gln, Position>, NodeError> {
    let mut found = HashMap::new();
    for vocabulary in PLACES {
        for element in tx.master_data_of(vocabulary).await? {
            let place = Identifier::from_uri(&element.id).ok().map(|epc| epc.id);
            let Some(Identifier::Sgln(sgln)) = place else { continue };
            if let Some(position) = position_of(&element) {
                found.insert(sgln.gln, position);
            }
        }
    }
    Ok(found)
}

fn position_of(element: &MasterDataElement) -> Option<Position> {
    let degrees = |name: &str| {
        let named = element.attributes.iter().find(|attribute| attribute.id.ends_with(name))?;
        match &named.value {
            ExtensionValue::Text(text) => text.trim().parse::<f64>().ok(),
            ExtensionValue::Number(number) => number.to_string().parse().ok(),
            _ => None,
        }
    };
    Position::of_degrees(degrees("latitude")?, degrees("longitude")?)
}
