//! The WSDL of the service (EPCIS 1.2, section 11.2), written from the table of operations.
//!
//! The types of its messages stand in it. What the events and vocabularies of a result look like is
//! in the schemas of EPCIS 1.2, which it does not repeat.

use std::fmt::Write;

use super::exception::SoapException;
use super::markup::push_text;
use super::operation::Operation;

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<wsdl:definitions name="EPCISQueryService" targetNamespace="urn:epcglobal:epcis:wsdl:1"
    xmlns:tns="urn:epcglobal:epcis:wsdl:1" xmlns:epcisq="urn:epcglobal:epcis-query:xsd:1"
    xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/"
    xmlns:xs="http://www.w3.org/2001/XMLSchema">
"#;

const TYPES: &str = include_str!("wsdl/types.xml");

/// The WSDL of the service on this host, such as `localhost:7340`.
pub(super) fn write(host: &str) -> String {
    let mut out = HEAD.to_owned();
    out.push_str(TYPES);
    messages(&mut out);
    port_type(&mut out);
    binding(&mut out);
    service(&mut out, host);
    out.push_str("</wsdl:definitions>\n");
    out
}

/// Appends formatted text.
macro_rules! push {
    ($out:expr, $($format:tt)*) => {
        writeln!($out, $($format)*).expect("text takes text, because memory does not run out first")
    };
}

fn messages(out: &mut String) {
    let requests = Operation::ALL.iter().flat_map(|operation| {
        let name = operation.name();
        [
            (format!("{name}Request"), operation.request()),
            (format!("{name}Response"), operation.result()),
        ]
    });
    let faults =
        SoapException::ALL.iter().map(|each| (format!("{}Fault", each.word()), each.word()));
    for (name, element) in requests.chain(faults) {
        push!(out, "  <wsdl:message name=\"{name}\">");
        push!(out, "    <wsdl:part name=\"body\" element=\"epcisq:{element}\"/>");
        push!(out, "  </wsdl:message>");
    }
}

fn port_type(out: &mut String) {
    push!(out, "  <wsdl:portType name=\"EPCISQueryPort\">");
    for operation in Operation::ALL {
        let name = operation.name();
        push!(out, "    <wsdl:operation name=\"{name}\">");
        push!(out, "      <wsdl:input message=\"tns:{name}Request\"/>");
        push!(out, "      <wsdl:output message=\"tns:{name}Response\"/>");
        for exception in operation.exceptions() {
            let word = exception.word();
            push!(out, "      <wsdl:fault name=\"{word}\" message=\"tns:{word}Fault\"/>");
        }
        push!(out, "    </wsdl:operation>");
    }
    push!(out, "  </wsdl:portType>");
}

fn binding(out: &mut String) {
    push!(out, "  <wsdl:binding name=\"EPCISQueryBinding\" type=\"tns:EPCISQueryPort\">");
    push!(
        out,
        "    <soap:binding style=\"document\" transport=\"http://schemas.xmlsoap.org/soap/http\"/>"
    );
    for operation in Operation::ALL {
        push!(out, "    <wsdl:operation name=\"{}\">", operation.name());
        push!(out, "      <soap:operation soapAction=\"\"/>");
        push!(out, "      <wsdl:input><soap:body use=\"literal\"/></wsdl:input>");
        push!(out, "      <wsdl:output><soap:body use=\"literal\"/></wsdl:output>");
        for exception in operation.exceptions() {
            let word = exception.word();
            push!(
                out,
                "      <wsdl:fault name=\"{word}\"><soap:fault name=\"{word}\" use=\"literal\"/></wsdl:fault>"
            );
        }
        push!(out, "    </wsdl:operation>");
    }
    push!(out, "  </wsdl:binding>");
}

fn service(out: &mut String, host: &str) {
    let mut location = String::new();
    push_text(&mut location, &format!("http://{host}{}", super::PATH));
    push!(out, "  <wsdl:service name=\"EPCISQueryService\">");
    push!(out, "    <wsdl:port name=\"EPCISQuery\" binding=\"tns:EPCISQueryBinding\">");
    push!(out, "      <soap:address location=\"{location}\"/>");
    push!(out, "    </wsdl:port>");
    push!(out, "  </wsdl:service>");
}
