//! How the blocks of a bundle lead to what is trusted.

use theriac_custody::Hash;

use super::block::{CheckedHeader, Fact, event_of, facts_of, log_data};
use super::report::{Headers, TrustedBy, Until};
use super::{
    Answers, BlockProof, Blocks, BundleError, HexBytes, LedgerProof, Network, ToldTransaction,
    history,
};

/// What the ledger's part of a bundle proves.
#[derive(Debug, Clone)]
pub(super) struct Proven {
    /// What the contracts logged, in the order of the chain.
    pub(super) facts: Vec<Fact>,
    /// All transactions.
    pub(super) transactions: Vec<Hash>,
    /// The block up to which the bundle goes.
    pub(super) until: Until,
    pub(super) headers: Headers,
    pub(super) trusted_by: TrustedBy,
}

/// Checks the blocks against what is trusted, and reads the logs that they prove.
pub(super) fn prove(
    ledger: &LedgerProof,
    network: &Network,
    trust: &Blocks,
) -> Result<Proven, BundleError> {
    if let Blocks::Endpoint(answers) = trust
        && answers.chain_id != network.chain_id
    {
        let (expected, found) = (answers.chain_id, network.chain_id);
        return Err(BundleError::OtherChain { expected, found });
    }
    let (blocks, headers, kind) = match ledger {
        LedgerProof::Chain { blocks, between } => (blocks, chain(blocks, between)?, Headers::Chain),
        LedgerProof::History { blocks, paths, head } => {
            (blocks, in_history(blocks, paths, head)?, Headers::History)
        }
        LedgerProof::Separate { blocks } => (blocks, ascending(blocks)?, Headers::Separate),
        LedgerProof::NotEthereum { transactions } => return told(transactions, network, trust),
    };
    let (until, trusted_by) = believe(blocks, &headers, kind, trust)?;
    let (mut facts, mut transactions) = (Vec::new(), Vec::new());
    for proof in blocks {
        let header = CheckedHeader::of(&proof.header)?;
        facts_of(proof, &header, network, &mut facts, &mut transactions)?;
    }
    Ok(Proven { facts, transactions, until, headers: kind, trusted_by })
}

/// The logs of a ledger's part whose blocks are believed, and its transactions.
pub(super) fn read(
    ledger: &LedgerProof,
    network: &Network,
) -> Result<(Vec<Fact>, Vec<Hash>), BundleError> {
    let (mut facts, mut hashes) = (Vec::new(), Vec::new());
    match ledger {
        LedgerProof::NotEthereum { transactions } => {
            for told in transactions {
                hashes.push(told.hash);
                facts_told(told, 0, network, &mut facts)?;
            }
        }
        LedgerProof::Chain { blocks, .. }
        | LedgerProof::History { blocks, .. }
        | LedgerProof::Separate { blocks } => {
            for proof in blocks {
                let header = CheckedHeader::of(&proof.header)?;
                facts_of(proof, &header, network, &mut facts, &mut hashes)?;
            }
        }
    }
    Ok((facts, hashes))
}

/// Adds what the contracts logged in a transaction that an endpoint told of.
fn facts_told(
    told: &ToldTransaction,
    timestamp: u64,
    network: &Network,
    facts: &mut Vec<Fact>,
) -> Result<(), BundleError> {
    for (log, one) in (0..).zip(&told.logs) {
        let data = log_data(&one.topics, &one.data);
        let Some(event) = event_of(one.address, &data, network, told.hash)? else { continue };
        let (block, transaction) = (told.block, told.hash);
        facts.push(Fact { block, timestamp, transaction, log, event });
    }
    Ok(())
}

fn ascending(blocks: &[BlockProof]) -> Result<Vec<CheckedHeader>, BundleError> {
    let mut headers: Vec<CheckedHeader> = Vec::with_capacity(blocks.len());
    for proof in blocks {
        let header = CheckedHeader::of(&proof.header)?;
        if let Some(before) = headers.last().filter(|before| before.number >= header.number) {
            let (before, found) = (before.number, header.number);
            return Err(BundleError::BlocksNotAscending { before, found });
        }
        headers.push(header);
    }
    if headers.is_empty() { Err(BundleError::NoBlock) } else { Ok(headers) }
}

