// Generated from packages/interfaces by `lex schema`. Do not edit.
// Contract: vote-escrow

import type { CosmWasmClient, ExecuteResult, SigningCosmWasmClient } from "@cosmjs/cosmwasm";
import type { Coin as Funds, StdFee } from "@cosmjs/stargate";

import { toHook } from "../hook";

/**
 * A flat fee per account.
 */
export type AccountFee = {
  /**
   * Base units of VCAI; [`ACCOUNT_FEE_BOUNDS`].
   */
  amount: Uint128;
  /**
   * Receives it by a plain transfer. Not this contract.
   */
  to: string;
};

/**
 * Binary is a wrapper around Vec<u8> to add base64 de/serialization with serde. It also adds some helper methods to help encode inline.
 *
 * This is only needed as serde-json-{core,wasm} has a horrible encoding for Vec<u8>. See also <https://github.com/CosmWasm/cosmwasm/blob/main/docs/MESSAGE_TYPES.md>.
 */
export type Binary = string;

/**
 * What a `Send` of VCAI says to this contract.
 */
export type Cw20Hook =
/**
 * Makes the sender's lock.
 */
| {
  lock: {
    /**
     * End, unix seconds: at least [`MIN_LOCK_SECONDS`] and at most [`MAX_LOCK_SECONDS`] plus a day from now. Rounded up to 00:00 UTC, then down to the last one within [`MAX_LOCK_SECONDS`].
     */
    until: number;
  };
}
/**
 * Adds the amount to the sender's lock, which has not ended.
 */
| {
  increase_amount: Record<string, never>;
}
/**
 * From `token_allocation` only: makes the beneficiary's lock as `Lock` does. If he has one that has not ended, adds the amount to it, and extends it if `until` is later than its end.
 */
