//! Opening, listing and cancelling arrivals.

use theriac_gs1::Identifier;
use theriac_store::{ArrivalId, ArrivalKind, ArrivalRecord, ArrivalState, NewArrival, ReadTx};

use super::{
    ArrivalError, ArrivalReport, ArrivalRequest, CloseRequest, Missing, REQUEST_KEY_MAX, wrong,
};
use crate::node::Node;
use crate::verify::read_code;

impl Node {
    /// Opens an arrival. With `all` it is closed as well: everything announced is received.
    ///
    /// # Errors
    ///
    /// [`ArrivalError::Wrong`] for a container or place that cannot be read, or a key too long.
    pub async fn open_arrival(
        &self,
        request: &ArrivalRequest,
    ) -> Result<ArrivalReport, ArrivalError> {
        let container = match &request.container {
            Some(code) => Some(self.container(code)?),
            None => None,
        };
        if let Some(place) = &request.place {
            site(place)?;
        }
        key(&request.request_key)?;
        let mut tx = self.inner().store.write().await?;
        let opened = tx
            .open_arrival(&NewArrival {
                kind: request.kind.unwrap_or(ArrivalKind::Delivery),
                holding: request.shipment,
                sender: request.sender,
                container: container.as_ref(),
                place: request.place.as_deref(),
                request_key: request.request_key.as_deref(),
                opened_at: self.now().as_millisecond(),
            })
            .await?;
        tx.commit().await?;
        let id = match (opened, &request.request_key) {
            (Some(id), _) => id,
            (None, Some(key)) => {
                let before = self.inner().store.arrival_of_request(key).await?;
                before.ok_or_else(|| wrong("an arrival of this request", "none"))?.id
            }
            (None, None) => return Err(wrong("an arrival", "none")),
        };
        if request.all {
            let open = self.inner().store.arrival(id).await?;
            if open.is_some_and(|arrival| arrival.state == ArrivalState::Open) {
                return self.close_whole(id, CloseRequest { missing: Missing::Refuse }).await;
            }
        }
        self.arrival(id).await
    }

    fn container(&self, code: &str) -> Result<Identifier, ArrivalError> {
        match read_code(code, self.today()) {
            Ok(read) => Ok(read.id),
            Err(error) => Err(wrong("the code of a logistic unit", error.to_string())),
        }
    }

    /// The latest arrivals, newest first, without their scans; only open ones when `open_only`.
    ///
    /// # Errors
    ///
    /// [`ArrivalError::Node`].
    pub async fn arrivals(
        &self,
        open_only: bool,
        limit: u64,
    ) -> Result<Vec<ArrivalRecord>, ArrivalError> {
        Ok(self.inner().store.arrivals(open_only, limit).await?)
    }

    /// Ends an arrival of which nothing is to come.
    ///
    /// # Errors
    ///
    /// [`ArrivalError::Unknown`], [`ArrivalError::Ended`] for one that is closed. One that is cancelled
    /// stays so.
    pub async fn cancel_arrival(&self, id: ArrivalId) -> Result<ArrivalReport, ArrivalError> {
        let mut tx = self.inner().store.write().await?;
        let arrival = tx.arrival(id).await?.ok_or(ArrivalError::Unknown(id.0))?;
        match arrival.state {
            ArrivalState::Open => {
                let (nothing, now) = (serde_json::Value::Null, self.now().as_millisecond());
                tx.end_arrival(id, ArrivalState::Cancelled, &nothing, now).await?;
                tx.commit().await?;
            }
            ArrivalState::Cancelled => {}
            state => return Err(ArrivalError::Ended { arrival: id, state }),
        }
        self.arrival(id).await
    }

    /// The open arrival with this number.
    pub(super) async fn open_one(
        &self,
        tx: &mut ReadTx,
        id: ArrivalId,
    ) -> Result<ArrivalRecord, ArrivalError> {
        let arrival = tx.arrival(id).await?.ok_or(ArrivalError::Unknown(id.0))?;
        match arrival.state {
            ArrivalState::Open => Ok(arrival),
            state => Err(ArrivalError::Ended { arrival: id, state }),
        }
    }
}

/// The site that a place names.
pub(crate) fn site(place: &str) -> Result<Identifier, ArrivalError> {
    let read: Result<Identifier, _> = place.parse();
    match read {
        Ok(id @ Identifier::Sgln(_)) => Ok(id),
        _ => Err(wrong("the URI of an SGLN as place", format!("{place:?}"))),
    }
}

/// Whether the key of a request is one.
pub(super) fn key(key: &Option<String>) -> Result<(), ArrivalError> {
    match key {
        Some(key) if key.is_empty() || key.len() > REQUEST_KEY_MAX => {
            Err(wrong("a request key of 1 to 100 bytes", format!("{} bytes", key.len())))
        }
        _ => Ok(()),
    }
}
