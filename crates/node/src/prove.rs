//! Prove: a bundle with which anybody can check a pack's life, or an event, without trusting this
//! node (docs/bundles.md).
//!
//! ```text
//! books ── unit's secrets, holdings, events ── draft ── what it lacks: parties
//!                                                └──── collect over JSON-RPC ── check ── bundle
//! ```

mod evidence;

use theriac_custody::identity::identity_of;
use theriac_custody::item::is_unit;
use theriac_custody::{Hash, Place, Tree};
use theriac_gs1::{Identifier, Lgtin, Sgtin};
use theriac_ledger::bundle::{
    Blocks, Bundle, BundleError, CollectError, EventProof, Evidence, FORMAT, Network, Trust,
    UnitSecrets, ask_ledger, check, collect, draft, event_as_proven, told,
};
use theriac_ledger::logs::LogsError;
use theriac_store::{EventRecord, ReadTx, StoreError};

use crate::admit::event_on_record;
use crate::error::NodeError;
use crate::node::Node;
use crate::verify::{VerifyError, read_code};

/// What a bundle is asked for.
#[derive(Debug, Clone, Default)]
pub struct ProveOptions {
    /// The block up to which it is proven; `None` for the newest final one.
    pub block: Option<u64>,
    /// Whether the events are left out, which name all the packs that went the same way.
    pub without_events: bool,
}

/// Why nothing can be proven.
#[derive(Debug, thiserror::Error)]
pub enum ProveError {
    /// The code cannot be read, or the books cannot.
    #[error(transparent)]
    Verify(#[from] VerifyError),
    /// The code names no pack and no event.
    #[error("expected the code of a pack, or the eventID or hash of an event, found {found}")]
    NotProvable {
        /// What it names.
        found: String,
    },
    /// The pack or event is not on record here, or not on the ledger yet.
    #[error(
        "expected {what} with a place on the ledger, found none here: wait until it is recorded, or ask a node that has held it"
    )]
    NotOnLedger {
        /// What was asked for.
        what: String,
    },
    /// The event is on the ledger as the cause of what packs went through, not by itself.
    #[error(
        "expected {what} to be anchored, found it as the cause of a step of packs: prove one of the packs that it names"
    )]
    NotAnchored {
        /// What was asked for.
        what: String,
    },
    /// The ledger's endpoint does not have what is needed.
    #[error(transparent)]
    Collect(#[from] CollectError),
    /// The ledger's logs could not be read.
    #[error(transparent)]
    Logs(#[from] LogsError),
    /// What the books say is not what the ledger has: see `theriac reconcile`.
    #[error(
        "the bundle does not prove what it should, so that it is not given out: {0}; theriac reconcile tells where books and ledger differ"
    )]
    Unproven(#[from] BundleError),
}

impl From<NodeError> for ProveError {
    fn from(error: NodeError) -> Self {
        Self::Verify(error.into())
    }
}

impl From<StoreError> for ProveError {
    fn from(error: StoreError) -> Self {
        NodeError::from(error).into()
    }
}

impl Node {
    /// A bundle that proves the pack with this code, or the event with this `eventID` or hash.
    ///
    /// # Errors
    ///
    /// [`ProveError`].
    pub async fn prove(&self, code: &str, options: &ProveOptions) -> Result<Bundle, ProveError> {
        let mut tx = self.inner().store.read().await?;
        if let Some(event) = event_named(&mut tx, code).await? {
            return self.prove_event(&mut tx, &event, options).await;
        }
        let read = read_code(code, self.today())?;
        let Identifier::Sgtin(unit) = &read.id else {
            return Err(ProveError::NotProvable { found: read.id.to_string() });
        };
        if !is_unit(&read.id) {
            return Err(ProveError::NotProvable { found: read.id.to_string() });
        }
        self.prove_unit(&mut tx, unit, options).await
    }

    async fn prove_unit(
        &self,
        tx: &mut ReadTx,
        unit: &Sgtin,
        options: &ProveOptions,
    ) -> Result<Bundle, ProveError> {
        let id = Identifier::Sgtin(unit.clone());
        let unknown = || ProveError::NotOnLedger { what: format!("the pack {id}") };
        let (secrets, place) = self.secrets(tx, unit).await?.ok_or_else(unknown)?;
        let mut evidence = self.evidence_of(tx, unit, place).await?;
        let mut events = Vec::new();
        if !options.without_events {
            for record in tx.events_of_item(&id).await? {
                events.extend(self.event_proof(tx, &record, &mut evidence).await?);
            }
        }
        let bundle = self.bundle(Some(secrets), events);
        self.completed(bundle, evidence, options).await
    }

    async fn prove_event(
        &self,
        tx: &mut ReadTx,
        record: &EventRecord,
        options: &ProveOptions,
    ) -> Result<Bundle, ProveError> {
        let mut evidence = Evidence::default();
        let what = format!("the event {}", record.hash);
        let Some(proof) = self.event_proof(tx, record, &mut evidence).await? else {
            return Err(ProveError::NotOnLedger { what });
        };
        let mut bundle = self.bundle(None, vec![proof]);
        bundle.ledger = told(&self.inner().ledger, &evidence).await?;
        if draft(&bundle)?.told.is_empty() {
            return Err(ProveError::NotAnchored { what });
        }
        self.completed(bundle, evidence, options).await
    }

