// Generated from packages/interfaces by `lex schema`. Do not edit.
// Contract: lco-staking

import type { CosmWasmClient, ExecuteResult, SigningCosmWasmClient } from "@cosmjs/cosmwasm";
import type { Coin as Funds, StdFee } from "@cosmjs/stargate";

import { toHook } from "../hook";

/**
 * Answer to `Account {}`.
 */
export type AccountResponse = {
  /**
   * µLCO of those that `Claim` would pay now.
   */
  claimable: Uint128;
  /**
   * What `Refresh` would make of it.
   */
  due: Tier;
  /**
   * From when the present state is in force, unix seconds; 0 without one.
   */
  from: number;
  /**
   * µLCO bonded.
   */
  stake: Uint128;
  /**
   * The tier that counts.
   */
  tier: Tier;
  /**
   * µLCO on the way out, the earliest first.
   */
  unbonding: Array<Unbonding>;
};

/**
 * One of `Accounts {}`.
 */
export type AccountRow = {
  address: string;
  /**
   * µLCO bonded.
   */
  stake: Uint128;
  tier: Tier;
};

/**
 * Binary is a wrapper around Vec<u8> to add base64 de/serialization with serde. It also adds some helper methods to help encode inline.
 *
 * This is only needed as serde-json-{core,wasm} has a horrible encoding for Vec<u8>. See also <https://github.com/CosmWasm/cosmwasm/blob/main/docs/MESSAGE_TYPES.md>.
 */
export type Binary = string;

/**
 * What a `Send` of L-Coin says to this contract.
 */
export type Cw20Hook =
/**
 * Bonds the amount sent.
 */
