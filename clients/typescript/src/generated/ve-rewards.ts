// Generated from packages/interfaces by `lex schema`. Do not edit.
// Contract: ve-rewards

import type { CosmWasmClient, ExecuteResult, SigningCosmWasmClient } from "@cosmjs/cosmwasm";
import type { Coin as Funds, StdFee } from "@cosmjs/stargate";

import { toHook } from "../hook";

/**
 * Answer to `Account {}`.
 */
export type AccountResponse = {
  /**
   * Base units that `Claim` would pay now.
   */
  claimable: Uint128;
  /**
   * What its lock weighs; its last lock if that has ended.
   */
  decay: Decay;
  /**
   * Base units ever paid to it.
   */
  paid: Uint128;
};

/**
 * One of `Accounts {}`.
 */
export type AccountRow = {
  address: string;
  /**
   * What its lock weighs; its last lock if that has ended.
   */
  decay: Decay;
  /**
   * Base units ever paid to it.
   */
  paid: Uint128;
};

/**
 * Binary is a wrapper around Vec<u8> to add base64 de/serialization with serde. It also adds some helper methods to help encode inline.
 *
 * This is only needed as serde-json-{core,wasm} has a horrible encoding for Vec<u8>. See also <https://github.com/CosmWasm/cosmwasm/blob/main/docs/MESSAGE_TYPES.md>.
 */
export type Binary = string;

/**
 * One of `Checkpoints {}`. Between two rows a lock (s, e) that lived through earned ⌊s · (e · Δ`per_weight` − Δ`per_moment`) / 2^128⌋.
 */
export type CheckpointRow = {
  /**
   * C = 2^128 ∫ r · t / W dt.
   */
  per_moment: Uint256;
  /**
   * A = 2^128 ∫ r / W dt.
   */
  per_weight: Uint256;
  /**
   * 00:00 UTC of a day.
   */
  time: number;
};

/**
 * What a `Send` of VCAI says to this contract.
 */
export type Cw20Hook =
/**
 * From `treasury` only: streams the amount.
 */
| {
  fund: Record<string, never>;
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
 * What a lock weighs: `slope` · (`end` − t) at a time t before `end`, then 0. All zero is no lock.
 */
export type Decay = {
  /**
   * 00:00 UTC of a day, unix seconds.
   */
  end: number;
  /**
   * s of `vote-escrow`.
   */
  slope: Uint128;
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
 * A lock was made, increased or extended. What it earned until now is settled first.
 *
 * Permission: Escrow
 */
| {
  lock_changed: {
    account: string;
    /**
     * What it weighs from now on.
     */
    after: Decay;
    /**
     * What the lock weighed until now; all zero if it is new or had ended.
     */
    before: Decay;
  };
}
/**
 * Pays the sender everything it has earned. Cannot be paused.
 *
 * Permission: Anyone
 */
| {
  claim: Record<string, never>;
}
/**
 * Brings the book up to now, or as far as `limit` steps reach.
 *
 * Permission: Anyone
 */
| {
  sync: {
    /**
     * 1 to [`MAX_SYNC`]; [`STEPS`] if not given.
     */
    limit?: number | null;
  };
};

/**
 * One of `Fundings {}`.
 */
export type FundingRow = {
  /**
   * Base units.
   */
  amount: Uint128;
  /**
   * First second of the day, UTC.
   */
  day: number;
};

export type InstantiateMsg = {
  /**
   * The one that funds. Never changes.
   */
  treasury: string;
  /**
   * The token of the rewards. Never changes.
   */
  vcai: string;
  /**
   * Tells of locks. Never changes.
   */
  vote_escrow: string;
};

/**
 * State is kept as it is; only the recorded version changes.
 */
export type MigrateMsg = Record<string, never>;

/**
 * Answer to `Overview {}`.
 */
export type OverviewResponse = {
  /**
   * Base units a day at the present rate, rounded down.
   */
  daily: Uint128;
  /**
   * Base units ever funded.
   */
  funded: Uint128;
  /**
   * Base units ever paid.
   */
  paid: Uint128;
  /**
   * Σ s of locks that have not ended.
   */
  slope: Uint128;
  /**
   * Base units that still flow by the stream, rounded down.
   */
  streaming: Uint128;
  /**
   * Up to when the stored book reaches; the rest of this answer is as of now.
   */
  synced: number;
  treasury: string;
  vcai: string;
  vote_escrow: string;
  /**
   * Base units that wait for somebody to lock, rounded down.
   */
  waiting: Uint128;
  /**
   * Σ s · (e − now).
   */
  weight: Uint128;
};

export type QueryMsg =
/**
 * Everything a page shows about the contract, as of now.
 */
| {
  overview: Record<string, never>;
}
/**
 * What an account has earned until now.
 */
| {
  account: {
    address: string;
  };
}
/**
 * Accounts that ever locked, by canonical address.
 */
| {
  accounts: {
    /**
     * Rows, 30 if not given, at most 100.
     */
    limit?: number | null;
    /**
     * Last account of the page before.
     */
    start_after?: string | null;
  };
}
/**
 * What was funded on which day, newest first.
 */
| {
  fundings: {
    /**
     * Rows, 30 if not given, at most 100.
     */
    limit?: number | null;
    /**
     * `day` of the last row of the page before.
     */
    start_before?: number | null;
  };
}
/**
 * The accumulators at the ends of locks, newest first.
 */
| {
  checkpoints: {
    /**
     * Rows, 30 if not given, at most 100.
     */
    limit?: number | null;
    /**
     * `time` of the last row of the page before.
     */
    start_before?: number | null;
  };
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
   * Everything a page shows about the contract, as of now.
   */
  overview(): Promise<OverviewResponse> {
    return this.client.queryContractSmart(this.address, { overview: {} });
  }

  /**
   * What an account has earned until now.
   */
  account(args: { address: string; }): Promise<AccountResponse> {
    return this.client.queryContractSmart(this.address, { account: args });
  }

  /**
   * Accounts that ever locked, by canonical address.
   */
  accounts(args: { limit?: number | null; start_after?: string | null; } = {}): Promise<Array<AccountRow>> {
    return this.client.queryContractSmart(this.address, { accounts: args });
  }

  /**
   * What was funded on which day, newest first.
   */
  fundings(args: { limit?: number | null; start_before?: number | null; } = {}): Promise<Array<FundingRow>> {
    return this.client.queryContractSmart(this.address, { fundings: args });
  }

  /**
   * The accumulators at the ends of locks, newest first.
   */
  checkpoints(args: { limit?: number | null; start_before?: number | null; } = {}): Promise<Array<CheckpointRow>> {
    return this.client.queryContractSmart(this.address, { checkpoints: args });
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
   * A lock was made, increased or extended. What it earned until now is settled first.
   *
   * Permission: Escrow
   */
  lockChanged(args: { account: string; after: Decay; before: Decay; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ lock_changed: args }, funds, fee);
  }

  /**
   * Pays the sender everything it has earned. Cannot be paused.
   *
   * Permission: Anyone
   */
  claim(funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ claim: {} }, funds, fee);
  }

  /**
   * Brings the book up to now, or as far as `limit` steps reach.
   *
   * Permission: Anyone
   */
  sync(args: { limit?: number | null; } = {}, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ sync: args }, funds, fee);
  }

  /**
   * Sends `amount` of `token` to the contract. From `treasury` only: streams the amount.
   */
  sendFund(token: string, amount: Uint128, fee = this.fee): Promise<ExecuteResult> {
    const hook: Cw20Hook = { fund: {} };
    return this.signing.execute(this.sender, token, toHook(this.address, amount, hook), fee);
  }
}
