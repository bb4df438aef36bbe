//! Small programs of random instructions: each does a few things that a rule of the machine is about.

use alloy::primitives::{Address, Bytes, U256};

use crate::dice::Dice;

/// Instructions that are written by name.
mod op {
    pub(super) const ADD: u8 = 0x01;
    pub(super) const EXP: u8 = 0x0a;
    pub(super) const KECCAK256: u8 = 0x20;
    pub(super) const CALLER: u8 = 0x33;
    pub(super) const CALLDATALOAD: u8 = 0x35;
    pub(super) const CALLDATACOPY: u8 = 0x37;
    pub(super) const CODECOPY: u8 = 0x39;
    pub(super) const RETURNDATASIZE: u8 = 0x3d;
    pub(super) const RETURNDATACOPY: u8 = 0x3e;
    pub(super) const POP: u8 = 0x50;
    pub(super) const MLOAD: u8 = 0x51;
    pub(super) const MSTORE: u8 = 0x52;
    pub(super) const SLOAD: u8 = 0x54;
    pub(super) const SSTORE: u8 = 0x55;
    pub(super) const JUMP: u8 = 0x56;
    pub(super) const JUMPI: u8 = 0x57;
    pub(super) const GAS: u8 = 0x5a;
    pub(super) const JUMPDEST: u8 = 0x5b;
    pub(super) const TLOAD: u8 = 0x5c;
    pub(super) const TSTORE: u8 = 0x5d;
    pub(super) const MCOPY: u8 = 0x5e;
    pub(super) const PUSH0: u8 = 0x5f;
    pub(super) const DUP1: u8 = 0x80;
    pub(super) const LOG0: u8 = 0xa0;
    pub(super) const CREATE: u8 = 0xf0;
    pub(super) const RETURN: u8 = 0xf3;
    pub(super) const DELEGATECALL: u8 = 0xf4;
    pub(super) const CREATE2: u8 = 0xf5;
    pub(super) const REVERT: u8 = 0xfd;
    pub(super) const INVALID: u8 = 0xfe;
    pub(super) const SELFDESTRUCT: u8 = 0xff;
}

/// Instructions that read the surroundings and take nothing from the stack.
const READS: [u8; 18] = [
    0x30, 0x32, 0x33, 0x34, 0x36, 0x38, 0x3a, 0x3d, 0x41, 0x42, 0x43, 0x45, 0x46, 0x47, 0x48, 0x4a,
    0x58, 0x59,
];
/// Instructions that turn one address into a word.
const OF_ADDRESS: [u8; 3] = [0x31, 0x3b, 0x3f];
/// Instructions of two words to one, and of three.
const BINARY: [u8; 18] = [
    0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x0a, 0x0b, 0x10, 0x12, 0x14, 0x16, 0x17, 0x1a, 0x1b,
    0x1c, 0x1d,
];
const TERNARY: [u8; 2] = [0x08, 0x09];
/// Calls, with and without a value among their arguments.
const CALLS: [u8; 4] = [0xf1, 0xf2, 0xf4, 0xfa];

/// A program in the making.
#[derive(Default)]
struct Code(Vec<u8>);

impl Code {
    fn op(&mut self, op: u8) -> &mut Self {
        self.0.push(op);
        self
    }

    fn push(&mut self, value: U256) -> &mut Self {
        let bytes = value.to_be_bytes_trimmed_vec();
        if bytes.is_empty() {
            return self.op(op::PUSH0);
        }
        self.op(op::PUSH0 + bytes.len() as u8);
        self.0.extend(bytes);
        self
    }

    fn number(&mut self, value: u64) -> &mut Self {
        self.push(U256::from(value))
    }

    fn address(&mut self, address: Address) -> &mut Self {
        self.push(U256::from_be_slice(address.as_slice()))
    }
}

/// A runtime program. `others` are contracts that it may call.
pub(crate) fn runtime(dice: &mut Dice, others: &[Address]) -> Vec<u8> {
    if dice.once_in(12) {
        return noise(dice);
    }
    let mut code = Code::default();
    for _ in 0..1 + dice.below(8) {
        step(&mut code, dice, others);
    }
    end(&mut code, dice);
    code.0
}