| {
  stake: {
    /**
     * Whose stake it becomes; the sender's if not given. Nobody but that account can take it out.
     */
    for?: string | null;
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
 * L-Coin arrives; `msg` is a [`Cw20Hook`].
 *
 * Permission: Coin
 */
| {
  receive: Cw20ReceiveMsg;
}
/**
 * Takes the amount out of the bonded stake. Tier, weight and votes fall at once; the money can be claimed [`UNBONDING_SECONDS`] later. What is unstaked on one day of UTC is claimed together, that long after the last of it. Cannot be paused.
 *
 * Permission: Anyone
 */
| {
  unstake: {
    /**
     * µLCO, above zero, at most the sender's bonded stake.
     */
    amount: Uint128;
  };
}
/**
 * Pays the sender everything whose time has come. Cannot be paused.
 *
 * Permission: Anyone
 */
| {
  claim: Record<string, never>;
}
/**
 * Brings the tiers of these accounts in line with the present thresholds.
 *
 * Permission: Anyone
 */
| {
  refresh: {
    /**
     * 1 to [`MAX_REFRESH`], each once. One that is in line already is passed over.
     */
    accounts: Array<string>;
  };
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
 * Sets the thresholds. They reach an account at its next change of stake, or by `Refresh`.
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
 * One of `History {}`: a state and the second from which it is in force.
 */
export type HistoryRow = {
  /**
   * Unix seconds.
   */
  from: number;
  /**
   * µLCO bonded.
   */
  stake: Uint128;
  /**
   * ∫ stake dt up to `from`, µLCO · s.
   */
  stake_seconds: Uint128;
  tier: Tier;
  /**
   * ∫ stake · weight of tier dt up to `from`, µLCO · s.
   */
  weight_seconds: Uint128;
};

export type InstantiateMsg = {
  /**
   * The one token that is staked. Never changes.
   */
  l_coin: string;
  /**
   * Sets the thresholds, and nothing else.
   */
  owner: string;
  params: Params;
};

/**
 * Answer to `WeightIntegral {}` and `StakeIntegral {}`. `total` is the sum of `account` over all accounts, exactly.
 */
export type IntegralResponse = {
  /**
   * µLCO · s.
   */
  account: Uint128;
  /**
   * µLCO · s.
   */
  total: Uint128;
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
   * µLCO bonded by all.
   */
  bonded: Uint128;
  l_coin: string;
  params: Params;
  /**
   * Accounts that have a stake.
   */
  stakers: number;
  /**
   * µLCO unstaked and not claimed.
   */
  unbonding: Uint128;
  /**
   * Seconds between `Unstake` and `Claim`.
   */
  unbonding_seconds: number;
  /**
   * Σ stake · weight of tier, µLCO.
   */
  weighted: Uint128;
  /**
   * µLCO bonded by Whales: the votes there are.
   */
  whale: Uint128;
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
 * Least stake of each tier, µLCO, strictly rising. Each may be set to a tenth up to ten times of its first value.
 */
export type Params = {
  /**
   * 100 to 10,000 LCO; 1,000 at first.
   */
  lv2: Uint128;
  /**
   * 1,000 to 100,000 LCO; 10,000 at first.
   */
  lv3: Uint128;
  /**
   * 5,000 to 500,000 LCO; 50,000 at first.
   */
  lv4: Uint128;
  /**
   * 10,000 to 1,000,000 LCO; 100,000 at first.
   */
  whale: Uint128;
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
 * µLCO bonded by all: one read, for contracts that ask in every message of theirs.
 */
| {
  bonded: Record<string, never>;
}
/**
 * Who owns the contract.
 */
| {
  ownership: Record<string, never>;
}
/**
 * An account at present.
 */
| {
  account: {
    address: string;
  };
}
/**
 * Accounts that ever staked, by canonical address.
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
 * States of an account, newest first.
 */
| {
  history: {
    address: string;
    /**
     * Rows, 30 if not given, at most 100.
     */
    limit?: number | null;
    /**
     * `from` of the last row of the page before.
     */
    start_before?: number | null;
  };
}
/**
 * States of all accounts together, newest first.
 */
| {
  total_history: {
    /**
     * Rows, 30 if not given, at most 100.
     */
    limit?: number | null;
    /**
     * `from` of the last row of the page before.
     */
    start_before?: number | null;
  };
}
/**
 * For each account, in the order asked, the lower of its tier in force at `since` (unix seconds; the present one if later) and its tier now. At most [`MAX_LOWEST_TIERS`] accounts; one that is named twice is answered twice.
 */
| {
  lowest_tiers: {
    accounts: Array<string>;
    since: number;
  };
}
/**
 * The tier in force at that second, at most the present one.
 */
| {
  tier_at: {
    address: string;
    time: number;
  };
}
/**
 * ∫ stake · weight of tier dt over the seconds `from` up to and without `to`, in µLCO · s. `to` is at most the present second.
 */
| {
  weight_integral: {
    address: string;
    from: number;
    to: number;
  };
}
/**
 * ∫ stake dt over the seconds `from` up to and without `to`, in µLCO · s. `to` is at most the present second.
 */
| {
  stake_integral: {
    address: string;
    from: number;
    to: number;
  };
}
/**
 * Votes on proposals (`voting::QueryMsg`): the stake of a Whale, 0 for anybody else; `weight` and `linear` are equal. In force at the second `at.time`; the moment must not lie in the future.
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
 * Votes on outcomes of markets (`voting::QueryMsg`): the lower of the stakes in force at the two moments, whatever the tier.
 */
| {
  outcome_power: {
    address: string;
    from: Moment;
    to: Moment;
  };
}
/**
 * The lower of the two totals of stake; at least the sum of `OutcomePower` over all accounts.
 */
| {
  outcome_total: {
    from: Moment;
    to: Moment;
  };
}
/**
 * The moment that stands for a height: the newest recorded one below it. Heights are recorded at the first change of a second and by `Mark`.
 */
| {
  moment: {
    height: number;
  };
};

/**
 * Price tier of an account, by staked LCO. Ordered: a later variant pays less.
 */
export type Tier =
/**
 * Pays 100 % of list.
 */
| "lv1"
/**
 * Pays 95 %.
 */
| "lv2"
/**
 * Pays 85 %.
 */
| "lv3"
/**
 * Pays 70 %.
 */
| "lv4"
/**
 * Pays the lower of cost and 70 % of list.
 */
| "whale";

/**
 * One of `TotalHistory {}`: sums over all accounts and the second from which they are in force.
 */
export type TotalRow = {
  /**
   * Unix seconds.
   */
  from: number;
  /**
   * µLCO bonded.
   */
  stake: Uint128;
  /**
   * ∫ stake dt up to `from`, µLCO · s.
   */
  stake_seconds: Uint128;
  /**
   * ∫ weighted dt up to `from`, µLCO · s.
   */
  weight_seconds: Uint128;
  /**
   * Σ stake · weight of tier, µLCO.
   */
  weighted: Uint128;
  /**
   * µLCO bonded by Whales.
   */
  whale: Uint128;
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
 * µLCO on the way out.
 */
export type Unbonding = {
  /**
   * µLCO.
   */
  amount: Uint128;
  /**
   * First second at which `Claim` pays it.
   */
  until: number;
};

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
   * µLCO bonded by all: one read, for contracts that ask in every message of theirs.
   */
  bonded(): Promise<Uint128> {
    return this.client.queryContractSmart(this.address, { bonded: {} });
  }

  /**
   * Who owns the contract.
   */
  ownership(): Promise<OwnershipResponse> {
    return this.client.queryContractSmart(this.address, { ownership: {} });
  }

  /**
   * An account at present.
   */
  account(args: { address: string; }): Promise<AccountResponse> {
    return this.client.queryContractSmart(this.address, { account: args });
  }

  /**
   * Accounts that ever staked, by canonical address.
   */
  accounts(args: { limit?: number | null; start_after?: string | null; } = {}): Promise<Array<AccountRow>> {
    return this.client.queryContractSmart(this.address, { accounts: args });
  }

  /**
   * States of an account, newest first.
   */
  history(args: { address: string; limit?: number | null; start_before?: number | null; }): Promise<Array<HistoryRow>> {
    return this.client.queryContractSmart(this.address, { history: args });
  }

  /**
   * States of all accounts together, newest first.
   */
  totalHistory(args: { limit?: number | null; start_before?: number | null; } = {}): Promise<Array<TotalRow>> {
    return this.client.queryContractSmart(this.address, { total_history: args });
  }

  /**
   * For each account, in the order asked, the lower of its tier in force at `since` (unix seconds; the present one if later) and its tier now. At most [`MAX_LOWEST_TIERS`] accounts; one that is named twice is answered twice.
   */
  lowestTiers(args: { accounts: Array<string>; since: number; }): Promise<Array<Tier>> {
    return this.client.queryContractSmart(this.address, { lowest_tiers: args });
  }

  /**
   * The tier in force at that second, at most the present one.
   */
  tierAt(args: { address: string; time: number; }): Promise<Tier> {
    return this.client.queryContractSmart(this.address, { tier_at: args });
  }

  /**
   * ∫ stake · weight of tier dt over the seconds `from` up to and without `to`, in µLCO · s. `to` is at most the present second.
   */
  weightIntegral(args: { address: string; from: number; to: number; }): Promise<IntegralResponse> {
    return this.client.queryContractSmart(this.address, { weight_integral: args });
  }

  /**
   * ∫ stake dt over the seconds `from` up to and without `to`, in µLCO · s. `to` is at most the present second.
   */
  stakeIntegral(args: { address: string; from: number; to: number; }): Promise<IntegralResponse> {
    return this.client.queryContractSmart(this.address, { stake_integral: args });
  }

  /**
   * Votes on proposals (`voting::QueryMsg`): the stake of a Whale, 0 for anybody else; `weight` and `linear` are equal. In force at the second `at.time`; the moment must not lie in the future.
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
   * Votes on outcomes of markets (`voting::QueryMsg`): the lower of the stakes in force at the two moments, whatever the tier.
   */
  outcomePower(args: { address: string; from: Moment; to: Moment; }): Promise<Uint128> {
    return this.client.queryContractSmart(this.address, { outcome_power: args });
  }

  /**
   * The lower of the two totals of stake; at least the sum of `OutcomePower` over all accounts.
   */
  outcomeTotal(args: { from: Moment; to: Moment; }): Promise<Uint128> {
    return this.client.queryContractSmart(this.address, { outcome_total: args });
  }

  /**
   * The moment that stands for a height: the newest recorded one below it. Heights are recorded at the first change of a second and by `Mark`.
   */
  moment(args: { height: number; }): Promise<MomentResponse> {
    return this.client.queryContractSmart(this.address, { moment: args });
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
   * L-Coin arrives; `msg` is a [`Cw20Hook`].
   *
   * Permission: Coin
   */
  receive(args: Cw20ReceiveMsg, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ receive: args }, funds, fee);
  }

  /**
   * Takes the amount out of the bonded stake. Tier, weight and votes fall at once; the money can be claimed [`UNBONDING_SECONDS`] later. What is unstaked on one day of UTC is claimed together, that long after the last of it. Cannot be paused.
   *
   * Permission: Anyone
   */
  unstake(args: { amount: Uint128; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ unstake: args }, funds, fee);
  }

  /**
   * Pays the sender everything whose time has come. Cannot be paused.
   *
   * Permission: Anyone
   */
  claim(funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ claim: {} }, funds, fee);
  }

  /**
   * Brings the tiers of these accounts in line with the present thresholds.
   *
   * Permission: Anyone
   */
  refresh(args: { accounts: Array<string>; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ refresh: args }, funds, fee);
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
   * Sets the thresholds. They reach an account at its next change of stake, or by `Refresh`.
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
   * Sends `amount` of `token` to the contract. Bonds the amount sent.
   */
  sendStake(token: string, amount: Uint128, args: { for?: string | null; } = {}, fee = this.fee): Promise<ExecuteResult> {
    const hook: Cw20Hook = { stake: args };
    return this.signing.execute(this.sender, token, toHook(this.address, amount, hook), fee);
  }
}
