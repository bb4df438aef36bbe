// Writes the vectors that Rust and Solidity both read; `--check` compares with the committed ones instead.
//
// It is written apart from both implementations, in the plainest way: whole trees as arrays, sets of leaf positions.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const require = createRequire(join(HERE, "..", "contracts", "package.json"));
const { keccak_256 } = await import(pathToFileURL(require.resolve("@noble/hashes/sha3.js")));

const hex = (bytes) => "0x" + Buffer.from(bytes).toString("hex");
const bytes = (text) => Buffer.from(text.slice(2), "hex");
const keccak = (...parts) => keccak_256(Buffer.concat(parts));
const uint = (value, length) => Buffer.from(BigInt(value).toString(16).padStart(2 * length, "0"), "hex");

const EMPTY = [Buffer.alloc(32)];
for (let h = 0; h < 32; h++) EMPTY.push(keccak(EMPTY[h], EMPTY[h]));

/** All levels of the tree over the leaves, filled up with empty leaves to the next power of two. */
function levels(leaves) {
  let width = 1;
  while (width < leaves.length) width *= 2;
  const all = [[...leaves, ...Array(width - leaves.length).fill(EMPTY[0])]];
  while (all.at(-1).length > 1) {
    const below = all.at(-1);
    const above = [];
    for (let i = 0; i < below.length; i += 2) above.push(keccak(below[i], below[i + 1]));
    all.push(above);
  }
  return all;
}

const rootOf = (leaves) => levels(leaves).at(-1)[0];

/** Siblings of a node from its height up to `top`, exclusive. */
function proofOf(tree, height, index, top = tree.length - 1) {
  const proof = [];
  for (let h = height; h < top; h++) {
    proof.push(tree[h][index ^ 1]);
    index >>= 1;
  }
  return proof;
}

/** The bytes of the salt that a test unit has: its number, repeated. */
const salt = (number) => Buffer.alloc(16, number & 0xff);

function lotOf(gtin, lot, number) {
  const preimage = Buffer.concat([Buffer.from(`01${gtin}10${lot}`, "ascii"), salt(number)]);
  return { gtin, lot, salt: hex(salt(number)), preimage: hex(preimage), hash: hex(keccak(preimage)) };
}

function unitOf(gtin, serial, number) {
  const preimage = Buffer.concat([Buffer.from(`01${gtin}21${serial}`, "ascii"), salt(number)]);
  return { gtin, serial, salt: hex(salt(number)), preimage: hex(preimage), hash: hex(keccak(preimage)) };
}

const GTIN = "09506000134352";
const LOT = lotOf(GTIN, "A-17", 0xa1);

function leafOf(lot, unit) {
  const preimage = Buffer.concat([Buffer.from([0]), bytes(lot.hash), bytes(unit.hash)]);
  return { lotTag: lot.hash, unitHash: unit.hash, preimage: hex(preimage), hash: hex(keccak(preimage)) };
}

const leafNumber = (number) => bytes(leafOf(LOT, unitOf(GTIN, `S${number}`, number)).hash);
const leafRun = (first, count) => Array.from({ length: count }, (_, i) => leafNumber(first + i));

function leaves() {
  const lots = [LOT, lotOf(GTIN, "a-17", 0xa1), lotOf("00614141123452", "L/2-(b)", 0)];
  const units = [
    unitOf(GTIN, "S0", 0),
    unitOf(GTIN, "s0", 0),
    unitOf(GTIN, "0012", 0x7f),
    unitOf("00614141123452", "12345678901234567890", 0xff),
  ];
  return { lots, units, leaves: units.map((unit, i) => leafOf(lots[i % lots.length], unit)) };
}

const SIZES = [1, 2, 3, 4, 5, 7, 8, 48, 64, 65, 100, 200, 256, 300, 1000];

function trees() {
  return {
    empty: EMPTY.map((hash, height) => ({ height, hash: hex(hash) })),
    trees: SIZES.map((count) => {
      const all = levels(leafRun(0, count));
      return { leaves: all[0].slice(0, count).map(hex), height: all.length - 1, root: hex(all.at(-1)[0]) };
    }),
  };
}

function proofs() {
  const wanted = [
    [1, [[0, 0]]],
    [5, [[0, 0], [0, 4], [0, 7], [1, 2], [2, 1], [3, 0]]],
    [64, [[0, 0], [0, 37], [3, 5], [6, 0]]],
    [100, [[0, 99], [5, 2], [6, 1]]],
    [1000, [[0, 0], [0, 511], [0, 999], [6, 15], [7, 3], [8, 1], [9, 1], [10, 0]]],
  ];
  return wanted.map(([count, nodes]) => {
    const tree = levels(leafRun(0, count));
    return {
      leafCount: count,
      root: hex(tree.at(-1)[0]),
      rootHeight: tree.length - 1,
      nodes: nodes.map(([height, index]) => ({
        height,
        index,
        hash: hex(tree[height][index]),
        proof: proofOf(tree, height, index).map(hex),
      })),
    };
  });
}

/** Consecutive nodes of one tree, each with the proof that stops where it joins that of the node before. */
function joinedProofs() {
  const wanted = [
    [64, [0, 1, 2, 3, 4, 9, 8, 63].map((i) => [0, i])],
    [1000, [[7, 1], [6, 0], [6, 9], [3, 8], [0, 79], [0, 80], [0, 999]]],
  ];
  return wanted.map(([count, nodes]) => {
    const tree = levels(leafRun(0, count));
    let last;
    return {
      leafCount: count,
      root: hex(tree.at(-1)[0]),
      rootHeight: tree.length - 1,
      nodes: nodes.map(([height, index]) => {
        const meet = last === undefined ? tree.length - 1 : meetingOf(last, [height, index]);
        last = [height, index];
        return { height, index, hash: hex(tree[height][index]), proof: proofOf(tree, height, index, meet).map(hex) };
      }),
    };
  });
}

