//! Identifiers of objects, classes, places and parties.

use theriac_gs1::{Epc, Identifier, Uri};

use super::builder::Builder;
use crate::read::ReadError;
use crate::tree::{Element, cut};

/// Before a company's own name of a place.
const LOCAL_NAME: &str = "urn:theriac:local:";

impl<'e> Builder<'e> {
    /// The identifier of an object or class. One that claims to be a GS1 key and is wrong (a check
    /// digit, a digit too few) is told as a repair and kept verbatim, so that the other objects of
    /// the event are known; the rule `identifier-is-right` finds it again.
    pub(super) fn epc(&mut self, element: &'e Element<'e>) -> Result<Epc, ReadError> {
        self.count_epc()?;
        let Some(text) = element.text() else {
            return Err(self.error("an EPC URN or Digital Link", &element.describe()));
        };
        let error = match Identifier::from_uri(text) {
            Ok(epc) => return Ok(epc),
            Err(error) => error,
        };
        match Uri::new(text) {
            Ok(uri) => {
                self.repair(text, format!("an unknown identifier: {error}"));
                Ok(Identifier::Other(uri).into())
            }
            Err(_) => Err(self.error(format!("an identifier ({error})"), &quoted(text))),
        }
    }

    /// The identifier of a place or party. A wrong one is told as a repair and kept, because the
    /// objects of the event are known all the same; `None` when the text says that there is none.
    pub(super) fn place(&mut self, text: &str) -> Result<Option<Epc>, ReadError> {
        let error = match Identifier::from_uri(text) {
            Ok(epc) => return Ok(Some(epc)),
            Err(error) => error,
        };
        if matches!(text, "N/A" | "n/a" | "NA" | "none" | "None" | "-") {
            self.repair(text, "no place or party");
            return Ok(None);
        }
        if let Ok(uri) = Uri::new(text) {
            self.repair(text, format!("an unknown place or party: {error}"));
            return Ok(Some(Identifier::Other(uri).into()));
        }
        if let Ok(epc) = Identifier::from_uri(&format!("urn:epc:id:sgln:{text}")) {
            self.repair(text, epc.digital_link());
            return Ok(Some(epc));
        }
        match Uri::new(&local_name(text)) {
            Ok(uri) => {
                self.repair(text, format!("an unknown place or party {uri}"));
                Ok(Some(Identifier::Other(uri).into()))
            }
            Err(_) => Err(self.error(format!("an identifier ({error})"), &quoted(text))),
        }
    }

    /// The identifier in one field.
    pub(super) fn epc_field(
        &mut self,
        fields: &[&'e Element<'e>],
        name: &'e str,
    ) -> Result<Option<Epc>, ReadError> {
        let Some(field) = self.one(fields, name)? else { return Ok(None) };
        if super::builder::is_empty(field) {
            return Ok(None);
        }
        self.at(name, |builder| builder.epc(field).map(Some))
    }

    /// The identifiers of a list such as `epcList`.
    pub(super) fn epc_list(
        &mut self,
        fields: &[&'e Element<'e>],
        name: &'e str,
    ) -> Result<Vec<Epc>, ReadError> {
        let mut epcs = Vec::new();
        for list in fields.iter().filter(|field| field.is(name)) {
            self.at(name, |builder| {
                epcs.reserve_exact(list.children.len());
                if list.text().is_some() {
                    return Err(builder.error("a list of identifiers", &list.describe()));
                }
                for (index, item) in list.children.iter().enumerate() {
                    builder.at_item(index, |builder| {
                        if !item.name.is_empty() && !item.is("epc") {
                            return Err(builder.error("epc", &format!("{:?}", item.name)));
                        }
                        epcs.push(builder.epc(item)?);
                        Ok(())
                    })?;
                }
                Ok(())
            })?;
        }
        Ok(epcs)
    }
}

fn quoted(text: &str) -> String {
    format!("{:?}", cut(text))
}

/// A company's own name of a place as a URI, so that it can be kept.
fn local_name(text: &str) -> String {
    let mut uri = String::from(LOCAL_NAME);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}
