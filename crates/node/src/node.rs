//! A node: its folder, store, ledger, keys and clock, and the stages that work on them.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use futures::future::BoxFuture;
use jiff::Timestamp;
use jiff::civil::Date;
use theriac_chain::{Chain, Genesis, Options};
use theriac_custody::{Account, LotSecret, Profile};
use theriac_gs1::{CompanyPrefixes, Gln};
use theriac_ledger::{ConnectError, Endpoint, Keystore, Ledger, LocalRpc, Passphrase, Signer};
use theriac_store::{OutboxId, Store, StoreError, TransactionId};
use tokio::sync::{Mutex, Notify, Semaphore};

use crate::alarm::Noted;
use crate::clock::{Clock, date_of};
use crate::config::Config;
use crate::exchange::Places;
use crate::exchange::keys::ServiceKeys;
use crate::files::Looks;
use crate::folder::{FolderError, FolderLock, NodeFolder};
use crate::health::Trouble;
use crate::prefixes::{PrefixFileError, read_company_prefixes};
use crate::profile::{ProfileFileError, read_profile};
use crate::recall::Recalls;
use crate::subscribe::Engine;
use crate::verification::Verifications;

/// How long a partner's node may take to answer.
const PARTNER_TIMEOUT: Duration = Duration::from_secs(10);

/// Questions of the public's that are with other members' nodes at a time.
const QUESTIONS_MAX: usize = 32;

/// One organisation's node. Cheap to clone; all clones are the same node.
#[derive(Clone)]
pub struct Node {
    inner: Arc<Inner>,
}

/// What all stages share.
pub(crate) struct Inner {
    pub(crate) config: Config,
    pub(crate) store: Store,
    pub(crate) ledger: Ledger,
    /// Whether the ledger was found to be the right one, with the contracts on it.
    pub(crate) contracts_seen: AtomicBool,
    pub(crate) chain: Option<Chain>,
    pub(crate) signer: Signer,
    pub(crate) lot_secret: LotSecret,
    /// The keys with which this node signs and opens messages.
    pub(crate) keys: ServiceKeys,
    /// Places for messages that come in.
    pub(crate) places: Places,
    /// When the keys were put into the registry in vain, in seconds; held while they are.
    pub(crate) keys_tried: Mutex<Option<i64>>,
    pub(crate) clock: Clock,
    pub(crate) http: reqwest::Client,
    /// Held while transactions are signed and sent: nonces have no gaps.
    pub(crate) recording: Mutex<()>,
    /// Held while captured documents are processed: events are admitted in the order of capture.
    pub(crate) processing: Mutex<()>,
    /// Held while events are admitted or operations planned; taken after `following`.
    pub(crate) admitting: Mutex<()>,
    /// Held while an arrival is closed.
    pub(crate) closing: Mutex<()>,
    /// Held while logs are followed.
    pub(crate) following: Mutex<()>,
    /// Held while messages are delivered.
    pub(crate) delivering: Mutex<()>,
    /// One for each question of the public's that may be with another member's node.
    pub(crate) questions: Semaphore,
    /// Rounds that recording has waited for a document that is being admitted.
    pub(crate) patience: AtomicU32,
    /// How often transactions with an operation were mined without effect, since this node started.
    pub(crate) reverts: std::sync::Mutex<HashMap<OutboxId, u32>>,
    /// Since when transactions wait to be mined, as this process saw it, in milliseconds.
    pub(crate) waiting_since: std::sync::Mutex<HashMap<TransactionId, i64>>,
    /// Nonces below this one are taken, by the ledger's count, when one of ours was found to be.
    pub(crate) nonces_taken: AtomicU64,
    /// Nonces that this process has filled with transactions without effect.
    pub(crate) filled: std::sync::Mutex<HashSet<u64>>,
    /// Last day on which what expired was pruned.
    pub(crate) pruned_on: std::sync::Mutex<Option<Date>>,
    /// What stages of the work on the ledger are in trouble, for health.
    pub(crate) troubles: std::sync::Mutex<BTreeMap<Trouble, String>>,
    /// Since when the ledger's endpoint knows fewer blocks than this node, in milliseconds.
    pub(crate) behind_since: std::sync::Mutex<Option<i64>>,
    /// The work on recalls.
    pub(crate) recalls: Recalls,
    /// Set when held events may have become admissible.
    pub(crate) stirred: AtomicBool,
    /// Rung when there is something to do.
    pub(crate) work: Notify,
    /// Rung when there may be messages to deliver.
    pub(crate) post: Notify,
    /// Breakers of responders, and who asks how much.
    pub(crate) verifications: Verifications,
    /// Sightings of packs that are to be written.
    pub(crate) noted: std::sync::Mutex<Vec<Noted>>,
    /// Tells the receivers of subscriptions.
    pub(crate) subscriptions: Engine,
    /// Lengths of company prefixes that the operator names.
    pub(crate) prefixes: CompanyPrefixes,
    /// Folder of files from and to partners.
    pub(crate) files: Option<PathBuf>,
    /// The files in it, as they were last looked at.
    pub(crate) looks: std::sync::Mutex<Looks>,
    /// Held while a file that came in is worked on.
    pub(crate) filing: Mutex<()>,
    /// The rules of the jurisdiction.
    pub(crate) profile: Arc<Profile>,
    lock: FolderLock,
}

