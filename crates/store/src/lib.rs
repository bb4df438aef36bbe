//! The SQL store of a node.