/// The code that deploys a runtime program, or is itself the whole program.
pub(crate) fn creation(dice: &mut Dice, others: &[Address]) -> Bytes {
    if dice.once_in(10) {
        return runtime(dice, others).into();
    }
    let mut runtime = runtime(dice, others);
    if dice.once_in(25) {
        // EIP-3541: no code may begin with 0xef.
        runtime.insert(0, 0xef);
    }
    let mut code = Code::default();
    if dice.once_in(4) {
        step(&mut code, dice, others);
    }
    let length = runtime.len() as u64;
    // The prologue's own length is known once its numbers have a fixed one.
    let offset = code.0.len() as u64 + 3 + 3 + 1 + 1 + 3 + 1 + 1;
    for value in [length, offset] {
        code.op(0x61).0.extend((value as u16).to_be_bytes());
    }
    code.op(op::PUSH0).op(op::CODECOPY);
    code.op(0x61).0.extend((length as u16).to_be_bytes());
    code.op(op::PUSH0).op(op::RETURN);
    code.0.extend(runtime);
    code.0.into()
}

/// Any bytes but those of instructions that see block hashes.
fn noise(dice: &mut Dice) -> Vec<u8> {
    let length = 1 + dice.below(60) as usize;
    let mut bytes = dice.bytes(length);
    bytes.iter_mut().filter(|byte| matches!(byte, 0x40 | 0x44)).for_each(|byte| *byte = op::CALLER);
    bytes
}

fn step(code: &mut Code, dice: &mut Dice, others: &[Address]) {
    match dice.below(15) {
        0..=2 => store(code, dice),
        3 => transient(code, dice),
        4 => log(code, dice),
        5 => compute(code, dice),
        6 => precompile(code, dice),
        7 | 8 => call(code, dice, others),
        9 => create(code, dice),
        10 => memory(code, dice),
        11 => read(code, dice, others),
        12 => repeat(code, dice),
        13 => input(code, dice),
        _ => rare(code, dice, others),
    }
}

/// Writes few slots with few values, so that they are set, kept, cleared and set again (EIP-2200).
fn store(code: &mut Code, dice: &mut Dice) {
    for _ in 0..1 + dice.below(3) {
        code.number(dice.below(3)).number(dice.below(5)).op(op::SSTORE);
        if dice.once_in(3) {
            code.number(dice.below(6)).op(op::SLOAD).number(dice.below(6)).op(op::SSTORE);
        }
    }
}

fn transient(code: &mut Code, dice: &mut Dice) {
    code.number(dice.below(3)).op(op::TLOAD).number(1).op(op::ADD);
    code.number(dice.below(3)).op(op::TSTORE);
    code.number(dice.below(3)).op(op::TLOAD).number(40 + dice.below(3)).op(op::SSTORE);
}

fn log(code: &mut Code, dice: &mut Dice) {
    let topics = dice.below(5);
    for _ in 0..topics {
        code.number(dice.next() % 4);
    }
    code.number(dice.below(80)).number(dice.below(40)).op(op::LOG0 + topics as u8);
}

fn compute(code: &mut Code, dice: &mut Dice) {
    let word = |dice: &mut Dice| match dice.below(4) {
        0 => U256::from(dice.below(4)),
        1 => U256::MAX - U256::from(dice.below(3)),
        _ => U256::from_be_slice(&dice.bytes(32)),
    };
    for _ in 0..3 {
        if dice.once_in(4) {
            code.push(word(dice)).push(word(dice)).push(word(dice)).op(*dice.pick(&TERNARY));
        } else {
            code.push(word(dice)).push(word(dice)).op(*dice.pick(&BINARY));
        }
        code.number(50 + dice.below(4)).op(op::SSTORE);
    }
    if dice.once_in(3) {
        code.push(word(dice)).number(3).op(op::EXP).op(op::POP);
    }
}

/// Calls a precompiled contract (1 to 17, and some that are none) with whatever is in memory.
fn precompile(code: &mut Code, dice: &mut Dice) {
    for word in 0..4 + dice.below(3) {
        // Small numbers make modular exponentiations and curve points that are quick and sometimes valid.
        code.number(dice.below(40)).number(word * 32).op(op::MSTORE);
    }
    code.number(64).number(256).number(dice.below(230)).op(op::PUSH0).op(op::PUSH0);
    code.number(1 + dice.below(19)).number(20_000 + dice.below(200_000)).op(0xf1);
    code.number(60).op(op::SSTORE).number(256).op(op::MLOAD).number(61).op(op::SSTORE);
    code.op(op::RETURNDATASIZE).number(62).op(op::SSTORE);
}

