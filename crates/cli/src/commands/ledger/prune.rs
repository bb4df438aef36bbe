//! `theriac ledger prune-bodies`: makes the embedded ledger's file shorter.

use clap::Args;
use serde::Serialize;
use theriac_chain::{Chain, PruneReport};

use crate::exit::Outcome;
use crate::output::{self, count, thousands};
use crate::place::Place;
use crate::progress;

/// How much to keep.
#[derive(Debug, Args)]
pub(super) struct PruneArgs {
    /// Keep the transactions, receipts and logs of this many newest blocks
    #[arg(long, value_name = "N")]
    keep_blocks: u64,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct PruneAnswer {
    pruned_blocks: u64,
    /// The first block whose transactions, receipts and logs are kept.
    kept_from: u64,
    /// Hash of the state from which an audit begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    state_hash: Option<String>,
    bytes_before: u64,
    bytes_after: u64,
}

/// Prunes the ledger in the node's folder.
///
/// # Errors
///
/// The node has no ledger of its own, runs, or its ledger does not agree with its execution or cannot
/// be read and written.
pub(super) fn run(place: Option<Place>, args: &PruneArgs) -> anyhow::Result<Outcome> {
    let folder = super::closed_ledger(place)?;
    let bar = progress::steps("auditing blocks", 0);
    let result = Chain::prune_dir(&folder, args.keep_blocks, &mut |done, of| {
        bar.set_length(of);
        bar.set_position(done);
    });
    bar.finish_and_clear();
    let answer = answer(&result?);
    match (args.json, &answer.state_hash) {
        (true, _) => output::print_json(&answer)?,
        (false, None) => output::print("nothing to prune: all blocks are kept\n")?,
        (false, Some(hash)) => output::print(&format!(
            "{} pruned; blocks from {} on are kept, an audit begins at the state {hash}; {} bytes before, {} after\n",
            count(answer.pruned_blocks, "block"),
            thousands(answer.kept_from),
            thousands(answer.bytes_before),
            thousands(answer.bytes_after)
        ))?,
    }
    Ok(Outcome::Yes)
}

fn answer(report: &PruneReport) -> PruneAnswer {
    PruneAnswer {
        pruned_blocks: report.blocks,
        kept_from: report.snapshot.map_or(0, |snapshot| snapshot.block + 1),
        state_hash: report.snapshot.map(|snapshot| snapshot.state_hash.to_string()),
        bytes_before: report.bytes_before,
        bytes_after: report.bytes_after,
    }
}
