//! A node's configuration: the file `theriac.toml` in its folder, then the environment.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use theriac_custody::Account;
use theriac_custody::journey::Consent;
use theriac_custody::profile::DEFAULT_PROFILE;
use theriac_gs1::Gln;
use theriac_ledger::{Deployment, FeePolicy, Finality};

use crate::verification::VerificationConfig;

/// Name of the configuration file in a node's folder.
pub const FILE_NAME: &str = "theriac.toml";

/// The address that a node serves on unless told otherwise.
pub const DEFAULT_LISTEN: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 7340);

/// Everything that can be set about a node. Secrets are not in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Name of the organisation.
    pub name: String,
    /// GLN of the organisation.
    pub gln: Gln,
    /// Address of the HTTP service (`THERIAC_LISTEN`).
    #[serde(default = "default_listen")]
    pub listen: SocketAddr,
    /// URL under which partners reach this node, if it is not the address above
    /// (`THERIAC_PUBLIC_URL`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_url: Option<String>,
    /// File with lengths of company prefixes, to write EPC URNs of Digital Links: lines
    /// `prefix,length`, or GS1's list in JSON (`THERIAC_COMPANY_PREFIXES`). A relative path starts in
    /// the node's folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company_prefixes: Option<PathBuf>,
    /// The jurisdiction (`THERIAC_PROFILE`): `us-dscsa`, `eu-fmd`, or a file of the same form. A
    /// relative path starts in the node's folder.
    #[serde(default = "default_profile")]
    pub profile: String,
    /// Folder of files from and to partners without a node (`THERIAC_FILES`): `in` is watched, files
    /// for them are written into `out`. A relative path starts in the node's folder; without it no
    /// folder is watched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub files: Option<PathBuf>,
    /// Verification between companies.
    #[serde(default, skip_serializing_if = "VerificationConfig::is_usual")]
    pub verification: VerificationConfig,
    /// Whom partners and authorities call.
    #[serde(default, skip_serializing_if = "Contact::is_empty")]
    pub contact: Contact,
    /// The ledger.
    pub ledger: LedgerConfig,
    /// What this member tells others of the packs that it has had.
    #[serde(default, skip_serializing_if = "is_usual")]
    pub consent: Consent,
}

/// Whom partners and authorities call about a case.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// Name of the person or desk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Email address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

impl Contact {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Which ledger a node speaks to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LedgerConfig {
    /// URL of an Ethereum JSON-RPC service (`THERIAC_LEDGER_URL`); without one the node runs the
    /// embedded ledger in its own folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Address on which the embedded ledger serves JSON-RPC to other nodes
    /// (`THERIAC_LEDGER_LISTEN`); without one it is for this node only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listen: Option<SocketAddr>,
    /// Bytes that the bodies of the embedded ledger's blocks (transactions, receipts) may have
    /// together before the oldest are deleted; at most twice as many are kept. Without it all are
    /// kept, as nodes that join later or follow anew need them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bodies_bytes_max: Option<u64>,
    /// EIP-155 chain id.
    pub chain_id: u64,
    /// The registry contract.
    pub registry: Account,
    /// The custody contract.
    pub custody: Account,
    /// The contract of documents.
    #[serde(default)]
    pub documents: Account,
    /// The contract that makes the governors' gravest decisions wait.
    #[serde(default)]
    pub timelock: Account,
    /// Blocks after which a transaction counts as final; 0 for a ledger that never reverts a block,
    /// as the embedded one.
    #[serde(default)]
    pub confirmations: u64,
    /// Whether a block counts as final when the ledger says so (tag `finalized`); `confirmations`
    /// counts for nothing then.
    #[serde(default)]
    pub finalized: bool,
    /// Seconds after which a transaction that is not mined is signed again with higher fees.
    #[serde(default = "default_stuck_after_s")]
    pub stuck_after_s: u64,
    /// Whether this node deletes from the ledger what its member made or holds and what has expired
    /// long ago. The database keeps the history.
    #[serde(default = "default_prune")]
    pub prune: bool,
    /// The fees that transactions offer.
    #[serde(default)]
    pub fees: FeePolicy,
}

/// Seconds after which a transaction counts as stuck: five blocks of the slowest networks.
pub(crate) const STUCK_AFTER_S: u64 = 60;

fn is_usual(consent: &Consent) -> bool {
    *consent == Consent::default()
}

fn default_profile() -> String {
    DEFAULT_PROFILE.to_owned()
}

fn default_stuck_after_s() -> u64 {
    STUCK_AFTER_S
}

fn default_prune() -> bool {
    true
}

fn default_listen() -> SocketAddr {
    DEFAULT_LISTEN
}

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read {path}: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The file is not a configuration.
    #[error("cannot use {path}: {source}")]
    Invalid {
        /// The file.
        path: PathBuf,
        /// What was expected, what was found, where.
        source: Box<toml::de::Error>,
    },
    /// An environment variable has a value of the wrong kind.
    #[error("expected {expected} in the environment variable {variable}, found {found:?}")]
    Environment {
        /// The variable.
        variable: &'static str,
        /// What was expected.
        expected: &'static str,
        /// What was found.
        found: String,
    },
}

