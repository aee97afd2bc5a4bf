// Generated from packages/interfaces by `lex schema`. Do not edit.
// Contract: token-allocation

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
 * What the supply is for.
 */
export type Bucket =
/**
 * 23.5 %; 21.91 % at the TGE, the rest by the schedule of the round.
 */
| "private"
/**
 * 5.5 %; 30.91 % at the TGE, the rest by the schedule of the round.
 */
| "public"
/**
 * 15 %; 18 months nothing, then 42 months linear.
 */
| "team"
/**
 * 5 %, the employees' quarter of the team's 20 %; the same schedule.
 */
| "employees"
/**
 * 20 %; spent by governance.
 */
| "reserve"
/**
 * 10 %; 18 months linear.
 */
| "advisors"
/**
 * 1 %; opens the pool at the TGE, up to 30 % of it for the genesis airdrop, the rest for governance.
 */
| "liquidity"
/**
 * 20 %; handed to `incentive-controller` at the TGE.
 */
| "incentives"
/**
 * Strategic issuance; nothing at genesis.
 */
| "issued";

export type BucketResponse = {
  /**
   * What vests of it at the TGE.
   */
  at_tge: Uint128;
  bucket: Bucket;
  /**
   * Neither granted nor gone: for further grants or for governance.
   */
  free: Uint128;
  /**
   * Granted to beneficiaries.
   */
  granted: Uint128;
  /**
   * Left the contract: claims, locks, spending, the pool, the airdrop, the incentives.
   */
  paid: Uint128;
  /**
   * At genesis.
   */
  size: Uint128;
  /**
   * What governance could spend of it now.
   */
  spendable: Uint128;
};

export type ConfigResponse = {
  denom: string;
  genesis_nft: string;
  governance: string;
  incentives: string;
  treasury: string;
  vcai: string;
  vote_escrow: string;
};

/**
 * What a CW20 `Send` to the contract says.
 */
export type Cw20Hook =
/**
 * Grants out of issued VCAI; their amounts sum to what is sent, their schedules start now.
 */
