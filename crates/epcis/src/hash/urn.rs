//! EPC URNs of the keys that the identifiers crate keeps as plain URIs (EPC Tag Data Standard).

use theriac_gs1::check_digit;

use super::key::{escape, is_digits, unescape};

/// The canonical key of an EPC URN of an identifier or of a class; `None` when the text is none.
pub(super) fn from_urn(text: &str) -> Option<String> {
    let rest = text.strip_prefix("urn:epc:id:").or_else(|| text.strip_prefix("urn:epc:idpat:"))?;
    let (scheme, rest) = rest.split_once(':')?;
    let parts: Vec<&str> = rest.split('.').collect();
    let serial_after = |count: usize| {
        parts.get(count).map(|_| parts[count..].join(".")).filter(|serial| serial != "*")
    };
    match (scheme, &parts[..]) {
        ("grai", [prefix, kind, _, ..]) => {
            joined(&format!("8003/0{}", checked(prefix, kind, 12)?), serial_after(2))
        }
        ("gdti", [prefix, kind, _, ..]) => {
            joined(&format!("253/{}", checked(prefix, kind, 12)?), serial_after(2))
        }
        ("sgcn", [prefix, coupon, _, ..]) => {
            joined(&format!("255/{}", checked(prefix, coupon, 12)?), serial_after(2))
        }
        ("giai", [prefix, _, ..]) => joined(&format!("8004/{prefix}"), serial_after(1)),
        ("ginc", [prefix, _, ..]) => joined(&format!("401/{prefix}"), serial_after(1)),
        ("gsrn", [prefix, reference]) => Some(format!("8018/{}", checked(prefix, reference, 17)?)),
        ("gsrnp", [prefix, reference]) => Some(format!("8017/{}", checked(prefix, reference, 17)?)),
        ("gsin", [prefix, reference]) => Some(format!("402/{}", checked(prefix, reference, 16)?)),
        ("cpi", [prefix, part, _, ..]) => {
            let part = joined(&format!("8010/{prefix}"), Some((*part).to_owned()))?;
            qualified(part, "8011", serial_after(2))
        }
        ("itip", [prefix, item, piece, total, _, ..]) => {
            let key = format!("8006/{}{piece}{total}", gtin(prefix, item)?);
            qualified(key, "21", serial_after(4))
        }
        ("upui", [prefix, item, _, ..]) => {
            qualified(format!("01/{}", gtin(prefix, item)?), "235", serial_after(2))
        }
        _ => None,
    }
}

/// Prefix and reference with their check digit, when they are this many digits.
fn checked(prefix: &str, reference: &str, count: usize) -> Option<String> {
    let digits = format!("{prefix}{reference}");
    if !is_digits(&digits, count) {
        return None;
    }
    let check = check_digit(digits.parse().ok()?);
    Some(format!("{digits}{check}"))
}

/// GTIN-14: indicator (first digit of the item), prefix, rest of the item, check digit.
fn gtin(prefix: &str, item: &str) -> Option<String> {
    let indicator = item.get(..1)?;
    checked(indicator, &format!("{prefix}{}", &item[1..]), 13)
}

/// The key with more of it, which is escaped in the URN.
fn joined(key: &str, more: Option<String>) -> Option<String> {
    let mut out = key.to_owned();
    if let Some(more) = more {
        escape(&mut out, &unescape(&more)?);
    }
    Some(out)
}

fn qualified(key: String, ai: &str, value: Option<String>) -> Option<String> {
    match value {
        Some(value) => joined(&format!("{key}/{ai}/"), Some(value)),
        None => Some(key),
    }
}
