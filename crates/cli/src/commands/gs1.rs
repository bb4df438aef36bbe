//! `theriac gs1`: codes taken apart, converted, drawn and read from pictures; needs no node.

mod convert;
mod datamatrix;
mod national;
mod parse;
mod read;

pub(super) use convert::prefixes;

use std::io::{self, BufRead as _};

use anyhow::Context as _;
use clap::{Args, Subcommand};
use national::National;
use theriac_gs1::{Reading, ScanError, read_tolerant};

use crate::exit::{InputError, Outcome};
use crate::output;

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

/// Reads a code; one that was mangled is repaired where it can have only one meaning. An NDC with
/// its dashes is read as the GTIN that is made of it.
fn reading(code: &str) -> Result<Reading, InputError> {
    read_tolerant(code).or_else(|error| match National::recognise(code) {
        Some(national) => national.reading().map_err(InputError),
        None => Err(InputError(explained(code, &error))),
    })
}

fn explained(code: &str, error: &ScanError) -> String {
    let guess = national::guess(code).map(|guess| format!("; {guess}")).unwrap_or_default();
    format!("{error}; {}{guess}", error.hint())
}

/// Tells on standard error what was repaired to read a code, and what stays in doubt.
fn tell_repairs(reading: &Reading) {
    for repair in &reading.repairs {
        output::note(&format!("repaired: {repair}"));
    }
    for doubt in &reading.doubts {
        output::note(&format!("in doubt: {doubt}"));
    }
}

/// Does the work for a code, or for `-` with each line of standard input; the worst outcome is
/// that of all.
fn each(
    code: &str,
    mut work: impl FnMut(&str) -> anyhow::Result<Outcome>,
) -> anyhow::Result<Outcome> {
    if code != "-" {
        return work(code);
    }
    let mut worst = Outcome::Yes;
    for (index, line) in io::stdin().lock().split(b'\n').enumerate() {
        // Scanners send FNC1 as all kinds of bytes; one that is no text is a mangled separator.
        let line = line.context("cannot read standard input")?;
        let outcome = work(&String::from_utf8_lossy(&line)).or_else(|error| {
            let InputError(reason) = error.downcast()?;
            output::complain(&format!("line {}: {reason}", index + 1));
            anyhow::Ok(Outcome::Unreadable)
        })?;
        match (outcome, worst) {
            (Outcome::Yes, _) | (_, Outcome::Unreadable) => {}
            (worse, _) => worst = worse,
        }
    }
    Ok(worst)
}
