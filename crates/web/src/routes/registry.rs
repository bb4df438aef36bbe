//! `/members` and `/products`: the registry as this node has followed it, and additions to it.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use theriac_custody::{Account, Hash, MemberRecord, Role, Roles};
use theriac_gs1::{Gln, Gtin};
use theriac_node::{ActionReport, NewMember, Node, RegistryAction};
use utoipa::ToSchema;

use crate::access::Local;
use crate::body;
use crate::problem::{Problem, ProblemCode};

/// A member of the registry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MemberEntry {
    /// GLN of the organisation.
    #[schema(value_type = String, pattern = "^[0-9]{13}$")]
    pub gln: Gln,
    /// Its name.
    pub name: String,
    /// What it may do now.
    #[schema(value_type = Vec<String>)]
    pub roles: Vec<Role>,
    /// Base URL of its node.
    pub endpoint: String,
    /// The accounts that act for it.
    #[schema(value_type = Vec<String>)]
    pub accounts: Vec<Account>,
}

/// A member to be added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberRequest {
    /// GLN of the organisation.
    #[schema(value_type = String, pattern = "^[0-9]{13}$")]
    pub gln: Gln,
    /// Its name.
    pub name: String,
    /// What it may do.
    #[schema(value_type = Vec<String>)]
    pub roles: Vec<Role>,
    /// Last day of its licence; none for one without end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub licence_expiry: Option<Date>,
    /// Base URL of its node.
    pub endpoint: String,
    /// The account that acts for it.
    #[schema(value_type = String, pattern = "^0x[0-9a-fA-F]{40}$")]
    pub account: Account,
}

/// A product of the registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProductEntry {
    /// GTIN of the pack.
    #[schema(value_type = String, pattern = "^[0-9]{8,14}$")]
    pub gtin: Gtin,
    /// The member whose it is.
    #[schema(value_type = String, pattern = "^[0-9]{13}$")]
    pub labeler: Gln,
}

/// A product to be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductRequest {
    /// GTIN of the pack.
    #[schema(value_type = String, pattern = "^[0-9]{8,14}$")]
    pub gtin: Gtin,
    /// The member whose it is; the node's own member unless named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, pattern = "^[0-9]{13}$")]
    pub labeler: Option<Gln>,
}

/// A change of the registry or of the documents: an object with the field `action`, and the fields of
/// that action as `theriac-node` documents them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = Object)]
pub struct ActionRequest(pub RegistryAction);

/// What came of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ActionAnswer {
    /// The transaction; null if all was as asked already.
    #[schema(value_type = Option<String>, pattern = "^0x[0-9a-f]{64}$")]
    pub transaction: Option<Hash>,
    /// For a recovery that waits: from when on it can be executed, in seconds since 1970-01-01.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub executable_from: Option<u64>,
}

/// Makes a change; answered once its transaction is mined and followed.
///
/// # Errors
///
/// [`ProblemCode::LedgerRefused`].
pub(crate) async fn act(
    _: Local,
    State(node): State<Node>,
    body::Json(request): body::Json<ActionRequest>,
) -> Result<Json<ActionAnswer>, Problem> {
    let ActionReport { transaction, executable_from } = node.act(&request.0).await?;
    Ok(Json(ActionAnswer { transaction, executable_from }))
}

/// The members.
///
/// # Errors
///
/// [`ProblemCode::Internal`].
pub(crate) async fn members(
    _: Local,
    State(node): State<Node>,
) -> Result<Json<Vec<MemberEntry>>, Problem> {
    let members = node.members().await?;
    Ok(Json(members.into_iter().map(MemberEntry::from).collect()))
}

/// Adds a member; answered once its transaction is mined and followed.
///
/// # Errors
///
/// [`ProblemCode::LedgerRefused`].
pub(crate) async fn add_member(
    _: Local,
    State(node): State<Node>,
    body::Json(request): body::Json<MemberRequest>,
) -> Result<(StatusCode, Json<MemberRequest>), Problem> {
    if request.roles.is_empty() {
        return Err(Problem::new(ProblemCode::BodyWrong, "expected at least one role, found none"));
    }
    let member = NewMember {
        gln: request.gln,
        name: request.name.clone(),
        roles: request.roles.iter().copied().collect::<Roles>(),
        licence_expiry: request.licence_expiry,
        endpoint: request.endpoint.clone(),
        account: request.account,
    };
    node.add_member(&member).await?;
    Ok((StatusCode::CREATED, Json(request)))
}

/// The products.
///
/// # Errors
///
/// [`ProblemCode::Internal`].
pub(crate) async fn products(
    _: Local,
    State(node): State<Node>,
) -> Result<Json<Vec<ProductEntry>>, Problem> {
    let products = node.products().await?;
    let entry = |product: theriac_node::ProductRecord| ProductEntry {
        gtin: product.gtin,
        labeler: product.labeler,
    };
    Ok(Json(products.into_iter().map(entry).collect()))
}

/// Adds a product; answered once its transaction is mined and followed.
///
/// # Errors
///
/// [`ProblemCode::LedgerRefused`].
pub(crate) async fn add_product(
    _: Local,
    State(node): State<Node>,
    body::Json(request): body::Json<ProductRequest>,
) -> Result<(StatusCode, Json<ProductEntry>), Problem> {
    let labeler = request.labeler.unwrap_or_else(|| node.gln());
    node.add_product(request.gtin, request.labeler).await?;
    Ok((StatusCode::CREATED, Json(ProductEntry { gtin: request.gtin, labeler })))
}

impl From<MemberRecord> for MemberEntry {
    fn from(record: MemberRecord) -> Self {
        Self {
            gln: record.gln,
            name: record.name,
            roles: record.roles.iter().collect(),
            endpoint: record.endpoint,
            accounts: record.accounts,
        }
    }
}
