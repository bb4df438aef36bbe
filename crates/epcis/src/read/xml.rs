//! Reads XML documents: walks to the events and hands over one at a time.
//!
//! Tolerant of what real documents do: SOAP envelopes, prefixes on every element or undeclared,
//! extension wrappers or none, any order of elements. Entities of a DTD are never expanded.

mod element;
mod header;
mod strict;
mod whole;

use std::io::BufRead;
use std::sync::Arc;

use quick_xml::NsReader;
use quick_xml::events::Event as Token;
use quick_xml::name::ResolveResult;

use super::position::failed;
use super::{Cursor, DocumentError, DocumentInfo, Format, Mode, Place, Sink};
use crate::build::{Context, Declared, Repair, is_kind};
use crate::judge::XmlJudge;
use crate::limits::{DEPTH_MAX, EVENT_BYTES_MAX, FIELD_BYTES_MAX, NAMESPACES_MAX};
use crate::tree::cut;
use header::Header;
use whole::Whole;

/// Elements that make a document EPCIS, wherever they stand.
const EPCIS: &[&str] = &[
    "EPCISDocument",
    "EPCISQueryDocument",
    "EPCISMasterDataDocument",
    "QueryResults",
    "EventList",
    "VocabularyList",
];

pub(super) fn read<R: BufRead>(
    mode: Mode,
    cursor: Cursor<R>,
    sink: Sink<'_>,
) -> Result<DocumentInfo, DocumentError> {
    let mut reader = NsReader::from_reader(cursor);
    reader.config_mut().expand_empty_elements = true;
    reader.config_mut().check_comments = mode == Mode::Strict;
    reader.resolver_mut().set_max_namespace_bindings(NAMESPACES_MAX);
    let mut document = Document {
        reader,
        buffer: Vec::new(),
        sink,
        context: Context::standard(),
        declared: Vec::new(),
        stack: Vec::new(),
        root: None,
        is_epcis: false,
        has_document: false,
        header: Header::default(),
        around: 0,
        repairs: Vec::new(),
        foreign: 0,
        judge: (mode == Mode::Strict).then(Box::default),
        info: DocumentInfo::new(Format::Xml12),
    };
    document.read()?;
    Ok(document.info)
}

struct Document<'s, R> {
    reader: NsReader<Cursor<R>>,
    buffer: Vec<u8>,
    sink: Sink<'s>,
    /// Prefixes declared so far, for compact URIs in values.
    context: Context,
    /// What the element that is being read has declared.
    declared: Vec<Declared>,
    /// Local names of the open elements.
    stack: Vec<String>,
    /// The root element and where it stands.
    root: Option<(String, Place)>,
    is_epcis: bool,
    /// Whether a document element was met, which says more about itself than an event.
    has_document: bool,
    header: Header,
    /// Bytes of the fields of other vocabularies around the events.
    around: u64,
    /// Repairs of the event that is being read.
    repairs: Vec<Repair>,
    /// Open elements of other vocabularies.
    foreign: usize,
    /// Of strict mode only.
    judge: Option<Box<XmlJudge>>,
    info: DocumentInfo,
}

/// What the walk does next.
enum Step {
    Enter(String),
    /// An element that is read as one tree.
    Whole(Whole, element::Open),
    Leave,
    Text(String),
    Skip,
    End,
}