| {
  lock_for: {
    beneficiary: string;
    /**
     * As in `Lock`.
     */
    until: number;
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
 * VCAI arrives; `msg` is a [`Cw20Hook`].
 *
 * Permission: Coin
 */
| {
  receive: Cw20ReceiveMsg;
}
/**
 * Moves the end of the sender's lock, which has not ended, to a later day.
 *
 * Permission: Anyone
 */
| {
  extend_to: {
    /**
     * As in [`Cw20Hook::Lock`].
     */
    until: number;
  };
}
/**
 * Pays the sender all of his lock, from its end on. Calls nothing but the token; cannot be paused.
 *
 * Permission: Anyone
 */
| {
  withdraw: Record<string, never>;
}
/**
 * Records the height and time of this block, for questions by height.
 *
 * Permission: Anyone
 */
| {
  mark: Record<string, never>;
}
/**
 * Sets what new locks must meet.
 *
 * Permission: Owner
 */
| {
  set_params: {
    params: Params;
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
 * One of `Expiries {}`.
 */
export type ExpiryRow = {
  /**
   * Base units that can be withdrawn from then on.
   */
  amount: Uint128;
  /**
   * 00:00 UTC of the day, unix seconds.
   */
  end: number;
  /**
   * Σ s that ends.
   */
  slope: Uint128;
};

/**
 * One of `History {}`: a state and the block that made it.
 */
export type HistoryRow = {
  /**
   * Base units. A withdrawal is no row: it changes nothing that a lock weighed.
   */
  amount: Uint128;
  /**
   * Unix seconds.
   */
  end: number;
  since: Moment;
};

export type InstantiateMsg = {
  /**
   * Sets the parameters, and nothing else.
   */
  owner: string;
  params: Params;
  /**
   * May lock for its beneficiaries. Never changes.
   */
  token_allocation: string;
  /**
   * The one token that is locked. Never changes.
   */
  vcai: string;
};

/**
 * Answer to `Lock {}`; all zero without a lock.
 */
export type LockResponse = {
  /**
   * Base units.
   */
  amount: Uint128;
  /**
   * 00:00 UTC of a day, unix seconds.
   */
  end: number;
  /**
   * Power now.
   */
  power: Power;
  /**
   * The block of the last change.
   */
  since: Moment;
  /**
   * s.
   */
  slope: Uint128;
  /**
   * The weight as shown to people, in 10^-9 veVCAI, rounded down.
   */
  ve: Uint128;
  /**
   * Base units that `Withdraw` would pay now.
   */
  withdrawable: Uint128;
};

/**
 * One of `Locks {}`.
 */
export type LockRow = {
  address: string;
  /**
   * Base units.
   */
  amount: Uint128;
  /**
   * Unix seconds.
   */
  end: number;
};

/**
 * Answer to `Locks {}`.
 */
export type LocksResponse = {
  locks: Array<LockRow>;
  /**
   * `start_after` of the next page; None after the last.
   */
  next?: string | null;
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
 * Answer to `Moment {}`.
 */
export type MomentResponse = {
  /**
   * `None` where nothing below that height is recorded.
   */
  moment?: Moment | null;
};

/**
 * Answer to `Overview {}`.
 */
export type OverviewResponse = {
  /**
   * Base units of all locks that are not withdrawn, ended or not. The contract holds at least that.
   */
  held: Uint128;
  /**
   * Base units in locks that have not ended.
   */
  locked: Uint128;
  /**
   * Accounts whose lock is not withdrawn.
   */
  lockers: number;
  params: Params;
  /**
   * Total power now.
   */
  power: Power;
  /**
   * Σ s of locks that have not ended: what the total weight loses a second.
   */
  slope: Uint128;
  token_allocation: string;
  vcai: string;
  /**
   * The total weight as shown to people, in 10^-9 veVCAI: ⌊weight / [`MAX_LOCK_SECONDS`]⌋. One veVCAI is 1 VCAI locked for four years.
   */
  ve: Uint128;
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
 * What a new lock must meet. A change never touches locks that exist.
 */
export type Params = {
  /**
   * Taken from the first lock of an account, so that many accounts cost more than one.
   */
  account_fee?: AccountFee | null;
  /**
   * Contract that answers [`GateQuery`]; asked for every new lock, never for a change or a way out. None: everybody may lock.
   */
  gate?: string | null;
  /**
   * Smallest amount of a new lock, after the fee. Base units; [`MIN_LOCK_BOUNDS`].
   */
  min_lock: Uint128;
};

/**
 * Votes of one account, or of all. For every moment the total is the sum over the accounts, exactly.
 */
export type Power = {
  /**
   * What decides a majority of money. Equal to `weight` where the module has only one.
   */
  linear: Uint128;
  /**
   * What decides a majority of weight (square-root weight where the module has one).
   */
  weight: Uint128;
};

export type QueryMsg =
/**
 * Everything a page shows about the contract.
 */
| {
  overview: Record<string, never>;
}
/**
 * Who owns the contract.
 */
| {
  ownership: Record<string, never>;
}
/**
 * The lock of an account at present.
 */
| {
  lock: {
    address: string;
  };
}
/**
 * Locks that are not withdrawn, by canonical address. Rows of withdrawn locks count towards the limit but are left out.
 */
| {
  locks: {
    /**
     * Rows looked at, 30 if not given, at most 100.
     */
    limit?: number | null;
    /**
     * `next` of the page before.
     */
    start_after?: string | null;
  };
}
/**
 * States of an account's lock, newest first.
 */
| {
  history: {
    address: string;
    /**
     * Rows, 30 if not given, at most 100.
     */
    limit?: number | null;
    /**
     * `since.height` of the last row of the page before.
     */
    start_before?: number | null;
  };
}
/**
 * Totals at every recorded block, newest first.
 */
| {
  total_history: {
    /**
     * Rows, 30 if not given, at most 100.
     */
    limit?: number | null;
    /**
     * `at.height` of the last row of the page before.
     */
    start_before?: number | null;
  };
}
/**
 * What ends on which day to come, the earliest first.
 */
| {
  expiries: {
    /**
     * Rows, 30 if not given, at most 100.
     */
    limit?: number | null;
    /**
     * `end` of the last row of the page before.
     */
    start_after?: number | null;
  };
}
/**
 * What an owner gains by splitting an amount evenly over several accounts with the same end. The contract cannot see common ownership, so it publishes the gain.
 */
| {
  split_advantage: {
    /**
     * Number of new accounts, 1 or more; the most profitable number if not given.
     */
    accounts?: number | null;
    /**
     * Base units, at least the smallest lock and the fee.
     */
    amount: Uint128;
  };
}
/**
 * Votes on proposals (`voting::QueryMsg`): `weight` is s · (e − t), `linear` n · (e − t), t the time of the moment. A moment that cannot have been is refused.
 */
| {
  power: {
    address: string;
    at: Moment;
  };
}
/**
 * The sum of `Power` over all accounts, exactly.
 */
| {
  total_power: {
    at: Moment;
  };
}
/**
 * The lower of the linear weights at the two moments.
 */
| {
  outcome_power: {
    address: string;
    from: Moment;
    to: Moment;
  };
}
/**
 * The lower of the two linear totals; at least the sum of `OutcomePower` over all accounts.
 */
| {
  outcome_total: {
    from: Moment;
    to: Moment;
  };
}
/**
 * The moment that stands for a height: that height, at the time of the newest block below it that is recorded. Blocks are recorded at every change of a lock and by `Mark`.
 */
| {
  moment: {
    height: number;
  };
}
/**
 * Base units in locks that had not ended at the moment, of all accounts together.
 */
| {
  locked: {
    at: Moment;
  };
};

/**
 * Answer to `SplitAdvantage {}`.
 */
export type SplitAdvantageResponse = {
  /**
   * Number of accounts.
   */
  accounts: number;
  /**
   * Base units of account fees that they pay together.
   */
  fees: Uint128;
  /**
   * ⌊10,000 · split / whole⌋: 10,000 is no gain, 20,000 twice the weight.
   */
  gain_bps: Uint128;
  /**
   * Σ slopes of the new locks of all accounts, after their fees.
   */
  split: Uint128;
  /**
   * Slope of one new lock with the whole amount, after its fee.
   */
  whole: Uint128;
};

/**
 * One of `TotalHistory {}`: totals after a block.
 */
export type TotalRow = {
  at: Moment;
  /**
   * Σ n: base units in locks that had not ended.
   */
  locked: Uint128;
  /**
   * At the time of the block.
   */
  power: Power;
  /**
   * Σ s.
   */
  slope: Uint128;
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
   * Everything a page shows about the contract.
   */
  overview(): Promise<OverviewResponse> {
    return this.client.queryContractSmart(this.address, { overview: {} });
  }

  /**
   * Who owns the contract.
   */
  ownership(): Promise<OwnershipResponse> {
    return this.client.queryContractSmart(this.address, { ownership: {} });
  }

  /**
   * The lock of an account at present.
   */
  lock(args: { address: string; }): Promise<LockResponse> {
    return this.client.queryContractSmart(this.address, { lock: args });
  }

  /**
   * Locks that are not withdrawn, by canonical address. Rows of withdrawn locks count towards the limit but are left out.
   */
  locks(args: { limit?: number | null; start_after?: string | null; } = {}): Promise<LocksResponse> {
    return this.client.queryContractSmart(this.address, { locks: args });
  }

  /**
   * States of an account's lock, newest first.
   */
  history(args: { address: string; limit?: number | null; start_before?: number | null; }): Promise<Array<HistoryRow>> {
    return this.client.queryContractSmart(this.address, { history: args });
  }

  /**
   * Totals at every recorded block, newest first.
   */
  totalHistory(args: { limit?: number | null; start_before?: number | null; } = {}): Promise<Array<TotalRow>> {
    return this.client.queryContractSmart(this.address, { total_history: args });
  }

  /**
   * What ends on which day to come, the earliest first.
   */
  expiries(args: { limit?: number | null; start_after?: number | null; } = {}): Promise<Array<ExpiryRow>> {
    return this.client.queryContractSmart(this.address, { expiries: args });
  }

  /**
   * What an owner gains by splitting an amount evenly over several accounts with the same end. The contract cannot see common ownership, so it publishes the gain.
   */
  splitAdvantage(args: { accounts?: number | null; amount: Uint128; }): Promise<SplitAdvantageResponse> {
    return this.client.queryContractSmart(this.address, { split_advantage: args });
  }

  /**
   * Votes on proposals (`voting::QueryMsg`): `weight` is s · (e − t), `linear` n · (e − t), t the time of the moment. A moment that cannot have been is refused.
   */
  power(args: { address: string; at: Moment; }): Promise<Power> {
    return this.client.queryContractSmart(this.address, { power: args });
  }

  /**
   * The sum of `Power` over all accounts, exactly.
   */
  totalPower(args: { at: Moment; }): Promise<Power> {
    return this.client.queryContractSmart(this.address, { total_power: args });
  }

  /**
   * The lower of the linear weights at the two moments.
   */
  outcomePower(args: { address: string; from: Moment; to: Moment; }): Promise<Uint128> {
    return this.client.queryContractSmart(this.address, { outcome_power: args });
  }

  /**
   * The lower of the two linear totals; at least the sum of `OutcomePower` over all accounts.
   */
  outcomeTotal(args: { from: Moment; to: Moment; }): Promise<Uint128> {
    return this.client.queryContractSmart(this.address, { outcome_total: args });
  }

  /**
   * The moment that stands for a height: that height, at the time of the newest block below it that is recorded. Blocks are recorded at every change of a lock and by `Mark`.
   */
  moment(args: { height: number; }): Promise<MomentResponse> {
    return this.client.queryContractSmart(this.address, { moment: args });
  }

  /**
   * Base units in locks that had not ended at the moment, of all accounts together.
   */
  locked(args: { at: Moment; }): Promise<Uint128> {
    return this.client.queryContractSmart(this.address, { locked: args });
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
   * VCAI arrives; `msg` is a [`Cw20Hook`].
   *
   * Permission: Coin
   */
  receive(args: Cw20ReceiveMsg, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ receive: args }, funds, fee);
  }

  /**
   * Moves the end of the sender's lock, which has not ended, to a later day.
   *
   * Permission: Anyone
   */
  extendTo(args: { until: number; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ extend_to: args }, funds, fee);
  }

  /**
   * Pays the sender all of his lock, from its end on. Calls nothing but the token; cannot be paused.
   *
   * Permission: Anyone
   */
  withdraw(funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ withdraw: {} }, funds, fee);
  }

  /**
   * Records the height and time of this block, for questions by height.
   *
   * Permission: Anyone
   */
  mark(funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ mark: {} }, funds, fee);
  }

  /**
   * Sets what new locks must meet.
   *
   * Permission: Owner
   */
  setParams(args: { params: Params; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ set_params: args }, funds, fee);
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
   * Sends `amount` of `token` to the contract. Makes the sender's lock.
   */
  sendLock(token: string, amount: Uint128, args: { until: number; }, fee = this.fee): Promise<ExecuteResult> {
    const hook: Cw20Hook = { lock: args };
    return this.signing.execute(this.sender, token, toHook(this.address, amount, hook), fee);
  }

  /**
   * Sends `amount` of `token` to the contract. Adds the amount to the sender's lock, which has not ended.
   */
  sendIncreaseAmount(token: string, amount: Uint128, fee = this.fee): Promise<ExecuteResult> {
    const hook: Cw20Hook = { increase_amount: {} };
    return this.signing.execute(this.sender, token, toHook(this.address, amount, hook), fee);
  }

  /**
   * Sends `amount` of `token` to the contract. From `token_allocation` only: makes the beneficiary's lock as `Lock` does. If he has one that has not ended, adds the amount to it, and extends it if `until` is later than its end.
   */
  sendLockFor(token: string, amount: Uint128, args: { beneficiary: string; until: number; }, fee = this.fee): Promise<ExecuteResult> {
    const hook: Cw20Hook = { lock_for: args };
    return this.signing.execute(this.sender, token, toHook(this.address, amount, hook), fee);
  }
}
