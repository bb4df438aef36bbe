//! An embedded ledger in a temporary folder, with its contracts and five members.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures::future::BoxFuture;
use theriac_chain::{Chain, Genesis};
use theriac_custody::{Account, Hash, Role, Roles, keccak256};
use theriac_ledger::{Call, Deployment, Endpoint, Ledger, LocalRpc, Receipt, Signer};

use crate::benchmark::Failure;

/// Chain id of the ledger.
pub(crate) const CHAIN_ID: u64 = 7_771;

/// The day on which everything begins, 2026-11-22, in days since 1970-01-01.
pub(crate) const TODAY: u32 = 20_779;

/// Bytes of a storage slot: its key and its value.
pub(crate) const SLOT_BYTES: u64 = 64;

const DAY_S: u64 = 86_400;

/// Days within which a retirement can be undone, as members begin.
const UNDO_DAYS: u64 = 10;

/// The members in the order of [`World::signers`], with their GLNs and roles.
const MEMBERS: [(u64, Role); 5] = [
    (9_521_000_000_010, Role::Regulator),
    (9_521_000_000_027, Role::Labeler),
    (9_521_000_000_034, Role::Wholesaler),
    (9_521_000_000_041, Role::Dispenser),
    (9_521_000_000_058, Role::Dispenser),
];

/// A ledger to measure on. It is deleted when this is dropped.
pub(crate) struct World {
    /// The client.
    pub(crate) ledger: Ledger,
    /// The ledger itself, for its totals.
    pub(crate) chain: Chain,
    /// Deploys the contracts, admits the members.
    pub(crate) governor: Signer,
    /// Recalls lots.
    pub(crate) regulator: Signer,
    /// Makes packs.
    pub(crate) maker: Signer,
    /// Takes over cases, ships packs.
    pub(crate) wholesaler: Signer,
    /// Dispense packs.
    pub(crate) pharmacies: [Signer; 2],
    clock: Arc<AtomicU64>,
    seed: u64,
    _folder: tempfile::TempDir,
}

/// The embedded ledger as an endpoint of the client.
struct InProcess(Chain);

impl LocalRpc for InProcess {
    fn request(&self, json: String) -> BoxFuture<'static, String> {
        let chain = self.0.clone();
        Box::pin(async move { chain.rpc(&json).await })
    }
}

impl World {
    /// A ledger with its members; keys and hashes follow from `seed`.
    pub(crate) async fn new(seed: u64) -> Result<Self, Failure> {
        let (chain, clock, folder) = embedded()?;
        let endpoint = Endpoint::Local(Arc::new(InProcess(chain.clone())));
        let signer = |n: u64| Signer::from_secret(&hashed(seed, "key", n).0);
        let governor = signer(0)?;
        let deployment: Deployment = Ledger::deploy(endpoint.clone(), &governor).await?;
        let world = Self {
            ledger: Ledger::connect(endpoint, deployment).await?,
            chain,
            governor,
            regulator: signer(1)?,
            maker: signer(2)?,
            wholesaler: signer(3)?,
            pharmacies: [signer(4)?, signer(5)?],
            clock,
            seed,
            _folder: folder,
        };
        world.admit().await?;
        Ok(world)
    }

    async fn admit(&self) -> Result<(), Failure> {
        let [first, second] = &self.pharmacies;
        let signers = [&self.regulator, &self.maker, &self.wholesaler, first, second];
        for (signer, (gln, role)) in signers.into_iter().zip(MEMBERS) {
            let account = signer.account();
            self.run(&self.governor, &[member(gln, role, account)]).await?;
        }
        Ok(())
    }

    /// A hash that follows from the seed: of the `number`th thing of a kind.
    pub(crate) fn hash(&self, kind: &str, number: u64) -> Hash {
        hashed(self.seed, kind, number)
    }

    /// Sends one transaction that must take effect.
    pub(crate) async fn run(&self, signer: &Signer, calls: &[Call]) -> Result<Receipt, Failure> {
        let nonce = self.ledger.next_nonce(signer.account()).await?;
        let signed = self.ledger.sign(signer, nonce, calls).await?;
        self.ledger.send(&signed.raw).await?;
        let receipt = self.ledger.receipt(signed.hash).await?;
        let receipt = receipt.ok_or("expected a mined transaction, found no receipt")?;
        match &receipt.revert {
            None if receipt.success => Ok(receipt),
            revert => {
                Err(format!("expected a transaction that takes effect, found {revert:?}").into())
            }
        }
    }

    /// Storage slots of all contracts that are not zero.
    pub(crate) fn slots(&self) -> u64 {
        self.chain.stats().storage_slots
    }

    /// The last second at which what is retired in this moment can be undone.
    pub(crate) fn undo_until(&self) -> u64 {
        self.clock.load(Ordering::SeqCst) + UNDO_DAYS * DAY_S
    }

    /// Lets days pass.
    pub(crate) fn pass(&self, days: u64) {
        self.clock.fetch_add(days * DAY_S, Ordering::SeqCst);
    }
}

/// An embedded ledger at noon of [`TODAY`], its clock in Unix seconds, and its folder.
pub(crate) fn embedded() -> Result<(Chain, Arc<AtomicU64>, tempfile::TempDir), Failure> {
    let folder = tempfile::tempdir()?;
    let clock = Arc::new(AtomicU64::new(u64::from(TODAY) * DAY_S + DAY_S / 2));
    let time = Arc::clone(&clock);
    let time = Arc::new(move || time.load(Ordering::SeqCst));
    let chain = Chain::open(folder.path(), Genesis { chain_id: CHAIN_ID }, time)?;
    Ok((chain, clock, folder))
}

/// The call that admits a member.
pub(crate) fn member(gln: u64, role: Role, account: Account) -> Call {
    Call::AddMember {
        gln,
        roles: Roles::from_iter([role]),
        licence_expiry: 0,
        name: format!("Member {gln}"),
        endpoint: format!("https://{gln}.example"),
        account,
    }
}

/// A hash that follows from a seed: of the `number`th thing of a kind.
pub(crate) fn hashed(seed: u64, kind: &str, number: u64) -> Hash {
    keccak256(&[kind.as_bytes(), &seed.to_be_bytes(), &number.to_be_bytes()])
}