impl<R: BufRead> Document<'_, R> {
    fn read(&mut self) -> Result<(), DocumentError> {
        loop {
            self.reader.get_mut().limit(FIELD_BYTES_MAX);
            let place = self.place();
            let step = self.step(&place)?;
            self.tell_findings();
            match step {
                Step::Enter(name) => {
                    self.declared.clear();
                    self.enter(name)?;
                }
                Step::Whole(whole, open) => {
                    let flow = self.whole(whole, open, place)?;
                    self.context.undo(&mut self.declared);
                    if flow.is_break() {
                        self.info.complete = false;
                        return Ok(());
                    }
                }
                Step::Leave => self.leave(),
                Step::Text(text) => self.text(&text, place)?,
                Step::Skip => {}
                Step::End => return self.end(place),
            }
        }
    }

    fn end(&mut self, place: Place) -> Result<(), DocumentError> {
        if !self.stack.is_empty() || self.root.is_none() {
            let expected = match self.stack.last() {
                Some(open) => format!("</{open}>"),
                None => "an element".to_owned(),
            };
            let found = "the end of the document".to_owned();
            return Err(DocumentError::NotWellFormed { expected, found, place });
        }
        if self.is_epcis {
            if self.has_document {
                self.info.tell_missing();
            }
            return Ok(());
        }
        let (root, place) = self.root.take().unwrap_or((String::new(), place));
        Err(DocumentError::NotEpcis { found: format!("XML with the root element {root}"), place })
    }

    fn enter(&mut self, name: String) -> Result<(), DocumentError> {
        if self.stack.len() >= DEPTH_MAX {
            let place = self.place();
            return Err(DocumentError::TooDeep { depth_max: DEPTH_MAX, place });
        }
        self.stack.push(name);
        Ok(())
    }

    fn leave(&mut self) {
        if let Some(name) = self.stack.pop() {
            self.header.leave(&name, &mut self.info);
        }
    }

    /// Text outside of events; around the root only white space is right.
    fn text(&mut self, text: &str, place: Place) -> Result<(), DocumentError> {
        if self.stack.is_empty() && !text.trim().is_empty() {
            let expected = match self.root {
                Some(_) => "the end of the document",
                None => "an element",
            };
            let found = format!("the text {:?}", cut(text.trim()));
            return Err(DocumentError::NotWellFormed {
                expected: expected.to_owned(),
                found,
                place,
            });
        }
        self.refuse_control(text)?;
        self.header.text(text);
        Ok(())
    }

    /// Reads the next token outside of events.
    fn step(&mut self, place: &Place) -> Result<Step, DocumentError> {
        self.judge_place();
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.clear();
        let token = match self.reader.read_event_into(&mut buffer) {
            Ok(token) => token,
            Err(error) => return Err(self.fail(error)),
        };
        let start = match token {
            Token::Start(start) => start.into_owned(),
            token => {
                let step = match token {
                    Token::End(_) => Ok(Step::Leave),
                    Token::Text(text) => Ok(Step::Text(text.xml10_content().into_owned())),
                    Token::CData(text) => Ok(Step::Text(text.xml10_content().into_owned())),
                    Token::GeneralRef(reference) => self.reference(&reference).map(Step::Text),
                    Token::Eof => Ok(Step::End),
                    _ => Ok(Step::Skip),
                };
                self.buffer = buffer;
                match &step {
                    Ok(Step::Leave) => self.judge_end(),
                    Ok(Step::Text(text)) => self.judge_text(text),
                    _ => {}
                }
                return step;
            }
        };
        self.buffer = buffer;
        let name = start.local_name().into_inner().to_owned();
        if self.is_event(&name) {
            self.is_epcis = true;
            self.reader.get_mut().limit(EVENT_BYTES_MAX);
            if let Some(judge) = &mut self.judge {
                judge.begin_event(self.info.events);
            }
            return Ok(Step::Whole(Whole::Event, self.open(&start)?));
        }
        if self.stack.is_empty() && self.root.is_some() {
            let found = format!("a second root element {name}");
            let expected = "the end of the document".to_owned();
            return Err(DocumentError::NotWellFormed { expected, found, place: self.place() });
        }
        let open = self.open(&start)?;
        if let Some(whole) = self.whole_of(&name, &open) {
            return Ok(Step::Whole(whole, open));
        }
        self.describe(&start, &open, &name, place);
        Ok(Step::Enter(name))
    }

    /// Whether an element of this name, here, is an event.
    fn is_event(&self, name: &str) -> bool {
        let mut outer = self.stack.iter().rev().map(String::as_str);
        match outer.next() {
            None => self.root.is_none() && is_kind(name),
            Some("EventList") => name != "extension",
            Some("extension") => {
                outer.find(|name| *name != "extension") == Some("EventList") && name != "extension"
            }
            Some("resultsBody" | "EPCISBody") => is_kind(name),
            Some(_) => false,
        }
    }

    fn place(&mut self) -> Place {
        let path = match self.stack.is_empty() {
            true => String::new(),
            false => format!("/{}", self.stack.join("/")),
        };
        self.reader.get_mut().place(&path)
    }

    /// A parser's error as ours.
    fn fail(&mut self, error: quick_xml::Error) -> DocumentError {
        let place = self.place();
        match error {
            quick_xml::Error::Io(_) if self.reader.get_mut().is_exhausted() => {
                DocumentError::TooLarge {
                    what: "an event or a piece of text",
                    bytes_max: EVENT_BYTES_MAX,
                    place,
                }
            }
            quick_xml::Error::Io(source) => {
                let source = Arc::try_unwrap(source)
                    .unwrap_or_else(|shared| std::io::Error::new(shared.kind(), shared));
                failed(source, place)
            }
            error => {
                let expected = "well-formed XML".to_owned();
                DocumentError::NotWellFormed { expected, found: error.to_string(), place }
            }
        }
    }
}

/// The namespace as text, its references replaced; `None` for names without one.
fn bound(resolved: ResolveResult<'_>) -> Option<String> {
    match resolved {
        ResolveResult::Bound(namespace) => {
            let written = namespace.into_inner();
            let text = quick_xml::escape::unescape(written).unwrap_or(written.into());
            Some(text.into_owned())
        }
        ResolveResult::Unbound => None,
        ResolveResult::Unknown(prefix) => Some(format!("{prefix}:")),
    }
}
