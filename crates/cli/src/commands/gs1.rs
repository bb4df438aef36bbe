//! `theriac gs1`: codes taken apart, converted, drawn and read from pictures; needs no node.

mod convert;
mod datamatrix;
mod parse;
mod read;

pub(super) use convert::prefixes;

use clap::{Args, Subcommand};
use theriac_gs1::{Reading, ScanError, read_tolerant};

use crate::exit::{InputError, Outcome};

/// Take GS1 codes apart, convert them, draw and read bar codes
///
/// Works on the code alone: no node is asked, nothing is recorded.
#[derive(Debug, Args)]
pub struct Gs1Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Parse(parse::ParseArgs),
    Convert(convert::ConvertArgs),
    Datamatrix(datamatrix::DatamatrixArgs),
    Read(read::ReadArgs),
}

/// Runs one of the commands.
///
/// # Errors
///
/// The code or the picture cannot be read, or a file cannot be written.
pub fn run(args: &Gs1Args) -> anyhow::Result<Outcome> {
    match &args.command {
        Command::Parse(args) => parse::run(args),
        Command::Convert(args) => convert::run(args),
        Command::Datamatrix(args) => datamatrix::run(args),
        Command::Read(args) => read::run(args),
    }
}

/// Reads a code; one that was mangled is repaired where it can have only one meaning.
fn reading(code: &str) -> Result<Reading, InputError> {
    read_tolerant(code).map_err(|error| InputError(explained(&error)))
}

fn explained(error: &ScanError) -> String {
    format!("{error}; {}", error.hint())
}
