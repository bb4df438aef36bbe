//! Patterns of identifiers, as the MATCH parameters of EPCIS queries take them (EPC Tag Data
//! Standard, section 8: pure identity patterns).
//!
//! # Invariants
//!
//! - A pattern made from an identifier matches that identifier.
//! - A pattern with a company prefix matches only what that company numbered.

mod read;

pub(crate) use read::check;

use crate::company_prefix::CompanyPrefixLength;
use crate::identifier::{Epc, Identifier, Scheme, UriError, leading};
use crate::key::Gtin;

/// What a URI or pattern asks for: one identifier, or all of a class, of a company, of a scheme.
///
/// Wildcards stand for whole components from some component to the end; a pure identity pattern
/// has no ranges (those are of tag patterns, `urn:epc:pat:`). A pattern whose only wildcard is the
/// serial also names a class, and matches the items and the class itself, not its batches.
///
/// ```
/// # use theriac_gs1::{Epc, Pattern};
/// let pattern = Pattern::from_uri("urn:epc:idpat:sgtin:0614141.107346.*")?;
/// assert!(pattern.matches(&Epc::from_uri("urn:epc:id:sgtin:0614141.107346.2018")?));
/// assert!(pattern.matches(&Epc::from_uri("https://id.gs1.org/01/10614141073464/21/2018")?));
/// assert!(!pattern.matches(&Epc::from_uri("urn:epc:id:sgtin:0614141.107347.2018")?));
/// # Ok::<(), theriac_gs1::UriError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pattern(Extent);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Extent {
    /// Nothing but this.
    One(Identifier),
    /// A class, and all of its scheme that is in it.
    Class(Scheme, Identifier),
    /// All pieces of a trade item.
    Pieces(Gtin),
    /// All of a scheme that one company numbered.
    Company(Scheme, CompanyPrefix),
    /// All of a scheme.
    Scheme(Scheme),
    /// All other URIs that start so.
    Text(Box<str>),
}

/// The digits of a company prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct CompanyPrefix {
    digits: u64,
    length: CompanyPrefixLength,
}

impl Pattern {
    /// Reads a pure identity pattern (`urn:epc:idpat:sgtin:0614141.107346.*`), or any URI that
    /// [`Identifier::from_uri`] reads, which then matches nothing but itself.
    ///
    /// `urn:epc:id:sgtin:0614141.107346.*`, `urn:epc:class:lgtin:0614141.107346.*` and
    /// `https://id.gs1.org/01/10614141073464/21/*`, a wildcard where none has a place, are read as
    /// the patterns that they are meant for.
    ///
    /// # Errors
    ///
    /// [`UriError`] when the text is no absolute URI, its key is wrong, or a wildcard stands before
    /// a component that is none.
    pub fn from_uri(text: &str) -> Result<Self, UriError> {
        read::read(text).map(Self)
    }

    /// Whether the pattern asks for this identifier.
    ///
    /// Where the length of its company prefix is not known its digits decide: company prefixes are
    /// given out so that none starts with another.
    #[must_use]
    pub fn matches(&self, epc: &Epc) -> bool {
        match &self.0 {
            Extent::One(id) => *id == epc.id,
            Extent::Class(scheme, class) => scheme.has(&epc.id) && is_in(&epc.id, class),
            Extent::Pieces(gtin) => {
                let is_piece =
                    |id: &Identifier| matches!(id, Identifier::Itip(itip) if itip.gtin == *gtin);
                Scheme::Itip.has(&epc.id) && is_piece(&epc.id)
            }
            Extent::Company(scheme, prefix) => {
                let length = epc.company_prefix_length;
                scheme.has(&epc.id)
                    && length.is_none_or(|length| length == prefix.length)
                    && leading(&epc.id, prefix.length.digits()) == Some(prefix.digits)
            }
            Extent::Scheme(scheme) => scheme.has(&epc.id),
            Extent::Text(start) => {
                matches!(&epc.id, Identifier::Other(uri) if uri.as_str().starts_with(&**start))
            }
        }
    }