| {
  vest: {
    /**
     * 1 to [`MAX_BATCH`], each with a schedule.
     */
    grants: Array<NewGrant>;
    /**
     * The proposal that decided it; for the record.
     */
    proposal: number;
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
 * Opens the market, once, from the set time on: `genesis-nft` hands over the proceeds of its sale and receives the airdrop; the pool is opened with all proceeds and as much VCAI as the set price asks for; the incentives' bucket leaves; schedules start.
 *
 * Permission: Anyone
 */
| {
  tge: Record<string, never>;
}
/**
 * Pays what has vested and is not claimed.
 *
 * Permission: Beneficiary
 */
| {
  claim: {
    grant: number;
  };
}
/**
 * Moves vested VCAI straight into the beneficiary's lock in `vote-escrow`.
 *
 * Permission: Beneficiary
 */
| {
  lock_vested: {
    /**
     * All that can be claimed if absent.
     */
    amount?: Uint128 | null;
    grant: number;
    /**
     * End of the lock, as `vote-escrow` takes it.
     */
    until: number;
  };
}
/**
 * Names the next beneficiary, or takes that back (`to: None`). Nothing changes until `AcceptBeneficiary`.
 *
 * Permission: Beneficiary
 */
| {
  propose_beneficiary: {
    grant: number;
    to?: string | null;
  };
}
/**
 * Makes the sender the beneficiary, of what is claimed from now on.
 *
 * Permission: Pending beneficiary
 */
| {
  accept_beneficiary: {
    grant: number;
  };
}
/**
 * CW20 receive hook; the message is a [`Cw20Hook`]. Only VCAI, and only from `governance`.
 *
 * Permission: Token
 */
| {
  receive: Cw20ReceiveMsg;
}
/**
 * Sends VCAI of the reserve, or of what the pool did not take, after the TGE: at most 5 % of the bucket's genesis size within any 90 days.
 *
 * Permission: Governance
 */
| {
  spend: {
    amount: Uint128;
    bucket: Bucket;
    to: string;
  };
}
/**
 * Grants VCAI of a bucket that has grants, as far as it is not granted. Schedules start at the TGE, also of later grants.
 *
 * Permission: Owner
 */
| {
  add_grants: {
    bucket: Bucket;
    /**
     * 1 to [`MAX_BATCH`].
     */
    grants: Array<NewGrant>;
  };
}
/**
 * Gives a grant another schedule. What has vested stays vested.
 *
 * Permission: Owner
 */
| {
  amend: {
    grant: number;
    schedule: VestingSchedule;
  };
}
/**
 * Replaces time and price of the TGE before it happens; the time at least [`TGE_NOTICE`] ahead.
 *
 * Permission: Owner
 */
| {
  set_tge: {
    tge: TgePlan;
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

export type GrantResponse = {
  amount: Uint128;
  beneficiary: string;
  bucket: Bucket;
  /**
   * vested − claimed.
   */
  claimable: Uint128;
  claimed: Uint128;
  grant: number;
  pending_beneficiary?: string | null;
  schedule: VestingSchedule;
  /**
   * None while the TGE is still to come.
   */
  starts_at?: number | null;
  /**
   * By now.
   */
  vested: Uint128;
};

export type InstantiateMsg = {
  /**
   * The stablecoin's denom. Never changes.
   */
  denom: string;
  /**
   * Sold before the TGE; receives the airdrop. Never changes.
   */
  genesis_nft: string;
  /**
   * The governance contract, which alone spends and has issued VCAI vest. Never changes.
   */
  governance: string;
  /**
   * Receives the incentives' bucket. Never changes.
   */
  incentives: string;
  /**
   * Governance, or the genesis council until hand-over: grants, amendments, the TGE's plan.
   */
  owner: string;
  /**
   * May lie in the near future here, without notice.
   */
  tge: TgePlan;
  /**
   * Holds the LP shares. Never changes.
   */
  treasury: string;
  /**
   * The VCAI token. Never changes.
   */
  vcai: string;
  /**
   * Takes locks. Never changes.
   */
  vote_escrow: string;
};

export type MigrateMsg = Record<string, never>;

export type NewGrant = {
  /**
   * Above 0; of the private and the public bucket a multiple of [`GRANT_UNIT`].
   */
  amount: Uint128;
  beneficiary: string;
  /**
   * The bucket's own if absent. Private and public grants keep the bucket's part at the TGE; the others of genesis keep the bucket's schedule. Issued VCAI names one.
   */
  schedule?: VestingSchedule | null;
};

export type OverviewResponse = {
  /**
   * The part of it that the airdrop keeps locked for up to six months more; 0 before the TGE.
   */
  airdrop_locked_at_tge: Uint128;
  /**
   * Those of genesis, then the issued one.
   */
  buckets: Array<BucketResponse>;
  /**
   * Number of grants.
   */
  grants: number;
  tge: TgeResponse;
  /**
   * [`VESTED_AT_TGE`].
   */
  vested_at_tge: Uint128;
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
 * The TGE: its plan, and what happened.
 */
| {
  tge: Record<string, never>;
}
| {
  bucket: {
    bucket: Bucket;
  };
}
| {
  grant: {
    grant: number;
  };
}
/**
 * Grants by number.
 */
| {
  grants: {
    limit?: number | null;
    start_after?: number | null;
  };
}
/**
 * A beneficiary's grants by number.
 */
| {
  grants_of: {
    beneficiary: string;
    limit?: number | null;
    start_after?: number | null;
  };
}
/**
 * What governance spent of a bucket, newest first.
 */
| {
  spends: {
    bucket: Bucket;
    limit?: number | null;
    start_before?: number | null;
  };
};

export type SpendResponse = {
  amount: Uint128;
  bucket: Bucket;
  /**
   * From 1, without gaps in each bucket.
   */
  n: number;
  time: number;
  to: string;
};

/**
 * When and at which price the market opens.
 */
export type TgePlan = {
  /**
   * Base units of the stablecoin for 10⁶ base units of VCAI. 1 ..= 10¹².
   */
  price: Uint128;
  /**
   * From when anybody can send `Tge`.
   */
  time: number;
};

/**
 * What the TGE did.
 */
export type TgeRecord = {
  /**
   * VCAI sent to `genesis-nft`.
   */
  airdrop: Uint128;
  /**
   * VCAI put into the pool; 0 if nothing was sold and no pool opened.
   */
  paired: Uint128;
  /**
   * Stablecoin put into the pool: all proceeds of the sale.
   */
  proceeds: Uint128;
  /**
   * Schedules start here.
   */
  time: number;
};

export type TgeResponse = {
  done?: TgeRecord | null;
  plan: TgePlan;
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
 * How what is left after the start vests.
 */
export type VestingKind =
/**
 * Second by second.
 */
| {
  linear: {
    /**
     * Seconds, 1 to ten years.
     */
    duration: number;
  };
}
/**
 * In equal steps at the ends of periods.
 */
| {
  steps: {
    /**
     * Number of periods, above 0; all of them at most ten years.
     */
    count: number;
    /**
     * Seconds of a period, above 0.
     */
    period: number;
  };
};

/**
 * A schedule within its bounds.
 */
export type VestingSchedule = {
  /**
   * Seconds from the start in which nothing more vests and nothing accrues, at most ten years.
   */
  cliff: number;
  /**
   * What happens after the cliff.
   */
  kind: VestingKind;
  /**
   * Part that vests at the start, basis points, 0 to 10,000.
   */
  tge_bps: number;
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
   * The TGE: its plan, and what happened.
   */
  tge(): Promise<TgeResponse> {
    return this.client.queryContractSmart(this.address, { tge: {} });
  }

  bucket(args: { bucket: Bucket; }): Promise<BucketResponse> {
    return this.client.queryContractSmart(this.address, { bucket: args });
  }

  grant(args: { grant: number; }): Promise<GrantResponse | null> {
    return this.client.queryContractSmart(this.address, { grant: args });
  }

  /**
   * Grants by number.
   */
  grants(args: { limit?: number | null; start_after?: number | null; } = {}): Promise<Array<GrantResponse>> {
    return this.client.queryContractSmart(this.address, { grants: args });
  }

  /**
   * A beneficiary's grants by number.
   */
  grantsOf(args: { beneficiary: string; limit?: number | null; start_after?: number | null; }): Promise<Array<GrantResponse>> {
    return this.client.queryContractSmart(this.address, { grants_of: args });
  }

  /**
   * What governance spent of a bucket, newest first.
   */
  spends(args: { bucket: Bucket; limit?: number | null; start_before?: number | null; }): Promise<Array<SpendResponse>> {
    return this.client.queryContractSmart(this.address, { spends: args });
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
   * Opens the market, once, from the set time on: `genesis-nft` hands over the proceeds of its sale and receives the airdrop; the pool is opened with all proceeds and as much VCAI as the set price asks for; the incentives' bucket leaves; schedules start.
   *
   * Permission: Anyone
   */
  sendTge(funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ tge: {} }, funds, fee);
  }

  /**
   * Pays what has vested and is not claimed.
   *
   * Permission: Beneficiary
   */
  claim(args: { grant: number; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ claim: args }, funds, fee);
  }

  /**
   * Moves vested VCAI straight into the beneficiary's lock in `vote-escrow`.
   *
   * Permission: Beneficiary
   */
  lockVested(args: { amount?: Uint128 | null; grant: number; until: number; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ lock_vested: args }, funds, fee);
  }

  /**
   * Names the next beneficiary, or takes that back (`to: None`). Nothing changes until `AcceptBeneficiary`.
   *
   * Permission: Beneficiary
   */
  proposeBeneficiary(args: { grant: number; to?: string | null; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ propose_beneficiary: args }, funds, fee);
  }

  /**
   * Makes the sender the beneficiary, of what is claimed from now on.
   *
   * Permission: Pending beneficiary
   */
  acceptBeneficiary(args: { grant: number; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ accept_beneficiary: args }, funds, fee);
  }

  /**
   * CW20 receive hook; the message is a [`Cw20Hook`]. Only VCAI, and only from `governance`.
   *
   * Permission: Token
   */
  receive(args: Cw20ReceiveMsg, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ receive: args }, funds, fee);
  }

  /**
   * Sends VCAI of the reserve, or of what the pool did not take, after the TGE: at most 5 % of the bucket's genesis size within any 90 days.
   *
   * Permission: Governance
   */
  spend(args: { amount: Uint128; bucket: Bucket; to: string; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ spend: args }, funds, fee);
  }

  /**
   * Grants VCAI of a bucket that has grants, as far as it is not granted. Schedules start at the TGE, also of later grants.
   *
   * Permission: Owner
   */
  addGrants(args: { bucket: Bucket; grants: Array<NewGrant>; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ add_grants: args }, funds, fee);
  }

  /**
   * Gives a grant another schedule. What has vested stays vested.
   *
   * Permission: Owner
   */
  amend(args: { grant: number; schedule: VestingSchedule; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ amend: args }, funds, fee);
  }

  /**
   * Replaces time and price of the TGE before it happens; the time at least [`TGE_NOTICE`] ahead.
   *
   * Permission: Owner
   */
  setTge(args: { tge: TgePlan; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ set_tge: args }, funds, fee);
  }

  /**
   * Two-step change of the owner.
   *
   * Permission: Owner (propose, cancel) | Pending owner (accept)
   */
  sendOwnership(args: OwnershipMsg, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ ownership: args }, funds, fee);
  }

  /**
   * Sends `amount` of `token` to the contract. Grants out of issued VCAI; their amounts sum to what is sent, their schedules start now.
   */
  sendVest(token: string, amount: Uint128, args: { grants: Array<NewGrant>; proposal: number; }, fee = this.fee): Promise<ExecuteResult> {
    const hook: Cw20Hook = { vest: args };
    return this.signing.execute(this.sender, token, toHook(this.address, amount, hook), fee);
  }
}
