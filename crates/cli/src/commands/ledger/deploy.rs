//! `theriac ledger deploy`: puts the contracts on an Ethereum network.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::Serialize;
use theriac_custody::Account;
use theriac_ledger::{
    DeployPlan, Deployed, Deployment, Endpoint, FeeMode, FeePolicy, Keystore, Ledger, Target,
};

use crate::exit::Outcome;
use crate::output;
use crate::passphrase;
use crate::place::{self, Place};

const EXAMPLE: &str = "\
Example:
  theriac ledger deploy --rpc http://127.0.0.1:8545 --key keys/account.json \\
    --governor 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed --delay 2d

What it prints is the section [ledger] of a node's theriac.toml.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLE)]
pub struct DeployArgs {
    /// JSON-RPC service of the network: one URL, or several separated by commas
    #[arg(long, value_name = "URL")]
    rpc: String,
    /// The first governor's account [default: that of the key]
    #[arg(long, value_name = "ACCOUNT")]
    governor: Option<Account>,
    /// How long governors' gravest decisions wait: a number and s, m, h or d
    #[arg(long, default_value = "2d", value_parser = seconds, value_name = "TIME")]
    delay: u64,
    /// Days after their last day on which goods can be pruned from the ledger
    #[arg(long, default_value_t = DeployPlan::GRACE_DAYS, value_name = "DAYS")]
    grace_days: u16,
    /// Keystore of the account that pays [default: that of the node's folder]
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// How fees are chosen
    #[arg(long, default_value = "auto", value_name = "MODE")]
    fees: Mode,
    /// Most that is offered per gas, in wei
    #[arg(long, value_name = "WEI")]
    max_fee: Option<u64>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// How fees are chosen.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Mode {
    /// By the chain
    Auto,
    /// A fee cap and a tip (EIP-1559)
    Dynamic,
    /// A gas price
    Legacy,
    /// Nothing
    Zero,
}

/// What was deployed, and what for.
#[derive(Debug, Serialize)]
struct DeployAnswer<'a> {
    rpc: &'a str,
    #[serde(flatten)]
    deployed: &'a Deployed,
}

/// Deploys what is not there yet.
///
/// # Errors
///
/// The key cannot be opened, or the network does not take the transactions.
pub async fn run(place: Option<Place>, args: DeployArgs) -> anyhow::Result<Outcome> {
    let key = match args.key {
        Some(key) => key,
        None => place::folder(place)?.account_key(),
    };
    let signer = Keystore::unlock(&key, &passphrase::known()?)?;
    let plan = DeployPlan {
        governor: args.governor.unwrap_or_else(|| signer.account()),
        delay_s: args.delay,
        grace_days: args.grace_days,
    };
    let mode = match args.fees {
        Mode::Auto => FeeMode::Auto,
        Mode::Dynamic => FeeMode::Dynamic,
        Mode::Legacy => FeeMode::Legacy,
        Mode::Zero => FeeMode::Zero,
    };
    let fees = FeePolicy { mode, max_fee_per_gas: args.max_fee };
    let deployed =
        Ledger::deploy_as(Endpoint::Http(args.rpc.clone()), &signer, &plan, fees).await?;
    if args.json {
        output::print_json(&DeployAnswer { rpc: &args.rpc, deployed: &deployed })?;
    } else {
        output::print(&section(&args.rpc, &deployed.deployment))?;
        output::note(&made(&deployed.made));
    }
    Ok(Outcome::Yes)
}

/// The section of a node's configuration.
fn section(rpc: &str, at: &Deployment) -> String {
    let Deployment { chain_id, registry, custody, documents, timelock } = at;
    let rpc = output::plain(rpc).replace('\\', "\\\\").replace('"', "\\\"");
    format!(
        "[ledger]\nurl = \"{rpc}\"\nchain_id = {chain_id}\nregistry = \"{registry}\"\ncustody = \"{custody}\"\n\
         documents = \"{documents}\"\ntimelock = \"{timelock}\"\n"
    )
}

fn made(made: &[Target]) -> String {
    match made.len() {
        0 => "all contracts were there already".into(),
        4 => "all contracts are new".into(),
        number => format!("{number} of the contracts are new, the others were there already"),
    }
}

/// Reads a time: a number and s, m, h or d.
fn seconds(text: &str) -> Result<u64, String> {
    let wrong = || format!("expected a number and s, m, h or d, such as 2d, found {text:?}");
    let unit = text.chars().next_back().ok_or_else(wrong)?;
    let factor = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        _ => return Err(wrong()),
    };
    let number: u64 = text[..text.len() - 1].parse().map_err(|_| wrong())?;
    number.checked_mul(factor).filter(|seconds| *seconds <= u64::from(u32::MAX)).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_a_unit() {
        assert_eq!(seconds("2d"), Ok(172_800));
        assert_eq!([seconds("0s"), seconds("90m")], [Ok(0), Ok(5_400)]);
        for text in ["", "d", "2", "2w", "-1d", "2.5h", "é", "99999999999d"] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_section_is_one_of_a_configuration() {
        let account = Account([7; 20]);
        let at = Deployment {
            chain_id: 9,
            registry: account,
            custody: account,
            documents: account,
            timelock: account,
        };
        let text =
            format!("name = \"A\"\ngln = \"9521321000018\"\n{}", section("http://a,http://b", &at));
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("theriac.toml");
        std::fs::write(&file, text).unwrap();
        assert_eq!(theriac_node::Config::load(&file).unwrap().deployment(), at);
    }
}