impl Config {
    /// Reads the file at `path` and applies the environment.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] naming the file and line, or the variable.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| ConfigError::Unreadable { path: path.to_owned(), source })?;
        let mut config: Self = toml::from_str(&text).map_err(|source| ConfigError::Invalid {
            path: path.to_owned(),
            source: Box::new(source),
        })?;
        config.apply(|variable| std::env::var(variable).ok())?;
        Ok(config)
    }

    /// The configuration as the text of a file.
    pub fn to_toml(&self) -> String {
        toml::to_string_pretty(self).expect("plain values because a Config has no other")
    }

    /// The URL under which partners reach this node.
    pub fn url(&self) -> String {
        self.public_url.clone().unwrap_or_else(|| format!("http://{}", self.listen))
    }

    /// Where the contracts are.
    pub fn deployment(&self) -> Deployment {
        Deployment {
            chain_id: self.ledger.chain_id,
            registry: self.ledger.registry,
            custody: self.ledger.custody,
            documents: self.ledger.documents,
            timelock: self.ledger.timelock,
        }
    }

    /// When a transaction counts as final.
    pub fn finality(&self) -> Finality {
        match self.ledger.confirmations {
            _ if self.ledger.finalized => Finality::Tag,
            0 => Finality::Immediate,
            depth => Finality::Depth(depth),
        }
    }

    fn apply(&mut self, variable: impl Fn(&str) -> Option<String>) -> Result<(), ConfigError> {
        let address = |name: &'static str| -> Result<Option<SocketAddr>, ConfigError> {
            let Some(found) = variable(name) else { return Ok(None) };
            found.parse().map(Some).map_err(|_| ConfigError::Environment {
                variable: name,
                expected: "an address such as 127.0.0.1:7340",
                found,
            })
        };
        if let Some(listen) = address("THERIAC_LISTEN")? {
            self.listen = listen;
        }
        if let Some(listen) = address("THERIAC_LEDGER_LISTEN")? {
            self.ledger.listen = Some(listen);
        }
        if let Some(url) = variable("THERIAC_PUBLIC_URL") {
            self.public_url = Some(url);
        }
        if let Some(url) = variable("THERIAC_LEDGER_URL") {
            self.ledger.url = Some(url);
        }
        if let Some(file) = variable("THERIAC_COMPANY_PREFIXES") {
            self.company_prefixes = Some(file.into());
        }
        if let Some(folder) = variable("THERIAC_FILES") {
            self.files = Some(folder.into());
        }
        if let Some(profile) = variable("THERIAC_PROFILE") {
            self.profile = profile;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"
        name = "Example Pharma"
        gln = "9521321000018"
        [ledger]
        chain_id = 7
        registry = "0x0000000000000000000000000000000000000001"
        custody = "0x0000000000000000000000000000000000000002"
    "#;

    #[test]
    fn file_then_environment() {
        let mut config: Config = toml::from_str(TEXT).unwrap();
        assert_eq!(config.listen, DEFAULT_LISTEN);
        config.apply(|name| (name == "THERIAC_LISTEN").then(|| "0.0.0.0:80".to_owned())).unwrap();
        assert_eq!(config.listen.port(), 80);
        let written: Config = toml::from_str(&config.to_toml()).unwrap();
        assert_eq!(written, config);
    }

    #[test]
    fn consent_is_read_and_written() {
        let config: Config = toml::from_str(TEXT).unwrap();
        assert_eq!(config.consent, Consent::default());
        assert!(!config.to_toml().contains("consent"));
        let text = format!("{TEXT}\n[consent]\nregulators = \"approval\"\nlabeler = \"all\"\n");
        let config: Config = toml::from_str(&text).unwrap();
        assert_ne!(config.consent, Consent::default());
        let written: Config = toml::from_str(&config.to_toml()).unwrap();
        assert_eq!(written, config);
    }

    #[test]
    fn unknown_fields_and_wrong_variables_are_refused() {
        let error = toml::from_str::<Config>(&format!("lisen = 1\n{TEXT}")).unwrap_err();
        assert!(error.to_string().contains("lisen"), "{error}");
        let mut config: Config = toml::from_str(TEXT).unwrap();
        let error = config.apply(|_| Some("here".to_owned())).unwrap_err();
        assert!(error.to_string().contains("THERIAC_LISTEN"), "{error}");
    }
}
