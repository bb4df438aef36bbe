//! `theriac partner`: trading partners, how documents go to them, how good their data is.

use clap::{Args, Subcommand, ValueEnum};
use theriac_epcis::trade::{Guideline, LabelForm};
use theriac_gs1::Gln;
use theriac_node::{Channel, FileFormat, PartnerReport, PartnerSettings, QualityReport};

use crate::client::Client;
use crate::exit::Outcome;
use crate::output::{self, Rows, count, thousands};
use crate::place::Place;

const EXAMPLES: &str = "\
Examples:
  theriac partner list
  theriac partner set 9521322000017 --channel folder --guideline r1.3
  theriac partner set 9521322000017 --site 9521322000024 --site 9521322000031
  theriac partner quality 9521322000017";

/// Set how documents of shipments go to partners, and see how good their data is
///
/// A partner without a node gets a file of each shipment: into the folder that the configuration
/// names (files = …), or to be fetched from here.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct PartnerArgs {
    #[command(subcommand)]
    command: PartnerCommand,
}

#[derive(Debug, Subcommand)]
enum PartnerCommand {
    /// List the partners: the registry's members, and others for whom something is set
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show a partner and what is set for it
    Show {
        /// GLN of the partner
        gln: Gln,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Set how documents go to a partner; what is not named stays as it is
    Set(Setting),
    /// Show what was found in the data that came from a partner
    Quality {
        /// GLN of the partner
        gln: Gln,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Args)]
struct Setting {
    /// GLN of the partner; one's own for the places of one's own company
    gln: Gln,
    /// Its name, if it is no member
    #[arg(long)]
    name: Option<String>,
    /// How documents reach it
    #[arg(long, value_enum)]
    channel: Option<ChannelWord>,
    /// Their format
    #[arg(long, value_parser = ["epcis-1.2-xml", "epcis-2.0-xml", "epcis-2.0-json", "csv"])]
    format: Option<String>,
    /// Release of the GS1 US guideline whose codes they have
    #[arg(long, value_parser = ["r1.2", "r1.3"])]
    guideline: Option<String>,
    /// Namespace of lot and expiry in them
    #[arg(long, value_parser = ["cbv", "gs1ushc"])]
    labels: Option<String>,
    /// GLNs of its places, in place of those that are set
    #[arg(long = "site", value_name = "GLN")]
    sites: Vec<Gln>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ChannelWord {
    /// Not at all; theriac shipment document makes them
    None,
    /// As files in a folder of the node
    Folder,
    /// As files that somebody fetches: theriac file get
    Download,
}

/// Lists partners, shows one, sets how documents go to it, shows how good its data is.
///
/// # Errors
///
/// The node does not take the settings, or cannot be asked.
pub async fn run(place: Option<Place>, args: PartnerArgs) -> anyhow::Result<Outcome> {
    let client = Client::open(place).await?;
    match args.command {
        PartnerCommand::List { json } => {
            let partners: Vec<PartnerReport> = client.get("/partners", &[]).await?;
            if json {
                output::print_json(&partners)?;
                return Ok(Outcome::Yes);
            }
            for partner in &partners {
                let channel = channel(partner.settings.channel);
                let name = output::plain(&partner.name);
                output::print(&format!("{}  {channel:8}  {name}\n", partner.gln))?;
            }
            output::note(&count(partners.len() as u64, "partner"));
        }
        PartnerCommand::Show { gln, json } => {
            let partner: PartnerReport = client.get(&format!("/partners/{gln}"), &[]).await?;
            match json {
                true => output::print_json(&partner)?,
                false => output::print(&render(&partner))?,
            }
        }
        PartnerCommand::Set(setting) => set(&client, setting).await?,
        PartnerCommand::Quality { gln, json } => {
            let path = format!("/partners/{gln}/quality");
            let quality: QualityReport = client.get(&path, &[]).await?;
            match json {
                true => output::print_json(&quality)?,
                false => output::print(&render_quality(&quality))?,
            }
        }
    }
    Ok(Outcome::Yes)
}

async fn set(client: &Client, setting: Setting) -> anyhow::Result<()> {
    let path = format!("/partners/{}", setting.gln);
    let before: PartnerReport = client.get(&path, &[]).await?;
    let mut settings = before.settings;
    settings.name = setting.name.or(settings.name);
    if let Some(channel) = setting.channel {
        settings.channel = match channel {
            ChannelWord::None => Channel::None,
            ChannelWord::Folder => Channel::Folder,
            ChannelWord::Download => Channel::Download,
        };
    }
    if let Some(format) = setting.format.as_deref().and_then(FileFormat::from_word) {
        settings.format = format;
    }
    match setting.guideline.as_deref() {
        Some("r1.3") => settings.guideline = Guideline::R13,
        Some(_) => settings.guideline = Guideline::R12,
        None => {}
    }
    match setting.labels.as_deref() {
        Some("gs1ushc") => settings.labels = LabelForm::Gs1ushc,
        Some(_) => settings.labels = LabelForm::Cbv,
        None => {}
    }
    if !setting.sites.is_empty() {
        settings.sites = setting.sites;
    }
    let settings: PartnerSettings = client.post(&path, &settings).await?;
    match setting.json {
        true => output::print_json(&settings)?,
        false => output::print(&format!("set for {}\n{}", setting.gln, rows(&settings).render()))?,
    }
    Ok(())
}

const fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::None => "none",
        Channel::Folder => "folder",
        Channel::Download => "download",
    }
}

fn rows(settings: &PartnerSettings) -> Rows {
    let mut rows = Rows::default();
    rows.add_some("name", settings.name.clone());
    rows.add("channel", channel(settings.channel));
    rows.add("format", settings.format.word());
    let guideline = if settings.guideline == Guideline::R13 { "r1.3" } else { "r1.2" };
    rows.add("guideline", guideline);
    let labels = if settings.labels == LabelForm::Cbv { "cbv" } else { "gs1ushc" };
    rows.add("labels", labels);
    let sites: Vec<String> = settings.sites.iter().map(ToString::to_string).collect();
    rows.add_some("sites", (!sites.is_empty()).then(|| sites.join(", ")));
    rows
}

fn render(partner: &PartnerReport) -> String {
    let member = if partner.member { "an active member" } else { "no active member" };
    let node = partner.endpoint.as_deref().unwrap_or("none");
    let mut head = Rows::default();
    head.add("registry", member);
    head.add("node", node);
    let name = output::plain(&partner.name);
    format!("{} {name}\n{}{}", partner.gln, head.render(), rows(&partner.settings).render())
}

fn render_quality(quality: &QualityReport) -> String {
    let mut text = format!(
        "{}: {} came, in {} of them nothing was found\n",
        quality.partner,
        count(quality.documents, "document"),
        thousands(quality.sound)
    );
    for finding in &quality.findings {
        let kind = finding.kind.replace('_', " ");
        text.push_str(&format!("{kind}: {} times\n", thousands(finding.count)));
        let mut rows = Rows::default();
        rows.add("last", &finding.last_at);
        rows.add("what to do", &finding.what_to_do);
        rows.add_some("example", finding.examples.first().cloned());
        text.push_str(&rows.render());
    }
    text
}
