//! What is made, packed and moved.

use theriac_gs1::{Epc, Sgtin, Sscc};

use crate::company::epc;

/// One saleable pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pack {
    /// Index of its lot.
    pub(crate) lot: usize,
    /// GTIN and serial number.
    pub(crate) id: Sgtin,
}

/// Packs in a box: a case from the manufacturer, or a tote of a wholesaler.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) id: Sscc,
    pub(crate) packs: Vec<Pack>,
}

/// Cases on a pallet.
#[derive(Debug, Clone)]
pub(crate) struct Pallet {
    pub(crate) id: Sscc,
    pub(crate) cases: Vec<Case>,
}

impl Pack {
    pub(crate) fn epc(&self) -> Epc {
        epc(self.id.clone())
    }
}

impl Case {
    pub(crate) fn epc(&self) -> Epc {
        epc(self.id)
    }

    pub(crate) fn contents(&self) -> Vec<Epc> {
        pack_epcs(&self.packs)
    }
}

impl Pallet {
    pub(crate) fn epc(&self) -> Epc {
        epc(self.id)
    }

    pub(crate) fn contents(&self) -> Vec<Epc> {
        self.cases.iter().map(Case::epc).collect()
    }
}

/// The EPCs of packs, in their order.
pub(crate) fn pack_epcs(packs: &[Pack]) -> Vec<Epc> {
    packs.iter().map(Pack::epc).collect()
}

/// `1 pallet`, `2 pallets`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
