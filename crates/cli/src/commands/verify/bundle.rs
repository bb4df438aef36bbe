//! `theriac verify --bundle`: what a file proves, without the node that made it.

use std::path::Path;

use anyhow::Context;
use clap::Args;
use theriac_custody::{Account, Hash};
use theriac_ledger::Endpoint;
use theriac_ledger::bundle::{
    Blocks, Bundle, Headers, Party, ProvenStep, Report, Standing, Trust, TrustedBy, ask, check,
};
use theriac_node::{Config, NodeFolder};

use crate::exit::{InputError, Outcome};
use crate::output::{self, Rows, plain};
use crate::place::Place;

/// The largest file that is read.
const BYTES_MAX: u64 = 1 << 28;

/// What the reader of a bundle trusts.
#[derive(Debug, Args)]
#[command(next_help_heading = "With --bundle")]
pub struct BundleTrust {
    /// Trust this endpoint: ask it for the blocks
    #[arg(long, value_name = "URL", requires = "bundle", conflicts_with = "block_hash")]
    rpc: Option<String>,
    /// Trust this block hash
    #[arg(long, value_name = "0x…", requires = "bundle")]
    block_hash: Option<Hash>,
    /// The contract of holdings that the bundle must be about [default: the one of the node's folder
    /// here, if there is one]
    #[arg(long, value_name = "0x…", requires = "bundle")]
    custody: Option<Account>,
    /// The contract of members that the bundle must be about [default: as with --custody]
    #[arg(long, value_name = "0x…", requires = "bundle")]
    registry: Option<Account>,
    /// The chain id that the bundle must be about [default: as with --custody]
    #[arg(long, value_name = "NUMBER", requires = "bundle")]
    chain_id: Option<u64>,
}

/// Prints what the bundle proves; yes if its blocks are trusted, no if it proves nothing.
///
/// # Errors
///
/// The file cannot be read, or the endpoint cannot be asked.
pub(super) async fn run(
    place: Option<Place>,
    file: &Path,
    trust: BundleTrust,
    json: bool,
) -> anyhow::Result<Outcome> {
    let bundle = match Bundle::read(&text(file)?) {
        Ok(bundle) => bundle,
        Err(error) => return refused(&error.to_string(), json),
    };
    let contracts = contracts(place, &trust);
    let blocks = match (&trust.rpc, trust.block_hash) {
        (Some(url), _) => Blocks::Endpoint(ask(&Endpoint::http(&[url]), &bundle).await?),
        (None, Some(hash)) => Blocks::Hash(hash),
        (None, None) => Blocks::Printed,
    };
    // Anybody can put contracts of their own on the same ledger, with members of any name.
    let known = contracts.custody.is_some() && contracts.registry.is_some();
    let report = match check(&bundle, &Trust { blocks, ..contracts }) {
        Ok(report) => report,
        Err(error) => return refused(&error.to_string(), json),
    };
    match json {
        true => output::print_json(&report)?,
        false => output::print(&render(&report, known))?,
    }
    Ok(match report.trusted_by {
        TrustedBy::BlockHash | TrustedBy::Endpoint if known => Outcome::Yes,
        _ => Outcome::Unconfirmed,
    })
}

fn text(file: &Path) -> anyhow::Result<String> {
    let cannot = || format!("cannot read {}", file.display());
    let size = std::fs::metadata(file).with_context(cannot)?.len();
    if size > BYTES_MAX {
        let found = format!("expected a bundle of at most {BYTES_MAX} bytes, found {size}");
        return Err(InputError(found).into());
    }
    std::fs::read_to_string(file)
        .map_err(|error| InputError(format!("{}: {error}", cannot())).into())
}

/// The contracts that are named on the command line, else those of the node's folder.
fn contracts(place: Option<Place>, named: &BundleTrust) -> Trust {
    let folder = match place {
        Some(Place::Url(_)) => None,
        Some(Place::Folder(folder)) => NodeFolder::find(&folder).ok(),
        None => std::env::current_dir().ok().and_then(|here| NodeFolder::find(&here).ok()),
    };
    let config = folder.and_then(|folder| Config::load(&folder.config_file()).ok());
    let ledger = config.map(|config| config.ledger);
    Trust {
        blocks: Blocks::Printed,
        chain_id: named.chain_id.or(ledger.as_ref().map(|ledger| ledger.chain_id)),
        custody: named.custody.or(ledger.as_ref().map(|ledger| ledger.custody)),
        registry: named.registry.or(ledger.as_ref().map(|ledger| ledger.registry)),
    }
}

