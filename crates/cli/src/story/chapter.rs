//! The chapters of the story and the goods that go through them.

mod making;

use super::teller::Teller;
use super::world::World;
use theriac_sim::trade::PackedLot;

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
}

/// The lot at `index`, or why there is none.
pub fn lot(lots: &[PackedLot], index: usize) -> anyhow::Result<&PackedLot> {
    lots.get(index)
        .ok_or_else(|| anyhow::anyhow!("expected a lot that an earlier step made, found none"))
}
