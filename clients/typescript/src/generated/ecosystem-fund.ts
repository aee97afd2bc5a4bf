// Generated from packages/interfaces by `lex schema`. Do not edit.
// Contract: ecosystem-fund

import type { CosmWasmClient, ExecuteResult, SigningCosmWasmClient } from "@cosmjs/cosmwasm";
import type { Coin as Funds, StdFee } from "@cosmjs/stargate";

export type ConfigResponse = {
  exchange: string;
  l_coin: string;
  operator?: string | null;
  params: Params;
  vault: string;
  wars?: string | null;
};

export type ExecuteMsg =
/**
 * Reports what a gateway's week cost it, and releases that week in the vault: the fund receives max(⌈profit share · (revenue − cost)⌉, ⌈floor · revenue⌉) and the forfeited charges, the gateway's payout address the rest. Attested cost of free calls is made good as far as the week's budget reaches. From 9 days after the week's end; each (gateway, week) once; not while a charge of it is set apart.
 *
 * Permission: Payout
 */
| {
  report_profit: {
    /**
     * µCredit, at most the attested cost that the vault recorded.
     */
    cost: Uint128;
    /**
     * SHA-256 of the books behind the figure, 32 bytes.
     */
    evidence_hash: HexBinary;
    /**
     * Id given by the attestation oracle.
     */
    gateway: number;
    week: number;
  };
}
/**
 * The same with the recorded cost, from 28 days after the week's end: a gateway that does not report locks nobody's money.
 *
 * Permission: Anyone
 */
| {
  close_week: {
    gateway: number;
    week: number;
  };
}
/**
 * Pays what is still owed to a gateway for free calls of a released week, as far as the week's budget has grown since.
 *
 * Permission: Anyone
 */
| {
  pay_free_calls: {
    gateway: number;
    week: number;
  };
}
/**
 * Buys LCO for one slice of the fund's Credits and burns it, less the prize share, in the same transaction. Fridays UTC only, `slice_interval` after the slice before, and only while the pool knows its prices. A slice that fails leaves everything as it was.
 *
 * Permission: Anyone
 */
| {
  buyback: Record<string, never>;
}
/**
 * Sends a week's prize LCO to the contest, once, from the Saturday 00:00 UTC after the week's end on, when no buyback can add to it any more. A week without prizes sends nothing and counts as released.
 *
 * Permission: Wars
 */
| {
  release_prizes: {
    week: number;
  };
}
/**
 * Stops or resumes `Buyback`. Nothing else can be paused.
 *
 * Permission: Owner | Operator
 */
| {
  pause_buyback: {
    paused: boolean;
  };
}
/**
 * Permission: Owner
 */
| {
  set_params: {
    params: Params;
  };
}
/**
 * Names the contest, once.
 *
 * Permission: Owner
 */
| {
  set_wars: {
    wars: string;
  };
}
/**
 * Permission: Owner
 */
| {
  set_operator: {
    operator?: string | null;
  };
}
/**
 * Two-step change of the owner.
 *
 * Permission: Owner (propose, cancel) | Pending owner (accept)
 */
| {
  ownership: OwnershipMsg;
};

/**
 * This is a wrapper around Vec<u8> to add hex de/serialization with serde. It also adds some helper methods to help encode inline.
 *
 * This is similar to `cosmwasm_std::Binary` but uses hex. See also <https://github.com/CosmWasm/cosmwasm/blob/main/docs/MESSAGE_TYPES.md>.
 */
export type HexBinary = string;

export type InstantiateMsg = {
  /**
   * The pool of [LCO, Credit]. Never changes.
   */
  exchange: string;
  /**
   * The L-Coin token. Never changes.
   */
  l_coin: string;
  /**
   * Bounded role: pauses and resumes the buyback, nothing else.
   */
  operator?: string | null;
  /**
   * Governance, or the genesis council until hand-over.
   */
  owner: string;
  params: Params;
  /**
   * The credit vault: releases weeks and is the Credit token. Never changes.
   */
  vault: string;
  /**
   * The weekly contest. Without it nothing is set aside for prizes; set once by the owner.
   */
  wars?: string | null;
};

export type MigrateMsg = Record<string, never>;

/**
 * Why `Buyback {}` would be refused now.
 */
export type Obstacle =
| "paused" | "not_friday" | "too_soon" | "nothing_to_spend"
/**
 * The pool's price history is too short.
 */
| "no_price"
/**
 * The previous block's close lies too far above the mark.
 */
| "price_moved"
/**
 * The slice buys less than 1 µLCO.
 */
| "too_small";

