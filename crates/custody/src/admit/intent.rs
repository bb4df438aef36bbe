//! What an event means for custody: its type, action, business step and disposition (CBV 2.0,
//! sections 7.1 and 7.2) read as one intent.

use theriac_epcis::{
    Action, AggregationEvent, BizStep, Disposition, Event, Extension, ExtensionValue, ObjectEvent,
};
use theriac_gs1::{Epc, Identifier, Lgtin};

use super::NAMESPACE;
use super::receive::Receipt;
use crate::item::Reason;
use crate::operation::{HoldingState, LotStatus};

/// The custody operation that an event reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Intent {
    /// New units or logistic units.
    Commission { epcs: Vec<Identifier> },
    /// Units used up for new ones.
    Transform { inputs: Vec<Identifier>, outputs: Vec<Identifier> },
    /// Items packed into a logistic unit.
    Pack { parent: Identifier, children: Vec<Identifier> },
    /// Items taken out of a logistic unit; none named means all.
    Unpack { parent: Identifier, children: Vec<Identifier> },
    /// Goods leave for another member.
    Ship { epcs: Vec<Identifier> },
    /// A shipment is taken back.
    Cancel { epcs: Vec<Identifier> },
    /// Announced goods are taken over.
    Receive { epcs: Vec<Identifier>, receipt: Receipt },
    /// Announced goods are refused.
    Refuse { epcs: Vec<Identifier> },
    /// Lives end.
    Retire { epcs: Vec<Identifier>, reason: Reason },
    /// Goods are quarantined, stolen or lost.
    SetApart { epcs: Vec<Identifier>, state: HoldingState },
    /// Goods set apart are fit again.
    Release { epcs: Vec<Identifier> },
    /// A lot is recalled, blocked, or back to normal.
    LotStatus { lots: Vec<Lgtin>, status: LotStatus },
    /// Nothing changes hands or state.
    Observe { epcs: Vec<Identifier> },
}

/// Reads the intent of an event.
pub(crate) fn of(event: &Event) -> Intent {
    match event {
        Event::Object(object) => of_object(event, object),
        Event::Aggregation(aggregation) => of_aggregation(event, aggregation),
        Event::Transformation(transformation) => Intent::Transform {
            inputs: ids(&transformation.input_epcs),
            outputs: ids(&transformation.output_epcs),
        },
        Event::Association(_) | Event::Transaction(_) => observed(event),
    }
}

fn observed(event: &Event) -> Intent {
    Intent::Observe { epcs: event.epcs().map(|epc| epc.id.clone()).collect() }
}

fn ids(epcs: &[Epc]) -> Vec<Identifier> {
    epcs.iter().map(|epc| epc.id.clone()).collect()
}

fn of_aggregation(event: &Event, aggregation: &AggregationEvent) -> Intent {
    let Some(parent) = aggregation.parent_id.as_ref().map(|epc| epc.id.clone()) else {
        return observed(event);
    };
    let children = ids(&aggregation.child_epcs);
    match aggregation.action {
        Action::Add => Intent::Pack { parent, children },
        Action::Delete => Intent::Unpack { parent, children },
        Action::Observe => observed(event),
    }
}

fn of_object(event: &Event, object: &ObjectEvent) -> Intent {
    if let Some(intent) = of_lots(event, object) {
        return intent;
    }
    let epcs = ids(&object.epc_list);
    let refused = event.disposition().is_some_and(is_refusal);
    match event.biz_step() {
        _ if object.action == Action::Add => Intent::Commission { epcs },
        Some(BizStep::Shipping) => Intent::Ship { epcs },
        Some(BizStep::VoidShipping) => Intent::Cancel { epcs },
        Some(BizStep::Receiving | BizStep::Accepting) if refused => Intent::Refuse { epcs },
        Some(BizStep::Receiving | BizStep::Accepting) => {
            Intent::Receive { epcs, receipt: receipt(event) }
        }
        _ => of_condition(event, object, epcs),
    }
}

/// Object events whose meaning lies in the end of a life or in the goods' condition.
fn of_condition(event: &Event, object: &ObjectEvent, epcs: Vec<Identifier>) -> Intent {
    if let Some(reason) = retirement(event, object.action) {
        return Intent::Retire { epcs, reason };
    }
    match event.disposition() {
        Some(Disposition::Stolen) => Intent::SetApart { epcs, state: HoldingState::Stolen },
        Some(disposition) if is_unfit(disposition) && !epcs.is_empty() => {
            Intent::SetApart { epcs, state: HoldingState::Quarantined }
        }
        Some(disposition) if is_fit(disposition) => Intent::Release { epcs },
        _ => Intent::Observe { epcs },
    }
}

