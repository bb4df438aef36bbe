//! What must be the same on both.

use std::{collections::BTreeMap, fmt};

use alloy::primitives::{Address, U256, address};
use serde_json::{Value, json};

use crate::{anvil::Anvil, embedded::Account, embedded::Embedded, workload::View};

/// How much was compared, so that a workload that does little is seen.
#[derive(Default)]
pub(crate) struct Figures {
    blocks: usize,
    transactions: usize,
    reverted: usize,
    used_up: usize,
    contracts: usize,
    logs: usize,
    types: [usize; 3],
    accounts: usize,
    slots: usize,
}

impl fmt::Display for Figures {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            blocks,
            transactions,
            reverted,
            used_up,
            contracts,
            logs,
            types,
            accounts,
            slots,
        } = self;
        let [legacy, listed, dynamic] = types;
        write!(
            formatter,
            "{transactions} of {transactions} receipts in {blocks} blocks are the same \
             ({legacy} legacy, {listed} with access lists, {dynamic} dynamic; {reverted} failed, {used_up} of \
             them out of gas; {contracts} contracts created; {logs} logs), {accounts} accounts, {slots} slots"
        )
    }
}

impl Figures {
    /// The workload had a good deal of everything.
    pub(crate) fn are_rich(&self, blocks: u64) {
        let enough = |found: usize, of_blocks: u64| found as u64 >= of_blocks / 10;
        assert!(self.transactions as u64 >= 2 * blocks, "{self}");
        for found in
            [self.reverted, self.used_up, self.contracts, self.logs, self.accounts, self.slots]
        {
            assert!(enough(found, blocks), "{self}");
        }
        assert!(self.types.iter().all(|found| enough(*found, blocks)), "{self}");
    }

    fn count(&mut self, receipt: &Value, gas_limit: Option<&Value>) {
        self.transactions += 1;
        let failed = receipt["status"] == "0x0";
        self.reverted += usize::from(failed);
        self.used_up += usize::from(failed && Some(&receipt["gasUsed"]) == gas_limit);
        self.contracts += usize::from(!failed && receipt["contractAddress"].is_string());
        self.logs += receipt["logs"].as_array().map_or(0, Vec::len);
        match receipt["type"].as_str() {
            Some("0x1") => self.types[1] += 1,
            Some("0x2") => self.types[2] += 1,
            _ => self.types[0] += 1,
        }
    }
}

/// Fields of a receipt that must be equal.
const RECEIPT: [&str; 11] = [
    "transactionHash",
    "transactionIndex",
    "type",
    "status",
    "gasUsed",
    "cumulativeGasUsed",
    "logsBloom",
    "from",
    "to",
    "contractAddress",
    "blockNumber",
];
/// Fields of a log that must be equal.
const LOG: [&str; 6] =
    ["address", "topics", "data", "logIndex", "transactionIndex", "transactionHash"];
/// Fields of a block that must be equal.
const BLOCK: [&str; 9] = [
    "number",
    "timestamp",
    "gasUsed",
    "gasLimit",
    "baseFeePerGas",
    "transactionsRoot",
    "receiptsRoot",
    "logsBloom",
    "transactions",
];

fn same(at: &str, fields: &[&str], ours: &Value, theirs: &Value) {
    for field in fields {
        // What is absent on one side is null on the other.
        let (ours, theirs) = (&ours[*field], &theirs[*field]);
        assert_eq!(ours, theirs, "{at}: {field}: ledger, then anvil");
    }
}

/// Compares a block and its receipts; answers the receipts.
pub(crate) async fn block(
    embedded: &Embedded,
    anvil: &Anvil,
    number: u64,
    figures: &mut Figures,
) -> Vec<Value> {
    let tag = format!("{number:#x}");
    let at = format!("block {number}");
    let ours = embedded.ask("eth_getBlockReceipts", json!([tag])).await;
    let theirs = anvil.ask("eth_getBlockReceipts", json!([tag])).await;
    let (ours, theirs) = (ours.as_array().expect("a list"), theirs.as_array().expect("a list"));
    let bodies = embedded.ask("eth_getBlockByNumber", json!([tag, true])).await;
    assert_eq!(ours.len(), theirs.len(), "{at}");
    for (index, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
        let at = format!("{at}, transaction {index}");
        same(&at, &RECEIPT, ours, theirs);
        let logs = |receipt: &Value| receipt["logs"].as_array().cloned().unwrap_or_default();
        assert_eq!(logs(ours).len(), logs(theirs).len(), "{at}");
        for (ours, theirs) in logs(ours).iter().zip(&logs(theirs)) {
            same(&at, &LOG, ours, theirs);
        }
        figures.count(ours, bodies["transactions"][index].get("gas"));
    }
    let our_block = embedded.ask("eth_getBlockByNumber", json!([tag, false])).await;
    let their_block = anvil.ask("eth_getBlockByNumber", json!([tag, false])).await;
    same(&at, &BLOCK, &our_block, &their_block);
    figures.blocks += 1;
    ours.clone()
}

/// Compares what calls return, and what they revert with.
pub(crate) async fn views(embedded: &Embedded, anvil: &Anvil, views: &[View]) {
    for View { from, to, input } in views {
        let call = json!([{"from": from, "to": to, "input": input, "gas": "0xf4240"}, "latest"]);
        let (ours, theirs) = (embedded.call(call.clone()).await, anvil.call(call.clone()).await);
        assert_eq!(ours, theirs, "{call}");
    }
}

/// Nothing is left over on either side.
pub(crate) async fn pool(embedded: &Embedded, anvil: &Anvil) {
    let ours = embedded.ask("txpool_status", json!([])).await;
    assert_eq!(ours, anvil.ask("txpool_status", json!([])).await);
}

/// Asks anvil for every slot that is not zero, as clients do.
pub(crate) async fn slots(world: &BTreeMap<Address, Account>, anvil: &Anvil) {
    for (address, account) in world {
        let asked = account.slots.keys().map(|slot| json!([address, slot, "latest"])).collect();
        let found = anvil.ask_all("eth_getStorageAt", asked).await;
        for ((slot, value), found) in account.slots.iter().zip(found) {
            let found: U256 = serde_json::from_value(found).expect("a number");
            assert_eq!(found, *value, "{address} {slot}");
        }
    }
}

/// The contract of EIP-2935, which keeps block hashes for what has no other access to them; the ledger
/// has none of the system contracts (crate documentation, "Rules").
const HISTORY: Address = address!("0x0000f90827f1c53a10cb7a02335b175320002935");

/// Compares all accounts in both directions: nonce, balance, code and every slot.
pub(crate) fn worlds(
    ours: &BTreeMap<Address, Account>,
    theirs: &BTreeMap<Address, Account>,
    figures: &mut Figures,
) {
    for (address, account) in ours {
        assert_eq!(Some(account), theirs.get(address), "{address}: ledger, then anvil");
        figures.accounts += 1;
        figures.slots += account.slots.len();
    }
    let more = theirs.keys().filter(|address| !ours.contains_key(*address) && **address != HISTORY);
    let more: Vec<_> = more.collect();
    assert!(more.is_empty(), "anvil has accounts that the ledger has not: {more:?}");
}
