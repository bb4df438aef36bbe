//! HTTP service of a node.
