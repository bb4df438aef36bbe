//! A supply chain that makes real EPCIS documents.
