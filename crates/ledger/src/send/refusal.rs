//! What endpoints say when they do not take a transaction.

/// What an endpoint's refusal means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It has the transaction.
    Known,
    /// Another one has the nonce.
    NonceTooLow,
    /// One before it is missing.
    NonceGap,
    /// It offers too little.
    Underpriced,
    /// The endpoint has no room now, or is not ready.
    Busy,
    /// Anything else.
    Other,
}

const KNOWN: [&str; 6] = [
    "already known",
    "alreadyknown",
    "known transaction",
    "already imported",
    "tx already in mempool",
    "tx already exists in cache",
];
const NONCE_TOO_LOW: [&str; 4] = ["nonce too low", "nonce is too low", "oldnonce", "old nonce"];
const NONCE_GAP: [&str; 6] = [
    "nonce too high",
    "nonce gap",
    "noncegap",
    "too far in future",
    "too distant",
    "lower nonce exists",
];
const UNDERPRICED: [&str; 10] = [
    "underpriced",
    "price below minimum",
    "price too low",
    "gas prices too low",
    "below configured minimum",
    "below current base fee",
    "less than block base fee",
    "insufficient fee",
    "feetoolow",
    "replacementnotallowed",
];
const BUSY: [&str; 6] = [
    "txpool is full",
    "mempool is full",
    "pool is full",
    "account limit exceeded",
    "tries to replace pending",
    "sync is still in progress",
];

/// Reads the words of geth, Besu, Nethermind, Erigon, reth, anvil, cosmos/evm and the embedded ledger.
pub(super) fn refusal(message: &str) -> Refusal {
    let message = message.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| message.contains(word));
    if let Some(refusal) = sequence(&message) {
        refusal
    } else if says(&KNOWN) {
        Refusal::Known
    } else if says(&NONCE_TOO_LOW) {
        Refusal::NonceTooLow
    } else if says(&NONCE_GAP) {
        Refusal::NonceGap
    } else if says(&UNDERPRICED) {
        Refusal::Underpriced
    } else if says(&BUSY) {
        Refusal::Busy
    } else {
        Refusal::Other
    }
}

/// cosmos/evm has one message for both sides: "invalid nonce; got 5, expected 4: invalid sequence".
fn sequence(message: &str) -> Option<Refusal> {
    let (_, rest) = message.split_once("invalid nonce; got ")?;
    let (got, rest) = rest.split_once(", expected ")?;
    let expected = rest.split(|c: char| !c.is_ascii_digit()).next()?;
    let (got, expected) = (got.parse::<u64>().ok()?, expected.parse::<u64>().ok()?);
    Some(if got < expected { Refusal::NonceTooLow } else { Refusal::NonceGap })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words as the clients' sources have them: geth core/error.go and core/txpool/errors.go, Besu
    /// RpcErrorType.java, cosmos/evm ante/evm, anvil eth/error.rs, Nethermind AcceptTxResult.cs.
    #[test]
    fn refusals_of_known_endpoints_are_told_apart() {
        let table = [
            ("already known", Refusal::Known),
            ("AlreadyKnown", Refusal::Known),
            ("Known transaction", Refusal::Known),
            ("transaction already imported", Refusal::Known),
            (": tx already in mempool", Refusal::Known),
            ("nonce too low: next nonce 5, tx nonce 4", Refusal::NonceTooLow),
            ("Nonce too low", Refusal::NonceTooLow),
            ("OldNonce, Current nonce: 5, nonce of rejected tx: 4", Refusal::NonceTooLow),
            (
                "invalid nonce; got 4, expected 5: invalid sequence: invalid sequence",
                Refusal::NonceTooLow,
            ),
            ("invalid nonce; got 7, expected 5: invalid sequence", Refusal::NonceGap),
            ("nonce too high", Refusal::NonceGap),
            ("Transaction nonce is too distant from current sender nonce", Refusal::NonceGap),
            ("An invalid transaction with a lower nonce exists", Refusal::NonceGap),
            ("replacement transaction underpriced", Refusal::Underpriced),
            ("transaction underpriced: tip needed 1, tip permitted 0", Refusal::Underpriced),
            ("max fee per gas less than block base fee", Refusal::Underpriced),
            ("Gas price below configured minimum gas price", Refusal::Underpriced),
            ("Gas price below current base fee", Refusal::Underpriced),
            ("transaction gas price below minimum", Refusal::Underpriced),
            (
                "gas prices too low, got: 0atest required: 7atest. Please retry using a higher gas price or a higher fee: insufficient fee",
                Refusal::Underpriced,
            ),
            ("txpool is full", Refusal::Busy),
            ("mempool is full: number of txs 5000", Refusal::Busy),
            ("Initial sync is still in progress", Refusal::Busy),
            ("insufficient funds for gas * price + value", Refusal::Other),
            ("invalid nonce; got five, expected 4", Refusal::Other),
            ("Sender account not authorized to send transactions", Refusal::Other),
        ];
        for (message, expected) in table {
            assert_eq!(refusal(message), expected, "{message}");
        }
    }
}
