//! The widths of the segments of a National Drug Code.

use std::fmt;

/// Number of digits of labeler, product and package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NdcFormat {
    /// 4-4-2, ten digits.
    F442,
    /// 5-3-2, ten digits.
    F532,
    /// 5-4-1, ten digits.
    F541,
    /// 5-4-2, eleven digits: the form of bills, each code of ten digits filled with one zero.
    F542,
    /// 6-4-2, twelve digits: the uniform form of the FDA's rule of 2026, in force from 7 March 2033.
    F642,
}

impl NdcFormat {
    /// The formats of ten digits, the only ones that a GTIN holds.
    pub const TEN_DIGITS: [Self; 3] = [Self::F442, Self::F532, Self::F541];

    pub(super) const fn widths(self) -> (u32, u32, u32) {
        match self {
            Self::F442 => (4, 4, 2),
            Self::F532 => (5, 3, 2),
            Self::F541 => (5, 4, 1),
            Self::F542 => (5, 4, 2),
            Self::F642 => (6, 4, 2),
        }
    }

    /// Number of digits of the whole code: 10, 11 or 12.
    #[must_use]
    pub const fn digits(self) -> usize {
        let (labeler, product, package) = self.widths();
        (labeler + product + package) as usize
    }

    pub(super) const fn of_widths(labeler: usize, product: usize, package: usize) -> Option<Self> {
        Some(match (labeler, product, package) {
            (4, 4, 2) => Self::F442,
            (5, 3, 2) => Self::F532,
            (5, 4, 1) => Self::F541,
            (5, 4, 2) => Self::F542,
            (6, 4, 2) => Self::F642,
            _ => return None,
        })
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::F442 => "4-4-2",
            Self::F532 => "5-3-2",
            Self::F541 => "5-4-1",
            Self::F542 => "5-4-2",
            Self::F642 => "6-4-2",
        }
    }
}

impl fmt::Display for NdcFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
