//! The queries of EPCIS: their parameters, what an index can answer of them, and which events match.