/// A bundle that proves nothing.
fn refused(why: &str, json: bool) -> anyhow::Result<Outcome> {
    match json {
        true => output::print_json(&serde_json::json!({ "proven": false, "because": why }))?,
        false => output::print(&format!("PROVES NOTHING\n  {}\n", plain(why)))?,
    }
    Ok(Outcome::No)
}

/// What is proven, and on what it rests; `known` if the contracts are.
fn render(report: &Report, known: bool) -> String {
    let mut rows = Rows::default();
    let title = match report.trusted_by {
        TrustedBy::Nothing if known => "PROVEN, IF YOU KNOW THE BLOCK",
        TrustedBy::Nothing => "PROVEN, IF YOU KNOW THE BLOCK AND THE CONTRACTS",
        TrustedBy::BlockHash | TrustedBy::Endpoint if known => "PROVEN",
        TrustedBy::BlockHash | TrustedBy::Endpoint => "PROVEN, IF YOU KNOW THE CONTRACTS",
    };
    if let Some(unit) = &report.unit {
        rows.add("pack", &unit.identifier);
        rows.add("lot", &unit.lot);
        rows.add("expires", &unit.expiry);
        rows.add("made by", named(&unit.labeler));
    }
    let mut text = format!("{title}\n{}", rows.render());
    for (number, step) in (1_usize..).zip(&report.steps) {
        text.push_str(&step_text(number, step));
    }
    let mut rows = Rows::default();
    rows.add_some("at the end", report.standing.as_ref().map(standing));
    rows.add("up to", format!("block {}, {}", report.until.block, report.until.at));
    rows.add("block hash", report.until.hash.to_string());
    rows.add("chain id", report.network.chain_id.to_string());
    rows.add("custody", report.network.custody.to_string());
    rows.add("registry", report.network.registry.to_string());
    rows.add("trusted by", trusted_by(report));
    text.push_str(&rows.render());
    text
}

fn step_text(number: usize, step: &ProvenStep) -> String {
    let to = step.to.as_ref().map(|to| format!(" to {}", named(to))).unwrap_or_default();
    let mut text = format!("{number:>3}  {}  {}{}\n", step.at, plain(&step.what), plain(&to));
    let mut line = |value: String| text.push_str(&format!("       {}\n", plain(&value)));
    line(format!(
        "proven: by {}, block {}, transaction {}",
        named(&step.by),
        step.block,
        step.transaction
    ));
    for told in &step.told {
        let what = told.biz_step.as_deref().unwrap_or(&told.event_type);
        let names = if told.names_unit { "" } else { " (it does not name the pack itself)" };
        line(format!(
            "told by {}: {what}, {}{names}, event {}",
            plain(&step.by.name),
            told.event_time,
            told.hash
        ));
    }
    if step.told.is_empty() {
        line("told by nobody here: the ledger's word alone".to_owned());
    }
    text
}

fn named(party: &Party) -> String {
    format!("{} (GLN {})", party.name, party.gln)
}

fn standing(standing: &Standing) -> String {
    let holder = named(&standing.holder);
    let word = |state: &str| state.replace('_', " ");
    let state = serde_json::to_value(standing.state).ok();
    let state = state.as_ref().and_then(|state| state.as_str()).map(word).unwrap_or_default();
    match standing.ended {
        Some(reason) => format!("{reason} by {holder}"),
        None => format!("{state} with {holder}"),
    }
}

fn trusted_by(report: &Report) -> String {
    let linked = match report.headers {
        Headers::Chain => "all headers up to it are here",
        Headers::History => "it commits to all blocks before it",
        Headers::Separate => "each block was asked for",
        Headers::NotEthereum => "its headers prove nothing, so that each transaction was asked for",
    };
    match report.trusted_by {
        TrustedBy::Nothing => format!(
            "nothing yet: compare the block hash with one that you know ({linked}), or give --block-hash or --rpc"
        ),
        TrustedBy::BlockHash => format!("the block hash that you gave ({linked})"),
        TrustedBy::Endpoint => format!("the endpoint that you gave ({linked})"),
    }
}
