//! Members, accounts, products and lots must be on record as the ledger's state says.

use theriac_custody::LotStatus;
use theriac_gs1::{Gln, Lgtin};
use theriac_ledger::{Member, MemberStatus};
use theriac_store::{LotRow, StoredMember};

use super::{Comparison, text};
use crate::error::NodeError;
use crate::follow::status_on_the_way;
use crate::report::DifferenceKind;

impl Comparison<'_> {
    /// Compares members, their accounts, and products.
    pub(super) async fn registry(&mut self) -> Result<(), NodeError> {
        let today = crate::clock::days_of(self.node.today());
        let members: Vec<Gln> = self.tx.members(today).await?.into_keys().collect();
        for gln in members {
            let here = self.tx.stored_member(&gln).await?.map(|member| of_store(&member));
            let there = self.ledger.member(gln.value()).await?.map(|member| of_ledger(&member));
            if here != there {
                self.differ(
                    DifferenceKind::Facts,
                    format!("member {gln}"),
                    text(here),
                    text(there),
                );
            }
            for account in self.tx.accounts_of(&gln).await? {
                let acts = self.ledger.member_of(account.account).await? == Some(gln.value());
                if acts == account.revoked.is_some() {
                    let say = |acts| if acts { "acts" } else { "revoked" };
                    let what = format!("account {} of {gln}", account.account);
                    let here = say(account.revoked.is_none());
                    self.differ(DifferenceKind::Facts, what, here, say(acts));
                }
            }
        }
        for (gtin, labeler) in self.tx.products().await? {
            let there = self.ledger.labeler_of(gtin.value()).await?;
            if there != Some(labeler.value()) {
                let there = text(there.map(|gln| format!("{gln:013}")));
                let what = format!("product {gtin}");
                self.differ(DifferenceKind::Facts, what, labeler.to_string(), there);
            }
        }
        Ok(())
    }

    /// Compares the lots on record with the ledger.
    pub(super) async fn lots(&mut self) -> Result<(), NodeError> {
        for (lot, row) in self.tx.lots().await? {
            self.lot(&lot, &row).await?;
        }
        Ok(())
    }

    async fn lot(&mut self, lot: &Lgtin, row: &LotRow) -> Result<(), NodeError> {
        let Some(tag) = row.lot_tag else { return Ok(()) };
        let what = || format!("lot {} of {}", lot.lot, lot.gtin);
        let Some(facts) = self.tx.ledger_lot(&tag).await? else { return Ok(()) };
        let here = facts.pruned.is_none().then_some(facts.status);
        let there = self.ledger.lot(tag).await?.map(|lot| lot.status);
        if here != there {
            let [here, there] = [here, there].map(|status| text(status.map(word)));
            self.differ(DifferenceKind::Facts, what(), here, there);
        }
        let expected = status_on_the_way(&mut self.tx, lot).await?.unwrap_or(facts.status);
        if row.record.status != expected {
            let (here, there) = (word(row.record.status), word(expected));
            self.differ(DifferenceKind::LotStatus, what(), here, there);
        }
        let expiry = crate::clock::days_of(row.record.expiry);
        if expiry != facts.expiry {
            let here = format!("expires {}", row.record.expiry);
            let there = format!("expires day {} since 1970", facts.expiry);
            self.differ(DifferenceKind::LotExpiry, what(), here, there);
        }
        Ok(())
    }
}

fn word(status: LotStatus) -> String {
    format!("{status:?}")
}

fn of_store(member: &StoredMember) -> String {
    let StoredMember { roles, status, licence_expiry, endpoint, undo_days, .. } = member;
    format!("{status:?}, roles {roles:?}, licence {licence_expiry}, {endpoint}, undo {undo_days}")
}

fn of_ledger(member: &Member) -> String {
    let Member { roles, licence_expiry, endpoint, undo_days, .. } = member;
    let status = match member.status {
        MemberStatus::Active => theriac_store::MemberStatus::Active,
        MemberStatus::Suspended => theriac_store::MemberStatus::Suspended,
        MemberStatus::Revoked => theriac_store::MemberStatus::Revoked,
    };
    format!("{status:?}, roles {roles:?}, licence {licence_expiry}, {endpoint}, undo {undo_days}")
}
