//! The filters of a query (EPCIS 2.0, section 8.2.7.1), as far as they are served.

use theriac_gs1::{Epc, Identifier};
use theriac_store::{EventFilter, EventId};

use crate::limits::{PAGE_EVENTS, PAGE_EVENTS_MAX};
use crate::parameters::{Parameters, wrong};
use crate::problem::Problem;

const KINDS: [&str; 5] = [
    "ObjectEvent",
    "AggregationEvent",
    "TransactionEvent",
    "TransformationEvent",
    "AssociationEvent",
];

const ACTIONS: [&str; 3] = ["ADD", "OBSERVE", "DELETE"];

/// Reads all parameters of a query.
pub(super) fn filter(mut parameters: Parameters) -> Result<EventFilter, Problem> {
    let p = &mut parameters;
    let filter = EventFilter {
        kinds: one_of(p.list("eventType"), "eventType", &KINDS)?,
        biz_steps: words(p.list("EQ_bizStep"), "bizstep", "BizStep-"),
        dispositions: words(p.list("EQ_disposition"), "disp", "Disp-"),
        actions: one_of(p.list("EQ_action"), "EQ_action", &ACTIONS)?,
        ge_event_time: p.time("GE_eventTime")?,
        lt_event_time: p.time("LT_eventTime")?,
        ge_record_time: p.time("GE_recordTime")?,
        lt_record_time: p.time("LT_recordTime")?,
        any_epc: p.list("MATCH_anyEPC").iter().map(|text| epc(text)).collect::<Result<_, _>>()?,
        event_id: p.text("EQ_eventID"),
        after: p.value("nextPageToken", "the token of a Link header")?.map(EventId),
        limit: p.rows("perPage", PAGE_EVENTS, PAGE_EVENTS_MAX)?,
    };
    parameters.finish()?;
    Ok(filter)
}

fn one_of(found: Vec<String>, name: &str, expected: &[&str]) -> Result<Vec<String>, Problem> {
    match found.iter().find(|word| !expected.contains(&word.as_str())) {
        None => Ok(found),
        Some(word) => {
            let expected = expected.join(", ");
            Err(wrong(format!("expected one of {expected} in {name}, found {word:?}")))
        }
    }
}

/// Words of the CBV as they are stored, bare, from any of their three forms.
fn words(found: Vec<String>, urn: &str, web: &str) -> Vec<String> {
    let urn = format!("urn:epcglobal:cbv:{urn}:");
    let web = format!("https://ref.gs1.org/cbv/{web}");
    let bare = |word: String| {
        let stripped = word.strip_prefix(&urn).or_else(|| word.strip_prefix(&web));
        stripped.map(str::to_owned).unwrap_or(word)
    };
    found.into_iter().map(bare).collect()
}

/// An identifier as EPC URN or Digital Link, or a code in any form.
fn epc(text: &str) -> Result<Identifier, Problem> {
    if text.starts_with("urn:epc:idpat:") {
        return Err(wrong(format!(
            "expected an identifier in MATCH_anyEPC, found the pattern {text}"
        ))
        .with_hint("name each identifier; patterns are not served yet"));
    }
    if let Ok(Epc { id, .. }) = Identifier::from_uri(text) {
        return Ok(id);
    }
    let scan = theriac_gs1::read(text).map_err(|error| {
        wrong(format!("expected an identifier in MATCH_anyEPC: {error}")).with_hint(error.hint())
    })?;
    let none = || wrong(format!("expected an identifier in MATCH_anyEPC, found {text:?}"));
    scan.identifier().ok_or_else(none)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_made_bare() {
        let found = [
            "shipping",
            "urn:epcglobal:cbv:bizstep:shipping",
            "https://ref.gs1.org/cbv/BizStep-shipping",
        ];
        let found = found.map(str::to_owned).to_vec();
        assert_eq!(words(found, "bizstep", "BizStep-"), ["shipping"; 3]);
    }

    #[test]
    fn identifiers_are_read_in_all_forms() {
        let forms = [
            "urn:epc:id:sgtin:9506000.013435.abc",
            "https://id.gs1.org/01/09506000134352/21/abc",
            "(01)09506000134352(21)abc",
        ];
        for form in forms {
            assert_eq!(epc(form).unwrap().key(), "01/09506000134352/21/abc", "{form}");
        }
        assert!(epc("urn:epc:idpat:sgtin:9506000.*.*").is_err());
    }
}
