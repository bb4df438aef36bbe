//! Who may act now.

use alloy::primitives::Address;

use super::Model;

/// Where a member stands with the consortium, with the numbers of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
#[expect(missing_docs, reason = "documented in IRegistry.sol")]
pub enum Standing {
    Active = 1,
    Suspended = 2,
    Revoked = 3,
}

/// A member.
#[derive(Debug, Clone)]
pub struct Member {
    /// Its GLN.
    pub gln: u64,
    /// Its roles, as a mask.
    pub roles: u32,
    /// Its standing.
    pub standing: Standing,
    /// Last day of its licence; 0 for none.
    pub licence_expiry: u32,
    /// For how many days its retirements can be undone.
    pub undo_days: u16,
    /// Accounts that are not revoked, in the order in which they were added.
    pub accounts: Vec<Address>,
    /// The account that was revoked last, which stands for the member when there is none.
    pub last_revoked: Address,
}

impl Member {
    /// A new member.
    pub fn new(gln: u64, roles: u32, account: Address) -> Self {
        let (standing, licence_expiry, undo_days) = (Standing::Active, 0, 10);
        let accounts = vec![account];
        let last_revoked = Address::ZERO;
        Self { gln, roles, standing, licence_expiry, undo_days, accounts, last_revoked }
    }

    /// The account that stands for it in logs.
    pub fn first_account(&self) -> Address {
        self.accounts.first().copied().unwrap_or(self.last_revoked)
    }
}

impl Model {
    /// Number of the member for whom an account acts.
    pub fn member_of(&self, account: Address) -> Option<usize> {
        self.members.iter().position(|m| m.accounts.contains(&account)).map(|at| at + 1)
    }

    /// The roles that an account has now.
    pub fn roles_of(&self, account: Address) -> u32 {
        let Some(number) = self.member_of(account) else { return 0 };
        let member = &self.members[number - 1];
        let licensed =
            member.licence_expiry == 0 || self.now_s / 86_400 <= u64::from(member.licence_expiry);
        if licensed && member.standing == Standing::Active { member.roles } else { 0 }
    }

    /// Number of the account's member, which has one of these roles now.
    pub(super) fn acting(&self, account: Address, any_of: u32) -> Result<usize, super::Refusal> {
        super::ensure(self.roles_of(account) & any_of != 0, "role")?;
        self.member_of(account).ok_or("no member")
    }

    /// The account that stands for a member, or zero for number 0.
    pub fn account_at(&self, number: usize) -> Address {
        number.checked_sub(1).map_or(Address::ZERO, |at| self.members[at].first_account())
    }
}
