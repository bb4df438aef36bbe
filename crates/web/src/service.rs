//! What all handlers share: the node, and the tokens of pages.

use std::sync::Arc;

use axum::extract::FromRef;
use theriac_node::Node;

use crate::epcis::Tokens;

/// The state of the router.
#[derive(Clone)]
pub(crate) struct Service {
    pub(crate) node: Node,
    pub(crate) tokens: Arc<Tokens>,
}

impl Service {
    pub(crate) fn new(node: Node) -> Self {
        Self { node, tokens: Arc::new(Tokens::new()) }
    }
}

impl FromRef<Service> for Node {
    fn from_ref(service: &Service) -> Self {
        service.node.clone()
    }
}

impl FromRef<Service> for Arc<Tokens> {
    fn from_ref(service: &Service) -> Self {
        Arc::clone(&service.tokens)
    }
}
