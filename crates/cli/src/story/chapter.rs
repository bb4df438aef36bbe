//! The chapters of the story and the goods that go through them.

mod exchange;
mod making;

use anyhow::Context;
use jiff::Timestamp;
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
}
