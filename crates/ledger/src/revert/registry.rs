//! Refusals of the contract of members, accounts and products.

use super::{Revert, roles};
use crate::bindings::convert::account;
use crate::bindings::registry::Registry::RegistryErrors as E;

pub(super) fn explain(error: &E) -> Revert {
    let (name, text) = members(error)
        .or_else(|| products(error))
        .unwrap_or_else(|| ("CallFailed", format!("a call inside the contract failed: {error:?}")));
    Revert::new(name, text)
}

type Explained = Option<(&'static str, String)>;

fn members(error: &E) -> Explained {
    Some(match error {
        E::AccessControlUnauthorizedAccount(e) => (
            "AccessControlUnauthorizedAccount",
            format!("{} is not a governor", account(e.account)),
        ),
        E::GlnInvalid(e) => ("GlnInvalid", format!("{} is not a GLN", e.gln)),
        E::RolesInvalid(e) => {
            ("RolesInvalid", format!("{} is not a set of roles ({})", e.roles, roles(e.roles)))
        }
        E::StatusInvalid(_) => ("StatusInvalid", "a member cannot be set to this status".into()),
        E::AccountInvalid(e) => {
            ("AccountInvalid", format!("{} cannot be an account", account(e.account)))
        }
        E::MemberExists(e) => ("MemberExists", format!("the member {:013} is registered", e.gln)),
        E::MemberUnknown(e) => {
            ("MemberUnknown", format!("the member {:013} is not registered", e.gln))
        }
        E::AccountTaken(e) => {
            let account = account(e.account);
            ("AccountTaken", format!("{account} is or was an account of the member {:013}", e.gln))
        }
        E::AccountUnknown(e) => {
            ("AccountUnknown", format!("{} acts for no member", account(e.account)))
        }
        E::NotOfMember(e) => {
            let text = "has no right to do this for the member";
            ("NotOfMember", format!("{} {text} {:013}", account(e.caller), e.gln))
        }
        E::UndoDaysTooMany(e) => {
            ("UndoDaysTooMany", format!("{} days to undo are more than 365", e.undoDays))
        }
        E::AccountsTooMany(e) => {
            ("AccountsTooMany", format!("the member {:013} has 16 accounts, the most", e.gln))
        }
        _ => return None,
    })
}

fn products(error: &E) -> Explained {
    Some(match error {
        E::GtinInvalid(e) => ("GtinInvalid", format!("{} is not a GTIN", e.gtin)),
        E::NotRegulator(e) => {
            let caller = account(e.caller);
            ("NotRegulator", format!("{caller} is neither a governor nor a regulator"))
        }
        E::NotALabeler(e) => {
            ("NotALabeler", format!("the member {:013} cannot act as a labeler now", e.gln))
        }
        E::ProductExists(e) => {
            let text = format!("the product {:014} is of the member {:013}", e.gtin, e.labelerGln);
            ("ProductExists", text)
        }
        E::ProductUnknown(e) => {
            ("ProductUnknown", format!("the product {:014} is not registered", e.gtin))
        }
        E::NotLabelerOfProduct(e) => {
            let caller = account(e.caller);
            let text = format!("the product {:014} is not of the member of {caller}", e.gtin);
            ("NotLabelerOfProduct", text)
        }
        E::NotOffered(e) => {
            let caller = account(e.caller);
            let text =
                format!("the product {:014} is not offered to the member of {caller}", e.gtin);
            ("NotOffered", text)
        }
        _ => return None,
    })
}
