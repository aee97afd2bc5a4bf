// Generated from packages/interfaces by `lex schema`. Do not edit.
// Contract: margin

import type { CosmWasmClient, ExecuteResult, SigningCosmWasmClient } from "@cosmjs/cosmwasm";
import type { Coin as Funds, StdFee } from "@cosmjs/stargate";

import { toHook } from "../hook";

/**
 * Binary is a wrapper around Vec<u8> to add base64 de/serialization with serde. It also adds some helper methods to help encode inline.
 *
 * This is only needed as serde-json-{core,wasm} has a horrible encoding for Vec<u8>. See also <https://github.com/CosmWasm/cosmwasm/blob/main/docs/MESSAGE_TYPES.md>.
 */
export type Binary = string;

export type ConfigResponse = {
  credit: string;
  exchange: string;
  lco: string;
  operator?: string | null;
  params: Params;
};

/**
 * The kinked interest rate of a pool: base + slope · min(U, U*)/U* + steep · max(U − U*, 0)/(1 − U*), a year, continuously compounded; U = lent / (cash + lent). A changed curve is in force from the pool's next change of a balance.
 */
export type Curve = {
  /**
   * 0 ..= 2,000; default 200.
   */
  base_bps: number;
  /**
   * Greatest U that a new loan may lead to: kink ..= 9,900; default 9,500.
   */
  cap_bps: number;
  /**
   * U*: 5,000 ..= 9,000; default 8,000.
   */
  kink_bps: number;
  /**
   * 0 ..= 5,000; default 1,000.
   */
  slope_bps: number;
  /**
   * 0 ..= 20,000; default 10,000.
   */
  steep_bps: number;
};

/**
 * What a CW20 `Send` to this contract says. The sender of the tokens is who acts.
 */
export type Cw20Hook =
/**
 * Credits or LCO: lends them to their pool. Shares are rounded down.
 */
| {
  supply: {
    /**
     * Least number of shares to receive.
     */
    min_shares: Uint128;
  };
}
/**
 * Credits: opens a position with them as collateral, or adds to the sender's own. A long borrows `borrow` µCredit and buys LCO with both; a short borrows `borrow` µLCO and sells it. CR afterwards at least `initial` on the worse of exit quote and mark.
 */
| {
  open: {
    /**
     * Above 0.
     */
    borrow: Uint128;
    /**
     * Last second at which the swap may run; no limit if absent.
     */
    deadline?: number | null;
    /**
     * Least amount to receive from the swap: µLCO for a long, µCredit for a short.
     */
    min_out: Uint128;
    /**
     * Adds to this position instead of opening one.
     */
    position?: number | null;
    side: Side;
  };
}
/**
 * Credits: repays a long, or adds to what a short holds. Anyone may. What a long does not owe comes back to the sender; with the debt gone the owner receives what the position held.
 */
| {
  add_collateral: {
    position: number;
  };
}
/**
 * The token that the position owes: repays. Anyone may. The rest comes back to the sender; with the debt gone the owner receives what the position held.
 */
| {
  repay: {
    position: number;
  };
}
/**
 * Credits for a long, LCO for a short: takes a position on offer whole, at its price now. The rest comes back to the sender. Refused (27) where lenders would bear a part while the Risk Reserve has something of the other token to sell.
 */
| {
  take_offer: {
    /**
     * Least amount to receive: µLCO of a long, µCredit of a short.
     */
    min_out: Uint128;
    position: number;
  };
}
/**
 * Credits or LCO: a gift to the Risk Reserve.
 */
| {
  fund_reserve: Record<string, never>;
};

/**
 * Cw20ReceiveMsg should be de/serialized under `Receive()` variant in a ExecuteMsg
 */
export type Cw20ReceiveMsg = {
  amount: Uint128;
  msg: Binary;
  sender: string;
};

/**
 * How a position changed hands or ended.
 */
export type Ending =
/**
 * By its owner, on the exchange.
 */
| "closed"
/**
 * By repaying all; what it held was paid out as it was.
 */
| "repaid"
/**
 * In part; it goes on.
 */
| "liquidated_in_part"
/**
 * Whole.
 */
| "liquidated"
/**
 * By a taker of its offer.
 */