    /// The secrets of a unit and its path in the holding that this node knows it in.
    async fn secrets(
        &self,
        tx: &mut ReadTx,
        unit: &Sgtin,
    ) -> Result<Option<(UnitSecrets, Place)>, ProveError> {
        let Some(record) = self.unit_on_record(tx, unit).await? else { return Ok(None) };
        let (Some(lot), Some(unit_salt), Some(place)) =
            (record.item.lot, record.salt, record.item.place)
        else {
            return Ok(None);
        };
        let lgtin = Lgtin { gtin: unit.gtin, lot };
        let row = tx.load_lots(std::slice::from_ref(&lgtin)).await?.remove(&lgtin);
        let known = tx.known_holding(&place.holding).await?;
        let (Some(row), Some(known)) = (row, known) else { return Ok(None) };
        let Some(lot_salt) = row.salt else { return Ok(None) };
        let tree = Tree::new(known.height, known.leaves).map_err(|_| BundleError::LotUnknown)?;
        let Ok(path) = tree.path(0, place.position) else { return Ok(None) };
        let secrets = UnitSecrets {
            gtin: unit.gtin,
            serial: unit.serial.clone(),
            lot: lgtin.lot,
            expiry: row.record.expiry,
            lot_salt,
            unit_salt,
            position: place.position,
            path,
        };
        Ok(Some((secrets, place)))
    }

    /// The way from an event to the cause that its transaction names; adds the transaction of one
    /// that was anchored. `None` for an event that is not on the ledger.
    async fn event_proof(
        &self,
        tx: &mut ReadTx,
        record: &EventRecord,
        evidence: &mut Evidence,
    ) -> Result<Option<EventProof>, ProveError> {
        let Some(transaction) = &record.transaction else { return Ok(None) };
        let Some(block) = transaction.block else { return Ok(None) };
        let proven = event_on_record(record).and_then(|event| {
            (identity_of(&event) == record.hash).then(|| event_as_proven(&event)).flatten()
        });
        let Some(event) = proven else { return Ok(None) };
        let rows = tx.outbox_of_transaction(transaction.id).await?;
        let mut hashes: Vec<Hash> = rows.iter().map(|row| row.event_hash).collect();
        hashes.dedup();
        let Some(position) = hashes.iter().position(|hash| *hash == record.hash) else {
            return Ok(None);
        };
        let path = Tree::over(hashes).and_then(|tree| tree.path(0, position as u64));
        let Ok(path) = path else { return Ok(None) };
        evidence.add(theriac_ledger::bundle::Place { block, transaction: transaction.hash });
        Ok(Some(EventProof { event, position: position as u64, path }))
    }

    fn bundle(&self, unit: Option<UnitSecrets>, events: Vec<EventProof>) -> Bundle {
        let deployment = self.inner().ledger.deployment();
        Bundle {
            format: FORMAT.to_owned(),
            network: Network {
                chain_id: deployment.chain_id,
                custody: deployment.custody,
                registry: deployment.registry,
            },
            unit,
            events,
            ledger: theriac_ledger::bundle::LedgerProof::NotEthereum { transactions: Vec::new() },
        }
    }

    /// Leaves out what proves nothing, adds who the parties are, and collects the proofs.
    async fn completed(
        &self,
        mut bundle: Bundle,
        mut evidence: Evidence,
        options: &ProveOptions,
    ) -> Result<Bundle, ProveError> {
        let ledger = &self.inner().ledger;
        bundle.ledger = told(ledger, &evidence).await?;
        let draft = draft(&bundle)?;
        evidence.leave_out(&draft.unused);
        bundle.events = draft.told.iter().map(|number| bundle.events[*number].clone()).collect();
        let until = evidence.last_block().unwrap_or_default();
        let gtin = bundle.unit.as_ref().map(|unit| unit.gtin);
        self.add_parties(&mut evidence, &draft.accounts, gtin, until).await?;
        bundle.ledger = collect(ledger, &evidence, options.block).await?;
        let mut trust = Trust::default();
        if let Err(BundleError::NeedsEndpoint { .. }) = check(&bundle, &trust) {
            let answers = ask_ledger(ledger, &bundle).await.map_err(CollectError::from)?;
            trust.blocks = Blocks::Endpoint(answers);
        }
        check(&bundle, &trust)?;
        Ok(bundle)
    }
}

/// The event that a code names by its `eventID` or its hash.
async fn event_named(tx: &mut ReadTx, code: &str) -> Result<Option<EventRecord>, StoreError> {
    if let Ok(hash) = code.parse::<Hash>() {
        return tx.event_by_hash(&hash).await;
    }
    Ok(tx.events_with_event_id(code).await?.into_iter().next())
}
