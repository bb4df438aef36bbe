//! Writes of subscriptions. Each returns whether the subscription is (or was) on record: a client
//! may delete it while its receiver is being told.

use sea_query::{Expr, ExprTrait, Query, UpdateStatement};

use super::{NewSubscription, SubscriptionState};
use crate::column::{Millis, cell, opt, val};
use crate::connection::{Conflict, Insert};
use crate::error::StoreError;
use crate::event::EventId;
use crate::store::WriteTx;

impl WriteTx {
    /// Begins a subscription; `false` when its id is taken.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the query is not on record or the database does not take it.
    pub async fn insert_subscription(&mut self, new: &NewSubscription) -> Result<bool, StoreError> {
        let insert = Insert {
            table: "subscription",
            columns: &[
                "name",
                "query",
                "dest",
                "token",
                "controls",
                "report_if_empty",
                "initial_record_time",
                "created_at",
                "position",
                "failures",
                "next_at",
                "state",
            ],
            conflict: Conflict::Skip(&["name"]),
            returning: &["id"],
        };
        let row = vec![
            cell(&new.id),
            cell(&new.query),
            cell(&new.dest),
            opt(new.token.as_ref()),
            cell(&new.controls),
            cell(&new.report_if_empty),
            opt(new.initial_record_time.as_ref()),
            cell(&new.created_at),
            cell(&new.position),
            cell(&0_u32),
            opt(new.next_at.as_ref()),
            cell(&SubscriptionState::Active),
        ];
        Ok(!self.connection().insert(&insert, vec![row]).await?.is_empty())
    }

    /// The receiver took everything up to the event `position`; failures are forgotten.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn subscription_delivered(
        &mut self,
        id: &str,
        position: EventId,
        at: Millis,
        next_at: Option<Millis>,
    ) -> Result<bool, StoreError> {
        let update = advance(id, position, next_at).value("last_notified_at", val(&at)).take();
        Ok(self.connection().run(&update).await? > 0)
    }

    /// Up to the event `position` there was nothing to tell the receiver; failures are forgotten.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn subscription_passed(
        &mut self,
        id: &str,
        position: EventId,
        next_at: Option<Millis>,
    ) -> Result<bool, StoreError> {
        Ok(self.connection().run(&advance(id, position, next_at)).await? > 0)
    }

    /// The receiver could not be told; it is tried again at `next_at`.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn subscription_failed(
        &mut self,
        id: &str,
        error: &str,
        next_at: Millis,
    ) -> Result<bool, StoreError> {
        let update = update(id)
            .value("failures", Expr::col("failures").add(1))
            .value("next_at", val(&next_at))
            .value("error", Expr::val(error))
            .take();
        Ok(self.connection().run(&update).await? > 0)
    }

    /// The receiver will never be told again.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn stop_subscription(&mut self, id: &str, error: &str) -> Result<bool, StoreError> {
        let update = update(id)
            .value("state", val(&SubscriptionState::Stopped))
            .value("next_at", Expr::val(None::<i64>))
            .value("error", Expr::val(error))
            .take();
        Ok(self.connection().run(&update).await? > 0)
    }

    /// Forgets a subscription.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn delete_subscription(&mut self, id: &str) -> Result<bool, StoreError> {
        let delete =
            Query::delete().from_table("subscription").and_where(Expr::col("name").eq(id)).take();
        Ok(self.connection().run(&delete).await? > 0)
    }
}

fn advance(id: &str, position: EventId, next_at: Option<Millis>) -> UpdateStatement {
    update(id)
        .value("position", val(&position))
        .value("failures", val(&0_u32))
        .value("next_at", Expr::val(opt(next_at.as_ref())))
        .value("error", Expr::val(None::<String>))
        .take()
}

fn update(id: &str) -> UpdateStatement {
    Query::update().table("subscription").and_where(Expr::col("name").eq(id)).take()
}
