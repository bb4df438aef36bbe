//! What became of a document's events, for people.

use theriac_node::{CaptureReport, EventOutcome};

use crate::output::{count, plain, short, thousands};

/// Events up to which each has its own line anyway.
const LINES_MAX: usize = 20;

/// How much is told of events with the same outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Detail {
    /// One line for all of them, if there are many events.
    Grouped,
    /// A line for each.
    EveryEvent,
}

/// Events with the same outcome.
struct Group<'a> {
    first: &'a EventOutcome,
    last: u64,
    events: u64,
}

/// The events with their outcomes, then a line with the sums.
pub(super) fn render(name: &str, report: &CaptureReport, detail: Detail) -> String {
    let every = detail == Detail::EveryEvent || report.outcomes.len() <= LINES_MAX;
    let groups = if every { single(&report.outcomes) } else { grouped(&report.outcomes) };
    let mut text = format!("{}\n", plain(name));
    for group in &groups {
        text.push_str(&render_group(group));
    }
    if let Some(error) = &report.document_error {
        let error = plain(error);
        text.push_str(&format!("  the document cannot be read any further: {error}\n"));
    }
    text.push_str(&format!("  {}\n", summary(report)));
    text
}

fn single(outcomes: &[EventOutcome]) -> Vec<Group<'_>> {
    let one = |first| Group { first, last: first.ordinal, events: 1 };
    outcomes.iter().map(one).collect()
}

/// Groups in the order of their first events. There are few, because reasons are.
fn grouped(outcomes: &[EventOutcome]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut found = std::collections::HashMap::new();
    for outcome in outcomes {
        let index = *found.entry(key(outcome)).or_insert_with(|| {
            groups.push(Group { first: outcome, last: outcome.ordinal, events: 0 });
            groups.len() - 1
        });
        groups[index].last = outcome.ordinal;
        groups[index].events += 1;
    }
    groups
}

fn key(outcome: &EventOutcome) -> [Option<&str>; 5] {
    [
        Some(outcome.state.as_str()),
        outcome.kind.as_deref(),
        outcome.biz_step.as_deref(),
        outcome.reason.as_deref(),
        outcome.what_to_do.as_deref(),
    ]
}

fn render_group(group: &Group<'_>) -> String {
    let Group { first, last, events } = group;
    let numbers = match events {
        1 => format!("#{}", first.ordinal),
        _ => format!("#{} to #{last}, {}", first.ordinal, count(*events, "event")),
    };
    let kind = first.kind.as_deref().unwrap_or("(no kind)");
    let step = first.biz_step.as_deref().unwrap_or("");
    let proof = match (&first.transaction, events) {
        (Some(transaction), 1) => format!("  {}", short(transaction)),
        _ => String::new(),
    };
    let head = format!("{numbers}  {kind} {step}");
    let mut text = format!("  {:48} {}{proof}\n", plain(head.trim_end()), first.state);
    // That it is on record already needs no reason.
    if let Some(reason) = first.reason.as_ref().filter(|_| first.state != "duplicate") {
        text.push_str(&format!("       because {}\n", plain(reason)));
        text.push_str(&format!("       at {}\n", place(group)));
    }
    if let Some(what_to_do) = &first.what_to_do {
        text.push_str(&format!("       do: {}\n", plain(what_to_do)));
    }
    if let (Some(case), 1) = (first.case, events) {
        text.push_str(&format!("       case {case}\n"));
    }
    text
}

fn place(group: &Group<'_>) -> String {
    let place = plain(&group.first.place);
    match group.events {
        1 => place,
        events => format!("{place} and {} more (--all lists them)", thousands(events - 1)),
    }
}

fn summary(report: &CaptureReport) -> String {
    let CaptureReport { admitted, held, refused, duplicate, .. } = report;
    let elements = count(report.master_data, "element");
    let told: Vec<String> = [
        (admitted, "admitted"),
        (held, "held"),
        (refused, "refused"),
        (duplicate, "captured before"),
    ]
    .into_iter()
    .filter(|(number, _)| **number > 0)
    .map(|(number, word)| format!("{} {word}", thousands(*number)))
    .chain((report.master_data > 0).then(|| format!("{elements} of master data kept")))
    .collect();
    let sum = if told.is_empty() { "nothing to admit".to_owned() } else { told.join(", ") };
    format!("{}: {sum} (capture {})", count(report.events, "event"), report.capture)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(ordinal: u64, state: &str, reason: Option<&str>) -> EventOutcome {
        EventOutcome {
            ordinal,
            place: format!("line {ordinal}"),
            kind: Some("ObjectEvent".to_owned()),
            biz_step: Some("commissioning".to_owned()),
            state: state.to_owned(),
            hash: None,
            reason: reason.map(str::to_owned),
            what_to_do: reason.map(|_| "theriac product add 09521124000017".to_owned()),
            code: None,
            alert: None,
            case: reason.map(|_| 7),
            transaction: None,
        }
    }

    fn report(outcomes: Vec<EventOutcome>) -> CaptureReport {
        let held = outcomes.iter().filter(|outcome| outcome.state == "held").count() as u64;
        let events = outcomes.len() as u64;
        CaptureReport {
            capture: 3,
            document_error: None,
            events,
            admitted: events - held,
            held,
            refused: 0,
            duplicate: 0,
            master_data: 0,
            outcomes,
        }
    }

    #[test]
    fn a_held_event_says_why_where_and_what_to_do() {
        let report =
            report(vec![outcome(0, "admitted", None), outcome(1, "held", Some("not registered"))]);
        let expected = "\
a.xml
  #0  ObjectEvent commissioning                    admitted
  #1  ObjectEvent commissioning                    held
       because not registered
       at line 1
       do: theriac product add 09521124000017
       case 7
  2 events: 1 admitted, 1 held (capture 3)
";
        assert_eq!(render("a.xml", &report, Detail::Grouped), expected);
    }

    #[test]
    fn many_with_the_same_reason_are_one_group_unless_all_are_asked_for() {
        let events = (0..30).map(|ordinal| outcome(ordinal, "held", Some("not registered")));
        let report = report(events.collect());
        let grouped = render("a.xml", &report, Detail::Grouped);
        assert!(grouped.contains("#0 to #29, 30 events"), "{grouped}");
        assert!(grouped.contains("at line 0 and 29 more (--all lists them)"), "{grouped}");
        assert_eq!(grouped.lines().count(), 6);
        let every = render("a.xml", &report, Detail::EveryEvent);
        assert_eq!(every.matches("because not registered").count(), 30);
    }

    #[test]
    fn a_document_that_breaks_off_says_so() {
        let mut report = report(Vec::new());
        report.document_error = Some("line 3: expected a tag".to_owned());
        let text = render("a.xml", &report, Detail::Grouped);
        assert!(text.contains("cannot be read any further: line 3: expected a tag"), "{text}");
        assert!(text.contains("0 events: nothing to admit"), "{text}");
    }

    #[test]
    fn master_data_is_told() {
        let master_data = CaptureReport { master_data: 1_200, ..report(Vec::new()) };
        let text = render("a.xml", &master_data, Detail::Grouped);
        assert!(text.contains("0 events: 1,200 elements of master data kept"), "{text}");
    }
}
