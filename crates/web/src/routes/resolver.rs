//! The GS1 Digital Link resolver: what the code on a pack of this member's leads to.
//!
//! A browser gets a page with the public verdict, a program JSON; `linkType` and `Accept` select a
//! link, or all of them as a linkset (RFC 9264). Packs of another member's lead to that member's node,
//! which the registry names.

mod linkset;
mod page;
mod read;

pub(crate) use read::is_digital_link;

use axum::Json;
use axum::extract::State;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde_json::{Value, json};
use theriac_gs1::Identifier;
use theriac_node::{Asker, Node, PublicVerdict, link_type};
use theriac_store::ProductLink;

use crate::access::is_local;
use crate::problem::{Problem, ProblemCode};
use crate::routes::verify::public_verdict;
use linkset::LINKSET_MEDIA_TYPE;
use read::{Requested, Wanted};

/// Methods of the paths of the resolver.
const METHODS: &str = "GET, HEAD, OPTIONS";

/// Where a Digital Link leads.
///
/// # Errors
///
/// 400 for a URI that is no Digital Link, 404 for what is not known here or a link that is not there,
/// 429 for who guesses.
pub(crate) async fn resolve(State(node): State<Node>, parts: Parts) -> Response {
    let answer = match parts.method {
        Method::GET | Method::HEAD => answer(&node, &parts).await,
        Method::OPTIONS => Ok(StatusCode::NO_CONTENT.into_response()),
        _ => Err(Problem::new(
            ProblemCode::MethodNotAllowed,
            format!("a Digital Link does not take {}", parts.method),
        )),
    };
    open_to_all(answer.unwrap_or_else(IntoResponse::into_response))
}

/// What the resolver is and can do.
pub(crate) async fn description(State(node): State<Node>) -> Response {
    open_to_all(Json(linkset::description(&node)).into_response())
}

