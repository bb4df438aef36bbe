//! Calls against the shared vectors and against the contracts' own decoder.

use std::path::Path;

use alloy::sol_types::SolInterface;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use theriac_custody::{Account, HoldingState, Reason, Roles, Tree};

use super::*;
use crate::bindings::custody::Custody::CustodyCalls;
use crate::bindings::registry::Registry::RegistryCalls;
use crate::call::{MemberStatus, Target, holding_id, join};

const H: Hash = Hash([3; 32]);
const A: Account = Account([4; 20]);

fn every_call() -> Vec<Call> {
    let endpoint = String::from("https://node.example");
    vec![
        Call::Commission { lot_tag: H, expiry: 1, root: H, height: 2, cause: H },
        Call::Ship { nodes: vec![], to: A, cause: H },
        Call::ReceiveShipment { id: H, refused: vec![], cause: H },
        Call::Cancel { id: H, cause: H },
        Call::Segregate { nodes: vec![], state: HoldingState::Stolen, cause: H },
        Call::Release { id: H, cause: H },
        Call::Retire { units: vec![], reason: Reason::Dispensed, cause: H },
        Call::WriteOff { places: vec![(H, 1, 2)], reason: Reason::Sampled, cause: H },
        Call::Recall { lot_tag: H, class: 1, cause: H },
        Call::BlockLot { lot_tag: H, cause: H },
        Call::Lift { lot_tag: H, cause: H },
        Call::Anchor { root: H, count: 3 },
        Call::AddMember {
            gln: 1,
            roles: Roles(1),
            licence_expiry: 0,
            name: "A".into(),
            endpoint: endpoint.clone(),
            account: A,
        },
        Call::SetStatus { gln: 1, status: MemberStatus::Suspended },
        Call::SetLicence { gln: 1, roles: Roles(4), licence_expiry: 5 },
        Call::SetEndpoint { gln: 1, endpoint },
        Call::AddAccount { gln: 1, account: A },
        Call::RevokeAccount { account: A },
        Call::AddProduct { gtin: 1, gln: 2 },
        Call::OfferProduct { gtin: 1, to: 2 },
        Call::AcceptProduct { gtin: 1 },
    ]
}

#[test]
fn every_call_is_one_of_its_contract() {
    let mut selectors = std::collections::BTreeSet::new();
    for call in every_call() {
        let input = call.calldata();
        assert!(selectors.insert(input[..4].to_vec()), "{call:?} has the selector of another");
        match call.target() {
            Target::Custody => assert!(CustodyCalls::abi_decode_validate(&input).is_ok()),
            Target::Registry => assert!(RegistryCalls::abi_decode_validate(&input).is_ok()),
        }
        let json = serde_json::to_string(&call).unwrap();
        assert_eq!(serde_json::from_str::<Call>(&json).unwrap(), call);
    }
    // A variant that is missing in the list above, or in `calldata`, shows here.
    assert_eq!(selectors.len(), 21);
}

#[test]
fn several_custody_calls_are_one_multicall_and_registry_calls_stand_alone() {
    let calls = every_call();
    let joined = join(&calls[3..6]).unwrap();
    let CustodyCalls::multicall(multicall) = CustodyCalls::abi_decode(&joined.input).unwrap()
    else {
        panic!("expected a multicall")
    };
    let parts: Vec<_> = multicall.data.iter().map(|part| part.to_vec()).collect();
    assert_eq!(parts, calls[3..6].iter().map(Call::calldata).collect::<Vec<_>>());
    assert_eq!(join(&calls[3..4]).unwrap().input, calls[3].calldata());
    let error = join(&calls[11..14]).err().unwrap().to_string();
    assert!(error.contains("2 registry and 1 custody calls"), "{error}");
    assert!(join(&[]).is_err());
}

fn vectors<T: DeserializeOwned>(name: &str) -> T {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors").join(name);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Joined {
    leaf_count: usize,
    root: Hash,
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    height: u8,
    index: u64,
    hash: Hash,
    proof: Vec<Hash>,
}

#[derive(Deserialize)]
struct Trees {
    trees: Vec<Leaves>,
}

#[derive(Deserialize)]
struct Leaves {
    leaves: Vec<Hash>,
}

#[test]
fn proofs_are_joined_as_in_the_vectors() {
    let trees: Trees = vectors("trees.json");
    let largest = trees.trees.into_iter().map(|tree| tree.leaves).max_by_key(Vec::len).unwrap();
    for vector in vectors::<Vec<Joined>>("joined_proofs.json") {
        let tree = Tree::over(largest[..vector.leaf_count].to_vec()).unwrap();
        assert_eq!(tree.root(), vector.root);
        let full: Vec<_> = vector
            .nodes
            .iter()
            .map(|node| NodeProof {
                holding: H,
                height: node.height,
                index: node.index,
                hash: node.hash,
                path: tree.path(node.height, node.index).unwrap(),
            })
            .collect();
        for (said, expected) in nodes(&full).iter().zip(&vector.nodes) {
            let path: Vec<_> = said.proof.iter().map(|hash| Hash(hash.0)).collect();
            assert_eq!(path, expected.proof);
        }
    }
}

#[derive(Deserialize)]
struct HoldingId {
    opener: Account,
    cause: Hash,
    root: Hash,
    id: Hash,
}

#[test]
fn holding_ids_are_those_of_the_vectors() {
    let ids: Vec<HoldingId> = vectors("holding_ids.json");
    assert!(!ids.is_empty());
    for vector in ids {
        assert_eq!(holding_id(vector.opener, vector.cause, vector.root), vector.id);
    }
}
