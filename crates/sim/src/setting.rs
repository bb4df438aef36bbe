//! What is given before the story begins: companies, products, lots, the day.

use jiff::ToSpan;
use jiff::civil::Date;
use theriac_gs1::{Lgtin, Sgtin};

use crate::company::{Company, companies};
use crate::goods::Pack;
use crate::label::Label;
use crate::plan::Plan;
use crate::product::{Product, products};
use crate::serials::Serials;

/// Index of the lot that has most of the adventures.
pub(crate) const LOT_A: usize = 0;
/// Index of the lot that is recalled.
pub(crate) const LOT_B: usize = 1;
/// Index of the lot that is blocked for an hour, and expires at the end of the day.
pub(crate) const LOT_C: usize = 2;

/// A lot to be made.
#[derive(Debug, Clone)]
pub(crate) struct Lot {
    /// GTIN and lot number.
    pub(crate) id: Lgtin,
    /// Last day on which a pack may be used.
    pub(crate) expiry: Date,
    /// Number of packs.
    pub(crate) packs: u32,
    /// Number of packs in the lots before it.
    first: u32,
}

/// Companies, products, lots and the day.
#[derive(Debug)]
pub(crate) struct Setting {
    pub(crate) companies: Vec<Company>,
    pub(crate) products: Vec<Product>,
    pub(crate) lots: [Lot; 3],
    pub(crate) packs: u32,
    pub(crate) day: Date,
    serials: Serials,
}

impl Setting {
    pub(crate) fn of(plan: &Plan) -> Self {
        let companies = companies();
        let products = products(&companies);
        let (packs_a, packs_b) = (plan.packs / 2, plan.packs / 10 * 3);
        let in_months = |months: i32| plan.day.saturating_add(months.months()).last_of_month();
        let lot = |product: usize, number: &str, expiry, first, packs| Lot {
            id: Lgtin {
                gtin: products[product].gtin,
                lot: number.parse().expect("a lot number, because it is digits and capitals"),
            },
            expiry,
            packs,
            first,
        };
        let before_c = packs_a + packs_b;
        let lots = [
            lot(0, "TH4A07", in_months(26), 0, packs_a),
            lot(0, "TH4B08", in_months(23), packs_a, packs_b),
            lot(1, "MD2C31", plan.day, before_c, plan.packs - before_c),
        ];
        let serials = Serials::new(plan.seed);
        Self { companies, products, lots, packs: plan.packs, day: plan.day, serials }
    }

    /// All packs of a lot.
    pub(crate) fn packs_of(&self, lot: usize) -> impl Iterator<Item = Pack> {
        let Lot { id, first, packs, .. } = &self.lots[lot];
        (*first..first + packs).map(move |n| {
            let serial = self.serials.nth(u64::from(n));
            Pack { lot, id: Sgtin { gtin: id.gtin, serial } }
        })
    }

    /// A pack of lot A that was never made.
    pub(crate) fn forgery(&self) -> Pack {
        let gtin = self.lots[LOT_A].id.gtin;
        Pack { lot: LOT_A, id: Sgtin { gtin, serial: self.serials.nth(u64::from(self.packs)) } }
    }

    /// What is printed on a pack.
    pub(crate) fn label(&self, pack: &Pack) -> Label {
        let lot = &self.lots[pack.lot];
        Label { id: pack.id.clone(), lot: lot.id.lot.clone(), expiry: lot.expiry }
    }
}
