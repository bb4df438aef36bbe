//! Notices of illegitimate product: to the labeler, to the partners that had or got packs of the same
//! lots, and to the regulators (FD&C Act, section 582(b)(4)(B)(ii) and its like: within 24 hours).

use std::collections::BTreeSet;

use theriac_custody::case::{Act, Classification};
use theriac_custody::{Actor, CaseKind, EvidenceItem, Role, Uuid};
use theriac_epcis::{BizStep, Event};
use theriac_gs1::{Gln, Gtin, Identifier, Lgtin};
use theriac_store::{CaseId, WriteTx};

use super::file::CaseFile;
use super::form_3911::ReportType;
use super::{CaseError, NewDispute, PACKS_MAX};
use crate::admit::event_on_record;
use crate::clock::days_of;
use crate::error::NodeError;
use crate::node::Node;

/// Packs of a lot whose events are looked at for partners.
const LOT_PACKS_MAX: usize = 20_000;

/// Packs whose events are read at a time.
const PAGE: usize = 500;

/// What the receiver of a notice is to do.
const WHAT_TO_DO: &str =
    "set apart what you hold of these packs and lots, look into it, and answer";

impl Node {
    /// Opens a case with everybody who must know that the packs of a case are illegitimate; the
    /// names of those cases. The other party of the case itself learns it there.
    pub(super) async fn open_notices(
        &self,
        tx: &mut WriteTx,
        file: &CaseFile,
        text: &str,
        classification: Classification,
    ) -> Result<Vec<Uuid>, CaseError> {
        let packs = tx.case_packs(file.record.id, None, PACKS_MAX as u64).await?;
        let known = file.record.counterparty.filter(|_| file.is_shared());
        let form =
            self.form_of(tx, file, ReportType::Initial, Some((text, classification))).await?;
        let form = serde_json::to_value(&form).unwrap_or_default();
        let reason = format!(
            "{} found {} packs illegitimate ({}): {text}",
            self.config().name,
            packs.len(),
            classification.word().replace('_', " "),
        );
        let mut notices = Vec::new();
        for to in self.concerned(tx, &packs).await? {
            if Some(to) == known {
                continue;
            }
            let new = NewDispute {
                kind: CaseKind::Suspect,
                reason: reason.chars().take(super::TEXT_CHARS_MAX).collect(),
                what_to_do: WHAT_TO_DO.to_owned(),
                actor: Actor::Partner,
                packs: packs.clone(),
                counterparty: Some(to),
                evidence: vec![
                    EvidenceItem::Case { case: file.record.uuid },
                    EvidenceItem::Other { name: "form_3911".to_owned(), value: form.clone() },
                ],
                tell: true,
                event: None,
                waits_for: None,
            };
            let id: CaseId = self.open_case_about(tx, new).await?;
            notices.extend(tx.case(id).await?.map(|record| record.uuid));
        }
        Ok(notices)
    }

    /// Ends the cases of notices that have become void.
    pub(super) async fn end_notices(
        &self,
        tx: &mut WriteTx,
        file: &CaseFile,
        text: &str,
    ) -> Result<(), NodeError> {
        let confirmed = file.entries.iter().map(|(entry, _)| entry);
        let confirmed = confirmed.filter(|entry| matches!(entry.act, Act::Confirmed { .. }));
        for item in confirmed.flat_map(|entry| &entry.evidence) {
            let EvidenceItem::Case { case } = item else { continue };
            if let Some(notice) = tx.case_named(*case).await?
                && notice.closed_at.is_none()
            {
                self.settle_case(tx, &notice, &format!("cleared: {text}")).await?;
            }
        }
        Ok(())
    }

    /// Who must know of illegitimate packs: their labelers, partners of their lots, regulators.
    async fn concerned(
        &self,
        tx: &mut WriteTx,
        packs: &[Identifier],
    ) -> Result<BTreeSet<Gln>, NodeError> {
        let members = tx.members(days_of(self.today())).await?;
        let gtins: BTreeSet<Gtin> = packs.iter().filter_map(Identifier::gtin).collect();
        let gtins: Vec<Gtin> = gtins.into_iter().collect();
        let mut glns: BTreeSet<Gln> = tx.labeler_of(&gtins).await?.into_values().collect();
        glns.extend(self.partners_of(tx, packs).await?);
        let regulators = members.values().filter(|member| member.roles.has(Role::Regulator));
        glns.extend(regulators.map(|member| member.gln));
        glns.retain(|gln| *gln != self.gln() && members.contains_key(gln));
        Ok(glns)
    }

    /// The parties of the handovers that packs of the same lots took part in here.
    async fn partners_of(
        &self,
        tx: &mut WriteTx,
        packs: &[Identifier],
    ) -> Result<BTreeSet<Gln>, NodeError> {
        let mut lots = BTreeSet::new();
        for packs in packs.chunks(PAGE) {
            let items = tx.load_items(packs).await?.into_iter().map(|record| record.item);
            lots.extend(items.filter_map(|item| match (item.id, item.lot) {
                (Identifier::Sgtin(unit), Some(lot)) => Some(Lgtin { gtin: unit.gtin, lot }),
                _ => None,
            }));
        }
        let mut glns = BTreeSet::new();
        for lot in &lots {
            let units = tx.units_of_lot(lot).await?.into_iter().map(|record| record.item.id);
            let units: Vec<Identifier> = units.take(LOT_PACKS_MAX).collect();
            for units in units.chunks(PAGE) {
                for record in tx.events_of_items(units).await? {
                    glns.extend(event_on_record(&record).iter().flat_map(handed_between));
                }
            }
        }
        Ok(glns)
    }
}

/// The parties that an event of a handover names.
fn handed_between(event: &Event) -> Vec<Gln> {
    if !matches!(event.biz_step(), Some(BizStep::Shipping | BizStep::Receiving)) {
        return Vec::new();
    }
    let common = event.common();
    let ids = common.sources.iter().map(|source| &source.id);
    let ids = ids.chain(common.destinations.iter().map(|destination| &destination.id));
    ids.filter_map(|epc| match &epc.id {
        Identifier::Pgln(gln) => Some(*gln),
        Identifier::Sgln(place) => Some(place.gln),
        _ => None,
    })
    .collect()
}