| "taken";

export type ExecuteMsg =
/**
 * CW20 receive hook; the message is a [`Cw20Hook`]. Only the two tokens may call it.
 *
 * Permission: Token
 */
| {
  receive: Cw20ReceiveMsg;
}
/**
 * Redeems supply shares of a pool, rounded down. First liquidates up to 3 positions that owe the pool's token, the worst first; if the next one after them is insolvent at mark, the shares stay and the answer says `call_again`. Works without a mark and while paused. The response's data is a [`WithdrawResponse`].
 *
 * Permission: Anyone
 */
| {
  withdraw: {
    /**
     * Above 0, at most what the sender has.
     */
    shares: Uint128;
    token: Token;
  };
}
/**
 * Sells what the position holds, repays its debt and pays the rest to the owner in Credits. Refused if the debt is not covered: add collateral first. Works while paused and without a mark. With nothing owed there is no position: repaying everything pays out what it held.
 *
 * Permission: Position owner
 */
| {
  close: {
    /**
     * Last second at which the swap may run; no limit if absent.
     */
    deadline?: number | null;
    /**
     * Least µCredit to receive.
     */
    min_payout: Uint128;
    position: number;
  };
}
/**
 * Takes Credits out: a long borrows more, a short gives up collateral. CR afterwards at least `initial` on the worse of exit quote and mark.
 *
 * Permission: Position owner
 */
| {
  take_collateral: {
    /**
     * µCredit, above 0.
     */
    amount: Uint128;
    position: number;
  };
}
/**
 * Liquidates a position whose CR is below `maintenance` at mark: in part up to `target`, or whole. If the exchange cannot fill near mark nor near the previous block's close, puts it on offer instead. The sender receives the bounty.
 *
 * Permission: Anyone
 */
| {
  liquidate: {
    position: number;
  };
}
/**
 * Moves the pool's interest share, as far as there is cash, to the Risk Reserve.
 *
 * Permission: Anyone
 */
| {
  collect_interest: {
    token: Token;
  };
}
/**
 * Pauses or resumes a feature.
 *
 * Permission: Owner | Operator
 */
| {
  pause: {
    feature: Pausable;
    paused: boolean;
  };
}
/**
 * Replaces the parameters, within their bounds.
 *
 * Permission: Owner
 */
| {
  set_params: {
    params: Params;
  };
}
/**
 * Sets or removes the operator.
 *
 * Permission: Owner
 */
| {
  set_operator: {
    operator?: string | null;
  };
}
/**
 * Two-step change of owner: `propose` and `cancel` by the owner, `accept` by the pending owner.
 *
 * Permission: Owner | Pending owner
 */
| {
  ownership: OwnershipMsg;
}
/**
 * Liquidates for a keeper, as a sub-message that may fail alone.
 *
 * Permission: Self
 */
| {
  liquidate_for: {
    keeper: string;
    position: number;
  };
}
/**
 * Second half of `Withdraw`, after its liquidations.
 *
 * Permission: Self
 */
| {
  finish_withdraw: {
    lender: string;
    shares: Uint128;
    token: Token;
  };
};

export type HealthResponse = {
  /**
   * Equity / notional in millionths, rounded down.
   */
  cr_ppm: number;
  /**
   * µCredit; negative for an insolvent position.
   */
  equity: Int128;
  /**
   * Mark at which it can be liquidated under the debt of now: below it for a long, above it for a short.
   */
  liquidation_price: Uint256;
  /**
   * µCredit: what a long holds, what a short owes.
   */
  notional: Uint128;
};

export type HistoryEntry = {
  bounty: Uint128;
  /**
   * µCredit received (long) or paid (short) for them; 0 if repaid.
   */
  credits: Uint128;
  ending: Ending;
  /**
   * µLCO by which the position shrank.
   */
  lco: Uint128;
  /**
   * Debt that nothing of the position covered: µCredit of a long, µLCO of a short.
   */
  loss: Uint128;
  /**
   * Running number within the owner's history.
   */
  number: number;
  /**
   * What the owner received: µCredit, or µLCO for a long that was repaid.
   */
  payout: Uint128;
  /**
   * Penalty to the Risk Reserve and bounty to the keeper, µCredit.
   */
  penalty: Uint128;
  position: number;
  side: Side;
  time: number;
};

