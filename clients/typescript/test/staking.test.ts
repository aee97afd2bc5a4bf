/** Stakes and tiers. */
import { strict as assert } from "node:assert";
import { before, describe, it } from "node:test";

import { ONE, type Suite, lcoOf, suite, withLco } from "./lex";

describe("staking", () => {
  let user: Suite;

  before(async () => {
    user = await suite(161);
    await withLco(user, 1_500n * ONE);
  });

  it("gives the tier that the stake reaches, at once", async () => {
    const { staking, coin, address } = user;
    const had = await lcoOf(user);
    await staking.sendStake(coin.address, String(1_000n * ONE - 1n));
    assert.equal((await staking.account({ address })).tier, "lv1", "a unit short");
    await staking.sendStake(coin.address, "1");
    const account = await staking.account({ address });
    assert.deepEqual([account.stake, account.tier], [String(1_000n * ONE), "lv2"]);
    assert.equal(had - (await lcoOf(user)), 1_000n * ONE);
    assert.equal((await staking.history({ address }))[0]!.tier, "lv2");
  });

  it("loses it at once and pays out a week later", async () => {
    const { staking, address } = user;
    await staking.unstake({ amount: "1" });
    const account = await staking.account({ address });
    assert.deepEqual([account.tier, account.claimable, account.unbonding[0]!.amount], ["lv1", "0", "1"]);
    await assert.rejects(staking.claim(), /\[staking:3\]/);
    await assert.rejects(staking.unstake({ amount: String(1_000n * ONE) }), /\[staking:2\]/);
  });

  it("has no vote below the highest tier", async () => {
    const { staking, address } = user;
    const { moment } = await staking.moment({ height: await user.client.getHeight() });
    assert.ok(moment);
    assert.equal((await staking.power({ address, at: moment })).weight, "0");
  });
});
