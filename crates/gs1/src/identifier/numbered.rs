//! Keys of a kind of thing with an optional serial number: assets, documents, coupons, parts.

use std::fmt;
use std::str::FromStr;

use super::error::{UriError, shown};
use crate::key::{AssetType, Coupon, DocumentType, KeyError, KeyName};
use crate::serial::{AssetSerial, CouponSerial, DocumentSerial, PartNumber, PartSerial};

/// Returnable assets of one type, or one of them (GRAI, AI 8003).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Grai {
    /// What kind of pallet, keg, crate, ….
    pub asset_type: AssetType,
    /// Which one; `None` is the class of them all.
    pub serial: Option<AssetSerial>,
}

/// Documents of one type, or one of them (GDTI, AI 253).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gdti {
    /// What kind of document.
    pub document_type: DocumentType,
    /// Which one; `None` is the class of them all.
    pub serial: Option<DocumentSerial>,
}

/// Coupons of one kind, or one of them (GCN, AI 255; SGCN in EPC URNs).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gcn {
    /// What kind of coupon.
    pub coupon: Coupon,
    /// Which one; `None` is the class of them all.
    pub serial: Option<CouponSerial>,
}

/// Components or parts of one number, or one of them (CPI, AIs 8010 and 8011).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cpi {
    /// What part.
    pub part: PartNumber,
    /// Which one; `None` is the class of them all.
    pub serial: Option<PartSerial>,
}

impl Grai {
    /// Of a value of AI 8003: `0`, the type's 13 digits, the serial.
    pub(crate) fn of_value(value: &str) -> Result<Self, UriError> {
        let rest = value.strip_prefix('0').ok_or_else(|| UriError::Path {
            expected: "a zero before the 13 digits of a GRAI",
            found: shown(value),
        })?;
        let (asset_type, serial) = split(KeyName::Grai, rest)?;
        Ok(Self { asset_type, serial })
    }

    /// The value of AI 8003.
    pub(crate) fn value(&self) -> String {
        joined("0", self.asset_type, self.serial.as_ref())
    }
}

impl Gdti {
    /// Of a value of AI 253: the type's 13 digits, the serial.
    pub(crate) fn of_value(value: &str) -> Result<Self, UriError> {
        let (document_type, serial) = split(KeyName::Gdti, value)?;
        Ok(Self { document_type, serial })
    }

    /// The value of AI 253.
    pub(crate) fn value(&self) -> String {
        joined("", self.document_type, self.serial.as_ref())
    }
}

impl Gcn {
    /// Of a value of AI 255: 13 digits, the serial.
    pub(crate) fn of_value(value: &str) -> Result<Self, UriError> {
        let (coupon, serial) = split(KeyName::Gcn, value)?;
        Ok(Self { coupon, serial })
    }

    /// The value of AI 255.
    pub(crate) fn value(&self) -> String {
        joined("", self.coupon, self.serial.as_ref())
    }
}

/// The key's 13 digits and, where anything follows, the serial.
fn split<K, S>(key: KeyName, value: &str) -> Result<(K, Option<S>), UriError>
where
    K: FromStr,
    S: FromStr,
    UriError: From<K::Err> + From<S::Err>,
{
    let (Some(digits), Some(serial)) = (value.get(..13), value.get(13..)) else {
        return Err(KeyError::Length { key, found: value.chars().count() }.into());
    };
    let serial = if serial.is_empty() { None } else { Some(serial.parse()?) };
    Ok((digits.parse()?, serial))
}

fn joined(zero: &str, key: impl fmt::Display, serial: Option<&impl AsRef<str>>) -> String {
    format!("{zero}{key}{}", serial.map_or("", AsRef::as_ref))
}
