// Generated from packages/interfaces by `lex schema`. Do not edit.
// Contract: treasury

import type { CosmWasmClient, ExecuteResult, SigningCosmWasmClient } from "@cosmjs/cosmwasm";
import type { Coin as Funds, StdFee } from "@cosmjs/stargate";

/**
 * An asset of a pool.
 */
export type Asset =
/**
 * A coin of the chain.
 */
| {
  native: {
    denom: string;
  };
}
/**
 * A CW20 token. It must move exactly the amounts it says; a token that keeps a fee on transfers is not supported.
 */
| {
  cw20: {
    address: string;
  };
};

export type ConfigResponse = {
  allocation: string;
  denom: string;
  exchange: string;
  governance: string;
  operator?: string | null;
  params: Params;
  vcai: string;
  ve_rewards: string;
};

export type ExecuteMsg =
/**
 * Takes the attached stablecoin as revenue of a source. Exactly one coin, above 0.
 *
 * Permission: Source
 */
| {
  deposit: {
    /**
     * Name of a registered source whose address is the sender.
     */
    source: string;
  };
}
/**
 * Buys VCAI for one slice of the day's amount and sends it to `ve-rewards` in the same transaction. `slice_interval` after the slice before, only while the pool knows its 30 minute mean. A swap that fails leaves the revenue as it was and is recorded; the transaction succeeds.
 *
 * Permission: Anyone
 */
| {
  buyback: {
    /**
     * Least base units of VCAI the slice must yield, if that is more than the contract asks for itself.
     */
    min_out?: Uint128 | null;
  };
}
/**
 * Puts the attached stablecoin and `vcai` base units, transferred here before in the same transaction, into the empty pool. The LP shares belong to the treasury.
 *
 * Permission: Allocation
 */
| {
  open_pool: {
    vcai: Uint128;
  };
}
/**
 * Takes liquidity out of the pool, into what governance disposes of.
 *
 * Permission: Governance
 */
| {
  remove_liquidity: {
    min_amounts: Array<Uint128>;
    shares: Uint128;
  };
}
/**
 * Sends what is not revenue: forfeited VCAI, removed liquidity, donations. Never a unit of what waits for the buyback.
 *
 * Permission: Governance
 */
| {
  spend: {
    amount: Uint128;
    asset: Asset;
    to: string;
  };
}
/**
 * Registers a source, changes its address, or ends it (`address: None`). What it deposited stays counted.
 *
 * Permission: Owner
 */
