//! Classes, which are pure identity patterns with a wildcard for the serial alone (EPC Tag Data
//! Standard, section 8; Core Business Vocabulary 2.0, section 8.3.1).

use super::digits::{UrnKey, key};
use super::read::{known, piece_of_total, prefixed, split};
use super::{Scheme, shown};
use crate::identifier::error::UriError;
use crate::identifier::{Cpi, Epc, Gcn, Gdti, Grai, Identifier, Itip, ItipPart};
use crate::pattern;

/// The class of these components; `None` when the pattern is right and wider than a class.
pub(super) fn read(scheme: Scheme, rest: &str) -> Result<Option<Epc>, UriError> {
    let head = rest.strip_suffix(".*").filter(|head| !head.ends_with(".*"));
    if let Some(head) = head.filter(|_| scheme.class_head().is_some()) {
        return of(scheme, head).map(Some);
    }
    pattern::check(scheme, rest)?;
    if rest.ends_with(".*") {
        return Ok(None);
    }
    Err(UriError::UrnShape { expected: "* for the last component", found: shown(rest) })
}

/// The class of the components but the wildcard for the serial.
pub(crate) fn of(scheme: Scheme, head: &str) -> Result<Epc, UriError> {
    match scheme {
        Scheme::Grai => numbered(scheme, head, |asset_type| Grai { asset_type, serial: None }),
        Scheme::Gdti => {
            numbered(scheme, head, |document_type| Gdti { document_type, serial: None })
        }
        Scheme::Sgcn => numbered(scheme, head, |coupon| Gcn { coupon, serial: None }),
        Scheme::Itip => {
            let [prefix, item, piece, total] = split(scheme, head)?;
            let (gtin, length) = key(prefix, item)?;
            let piece = piece_of_total(piece, total)?;
            Ok(known(Itip { gtin, piece, part: ItipPart::All }, length))
        }
        Scheme::Cpi => {
            let [prefix, reference] = split(scheme, head)?;
            let (text, length) = prefixed(scheme, prefix, reference, head)?;
            Ok(known(Cpi { part: text.parse()?, serial: None }, length))
        }
        _ => numbered(scheme, head, Identifier::Gtin),
    }
}

fn numbered<K: UrnKey, I: Into<Identifier>>(
    scheme: Scheme,
    head: &str,
    identifier: impl FnOnce(K) -> I,
) -> Result<Epc, UriError> {
    let [prefix, reference] = split(scheme, head)?;
    let (key, length) = key(prefix, reference)?;
    Ok(known(identifier(key), length))
}
