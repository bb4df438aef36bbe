//! The page that a browser gets: plain HTML with the public verdict and the product's links.

use std::fmt::Write;

use theriac_gs1::Identifier;
use theriac_node::{Node, PublicCode, PublicVerdict};
use theriac_store::ProductLink;

use super::read::Requested;

const STYLE: &str = "body{font:1.1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:2rem auto;padding:0 1rem}\
h1{font-size:1.6rem}.genuine{color:#0a6b2c}.not_genuine,.withdrawn{color:#b00020}dt{font-weight:bold}";

/// The page about a product, a lot or a pack.
pub(super) fn page(
    node: &Node,
    requested: &Requested,
    verdict: Option<&PublicVerdict>,
    links: &[ProductLink],
) -> String {
    let (class, heading) = match verdict.map(|verdict| verdict.verdict) {
        Some(PublicCode::Genuine) => ("genuine", "This pack is genuine"),
        Some(PublicCode::NotGenuine) => ("not_genuine", "This pack is not genuine"),
        Some(PublicCode::Withdrawn) => ("withdrawn", "This pack is withdrawn"),
        Some(PublicCode::Unknown) => ("unknown", "Nobody can say anything about this pack now"),
        None => ("product", "About this product"),
    };
    let mut html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{heading}</title>\n\
         <style>{STYLE}</style>\n<h1 class=\"{class}\">{heading}</h1>\n"
    );
    if let Some(verdict) = verdict {
        let (reason, what_to_do) = (escaped(&verdict.reason), escaped(&verdict.what_to_do));
        let _ = writeln!(html, "<p>Because {reason}.</p>\n<p>What to do: {what_to_do}.</p>");
    }
    html.push_str("<dl>\n");
    let mut row = |name: &str, value: &str| {
        let _ = writeln!(html, "<dt>{name}</dt><dd>{}</dd>", escaped(value));
    };
    row("Manufacturer", &node.config().name);
    if let Some(gtin) = requested.gtin() {
        row("GTIN", &gtin.to_string());
    }
    if let Identifier::Sgtin(unit) = &requested.id {
        row("Serial number", unit.serial.as_str());
    }
    html.push_str("</dl>\n");
    let leaflets = links.iter().filter(|link| link.link_type != "gs1:defaultLink");
    let items: String = leaflets.map(item).collect();
    if !items.is_empty() {
        let _ = writeln!(html, "<ul>\n{items}</ul>");
    }
    html
}

fn item(link: &ProductLink) -> String {
    let (href, title) = (escaped(&link.href), escaped(&link.title));
    let language = link.language.as_ref().map(|it| format!(" hreflang=\"{}\"", escaped(it)));
    format!("<li><a href=\"{href}\"{}>{title}</a></li>\n", language.unwrap_or_default())
}

/// Text as it stands in HTML, also within an attribute.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for found in text.chars() {
        match found {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            found if found.is_control() => {}
            found => escaped.push(found),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_others_makes_no_markup() {
        assert_eq!(
            escaped("<b a=\"1\" c='2'>&\u{7}"),
            "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;"
        );
    }
}
