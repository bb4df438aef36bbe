//! `/products/{gtin}/links`: where the Digital Links of this member's products lead to.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use theriac_gs1::Gtin;
use theriac_node::Node;
use theriac_store::ProductLink;
use utoipa::ToSchema;

use crate::access::Local;
use crate::body;
use crate::parameters::{Parameters, wrong};
use crate::problem::Problem;

/// A link of a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkEntry {
    /// What it leads to, a term of GS1's vocabulary such as `gs1:epil`; `gs1:defaultLink` is where a
    /// browser is led.
    pub link_type: String,
    /// The URL.
    pub href: String,
    /// Its title, for people.
    pub title: String,
    /// Media type of what is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// Language of what is there, such as `en` or `pt-BR`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
}

fn gtin(text: &str) -> Result<Gtin, Problem> {
    text.parse().map_err(|error| wrong(format!("gtin: {error}")))
}

/// The links of a product.
///
/// # Errors
///
/// [`ParameterWrong`](crate::ProblemCode::ParameterWrong).
pub(crate) async fn list(
    _: Local,
    State(node): State<Node>,
    Path(text): Path<String>,
) -> Result<Json<Vec<LinkEntry>>, Problem> {
    let links = node.product_links(gtin(&text)?).await?;
    Ok(Json(links.into_iter().map(LinkEntry::from).collect()))
}

/// Keeps a link; one of the same type and URL is replaced.
///
/// # Errors
///
/// [`BodyWrong`](crate::ProblemCode::BodyWrong),
/// [`ProductNotHere`](crate::ProblemCode::ProductNotHere).
pub(crate) async fn put(
    _: Local,
    State(node): State<Node>,
    Path(text): Path<String>,
    body::Json(link): body::Json<LinkEntry>,
) -> Result<(StatusCode, Json<LinkEntry>), Problem> {
    let link = ProductLink {
        gtin: gtin(&text)?,
        link_type: link.link_type,
        href: link.href,
        title: link.title,
        media_type: link.media_type,
        language: link.language,
    };
    let kept = node.put_product_link(&link).await?;
    Ok((StatusCode::CREATED, Json(kept.into())))
}

/// Forgets the links of a product: those of a type, those with a URL, or all.
///
/// # Errors
///
/// [`ParameterWrong`](crate::ProblemCode::ParameterWrong).
pub(crate) async fn delete(
    _: Local,
    State(node): State<Node>,
    Path(text): Path<String>,
    mut parameters: Parameters,
) -> Result<StatusCode, Problem> {
    let kind = parameters.text("linkType");
    let href = parameters.text("href");
    parameters.finish()?;
    node.delete_product_links(gtin(&text)?, kind.as_deref(), href.as_deref()).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<ProductLink> for LinkEntry {
    fn from(link: ProductLink) -> Self {
        let ProductLink { link_type, href, title, media_type, language, .. } = link;
        Self { link_type, href, title, media_type, language }
    }
}
