// Generated from packages/interfaces by `lex schema`. Do not edit.
// Contract: exchange

import type { CosmWasmClient, ExecuteResult, SigningCosmWasmClient } from "@cosmjs/cosmwasm";
import type { Coin as Funds, StdFee } from "@cosmjs/stargate";

import { toHook } from "../hook";

/**
 * One LP.
 */
export type AccountResponse = {
  address: string;
  /**
   * The announcement, until it expires.
   */
  announcement?: Announcement | null;
  shares: Uint128;
  /**
   * What all shares would give now, rounded down.
   */
  worth: Array<Uint128>;
};

export type AllAccountsResponse = {
  accounts: Array<string>;
};

export type Announcement = {
  /**
   * First second at which they can be withdrawn.
   */
  from: number;
  /**
   * Shares announced and not withdrawn.
   */
  shares: Uint128;
  /**
   * First second at which they no longer can.
   */
  until: number;
};

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

export type BalanceResponse = {
  balance: Uint128;
};

/**
 * Binary is a wrapper around Vec<u8> to add base64 de/serialization with serde. It also adds some helper methods to help encode inline.
 *
 * This is only needed as serde-json-{core,wasm} has a horrible encoding for Vec<u8>. See also <https://github.com/CosmWasm/cosmwasm/blob/main/docs/MESSAGE_TYPES.md>.
 */
export type Binary = string;

/**
 * Price and volume of one interval in which there was a swap.
 */
export type Candle = {
  /**
   * Price after its last swap.
   */
  close: Uint256;
  /**
   * Highest of `open` and the prices after its swaps.
   */
  high: Uint256;
  /**
   * Lowest of them.
   */
  low: Uint256;
  /**
   * Price before its first swap.
   */
  open: Uint256;
  /**
   * Its first second.
   */
  start: number;
  /**
   * Number of swaps.
   */
  swaps: number;
  /**
   * Amounts that changed hands, paid in and received together.
   */
  volume: Array<Uint128>;
};

export type CandlesResponse = {
  candles: Array<Candle>;
};

export type ConfigResponse = {
  announced: boolean;
  assets: Array<Asset>;
  params: Params;
};

/**
 * What a CW20 `Send` to the pool says. The output leaves by `Transfer` (never `Send`). The token in between does not hand on the response's data: a contract reads the amount from the event `wasm-swap` (`amount_out`, `amount_in`) or from its own balance.
 */
export type Cw20Hook =
/**
 * As [`ExecuteMsg::Swap`] with what was sent.
 */
| {
  swap: {
    deadline?: number | null;
    min_out: Uint128;
    to?: string | null;
  };
}
/**
 * As [`ExecuteMsg::SwapExactOut`] with what was sent; the rest goes back to who sent the tokens.
 */
