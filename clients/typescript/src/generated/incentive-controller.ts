// Generated from packages/interfaces by `lex schema`. Do not edit.
// Contract: incentive-controller

import type { CosmWasmClient, ExecuteResult, SigningCosmWasmClient } from "@cosmjs/cosmwasm";
import type { Coin as Funds, StdFee } from "@cosmjs/stargate";

/**
 * One account's weights on one day.
 */
export type AccountDay = {
  day: number;
  weights: Weights;
};

/**
 * Answer to `Account {}`.
 */
export type AccountResponse = {
  address: string;
  /**
   * Not claimed.
   */
  days: Array<AccountDay>;
  /**
   * Whether keepers may have it paid.
   */
  keepers_allowed: boolean;
  /**
   * Present loyalty, percent.
   */
  loyalty_percent: number;
  /**
   * First day of its present stretch as a node.
   */
  node_since?: number | null;
  /**
   * What referrals brought; paid with the next claim.
   */
  referral_income: Uint128;
  /**
   * First day on which the referrer receives nothing any more.
   */
  referral_until?: number | null;
  referrer?: string | null;
};

/**
 * Where VCAI is kept that was released and not given out.
 */
export type Bucket =
/**
 * What `release_bps` kept back.
 */
| "withheld"
/**
 * What caps left over, and parts of days in which nobody was entitled to them.
 */
| "left_over";

/**
 * Answer to `Claimable {}`.
 */
export type ClaimResponse = {
  bonus: Uint128;
  capacity: Uint128;
  delivery: Uint128;
  first_access: Uint128;
  /**
   * What caps kept back; goes to the bucket.
   */
  left_over: Uint128;
  rebate: Uint128;
  /**
   * What others' referrals brought the account.
   */
  referral_income: Uint128;
  /**
   * Goes to the account's referrer.
   */
  referral_paid: Uint128;
  /**
   * All of it together: what is transferred.
   */
  total: Uint128;
};

/**
 * Answer to `Config {}`.
 */
export type ConfigResponse = {
  exchange: string;
  params: Params;
  reporter?: string | null;
  vcai: string;
};

/**
 * Answer to `Dashboard {}`.
 */
export type DashboardResponse = {
  /**
   * When `Advance` will close the newest epoch, unix seconds. None before `Start`.
   */
  closes_at?: number | null;
  /**
   * Newest first; those being reported and those closed.
   */
  history: Array<EpochInfo>;
  /**
   * Bucket.
   */
  left_over: Uint128;
  /**
   * Paid out.
   */
  paid: Uint128;
  params: Params;
  /**
   * The whole pool.
   */
  pool: Uint128;
  /**
   * Comes out of the buckets with the next epoch.
   */
  re_released: Uint128;
  /**
   * Released since the first epoch: 0 before, the whole pool after the last.
   */
  released: Uint128;
  /**
   * Of the 522 releases, how many happened.
   */
  released_epochs: number;
  /**
   * P: part of the newest epoch that is for supply, ppm.
   */
  supply_ppm: number;
  /**
   * U of the last epoch that closed, ppm. None before, or if it had no capacity.
   */
  utilisation_ppm?: number | null;
  /**
   * Bucket.
   */
  withheld: Uint128;
};

/**
 * Answer to `Day {}`.
 */
export type DayResponse = {
  /**
   * First second at which it is claimed and no longer reported.
   */
  closes_at: number;
  day: number;
  /**
   * None until its epoch is opened.
   */
  pools?: Pools | null;
  usage: Usage;
  /**
   * Weights over all accounts.
   */
  weights: Weights;
};

/**
 * One epoch.
 */
export type EpochInfo = {
  /**
   * Days.
   */
  days: number;
  /**
   * Counts from 0; releases something up to 521.
   */
  index: number;
  pools: Pools;
  /**
   * Its first day.
   */
  start: number;
  /**
   * P, ppm.
   */
  supply_ppm: number;
  /**
   * Units used and units there were. None until it closes.
   */
  usage?: Usage | null;
};

/**
 * Answer to `Epochs {}`.
 */
export type EpochsResponse = {
  epochs: Array<EpochInfo>;
};

export type ExecuteMsg =
/**
 * Starts the clock, once, when the whole pool has arrived: the first epoch begins with the next day.
 *
 * Permission: Anyone
 */
