//! Links of this member's products: where their GS1 Digital Links lead to.

use reqwest::Url;
use theriac_gs1::Gtin;
use theriac_store::ProductLink;

use crate::error::NodeError;
use crate::node::Node;

/// Links of one product at most.
const LINKS_MAX: usize = 100;

/// Longest text of a link, in bytes.
const TEXT_BYTES_MAX: usize = 2_000;

/// GS1's vocabulary, in the forms that name its terms.
const VOCABULARIES: [&str; 4] =
    ["gs1:", "https://ref.gs1.org/voc/", "https://gs1.org/voc/", "https://www.gs1.org/voc/"];

/// Why a link cannot be kept.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// The product is another member's, or nobody's.
    #[error("expected a GTIN of this member, found {gtin}")]
    NotOurs {
        /// The product.
        gtin: Gtin,
    },
    /// The type is no term of GS1's vocabulary.
    #[error("expected a link type such as gs1:epil, found {found:?}")]
    Type {
        /// The type.
        found: String,
    },
    /// The URL is not one of the web.
    #[error("expected a URL that begins with https:// or http://, found {found:?}")]
    Url {
        /// The URL.
        found: String,
    },
    /// A text is empty, too long, or of another form.
    #[error("expected {expected} in {name}, found {found:?}")]
    Text {
        /// The field.
        name: &'static str,
        /// What is right there.
        expected: &'static str,
        /// The text.
        found: String,
    },
    /// The product has as many links as it may have.
    #[error("expected at most {LINKS_MAX} links of a product, found more")]
    TooMany,
    /// The node could not keep it.
    #[error(transparent)]
    Node(#[from] NodeError),
}

impl From<theriac_store::StoreError> for LinkError {
    fn from(error: theriac_store::StoreError) -> Self {
        Self::Node(error.into())
    }
}

/// The term of GS1's vocabulary as `gs1:epil`, from any form of it; `None` if it is none.
#[must_use]
pub fn link_type(text: &str) -> Option<String> {
    let name = VOCABULARIES.iter().find_map(|head| text.strip_prefix(head)).unwrap_or(text);
    let right =
        (1..=60).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    right.then(|| format!("gs1:{name}"))
}

impl Node {
    /// Whether a product is this member's, by the registry.
    ///
    /// # Errors
    ///
    /// [`NodeError::Store`].
    pub async fn is_own_product(&self, gtin: Gtin) -> Result<bool, NodeError> {
        let labeler = self.inner().store.labeler_of(&[gtin]).await?;
        Ok(labeler.get(&gtin) == Some(&self.gln()))
    }

    /// The links of a product.
    ///
    /// # Errors
    ///
    /// [`NodeError::Store`].
    pub async fn product_links(&self, gtin: Gtin) -> Result<Vec<ProductLink>, NodeError> {
        Ok(self.inner().store.product_links(gtin).await?)
    }

    /// Keeps a link; one of the same product, type and URL is replaced.
    ///
    /// # Errors
    ///
    /// [`LinkError`].
    pub async fn put_product_link(&self, link: &ProductLink) -> Result<ProductLink, LinkError> {
        let link = checked(link)?;
        if !self.is_own_product(link.gtin).await? {
            return Err(LinkError::NotOurs { gtin: link.gtin });
        }
        let mut tx = self.inner().store.write().await?;
        let others = tx.product_links(link.gtin).await?;
        let is_new =
            |other: &ProductLink| (&other.link_type, &other.href) != (&link.link_type, &link.href);
        if others.len() >= LINKS_MAX && others.iter().all(is_new) {
            return Err(LinkError::TooMany);
        }
        tx.put_product_link(&link).await?;
        tx.commit().await?;
        Ok(link)
    }

    /// Forgets the links of a product of one type, or with one URL, or all; how many there were.
    ///
    /// # Errors
    ///
    /// [`LinkError::Type`].
    pub async fn delete_product_links(
        &self,
        gtin: Gtin,
        kind: Option<&str>,
        href: Option<&str>,
    ) -> Result<u64, LinkError> {
        let kind = match kind {
            None => None,
            Some(text) => {
                Some(link_type(text).ok_or_else(|| LinkError::Type { found: cut(text) })?)
            }
        };
        let mut tx = self.inner().store.write().await?;
        let deleted = tx.delete_product_links(gtin, kind.as_deref(), href).await?;
        tx.commit().await?;
        Ok(deleted)
    }