| {
  set_source: {
    address?: string | null;
    /**
     * Whether later deposits count as net fee revenue.
     */
    counts: boolean;
    name: string;
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
 * A swap that failed. The revenue stayed where it was.
 */
export type Failure = {
  /**
   * Stablecoin that was offered.
   */
  amount: Uint128;
  height: number;
  /**
   * VCAI that was asked for at least.
   */
  min_out: Uint128;
  /**
   * Number of failures so far, this one included.
   */
  n: number;
  /**
   * What the pool said.
   */
  reason: string;
  time: number;
};

export type InstantiateMsg = {
  /**
   * `token-allocation`, which opens the pool. Never changes.
   */
  allocation: string;
  /**
   * The stablecoin's denom. Never changes.
   */
  denom: string;
  /**
   * The pool of [VCAI, stablecoin], without announced withdrawals. Never changes.
   */
  exchange: string;
  /**
   * The governance contract, which alone disposes of what is not revenue. Never changes.
   */
  governance: string;
  /**
   * Bounded role: pauses and resumes the buyback, nothing else.
   */
  operator?: string | null;
  /**
   * Governance, or the genesis council until hand-over: parameters and sources.
   */
  owner: string;
  params: Params;
  /**
   * First sources.
   */
  sources: Array<NewSource>;
  /**
   * The VCAI token. Never changes.
   */
  vcai: string;
  /**
   * Receives what is bought. Never changes.
   */
  ve_rewards: string;
};

export type MigrateMsg = Record<string, never>;

/**
 * Who may deposit under a name.
 */
export type NewSource = {
  address: string;
  /**
   * Whether its deposits count as net fee revenue, which opens the quota for strategic issuance.
   */
  counts: boolean;
  /**
   * 1 to [`MAX_SOURCE_NAME`] of `a-z`, `0-9`, `-`.
   */
  name: string;
};

/**
 * Why `Buyback {}` would be refused now.
 */
export type Obstacle =
| "paused" | "too_soon" | "nothing_to_spend"
/**
 * The pool's price history is too short.
 */
| "no_price"
/**
 * The previous block's close lies too far above the 30 minute mean.
 */
| "price_moved"
/**
 * The slice buys less than 1 base unit.
 */
| "too_small";

export type OverviewResponse = {
  /**
   * VCAI bought and sent to `ve-rewards`.
   */
  bought: Uint128;
  buyback_paused: boolean;
  /**
   * Day of UTC the day's amount belongs to.
   */
  day: number;
  /**
   * Stablecoin of the day's amount not yet spent.
   */
  day_left: Uint128;
  /**
   * Number of failed swaps, and the newest.
   */
  failures: number;
  last_failure?: Failure | null;
  /**
   * Time of the newest slice, 0 before the first.
   */
  last_slice: number;
  /**
   * When the pool was opened.
   */
  pool_opened_at?: number | null;
  /**
   * Stablecoin that waits for buybacks: total revenue − spent.
   */
  pot: Uint128;
  /**
   * Number of slices bought.
   */
  receipts: number;
  revenue: RevenueResponse;
  /**
   * Stablecoin spent in slices.
   */
  spent: Uint128;
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
   * How far the price paid may lie above the 30 minute mean, basis points. 10 ..= 500; default 500.
   */
  max_premium_bps: number;
  /**
   * Seconds between two slices. 600 ..= 7,200; default 600.
   */
  slice_interval: number;
  /**
   * Largest slice as a part of pool fee × stablecoin reserve, basis points. 500 ..= 5,000; default 5,000 (one half).
   */
  slice_of_fee_bps: number;
  /**
   * How far a slice's yield may lie below the quote at the previous block's close, basis points. 1 ..= 100; default 30.
   */
  slippage_bps: number;
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
 * Revenue since genesis; what the quota for strategic issuance is measured by.
 */
| {
  revenue: Record<string, never>;
}
/**
 * What `Buyback {}` would do at this moment.
 */
| {
  slice: Record<string, never>;
}
| {
  source: {
    name: string;
  };
}
/**
 * Sources by name.
 */
| {
  sources: {
    limit?: number | null;
    start_after?: string | null;
  };
}
/**
 * The n-th slice bought, counted from 1.
 */
| {
  receipt: {
    n: number;
  };
}
/**
 * Slices bought, newest first.
 */
| {
  receipts: {
    limit?: number | null;
    start_before?: number | null;
  };
};

/**
 * One slice.
 */
export type Receipt = {
  /**
   * VCAI, all of it sent to `ve-rewards`.
   */
  bought: Uint128;
  /**
   * Day of UTC since 1970-01-01.
   */
  day: number;
  height: number;
  /**
   * From 1, without gaps.
   */
  n: number;
  /**
   * Stablecoin.
   */
  spent: Uint128;
  time: number;
};

export type RevenueResponse = {
  /**
   * Stablecoin deposited by sources that count: cumulative net fee revenue. Never falls.
   */
  net_fees: Uint128;
  /**
   * Stablecoin deposited by all sources.
   */
  total: Uint128;
};

export type SliceResponse = {
  /**
   * Stablecoin it would spend; 0 while the pool's prices are unknown.
   */
  amount: Uint128;
  /**
   * Stablecoin of the day's amount, as it would be at this moment.
   */
  day_left: Uint128;
  /**
   * Earliest time of the next slice as far as the interval says.
   */
  from: number;
  /**
   * VCAI it must yield at least; 0 while the pool's prices are unknown.
   */
  min_out: Uint128;
  /**
   * None if `Buyback {}` works now.
   */
  obstacle?: Obstacle | null;
};

export type SourceResponse = {
  /**
   * None once ended.
   */
  address?: string | null;
  counts: boolean;
  /**
   * Stablecoin deposited.
   */
  deposited: Uint128;
  name: string;
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
   * Revenue since genesis; what the quota for strategic issuance is measured by.
   */
  revenue(): Promise<RevenueResponse> {
    return this.client.queryContractSmart(this.address, { revenue: {} });
  }

  /**
   * What `Buyback {}` would do at this moment.
   */
  slice(): Promise<SliceResponse> {
    return this.client.queryContractSmart(this.address, { slice: {} });
  }

  source(args: { name: string; }): Promise<SourceResponse | null> {
    return this.client.queryContractSmart(this.address, { source: args });
  }

  /**
   * Sources by name.
   */
  sources(args: { limit?: number | null; start_after?: string | null; } = {}): Promise<Array<SourceResponse>> {
    return this.client.queryContractSmart(this.address, { sources: args });
  }

  /**
   * The n-th slice bought, counted from 1.
   */
  receipt(args: { n: number; }): Promise<Receipt | null> {
    return this.client.queryContractSmart(this.address, { receipt: args });
  }

  /**
   * Slices bought, newest first.
   */
  receipts(args: { limit?: number | null; start_before?: number | null; } = {}): Promise<Array<Receipt>> {
    return this.client.queryContractSmart(this.address, { receipts: args });
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
   * Takes the attached stablecoin as revenue of a source. Exactly one coin, above 0.
   *
   * Permission: Source
   */
  deposit(args: { source: string; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ deposit: args }, funds, fee);
  }

  /**
   * Buys VCAI for one slice of the day's amount and sends it to `ve-rewards` in the same transaction. `slice_interval` after the slice before, only while the pool knows its 30 minute mean. A swap that fails leaves the revenue as it was and is recorded; the transaction succeeds.
   *
   * Permission: Anyone
   */
  buyback(args: { min_out?: Uint128 | null; } = {}, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ buyback: args }, funds, fee);
  }

  /**
   * Puts the attached stablecoin and `vcai` base units, transferred here before in the same transaction, into the empty pool. The LP shares belong to the treasury.
   *
   * Permission: Allocation
   */
  openPool(args: { vcai: Uint128; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ open_pool: args }, funds, fee);
  }

  /**
   * Takes liquidity out of the pool, into what governance disposes of.
   *
   * Permission: Governance
   */
  removeLiquidity(args: { min_amounts: Array<Uint128>; shares: Uint128; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ remove_liquidity: args }, funds, fee);
  }

  /**
   * Sends what is not revenue: forfeited VCAI, removed liquidity, donations. Never a unit of what waits for the buyback.
   *
   * Permission: Governance
   */
  spend(args: { amount: Uint128; asset: Asset; to: string; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ spend: args }, funds, fee);
  }

  /**
   * Registers a source, changes its address, or ends it (`address: None`). What it deposited stays counted.
   *
   * Permission: Owner
   */
  setSource(args: { address?: string | null; counts: boolean; name: string; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ set_source: args }, funds, fee);
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