| {
  start: Record<string, never>;
}
/**
 * Adds what was done on a day: 1 to [`MAX_ROWS`] rows together. Rows of one account add up.
 *
 * Permission: Reporter
 */
| {
  report: {
    /**
     * Begun, not closed, not before the first epoch.
     */
    day: number;
    gpus: Array<Gpu>;
    nodes: Array<NodeDay>;
    rentals: Array<Rental>;
  };
}
/**
 * Closes epochs that ended 24 hours ago or earlier, in order, at most [`MAX_EPOCHS`], and opens the one after each. Other messages do the same when they need it.
 *
 * Permission: Anyone
 */
| {
  advance: Record<string, never>;
}
/**
 * Pays the sender for the days from `from` to `to`, both included, at most [`MAX_DAYS`], all closed; and what referrals brought.
 *
 * Permission: Anyone
 */
| {
  claim: {
    from: number;
    to: number;
  };
}
/**
 * The same for another account that allows it. The money goes to that account.
 *
 * Permission: Anyone
 */
| {
  pay_out: {
    account: string;
    from: number;
    to: number;
  };
}
/**
 * Whether others may have the sender paid.
 *
 * Permission: Anyone
 */
| {
  allow_keepers: {
    allowed: boolean;
  };
}
/**
 * Names who brought the sender here: that address receives 2 % of what the sender earns as a node for the next 90 days, out of the sender's part. Once.
 *
 * Permission: Anyone
 */
| {
  name_referrer: {
    referrer: string;
  };
}
/**
 * Gives `amount` of a bucket out with the next epoch that is opened.
 *
 * Permission: Owner
 */
| {
  re_release: {
    amount: Uint128;
    bucket: Bucket;
  };
}
/**
 * Names the reporter, or with None nobody.
 *
 * Permission: Owner
 */
| {
  set_reporter: {
    reporter?: string | null;
  };
}
/**
 * Replaces the parameters. Epochs that ended must be closed (error 13 if one message cannot close them all). Pools of epochs opened before stay as they are.
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

/**
 * A GPU seen at work.
 */
export type Gpu = {
  /**
   * Its name: a hash of 32 bytes of what is unique to it.
   */
  gpu: HexBinary;
  /**
   * Where it works. If it moves before it is paid for, its 7 days begin again.
   */
  node: string;
};

/**
 * This is a wrapper around Vec<u8> to add hex de/serialization with serde. It also adds some helper methods to help encode inline.
 *
 * This is similar to `cosmwasm_std::Binary` but uses hex. See also <https://github.com/CosmWasm/cosmwasm/blob/main/docs/MESSAGE_TYPES.md>.
 */
export type HexBinary = string;

export type InstantiateMsg = {
  /**
   * The pool of [VCAI, stablecoin]; says what VCAI is worth. Never changes.
   */
  exchange: string;
  /**
   * Governance.
   */
  owner: string;
  params: Params;
  /**
   * Says what nodes and renters did. If None, set later by the owner.
   */
  reporter?: string | null;
  /**
   * The token. Never changes.
   */
  vcai: string;
};

/**
 * How well the node's hardware is proven.
 */
export type Level =
/**
 * A bond only; counts nothing.
 */
| "a0"
/**
 * An enclave. Counts by half if it measured a benchmark within the epoch, else nothing.
 */
| {
  a1: {
    benchmarked: boolean;
  };
}
/**
 * An enclave and a GPU that reports for itself. Counts in full.
 */
| "a2";

export type MigrateMsg = Record<string, never>;

/**
 * A node's day, or a part of it.
 */
