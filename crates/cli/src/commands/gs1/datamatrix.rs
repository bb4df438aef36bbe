//! `theriac gs1 datamatrix`: a code as a GS1 DataMatrix symbol.

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use theriac_barcode::{MODULE_PIXELS_MAX, Symbol, png, svg, text};

use crate::exit::{InputError, Outcome};
use crate::output;

const EXAMPLES: &str = "\
Examples:
  theriac gs1 datamatrix '(01)09521124000017(17)281231(10)TH4A07(21)ABC123' -o pack.svg
  theriac gs1 datamatrix 'https://id.gs1.org/01/09521124000017/21/ABC123' -o pack.png --module 6

Without -o the symbol is shown in the terminal.";

/// Draw a code as a GS1 DataMatrix symbol
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct DatamatrixArgs {
    /// The code, in any form
    #[arg(allow_hyphen_values = true)]
    code: String,
    /// The picture to write; its ending says which kind: .svg or .png
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Pixels a side for each module of a PNG
    #[arg(long, default_value_t = 8, value_name = "PIXELS",
        value_parser = clap::value_parser!(u32).range(1..=i64::from(MODULE_PIXELS_MAX)))]
    module: u32,
}

/// Draws the symbol.
///
/// # Errors
///
/// The code cannot be read or drawn, or the file cannot be written.
pub fn run(args: &DatamatrixArgs) -> anyhow::Result<Outcome> {
    let reading = super::reading(&args.code)?;
    super::tell_repairs(&reading);
    let symbol = Symbol::datamatrix(&reading.scan.elements)
        .map_err(|error| InputError(error.to_string()))?;
    match &args.output {
        None => output::print(&text(&symbol))?,
        Some(path) => {
            let picture = picture(&symbol, path, args.module)?;
            std::fs::write(path, picture)
                .with_context(|| format!("cannot write {}", path.display()))?;
        }
    }
    Ok(Outcome::Yes)
}

/// The picture of the kind that the path's ending names.
fn picture(symbol: &Symbol, path: &Path, module: u32) -> anyhow::Result<Vec<u8>> {
    let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
    match ending.as_deref() {
        Some("svg") => Ok(svg(symbol).into_bytes()),
        Some("png") => Ok(png(symbol, module)?),
        _ => {
            let found = path.display();
            Err(InputError(format!("expected a file ending in .svg or .png, found {found}")).into())
        }
    }
}
