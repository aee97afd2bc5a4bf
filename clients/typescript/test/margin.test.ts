/** Lending and a position. */
import { strict as assert } from "node:assert";
import { before, describe, it } from "node:test";

import { MINUTE, ONE, type Suite, creditsOf, pass, suite, withCredits, withLco, withPool } from "./lex";

describe("margin", () => {
  let user: Suite;
  let position: number;

  before(async () => {
    user = await suite(163);
    await withPool(user);
    await withCredits(user, 3_000n * ONE);
    await withLco(user, 1_000n * ONE);
    // The mark is a median over half an hour.
    await pass(user, 31 * MINUTE);
  });

  it("takes loans from lenders", async () => {
    const { margin, vault, coin, address } = user;
    await margin.sendSupply(vault.address, String(2_000n * ONE), { min_shares: "1" });
    await margin.sendSupply(coin.address, String(1_000n * ONE), { min_shares: "1" });
    const lender = await margin.lender({ address });
    // Shares are rounded down, for those who lent before.
    assert.ok(BigInt(lender.credit_value) >= 2_000n * ONE - 2n && BigInt(lender.lco_value) >= 1_000n * ONE - 2n);
  });

  it("opens what it quotes", async () => {
    const { margin, vault, address } = user;
    const [collateral, borrow] = [String(40n * ONE), String(80n * ONE)];
    const quote = await margin.openQuote({ side: "long", collateral, borrow });
    assert.ok(quote.cr_ppm! >= 200_000 && quote.exit_cr_ppm! >= 200_000);
    await margin.sendOpen(vault.address, collateral, { side: "long", borrow, min_out: quote.out });
    const own = await margin.positions({ owner: address });
    const opened = own[own.length - 1]!;
    position = opened.position;
    assert.equal(opened.held, quote.held);
    assert.ok(BigInt(opened.debt) >= 80n * ONE && !opened.liquidatable);
  });

  it("refuses what would be too large or too much debt, and to liquidate what is sound", async () => {
    const { margin, vault } = user;
    const borrow = String(200n * ONE);
    await assert.rejects(
      margin.sendOpen(vault.address, String(40n * ONE), { side: "long", borrow, min_out: "0" }),
      /\[margin:14\]/,
    );
    await assert.rejects(margin.takeCollateral({ position, amount: String(39n * ONE) }), /\[margin:13\]/);
    await assert.rejects(margin.liquidate({ position }), /\[margin:19\]/);
  });

  it("closes, keeps the history, and lets lenders go", async () => {
    const { margin, address } = user;
    const had = await creditsOf(user);
    await assert.rejects(margin.close({ position, min_payout: String(41n * ONE) }), /\[margin:17\]/);
    await margin.close({ position, min_payout: String(38n * ONE) });
    const paid = (await creditsOf(user)) - had;
    const [last] = await margin.history({ owner: address, limit: 1 });
    assert.deepEqual([last!.position, last!.ending, last!.payout], [position, "closed", String(paid)]);
    const { credit_shares } = await margin.lender({ address });
    const before = await creditsOf(user);
    await margin.withdraw({ token: "credit", shares: credit_shares });
    assert.ok((await creditsOf(user)) - before >= 2_000n * ONE - 2n, "with what the long paid for its loan");
  });
});