/// All headers from the first block to the head, each the parent of the next.
fn chain(blocks: &[BlockProof], between: &[HexBytes]) -> Result<Vec<CheckedHeader>, BundleError> {
    let mut headers = ascending(blocks)?;
    let first = headers[0].number;
    let mut before = None;
    for bytes in between {
        let header = CheckedHeader::of(bytes)?;
        if let Some(before) = before.replace(header.number).filter(|b| *b >= header.number) {
            return Err(BundleError::BlocksNotAscending { before, found: header.number });
        }
        headers.push(header);
    }
    headers.sort_by_key(|header| header.number);
    for (number, pair) in (first..).zip(&headers) {
        if pair.number != number {
            return Err(BundleError::HeaderMissing { number });
        }
    }
    for pair in headers.windows(2) {
        if pair[1].parent != pair[0].hash {
            let (number, expected, found) = (pair[1].number, pair[0].hash, pair[1].parent);
            return Err(BundleError::NotLinked { number, expected, found });
        }
    }
    Ok(headers)
}

/// The blocks, each in the history of the head, which is the last.
fn in_history(
    blocks: &[BlockProof],
    paths: &[Vec<Hash>],
    head: &HexBytes,
) -> Result<Vec<CheckedHeader>, BundleError> {
    let mut headers = ascending(blocks)?;
    let head = CheckedHeader::of(head)?;
    if paths.len() != headers.len() {
        return Err(BundleError::Paths { expected: headers.len(), found: paths.len() });
    }
    for (header, path) in headers.iter().zip(paths) {
        if !history::commits(&head, header, path) {
            return Err(BundleError::NotInHistory { number: header.number, head: head.number });
        }
    }
    headers.push(head);
    Ok(headers)
}

/// Why the headers are believed, and up to which block.
fn believe(
    blocks: &[BlockProof],
    headers: &[CheckedHeader],
    kind: Headers,
    trust: &Blocks,
) -> Result<(Until, TrustedBy), BundleError> {
    let (Some(last), Some(step)) = (headers.last(), blocks.last()) else {
        return Err(BundleError::NoBlock);
    };
    let linked = kind != Headers::Separate || blocks.len() == 1;
    match trust {
        Blocks::Endpoint(answers) => {
            // Linked headers are believed for the last one's sake.
            let asked = if linked { &headers[headers.len() - 1..] } else { headers };
            for header in asked {
                at_endpoint(answers, header.number, header.hash)?;
            }
            Ok((Until::of(last), TrustedBy::Endpoint))
        }
        _ if !linked => Err(BundleError::NeedsEndpoint { headers: "not linked to each other" }),
        Blocks::Printed => Ok((Until::of(last), TrustedBy::Nothing)),
        Blocks::Hash(expected) => {
            let found = match kind {
                // Only the head's history is proven.
                Headers::History => Some(last).filter(|header| header.hash == *expected),
                _ => headers.iter().find(|header| header.hash == *expected),
            };
            let Some(trusted) = found else {
                let (found, number) = (last.hash, last.number);
                return Err(BundleError::OtherBlock { expected: *expected, found, number });
            };
            let found = CheckedHeader::of(&step.header)?.number;
            if found > trusted.number {
                return Err(BundleError::AfterTrusted { trusted: trusted.number, found });
            }
            Ok((Until::of(trusted), TrustedBy::BlockHash))
        }
    }
}

fn at_endpoint(answers: &Answers, number: u64, expected: Hash) -> Result<u64, BundleError> {
    match answers.blocks.get(&number) {
        Some(told) if told.hash == expected => Ok(told.timestamp),
        told => {
            let found = told.map(|told| told.hash);
            Err(BundleError::NotAtEndpoint { number, expected, found })
        }
    }
}

/// Transactions that only an endpoint can tell of.
fn told(
    transactions: &[ToldTransaction],
    network: &Network,
    trust: &Blocks,
) -> Result<Proven, BundleError> {
    let Blocks::Endpoint(answers) = trust else {
        return Err(BundleError::NeedsEndpoint { headers: "not those of Ethereum" });
    };
    let mut facts = Vec::new();
    let mut until: Option<(Until, u64)> = None;
    for told in transactions {
        let timestamp = at_endpoint(answers, told.block, told.block_hash)?;
        if answers.transactions.get(&told.hash) != Some(told) {
            return Err(BundleError::TransactionDiffers { transaction: told.hash });
        }
        let place = (told.block, told.index);
        if until.as_ref().is_some_and(|(until, index)| place <= (until.block, *index)) {
            let (number, index) = place;
            return Err(BundleError::TransactionsNotAscending { number, index });
        }
        until = Some((Until::at(told.block, told.block_hash, timestamp), told.index));
        facts_told(told, timestamp, network, &mut facts)?;
    }
    let (until, _) = until.ok_or(BundleError::NoBlock)?;
    let transactions = transactions.iter().map(|told| told.hash).collect();
    Ok(Proven {
        facts,
        transactions,
        until,
        headers: Headers::NotEthereum,
        trusted_by: TrustedBy::Endpoint,
    })
}
