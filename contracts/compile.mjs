// Compiles the contracts into artifacts/*.json; `--check` compares with the committed ones instead.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import solc from "solc";

const ROOT = dirname(fileURLToPath(import.meta.url));
const CONTRACTS = ["Timelock", "Registry", "Custody", "Documents", "baselines/LotPerContract", "baselines/SlotPerPack"];
const VERSION = "0.8.37";

// The metadata hash would make the bytecode depend on comments and paths, so it is left out.
const SETTINGS = {
  evmVersion: "prague",
  optimizer: { enabled: true, runs: 2_000 },
  viaIR: true,
  metadata: { appendCBOR: false, bytecodeHash: "none" },
};

function sourcesBelow(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(".sol"))
    .map((name) => relative(ROOT, join(folder, name)).replaceAll("\\", "/"))
    .sort();
}

/** The compiler's output, and every file that it read, in the order of their names. */
function compile() {
  const read = new Map();
  for (const name of sourcesBelow(join(ROOT, "src"))) {
    read.set(name, readFileSync(join(ROOT, name), "utf8"));
  }
  const input = {
    language: "Solidity",
    sources: Object.fromEntries([...read].map(([name, content]) => [name, { content }])),
    settings: { ...SETTINGS, outputSelection: { "*": { "*": ["abi", "evm.bytecode.object", "evm.deployedBytecode.object"] } } },
  };
  const findImport = (name) => {
    const path = join(ROOT, "node_modules", name);
    if (!existsSync(path)) return { error: `${name} is not installed: run npm ci` };
    read.set(name, readFileSync(path, "utf8"));
    return { contents: read.get(name) };
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: findImport }));
  const problems = output.errors ?? [];
  for (const problem of problems) process.stderr.write(problem.formattedMessage + "\n");
  if (problems.length > 0) throw new Error(`the compiler reports ${problems.length} errors or warnings`);
  return { output, files: [...read].sort(([a], [b]) => (a < b ? -1 : 1)) };
}

/** SHA-256 over name and text of every source, imported ones included. */
function sourceHash(files) {
  const hash = createHash("sha256");
  for (const [name, text] of files) hash.update(`${name}\n${Buffer.byteLength(text)}\n${text}`);
  return hash.digest("hex");
}

function artifact(path, output, files) {
  const contract = basename(path);
  const { abi, evm } = output.contracts[`src/${path}.sol`][contract];
  const size = evm.deployedBytecode.object.length / 2;
  if (size > 24576) throw new Error(`${contract} has ${size} bytes, more than the 24576 that EIP-170 allows`);
  const content = {
    contract,
    compiler: `solc ${solc.version().replace(/\.Emscripten.*/, "")}`,
    settings: SETTINGS,
    abi,
    bytecode: `0x${evm.bytecode.object}`,
    deployedBytecode: `0x${evm.deployedBytecode.object}`,
    sourceHash: sourceHash(files),
  };
  return { path: join(ROOT, "artifacts", `${path}.json`), text: JSON.stringify(content, null, 2) + "\n", size };
}

function main() {
  if (!solc.version().startsWith(VERSION)) {
    throw new Error(`expected solc ${VERSION}, found ${solc.version()}: run npm ci`);
  }
  const { output, files } = compile();
  const artifacts = CONTRACTS.map((contract) => artifact(contract, output, files));
  if (process.argv.includes("--check")) {
    const stale = artifacts.filter(({ path, text }) => !existsSync(path) || readFileSync(path, "utf8") !== text);
    if (stale.length > 0) {
      const names = stale.map(({ path }) => relative(ROOT, path)).join(", ");
      throw new Error(`${names} differs from what the sources compile to: run node compile.mjs and commit the result`);
    }
    process.stdout.write("the committed artifacts are what the sources compile to\n");
    return;
  }
  mkdirSync(join(ROOT, "artifacts", "baselines"), { recursive: true });
  for (const { path, text, size } of artifacts) {
    writeFileSync(path, text);
    process.stdout.write(`${relative(ROOT, path)}: ${size} bytes deployed\n`);
  }
}

try {
  main();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
