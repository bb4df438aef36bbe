//! The registry as the ledger has it: members, their accounts, products.

use std::collections::{BTreeMap, HashMap};

use sea_query::{Expr, ExprTrait, Order, Query};
use theriac_custody::{Account, MemberRecord, Roles};
use theriac_gs1::{Gln, Gtin};

use crate::column::{Days, cell, val};
use crate::connection::{Conflict, Connection, Insert, Row};
use crate::dialect;
use crate::error::StoreError;
use crate::store::{WriteTx, reads};
use crate::word::words;

words! {
    /// Status of a member. The numbers are the ledger's.
    MemberStatus {
        /// May act.
        Active = 1 "active",
        /// May not act for the time being.
        Suspended = 2 "suspended",
        /// May never act again.
        Revoked = 3 "revoked",
    }
}

/// A member as the ledger has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredMember {
    /// GLN of the organisation.
    pub gln: Gln,
    /// Its name.
    pub name: String,
    /// The roles that it was given, whether it may act in them now or not.
    pub roles: Roles,
    /// Base URL of its node.
    pub endpoint: String,
    /// Its status.
    pub status: MemberStatus,
    /// Last day of its licence; 0: the licence does not end.
    pub licence_expiry: Days,
}

impl StoredMember {
    /// The roles that it may act in on a day: none unless it is active and its licence is valid.
    #[must_use]
    pub fn roles_on(&self, today: Days) -> Roles {
        let licensed = self.licence_expiry == 0 || today <= self.licence_expiry;
        if self.status == MemberStatus::Active && licensed { self.roles } else { Roles::default() }
    }
}

reads! {
    /// All members by GLN, with the roles that they may act in today.
    snapshot fn members(today: Days) -> BTreeMap<Gln, MemberRecord>;
    /// The member with this GLN.
    statement fn stored_member(gln: &Gln) -> Option<StoredMember>;
    /// The member that an account acts for.
    statement fn member_of_account(account: &Account) -> Option<Gln>;
    /// The labelers of those of `gtins` that are registered.
    statement fn labeler_of(gtins: &[Gtin]) -> HashMap<Gtin, Gln>;
    /// All products with their labelers.
    statement fn products() -> BTreeMap<Gtin, Gln>;
}

impl WriteTx {
    /// Notes a member, or replaces what is on record of it but its accounts.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn put_member(&mut self, member: &StoredMember) -> Result<(), StoreError> {
        let insert = Insert {
            table: "member",
            columns: &["gln", "name", "roles", "endpoint", "status", "licence_expiry"],
            conflict: Conflict::Update(
                &["gln"],
                &["name", "roles", "endpoint", "status", "licence_expiry"],
            ),
            returning: &[],
        };
        let row = vec![
            cell(&member.gln),
            cell(&member.name),
            cell(&member.roles),
            cell(&member.endpoint),
            cell(&member.status),
            cell(&member.licence_expiry),
        ];
        self.connection().insert(&insert, vec![row]).await.map(drop)
    }

    /// Notes that an account acts for a member; it becomes the member's latest.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn put_account(&mut self, gln: Gln, account: Account) -> Result<(), StoreError> {
        self.remove_account(account).await?;
        let insert = Insert {
            table: "member_account",
            columns: &["account", "gln"],
            conflict: Conflict::Fail,
            returning: &[],
        };
        self.connection().insert(&insert, vec![vec![cell(&account), cell(&gln)]]).await.map(drop)
    }

    /// Notes that an account acts for nobody any more.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn remove_account(&mut self, account: Account) -> Result<(), StoreError> {
        let delete = Query::delete()
            .from_table("member_account")
            .and_where(Expr::col("account").eq(val(&account)))
            .take();
        self.connection().run(&delete).await.map(drop)
    }

    /// Notes who is the labeler of a product.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn put_product(&mut self, gtin: Gtin, gln: Gln) -> Result<(), StoreError> {
        let insert = Insert {
            table: "product",
            columns: &["gtin", "gln"],
            conflict: Conflict::Update(&["gtin"], &["gln"]),
            returning: &[],
        };
        self.connection().insert(&insert, vec![vec![cell(&gtin), cell(&gln)]]).await.map(drop)
    }
}

async fn members(
    connection: &mut Connection<'_>,
    today: Days,
) -> Result<BTreeMap<Gln, MemberRecord>, StoreError> {
    let select = Query::select().column(sea_query::Asterisk).from("member").take();
    let mut members = BTreeMap::new();
    for row in connection.all(&select).await? {
        let member = record(&row)?;
        let roles = member.roles_on(today);
        let StoredMember { gln, name, endpoint, .. } = member;
        members.insert(gln, MemberRecord { gln, name, roles, endpoint, accounts: Vec::new() });
    }
    let select = Query::select()
        .columns(["gln", "account"])
        .from("member_account")
        .order_by("id", Order::Desc)
        .take();
    for row in connection.all(&select).await? {
        if let Some(member) = members.get_mut(&row.get::<Gln>("gln")?) {
            member.accounts.push(row.get("account")?);
        }
    }
    Ok(members)
}

async fn stored_member(
    connection: &mut Connection<'_>,
    gln: &Gln,
) -> Result<Option<StoredMember>, StoreError> {
    let select = Query::select()
        .column(sea_query::Asterisk)
        .from("member")
        .and_where(Expr::col("gln").eq(val(gln)))
        .take();
    connection.first(&select).await?.map(|row| record(&row)).transpose()
}

async fn member_of_account(
    connection: &mut Connection<'_>,
    account: &Account,
) -> Result<Option<Gln>, StoreError> {
    let select = Query::select()
        .column("gln")
        .from("member_account")
        .and_where(Expr::col("account").eq(val(account)))
        .take();
    connection.first(&select).await?.map(|row| row.get("gln")).transpose()
}

async fn labeler_of(
    connection: &mut Connection<'_>,
    gtins: &[Gtin],
) -> Result<HashMap<Gtin, Gln>, StoreError> {
    let gtins = dialect::numbers(gtins.iter().map(|gtin| gtin.value() as i64));
    let select = Query::select()
        .columns(["gtin", "gln"])
        .from("product")
        .and_where(Expr::col("gtin").in_subquery(gtins))
        .take();
    connection.all(&select).await?.iter().map(product).collect()
}

async fn products(connection: &mut Connection<'_>) -> Result<BTreeMap<Gtin, Gln>, StoreError> {
    let select = Query::select().columns(["gtin", "gln"]).from("product").take();
    connection.all(&select).await?.iter().map(product).collect()
}

fn product(row: &Row) -> Result<(Gtin, Gln), StoreError> {
    Ok((row.get("gtin")?, row.get("gln")?))
}

fn record(row: &Row) -> Result<StoredMember, StoreError> {
    Ok(StoredMember {
        gln: row.get("gln")?,
        name: row.get("name")?,
        roles: row.get("roles")?,
        endpoint: row.get("endpoint")?,
        status: row.get("status")?,
        licence_expiry: row.get("licence_expiry")?,
    })
}
