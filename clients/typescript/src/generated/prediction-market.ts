// Generated from packages/interfaces by `lex schema`. Do not edit.
// Contract: prediction-market

import type { CosmWasmClient, ExecuteResult, SigningCosmWasmClient } from "@cosmjs/cosmwasm";
import type { Coin as Funds, StdFee } from "@cosmjs/stargate";

import { toHook } from "../hook";

/**
 * Binary is a wrapper around Vec<u8> to add base64 de/serialization with serde. It also adds some helper methods to help encode inline.
 *
 * This is only needed as serde-json-{core,wasm} has a horrible encoding for Vec<u8>. See also <https://github.com/CosmWasm/cosmwasm/blob/main/docs/MESSAGE_TYPES.md>.
 */
export type Binary = string;

/**
 * One bonded answer.
 */
export type BondResponse = {
  account: string;
  /**
   * µLCO.
   */
  amount: Uint128;
  /**
   * An outcome or [`VOID`].
   */
  answer: number;
  /**
   * When it was given.
   */
  at: number;
  evidence: HexBinary;
  /**
   * µLCO that came back when the market was settled; none before.
   */
  returned?: Uint128 | null;
};

/**
 * Answer to `Config {}`.
 */
export type ConfigResponse = {
  l_coin: string;
  operator?: string | null;
  params: Params;
  peers: Peers;
};

/**
 * What a `Send` of L-Coin says to this contract.
 */
export type Cw20Hook =
/**
 * Creates a market. The amount sent is the ante: equal shares of every outcome, the sender's, locked to the end. The event `market_created` tells the market's id.
 */
| {
  propose: {
    /**
     * Trading ends; within [`TRADING_BOUNDS`] from now.
     */
    close_at: number;
    /**
     * What decides, and where it is read: 1 to [`MAX_RULE_BYTES`] bytes.
     */
    evidence_rule: string;
    /**
     * 2 to 8 names of 1 to [`MAX_OUTCOME_BYTES`] bytes, each once.
     */
    outcomes: Array<string>;
    /**
     * 1 to [`MAX_QUESTION_BYTES`] bytes.
     */
    question: string;
    /**
     * Answers begin; from `close_at` to [`MAX_WAIT`] after it.
     */
    resolve_after: number;
  };
}
/**
 * Bets the amount sent on an outcome.
 */
| {
  buy: {
    market: number;
    /**
     * Refused (12) if the bet would buy fewer.
     */
    min_shares: Uint128;
    outcome: number;
  };
}
/**
 * Gives the first answer, from `resolve_after` on. The amount sent is exactly the bond ([`MarketResponse::next_bond`]).
 */
| {
  answer: {
    /**
     * An outcome or [`VOID`].
     */
    answer: number;
    /**
     * SHA-256 of the evidence, 32 bytes.
     */
    evidence: HexBinary;
    market: number;
  };
}
/**
 * Puts another answer in the place of the newest one, while that can be disputed. The amount sent is exactly twice the bond before.
 */
| {
  dispute: {
    /**
     * An outcome or [`VOID`]; not the answer that stands.
     */
    answer: number;
    /**
     * SHA-256 of the evidence, 32 bytes.
     */
    evidence: HexBinary;
    market: number;
  };
};

/**
 * Cw20ReceiveMsg should be de/serialized under `Receive()` variant in a ExecuteMsg
 */
export type Cw20ReceiveMsg = {
  amount: Uint128;
  msg: Binary;
  sender: string;
};

export type ExecuteMsg =
/**
 * L-Coin arrives; `msg` is a [`Cw20Hook`].
 *
 * Permission: Coin
 */
| {
  receive: Cw20ReceiveMsg;
}
/**
 * Sells shares back to the pool until `close_at`. Of the refund as much is paid at once as the sender put into the market and did not get back; the rest, his gain, is paid with his claim, and not at all if the market is void, where everybody gets back what he put in. Not in the block of a purchase by the same account in the same market; shares of the ante stay. Cannot be paused.
 *
 * Permission: Anyone
 */
| {
  sell: {
    market: number;
    /**
     * Refused (12) if the refund, the part held back included, would be less, µLCO.
     */
    min_refund: Uint128;
    outcome: number;
    /**
     * Above zero, at most what the sender holds and is not locked.
     */
    shares: Uint128;
  };
}
/**
 * Ends a market whose newest answer stood undisputed, or that nobody answered: fixes the result, pays the bonds back and burns what is to be burned.
 *
 * Permission: Anyone
 */