/// Why a node cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder, its configuration, its keys or its lock.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The database.
    #[error("cannot open the database: {0}")]
    Store(#[from] theriac_store::OpenError),
    /// A write to the database.
    #[error("the database failed: {0}")]
    Write(#[from] StoreError),
    /// The embedded ledger.
    #[error("cannot open the embedded ledger: {0}")]
    Chain(#[from] theriac_chain::OpenError),
    /// The ledger client.
    #[error(transparent)]
    Ledger(#[from] theriac_ledger::ConnectError),
    /// The table of company prefixes that the configuration names.
    #[error(transparent)]
    Prefixes(#[from] PrefixFileError),
    /// The profile that the configuration names.
    #[error(transparent)]
    Profile(#[from] ProfileFileError),
    /// The HTTP client.
    #[error("cannot set up the HTTP client: {0}")]
    Http(#[from] reqwest::Error),
}

/// The embedded ledger as the client's in-process endpoint.
struct InProcess(Chain);

impl LocalRpc for InProcess {
    fn request(&self, json: String) -> BoxFuture<'static, String> {
        let chain = self.0.clone();
        Box::pin(async move { chain.rpc(&json).await })
    }
}

/// The client's endpoint of an embedded ledger.
pub(crate) fn in_process(chain: &Chain) -> Endpoint {
    Endpoint::Local(Arc::new(InProcess(chain.clone())))
}

/// Connects to the ledger, and says whether it is there. One that does not answer now, or is behind
/// and does not have the contracts yet, must not keep a node from answering from its own records: it
/// is asked again with every round of work.
async fn connect(endpoint: Endpoint, config: &Config) -> Result<(Ledger, bool), ConnectError> {
    let ledger = Ledger::at(&endpoint, config.deployment())?.with_fees(config.ledger.fees);
    match ledger.check().await {
        Ok(()) => Ok((ledger, true)),
        Err(error @ (ConnectError::Request(_) | ConnectError::NoContract { .. })) => {
            tracing::warn!(%error, "the ledger cannot be used now; going on with what is on record");
            Ok((ledger, false))
        }
        Err(error) => Err(error),
    }
}

/// The embedded ledger, where the node runs it, and the endpoint of its client.
fn ledger_of(
    folder: &NodeFolder,
    config: &Config,
    clock: &Clock,
) -> Result<(Option<Chain>, Endpoint), theriac_chain::OpenError> {
    if let Some(url) = &config.ledger.url {
        return Ok((None, Endpoint::Http(url.clone())));
    }
    let options = Options { bodies_bytes_max: config.ledger.bodies_bytes_max };
    let chain = open_chain(folder, config.ledger.chain_id, options, clock)?;
    let endpoint = in_process(&chain);
    Ok((Some(chain), endpoint))
}

/// Opens the embedded ledger of a folder under the node's clock.
pub(crate) fn open_chain(
    folder: &NodeFolder,
    chain_id: u64,
    options: Options,
    clock: &Clock,
) -> Result<Chain, theriac_chain::OpenError> {
    let clock = Arc::clone(clock);
    let seconds = Arc::new(move || u64::try_from(clock().as_second()).unwrap_or(0));
    Chain::open_with(&folder.ledger(), Genesis { chain_id }, options, seconds)
}

impl Node {
    /// Opens the node in the folder `dir`.
    ///
    /// # Errors
    ///
    /// [`OpenError`]; if another process has the folder open, it says where that one serves.
    pub async fn open(
        dir: &Path,
        config: Config,
        passphrase: &Passphrase,
        clock: Clock,
    ) -> Result<Self, OpenError> {
        let folder = NodeFolder::at(dir);
        let lock = FolderLock::take(&folder)?;
        let profile = read_profile(dir, &config.profile)?;
        let (signer, secret) = unlock(&folder, passphrase)?;
        let (chain, endpoint) = ledger_of(&folder, &config, &clock)?;
        let (ledger, is_there) = connect(endpoint, &config).await?;
        let store = Store::open(folder.database()).await?;
        wake(&store, signer.account()).await?;
        let prefixes = match &config.company_prefixes {
            Some(file) => read_company_prefixes(&dir.join(file))?,
            None => CompanyPrefixes::default(),
        };
        let inner = Inner {
            files: config.files.as_ref().map(|folder| dir.join(folder)),
            config,
            store,
            ledger,
            contracts_seen: AtomicBool::new(is_there),
            chain,
            signer,
            keys: ServiceKeys::open(&folder, &secret)?,
            keys_tried: Mutex::new(None),
            places: Places::default(),
            lot_secret: LotSecret::new(secret),
            clock,
            http: http_client()?,
            recording: Mutex::new(()),
            processing: Mutex::new(()),
            admitting: Mutex::new(()),
            closing: Mutex::new(()),
            following: Mutex::new(()),
            delivering: Mutex::new(()),
            questions: Semaphore::new(QUESTIONS_MAX),
            patience: AtomicU32::new(0),
            reverts: std::sync::Mutex::default(),
            waiting_since: std::sync::Mutex::default(),
            nonces_taken: AtomicU64::new(0),
            filled: std::sync::Mutex::default(),
            pruned_on: std::sync::Mutex::default(),
            troubles: std::sync::Mutex::default(),
            behind_since: std::sync::Mutex::default(),
            recalls: Recalls::default(),
            stirred: AtomicBool::new(true),
            work: Notify::new(),
            post: Notify::new(),
            verifications: Verifications::default(),
            noted: std::sync::Mutex::default(),
            subscriptions: Engine::default(),
            prefixes,
            looks: std::sync::Mutex::default(),
            filing: Mutex::new(()),
            profile,
            lock,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Writes the URL that this node serves, for commands run in its folder.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn announce(&self, url: &str) -> std::io::Result<()> {
        self.inner.lock.announce(url)
    }

    /// The embedded ledger, if this node runs it.
    pub fn chain(&self) -> Option<&Chain> {
        self.inner.chain.as_ref()
    }

    /// The configuration in force.
    pub fn config(&self) -> &Config {
        &self.inner.config
    }

    /// The account that acts for this member.
    pub fn account(&self) -> Account {
        self.inner.signer.account()
    }

    /// GLN of the organisation.
    pub fn gln(&self) -> Gln {
        self.inner.config.gln
    }

    /// Lengths of company prefixes that the operator's table tells; of none without a table.
    pub fn company_prefixes(&self) -> &CompanyPrefixes {
        &self.inner.prefixes
    }

    /// The rules of the jurisdiction that this node works in.
    pub fn profile(&self) -> &Arc<Profile> {
        &self.inner.profile
    }

    /// The store, for reading.
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// Closes the database, after what is under way has ended.
    pub async fn close(self) {
        self.inner.store.close().await;
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.inner
    }

    /// The time by the node's clock.
    pub fn now(&self) -> Timestamp {
        (self.inner.clock)()
    }

    pub(crate) fn today(&self) -> Date {
        date_of(self.now())
    }

    /// Notes that held events may have become admissible.
    pub(crate) fn stir(&self) {
        self.inner.stirred.store(true, Ordering::SeqCst);
    }
}

/// The key of the account, and the secret from which others follow.
fn unlock(folder: &NodeFolder, passphrase: &Passphrase) -> Result<(Signer, [u8; 32]), FolderError> {
    let signer = Keystore::unlock(&folder.account_key(), passphrase)?;
    let secret = Keystore::open_secret(&folder.lot_secret(), passphrase)?;
    Ok((signer, secret))
}

/// Operations that waited when the node stopped are looked at again: what they waited for may have
/// come without anybody there to wake them.
async fn wake(store: &Store, account: Account) -> Result<(), StoreError> {
    let mut tx = store.write().await?;
    tx.begin_account(&account.to_string()).await?;
    tx.wake_waiting().await?;
    tx.commit().await
}

/// Chooses the cryptography of TLS for this process.
pub(crate) fn install_tls() {
    // Fails only if a provider is installed already, which serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

fn http_client() -> Result<reqwest::Client, reqwest::Error> {
    install_tls();
    reqwest::Client::builder()
        .timeout(PARTNER_TIMEOUT)
        .redirect(reqwest::redirect::Policy::none())
        .build()
}
