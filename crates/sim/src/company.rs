//! The five companies of the story.

use theriac_gs1::{CompanyPrefixLength, Epc, Gln, GlnExtension, Gtin, Identifier, Sgln};

/// Index of the regulator in [`Scenario::companies`](crate::Scenario::companies).
pub const REGULATOR: usize = 0;
/// Index of the manufacturer.
pub const MANUFACTURER: usize = 1;
/// Index of the wholesaler.
pub const WHOLESALER: usize = 2;
/// Index of the first pharmacy.
pub const PHARMACY_A: usize = 3;
/// Index of the second pharmacy.
pub const PHARMACY_B: usize = 4;

/// Every company prefix of the story has 7 digits and starts with 952, which GS1 keeps for
/// demonstrations.
pub(crate) const PREFIX_LENGTH: CompanyPrefixLength = match CompanyPrefixLength::new(7) {
    Ok(length) => length,
    Err(_) => panic!("7 is within 6 to 12"),
};

/// An organisation of the story; each runs a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Company {
    /// What people call it.
    pub name: String,
    /// Name of its folder: `regulator`, `manufacturer`, `wholesaler`, `pharmacy-a`, `pharmacy-b`.
    pub slug: String,
    /// Its number as a party, and of its only site.
    pub gln: Gln,
    /// What it does.
    pub role: CompanyRole,
}

/// What a company does; the registry's roles that the story has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CompanyRole {
    /// Oversees the others.
    Regulator,
    /// Makes packs under GTINs of its own.
    Labeler,
    /// Buys and sells packs.
    Wholesaler,
    /// Stores and carries packs that others own.
    Logistics,
    /// Hands packs to patients.
    Dispenser,
}

impl CompanyRole {
    /// The registry's word for the role.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Regulator => "regulator",
            Self::Labeler => "labeler",
            Self::Wholesaler => "wholesaler",
            Self::Logistics => "logistics",
            Self::Dispenser => "dispenser",
        }
    }
}

/// The companies in the order of their indexes.
pub(crate) fn companies() -> Vec<Company> {
    use CompanyRole::{Dispenser, Labeler, Regulator, Wholesaler};
    [
        ("Agency for Honest Medicines", "regulator", 9_521_013, Regulator),
        ("Andromachus Pharma", "manufacturer", 9_521_124, Labeler),
        ("Silk Road Wholesale", "wholesaler", 9_521_235, Wholesaler),
        ("Galen Pharmacy", "pharmacy-a", 9_521_346, Dispenser),
        ("Mithridates Pharmacy", "pharmacy-b", 9_521_457, Dispenser),
    ]
    .map(Company::of)
    .into()
}

/// The six companies of the story of trade: a regulator, two manufacturers, a wholesaler, a logistics
/// provider and a pharmacy, in this order.
#[must_use]
pub fn trading_companies() -> [Company; 6] {
    use CompanyRole::{Dispenser, Labeler, Logistics, Regulator, Wholesaler};
    [
        ("Agency for Honest Medicines", "regulator", 9_521_013, Regulator),
        ("Andromachus Pharma", "manufacturer-a", 9_521_124, Labeler),
        ("Avicenna Laboratories", "manufacturer-b", 9_521_568, Labeler),
        ("Silk Road Wholesale", "wholesaler", 9_521_235, Wholesaler),
        ("Caravan Logistics", "logistics", 9_521_679, Logistics),
        ("Galen Pharmacy", "pharmacy", 9_521_346, Dispenser),
    ]
    .map(Company::of)
}

impl Company {
    fn of((name, slug, prefix, role): (&str, &str, u64, CompanyRole)) -> Self {
        Self {
            name: name.to_owned(),
            slug: slug.to_owned(),
            gln: Gln::from_body(prefix * 100_000 + 1)
                .expect("a GLN, because its body has 12 digits"),
            role,
        }
    }

    /// The GTIN with an item reference of at most 5 digits under the company's prefix.
    ///
    /// # Panics
    ///
    /// If the reference has more digits.
    #[must_use]
    pub fn gtin(&self, item: u64) -> Gtin {
        crate::product::gtin(self.prefix(), item)
    }

    /// Its GS1 company prefix, 7 digits.
    pub(crate) fn prefix(&self) -> u64 {
        self.gln.body() / 100_000
    }

    /// The company as a party (PGLN).
    pub(crate) fn party(&self) -> Epc {
        epc(Identifier::Pgln(self.gln))
    }

    /// The company's site (SGLN).
    pub(crate) fn site(&self) -> Epc {
        epc(Sgln { gln: self.gln, extension: None })
    }

    /// A place inside the site (SGLN with extension).
    pub(crate) fn place(&self, place: Place) -> Epc {
        epc(Sgln { gln: self.gln, extension: Some(place.extension()) })
    }
}

/// An identifier under one of the story's prefixes.
pub(crate) fn epc(id: impl Into<Identifier>) -> Epc {
    Epc { id: id.into(), company_prefix_length: Some(PREFIX_LENGTH) }
}

/// Where inside a site something happens.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Place {
    Line,
    Dock,
    Store,
    Counter,
    Office,
}

impl Place {
    fn extension(self) -> GlnExtension {
        let text = match self {
            Self::Line => "LINE1",
            Self::Dock => "DOCK1",
            Self::Store => "STORE",
            Self::Counter => "COUNTER",
            Self::Office => "OFFICE",
        };
        text.parse().expect("an extension, because it is up to 7 capitals and digits")
    }
}
