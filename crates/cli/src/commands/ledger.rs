//! `theriac ledger`: puts the contracts on a network, and executes the embedded ledger again.

mod deploy;
mod prune;

use std::path::PathBuf;

use anyhow::bail;
use clap::{Args, Subcommand};
use serde::Serialize;
use theriac_chain::{AuditError, AuditReport, Chain};
use theriac_node::Config;

use crate::exit::Outcome;
use crate::output::{self, count};
use crate::place::{self, Place};
use crate::progress;

/// Put the contracts on a network, or look after the embedded ledger
#[derive(Debug, Args)]
pub struct LedgerArgs {
    #[command(subcommand)]
    command: LedgerCommand,
}

#[derive(Debug, Subcommand)]
enum LedgerCommand {
    /// Put the contracts on an Ethereum network
    ///
    /// Doing it again with the same key and options deploys nothing twice, and finishes what was
    /// interrupted. The network needs the rules of Prague.
    Deploy(deploy::DeployArgs),
    /// Execute every block again from the first and compare all that is stored with what comes out
    ///
    /// The node must be stopped. Exit code 0 if everything agrees, 1 if not.
    Audit {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Delete transactions, receipts and logs of old blocks, and make the file shorter
    ///
    /// The node must be stopped. What is to be deleted is executed again first, as by audit; headers and
    /// the state stay, and an audit begins at the block before the first that is kept. Nodes that join
    /// later or have to follow the ledger anew need all blocks, and so do reconcile and prove: keep
    /// them all where others, or these, depend on it.
    PruneBodies(prune::PruneArgs),
}

/// What an audit found.
#[derive(Debug, Serialize)]
struct AuditAnswer {
    agrees: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    difference: Option<String>,
    blocks: u64,
    transactions: u64,
    gas: u64,
    storage_slots: u64,
    /// The last block whose body is pruned: execution began at the state after it.
    #[serde(skip_serializing_if = "Option::is_none")]
    snapshot: Option<u64>,
    /// Hash of that state.
    #[serde(skip_serializing_if = "Option::is_none")]
    snapshot_state: Option<String>,
}

/// Deploys, or audits.
///
/// # Errors
///
/// As [`deploy::run`]; or the node has no ledger of its own, runs, or its ledger cannot be read.
pub async fn run(place: Option<Place>, args: LedgerArgs) -> anyhow::Result<Outcome> {
    match args.command {
        LedgerCommand::Deploy(args) => deploy::run(place, args).await,
        LedgerCommand::Audit { json } => audit(place, json),
        LedgerCommand::PruneBodies(args) => prune::run(place, &args),
    }
}

/// The folder of the node's own ledger, which nobody has open.
fn closed_ledger(place: Option<Place>) -> anyhow::Result<PathBuf> {
    let folder = place::folder(place)?;
    let config = Config::load(&folder.config_file())?;
    if let Some(url) = config.ledger.url {
        bail!("expected an embedded ledger, found one at {url}: do it in the folder of its node");
    }
    if let Some(url) = folder.serving_url() {
        bail!("the node serves {url} and has the ledger open; stop it first");
    }
    Ok(folder.ledger())
}

/// Audits the ledger in the node's folder; yes if it agrees.
fn audit(place: Option<Place>, json: bool) -> anyhow::Result<Outcome> {
    let folder = closed_ledger(place)?;
    let bar = progress::steps("auditing blocks", 0);
    let result = Chain::audit_dir(&folder, &mut |done, of| {
        bar.set_length(of);
        bar.set_position(done);
    });
    bar.finish_and_clear();
    let answer = match result {
        Ok(report) => agrees(report),
        Err(AuditError::Different(difference)) => differs(difference.to_string()),
        Err(error) => return Err(error.into()),
    };
    match (json, &answer.difference) {
        (true, _) => output::print_json(&answer)?,
        (false, None) => output::print(&format!(
            "the ledger agrees with its execution: {}, {}, {} of gas{}\n",
            count(answer.blocks, "block"),
            count(answer.transactions, "transaction"),
            count(answer.gas, "unit"),
            beginning(&answer)
        ))?,
        (false, Some(difference)) => output::print(&format!(
            "the ledger does not agree with its execution: {}\n",
            output::plain(difference)
        ))?,
    }
    Ok(if answer.agrees { Outcome::Yes } else { Outcome::No })
}

/// Where execution began, if not at the first block.
fn beginning(answer: &AuditAnswer) -> String {
    match (answer.snapshot, &answer.snapshot_state) {
        (Some(block), Some(state)) => {
            format!("; bodies up to block {block} are pruned, execution began at the state {state}")
        }
        _ => String::new(),
    }
}

fn agrees(report: AuditReport) -> AuditAnswer {
    AuditAnswer {
        agrees: true,
        difference: None,
        blocks: report.blocks,
        transactions: report.transactions,
        gas: report.gas_used,
        storage_slots: report.storage_slots,
        snapshot: report.snapshot.map(|snapshot| snapshot.block),
        snapshot_state: report.snapshot.map(|snapshot| snapshot.state_hash.to_string()),
    }
}

fn differs(difference: String) -> AuditAnswer {
    AuditAnswer {
        agrees: false,
        difference: Some(difference),
        blocks: 0,
        transactions: 0,
        gas: 0,
        storage_slots: 0,
        snapshot: None,
        snapshot_state: None,
    }
}
