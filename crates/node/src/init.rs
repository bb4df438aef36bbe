//! Making a node's folder: keys, configuration, database, and a new ledger or a place on one.

use std::net::SocketAddr;
use std::path::Path;

use theriac_custody::journey::Consent;
use theriac_custody::profile::DEFAULT_PROFILE;
use theriac_custody::{Account, Role, Roles};
use theriac_gs1::Gln;
use theriac_ledger::{
    Cost, DeployError, Deployment, Endpoint, FeePolicy, Keystore, Ledger, Passphrase, Signer,
};
use theriac_store::Store;

use crate::clock::Clock;
use crate::config::{Config, Contact, DEFAULT_LISTEN, LedgerConfig, STUCK_AFTER_S};
use crate::error::NodeError;
use crate::exchange::keys::ServiceKeys;
use crate::folder::{FolderError, FolderLock, NodeFolder};
use crate::node::{Node, OpenError, in_process, open_chain};
use crate::registry::NewMember;
use crate::report::Health;
use crate::verification::VerificationConfig;

/// Chain id of a new embedded ledger, unless told otherwise.
pub const DEFAULT_CHAIN_ID: u64 = 7_340;

/// What a new node is to be.
#[derive(Clone)]
pub struct InitOptions {
    /// Name of the organisation.
    pub name: String,
    /// GLN of the organisation.
    pub gln: Gln,
    /// Its roles. On a new ledger it gets them at once; on another's, from the governors.
    pub roles: Roles,
    /// The ledger.
    pub ledger: LedgerChoice,
    /// Address of the HTTP service.
    pub listen: Option<SocketAddr>,
    /// Address on which a new embedded ledger serves other nodes.
    pub ledger_listen: Option<SocketAddr>,
    /// Cheap key derivation, for demonstrations and tests: the keys are not safe on a disk.
    pub light_keys: bool,
    /// The clock of the new ledger's first blocks.
    pub clock: Clock,
}

/// Which ledger a new node uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LedgerChoice {
    /// A new embedded ledger, of which this node's account is the first governor.
    New {
        /// EIP-155 chain id.
        chain_id: u64,
    },
    /// The ledger of another node.
    Join {
        /// URL of that node.
        url: String,
    },
    /// New contracts on a ledger that others run, of which this node's account is the first governor.
    Deploy {
        /// Its JSON-RPC service: one URL, or several separated by commas.
        url: String,
    },
    /// Contracts that are there already, on a ledger that others run.
    At {
        /// Its JSON-RPC service: one URL, or several separated by commas.
        url: String,
        /// Where the contracts are.
        deployment: Deployment,
    },
}

/// What was made.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct InitReport {
    /// The node's account.
    pub account: Account,
    /// The configuration.
    pub config: Config,
    /// The command with which a governor admits this member, if it has joined another's ledger.
    pub admit_command: Option<String>,
}

