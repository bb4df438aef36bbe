//! `theriac epcis check --tolerant`: what capture repairs to read a document, and what it refuses.

use std::ops::ControlFlow;

use serde::Serialize;
use theriac_epcis::{DocumentError, ReadEvent, Repair, read};

use super::input;
use crate::client::Document;
use crate::exit::Outcome;
use crate::output::{self, count, plain};

/// A repair, as JSON; one outside of the events has no place.
#[derive(Debug, Serialize)]
struct RepairLine<'a> {
    document: &'a str,
    event: Option<usize>,
    line: Option<u64>,
    column: Option<u64>,
    path: &'a str,
    found: &'a str,
    read_as: &'a str,
}

/// An event that cannot be read, as JSON.
#[derive(Debug, Serialize)]
struct RefusalLine<'a> {
    document: &'a str,
    event: usize,
    line: u64,
    column: u64,
    error: String,
}

/// What became of a document, as JSON.
#[derive(Debug, Serialize)]
struct DocumentLine<'a> {
    document: &'a str,
    readable: bool,
    events: u64,
    repairs: u64,
    refused: u64,
    error: Option<String>,
}

/// How many events were read, repaired and refused.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    events: u64,
    repairs: u64,
    refused: u64,
}

/// How much is printed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Print {
    /// As JSON, a line for each.
    pub(super) json: bool,
    /// Of each document its last line only.
    pub(super) quiet: bool,
}

/// Prints the repairs of a document; yes if it needs none.
///
/// # Errors
///
/// The document cannot be opened, or standard output not written.
pub(super) fn check(document: &Document, how: Print) -> anyhow::Result<Outcome> {
    let name = document.name();
    let mut tally = Tally::default();
    let mut printed = Ok(());
    let end = read(input::open(document)?, &mut |event| {
        tally.add(&event);
        if !how.quiet {
            printed = print(&name, &event, how.json);
        }
        if printed.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    printed?;
    if let Ok(info) = &end {
        tally.repairs += info.repairs.len() as u64;
        let shown = if how.quiet { &[][..] } else { &info.repairs };
        shown.iter().try_for_each(|repair| print_repair(&name, None, repair, how.json))?;
    }
    let error = end.err();
    summarise(&name, tally, error.as_ref(), how.json)?;
    Ok(match (error, tally) {
        (Some(_), _) => Outcome::Unreadable,
        (None, Tally { refused, .. }) if refused > 0 => Outcome::Unreadable,
        (None, Tally { repairs: 0, .. }) => Outcome::Yes,
        (None, _) => Outcome::No,
    })
}

impl Tally {
    fn add(&mut self, event: &ReadEvent) {
        self.events += 1;
        match &event.outcome {
            Ok(parsed) => self.repairs += parsed.repairs.len() as u64,
            Err(_) => self.refused += 1,
        }
    }
}

fn print(name: &str, event: &ReadEvent, json: bool) -> anyhow::Result<()> {
    let (line, column) = (event.place.line, event.place.column);
    let ordinal = event.ordinal;
    let repairs = match &event.outcome {
        Ok(parsed) => &parsed.repairs,
        Err(error) if json => {
            let error = error.to_string();
            let document = name;
            return output::print_json(&RefusalLine {
                document,
                event: ordinal,
                line,
                column,
                error,
            });
        }
        Err(error) => {
            let text = format!("{name}:{line}:{column}: event {ordinal} cannot be read: {error}\n");
            return Ok(output::print(&plain(&text))?);
        }
    };
    let place = Some((ordinal, line, column));
    repairs.iter().try_for_each(|repair| print_repair(name, place, repair, json))
}

/// Prints a repair of the event at a place: its number, line and column.
fn print_repair(
    name: &str,
    place: Option<(usize, u64, u64)>,
    repair: &Repair,
    json: bool,
) -> anyhow::Result<()> {
    let Repair { path, found, read_as } = repair;
    if json {
        return output::print_json(&RepairLine {
            document: name,
            event: place.map(|(event, _, _)| event),
            line: place.map(|(_, line, _)| line),
            column: place.map(|(_, _, column)| column),
            path,
            found,
            read_as,
        });
    }
    let at = place.map(|(_, line, column)| format!("{line}:{column}:")).unwrap_or_default();
    let text = format!("{name}:{at} found {found}, read as {read_as}, at {path}\n");
    Ok(output::print(&plain(&text))?)
}

fn summarise(
    name: &str,
    tally: Tally,
    error: Option<&DocumentError>,
    json: bool,
) -> anyhow::Result<()> {
    let Tally { events, repairs, refused } = tally;
    if json {
        let readable = error.is_none() && refused == 0;
        let error = error.map(ToString::to_string);
        let document = name;
        return output::print_json(&DocumentLine {
            document,
            readable,
            events,
            repairs,
            refused,
            error,
        });
    }
    let verdict = match error {
        Some(error) => format!("cannot be read: {error}"),
        None => {
            let (events, repairs) = (count(events, "event"), count(repairs, "repair"));
            match refused {
                0 => format!("readable, {events}, {repairs}"),
                refused => format!("{refused} of {events} cannot be read, {repairs}"),
            }
        }
    };
    Ok(output::print(&plain(&format!("{name}: {verdict}\n")))?)
}
