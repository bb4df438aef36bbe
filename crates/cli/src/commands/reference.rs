//! `theriac reference` (hidden): the reference page of the commands, made from their help texts.

use std::fmt::Write;

use clap::{Command, CommandFactory};

use crate::args::Args;
use crate::exit::Outcome;
use crate::output;

const HEAD: &str = "\
# Commands

This page is made from the program's help texts; a test compares them (update it with
`THERIAC_UPDATE_DOCS=1 cargo test -p theriac-cli --test snapshot`).
";

/// Prints the page `docs/reference/cli.md`.
///
/// # Errors
///
/// What the system says.
pub fn run() -> anyhow::Result<Outcome> {
    output::print(&page()?)?;
    Ok(Outcome::Yes)
}

fn page() -> Result<String, std::fmt::Error> {
    let mut page = HEAD.to_owned();
    let mut root = Args::command().term_width(100);
    root.build();
    describe(&mut page, &mut root, "theriac")?;
    Ok(page)
}

fn describe(page: &mut String, command: &mut Command, name: &str) -> std::fmt::Result {
    writeln!(page, "\n## {name}\n\n```text")?;
    for line in command.render_long_help().to_string().trim_end().lines() {
        writeln!(page, "{}", line.trim_end())?;
    }
    writeln!(page, "```")?;
    for inner in command.get_subcommands_mut() {
        if inner.get_name() != "help" && !inner.is_hide_set() {
            let name = format!("{name} {}", inner.get_name());
            describe(page, inner, &name)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_holds_together() {
        Args::command().debug_assert();
    }

    #[test]
    fn every_command_is_on_the_page() {
        let page = page().unwrap();
        for command in ["theriac demo", "theriac config show", "theriac ledger audit"] {
            assert!(page.contains(&format!("## {command}\n")), "{command}");
        }
        assert!(!page.contains("theriac reference"), "it is hidden");
    }
}
