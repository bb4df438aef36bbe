//! Calls against the shared vectors and against the contracts' own decoder.

use std::path::Path;

use alloy::sol_types::SolInterface;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use theriac_custody::{Account, Hash, HoldingState, NodeProof, Reason, Roles};

use super::*;
use crate::bindings::custody::Custody::CustodyCalls;
use crate::bindings::documents::Documents::DocumentsCalls;
use crate::bindings::registry::Registry::RegistryCalls;
use crate::bindings::timelock::Timelock::TimelockCalls;
use crate::call::{MemberStatus, Target, join, operation_id};

const H: Hash = Hash([3; 32]);
const A: Account = Account([4; 20]);

const AT: Deployment = Deployment {
    chain_id: 1,
    registry: Account([5; 20]),
    custody: Account([6; 20]),
    documents: Account([7; 20]),
    timelock: Account([8; 20]),
};

fn recovery() -> Box<Call> {
    Box::new(Call::AddAccount { gln: 1, account: A })
}

fn every_call() -> Vec<Call> {
    let endpoint = String::from("https://node.example");
    vec![
        Call::Commission { lot_tag: H, expiry: 1, root: H, height: 2, cause: H },
        Call::Ship { nodes: vec![], to: A, cause: H },
        Call::ReceiveShipment { id: H, cause: H },
        Call::ReceiveInPart { id: H, refused: vec![], cause: H },
        Call::Cancel { id: H, cause: H },
        Call::Segregate { nodes: vec![], state: HoldingState::Stolen, cause: H },
        Call::Release { id: H, cause: H },
        Call::Retire { units: vec![], reason: Reason::Dispensed, cause: H },
        Call::WriteOff { places: vec![(H, 1, 2)], reason: Reason::Sampled, cause: H },
        Call::Restore {
            places: vec![(H, 0, 2), (H, 0, 3)],
            reason: Reason::Lost,
            retired_by: H,
            until: 9,
            which: vec![1, 7],
            cause: H,
        },
        Call::Prune { id: H, keys: vec![H] },
        Call::PruneLots { lot_tags: vec![H] },
        Call::PruneRetirements { keys: vec![H] },
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
        Call::SetServiceKeys { gln: 1, signing: H, sealing: H },
        Call::SetUndoDays { gln: 1, days: 10 },
        Call::AddAccount { gln: 1, account: A },
        Call::RevokeAccount { account: A },
        Call::AddProduct { gtin: 1, gln: 2 },
        Call::OfferProduct { gtin: 1, to: 2 },
        Call::AcceptProduct { gtin: 1 },
        Call::Schedule { call: recovery(), delay_s: 60, salt: H },
        Call::Execute { call: recovery(), salt: H },
        Call::CancelScheduled { id: H },
        Call::PublishDocument { document: H, until: 1 },
        Call::GrantDocument { document: H, to: A, until: 1 },
        Call::RevokeDocument { document: H, to: A },
        Call::PruneDocument { document: H },
        Call::PruneGrant { document: H, gln: 1 },
    ]
}

#[test]
fn every_call_is_one_of_its_contract() {
    let mut selectors = std::collections::BTreeSet::new();
    for call in every_call() {
        let input = call.calldata(&AT);
        assert!(selectors.insert(input[..4].to_vec()), "{call:?} has the selector of another");
        match call.target() {
            Target::Custody => assert!(CustodyCalls::abi_decode_validate(&input).is_ok()),
            Target::Registry => assert!(RegistryCalls::abi_decode_validate(&input).is_ok()),
            Target::Documents => assert!(DocumentsCalls::abi_decode_validate(&input).is_ok()),
            Target::Timelock => assert!(TimelockCalls::abi_decode_validate(&input).is_ok()),
        }
        let json = serde_json::to_string(&call).unwrap();
        assert_eq!(serde_json::from_str::<Call>(&json).unwrap(), call);
    }
    // A variant that is missing in the list above, or in `calldata`, shows here.
    assert_eq!(selectors.len(), 36);
}

#[test]
fn several_custody_calls_are_one_multicall_and_registry_calls_stand_alone() {
    let calls = every_call();
    let joined = join(&calls[3..6], &AT).unwrap();
    let CustodyCalls::multicall(multicall) = CustodyCalls::abi_decode(&joined.input).unwrap()
    else {
        panic!("expected a multicall")
    };
    let parts: Vec<_> = multicall.data.iter().map(|part| part.to_vec()).collect();
    let expected: Vec<_> = calls[3..6].iter().map(|call| call.calldata(&AT)).collect();
    assert_eq!(parts, expected);
    assert_eq!(join(&calls[3..4], &AT).unwrap().input, calls[3].calldata(&AT));
    let mixed = [calls[0].clone(), Call::RevokeAccount { account: A }, calls[1].clone()];
    let error = join(&mixed, &AT).err().unwrap().to_string();
    assert!(error.contains("1 of other contracts and 2 custody calls"), "{error}");
    assert!(join(&[], &AT).is_err());
}

