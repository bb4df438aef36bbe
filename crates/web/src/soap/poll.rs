//! `poll`: a query asked once (EPCIS 1.2, section 8.2.5.2).

use jiff::Timestamp;
use theriac_epcis::{
    DocumentFormat, DocumentHeader, EpcFormat, WriteError, WriteOptions, write_master_data_results,
    write_query_results,
};
use theriac_node::{FoundEvent, Node, PageRequest, read_named};
use theriac_query::{EventQuery, MasterDataQuery, ParamValue};

use super::envelope::Dialect;
use super::exception::SoapException;
use super::fault::Fault;
use super::limits::{ANSWER_BYTES_MAX, ANSWER_EVENTS_MAX};
use super::markup::cut;
use super::names::{SIMPLE_EVENT_QUERY, SIMPLE_MASTER_DATA_QUERY};
use super::parameter;
use super::subscription::SUBSCRIPTION_QUERY_PREFIX;
use super::tree::Element;
use crate::problem::Problem;

/// Events that are looked up at a time.
const PAGE_EVENTS: u64 = 500;

type Parameters = [(String, ParamValue)];

/// Asks a query: `SimpleEventQuery`, `SimpleMasterDataQuery`, or one that a client keeps here.
pub(super) async fn poll(
    node: &Node,
    message: &Element,
    dialect: Dialect,
) -> Result<Vec<u8>, Fault> {
    let name = required(message, "queryName")?;
    let parameters = parameter::read(message)?;
    let result = match name {
        SIMPLE_MASTER_DATA_QUERY => master_data(node, &parameters, dialect).await,
        _ => events(node, name, &parameters, dialect).await,
    };
    result.map_err(|fault| fault.of_query(name))
}

/// A field of a message that must be there.
pub(super) fn required<'m>(message: &'m Element, name: &str) -> Result<&'m str, Fault> {
    message.child(name).map(Element::trimmed).filter(|text| !text.is_empty()).ok_or_else(|| {
        Fault::invalid(format!("expected {name} in {}, found none", cut(&message.name)))
    })
}

async fn events(
    node: &Node,
    name: &str,
    parameters: &Parameters,
    dialect: Dialect,
) -> Result<Vec<u8>, Fault> {
    let query = event_query(node, name, parameters).await?;
    let found = all_events(node, &query).await?;
    let (header, format) = (header(name), format(dialect));
    // Writing many events is work for a thread of its own.
    let written = tokio::task::spawn_blocking(move || {
        let events = found.iter().map(|found| &found.event);
        let options = WriteOptions { epc: EpcFormat::AsRead, ..WriteOptions::default() };
        let mut out = Vec::new();
        write_query_results(format, events, &header, &options, &mut out).map(|()| out)
    });
    let written = written.await.map_err(|error| Fault::from(Problem::internal(&error)))?;
    written.map_err(|error| unwritable(&error))
}

/// The whole answer, page by page so that it never takes more memory than the limits say.
async fn all_events(node: &Node, query: &EventQuery) -> Result<Vec<FoundEvent>, Fault> {
    let (mut events, mut bytes, mut from) = (Vec::new(), 0, None);
    loop {
        let page = node.query_events(query, PageRequest { rows: PAGE_EVENTS, from }).await?;
        bytes += page.events.iter().map(|found| found.record.body.len()).sum::<usize>();
        events.extend(page.events);
        let beyond = [
            ("events", events.len(), ANSWER_EVENTS_MAX),
            ("bytes of events", bytes, ANSWER_BYTES_MAX),
        ];
        if let Some((what, _, limit)) = beyond.into_iter().find(|(_, found, limit)| found > limit) {
            let reason = format!(
                "expected at most {limit} {what} in the answer, found more: ask for a shorter time"
            );
            return Err(Fault::new(SoapException::QueryTooLarge, reason));
        }
        from = page.next;
        if from.is_none() {
            return Ok(events);
        }
    }
}

/// The events that are asked for by name and parameters.
pub(super) async fn event_query(
    node: &Node,
    name: &str,
    parameters: &Parameters,
) -> Result<EventQuery, Fault> {
    let query = EventQuery::from_soap(parameters);
    if name == SIMPLE_EVENT_QUERY {
        return Ok(query?);
    }
    let kept = match name.starts_with(SUBSCRIPTION_QUERY_PREFIX) {
        true => None,
        false => node.named_query(name).await?,
    };
    let kept = kept.ok_or_else(|| no_such_query(name))?;
    Ok(read_named(&kept.query)?.and(query?))
}

/// No query has this name.
pub(super) fn no_such_query(name: &str) -> Fault {
    let found = cut(name);
    let reason = format!("expected the name of a query, found {found:?}");
    Fault::new(SoapException::NoSuchName, reason)
}

async fn master_data(
    node: &Node,
    parameters: &Parameters,
    dialect: Dialect,
) -> Result<Vec<u8>, Fault> {
    let query = MasterDataQuery::from_soap(parameters)?;
    let elements = node.query_master_data(&query).await?;
    let mut out = Vec::new();
    let header = header(SIMPLE_MASTER_DATA_QUERY);
    write_master_data_results(format(dialect), &elements, &header, &mut out)
        .map_err(|error| unwritable(&error))?;
    Ok(out)
}

fn header(query_name: &str) -> DocumentHeader {
    let mut header = DocumentHeader::new(Timestamp::now());
    header.query_name = Some(query_name.to_owned());
    header
}

fn format(dialect: Dialect) -> DocumentFormat {
    match dialect {
        Dialect::V1_2 => DocumentFormat::Xml12,
        Dialect::V2_0 => DocumentFormat::Xml,
    }
}

fn unwritable(error: &WriteError) -> Fault {
    Problem::internal(error).into()
}
