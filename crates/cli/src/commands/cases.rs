//! `theriac cases`: what disagrees, and who must act; one of them is `theriac case`.

use std::collections::HashMap;

use clap::Args;
use theriac_node::actor_text;
use theriac_web::limits::LIST_ROWS_MAX;
use theriac_web::routes::cases::CaseEntry;

use crate::client::Client;
use crate::exit::Outcome;
use crate::output::{self, Rows, count, thousands};
use crate::place::Place;

/// Items of a case that are listed.
const ITEMS_SHOWN: usize = 5;

const EXAMPLES: &str = "\
Examples:
  theriac cases
  theriac cases --closed --each --json";

/// List cases: what disagrees, and who must act
///
/// Cases for the same reason are told once.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct CasesArgs {
    /// Closed ones as well
    #[arg(long)]
    closed: bool,
    /// Tell each case, even if many have the same reason
    #[arg(long)]
    each: bool,
    /// At most so many, the newest
    #[arg(long, default_value_t = LIST_ROWS_MAX, value_name = "NUMBER")]
    limit: u64,
    /// Print JSON, always each case
    #[arg(long)]
    json: bool,
}

/// Lists cases.
///
/// # Errors
///
/// The node cannot be asked.
pub async fn run(place: Option<Place>, args: CasesArgs) -> anyhow::Result<Outcome> {
    let client = Client::open(place).await?;
    let open = if args.closed { "false" } else { "true" };
    let limit = args.limit.to_string();
    let cases: Vec<CaseEntry> = client.get("/cases", &[("open", open), ("limit", &limit)]).await?;
    if args.json {
        output::print_json(&cases)?;
        return Ok(Outcome::Yes);
    }
    for group in grouped(&cases, args.each) {
        output::print(&render(&group))?;
    }
    let kind = if args.closed { "case" } else { "open case" };
    let listed = cases.len() as u64;
    let more = if listed == args.limit { ", perhaps more: --limit" } else { "" };
    output::print(&format!("{}{more}\n", count(listed, kind)))?;
    Ok(Outcome::Yes)
}

/// Cases for the same reason, in the order of the first of each.
fn grouped(cases: &[CaseEntry], each: bool) -> Vec<Vec<&CaseEntry>> {
    let mut groups: Vec<Vec<&CaseEntry>> = Vec::new();
    let mut found = HashMap::new();
    for case in cases {
        let matter = &case.matter;
        let own = each.then_some(case.case);
        let key = (matter.kind, &matter.reason, &matter.what_to_do, case.closed_at.is_some(), own);
        let index = *found.entry(key).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        groups[index].push(case);
    }
    groups
}

fn render(group: &[&CaseEntry]) -> String {
    let Some(case) = group.first() else { return String::new() };
    let matter = &case.matter;
    let code = matter.kind.word().replace('_', " ");
    let mut rows = Rows::default();
    rows.add("because", &matter.reason);
    rows.add("what to do", &matter.what_to_do);
    rows.add("who must act", actor_text(matter.actor));
    rows.add_some("items", items(group));
    rows.add_some("with", case.counterparty.map(|gln| gln.to_string()));
    rows.add("opened", &case.opened_at);
    rows.add_some("closed", case.closed_at.as_deref());
    rows.add_some("outcome", case.outcome.as_deref());
    let which = match group.len() {
        1 => format!("case {}", case.case),
        cases => format!("{}, among them case {}", count(cases as u64, "case"), case.case),
    };
    format!("{which}: {code}\n{}", rows.render())
}

/// The items that the cases are about, as many as are shown.
fn items(group: &[&CaseEntry]) -> Option<String> {
    let items = || group.iter().flat_map(|case| &case.matter.items);
    let mut shown: Vec<String> = items().take(ITEMS_SHOWN).map(ToString::to_string).collect();
    let more = items().count().saturating_sub(ITEMS_SHOWN);
    if more > 0 {
        shown.push(format!("and {} more", thousands(more as u64)));
    }
    (!shown.is_empty()).then(|| shown.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use theriac_custody::{Breach, BreachCode, Matter, Uuid};
    use theriac_node::CaseState;

    fn case(number: i64, reason: &str) -> CaseEntry {
        CaseEntry {
            case: number,
            uuid: Uuid::random([1; 16]),
            event: None,
            state: CaseState::Open,
            counterparty: None,
            opened_by: None,
            pack_count: 0,
            deadline: None,
            overdue: false,
            matter: Matter::from(&Breach::new(
                BreachCode::ProductUnknown,
                reason.to_owned(),
                "register it",
            )),
            opened_at: "2026-11-23T08:00:00Z".to_owned(),
            closed_at: None,
            outcome: None,
        }
    }

    #[test]
    fn cases_for_the_same_reason_are_told_once_unless_each_is_asked_for() {
        let cases = [case(3, "a"), case(2, "b"), case(1, "a")];
        let groups = grouped(&cases, false);
        assert_eq!(groups.len(), 2);
        assert!(render(&groups[0]).starts_with("2 cases, among them case 3: product unknown\n"));
        assert!(render(&groups[1]).starts_with("case 2: product unknown\n"));
        assert_eq!(grouped(&cases, true).len(), 3);
    }
}
