/** The suite as a dApp sees it: the generated client, CosmJS and a real node. This file: money in and out, and what every contract shows of itself. */
import { strict as assert } from "node:assert";
import { before, describe, it } from "node:test";

import { DAY, type Suite, suite, usdt } from "./lex";

const GATEWAY = 1;

/** reserve = supply + revenue, whatever just happened. */
async function assertBacked({ vault }: Suite): Promise<void> {
  const { reserve, supply, revenue } = await vault.overview();
  assert.equal(BigInt(reserve), BigInt(supply) + BigInt(revenue));
}

describe("a dApp", () => {
  let user: Suite;
  let other: string;

  before(async () => {
    user = await suite(160);
    other = (await suite(161)).address;
  });

  it("deposits and redeems one for one", async () => {
    const { vault, client, address } = user;
    const before = await vault.balance({ address });
    const native = await client.getBalance(address, "uusdt");
    await vault.deposit({}, usdt("5000000"));
    await vault.redeem({ amount: "2000000" });
    const after = await vault.balance({ address });
    assert.equal(BigInt(after.balance) - BigInt(before.balance), 3_000_000n);
    const left = await client.getBalance(address, "uusdt");
    assert.equal(BigInt(native.amount) - BigInt(left.amount), 3_000_000n);
    await assertBacked(user);
  });

  it("deposits for somebody else", async () => {
    const before = await user.vault.balance({ address: other });
    await user.vault.deposit({ to: other }, usdt("1000000"));
    const after = await user.vault.balance({ address: other });
    assert.equal(BigInt(after.balance) - BigInt(before.balance), 1_000_000n);
  });

  it("promises Credits to a gateway and takes them back after the window only", async () => {
    const { vault, address } = user;
    const { free } = await vault.account({ address });
    assert.ok(BigInt(free) >= 1_500_000n);
    await vault.openSpending({ gateway: GATEWAY, amount: "1000000", max_per_day: "400000" });
    await vault.topUpSpending({ gateway: GATEWAY, amount: "500000" });
    const open = await vault.spending({ address, gateway: GATEWAY });
    assert.equal(open.amount, "1500000");
    assert.equal(open.chargeable, "400000");
    await assert.rejects(vault.redeem({ amount: free }), /\[vault:\d+\]/, "what is promised cannot be redeemed");
    await vault.closeSpending({ gateway: GATEWAY });
    const closing = await vault.spending({ address, gateway: GATEWAY });
    assert.ok(closing.withdrawable_at! - closing.closing_since! >= DAY);
    await assert.rejects(vault.withdrawSpending({ gateway: GATEWAY }), /\[vault:\d+\]/);
    await assertBacked(user);
  });

  it("is told by a stable code what was wrong", async () => {
    const { vault } = user;
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
    await assertBacked(user);
  });

  it("sees L-Coin as a CW20", async () => {
    const { coin, address } = user;
    const info = await coin.tokenInfo();
    assert.deepEqual([info.symbol, info.decimals], ["LCO", 6]);
    const { minted, burned, cap } = await coin.minted();
    assert.equal(cap, "10000000000000");
    assert.equal(BigInt(info.total_supply), BigInt(minted) - BigInt(burned));
    await assert.rejects(coin.mint({ recipient: address, amount: "1" }), /\[coin:\d+\]/);
  });

  it("reads the overview of every contract", async () => {
    const { vault, oracle, verifier, queue } = user;
    assert.ok((await oracle.overview()).gateways >= 1);
    assert.equal((await verifier.overview()).environment, "testnet");
    assert.ok((await queue.config()).min_delay >= 7 * DAY);
    assert.ok((await vault.rates({})).length > 0);
    assert.ok(BigInt((await vault.washCost()).credits_per_lco ?? 0) > 0n);
  });

  it("reads the overview of every market", async () => {
    const { at, coin, exchange, fund, governance, launchpad, margin, market, staking, vault, wars } = user;
    assert.equal((await coin.overview()).minter, vault.address);
    assert.equal((await staking.overview()).l_coin, coin.address);
    const pool = await exchange.overview();
    assert.deepEqual(pool.config.assets, [{ cw20: { address: coin.address } }, { cw20: { address: vault.address } }]);
    const { pools } = await margin.overview();
    assert.deepEqual(pools.map(({ token }) => token), ["credit", "lco"]);
    const spent = await fund.overview();
    assert.equal(BigInt(spent.bought), BigInt(spent.burned) + BigInt(spent.to_prizes));
    assert.equal((await fund.config()).exchange, exchange.address);
    assert.ok((await fund.slice()).credits !== undefined);
    const contest = await wars.overview();
    assert.equal(BigInt(contest.collected), BigInt(contest.paid) + BigInt(contest.unclaimed) + BigInt(contest.rolled));
    const { vault: paid, staking: weighed } = await launchpad.overview();
    assert.deepEqual([paid, weighed], [vault.address, staking.address]);
    assert.ok(BigInt((await market.overview()).interest_cap) > 0n);
    const voters = await governance.overview();
    assert.deepEqual([voters.voting_module, voters.prediction_market], [staking.address, market.address]);
    const peers = (await vault.config()).peers;
    assert.deepEqual(
      [peers.tiers, peers.fund, peers.wars, peers.launchpad],
      ["lco-staking", "ecosystem-fund", "compute-wars", "imo-launchpad"].map(at),
    );
  });
});
