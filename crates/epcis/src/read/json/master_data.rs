//! Streams the master data of a JSON document: `vocabularyList` of header or results.

use std::io::BufRead;

use super::event::parse;
use super::{Document, Flow, Held};
use crate::build::master_data;
use crate::limits::FIELD_BYTES_MAX;
use crate::read::{DocumentError, Item, Place, Told};

/// The vocabulary that is being read: its type may come after its elements.
#[derive(Default)]
pub(super) struct Vocabulary {
    kind: Option<String>,
    /// Elements that came before the type.
    early: Vec<(Place, Vec<u8>)>,
}

impl<R: BufRead> Document<'_, R> {
    /// The vocabularies of a list.
    pub(super) fn vocabularies(&mut self, path: &str) -> Result<Flow, DocumentError> {
        self.list(path, |document, inner| {
            if document.cursor.peek()? != Some(b'{') {
                let place = document.cursor.place(inner);
                let bytes = document.value("a vocabulary", FIELD_BYTES_MAX)?;
                document.note(inner, "vocabularyList", &bytes, place)?;
                return Ok(Flow::Continue(()));
            }
            document.vocabulary = Vocabulary::default();
            let flow = document.object(inner, Self::vocabulary_field)?;
            if document.vocabulary.kind.is_none() && flow.is_continue() {
                let place = document.cursor.place(inner);
                document.judged(|judge| judge.vocabulary_without_type(inner, &place));
            }
            let flow = if flow.is_continue() { document.release_early()? } else { flow };
            Ok(flow)
        })
    }

    fn vocabulary_field(&mut self, path: &str, key: String) -> Result<Flow, DocumentError> {
        let inner = format!("{path}.{key}");
        if key == "vocabularyElementList" && self.cursor.peek()? == Some(b'[') {
            return self.list(&inner, |document, inner| {
                let place = document.cursor.place(inner);
                let bytes = document.value("a master data element", FIELD_BYTES_MAX)?;
                document.take_element(place, bytes)
            });
        }
        let place = self.cursor.place(&inner);
        let bytes = self.value("a field", FIELD_BYTES_MAX)?;
        if matches!(key.as_str(), "type" | "@type" | "isA") {
            let tree = parse(&bytes, &place)?;
            self.judged(|judge| judge.vocabulary_type(&inner, &tree, &place));
            self.vocabulary.kind = Some(tree.text().unwrap_or_default().to_owned());
            return self.release_early();
        }
        self.count_around(&place, key.len() + bytes.len())?;
        self.note(path, &key, &bytes, place)?;
        Ok(Flow::Continue(()))
    }

    fn take_element(&mut self, place: Place, bytes: Vec<u8>) -> Result<Flow, DocumentError> {
        let Some(kind) = self.vocabulary.kind.clone() else {
            self.count_held(&place, bytes.len())?;
            self.vocabulary.early.push((place, bytes));
            return Ok(Flow::Continue(()));
        };
        if self.has_context {
            return self.hand_over_element(&kind, place, &bytes);
        }
        self.count_held(&place, bytes.len())?;
        self.held.push(Held { place, bytes, vocabulary: Some(kind) });
        Ok(Flow::Continue(()))
    }

    /// Elements that waited for the type of their vocabulary.
    fn release_early(&mut self) -> Result<Flow, DocumentError> {
        self.vocabulary.kind.get_or_insert_default();
        for (place, bytes) in std::mem::take(&mut self.vocabulary.early) {
            if self.take_element(place, bytes)?.is_break() {
                return Ok(Flow::Break(()));
            }
        }
        Ok(Flow::Continue(()))
    }

    pub(super) fn hand_over_element(
        &mut self,
        vocabulary: &str,
        place: Place,
        bytes: &[u8],
    ) -> Result<Flow, DocumentError> {
        let tree = parse(bytes, &place)?;
        self.judged(|judge| judge.element(&tree, &place));
        let vocabulary = self.context.expand(vocabulary).unwrap_or_else(|| vocabulary.to_owned());
        let (element, repairs) = master_data(&vocabulary, &tree, &self.context);
        self.info.keep(repairs);
        self.info.master_data += 1;
        let flow = (self.sink)(Told::Item(Item::MasterData(element)));
        if flow.is_break() {
            self.info.complete = false;
        }
        Ok(flow)
    }
}