/** The height at which the ancestors of two nodes are siblings. */
function meetingOf([heightA, indexA], [heightB, indexB]) {
  let height = Math.max(heightA, heightB);
  const at = (h, i) => i >> (height - h);
  while (at(heightA, indexA) >> 1 !== at(heightB, indexB) >> 1) height++;
  return height;
}

function gathers() {
  const wanted = [
    ["one unit", [0]],
    ["three units", [0, 0, 0]],
    ["a case of 64", [6]],
    ["two cases and three units", [6, 6, 0, 0, 0]],
    ["a pallet, a case, half a case, a unit", [8, 6, 5, 0]],
    ["five cases", [6, 6, 6, 6, 6]],
    ["a case and a unit", [6, 0]],
    ["200 units", Array(200).fill(0)],
    ["descending by one", [7, 6, 5, 4, 3, 2, 1, 0, 0]],
  ];
  return wanted.map(([name, heights]) => {
    let first = 0;
    const nodes = heights.map((height) => {
      const own = leafRun(first, 2 ** height);
      first += 2 ** height;
      return { height, hash: rootOf(own), own };
    });
    const all = levels(nodes.flatMap((node) => node.own));
    return {
      name,
      nodes: nodes.map(({ height, hash }) => ({ height, hash: hex(hash) })),
      height: all.length - 1,
      root: hex(all.at(-1)[0]),
    };
  });
}

/** Marks in order, each accepted or not, and the marks of all leaves afterwards. */
function spent() {
  const wanted = [
    [0, [[0, 0], [0, 0]]],
    [3, [[0, 0], [1, 0], [1, 1], [0, 2], [2, 1], [0, 5]]],
    [7, [[6, 1], [0, 64], [0, 63], [5, 0], [0, 62], [1, 0], [7, 0]]],
    [8, [[0, 255], [2, 63], [2, 0], [0, 3], [0, 4], [3, 2], [8, 0]]],
    [10, [[4, 0], [3, 1], [3, 2], [8, 3], [0, 1023], [0, 512], [8, 2], [9, 0]]],
    [13, [[6, 0], [7, 1], [8, 0], [8, 1], [0, 256], [8, 2], [12, 1], [0, 8191]]],
    [16, [[0, 300], [8, 1], [9, 0], [8, 3], [0, 768], [9, 1], [9, 2], [10, 63], [15, 0], [7, 511]]],
    [20, [[6, 0], [6, 3], [8, 0], [12, 1], [6, 64], [12, 0], [13, 1], [14, 1], [0, 16384], [18, 3], [19, 1], [0, 1]]],
  ];
  return wanted.map(([treeHeight, marks]) => {
    const gone = new Set();
    return {
      treeHeight,
      marks: marks.map(([height, index]) => {
        const own = Array.from({ length: 2 ** height }, (_, i) => index * 2 ** height + i);
        const accepted = own.every((position) => !gone.has(position));
        if (accepted) own.forEach((position) => gone.add(position));
        return { height, index, accepted };
      }),
      runs: runsOf(gone),
    };
  });
}

/** A set of positions as runs [first, count]. */
function runsOf(positions) {
  const runs = [];
  for (const position of [...positions].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last && last.first + last.count === position) last.count++;
    else runs.push({ first: position, count: 1 });
  }
  return runs;
}

function causes() {
  return [1, 2, 3, 5, 8].map((count) => {
    const events = Array.from({ length: count }, (_, i) => keccak(Buffer.from(`event ${i}`, "ascii")));
    return { events: events.map(hex), cause: hex(rootOf(events)) };
  });
}

function holdingIds() {
  const word = (address) => Buffer.concat([Buffer.alloc(12), bytes(address)]);
  const wanted = [
    ["0x00000000000000000000000000000000000000a1", keccak(Buffer.from("event 0")), rootOf(leafRun(0, 5))],
    ["0xffffffffffffffffffffffffffffffffffffffff", Buffer.alloc(32), rootOf(leafRun(0, 64))],
  ];
  return wanted.map(([opener, cause, root]) => {
    const preimage = Buffer.concat([word(opener), cause, root]);
    return { opener, cause: hex(cause), root: hex(root), preimage: hex(preimage), id: hex(keccak(preimage)) };
  });
}

function places() {
  const wanted = [
    [],
    [[keccak(Buffer.from("holding 0")), 0, 0]],
    [[keccak(Buffer.from("holding 0")), 32, 0], [Buffer.alloc(32, 0xff), 6, 16383], [Buffer.alloc(32), 0, 4294967295]],
  ];
  return wanted.map((list) => ({
    places: list.map(([holding, height, index]) => ({ holding: hex(holding), height, index })),
    packed: hex(Buffer.concat(list.flatMap(([holding, height, index]) => [holding, uint(height, 1), uint(index, 8)]))),
  }));
}

const FILES = { leaves, trees, proofs, joined_proofs: joinedProofs, gathers, spent, causes, holding_ids: holdingIds, places };

const stale = [];
for (const [name, make] of Object.entries(FILES)) {
  const path = join(HERE, `${name}.json`);
  const text = JSON.stringify(make(), null, 1) + "\n";
  if (process.argv.includes("--check")) {
    if (!existsSync(path) || readFileSync(path, "utf8") !== text) stale.push(`${name}.json`);
  } else {
    writeFileSync(path, text);
  }
}
if (stale.length > 0) {
  process.stderr.write(`${stale.join(", ")} differs from what vectors/generate.mjs writes: run it and commit the result\n`);
  process.exitCode = 1;
}
