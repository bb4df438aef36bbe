//! The lookup directory: who answers for a GTIN. The ledger's registry comes first; then the entries
//! that the operator keeps for products whose labeler runs no node.

use jiff::civil::Date;
use theriac_gs1::{Gln, Gtin};
use theriac_store::{ResponderEntry, ResponderPath};

use crate::error::NodeError;
use crate::exchange::partner::address;
use crate::node::Node;

/// Entries of one GTIN at most; a product changes hands a few times in its life.
const ENTRIES_MAX: usize = 20;

/// A way to ask about a GTIN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Route {
    /// Who answers.
    pub(crate) gln: Gln,
    /// Its name, or whom to call.
    pub(crate) contact: Option<String>,
    /// Base URL.
    pub(crate) url: String,
    /// In which messages.
    pub(crate) way: Way,
}

/// In which messages a responder is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// As one member's node asks another's.
    Node,
    /// By GS1 Lightweight Messaging, keys named so.
    Lightweight(ResponderPath),
}

/// Why an entry cannot be kept.
#[derive(Debug, thiserror::Error)]
pub enum ResponderError {
    /// The URL is not the base of an HTTP service.
    #[error("expected the base URL of a service, such as https://vrs.example, found {found:?}")]
    Url {
        /// The URL.
        found: String,
    },
    /// The window ends before it begins.
    #[error("expected a last expiry on or after {first}, found {last}")]
    Window {
        /// First expiry date.
        first: Date,
        /// Last expiry date.
        last: Date,
    },
    /// Another entry answers for some of the same packs.
    #[error(
        "expected no entry of {gtin} for expiries from {first} to {last}, found one of {other}"
    )]
    Overlap {
        /// The product.
        gtin: Gtin,
        /// First expiry date.
        first: Date,
        /// Last expiry date.
        last: Date,
        /// Whose the other entry is.
        other: Gln,
    },
    /// The product has as many entries as it may have.
    #[error("expected at most {ENTRIES_MAX} entries of {gtin}, found more")]
    TooMany {
        /// The product.
        gtin: Gtin,
    },
    /// The node could not keep it.
    #[error(transparent)]
    Node(#[from] NodeError),
}

impl From<theriac_store::StoreError> for ResponderError {
    fn from(error: theriac_store::StoreError) -> Self {
        Self::Node(error.into())
    }
}

impl Node {
    /// Who is to be asked about packs of `gtin` that expire on `expiry`, in this order: the labelers
    /// of the registry, the latest first, then the responders of the directory. This member's own node
    /// is not among them.
    pub(crate) async fn routes(
        &self,
        gtin: Gtin,
        expiry: Option<Date>,
    ) -> Result<Vec<Route>, NodeError> {
        let mut tx = self.inner().store.read().await?;
        let mut routes = Vec::new();
        for gln in tx.labelers_of(gtin).await? {
            let Some(member) = tx.stored_member(&gln).await? else { continue };
            if gln != self.gln() && !member.endpoint.is_empty() {
                let url = member.endpoint.trim_end_matches('/').to_owned();
                routes.push(Route { gln, contact: Some(member.name), url, way: Way::Node });
            }
        }
        for entry in tx.responders_of(gtin).await? {
            // Without an expiry only an entry for all packs can be the right one.
            let window = entry.first_expiry..=entry.last_expiry;
            let fits = expiry.is_none_or(|expiry| window.contains(&expiry));
            if fits && entry.gln != self.gln() {
                routes.push(Route {
                    gln: entry.gln,
                    contact: entry.contact,
                    url: entry.url,
                    way: Way::Lightweight(entry.path),
                });
            }
        }
        Ok(routes)
    }

    /// All entries of the directory that the operator keeps, by GTIN and expiry.
    ///
    /// # Errors
    ///
    /// [`NodeError::Store`].
    pub async fn responders(&self) -> Result<Vec<ResponderEntry>, NodeError> {
        Ok(self.inner().store.responders().await?)
    }

    /// Keeps an entry; one of the same GTIN whose window begins the same day is replaced.
    ///
    /// # Errors
    ///
    /// [`ResponderError`].
    pub async fn put_responder(&self, entry: &ResponderEntry) -> Result<(), ResponderError> {
        let (gtin, first, last) = (entry.gtin, entry.first_expiry, entry.last_expiry);
        if address(&entry.url, "/verify").is_none() {
            return Err(ResponderError::Url { found: entry.url.chars().take(200).collect() });
        }
        if last < first {
            return Err(ResponderError::Window { first, last });
        }
        let mut tx = self.inner().store.write().await?;
        let others: Vec<ResponderEntry> = tx
            .responders_of(gtin)
            .await?
            .into_iter()
            .filter(|other| other.first_expiry != first)
            .collect();
        if let Some(other) =
            others.iter().find(|other| other.first_expiry <= last && first <= other.last_expiry)
        {
            return Err(ResponderError::Overlap { gtin, first, last, other: other.gln });
        }
        if others.len() >= ENTRIES_MAX {
            return Err(ResponderError::TooMany { gtin });
        }
        let url = entry.url.trim_end_matches('/').to_owned();
        tx.put_responder(&ResponderEntry { url, ..entry.clone() }).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Forgets the entries of a GTIN; how many there were.
    ///
    /// # Errors
    ///
    /// [`NodeError::Store`].
    pub async fn delete_responders(&self, gtin: Gtin) -> Result<u64, NodeError> {
        let mut tx = self.inner().store.write().await?;
        let deleted = tx.delete_responders(gtin).await?;
        tx.commit().await?;
        Ok(deleted)
    }
}
