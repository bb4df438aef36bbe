//! A snapshot of the ledger: every question a reader may ask, answered as of one block.

use alloy_consensus::{Header, Sealed, TxEnvelope, transaction::Recovered};
use alloy_eips::Decodable2718;
use redb::{ReadTransaction, ReadableTable};
use revm::primitives::{Address, B256};

use super::{
    counters::{self, Counters, Totals},
    read_state::StoredState,
    tables::{
        self, HASH_BYTES, HEADERS, HISTORY, LOCATIONS, LOG_INDEX, META, NUMBERS, Place, RECEIPTS,
        SENDER_BYTES, TRANSACTIONS,
    },
};
use crate::{
    error::StoreError,
    history::{self, Node},
    receipt::StoredReceipt,
    state::{CodeCache, StateCache},
};

/// One redb snapshot: it does not change while blocks are added.
pub(crate) struct View<'a> {
    transaction: ReadTransaction,
    codes: &'a CodeCache,
}

/// A mined transaction and its place.
#[derive(Clone, Debug)]
pub(crate) struct StoredTransaction {
    pub(crate) place: Place,
    pub(crate) body: Recovered<TxEnvelope>,
}

impl<'a> View<'a> {
    pub(super) fn new(transaction: ReadTransaction, codes: &'a CodeCache) -> Self {
        Self { transaction, codes }
    }

    /// The database transaction under this view.
    pub(crate) fn inner(&self) -> &ReadTransaction {
        &self.transaction
    }

    /// The newest header of this view.
    pub(crate) fn head(&self) -> Result<Sealed<Header>, StoreError> {
        let table = self.transaction.open_table(HEADERS)?;
        let (_, row) = table.last()?.ok_or_else(|| tables::missing("headers", "the head"))?;
        decode_header(row.value())
    }

    /// The header at a height.
    pub(crate) fn header(&self, number: u64) -> Result<Option<Sealed<Header>>, StoreError> {
        let table = self.transaction.open_table(HEADERS)?;
        table.get(number)?.map(|row| decode_header(row.value())).transpose()
    }

    /// The height of the block with a hash.
    pub(crate) fn number_of(&self, hash: B256) -> Result<Option<u64>, StoreError> {
        let table = self.transaction.open_table(NUMBERS)?;
        Ok(table.get(hash.0)?.map(|row| row.value()))
    }

    /// The place of the transaction with a hash.
    pub(crate) fn place_of(&self, hash: B256) -> Result<Option<Place>, StoreError> {
        let table = self.transaction.open_table(LOCATIONS)?;
        Ok(table.get(hash.0)?.map(|row| row.value()))
    }

    /// The transaction at a place.
    pub(crate) fn transaction(
        &self,
        place: Place,
    ) -> Result<Option<StoredTransaction>, StoreError> {
        let table = self.transaction.open_table(TRANSACTIONS)?;
        table.get(place)?.map(|row| decode_transaction(place, row.value())).transpose()
    }

    /// All transactions of a block, in order.
    pub(crate) fn transactions(&self, number: u64) -> Result<Vec<StoredTransaction>, StoreError> {
        let table = self.transaction.open_table(TRANSACTIONS)?;
        let rows = table.range((number, 0)..=(number, u32::MAX))?;
        rows.map(|row| {
            let (place, row) = row?;
            decode_transaction(place.value(), row.value())
        })
        .collect()
    }

    /// The receipt at a place.
    pub(crate) fn receipt(&self, place: Place) -> Result<Option<StoredReceipt>, StoreError> {
        let table = self.transaction.open_table(RECEIPTS)?;
        table.get(place)?.map(|row| tables::decode_rlp("receipts", row.value())).transpose()
    }

    /// All receipts of a block, in order.
    pub(crate) fn receipts(&self, number: u64) -> Result<Vec<StoredReceipt>, StoreError> {
        let table = self.transaction.open_table(RECEIPTS)?;
        let rows = table.range((number, 0)..=(number, u32::MAX))?;
        rows.map(|row| tables::decode_rlp("receipts", row?.1.value())).collect()
    }

    /// Heights `first..=last` of blocks with a log that meets `criterion`, ascending. May name a
    /// block that has none, never leaves one out.
    pub(crate) fn blocks_with(
        &self,
        criterion: u64,
        first: u64,
        last: u64,
    ) -> Result<Vec<u64>, StoreError> {
        let table = self.transaction.open_table(LOG_INDEX)?;
        let rows = table.range((criterion, first)..=(criterion, last))?;
        rows.map(|row| Ok(row?.0.value().1)).collect()
    }

    /// A complete subtree over block hashes.
    pub(crate) fn history_node(&self, at: Node) -> Result<B256, StoreError> {
        let row = self.transaction.open_table(HISTORY)?.get(at)?.map(|row| B256::from(row.value()));
        row.ok_or_else(|| tables::missing("history", format!("{at:?}")))
    }

    /// The root over the first `count` blocks, at least one.
    pub(crate) fn history_root(&self, count: u64) -> Result<B256, StoreError> {
        history::root(0, count, &|at| self.history_node(at))
    }

    /// What leads from block `number` to the root over the first `count` blocks.
    pub(crate) fn history_path(&self, number: u64, count: u64) -> Result<Vec<B256>, StoreError> {
        history::path(number, count, &|at| self.history_node(at))
    }

    /// The first block whose header has the root over those before it.
    pub(crate) fn history_from(&self) -> Result<u64, StoreError> {
        let table = self.transaction.open_table(META)?;
        Ok(table.get(tables::META_HISTORY_FROM)?.map_or(0, |value| value.value()))
    }

    /// The totals.
    pub(crate) fn counters(&self) -> Result<Counters, StoreError> {
        Counters::read(&self.transaction.open_table(META)?)
    }

    /// The totals, and what is kept of the bodies.
    pub(crate) fn totals(&self) -> Result<Totals, StoreError> {
        let table = self.transaction.open_table(META)?;
        Ok(Totals {
            counters: Counters::read(&table)?,
            bodies_bytes: counters::bodies_bytes(&table)?,
            bodies_from: self.bodies_from()?,
        })
    }

    /// The world state, read through `cache` if one is given.
    pub(crate) fn state<'c>(
        &'c self,
        cache: Option<&'c mut StateCache>,
    ) -> Result<StoredState<'c>, StoreError> {
        StoredState::open(&self.transaction, self.codes, cache)
    }
}

fn decode_header(row: &[u8]) -> Result<Sealed<Header>, StoreError> {
    let (hash, header) = row
        .split_at_checked(HASH_BYTES)
        .ok_or_else(|| tables::undecodable("headers", "shorter than a hash"))?;
    let header: Header = tables::decode_rlp("headers", header)?;
    Ok(Sealed::new_unchecked(header, B256::from_slice(hash)))
}

fn decode_transaction(place: Place, row: &[u8]) -> Result<StoredTransaction, StoreError> {
    let (sender, mut body) = row
        .split_at_checked(SENDER_BYTES)
        .ok_or_else(|| tables::undecodable("transactions", "shorter than a sender"))?;
    let body = TxEnvelope::decode_2718(&mut body)
        .map_err(|_| tables::undecodable("transactions", "not an EIP-2718 transaction"))?;
    let body = Recovered::new_unchecked(body, Address::from_slice(sender));
    Ok(StoredTransaction { place, body })
}
