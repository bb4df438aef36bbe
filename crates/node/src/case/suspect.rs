//! Suspect packs: set apart, looked into, then cleared or confirmed as illegitimate (FD&C Act,
//! section 582(b)(4), (c)(4), (d)(4)).
//!
//! ```text
//!  suspected ─► event: non_sellable_other ─► quarantined on the ledger ─┬─► cleared: released
//!                                                                       └─► confirmed: stays apart,
//!                                                                           notices within 24 hours
//! ```
//!
//! # Invariants
//!
//! - The event that a case makes is captured in the transaction of the case's entry.
//! - A case releases what it set apart itself, and nothing that another case suspects.

use theriac_custody::admit::NAMESPACE;
use theriac_custody::case::{Act, Classification};
use theriac_custody::{CaseKind, EvidenceItem, Hash, ItemStatus};
use theriac_epcis::{Action, BizStep, Common, Disposition, Event, Extension, ObjectEvent, Offset};
use theriac_gs1::{Epc, Identifier, Sgln};
use theriac_store::{CaptureId, EventState, WriteTx};

use super::file::{CaseFile, row_of};
use super::talk::check_text;
use super::{CaseDetail, CaseError, PACKS_MAX};
use crate::admit::event_on_record;
use crate::error::NodeError;
use crate::node::Node;
use crate::parse;

/// Other cases about the same packs that are looked at.
const OTHERS_MAX: u64 = 1_000;

impl Node {
    /// Sets the packs of a case apart that are in stock, to look into them.
    ///
    /// # Errors
    ///
    /// [`CaseError`].
    pub async fn quarantine_case(&self, name: &str) -> Result<CaseDetail, CaseError> {
        let mut tx = self.inner().store.write().await?;
        let mut file = self.open_file(&mut tx, name).await?;
        let capture = self.set_packs_apart(&mut tx, &mut file).await?;
        tx.commit().await?;
        self.admit_of_case(file.record.id, capture).await?;
        self.case_detail(name).await
    }

    /// Finds the packs of a case legitimate: what it set apart is released, and the case ends if
    /// this member opened it.
    ///
    /// # Errors
    ///
    /// [`CaseError::NotSuspect`], [`CaseError::StillSuspect`], [`CaseError::Resolved`].
    pub async fn clear_case(&self, name: &str, text: String) -> Result<CaseDetail, CaseError> {
        check_text(&text)?;
        let mut tx = self.inner().store.write().await?;
        let mut file = self.suspect_file(&mut tx, name).await?;
        let apart = self.apart_by(&mut tx, &file).await?;
        if !apart.is_empty() {
            self.not_suspect_elsewhere(&mut tx, &file, &apart).await?;
        }
        let released = match apart.is_empty() {
            true => None,
            false => Some(self.seal_condition(&mut tx, &file, &apart, FIT).await?),
        };
        let event = released.map(|(_, hash)| hash);
        let cleared = Act::Cleared { text: text.clone(), event };
        self.add_entry(&mut tx, &mut file, cleared, Vec::new()).await?;
        self.end_notices(&mut tx, &file, &text).await?;
        let ending = match file.opener() == self.gln() {
            true => Act::Resolved { outcome: format!("cleared: {text}"), resolution: None },
            false => Act::Said { text: format!("cleared here: {text}"), keep: false },
        };
        self.add_entry(&mut tx, &mut file, ending, Vec::new()).await?;
        tx.commit().await?;
        self.admit_of_case(file.record.id, released.map(|(capture, _)| capture)).await?;
        self.case_detail(name).await
    }

    /// Finds the packs of a case illegitimate: they stay apart, and the labeler, the partners that
    /// had or got packs of the same lots, and the regulators are told.
    ///
    /// # Errors
    ///
    /// [`CaseError::NotSuspect`], [`CaseError::Confirmed`], [`CaseError::Resolved`].
    pub async fn confirm_case(
        &self,
        name: &str,
        text: String,
        classification: Classification,
    ) -> Result<CaseDetail, CaseError> {
        check_text(&text)?;
        let mut tx = self.inner().store.write().await?;
        let mut file = self.suspect_file(&mut tx, name).await?;
        if file.entries.iter().any(|(entry, _)| matches!(entry.act, Act::Confirmed { .. })) {
            return Err(CaseError::Confirmed);
        }
        let is_apart =
            file.entries.iter().any(|(entry, _)| matches!(entry.act, Act::Quarantined { .. }));
        let capture = match is_apart {
            true => None,
            false => self.set_packs_apart(&mut tx, &mut file).await?,
        };
        let confirmed = Act::Confirmed { text: text.clone(), classification };
        let notices = self.open_notices(&mut tx, &file, &text, classification).await?;
        let notices = notices.into_iter().map(|case| EvidenceItem::Case { case }).collect();
        self.add_entry(&mut tx, &mut file, confirmed, notices).await?;
        if file.is_shared() {
            let text = format!("confirmed as illegitimate ({}): {text}", classification.word());
            self.add_entry(&mut tx, &mut file, Act::Said { text, keep: true }, Vec::new()).await?;
        }
        let now = self.now();
        let by = now.checked_add(self.profile().illegitimate_notice()).unwrap_or(now);
        tx.set_case_deadline(file.record.id, by.as_millisecond()).await?;
        tx.commit().await?;
        self.inner().post.notify_one();
        self.admit_of_case(file.record.id, capture).await?;
        self.case_detail(name).await
    }

