//! Auditing one block: execute it again, compare everything it left.

use alloy_consensus::{Header, Sealed, TxEnvelope, transaction::Recovered};
use revm::primitives::B256;

use super::{Difference, Executed, Part};
use crate::{
    block::{ExecutedBlock, genesis_header},
    error::AuditError,
    execute::{self, Outcome},
    receipt::StoredReceipt,
    state::StateChanges,
    store::{StoredTransaction, View, criteria},
    transaction,
};

/// Audits the first block.
pub(super) fn genesis(
    view: &View<'_>,
    chain_id: u64,
    executed: &mut Executed,
) -> Result<Sealed<Header>, AuditError> {
    let stored = header(view, 0)?;
    let expected = genesis_header(chain_id);
    Difference::check(0, None, Part::Header, stored.inner(), expected.inner())?;
    Difference::check(0, None, Part::BlockHash, &stored.hash(), &expected.hash())?;
    index_of_block(view, &stored)?;
    extend_history(view, &expected, executed)?;
    executed.counters.add(&[], &StateChanges::default());
    executed.state.block_hashes.insert(0, expected.hash());
    Ok(expected)
}

/// Audits the block at `number`, child of `parent`; answers its header.
pub(super) fn next(
    view: &View<'_>,
    chain_id: u64,
    parent: &Sealed<Header>,
    number: u64,
    executed: &mut Executed,
) -> Result<Sealed<Header>, AuditError> {
    let stored = child(view, parent, number)?;
    let check =
        |part, stored: &_, executed: &_| Difference::check(number, None, part, stored, executed);
    let root = expected_root(view, number, executed)?;
    let bodies = recovered(&view.transactions(number)?)?;
    let (block, outcomes) =
        execute::block(chain_id, parent, stored.timestamp, root, bodies, &mut executed.state)?;
    all_mined(number, &outcomes)?;
    receipts(number, &view.receipts(number)?, &block.receipts)?;
    check(Part::StateRoot, &stored.state_root, &block.header.state_root)?;
    Difference::check(number, None, Part::Header, stored.inner(), block.header.inner())?;
    check(Part::BlockHash, &stored.hash(), &block.header.hash())?;
    index_of_block(view, &stored)?;
    indexes_of_content(view, &block, executed)?;
    extend_history(view, &block.header, executed)?;
    executed.state.apply(&block.changes);
    executed.state.block_hashes.insert(number, block.header.hash());
    executed.counters.add(&block.receipts, &block.changes);
    Ok(block.header)
}

/// Audits the header at `number`, child of `parent`, of a block whose body is pruned; answers it.
pub(super) fn header_only(
    view: &View<'_>,
    parent: &Sealed<Header>,
    number: u64,
    executed: &mut Executed,
) -> Result<Sealed<Header>, AuditError> {
    let stored = child(view, parent, number)?;
    let root = Some(expected_root(view, number, executed)?);
    let found = stored.parent_beacon_block_root;
    Difference::check(number, None, Part::History, &found, &root)?;
    let hash = stored.inner().hash_slow();
    Difference::check(number, None, Part::BlockHash, &stored.hash(), &hash)?;
    index_of_block(view, &stored)?;
    extend_history(view, &stored, executed)?;
    Ok(stored)
}

/// The stored header at `number`, which must follow `parent`.
fn child(
    view: &View<'_>,
    parent: &Sealed<Header>,
    number: u64,
) -> Result<Sealed<Header>, AuditError> {
    let stored = header(view, number)?;
    let (found, expected) = (&stored.parent_hash, &parent.hash());
    Difference::check(number, None, Part::ParentHash, found, expected)?;
    let earliest = stored.timestamp.max(parent.timestamp);
    Difference::check(number, None, Part::Timestamp, &stored.timestamp, &earliest)?;
    Ok(stored)
}

