//! Members, accounts and products, as far as the registry's logs in a bundle prove them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use theriac_custody::{Account, Hash};

use super::block::Fact;
use super::report::Party;
use super::{BundleError, report};
use crate::event::LedgerEvent;

/// What the registry's logs have said so far.
#[derive(Debug, Default)]
pub(super) struct Parties {
    /// Name and transaction, by GLN.
    members: BTreeMap<u64, (String, Hash)>,
    /// GLN and transaction, by account.
    accounts: HashMap<Account, (u64, Hash)>,
    /// Labeler of the product of interest.
    labeler: Option<u64>,
    /// Transactions that have proven something that was asked for.
    pub(super) used: BTreeSet<Hash>,
    /// Accounts that were asked for.
    pub(super) asked: BTreeSet<Account>,
    /// Whether nothing need be proven yet.
    draft: bool,
}

impl Parties {
    /// Those of a bundle that is being made: any account will do.
    pub(super) fn draft() -> Self {
        Self { draft: true, ..Self::default() }
    }

    /// Takes note of a log; `gtin` is the product of interest.
    pub(super) fn note(&mut self, fact: &Fact, gtin: Option<u64>) {
        match &fact.event {
            LedgerEvent::MemberAdded { gln, name, .. } => {
                self.members.insert(*gln, (name.clone(), fact.transaction));
            }
            LedgerEvent::AccountAdded { gln, account } => {
                self.accounts.insert(*account, (*gln, fact.transaction));
            }
            LedgerEvent::AccountRevoked { account, .. } => {
                self.accounts.remove(account);
            }
            LedgerEvent::ProductAdded { gtin: of, gln }
            | LedgerEvent::ProductTransferred { gtin: of, gln }
                if Some(*of) == gtin =>
            {
                self.labeler = Some(*gln);
                self.used.insert(fact.transaction);
            }
            _ => {}
        }
    }

    /// The labeler of the product, for whom `account` must act.
    ///
    /// # Errors
    ///
    /// [`BundleError::NotLabeler`].
    pub(super) fn labeler(&mut self, account: Account) -> Result<Party, BundleError> {
        let member = self.accounts.get(&account).map(|(gln, _)| *gln);
        if !self.draft && (member.is_none() || member != self.labeler) {
            return Err(BundleError::NotLabeler { labeler: self.labeler, account, member });
        }
        self.of(account)
    }

    /// The member for whom an account acts.
    ///
    /// # Errors
    ///
    /// [`BundleError::AccountUnknown`].
    pub(super) fn of(&mut self, account: Account) -> Result<report::Party, BundleError> {
        self.asked.insert(account);
        if self.draft {
            return Ok(Party { gln: String::new(), name: String::new(), account });
        }
        let unknown = BundleError::AccountUnknown { account };
        let Some((gln, added)) = self.accounts.get(&account) else { return Err(unknown) };
        let Some((name, joined)) = self.members.get(gln) else { return Err(unknown) };
        self.used.extend([*added, *joined]);
        Ok(Party { gln: format!("{gln:013}"), name: name.clone(), account })
    }
}
