//! When an end of life may be undone.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use theriac_epcis::{Event, Extension, ExtensionValue, Location};
use theriac_gs1::{Gln, Identifier};

use super::deadline::hours;
use super::{Condition, Profile};
use crate::admit::NAMESPACE;
use crate::breach::{Breach, BreachCode};
use crate::item::Reason;

/// When an end of life may be undone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UndoRule {
    /// The ends of life that may be undone, of those that the ledger can undo.
    pub reasons: Vec<Reason>,
    /// Days after the end was put on record within which it may be undone. The ledger has a window of its own for each
    /// member; the shorter one counts.
    pub window_days: u32,
    /// Whether it may be undone only where it happened.
    pub same_place: bool,
    /// Conditions of the pack, or of its lot, in which it may not be undone.
    #[serde(default)]
    pub never_after: Vec<Condition>,
}

impl UndoRule {
    /// The time after the end within which it may be undone.
    pub fn window(&self) -> SignedDuration {
        hours(self.window_days.saturating_mul(24))
    }
}

/// Whether the declaration of an end of life as erroneous may undo it, at `now`, when it was put on
/// record at `recorded`. `conditions` are those that its packs would be in again.
///
/// A declaration repeats the event that it declares, with its place. Where it is made elsewhere, its
/// `errorDeclaration` says so with the field `place` of [`NAMESPACE`]: a GLN, or the URI of one.
///
/// # Errors
///
/// A [`Breach`] with the rule of the profile that stands against it.
pub fn may_undo(
    profile: &Profile,
    declaration: &Event,
    reason: Reason,
    conditions: &[(Identifier, Condition)],
    recorded: Timestamp,
    now: Timestamp,
) -> Result<(), Breach> {
    let rule = &profile.undo;
    let named = || declaration.epcs().map(|epc| &epc.id);
    if !rule.reasons.contains(&reason) {
        let what = format!("an end of life that {} lets be undone", profile.name);
        return Err(refused(BreachCode::UndoNotAllowed, &what, reason.word()).on(named()));
    }
    let until = recorded.checked_add(rule.window());
    if until.is_ok_and(|until| now > until) {
        let what = format!("to be within {} days of the end of life", rule.window_days);
        return Err(refused(BreachCode::UndoTooLate, &what, &now.to_string()).on(named()));
    }
    if let Some((id, condition)) = conditions.iter().find(|(_, c)| rule.never_after.contains(c)) {
        let what = format!("packs that {} lets back into stock", profile.name);
        let found = format!("{id} {condition}");
        return Err(refused(BreachCode::UndoNotAllowed, &what, &found).on([id]));
    }
    match rule.same_place {
        true => at_same_place(declaration).map_err(|breach| breach.on(named())),
        false => Ok(()),
    }
}

/// The place that the declaration is made at must be one of the event's.
fn at_same_place(declaration: &Event) -> Result<(), Breach> {
    let common = declaration.common();
    let of_event: Vec<Gln> =
        [&common.read_point, &common.biz_location].into_iter().flatten().filter_map(gln).collect();
    let Some(first) = of_event.first() else {
        let what =
            "an event with a read point or business location, so that the place can be compared";
        return Err(refused(BreachCode::UndoElsewhere, what, "none"));
    };
    let extensions = common.error_declaration.iter().flat_map(|declared| &declared.extensions);
    let told = extensions.into_iter().find(|field| is_place(field));
    match told.map(|field| (field, place(field))) {
        Some((_, Some(gln))) if of_event.contains(&gln) => Ok(()),
        Some((_, Some(gln))) => {
            let what = format!("to be undone at the same place ({first})");
            Err(refused(BreachCode::UndoElsewhere, &what, &gln.to_string()))
        }
        Some((field, None)) => {
            let found = format!("{:?}", field.value);
            Err(refused(BreachCode::UndoElsewhere, "a GLN as the place of the declaration", &found))
        }
        None => Ok(()),
    }
}

fn is_place(field: &Extension) -> bool {
    field.namespace == NAMESPACE && field.name == "place"
}

fn place(field: &Extension) -> Option<Gln> {
    let ExtensionValue::Text(text) = &field.value else { return None };
    let text = text.trim();
    text.parse().ok().or_else(|| Identifier::from_uri(text).ok().and_then(|epc| of_id(&epc.id)))
}

fn gln(location: &Location) -> Option<Gln> {
    of_id(&location.id.id)
}

fn of_id(id: &Identifier) -> Option<Gln> {
    match id {
        Identifier::Sgln(sgln) => Some(sgln.gln),
        _ => None,
    }
}

fn refused(code: BreachCode, expected: &str, found: &str) -> Breach {
    Breach::new(
        code,
        format!("expected {expected}, found {found}"),
        "keep the packs apart and report them; their end of life stays on record",
    )
}
