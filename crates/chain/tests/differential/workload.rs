//! Blocks of signed transactions, chosen at random from the seed.

use alloy::{
    eips::eip2930::{AccessList, AccessListItem},
    primitives::{Address, B256, Bytes, TxKind, U256},
    signers::{SignerSync, local::PrivateKeySigner},
};
use alloy_consensus::{SignableTransaction, TxEip1559, TxEip2930, TxEnvelope, TxLegacy};
use alloy_eips::Encodable2718;
use serde_json::Value;

use crate::{
    contracts::{Call, Contracts},
    dice::Dice,
    programs,
};

pub(crate) const CHAIN_ID: u64 = 8_453;
/// Accounts that send; the last is no member.
const ACCOUNTS: u8 = 7;
/// Day of the first block, in seconds.
const START: u64 = 20_800 * 86_400;
/// Gas of a transaction that must go through.
const PLENTY: u64 = 8_000_000;

pub(crate) struct Workload {
    dice: Dice,
    signers: Vec<PrivateKeySigner>,
    nonces: Vec<u64>,
    contracts: Contracts,
    programs: Vec<Address>,
}

/// A question to a contract.
pub(crate) struct View {
    pub(crate) from: Address,
    pub(crate) to: Address,
    pub(crate) input: Bytes,
}

impl Workload {
    pub(crate) fn new(seed: u64) -> Self {
        let key = |n| PrivateKeySigner::from_bytes(&B256::repeat_byte(n)).expect("a key");
        let signers: Vec<_> = (1..=ACCOUNTS).map(key).collect();
        let contracts = Contracts::new(signers.iter().map(PrivateKeySigner::address).collect());
        let nonces = vec![0; signers.len()];
        Self { dice: Dice::new(seed), signers, nonces, contracts, programs: Vec::new() }
    }

    /// The time of a block, in seconds since 1970.
    pub(crate) fn time(&self, number: u64) -> u64 {
        START + number * 600
    }

    /// The transactions of a block.
    pub(crate) fn block(&mut self, number: u64) -> Vec<Bytes> {
        match number {
            1 => self
                .contracts
                .creations()
                .into_iter()
                .map(|code| self.creation(0, code, PLENTY))
                .collect(),
            2 => self
                .contracts
                .admissions()
                .into_iter()
                .map(|call| self.calls(call, PLENTY))
                .collect(),
            _ => (0..1 + self.dice.below(8)).map(|_| self.any()).collect(),
        }
    }

    /// Takes in what a block made: programs to call, holdings to receive.
    pub(crate) fn learn(&mut self, receipts: &[Value]) {
        let ours = [self.contracts.registry, self.contracts.custody, self.contracts.documents];
        for receipt in receipts.iter().filter(|receipt| receipt["status"] == "0x1") {
            if let Ok(made) = serde_json::from_value::<Address>(receipt["contractAddress"].clone())
                && !ours.contains(&made)
            {
                self.programs.push(made);
            }
            for log in receipt["logs"].as_array().into_iter().flatten() {
                let topic =
                    |at: usize| serde_json::from_value::<B256>(log["topics"][at].clone()).ok();
                let address = serde_json::from_value::<Address>(log["address"].clone()).ok();
                // The id of a holding is the first topic after the event's own of what custody logs.
                if address == Some(self.contracts.custody)
                    && let Some(id) = topic(1)
                    && self.contracts.shipments.len() < 300
                {
                    self.contracts.shipments.push(id);
                }
            }
        }
    }

    /// Questions to the contracts and to some programs.
    pub(crate) fn views(&mut self) -> Vec<View> {
        let from = self.signers[1].address();
        let of_contracts = self.contracts.views();
        let mut views: Vec<_> =
            of_contracts.into_iter().map(|(to, input)| View { from, to, input }).collect();
        for _ in 0..20.min(self.programs.len()) {
            let to = *self.dice.pick(&self.programs);
            let length = self.dice.below(64) as usize;
            views.push(View { from, to, input: self.dice.bytes(length).into() });
        }
        views
    }

