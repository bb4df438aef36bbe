// Compiles the contracts with one text of one source replaced, into a folder of artefacts for THERIAC_ARTIFACTS.
//
// usage: node mutate.mjs LIST NUMBER FOLDER    the mutant of that number (from 1) of the list; 0: the contracts as they are
//        node mutate.mjs LIST --check          every text of the list is in its source once
//
// A line of the list: name | file below contracts/src | old => new. Lines of # and empty ones are left out.
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const CONTRACTS = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..", "contracts");
const solc = createRequire(join(CONTRACTS, "package.json"))("solc");

// Not optimised, which takes half the time; what the tests look at is the same but for gas.
const SETTINGS = { evmVersion: "prague", viaIR: true, optimizer: { enabled: false }, metadata: { appendCBOR: false, bytecodeHash: "none" } };

function read(list) {
  const lines = readFileSync(list, "utf8").split("\n").filter((line) => line.trim() && !line.startsWith("#"));
  return lines.map((line) => {
    const [name, file, ...rest] = line.split(" | ");
    const parts = rest.join(" | ").split(" => ");
    if (parts.length !== 2) throw new Error(`expected "name | file | old => new", found "${line}"`);
    const [before, after] = parts.map((text) => text.replaceAll("\\n", "\n"));
    return { name, file: `src/${file}`, before, after: after === "nothing" ? "" : after };
  });
}

/** The source with the replacement; its text must be there once. */
function mutate({ name, file, before, after }) {
  if (file === undefined) return "";
  const text = readFileSync(join(CONTRACTS, file), "utf8");
  const found = text.split(before).length - 1;
  if (found !== 1) throw new Error(`${name}: expected "${before}" once in ${file}, found it ${found} times`);
  return text.replace(before, () => after);
}

/** What the compiler makes of one contract, with a source replaced. */
function compile(contract, mutant, mutated) {
  const name = `src/${contract}.sol`;
  const source = (path) => (path === mutant.file ? mutated : readFileSync(join(CONTRACTS, path), "utf8"));
  const input = {
    language: "Solidity",
    sources: { [name]: { content: source(name) } },
    settings: { ...SETTINGS, outputSelection: { [name]: { [contract]: ["abi", "evm.bytecode.object"] } } },
  };
  const findImport = (path) =>
    path.startsWith("src/") && existsSync(join(CONTRACTS, path))
      ? { contents: source(path) }
      : { contents: readFileSync(join(CONTRACTS, "node_modules", path), "utf8") };
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: findImport }));
  const errors = (output.errors ?? []).filter((problem) => problem.severity === "error");
  if (errors.length > 0) throw new Error(`${mutant.name}: ${errors[0].formattedMessage}`);
  return output.contracts[name][contract];
}

/** Names of all sources that a source imports, itself too. */
function reach(file, seen = new Set()) {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const [, path] of readFileSync(join(CONTRACTS, file), "utf8").matchAll(/from "(\.[^"]+)"/g)) {
    reach(relative(CONTRACTS, join(CONTRACTS, dirname(file), path)).replaceAll("\\", "/"), seen);
  }
  return seen;
}

/** Artefacts with the byte code of a mutant; those that it does not reach are the committed ones. */
function build(mutant, folder) {
  mkdirSync(folder, { recursive: true });
  const mutated = mutate(mutant);
  for (const file of readdirSync(join(CONTRACTS, "artifacts")).filter((name) => name.endsWith(".json"))) {
    const contract = file.slice(0, -".json".length);
    const artifact = JSON.parse(readFileSync(join(CONTRACTS, "artifacts", file), "utf8"));
    if (mutant.file === undefined || reach(`src/${contract}.sol`).has(mutant.file)) {
      artifact.bytecode = `0x${compile(contract, mutant, mutated).evm.bytecode.object}`;
    }
    writeFileSync(join(folder, file), JSON.stringify(artifact));
  }
}

const [list, which, folder] = process.argv.slice(2);
try {
  const mutants = read(list);
  if (which === "--check") {
    mutants.forEach(mutate);
    process.stdout.write(`${mutants.length}\n`);
  } else {
    const mutant = which === "0" ? { name: "no fault" } : mutants[Number(which) - 1];
    process.stdout.write(`${mutant.name}\n`);
    build(mutant, folder);
  }
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
