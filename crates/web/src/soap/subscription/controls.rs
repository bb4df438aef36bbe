//! `SubscriptionControls`: when a subscription delivers, and what (EPCIS 1.2, section 8.2.5.2).

use jiff::Timestamp;
use serde_json::{Value, json};
use theriac_node::{DeliveryControls, PayloadForm, Schedule, SubscriptionRequest};

use crate::epcis::EpcPreference;
use crate::soap::envelope::Dialect;
use crate::soap::exception::SoapException;
use crate::soap::fault::Fault;
use crate::soap::markup::cut;
use crate::soap::tree::Element;

/// The `trigger` that the node knows: an event is recorded.
pub const TRIGGER: &str = "urn:theriac:trigger:event-recorded";

/// The controls of a message, read.
pub(super) struct Controls {
    delivery: DeliveryControls,
    next_at: Option<Timestamp>,
    initial_record_time: Option<Timestamp>,
    report_if_empty: bool,
}

impl Controls {
    /// The subscription that is asked for, with its answers sent to `dest`.
    pub(super) fn request(self, dest: String) -> SubscriptionRequest {
        let mut controls = json!(self.delivery);
        if self.next_at.is_none() {
            // As the REST interface tells it.
            controls["stream"] = json!(true);
        }
        SubscriptionRequest {
            dest,
            token: None,
            controls,
            report_if_empty: self.report_if_empty,
            initial_record_time: self.initial_record_time,
            next_at: self.next_at,
        }
    }
}

/// Reads the controls of a message.
///
/// # Errors
///
/// `SubscriptionControlsException`; `ValidationException` for values that the schema excludes.
pub(super) fn read_controls(
    message: &Element,
    query_name: &str,
    dialect: Dialect,
    now: Timestamp,
) -> Result<Controls, Fault> {
    let controls = message.child("controls");
    let controls = controls.ok_or_else(|| Fault::invalid("expected controls, found none"))?;
    let pairs = match (controls.child("schedule"), controls.child("trigger")) {
        (Some(schedule), None) => Some(pairs(schedule)),
        (None, Some(trigger)) if trigger.trimmed() == TRIGGER => None,
        (None, Some(trigger)) => {
            let found = cut(trigger.trimmed());
            return Err(wrong(format!(
                "expected a schedule or the trigger {TRIGGER}, found {found:?}"
            )));
        }
        (Some(_), Some(_)) => return Err(wrong("expected a schedule or a trigger, found both")),
        (None, None) => return Err(wrong("expected a schedule or a trigger, found neither")),
    };
    let next_at = pairs.as_deref().map(|pairs| next_at(pairs, now)).transpose()?;
    let schedule = pairs
        .map(|pairs| pairs.into_iter().map(|(name, text)| (name, Value::String(text))).collect());
    let form = match dialect {
        Dialect::V1_2 => PayloadForm::Xml12,
        Dialect::V2_0 => PayloadForm::Xml,
    };
    let epc_format = Some(EpcPreference::AsCaptured.word().to_owned());
    let query_name = Some(query_name.to_owned());
    Ok(Controls {
        delivery: DeliveryControls { schedule, form, epc_format, query_name },
        next_at,
        initial_record_time: controls.child("initialRecordTime").map(time).transpose()?,
        report_if_empty: report_if_empty(controls)?,
    })
}

/// The fields of a schedule by name.
fn pairs(schedule: &Element) -> Vec<(String, String)> {
    let pair = |field: &Element| (field.name.clone(), field.trimmed().to_owned());
    schedule.children.iter().map(pair).collect()
}

/// When a schedule first comes after `now`.
fn next_at(pairs: &[(String, String)], now: Timestamp) -> Result<Timestamp, Fault> {
    let schedule = Schedule::from_pairs(pairs).map_err(|error| wrong(error.to_string()))?;
    let next = schedule.next_after(now);
    next.ok_or_else(|| wrong("expected a schedule that ever comes, found another"))
}

fn time(element: &Element) -> Result<Timestamp, Fault> {
    element.trimmed().parse().map_err(|_| {
        let found = cut(element.trimmed());
        Fault::invalid(format!(
            "expected a time with its time zone in initialRecordTime, found {found:?}"
        ))
    })
}

fn report_if_empty(controls: &Element) -> Result<bool, Fault> {
    match controls.child("reportIfEmpty").map(Element::trimmed) {
        Some("true" | "1") => Ok(true),
        Some("false" | "0") => Ok(false),
        found => {
            let found = cut(found.unwrap_or("none"));
            Err(Fault::invalid(format!("expected true or false in reportIfEmpty, found {found:?}")))
        }
    }
}

fn wrong(reason: impl Into<String>) -> Fault {
    Fault::new(SoapException::SubscriptionControls, reason)
}
