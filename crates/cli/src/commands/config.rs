//! `theriac config show`: the configuration in force.

use clap::{Args, Subcommand};
use theriac_node::Config;

use crate::exit::Outcome;
use crate::output;
use crate::place::{self, Place};

/// Show the configuration
#[derive(Debug, Args)]
pub struct ConfigArgs {
    #[command(subcommand)]
    command: ConfigCommand,
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Print the configuration in force: the file theriac.toml, then THERIAC_LISTEN,
    /// THERIAC_PUBLIC_URL, THERIAC_LEDGER_URL, THERIAC_LEDGER_LISTEN
    Show {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

/// Prints the configuration; there are no secrets in it.
///
/// # Errors
///
/// No node there, or its configuration cannot be used.
pub fn run(place: Option<Place>, args: ConfigArgs) -> anyhow::Result<Outcome> {
    let ConfigCommand::Show { json } = args.command;
    let config = Config::load(&place::folder(place)?.config_file())?;
    match json {
        true => output::print_json(&config)?,
        false => output::print(&config.to_toml())?,
    }
    Ok(Outcome::Yes)
}