#[test]
fn scheduled_calls_go_to_their_contract_and_have_its_id() {
    let input = Call::Schedule { call: recovery(), delay_s: 60, salt: H }.calldata(&AT);
    let TimelockCalls::schedule(said) = TimelockCalls::abi_decode(&input).unwrap() else {
        panic!("expected a schedule")
    };
    assert_eq!((said.target.0.0, said.data.to_vec()), (AT.registry.0, recovery().calldata(&AT)));
    assert_eq!((said.delay, said.salt.0), (U256::from(60), H.0));
    let fields = (said.target, said.value, said.data, said.predecessor, said.salt);
    let encoded = alloy::sol_types::SolValue::abi_encode_params(&fields);
    assert_eq!(operation_id(&recovery(), H, &AT).0, alloy::primitives::keccak256(encoded).0);
    assert_ne!(operation_id(&recovery(), A_SALT, &AT), operation_id(&recovery(), H, &AT));
}

const A_SALT: Hash = Hash([1; 32]);

#[test]
fn refused_nodes_of_several_holdings_are_told_as_none() {
    let node =
        |holding| NodeProof { holding, seed: holding, height: 0, index: 0, hash: H, path: vec![] };
    let told = |refused| {
        let input = Call::ReceiveInPart { id: H, refused, cause: H }.calldata(&AT);
        let CustodyCalls::receiveInPart(said) = CustodyCalls::abi_decode(&input).unwrap() else {
            panic!("expected a receipt in part")
        };
        said.refused.items.len()
    };
    assert_eq!(told(vec![node(H)]), 37);
    assert_eq!(told(vec![node(H), node(A_SALT)]), 0);
    assert_eq!(told(vec![]), 0);
}

#[test]
fn what_is_restored_is_told_by_bits_from_the_lowest() {
    assert_eq!(bits(&[0, 9, 3, 200], 10), [0b1001, 0b10]);
    assert_eq!(bits(&[], 8), [0]);
    assert_eq!(bits(&[1], 0), [0_u8; 0]);
}

fn vectors<T: DeserializeOwned>(name: &str) -> T {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors").join(name);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[derive(Deserialize)]
struct Multiproof {
    height: u8,
    seed: Hash,
    id: Hash,
    items: Vec<Node>,
    packed: String,
    proof: Vec<Hash>,
}

#[derive(Deserialize)]
struct Node {
    height: u8,
    index: u64,
    hash: Hash,
    path: Vec<Hash>,
}

/// The items of a vector as proofs, from the right, so that the encoder has to order them.
fn proofs(vector: &Multiproof) -> Vec<NodeProof> {
    let proof = |node: &Node| NodeProof {
        holding: vector.id,
        seed: vector.seed,
        height: node.height,
        index: node.index,
        hash: node.hash,
        path: node.path.clone(),
    };
    vector.items.iter().rev().map(proof).collect()
}

#[test]
fn sources_are_those_of_the_vectors() {
    let vectors: Vec<Multiproof> = vectors("multiproofs.json");
    assert!(!vectors.is_empty());
    for vector in &vectors {
        let [source] = nodes(&proofs(vector)).try_into().unwrap();
        assert_eq!((Hash(source.seed.0), source.height), (vector.seed, vector.height));
        assert_eq!(source.items.to_vec(), hex::decode(&vector.packed[2..]).unwrap());
        let proof: Vec<_> = source.proof.iter().map(|hash| Hash(hash.0)).collect();
        assert_eq!(proof, vector.proof);
    }
    let mut seeds: Vec<_> = vectors.iter().map(|vector| (vector.id, vector.seed)).collect();
    seeds.sort_unstable();
    seeds.dedup();
    let all: Vec<_> = vectors.iter().flat_map(|vector| proofs(vector).pop()).collect();
    let ordered: Vec<_> = nodes(&all).iter().map(|source| Hash(source.seed.0)).collect();
    assert_eq!(ordered, seeds.iter().map(|(_, seed)| *seed).collect::<Vec<_>>());
}

#[derive(Deserialize)]
struct HoldingId {
    holder: Account,
    cause: Hash,
    root: Hash,
    id: Hash,
}

#[test]
fn holding_ids_are_those_of_the_vectors() {
    let ids: Vec<HoldingId> = vectors("holding_ids.json");
    assert!(!ids.is_empty());
    for vector in ids {
        assert_eq!(
            theriac_custody::holding_id(vector.holder, vector.cause, vector.root),
            vector.id
        );
    }
}
