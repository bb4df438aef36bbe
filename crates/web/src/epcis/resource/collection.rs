//! `/eventTypes`, `/epcs`, `/bizSteps`, `/bizLocations`, `/readPoints`, `/dispositions`: what the
//! events on record name, and the events by it (EPCIS 2.0, section 12.7.1).

use std::collections::BTreeSet;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::Map;
use theriac_epcis::{BizStep, Disposition};
use theriac_gs1::Identifier;
use theriac_node::{Node, NodeError};
use theriac_query::{EventQuery, Namespaces, Role};

use super::events::{SIMPLE_EVENT_QUERY, answer};
use crate::access::Local;
use crate::epcis::exception::{Exception, ExceptionKind};
use crate::epcis::page::PageQuery;
use crate::epcis::terms::Terms;
use crate::epcis::token::Subject;
use crate::service::Service;

/// The context that collections name.
const CONTEXT: &str = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld";

/// The types of events of EPCIS 2.0.
const EVENT_TYPES: [&str; 5] = [
    "AggregationEvent",
    "AssociationEvent",
    "ObjectEvent",
    "TransactionEvent",
    "TransformationEvent",
];

/// A list of names in an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ResourceCollection {
    /// The JSON-LD context.
    #[serde(rename = "@context")]
    pub context: String,
    /// Always `Collection`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The names.
    pub member: Vec<String>,
}

impl ResourceCollection {
    /// A list of these names.
    pub fn of(member: Vec<String>) -> Self {
        Self { context: CONTEXT.to_owned(), kind: "Collection".to_owned(), member }
    }
}

/// A collection of what events name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Collection {
    /// Types of events.
    EventTypes,
    /// Objects that are named one by one.
    Epcs,
    /// Business steps.
    BizSteps,
    /// Business locations.
    BizLocations,
    /// Read points.
    ReadPoints,
    /// Dispositions.
    Dispositions,
}

impl Collection {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::EventTypes,
        Self::Epcs,
        Self::BizSteps,
        Self::BizLocations,
        Self::ReadPoints,
        Self::Dispositions,
    ];

    /// Its name in the path.
    pub const fn word(self) -> &'static str {
        match self {
            Self::EventTypes => "eventTypes",
            Self::Epcs => "epcs",
            Self::BizSteps => "bizSteps",
            Self::BizLocations => "bizLocations",
            Self::ReadPoints => "readPoints",
            Self::Dispositions => "dispositions",
        }
    }

    /// The parameter that asks for the events of a member.
    const fn parameter(self) -> &'static str {
        match self {
            Self::EventTypes => "eventType",
            Self::Epcs => "MATCH_anyEPC",
            Self::BizSteps => "EQ_bizStep",
            Self::BizLocations => "EQ_bizLocation",
            Self::ReadPoints => "EQ_readPoint",
            Self::Dispositions => "EQ_disposition",
        }
    }

    /// The members that every repository has.
    fn standard(self) -> Vec<String> {
        match self {
            Self::EventTypes => EVENT_TYPES.iter().map(|name| (*name).to_owned()).collect(),
            Self::BizSteps => BizStep::ALL.iter().map(ToString::to_string).collect(),
            Self::Dispositions => Disposition::ALL.iter().map(ToString::to_string).collect(),
            Self::Epcs | Self::BizLocations | Self::ReadPoints => Vec::new(),
        }
    }

    /// The first `limit` members after `after`, in the order of their bytes.
    async fn members(
        self,
        node: &Node,
        after: Option<&str>,
        limit: u64,
    ) -> Result<Vec<String>, NodeError> {
        let known = match self {
            Self::EventTypes => node.event_kinds().await?,
            Self::Epcs => node.item_keys(after, limit).await?,
            Self::BizSteps => node.names(Role::BizStep, after, limit).await?,
            Self::BizLocations => node.names(Role::BizLocation, after, limit).await?,
            Self::ReadPoints => node.names(Role::ReadPoint, after, limit).await?,
            Self::Dispositions => node.names(Role::Disposition, after, limit).await?,
        };
        let mut members: BTreeSet<String> = known.into_iter().collect();
        members.extend(self.standard());
        let follows = |member: &String| after.is_none_or(|after| member.as_str() > after);
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Ok(members.into_iter().filter(follows).take(limit).collect())
    }

    /// The canonical text of a member in any of its forms; `None` for what cannot be one.
    fn canonical(self, text: &str) -> Option<String> {
        let place = |text: &str| {
            Identifier::from_uri(text).map_or_else(|_| text.to_owned(), |epc| epc.id.to_string())
        };
        match self {
            Self::EventTypes => Some(text.to_owned()),
            Self::Epcs => Some(Identifier::from_uri(text).ok()?.id.to_string()),
            Self::BizSteps => Some(text.parse::<BizStep>().ok()?.to_string()),
            Self::Dispositions => Some(text.parse::<Disposition>().ok()?.to_string()),
            Self::BizLocations | Self::ReadPoints => Some(place(text)),
        }
    }

    /// Whether it has a member with this canonical text.
    async fn has(self, node: &Node, text: &str) -> Result<bool, NodeError> {
        if self.standard().iter().any(|member| member == text) {
            return Ok(true);
        }
        let role = match self {
            Self::EventTypes => {
                return Ok(node.event_kinds().await?.iter().any(|kind| kind == text));
            }
            Self::Epcs => {
                return match Identifier::from_uri(text) {
                    Ok(epc) => node.knows_item(&epc.id).await,
                    Err(_) => Ok(false),
                };
            }
            Self::BizSteps => Role::BizStep,
            Self::BizLocations => Role::BizLocation,
            Self::ReadPoints => Role::ReadPoint,
            Self::Dispositions => Role::Disposition,
        };
        node.knows_name(role, text).await
    }
}

