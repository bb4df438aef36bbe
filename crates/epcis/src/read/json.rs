//! Reads JSON-LD documents: walks to the list of events and hands over one event at a time.
//!
//! Each event's bytes are cut out of the stream by counting brackets, then parsed on their own.
//! Events that come before `@context` are held back until it is read or the document ends,
//! because their prefixes mean nothing without it; beyond
//! [`HELD_BYTES_MAX`](crate::limits::HELD_BYTES_MAX) that is an error.

mod event;
mod header;
mod master_data;
mod scan;

use std::io::BufRead;
use std::ops::ControlFlow;

use super::json_tree::NUL;
use super::{
    Cursor, DocumentError, DocumentInfo, Format, Item, Mode, Place, ReadError, ReadEvent, Sink,
    Told,
};
use crate::build::{Context, Repair, is_kind, plain_names};
use crate::judge::JsonJudge;
use crate::limits::{EVENT_BYTES_MAX, FIELD_BYTES_MAX, HELD_BYTES_MAX};
use event::{kind_of, parse, read_event};
use master_data::Vocabulary;

/// Objects on the way from the document to its events and its master data.
const WAY: &[&str] =
    &["epcisHeader", "epcisMasterData", "epcisBody", "queryResults", "resultsBody"];

pub(super) fn read<R: BufRead>(
    mode: Mode,
    cursor: Cursor<R>,
    sink: Sink<'_>,
) -> Result<DocumentInfo, DocumentError> {
    let mut document = Document {
        cursor,
        sink,
        context: Context::standard(),
        has_context: false,
        held: Vec::new(),
        held_bytes: 0,
        around: 0,
        vocabulary: Vocabulary::default(),
        fields: Vec::new(),
        kind: None,
        has_events: false,
        judge: (mode == Mode::Strict).then(Box::default),
        info: DocumentInfo::new(Format::Json20),
    };
    document.read()?;
    Ok(document.info)
}

struct Document<'s, R> {
    cursor: Cursor<R>,
    sink: Sink<'s>,
    context: Context,
    has_context: bool,
    held: Vec<Held>,
    held_bytes: usize,
    /// Bytes of the fields around the events.
    around: usize,
    vocabulary: Vocabulary,
    /// Fields of the outermost object whose meaning is known only at its end.
    fields: Vec<(String, Vec<u8>)>,
    kind: Option<String>,
    has_events: bool,
    /// Of strict mode only.
    judge: Option<Box<JsonJudge>>,
    info: DocumentInfo,
}

/// An event or a master data element that waits for the context of the document.
struct Held {
    place: Place,
    bytes: Vec<u8>,
    /// The vocabulary of a master data element; `None` for an event.
    vocabulary: Option<String>,
}

/// Whether the sink wants more.
type Flow = ControlFlow<()>;

