//! Noting that a pack was seen.

use jiff::Timestamp;
use theriac_custody::alarm::{Act, Position, Sighting};
use theriac_custody::{VerdictCode, admit};
use theriac_epcis::{Event, Location};
use theriac_gs1::{Gln, Identifier, Sgtin};

use crate::node::Node;
use crate::report::VerifyReport;
use crate::verify::Asker;

/// Most sightings that wait to be written; what comes beyond is not noted.
const WAITING_MAX: usize = 100_000;

/// Sightings after which those that wait are written at once.
const WAITING_MANY: usize = 1_000;

/// Packs of one held event that are noted as seen at most.
const PACKS_MAX: usize = 200;

/// Where and when a code is in hand, as far as the one who asks tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sight {
    /// When it was read, if that is not now.
    pub at: Option<Timestamp>,
    /// The site.
    pub place: Option<Gln>,
    /// The position on the earth.
    pub position: Option<Position>,
    /// Whether a member asks for somebody of the public: the pack is not in the member's hand.
    pub for_public: bool,
}

impl Sight {
    /// As parameters of a question to another node: the position only roughly.
    pub(crate) fn parameters(&self) -> String {
        let mut text = String::new();
        let mut add = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                text.push_str(&format!("&{name}={}", crate::route::escape(&value)));
            }
        };
        add("at", self.at.map(|at| at.to_string()));
        add("place", self.place.map(|place| place.to_string()));
        add("position", self.position.map(|position| position.coarse().to_string()));
        add("public", self.for_public.then(|| "true".to_owned()));
        text
    }
}

/// A pack and how it was seen.
pub(crate) type Noted = (Identifier, Sighting);

impl Node {
    /// Notes that a pack was verified. Whoever is asked in the labeler's stead learns nothing about
    /// custody from it, and neither does one that has the pack in stock and names no place.
    pub(crate) fn note_verified(
        &self,
        id: &Identifier,
        report: &VerifyReport,
        asker: Asker,
        sight: &Sight,
    ) {
        let member = match asker {
            Asker::Here => self.gln(),
            Asker::Member(member) => member,
            Asker::Public => return,
        };
        let placed = sight.place.is_some() || sight.position.is_some();
        let plain = report.verdict.code == VerdictCode::Genuine && !placed;
        let unknown = report.condition.is_none();
        if plain || unknown || sight.for_public || report.evidence.answered_by != "this_node" {
            return;
        }
        let known_at = self.now();
        let at = sight.at.unwrap_or(known_at);
        let (place, position, act) = (sight.place, sight.position, Act::Verified);
        self.note_sighting(id.clone(), Sighting { at, known_at, member, place, position, act });
    }

    /// Notes that a member has asked about a unit of this member's.
    pub(crate) fn note_asked(&self, unit: &Sgtin, member: Gln) {
        let at = self.now();
        let (place, position, act) = (None, None, Act::Verified);
        let seen = Sighting { at, known_at: at, member, place, position, act };
        self.note_sighting(Identifier::Sgtin(unit.clone()), seen);
    }

    /// Notes that the packs of an event were seen that cannot be what it takes them for.
    pub(crate) fn note_event(&self, event: &Event) {
        let Some(act) = admit::act(event) else { return };
        let known_at = self.now();
        let common = event.common();
        let place = place_of(event);
        let position = [&common.read_point, &common.biz_location];
        let position = position.into_iter().flatten().find_map(position_of);
        let (at, member) = (common.event_time, self.gln());
        let packs = event.epcs().map(|epc| &epc.id);
        for id in packs.filter(|id| theriac_custody::item::is_unit(id)).take(PACKS_MAX) {
            self.note_sighting(id.clone(), Sighting { at, known_at, member, place, position, act });
        }
    }

    fn note_sighting(&self, id: Identifier, sighting: Sighting) {
        let mut noted =
            self.inner().noted.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if noted.len() < WAITING_MAX {
            noted.push((id, sighting));
        }
        if noted.len() >= WAITING_MANY {
            self.inner().work.notify_one();
        }
    }

    /// What was noted since the last time.
    pub(super) fn take_noted(&self) -> Vec<Noted> {
        let mut noted =
            self.inner().noted.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        std::mem::take(&mut noted)
    }

    /// Puts back what could not be written.
    pub(super) fn put_back(&self, mut earlier: Vec<Noted>) {
        let mut noted =
            self.inner().noted.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        earlier.append(&mut noted);
        earlier.truncate(WAITING_MAX);
        *noted = earlier;
    }
}

/// The site of an event: its read point, or else its business location.
pub(super) fn place_of(event: &Event) -> Option<Gln> {
    let common = event.common();
    let gln = |location: &Location| match &location.id.id {
        Identifier::Sgln(sgln) => Some(sgln.gln),
        _ => None,
    };
    [&common.read_point, &common.biz_location].into_iter().flatten().find_map(gln)
}

/// The position that a location's identifier is, as a `geo` URI (CBV 2.0, section 8.3.4).
fn position_of(location: &Location) -> Option<Position> {
    let uri = location.id.id.to_string();
    uri.strip_prefix("geo:")?.parse().ok()
}
