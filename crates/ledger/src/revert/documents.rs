//! Refusals of the contract of documents.

use super::{Revert, roles};
use crate::bindings::convert::{account, hash};
use crate::bindings::documents::Documents::DocumentsErrors as E;

pub(super) fn explain(error: &E) -> Revert {
    let (name, text) = match error {
        E::RoleMissing(e) => {
            let (account, roles) = (account(e.account), roles(e.anyOf));
            ("RoleMissing", format!("{account} has none of these roles now: {roles}"))
        }
        E::DocumentExists(e) => {
            ("DocumentExists", format!("the document {} is published", hash(e.document)))
        }
        E::DocumentUnknown(e) => {
            ("DocumentUnknown", format!("the document {} is not published", hash(e.document)))
        }
        E::NotOwner(e) => {
            let (document, caller) = (hash(e.document), account(e.caller));
            ("NotOwner", format!("the document {document} is not of the member of {caller}"))
        }
        E::GrantsToSelf(e) => {
            ("GrantsToSelf", format!("{} is of the owner, who may read it anyway", account(e.to)))
        }
        E::NoMember(e) => ("NoMember", format!("{} acts for no member", account(e.account))),
        E::NotGranted(e) => {
            let document = hash(e.document);
            let text = format!("the member {:013} may not read the document {document}", e.gln);
            ("NotGranted", text)
        }
        E::UntilPast(e) => ("UntilPast", format!("day {} has passed", e.until)),
        E::UntilTooLate(e) => {
            let (until, latest) = (e.until, e.latest);
            ("UntilTooLate", format!("day {until} is later than the document's last, {latest}"))
        }
        E::TooEarly(e) => ("TooEarly", format!("it can be pruned after day {}", e.until)),
    };
    Revert::new(name, text)
}
