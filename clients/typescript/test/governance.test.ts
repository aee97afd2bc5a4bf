/** A proposal of the stakers, from its deposit to a majority. */
import { strict as assert } from "node:assert";
import { before, describe, it } from "node:test";

import { toBase64, toUtf8 } from "@cosmjs/encoding";

import type { governance as contract } from "../src";
import { DAY, ONE, type Suite, lcoOf, pass, suite, withLco } from "./lex";

/** A tenth of the cap: below it nobody can propose. */
const FLOOR = 1_000_000n * ONE;
const DEPOSIT = 100n * ONE;

describe("governance", () => {
  let user: Suite;
  let action: contract.Action;

  before(async () => {
    user = await suite(160);
    await withLco(user, FLOOR + 2n * DEPOSIT);
    const { params } = await user.staking.overview();
    const msg = toBase64(toUtf8(JSON.stringify({ set_params: { params } })));
    action = { params: { calls: [{ contract: user.staking.address, msg }] } };
  });

  it("is for a tenth of all L-Coin that is staked as a Whale's", async () => {
    const { governance, coin, staking, address } = user;
    const propose = () => governance.sendPropose(coin.address, String(DEPOSIT), { title: "thresholds", description: "As they are.", action });
    await assert.rejects(propose(), /\[governance:14\]/);
    await staking.sendStake(coin.address, String(FLOOR));
    assert.equal((await staking.account({ address })).tier, "whale");
    // What is staked in a second has no vote in it.
    await pass(user, 2);
    assert.ok((await governance.overview()).floor_reached);
    const had = await lcoOf(user);
    await propose();
    assert.equal(had - (await lcoOf(user)), DEPOSIT);
  });

  it("discusses, then votes", async () => {
    const { governance, address } = user;
    const [{ id: proposal }] = (await governance.proposals()).proposals as [contract.ProposalSummary];
    assert.equal(await governance.proposalStatus({ proposal }), "discussion");
    await assert.rejects(governance.sendVote({ proposal, choice: "yes" }), /\[governance:7\]/);
    await pass(user, 7 * DAY);
    await governance.sendVote({ proposal, choice: "no" });
    await governance.sendVote({ proposal, choice: "yes" });
    await assert.rejects(governance.sendVote({ proposal, choice: "yes" }), /\[governance:10\]/);
    const { vote, power } = await governance.vote({ proposal, address });
    assert.equal(vote?.choice, "yes");
    assert.equal(power.weight, String(FLOOR));
    const { subject, summary } = await governance.proposal({ proposal });
    assert.ok("motion" in subject);
    assert.deepEqual([summary.status, subject.motion.no.weight, subject.motion.weight_majority], ["voting", "0", true]);
    await assert.rejects(governance.sendExecute({ proposal }), /\[governance:7\]/, "while others can still vote");
  });

  it("sends nothing but parameters in a proposal of parameters", async () => {
    const { governance, coin } = user;
    const msg = toBase64(toUtf8(JSON.stringify({ unstake: { amount: "1" } })));
    const other: contract.Action = { params: { calls: [{ contract: user.staking.address, msg }] } };
    const proposed = governance.sendPropose(coin.address, String(DEPOSIT), { title: "more", description: "Of another kind.", action: other });
    await assert.rejects(proposed, /\[governance:11\]/);
  });
});
