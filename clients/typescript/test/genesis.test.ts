/**
 * The network's token as a holder sees it: bought as a genesis token, vested, locked, and spent by a vote. Runs before the tests that let weeks pass, because the sale is
 * open for one.
 */
import { strict as assert } from "node:assert";
import { before, describe, it } from "node:test";

import { DAY, ONE, type Suite, now, pass, suite, usdt } from "./lex";

const BOUGHT = 10n;
const YEAR = 365 * DAY;

const vcaiOf = async (user: Suite, address = user.address): Promise<bigint> => BigInt((await user.vcai.balance({ address })).balance);

/** The newest block. */
async function present(user: Suite) {
  const { header } = await user.client.getBlock();
  return { height: header.height, time: Math.floor(Date.parse(header.time) / 1000) };
}

describe("the network's token", () => {
  /** Whom the local deployment grants most; together they have more than half of what is locked. */
  let holders: [Suite, Suite];
  let friend: string;

  before(async () => {
    holders = [await suite(100), await suite(101)];
    friend = (await suite(163)).address;
  });

  it("begins with a sale of genesis tokens", async () => {
    const [{ genesis, address }] = holders;
    const { sale } = await genesis.config();
    const price = BigInt(sale.price) * BOUGHT;
    await assert.rejects(genesis.buy({ quantity: Number(BOUGHT) }, usdt(price - 1n)), /\[genesis:\d+\]/);
    await genesis.buy({ quantity: Number(BOUGHT) }, usdt(price));
    const { tokens } = await genesis.tokens({ owner: address });
    assert.equal(BigInt(tokens.length), BOUGHT);
    assert.equal((await genesis.claim({ token_id: tokens[0]! })).vested, "0");
    await assert.rejects(genesis.sendClaim({ tokens }), /\[genesis:\d+\]/, "nothing before the TGE");
  });

  it("gets a market of all that was paid, at the planned price", async () => {
    const [user] = holders;
    const { plan } = await user.allocation.tge();
    await assert.rejects(user.allocation.sendTge(), /\[allocation:\d+\]/, "too early");
    await pass(user, plan.time - (await now(user)) + 60);
    await user.allocation.sendTge();
    const { done } = await user.allocation.tge();
    const { reserves } = await user.pool.market();
    assert.deepEqual(reserves, [done!.paired, done!.proceeds]);
    assert.equal(BigInt(done!.proceeds) * ONE, BigInt(done!.paired) * BigInt(plan.price));
    await assert.rejects(user.allocation.sendTge(), /\[allocation:\d+\]/, "once");
  });

  it("is claimed as it vests", async () => {
    for (const { allocation, address, ...user } of holders) {
      const [grant] = await allocation.grantsOf({ beneficiary: address });
      await allocation.claim({ grant: grant!.grant });
      const { balance } = await user.vcai.balance({ address });
      assert.equal(balance, (await allocation.grant({ grant: grant!.grant }))!.claimed);
      await assert.rejects(allocation.claim({ grant: grant!.grant }), /\[allocation:\d+\]/, "nothing twice in a cliff");
    }
    const [{ genesis, address }] = holders;
    await genesis.sendClaim({ tokens: (await genesis.tokens({ owner: address })).tokens });
  });

  it("weighs by the root of what is locked, and the time that is left", async () => {
    const until = (await now(holders[0])) + 4 * YEAR;
    for (const user of holders) {
      const amount = (await vcaiOf(user)) - 1_000n * ONE;
      await user.escrow.sendLock(user.vcai.address, String(amount), { until });
      const lock = await user.escrow.lock({ address: user.address });
      assert.equal(lock.amount, String(amount));
      const earned = await user.rewards.account({ address: user.address });
      assert.deepEqual(earned, { claimable: "0", paid: "0", daily: "0" }, "earns from the next midnight on");
    }
    await pass(holders[0], 60);
    const at = await present(holders[0]);
    let sum = 0n;
    for (const { escrow, address } of holders) {
      const { slope, end } = await escrow.lock({ address });
      const power = await escrow.power({ address, at });
      assert.equal(BigInt(power.weight), BigInt(slope) * BigInt(end - at.time));
      sum += BigInt(power.weight);
    }
    assert.equal(BigInt((await holders[0].escrow.totalPower({ at })).weight), sum);
  });

  it("is spent as those decide who locked", async () => {
    const [first, second] = holders;
    const amount = String(1_000n * ONE);
    const { params } = await first.dao.overview();
    const action = { spend: { to: friend, amount } };
    await first.dao.sendPropose(first.vcai.address, params.deposit, { title: "a grant", description: "For a friend.", action });
    const { proposals } = await first.dao.proposals({ status: "discussion" });
    const proposal = proposals[0]!.id;
    await assert.rejects(first.dao.sendVote({ proposal, choice: "yes" }), /\[governance:\d+\]/, "it is discussed first");
    await pass(first, 7 * DAY);
    for (const { dao } of [first, second]) await dao.sendVote({ proposal, choice: "yes" });
    await pass(first, 8 * DAY);
    assert.equal(await second.dao.proposalStatus({ proposal }), "ready");
    await second.dao.sendExecute({ proposal });
    assert.equal(String(await vcaiOf(first, friend)), amount);
    await first.dao.settleDeposit({ proposal });
    await assert.rejects(first.escrow.withdraw(), /\[escrow:\d+\]/, "what is locked stays locked");
  });
});