export type InstantiateMsg = {
  /**
   * CW20 of Credits (the credit vault), never changed.
   */
  credit: string;
  /**
   * The pool of LCO (base) and Credits (quote), never changed.
   */
  exchange: string;
  /**
   * CW20 of LCO, never changed.
   */
  lco: string;
  /**
   * May pause.
   */
  operator?: string | null;
  /**
   * Governance.
   */
  owner: string;
  params: Params;
};

/**
 * An implementation of i128 that is using strings for JSON encoding/decoding, such that the full i128 range can be used for clients that convert JSON numbers to floats, like JavaScript and jq.
 *
 * # Examples
 *
 * Use `from` to create instances of this and `i128` to get the value out:
 *
 * ``` # use cosmwasm_std::Int128; let a = Int128::from(258i128); assert_eq!(a.i128(), 258); ```
 */
export type Int128 = string;

export type LenderResponse = {
  credit_shares: Uint128;
  /**
   * What they would pay now, µCredit.
   */
  credit_value: Uint128;
  lco_shares: Uint128;
  /**
   * What they would pay now, µLCO.
   */
  lco_value: Uint128;
};

export type MigrateMsg = Record<string, never>;

export type OfferResponse = {
  ends_at: number;
  /**
   * After this the exchange may fill at any price, until `ends_at`.
   */
  open_fill_at: number;
  /**
   * What a taker pays now: µCredit for a long, the debt in µLCO for a short.
   */
  pays: Uint128;
  /**
   * What a taker receives: µLCO of a long, µCredit of a short.
   */
  receives: Uint128;
  since: number;
};

export type OpenQuoteResponse = {
  /**
   * Largest value of `borrow` that caps and the pool's cash and use allow now; the collateral ratio may allow less.
   */
  borrow_limit: Uint128;
  /**
   * CR at mark, in millionths; None without a mark.
   */
  cr_ppm?: number | null;
  /**
   * CR on the exit quote after the swap, in millionths.
   */
  exit_cr_ppm?: number | null;
  /**
   * What the position would hold.
   */
  held: Uint128;
  /**
   * What the swap would give: µLCO for a long, µCredit for a short.
   */
  out: Uint128;
};

export type OverviewResponse = {
  /**
   * µLCO held by all longs.
   */
  long_open_interest: Uint128;
  /**
   * Marks now; None while the exchange's history is short.
   */
  mark_long?: Uint256 | null;
  mark_short?: Uint256 | null;
  /**
   * Number of the next position; positions are numbered from 1.
   */
  next_position: number;
  paused: Array<Pausable>;
  /**
   * Credits, then LCO.
   */
  pools: Array<PoolResponse>;
  /**
   * µCredit held by all shorts.
   */
  short_collateral: Uint128;
  /**
   * µLCO owed by all shorts.
   */
  short_open_interest: Uint128;
};

/**
 * Two-step change of owner. Contracts embed it as `ExecuteMsg::Ownership(OwnershipMsg)`.
 *
 * The new owner takes the contract over by its own message, so a mistyped or dead address can never end up as owner.
 */
export type OwnershipMsg =
/**
 * Names the next owner; replaces an earlier, unaccepted one. The current owner stays until `Accept`.
 *
 * Permission: Owner
 */
| {
  propose: {
    /**
     * Bech32 address; must differ from the current owner.
     */
    new_owner: string;
  };
}
/**
 * Takes an unaccepted proposal back.
 *
 * Permission: Owner
 */
| {
  cancel: Record<string, never>;
}
/**
 * Makes the sender the owner.
 *
 * Permission: PendingOwner
 */
| {
  accept: Record<string, never>;
};

/**
 * Answer to `QueryMsg::Ownership {}`.
 */
export type OwnershipResponse = {
  /**
   * Address that owns the contract now.
   */
  owner: string;
  /**
   * Address that may take it over by `Accept`, if one is proposed.
   */
  pending?: string | null;
};

/**
 * Parameters; bounds are checked at instantiate and update.
 */