fn call(code: &mut Code, dice: &mut Dice, others: &[Address]) {
    let kind = *dice.pick(&CALLS);
    code.number(dice.below(64))
        .number(dice.below(64))
        .number(dice.below(70))
        .number(dice.below(64));
    if matches!(kind, 0xf1 | 0xf2) {
        // Nobody has a balance, so a value makes the call fail.
        code.number(u64::from(dice.once_in(8)));
    }
    match others.is_empty() || dice.once_in(6) {
        true => code.op(0x30),
        false => code.address(*dice.pick(others)),
    };
    match dice.once_in(2) {
        true => code.op(op::GAS),
        false => code.number(dice.below(60_000)),
    };
    code.op(kind).number(70 + dice.below(3)).op(op::SSTORE);
    if dice.once_in(4) {
        // Beyond what was returned: an exceptional halt (EIP-211).
        code.number(dice.below(80)).op(op::PUSH0).op(op::PUSH0).op(op::RETURNDATACOPY);
    }
}

/// Creates a child from a word of memory; with a fixed salt a second time collides.
fn create(code: &mut Code, dice: &mut Dice) {
    // A child that stores, and destroys itself or returns one byte of code.
    let mut child = Code::default();
    store(&mut child, dice);
    match dice.below(4) {
        0 => child.op(op::CALLER).op(op::SELFDESTRUCT),
        1 => child.op(op::PUSH0).op(op::PUSH0).op(op::REVERT),
        _ => child.number(1).op(op::PUSH0).op(op::RETURN),
    };
    child.0.truncate(32);
    let mut word = [0; 32];
    word[..child.0.len()].copy_from_slice(&child.0);
    code.op(0x7f).0.extend(word);
    code.op(op::PUSH0).op(op::MSTORE);
    let length = child.0.len() as u64;
    match dice.once_in(2) {
        true => code.number(length).op(op::PUSH0).op(op::PUSH0).op(op::CREATE),
        false => {
            code.number(dice.below(2)).number(length).op(op::PUSH0).op(op::PUSH0).op(op::CREATE2)
        }
    };
    code.number(80).op(op::SSTORE);
}

fn memory(code: &mut Code, dice: &mut Dice) {
    code.number(dice.below(100)).number(dice.below(300)).number(dice.below(300)).op(op::MCOPY);
    code.number(dice.below(100)).number(dice.below(200)).op(op::KECCAK256);
    code.number(90).op(op::SSTORE);
    if dice.once_in(6) {
        // So far out that no gas suffices.
        code.number(dice.next()).op(op::MLOAD).op(op::POP);
    }
}

fn read(code: &mut Code, dice: &mut Dice, others: &[Address]) {
    for slot in 0..3 {
        match others.is_empty() || dice.once_in(2) {
            true => code.op(*dice.pick(&READS)),
            false => code.address(*dice.pick(others)).op(*dice.pick(&OF_ADDRESS)),
        };
        code.number(100 + slot).op(op::SSTORE);
    }
}

/// A loop that ends, or not.
fn repeat(code: &mut Code, dice: &mut Dice) {
    let times = if dice.once_in(5) { 1 << 40 } else { dice.below(200) + 1 };
    code.number(times);
    let start = code.0.len() as u64;
    code.op(op::JUMPDEST).number(1).op(0x90).op(0x03).op(op::DUP1);
    code.number(start).op(op::JUMPI).op(op::POP);
}

fn input(code: &mut Code, dice: &mut Dice) {
    code.number(dice.below(40)).op(op::CALLDATALOAD).number(110).op(op::SSTORE);
    code.number(dice.below(90)).number(dice.below(40)).number(dice.below(40)).op(op::CALLDATACOPY);
}

/// What ends a call in a way of its own.
fn rare(code: &mut Code, dice: &mut Dice, others: &[Address]) {
    match dice.below(6) {
        0 => code.op(op::CALLER).op(op::SELFDESTRUCT),
        1 => code.op(op::INVALID),
        2 => code.op(op::POP),
        3 => code.number(dice.below(200)).op(op::JUMP),
        4 if !others.is_empty() => {
            code.op(op::PUSH0).op(op::PUSH0).op(op::PUSH0).op(op::PUSH0);
            code.address(*dice.pick(others)).op(op::GAS).op(op::DELEGATECALL).op(op::POP)
        }
        _ => code.op(0x0c),
    };
}

fn end(code: &mut Code, dice: &mut Dice) {
    let length = dice.below(100);
    match dice.below(5) {
        0 => code.number(length).op(op::PUSH0).op(op::REVERT),
        1 => code.number(length).op(op::PUSH0).op(op::RETURN),
        _ => code.op(0x00),
    };
}
