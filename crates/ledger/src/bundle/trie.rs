//! Merkle-Patricia proofs of the lists that a header commits to: transactions and receipts by their
//! numbers (Ethereum yellow paper, appendix D and section 4.3.2).

use alloy::primitives::{B256, Bytes};
use alloy_rlp::Decodable;
use alloy_trie::nodes::TrieNode;
use alloy_trie::proof::{ProofRetainer, verify_proof};
use alloy_trie::root::adjust_index_for_rlp;
use alloy_trie::{HashBuilder, Nibbles};

use super::HexBytes;

/// Most nodes of a proof: the key has at most nine bytes, so eighteen nibbles and the root.
const NODES_MAX: usize = 20;

/// The key of item `index` of a list.
fn key(index: usize) -> Nibbles {
    Nibbles::unpack(alloy_rlp::encode(index as u64))
}

/// The root over encoded items, and the proofs of some of them in the order asked for.
pub(super) fn prove(items: &[Vec<u8>], wanted: &[usize]) -> (B256, Vec<Vec<HexBytes>>) {
    let retainer: ProofRetainer = wanted.iter().map(|index| key(*index)).collect();
    let mut builder = HashBuilder::default().with_proof_retainer(retainer);
    for n in 0..items.len() {
        let index = adjust_index_for_rlp(n, items.len());
        builder.add_leaf(key(index), &items[index]);
    }
    let root = builder.root();
    let nodes = builder.take_proof_nodes();
    let proof = |index: &usize| {
        let nodes = nodes.matching_nodes_sorted(&key(*index));
        nodes.into_iter().map(|(_, node)| HexBytes(node.to_vec())).collect()
    };
    (root, wanted.iter().map(proof).collect())
}

/// The encoded item `index` of the list with this root, which the last node of the proof holds.
///
/// # Errors
///
/// What is wrong, in words.
pub(super) fn item(root: B256, index: u64, nodes: &[HexBytes]) -> Result<Vec<u8>, String> {
    if nodes.len() > NODES_MAX {
        return Err(format!("{} nodes", nodes.len()));
    }
    let last = nodes.last().ok_or("no node")?;
    let value = match TrieNode::decode(&mut last.0.as_slice()) {
        Ok(TrieNode::Leaf(leaf)) => leaf.value,
        Ok(_) => return Err("a last node that is no leaf".to_owned()),
        Err(error) => return Err(format!("a last node that is no node of a trie ({error})")),
    };
    let key = Nibbles::unpack(alloy_rlp::encode(index));
    let nodes: Vec<Bytes> = nodes.iter().map(|node| Bytes::from(node.0.clone())).collect();
    match verify_proof(root, key, Some(value.clone()), &nodes) {
        Ok(()) => Ok(value),
        Err(_) => Err("nodes that do not lead there".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(count: usize) -> Vec<Vec<u8>> {
        (0..count).map(|n| vec![n as u8; 40 + n % 7]).collect()
    }

    #[test]
    fn each_item_is_proven_by_its_number() {
        for count in [1, 2, 16, 17, 127, 128, 129, 300] {
            let items = items(count);
            let wanted: Vec<usize> = (0..count).collect();
            let (root, proofs) = prove(&items, &wanted);
            assert_eq!(root, alloy_trie::root::ordered_trie_root_encoded(&items));
            for (n, proof) in proofs.iter().enumerate() {
                assert_eq!(item(root, n as u64, proof).as_ref(), Ok(&items[n]), "{n} of {count}");
                assert!(item(root, n as u64 + 1, proof).is_err());
                assert!(item(B256::ZERO, n as u64, proof).is_err());
            }
        }
    }

    #[test]
    fn altered_nodes_prove_nothing() {
        let (root, proofs) = prove(&items(200), &[150]);
        for node in 0..proofs[0].len() {
            for byte in 0..proofs[0][node].0.len() {
                let mut altered = proofs[0].clone();
                altered[node].0[byte] ^= 1;
                assert!(item(root, 150, &altered).is_err(), "byte {byte} of node {node}");
            }
            let mut cut = proofs[0].clone();
            cut.remove(node);
            assert!(item(root, 150, &cut).is_err());
            cut.insert(node, proofs[0][node].clone());
            cut.insert(node, proofs[0][node].clone());
            assert!(item(root, 150, &cut).is_err(), "node {node} twice");
        }
        assert!(item(root, 150, &[]).is_err());
    }
}
