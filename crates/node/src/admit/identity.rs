//! Which event is which: duplicates, `eventID`s that are taken, declarations and what they declare.
//!
//! # Invariants
//!
//! - One `eventID` names one content: an event and its error declarations have the same event hash.
//! - An event without `eventID` gets its event hash as one (`ni:///sha-256;…?ver=CBV2.0`).

use std::collections::{HashMap, HashSet};

use sha2::{Digest, Sha256};
use theriac_custody::Hash;
use theriac_custody::identity::declaration_identity;
use theriac_epcis::{Event, event_from_json, event_hash};
use theriac_store::{EventRecord, ReadTx};

use crate::error::NodeError;
use crate::parse::{Parsed, Refusal};

/// The rule that one `eventID` names one event.
pub(crate) const EVENT_ID_TAKEN: &str = "event-id-taken";

/// The rule that an error declaration repeats the event that it declares erroneous.
const DECLARATION_DIFFERS: &str = "declaration-differs";

/// An event that obeys the standard, with what it is known by.
#[derive(Debug, Clone)]
pub(crate) struct Sound {
    /// The event, with an `eventID`.
    pub(crate) event: Event,
    /// Its event hash (CBV 2.0), which says nothing of an error declaration.
    pub(crate) content: Hash,
    /// What it is known by on record: the event hash, or a declaration's own identity.
    pub(crate) identity: Hash,
}

impl Sound {
    /// Gives an event what it is known by.
    pub(crate) fn new(mut event: Event) -> Self {
        let content = event_hash(&event);
        event.common_mut().event_id.get_or_insert_with(|| content.to_string());
        let content = Hash(content.0);
        let identity = declaration_identity(&event, content).unwrap_or(content);
        Self { event, content, identity }
    }

    /// Whether it declares an event erroneous.
    pub(crate) fn is_declaration(&self) -> bool {
        self.event.common().error_declaration.is_some()
    }

    pub(crate) fn event_id(&self) -> &str {
        self.event.common().event_id.as_deref().unwrap_or_default()
    }
}

/// What an `eventID` stands for on record.
#[derive(Debug, Clone, Copy)]
struct Named {
    content: Hash,
    /// Whether only declarations with this content are on record.
    declared_only: bool,
}

/// What is on record of the events at hand.
#[derive(Debug, Default)]
pub(crate) struct Known {
    identities: HashSet<Hash>,
    by_id: HashMap<String, Named>,
}

/// What an event is to the record.
#[derive(Debug)]
pub(crate) enum Identity {
    /// Not on record.
    New {
        /// Whether a declaration of it came before.
        declared: bool,
    },
    /// On record.
    Duplicate,
    /// Another event has its `eventID`.
    Taken(Refusal),
}

impl Known {
    /// Looks up the events of a batch.
    pub(crate) async fn of(tx: &mut ReadTx, batch: &[Parsed]) -> Result<Self, NodeError> {
        let sound: Vec<&Sound> = batch.iter().filter_map(|p| p.outcome.as_ref().ok()).collect();
        let identities: Vec<Hash> = sound.iter().map(|sound| sound.identity).collect();
        let mut known = Self {
            identities: tx.known_events(&identities).await?.into_keys().collect(),
            by_id: HashMap::new(),
        };
        let contents: HashMap<String, Hash> =
            sound.iter().flat_map(|sound| ids(sound).map(|id| (id, sound.content))).collect();
        let asked: Vec<String> = contents.keys().cloned().collect();
        for (id, rows) in tx.known_event_ids(&asked).await? {
            let content = contents.get(&id).copied().unwrap_or_default();
            let named = match rows.iter().find(|(_, hash)| *hash == content) {
                Some(_) => Named { content, declared_only: false },
                None => {
                    let mut named = None;
                    for (row, _) in &rows {
                        let Some(record) = tx.event(*row).await? else { continue };
                        named = Some(what_it_names(&record));
                        if named.is_some_and(|named| !named.declared_only) {
                            break;
                        }
                    }
                    let Some(named) = named else { continue };
                    named
                }
            };
            known.by_id.insert(id, named);
        }
        Ok(known)
    }

    /// What an event is to the record and to the events noted before.
    pub(crate) fn judge(&self, sound: &Sound) -> Identity {
        if self.identities.contains(&sound.identity) {
            return Identity::Duplicate;
        }
        if let Some(named) = self.by_id.get(sound.event_id())
            && named.content != sound.content
        {
            return Identity::Taken(taken(sound));
        }
        let declared = !sound.is_declaration()
            && ids(sound).any(|id| {
                self.by_id
                    .get(&id)
                    .is_some_and(|named| named.declared_only && named.content == sound.content)
            });
        Identity::New { declared }
    }

    /// Takes note of an event that is put on record.
    pub(crate) fn note(&mut self, sound: &Sound) {
        self.identities.insert(sound.identity);
        let named = Named { content: sound.content, declared_only: sound.is_declaration() };
        let id = sound.event_id().to_owned();
        let noted = self.by_id.entry(id).or_insert(named);
        noted.declared_only &= named.declared_only;
    }
}

/// The `eventID` of an event, and the one that it would have been given.
fn ids(sound: &Sound) -> impl Iterator<Item = String> {
    let given = theriac_epcis::EventHash(sound.content.0).to_string();
    let own = sound.event_id().to_owned();
    let other = (own != given).then_some(given);
    std::iter::once(own).chain(other)
}