    fn any(&mut self) -> Bytes {
        match self.dice.below(10) {
            0..=4 => {
                let call = self.contracts.call(&mut self.dice);
                let gas = if self.dice.once_in(12) { 60_000 } else { PLENTY };
                self.calls(call, gas)
            }
            5 | 6 => {
                let code = programs::creation(&mut self.dice, &self.programs);
                let (who, gas) = (self.who(), self.gas());
                self.creation(who, code, gas)
            }
            _ => {
                let to = match self.programs.is_empty() {
                    true => Address::repeat_byte(0x55),
                    false => *self.dice.pick(&self.programs),
                };
                let length = self.dice.below(130) as usize;
                let input = match self.dice.once_in(3) {
                    true => vec![0; length],
                    false => self.dice.bytes(length),
                };
                let (who, gas) = (self.who(), self.gas());
                self.calls((who, to, input.into()), gas)
            }
        }
    }

    fn who(&mut self) -> usize {
        self.dice.below(ACCOUNTS.into()) as usize
    }

    /// Gas on top of what a transaction costs before it does anything.
    fn gas(&mut self) -> u64 {
        match self.dice.below(4) {
            0 => self.dice.below(40_000),
            1 => self.dice.below(300_000),
            _ => 2_000_000,
        }
    }

    fn creation(&mut self, who: usize, code: Bytes, gas: u64) -> Bytes {
        self.sign(who, TxKind::Create, code, gas)
    }

    fn calls(&mut self, (who, to, input): Call, gas: u64) -> Bytes {
        self.sign(who, to.into(), input, gas)
    }

    /// Signs a transaction of any type with the sender's next nonce. `gas` comes on top of the most that
    /// the transaction itself can cost (EIP-2028, 2930, 3860, 7623), so that it can always be in a block.
    fn sign(&mut self, who: usize, to: TxKind, input: Bytes, gas: u64) -> Bytes {
        let nonce = self.nonces[who];
        self.nonces[who] += 1;
        let kind = self.dice.below(3);
        let access_list = if kind == 0 { AccessList::default() } else { self.access_list() };
        let list = access_list.0.iter().map(|item| 2_400 + 1_900 * item.storage_keys.len() as u64);
        let gas_limit = gas + 53_000 + 42 * input.len() as u64 + list.sum::<u64>();
        let signer = &self.signers[who];
        match kind {
            0 => signed(
                signer,
                TxLegacy {
                    chain_id: Some(CHAIN_ID),
                    nonce,
                    gas_limit,
                    to,
                    input,
                    ..TxLegacy::default()
                },
            ),
            1 => signed(
                signer,
                TxEip2930 {
                    chain_id: CHAIN_ID,
                    nonce,
                    gas_limit,
                    to,
                    input,
                    access_list,
                    ..TxEip2930::default()
                },
            ),
            _ => signed(
                signer,
                TxEip1559 {
                    chain_id: CHAIN_ID,
                    nonce,
                    gas_limit,
                    to,
                    input,
                    access_list,
                    ..TxEip1559::default()
                },
            ),
        }
    }

    fn access_list(&mut self) -> AccessList {
        let count = if self.dice.once_in(2) { 0 } else { self.dice.below(4) };
        let item = |_| {
            let address = match self.programs.is_empty() {
                true => self.contracts.registry,
                false => *self.dice.pick(&self.programs),
            };
            let keys = (0..self.dice.below(4)).map(|_| B256::from(U256::from(self.dice.below(6))));
            AccessListItem { address, storage_keys: keys.collect() }
        };
        AccessList((0..count).map(item).collect())
    }
}

fn signed<T: SignableTransaction<alloy::primitives::Signature>>(
    signer: &PrivateKeySigner,
    transaction: T,
) -> Bytes
where
    TxEnvelope: From<alloy_consensus::Signed<T>>,
{
    let signature = signer.sign_hash_sync(&transaction.signature_hash()).expect("signed");
    TxEnvelope::from(transaction.into_signed(signature)).encoded_2718().into()
}
