//! Linksets (RFC 9264), and the description of the resolver.

use serde_json::{Map, Value, json};
use theriac_custody::lightweight::SALEABLE_RETURN;
use theriac_gs1::Identifier;
use theriac_node::Node;
use theriac_store::ProductLink;

use super::read::Requested;

/// Media type of a linkset.
pub(super) const LINKSET_MEDIA_TYPE: &str = "application/linkset+json";

/// Where the terms of GS1's vocabulary are.
const VOCABULARY: &str = "https://ref.gs1.org/voc/";

/// The base URL of this resolver.
fn root(node: &Node) -> String {
    node.config().url().trim_end_matches('/').to_owned()
}

/// The Digital Link of what is asked about, at this resolver.
pub(super) fn anchor(node: &Node, requested: &Requested) -> String {
    at(&root(node), &requested.id)
}

fn at(root: &str, id: &Identifier) -> String {
    let link = id.digital_link();
    let path = link.strip_prefix("https://id.gs1.org").unwrap_or(&link);
    format!("{root}{path}")
}

/// All links of what is asked about: those of the product, and those of the lot or pack itself.
pub(super) fn linkset(node: &Node, requested: &Requested, links: &[ProductLink]) -> Value {
    let root = root(node);
    let mut sets = Vec::new();
    if let Some(gtin) = requested.gtin() {
        sets.push(of_product(&root, &Identifier::Gtin(gtin), links));
    }
    if !matches!(requested.id, Identifier::Gtin(_)) {
        let page = at(&root, &requested.id);
        sets.push(json!({
            "anchor": page,
            "itemDescription": "This lot or pack",
            format!("{VOCABULARY}defaultLink"): [{ "href": page, "title": "Is this pack genuine?" }],
        }));
    }
    json!({ "linkset": sets })
}

fn of_product(root: &str, product: &Identifier, links: &[ProductLink]) -> Value {
    let page = at(root, product);
    let mut set = Map::new();
    set.insert("anchor".to_owned(), page.clone().into());
    set.insert("itemDescription".to_owned(), format!("Product {}", product.key()).into());
    for link in links {
        let name = link.link_type.strip_prefix("gs1:").unwrap_or(&link.link_type);
        let mut target = json!({ "href": link.href, "title": link.title });
        if let Some(media_type) = &link.media_type {
            target["type"] = media_type.as_str().into();
        }
        if let Some(language) = &link.language {
            target["hreflang"] = json!([language]);
        }
        let targets = set.entry(format!("{VOCABULARY}{name}")).or_insert_with(|| json!([]));
        if let Value::Array(targets) = targets {
            targets.push(target);
        }
    }
    let verify = json!([{
        "href": format!("{root}/verify"),
        "title": "GS1 Lightweight Messaging",
        "type": "application/json",
        "context": [SALEABLE_RETURN],
    }]);
    set.entry(format!("{VOCABULARY}verificationService")).or_insert(verify);
    let page = json!([{ "href": page, "title": "About this product", "type": "text/html" }]);
    set.entry(format!("{VOCABULARY}defaultLink")).or_insert(page);
    Value::Object(set)
}

/// The description file, `/.well-known/gs1resolver`.
pub(super) fn description(node: &Node) -> Value {
    json!({
        "name": format!("Products of {}", node.config().name),
        "resolverRoot": root(node),
        "supportedLinkType": [{ "namespace": VOCABULARY, "prefix": "gs1:" }],
        "supportedPrimaryKeys": ["01", "00"],
        "supportedContextValuesEnumerated": [SALEABLE_RETURN],
        "linkTypeDefaultCanBeLinkset": false,
        "supportsLanguageVariants": true,
        "supportsSemanticInterpretation": false,
        "validatesAIcombinations": true,
        "contact": { "fn": node.config().name },
    })
}
