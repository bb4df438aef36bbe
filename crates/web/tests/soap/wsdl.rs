//! The WSDL: complete, and with the operations and faults of the published ones.

use std::collections::{BTreeMap, BTreeSet};

use axum::body::Body;

use crate::server::{Server, between};
use crate::suite::shared;

/// The faults of each operation of the port type of a WSDL, and the elements of its messages.
type Description = (BTreeMap<String, BTreeSet<String>>, BTreeSet<String>);

fn describe(wsdl: &str) -> Description {
    let attribute = |tag: &str, name: &str| {
        between(tag, &format!(" {name}=\""), "\"").map(str::to_owned).unwrap_or_default()
    };
    let port = &wsdl[wsdl.find("<wsdl:portType").unwrap()..wsdl.find("</wsdl:portType>").unwrap()];
    let operations = port.split("<wsdl:operation").skip(1).map(|operation| {
        let faults = operation.split("<wsdl:fault").skip(1).map(|fault| {
            let name = attribute(fault, "name");
            name.strip_suffix("Fault").unwrap_or(&name).to_owned()
        });
        (attribute(operation, "name"), faults.collect())
    });
    let elements = wsdl
        .split("<wsdl:part")
        .skip(1)
        .map(|part| attribute(part, "element").rsplit(':').next().unwrap().to_owned());
    (operations.collect(), elements.collect())
}

#[tokio::test]
async fn the_wsdl_names_all_operations_elements_and_this_host() {
    let server = Server::start().await;
    let host = [("host", "localhost:7340")];
    let answer = server.ask("GET", "/epcis/soap?wsdl", &host, Body::empty()).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "text/xml; charset=utf-8"));
    assert!(answer.text.contains("<soap:address location=\"http://localhost:7340/epcis/soap\"/>"));
    let (operations, elements) = describe(&answer.text);
    assert_eq!(operations.len(), 7);
    for element in elements {
        assert!(answer.text.contains(&format!("<xs:element name=\"{element}\"")), "{element}");
    }
}

#[tokio::test]
async fn operations_and_faults_are_those_of_the_published_wsdl() {
    let server = Server::start().await;
    let ours = describe(&server.ask("GET", "/epcis/soap?wsdl", &[], Body::empty()).await.text);
    let published = [
        "gs1-epcis/WSDL/EPCglobal-epcis-query-2_0.wsdl",
        "fastnt/src/FasTnT.Host/Communication/Xml/Artifacts/epcis1_2.wsdl",
    ];
    for name in published {
        let Some(path) = shared(name) else { continue };
        let mut theirs = describe(&std::fs::read_to_string(path).unwrap());
        // Declared, and faults of no operation.
        for unused in ["DuplicateNameException", "QueryValidationException"] {
            theirs.1.remove(unused);
        }
        assert_eq!(ours, theirs, "{name}");
    }
}
