/** A market, bets and a sale. */
import { strict as assert } from "node:assert";
import { before, describe, it } from "node:test";

import { MINUTE, ONE, type Suite, lcoOf, nextBlock, now, pass, suite, withLco } from "./lex";

describe("a prediction market", () => {
  let user: Suite;
  let market: number;

  before(async () => {
    user = await suite(162);
    await withLco(user, 500n * ONE);
  });

  it("opens with an ante", async () => {
    const { market: contract, coin } = user;
    const close_at = (await now(user)) + 30 * MINUTE;
    const terms = { question: "Is it warm at noon?", outcomes: ["no", "yes"], evidence_rule: "A thermometer.", close_at, resolve_after: close_at };
    await assert.rejects(contract.sendPropose(coin.address, "1", terms), /\[market:10\]/);
    await contract.sendPropose(coin.address, String(100n * ONE), terms);
    market = (await contract.overview()).markets;
    const state = await contract.market({ market });
    assert.deepEqual([state.status, state.pool, state.proposer], ["trading", String(100n * ONE), user.address]);
    assert.deepEqual(state.outcomes.map(({ shares }) => shares), ["70710678", "70710678"], "⌊A / √2⌋ each");
  });

  it("gives the shares it quotes, and the probability that follows", async () => {
    const { market: contract, coin, address } = user;
    const amount = String(50n * ONE);
    const quote = await contract.quoteBuy({ market, outcome: 0, amount });
    assert.equal(quote.shares, "61576886", "√(150² − 70.710678²) − 70.710678");
    const more = String(BigInt(quote.shares) + 1n);
    await assert.rejects(contract.sendBuy(coin.address, amount, { market, outcome: 0, min_shares: more }), /\[market:12\]/);
    await contract.sendBuy(coin.address, amount, { market, outcome: 0, min_shares: quote.shares });
    const { outcomes } = await contract.market({ market });
    assert.equal(outcomes[0]!.probability_ppm, quote.after_ppm);
    const position = await contract.position({ market, address });
    // The ante's shares are there as well, and cannot be sold.
    assert.equal(BigInt(position.holdings[0]!.shares) - BigInt(position.locked), BigInt(quote.shares));
  });

  it("buys shares back for what it quotes", async () => {
    const { market: contract } = user;
    const shares = String(20n * ONE);
    // Nobody sells in the block of a purchase.
    await nextBlock(user);
    const [quote, had] = [await contract.quoteSell({ market, outcome: 0, shares }), await lcoOf(user)];
    await contract.sell({ market, outcome: 0, shares, min_refund: quote.refund });
    assert.equal((await lcoOf(user)) - had, BigInt(quote.refund));
    const rows = await contract.history({ market });
    assert.equal(rows.reduce((sum, { trades }) => sum + trades, 0), 2);
  });

  it("takes answers after trading only, and each bond to the unit", async () => {
    const { market: contract, coin } = user;
    const answer = { market, answer: 1, evidence: "07".repeat(32) };
    const bond = String(100n * ONE);
    await assert.rejects(contract.sendAnswer(coin.address, bond, answer), /\[market:9\]/);
    await pass(user, 31 * MINUTE);
    await assert.rejects(contract.sendBuy(coin.address, bond, { market, outcome: 0, min_shares: "0" }), /\[market:9\]/);
    await assert.rejects(contract.sendAnswer(coin.address, String(101n * ONE), answer), /\[market:18\]/);
    await contract.sendAnswer(coin.address, bond, answer);
    const state = await contract.market({ market });
    assert.deepEqual([state.status, state.answer, state.next_bond], ["answered", 1, String(200n * ONE)]);
    assert.equal((await contract.bonds({ market }))[0]!.account, user.address);
    await assert.rejects(contract.claim({ market, waiver: false }), /\[market:9\]/);
  });
});
