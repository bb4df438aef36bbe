//! Strict mode: every departure of a document from the standard, told in a stream.

mod finding;
mod json;
mod lexical;
mod xml;

use std::io::BufRead;
use std::ops::ControlFlow;

use crate::check::check;
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
    let info = read_strictly(input, &mut |item| {
        match item {
            Told::Finding(finding) => {
                match finding.ordinal {
                    Some(_) => told.push(finding),
                    None => sink(finding),
                }
                return ControlFlow::Continue(());
            }
            Told::Item(Item::Event(event)) => judge_event(&event, &told, sink),
            Told::Item(Item::MasterData(_)) => {}
        }
        for finding in told.drain(..) {
            sink(finding);
        }
        ControlFlow::Continue(())
    });
    told.drain(..).for_each(&mut *sink);
    let info = info?;
    let place = Place { line: 1, column: 1, path: String::new() };
    for repair in &info.repairs {
        sink(Finding::repaired(None, &place, repair));
    }
    Ok(info)
}

/// What is wrong with one event beyond its form; what the schemas have told is not told again.
fn judge_event(event: &ReadEvent, told: &[Finding], sink: &mut dyn FnMut(Finding)) {
    let ordinal = Some(event.ordinal);
    let mut tell = |finding: Finding| {
        let field = last_field(&finding.path);
        let again = told.iter().any(|earlier| {
            earlier.rule == finding.rule
                || !field.is_empty()
                    && [&earlier.path, &earlier.expected]
                        .iter()
                        .any(|text| last_field(text) == field)
        });
        if !again {
            sink(finding);
        }
    };
    match &event.outcome {
        Err(error) => tell(Finding::unreadable(ordinal, &event.place, error)),
        Ok(parsed) => {
            for repair in &parsed.repairs {
                tell(Finding::repaired(ordinal, &event.place, repair));
            }
            for violation in check(&parsed.event) {
                tell(Finding::violated(ordinal, &event.place, violation));
            }
        }
    }
}

/// The last name of a path such as `quantityList[0].quantity`.
fn last_field(path: &str) -> &str {
    let name = path.rsplit(['.', '@']).next().unwrap_or_default();
    name.split('[').next().unwrap_or_default()
}
