//! Strict mode: every departure of a document from the standard, told in a stream.

mod finding;
mod json;
mod lexical;
mod xml;

use std::collections::HashSet;
use std::io::BufRead;
use std::ops::ControlFlow;

use crate::check::check;
use crate::limits::FINDINGS_MAX;
use crate::read::{DocumentError, DocumentInfo, Item, Place, ReadEvent, Told, read_strictly};

pub use finding::{Finding, Layer};
pub(crate) use json::JsonJudge;
pub(crate) use xml::{Tag, TagAttribute, XmlJudge};

/// Reads a document as [`read`](crate::read) does and hands every departure from the standard to
/// `sink`; none, and `Ok`, means that the document is valid.
///
/// # Errors
///
/// Those of [`read`](crate::read): a document that is not well-formed is not valid either.
pub fn judge(
    input: impl BufRead,
    sink: &mut dyn FnMut(Finding),
) -> Result<DocumentInfo, DocumentError> {
    let mut told: Vec<Finding> = Vec::new();
    let mut around: Vec<Finding> = Vec::new();
    let info = read_strictly(input, &mut |item| {
        match item {
            Told::Finding(finding) if finding.ordinal.is_some() => told.push(finding),
            Told::Finding(finding) => {
                if around.len() < COMPARED_MAX {
                    around.push(finding.clone());
                }
                sink(finding);
            }
            Told::Item(Item::Event(event)) => {
                told.iter().for_each(|finding| sink(finding.clone()));
                judge_event(&event, &told, sink);
                told.clear();
            }
            Told::Item(Item::MasterData(_)) => {}
        }
        ControlFlow::Continue(())
    });
    told.into_iter().for_each(&mut *sink);
    let info = info?;
    let place = Place { line: 1, column: 1, path: String::new() };
    for repair in &info.repairs {
        let finding = Finding::repaired(None, &place, repair);
        if !is_told(&finding, &around) {
            sink(finding);
        }
    }
    Ok(info)
}

/// Most findings that others are compared with, to tell none twice.
const COMPARED_MAX: usize = 100;

/// Whether the schemas have told as much.
fn is_told(finding: &Finding, told: &[Finding]) -> bool {
    let field = last_field(&finding.path);
    told.iter().take(COMPARED_MAX).any(|earlier| {
        let texts = [&earlier.path, &earlier.expected, &earlier.found];
        earlier.rule == finding.rule
            || bare(&earlier.found) == bare(&finding.found) && finding.found != "nothing"
            || !field.is_empty() && texts.iter().any(|text| last_field(text) == field)
    })
}

/// What is wrong with one event beyond its form; what the schemas have told is not told again.
fn judge_event(event: &ReadEvent, told: &[Finding], sink: &mut dyn FnMut(Finding)) {
    let ordinal = Some(event.ordinal);
    let mut tell = |finding: Finding| {
        if !is_told(&finding, told) {
            sink(finding);
        }
    };
    match &event.outcome {
        Err(error) => tell(Finding::unreadable(ordinal, &event.place, error)),
        Ok(parsed) => {
            let mut violations = check(&parsed.event);
            violations.truncate(FINDINGS_MAX);
            let paths: HashSet<String> =
                violations.iter().map(|violation| violation.path.clone()).collect();
            let named = |path: &str| paths.contains(path);
            let repairs = parsed.repairs.iter().take(FINDINGS_MAX);
            for repair in repairs.filter(|repair| !named(&repair.path)) {
                tell(Finding::repaired(ordinal, &event.place, repair));
            }
            for violation in violations {
                tell(Finding::violated(ordinal, &event.place, violation));
            }
        }
    }
}

/// A text that was found, without the quotes that some findings give it.
fn bare(found: &str) -> &str {
    found.trim_matches('"')
}

/// The last name of a path such as `quantityList[0].quantity`.
fn last_field(path: &str) -> &str {
    let name = path.rsplit(['.', '@']).next().unwrap_or_default();
    name.split('[').next().unwrap_or_default()
}
