//! `theriac gs1 convert`: a code in another form.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use theriac_gs1::{
    CompanyPrefixes, Epc, Identifier, Reading, bracketed, digital_link, element_string,
};
use theriac_node::read_company_prefixes;

use crate::exit::{InputError, Outcome};
use crate::output;

const EXAMPLES: &str = "\
Examples:
  theriac gs1 convert '(01)09521124000017(21)ABC123' --to digital-link
  theriac gs1 convert urn:epc:id:sgtin:952112.4000001.ABC123 --to element-string
  theriac gs1 convert '(00)095211240000000017' --to urn --prefixes gcp-lengths.csv
  theriac gs1 convert - --to bracketed < codes.txt

An EPC URN tells where the company prefix ends; the other forms do not. It is looked up in the
table of --prefixes, and never guessed. An EPC URN has no dates and no other attributes: what it
leaves out is told. An NDC with its dashes (0002-1433-80) is converted as the GTIN of the unit.";

/// Convert a code to another form
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ConvertArgs {
    /// The code, in any form; - for many, one on each line of standard input
    #[arg(allow_hyphen_values = true)]
    code: String,
    /// The form to write
    #[arg(long, value_name = "FORM")]
    to: Form,
    /// What a Digital Link begins with
    #[arg(long, value_name = "URL", default_value = "https://id.gs1.org")]
    stem: String,
    /// Table of company prefix lengths: CSV lines `prefix,length`, or GS1's JSON
    #[arg(long, value_name = "FILE")]
    prefixes: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// GS1 Digital Link URI
    DigitalLink,
    /// As a scanner transmits it, with ]d2 and GS
    ElementString,
    /// AIs in brackets, as printed for people
    Bracketed,
    /// EPC URN
    Urn,
}

/// Prints the code in the other form, a line for each.
///
/// # Errors
///
/// A code or the table cannot be read, or the code has no such form.
pub fn run(args: &ConvertArgs) -> anyhow::Result<Outcome> {
    let prefixes = prefixes(args.prefixes.as_deref())?;
    super::each(&args.code, |code| {
        output::print(&format!("{}\n", convert(code, args, &prefixes)?))?;
        Ok(Outcome::Yes)
    })
}

/// The table in a file; an empty one without a file.
///
/// # Errors
///
/// The file cannot be read, or is no such table.
pub(in crate::commands) fn prefixes(path: Option<&Path>) -> Result<CompanyPrefixes, InputError> {
    let Some(path) = path else { return Ok(CompanyPrefixes::default()) };
    read_company_prefixes(path).map_err(|error| InputError(error.to_string()))
}

fn convert(
    code: &str,
    args: &ConvertArgs,
    prefixes: &CompanyPrefixes,
) -> Result<String, InputError> {
    let reading = super::reading(code)?;
    super::tell_repairs(&reading);
    let elements = &reading.scan.elements;
    match args.to {
        Form::ElementString => Ok(element_string(elements)),
        Form::Bracketed => Ok(bracketed(elements)),
        Form::DigitalLink => {
            digital_link(elements, &args.stem).map_err(|error| InputError(error.to_string()))
        }
        Form::Urn => urn(code, &reading, prefixes),
    }
}

fn urn(code: &str, reading: &Reading, prefixes: &CompanyPrefixes) -> Result<String, InputError> {
    let nothing = || InputError("expected a code that names something, found none".to_owned());
    // A URN that came in keeps the place where its company prefix ends.
    let as_uri = Identifier::from_uri(code.trim()).ok();
    let named = as_uri.or_else(|| reading.scan.identifier().map(Epc::from)).ok_or_else(nothing)?;
    let urn = named.urn_with(prefixes).ok_or_else(|| {
        let named = named.digital_link();
        InputError(format!(
            "expected a company prefix of known length in {named}, found none: name a table of \
             prefixes with --prefixes"
        ))
    })?;
    let kept = named.id.elements();
    let left_out = reading.scan.elements.iter().filter(|element| !kept.contains(element));
    let left_out: Vec<_> = left_out.cloned().collect();
    if !left_out.is_empty() {
        output::note(&format!("left out, for which a URN has no place: {}", bracketed(&left_out)));
    }
    Ok(urn)
}
