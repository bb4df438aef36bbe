//! Parameters that say in which order and how much is answered.

use super::field::Fields;
use super::typed::Given;
use crate::controls::{Controls, Direction, OrderBy};
use crate::error::QueryError;

/// Reads the parameter into `controls`; `false` when it is another parameter.
pub(super) fn read(
    given: &Given<'_>,
    fields: &mut Fields<'_>,
    controls: &mut Controls,
) -> Result<bool, QueryError> {
    match given.parameter {
        "orderBy" => controls.order_by = Some(order_by(given, fields)?),
        "orderDirection" => controls.direction = Some(direction(given)?),
        "eventCountLimit" => controls.event_count_limit = Some(given.count()?),
        "maxEventCount" => controls.max_event_count = Some(given.count()?),
        _ => return Ok(false),
    }
    Ok(true)
}

fn order_by(given: &Given<'_>, fields: &mut Fields<'_>) -> Result<OrderBy, QueryError> {
    let text = given.text()?;
    match text {
        "eventTime" => Ok(OrderBy::EventTime),
        "recordTime" => Ok(OrderBy::RecordTime),
        "quantity" => Ok(OrderBy::Quantity),
        _ => match fields.resolve(given.parameter, text)? {
            Some(field) => Ok(OrderBy::Field { field, text: text.to_owned() }),
            None => Err(given.wrong("eventTime, recordTime or the name of an extension field")),
        },
    }
}

fn direction(given: &Given<'_>) -> Result<Direction, QueryError> {
    match given.text()? {
        "ASC" => Ok(Direction::Ascending),
        "DESC" => Ok(Direction::Descending),
        _ => Err(given.wrong("ASC or DESC")),
    }
}
