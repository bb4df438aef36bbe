//! `theriac epcis check`: does a document obey the standard?

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;
use theriac_epcis::{DocumentError, DocumentInfo, Finding, Layer, judge};

use super::{input, tolerant};
use crate::client::Document;
use crate::exit::{InputError, Outcome};
use crate::output::{self, count, plain};

const EXAMPLES: &str = "\
Examples:
  theriac epcis check shipment.xml
  theriac epcis check partner-files/ --quiet
  theriac epcis check - --json < events.json
  theriac epcis check --tolerant partner-files/

Each departure from the standard is a line: where, the rule, what it expects, what was found.
Capture is more tolerant than this: what leaves no doubt is read. --tolerant reads as capture does
and lists what it repairs, and the events that it refuses.

Exit code 0 if all documents obey the standard, 1 if one does not, 2 if one cannot be read.";

/// Check documents strictly against the standard
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct CheckArgs {
    /// Documents, folders of documents, or - for standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Print JSON, one line for each finding and one for each document
    #[arg(long, conflicts_with = "quiet")]
    json: bool,
    /// List what capture repairs to read the documents, instead of all that departs
    #[arg(long)]
    tolerant: bool,
    /// Print one line for each document only
    #[arg(short, long)]
    quiet: bool,
}

/// A departure from the standard, as JSON.
#[derive(Debug, Serialize)]
struct FindingLine<'a> {
    document: &'a str,
    event: Option<usize>,
    line: u64,
    column: u64,
    layer: &'static str,
    rule: &'a str,
    path: &'a str,
    expected: &'a str,
    found: &'a str,
}

/// What became of a document, as JSON.
#[derive(Debug, Serialize)]
struct DocumentLine<'a> {
    document: &'a str,
    valid: bool,
    events: usize,
    master_data: usize,
    findings: u64,
    error: Option<String>,
}

/// Prints what departs from the standard; yes if nothing does.
///
/// # Errors
///
/// A document is not there.
pub fn run(args: &CheckArgs) -> anyhow::Result<Outcome> {
    let mut outcome = Outcome::Yes;
    for document in input::named(&args.files)? {
        let checked = match args.tolerant {
            true => tolerant::check(&document, args.into()),
            false => check(&document, args),
        };
        match (checked.or_else(told)?, outcome) {
            (Outcome::Yes, _) | (_, Outcome::Unreadable) => {}
            (worse, _) => outcome = worse,
        }
    }
    Ok(outcome)
}

/// Tells of a document that cannot be opened; the others are checked all the same.
fn told(error: anyhow::Error) -> anyhow::Result<Outcome> {
    let InputError(reason) = error.downcast()?;
    output::complain(&reason);
    Ok(Outcome::Unreadable)
}

impl From<&CheckArgs> for tolerant::Print {
    fn from(args: &CheckArgs) -> Self {
        Self { json: args.json, quiet: args.quiet }
    }
}

fn check(document: &Document, args: &CheckArgs) -> anyhow::Result<Outcome> {
    let name = document.name();
    let mut findings = 0;
    let mut printed = Ok(());
    let judged = judge(input::open(document)?, &mut |finding| {
        findings += 1;
        if printed.is_ok() && !args.quiet {
            printed = print(&name, &finding, args.json);
        }
    });
    printed?;
    summarise(&name, &judged, findings, args.json)?;
    Ok(match judged {
        Err(_) => Outcome::Unreadable,
        Ok(_) if findings == 0 => Outcome::Yes,
        Ok(_) => Outcome::No,
    })
}

fn print(name: &str, finding: &Finding, json: bool) -> anyhow::Result<()> {
    let Finding { ordinal, place, layer, rule, path, expected, found } = finding;
    if json {
        let layer = match layer {
            Layer::Schema => "schema",
            Layer::Rules => "rules",
        };
        let (line, column) = (place.line, place.column);
        return output::print_json(&FindingLine {
            document: name,
            event: *ordinal,
            line,
            column,
            layer,
            rule,
            path,
            expected,
            found,
        });
    }
    let (line, column) = (place.line, place.column);
    let at = if path.is_empty() { String::new() } else { format!(" at {path}") };
    let differs = match *rule {
        // What was expected is told by the repair: what the reader took it for.
        "needs-repair" => format!("found {found}, which capture reads as {expected}"),
        _ => format!("expected {expected}, found {found}"),
    };
    let text = format!("{name}:{line}:{column}: {rule}: {differs}{at}");
    Ok(output::print(&format!("{}\n", plain(&text)))?)
}

fn summarise(
    name: &str,
    judged: &Result<DocumentInfo, DocumentError>,
    findings: u64,
    json: bool,
) -> anyhow::Result<()> {
    let valid = judged.is_ok() && findings == 0;
    if json {
        let info = judged.as_ref().ok();
        return output::print_json(&DocumentLine {
            document: name,
            valid,
            events: info.map_or(0, |info| info.events),
            master_data: info.map_or(0, |info| info.master_data),
            findings,
            error: judged.as_ref().err().map(ToString::to_string),
        });
    }
    let verdict = match judged {
        Err(error) => format!("cannot be read: {error}"),
        Ok(info) => {
            let mut events = count(info.events as u64, "event");
            if info.master_data > 0 {
                let elements = count(info.master_data as u64, "element");
                events.push_str(&format!(", {elements} of master data"));
            }
            match findings {
                0 => format!("valid, {events}"),
                findings => format!("not valid, {events}, {}", count(findings, "finding")),
            }
        }
    };
    Ok(output::print(&format!("{}\n", plain(&format!("{name}: {verdict}"))))?)
}
