//! Rules of custody, Merkle trees of packs, manifests, proofs, verdicts.