export type NodeDay = {
  /**
   * Units that could have been rented; at most [`AMOUNT_MAX`].
   */
  available: Uint128;
  /**
   * Of reputation, 1 (the best tenth) to 10. None while nobody knows.
   */
  decile?: number | null;
  level: Level;
  node: string;
  /**
   * Seconds; at most [`ONLINE_MAX`] in all reports of a day.
   */
  online: number;
  /**
   * 0 ..= 10,000.
   */
  stability_bps: number;
  /**
   * VCAI staked for it; at most [`STAKE_MAX`].
   */
  stake: Uint128;
  /**
   * GB of GPU memory in this one node; from 96, 192 and 384 it counts 1.2, 1.35 and 1.5 times.
   */
  vram_gb: number;
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
   * Part of the supply pool for loyalty and performance; default 800. With `first_access_bps` at most [`EXTRAS_MAX_BPS`].
   */
  bonus_bps: number;
  /**
   * Most that rebate and delivery reward of a rental are worth, as a part of the network fee it paid; [`BOUND_BOUNDS`], default 5,000.
   */
  bound_bps: number;
  /**
   * Part of the supply pool, without the extras, that pays for delivery; the rest pays for capacity. 0 ..= 10,000, default 5,000.
   */
  delivery_bps: number;
  /**
   * Length of the epochs that have not begun; [`EPOCH_DAYS_BOUNDS`], default 7.
   */
  epoch_days: number;
  /**
   * Paid once for every GPU seen for the first time, 7 days later; [`FIRST_ACCESS_BOUNDS`], default 100 VCAI.
   */
  first_access: Uint128;
  /**
   * Part of the supply pool for new GPUs; default 200.
   */
  first_access_bps: number;
  /**
   * k: how far P moves for a difference of utilisation; [`GAIN_BOUNDS`], default 100,000.
   */
  gain_ppm: number;
  /**
   * Part of that most which is the renter's; the rest is the node's. 0 ..= 10,000, default 5,000.
   */
  rebate_bps: number;
  /**
   * Part of an epoch's release that is given out; the rest goes to the bucket `withheld`. 0 ..= 10,000, default 10,000.
   */
  release_bps: number;
  /**
   * Utilisation at which P stays; [`TARGET_BOUNDS`], default 800,000.
   */
  target_ppm: number;
};

/**
 * What an epoch, or a day, gives out.
 */
export type Pools = {
  /**
   * For loyalty and performance.
   */
  bonus: Uint128;
  capacity: Uint128;
  delivery: Uint128;
  /**
   * For renters.
   */
  demand: Uint128;
  /**
   * For new GPUs.
   */
  first_access: Uint128;
};

export type QueryMsg =
/**
 * Everything a page shows, with the last [`DASHBOARD_EPOCHS`] epochs.
 */
| {
  dashboard: Record<string, never>;
}
| {
  config: Record<string, never>;
}
| {
  ownership: Record<string, never>;
}
/**
 * Epochs, newest first.
 */
| {
  epochs: {
    /**
     * Rows, 30 if not given, at most 100.
     */
    limit?: number | null;
    /**
     * Only those that begin before this day.
     */
    start_before?: number | null;
  };
}
/**
 * One day over all accounts.
 */
| {
  day: {
    day: number;
  };
}
/**
 * One account: what it is, and its days that are not claimed, oldest first.
 */
| {
  account: {
    address: string;
    /**
     * Days, 30 if not given, at most 100.
     */
    limit?: number | null;
    /**
     * Only days after this one.
     */
    start_after?: number | null;
  };
}
/**
 * What a `Claim` of the account would pay now.
 */
| {
  claimable: {
    address: string;
    from: number;
    to: number;
  };
}
/**
 * Accounts that keepers may have paid, in the order of their addresses' bytes.
 */
| {
  keepable: {
    /**
     * Rows, 30 if not given, at most 100.
     */
    limit?: number | null;
    start_after?: string | null;
  };
};

/**
 * A rental's day. Of a rental that goes on, what was added since the last report.
 */