export type Params = {
  /**
   * Part of it that the keeper receives. 10 ..= 100; default 50.
   */
  bounty_bps: number;
  /**
   * Rates of the pool of Credits.
   */
  credit_curve: Curve;
  /**
   * What a keeper receives from the Risk Reserve when equity is below it, µCredit. At most a fiftieth of `min_notional`; default 1 Credit.
   */
  fixed_bounty: Uint128;
  /**
   * CR below which a position is closed whole. penalty + bounty ..= maintenance − 100; default 400.
   */
  full_close_bps: number;
  /**
   * CR that a change of the owner must leave on the worse of exit quote and mark. 1,500 ..= 5,000; default 2,000 (5×).
   */
  initial_bps: number;
  /**
   * Part of the interest that goes to the Risk Reserve. 0 ..= 3,000; default 1,000.
   */
  interest_share_bps: number;
  /**
   * Rates of the pool of LCO.
   */
  lco_curve: Curve;
  /**
   * CR below which anyone may liquidate. 500 ..= 1,200; default 1,000.
   */
  maintenance_bps: number;
  /**
   * Least value of a position at mark, µCredit: smaller ones cannot be opened and are liquidated whole. 10 ..= 100,000 Credits; default 100 Credits.
   */
  min_notional: Uint128;
  /**
   * Greatest discount of an offer, and how far the exchange's price may be from mark, else from the previous block's close, where the pool fills after one. 200 ..= 1,000; default 800.
   */
  offer_max_bps: number;
  /**
   * How long the discount of an offer grows, and how long afterwards the pool may fill further away, seconds. 300 ..= 3,600; default 600.
   */
  offer_seconds: number;
  /**
   * λ: part of what is liquidated, at mark, that goes to the Risk Reserve. 100 ..= 500; default 250.
   */
  penalty_bps: number;
  /**
   * Largest position, of the exchange's lowest reserves of the last 24 h. 1 ..= 200; default 50.
   */
  position_cap_bps: number;
  /**
   * Loss of a pool, of what its lenders own, above which it makes no new loans for a while. 10 ..= 500; default 50.
   */
  rest_loss_bps: number;
  /**
   * That while, seconds. 3,600 ..= 604,800; default 86,400.
   */
  rest_seconds: number;
  /**
   * Largest sum of one side's positions, of the same. position_cap ..= 2,000; default 500.
   */
  side_cap_bps: number;
  /**
   * How far a liquidation may fill from mark, else from the previous block's close. 50 ..= 500; default 200.
   */
  slippage_bps: number;
  /**
   * CR that a partial liquidation restores. maintenance + 200 ..= initial − 200; default 1,500.
   */
  target_bps: number;
};

/**
 * What can be paused. Repaying, adding collateral, closing, withdrawing what was lent, liquidating and taking offers cannot.
 */
export type Pausable =
/**
 * Lending to the pools.
 */
| "supply"
/**
 * New and larger positions, and taking collateral out.
 */
| "borrow";

export type PoolResponse = {
  /**
   * What lenders own: cash + debt − unclaimed interest share.
   */
  assets: Uint128;
  /**
   * Interest a year now, · 10¹⁸.
   */
  borrow_rate: Uint128;
  /**
   * In the contract, ready to be lent or withdrawn.
   */
  cash: Uint128;
  /**
   * Lent, with interest up to now, rounded down.
   */
  debt: Uint128;
  /**
   * Debt shares of all positions.
   */
  debt_shares: Uint128;
  /**
   * What one debt share owes, · 2⁶⁴.
   */
  index: Uint128;
  /**
   * The Risk Reserve in this token.
   */
  reserve: Uint128;
  /**
   * No new loans before this time; 0 if there was no loss.
   */
  resting_until: number;
  supply_shares: Uint128;
  token: Token;
  /**
   * Interest share that was not collected yet.
   */
  unclaimed: Uint128;
  /**
   * Lent part of cash and debt, basis points, rounded down.
   */
  utilisation_bps: number;
};

