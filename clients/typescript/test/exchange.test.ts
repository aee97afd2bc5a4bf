/** Liquidity, quotes and swaps. */
import { strict as assert } from "node:assert";
import { before, describe, it } from "node:test";

import { ONE, type Suite, creditsOf, lcoOf, provide, suite, withCredits, withPool } from "./lex";

describe("the exchange", () => {
  let user: Suite;

  before(async () => {
    user = await suite(162);
    await withPool(user);
    await withCredits(user, 1_000n * ONE);
  });

  it("takes liquidity in the pool's ratio", async () => {
    const { exchange, address } = user;
    const before = await exchange.account({ address });
    const { reserves, total_shares } = await exchange.market();
    await provide(user, BigInt(reserves[0]!) / 100n, BigInt(reserves[1]!) / 50n);
    const shares = BigInt((await exchange.account({ address })).shares) - BigInt(before.shares);
    assert.equal(shares, (BigInt(reserves[0]!) / 100n) * BigInt(total_shares) / BigInt(reserves[0]!), "half of the Credits are not taken");
    await assert.rejects(exchange.withdraw({ shares: "1", min_amounts: ["0", "0"] }), /\[exchange:20\]/, "without an announcement");
    await exchange.announceWithdrawal({ shares: "1000" });
    await assert.rejects(exchange.withdraw({ shares: "1000", min_amounts: ["0", "0"] }), /\[exchange:21\]/, "before a day has passed");
  });

  it("fills what it quotes", async () => {
    const { exchange, vault, coin } = user;
    const [lco, credits] = [await lcoOf(user), await creditsOf(user)];
    const amount = String(50n * ONE);
    const quote = await exchange.simulate({ pay: "quote", amount });
    await exchange.sendSwap(vault.address, amount, { min_out: quote.amount_out });
    const bought = (await lcoOf(user)) - lco;
    assert.equal(bought, BigInt(quote.amount_out));
    assert.equal(credits - (await creditsOf(user)), 50n * ONE);
    const back = await exchange.reverseSimulate({ receive: "quote", amount: String(10n * ONE) });
    await exchange.sendSwapExactOut(coin.address, String(bought), { out: String(10n * ONE) });
    assert.equal(lco + bought - (await lcoOf(user)), BigInt(back.amount_in), "the rest comes back");
  });

  it("refuses a fill below the least that is asked for, and one that comes late", async () => {
    const { exchange, vault } = user;
    const credits = await creditsOf(user);
    const amount = String(50n * ONE);
    const { amount_out } = await exchange.simulate({ pay: "quote", amount });
    const more = String(BigInt(amount_out) + 1n);
    await assert.rejects(exchange.sendSwap(vault.address, amount, { min_out: more }), /\[exchange:16\]/);
    await assert.rejects(exchange.sendSwap(vault.address, amount, { min_out: "0", deadline: 1 }), /\[exchange:15\]/);
    assert.equal(await creditsOf(user), credits);
  });

  it("keeps candles", async () => {
    const { candles } = await user.exchange.candles({ interval: "hour", limit: 1 });
    assert.ok(candles[0]!.swaps >= 2);
    assert.ok(BigInt(candles[0]!.low) <= BigInt(candles[0]!.high));
  });
});
