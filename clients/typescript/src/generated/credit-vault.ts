// Generated from packages/interfaces by `lex schema`. Do not edit.
// Contract: credit-vault

import type { CosmWasmClient, ExecuteResult, SigningCosmWasmClient } from "@cosmjs/cosmwasm";
import type { Coin as Funds, StdFee } from "@cosmjs/stargate";

export type AccountResponse = {
  /**
   * Booked µLCO: claimable now.
   */
  booked_lco: Uint128;
  /**
   * Free µCredit: redeemable now.
   */
  free: Uint128;
  spending: Array<SpendingResponse>;
};

export type AllAccountsResponse = {
  accounts: Array<string>;
};

export type AllAllowancesResponse = {
  allowances: Array<AllowanceInfo>;
};

export type AllSpenderAllowancesResponse = {
  allowances: Array<SpenderAllowanceInfo>;
};

export type AllowanceInfo = {
  allowance: Uint128;
  expires: Expiration;
  spender: string;
};

export type AllowanceResponse = {
  allowance: Uint128;
  expires: Expiration;
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
 * What to do with a settled charge.
 */
export type ChargeAction =
/**
 * A challenge opened: set the charge apart from its week.
 */
| "hold"
/**
 * The gateway answered: put it back into its week.
 */
| "release"
/**
 * It did not: return the charge less the fund's floor to the account as free Credits; the floor stays booked to the fund.
 */
| "return";

/**
 * Names one settled entry: its report and its position in the report, from 0.
 */
export type ChargeRef = {
  entry: number;
  report: ReportRef;
};

export type ConfigResponse = {
  denom: string;
  l_coin: string;
  operator?: string | null;
  oracle: string;
  params: Params;
  peers: Peers;
  timelock: string;
};

export type EntitlementResponse = {
  exclusive_until?: number | null;
  units: Uint128;
};

/**
 * What became of one entry. The numeric code is the position in this list and never changes.
 */
export type EntryOutcome =
/**
 * 0: charged in full (possibly 0).
 */
| "charged"
/**
 * 1: charged as far as the spending account or its daily limit reached; the rest is the account's public shortfall mark.
 */
| "shortfall"
/**
 * 2: the account has no spending account at this gateway, or opened it after the newest call.
 */
| "no_spending_account"
/**
 * 3: the newest call is later than closing + 60 s.
 */
| "closed"
/**
 * 4: no rate card for the SKU was in force in the window.
 */
| "unknown_sku"
/**
 * 5: the SKU belongs to another gateway.
 */
| "foreign_sku"
/**
 * 6: list or cost above the rate card.
 */
| "above_rate_card"
/**
 * 7: cost above list.
 */
| "cost_above_list"
/**
 * 8: the SKU is exclusive and the account's entitlement does not cover the units.
 */
| "not_entitled"
/**
 * 9: the account text is not an address of this chain.
 */
| "invalid_account"
/**
 * 10: the gateway is not admitted, or suspended.
 */
| "gateway_not_admitted";

export type ExecuteMsg =
/**
 * Mints Credits 1:1 for the attached USDT (exactly one coin of the vault's denom) to `to`, default the sender. Can be paused.
 *
 * Permission: Anyone
 */
| {
  deposit: {
    to?: string | null;
  };
}
/**
 * Burns the sender's free Credits and sends USDT 1:1 to `to`, default the sender. No switch stops it.
 *
 * Permission: Anyone
 */
| {
  redeem: {
    amount: Uint128;
    to?: string | null;
  };
}
/**
 * Permission: Anyone
 */
| {
  transfer: {
    amount: Uint128;
    recipient: string;
  };
}
/**
 * Permission: Anyone
 */
| {
  send: {
    amount: Uint128;
    contract: string;
    msg: Binary;
  };
}
/**
 * Permission: Anyone
 */
| {
  increase_allowance: {
    amount: Uint128;
    expires?: Expiration | null;
    spender: string;
  };
}
/**
 * Permission: Anyone
 */
| {
  decrease_allowance: {
    amount: Uint128;
    expires?: Expiration | null;
    spender: string;
  };
}
/**
 * Permission: Anyone
 */
| {
  transfer_from: {
    amount: Uint128;
    owner: string;
    recipient: string;
  };
}
/**
 * Permission: Anyone
 */
| {
  send_from: {
    amount: Uint128;
    contract: string;
    msg: Binary;
    owner: string;
  };
}
/**
 * Promises free Credits to one gateway. `amount` > 0; `max_per_day` > 0 bounds what one UTC day (of the settling block) can charge. Refused for a gateway that is not admitted or suspended, or while an account at that gateway is open or closing.
 *
 * Permission: Anyone
 */
| {
  open_spending: {
    amount: Uint128;
    gateway: number;
    max_per_day: Uint128;
  };
}
/**
 * Adds free Credits to an open account.
 *
 * Permission: Anyone
 */
| {
  top_up_spending: {
    amount: Uint128;
    gateway: number;
  };
}
/**
 * Changes the daily bound of an open account: a higher one is in force at once, a lower one an hour later, so that calls already served are charged under the bound they were served under.
 *
 * Permission: Anyone
 */
| {
  set_daily_limit: {
    gateway: number;
    max_per_day: Uint128;
  };
}
/**
 * Starts closing: calls later than now + 60 s are not charged, nothing is charged after `close_window`, and the rest is free then. Never refused for an open account.
 *
 * Permission: Anyone
 */
| {
  close_spending: {
    gateway: number;
  };
}
/**
 * Returns a closed account's rest to the free balance once its window has passed.
 *
 * Permission: Anyone
 */
| {
  withdraw_spending: {
    gateway: number;
  };
}
/**
 * Mints the sender's booked LCO to the sender.
 *
 * Permission: Anyone
 */
| {
  claim_lco: Record<string, never>;
}
/**
 * Mints booked LCO to each account, at most 100, without duplicates. Accounts with nothing booked are passed over.
 *
 * Permission: Anyone
 */
| {
  pay_lco: {
    accounts: Array<string>;
  };
}
/**
 * Charges verified usage. Bad entries are skipped with an [`EntryOutcome`], never reverted. A report that was settled before is passed over.
 *
 * Permission: Oracle
 */
| {
  settle_usage: {
    reports: Array<SettleReport>;
  };
}
/**
 * Sets a charge apart, puts it back, or returns it.
 *
 * Permission: Oracle
 */
| {
  resolve_charge: {
    action: ChargeAction;
    charge: ChargeRef;
  };
}
/**
 * Splits a finished week's revenue: `fund_share` to the fund, the rest to the gateway's payout address, both as free Credits; forfeited charges go to the fund whole. `fund_share` lies between the floor and the week's revenue. Refused before week end + 9 days, twice, and while a charge of the week is set apart.
 *
 * Permission: Fund
 */
| {
  release_week: {
    fund_share: Uint128;
    gateway: number;
    week: number;
  };
}
/**
 * Sends a list of charges to the contest again after it failed there.
 *
 * Permission: Anyone
 */
| {
  deliver_scores: {
    report: ReportRef;
  };
}
/**
 * Gives `account` an entitlement of `units` of a SKU, and makes the SKU exclusive until `exclusive_until`, unless that is past; at most a year. `price` is taken from the sender's free Credits and becomes revenue of the SKU's gateway in this week; it mines nothing.
 *
 * Permission: Launchpad
 */
| {
  grant: {
    account: string;
    exclusive_until: number;
    price: Uint128;
    sku: string;
    units: Uint128;
  };
}
/**
 * Gives the champion an allowance of free calls, µCredit of charges, at most 10^15, for this week or a later one; set once per week.
 *
 * Permission: Wars
 */
| {
  set_free_calls: {
    account: string;
    allowance: Uint128;
    week: number;
  };
}
/**
 * Admits a gateway, or changes nothing but its payout address if it was admitted before; lifts a suspension.
 *
 * Permission: Owner
 */
| {
  admit_gateway: {
    admission: GatewayAdmission;
  };
}
/**
 * From now on the gateway's reports move no money.
 *
 * Permission: Owner | Operator
 */
| {
  suspend_gateway: {
    gateway: number;
  };
}
/**
 * Changes the payout address.
 *
 * Permission: Payout
 */
| {
  set_payout: {
    gateway: number;
    payout: string;
  };
}
/**
 * Rate cards that come into force in 48 hours. At most 64, each SKU once. Replaces a card of the SKU that is not in force yet.
 *
 * Permission: Owner | Operator
 */
| {
  propose_rates: {
    rates: Array<Rate>;
  };
}
/**
 * Permission: Owner | Operator
 */
| {
  pause_deposits: {
    paused: boolean;
  };
}
/**
 * Opens transfers between any accounts, for ever.
 *
 * Permission: Owner
 */
| {
  open_transfers: Record<string, never>;
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
}
/**
 * Permission: Timelock
 */
| {
  set_oracle: {
    oracle: string;
  };
}
/**
 * Permission: Timelock
 */
| {
  set_peers: {
    peers: Peers;
  };
}
/**
 * Adds a contract that may receive and send Credits. The list only grows.
 *
 * Permission: Timelock
 */
| {
  register_contract: {
    address: string;
  };
};

/**
 * Expiration represents a point in time when some event happens. It can compare with a BlockInfo and will return is_expired() == true once the condition is hit (and for every block in the future)
 */
export type Expiration =
/**
 * AtHeight will expire when `env.block.height` >= height
 */
| {
  at_height: number;
}
/**
 * AtTime will expire when `env.block.time` >= time
 */
| {
  at_time: Timestamp;
}
/**
 * Never will never expire. Used to express the empty variant
 */
| {
  never: Record<string, never>;
};

export type FreeCallsResponse = {
  account: string;
  /**
   * µCredit of charges left.
   */
  left: Uint128;
};

/**
 * A gateway admitted by governance.
 */
export type GatewayAdmission = {
  /**
   * Id given by the attestation oracle.
   */
  gateway: number;
  /**
   * Receives the week's revenue less the fund's share, as free Credits.
   */
  payout: string;
};

export type GatewayResponse = {
  gateway: number;
  payout: string;
  suspended: boolean;
};

export type InstantiateMsg = {
  /**
   * The native USDT denom. Never changes.
   */
  denom: string;
  /**
   * Gateways and rate cards in force at once, without notice.
   */
  gateways: Array<GatewayAdmission>;
  /**
   * The L-Coin contract whose minter is this vault. Never changes.
   */
  l_coin: string;
  /**
   * Bounded role for what cannot wait: pause deposits, suspend a gateway, propose rates.
   */
  operator?: string | null;
  /**
   * The attestation oracle.
   */
  oracle: string;
  /**
   * Governance, or the genesis council until hand-over.
   */
  owner: string;
  params: Params;
  peers: Peers;
  rates: Array<Rate>;
  /**
   * Contracts that may receive and send Credits from the start.
   */
  registered: Array<string>;
  /**
   * The only address that may change the oracle, the peers and the registered contracts. Also the wasm admin. Never changes.
   */
  timelock: string;
};

/**
 * What a daily bound falls to, and when.
 */
export type LoweredLimit = {
  /**
   * Unix seconds.
   */
  from: number;
  /**
   * µCredit.
   */
  max_per_day: Uint128;
};

export type MigrateMsg = Record<string, never>;

export type OverviewResponse = {
  /**
   * µLCO booked and not yet minted.
   */
  booked: Uint128;
  /**
   * C: µCredit consumed since genesis, as far as they mined.
   */
  consumed: Uint128;
  deposits_paused: boolean;
  /**
   * Number of the current halving, 0 ..= 10.
   */
  halving: number;
  /**
   * M(C): µLCO mined since genesis, booked or minted.
   */
  mined: Uint128;
  /**
   * µUSDT that backs them: always supply + revenue.
   */
  reserve: Uint128;
  /**
   * µCredit charged and not yet released.
   */
  revenue: Uint128;
  /**
   * µCredit held by accounts, free or promised to gateways.
   */
  supply: Uint128;
  transfers_open: boolean;
  week: number;
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
 * The first weeks' parameters; every one has bounds, checked at instantiate and update.
 */
export type Params = {
  /**
   * Seconds between `CloseSpending` and `WithdrawSpending`. 3,600 ..= 259,200; default 86,400.
   */
  close_window: number;
  /**
   * Least share of a week's revenue that goes to the fund, basis points. 100 ..= 1,000; default 200.
   */
  fund_floor_bps: number;
  /**
   * Share of a week's profit that goes to the fund, basis points. 1,000 ..= 5,000; default 2,000.
   */
  profit_share_bps: number;
  /**
   * Most LCO that one gateway's usage can mine in a week, µLCO. 0 ..= 10^13; default 500,000 LCO.
   */
  weekly_mint_cap: Uint128;
};

/**
 * Optional contracts around the vault. None until they exist; changed only through the timelock.
 */
export type Peers = {
  /**
   * May call `ReleaseWeek`. Without it revenue stays locked.
   */
  fund?: string | null;
  /**
   * May call `Grant`.
   */
  launchpad?: string | null;
  /**
   * Answers `lco_staking::QueryMsg::LowestTiers`. Without it everybody is Lv1.
   */
  tiers?: string | null;
  /**
   * Receives `compute_wars::ExecuteMsg::Record`, and may call `SetFreeCalls`.
   */
  wars?: string | null;
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
 * Free Credits, booked LCO and spending accounts of one account.
 */
| {
  account: {
    address: string;
    limit?: number | null;
    start_after?: number | null;
  };
}
| {
  spending: {
    address: string;
    gateway: number;
  };
}
| {
  gateway: {
    gateway: number;
  };
}
| {
  gateways: {
    limit?: number | null;
    start_after?: number | null;
  };
}
/**
 * The rate-card versions of one SKU that still matter, oldest first.
 */
| {
  rate: {
    sku: string;
  };
}
| {
  rates: {
    limit?: number | null;
    start_after?: string | null;
  };
}
| {
  week: {
    gateway: number;
    week: number;
  };
}
/**
 * A gateway's weeks, newest first.
 */
| {
  weeks: {
    gateway: number;
    limit?: number | null;
    start_before?: number | null;
  };
}
| {
  settlement: {
    report: ReportRef;
  };
}
/**
 * The champion of a week, if one is set.
 */
| {
  free_calls: {
    week: number;
  };
}
| {
  entitlement: {
    address: string;
    sku: string;
  };
}
/**
 * Least Credits that one LCO costs somebody who is gateway and user at once, under the current parameters: 10 · 2^halving · fund_floor_bps µCredit. No rate card changes it.
 */
| {
  wash_cost: Record<string, never>;
}
| {
  registered: {
    limit?: number | null;
    start_after?: string | null;
  };
}
| {
  balance: {
    address: string;
  };
}
| {
  token_info: Record<string, never>;
}
| {
  allowance: {
    owner: string;
    spender: string;
  };
}
| {
  all_allowances: {
    limit?: number | null;
    owner: string;
    start_after?: string | null;
  };
}
| {
  all_spender_allowances: {
    limit?: number | null;
    spender: string;
    start_after?: string | null;
  };
}
| {
  all_accounts: {
    limit?: number | null;
    start_after?: string | null;
  };
};

/**
 * Price of one SKU in µCredit per 10^6 units.
 */
export type Rate = {
  /**
   * At most `list`. Includes the fund's floor.
   */
  cost: Uint128;
  gateway: number;
  /**
   * At most 10^15.
   */
  list: Uint128;
  /**
   * 1 ..= 64 printable ASCII characters without spaces. A SKU belongs to the first gateway it was listed for, for ever.
   */
  sku: string;
};

export type RateResponse = {
  /**
   * Newest exclusivity, if there ever was one: from here …
   */
  exclusive_from?: number | null;
  /**
   * … until before here.
   */
  exclusive_until?: number | null;
  gateway: number;
  sku: string;
  versions: Array<RateVersion>;
};

export type RateVersion = {
  cost: Uint128;
  /**
   * In force from here until the next version's `from`.
   */
  from: number;
  list: Uint128;
};

/**
 * Names one usage report: a gateway's key epoch and the report's place in that epoch's chain.
 */
export type ReportRef = {
  gateway: number;
  key_epoch: number;
  seq: number;
};

/**
 * Usage of one SKU by one account within one report.
 */
export type SettleEntry = {
  account: string;
  calls: number;
  /**
   * Sum of the calls' attested costs, µCredit, each rounded down.
   */
  cost: Uint128;
  /**
   * Time of the newest call, unix seconds.
   */
  last: number;
  /**
   * Sum of the calls' list prices, µCredit, each rounded down.
   */
  list: Uint128;
  sku: string;
  /**
   * Metered units (tokens).
   */
  units: Uint128;
};

/**
 * One verified report on its way to settlement.
 */
export type SettleReport = {
  /**
   * At most 200, strictly sorted by (account, sku).
   */
  entries: Array<SettleEntry>;
  report: ReportRef;
  window_end: number;
  /**
   * Half-open window of the calls, unix seconds.
   */
  window_start: number;
};

export type SettledEntry = {
  /**
   * Whose charge it is; none where nothing was charged.
   */
  account?: string | null;
  /**
   * µCredit taken from the spending account.
   */
  charged: Uint128;
  /**
   * Attested cost of that.
   */
  cost: Uint128;
  /**
   * Attested cost of free calls.
   */
  free_cost: Uint128;
  /**
   * Set apart by an open challenge.
   */
  held: boolean;
  outcome: EntryOutcome;
  /**
   * Returned to the account.
   */
  returned: boolean;
};

export type SettlementResponse = {
  /**
   * In the order of the report.
   */
  entries: Array<SettledEntry>;
  report: ReportRef;
  /**
   * The contest did not take the charges; see `DeliverScores`.
   */
  scores_waiting: boolean;
  settled_at: number;
  week: number;
};

export type SpenderAllowanceInfo = {
  allowance: Uint128;
  expires: Expiration;
  owner: string;
};

export type SpendingResponse = {
  /**
   * µCredit left.
   */
  amount: Uint128;
  /**
   * What the current UTC day can still charge: min(amount, max_per_day − charged today).
   */
  chargeable: Uint128;
  /**
   * When `CloseSpending` was called.
   */
  closing_since?: number | null;
  gateway: number;
  /**
   * A lower bound that is announced and not in force yet.
   */
  lowered?: LoweredLimit | null;
  /**
   * µCredit that one UTC day can charge now. A lowered bound shows here when it is in force.
   */
  max_per_day: Uint128;
  opened_at: number;
  /**
   * µCredit of attested usage this account could not pay. A public mark only.
   */
  shortfall: Uint128;
  state: SpendingState;
  /**
   * When `WithdrawSpending` works.
   */
  withdrawable_at?: number | null;
};

export type SpendingState =
| "open" | "closing"
/**
 * Never opened, or withdrawn.
 */
| "closed";

/**
 * A point in time in nanosecond precision.
 *
 * This type can represent times from 1970-01-01T00:00:00Z to 2554-07-21T23:34:33Z.
 *
 * ## Examples
 *
 * ``` # use cosmwasm_std::Timestamp; let ts = Timestamp::from_nanos(1_000_000_202); assert_eq!(ts.nanos(), 1_000_000_202); assert_eq!(ts.seconds(), 1); assert_eq!(ts.subsec_nanos(), 202);
 *
 * let ts = ts.plus_seconds(2); assert_eq!(ts.nanos(), 3_000_000_202); assert_eq!(ts.seconds(), 3); assert_eq!(ts.subsec_nanos(), 202); ```
 */
export type Timestamp = Uint64;

export type TokenInfoResponse = {
  decimals: number;
  name: string;
  symbol: string;
  total_supply: Uint128;
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
 * A thin wrapper around u64 that is using strings for JSON encoding/decoding, such that the full u64 range can be used for clients that convert JSON numbers to floats, like JavaScript and jq.
 *
 * # Examples
 *
 * Use `from` to create instances of this and `u64` to get the value out:
 *
 * ``` # use cosmwasm_std::Uint64; let a = Uint64::from(42u64); assert_eq!(a.u64(), 42);
 *
 * let b = Uint64::from(70u32); assert_eq!(b.u64(), 70); ```
 */
export type Uint64 = string;

export type WashCostResponse = {
  /**
   * µCredit per whole LCO at the present halving: nobody pays less. None once everything is mined.
   */
  credits_per_lco?: Uint128 | null;
};

export type WeekResponse = {
  /**
   * Attested cost of that revenue, never above it.
   */
  cost: Uint128;
  /**
   * Floor of returned charges: goes to the fund whole.
   */
  forfeited: Uint128;
  /**
   * Attested cost of the champion's free calls, which the fund makes good.
   */
  free_cost: Uint128;
  gateway: number;
  /**
   * µCredit set apart by open challenges.
   */
  held: Uint128;
  /**
   * µLCO mined by this gateway's usage in this week.
   */
  mined: Uint128;
  /**
   * When `ReleaseWeek` works.
   */
  releasable_at: number;
  released: boolean;
  /**
   * µCredit charged, without what is set apart or was returned.
   */
  revenue: Uint128;
  week: number;
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
   * Free Credits, booked LCO and spending accounts of one account.
   */
  account(args: { address: string; limit?: number | null; start_after?: number | null; }): Promise<AccountResponse> {
    return this.client.queryContractSmart(this.address, { account: args });
  }

  spending(args: { address: string; gateway: number; }): Promise<SpendingResponse> {
    return this.client.queryContractSmart(this.address, { spending: args });
  }

  gateway(args: { gateway: number; }): Promise<GatewayResponse> {
    return this.client.queryContractSmart(this.address, { gateway: args });
  }

  gateways(args: { limit?: number | null; start_after?: number | null; } = {}): Promise<Array<GatewayResponse>> {
    return this.client.queryContractSmart(this.address, { gateways: args });
  }

  /**
   * The rate-card versions of one SKU that still matter, oldest first.
   */
  rate(args: { sku: string; }): Promise<RateResponse> {
    return this.client.queryContractSmart(this.address, { rate: args });
  }

  rates(args: { limit?: number | null; start_after?: string | null; } = {}): Promise<Array<RateResponse>> {
    return this.client.queryContractSmart(this.address, { rates: args });
  }

  week(args: { gateway: number; week: number; }): Promise<WeekResponse> {
    return this.client.queryContractSmart(this.address, { week: args });
  }

  /**
   * A gateway's weeks, newest first.
   */
  weeks(args: { gateway: number; limit?: number | null; start_before?: number | null; }): Promise<Array<WeekResponse>> {
    return this.client.queryContractSmart(this.address, { weeks: args });
  }

  settlement(args: { report: ReportRef; }): Promise<SettlementResponse> {
    return this.client.queryContractSmart(this.address, { settlement: args });
  }

  /**
   * The champion of a week, if one is set.
   */
  freeCalls(args: { week: number; }): Promise<FreeCallsResponse | null> {
    return this.client.queryContractSmart(this.address, { free_calls: args });
  }

  entitlement(args: { address: string; sku: string; }): Promise<EntitlementResponse> {
    return this.client.queryContractSmart(this.address, { entitlement: args });
  }

  /**
   * Least Credits that one LCO costs somebody who is gateway and user at once, under the current parameters: 10 · 2^halving · fund_floor_bps µCredit. No rate card changes it.
   */
  washCost(): Promise<WashCostResponse> {
    return this.client.queryContractSmart(this.address, { wash_cost: {} });
  }

  registered(args: { limit?: number | null; start_after?: string | null; } = {}): Promise<Array<string>> {
    return this.client.queryContractSmart(this.address, { registered: args });
  }

  balance(args: { address: string; }): Promise<BalanceResponse> {
    return this.client.queryContractSmart(this.address, { balance: args });
  }

  tokenInfo(): Promise<TokenInfoResponse> {
    return this.client.queryContractSmart(this.address, { token_info: {} });
  }

  allowance(args: { owner: string; spender: string; }): Promise<AllowanceResponse> {
    return this.client.queryContractSmart(this.address, { allowance: args });
  }

  allAllowances(args: { limit?: number | null; owner: string; start_after?: string | null; }): Promise<AllAllowancesResponse> {
    return this.client.queryContractSmart(this.address, { all_allowances: args });
  }

  allSpenderAllowances(args: { limit?: number | null; spender: string; start_after?: string | null; }): Promise<AllSpenderAllowancesResponse> {
    return this.client.queryContractSmart(this.address, { all_spender_allowances: args });
  }

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
   * Mints Credits 1:1 for the attached USDT (exactly one coin of the vault's denom) to `to`, default the sender. Can be paused.
   *
   * Permission: Anyone
   */
  deposit(args: { to?: string | null; } = {}, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ deposit: args }, funds, fee);
  }

  /**
   * Burns the sender's free Credits and sends USDT 1:1 to `to`, default the sender. No switch stops it.
   *
   * Permission: Anyone
   */
  redeem(args: { amount: Uint128; to?: string | null; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ redeem: args }, funds, fee);
  }

  /**
   * Permission: Anyone
   */
  transfer(args: { amount: Uint128; recipient: string; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ transfer: args }, funds, fee);
  }

  /**
   * Permission: Anyone
   */
  send(args: { amount: Uint128; contract: string; msg: Binary; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ send: args }, funds, fee);
  }

  /**
   * Permission: Anyone
   */
  increaseAllowance(args: { amount: Uint128; expires?: Expiration | null; spender: string; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ increase_allowance: args }, funds, fee);
  }

  /**
   * Permission: Anyone
   */
  decreaseAllowance(args: { amount: Uint128; expires?: Expiration | null; spender: string; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ decrease_allowance: args }, funds, fee);
  }

  /**
   * Permission: Anyone
   */
  transferFrom(args: { amount: Uint128; owner: string; recipient: string; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ transfer_from: args }, funds, fee);
  }

  /**
   * Permission: Anyone
   */
  sendFrom(args: { amount: Uint128; contract: string; msg: Binary; owner: string; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ send_from: args }, funds, fee);
  }

  /**
   * Promises free Credits to one gateway. `amount` > 0; `max_per_day` > 0 bounds what one UTC day (of the settling block) can charge. Refused for a gateway that is not admitted or suspended, or while an account at that gateway is open or closing.
   *
   * Permission: Anyone
   */
  openSpending(args: { amount: Uint128; gateway: number; max_per_day: Uint128; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ open_spending: args }, funds, fee);
  }

  /**
   * Adds free Credits to an open account.
   *
   * Permission: Anyone
   */
  topUpSpending(args: { amount: Uint128; gateway: number; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ top_up_spending: args }, funds, fee);
  }

  /**
   * Changes the daily bound of an open account: a higher one is in force at once, a lower one an hour later, so that calls already served are charged under the bound they were served under.
   *
   * Permission: Anyone
   */
  setDailyLimit(args: { gateway: number; max_per_day: Uint128; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ set_daily_limit: args }, funds, fee);
  }

  /**
   * Starts closing: calls later than now + 60 s are not charged, nothing is charged after `close_window`, and the rest is free then. Never refused for an open account.
   *
   * Permission: Anyone
   */
  closeSpending(args: { gateway: number; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ close_spending: args }, funds, fee);
  }

  /**
   * Returns a closed account's rest to the free balance once its window has passed.
   *
   * Permission: Anyone
   */
  withdrawSpending(args: { gateway: number; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ withdraw_spending: args }, funds, fee);
  }

  /**
   * Mints the sender's booked LCO to the sender.
   *
   * Permission: Anyone
   */
  claimLco(funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ claim_lco: {} }, funds, fee);
  }

  /**
   * Mints booked LCO to each account, at most 100, without duplicates. Accounts with nothing booked are passed over.
   *
   * Permission: Anyone
   */
  payLco(args: { accounts: Array<string>; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ pay_lco: args }, funds, fee);
  }

  /**
   * Charges verified usage. Bad entries are skipped with an [`EntryOutcome`], never reverted. A report that was settled before is passed over.
   *
   * Permission: Oracle
   */
  settleUsage(args: { reports: Array<SettleReport>; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ settle_usage: args }, funds, fee);
  }

  /**
   * Sets a charge apart, puts it back, or returns it.
   *
   * Permission: Oracle
   */
  resolveCharge(args: { action: ChargeAction; charge: ChargeRef; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ resolve_charge: args }, funds, fee);
  }

  /**
   * Splits a finished week's revenue: `fund_share` to the fund, the rest to the gateway's payout address, both as free Credits; forfeited charges go to the fund whole. `fund_share` lies between the floor and the week's revenue. Refused before week end + 9 days, twice, and while a charge of the week is set apart.
   *
   * Permission: Fund
   */
  releaseWeek(args: { fund_share: Uint128; gateway: number; week: number; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ release_week: args }, funds, fee);
  }

  /**
   * Sends a list of charges to the contest again after it failed there.
   *
   * Permission: Anyone
   */
  deliverScores(args: { report: ReportRef; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ deliver_scores: args }, funds, fee);
  }

  /**
   * Gives `account` an entitlement of `units` of a SKU, and makes the SKU exclusive until `exclusive_until`, unless that is past; at most a year. `price` is taken from the sender's free Credits and becomes revenue of the SKU's gateway in this week; it mines nothing.
   *
   * Permission: Launchpad
   */
  grant(args: { account: string; exclusive_until: number; price: Uint128; sku: string; units: Uint128; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ grant: args }, funds, fee);
  }

  /**
   * Gives the champion an allowance of free calls, µCredit of charges, at most 10^15, for this week or a later one; set once per week.
   *
   * Permission: Wars
   */
  setFreeCalls(args: { account: string; allowance: Uint128; week: number; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ set_free_calls: args }, funds, fee);
  }

  /**
   * Admits a gateway, or changes nothing but its payout address if it was admitted before; lifts a suspension.
   *
   * Permission: Owner
   */
  admitGateway(args: { admission: GatewayAdmission; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ admit_gateway: args }, funds, fee);
  }

  /**
   * From now on the gateway's reports move no money.
   *
   * Permission: Owner | Operator
   */
  suspendGateway(args: { gateway: number; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ suspend_gateway: args }, funds, fee);
  }

  /**
   * Changes the payout address.
   *
   * Permission: Payout
   */
  setPayout(args: { gateway: number; payout: string; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ set_payout: args }, funds, fee);
  }

  /**
   * Rate cards that come into force in 48 hours. At most 64, each SKU once. Replaces a card of the SKU that is not in force yet.
   *
   * Permission: Owner | Operator
   */
  proposeRates(args: { rates: Array<Rate>; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ propose_rates: args }, funds, fee);
  }

  /**
   * Permission: Owner | Operator
   */
  pauseDeposits(args: { paused: boolean; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ pause_deposits: args }, funds, fee);
  }

  /**
   * Opens transfers between any accounts, for ever.
   *
   * Permission: Owner
   */
  openTransfers(funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ open_transfers: {} }, funds, fee);
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

  /**
   * Permission: Timelock
   */
  setOracle(args: { oracle: string; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ set_oracle: args }, funds, fee);
  }

  /**
   * Permission: Timelock
   */
  setPeers(args: { peers: Peers; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ set_peers: args }, funds, fee);
  }

  /**
   * Adds a contract that may receive and send Credits. The list only grows.
   *
   * Permission: Timelock
   */
  registerContract(args: { address: string; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ register_contract: args }, funds, fee);
  }
}
