//! The GS1 Digital Link resolver.

use serde_json::{Value, json};

use crate::events::Lot;
use crate::network::{Network, Who};

#[tokio::test(flavor = "multi_thread")]
async fn a_code_leads_to_a_page_json_a_linkset_or_a_link() {
    let network = Network::of(&[Who::Maker]).await;
    let lot = Lot::lasting("A");
    let units = network.stock(&lot, 1).await;
    let pack = format!("/01/{}/21/{}", lot.id.gtin, units[0].serial);
    let get = async |target: &str, accept: &str| {
        network.ask_with(Who::Maker, "GET", target, &[("accept", accept)]).await
    };
    let page = get(&pack, "text/html,application/xhtml+xml,*/*;q=0.8").await;
    assert_eq!(page.status, 200);
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(page.header("content-security-policy").contains("default-src 'none'"));
    assert!(page.text.contains("This pack is genuine"), "{}", page.text);
    assert_eq!(page.header("access-control-allow-origin"), "*");
    assert!(page.header("link").contains("rel=\"linkset\""), "{}", page.header("link"));
    let json = get(&pack, "application/json").await.json();
    assert_eq!(json["verdict"], "genuine");
    let forged = get(&format!("/01/{}/21/x", lot.id.gtin), "application/json").await.json();
    assert_eq!(forged["verdict"], "not_genuine");

    // Links of the product: the leaflet in two languages, and where a browser is led.
    let links = format!("/products/{}/links", lot.id.gtin);
    for link in [
        json!({"link_type": "epil", "href": "https://maker.example/en", "title": "Leaflet", "language": "en"}),
        json!({"link_type": "gs1:epil", "href": "https://maker.example/fr", "title": "Notice", "language": "fr"}),
        json!({"link_type": "gs1:pip", "href": "https://maker.example/p?x=1", "title": "<b>About</b>"}),
    ] {
        let request = network.http.post(format!("{}{links}", network.url(Who::Maker))).json(&link);
        assert_eq!(request.send().await.unwrap().status(), 201, "{link}");
    }
    let leaflet = format!("{pack}?linkType=gs1:epil&a=b%20c");
    let french = network
        .ask_with(Who::Maker, "GET", &leaflet, &[("accept-language", "fr-CH, en;q=0.5")])
        .await;
    assert_eq!(french.status, 307);
    assert_eq!(french.header("location"), "https://maker.example/fr?linkType=gs1:epil&a=b%20c");
    let page = get(&pack, "text/html").await.text;
    assert!(page.contains("&lt;b&gt;About&lt;/b&gt;") && !page.contains("<b>"), "{page}");
    assert_eq!(get(&format!("{pack}?linkType=gs1:smpc"), "*/*").await.status, 404);
    let linkset = get(&pack, "application/linkset+json").await;
    assert_eq!(linkset.header("content-type"), "application/linkset+json");
    assert_eq!(get(&format!("{pack}?linkType=linkset"), "text/html").await.json(), linkset.json());
    check_linkset(&linkset.json());
    // A default link is where a browser is led, and JSON stays JSON.
    let default =
        json!({"link_type": "gs1:defaultLink", "href": "https://maker.example/", "title": "Maker"});
    let request = network.http.post(format!("{}{links}", network.url(Who::Maker))).json(&default);
    assert_eq!(request.send().await.unwrap().status(), 201);
    let led = get(&format!("{pack}?a=1"), "text/html").await;
    assert_eq!((led.status.as_u16(), led.header("location")), (307, "https://maker.example/?a=1"));
    assert_eq!(get(&pack, "application/json").await.json()["verdict"], "genuine");
    let gone =
        network.ask(Who::Maker, "DELETE", &format!("{links}?linkType=gs1:defaultLink")).await;
    assert_eq!(gone.status, 204);
    assert_eq!(get(&pack, "text/html").await.status, 200);
}

