// Uses a ledger as programs that are written with ethers do: node tools/ethers-check.mjs HTTP_URL WEBSOCKET_URL
// The folder whose node_modules has ethers is ETHERS (scripts/foundry.sh ethers prints it).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const { ethers } = createRequire(join(process.env.ETHERS, "package.json"))("ethers");
const [http, socket] = process.argv.slice(2);
const TIME_MAX_MS = 30_000;

const artifact = JSON.parse(readFileSync(new URL("../contracts/artifacts/Registry.json", import.meta.url)));

/** Resolves as `promise` does, or fails when that takes too long. */
function soon(promise, what) {
  const late = new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`${what} did not come within ${TIME_MAX_MS} ms`)), TIME_MAX_MS).unref();
  });
  return Promise.race([promise, late]);
}

// ethers keeps answers for 250 ms unless told otherwise; here a block takes less.
const provider = new ethers.JsonRpcProvider(http, undefined, { pollingInterval: 100, cacheTimeout: -1 });
const wallet = new ethers.Wallet("0x" + "02".repeat(32), provider);
const network = await provider.getNetwork();
assert.equal(await provider.getBlockNumber(), 0);
assert.equal(await provider.getBalance(wallet.address), 0n);
const fees = await provider.getFeeData();
assert.equal(fees.gasPrice, 0n);

// Deploys, with the nonce, gas limit and fees that ethers finds.
const factory = new ethers.ContractFactory(artifact.abi, artifact.bytecode, wallet);
const registry = await factory.deploy(wallet.address, wallet.address);
await soon(registry.waitForDeployment(), "the deployment");
const address = await registry.getAddress();
assert.notEqual(await provider.getCode(address), "0x");

// Listens by WebSocket.
const listener = new ethers.WebSocketProvider(socket);
const heads = [];
const heard = [];
await listener.on("block", (number) => heads.push(number));
await listener.on({ address }, (log) => heard.push(log));
assert.equal((await listener.getNetwork()).chainId, network.chainId);

const admit = (gln, overrides = {}) =>
  registry.addMember(gln, 4, 0, `member ${gln}`, "https://member.example", ethers.Wallet.createRandom().address, overrides);
const glns = [9521321000018n, 9521321000025n, 9521321000032n];
const receipts = [];
for (const [index, gln] of glns.entries()) {
  // Where the base fee is zero, ethers chooses a legacy transaction.
  const sent = await admit(gln, index === 1 ? { type: 2, maxFeePerGas: 0, maxPriorityFeePerGas: 0 } : {});
  const receipt = await soon(sent.wait(), "a receipt");
  assert.equal(receipt.status, 1);
  assert.equal((await provider.getTransaction(sent.hash)).type, index === 1 ? 2 : 0);
  receipts.push(receipt);
}
assert.equal(await registry.numberOf(glns[2]), 3n);
await assert.rejects(admit(glns[0]), (error) => error.code === "CALL_EXCEPTION" && error.data.length >= 10);

// Reads logs, blocks and the nonce back.
const logs = await provider.getLogs({ address, fromBlock: 2, toBlock: "latest" });
assert.deepEqual(logs.map((log) => log.transactionHash), receipts.flatMap((one) => one.logs.map((log) => log.transactionHash)));
const events = await registry.queryFilter("*", 2);
assert.equal(events.length, logs.length);
const block = await provider.getBlock("finalized", true);
assert.equal(block.prefetchedTransactions[0].hash, receipts.at(-1).hash);
assert.equal(await provider.getTransactionCount(wallet.address), 4);

// What was heard by WebSocket is what is there.
while (heard.length < logs.length || heads.at(-1) < block.number) {
  await soon(new Promise((resolve) => setTimeout(resolve, 20)), "the notifications");
  if (process.uptime() * 1000 > TIME_MAX_MS) throw new Error(`heard ${heard.length} of ${logs.length} logs, heads ${heads}`);
}
assert.deepEqual(heard.map((log) => [log.blockNumber, log.index]), logs.map((log) => [log.blockNumber, log.index]));
for (let i = 1; i < heads.length; i++) assert.equal(heads[i], heads[i - 1] + 1);

// Several at once over the socket, nonces counted by hand.
const busy = wallet.connect(listener);
const nonce = await listener.getTransactionCount(wallet.address, "pending");
const many = await Promise.all(
  [...Array(10).keys()].map((i) => busy.sendTransaction({ to: wallet.address, nonce: nonce + i, gasLimit: 21_000, type: 2, maxFeePerGas: 0, maxPriorityFeePerGas: 0 })),
);
for (const one of many) assert.equal((await soon(one.wait(), "a receipt over the socket")).status, 1);

console.log(`ethers ${ethers.version}: ${logs.length} logs, ${heads.length} heads heard, ${await provider.getTransactionCount(wallet.address)} transactions`);
await listener.destroy();
provider.destroy();
