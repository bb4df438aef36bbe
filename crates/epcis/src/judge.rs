//! Strict mode: every departure of a document from the standard, told in a stream.

mod finding;

use std::io::BufRead;
use std::ops::ControlFlow;

use crate::check::check;
use crate::read::{DocumentError, DocumentInfo, Item, Place, ReadEvent, read_items};

pub use finding::{Finding, Layer};

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
    let info = read_items(input, &mut |item| {
        if let Item::Event(event) = item {
            judge_event(&event, sink);
        }
        ControlFlow::Continue(())
    })?;
    let place = Place { line: 1, column: 1, path: String::new() };
    for repair in &info.repairs {
        sink(Finding::repaired(None, &place, repair));
    }
    Ok(info)
}

/// What is wrong with one event beyond its form.
fn judge_event(event: &ReadEvent, sink: &mut dyn FnMut(Finding)) {
    let ordinal = Some(event.ordinal);
    match &event.outcome {
        Err(error) => sink(Finding::unreadable(ordinal, &event.place, error)),
        Ok(parsed) => {
            for repair in &parsed.repairs {
                sink(Finding::repaired(ordinal, &event.place, repair));
            }
            for violation in check(&parsed.event) {
                sink(Finding::violated(ordinal, &event.place, violation));
            }
        }
    }
}
