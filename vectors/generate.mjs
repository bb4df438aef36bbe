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

/** The proof of several subtrees of one tree: from the left, the siblings that the subtrees do not give themselves. */
function multiproofs() {
  const holder = "0x00000000000000000000000000000000000000a1";
  const wanted = [
    ["the root alone", 5, [[3, 0]]],
    ["a tree of one leaf", 1, [[0, 0]]],
    ["one leaf: its path", 64, [[0, 37]]],
    ["one subtree: its path", 1000, [[6, 9]]],
    ["two siblings", 64, [[0, 8], [0, 9]]],
    ["two cousins", 64, [[0, 9], [0, 10]]],
    ["both halves", 8, [[2, 0], [2, 1]]],
    ["a leaf and all the rest in descending size", 64, [[5, 0], [4, 2], [3, 6], [2, 14], [1, 30], [0, 62], [0, 63]]],
    ["all the rest in ascending size and a leaf", 64, [[0, 0], [0, 1], [1, 1], [2, 1], [3, 1], [4, 1], [5, 1]]],
    ["ten side by side", 64, Array.from({ length: 10 }, (_, i) => [0, i])],
    ["ten strewn", 64, [0, 7, 13, 19, 25, 33, 38, 44, 52, 59].map((i) => [0, i])],
    ["every leaf", 16, Array.from({ length: 16 }, (_, i) => [0, i])],
    ["the last leaf before the empty ones, and the first", 1000, [[0, 0], [0, 999]]],
    ["subtrees of many heights", 1000, [[6, 0], [0, 64], [0, 79], [3, 10], [0, 96], [7, 1], [5, 12], [8, 2], [0, 999]]],
    ["next to empty leaves", 5, [[0, 4]]],
  ];
  return wanted.map(([name, count, items]) => {
    const tree = levels(leafRun(0, count));
    const root = tree.at(-1)[0];
    const cause = keccak(Buffer.from(name, "ascii"));
    const seed = seedOf(holder, cause).seed;
    return {
      name,
      leafCount: count,
      height: tree.length - 1,
      root: hex(root),
      holder,
      cause: hex(cause),
      seed: hex(seed),
      id: hex(keccak(seed, root)),
      items: items.map(([height, index]) => ({
        height,
        index,
        hash: hex(tree[height][index]),
        path: proofOf(tree, height, index).map(hex),
      })),
      packed: hex(Buffer.concat(items.flatMap(([h, i]) => [uint(h, 1), uint(i, 4), tree[h][i]]))),
      proof: siblingsBelow(tree, items, tree.length - 1, 0).map(hex),
    };
  });
}

/** What is needed beside the items to compute a node of the tree that has items below it or is one. */
function siblingsBelow(tree, items, height, index) {
  if (items.some(([h, i]) => h === height && i === index)) return [];
  const has = (i) => items.some(([h, at]) => h < height && at >> (height - 1 - h) === i);
  const [left, right] = [2 * index, 2 * index + 1];
  const below = (i) => siblingsBelow(tree, items, height - 1, i);
  if (has(left) && has(right)) return [...below(left), ...below(right)];
  return has(left) ? [...below(left), tree[height - 1][right]] : [...below(right), tree[height - 1][left]];
}

/** Sources, each the subtrees taken out of one holding from its left; `nodes` is the order in the new tree. */
function gathers() {
  const wanted = [
    ["one unit", [[0]]],
    ["three units", [[0], [0], [0]]],
    ["three units of one holding", [[0, 0, 0]]],
    ["a case of 64", [[6]]],
    ["two cases and three units", [[6, 0], [0, 6, 0]]],
    ["a pallet, a case, half a case, a unit", [[0, 5], [8], [6]]],
    ["five cases", [[6, 6], [6], [6, 6]]],
    ["a unit before its case", [[0, 6]]],
    ["200 units", Array(200).fill([0])],
    ["200 units, ten from each of 20", Array(20).fill(Array(10).fill(0))],
    ["ascending by one", [[0, 0, 1, 2], [3, 4], [5, 6, 7]]],
    ["alike heights keep the order of sources and places", [[1, 3, 1], [3, 1, 0], [1, 3]]],
  ];
  return wanted.map(([name, sources]) => {
    let first = 0;
    const taken = sources.map((heights) =>
      heights.map((height) => {
        const own = leafRun(first, 2 ** height);
        first += 2 ** height;
        return { height, hash: rootOf(own), own };
      }),
    );
    const nodes = taken.flat();
    const ordered = [];
    for (let height = 32; height >= 0; height--) ordered.push(...nodes.filter((node) => node.height === height));
    const all = levels(ordered.flatMap((node) => node.own));
    const shown = ({ height, hash }) => ({ height, hash: hex(hash) });
    return {
      name,
      sources: taken.map((source) => source.map(shown)),
      nodes: ordered.map(shown),
      height: all.length - 1,
      root: hex(all.at(-1)[0]),
    };
  });
}

