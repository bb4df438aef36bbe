//! Russia's proof behind GTIN and serial number of a medicine pack.

use crate::ai::Ai;
use crate::element::Element;

const KEY: Ai = Ai::literal(b"91");
const SIGNATURE: Ai = Ai::literal(b"92");

/// What the marking system of Russia signs a pack with: the name of a key, and the signature.
///
/// Both are kept as the pack has them and only Russia's system can judge them, so they are
/// written back in their place, never left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CryptoTail<'a> {
    /// Name of the key, AI 91.
    pub key: &'a str,
    /// Signature, AI 92.
    pub signature: &'a str,
}

impl<'a> CryptoTail<'a> {
    /// The tail of a pack: AIs 91 and 92 behind 01 and 21, in this order.
    #[must_use]
    pub fn of(elements: &'a [Element]) -> Option<Self> {
        let position = |ai| elements.iter().position(|element| element.ai == ai);
        let (gtin, serial) = (position(Ai::GTIN)?, position(Ai::SERIAL)?);
        let (key, signature) = (position(KEY)?, position(SIGNATURE)?);
        (gtin < serial && serial < key && key < signature)
            .then(|| Self { key: &elements[key].value, signature: &elements[signature].value })
    }
}
