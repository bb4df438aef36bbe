//! The acts of the day, in the order in which they are played.

mod counter;
mod delivery;
mod incident;
mod lot_status;
mod morning;
mod orders;
mod production;
mod suspect_code;

use crate::company::PHARMACY_A;
use crate::goods::Pack;
use crate::script::Script;

/// Plays the day and the morning after; returns codes to try, each with what to expect.
pub(crate) fn play(script: &mut Script) -> Vec<(String, String)> {
    let stock = production::make(script);
    let (mut warehouse, refused) = delivery::deliver(script, stock);
    delivery::ask_about_refused(script, &refused);
    let [mut shelf_a, mut shelf_b] = orders::supply(script, &mut warehouse);
    let dispensed = counter::morning(script, &mut shelf_a, &mut shelf_b);
    let genuine = counter::questions(script, &mut shelf_a, &dispensed);
    lot_status::block_and_lift(script, &mut shelf_a);
    incident::quarantine(script, &warehouse);
    incident::theft(script, &mut shelf_a);
    incident::goods_back(script, &mut shelf_b);
    incident::copied_code(script, &mut shelf_a);
    counter::afternoon(script, &mut shelf_a, &mut shelf_b);
    let recalled = lot_status::recall(script, &mut shelf_b);
    orders::evening(script, &mut warehouse);
    suspect_code::questions(script, &mut shelf_a);
    morning::questions(script, &mut shelf_a, &genuine);
    codes_to_try(script, [&genuine, &dispensed, &recalled])
}

fn codes_to_try(script: &Script, packs: [&Pack; 3]) -> Vec<(String, String)> {
    let [genuine, dispensed, recalled] = packs.map(|pack| script.setting.label(pack));
    let here = &script.company(PHARMACY_A).name;
    vec![
        (genuine.bracketed(), format!("genuine at {here}, not_here elsewhere")),
        (dispensed.digital_link(), format!("already_retired: dispensed at {here}")),
        (recalled.bracketed(), "recalled, class I".to_owned()),
    ]
}
