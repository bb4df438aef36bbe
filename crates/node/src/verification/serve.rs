//! Answering requests of GS1 Lightweight Messaging about packs of this member.

use std::net::IpAddr;

use jiff::tz::TimeZone;
use theriac_custody::lightweight::{
    ConnectivityAnswer, ConnectivityRequest, FailureReason, RequestError, VerifyAnswer,
    VerifyRequest, judge,
};
use theriac_custody::verdict::Record;
use theriac_gs1::{Gln, Gtin, Lgtin, Sgtin};
use theriac_store::{
    ItemRecord, MemberStatus, NewVerification, ReadTx, VerificationDirection, VerificationOutcome,
    VerificationProtocol,
};

use super::guard::{Source, Throttled};
use crate::clock::days_of;
use crate::error::NodeError;
use crate::node::Node;
use crate::verify::Asker;

/// Who sends a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Inquirer {
    /// The member that signed it, if one did.
    pub signer: Option<Gln>,
    /// Where it came from.
    pub address: IpAddr,
}

/// An answer with status 200.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Served {
    /// To a verification request.
    Verified(VerifyAnswer),
    /// To a connectivity request.
    Connected(ConnectivityAnswer),
}

/// Why a request is not answered with status 200.
#[derive(Debug, thiserror::Error)]
pub enum LightweightError {
    /// It is not a request of the standard: 400; 404 for digits that are no GTIN, 401 for digits that
    /// are no GLN.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// Nobody here knows who asks: 401.
    #[error("expected the GLN of a member in reqGLN, found {requester}")]
    UnknownRequester {
        /// Who it says it is.
        requester: Gln,
    },
    /// Another member signed it: 401.
    #[error("expected a request signed by {requester}, found one signed by {signer}")]
    NotTheSigner {
        /// Who it says it is.
        requester: Gln,
        /// Who signed.
        signer: Gln,
    },
    /// Nobody signed it, and this node wants a signature: 401.
    #[error("expected a request signed by {requester}, found one without a signature")]
    NotSigned {
        /// Who it says it is.
        requester: Gln,
    },
    /// Who asks may not: 403.
    #[error("{requester} may not ask: it {reason}")]
    NotAuthorised {
        /// Who asks.
        requester: Gln,
        /// Why not: its status, or its licence.
        reason: &'static str,
    },
    /// It asks too much: 403, as the standard has it.
    #[error(transparent)]
    Throttled(#[from] Throttled),
    /// The product is not one of this member's: 404.
    #[error("expected a GTIN of this member, found {gtin}")]
    NotOurs {
        /// The product.
        gtin: Gtin,
    },
    /// The node could not look it up: 500.
    #[error(transparent)]
    Node(#[from] NodeError),
}

impl From<theriac_store::StoreError> for LightweightError {
    fn from(error: theriac_store::StoreError) -> Self {
        Self::Node(error.into())
    }
}

impl Node {
    /// Answers the request whose path below `/verify/` and query (both still encoded) are given.
    ///
    /// # Errors
    ///
    /// [`LightweightError`].
    pub async fn serve_verification(
        &self,
        path: &str,
        query: &str,
        inquirer: Inquirer,
    ) -> Result<Served, LightweightError> {
        let asked_at = self.now().as_millisecond();
        let request = VerifyRequest::read(path, query, self.today().year())
            .map_err(|error| self.malformed(error, inquirer))?;
        let source = self.admit_requester(request.requester, inquirer).await?;
        if request.check_connectivity {
            let gtin = request.unit.gtin;
            return self
                .connected(ConnectivityRequest { gtin, requester: request.requester })
                .await;
        }
        let record = self.own_record(&request.unit).await?;
        let data = judge(&request, &record, self.today(), self.profile());
        let answer = VerifyAnswer {
            timestamp: self.timestamp(),
            responder: self.gln().to_string(),
            correlation: request.correlation.clone(),
            data,
        };
        self.archive_served(&request, path, query, asked_at, &answer).await?;
        let guessed = matches!(record, Record::NeverCommissioned { .. })
            || matches!(data.reason, Some(reason) if is_mismatch(reason));
        if guessed {
            self.note_miss(source);
        }
        // Who has not signed could raise alarms about others.
        if let (Record::Pack(_), Source::Party(member)) = (&record, source) {
            self.note_asked(&request.unit, member);
        }
        Ok(Served::Verified(answer))
    }

    /// Answers the connectivity request with this query (still encoded).
    ///
    /// # Errors
    ///
    /// [`LightweightError`].
    pub async fn serve_connectivity(
        &self,
        query: &str,
        inquirer: Inquirer,
    ) -> Result<Served, LightweightError> {
        let request =
            ConnectivityRequest::read(query).map_err(|error| self.malformed(error, inquirer))?;
        self.admit_requester(request.requester, inquirer).await?;
        self.connected(request).await
    }

    async fn connected(&self, request: ConnectivityRequest) -> Result<Served, LightweightError> {
        let labeler = self.inner().store.labeler_of(&[request.gtin]).await?;
        match labeler.get(&request.gtin) {
            Some(gln) if *gln == self.gln() => {
                Ok(Served::Connected(ConnectivityAnswer::of(self.gln())))
            }
            _ => Err(LightweightError::NotOurs { gtin: request.gtin }),
        }
    }

    /// A GLN that cannot be one counts as guessed.
    fn malformed(&self, error: RequestError, inquirer: Inquirer) -> LightweightError {
        if matches!(error, RequestError::NoSuchGln { .. }) {
            self.note_miss(Source::address(inquirer.address));
        }
        error.into()
    }

    /// Whether `requester` may ask, and as whom its questions are counted.
    async fn admit_requester(
        &self,
        requester: Gln,
        inquirer: Inquirer,
    ) -> Result<Source, LightweightError> {
        let source = match inquirer.signer {
            Some(signer) if signer == requester => Source::Party(requester),
            Some(signer) => return Err(LightweightError::NotTheSigner { requester, signer }),
            None => Source::party_at(requester, inquirer.address),
        };
        let config = &self.config().verification;
        let Some(member) = self.inner().store.stored_member(&requester).await? else {
            if config.requesters.contains(&requester) {
                self.admit_question(source)?;
                return Ok(source);
            }
            // Who tries out GLNs is held up like who tries out serial numbers.
            let stranger = Source::address(inquirer.address);
            self.admit_question(stranger)?;
            self.note_miss(stranger);
            return Err(LightweightError::UnknownRequester { requester });
        };
        if config.require_signature && inquirer.signer.is_none() {
            return Err(LightweightError::NotSigned { requester });
        }
        if member.roles_on(days_of(self.today())).is_empty() {
            let reason = match member.status {
                MemberStatus::Active => "has no licence that is valid today",
                MemberStatus::Suspended => "is suspended",
                MemberStatus::Revoked => "is revoked",
            };
            return Err(LightweightError::NotAuthorised { requester, reason });
        }
        self.admit_question(source)?;
        Ok(source)
    }

    /// What is on record of a unit of this member's.
    async fn own_record(&self, unit: &Sgtin) -> Result<Record, LightweightError> {
        let mut tx = self.inner().store.read().await?;
        let labeler = self.labeler(&mut tx, unit).await?;
        let is_ours = labeler.as_ref().is_some_and(|labeler| labeler.gln == self.gln());
        let item = self.unit_on_record(&mut tx, unit).await?;
        // Under a GTIN that was another company's before, that one may have made the pack.
        let only_ours = is_ours && tx.labelers_of(unit.gtin).await?.len() < 2;
        match item {
            Some(item) if is_ours || self.made_here(&mut tx, unit, &item).await? => {
                let (record, _) =
                    self.record_of(&mut tx, unit, &item, Asker::Public, &labeler).await?;
                Ok(record)
            }
            None if only_ours => Ok(Record::NeverCommissioned { labeler: self.gln() }),
            _ => Err(LightweightError::NotOurs { gtin: unit.gtin }),
        }
    }

    /// Whether this member made a unit under a GTIN that is another company's by now.
    async fn made_here(
        &self,
        tx: &mut ReadTx,
        unit: &Sgtin,
        item: &ItemRecord,
    ) -> Result<bool, NodeError> {
        let Some(lot) = item.item.lot.clone() else { return Ok(false) };
        let lgtin = Lgtin { gtin: unit.gtin, lot };
        let lots = tx.load_lots(std::slice::from_ref(&lgtin)).await?;
        let Some(tag) = lots.get(&lgtin).and_then(|row| row.lot_tag) else { return Ok(false) };
        let Some(lot) = tx.ledger_lot(&tag).await? else { return Ok(false) };
        Ok(tx.member_behind(&lot.labeler).await? == Some(self.gln()))
    }

    async fn archive_served(
        &self,
        request: &VerifyRequest,
        path: &str,
        query: &str,
        asked_at: i64,
        answer: &VerifyAnswer,
    ) -> Result<(), NodeError> {
        let question = NewVerification {
            direction: VerificationDirection::Served,
            protocol: VerificationProtocol::Lightweight,
            correlation: request.correlation.to_string(),
            unit: request.unit.clone(),
            lot: Some(request.lot.clone()),
            expiry: Some(request.expiry),
            requester: request.requester,
            responder: Some(self.gln().to_string()),
            url: None,
            request: format!("/verify/{path}?{query}"),
            asked_at,
        };
        let outcome = VerificationOutcome {
            answered_at: self.now().as_millisecond(),
            status: Some(200),
            answer: serde_json::to_string(answer).ok(),
            verified: Some(answer.data.verified),
            error: None,
        };
        let mut tx = self.inner().store.write().await?;
        tx.insert_verification(&question, Some(&outcome)).await?;
        tx.commit().await?;
        Ok(())
    }

    /// This node's time as the standard writes it: milliseconds and the distance from UTC.
    fn timestamp(&self) -> String {
        self.now().to_zoned(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%S.%3f%:z").to_string()
    }
}

/// Whether an answer says that the label is not that of a pack.
fn is_mismatch(reason: FailureReason) -> bool {
    use FailureReason::{NoMatchExpiry, NoMatchLot, NoMatchLotExpiry, NoMatchSerial};
    matches!(reason, NoMatchSerial | NoMatchLot | NoMatchExpiry | NoMatchLotExpiry)
}