export type PositionResponse = {
  /**
   * Now, rounded up: µCredit of a long, µLCO of a short.
   */
  debt: Uint128;
  debt_shares: Uint128;
  /**
   * CR if it were closed on the exchange now, in millionths; None if that cannot be filled.
   */
  exit_cr_ppm?: number | null;
  /**
   * At mark; None without one.
   */
  health?: HealthResponse | null;
  /**
   * µLCO of a long, µCredit of a short.
   */
  held: Uint128;
  liquidatable: boolean;
  /**
   * If the exchange could not fill its liquidation.
   */
  offer?: OfferResponse | null;
  /**
   * When it was opened.
   */
  opened_at: number;
  owner: string;
  position: number;
  side: Side;
};

export type QueryMsg =
/**
 * Everything a page shows first.
 */
| {
  overview: Record<string, never>;
}
| {
  config: Record<string, never>;
}
| {
  ownership: Record<string, never>;
}
/**
 * One lending pool, with interest up to now.
 */
| {
  pool: {
    token: Token;
  };
}
/**
 * What an address has lent.
 */
| {
  lender: {
    address: string;
  };
}
/**
 * One position, valued now.
 */
| {
  position: {
    position: number;
  };
}
/**
 * An owner's open positions, oldest first.
 */
| {
  positions: {
    limit?: number | null;
    owner: string;
    start_after?: number | null;
  };
}
/**
 * Positions that can be liquidated now, longs before shorts, the worst of each first. Empty without a mark.
 */
| {
  liquidatable: {
    limit?: number | null;
  };
}
/**
 * What became of an owner's positions, newest first.
 */
| {
  history: {
    limit?: number | null;
    owner: string;
    start_before?: number | null;
  };
}
/**
 * What `Cw20Hook::Open` would lead to now for a new position, whether it is allowed or not.
 */
| {
  open_quote: {
    /**
     * µCredit for a long, µLCO for a short.
     */
    borrow: Uint128;
    /**
     * µCredit.
     */
    collateral: Uint128;
    side: Side;
  };
};

/**
 * Which way a position stands.
 */
export type Side =
/**
 * Holds LCO, owes Credits.
 */
| "long"
/**
 * Holds Credits, owes LCO.
 */
| "short";

/**
 * One of the two tokens, and the pool that lends it.
 */
export type Token =
/**
 * Lent to longs.
 */
| "credit"
/**
 * Lent to shorts.
 */
| "lco";

/**
 * A thin wrapper around u128 that is using strings for JSON encoding/decoding, such that the full u128 range can be used for clients that convert JSON numbers to floats, like JavaScript and jq.
 *
 * # Examples
 *
 * Use `from` to create instances of this and `u128` to get the value out:
 *
 * ``` # use cosmwasm_std::Uint128; let a = Uint128::from(123u128); assert_eq!(a.u128(), 123);
 *
 * let b = Uint128::from(42u64); assert_eq!(b.u128(), 42);
 *
 * let c = Uint128::from(70u32); assert_eq!(c.u128(), 70); ```
 */
export type Uint128 = string;

/**
 * An implementation of u256 that is using strings for JSON encoding/decoding, such that the full u256 range can be used for clients that convert JSON numbers to floats, like JavaScript and jq.
 *
 * # Examples
 *
 * Use `from` to create instances out of primitive uint types or `new` to provide big endian bytes:
 *
 * ``` # use cosmwasm_std::Uint256; let a = Uint256::from(258u128); let b = Uint256::new([ 0u8, 0u8, 0u8, 0u8, 0u8, 0u8, 0u8, 0u8, 0u8, 0u8, 0u8, 0u8, 0u8, 0u8, 0u8, 0u8, 0u8, 0u8, 0u8, 0u8, 0u8, 0u8, 0u8, 0u8, 0u8, 0u8, 0u8, 0u8, 0u8, 0u8, 1u8, 2u8, ]); assert_eq!(a, b); ```
 */
export type Uint256 = string;

/** Reads the contract. */
export class QueryClient {
  constructor(
    readonly client: CosmWasmClient,
    readonly address: string,
  ) {}

  /**
   * Everything a page shows first.
   */
  overview(): Promise<OverviewResponse> {
    return this.client.queryContractSmart(this.address, { overview: {} });
  }

  config(): Promise<ConfigResponse> {
    return this.client.queryContractSmart(this.address, { config: {} });
  }

  ownership(): Promise<OwnershipResponse> {
    return this.client.queryContractSmart(this.address, { ownership: {} });
  }