fn header(view: &View<'_>, number: u64) -> Result<Sealed<Header>, AuditError> {
    let missing = || {
        let (stored, executed) = ("no block".to_owned(), "a block".to_owned());
        let part = Part::Block;
        Difference { block: number, transaction: None, part, stored, executed }
    };
    view.header(number)?.ok_or_else(|| AuditError::Different(missing()))
}

/// The bodies with their signers, recovered again and compared with the stored senders.
fn recovered(stored: &[StoredTransaction]) -> Result<Vec<Recovered<TxEnvelope>>, AuditError> {
    let mut bodies = Vec::with_capacity(stored.len());
    for (expected, one) in (0u32..).zip(stored) {
        let (number, index) = one.place;
        Difference::check(number, Some(expected), Part::Transaction, &index, &expected)?;
        let signer = transaction::signer(one.body.inner());
        let sender = Some(one.body.signer());
        Difference::check(number, Some(index), Part::Sender, &sender, &signer)?;
        bodies.push(one.body.clone());
    }
    Ok(bodies)
}

/// The root over all blocks before `number`, as its header must have it.
fn expected_root(view: &View<'_>, number: u64, executed: &Executed) -> Result<B256, AuditError> {
    match number < view.history_from()? {
        true => Ok(B256::ZERO),
        false => Ok(executed.history.root()),
    }
}

/// Adds a block to the tree over all hashes, and compares what it completes.
fn extend_history(
    view: &View<'_>,
    header: &Sealed<Header>,
    executed: &mut Executed,
) -> Result<(), AuditError> {
    for (at, hash) in executed.history.push(header.hash()) {
        let found = view.history_node(at)?;
        Difference::check(header.number, None, Part::History, &found, &hash)?;
    }
    Ok(())
}

fn all_mined(number: u64, outcomes: &[Outcome]) -> Result<(), AuditError> {
    for (index, outcome) in (0u32..).zip(outcomes) {
        Difference::check(number, Some(index), Part::Transaction, &Outcome::Mined, outcome)?;
    }
    Ok(())
}

fn receipts(
    number: u64,
    stored: &[StoredReceipt],
    executed: &[StoredReceipt],
) -> Result<(), AuditError> {
    for (index, (stored, executed)) in (0u32..).zip(stored.iter().zip(executed)) {
        let index = Some(index);
        Difference::check(number, index, Part::Status, &stored.success, &executed.success)?;
        let gas = |receipt: &StoredReceipt| (receipt.gas_used, receipt.cumulative_gas_used);
        Difference::check(number, index, Part::Gas, &gas(stored), &gas(executed))?;
        let logs = |receipt: &StoredReceipt| (receipt.first_log_index, receipt.logs.clone());
        Difference::check(number, index, Part::Logs, &logs(stored), &logs(executed))?;
        let (left, right) = (&stored.revert_data, &executed.revert_data);
        Difference::check(number, index, Part::RevertData, left, right)?;
    }
    Difference::check(number, None, Part::Counters, &stored.len(), &executed.len())
}

fn index_of_block(view: &View<'_>, header: &Sealed<Header>) -> Result<(), AuditError> {
    let number = header.number;
    let found = view.number_of(header.hash())?;
    Difference::check(number, None, Part::Index, &found, &Some(number))
}

/// Every transaction is found by its hash, every log by its address and topics.
fn indexes_of_content(
    view: &View<'_>,
    block: &ExecutedBlock,
    executed: &mut Executed,
) -> Result<(), AuditError> {
    let number = block.header.number;
    for (index, body) in (0u32..).zip(&block.transactions) {
        let found = view.place_of(*body.tx_hash())?;
        Difference::check(number, Some(index), Part::Index, &found, &Some((number, index)))?;
    }
    for criterion in criteria(&block.receipts) {
        let found = view.blocks_with(criterion, number, number)?;
        Difference::check(number, None, Part::Index, &found, &vec![number])?;
        executed.log_index_rows += 1;
    }
    Ok(())
}