export type OverviewResponse = {
  /**
   * µLCO bought: `burned + to_prizes`.
   */
  bought: Uint128;
  burned: Uint128;
  buyback_paused: boolean;
  /**
   * µCredit paid to gateways for free calls.
   */
  free_calls_paid: Uint128;
  /**
   * Time of the newest slice, 0 before the first.
   */
  last_slice: number;
  /**
   * µCredit that wait for the next slices: `received − spent − free_calls_paid`. What was sent here directly is not counted.
   */
  pot: Uint128;
  /**
   * µLCO set aside and not yet released to the contest.
   */
  prizes_held: Uint128;
  /**
   * Number of burns.
   */
  receipts: number;
  /**
   * µCredit received from released weeks since genesis.
   */
  received: Uint128;
  /**
   * µCredit spent in slices.
   */
  spent: Uint128;
  to_prizes: Uint128;
  week: number;
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
 * Every parameter has bounds, checked at instantiate and update.
 */
export type Params = {
  /**
   * Most free-call cost paid for a week, as a part of the revenue of the week before, basis points. 0 ..= 100; default 100.
   */
  free_call_bps: number;
  /**
   * How far the previous block's close may lie above the pool's mark for a slice to start, basis points. 10 ..= 500; default 50.
   */
  max_deviation_bps: number;
  /**
   * Part of the bought LCO that is set aside for the contest instead of being burned, basis points. 0 ..= 3,000; default 1,000.
   */
  prize_share_bps: number;
  /**
   * Seconds between two slices. 600 ..= 7,200; default 600.
   */
  slice_interval: number;
  /**
   * Largest slice as a part of pool fee × Credit reserve, basis points. 500 ..= 5,000; default 5,000 (one half).
   */
  slice_of_fee_bps: number;
  /**
   * How far a slice's yield may lie below the quote at the previous block's close, basis points. 1 ..= 100; default 30.
   */
  slippage_bps: number;
};

export type PrizesResponse = {
  /**
   * µLCO.
   */
  amount: Uint128;
  /**
   * From when `ReleasePrizes` works.
   */
  releasable_at: number;
  released: boolean;
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
 * What `Buyback {}` would do at this moment.
 */
| {
  slice: Record<string, never>;
}
/**
 * One week over all gateways.
 */
| {
  week: {
    week: number;
  };
}
/**
 * Weeks, newest first.
 */
| {
  weeks: {
    limit?: number | null;
    start_before?: number | null;
  };
}
/**
 * One gateway's released week, if it is released.
 */
| {
  report: {
    gateway: number;
    week: number;
  };
}
/**
 * A gateway's released weeks, newest first.
 */
| {
  reports: {
    gateway: number;
    limit?: number | null;
    start_before?: number | null;
  };
}
/**
 * The n-th burn, counted from 1.
 */
| {
  receipt: {
    n: number;
  };
}
/**
 * Burns, newest first.
 */
| {
  receipts: {
    limit?: number | null;
    start_before?: number | null;
  };
}
/**
 * Prize LCO of a week.
 */
| {
  prizes: {
    week: number;
  };
};

/**
 * One burn. The hash of the transaction that emitted the event of the same content is the burn hash.
 */
export type Receipt = {
  /**
   * µCredit.
   */
  credits_spent: Uint128;
  height: number;
  /**
   * µLCO: always burned + to prizes.
   */
  lco_bought: Uint128;
  lco_burned: Uint128;
  lco_to_prizes: Uint128;
  /**
   * From 1, without gaps.
   */
  n: number;
  /**
   * What was paid: ⌊credits_spent · 10⁶ / lco_bought⌋, µCredit per whole LCO.
   */
  price: Uint128;
  time: number;
  /**
   * The week that ended last when the slice was bought; its prizes receive `lco_to_prizes`.
   */
  week: number;
};

export type ReportResponse = {
  /**
   * µCredit: reported, or recorded if the week was closed without a report.
   */
  cost: Uint128;
  /**
   * None if the week was closed without a report.
   */
  evidence_hash?: HexBinary | null;
  /**
   * µCredit: floor of returned charges, received besides.
   */
  forfeited: Uint128;
  /**
   * µCredit: attested cost of free calls …
   */
  free_cost: Uint128;
  /**
   * … of which so much is paid.
   */
  free_paid: Uint128;
  gateway: number;
  /**
   * µCredit.
   */
  revenue: Uint128;
  /**
   * µCredit: the fund's share of the revenue.
   */
  share: Uint128;
  time: number;
  week: number;
};

export type SliceResponse = {
  /**
   * µCredit it would spend; 0 while the pool's prices are unknown.
   */
  credits: Uint128;
  /**
   * Earliest time of the next slice as far as calendar and interval say.
   */
  from: number;
  /**
   * µLCO it must yield at least; 0 while the pool's prices are unknown.
   */
  min_out: Uint128;
  /**
   * None if `Buyback {}` works now.
   */
  obstacle?: Obstacle | null;
};

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
 * One week over all gateways, as far as they were reported or closed.
 */
export type WeekResponse = {
  /**
   * Most µCredit that can be paid for this week's free calls now: min(⌊free_call_bps · revenue of the week before⌋, received).
   */
  free_call_budget: Uint128;
  /**
   * µCredit paid for them.
   */
  free_calls_paid: Uint128;
  /**
   * µLCO set aside for the week's prizes.
   */
  prizes: Uint128;
  prizes_released: boolean;
  /**
   * µCredit: Σ of what the fund received for them, forfeited charges included.
   */
  received: Uint128;
  /**
   * µCredit: Σ revenue of released gateways.
   */
  revenue: Uint128;
  week: number;
};

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
   * What `Buyback {}` would do at this moment.
   */
  slice(): Promise<SliceResponse> {
    return this.client.queryContractSmart(this.address, { slice: {} });
  }

  /**
   * One week over all gateways.
   */
  week(args: { week: number; }): Promise<WeekResponse> {
    return this.client.queryContractSmart(this.address, { week: args });
  }

  /**
   * Weeks, newest first.
   */
  weeks(args: { limit?: number | null; start_before?: number | null; } = {}): Promise<Array<WeekResponse>> {
    return this.client.queryContractSmart(this.address, { weeks: args });
  }

  /**
   * One gateway's released week, if it is released.
   */
  report(args: { gateway: number; week: number; }): Promise<ReportResponse | null> {
    return this.client.queryContractSmart(this.address, { report: args });
  }

  /**
   * A gateway's released weeks, newest first.
   */
  reports(args: { gateway: number; limit?: number | null; start_before?: number | null; }): Promise<Array<ReportResponse>> {
    return this.client.queryContractSmart(this.address, { reports: args });
  }

  /**
   * The n-th burn, counted from 1.
   */
  receipt(args: { n: number; }): Promise<Receipt | null> {
    return this.client.queryContractSmart(this.address, { receipt: args });
  }

  /**
   * Burns, newest first.
   */
  receipts(args: { limit?: number | null; start_before?: number | null; } = {}): Promise<Array<Receipt>> {
    return this.client.queryContractSmart(this.address, { receipts: args });
  }

  /**
   * Prize LCO of a week.
   */
  prizes(args: { week: number; }): Promise<PrizesResponse> {
    return this.client.queryContractSmart(this.address, { prizes: args });
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
   * Reports what a gateway's week cost it, and releases that week in the vault: the fund receives max(⌈profit share · (revenue − cost)⌉, ⌈floor · revenue⌉) and the forfeited charges, the gateway's payout address the rest. Attested cost of free calls is made good as far as the week's budget reaches. From 9 days after the week's end; each (gateway, week) once; not while a charge of it is set apart.
   *
   * Permission: Payout
   */
  reportProfit(args: { cost: Uint128; evidence_hash: HexBinary; gateway: number; week: number; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ report_profit: args }, funds, fee);
  }

  /**
   * The same with the recorded cost, from 28 days after the week's end: a gateway that does not report locks nobody's money.
   *
   * Permission: Anyone
   */
  closeWeek(args: { gateway: number; week: number; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ close_week: args }, funds, fee);
  }

  /**
   * Pays what is still owed to a gateway for free calls of a released week, as far as the week's budget has grown since.
   *
   * Permission: Anyone
   */
  payFreeCalls(args: { gateway: number; week: number; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ pay_free_calls: args }, funds, fee);
  }

  /**
   * Buys LCO for one slice of the fund's Credits and burns it, less the prize share, in the same transaction. Fridays UTC only, `slice_interval` after the slice before, and only while the pool knows its prices. A slice that fails leaves everything as it was.
   *
   * Permission: Anyone
   */
  buyback(funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ buyback: {} }, funds, fee);
  }

  /**
   * Sends a week's prize LCO to the contest, once, from the Saturday 00:00 UTC after the week's end on, when no buyback can add to it any more. A week without prizes sends nothing and counts as released.
   *
   * Permission: Wars
   */
  releasePrizes(args: { week: number; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ release_prizes: args }, funds, fee);
  }

  /**
   * Stops or resumes `Buyback`. Nothing else can be paused.
   *
   * Permission: Owner | Operator
   */
  pauseBuyback(args: { paused: boolean; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ pause_buyback: args }, funds, fee);
  }

  /**
   * Permission: Owner
   */
  setParams(args: { params: Params; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ set_params: args }, funds, fee);
  }

  /**
   * Names the contest, once.
   *
   * Permission: Owner
   */
  setWars(args: { wars: string; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ set_wars: args }, funds, fee);
  }

  /**
   * Permission: Owner
   */
  setOperator(args: { operator?: string | null; } = {}, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ set_operator: args }, funds, fee);
  }

  /**
   * Two-step change of the owner.
   *
   * Permission: Owner (propose, cancel) | Pending owner (accept)
   */
  sendOwnership(args: OwnershipMsg, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ ownership: args }, funds, fee);
  }
}
