//! Names for the cases of a database that had none.

use sea_query::{Expr, ExprTrait, Order, Query};
use theriac_custody::Uuid;

use super::CaseId;
use crate::column::{Millis, val};
use crate::connection::Connection;
use crate::error::StoreError;

/// Cases that are in memory at a time.
const PAGE: u64 = 1_000;

/// Gives each case without a name one that follows from its row.
pub(crate) async fn name_cases(connection: &mut Connection<'_>) -> Result<(), StoreError> {
    loop {
        let select = Query::select()
            .columns(["id", "breach", "opened_at"])
            .from("case_file")
            .and_where(Expr::col("uuid").is_null())
            .order_by("id", Order::Asc)
            .limit(PAGE)
            .take();
        let rows = connection.all(&select).await?;
        if rows.is_empty() {
            return Ok(());
        }
        for row in rows {
            let id: CaseId = row.get("id")?;
            let opened_at: Millis = row.get("opened_at")?;
            let about: String = row.get("breach")?;
            let (number, time) = (id.0.to_be_bytes(), opened_at.to_be_bytes());
            let uuid = Uuid::derived(&[b"theriac case", &number, &time, about.as_bytes()]);
            let update = Query::update()
                .table("case_file")
                .value("uuid", val(&uuid))
                .and_where(Expr::col("id").eq(id.0))
                .take();
            connection.change(&update, "case", id.0).await?;
        }
    }
}
