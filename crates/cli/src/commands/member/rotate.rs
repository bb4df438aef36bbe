//! `theriac member rotate`: gives the node another key.

use anyhow::bail;
use theriac_ledger::Cost;
use theriac_node::{Config, rotate, system_clock};

use crate::exit::Outcome;
use crate::output::{self, Rows};
use crate::passphrase;
use crate::place::{self, Place};

/// Rotates the key of the node in its folder.
///
/// # Errors
///
/// The node runs, or the ledger does not take a step; doing it again goes on.
pub(super) async fn run(place: Option<Place>, json: bool) -> anyhow::Result<Outcome> {
    let folder = place::folder(place)?;
    if let Some(url) = folder.serving_url() {
        bail!("the node serves {url} with its present key; stop it, then rotate");
    }
    let config = Config::load(&folder.config_file())?;
    let passphrase = passphrase::known()?;
    let clock = system_clock();
    let report = rotate(folder.path(), &config, &passphrase, Cost::STANDARD, clock).await?;
    if json {
        output::print_json(&report)?;
        return Ok(Outcome::Yes);
    }
    let mut rows = Rows::default();
    rows.add("account", report.account.to_string());
    for account in &report.revoked {
        rows.add("revoked", account.to_string());
    }
    output::print(&rows.render())?;
    Ok(Outcome::Yes)
}
