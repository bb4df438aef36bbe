//! The stages of a node, from capture to verdict, and their wiring.
