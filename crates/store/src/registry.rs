//! The registry as the ledger has it: members, their accounts, products.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use theriac_custody::{Account, Hash, Hindrance, MemberRecord, Roles};
use theriac_gs1::{Gln, Gtin};

use crate::column::{Days, cell, date_of, opt, val};
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
    /// Days for which it may undo a retirement; 0: not at all.
    pub undo_days: u32,
    /// Public key with which its service signs; `None` if it has published none.
    pub signing_key: Option<Hash>,
    /// Public key for which messages to its service are sealed; `None` if it has published none.
    pub sealing_key: Option<Hash>,
}

/// An account and the member that it acts for, or acted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredAccount {
    /// The account.
    pub account: Account,
    /// The member; an account never comes to another one.
    pub gln: Gln,
    /// Number of the block from which on it acts, of several the last.
    pub added: u64,
    /// Number of the block from which on it does not.
    pub revoked: Option<u64>,
}

impl StoredMember {
    /// The roles that it may act in on a day: none unless it is active and its licence is valid.
    #[must_use]
    pub fn roles_on(&self, today: Days) -> Roles {
        match self.hindrance_on(today) {
            None => self.roles,
            Some(_) => Roles::default(),
        }
    }

    /// Why it may not act on a day; `None` if it may.
    #[must_use]
    pub fn hindrance_on(&self, today: Days) -> Option<Hindrance> {
        match self.status {
            MemberStatus::Suspended => return Some(Hindrance::Suspended),
            MemberStatus::Revoked => return Some(Hindrance::Revoked),
            MemberStatus::Active => {}
        }
        let is_over = self.licence_expiry != 0 && today > self.licence_expiry;
        is_over
            .then(|| Hindrance::LicenceExpired(date_of(self.licence_expiry).unwrap_or(Date::MAX)))
    }
}

reads! {
    /// All members by GLN, with the roles that they may act in today.
    snapshot fn members(today: Days) -> BTreeMap<Gln, MemberRecord>;
    /// The member with this GLN.
    statement fn stored_member(gln: &Gln) -> Option<StoredMember>;
    /// The member that an account acts for; none for an account that was revoked.
    statement fn member_of_account(account: &Account) -> Option<Gln>;
    /// The member that an account acts for or has acted for: whose what it holds is.
    statement fn member_behind(account: &Account) -> Option<Gln>;
    /// The accounts of a member, the latest first, those that were revoked included.
    statement fn accounts_of(gln: &Gln) -> Vec<StoredAccount>;
    /// The labelers of those of `gtins` that are registered.
    statement fn labeler_of(gtins: &[Gtin]) -> HashMap<Gtin, Gln>;
    /// The labeler that a product had in a block.
    statement fn labeler_at(gtin: &Gtin, block: u64) -> Option<Gln>;
    /// The labelers that a product has and has had, the latest first.
    statement fn labelers_of(gtin: Gtin) -> Vec<Gln>;
    /// All products with their labelers.
    statement fn products() -> BTreeMap<Gtin, Gln>;
}

const MEMBER: &[&str] = &[
    "gln",
    "name",
    "roles",
    "endpoint",
    "status",
    "licence_expiry",
    "undo_days",
    "signing_key",
    "sealing_key",
];