/// Why a node's folder cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum InitError {
    /// The folder.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The new ledger.
    #[error("cannot make the embedded ledger: {0}")]
    Chain(#[from] theriac_chain::OpenError),
    /// The contracts.
    #[error("cannot deploy the contracts: {0}")]
    Deploy(#[from] DeployError),
    /// The database.
    #[error("cannot make the database: {0}")]
    Store(#[from] theriac_store::OpenError),
    /// The node whose ledger is to be joined.
    #[error("cannot join the ledger of {url}: {reason}")]
    Join {
        /// The node.
        url: String,
        /// Why.
        reason: String,
    },
    /// The new node cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The new node cannot admit its own member.
    #[error(transparent)]
    Node(#[from] NodeError),
}

/// Makes a node's folder at `dir`, which must be empty or absent.
///
/// # Errors
///
/// [`InitError`]; what was made until then stays in the folder.
pub async fn init(
    dir: &Path,
    options: &InitOptions,
    passphrase: &Passphrase,
) -> Result<InitReport, InitError> {
    let found = match &options.ledger {
        LedgerChoice::Join { url } => Some(ask_for_ledger(url).await?),
        LedgerChoice::At { url, deployment } => Some((*deployment, url.clone())),
        LedgerChoice::New { .. } | LedgerChoice::Deploy { .. } => None,
    };
    let folder = NodeFolder::at(dir);
    folder.create()?;
    let signer = make_keys(&folder, options, passphrase)?;
    let ledger = match (&options.ledger, found) {
        (_, Some((deployment, url))) => ledger_config(deployment, Some(url), None),
        (LedgerChoice::New { chain_id }, None) => {
            new_ledger(&folder, *chain_id, &signer, options).await?
        }
        (LedgerChoice::Deploy { url }, None) => {
            let deployment = Ledger::deploy(Endpoint::Http(url.clone()), &signer).await?;
            ledger_config(deployment, Some(url.clone()), None)
        }
        (LedgerChoice::Join { url } | LedgerChoice::At { url, .. }, None) => {
            return Err(not_joinable(url, "no answer"));
        }
    };
    let config = Config {
        name: options.name.clone(),
        gln: options.gln,
        listen: options.listen.unwrap_or(DEFAULT_LISTEN),
        public_url: None,
        company_prefixes: None,
        files: None,
        profile: DEFAULT_PROFILE.to_owned(),
        verification: VerificationConfig::default(),
        contact: Contact::default(),
        ledger,
        consent: Consent::default(),
    };
    write_config(&folder, &config)?;
    Store::open(folder.database()).await?.close().await;
    let admit_command = match options.ledger {
        LedgerChoice::New { .. } | LedgerChoice::Deploy { .. } => {
            admit_itself(dir, &config, options, passphrase).await?;
            None
        }
        LedgerChoice::Join { .. } | LedgerChoice::At { .. } => {
            Some(admit_command(&config, options.roles, signer.account()))
        }
    };
    Ok(InitReport { account: signer.account(), config, admit_command })
}

fn make_keys(
    folder: &NodeFolder,
    options: &InitOptions,
    passphrase: &Passphrase,
) -> Result<Signer, FolderError> {
    let cost = if options.light_keys { Cost::LIGHT } else { Cost::STANDARD };
    let signer = Signer::random();
    Keystore::keep(&folder.account_key(), passphrase, cost, &signer)?;
    let mut secret = [0; 32];
    rand::fill(&mut secret);
    Keystore::create_secret_at(&folder.lot_secret(), passphrase, secret, cost)?;
    ServiceKeys::open(folder, &secret)?;
    Ok(signer)
}

/// How a ledger that is made here is kept at first.
const KEEP_ALL: theriac_chain::Options = theriac_chain::Options { bodies_bytes_max: None };

async fn new_ledger(
    folder: &NodeFolder,
    chain_id: u64,
    signer: &Signer,
    options: &InitOptions,
) -> Result<LedgerConfig, InitError> {
    let _lock = FolderLock::take(folder)?;
    let chain = open_chain(folder, chain_id, KEEP_ALL, &options.clock)?;
    let deployment = Ledger::deploy(in_process(&chain), signer).await?;
    Ok(ledger_config(deployment, None, options.ledger_listen))
}

fn ledger_config(
    deployment: Deployment,
    url: Option<String>,
    listen: Option<SocketAddr>,
) -> LedgerConfig {
    LedgerConfig {
        url,
        listen,
        bodies_bytes_max: None,
        chain_id: deployment.chain_id,
        registry: deployment.registry,
        custody: deployment.custody,
        documents: deployment.documents,
        timelock: deployment.timelock,
        confirmations: 0,
        finalized: false,
        stuck_after_s: STUCK_AFTER_S,
        prune: true,
        fees: FeePolicy::default(),
    }
}

fn write_config(folder: &NodeFolder, config: &Config) -> Result<(), FolderError> {
    let path = folder.config_file();
    std::fs::write(&path, config.to_toml()).map_err(|source| FolderError::Io {
        action: "write",
        path,
        source,
    })
}

/// On a new ledger the first governor admits its own organisation.
async fn admit_itself(
    dir: &Path,
    config: &Config,
    options: &InitOptions,
    passphrase: &Passphrase,
) -> Result<(), InitError> {
    let clock = options.clock.clone();
    let node = Node::open(dir, config.clone(), passphrase, clock).await?;
    node.add_member(&NewMember {
        gln: config.gln,
        name: config.name.clone(),
        roles: options.roles,
        licence_expiry: None,
        endpoint: config.url(),
        account: node.account(),
    })
    .await?;
    node.publish_keys().await?;
    node.close().await;
    Ok(())
}

/// The command with which a governor admits the member.
fn admit_command(config: &Config, roles: Roles, account: Account) -> String {
    let roles: String =
        roles.iter().map(Role::word).map(|word| format!(" --role {word}")).collect();
    format!(
        "theriac member add --gln {} --name {}{roles} --endpoint {} --account {account}",
        config.gln,
        quoted(&config.name),
        quoted(&config.url())
    )
}

/// A word that no shell reads anything into.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// Asks another node which ledger it uses and where it is to be reached.
async fn ask_for_ledger(url: &str) -> Result<(Deployment, String), InitError> {
    crate::node::install_tls();
    let health_url = format!("{}/health", url.trim_end_matches('/'));
    let response = reqwest::get(health_url).await.map_err(|e| not_joinable(url, &e.to_string()))?;
    let health: Health = response.json().await.map_err(|e| not_joinable(url, &e.to_string()))?;
    let ledger = health.ledger;
    let Some(rpc_url) = ledger.rpc_url else {
        return Err(not_joinable(
            url,
            "its embedded ledger serves nobody else; set ledger.listen there",
        ));
    };
    let deployment = Deployment {
        chain_id: ledger.chain_id,
        registry: ledger.registry,
        custody: ledger.custody,
        documents: ledger.documents,
        timelock: ledger.timelock,
    };
    Ok((deployment, rpc_url))
}

fn not_joinable(url: &str, reason: &str) -> InitError {
    InitError::Join { url: url.to_owned(), reason: reason.to_owned() }
}
