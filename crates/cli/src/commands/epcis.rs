//! `theriac epcis`: documents checked, converted and hashed; needs no node.

mod check;
mod convert;
mod hash;
mod input;
mod tolerant;

use clap::{Args, Subcommand};

use crate::exit::Outcome;

/// Check, convert and hash EPCIS documents
///
/// Works on the documents alone: no node is asked, nothing is recorded. JSON-LD of EPCIS 2.0 and XML
/// of EPCIS 1.0 to 2.0 are read.
#[derive(Debug, Args)]
pub struct EpcisArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Check(check::CheckArgs),
    Convert(convert::ConvertArgs),
    Hash(hash::HashArgs),
}

/// Runs one of the commands.
///
/// # Errors
///
/// A document cannot be read, or a file cannot be written.
pub fn run(args: &EpcisArgs) -> anyhow::Result<Outcome> {
    match &args.command {
        Command::Check(args) => check::run(args),
        Command::Convert(args) => convert::run(args),
        Command::Hash(args) => hash::run(args),
    }
}
