//! `theriac ledger audit`: executes the embedded ledger again from its first block.

use anyhow::bail;
use clap::{Args, Subcommand};
use serde::Serialize;
use theriac_chain::{AuditError, AuditReport, Chain};
use theriac_node::Config;

use crate::exit::Outcome;
use crate::output::{self, count};
use crate::place::{self, Place};
use crate::progress;

/// Look after the embedded ledger
#[derive(Debug, Args)]
pub struct LedgerArgs {
    #[command(subcommand)]
    command: LedgerCommand,
}

#[derive(Debug, Subcommand)]
enum LedgerCommand {
    /// Execute every block again from the first and compare all that is stored with what comes out
    ///
    /// The node must be stopped. Exit code 0 if everything agrees, 1 if not.
    Audit {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
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
}

/// Audits the ledger in the node's folder; yes if it agrees.
///
/// # Errors
///
/// The node has no ledger of its own, runs, or its ledger cannot be read.
pub fn run(place: Option<Place>, args: LedgerArgs) -> anyhow::Result<Outcome> {
    let LedgerCommand::Audit { json } = args.command;
    let folder = place::folder(place)?;
    let config = Config::load(&folder.config_file())?;
    if let Some(url) = config.ledger.url {
        bail!(
            "expected an embedded ledger, found one at {url}: audit it in the folder of its node"
        );
    }
    if let Some(url) = folder.serving_url() {
        bail!("the node serves {url} and has the ledger open; stop it, then audit");
    }
    let bar = progress::steps("auditing blocks", 0);
    let result = Chain::audit_dir(&folder.ledger(), &mut |done, of| {
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
            "the ledger agrees with its execution: {}, {}, {} of gas\n",
            count(answer.blocks, "block"),
            count(answer.transactions, "transaction"),
            count(answer.gas, "unit")
        ))?,
        (false, Some(difference)) => output::print(&format!(
            "the ledger does not agree with its execution: {}\n",
            output::plain(difference)
        ))?,
    }
    Ok(if answer.agrees { Outcome::Yes } else { Outcome::No })
}

fn agrees(report: AuditReport) -> AuditAnswer {
    AuditAnswer {
        agrees: true,
        difference: None,
        blocks: report.blocks,
        transactions: report.transactions,
        gas: report.gas_used,
        storage_slots: report.storage_slots,
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
    }
}
