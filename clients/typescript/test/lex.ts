/**
 * What the tests share: a wallet with a client for every contract, LCO from those who mined it, and the clock of a local chain.
 *
 * Needs a deployed suite: LEX_RPC (address of a node), LEX_DEPLOYMENT (file with the contracts' addresses) and LEX_MNEMONIC (the local chain's development
 * phrase; the users are its accounts from index 100 to 163, all of them funded). `lex up` leaves such a suite behind: 60 accounts that mined LCO, and nobody in
 * the markets yet. One run of the tests uses it up, since stakes stay bonded.
 */
import { strict as assert } from "node:assert";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import {
  type Wallet,
  attestationOracle,
  computeWars,
  connect,
  creditVault,
  ecosystemFund,
  exchange,
  genesisNft,
  governance,
  imoLaunchpad,
  lCoin,
  lcoStaking,
  margin,
  predictionMarket,
  teeVerifier,
  timelock,
  tokenAllocation,
  vcai,
  veRewards,
  voteEscrow,
} from "../src";

/** A Credit, an LCO, a USDT in base units. */
export const ONE = 1_000_000n;
export const MINUTE = 60;
export const DAY = 24 * 60 * MINUTE;

/** The accounts that `lex up` mined with; four more, from 160 to 163, are funded and did not. */
const FIRST_MINER = 100;
const MINERS = 60;

export function setting(name: string): string {
  const value = process.env[name];
  assert.ok(value, `set ${name}; see the head of test/lex.ts`);
  return value;
}

export const usdt = (amount: bigint | string) => [{ denom: "uusdt", amount: String(amount) }];

function wallet(accountIndex: number): Promise<Wallet> {
  return connect({ rpc: setting("LEX_RPC"), mnemonic: setting("LEX_MNEMONIC"), prefix: "wasm", gasPrice: "0.025stake", accountIndex });
}

/** A client of every contract, signing as one account. */
export async function suite(accountIndex: number) {
  const { client, address } = await wallet(accountIndex);
  const contracts: Record<string, string> = JSON.parse(readFileSync(setting("LEX_DEPLOYMENT"), "utf8")).contracts;
  const at = (name: string): string => {
    const found = contracts[name];
    assert.ok(found, `${name} is not deployed`);
    return found;
  };
  return {
    client,
    address,
    at,
    allocation: new tokenAllocation.Client(client, address, at("token-allocation")),
    coin: new lCoin.Client(client, address, at("l-coin")),
    dao: new governance.Client(client, address, at("vcai-governance")),
    escrow: new voteEscrow.Client(client, address, at("vote-escrow")),
    exchange: new exchange.Client(client, address, at("exchange")),
    fund: new ecosystemFund.Client(client, address, at("ecosystem-fund")),
    genesis: new genesisNft.Client(client, address, at("genesis-nft")),
    governance: new governance.Client(client, address, at("governance")),
    launchpad: new imoLaunchpad.Client(client, address, at("imo-launchpad")),
    margin: new margin.Client(client, address, at("margin")),
    market: new predictionMarket.Client(client, address, at("prediction-market")),
    oracle: new attestationOracle.Client(client, address, at("attestation-oracle")),
    pool: new exchange.Client(client, address, at("vcai-exchange")),
    queue: new timelock.Client(client, address, at("timelock")),
    rewards: new veRewards.Client(client, address, at("ve-rewards")),
    staking: new lcoStaking.Client(client, address, at("lco-staking")),
    vault: new creditVault.Client(client, address, at("credit-vault")),
    vcai: new vcai.Client(client, address, at("vcai")),
    verifier: new teeVerifier.Client(client, address, at("tee-verifier")),
    wars: new computeWars.Client(client, address, at("compute-wars")),
  };
}

export type Suite = Awaited<ReturnType<typeof suite>>;

export async function lcoOf(user: Suite, address = user.address): Promise<bigint> {
  return BigInt((await user.coin.balance({ address })).balance);
}

export async function creditsOf(user: Suite, address = user.address): Promise<bigint> {
  return BigInt((await user.vault.balance({ address })).balance);
}

/** Brings an account's LCO up to an amount, from those who mined some. */
export async function withLco(user: Suite, amount: bigint): Promise<void> {
  let missing = amount - (await lcoOf(user));
  const miners = await Promise.all(Array.from({ length: MINERS }, (_, i) => wallet(FIRST_MINER + i)));
  const owned = await Promise.all(miners.map(({ address }) => lcoOf(user, address)));
  const sent: Promise<unknown>[] = [];
  miners.forEach(({ client, address }, i) => {
    const available = owned[i]!;
    const part = available < missing ? available : missing;
    if (part <= 0n) return;
    missing -= part;
    sent.push(new lCoin.Client(client, address, user.at("l-coin")).transfer({ recipient: user.address, amount: String(part) }));
  });
  assert.ok(missing <= 0n, `nobody has the ${missing} µLCO that are missing`);
  await Promise.all(sent);
}

/** Brings an account's free Credits up to an amount. */
export async function withCredits(user: Suite, amount: bigint): Promise<void> {
  const missing = amount - (await creditsOf(user));
  if (missing > 0n) await user.vault.deposit({}, usdt(missing));
}

/** Offers both coins to the pool. */
export async function provide(user: Suite, lco: bigint, credits: bigint): Promise<void> {
  await withLco(user, lco);
  await withCredits(user, credits);
  const spender = user.exchange.address;
  await user.coin.increaseAllowance({ spender, amount: String(lco) });
  await user.vault.increaseAllowance({ spender, amount: String(credits) });
  await user.exchange.provide({ amounts: [String(lco), String(credits)], min_shares: "1" });
}

/** Sees to it that the pool is large enough to trade in, at 2 LCO a Credit if nobody was there before. */
export async function withPool(user: Suite): Promise<void> {
  const { reserves } = await user.exchange.market();
  if (BigInt(reserves[1]!) < 30_000n * ONE) await provide(user, 60_000n * ONE, 30_000n * ONE);
}

/** Unix seconds of the newest block. */
export async function now(user: Suite): Promise<number> {
  const { header } = await user.client.getBlock();
  return Math.floor(Date.parse(header.time) / 1000);
}

/** Waits for a block after the newest one. */
export async function nextBlock(user: Suite): Promise<void> {
  const height = await user.client.getHeight();
  while ((await user.client.getHeight()) === height) await new Promise((wake) => setTimeout(wake, 100));
}

/** Moves the clock of the local chain, which its record beside the deployment tells how to reach. */
export async function pass(user: Suite, seconds: number): Promise<void> {
  const record = join(dirname(setting("LEX_DEPLOYMENT")), "chain", "chain.json");
  assert.ok(existsSync(record), `${record} is not there: the clock can be moved on a chain of \`lex up\` only`);
  const { control } = JSON.parse(readFileSync(record, "utf8")) as { control: number };
  const target = (await now(user)) + seconds;
  const request = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ by: `${seconds}s` }) };
  const moved = await fetch(`http://127.0.0.1:${control}/advance`, request);
  assert.ok(moved.ok, await moved.text());
  while ((await now(user)) < target) await new Promise((wake) => setTimeout(wake, 200));
  // a node shows a block before its contracts answer by it
  await nextBlock(user);
}
