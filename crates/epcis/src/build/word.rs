//! Words of vocabularies, in any of their forms, and misspellings that leave no doubt.

use super::builder::Builder;
use crate::read::ReadError;
use crate::tree::Element;
use crate::vocabulary::{Action, Vocabulary};

impl<'e> Builder<'e> {
    /// The action, which must be there.
    pub(super) fn action(&mut self, fields: &[&'e Element<'e>]) -> Result<Action, ReadError> {
        const EXPECTED: &str = "ADD, OBSERVE or DELETE";
        let text = self.text(fields, "action")?;
        self.at("action", |builder| {
            let Some(text) = text else { return Err(builder.error(EXPECTED, "nothing")) };
            if let Ok(action) = text.parse() {
                return Ok(action);
            }
            match text.to_ascii_uppercase().parse::<Action>() {
                Ok(action) => {
                    builder.repair(text, action.word());
                    Ok(action)
                }
                Err(_) => Err(builder.error(EXPECTED, &format!("{text:?}"))),
            }
        })
    }

    /// The word in a field.
    pub(super) fn word_field<V: Vocabulary>(
        &mut self,
        fields: &[&'e Element<'e>],
        name: &'e str,
    ) -> Result<Option<V>, ReadError> {
        let Some(text) = self.text(fields, name)? else { return Ok(None) };
        self.at(name, |builder| builder.word(text).map(Some))
    }

    /// A word.
    pub(super) fn word<V: Vocabulary>(&mut self, text: &str) -> Result<V, ReadError> {
        let expanded = self.context.expand(text);
        let strict = V::parse_word(expanded.as_deref().unwrap_or(text));
        if strict.as_ref().is_ok_and(|word| !word.as_word().contains(':')) {
            return strict.map_err(|error| self.error(error.expected, &error.found));
        }
        if let Some(word) = V::repair_word(text) {
            self.repair(text, word.as_word());
            return Ok(word);
        }
        strict.map_err(|error| self.error(error.expected, &format!("{:?}", error.found)))
    }

    /// A word as a URI: a bare one gets `base` in front.
    pub(super) fn word_uri(&self, text: &str, base: &str) -> String {
        match self.context.expand(text) {
            Some(uri) if uri.contains(':') => uri,
            // A prefix that stands for no absolute URI makes a word of the vocabulary.
            Some(word) => format!("{base}{word}"),
            None if text.contains(':') => text.to_owned(),
            None => format!("{base}{text}"),
        }
    }
}
