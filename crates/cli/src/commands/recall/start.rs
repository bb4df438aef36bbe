//! `theriac recall start`: an order for any scope.

use clap::{ArgGroup, Args};
use jiff::civil::Date;
use theriac_custody::recall::{Expiring, LotsOf, RecallScope, ShippedTo};
use theriac_custody::{RecallClass, RecallDepth};
use theriac_gs1::{Gln, Gtin, Identifier, Lot, Sgtin};
use theriac_node::{RecallStart, RecallView};

use super::show;
use crate::client::Client;

/// Order a recall: of lots, of single packs, of what expires in a window, of what was shipped to
/// some companies
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("what").required(true).args(["gtin", "pack"]))]
pub(super) struct StartArgs {
    /// GTIN of the product
    #[arg(long)]
    gtin: Option<Gtin>,
    /// Lot number; may be given several times
    #[arg(long, requires = "gtin")]
    lot: Vec<Lot>,
    /// A single pack, as GS1 Digital Link or EPC URN; may be given several times
    #[arg(long, conflicts_with_all = ["lot", "expires_from", "shipped_to"])]
    pack: Vec<Identifier>,
    /// First expiry date of a window
    #[arg(long, value_name = "DATE", requires = "expires_to", conflicts_with_all = ["lot", "shipped_to"])]
    expires_from: Option<Date>,
    /// Last expiry date of the window
    #[arg(long, value_name = "DATE", requires = "expires_from")]
    expires_to: Option<Date>,
    /// What was shipped to this company, wherever it is today; may be given several times
    #[arg(long, value_name = "GLN")]
    shipped_to: Vec<Gln>,
    /// Class of the recall, from 1 (gravest) to 3
    #[arg(long, value_parser = clap::value_parser!(u8).range(1..=3))]
    class: u8,
    /// How far it goes: wholesale, retail or consumer
    #[arg(long, value_parser = depth, default_value_t = RecallDepth::default())]
    depth: RecallDepth,
    /// Why, in a sentence
    #[arg(long)]
    reason: String,
    /// Text for the people at the holders
    #[arg(long, default_value = "")]
    notice: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

fn depth(text: &str) -> Result<RecallDepth, String> {
    let found = RecallDepth::from_word(text);
    found.ok_or_else(|| format!("expected wholesale, retail or consumer, found {text:?}"))
}

pub(super) async fn run(client: &Client, args: StartArgs) -> anyhow::Result<()> {
    let json = args.json;
    let view: RecallView = client.post("/recalls", &order(args)?).await?;
    client.settle().await;
    show(&view, json)
}

fn order(args: StartArgs) -> anyhow::Result<RecallStart> {
    let class = RecallClass::try_from(args.class)?;
    let (depth, reason, notice) = (args.depth, args.reason.clone(), args.notice.clone());
    Ok(RecallStart { scope: scope(args)?, class, depth, reason, notice })
}

fn scope(args: StartArgs) -> anyhow::Result<RecallScope> {
    let Some(gtin) = args.gtin else {
        let packs: anyhow::Result<Vec<Sgtin>> = args.pack.into_iter().map(pack).collect();
        return Ok(RecallScope::Packs(packs?));
    };
    if let (Some(from), Some(to)) = (args.expires_from, args.expires_to) {
        return Ok(RecallScope::Expiring(Expiring { gtin, from, to }));
    }
    if args.shipped_to.is_empty() {
        return Ok(RecallScope::Lots(LotsOf { gtin, lots: args.lot }));
    }
    let mut lots = args.lot.into_iter();
    match (lots.next(), lots.next()) {
        (lot, None) => Ok(RecallScope::Shipped(ShippedTo { gtin, lot, to: args.shipped_to })),
        _ => anyhow::bail!("expected one --lot or none beside --shipped-to, found several"),
    }
}

fn pack(id: Identifier) -> anyhow::Result<Sgtin> {
    match id {
        Identifier::Sgtin(pack) => Ok(pack),
        other => anyhow::bail!("expected a pack with GTIN and serial number, found {other}"),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        start: StartArgs,
    }

    fn read(line: &str) -> anyhow::Result<RecallScope> {
        let words = format!("start {line} --class 1 --reason x");
        let parsed = Line::try_parse_from(words.split(' '))?;
        Ok(order(parsed.start)?.scope)
    }

    #[test]
    fn each_scope_is_named_by_its_options() {
        const GTIN: &str = "--gtin 09506000134352";
        let lots = read(&format!("{GTIN} --lot A --lot B")).unwrap();
        assert!(matches!(lots, RecallScope::Lots(of) if of.lots.len() == 2));
        let window = read(&format!("{GTIN} --expires-from 2027-01-01 --expires-to 2027-02-01"));
        assert!(matches!(window.unwrap(), RecallScope::Expiring(_)));
        let shipped = read(&format!("{GTIN} --lot A --shipped-to 9506000134307")).unwrap();
        assert!(matches!(shipped, RecallScope::Shipped(of) if of.lot.is_some()));
        let packs = read("--pack https://id.gs1.org/01/09506000134352/21/1").unwrap();
        assert!(matches!(packs, RecallScope::Packs(packs) if packs.len() == 1));
        for wrong in [
            "--lot A".to_owned(),
            format!("{GTIN} --expires-from 2027-01-01"),
            format!("{GTIN} --lot A --lot B --shipped-to 9506000134307"),
            "--pack https://id.gs1.org/00/095060001343520115".to_owned(),
            format!("{GTIN} --lot A --depth deep"),
        ] {
            assert!(read(&wrong).is_err(), "{wrong}");
        }
    }
}