    /// The open case that `name` means, which must be about packs that may be illegitimate.
    async fn suspect_file(&self, tx: &mut WriteTx, name: &str) -> Result<CaseFile, CaseError> {
        let file = self.open_file(tx, name).await?;
        let kind = file.record.matter.kind;
        let suspects = [
            CaseKind::Suspect,
            CaseKind::CloneSuspected,
            CaseKind::Damaged,
            CaseKind::ReturnFailed,
        ];
        let is_looked_into =
            |entry: &theriac_custody::case::Entry| matches!(entry.act, Act::Quarantined { .. });
        match suspects.contains(&kind) || file.entries.iter().any(|(e, _)| is_looked_into(e)) {
            true => Ok(file),
            false => Err(CaseError::NotSuspect(kind.word())),
        }
    }

    /// Sets apart what is in stock of the packs of a case, and notes that they are looked into; the
    /// capture is to be processed once the transaction is committed.
    pub(super) async fn set_packs_apart(
        &self,
        tx: &mut WriteTx,
        file: &mut CaseFile,
    ) -> Result<Option<CaptureId>, CaseError> {
        let named = tx.case_packs(file.record.id, None, PACKS_MAX as u64).await?;
        let apart = with_status(tx, &named, ItemStatus::InStock).await?;
        let sealed = match apart.is_empty() {
            true => None,
            false => Some(self.seal_condition(tx, file, &apart, UNFIT).await?),
        };
        let event = sealed.map(|(_, hash)| hash);
        let act = Act::Quarantined { event, packs: apart.len() as u64 };
        self.add_entry(tx, file, act, Vec::new()).await?;
        Ok(sealed.map(|(capture, _)| capture))
    }

    /// What the case has set apart and is still so.
    async fn apart_by(
        &self,
        tx: &mut WriteTx,
        file: &CaseFile,
    ) -> Result<Vec<Identifier>, CaseError> {
        let mut named = Vec::new();
        for (entry, _) in &file.entries {
            let Act::Quarantined { event: Some(hash), .. } = &entry.act else { continue };
            let Some(record) = tx.event_by_hash(hash).await? else {
                // It was captured, and is admitted in a moment.
                return Err(NodeError::Busy.into());
            };
            if record.state != EventState::Held {
                let event = event_on_record(&record);
                named.extend(event.iter().flat_map(Event::epcs).map(|epc| epc.id.clone()));
            }
        }
        Ok(with_status(tx, &named, ItemStatus::Quarantined).await?)
    }

    /// No other open case looks into these packs, or has found them illegitimate.
    async fn not_suspect_elsewhere(
        &self,
        tx: &mut WriteTx,
        file: &CaseFile,
        packs: &[Identifier],
    ) -> Result<(), CaseError> {
        for other in tx.open_cases_sharing_packs(file.record.id, OTHERS_MAX).await? {
            let other = self.case_file(tx, other).await?;
            let mut keeps = false;
            for (entry, _) in &other.entries {
                match entry.act {
                    Act::Quarantined { .. } | Act::Confirmed { .. } => keeps = true,
                    Act::Cleared { .. } => keeps = false,
                    _ => {}
                }
            }
            if !keeps {
                continue;
            }
            let theirs = tx.case_packs(other.record.id, None, PACKS_MAX as u64).await?;
            if let Some(pack) = packs
                .iter()
                .find(|pack| theirs.binary_search(pack).is_ok() || theirs.contains(pack))
            {
                let case = other.record.id.0;
                return Err(CaseError::StillSuspect { pack: pack.to_string(), case });
            }
        }
        Ok(())
    }

    /// Captures an event that says in which condition the items are; its capture and hash.
    async fn seal_condition(
        &self,
        tx: &mut WriteTx,
        file: &CaseFile,
        items: &[Identifier],
        condition: Condition,
    ) -> Result<(CaptureId, Hash), CaseError> {
        let mut common = Common::at(self.now(), Offset::UTC);
        common.biz_step = Some(condition.step);
        common.disposition = Some(condition.disposition);
        let site = Sgln { gln: self.gln(), extension: None };
        common.read_point = Some(Epc::from(Identifier::Sgln(site)).into());
        common.extensions = vec![Extension::text(NAMESPACE, "case", file.record.uuid.to_string())];
        let event = Event::Object(ObjectEvent {
            common,
            action: Action::Observe,
            epc_list: items.iter().cloned().map(Epc::from).collect(),
            quantity_list: Vec::new(),
            ilmd: Vec::new(),
        });
        let sound = parse::sound(event).map_err(crate::capture::CaptureEventError::from)?;
        let capture = self.seal_event(tx, &sound.event).await?;
        Ok((capture, sound.identity))
    }

    /// Adds a note that the other party does not get.
    pub(super) async fn add_note(
        &self,
        tx: &mut WriteTx,
        file: &CaseFile,
        text: String,
    ) -> Result<(), NodeError> {
        let entry = self.entry_of(file, Act::Said { text, keep: true }, Vec::new());
        tx.add_case_entry(file.record.id, &row_of(&entry, false)).await?;
        Ok(())
    }
}

/// In which condition goods are.
struct Condition {
    step: BizStep,
    disposition: Disposition,
}

/// Goods that may not be sold.
const UNFIT: Condition =
    Condition { step: BizStep::Holding, disposition: Disposition::NonSellableOther };

/// Goods that may be sold again.
const FIT: Condition =
    Condition { step: BizStep::Inspecting, disposition: Disposition::SellableNotAccessible };

/// Those of `ids` that have this status here.
async fn with_status(
    tx: &mut WriteTx,
    ids: &[Identifier],
    status: ItemStatus,
) -> Result<Vec<Identifier>, NodeError> {
    let mut found = Vec::new();
    for ids in ids.chunks(1_000) {
        let named: std::collections::BTreeSet<&Identifier> = ids.iter().collect();
        let records = tx.load_items(ids).await?.into_iter().map(|record| record.item);
        let fits = records.filter(|item| item.status == status && named.contains(&item.id));
        found.extend(fits.map(|item| item.id));
    }
    Ok(found)
}
