//! `theriac case`: one case: opened, talked over with the other party, and brought to its end.

mod act;
mod show;

use clap::{Args, Subcommand};

use super::cases::{self, CasesArgs};
use crate::client::Client;
use crate::exit::Outcome;
use crate::place::Place;

const EXAMPLES: &str = "\
Examples:
  theriac case open no-data --reason '50 packs came, data for 48' --with 9521346000017 --tell CODE CODE
  theriac case show 12
  theriac case propose 12 send-new-data
  theriac case answer 12 accept
  theriac case open suspect --reason 'the seal looks glued' CODE
  theriac case confirm 13 --as counterfeit 'the labeler knows no such serial number'
  theriac case form 13";

/// Work on a case: a disagreement between goods, data and ledger
///
/// A case has a number here, and a name that the other party knows too; either names it.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct CaseArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List cases: as theriac cases
    List(CasesArgs),
    Show(show::ShowArgs),
    Open(act::OpenArgs),
    Tell(act::TellArgs),
    Say(act::SayArgs),
    Propose(act::ProposeArgs),
    Answer(act::AnswerArgs),
    Resolve(act::ResolveArgs),
    Quarantine(act::QuarantineArgs),
    Clear(act::ClearArgs),
    Confirm(act::ConfirmArgs),
    Form(show::FormArgs),
    Pdg(show::PdgArgs),
}

/// Works on a case.
///
/// # Errors
///
/// The node cannot be asked, or refuses.
pub async fn run(place: Option<Place>, args: CaseArgs) -> anyhow::Result<Outcome> {
    let command = match args.command {
        Command::List(args) => return cases::run(place, args).await,
        command => command,
    };
    let client = Client::open(place).await?;
    match command {
        Command::List(_) => Ok(Outcome::Yes),
        Command::Show(args) => show::show(&client, args).await,
        Command::Open(args) => act::open(&client, args).await,
        Command::Tell(args) => act::tell(&client, args).await,
        Command::Say(args) => act::say(&client, args).await,
        Command::Propose(args) => act::propose(&client, args).await,
        Command::Answer(args) => act::answer(&client, args).await,
        Command::Resolve(args) => act::resolve(&client, args).await,
        Command::Quarantine(args) => act::quarantine(&client, args).await,
        Command::Clear(args) => act::clear(&client, args).await,
        Command::Confirm(args) => act::confirm(&client, args).await,
        Command::Form(args) => show::form(&client, args).await,
        Command::Pdg(args) => show::pdg(&client, args).await,
    }
}
