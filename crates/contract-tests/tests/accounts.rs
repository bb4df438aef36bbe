//! Accounts of members come, go and come back: the registry beside a list.

use std::collections::BTreeMap;

use alloy::primitives::Address;
use proptest::prelude::*;
use theriac_contract_tests::registry::Registry;
use theriac_contract_tests::{Member, Model, Standing, World, runs};

/// A case that failed is printed, not kept in a file.
fn config() -> ProptestConfig {
    let failure_persistence = None;
    ProptestConfig { cases: runs(2_000), failure_persistence, ..ProptestConfig::default() }
}

/// An address that some member may get.
fn candidate(number: u8) -> Address {
    Address::repeat_byte(0x20 + number % 24)
}

/// A registry, and what it should say.
struct Twin {
    world: World,
    model: Model,
    /// The member of every address that ever was an account.
    home: BTreeMap<Address, usize>,
}

impl Twin {
    fn new() -> Self {
        let (mut world, mut model) = (World::empty(), Model::new());
        model.members.truncate(2);
        model.members[0].accounts.truncate(1);
        let mut home = BTreeMap::new();
        for (at, (gln, roles, account)) in World::MEMBERS.into_iter().take(2).enumerate() {
            world.admit(gln, roles, account);
            home.insert(account, at);
        }
        Self { world, model, home }
    }

    /// `by` is an account of a member, or the governor.
    fn add(&mut self, by: Address, at: usize, account: Address) {
        let member = &self.model.members[at];
        let acts = self.model.member_of(by) == Some(at + 1) && self.model.roles_of(by) != 0;
        let free = self.home.get(&account).is_none_or(|home| *home == at);
        let new = !member.accounts.contains(&account) && member.accounts.len() < 16;
        let call = Registry::addAccountCall { gln: member.gln, account };
        let found = self.world.registry(by, &call).is_ok();
        assert_eq!(found, acts && free && new, "{by} adds {account} to {at}");
        if found {
            self.model.members[at].accounts.push(account);
            self.home.insert(account, at);
        }
    }

    fn revoke(&mut self, by: Address, account: Address) {
        let number = self.model.member_of(account);
        let acts = by == World::GOVERNOR
            || (self.model.member_of(by) == number && self.model.roles_of(by) != 0);
        let found = self.world.registry(by, &Registry::revokeAccountCall { account }).is_ok();
        assert_eq!(found, acts && number.is_some(), "{by} revokes {account}");
        if found {
            let member = &mut self.model.members[number.expect("looked at before") - 1];
            member.accounts.retain(|other| *other != account);
            member.last_revoked = account;
        }
    }

    fn check(&mut self) {
        let registry = self.world.at.registry;
        for (at, member) in self.model.members.iter().enumerate() {
            let expected = listed(member);
            let call = Registry::accountsOfCall { gln: member.gln };
            assert_eq!(self.world.evm.view(registry, &call).expect("a view"), expected);
            let number = (at + 1).to_string().parse().expect("a number");
            let call = Registry::accountAtCall { number };
            assert_eq!(self.world.evm.view(registry, &call).expect("a view"), expected[0]);
        }
        for account in self.home.keys() {
            let call = Registry::accountOfCall { account: *account };
            let found = self.world.evm.view(registry, &call).expect("a view");
            let number = self.model.member_of(*account).unwrap_or(0);
            assert_eq!(found.number.to::<usize>(), number);
            assert_eq!(found.roles, self.model.roles_of(*account));
        }
    }
}

/// What the registry lists: if nobody acts for a member, the account that was revoked last.
fn listed(member: &Member) -> Vec<Address> {
    match member.accounts.is_empty() {
        true => vec![member.last_revoked],
        false => member.accounts.clone(),
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn accounts_are_those_of_a_list(
        steps in prop::collection::vec((0u8..12, any::<u8>(), any::<u8>(), 0usize..2), 1..40),
    ) {
        let mut twin = Twin::new();
        for (kind, first, second, at) in steps {
            let own = twin.model.members[at].accounts.clone();
            let by = own.get(usize::from(second) % own.len().max(1)).copied();
            let by = by.unwrap_or(World::STRANGER);
            match kind {
                0..=5 => twin.add(by, at, candidate(first)),
                6 => twin.add(World::GOVERNOR, at, candidate(first)),
                7 => twin.revoke(by, candidate(first)),
                8 => twin.revoke(by, own.get(usize::from(first) % own.len().max(1)).copied().unwrap_or(by)),
                9 => twin.revoke(World::GOVERNOR, candidate(first)),
                _ => {
                    let standing = [Standing::Active, Standing::Active, Standing::Suspended];
                    twin.model.members[at].standing = standing[usize::from(first) % 3];
                    let member = &twin.model.members[at];
                    let (gln, status) = (member.gln, member.standing as u8);
                    let call = Registry::setStatusCall { gln, status };
                    prop_assert!(twin.world.registry(World::GOVERNOR, &call).is_ok());
                }
            }
        }
        twin.check();
    }
}
