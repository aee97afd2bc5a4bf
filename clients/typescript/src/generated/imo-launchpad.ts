// Generated from packages/interfaces by `lex schema`. Do not edit.
// Contract: imo-launchpad

import type { CosmWasmClient, ExecuteResult, SigningCosmWasmClient } from "@cosmjs/cosmwasm";
import type { Coin as Funds, StdFee } from "@cosmjs/stargate";

import { toHook } from "../hook";

export type AllotmentResponse = {
  address: string;
  /**
   * First round: ⌊quota · own weight / total weight⌋ units.
   */
  allocation: Uint128;
  /**
   * Both rounds: allocation + ⌊(quota − subscribed) · allocation / subscribed⌋ units. Known once subscriptions are over, for subscribers.
   */
  allotment?: Uint128 | null;
  /**
   * Units that can be claimed now.
   */
  claimable: Uint128;
  /**
   * Units claimed so far.
   */
  claimed: Uint128;
  launch: number;
  /**
   * Whether the address subscribed; the allocation is what it could subscribe otherwise.
   */
  subscribed: boolean;
};

/**
 * Binary is a wrapper around Vec<u8> to add base64 de/serialization with serde. It also adds some helper methods to help encode inline.
 *
 * This is only needed as serde-json-{core,wasm} has a horrible encoding for Vec<u8>. See also <https://github.com/CosmWasm/cosmwasm/blob/main/docs/MESSAGE_TYPES.md>.
 */
export type Binary = string;

/**
 * What Credits are sent for.
 */
export type Cw20Hook =
/**
 * Claims `units`, above 0, of what the sender of the Credits has left of its allotment, for exactly ⌈units · price_per_unit / 10^6⌉ µCredit. May be repeated until nothing is left.
 */
