//! Links of products: where a GS1 Digital Link of one leads to.

use sea_query::{Expr, ExprTrait, Order, Query};
use theriac_gs1::Gtin;

use crate::column::{cell, opt, val};
use crate::connection::{Conflict, Connection, Insert, Row};
use crate::error::StoreError;
use crate::store::{WriteTx, reads};

/// A link of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductLink {
    /// The product.
    pub gtin: Gtin,
    /// What it leads to, a term of GS1's vocabulary such as `gs1:epil`.
    pub link_type: String,
    /// The URL.
    pub href: String,
    /// Its title, for people.
    pub title: String,
    /// Media type of what is there.
    pub media_type: Option<String>,
    /// Language of what is there, such as `en` or `pt-BR`.
    pub language: Option<String>,
}

reads! {
    /// The links of a product, in the order in which they were put on record.
    statement fn product_links(gtin: Gtin) -> Vec<ProductLink>;
}

const COLUMNS: &[&str] = &["gtin", "link_type", "href", "title", "media_type", "language"];

impl WriteTx {
    /// Puts a link on record; one of the same product, type and URL is replaced.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn put_product_link(&mut self, link: &ProductLink) -> Result<(), StoreError> {
        let insert = Insert {
            table: "product_link",
            columns: COLUMNS,
            conflict: Conflict::Update(
                &["gtin", "link_type", "href"],
                &["title", "media_type", "language"],
            ),
            returning: &[],
        };
        let row = vec![
            cell(&link.gtin),
            cell(&link.link_type),
            cell(&link.href),
            cell(&link.title),
            opt(link.media_type.as_ref()),
            opt(link.language.as_ref()),
        ];
        self.connection().insert(&insert, vec![row]).await.map(drop)
    }

    /// Forgets the links of a product of one type, or with one URL; how many there were.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn delete_product_links(
        &mut self,
        gtin: Gtin,
        link_type: Option<&str>,
        href: Option<&str>,
    ) -> Result<u64, StoreError> {
        let delete = Query::delete()
            .from_table("product_link")
            .and_where(Expr::col("gtin").eq(val(&gtin)))
            .and_where_option(link_type.map(|link_type| Expr::col("link_type").eq(link_type)))
            .and_where_option(href.map(|href| Expr::col("href").eq(href)))
            .take();
        self.connection().run(&delete).await
    }
}

async fn product_links(
    connection: &mut Connection<'_>,
    gtin: Gtin,
) -> Result<Vec<ProductLink>, StoreError> {
    let select = Query::select()
        .columns(COLUMNS.iter().copied())
        .from("product_link")
        .and_where(Expr::col("gtin").eq(val(&gtin)))
        .order_by("id", Order::Asc)
        .take();
    connection.all(&select).await?.iter().map(record).collect()
}

fn record(row: &Row) -> Result<ProductLink, StoreError> {
    Ok(ProductLink {
        gtin: row.get("gtin")?,
        link_type: row.get("link_type")?,
        href: row.get("href")?,
        title: row.get("title")?,
        media_type: row.opt("media_type")?,
        language: row.opt("language")?,
    })
}