/** Marks in order, each accepted or not, some undone later, and the marks of all leaves afterwards. */
function spent() {
  const undo = true;
  const wanted = [
    [0, [[0, 0], [0, 0], [0, 0, undo], [0, 0]]],
    [3, [[0, 0], [1, 0], [1, 1], [0, 2], [2, 1], [0, 5], [2, 1, undo], [0, 5], [1, 3]]],
    [7, [[6, 1], [0, 64], [0, 63], [5, 0], [0, 62], [1, 0], [7, 0], [6, 1, undo], [5, 0, undo], [5, 0], [0, 64]]],
    [8, [[0, 255], [2, 63], [2, 0], [0, 3], [0, 4], [3, 2], [8, 0], [0, 255, undo], [2, 63], [2, 0, undo], [0, 3]]],
    [10, [[4, 0], [3, 1], [3, 2], [8, 3], [0, 1023], [0, 512], [8, 2], [9, 0], [4, 0, undo], [4, 0], [8, 3, undo], [0, 1023]]],
    [13, [[6, 0], [7, 1], [8, 0], [8, 1], [0, 256], [8, 2], [12, 1], [0, 8191], [6, 0, undo], [7, 1], [7, 1], [12, 1, undo], [7, 63]]],
    [14, [[0, 5], [0, 200], [0, 5, undo], [0, 200, undo], [8, 0], [8, 0, undo], [8, 0], [0, 256]]],
    [16, [[0, 300], [8, 1], [9, 0], [8, 3], [0, 768], [9, 1], [9, 2], [10, 63], [15, 0], [7, 511], [0, 300, undo], [8, 1], [9, 2, undo], [10, 1], [0, 1025]]],
    [20, [[6, 0], [6, 3], [8, 0], [12, 1], [6, 64], [12, 0], [13, 1], [14, 1], [0, 16384], [18, 3], [19, 1], [0, 1], [14, 1, undo], [0, 16384], [8, 0], [12, 1, undo], [12, 2], [6, 64]]],
    [16, [[8, 0], [8, 1], [8, 0, undo], [10, 0], [9, 0], [8, 0], [0, 1024], [8, 5], [8, 5, undo], [10, 1], [0, 1024, undo], [10, 1]]],
    [20, [[0, 7], [13, 1], [0, 7, undo], [13, 1, undo], [14, 0], [14, 0, undo], [0, 7], [8, 1]]],
  ];
  return wanted.map(([treeHeight, steps]) => {
    const gone = new Set();
    return {
      treeHeight,
      steps: steps.map(([height, index, undone = false]) => {
        const own = Array.from({ length: 2 ** height }, (_, i) => index * 2 ** height + i);
        const accepted = own.every((position) => gone.has(position) === undone);
        if (accepted && undone) own.forEach((position) => gone.delete(position));
        if (accepted && !undone) own.forEach((position) => gone.add(position));
        return { height, index, undo: undone, accepted };
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

/** What the id of a holding hides the root with: who holds it, and why it was opened. */
function seedOf(holder, cause) {
  const preimage = Buffer.concat([Buffer.alloc(12), bytes(holder), cause]);
  return { preimage, seed: keccak(preimage) };
}

function holdingIds() {
  const wanted = [
    ["0x00000000000000000000000000000000000000a1", keccak(Buffer.from("event 0")), rootOf(leafRun(0, 5))],
    ["0x00000000000000000000000000000000000000a1", keccak(Buffer.from("event 0")), rootOf(leafRun(0, 64))],
    ["0xffffffffffffffffffffffffffffffffffffffff", Buffer.alloc(32), rootOf(leafRun(0, 64))],
  ];
  return wanted.map(([holder, cause, root]) => {
    const { preimage: seedPreimage, seed } = seedOf(holder, cause);
    const preimage = Buffer.concat([seed, root]);
    return {
      holder,
      cause: hex(cause),
      seedPreimage: hex(seedPreimage),
      seed: hex(seed),
      root: hex(root),
      preimage: hex(preimage),
      id: hex(keccak(preimage)),
    };
  });
}

/** Places in the order of their holdings, as events carry them; and those of one holding, as `writeOff` takes them. */
function places() {
  const wanted = [
    [],
    [[keccak(Buffer.from("holding 0")), [[0, 0]]]],
    [[keccak(Buffer.from("holding 0")), [[0, 3], [0, 4], [3, 1]]]],
    [
      [keccak(Buffer.from("holding 0")), [[32, 0]]],
      [Buffer.alloc(32, 0xff), [[6, 16383], [0, 1048640], [0, 4294967295]]],
      [Buffer.alloc(32), Array.from({ length: 300 }, (_, i) => [0, i])],
    ],
  ];
  const pack = (list) => Buffer.concat(list.flatMap(([height, index]) => [uint(height, 1), uint(index, 4)]));
  return wanted.map((holdings) => ({
    holdings: holdings.map(([id, list]) => ({
      id: hex(id),
      places: list.map(([height, index]) => ({ height, index })),
      packed: hex(pack(list)),
    })),
    packed: hex(Buffer.concat(holdings.flatMap(([id, list]) => [id, uint(list.length, 2), pack(list)]))),
  }));
}

const FILES = { leaves, trees, proofs, multiproofs, gathers, spent, causes, holding_ids: holdingIds, places };

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