/// A page of the members.
///
/// # Errors
///
/// [`NotAcceptable`](ExceptionKind::NotAcceptable), [`QueryParameter`](ExceptionKind::QueryParameter).
pub(crate) async fn list(
    collection: Collection,
    _: Local,
    State(Service { node, tokens }): State<Service>,
    terms: Terms,
    page: PageQuery,
) -> Result<Response, Exception> {
    let form = terms.json()?;
    page.finish()?;
    let subject = Subject::of(page.path(), "");
    let after = page.text_position(&tokens, subject)?;
    let mut members = collection.members(&node, after.as_deref(), page.rows + 1).await?;
    let more = members.len() as u64 > page.rows;
    members.truncate(usize::try_from(page.rows).unwrap_or(usize::MAX));
    let last = members.last().filter(|_| more).map(String::as_bytes);
    let next = page.next(&tokens, subject, last);
    if collection == Collection::Epcs {
        members = members.iter().map(|key| format!("https://id.gs1.org/{key}")).collect();
    }
    Ok((next, form.json(&ResourceCollection::of(members))).into_response())
}

/// The resources below a member: its events.
///
/// # Errors
///
/// [`NoSuchResource`](ExceptionKind::NoSuchResource) if no event names it.
pub(crate) async fn one(
    collection: Collection,
    _: Local,
    State(node): State<Node>,
    terms: Terms,
    Path(name): Path<String>,
    page: PageQuery,
) -> Result<Response, Exception> {
    let form = terms.json()?;
    page.finish()?;
    member(collection, &node, &name).await?;
    Ok(form.json(&ResourceCollection::of(vec!["events".to_owned()])))
}

/// The events that name a member, as `/events` gives them.
///
/// # Errors
///
/// [`NoSuchResource`](ExceptionKind::NoSuchResource) if no event names it, and those of a query.
pub(crate) async fn events(
    collection: Collection,
    _: Local,
    State(service): State<Service>,
    terms: Terms,
    Path(name): Path<String>,
    page: PageQuery,
) -> Result<Response, Exception> {
    let text = member(collection, &service.node, &name).await?;
    let rest = EventQuery::from_pairs(&page.pairs, &terms.namespaces)?;
    let parameter = (collection.parameter().to_owned(), vec![text].into());
    let query = EventQuery::from_json(&Map::from_iter([parameter]), &Namespaces::new())?;
    answer(&service, &terms, &page, &query.and(rest), SIMPLE_EVENT_QUERY).await
}

/// The canonical text of a member.
async fn member(collection: Collection, node: &Node, name: &str) -> Result<String, Exception> {
    let unknown = || {
        let found: String = name.chars().take(200).collect();
        let detail = format!("expected a member of {}, found {found:?}", collection.word());
        Exception::new(ExceptionKind::NoSuchResource, detail)
    };
    let text = collection.canonical(name).ok_or_else(unknown)?;
    match collection.has(node, &text).await? {
        true => Ok(text),
        false => Err(unknown()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_is_found_in_all_its_forms() {
        for text in [
            "shipping",
            "urn:epcglobal:cbv:bizstep:shipping",
            "https://ref.gs1.org/cbv/BizStep-shipping",
        ] {
            assert_eq!(Collection::BizSteps.canonical(text).as_deref(), Some("shipping"));
        }
        assert_eq!(Collection::BizSteps.canonical("no such step"), None);
        let link = Some("https://id.gs1.org/01/09506000134352/21/abc");
        let urn = "urn:epc:id:sgtin:9506000.013435.abc";
        assert_eq!(Collection::Epcs.canonical(urn).as_deref(), link);
        assert_eq!(
            Collection::ReadPoints.canonical("urn:own:dock").as_deref(),
            Some("urn:own:dock")
        );
    }
}