    /// The only identifier that the pattern matches; `None` when it matches several.
    #[must_use]
    pub const fn exact(&self) -> Option<&Identifier> {
        match &self.0 {
            Extent::One(id) => Some(id),
            _ => None,
        }
    }

    /// What the [key](Identifier::key) of everything that matches starts with, at least the
    /// application identifier; not everything that starts so matches.
    ///
    /// `None` when keys of several application identifiers match.
    #[must_use]
    pub fn key_prefix(&self) -> Option<String> {
        Some(match &self.0 {
            Extent::Class(Scheme::Lgtin, class) => format!("{}/10/", class.key()),
            Extent::One(id) | Extent::Class(_, id) => id.key(),
            Extent::Pieces(gtin) => format!("8006/{gtin}"),
            Extent::Company(scheme, prefix) if !scheme.is_shifted() => {
                let CompanyPrefix { digits, length } = prefix;
                let zero = if *scheme == Scheme::Grai { "0" } else { "" };
                format!("{}/{zero}{digits:0width$}", scheme.ai(), width = length.digits())
            }
            Extent::Company(scheme, _) | Extent::Scheme(scheme) => format!("{}/", scheme.ai()),
            Extent::Text(start) => start.to_string(),
        })
    }

    /// As [`key_prefix`](Self::key_prefix), but with as many digits as are known: ten prefixes for
    /// a company's trade items or logistic units, whose indicator or extension digit stands before
    /// the company prefix. Empty when there is none.
    #[must_use]
    pub fn key_prefixes(&self) -> Vec<String> {
        match &self.0 {
            Extent::Company(scheme, CompanyPrefix { digits, length }) if scheme.is_shifted() => {
                let (ai, width) = (scheme.ai(), length.digits());
                (0..10).map(|first| format!("{ai}/{first}{digits:0width$}")).collect()
            }
            _ => self.key_prefix().into_iter().collect(),
        }
    }
}

/// Whether an item is in a class of its own scheme.
fn is_in(id: &Identifier, class: &Identifier) -> bool {
    use Identifier as Id;
    match (id, class) {
        (Id::Gtin(_) | Id::Sgtin(_) | Id::Upui(_) | Id::Lgtin(_), Id::Gtin(gtin)) => {
            id.gtin() == Some(*gtin)
        }
        (Id::Grai(id), Id::Grai(class)) => id.asset_type == class.asset_type,
        (Id::Gdti(id), Id::Gdti(class)) => id.document_type == class.document_type,
        (Id::Gcn(id), Id::Gcn(class)) => id.coupon == class.coupon,
        (Id::Cpi(id), Id::Cpi(class)) => id.part == class.part,
        (Id::Sgln(id), Id::Sgln(class)) => id.gln == class.gln,
        (Id::Itip(id), Id::Itip(class)) => (id.gtin, id.piece) == (class.gtin, class.piece),
        _ => false,
    }
}

impl Scheme {
    /// Whether the company prefix stands behind the first digit of the key.
    const fn is_shifted(self) -> bool {
        matches!(self, Self::Sgtin | Self::Lgtin | Self::Upui | Self::Itip | Self::Sscc)
    }

    /// The application identifier that the key of the scheme starts with.
    const fn ai(self) -> &'static str {
        match self {
            Self::Sgtin | Self::Lgtin | Self::Upui => "01",
            Self::Itip => "8006",
            Self::Sscc => "00",
            Self::Sgln => "414",
            Self::Pgln => "417",
            Self::Grai => "8003",
            Self::Giai => "8004",
            Self::Gdti => "253",
            Self::Sgcn => "255",
            Self::Gsrn => "8018",
            Self::Gsrnp => "8017",
            Self::Ginc => "401",
            Self::Gsin => "402",
            Self::Cpi => "8010",
        }
    }
}
