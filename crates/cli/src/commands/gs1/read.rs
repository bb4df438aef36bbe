//! `theriac gs1 read`: the bar codes in a picture.

use std::path::PathBuf;

use clap::Args;
use theriac_barcode::{Found, read_image};

use super::parse;
use crate::exit::{InputError, Outcome};
use crate::output;

const EXAMPLES: &str = "\
Examples:
  theriac gs1 read pack.png
  theriac gs1 read photo.jpg --json

Exit code 0 if every bar code found is a GS1 code, 1 if one is not, 2 if none can be read.";

/// Read the bar codes in a picture (PNG or JPEG)
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ReadArgs {
    /// The picture
    #[arg(value_name = "IMAGE")]
    image: PathBuf,
    /// Print JSON, one line for each bar code
    #[arg(long)]
    json: bool,
}

/// Prints every bar code found; yes if all are GS1 codes.
///
/// # Errors
///
/// The file cannot be read, or holds no bar code.
pub fn run(args: &ReadArgs) -> anyhow::Result<Outcome> {
    let unreadable =
        |error: String| InputError(format!("cannot read {}: {error}", args.image.display()));
    let picture = std::fs::read(&args.image).map_err(|error| unreadable(error.to_string()))?;
    let codes = read_image(&picture).map_err(|error| unreadable(error.to_string()))?;
    let mut outcome = Outcome::Yes;
    for code in &codes {
        if !print(code, args.json)? {
            outcome = Outcome::No;
        }
    }
    Ok(outcome)
}

/// Prints one bar code; false if it holds no GS1 code.
fn print(code: &Found, json: bool) -> anyhow::Result<bool> {
    match super::reading(&code.data) {
        Ok(reading) => {
            parse::print(&reading, json)?;
            Ok(true)
        }
        Err(InputError(reason)) => {
            let found = serde_json::json!({
                "format": code.format, "data": code.data, "reason": reason,
            });
            match json {
                true => output::print_json(&found)?,
                false => output::print(&output::plain(&format!(
                    "{} {}\n  no GS1 code: {reason}\n",
                    code.format, code.data
                )))?,
            }
            Ok(false)
        }
    }
}
