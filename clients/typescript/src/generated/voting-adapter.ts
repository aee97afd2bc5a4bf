// Generated from packages/interfaces by `lex schema`. Do not edit.
// Contract: voting-adapter

import type { CosmWasmClient, ExecuteResult, SigningCosmWasmClient } from "@cosmjs/cosmwasm";
import type { Coin as Funds, StdFee } from "@cosmjs/stargate";

/**
 * A human readable address.
 *
 * In Cosmos, this is typically bech32 encoded. But for multi-chain smart contracts no assumptions should be made other than being UTF-8 encoded and of reasonable length.
 *
 * This type represents a validated address. It can be created in the following ways 1. Use `Addr::unchecked(input)` 2. Use `let checked: Addr = deps.api.addr_validate(input)?` 3. Use `let checked: Addr = deps.api.addr_humanize(canonical_addr)?` 4. Deserialize from JSON. This must only be done from JSON that was validated before such as a contract's state. `Addr` must not be used in messages sent by the user because this would result in unvalidated instances.
 *
 * This type is immutable. If you really need to mutate it (Really? Are you sure?), create a mutable copy using `let mut mutable = Addr::to_string()` and operate on that `String` instance.
 */
export type Addr = string;

/**
 * As recorded by cw2.
 */
export type ContractVersion = {
  /**
   * Name of the contract.
   */
  contract: string;
  version: string;
};

/**
 * The contract takes no messages.
 */
export type ExecuteMsg = never;

/**
 * Answer to `Info {}`.
 */
export type InfoResponse = {
  info: ContractVersion;
};

/**
 * From the DAO core, as the message of its voting module.
 */
export type InstantiateMsg = {
  /**
   * Never changes.
   */
  measure: Measure;
  /**
   * A contract that answers `voting::QueryMsg` and `voting::HeightQuery`, such as `vote-escrow` or `lco-staking`. Never changes.
   */
  module: string;
};

/**
 * Which of the module's two powers votes in the DAO.
 */
export type Measure =
/**
 * `Power::weight`.
 */
| "weight"
/**
 * `Power::linear`.
 */
| "linear";

/**
 * State is kept as it is; only the recorded version changes.
 */
export type MigrateMsg = Record<string, never>;

/**
 * Answer to `Module {}`.
 */
export type ModuleResponse = {
  measure: Measure;
  module: string;
};

/**
 * Answer to `VotingPowerAtHeight {}` and `TotalPowerAtHeight {}`.
 */
export type PowerAtHeightResponse = {
  /**
   * The height that was asked for.
   */
  height: number;
  power: Uint128;
};

/**
 * The first four are DAO DAO's.
 */
export type QueryMsg =
/**
 * Power of an account before the block of that height.
 */
| {
  voting_power_at_height: {
    address: string;
    /**
     * The present height if not given.
     */
    height?: number | null;
  };
}
/**
 * The sum over all accounts.
 */
| {
  total_power_at_height: {
    /**
     * The present height if not given.
     */
    height?: number | null;
  };
}
/**
 * The DAO core.
 */
| {
  dao: Record<string, never>;
}
/**
 * Name and version of the contract.
 */
| {
  info: Record<string, never>;
}
/**
 * What the adapter reads.
 */
| {
  module: Record<string, never>;
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
   * Power of an account before the block of that height.
   */
  votingPowerAtHeight(args: { address: string; height?: number | null; }): Promise<PowerAtHeightResponse> {
    return this.client.queryContractSmart(this.address, { voting_power_at_height: args });
  }

  /**
   * The sum over all accounts.
   */
  totalPowerAtHeight(args: { height?: number | null; } = {}): Promise<PowerAtHeightResponse> {
    return this.client.queryContractSmart(this.address, { total_power_at_height: args });
  }

  /**
   * The DAO core.
   */
  dao(): Promise<Addr> {
    return this.client.queryContractSmart(this.address, { dao: {} });
  }

  /**
   * Name and version of the contract.
   */
  info(): Promise<InfoResponse> {
    return this.client.queryContractSmart(this.address, { info: {} });
  }

  /**
   * What the adapter reads.
   */
  module(): Promise<ModuleResponse> {
    return this.client.queryContractSmart(this.address, { module: {} });
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
}