| {
  claim: {
    launch: number;
    units: Uint128;
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
 * Announces a launch. Refused while another launch of the SKU is live, without a rate card for the SKU, and when nobody has any weight in the window.
 *
 * Permission: Owner
 */
| {
  create_launch: NewLaunch;
}
/**
 * Withdraws a launch while subscriptions are taken, when nothing can have been paid yet.
 *
 * Permission: Owner
 */
| {
  cancel_launch: {
    launch: number;
  };
}
/**
 * Takes the sender's allocation, ⌊quota · own weight / total weight⌋, which must not be 0. Once per account and launch, before `subscribe_until`.
 *
 * Permission: Anyone
 */
| {
  subscribe: {
    launch: number;
  };
}
/**
 * Claims units of a launch whose price is 0. Those of any other are claimed by [`Cw20Hook::Claim`].
 *
 * Permission: Anyone
 */
| {
  claim: {
    launch: number;
    units: Uint128;
  };
}
/**
 * Credits arrive with a [`Cw20Hook`].
 *
 * Permission: Vault
 */
| {
  receive: Cw20ReceiveMsg;
}
/**
 * Ends a launch from `claim_until` on: what nobody claimed goes back to whoever offered it. A new launch of the same SKU does so by itself.
 *
 * Permission: Anyone
 */
| {
  close_launch: {
    launch: number;
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

export type InstantiateMsg = {
  /**
   * Governance, or the genesis council until hand-over.
   */
  owner: string;
  /**
   * Answers `lco_staking::QueryMsg::WeightIntegral`. Never changes.
   */
  staking: string;
  /**
   * Grants what is claimed, and is the token of Credits that it is paid in. Never changes.
   */
  vault: string;
};

export type LaunchResponse = {
  /**
   * Units granted so far.
   */
  claimed: Uint128;
  /**
   * When it was announced.
   */
  created_at: number;
  launch: number;
  phase: Phase;
  /**
   * Units that nobody took; known once the launch is over.
   */
  returned?: Uint128 | null;
  /**
   * Units of all subscribers' allocations, first round.
   */
  subscribed: Uint128;
  terms: NewLaunch;
  /**
   * ∫ stake · w(tier) dt over the window, of all stakers: µLCO · s.
   */
  total_weight: Uint128;
};

export type MigrateMsg = Record<string, never>;

/**
 * Terms of a launch; nothing changes them afterwards.
 */
export type NewLaunch = {
  /**
   * Claims are taken from `subscribe_until` to before this second: 1 hour to 90 days later.
   */
  claim_until: number;
  /**
   * From the first claim to before this second, usage of the SKU beyond an account's entitlement is refused by the vault. 0 (or anything past) for no exclusivity; at most a year from now.
   */
  exclusive_until: number;
  /**
   * µCredit per unit with six decimal places, that is µCredit per 10^6 units like a rate card's figures: 3,000,000 is 3 µCredit per unit, or 3 Credits per million units. 0 ..= 10^15; 0 is free.
   */
  price_per_unit: Uint128;
  /**
   * Units offered in all, 1 ..= 10^18.
   */
  quota: Uint128;
  /**
   * A SKU with a rate card in the vault.
   */
  sku: string;
  /**
   * Weights are averaged over the 7 days that end at this second. Before now, at most 30 days.
   */
  snapshot: number;
  /**
   * Subscriptions are taken before this second: 1 hour to 30 days from now.
   */
  subscribe_until: number;
};

export type OverviewResponse = {
  /**
   * Launches ever announced; the newest has this number, the first is 1.
   */
  launches: number;
  /**
   * The newest ten, newest first.
   */
  newest: Array<LaunchResponse>;
  staking: string;
  vault: string;
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
 * Where a launch is.
 */
export type Phase =
/**
 * Subscriptions are taken.
 */
| "subscribe"
/**
 * Units are claimed.
 */
| "claim"
/**
 * `claim_until` is past.
 */
| "ended"
/**
 * Withdrawn by the owner before anything was claimed.
 */
| "cancelled";

export type QueryMsg =
/**
 * Everything a page shows first.
 */
| {
  overview: Record<string, never>;
}
| {
  ownership: Record<string, never>;
}
| {
  launch: {
    launch: number;
  };
}
/**
 * All launches, newest first. At most 100 a page, 30 by default.
 */
| {
  launches: {
    limit?: number | null;
    start_before?: number | null;
  };
}
/**
 * The launch of a SKU that is not closed or cancelled, if any.
 */
| {
  live: {
    sku: string;
  };
}
/**
 * What an address has, or could have, of a launch. Asks the staking contract if the address has not subscribed.
 */
| {
  allotment: {
    address: string;
    launch: number;
  };
}
/**
 * The launches an address subscribed, newest first.
 */
| {
  account: {
    address: string;
    limit?: number | null;
    start_before?: number | null;
  };
}
/**
 * Who subscribed a launch, in the order of addresses.
 */
| {
  subscribers: {
    launch: number;
    limit?: number | null;
    start_after?: string | null;
  };
}
/**
 * µCredit that a claim of `units` costs: ⌈units · price_per_unit / 10^6⌉.
 */
| {
  price: {
    launch: number;
    units: Uint128;
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

  ownership(): Promise<OwnershipResponse> {
    return this.client.queryContractSmart(this.address, { ownership: {} });
  }

  launch(args: { launch: number; }): Promise<LaunchResponse> {
    return this.client.queryContractSmart(this.address, { launch: args });
  }

  /**
   * All launches, newest first. At most 100 a page, 30 by default.
   */
  launches(args: { limit?: number | null; start_before?: number | null; } = {}): Promise<Array<LaunchResponse>> {
    return this.client.queryContractSmart(this.address, { launches: args });
  }

  /**
   * The launch of a SKU that is not closed or cancelled, if any.
   */
  live(args: { sku: string; }): Promise<LaunchResponse | null> {
    return this.client.queryContractSmart(this.address, { live: args });
  }

  /**
   * What an address has, or could have, of a launch. Asks the staking contract if the address has not subscribed.
   */
  allotment(args: { address: string; launch: number; }): Promise<AllotmentResponse> {
    return this.client.queryContractSmart(this.address, { allotment: args });
  }

  /**
   * The launches an address subscribed, newest first.
   */
  account(args: { address: string; limit?: number | null; start_before?: number | null; }): Promise<Array<AllotmentResponse>> {
    return this.client.queryContractSmart(this.address, { account: args });
  }

  /**
   * Who subscribed a launch, in the order of addresses.
   */
  subscribers(args: { launch: number; limit?: number | null; start_after?: string | null; }): Promise<Array<AllotmentResponse>> {
    return this.client.queryContractSmart(this.address, { subscribers: args });
  }

  /**
   * µCredit that a claim of `units` costs: ⌈units · price_per_unit / 10^6⌉.
   */
  price(args: { launch: number; units: Uint128; }): Promise<Uint128> {
    return this.client.queryContractSmart(this.address, { price: args });
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
   * Announces a launch. Refused while another launch of the SKU is live, without a rate card for the SKU, and when nobody has any weight in the window.
   *
   * Permission: Owner
   */
  createLaunch(args: NewLaunch, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ create_launch: args }, funds, fee);
  }

  /**
   * Withdraws a launch while subscriptions are taken, when nothing can have been paid yet.
   *
   * Permission: Owner
   */
  cancelLaunch(args: { launch: number; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ cancel_launch: args }, funds, fee);
  }

  /**
   * Takes the sender's allocation, ⌊quota · own weight / total weight⌋, which must not be 0. Once per account and launch, before `subscribe_until`.
   *
   * Permission: Anyone
   */
  subscribe(args: { launch: number; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ subscribe: args }, funds, fee);
  }

  /**
   * Claims units of a launch whose price is 0. Those of any other are claimed by [`Cw20Hook::Claim`].
   *
   * Permission: Anyone
   */
  claim(args: { launch: number; units: Uint128; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ claim: args }, funds, fee);
  }

  /**
   * Credits arrive with a [`Cw20Hook`].
   *
   * Permission: Vault
   */
  receive(args: Cw20ReceiveMsg, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ receive: args }, funds, fee);
  }

  /**
   * Ends a launch from `claim_until` on: what nobody claimed goes back to whoever offered it. A new launch of the same SKU does so by itself.
   *
   * Permission: Anyone
   */
  closeLaunch(args: { launch: number; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ close_launch: args }, funds, fee);
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
   * Sends `amount` of `token` to the contract. Claims `units`, above 0, of what the sender of the Credits has left of its allotment, for exactly ⌈units · price_per_unit / 10^6⌉ µCredit. May be repeated until nothing is left.
   */
  sendClaim(token: string, amount: Uint128, args: { launch: number; units: Uint128; }, fee = this.fee): Promise<ExecuteResult> {
    const hook: Cw20Hook = { claim: args };
    return this.signing.execute(this.sender, token, toHook(this.address, amount, hook), fee);
  }
}