| {
  swap_exact_out: {
    deadline?: number | null;
    out: Uint128;
    to?: string | null;
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

/**
 * Nothing can be paused, and nothing here is asked of another contract: trading and leaving always work.
 */
export type ExecuteMsg =
/**
 * CW20 receive hook; the message is a [`Cw20Hook`]. Only a token of the pool may call it.
 *
 * Permission: Token
 */
| {
  receive: Cw20ReceiveMsg;
}
/**
 * Pays the attached coin (exactly one, of a native asset of the pool) and receives the other asset: ⌊y·dx(10⁴−f) / (x·10⁴ + dx(10⁴−f))⌋. The response's data is the amount received (`Uint128` in JSON).
 *
 * Permission: Anyone
 */
| {
  swap: {
    /**
     * Last second at which the swap may run; no limit if absent.
     */
    deadline?: number | null;
    /**
     * Least amount to receive.
     */
    min_out: Uint128;
    /**
     * Receiver; the sender if absent.
     */
    to?: string | null;
  };
}
/**
 * Pays at most the attached coin, receives exactly `out` of the other asset and the rest of the coin back. What is paid is rounded up. The response's data is the amount paid (`Uint128` in JSON).
 *
 * Permission: Anyone
 */
| {
  swap_exact_out: {
    deadline?: number | null;
    /**
     * Amount to receive, above 0, below the reserve.
     */
    out: Uint128;
    /**
     * Receiver of `out`; the sender if absent. The rest always goes back to the sender.
     */
    to?: string | null;
  };
}
/**
 * Adds liquidity. Takes as much of `amounts` as keeps the ratio of the reserves and leaves the rest: native assets are attached (exactly the amounts; the rest is sent back), CW20 assets are taken by `TransferFrom` (an allowance is needed). The first one to add, and the first after everyone left, sets the price: both amounts are taken in full and 1,000 shares are locked for ever.
 *
 * Permission: Anyone
 */
| {
  provide: {
    amounts: Array<Uint128>;
    deadline?: number | null;
    /**
     * Least number of shares to receive.
     */
    min_shares: Uint128;
  };
}
/**
 * On a pool with announced withdrawals: makes `shares` of the sender withdrawable from 24 to 48 hours from now. Replaces the sender's earlier announcement; 0 only takes it back. Never costs anything and can always be made anew.
 *
 * Permission: Anyone
 */
| {
  announce_withdrawal: {
    shares: Uint128;
  };
}
/**
 * Burns the sender's shares and pays both assets, each rounded down. On a pool with announced withdrawals the shares must be announced and within their 24 hours; then, as on other pools, nothing but the sender's own `min_amounts` can refuse it.
 *
 * Permission: Anyone
 */
| {
  withdraw: {
    /**
     * Least amounts to receive.
     */
    min_amounts: Array<Uint128>;
    /**
     * Above 0, at most what the sender has (or announced).
     */
    shares: Uint128;
  };
}
/**
 * Sends what the contract holds above its reserves (donations) to the recipient named in the parameters.
 *
 * Permission: Anyone
 */
| {
  skim: Record<string, never>;
}
/**
 * Replaces the parameters.
 *
 * Permission: Owner
 */
| {
  set_params: {
    params: Params;
  };
}
/**
 * Two-step change of owner: `propose` and `cancel` by the owner, `accept` by the pending owner.
 *
 * Permission: Owner | Pending owner
 */
| {
  ownership: OwnershipMsg;
};

export type ExitQuoteResponse = {
  /**
   * Price afterwards.
   */
  price: Uint256;
  /**
   * Quote units received (long) or paid (short).
   */
  quote: Uint128;
};

export type InstantiateMsg = {
  /**
   * Whether LPs announce withdrawals 24 hours ahead; never changed. True for the pool that margin relies on.
   */
  announced: boolean;
  /**
   * Base and quote; two different assets, never changed.
   */
  assets: Array<Asset>;
  /**
   * Governance.
   */
  owner: string;
  params: Params;
};

/**
 * Length of a candle.
 */
export type Interval =
/**
 * 60 s.
 */
| "minute"
/**
 * 3,600 s.
 */
| "hour"
/**
 * 86,400 s, from 00:00 UTC.
 */
| "day";

/**
 * What base units are taken to be worth: for either side the median of the previous block's close, the 5 minute mean and the 30 minute mean.
 */
export type MarkPair = {
  /**
   * With harmonic means; values what longs hold.
   */
  long: Uint256;
  /**
   * With arithmetic means; values what shorts owe.
   */
  short: Uint256;
};

/**
 * What other contracts need of a pool. Everything as of the block asked in.
 */
export type MarketResponse = {
  /**
   * Shares announced for withdrawal and not expired (0 on pools without announcements).
   */
  announced_shares: Uint128;
  /**
   * Basis points.
   */
  fee_bps: number;
  /**
   * For each asset the lowest of its reserves at the ends of blocks in the last 24 to 25 hours (since the first LP, if that is later) and now, less the part that belongs to announced shares, rounded down: what caps are measured by.
   */
  lowest_reserves_24h: Array<Uint128>;
  /**
   * Median of previous close and both means. None while history is shorter than 30 minutes: the caller decides what works without a mark.
   */
  mark?: MarkPair | null;
  /**
   * Price at the end of the last block before this one. Nothing in this block moves it. None if there was no pool then.
   */
  previous_close?: Uint256 | null;
  /**
   * Reserves at that moment; zeros if there was no pool then.
   */
  previous_close_reserves: Array<Uint128>;
  /**
   * Tracked reserves now; what execution trades on. 0 before the first LP.
   */
  reserves: Array<Uint128>;
  /**
   * LP shares, the locked ones included.
   */
  total_shares: Uint128;
  /**
   * Means over the last 1,800 s. None while history is shorter.
   */
  twap_30m?: TwapPair | null;
  /**
   * Means over the last 300 s. None while history is shorter.
   */
  twap_5m?: TwapPair | null;
};

export type MigrateMsg = Record<string, never>;

export type OverviewResponse = {
  config: ConfigResponse;
  market: MarketResponse;
  owner: string;
  /**
   * Price now, y/x. None before the first LP.
   */
  price?: Uint256 | null;
  /**
   * Time of the first LP, unix seconds. None before.
   */
  started_at?: number | null;
  /**
   * Volume of the last 24 to 25 hours, both directions together.
   */
  volume_24h: Array<Uint128>;
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
 * What the owner can change.
 */
export type Params = {
  /**
   * Part of what is paid in that stays with the LPs, basis points. 1 ..= 100; default 30.
   */
  fee_bps: number;
  /**
   * Receives what `Skim` finds.
   */
  skim_recipient: string;
};

/**
 * Which way a position in the base asset stands.
 */
export type Position =
/**
 * Holds base units.
 */
| "long"
/**
 * Owes base units.
 */
| "short";

export type QueryMsg =
/**
 * Everything a page needs at once.
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
 * What other contracts need to value and to trade, in one hop.
 */
| {
  market: Record<string, never>;
}
/**
 * Means of the price over the last `window` seconds, 15 ..= 604,800. An error while the pool's history is shorter; never the current price instead.
 */
| {
  twap: {
    window: number;
  };
}
/**
 * What paying `amount` of an asset would give now.
 */
| {
  simulate: {
    amount: Uint128;
    pay: Side;
  };
}
/**
 * What receiving exactly `amount` of an asset would cost now.
 */
| {
  reverse_simulate: {
    amount: Uint128;
    receive: Side;
  };
}
/**
 * What leaving a position of `base` units would give (a long sells them) or cost (a short buys them back) now.
 */
| {
  exit_quote: {
    base: Uint128;
    position: Position;
  };
}
/**
 * Price and volume per interval, newest first. The pool keeps the last 1,440 minutes, 1,440 hours and 1,440 days; intervals without a swap are left out.
 */
| {
  candles: {
    interval: Interval;
    limit?: number | null;
    /**
     * Only intervals that begin before this time.
     */
    start_before?: number | null;
  };
}
/**
 * One LP.
 */
| {
  account: {
    address: string;
  };
}
/**
 * LPs with shares, in the order of their addresses' bytes.
 */
| {
  accounts: {
    limit?: number | null;
    start_after?: string | null;
  };
}
/**
 * CW20-shaped: LP shares of an address.
 */
| {
  balance: {
    address: string;
  };
}
/**
 * CW20-shaped: total supply of LP shares, the locked ones included.
 */
| {
  token_info: Record<string, never>;
}
/**
 * CW20-shaped: addresses with LP shares.
 */
| {
  all_accounts: {
    limit?: number | null;
    start_after?: string | null;
  };
};

/**
 * One of the two assets.
 */
export type Side =
/**
 * The first asset.
 */
| "base"
/**
 * The second asset; prices count in it.
 */
| "quote";

/**
 * A swap as it would be executed.
 */
export type SimulateResponse = {
  /**
   * Paid in.
   */
  amount_in: Uint128;
  /**
   * Received.
   */
  amount_out: Uint128;
  /**
   * Part of `amount_in` that stays with the LPs, rounded up.
   */
  fee: Uint128;
  /**
   * Which asset is paid.
   */
  pay: Side;
  /**
   * Price afterwards.
   */
  price: Uint256;
  /**
   * Reserves afterwards.
   */
  reserves: Array<Uint128>;
};

export type TokenInfoResponse = {
  decimals: number;
  name: string;
  symbol: string;
  total_supply: Uint128;
};

/**
 * Both means of the price over one window.
 */
export type TwapPair = {
  /**
   * ⌈ΔA / W⌉. The higher one: for what is owed in base units.
   */
  arithmetic: Uint256;
  /**
   * ⌊W / ΔB⌋. The lower one: for what is held in base units.
   */
  harmonic: Uint256;
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
   * Everything a page needs at once.
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
   * What other contracts need to value and to trade, in one hop.
   */
  market(): Promise<MarketResponse> {
    return this.client.queryContractSmart(this.address, { market: {} });
  }

  /**
   * Means of the price over the last `window` seconds, 15 ..= 604,800. An error while the pool's history is shorter; never the current price instead.
   */
  twap(args: { window: number; }): Promise<TwapPair> {
    return this.client.queryContractSmart(this.address, { twap: args });
  }

  /**
   * What paying `amount` of an asset would give now.
   */
  simulate(args: { amount: Uint128; pay: Side; }): Promise<SimulateResponse> {
    return this.client.queryContractSmart(this.address, { simulate: args });
  }

  /**
   * What receiving exactly `amount` of an asset would cost now.
   */
  reverseSimulate(args: { amount: Uint128; receive: Side; }): Promise<SimulateResponse> {
    return this.client.queryContractSmart(this.address, { reverse_simulate: args });
  }

  /**
   * What leaving a position of `base` units would give (a long sells them) or cost (a short buys them back) now.
   */
  exitQuote(args: { base: Uint128; position: Position; }): Promise<ExitQuoteResponse> {
    return this.client.queryContractSmart(this.address, { exit_quote: args });
  }

  /**
   * Price and volume per interval, newest first. The pool keeps the last 1,440 minutes, 1,440 hours and 1,440 days; intervals without a swap are left out.
   */
  candles(args: { interval: Interval; limit?: number | null; start_before?: number | null; }): Promise<CandlesResponse> {
    return this.client.queryContractSmart(this.address, { candles: args });
  }

  /**
   * One LP.
   */
  account(args: { address: string; }): Promise<AccountResponse> {
    return this.client.queryContractSmart(this.address, { account: args });
  }

  /**
   * LPs with shares, in the order of their addresses' bytes.
   */
  accounts(args: { limit?: number | null; start_after?: string | null; } = {}): Promise<Array<AccountResponse>> {
    return this.client.queryContractSmart(this.address, { accounts: args });
  }

  /**
   * CW20-shaped: LP shares of an address.
   */
  balance(args: { address: string; }): Promise<BalanceResponse> {
    return this.client.queryContractSmart(this.address, { balance: args });
  }

  /**
   * CW20-shaped: total supply of LP shares, the locked ones included.
   */
  tokenInfo(): Promise<TokenInfoResponse> {
    return this.client.queryContractSmart(this.address, { token_info: {} });
  }

  /**
   * CW20-shaped: addresses with LP shares.
   */
  allAccounts(args: { limit?: number | null; start_after?: string | null; } = {}): Promise<AllAccountsResponse> {
    return this.client.queryContractSmart(this.address, { all_accounts: args });
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
   * CW20 receive hook; the message is a [`Cw20Hook`]. Only a token of the pool may call it.
   *
   * Permission: Token
   */
  receive(args: Cw20ReceiveMsg, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ receive: args }, funds, fee);
  }

  /**
   * Pays the attached coin (exactly one, of a native asset of the pool) and receives the other asset: ⌊y·dx(10⁴−f) / (x·10⁴ + dx(10⁴−f))⌋. The response's data is the amount received (`Uint128` in JSON).
   *
   * Permission: Anyone
   */
  swap(args: { deadline?: number | null; min_out: Uint128; to?: string | null; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ swap: args }, funds, fee);
  }

  /**
   * Pays at most the attached coin, receives exactly `out` of the other asset and the rest of the coin back. What is paid is rounded up. The response's data is the amount paid (`Uint128` in JSON).
   *
   * Permission: Anyone
   */
  swapExactOut(args: { deadline?: number | null; out: Uint128; to?: string | null; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ swap_exact_out: args }, funds, fee);
  }

  /**
   * Adds liquidity. Takes as much of `amounts` as keeps the ratio of the reserves and leaves the rest: native assets are attached (exactly the amounts; the rest is sent back), CW20 assets are taken by `TransferFrom` (an allowance is needed). The first one to add, and the first after everyone left, sets the price: both amounts are taken in full and 1,000 shares are locked for ever.
   *
   * Permission: Anyone
   */
  provide(args: { amounts: Array<Uint128>; deadline?: number | null; min_shares: Uint128; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ provide: args }, funds, fee);
  }

  /**
   * On a pool with announced withdrawals: makes `shares` of the sender withdrawable from 24 to 48 hours from now. Replaces the sender's earlier announcement; 0 only takes it back. Never costs anything and can always be made anew.
   *
   * Permission: Anyone
   */
  announceWithdrawal(args: { shares: Uint128; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ announce_withdrawal: args }, funds, fee);
  }

  /**
   * Burns the sender's shares and pays both assets, each rounded down. On a pool with announced withdrawals the shares must be announced and within their 24 hours; then, as on other pools, nothing but the sender's own `min_amounts` can refuse it.
   *
   * Permission: Anyone
   */
  withdraw(args: { min_amounts: Array<Uint128>; shares: Uint128; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ withdraw: args }, funds, fee);
  }

  /**
   * Sends what the contract holds above its reserves (donations) to the recipient named in the parameters.
   *
   * Permission: Anyone
   */
  skim(funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ skim: {} }, funds, fee);
  }

  /**
   * Replaces the parameters.
   *
   * Permission: Owner
   */
  setParams(args: { params: Params; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ set_params: args }, funds, fee);
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
   * Sends `amount` of `token` to the contract. As [`ExecuteMsg::Swap`] with what was sent.
   */
  sendSwap(token: string, amount: Uint128, args: { deadline?: number | null; min_out: Uint128; to?: string | null; }, fee = this.fee): Promise<ExecuteResult> {
    const hook: Cw20Hook = { swap: args };
    return this.signing.execute(this.sender, token, toHook(this.address, amount, hook), fee);
  }

  /**
   * Sends `amount` of `token` to the contract. As [`ExecuteMsg::SwapExactOut`] with what was sent; the rest goes back to who sent the tokens.
   */
  sendSwapExactOut(token: string, amount: Uint128, args: { deadline?: number | null; out: Uint128; to?: string | null; }, fee = this.fee): Promise<ExecuteResult> {
    const hook: Cw20Hook = { swap_exact_out: args };
    return this.signing.execute(this.sender, token, toHook(this.address, amount, hook), fee);
  }
}
