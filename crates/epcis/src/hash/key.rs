//! Identifiers as they are hashed: the constrained canonical Digital Link of CBV 2.0.
//!
//! Only the finest key is kept (serial before lot), and fewer characters are escaped than in the
//! Digital Link that this crate writes elsewhere.

use std::borrow::Cow;

use theriac_gs1::{Epc, Identifier};

use super::link;

/// Where all canonical Digital Links begin.
const STEM: &str = "https://id.gs1.org/";

/// Characters that are not escaped in the value of a key, besides letters, digits and `-._~`.
pub(super) const LEFT_RAW: &str = "';=";

/// An identifier as it is hashed.
pub(super) fn epc(epc: &Epc) -> String {
    item("", epc)
}

/// An identifier as it is hashed, behind this text.
pub(super) fn item(before: &str, epc: &Epc) -> String {
    let mut item = String::with_capacity(before.len() + 64);
    item.push_str(before);
    match &epc.id {
        Identifier::Other(other) => item.push_str(&uri(other.as_str())),
        id => {
            item.push_str(STEM);
            item.push_str(&id.key_leaving(LEFT_RAW));
        }
    }
    item
}

/// A text that may be an identifier, a word of the CBV, or neither.
pub(super) fn uri(text: &str) -> Cow<'_, str> {
    if !text.contains(':') {
        return Cow::Borrowed(text);
    }
    match Identifier::from_uri(text).map(|epc| epc.id) {
        Ok(Identifier::Other(_)) | Err(_) => {}
        Ok(id) => return Cow::Owned(typed(&id)),
    }
    if let Some(key) = link::from_link(text) {
        return Cow::Owned(format!("{STEM}{key}"));
    }
    word(text).map_or(Cow::Borrowed(text), Cow::Owned)
}

fn typed(id: &Identifier) -> String {
    format!("{STEM}{}", id.key_leaving(LEFT_RAW))
}

/// A word of the CBV in its old URN form, as a web URI.
fn word(text: &str) -> Option<String> {
    const KINDS: &[(&str, &str)] =
        &[("bizstep", "BizStep"), ("disp", "Disp"), ("btt", "BTT"), ("sdt", "SDT"), ("er", "ER")];
    let (kind, word) = text.strip_prefix("urn:epcglobal:cbv:")?.split_once(':')?;
    let (_, web) = KINDS.iter().find(|(urn, _)| *urn == kind)?;
    Some(format!("https://ref.gs1.org/cbv/{web}-{word}"))
}