/// All that RFC 9264 and GS1 ask of a linkset.
fn check_linkset(linkset: &Value) {
    let sets = linkset["linkset"].as_array().unwrap();
    assert_eq!(sets.len(), 2, "the product's and the pack's");
    for set in sets {
        assert!(set["anchor"].as_str().unwrap().starts_with("http://"));
        for (name, links) in set.as_object().unwrap() {
            if name == "anchor" || name == "itemDescription" {
                continue;
            }
            assert!(name.starts_with("https://ref.gs1.org/voc/"), "{name}");
            for link in links.as_array().unwrap() {
                assert!(link["href"].is_string() && link["title"].is_string(), "{link}");
            }
        }
        assert!(set["https://ref.gs1.org/voc/defaultLink"].is_array(), "{set}");
    }
    assert_eq!(sets[0]["https://ref.gs1.org/voc/epil"].as_array().unwrap().len(), 2);
    assert_eq!(sets[0]["https://ref.gs1.org/voc/epil"][1]["hreflang"], json!(["fr"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_malformed_is_400_what_is_nobodys_404_and_methods_are_told() {
    let network = Network::of(&[Who::Maker, Who::Wholesaler]).await;
    let lot = Lot::lasting("A");
    let right = format!("/01/{}", lot.id.gtin);
    let status = async |method: &str, target: &str| {
        let answer = network.ask(Who::Maker, method, target).await;
        assert_eq!(answer.header("access-control-allow-origin"), "*", "{method} {target}");
        answer.status.as_u16()
    };
    for wrong in [
        "/01/09521321000012",
        "/01/123",
        "/01",
        "/gtin/x/lot/1",
        "/414/1",
        &format!("{right}/99/x"),
        &format!("{right}/21/a%zz"),
        &format!("{right}?linkType=a%20b"),
        &format!("{right}?17=991399"),
    ] {
        assert_eq!(status("GET", wrong).await, 400, "{wrong}");
    }
    assert_eq!(status("GET", &format!("/01/{}", Who::PharmacyB.gtin(1))).await, 404);
    assert_eq!(status("GET", &format!("/414/{}", Who::Maker.gln())).await, 404);
    assert_eq!(status("GET", &format!("{right}/")).await, 200, "a slash at the end is tolerated");
    assert_eq!(status("HEAD", &right).await, 200);
    assert_eq!(status("GET", &format!("{right}/10/A")).await, 200);
    for target in [right.clone(), format!("{right}/10/A"), format!("{right}/21/1")] {
        let answer = network.ask(Who::Maker, "OPTIONS", &target).await;
        assert_eq!(answer.status, 204, "{target}");
        assert_eq!(answer.header("allow"), "GET, HEAD, OPTIONS");
    }
    assert_eq!(network.ask(Who::Maker, "POST", &right).await.status, 405);
    assert_eq!(network.ask(Who::Maker, "POST", &format!("{right}/10/A")).await.status, 405);
    let head = network.ask(Who::Maker, "HEAD", &right).await;
    assert_eq!(head.text, "");
    let described = network.ask(Who::Maker, "GET", "/.well-known/gs1resolver").await.json();
    assert_eq!(described["resolverRoot"], network.url(Who::Maker));
    assert!(described["supportedPrimaryKeys"].as_array().unwrap().contains(&json!("01")));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_node_leads_to_the_node_of_the_labeler_and_to_its_verification_service() {
    let network = Network::of(&[Who::Maker, Who::Wholesaler]).await;
    let lot = Lot::lasting("A");
    let units = network.stock(&lot, 1).await;
    let pack = format!("/01/{}/21/{}", lot.id.gtin, units[0].serial);
    let led = network.ask(Who::Wholesaler, "GET", &pack).await;
    assert_eq!(
        (led.status.as_u16(), led.header("location")),
        (307, &*format!("{}{pack}", network.url(Who::Maker)))
    );
    // The lookup directory: a request as it goes to a resolver comes to the labeler's service.
    let query = format!(
        "exp=281231&linkType=verificationService&context=dscsaSaleableReturn&reqGLN={}&corrUUID={}",
        Who::Wholesaler.gln(),
        crate::request::UUID
    );
    let link = format!("/gtin/{}/lot/A/ser/{}?{query}", lot.id.gtin, units[0].serial);
    for who in [Who::Wholesaler, Who::Maker] {
        let led = network.ask(who, "GET", &link).await;
        assert_eq!(led.status, 307, "{}", led.text);
        let location = led.header("location").to_owned();
        assert_eq!(location, format!("{}/verify{link}", network.url(Who::Maker)));
        let answer = network.http.get(location).send().await.unwrap();
        let json: Value = answer.json().await.unwrap();
        assert_eq!(json["data"], json!({"verified": true}));
    }
    let check = format!("{link}&checkConnectivity=true");
    let led = network.ask(Who::Wholesaler, "GET", &check).await;
    let answer = network.http.get(led.header("location")).send().await.unwrap();
    let json: Value = answer.json().await.unwrap();
    assert_eq!(json, json!({"responderGLN": Who::Maker.gln().to_string()}));
}
