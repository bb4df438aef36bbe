//! `getQueryNames`, `getStandardVersion`, `getVendorVersion` (EPCIS 1.2, section 8.2.5).

use theriac_node::Node;

use super::envelope::Dialect;
use super::fault::Fault;
use super::markup::leaf;
use super::operation::Operation;
use super::subscription::SUBSCRIPTION_QUERY_PREFIX;

/// The queries that every repository has.
pub(super) const SIMPLE_EVENT_QUERY: &str = "SimpleEventQuery";

/// See [`SIMPLE_EVENT_QUERY`].
pub(super) const SIMPLE_MASTER_DATA_QUERY: &str = "SimpleMasterDataQuery";

/// Named queries that are looked up at a time.
const NAMES_AT_A_TIME: u64 = 1_000;

/// The names of the queries: the two of the standard, and those that clients keep here.
pub(super) async fn query_names(node: &Node, dialect: Dialect) -> Result<Vec<u8>, Fault> {
    let kept = kept_names(node).await?;
    let kept = kept.iter().filter(|name| !name.starts_with(SUBSCRIPTION_QUERY_PREFIX));
    let names = [SIMPLE_EVENT_QUERY, SIMPLE_MASTER_DATA_QUERY].into_iter();
    let names = names.chain(kept.map(String::as_str));
    Ok(strings(dialect, Operation::GetQueryNames, names))
}

/// The names of all queries that clients keep here.
pub(super) async fn kept_names(node: &Node) -> Result<Vec<String>, Fault> {
    let mut names: Vec<String> = Vec::new();
    loop {
        let last = names.last().map(String::as_str);
        let records = node.named_queries(last, NAMES_AT_A_TIME).await?;
        let is_last = (records.len() as u64) < NAMES_AT_A_TIME;
        names.extend(records.into_iter().map(|record| record.name));
        if is_last {
            return Ok(names);
        }
    }
}

/// The version of EPCIS that the client speaks.
pub(super) fn standard_version(dialect: Dialect) -> Vec<u8> {
    dialect.element(Operation::GetStandardVersion.result(), dialect.version())
}

/// Empty: the service has no operation or parameter that the standard does not have.
pub(super) fn vendor_version(dialect: Dialect) -> Vec<u8> {
    dialect.element(Operation::GetVendorVersion.result(), "")
}

/// An `ArrayOfString`.
pub(super) fn strings<'a>(
    dialect: Dialect,
    operation: Operation,
    strings: impl Iterator<Item = &'a str>,
) -> Vec<u8> {
    let mut list = String::new();
    strings.for_each(|text| leaf(&mut list, "string", text));
    dialect.element(operation.result(), &list)
}
