// Generated from packages/interfaces by `lex schema`. Do not edit.
// Contract: compute-wars

import type { CosmWasmClient, ExecuteResult, SigningCosmWasmClient } from "@cosmjs/cosmwasm";
import type { Coin as Funds, StdFee } from "@cosmjs/stargate";

export type ConfigResponse = {
  fund?: string | null;
  l_coin: string;
  params: Params;
  vault: string;
};

export type ExecuteMsg =
/**
 * Adds one report's charges to the scores of the week (see `credit_vault::Week`). Each account at most once, at most 200. Scores of a week that is finalized already change nothing.
 *
 * Permission: Vault
 */
| {
  record: {
    scores: Array<Score>;
    week: number;
  };
}
/**
 * Fixes the top ranks and the prize table of a week that is over, once.
 *
 * Permission: Anyone
 */
| {
  finalize: {
    week: number;
  };
}
/**
 * Fetches a finalized week's prize LCO from the fund and divides it, with what rolled over from the weeks before, among the ranks: ⌊pool · share⌋ each. What is left (unfilled ranks, shares below 100 %, dust) rolls over to the next week. Weeks are collected in their order, each once.
 *
 * Permission: Anyone
 */
| {
  collect_prizes: {
    week: number;
  };
}
/**
 * Pays the sender's prize of a collected week, once.
 *
 * Permission: Winner
 */
| {
  claim_prize: {
    week: number;
  };
}
/**
 * The best of a finalized week chooses, once, while the following week lasts. Free calls: min(⌊mean score of the top 100⌋, ⌊free_call_bps · all charges⌋).
 *
 * Permission: Champion
 */
