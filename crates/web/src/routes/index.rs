//! `GET /`: what there is.

use axum::extract::State;
use theriac_node::Node;

const PATHS: &str = "\
anybody
  GET  /health                  state of the node and its ledger
  GET  /verify?code=...         is this pack genuine, and may it be dispensed now?
  GET  /trace?code=...          where has it been?
members, by signature
  POST /exchange/shipments      a shipment's events and manifest
programs on this machine
  POST /epcis/capture           an EPCIS document, JSON or XML, of any length
  GET  /epcis/capture           captures, newest first
  GET  /epcis/capture/{id}      what became of each event of a capture
  GET  /epcis/events            events as an EPCIS 2.0 query document
  GET  /events                  events with their state and transaction
  GET  /cases                   events that wait for somebody to act
  POST /recall                  recall a lot, or lift its recall
  GET  /members, /products      the registry
  POST /members, /products      add to it (governors)
  GET  /reconcile               compare database and ledger
errors are application/problem+json
";

/// Names the node and lists the paths.
pub(crate) async fn index(State(node): State<Node>) -> String {
    let (name, gln) = (&node.config().name, node.gln());
    format!("theriac {} of {name} (GLN {gln})\n\n{PATHS}", env!("CARGO_PKG_VERSION"))
}