  /**
   * One lending pool, with interest up to now.
   */
  pool(args: { token: Token; }): Promise<PoolResponse> {
    return this.client.queryContractSmart(this.address, { pool: args });
  }

  /**
   * What an address has lent.
   */
  lender(args: { address: string; }): Promise<LenderResponse> {
    return this.client.queryContractSmart(this.address, { lender: args });
  }

  /**
   * One position, valued now.
   */
  position(args: { position: number; }): Promise<PositionResponse> {
    return this.client.queryContractSmart(this.address, { position: args });
  }

  /**
   * An owner's open positions, oldest first.
   */
  positions(args: { limit?: number | null; owner: string; start_after?: number | null; }): Promise<Array<PositionResponse>> {
    return this.client.queryContractSmart(this.address, { positions: args });
  }

  /**
   * Positions that can be liquidated now, longs before shorts, the worst of each first. Empty without a mark.
   */
  liquidatable(args: { limit?: number | null; } = {}): Promise<Array<PositionResponse>> {
    return this.client.queryContractSmart(this.address, { liquidatable: args });
  }

  /**
   * What became of an owner's positions, newest first.
   */
  history(args: { limit?: number | null; owner: string; start_before?: number | null; }): Promise<Array<HistoryEntry>> {
    return this.client.queryContractSmart(this.address, { history: args });
  }

  /**
   * What `Cw20Hook::Open` would lead to now for a new position, whether it is allowed or not.
   */
  openQuote(args: { borrow: Uint128; collateral: Uint128; side: Side; }): Promise<OpenQuoteResponse> {
    return this.client.queryContractSmart(this.address, { open_quote: args });
  }
}

/** Reads the contract and sends it messages, signed by `sender`. */
export class Client extends QueryClient {
  constructor(
    readonly signing: SigningCosmWasmClient,
    readonly sender: string,
    address: string,
    /** Fee of every message that names none. */
    readonly fee: StdFee | "auto" | number = "auto",
  ) {
    super(signing, address);
  }

  /** Sends any execute message. */
  execute(msg: ExecuteMsg, funds: readonly Funds[] = [], fee = this.fee, memo = ""): Promise<ExecuteResult> {
    return this.signing.execute(this.sender, this.address, msg as Record<string, unknown>, fee, memo, funds);
  }