impl<R: BufRead> Document<'_, R> {
    fn read(&mut self) -> Result<(), DocumentError> {
        let start = self.cursor.place("");
        let flow = if self.cursor.peek()? == Some(b'[') {
            self.has_context = true;
            self.judged(|judge| judge.bare_list(&start));
            self.events("")?
        } else {
            self.object("", Self::field)?
        };
        if flow.is_continue() {
            self.cursor.skip_space()?;
            if let Some(byte) = self.cursor.peek()? {
                return Err(self.cursor.unexpected("the end of the document", Some(byte)));
            }
            self.end(start)?;
        }
        Ok(())
    }

    /// After the last byte: a bare event is only known now, and held events are released.
    fn end(&mut self, start: Place) -> Result<(), DocumentError> {
        if self.kind.as_deref().is_some_and(is_kind) && !self.has_events {
            self.judged(|judge| judge.bare_event(&start));
            let bytes = self.bare_event();
            self.has_context = true;
            let _ = self.event(start, bytes)?;
            return Ok(());
        }
        let in_object = !self.fields.is_empty();
        let is_document = self.kind.as_deref().is_some_and(|kind| kind.starts_with("EPCIS"));
        if !is_document && !self.has_events {
            return Err(DocumentError::NotEpcis { found: self.describe(), place: start });
        }
        if in_object {
            let kind = self.kind.clone();
            self.judged(|judge| judge.document(kind.as_deref(), &start));
        }
        if is_document {
            self.info.tell_missing();
        }
        if !self.has_context {
            self.info.repairs.push(Repair {
                path: "@context".to_owned(),
                found: "nothing".to_owned(),
                read_as: "the EPCIS 2.0 context".to_owned(),
            });
        }
        let _ = self.release()?;
        self.outer_extensions();
        Ok(())
    }

    /// An object whose fields `field` takes, each with the object's path and its key.
    fn object(
        &mut self,
        path: &str,
        mut field: impl FnMut(&mut Self, &str, String) -> Result<Flow, DocumentError>,
    ) -> Result<Flow, DocumentError> {
        self.cursor.expect(b'{')?;
        self.cursor.skip_space()?;
        if self.cursor.peek()? == Some(b'}') {
            self.cursor.advance(1);
            return Ok(Flow::Continue(()));
        }
        loop {
            let key = self.cursor.key()?;
            if field(self, path, key)?.is_break() {
                return Ok(Flow::Break(()));
            }
            self.cursor.skip_space()?;
            match self.cursor.peek()? {
                Some(b',') => self.cursor.advance(1),
                Some(b'}') => {
                    self.cursor.advance(1);
                    return Ok(Flow::Continue(()));
                }
                byte => return Err(self.cursor.unexpected("',' or '}'", byte)),
            }
            self.cursor.skip_space()?;
        }
    }

    /// A list whose items `item` takes, each with its path.
    fn list(
        &mut self,
        path: &str,
        mut item: impl FnMut(&mut Self, &str) -> Result<Flow, DocumentError>,
    ) -> Result<Flow, DocumentError> {
        self.cursor.expect(b'[')?;
        self.cursor.skip_space()?;
        if self.cursor.peek()? == Some(b']') {
            self.cursor.advance(1);
            return Ok(Flow::Continue(()));
        }
        let mut index = 0_usize;
        loop {
            self.cursor.skip_space()?;
            if item(self, &format!("{path}[{index}]"))?.is_break() {
                return Ok(Flow::Break(()));
            }
            index += 1;
            self.cursor.skip_space()?;
            match self.cursor.peek()? {
                Some(b',') => self.cursor.advance(1),
                Some(b']') => {
                    self.cursor.advance(1);
                    return Ok(Flow::Continue(()));
                }
                byte => return Err(self.cursor.unexpected("',' or ']'", byte)),
            }
        }
    }

    fn field(&mut self, path: &str, key: String) -> Result<Flow, DocumentError> {
        let first = self.cursor.peek()?;
        self.judged(|judge| judge.key(path, &key));
        let inner = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        match key.as_str() {
            "eventList" if first == Some(b'[') => return self.events(&inner),
            "event" if first == Some(b'{') && !path.is_empty() => {
                self.has_events = true;
                let place = self.cursor.place(&inner);
                return self.take_event(place);
            }
            "vocabularyList" if first == Some(b'[') && !path.is_empty() => {
                return self.vocabularies(&inner);
            }
            name if WAY.contains(&name) && first == Some(b'{') => {
                return self.object(&inner, Self::field);
            }
            "@context" if path.is_empty() => {
                let bytes = self.value("@context", FIELD_BYTES_MAX)?;
                self.extend_context(&bytes)?;
                self.fields.push((key, bytes));
                return self.release();
            }
            _ => {}
        }
        let bytes_max = if path.is_empty() { EVENT_BYTES_MAX } else { FIELD_BYTES_MAX };
        let place = self.cursor.place(&inner);
        let bytes = self.value("a field", bytes_max)?;
        self.count_around(&place, key.len() + bytes.len())?;
        self.note(path, &key, &bytes, place)?;
        if path.is_empty() {
            self.fields.push((key, bytes));
        }
        Ok(Flow::Continue(()))
    }

    /// Shows something to the judge of strict mode, and hands over what it tells.
    fn judged(&mut self, look: impl FnOnce(&mut JsonJudge)) {
        let Some(judge) = &mut self.judge else { return };
        look(judge);
        for finding in judge.findings.drain(..) {
            // Findings do not stop the reader; the items do.
            let _ = (self.sink)(Told::Finding(finding));
        }
    }

    fn value(&mut self, what: &'static str, bytes_max: usize) -> Result<Vec<u8>, DocumentError> {
        let mut bytes = Vec::new();
        self.cursor.take_value(&mut bytes, what, bytes_max)?;
        Ok(bytes)
    }

    fn extend_context(&mut self, bytes: &[u8]) -> Result<(), DocumentError> {
        let place = self.cursor.place("@context");
        let tree = parse(bytes, &place)?;
        self.judged(|judge| judge.field("", "@context", &tree, &place));
        self.context.extend_from_tree(&tree);
        self.has_context = true;
        Ok(())
    }

    /// The list of events.
    fn events(&mut self, path: &str) -> Result<Flow, DocumentError> {
        self.has_events = true;
        self.list(path, |document, inner| {
            let place = document.cursor.place(inner);
            document.take_event(place)
        })
    }

    fn take_event(&mut self, place: Place) -> Result<Flow, DocumentError> {
        let bytes = self.value("an event", EVENT_BYTES_MAX)?;
        self.event(place, bytes)
    }

    /// Hands over an event, or holds it back while the context is not known.
    fn event(&mut self, place: Place, bytes: Vec<u8>) -> Result<Flow, DocumentError> {
        if self.has_context {
            return self.hand_over(place, &bytes);
        }
        self.count_held(&place, bytes.len())?;
        self.held.push(Held { place, bytes, vocabulary: None });
        Ok(Flow::Continue(()))
    }

    /// Counts bytes of fields around the events against their limit.
    fn count_around(&mut self, place: &Place, bytes: usize) -> Result<(), DocumentError> {
        self.around += bytes;
        if self.around > EVENT_BYTES_MAX {
            let (what, place) = ("fields around the events", place.clone());
            return Err(DocumentError::TooLarge { what, bytes_max: EVENT_BYTES_MAX, place });
        }
        Ok(())
    }

    /// Counts bytes that are held back against their limit.
    fn count_held(&mut self, place: &Place, bytes: usize) -> Result<(), DocumentError> {
        self.held_bytes += bytes;
        if self.held_bytes > HELD_BYTES_MAX {
            let place = place.clone();
            return Err(DocumentError::ContextTooLate { bytes_max: HELD_BYTES_MAX, place });
        }
        Ok(())
    }

    fn release(&mut self) -> Result<Flow, DocumentError> {
        self.held_bytes = 0;
        for Held { place, bytes, vocabulary } in std::mem::take(&mut self.held) {
            let flow = match vocabulary {
                Some(vocabulary) => self.hand_over_element(&vocabulary, place, &bytes)?,
                None => self.hand_over(place, &bytes)?,
            };
            if flow.is_break() {
                return Ok(Flow::Break(()));
            }
        }
        Ok(Flow::Continue(()))
    }

    /// An event that is well-formed and cannot be read all the same.
    fn refuse_event(&mut self, place: Place, found: &str) -> Flow {
        let ordinal = self.info.events;
        self.info.events += 1;
        let outcome = Err(ReadError::new("", "text", found));
        let event = ReadEvent { ordinal, place, kind: None, outcome };
        let flow = (self.sink)(Told::Item(Item::Event(event)));
        if flow.is_break() {
            self.info.complete = false;
        }
        flow
    }

    fn hand_over(&mut self, place: Place, bytes: &[u8]) -> Result<Flow, DocumentError> {
        let mut tree = match parse(bytes, &place) {
            Err(DocumentError::NotWellFormed { found, place, .. }) if found == NUL => {
                return Ok(self.refuse_event(place, &found));
            }
            tree => tree?,
        };
        let in_bare_list = place.path.starts_with('[');
        if in_bare_list && self.info.events == 0 && !kind_of(&tree).is_some_and(is_kind) {
            let found = "a JSON list whose first item is no event".to_owned();
            return Err(DocumentError::NotEpcis { found, place });
        }
        let ordinal = self.info.events;
        self.info.events += 1;
        self.judged(|judge| judge.event(&tree, ordinal, &place));
        plain_names(&mut tree, &self.context);
        let event = read_event(&tree, &self.context, ordinal, place);
        let flow = (self.sink)(Told::Item(Item::Event(event)));
        if flow.is_break() {
            self.info.complete = false;
        }
        Ok(flow)
    }
}