/// The reason for which an object event ends lives, if it does.
fn retirement(event: &Event, action: Action) -> Option<Reason> {
    match (event.biz_step(), event.disposition()) {
        (Some(BizStep::Dispensing | BizStep::RetailSelling), _)
        | (_, Some(Disposition::Dispensed | Disposition::RetailSold)) => Some(Reason::Dispensed),
        (Some(BizStep::Sampling), _) => Some(Reason::Sampled),
        (Some(BizStep::Destroying), _)
        | (_, Some(Disposition::Destroyed | Disposition::Disposed)) => Some(Reason::Destroyed),
        (Some(BizStep::Decommissioning | BizStep::Killing), disposition) => {
            Some(named_reason(event).unwrap_or_else(|| decommissioned(disposition)))
        }
        (_, disposition) if action == Action::Delete => {
            Some(named_reason(event).unwrap_or_else(|| decommissioned(disposition)))
        }
        _ => None,
    }
}

/// The reason that the extension `retirementReason` names: CBV 2.0 has no word for packs that were
/// exported or lost for good.
fn named_reason(event: &Event) -> Option<Reason> {
    let named = event.common().extensions.iter().find_map(|extension| match &extension.value {
        ExtensionValue::Text(text)
            if extension.namespace == NAMESPACE && extension.name == "retirementReason" =>
        {
            Some(text.trim())
        }
        _ => None,
    });
    [Reason::Exported, Reason::Lost].into_iter().find(|reason| Some(reason.word()) == named)
}

/// A serial number that is taken out of use without another word is destroyed: the pack that bore
/// it does not exist any more.
fn decommissioned(disposition: Option<&Disposition>) -> Reason {
    match disposition {
        Some(Disposition::Stolen) => Reason::Stolen,
        Some(Disposition::Expired) => Reason::Expired,
        _ => Reason::Destroyed,
    }
}

/// Dispositions with which a receiving event refuses the goods.
fn is_refusal(disposition: &Disposition) -> bool {
    matches!(
        disposition,
        Disposition::Damaged
            | Disposition::MismatchClass
            | Disposition::MismatchInstance
            | Disposition::MismatchQuantity
            | Disposition::NoPedigreeMatch
            | Disposition::NonConformant
    )
}

/// How a receiving event takes the goods, by its disposition.
fn receipt(event: &Event) -> Receipt {
    match event.disposition() {
        Some(Disposition::Returned) => Receipt::Returned,
        Some(
            Disposition::Recalled
            | Disposition::Expired
            | Disposition::NonSellableOther
            | Disposition::Disposed,
        ) => Receipt::SetApart,
        _ => Receipt::ForStock,
    }
}

/// Dispositions that set goods apart.
fn is_unfit(disposition: &Disposition) -> bool {
    matches!(
        disposition,
        Disposition::Damaged
            | Disposition::NonConformant
            | Disposition::NonSellableOther
            | Disposition::NoPedigreeMatch
            | Disposition::Recalled
    )
}

/// Dispositions that end a quarantine.
fn is_fit(disposition: &Disposition) -> bool {
    matches!(
        disposition,
        Disposition::SellableAccessible
            | Disposition::SellableNotAccessible
            | Disposition::Available
            | Disposition::Conformant
    )
}

/// An event about whole lots: a recall, a block, or the end of either. An event that names goods one
/// by one, makes them or moves them is about those goods, whatever their condition.
fn of_lots(event: &Event, object: &ObjectEvent) -> Option<Intent> {
    let moves = matches!(
        event.biz_step(),
        Some(BizStep::Shipping | BizStep::VoidShipping | BizStep::Receiving | BizStep::Accepting)
    );
    if moves || !object.epc_list.is_empty() || object.action == Action::Add {
        return None;
    }
    let lots: Vec<Lgtin> = event
        .quantities()
        .filter_map(|quantity| match &quantity.epc_class.id {
            Identifier::Lgtin(lot) => Some(lot.clone()),
            _ => None,
        })
        .collect();
    let status = lot_status(event)?;
    (!lots.is_empty()).then_some(Intent::LotStatus { lots, status })
}

fn lot_status(event: &Event) -> Option<LotStatus> {
    let persistent = event.common().persistent_disposition.as_ref();
    let set = |disposition| persistent.is_some_and(|p| p.set.contains(&disposition));
    let unset = |disposition| persistent.is_some_and(|p| p.unset.contains(&disposition));
    if set(Disposition::Recalled) || event.disposition() == Some(&Disposition::Recalled) {
        return Some(recall_class(event));
    }
    if set(Disposition::NonSellableOther) {
        return Some(LotStatus::Blocked);
    }
    (unset(Disposition::Recalled) || unset(Disposition::NonSellableOther))
        .then_some(LotStatus::Normal)
}

/// The class that the extension `recallClass` gives; without one the recall counts as class I, the
/// most severe.
fn recall_class(event: &Event) -> LotStatus {
    let class = event.common().extensions.iter().find_map(class_of);
    match class {
        Some(2) => LotStatus::RecalledII,
        Some(3) => LotStatus::RecalledIII,
        _ => LotStatus::RecalledI,
    }
}

fn class_of(extension: &Extension) -> Option<u8> {
    if extension.namespace != NAMESPACE || extension.name != "recallClass" {
        return None;
    }
    match &extension.value {
        ExtensionValue::Text(text) => text.trim().parse().ok(),
        ExtensionValue::Number(number) => number.to_string().parse().ok(),
        _ => None,
    }
}
