//! What an arrival becomes: receiving events, one for each sender and condition of the goods.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use theriac_epcis::{
    Action, BizStep, Common, Destination, Disposition, Event, ObjectEvent, Offset, PartyType,
    Source,
};
use theriac_gs1::{Epc, Gln, Identifier, Sgln};

/// What becomes of goods, in the order of the events: what is refused is not in what is received.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fate {
    RefuseDamaged,
    RefuseMismatch,
    RefuseMissing,
    SetApart,
    SetApartRecalled,
    SetApartExpired,
    TakeReturn,
    Take,
}

impl Fate {
    pub(super) fn is_refusal(self) -> bool {
        matches!(self, Self::RefuseDamaged | Self::RefuseMismatch | Self::RefuseMissing)
    }

    pub(super) fn sets_apart(self) -> bool {
        matches!(self, Self::SetApart | Self::SetApartRecalled | Self::SetApartExpired)
    }

    fn disposition(self) -> Disposition {
        match self {
            Self::RefuseDamaged => Disposition::Damaged,
            Self::RefuseMismatch => Disposition::MismatchInstance,
            Self::RefuseMissing => Disposition::MismatchQuantity,
            Self::SetApart => Disposition::NonSellableOther,
            Self::SetApartRecalled => Disposition::Recalled,
            Self::SetApartExpired => Disposition::Expired,
            Self::TakeReturn => Disposition::Returned,
            Self::Take => Disposition::InProgress,
        }
    }
}

/// Goods by what becomes of them and who sent them.
pub(super) type Sorted = BTreeMap<(Fate, Option<Gln>), BTreeSet<Identifier>>;

/// The events that tell what becomes of the goods.
pub(super) fn events(
    sorted: &Sorted,
    me: Gln,
    place: Option<Identifier>,
    now: Timestamp,
) -> Vec<Event> {
    let site = place.unwrap_or(Identifier::Sgln(Sgln { gln: me, extension: None }));
    let event = |(fate, sender): (Fate, Option<Gln>), ids: &BTreeSet<Identifier>| {
        let mut common = Common::at(now, Offset::UTC);
        common.biz_step = Some(BizStep::Receiving);
        common.disposition = Some(fate.disposition());
        common.read_point = Some(Epc::from(site.clone()).into());
        if !fate.is_refusal() {
            common.biz_location = Some(Epc::from(site.clone()).into());
        }
        let party = |gln: Gln| Epc::from(Identifier::Pgln(gln));
        let kind = PartyType::PossessingParty;
        common.sources =
            sender.into_iter().map(|gln| Source { kind: kind.clone(), id: party(gln) }).collect();
        common.destinations = vec![Destination { kind: kind.clone(), id: party(me) }];
        Event::Object(ObjectEvent {
            common,
            action: Action::Observe,
            epc_list: ids.iter().cloned().map(Epc::from).collect(),
            quantity_list: Vec::new(),
            ilmd: Vec::new(),
        })
    };
    sorted.iter().filter(|(_, ids)| !ids.is_empty()).map(|(key, ids)| event(*key, ids)).collect()
}
