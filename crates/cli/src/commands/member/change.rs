//! `theriac member …`: changes of members and of their accounts.

use clap::{ArgGroup, Args, Subcommand};
use jiff::Timestamp;
use jiff::civil::Date;
use theriac_custody::{Account, Role};
use theriac_gs1::Gln;
use theriac_ledger::MemberStatus;
use theriac_node::RegistryAction;
use theriac_web::routes::registry::{ActionAnswer, ActionRequest};

use super::role;
use crate::client::{Client, ClientError};
use crate::exit::Outcome;
use crate::output;

#[derive(Debug, Subcommand)]
pub(super) enum ChangeCommand {
    /// Let another account act for the node's own member
    AddAccount(AccountArgs),
    /// End an account's right to act, at once; of the own member, or as a governor
    RevokeAccount(AccountArgs),
    /// Give a member whose keys are lost a new account, after the governors' delay
    ///
    /// The first time the account is announced; with --execute, once the delay is over, it acts for the
    /// member; --cancel withdraws the announcement. The node must be a governor's.
    Recover(RecoverArgs),
    /// Take all roles from a member for the time being; the node must be a governor's
    Suspend(MemberArg),
    /// Give a suspended or revoked member its roles back; the node must be a governor's
    Reinstate(MemberArg),
    /// Take all roles from a member; the node must be a governor's
    Revoke(MemberArg),
    /// Change what a member may do and until when; the node must be a governor's
    Licence(LicenceArgs),
    /// Move a member's node: the URL under which partners reach it
    Endpoint {
        /// Base URL of the node
        url: String,
        #[command(flatten)]
        of: OfMember,
    },
    /// Set within how many days a member can undo ends of life; the node must be a governor's
    UndoDays {
        /// GLN of the member
        gln: Gln,
        /// 0 to 365; 0 for not at all
        days: u16,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Args)]
pub(super) struct AccountArgs {
    /// The account
    account: Account,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
#[command(group(ArgGroup::new("step").args(["execute", "cancel"])))]
pub(super) struct RecoverArgs {
    /// GLN of the member
    gln: Gln,
    /// Its new account
    #[arg(long)]
    account: Account,
    /// Let the account act: the delay is over
    #[arg(long)]
    execute: bool,
    /// Withdraw the announcement
    #[arg(long)]
    cancel: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(super) struct MemberArg {
    /// GLN of the member
    gln: Gln,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(super) struct LicenceArgs {
    /// GLN of the member
    gln: Gln,
    /// What it may do from then on; may be given several times
    #[arg(long = "role", required = true, value_parser = role(), value_name = "ROLE")]
    roles: Vec<Role>,
    /// Last day of its licence [default: without end]
    #[arg(long, value_name = "DATE")]
    licence_expiry: Option<Date>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(super) struct OfMember {
    /// GLN of the member; another one's needs a governor's node [default: the node's own]
    #[arg(long)]
    gln: Option<Gln>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Makes a change.
///
/// # Errors
///
/// The registry does not take it, or the node cannot be asked.
pub(super) async fn run(client: &Client, command: ChangeCommand) -> anyhow::Result<Outcome> {
    let (action, done, json) = action(command);
    act(client, action, &done, json).await?;
    Ok(Outcome::Yes)
}

/// The change, the sentence when it is made, and whether to print JSON.
fn action(command: ChangeCommand) -> (RegistryAction, String, bool) {
    use ChangeCommand as C;
    use RegistryAction as A;
    match command {
        C::AddAccount(AccountArgs { account, json }) => {
            let done = format!("{account} acts for this node's member");
            (A::AddAccount { account }, done, json)
        }
        C::RevokeAccount(AccountArgs { account, json }) => {
            (A::RevokeAccount { account }, format!("{account} acts for nobody"), json)
        }
        C::Recover(args) => recover(args),
        C::Suspend(arg) => status(arg, MemberStatus::Suspended, "is suspended"),
        C::Reinstate(arg) => status(arg, MemberStatus::Active, "is active"),
        C::Revoke(arg) => status(arg, MemberStatus::Revoked, "is revoked"),
        C::Licence(LicenceArgs { gln, roles, licence_expiry, json }) => {
            let words: Vec<&str> = roles.iter().map(|role| role.word()).collect();
            let until = licence_expiry.map(|day| format!(" until {day}")).unwrap_or_default();
            let done = format!("GLN {gln} may act as {}{until}", words.join(", "));
            (A::SetLicence { gln, roles, licence_expiry }, done, json)
        }
        C::Endpoint { url, of: OfMember { gln, json } } => {
            let done = format!("the member's node is at {url}");
            (A::SetEndpoint { gln, endpoint: url }, done, json)
        }
        C::UndoDays { gln, days, json } => {
            let done = format!("GLN {gln} can undo ends of life within {days} days");
            (A::SetUndoDays { gln, days }, done, json)
        }
    }
}

fn recover(args: RecoverArgs) -> (RegistryAction, String, bool) {
    use RegistryAction as A;
    let RecoverArgs { gln, account, execute, cancel, json } = args;
    let (action, done) = match (execute, cancel) {
        (true, _) => (A::ExecuteRecovery { gln, account }, format!("{account} acts for GLN {gln}")),
        (_, true) => (
            A::CancelRecovery { gln, account },
            format!("{account} is no longer announced for GLN {gln}"),
        ),
        _ => {
            (A::ScheduleRecovery { gln, account }, format!("{account} is announced for GLN {gln}"))
        }
    };
    (action, done, json)
}

fn status(arg: MemberArg, status: MemberStatus, is: &str) -> (RegistryAction, String, bool) {
    let MemberArg { gln, json } = arg;
    (RegistryAction::SetStatus { gln, status }, format!("GLN {gln} {is}"), json)
}

/// Asks the node for a change, and tells that it is made.
///
/// # Errors
///
/// [`ClientError`], or what the system says of the output.
pub async fn act(
    client: &Client,
    action: RegistryAction,
    done: &str,
    json: bool,
) -> anyhow::Result<()> {
    let answer: Result<ActionAnswer, ClientError> =
        client.post("/registry", &ActionRequest(action)).await;
    let answer = answer?;
    client.settle().await;
    if json {
        return output::print_json(&answer);
    }
    let from = answer.executable_from.and_then(|from| i64::try_from(from).ok());
    let from = from.and_then(|from| Timestamp::from_second(from).ok());
    let from = from.map(|from| format!(", to be executed from {from} on")).unwrap_or_default();
    output::print(&format!("{}{from}\n", output::plain(done)))?;
    Ok(())
}