    /// Base URL of the service that answers verification requests about a product of another member,
    /// or of one that the directory of this node has; `None` if nobody does.
    ///
    /// # Errors
    ///
    /// [`NodeError::Store`].
    pub async fn service_of(
        &self,
        gtin: Gtin,
        expiry: Option<jiff::civil::Date>,
    ) -> Result<Option<String>, NodeError> {
        Ok(self.routes(gtin, expiry).await?.into_iter().next().map(|route| route.url))
    }

    /// Base URL of the node of the member whose product it is, if that is another one.
    ///
    /// # Errors
    ///
    /// [`NodeError::Store`].
    pub async fn home_of(&self, gtin: Gtin) -> Result<Option<String>, NodeError> {
        let store = &self.inner().store;
        let labeler = store.labeler_of(&[gtin]).await?.remove(&gtin);
        let Some(gln) = labeler.filter(|gln| *gln != self.gln()) else { return Ok(None) };
        let member = store.stored_member(&gln).await?;
        let endpoint = member.map(|member| member.endpoint.trim_end_matches('/').to_owned());
        Ok(endpoint.filter(|it| crate::exchange::partner::address(it, "/").is_some()))
    }
}

/// The link with its type in the one form, if all of it is right.
fn checked(link: &ProductLink) -> Result<ProductLink, LinkError> {
    let found = cut(&link.link_type);
    let link_type = link_type(&link.link_type).ok_or(LinkError::Type { found })?;
    let url = Url::parse(&link.href).ok().filter(|url| matches!(url.scheme(), "https" | "http"));
    if url.is_none() || link.href.len() > TEXT_BYTES_MAX || !link.href.is_ascii() {
        return Err(LinkError::Url { found: cut(&link.href) });
    }
    let wrong = |name, expected, found: &str| LinkError::Text { name, expected, found: cut(found) };
    if link.title.trim().is_empty() || link.title.len() > TEXT_BYTES_MAX {
        return Err(wrong("title", "a title", &link.title));
    }
    let is_token = |text: &&String| {
        let byte = |byte: u8| byte.is_ascii_alphanumeric() || b"-+./;= ".contains(&byte);
        (1..=100).contains(&text.len()) && text.bytes().all(byte)
    };
    if let Some(text) =
        link.media_type.as_ref().filter(|text| !is_token(text) || !text.contains('/'))
    {
        return Err(wrong("media_type", "a media type such as text/html", text));
    }
    if let Some(text) = link.language.as_ref().filter(|text| !is_language(text)) {
        return Err(wrong("language", "a language such as en or pt-BR", text));
    }
    Ok(ProductLink { link_type, ..link.clone() })
}

/// Two letters, with or without two more for the country, as GS1's schema of linksets has it.
fn is_language(text: &str) -> bool {
    let mut parts = text.split('-');
    let two = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_alphabetic());
    parts.next().is_some_and(two) && parts.next().is_none_or(two) && parts.next().is_none()
}

fn cut(text: &str) -> String {
    text.chars().take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link() -> ProductLink {
        ProductLink {
            gtin: Gtin::from_body(952_132_100_001).unwrap(),
            link_type: "https://ref.gs1.org/voc/epil".to_owned(),
            href: "https://maker.example/leaflet".to_owned(),
            title: "Leaflet".to_owned(),
            media_type: Some("text/html".to_owned()),
            language: Some("pt-BR".to_owned()),
        }
    }

    #[test]
    fn a_type_has_one_form() {
        assert_eq!(checked(&link()).unwrap().link_type, "gs1:epil");
        assert_eq!(link_type("pip").as_deref(), Some("gs1:pip"));
        for wrong in ["", "gs1:", "gs1:a b", "https://example.org/epil"] {
            assert_eq!(link_type(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_could_do_harm_is_refused() {
        for href in
            ["javascript:alert(1)", "maker.example", "", "data:text/html,x", "https://ä.example/"]
        {
            let link = ProductLink { href: href.to_owned(), ..link() };
            assert!(matches!(checked(&link), Err(LinkError::Url { .. })), "{href}");
        }
        for (media_type, language) in [("html", "en"), ("a/b\r\nx", "en"), ("a/b", "english")] {
            let (media_type, language) = (Some(media_type.to_owned()), Some(language.to_owned()));
            let link = ProductLink { media_type, language, ..link() };
            assert!(matches!(checked(&link), Err(LinkError::Text { .. })), "{link:?}");
        }
    }
}
