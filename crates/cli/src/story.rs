//! `theriac demo --story`: trade between six companies, told step by step.
//!
//! ```text
//!  world: six processes `theriac serve`, each behind a link that can fail, one ledger
//!    └─▶ chapters: steps that do and expect ─▶ teller: text, JSON
//! ```

mod chapter;
mod link;
mod process;
mod teller;
mod world;

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context;

use crate::commands::serve::stopped;
use crate::exit::Outcome;
use crate::output;
use teller::Teller;
use world::World;

/// What the caller chooses.
pub struct StoryOptions {
    /// Folder for the nodes; empty.
    pub dir: PathBuf,
    /// JSON-RPC services of a ledger that others run; a new embedded ledger without any.
    pub rpc: Vec<String>,
    /// Whether to end after the last step.
    pub exit: bool,
    /// File for the result as JSON.
    pub json: Option<PathBuf>,
}

/// Tells the story; yes if every step went as it should.
///
/// # Errors
///
/// The nodes cannot be made, or the result cannot be written; a step that fails is told.
pub async fn run(options: StoryOptions) -> anyhow::Result<Outcome> {
    let begun = Instant::now();
    let mut teller = Teller::default();
    let title = "six companies get a node each, and one ledger";
    let step = teller.begin(title);
    let built = World::build(&options.dir, &options.rpc).await;
    let mut world = match built {
        Ok(world) => world,
        Err(error) => {
            teller.end(title, step, Err(error));
            keep(&options.json, &teller)?;
            return Ok(Outcome::No);
        }
    };
    for party in &world.parties {
        let company = party.desk.company();
        teller.tell(format!("{} ({}): {}", company.name, company.role.word(), party.url));
    }
    teller.end(title, step, Ok(()));
    chapter::tell(&mut world, &mut teller).await;
    keep(&options.json, &teller)?;
    output::print(&teller.summary(begun.elapsed().as_secs_f64()))?;
    if !options.exit {
        output::print(&directions(&world, &options.dir))?;
        stopped().await;
    }
    world.stop();
    Ok(if teller.is_as_expected() { Outcome::Yes } else { Outcome::No })
}

fn keep(file: &Option<PathBuf>, teller: &Teller) -> anyhow::Result<()> {
    let Some(file) = file else { return Ok(()) };
    let text = serde_json::to_string_pretty(&teller.report())?;
    std::fs::write(file, text + "\n").with_context(|| format!("cannot write {}", file.display()))
}

fn directions(world: &World, dir: &Path) -> String {
    let mut text = format!("\nThe nodes are up; their data is in {}:\n", dir.display());
    for party in &world.parties {
        text.push_str(&format!("  theriac --node {} health\n", party.url));
    }
    text.push_str("\nCtrl-C stops them\n");
    text
}