export type Rental = {
  /**
   * Of that, what went to the treasury and to nobody else. At least [`FEE_FLOOR_BPS`] of `spend`, at most `spend`.
   */
  fee: Uint128;
  /**
   * Receives the delivery reward.
   */
  node: string;
  /**
   * 0 ..= 10,000.
   */
  quality_bps: number;
  /**
   * Receives the rebate.
   */
  renter: string;
  /**
   * Stablecoin paid for it, the fee included; at most [`AMOUNT_MAX`].
   */
  spend: Uint128;
  /**
   * Units delivered; at most [`AMOUNT_MAX`].
   */
  units: Uint128;
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
 * Units of an epoch or a day.
 */
export type Usage = {
  available: Uint128;
  consumed: Uint128;
};

/**
 * Weights of a day.
 */
export type Weights = {
  /**
   * Capacity · percent of loyalty and performance.
   */
  bonus: Uint128;
  /**
   * Stake · seconds · stability (bps) · memory factor (in twentieths) · level (in halves).
   */
  capacity: Uint128;
  /**
   * Units · quality (bps).
   */
  delivery: Uint128;
  /**
   * Stablecoin spent.
   */
  demand: Uint128;
  /**
   * New GPUs that have stayed for 7 days.
   */
  gpus: number;
};

/** Reads the contract. */
export class QueryClient {
  constructor(
    readonly client: CosmWasmClient,
    readonly address: string,
  ) {}

  /**
   * Everything a page shows, with the last [`DASHBOARD_EPOCHS`] epochs.
   */
  dashboard(): Promise<DashboardResponse> {
    return this.client.queryContractSmart(this.address, { dashboard: {} });
  }

  config(): Promise<ConfigResponse> {
    return this.client.queryContractSmart(this.address, { config: {} });
  }

  ownership(): Promise<OwnershipResponse> {
    return this.client.queryContractSmart(this.address, { ownership: {} });
  }

  /**
   * Epochs, newest first.
   */
  epochs(args: { limit?: number | null; start_before?: number | null; } = {}): Promise<EpochsResponse> {
    return this.client.queryContractSmart(this.address, { epochs: args });
  }

  /**
   * One day over all accounts.
   */
  day(args: { day: number; }): Promise<DayResponse> {
    return this.client.queryContractSmart(this.address, { day: args });
  }

  /**
   * One account: what it is, and its days that are not claimed, oldest first.
   */
  account(args: { address: string; limit?: number | null; start_after?: number | null; }): Promise<AccountResponse> {
    return this.client.queryContractSmart(this.address, { account: args });
  }

  /**
   * What a `Claim` of the account would pay now.
   */
  claimable(args: { address: string; from: number; to: number; }): Promise<ClaimResponse> {
    return this.client.queryContractSmart(this.address, { claimable: args });
  }

  /**
   * Accounts that keepers may have paid, in the order of their addresses' bytes.
   */
  keepable(args: { limit?: number | null; start_after?: string | null; } = {}): Promise<Array<string>> {
    return this.client.queryContractSmart(this.address, { keepable: args });
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
   * Starts the clock, once, when the whole pool has arrived: the first epoch begins with the next day.
   *
   * Permission: Anyone
   */
  start(funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ start: {} }, funds, fee);
  }

  /**
   * Adds what was done on a day: 1 to [`MAX_ROWS`] rows together. Rows of one account add up.
   *
   * Permission: Reporter
   */
  report(args: { day: number; gpus: Array<Gpu>; nodes: Array<NodeDay>; rentals: Array<Rental>; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ report: args }, funds, fee);
  }

  /**
   * Closes epochs that ended 24 hours ago or earlier, in order, at most [`MAX_EPOCHS`], and opens the one after each. Other messages do the same when they need it.
   *
   * Permission: Anyone
   */
  advance(funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ advance: {} }, funds, fee);
  }

  /**
   * Pays the sender for the days from `from` to `to`, both included, at most [`MAX_DAYS`], all closed; and what referrals brought.
   *
   * Permission: Anyone
   */
  claim(args: { from: number; to: number; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ claim: args }, funds, fee);
  }

  /**
   * The same for another account that allows it. The money goes to that account.
   *
   * Permission: Anyone
   */
  payOut(args: { account: string; from: number; to: number; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ pay_out: args }, funds, fee);
  }

  /**
   * Whether others may have the sender paid.
   *
   * Permission: Anyone
   */
  allowKeepers(args: { allowed: boolean; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ allow_keepers: args }, funds, fee);
  }

  /**
   * Names who brought the sender here: that address receives 2 % of what the sender earns as a node for the next 90 days, out of the sender's part. Once.
   *
   * Permission: Anyone
   */
  nameReferrer(args: { referrer: string; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ name_referrer: args }, funds, fee);
  }

  /**
   * Gives `amount` of a bucket out with the next epoch that is opened.
   *
   * Permission: Owner
   */
  reRelease(args: { amount: Uint128; bucket: Bucket; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ re_release: args }, funds, fee);
  }

  /**
   * Names the reporter, or with None nobody.
   *
   * Permission: Owner
   */
  setReporter(args: { reporter?: string | null; } = {}, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ set_reporter: args }, funds, fee);
  }

  /**
   * Replaces the parameters. Epochs that ended must be closed (error 13 if one message cannot close them all). Pools of epochs opened before stay as they are.
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
}