impl WriteTx {
    /// Notes a member, or replaces what is on record of it but its accounts.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn put_member(&mut self, member: &StoredMember) -> Result<(), StoreError> {
        let insert = Insert {
            table: "member",
            columns: MEMBER,
            conflict: Conflict::Update(&["gln"], &MEMBER[1..]),
            returning: &[],
        };
        let row = vec![
            cell(&member.gln),
            cell(&member.name),
            cell(&member.roles),
            cell(&member.endpoint),
            cell(&member.status),
            cell(&member.licence_expiry),
            cell(&member.undo_days),
            opt(member.signing_key.as_ref()),
            opt(member.sealing_key.as_ref()),
        ];
        self.connection().insert(&insert, vec![row]).await.map(drop)
    }

    /// Notes that an account acts for a member from a block on; it becomes the member's latest.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn put_account(
        &mut self,
        gln: Gln,
        account: Account,
        block: u64,
    ) -> Result<(), StoreError> {
        let delete = Query::delete()
            .from_table("member_account")
            .and_where(Expr::col("account").eq(val(&account)))
            .take();
        self.connection().run(&delete).await?;
        let insert = Insert {
            table: "member_account",
            columns: &["account", "gln", "added"],
            conflict: Conflict::Fail,
            returning: &[],
        };
        let row = vec![cell(&account), cell(&gln), cell(&block)];
        self.connection().insert(&insert, vec![row]).await.map(drop)
    }

    /// Notes that an account does not act for its member any more, from a block on. It stays on
    /// record, for what it did before.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn revoke_account(&mut self, account: Account, block: u64) -> Result<(), StoreError> {
        let update = Query::update()
            .table("member_account")
            .value("revoked", val(&block))
            .and_where(Expr::col("account").eq(val(&account)))
            .take();
        self.connection().run(&update).await.map(drop)
    }

    /// Notes who is the labeler of a product from a block on.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn put_product(
        &mut self,
        gtin: Gtin,
        gln: Gln,
        block: u64,
    ) -> Result<(), StoreError> {
        let insert = Insert {
            table: "product",
            columns: &["gtin", "since", "gln"],
            conflict: Conflict::Update(&["gtin", "since"], &["gln"]),
            returning: &[],
        };
        let row = vec![cell(&gtin), cell(&block), cell(&gln)];
        self.connection().insert(&insert, vec![row]).await.map(drop)
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
        let (roles, hindrance) = (member.roles_on(today), member.hindrance_on(today));
        let StoredMember { gln, name, endpoint, .. } = member;
        let accounts = Vec::new();
        members.insert(gln, MemberRecord { gln, name, roles, endpoint, accounts, hindrance });
    }
    let select = Query::select()
        .columns(["gln", "account"])
        .from("member_account")
        .and_where(Expr::col("revoked").is_null())
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
    let select = select_account(account).and_where(Expr::col("revoked").is_null()).take();
    connection.first(&select).await?.map(|row| row.get("gln")).transpose()
}

async fn member_behind(
    connection: &mut Connection<'_>,
    account: &Account,
) -> Result<Option<Gln>, StoreError> {
    connection.first(&select_account(account)).await?.map(|row| row.get("gln")).transpose()
}

fn select_account(account: &Account) -> SelectStatement {
    Query::select()
        .column("gln")
        .from("member_account")
        .and_where(Expr::col("account").eq(val(account)))
        .take()
}

async fn accounts_of(
    connection: &mut Connection<'_>,
    gln: &Gln,
) -> Result<Vec<StoredAccount>, StoreError> {
    let select = Query::select()
        .columns(["account", "gln", "added", "revoked"])
        .from("member_account")
        .and_where(Expr::col("gln").eq(val(gln)))
        .order_by("id", Order::Desc)
        .take();
    let account = |row: &Row| {
        Ok(StoredAccount {
            account: row.get("account")?,
            gln: row.get("gln")?,
            added: row.get("added")?,
            revoked: row.opt("revoked")?,
        })
    };
    connection.all(&select).await?.iter().map(account).collect()
}

/// All entries of products, so that of several on one product the last one stands.
fn select_products() -> SelectStatement {
    Query::select()
        .columns(["gtin", "gln"])
        .from("product")
        .order_by("gtin", Order::Asc)
        .order_by("since", Order::Asc)
        .take()
}

async fn labeler_of(
    connection: &mut Connection<'_>,
    gtins: &[Gtin],
) -> Result<HashMap<Gtin, Gln>, StoreError> {
    let gtins = dialect::numbers(gtins.iter().map(|gtin| gtin.value() as i64));
    let select = select_products().and_where(Expr::col("gtin").in_subquery(gtins)).take();
    connection.all(&select).await?.iter().map(product).collect()
}

async fn labeler_at(
    connection: &mut Connection<'_>,
    gtin: &Gtin,
    block: u64,
) -> Result<Option<Gln>, StoreError> {
    let select = Query::select()
        .column("gln")
        .from("product")
        .and_where(Expr::col("gtin").eq(val(gtin)))
        .and_where(Expr::col("since").lte(val(&block)))
        .order_by("since", Order::Desc)
        .limit(1)
        .take();
    connection.first(&select).await?.map(|row| row.get("gln")).transpose()
}

async fn labelers_of(connection: &mut Connection<'_>, gtin: Gtin) -> Result<Vec<Gln>, StoreError> {
    let select = Query::select()
        .column("gln")
        .from("product")
        .and_where(Expr::col("gtin").eq(val(&gtin)))
        .order_by("since", Order::Desc)
        .take();
    let mut labelers: Vec<Gln> = Vec::new();
    for row in connection.all(&select).await? {
        let gln = row.get("gln")?;
        if !labelers.contains(&gln) {
            labelers.push(gln);
        }
    }
    Ok(labelers)
}

async fn products(connection: &mut Connection<'_>) -> Result<BTreeMap<Gtin, Gln>, StoreError> {
    connection.all(&select_products()).await?.iter().map(product).collect()
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
        undo_days: row.get("undo_days")?,
        signing_key: row.opt("signing_key")?,
        sealing_key: row.opt("sealing_key")?,
    })
}
