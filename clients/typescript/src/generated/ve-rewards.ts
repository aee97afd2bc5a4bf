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
   * Base units of what flows today that are its, whether they have flowed yet or not; rounded down.
   */
  daily: Uint128;
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
   * First second of the day of its last claim.
   */
  claimed: number;
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
 * One of `Checkpoints {}`. Between two rows a lock (s, e) that counted all the time earned ⌊s · (e · Δ`per_weight` − Δ`per_moment`) / 2^128⌋.
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
   * 00:00 UTC of a day; not yet past for the day on which something flows.
   */
  time: number;
};

/**
 * What a `Send` of VCAI says to this contract.
 */
export type Cw20Hook =
/**
 * From `treasury` only: streams the amount over the next day.
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
 * Pays the sender everything it has earned. Cannot be paused.
 *
 * Permission: Anyone
 */
| {
  claim: Record<string, never>;
}
/**
 * Brings the book up to today. Funding and claims do so themselves; after years of silence this takes the cost off them.
 *
 * Permission: Anyone
 */
| {
  sync: Record<string, never>;
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
   * Whose books say what locks weigh. Never changes.
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
   * Base units that flow today.
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
   * Base units of it that are still to flow, rounded up.
   */
  streaming: Uint128;
  /**
   * First second of the day that the stored book has reached; the rest of this answer is as of now.
   */
  synced: number;
  treasury: string;
  vcai: string;
  vote_escrow: string;
  /**
   * Base units that flow on the next day at whose beginning somebody is locked.
   */
  waiting: Uint128;
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
 * Accounts that ever claimed, by canonical address.
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
 * The accumulators at the ends of the days on which something flowed, newest first.
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
   * Accounts that ever claimed, by canonical address.
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
   * The accumulators at the ends of the days on which something flowed, newest first.
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
   * Pays the sender everything it has earned. Cannot be paused.
   *
   * Permission: Anyone
   */
  claim(funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ claim: {} }, funds, fee);
  }

  /**
   * Brings the book up to today. Funding and claims do so themselves; after years of silence this takes the cost off them.
   *
   * Permission: Anyone
   */
  sync(funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ sync: {} }, funds, fee);
  }

  /**
   * Sends `amount` of `token` to the contract. From `treasury` only: streams the amount over the next day.
   */
  sendFund(token: string, amount: Uint128, fee = this.fee): Promise<ExecuteResult> {
    const hook: Cw20Hook = { fund: {} };
    return this.signing.execute(this.sender, token, toHook(this.address, amount, hook), fee);
  }
}