/// Pages of other sites may ask, and see where it leads.
fn open_to_all(mut response: Response) -> Response {
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value| headers.insert(name, HeaderValue::from_static(value));
    set(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    set(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
    set(header::ACCESS_CONTROL_ALLOW_HEADERS, "Accept, Accept-Language");
    set(header::ACCESS_CONTROL_EXPOSE_HEADERS, "Link, Location, Retry-After");
    set(header::ALLOW, METHODS);
    set(header::VARY, "Accept, Accept-Language");
    response
}

async fn answer(node: &Node, parts: &Parts) -> Result<Response, Problem> {
    let requested = Requested::read(parts, year(node))?;
    let Some(gtin) = requested.gtin() else { return other_key(node, parts, &requested).await };
    if !node.is_own_product(gtin).await? {
        return elsewhere(node, parts, &requested).await;
    }
    let links = node.product_links(gtin).await?;
    let mut response = match &requested.wanted {
        Wanted::Linkset => {
            let set = linkset::linkset(node, &requested, &links);
            let mut response = Json(set).into_response();
            set_type(response.headers_mut(), LINKSET_MEDIA_TYPE);
            response
        }
        Wanted::Link(kind) if kind == "gs1:verificationService" => {
            let base = node.config().url();
            redirect(&requested.verification(base.trim_end_matches('/')))?
        }
        Wanted::Link(kind) => match choose(&links, kind, &parts.headers) {
            Some(link) => redirect(&requested.passed_on(&link.href))?,
            None if kind == "gs1:defaultLink" => here(node, parts, &requested, &links).await?,
            None => return Err(no_such_link(kind)),
        },
        Wanted::Json => here(node, parts, &requested, &links).await?,
        Wanted::Default => match choose(&links, "gs1:defaultLink", &parts.headers) {
            Some(link) => redirect(&requested.passed_on(&link.href))?,
            None => here(node, parts, &requested, &links).await?,
        },
    };
    let anchor = linkset::anchor(node, &requested);
    let link =
        format!("<{anchor}?linkType=linkset>; rel=\"linkset\"; type=\"{LINKSET_MEDIA_TYPE}\"");
    if let Ok(link) = HeaderValue::from_str(&link) {
        response.headers_mut().insert(header::LINK, link);
    }
    Ok(response)
}

/// The answer of this node itself: a page or JSON, with the public verdict where the link names a pack.
async fn here(
    node: &Node,
    parts: &Parts,
    requested: &Requested,
    links: &[ProductLink],
) -> Result<Response, Problem> {
    let verdict = match &requested.id {
        Identifier::Sgtin(_) => Some(public_verdict(node, &requested.uri, parts).await?),
        _ => None,
    };
    if requested.wanted == Wanted::Json {
        return Ok(Json(as_json(requested, verdict.as_ref(), links)).into_response());
    }
    let mut response = Html(page::page(node, requested, verdict.as_ref(), links)).into_response();
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value| headers.insert(name, HeaderValue::from_static(value));
    set(header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'");
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "no-referrer");
    set(header::CACHE_CONTROL, "private, no-cache");
    Ok(response)
}

fn as_json(requested: &Requested, verdict: Option<&PublicVerdict>, links: &[ProductLink]) -> Value {
    let links: Vec<Value> = links
        .iter()
        .map(|link| json!({ "linkType": link.link_type, "href": link.href, "title": link.title }))
        .collect();
    let mut json = json!({ "identifier": requested.id.digital_link(), "links": links });
    if let Some(verdict) = verdict {
        json["verdict"] = json!(verdict.verdict);
        json["reason"] = json!(verdict.reason);
        json["what_to_do"] = json!(verdict.what_to_do);
    }
    json
}

/// A product of another member leads to that member's node; one of nobody's leads nowhere.
async fn elsewhere(node: &Node, parts: &Parts, requested: &Requested) -> Result<Response, Problem> {
    let unknown = || {
        let id = requested.id.digital_link();
        Problem::new(ProblemCode::ProductNotHere, format!("nobody here answers for {id}"))
    };
    let gtin = requested.gtin().ok_or_else(unknown)?;
    if requested.wanted == Wanted::Link("gs1:verificationService".to_owned()) {
        let service = node.service_of(gtin, requested.expiry).await?.ok_or_else(unknown)?;
        return redirect(&requested.verification(&service));
    }
    let home = node.home_of(gtin).await?.ok_or_else(unknown)?;
    let target = parts.uri.path_and_query().map_or("/", |target| target.as_str());
    redirect(&format!("{home}{target}"))
}

/// What is in a logistic unit is told to its holder's own programs alone; of other keys nothing is
/// known here.
async fn other_key(node: &Node, parts: &Parts, requested: &Requested) -> Result<Response, Problem> {
    if matches!(requested.id, Identifier::Sscc(_)) && is_local(parts) {
        let report = node.verify(&requested.uri, Asker::Here).await?;
        return Ok(Json(report).into_response());
    }
    let id = requested.id.digital_link();
    Err(Problem::new(ProblemCode::ProductNotHere, format!("nobody here answers for {id}")))
}

/// The year by the node's clock, for the century of dates.
fn year(node: &Node) -> i16 {
    node.now().to_zoned(jiff::tz::TimeZone::UTC).year()
}

fn no_such_link(kind: &str) -> Problem {
    Problem::new(ProblemCode::ProductNotHere, format!("expected a link {kind}, found none"))
        .with_hint("linkType=linkset lists the links that there are")
}

/// 307: the next request to the same link may lead elsewhere.
fn redirect(location: &str) -> Result<Response, Problem> {
    let value = HeaderValue::from_str(location).map_err(|error| Problem::internal(&error))?;
    let mut response = StatusCode::TEMPORARY_REDIRECT.into_response();
    response.headers_mut().insert(header::LOCATION, value);
    Ok(response)
}

fn set_type(headers: &mut HeaderMap, media_type: &'static str) {
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
}

/// The link of a type: in the language that the client likes best, else the first one.
fn choose<'a>(
    links: &'a [ProductLink],
    kind: &str,
    headers: &HeaderMap,
) -> Option<&'a ProductLink> {
    let kind = link_type(kind)?;
    let of_kind = || links.iter().filter(|link| link.link_type == kind);
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let mut languages: Vec<(&str, f32)> = accepted
        .unwrap_or_default()
        .split(',')
        .map(|range| {
            let (name, quality) = range.split_once(";q=").unwrap_or((range, "1"));
            (name.trim(), quality.trim().parse().unwrap_or(0.0))
        })
        .filter(|(name, quality)| !name.is_empty() && *quality > 0.0)
        .collect();
    languages.sort_by(|a, b| b.1.total_cmp(&a.1));
    let speaks = |link: &ProductLink, wanted: &str| {
        let language = link.language.as_deref().unwrap_or_default();
        let main = language.split('-').next().unwrap_or_default();
        language.eq_ignore_ascii_case(wanted)
            || main.eq_ignore_ascii_case(wanted.split('-').next().unwrap_or_default())
    };
    languages
        .iter()
        .find_map(|(wanted, _)| of_kind().find(|link| speaks(link, wanted)))
        .or_else(|| of_kind().next())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(href: &str, language: Option<&str>) -> ProductLink {
        ProductLink {
            gtin: theriac_gs1::Gtin::from_body(952_132_100_001).unwrap(),
            link_type: "gs1:epil".to_owned(),
            href: href.to_owned(),
            title: "Leaflet".to_owned(),
            media_type: None,
            language: language.map(str::to_owned),
        }
    }

    #[test]
    fn a_link_is_chosen_by_language() {
        let links = [link("en", Some("en")), link("fr", Some("fr")), link("pt", Some("pt-BR"))];
        let chosen = |accepted: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, accepted.parse().unwrap());
            choose(&links, "epil", &headers).map(|link| link.href.as_str())
        };
        for (accepted, expected) in [
            ("", "en"),
            ("fr", "fr"),
            ("fr-CH, en;q=0.5", "fr"),
            ("en;q=0.5, pt;q=0.9", "pt"),
            ("de, fr;q=0.1", "fr"),
            ("de", "en"),
            ("fr;q=0", "en"),
            ("*", "en"),
        ] {
            assert_eq!(chosen(accepted), Some(expected), "{accepted}");
        }
        assert!(choose(&links, "gs1:pip", &HeaderMap::new()).is_none());
    }
}
