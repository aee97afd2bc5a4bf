/**
 * The suite as a dApp sees it: the generated client, CosmJS and a real node.
 *
 * Needs a deployed suite: LEX_RPC (address of a node), LEX_DEPLOYMENT (file with the contracts' addresses) and LEX_MNEMONIC (the local chain's development phrase;
 * the users are its accounts from index 100 on, all of them funded).
 */
import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { before, describe, it } from "node:test";

import { attestationOracle, connect, creditVault, lCoin, teeVerifier, timelock } from "../src";

const GATEWAY = 1;
const DAY = 24 * 60 * 60;

function setting(name: string): string {
  const value = process.env[name];
  assert.ok(value, `set ${name}; see the head of this file`);
  return value;
}

const usdt = (amount: string) => [{ denom: "uusdt", amount }];

/** reserve = supply + revenue, whatever just happened. */
async function assertBacked(vault: creditVault.QueryClient): Promise<void> {
  const { reserve, supply, revenue } = await vault.overview();
  assert.equal(BigInt(reserve), BigInt(supply) + BigInt(revenue));
}

describe("a dApp", () => {
  let vault: creditVault.Client;
  let coin: lCoin.Client;
  let contracts: Record<string, string>;
  let other: string;
  let wallet: Awaited<ReturnType<typeof connect>>;

  before(async () => {
    contracts = JSON.parse(readFileSync(setting("LEX_DEPLOYMENT"), "utf8")).contracts;
    const options = { rpc: setting("LEX_RPC"), mnemonic: setting("LEX_MNEMONIC"), prefix: "wasm", gasPrice: "0.025stake" };
    wallet = await connect({ ...options, accountIndex: 160 });
    other = (await connect({ ...options, accountIndex: 161 })).address;
    vault = new creditVault.Client(wallet.client, wallet.address, contracts["credit-vault"]!);
    coin = new lCoin.Client(wallet.client, wallet.address, contracts["l-coin"]!);
  });

  it("deposits and redeems one for one", async () => {
    const before = await vault.balance({ address: wallet.address });
    const native = await wallet.client.getBalance(wallet.address, "uusdt");
    await vault.deposit({}, usdt("5000000"));
    await vault.redeem({ amount: "2000000" });
    const after = await vault.balance({ address: wallet.address });
    assert.equal(BigInt(after.balance) - BigInt(before.balance), 3_000_000n);
    const left = await wallet.client.getBalance(wallet.address, "uusdt");
    assert.equal(BigInt(native.amount) - BigInt(left.amount), 3_000_000n);
    await assertBacked(vault);
  });

  it("deposits for somebody else", async () => {
    const before = await vault.balance({ address: other });
    await vault.deposit({ to: other }, usdt("1000000"));
    const after = await vault.balance({ address: other });
    assert.equal(BigInt(after.balance) - BigInt(before.balance), 1_000_000n);
  });

  it("promises Credits to a gateway and takes them back after the window only", async () => {
    const { free } = await vault.account({ address: wallet.address });
    assert.ok(BigInt(free) >= 1_500_000n);
    await vault.openSpending({ gateway: GATEWAY, amount: "1000000", max_per_day: "400000" });
    await vault.topUpSpending({ gateway: GATEWAY, amount: "500000" });
    const open = await vault.spending({ address: wallet.address, gateway: GATEWAY });
    assert.equal(open.amount, "1500000");
    assert.equal(open.chargeable, "400000");
    await assert.rejects(vault.redeem({ amount: free }), /\[vault:\d+\]/, "what is promised cannot be redeemed");
    await vault.closeSpending({ gateway: GATEWAY });
    const closing = await vault.spending({ address: wallet.address, gateway: GATEWAY });
    assert.ok(closing.withdrawable_at! - closing.closing_since! >= DAY);
    await assert.rejects(vault.withdrawSpending({ gateway: GATEWAY }), /\[vault:\d+\]/);
    await assertBacked(vault);
  });

  it("is told by a stable code what was wrong", async () => {
    const wrong: [string, () => Promise<unknown>][] = [
      ["another denom", () => vault.deposit({}, [{ denom: "stake", amount: "1" }])],
      ["no funds", () => vault.deposit({})],
      ["more than there is", () => vault.redeem({ amount: "999999999999999" })],
      ["a transfer between users", () => vault.transfer({ recipient: other, amount: "1" })],
      ["somebody else's message", () => vault.setOracle({ oracle: other })],
    ];
    for (const [what, send] of wrong) {
      await assert.rejects(send(), /\[vault:\d+\]/, what);
    }
    await assertBacked(vault);
  });

  it("sees L-Coin as a CW20", async () => {
    const info = await coin.tokenInfo();
    assert.deepEqual([info.symbol, info.decimals], ["LCO", 6]);
    const { minted, burned, cap } = await coin.minted();
    assert.equal(cap, "10000000000000");
    assert.equal(BigInt(info.total_supply), BigInt(minted) - BigInt(burned));
    await assert.rejects(coin.mint({ recipient: wallet.address, amount: "1" }), /\[coin:\d+\]/);
  });

  it("reads the overview of every contract", async () => {
    const client = wallet.client;
    const oracle = new attestationOracle.QueryClient(client, contracts["attestation-oracle"]!);
    const verifier = new teeVerifier.QueryClient(client, contracts["tee-verifier"]!);
    const queue = new timelock.QueryClient(client, contracts["timelock"]!);
    assert.ok((await oracle.overview()).gateways >= 1);
    assert.equal((await verifier.overview()).environment, "testnet");
    assert.ok((await queue.config()).min_delay >= 7 * DAY);
    assert.ok((await vault.rates({})).length > 0);
    assert.ok(BigInt((await vault.washCost()).credits_per_lco ?? 0) > 0n);
  });
});
