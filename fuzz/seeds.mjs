// Writes the seeds of the fuzz targets into fuzz/corpus, from the vectors and documents of a data folder.
// Usage: node fuzz/seeds.mjs DATA_FOLDER

import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";

const DOCUMENT_BYTES_MAX = 32 * 1024;

const data = process.argv[2];
if (!data) {
  console.error("usage: node fuzz/seeds.mjs DATA_FOLDER");
  process.exit(2);
}
const corpus = join(dirname(fileURLToPath(import.meta.url)), "corpus");

function seed(target, bytes) {
  const folder = join(corpus, target);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, createHash("sha1").update(bytes).digest("hex")), bytes);
}

function* files(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* files(path);
    else yield path;
  }
}

function* texts(value) {
  if (typeof value === "string") yield value;
  else if (value && typeof value === "object") for (const each of Object.values(value)) yield* texts(each);
}

// Every text of a vector is a seed of the readers whose form it has.
function seedText(text) {
  if (/^https?:\/\//i.test(text)) seed("digital_link", text.replace(/^https?:\/\/[^/]*\//i, ""));
  else if (/^urn:epc:/i.test(text)) seed("urn", text.slice("urn:epc:".length));
  else if (/^[\](\d^]/.test(text)) seed("element_string", text.replaceAll("^", "\x1d"));
}

let documents = 0;
for (const path of files(data)) {
  const bytes = readFileSync(path);
  const kind = extname(path);
  if (kind === ".json" && /vectors|dl_normaliser|_oracles/.test(path)) {
    for (const text of texts(JSON.parse(bytes.toString("utf8")))) seedText(text);
  } else if (bytes.length <= DOCUMENT_BYTES_MAX && [".json", ".jsonld", ".xml"].includes(kind)) {
    seed(kind === ".xml" ? "xml" : "json", bytes);
    for (const urn of bytes.toString("utf8").match(/urn:epc:[^\s"'<&]+/g) ?? []) seedText(urn);
    documents += 1;
  }
}
// The parameters of queries: the table of cases of the query crate, as JSON and as query strings.
const cases = readFileSync(join(corpus, "../../crates/query/tests/queries/table.rs"), "utf8");
for (const [, name, json] of cases.matchAll(/^\s*\("([^"]+)", (?:json!\((.*?)\)|Value::Null), "/gm)) {
  const value = JSON.parse((json ?? "null").replaceAll(/\\u\{([0-9a-f]+)\}/g, "\\u00$1"));
  const text = [value].flat().join("|");
  seed("query", JSON.stringify({ [name]: value, orderBy: "eventTime", perPage: undefined }));
  seed("query", `${encodeURIComponent(name)}=${encodeURIComponent(text)}&eventCountLimit=3&orderBy=ex:weight`);
}
for (const table of ["0614141,7", "prefix,gcp_length\n0614141,7\n061,0\n06,12\n", '"401","7"\n40123,9\n'])
  seed("urn", table);

console.log(`seeds of ${documents} documents and the vectors are in ${corpus}`);
