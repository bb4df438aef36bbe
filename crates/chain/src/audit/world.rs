//! Auditing the state: every account, code and slot, and nothing besides.

use revm::{
    primitives::{U256, keccak256},
    state::AccountInfo,
};

use super::{Difference, Executed, Part};
use crate::{
    error::AuditError,
    store::{RowCounts, View},
};

/// Compares the stored state, counters and table sizes with the executed ones.
pub(super) fn compare(view: &View<'_>, head: u64, executed: &Executed) -> Result<(), AuditError> {
    accounts(view, head, executed)?;
    codes(view, head, executed)?;
    storage(view, head, executed)?;
    Difference::check(head, None, Part::Counters, &view.counters()?, &executed.counters)?;
    let mut expected = RowCounts {
        blocks: executed.counters.blocks,
        transactions: executed.counters.transactions,
        log_index: executed.log_index_rows,
    };
    if let Some(snapshot) = view.snapshot()? {
        let (transactions, log_index) = view.left_over(&snapshot)?;
        expected.transactions -= snapshot.counters.transactions.min(expected.transactions);
        expected.transactions += transactions;
        expected.log_index += log_index;
    }
    Difference::check(head, None, Part::Counters, &view.row_counts()?, &RowCounts::all(expected))
}

/// Both directions: what is stored was executed, and what was executed is stored.
fn accounts(view: &View<'_>, head: u64, executed: &Executed) -> Result<(), AuditError> {
    let check = |address, stored: &Option<AccountInfo>, wanted: &Option<AccountInfo>| {
        Difference::check(head, None, Part::Account(address), stored, wanted)
    };
    let expected = &executed.state.accounts;
    let mut found = 0;
    view.each_account(|address, account| {
        found += 1;
        check(address, &Some(account), &expected.get(&address).cloned())
    })?;
    if found == expected.len() {
        return Ok(());
    }
    for (address, account) in expected {
        check(*address, &view.account(*address)?, &Some(account.clone()))?;
    }
    Ok(())
}

fn codes(view: &View<'_>, head: u64, executed: &Executed) -> Result<(), AuditError> {
    let expected = &executed.state.codes;
    let mut found = 0;
    view.each_code(|hash, code| {
        found += 1;
        Difference::check(head, None, Part::Code(hash), &hash, &keccak256(&code))?;
        let wanted = expected.get(&hash).map(|code| code.original_bytes());
        Difference::check(head, None, Part::Code(hash), &Some(code), &wanted)
    })?;
    Difference::check(head, None, Part::Counters, &found, &expected.len())
}

fn storage(view: &View<'_>, head: u64, executed: &Executed) -> Result<(), AuditError> {
    let check = |address, slot, stored: &U256, wanted: &U256| {
        Difference::check(head, None, Part::Storage(address, slot), stored, wanted)
    };
    let expected = &executed.state.slots;
    let mut found = 0;
    view.each_slot(|address, slot, value| {
        found += 1;
        check(address, slot, &value, &expected.get(&(address, slot)).copied().unwrap_or_default())
    })?;
    if found == expected.len() {
        return Ok(());
    }
    for ((address, slot), value) in expected {
        check(*address, *slot, &view.slot(*address, *slot)?, value)?;
    }
    // Everything executed is stored, so a row too many must hold a zero.
    Difference::check(head, None, Part::Counters, &found, &expected.len())
}
