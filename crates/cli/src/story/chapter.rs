//! The chapters of the story and the goods that go through them.

mod asking;
mod exchange;
mod filing;
mod keeping;
mod making;
mod recalling;
mod receiving;
mod returning;
mod suspecting;

use anyhow::Context;
use jiff::Timestamp;
use serde_json::Value;
use theriac_epcis::{BizStep, Disposition};
use theriac_gs1::Identifier;
use theriac_node::Health;
use theriac_sim::trade::{Consignee, PackedLot};

use super::teller::Teller;
use super::world::{World, eventually};

/// What the chapters hand on to one another.
#[derive(Debug, Default)]
pub struct Goods {
    /// Lots of the first manufacturer, in the order in which they were made.
    pub lots_a: Vec<PackedLot>,
    /// Lots of the second.
    pub lots_b: Vec<PackedLot>,
}

/// What a step works with.
pub struct Scene<'a> {
    /// The companies.
    pub world: &'a mut World,
    /// Tells what happens.
    pub teller: &'a mut Teller,
    /// The goods.
    pub goods: Goods,
}

impl Goods {
    /// The lot of the first manufacturer at `index`.
    pub fn lot_a(&self, index: usize) -> anyhow::Result<&PackedLot> {
        made(&self.lots_a, index)
    }

    /// The lot of the second manufacturer at `index`.
    pub fn lot_b(&self, index: usize) -> anyhow::Result<&PackedLot> {
        made(&self.lots_b, index)
    }
}

/// A lot, or why there is none.
fn made(lots: &[PackedLot], index: usize) -> anyhow::Result<&PackedLot> {
    lots.get(index).context("expected a lot that an earlier step makes, found none")
}

impl Scene<'_> {
    /// A company sells goods to another, and its node records it.
    pub async fn sell(
        &mut self,
        from: usize,
        to: usize,
        goods: &[Identifier],
    ) -> anyhow::Result<()> {
        let to = self.world.parties[to].desk.company().gln;
        self.ship(from, &Consignee::sale(to), goods).await
    }

    /// A company ships goods as `consignee` says.
    pub async fn ship(
        &mut self,
        from: usize,
        consignee: &Consignee,
        goods: &[Identifier],
    ) -> anyhow::Result<()> {
        let document = self.world.parties[from].desk.ship(consignee, goods, Timestamp::now());
        self.world.capture(from, document).await.map(drop)
    }

    /// A company's event about goods in its hands.
    pub async fn observe(
        &mut self,
        at: usize,
        step: BizStep,
        disposition: Disposition,
        goods: &[Identifier],
    ) -> anyhow::Result<()> {
        let now = Timestamp::now();
        let document = self.world.parties[at].desk.observe(step, disposition, goods, now);
        self.world.capture(at, document).await.map(drop)
    }

    /// What a company's node answers to a question.
    pub async fn get(&self, at: usize, path: &str) -> anyhow::Result<Value> {
        Ok(self.world.parties[at].client.get(path, &[]).await?)
    }

    /// What a company's node answers to an order.
    pub async fn post(&self, at: usize, path: &str, body: Value) -> anyhow::Result<Value> {
        Ok(self.world.parties[at].client.post(path, &body).await?)
    }

    /// Goods that were announced are received, with an event.
    pub async fn receive(&mut self, at: usize, goods: &[Identifier]) -> anyhow::Result<()> {
        self.observe(at, BizStep::Receiving, Disposition::InProgress, goods).await
    }

    /// Waits for an open case of a company's node that `wanted` accepts.
    pub async fn until_case(
        &self,
        at: usize,
        what: &str,
        wanted: impl Fn(&Value) -> bool,
    ) -> anyhow::Result<Value> {
        eventually(&format!("there is a case: {what}"), async || {
            let cases = self.get(at, "/cases").await?;
            Ok(cases.as_array().into_iter().flatten().find(|case| wanted(case)).cloned())
        })
        .await
    }

    /// Waits until a company's node has recorded all on the ledger.
    pub async fn until_recorded(&self, at: usize) -> anyhow::Result<()> {
        eventually("all is recorded on the ledger", async || {
            let health: Health = self.world.parties[at].client.get("/health", &[]).await?;
            Ok((health.operations_waiting == 0).then_some(()))
        })
        .await
    }

    /// Packs that a company's node has on record with a status.
    pub async fn units(&self, at: usize, status: &str) -> anyhow::Result<u64> {
        let health: Health = self.world.parties[at].client.get("/health", &[]).await?;
        Ok(health.units.iter().find(|(word, _)| word == status).map_or(0, |(_, number)| *number))
    }

    /// Waits until a company's node has so many packs with a status.
    pub async fn until_units(&self, at: usize, status: &str, number: u64) -> anyhow::Result<()> {
        let mut last = 0;
        let what = format!("{number} packs are {status}");
        let found = eventually(&what, async || {
            last = self.units(at, status).await?;
            Ok((last == number).then_some(()))
        });
        found.await.with_context(|| format!("found {last}"))
    }
}

/// Does a step and tells how it went.
macro_rules! step {
    ($scene:expr, $title:expr, $step:path) => {
        let begun = $scene.teller.begin($title);
        let result = $step(&mut $scene).await;
        $scene.teller.end($title, begun, result);
    };
}

/// Tells all chapters; a step that fails is told, and the next ones go on with what there is.
pub async fn tell(world: &mut World, teller: &mut Teller) {
    let mut scene = Scene { world, teller, goods: Goods::default() };
    step!(scene, "two manufacturers make, pack and register their packs", making::make);
    step!(
        scene,
        "a shipment is announced through a cut link, killed nodes and doubled messages",
        exchange::through_faults
    );
    step!(scene, "messages come out of order and answers are lost", exchange::out_of_order);
    step!(scene, "a pallet is received by scan, and is not what the data says", receiving::by_scan);
    step!(scene, "the case of a missing pack is settled between two companies", receiving::settled);
    step!(scene, "goods come before their data", receiving::goods_before_data);
    step!(scene, "a suspended member's shipment is not taken", keeping::suspended);
    step!(scene, "a logistics provider holds what it does not own", keeping::stored_for_another);
    step!(scene, "a drop shipment goes past its buyer", keeping::drop_shipment);
    step!(scene, "goods move between two sites of one company", keeping::between_sites);
    step!(scene, "packs are repackaged", keeping::repackaged);
    step!(scene, "a pack is dispensed once", returning::dispensed_once);
    step!(scene, "saleable packs come back", returning::saleable);
    step!(scene, "suspect packs are cleared or confirmed", suspecting::suspects);
    step!(scene, "a pack is verified by GS1 Lightweight Messaging", asking::lightweight);
    step!(scene, "the labeler's node is down", asking::labeler_down);
    step!(scene, "a pack is traced hop by hop", asking::journey);
    step!(scene, "the regulator asks all parties", asking::inquiry);
    step!(scene, "a lot is recalled wherever it is", recalling::a_lot);
    step!(scene, "the papers of a shipment", filing::papers);
    step!(scene, "six databases agree with the ledger", filing::reconciled);
}
