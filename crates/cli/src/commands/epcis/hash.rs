//! `theriac epcis hash`: the event hash of each event of a document.

use std::ops::ControlFlow;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use theriac_epcis::{Event, FieldOrder, HashOptions, event_hash_with, prehash_with, read};

use super::input;
use crate::client::Document;
use crate::exit::{InputError, Outcome};
use crate::output::{self, plain};

const EXAMPLES: &str = "\
Examples:
  theriac epcis hash shipment.xml
  theriac epcis hash shipment.jsonld --prehash

A line for each event: its number from 0, its type, its time, its hash; of several documents, the
name of the document before it. The hash is that of the Core Business Vocabulary 2.0: the same for
JSON and XML, URN and Digital Link, any order of lists.

Exit code 0 if every event has a hash, 2 if a document or an event cannot be read.";

/// Print the event hash of each event
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct HashArgs {
    /// Documents, folders of documents, or - for standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Print the text that is hashed instead, a line for each event
    #[arg(long)]
    prehash: bool,
    /// The order of fields in the text that is hashed
    #[arg(long, value_name = "ORDER", default_value = "table")]
    order: Order,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Order {
    /// Of the table in the standard
    Table,
    /// As the reference tool writes up to its release 1.9.3
    ReferenceTool,
}

/// Prints the hashes.
///
/// # Errors
///
/// A document is not there.
pub fn run(args: &HashArgs) -> anyhow::Result<Outcome> {
    let mut outcome = Outcome::Yes;
    let documents = input::named(&args.files)?;
    for document in &documents {
        // Of several documents, each line tells which one it is of.
        let name =
            if documents.len() > 1 { format!("{}:", document.name()) } else { String::new() };
        match hash(document, &name, args) {
            Ok(true) => {}
            Ok(false) => outcome = Outcome::Unreadable,
            Err(error) => {
                // The other documents are hashed all the same.
                let unreadable = error.downcast::<InputError>()?;
                output::complain(&unreadable.0);
                outcome = Outcome::Unreadable;
            }
        }
    }
    Ok(outcome)
}

/// Prints the hashes of a document's events; false if one cannot be read.
///
/// The document is read twice: which fields it wants left out may stand at its end.
fn hash(document: &Document, before: &str, args: &HashArgs) -> anyhow::Result<bool> {
    let name = document.name();
    let unreadable = |error| input::unreadable(&name, &error);
    let file = input::open_again(document)?;
    let info = read(input::from_start(&file)?, &mut |_| ControlFlow::Continue(()));
    let options = HashOptions {
        order: args.order.into(),
        ignore: info.map(|info| info.ignore_fields).unwrap_or_default(),
    };
    let mut all = true;
    let mut printed = Ok(());
    let end = read(input::from_start(&file)?, &mut |event| {
        match &event.outcome {
            Ok(parsed) => {
                let line = line(event.ordinal, &parsed.event, &options, args.prehash);
                printed = output::print(&format!("{}{line}", plain(before)));
            }
            Err(error) => {
                all = false;
                let number = event.ordinal;
                output::complain(&format!("{name}: event {number} cannot be read: {error}"));
            }
        }
        if printed.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    printed?;
    end.map_err(unreadable)?;
    Ok(all)
}

fn line(ordinal: usize, event: &Event, options: &HashOptions, prehash: bool) -> String {
    if prehash {
        return format!("{}\n", plain(&prehash_with(event, options)));
    }
    let (kind, time) = (event.kind(), event.common().event_time);
    format!("{ordinal} {kind} {time} {}\n", event_hash_with(event, options))
}

impl From<Order> for FieldOrder {
    fn from(order: Order) -> Self {
        match order {
            Order::Table => Self::Table,
            Order::ReferenceTool => Self::ReferenceTool,
        }
    }
}
