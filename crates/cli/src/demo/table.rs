//! The demo's table for people.

use comfy_table::{ColumnConstraint, ContentArrangement, Table, Width, presets};

use super::report::{Report, VerdictRow, state_bytes};
use crate::output::{count, plain, short, thousands};

/// Columns of a terminal below which the table is not squeezed.
const WIDTH_MIN: u16 = 100;

/// Columns of the table where it does not go to a terminal.
const WIDTH_OF_FILES: u16 = 160;

/// The whole text: the table, what deviated, totals.
pub fn render(report: &Report, width: Option<u16>) -> String {
    let mut text = format!("{}\n", verdicts(&report.told.verdicts, width));
    let told = &report.told;
    for deviation in &told.deviations {
        text.push_str(&format!("NOT AS EXPECTED  {}\n", plain(&deviation.sentence())));
    }
    let wrong = told.verdicts.iter().filter(|row| row.got != row.expected).count() as u64;
    let verdicts = count(told.verdicts.len() as u64, "verdict");
    let judged = match wrong {
        0 => "all as expected".to_owned(),
        wrong => format!("{wrong} NOT as expected"),
    };
    text.push_str(&format!("\n{verdicts}, {judged}\n"));
    text.push_str(&format!(
        "{} in {}, {} of {} in {:.1} s; {} held in cases, {} expected; {} open\n",
        count(told.events, "event"),
        count(told.captures, "document"),
        "a day",
        count(u64::from(report.packs), "pack"),
        report.seconds,
        thousands(told.held),
        thousands(told.held_expected),
        count(told.cases_open, "case"),
    ));
    let Some(ledger) = &report.ledger else { return text };
    text.push_str(&format!(
        "ledger: {}, {}, {} gas ({} a pack), {} bytes of state ({:.2} a pack)\n",
        count(ledger.blocks, "block"),
        count(ledger.transactions, "transaction"),
        thousands(ledger.gas_used),
        thousands(ledger.gas_used / u64::from(report.packs.max(1))),
        thousands(state_bytes(ledger)),
        state_bytes(ledger) as f64 / f64::from(report.packs.max(1)),
    ));
    text
}

fn verdicts(rows: &[VerdictRow], width: Option<u16>) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::UTF8_FULL_CONDENSED)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(width.unwrap_or(WIDTH_OF_FILES).max(WIDTH_MIN))
        .set_header(["case", "code", "what happened", "verdict", "reason", "transaction"]);
    for row in rows {
        table.add_row([
            plain(&row.case),
            plain(&row.code),
            plain(&row.story),
            judged(row),
            plain(&row.reason),
            row.transaction.as_deref().map(short).unwrap_or_default(),
        ]);
    }
    for (index, width) in [(3, 19), (5, 13)] {
        if let Some(column) = table.column_mut(index) {
            column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(width)));
        }
    }
    table
}

/// The verdict, with the expected one where it is another.
fn judged(row: &VerdictRow) -> String {
    match row.got == row.expected {
        true => format!("✓ {}", row.got),
        false => format!("✗ {} (expected {})", row.got, row.expected),
    }
}

#[cfg(test)]
mod tests {
    use super::super::report::tests::report;
    use super::*;

    #[test]
    fn a_right_verdict_is_ticked_and_a_wrong_one_named() {
        let right = render(&report("already_retired"), Some(120));
        assert!(right.contains("✓") && right.contains("1 verdict, all as expected"), "{right}");
        let wrong = render(&report("genuine"), Some(120));
        assert!(wrong.contains("✗ genuine") && wrong.contains("1 NOT as expected"), "{wrong}");
    }

    #[test]
    fn the_table_fits_its_width_and_can_be_typed() {
        let text = render(&report("genuine"), Some(100));
        assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
        assert!(!text.contains('\u{1d}'));
        assert!(text.contains("4 blocks, 5 transactions, 1,234,567 gas (3,086 a pack)"), "{text}");
    }
}