| {
  settle: {
    market: number;
  };
}
/**
 * Pays the sender's winning shares and the gain held back from sales, or on void the sender's refund, once. Settles the market first if that is due. Cannot be paused.
 *
 * Permission: Anyone
 */
| {
  claim: {
    market: number;
    /**
     * Asks for the sender's share of the fee, due to whoever was Lv4 or above when the market was settled; refused (23) below that.
     */
    waiver: boolean;
  };
}
/**
 * Burns the fees of those who claimed so far. The last claim of a market does so by itself.
 *
 * Permission: Anyone
 */
| {
  burn_fees: {
    market: number;
  };
}
/**
 * Ends a vote of the stakers. With an answer, one of those that were bonded, the market is settled; without one (no quorum) disputes go on.
 *
 * Permission: Governance
 */
| {
  decide: {
    /**
     * An outcome or [`VOID`].
     */
    answer?: number | null;
    market: number;
  };
}
/**
 * Stops or resumes new markets or bets.
 *
 * Permission: Operator | Owner
 */
| {
  pause: {
    feature: Pausable;
    paused: boolean;
  };
}
/**
 * Replaces the parameters, within their bounds. Markets keep the terms they were created with.
 *
 * Permission: Owner
 */
| {
  set_params: {
    params: Params;
  };
}
/**
 * Sets peers that are not set yet; those that are not given stay as they are.
 *
 * Permission: Owner
 */
| {
  set_peers: {
    peers: Peers;
  };
}
/**
 * Names or removes the operator.
 *
 * Permission: Owner
 */
| {
  set_operator: {
    operator?: string | null;
  };
}
/**
 * Two-step change of owner.
 *
 * Permission: Owner
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

/**
 * One row of `History {}`.
 */
export type HistoryRow = {
  /**
   * µLCO bet in the bucket.
   */
  bought: Uint128;
  /**
   * Position of the bucket, from 0.
   */
  bucket: number;
  /**
   * P after the last trade of the bucket, µLCO.
   */
  pool: Uint128;
  /**
   * Of each outcome, after the last trade of the bucket.
   */
  probabilities_ppm: Array<number>;
  /**
   * µLCO refunded in the bucket.
   */
  sold: Uint128;
  /**
   * First second of the bucket.
   */
  time: number;
  /**
   * Trades in the bucket.
   */
  trades: number;
};

/**
 * What an account holds of one outcome.
 */
export type HoldingResponse = {
  /**
   * Money paid for it less what its shares were worth when sold, µLCO.
   */
  money: Int128;
  outcome: number;
  shares: Uint128;
};

