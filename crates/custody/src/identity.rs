//! What an event is known by: on record, in causes and in anchors.

use sha2::{Digest, Sha256};
use theriac_epcis::{Event, event_hash, to_json};

use crate::hash::Hash;

/// Separates the identities of declarations from event hashes.
const DECLARATION: &[u8] = b"theriac error declaration 1\n";

/// The event hash (CBV 2.0, section 8.9); for an error declaration, whose event hash is that of the
/// event declared erroneous, SHA-256 over that and the declaration in canonical JSON.
pub fn identity_of(event: &Event) -> Hash {
    let content = Hash(event_hash(event).0);
    declaration_identity(event, content).unwrap_or(content)
}

/// The identity of an error declaration of the event with this hash; `None` for another event.
pub fn declaration_identity(event: &Event, content: Hash) -> Option<Hash> {
    event.common().error_declaration.as_ref()?;
    let written = to_json(event);
    let declaration = canonical(written.get("errorDeclaration")?);
    let mut hasher = Sha256::new();
    hasher.update(DECLARATION);
    hasher.update(content.0);
    hasher.update(declaration.as_bytes());
    Some(Hash(hasher.finalize().into()))
}

/// JSON with sorted keys and without spaces.
fn canonical(value: &serde_json::Value) -> String {
    use serde_json::Value;
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_unstable_by_key(|(name, _)| name.as_str());
            let fields: Vec<String> = fields
                .into_iter()
                .map(|(name, value)| format!("{}:{}", Value::from(name.as_str()), canonical(value)))
                .collect();
            format!("{{{}}}", fields.join(","))
        }
        Value::Array(list) => {
            let list: Vec<String> = list.iter().map(canonical).collect();
            format!("[{}]", list.join(","))
        }
        plain => plain.to_string(),
    }
}