| {
  choose_perk: {
    perk: Perk;
    week: number;
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
 * Names the fund, once.
 *
 * Permission: Owner
 */
| {
  set_fund: {
    fund: string;
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
   * The ecosystem fund that gives the prizes. Without it there are none; set once by the owner.
   */
  fund?: string | null;
  /**
   * The L-Coin token that prizes are paid in. Never changes.
   */
  l_coin: string;
  /**
   * Governance, or the genesis council until hand-over.
   */
  owner: string;
  params: Params;
  /**
   * The credit vault: reports scores, takes the champion's free calls. Never changes.
   */
  vault: string;
};

export type MigrateMsg = Record<string, never>;

export type OverviewResponse = {
  /**
   * µLCO fetched from the fund since genesis: always paid + unclaimed + rolled.
   */
  collected: Uint128;
  /**
   * The first week that counts.
   */
  first_week: number;
  /**
   * The week that `CollectPrizes` accepts next, once it is finalized.
   */
  next_collect: number;
  /**
   * µLCO of prizes paid.
   */
  paid: Uint128;
  /**
   * µLCO that rolled over to the next week collected.
   */
  rolled: Uint128;
  /**
   * µLCO of prizes fixed and not yet claimed.
   */
  unclaimed: Uint128;
  /**
   * The week that is running.
   */
  week: WeekResponse;
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
 * Every parameter has bounds, checked at instantiate and update. In force for every week that is finalized later.
 */
export type Params = {
  /**
   * Most free calls of the champion, as a part of all charges of the week that was won, basis points. 0 ..= 100; default 100.
   */
  free_call_bps: number;
  /**
   * Share of each rank in a week's prizes, basis points, best rank first: 1 ..= 10 shares, none above the one before, together at most 10,000. Default 3,000, 2,000, 1,200, 800, 600, 600, 500, 500, 400, 400.
   */
  prizes_bps: Array<number>;
};

/**
 * What the champion of a week may choose for the week that follows.
 */
export type Perk =
/**
 * An allowance of free calls at every gateway where the champion has a spending account, held by the vault.
 */
| "free_calls"
/**
 * No limit of concurrent calls.
 */
| "unlimited_concurrency";

export type PerkResponse = {
  account: string;
  /**
   * µCredit of free calls; 0 for the other perk.
   */
  allowance: Uint128;
  perk: Perk;
  /**
   * Half-open time in which it holds.
   */
  valid_from: number;
  valid_until: number;
};

export type PerksResponse = {
  /**
   * µCredit of free calls granted for this week; the vault's `FreeCalls` says what is left. Zero for everybody else.
   */
  free_calls: Uint128;
  /**
   * The champion's choice for this week is unlimited concurrency, and the champion is this account.
   */
  unlimited_concurrency: boolean;
  /**
   * Until before when the answer holds.
   */
  valid_until: number;
};

export type PrizeResponse = {
  /**
   * None for a rank that nobody reached; its prize rolls over.
   */
  account?: string | null;
  claimed: boolean;
  /**
   * µLCO; none before the week is collected.
   */
  prize?: Uint128 | null;
  /**
   * From 1.
   */
  rank: number;
  share_bps: number;
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
 * One week's totals.
 */
| {
  week: {
    week: number;
  };
}
/**
 * Weeks with scores or a result, newest first.
 */
| {
  weeks: {
    limit?: number | null;
    start_before?: number | null;
  };
}
/**
 * The leaders of a week, best first, from the rank after `start_after`.
 */
| {
  top: {
    limit?: number | null;
    start_after?: number | null;
    week: number;
  };
}
/**
 * One account's score and rank in a week.
 */
| {
  rank: {
    account: string;
    week: number;
  };
}
/**
 * One account's scores, newest week first, without ranks.
 */
| {
  scores: {
    account: string;
    limit?: number | null;
    start_before?: number | null;
  };
}
/**
 * The prizes of a week, best rank first; empty before it is finalized.
 */
| {
  prizes: {
    week: number;
  };
}
/**
 * What a gateway grants this account now.
 */
| {
  perks: {
    account: string;
  };
}
/**
 * What the champion of a week chose for the following one.
 */
| {
  perk: {
    week: number;
  };
};

export type RankResponse = {
  account: string;
  /**
   * 1 ..= 100; none below the top list.
   */
  rank?: number | null;
  /**
   * µCredit; 0 if the account was never charged in that week.
   */
  score: Uint128;
};

/**
 * Credits charged to one account by one report.
 */
export type Score = {
  account: string;
  /**
   * µCredit, greater than zero.
   */
  charged: Uint128;
};

export type ScoreResponse = {
  /**
   * µCredit.
   */
  score: Uint128;
  week: number;
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

export type WeekResponse = {
  /**
   * µCredit: all charges heard of.
   */
  charged: Uint128;
  /**
   * Number of accounts in the top list, at most 100.
   */
  leaders: number;
  /**
   * µCredit: least score of the top list; one must pass it to enter a full list.
   */
  minimum: Uint128;
  result?: WeekResult | null;
  /**
   * µCredit: sum of the top list's scores.
   */
  top_charged: Uint128;
  week: number;
};

/**
 * What finalizing fixed.
 */
export type WeekResult = {
  finalized_at: number;
  /**
   * µLCO of it claimed.
   */
  paid: Uint128;
  /**
   * µLCO divided among the ranks, what rolled over to it included; none before `CollectPrizes`.
   */
  pool?: Uint128 | null;
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
   * One week's totals.
   */
  week(args: { week: number; }): Promise<WeekResponse> {
    return this.client.queryContractSmart(this.address, { week: args });
  }

  /**
   * Weeks with scores or a result, newest first.
   */
  weeks(args: { limit?: number | null; start_before?: number | null; } = {}): Promise<Array<WeekResponse>> {
    return this.client.queryContractSmart(this.address, { weeks: args });
  }

  /**
   * The leaders of a week, best first, from the rank after `start_after`.
   */
  top(args: { limit?: number | null; start_after?: number | null; week: number; }): Promise<Array<RankResponse>> {
    return this.client.queryContractSmart(this.address, { top: args });
  }

  /**
   * One account's score and rank in a week.
   */
  rank(args: { account: string; week: number; }): Promise<RankResponse> {
    return this.client.queryContractSmart(this.address, { rank: args });
  }

  /**
   * One account's scores, newest week first, without ranks.
   */
  scores(args: { account: string; limit?: number | null; start_before?: number | null; }): Promise<Array<ScoreResponse>> {
    return this.client.queryContractSmart(this.address, { scores: args });
  }

  /**
   * The prizes of a week, best rank first; empty before it is finalized.
   */
  prizes(args: { week: number; }): Promise<Array<PrizeResponse>> {
    return this.client.queryContractSmart(this.address, { prizes: args });
  }

  /**
   * What a gateway grants this account now.
   */
  perks(args: { account: string; }): Promise<PerksResponse> {
    return this.client.queryContractSmart(this.address, { perks: args });
  }

  /**
   * What the champion of a week chose for the following one.
   */
  perk(args: { week: number; }): Promise<PerkResponse | null> {
    return this.client.queryContractSmart(this.address, { perk: args });
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
   * Adds one report's charges to the scores of the week (see `credit_vault::Week`). Each account at most once, at most 200. Scores of a week that is finalized already change nothing.
   *
   * Permission: Vault
   */
  record(args: { scores: Array<Score>; week: number; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ record: args }, funds, fee);
  }

  /**
   * Fixes the top ranks and the prize table of a week that is over, once.
   *
   * Permission: Anyone
   */
  finalize(args: { week: number; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ finalize: args }, funds, fee);
  }

  /**
   * Fetches a finalized week's prize LCO from the fund and divides it, with what rolled over from the weeks before, among the ranks: ⌊pool · share⌋ each. What is left (unfilled ranks, shares below 100 %, dust) rolls over to the next week. Weeks are collected in their order, each once.
   *
   * Permission: Anyone
   */
  collectPrizes(args: { week: number; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ collect_prizes: args }, funds, fee);
  }

  /**
   * Pays the sender's prize of a collected week, once.
   *
   * Permission: Winner
   */
  claimPrize(args: { week: number; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ claim_prize: args }, funds, fee);
  }

  /**
   * The best of a finalized week chooses, once, while the following week lasts. Free calls: min(⌊mean score of the top 100⌋, ⌊free_call_bps · all charges⌋).
   *
   * Permission: Champion
   */
  choosePerk(args: { perk: Perk; week: number; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ choose_perk: args }, funds, fee);
  }

  /**
   * Permission: Owner
   */
  setParams(args: { params: Params; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ set_params: args }, funds, fee);
  }

  /**
   * Names the fund, once.
   *
   * Permission: Owner
   */
  setFund(args: { fund: string; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ set_fund: args }, funds, fee);
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