  /**
   * CW20 receive hook; the message is a [`Cw20Hook`]. Only the two tokens may call it.
   *
   * Permission: Token
   */
  receive(args: Cw20ReceiveMsg, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ receive: args }, funds, fee);
  }

  /**
   * Redeems supply shares of a pool, rounded down. First liquidates up to 3 positions that owe the pool's token, the worst first; if the next one after them is insolvent at mark, the shares stay and the answer says `call_again`. Works without a mark and while paused. The response's data is a [`WithdrawResponse`].
   *
   * Permission: Anyone
   */
  withdraw(args: { shares: Uint128; token: Token; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ withdraw: args }, funds, fee);
  }

  /**
   * Sells what the position holds, repays its debt and pays the rest to the owner in Credits. Refused if the debt is not covered: add collateral first. Works while paused and without a mark. With nothing owed there is no position: repaying everything pays out what it held.
   *
   * Permission: Position owner
   */
  close(args: { deadline?: number | null; min_payout: Uint128; position: number; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ close: args }, funds, fee);
  }

  /**
   * Takes Credits out: a long borrows more, a short gives up collateral. CR afterwards at least `initial` on the worse of exit quote and mark.
   *
   * Permission: Position owner
   */
  takeCollateral(args: { amount: Uint128; position: number; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ take_collateral: args }, funds, fee);
  }

  /**
   * Liquidates a position whose CR is below `maintenance` at mark: in part up to `target`, or whole. If the exchange cannot fill near mark nor near the previous block's close, puts it on offer instead. The sender receives the bounty.
   *
   * Permission: Anyone
   */
  liquidate(args: { position: number; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ liquidate: args }, funds, fee);
  }

  /**
   * Moves the pool's interest share, as far as there is cash, to the Risk Reserve.
   *
   * Permission: Anyone
   */
  collectInterest(args: { token: Token; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ collect_interest: args }, funds, fee);
  }

  /**
   * Pauses or resumes a feature.
   *
   * Permission: Owner | Operator
   */
  pause(args: { feature: Pausable; paused: boolean; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ pause: args }, funds, fee);
  }

  /**
   * Replaces the parameters, within their bounds.
   *
   * Permission: Owner
   */
  setParams(args: { params: Params; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ set_params: args }, funds, fee);
  }

  /**
   * Sets or removes the operator.
   *
   * Permission: Owner
   */
  setOperator(args: { operator?: string | null; } = {}, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ set_operator: args }, funds, fee);
  }

  /**
   * Two-step change of owner: `propose` and `cancel` by the owner, `accept` by the pending owner.
   *
   * Permission: Owner | Pending owner
   */
  sendOwnership(args: OwnershipMsg, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ ownership: args }, funds, fee);
  }

  /**
   * Liquidates for a keeper, as a sub-message that may fail alone.
   *
   * Permission: Self
   */
  liquidateFor(args: { keeper: string; position: number; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ liquidate_for: args }, funds, fee);
  }

  /**
   * Second half of `Withdraw`, after its liquidations.
   *
   * Permission: Self
   */
  finishWithdraw(args: { lender: string; shares: Uint128; token: Token; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ finish_withdraw: args }, funds, fee);
  }

  /**
   * Sends `amount` of `token` to the contract. Credits or LCO: lends them to their pool. Shares are rounded down.
   */
  sendSupply(token: string, amount: Uint128, args: { min_shares: Uint128; }, fee = this.fee): Promise<ExecuteResult> {
    const hook: Cw20Hook = { supply: args };
    return this.signing.execute(this.sender, token, toHook(this.address, amount, hook), fee);
  }

  /**
   * Sends `amount` of `token` to the contract. Credits: opens a position with them as collateral, or adds to the sender's own. A long borrows `borrow` µCredit and buys LCO with both; a short borrows `borrow` µLCO and sells it. CR afterwards at least `initial` on the worse of exit quote and mark.
   */
  sendOpen(token: string, amount: Uint128, args: { borrow: Uint128; deadline?: number | null; min_out: Uint128; position?: number | null; side: Side; }, fee = this.fee): Promise<ExecuteResult> {
    const hook: Cw20Hook = { open: args };
    return this.signing.execute(this.sender, token, toHook(this.address, amount, hook), fee);
  }

  /**
   * Sends `amount` of `token` to the contract. Credits: repays a long, or adds to what a short holds. Anyone may. What a long does not owe comes back to the sender; with the debt gone the owner receives what the position held.
   */
  sendAddCollateral(token: string, amount: Uint128, args: { position: number; }, fee = this.fee): Promise<ExecuteResult> {
    const hook: Cw20Hook = { add_collateral: args };
    return this.signing.execute(this.sender, token, toHook(this.address, amount, hook), fee);
  }

  /**
   * Sends `amount` of `token` to the contract. The token that the position owes: repays. Anyone may. The rest comes back to the sender; with the debt gone the owner receives what the position held.
   */
  sendRepay(token: string, amount: Uint128, args: { position: number; }, fee = this.fee): Promise<ExecuteResult> {
    const hook: Cw20Hook = { repay: args };
    return this.signing.execute(this.sender, token, toHook(this.address, amount, hook), fee);
  }

  /**
   * Sends `amount` of `token` to the contract. Credits for a long, LCO for a short: takes a position on offer whole, at its price now. The rest comes back to the sender. Refused (27) where lenders would bear a part while the Risk Reserve has something of the other token to sell.
   */
  sendTakeOffer(token: string, amount: Uint128, args: { min_out: Uint128; position: number; }, fee = this.fee): Promise<ExecuteResult> {
    const hook: Cw20Hook = { take_offer: args };
    return this.signing.execute(this.sender, token, toHook(this.address, amount, hook), fee);
  }

  /**
   * Sends `amount` of `token` to the contract. Credits or LCO: a gift to the Risk Reserve.
   */
  sendFundReserve(token: string, amount: Uint128, fee = this.fee): Promise<ExecuteResult> {
    const hook: Cw20Hook = { fund_reserve: {} };
    return this.signing.execute(this.sender, token, toHook(this.address, amount, hook), fee);
  }
}