export type InstantiateMsg = {
  /**
   * The one token of bets and bonds. Never changes.
   */
  l_coin: string;
  /**
   * May stop new markets and new bets.
   */
  operator?: string | null;
  /**
   * Sets parameters within bounds, peers once, and the operator. Has no say in any market.
   */
  owner: string;
  params: Params;
  peers: Peers;
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

/**
 * Answer to `Market {}`.
 */
export type MarketResponse = {
  /**
   * The newest answer.
   */
  answer?: number | null;
  /**
   * µLCO of the pool that the proposer put in at the start.
   */
  ante: Uint128;
  /**
   * Bonds given so far.
   */
  bonds: number;
  /**
   * Seconds of one bucket of the history.
   */
  bucket: number;
  close_at: number;
  /**
   * The block in which the market was created.
   */
  created: Moment;
  evidence_rule: string;
  /**
   * H, µLCO: gains of those who sold, held back until the market ends; paid with their claims, or on void part of what is refunded. A void refunds `pool + held`.
   */
  held: Uint128;
  market: number;
  /**
   * µLCO that the next `Answer` or `Dispute` must send; none where there can be none.
   */
  next_bond?: Uint128 | null;
  outcomes: Array<OutcomeResponse>;
  /**
   * P, µLCO; that at the end for a settled market.
   */
  pool: Uint128;
  proposer: string;
  question: string;
  resolve_after: number;
  result?: ResultResponse | null;
  status: Status;
  terms: Terms;
  /**
   * When the present status ends by itself: trading, waiting, the time for answers or disputes, the stakers' patience.
   */
  until?: number | null;
};

/**
 * One row of `Markets {}`.
 */
export type MarketRow = {
  /**
   * The result of a settled market, otherwise the newest answer.
   */
  answer?: number | null;
  close_at: number;
  market: number;
  outcomes: Array<string>;
  /**
   * P, µLCO.
   */
  pool: Uint128;
  /**
   * Of each outcome, in order.
   */
  probabilities_ppm: Array<number>;
  question: string;
  resolve_after: number;
  status: Status;
};

/**
 * Answer to `Markets {}`.
 */
export type MarketsResponse = {
  markets: Array<MarketRow>;
  /**
   * To go on with; none at the end.
   */
  next?: number | null;
};

/**
 * State is kept as it is; only the recorded version changes.
 */
export type MigrateMsg = Record<string, never>;

/**
 * A block of the past. Governance takes it from the block in which a proposal was made.
 */
export type Moment = {
  height: number;
  /**
   * Unix seconds of that block.
   */
  time: number;
};

/**
 * One outcome of a market.
 */
export type OutcomeResponse = {
  /**
   * M_i: money that came in on this outcome less money that went out, µLCO.
   */
  money: Int128;
  name: string;
  /**
   * What 1,000,000 shares would pay if the market were settled on this outcome now, µLCO, rounded down.
   */
  payout: Uint128;
  /**
   * s_i² / Σs², parts per million.
   */
  probability_ppm: number;
  /**
   * s_i.
   */
  shares: Uint128;
};

/**
 * Answer to `Overview {}`. The contract's L-Coin balance is at least `open_interest + unclaimed + bonds`.
 */
export type OverviewResponse = {
  /**
   * µLCO of bonds in markets that are not settled.
   */
  bonds: Uint128;
  /**
   * µLCO ever burned by this contract.
   */
  burned: Uint128;
  /**
   * µLCO that open interest may reach at this moment.
   */
  interest_cap: Uint128;
  /**
   * Markets ever created; their ids are 1 to this.
   */
  markets: number;
  /**
   * µLCO in markets that are not settled: their pools and the gains held back.
   */
  open_interest: Uint128;
  /**
   * What is paused.
   */
  paused: Array<Pausable>;
  /**
   * µLCO of settled markets that was neither claimed nor burned.
   */
  unclaimed: Uint128;
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
 * Parameters of bets, in force at once for all markets.
 */
export type Params = {
  /**
   * Open interest allowed per bonded LCO, basis points; [`INTEREST_BPS_BOUNDS`], default 1,000.
   */
  interest_bps: number;
  /**
   * Open interest that is allowed however little is bonded, µLCO; [`INTEREST_FLOOR_BOUNDS`], default 100,000 LCO.
   */
  interest_floor: Uint128;
  /**
   * Highest probability to which a bet may lift its own outcome, basis points; [`MAX_PROBABILITY_BOUNDS`], default 9,900.
   */
  max_probability_bps: number;
  /**
   * Least ante of a new market, µLCO; [`MIN_ANTE_BOUNDS`], default 100 LCO.
   */
  min_ante: Uint128;
  /**
   * Least bet, µLCO; [`MIN_BET_BOUNDS`], default 0.1 LCO.
   */
  min_bet: Uint128;
  /**
   * Copied into each market when it is created.
   */
  terms: Terms;
};

/**
 * What can be paused. Nothing that leads out or towards a resolution is here.
 */
export type Pausable =
/**
 * New markets.
 */
| "propose"
/**
 * Bets.
 */
| "buy";

/**
 * Contracts around this one. Each may be given at instantiate or once later.
 */
export type Peers = {
  /**
   * Hears `governance::ExecuteMsg::OpenOutcome` and answers by `Decide`. Without it the doubling of bonds goes on.
   */
  governance?: string | null;
  /**
   * Answers `lco_staking::QueryMsg::{Overview, TierAt}`. Without it open interest ends at the floor and no fee is waived.
   */
  staking?: string | null;
};

/**
 * Answer to `Position {}`.
 */
export type PositionResponse = {
  /**
   * µLCO that `Claim` without waiver would pay now; none before the end.
   */
  claimable?: Uint128 | null;
  /**
   * What sales brought beyond that, µLCO: paid with the claim unless the market is void.
   */
  held: Uint128;
  holdings: Array<HoldingResponse>;
  /**
   * Shares of every outcome that cannot be sold.
   */
  locked: Uint128;
  market: number;
  /**
   * Paid in less paid out, over all outcomes, µLCO: what a void refunds, and what a sale can pay at once.
   */
  net_cost: Uint128;
  status: Status;
  /**
   * µLCO that a waiver would add.
   */
  waivable?: Uint128 | null;
};

export type QueryMsg =
/**
 * Totals, and the cap on open interest at this moment.
 */
| {
  overview: Record<string, never>;
}
/**
 * Roles, peers, parameters.
 */
| {
  config: Record<string, never>;
}
/**
 * Who owns the contract.
 */
| {
  ownership: Record<string, never>;
}
/**
 * One market with everything.
 */
| {
  market: {
    market: number;
  };
}
/**
 * Newest first.
 */
| {
  markets: {
    /**
     * Rows, 30 if not given, at most 100.
     */
    limit?: number | null;
    /**
     * `next` of the page before.
     */
    start_before?: number | null;
    /**
     * Only those in this status; at most [`SCAN_LIMIT`] are looked at for one page.
     */
    status?: Status | null;
  };
}
/**
 * The answers that were bonded, in order; at most [`MAX_BONDS`].
 */
| {
  bonds: {
    market: number;
  };
}
/**
 * One account in one market.
 */
| {
  position: {
    address: string;
    market: number;
  };
}
/**
 * One account in all markets where it has something left, by market.
 */
| {
  positions: {
    address: string;
    /**
     * Rows, 30 if not given, at most 100.
     */
    limit?: number | null;
    /**
     * Last market of the page before.
     */
    start_after?: number | null;
  };
}
/**
 * How a market moved: one row for each 1/[`HISTORY_BUCKETS`] of its trading time in which somebody traded.
 */
| {
  history: {
    /**
     * Rows, 30 if not given, at most 100.
     */
    limit?: number | null;
    market: number;
    /**
     * Last bucket of the page before.
     */
    start_after?: number | null;
  };
}
/**
 * What `Buy` would give now, by the code that executes it; refused as it would be, the cap on open interest apart.
 */
| {
  quote_buy: {
    amount: Uint128;
    market: number;
    outcome: number;
  };
}
/**
 * What `Sell` would give now, by the code that executes it; does not ask whether anybody holds the shares.
 */
| {
  quote_sell: {
    market: number;
    outcome: number;
    shares: Uint128;
  };
};

/**
 * Answer to `QuoteBuy {}`.
 */
export type QuoteBuyResponse = {
  after_ppm: number;
  /**
   * Of the outcome, before and after.
   */
  before_ppm: number;
  /**
   * µLCO that these shares would pay if nobody traded afterwards and the outcome won.
   */
  payout: Uint128;
  shares: Uint128;
};

/**
 * Answer to `QuoteSell {}`.
 */
export type QuoteSellResponse = {
  after_ppm: number;
  /**
   * Of the outcome, before and after.
   */
  before_ppm: number;
  /**
   * µLCO.
   */
  refund: Uint128;
};

/**
 * What became of a market.
 */
export type ResultResponse = {
  /**
   * An outcome or [`VOID`].
   */
  answer: number;
  /**
   * Time of the block that settled it; the tier at this second decides about the waiver.
   */
  at: number;
  /**
   * µLCO of fees that `BurnFees` would burn now.
   */
  burnable: Uint128;
  /**
   * F, µLCO; part of the pool.
   */
  fee: Uint128;
  /**
   * µLCO neither claimed nor burned nor waiting to be burned; gains held back are among them.
   */
  left: Uint128;
  /**
   * What claims are pro rata to: shares of the winning outcome, or Σ net cost on void.
   */
  weight: Uint128;
  /**
   * Weight that did not claim yet.
   */
  weight_left: Uint128;
};

/**
 * Where a market stands. A function of state and time: no message is needed for it to move on.
 */
export type Status =
/**
 * Until `close_at`.
 */
| "trading"
/**
 * From `close_at` to `resolve_after`.
 */
| "waiting"
/**
 * Can be answered.
 */
| "unanswered"
/**
 * Has an answer that can be disputed.
 */
| "answered"
/**
 * The stakers vote.
 */
| "voting"
/**
 * `Settle` can be called.
 */
| "due"
/**
 * An outcome won; can be claimed.
 */
| "resolved"
/**
 * Void; money comes back.
 */
| "voided";

/**
 * What a market keeps from its creation to its end.
 */
export type Terms = {
  /**
   * First bond as a share of the pool, basis points; [`BOND_BPS_BOUNDS`], default 100.
   */
  bond_bps: number;
  /**
   * Fee on the losers' money, basis points; [`FEE_BOUNDS`], default 500.
   */
  fee_bps: number;
  /**
   * Seconds in which an answer can be disputed; [`LIVENESS_BOUNDS`], default 24 hours.
   */
  liveness: number;
  /**
   * Least first bond, µLCO; [`MIN_BOND_BOUNDS`], default 100 LCO.
   */
  min_bond: Uint128;
  /**
   * Seconds after `resolve_after` from which a market without an answer is void; [`UNANSWERED_BOUNDS`], default 30 days.
   */
  unanswered: number;
  /**
   * Seconds from a dispute that asked the stakers after which the market goes on without them; [`VOTE_PATIENCE_BOUNDS`], default 21 days.
   */
  vote_patience: number;
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

/** Reads the contract. */
export class QueryClient {
  constructor(
    readonly client: CosmWasmClient,
    readonly address: string,
  ) {}

  /**
   * Totals, and the cap on open interest at this moment.
   */
  overview(): Promise<OverviewResponse> {
    return this.client.queryContractSmart(this.address, { overview: {} });
  }

  /**
   * Roles, peers, parameters.
   */
  config(): Promise<ConfigResponse> {
    return this.client.queryContractSmart(this.address, { config: {} });
  }

  /**
   * Who owns the contract.
   */
  ownership(): Promise<OwnershipResponse> {
    return this.client.queryContractSmart(this.address, { ownership: {} });
  }

  /**
   * One market with everything.
   */
  market(args: { market: number; }): Promise<MarketResponse> {
    return this.client.queryContractSmart(this.address, { market: args });
  }

  /**
   * Newest first.
   */
  markets(args: { limit?: number | null; start_before?: number | null; status?: Status | null; } = {}): Promise<MarketsResponse> {
    return this.client.queryContractSmart(this.address, { markets: args });
  }

  /**
   * The answers that were bonded, in order; at most [`MAX_BONDS`].
   */
  bonds(args: { market: number; }): Promise<Array<BondResponse>> {
    return this.client.queryContractSmart(this.address, { bonds: args });
  }

  /**
   * One account in one market.
   */
  position(args: { address: string; market: number; }): Promise<PositionResponse> {
    return this.client.queryContractSmart(this.address, { position: args });
  }

  /**
   * One account in all markets where it has something left, by market.
   */
  positions(args: { address: string; limit?: number | null; start_after?: number | null; }): Promise<Array<PositionResponse>> {
    return this.client.queryContractSmart(this.address, { positions: args });
  }

  /**
   * How a market moved: one row for each 1/[`HISTORY_BUCKETS`] of its trading time in which somebody traded.
   */
  history(args: { limit?: number | null; market: number; start_after?: number | null; }): Promise<Array<HistoryRow>> {
    return this.client.queryContractSmart(this.address, { history: args });
  }

  /**
   * What `Buy` would give now, by the code that executes it; refused as it would be, the cap on open interest apart.
   */
  quoteBuy(args: { amount: Uint128; market: number; outcome: number; }): Promise<QuoteBuyResponse> {
    return this.client.queryContractSmart(this.address, { quote_buy: args });
  }

  /**
   * What `Sell` would give now, by the code that executes it; does not ask whether anybody holds the shares.
   */
  quoteSell(args: { market: number; outcome: number; shares: Uint128; }): Promise<QuoteSellResponse> {
    return this.client.queryContractSmart(this.address, { quote_sell: args });
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
   * L-Coin arrives; `msg` is a [`Cw20Hook`].
   *
   * Permission: Coin
   */
  receive(args: Cw20ReceiveMsg, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ receive: args }, funds, fee);
  }

  /**
   * Sells shares back to the pool until `close_at`. Of the refund as much is paid at once as the sender put into the market and did not get back; the rest, his gain, is paid with his claim, and not at all if the market is void, where everybody gets back what he put in. Not in the block of a purchase by the same account in the same market; shares of the ante stay. Cannot be paused.
   *
   * Permission: Anyone
   */
  sell(args: { market: number; min_refund: Uint128; outcome: number; shares: Uint128; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ sell: args }, funds, fee);
  }

  /**
   * Ends a market whose newest answer stood undisputed, or that nobody answered: fixes the result, pays the bonds back and burns what is to be burned.
   *
   * Permission: Anyone
   */
  settle(args: { market: number; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ settle: args }, funds, fee);
  }

  /**
   * Pays the sender's winning shares and the gain held back from sales, or on void the sender's refund, once. Settles the market first if that is due. Cannot be paused.
   *
   * Permission: Anyone
   */
  claim(args: { market: number; waiver: boolean; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ claim: args }, funds, fee);
  }

  /**
   * Burns the fees of those who claimed so far. The last claim of a market does so by itself.
   *
   * Permission: Anyone
   */
  burnFees(args: { market: number; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ burn_fees: args }, funds, fee);
  }

  /**
   * Ends a vote of the stakers. With an answer, one of those that were bonded, the market is settled; without one (no quorum) disputes go on.
   *
   * Permission: Governance
   */
  decide(args: { answer?: number | null; market: number; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ decide: args }, funds, fee);
  }

  /**
   * Stops or resumes new markets or bets.
   *
   * Permission: Operator | Owner
   */
  pause(args: { feature: Pausable; paused: boolean; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ pause: args }, funds, fee);
  }

  /**
   * Replaces the parameters, within their bounds. Markets keep the terms they were created with.
   *
   * Permission: Owner
   */
  setParams(args: { params: Params; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ set_params: args }, funds, fee);
  }

  /**
   * Sets peers that are not set yet; those that are not given stay as they are.
   *
   * Permission: Owner
   */
  setPeers(args: { peers: Peers; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ set_peers: args }, funds, fee);
  }

  /**
   * Names or removes the operator.
   *
   * Permission: Owner
   */
  setOperator(args: { operator?: string | null; } = {}, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ set_operator: args }, funds, fee);
  }

  /**
   * Two-step change of owner.
   *
   * Permission: Owner
   */
  sendOwnership(args: OwnershipMsg, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ ownership: args }, funds, fee);
  }

  /**
   * Sends `amount` of `token` to the contract. Creates a market. The amount sent is the ante: equal shares of every outcome, the sender's, locked to the end. The event `market_created` tells the market's id.
   */
  sendPropose(token: string, amount: Uint128, args: { close_at: number; evidence_rule: string; outcomes: Array<string>; question: string; resolve_after: number; }, fee = this.fee): Promise<ExecuteResult> {
    const hook: Cw20Hook = { propose: args };
    return this.signing.execute(this.sender, token, toHook(this.address, amount, hook), fee);
  }

  /**
   * Sends `amount` of `token` to the contract. Bets the amount sent on an outcome.
   */
  sendBuy(token: string, amount: Uint128, args: { market: number; min_shares: Uint128; outcome: number; }, fee = this.fee): Promise<ExecuteResult> {
    const hook: Cw20Hook = { buy: args };
    return this.signing.execute(this.sender, token, toHook(this.address, amount, hook), fee);
  }

  /**
   * Sends `amount` of `token` to the contract. Gives the first answer, from `resolve_after` on. The amount sent is exactly the bond ([`MarketResponse::next_bond`]).
   */
  sendAnswer(token: string, amount: Uint128, args: { answer: number; evidence: HexBinary; market: number; }, fee = this.fee): Promise<ExecuteResult> {
    const hook: Cw20Hook = { answer: args };
    return this.signing.execute(this.sender, token, toHook(this.address, amount, hook), fee);
  }

  /**
   * Sends `amount` of `token` to the contract. Puts another answer in the place of the newest one, while that can be disputed. The amount sent is exactly twice the bond before.
   */
  sendDispute(token: string, amount: Uint128, args: { answer: number; evidence: HexBinary; market: number; }, fee = this.fee): Promise<ExecuteResult> {
    const hook: Cw20Hook = { dispute: args };
    return this.signing.execute(this.sender, token, toHook(this.address, amount, hook), fee);
  }
}
