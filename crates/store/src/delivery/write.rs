//! Writes of deliveries.

use sea_query::{Expr, ExprTrait, Query, UpdateStatement};
use theriac_custody::Hash;
use theriac_gs1::Gln;

use super::{DeliveryId, DeliveryKind, DeliveryState, NewDelivery};
use crate::column::{Millis, cell, opt, val};
use crate::error::StoreError;
use crate::store::WriteTx;

impl WriteTx {
    /// Asks for a delivery.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the transaction is not on record or the database does not take it.
    pub async fn enqueue_delivery(&mut self, new: &NewDelivery) -> Result<DeliveryId, StoreError> {
        let columns = &[
            "recipient",
            "message",
            "kind",
            "body",
            "transaction_out",
            "state",
            "attempts",
            "created_at",
            "next_at",
            "holding",
        ];
        let row = vec![
            cell(&new.to),
            cell(&new.message),
            cell(&new.kind),
            cell(&new.body),
            opt(new.after.as_ref()),
            cell(&DeliveryState::Due),
            cell(&0_u32),
            cell(&new.at),
            cell(&new.at),
            opt(new.subject.as_ref()),
        ];
        self.connection().insert_one("delivery", columns, row).await
    }

    /// Takes back the messages about the shipment of a holding that nobody has acknowledged: its block
    /// was reverted.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn withdraw_deliveries(&mut self, holding: &Hash) -> Result<(), StoreError> {
        let delete = Query::delete()
            .from_table("delivery")
            .and_where(Expr::col("holding").eq(val(holding)))
            .and_where(Expr::col("kind").eq(val(&DeliveryKind::Shipment)))
            .and_where(Expr::col("state").eq(val(&DeliveryState::Due)))
            .take();
        self.connection().run(&delete).await.map(drop)
    }

    /// The recipient has it.
    ///
    /// # Errors
    ///
    /// [`StoreError::Missing`] when there is no such delivery.
    pub async fn delivery_acknowledged(
        &mut self,
        id: DeliveryId,
        at: Millis,
    ) -> Result<(), StoreError> {
        let update = update(id)
            .value("state", val(&DeliveryState::Acknowledged))
            .value("acknowledged_at", val(&at))
            .value("error", Expr::val(None::<String>))
            .take();
        self.connection().change(&update, "delivery", id.0).await
    }

    /// An attempt failed; the next is due at `next_at`.
    ///
    /// # Errors
    ///
    /// [`StoreError::Missing`] when there is no such delivery.
    pub async fn delivery_failed(
        &mut self,
        id: DeliveryId,
        error: &str,
        next_at: Millis,
    ) -> Result<(), StoreError> {
        let update = update(id)
            .value("attempts", Expr::col("attempts").add(1))
            .value("next_at", val(&next_at))
            .value("error", Expr::val(error))
            .take();
        self.connection().change(&update, "delivery", id.0).await
    }

    /// Makes deliveries that wait for their next try due at once: all, or those to one member. The
    /// number of them.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn hurry_deliveries(
        &mut self,
        to: Option<Gln>,
        now: Millis,
    ) -> Result<u64, StoreError> {
        let mut update = Query::update();
        update
            .table("delivery")
            .value("next_at", val(&now))
            .and_where(Expr::col("state").eq(val(&DeliveryState::Due)))
            .and_where(Expr::col("next_at").gt(now));
        if let Some(to) = to {
            update.and_where(Expr::col("recipient").eq(val(&to)));
        }
        self.connection().run(&update).await
    }

    /// The recipient will never take it.
    ///
    /// # Errors
    ///
    /// [`StoreError::Missing`] when there is no such delivery.
    pub async fn delivery_refused(
        &mut self,
        id: DeliveryId,
        error: &str,
    ) -> Result<(), StoreError> {
        let update = update(id)
            .value("state", val(&DeliveryState::Refused))
            .value("error", Expr::val(error))
            .take();
        self.connection().change(&update, "delivery", id.0).await
    }
}

fn update(id: DeliveryId) -> UpdateStatement {
    Query::update().table("delivery").and_where(Expr::col("id").eq(id.0)).take()
}
