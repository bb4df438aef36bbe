//! Requests, read from and written as the path and query of a GET.

use theriac_gs1::percent::{decode_path, encode_path, encode_query};
use theriac_gs1::{Gln, Gtin, Lot, Serial, Sgtin, to_yymmdd, yymmdd};

use jiff::civil::Date;

use super::LINK_TYPE;
use super::parameters::Parameters;
use super::uuid::CorrUuid;

/// Longest word that `context` may be.
const CONTEXT_CHARS_MAX: usize = 80;

/// Is this pack, as its label says it, one of yours? (section 2a, 2b of the standard)
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifyRequest {
    /// GTIN and serial number.
    pub unit: Sgtin,
    /// Lot number on the label.
    pub lot: Lot,
    /// Expiry date on the label; a day `00` is the last one of its month.
    pub expiry: Date,
    /// In which business it is asked, such as `dscsaSaleableReturn`.
    pub context: String,
    /// Who asks.
    pub requester: Gln,
    /// What the answer must carry.
    pub correlation: CorrUuid,
    /// Only whether the responder can be reached is asked.
    pub check_connectivity: bool,
}

/// Can you be reached about this GTIN? (section 1a, 1b of the standard)
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConnectivityRequest {
    /// The product.
    pub gtin: Gtin,
    /// Who asks.
    pub requester: Gln,
}

/// How keys are named in the path of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PathForm {
    /// `gtin`, `lot`, `ser` and `exp`, as in the standard.
    #[default]
    ShortNames,
    /// Application identifiers `01`, `10`, `21` and `17`, as in later versions of GS1 Digital Link.
    Ai,
}

/// Why a request is not one; the fault of whoever sent it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// The path has another shape.
    #[error("expected the path gtin/…/lot/…/ser/… or 01/…/10/…/21/…, found {found:?}")]
    Path {
        /// The path, cut to 80 characters.
        found: String,
    },
    /// A parameter is not there.
    #[error("expected the parameter {name}, found none")]
    Missing {
        /// Its name.
        name: &'static str,
    },
    /// A parameter is there twice.
    #[error("expected the parameter {name} once, found it twice")]
    Twice {
        /// Its name.
        name: &'static str,
    },
    /// A value is of the wrong kind.
    #[error("expected {expected} in {name}, found {found:?}")]
    Value {
        /// Where it stands.
        name: &'static str,
        /// What is right there.
        expected: &'static str,
        /// The value, cut to 80 characters.
        found: String,
    },
    /// The digits have the form of a GTIN, and are none: no directory has it.
    #[error("expected a GTIN with a right check digit, found {found}")]
    NoSuchGtin {
        /// The digits.
        found: String,
    },
    /// The digits have the form of a GLN, and are none: nobody has it.
    #[error("expected a GLN with a right check digit in reqGLN, found {found}")]
    NoSuchGln {
        /// The digits.
        found: String,
    },
}

impl RequestError {
    pub(super) fn value(name: &'static str, expected: &'static str, found: &str) -> Self {
        Self::Value { name, expected, found: cut(found) }
    }
}

fn cut(text: &str) -> String {
    text.chars().take(80).collect()
}

impl VerifyRequest {
    /// Reads the path below `/verify/` and the query, both still encoded. Unknown parameters are
    /// passed over; `current_year` gives the expiry its century.
    ///
    /// # Errors
    ///
    /// [`RequestError`].
    pub fn read(path: &str, query: &str, current_year: i16) -> Result<Self, RequestError> {
        let query = Parameters(query);
        let [gtin, lot, serial] = keys(path)?;
        let gtin = digits_of_gtin(&decoded("gtin", gtin)?)?;
        let found = decoded("lot", lot)?;
        let lot = Lot::new(found.as_str()).map_err(|_| {
            RequestError::value("lot", "a lot number of 1 to 20 characters", &found)
        })?;
        let found = decoded("ser", serial)?;
        let serial = Serial::new(found.as_str()).map_err(|_| {
            RequestError::value("ser", "a serial number of 1 to 20 characters", &found)
        })?;
        let expiry = expiry(query, current_year)?;
        link_type(&query.required("linkType")?)?;
        let context = context(&query.required("context")?)?;
        let requester = digits_of_gln(&query.required("reqGLN")?)?;
        let found = query.required("corrUUID")?;
        let correlation = found
            .parse()
            .map_err(|_| RequestError::value("corrUUID", "a UUID of version 4", &found))?;
        let check_connectivity = query.is_set("checkConnectivity")?;
        Ok(Self {
            unit: Sgtin { gtin: known_gtin(&gtin)?, serial },
            lot,
            expiry,
            context,
            requester: known_gln(&requester)?,
            correlation,
            check_connectivity,
        })
    }