fn what_it_names(record: &EventRecord) -> Named {
    let event = event_on_record(record);
    let declares = event.filter(|event| event.common().error_declaration.is_some());
    match declares {
        Some(event) => Named { content: Hash(event_hash(&event).0), declared_only: true },
        None => Named { content: record.hash, declared_only: false },
    }
}

/// An event as it is on record.
pub(crate) fn event_on_record(record: &EventRecord) -> Option<Event> {
    event_from_json(&serde_json::from_str(&record.body).ok()?).ok()
}

fn taken(sound: &Sound) -> Refusal {
    let id = sound.event_id();
    let (code, expected) = if sound.is_declaration() {
        (DECLARATION_DIFFERS, "a declaration that repeats the event on record word for word")
    } else {
        (EVENT_ID_TAKEN, "an eventID of its own, or an errorDeclaration")
    };
    Refusal {
        reason: format!("expected {expected}, found another event with the eventID {id}"),
        code: code.to_owned(),
    }
}

/// The contents that the `eventID`s of one document name. Takes 24 bytes for each event that
/// has an `eventID` of its own: it cannot do with less, as any two of them may collide.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    by_id: HashMap<[u8; 16], [u8; 8]>,
}

impl Seen {
    /// Takes note of an event of the document.
    ///
    /// # Errors
    ///
    /// A refusal if an event before has its `eventID` and another content.
    pub(crate) fn note(&mut self, sound: &Sound) -> Result<(), Refusal> {
        let id = sound.event_id();
        if id == theriac_epcis::EventHash(sound.content.0).to_string() {
            return Ok(());
        }
        let mut key = [0; 16];
        key.copy_from_slice(&Sha256::digest(id.as_bytes())[..16]);
        let mut content = [0; 8];
        content.copy_from_slice(&sound.content.0[..8]);
        match self.by_id.entry(key).or_insert(content) {
            before if *before == content => Ok(()),
            _ => Err(taken(sound)),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use theriac_custody::identity::identity_of;

    use super::*;

    fn event(declared_at: Option<&str>) -> Event {
        let mut event = json!({
            "type": "ObjectEvent",
            "action": "OBSERVE",
            "eventTime": "2026-01-01T10:00:00Z",
            "eventTimeZoneOffset": "+00:00",
            "epcList": ["https://id.gs1.org/01/09521321000117/21/S1"],
        });
        if let Some(at) = declared_at {
            event["errorDeclaration"] = json!({ "declarationTime": at, "reason": "did_not_occur" });
        }
        event_from_json(&event).unwrap()
    }

    #[test]
    fn a_declaration_has_an_identity_of_its_own() {
        let original = Sound::new(event(None));
        let declared = Sound::new(event(Some("2026-01-02T10:00:00Z")));
        let same = Sound::new(event(Some("2026-01-02T11:00:00+01:00")));
        let later = Sound::new(event(Some("2026-01-03T10:00:00Z")));
        assert_eq!(original.identity, original.content);
        assert_eq!([declared.content, later.content], [original.content; 2]);
        assert_eq!(declared.event_id(), original.event_id());
        assert_eq!(declared.identity, same.identity);
        assert_eq!(declared.identity, identity_of(&event(Some("2026-01-02T10:00:00Z"))));
        let identities = HashSet::from([original.identity, declared.identity, later.identity]);
        assert_eq!(identities.len(), 3);
    }

    #[test]
    fn an_event_without_an_id_is_named_after_its_hash() {
        let sound = Sound::new(event(None));
        assert_eq!(sound.event_id(), event_hash(&event(None)).to_string());
        // The id that it was given changes nothing of what it is.
        assert_eq!(Sound::new(sound.event.clone()).identity, sound.identity);
    }

    #[test]
    fn one_id_names_one_content() {
        let named = |id: &str, at: &str| {
            let mut event = event(None);
            event.common_mut().event_id = Some(id.to_owned());
            event.common_mut().event_time = at.parse().unwrap();
            Sound::new(event)
        };
        let first = named("urn:uuid:1", "2026-01-01T10:00:00Z");
        let other = named("urn:uuid:1", "2026-01-01T11:00:00Z");
        let mut seen = Seen::default();
        assert!(seen.note(&first).is_ok() && seen.note(&first).is_ok());
        assert_eq!(seen.note(&other).unwrap_err().code, EVENT_ID_TAKEN);

        let mut known = Known::default();
        known.note(&first);
        assert!(matches!(known.judge(&first), Identity::Duplicate));
        assert!(matches!(known.judge(&other), Identity::Taken(_)));
        let third = named("urn:uuid:2", "2026-01-01T11:00:00Z");
        assert!(matches!(known.judge(&third), Identity::New { declared: false }));
    }

    #[test]
    fn a_declaration_may_come_first() {
        let mut known = Known::default();
        known.note(&Sound::new(event(Some("2026-01-02T10:00:00Z"))));
        let original = Sound::new(event(None));
        assert!(matches!(known.judge(&original), Identity::New { declared: true }));
        known.note(&original);
        assert!(matches!(known.judge(&original), Identity::Duplicate));
    }
}
