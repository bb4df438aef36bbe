//! Who answers for other labelers' products, and where the codes of one's own lead to, by command.

use serde_json::json;

use super::program::{Folder, commissioning, packs};

const CODE: &str = "(01)09521346000017(17)281231(10)A1(21)1";

#[test]
fn a_responder_is_named_asked_archived_and_forgotten() {
    let folder = Folder::new();
    // Nothing listens there.
    let route = ["verifications", "route", "--gtin", "09521346000017", "--gln", "9521346000017"];
    let more = ["--url", "http://127.0.0.1:9", "--contact", "+1 555 0100"];
    folder.run([&route[..], &more[..]].concat()).exits(0);
    let listed = folder.run(["verifications", "responders", "--json"]).exits(0).json();
    assert_eq!(listed[0][0]["contact"], "+1 555 0100");
    let asked = folder.run(["verifications", "ask", CODE]).exits(1);
    assert!(asked.out.starts_with("UNKNOWN\n"), "{}", asked.out);
    assert!(
        asked.out.contains("+1 555 0100 (GLN 9521346000017): it could not be reached"),
        "{}",
        asked.out
    );
    assert!(asked.out.contains("answer due"), "{}", asked.out);
    let archive = folder.run(["verifications", "list", "--asked", "--json"]).exits(0).json();
    let target = archive[0][0]["request"].as_str().unwrap().to_owned();
    assert!(target.starts_with("/verify/gtin/09521346000017/lot/A1/ser/1?exp=281231&"), "{target}");
    let told = folder.run(["verifications"]).exits(0);
    assert!(told.out.contains("could not be reached"), "{}", told.out);
    folder.run(["verifications", "forget", "09521346000017"]).exits(0);
    let listed = folder.run(["verifications", "responders", "--json"]).exits(0).json();
    assert_eq!(listed[0], json!([]));
}

#[test]
fn links_of_a_product_are_set_listed_and_forgotten() {
    let folder = Folder::with_products();
    let pack = packs(&commissioning(400)[0])[0].clone();
    let gtin = pack.split("/01/").nth(1).unwrap()[..14].to_owned();
    let href = "https://maker.example/leaflet";
    let words = ["product", "link", &gtin, href, "--type", "epil", "--title", "Leaflet"];
    folder.run(words).exits(0);
    let links = folder.run(["product", "links", &gtin, "--json"]).exits(0).json();
    assert_eq!(links[0], json!([{"link_type": "gs1:epil", "href": href, "title": "Leaflet"}]));
    let others =
        ["product", "link", "09521346000017", href, "--type", "epil", "--title", "Leaflet"];
    let refused = folder.run(others).exits(3);
    assert!(refused.err.contains("expected a GTIN of this member"), "{}", refused.err);
    folder.run(["product", "unlink", &gtin, "--type", "gs1:epil"]).exits(0);
    let links = folder.run(["product", "links", &gtin, "--json"]).exits(0).json();
    assert_eq!(links[0], json!([]));
}
