//! Recalls for people.

use theriac_node::{HolderView, RecallEntry, RecallReport, RecallView};

use crate::output::{self, Rows, count};

/// How a lot stands.
pub(super) fn lot(report: &RecallReport) -> String {
    let mut rows = Rows::default();
    rows.add("status", report.status.replace('_', " "));
    rows.add_some("transaction", report.transaction.map(|hash| hash.to_string()));
    for (status, packs) in &report.packs {
        rows.add(&status.replace('_', " "), count(*packs, "pack"));
    }
    let head = format!("lot {} of GTIN {}", report.lot, report.gtin);
    format!("{}\n{}", output::plain(&head), rows.render())
}

/// A recall in a list.
pub(super) fn entry(entry: &RecallEntry) -> String {
    let mut rows = Rows::default();
    rows.add("by", format!("{} ({})", entry.by.name, entry.by.gln));
    rows.add("class, depth", format!("{}, {}", entry.class, entry.depth));
    rows.add_some("product", entry.gtin.map(|gtin| format!("GTIN {gtin}")));
    rows.add_some(
        "scope",
        entry.scope.as_ref().and_then(|scope| serde_json::to_string(scope).ok()),
    );
    if !entry.reason.is_empty() {
        rows.add("because", &entry.reason);
    }
    rows.add("ordered", &entry.ordered_at);
    rows.add_some("ended", entry.ended_at.as_deref());
    format!("recall {}: {}\n{}", entry.number, entry.state.word(), rows.render())
}

/// How a recall stands.
pub(super) fn view(view: &RecallView) -> String {
    let mut text = entry(&view.recall);
    let mut rows = Rows::default();
    if !view.notice.is_empty() {
        rows.add("notice", &view.notice);
    }
    rows.add("on the ledger", if view.recall.on_ledger { "yes" } else { "no" });
    rows.add("packs", output::thousands(view.total));
    for (word, packs) in &view.packs {
        rows.add(&format!("  {}", word.replace('_', " ")), output::thousands(*packs));
    }
    rows.add("still out", output::thousands(view.out));
    rows.add("set apart here", output::thousands(view.set_apart_here));
    text.push_str(&rows.render());
    for holder in &view.holders {
        text.push_str(&format!("  {}\n", output::plain(&line(holder))));
    }
    for sentence in &view.outstanding {
        text.push_str(&format!("  outstanding: {}\n", output::plain(sentence)));
    }
    text
}

/// A holder in a line.
fn line(holder: &HolderView) -> String {
    let packs: Vec<String> = holder
        .packs
        .iter()
        .map(|(word, packs)| format!("{packs} {}", word.replace('_', " ")))
        .collect();
    let state = holder.state.word().replace('_', " ");
    let late = if holder.overdue { ", overdue" } else { "" };
    let company = &holder.company;
    format!("{} {}: {state}{late}; {}", company.gln, company.name, packs.join(", "))
}