    /// Path and query below a responder's base URL.
    #[must_use]
    pub fn target(&self, form: PathForm) -> String {
        let [gtin, lot, serial, expiry] = match form {
            PathForm::ShortNames => ["gtin", "lot", "ser", "exp"],
            PathForm::Ai => ["01", "10", "21", "17"],
        };
        let context = encode_query(&self.context);
        let (requester, correlation) = (self.requester, &self.correlation);
        format!(
            "/verify/{gtin}/{}/{lot}/{}/{serial}/{}?{expiry}={}&linkType={LINK_TYPE}&context={context}\
             &reqGLN={requester}&corrUUID={correlation}",
            self.unit.gtin,
            encode_path(self.lot.as_str()),
            encode_path(self.unit.serial.as_str()),
            to_yymmdd(self.expiry),
        )
    }
}

impl ConnectivityRequest {
    /// Reads the query of `/checkConnectivity`, still encoded.
    ///
    /// # Errors
    ///
    /// [`RequestError`].
    pub fn read(query: &str) -> Result<Self, RequestError> {
        let query = Parameters(query);
        let gtin = digits_of_gtin(&query.required("gtin")?)?;
        if let Some(found) = query.text("linkType")? {
            link_type(&found)?;
        }
        if let Some(found) = query.text("context")? {
            context(&found)?;
        }
        let requester = digits_of_gln(&query.required("reqGLN")?)?;
        Ok(Self { gtin: known_gtin(&gtin)?, requester: known_gln(&requester)? })
    }

    /// Path and query below a responder's base URL.
    #[must_use]
    pub fn target(&self, context: &str) -> String {
        format!(
            "/checkConnectivity?gtin={}&linkType={LINK_TYPE}&context={}&reqGLN={}",
            self.gtin,
            encode_query(context),
            self.requester
        )
    }
}

/// The still encoded values of GTIN, lot and serial number.
fn keys(path: &str) -> Result<[&str; 3], RequestError> {
    let path = path.strip_suffix('/').unwrap_or(path);
    let mut segments = path.split('/');
    let mut next = || segments.next().unwrap_or_default();
    let parts = [next(), next(), next(), next(), next(), next()];
    match parts {
        ["gtin" | "01", gtin, "lot" | "10", lot, "ser" | "21", serial]
            if segments.next().is_none() =>
        {
            Ok([gtin, lot, serial])
        }
        _ => Err(RequestError::Path { found: cut(path) }),
    }
}

fn decoded(name: &'static str, value: &str) -> Result<String, RequestError> {
    let wrong = |_| RequestError::value(name, "a percent-encoded value", value);
    decode_path(value).map(std::borrow::Cow::into_owned).map_err(wrong)
}

/// `\d{12,14}|\d{8}`.
fn digits_of_gtin(found: &str) -> Result<String, RequestError> {
    let right = matches!(found.len(), 8 | 12..=14) && is_digits(found);
    right
        .then(|| found.to_owned())
        .ok_or_else(|| RequestError::value("gtin", "a GTIN of 8, 12, 13 or 14 digits", found))
}

/// `\d{13}`.
fn digits_of_gln(found: &str) -> Result<String, RequestError> {
    let right = found.len() == Gln::DIGITS && is_digits(found);
    right
        .then(|| found.to_owned())
        .ok_or_else(|| RequestError::value("reqGLN", "a GLN of 13 digits", found))
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

fn known_gtin(digits: &str) -> Result<Gtin, RequestError> {
    digits.parse().map_err(|_| RequestError::NoSuchGtin { found: digits.to_owned() })
}

fn known_gln(digits: &str) -> Result<Gln, RequestError> {
    digits.parse().map_err(|_| RequestError::NoSuchGln { found: digits.to_owned() })
}

/// `exp`, or `17` as Digital Link names it.
fn expiry(query: Parameters<'_>, current_year: i16) -> Result<Date, RequestError> {
    let [named, numbered] = [query.text("exp")?, query.text("17")?];
    let found = match (named, numbered) {
        (Some(named), Some(numbered)) if named != numbered => {
            return Err(RequestError::Twice { name: "exp" });
        }
        (Some(found), _) | (None, Some(found)) => found,
        (None, None) => return Err(RequestError::Missing { name: "exp" }),
    };
    yymmdd(&found, current_year)
        .map_err(|_| RequestError::value("exp", "a date of six digits YYMMDD", &found))
}

/// `verificationService`, also with its prefix or as the URI of GS1's vocabulary.
fn link_type(found: &str) -> Result<(), RequestError> {
    let name = found
        .strip_prefix("gs1:")
        .or_else(|| found.strip_prefix("https://ref.gs1.org/voc/"))
        .or_else(|| found.strip_prefix("https://gs1.org/voc/"))
        .unwrap_or(found);
    if name == LINK_TYPE {
        return Ok(());
    }
    Err(RequestError::value("linkType", LINK_TYPE, found))
}

fn context(found: &str) -> Result<String, RequestError> {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:".contains(&byte);
    let right = (1..=CONTEXT_CHARS_MAX).contains(&found.len()) && found.bytes().all(is_word);
    right
        .then(|| found.to_owned())
        .ok_or_else(|| RequestError::value("context", "a word such as dscsaSaleableReturn", found))
}
