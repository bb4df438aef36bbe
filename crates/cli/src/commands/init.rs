//! `theriac init`: makes a node's folder.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use theriac_custody::{Profile, Role, Roles};
use theriac_gs1::Gln;
use theriac_node::{
    DEFAULT_CHAIN_ID, InitOptions, LedgerChoice, NodeFolder, init, read_profile, system_clock,
};

use crate::demo::data;
use crate::exit::Outcome;
use crate::output::{self, Rows};
use crate::passphrase;
use crate::place::absolute;

const EXAMPLES: &str = "\
Examples:
  A first node, with a ledger of its own:
    theriac init acme --name 'Acme Pharma' --gln 9521124000017 --role labeler
  A node that joins the ledger of another, which must serve it (--ledger-listen):
    theriac init corner --name 'Corner Pharmacy' --gln 9521346000017 --role dispenser \\
      --join http://regulator.example:7340

The passphrase of the keys is taken from THERIAC_PASSPHRASE, or asked for twice.";

/// Make a node's folder: configuration, keys, database, ledger
///
/// The folder must be empty or not exist. A lost passphrase cannot be recovered.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct InitArgs {
    /// The folder to make
    dir: PathBuf,
    /// Name of the organisation
    #[arg(long)]
    name: String,
    /// GLN of the organisation, 13 digits
    #[arg(long)]
    gln: Gln,
    /// What it does; may be given several times
    #[arg(long = "role", required = true, value_parser = role(), value_name = "ROLE")]
    roles: Vec<Role>,
    /// URL of a node whose ledger to join; without it a new ledger is made in the folder
    #[arg(long, value_name = "URL")]
    join: Option<String>,
    /// EIP-155 chain id of the new ledger
    #[arg(long, default_value_t = DEFAULT_CHAIN_ID, conflicts_with = "join", value_name = "NUMBER")]
    chain_id: u64,
    /// Address that the node will serve [default: 127.0.0.1:7340]
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// Address on which the new ledger will serve JSON-RPC to other nodes
    #[arg(long, conflicts_with = "join", value_name = "ADDRESS")]
    ledger_listen: Option<SocketAddr>,
    /// The jurisdiction: us-dscsa, eu-fmd, or a file of that form [default: us-dscsa]
    #[arg(long, value_name = "NAME|FILE")]
    profile: Option<String>,
}

/// Reads the word of a role.
pub fn role() -> impl TypedValueParser<Value = Role> {
    PossibleValuesParser::new(Role::ALL.map(Role::word)).map(|word| {
        Role::from_word(&word).expect("a role, because only the words of roles are let through")
    })
}

/// The profile to configure: a name that is known, or else the path of a file that is one.
fn profile(name: &str) -> anyhow::Result<String> {
    if Profile::named(name).is_some() {
        return Ok(name.to_owned());
    }
    let path = absolute(Path::new(name))?.display().to_string();
    read_profile(Path::new(""), &path)?;
    Ok(path)
}

/// Makes the folder.
///
/// # Errors
///
/// The folder is not empty, the passphrase is too short, the node to join does not answer.
pub async fn run(args: InitArgs) -> anyhow::Result<Outcome> {
    let dir = absolute(&args.dir)?;
    if dir.exists() {
        data::expect_empty(&dir)?;
    }
    let profile = args.profile.as_deref().map(profile).transpose()?;
    let passphrase = passphrase::new()?;
    let ledger = match args.join {
        Some(url) => LedgerChoice::Join { url: url.trim_end_matches('/').to_owned() },
        None => LedgerChoice::New { chain_id: args.chain_id },
    };
    let options = InitOptions {
        name: args.name,
        gln: args.gln,
        roles: args.roles.into_iter().collect::<Roles>(),
        ledger,
        listen: args.listen,
        ledger_listen: args.ledger_listen,
        light_keys: false,
        clock: system_clock(),
    };
    let mut report = init(&dir, &options, &passphrase).await?;
    if let Some(profile) = profile {
        report.config.profile = profile;
        let file = NodeFolder::at(&dir).config_file();
        std::fs::write(&file, report.config.to_toml())
            .with_context(|| format!("cannot write {}", file.display()))?;
    }
    let mut rows = Rows::default();
    rows.add("organisation", format!("{} (GLN {})", options.name, options.gln));
    rows.add("account", report.account.to_string());
    rows.add_some("ask a governor to run", report.admit_command);
    rows.add("start it", format!("theriac serve --node {}", args.dir.display()));
    output::print(&format!(
        "made {}\n{}",
        output::plain(&dir.display().to_string()),
        rows.render()
    ))?;
    Ok(Outcome::Yes)
}
