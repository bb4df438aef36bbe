//! Requests of GS1 Lightweight Messaging as a wholesaler's own program sends them.

use reqwest::StatusCode;
use serde_json::Value;
use theriac_gs1::Sgtin;

use crate::events::Lot;
use crate::network::{Network, Who};

pub(crate) const UUID: &str = "1e5a4a4c-1d2b-4f3e-9a6b-0c1d2e3f4a5b";

/// What a node answered.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// The path and query about a unit as its label says it.
pub(crate) fn target(unit: &Sgtin, lot: &str, exp: &str, requester: Who) -> String {
    format!(
        "/verify/gtin/{}/lot/{lot}/ser/{}?exp={exp}&linkType=verificationService\
         &context=dscsaSaleableReturn&reqGLN={}&corrUUID={UUID}",
        unit.gtin,
        unit.serial,
        requester.gln()
    )
}

/// The same, as the label of a pack of `lot` is.
pub(crate) fn right_target(unit: &Sgtin, lot: &Lot, requester: Who) -> String {
    let exp = theriac_gs1::to_yymmdd(lot.expiry);
    target(unit, lot.id.lot.as_str(), &exp, requester)
}

impl Network {
    pub(crate) async fn ask(&self, who: Who, method: &str, target: &str) -> Answer {
        self.ask_with(who, method, target, &[]).await
    }

    pub(crate) async fn ask_with(
        &self,
        who: Who,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
    ) -> Answer {
        let client = reqwest::Client::builder();
        let client = client.redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let url = format!("{}{target}", self.url(who));
        let mut request = client.request(method.parse().unwrap(), url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        Answer { status, headers, text: response.text().await.unwrap() }
    }
}
