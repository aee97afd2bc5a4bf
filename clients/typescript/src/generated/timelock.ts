// Generated from packages/interfaces by `lex schema`. Do not edit.
// Contract: timelock

import type { CosmWasmClient, ExecuteResult, SigningCosmWasmClient } from "@cosmjs/cosmwasm";
import type { Coin as Funds, StdFee } from "@cosmjs/stargate";

/**
 * A message encoded the same way as a protobuf [Any](https://github.com/protocolbuffers/protobuf/blob/master/src/google/protobuf/any.proto). This is the same structure as messages in `TxBody` from [ADR-020](https://github.com/cosmos/cosmos-sdk/blob/master/docs/architecture/adr-020-protobuf-transaction-encoding.md)
 */
export type AnyMsg = {
  type_url: string;
  value: Binary;
};

/**
 * The message types of the bank module.
 *
 * See https://github.com/cosmos/cosmos-sdk/blob/v0.40.0/proto/cosmos/bank/v1beta1/tx.proto
 */
export type BankMsg =
/**
 * Sends native tokens from the contract to the given address.
 *
 * This is translated to a [MsgSend](https://github.com/cosmos/cosmos-sdk/blob/v0.40.0/proto/cosmos/bank/v1beta1/tx.proto#L19-L28). `from_address` is automatically filled with the current contract's address.
 */
| {
  send: {
    amount: Array<Coin>;
    to_address: string;
  };
}
/**
 * This will burn the given coins from the contract's account. There is no Cosmos SDK message that performs this, but it can be done by calling the bank keeper. Important if a contract controls significant token supply that must be retired.
 */
| {
  burn: {
    amount: Array<Coin>;
  };
};

/**
 * Binary is a wrapper around Vec<u8> to add base64 de/serialization with serde. It also adds some helper methods to help encode inline.
 *
 * This is only needed as serde-json-{core,wasm} has a horrible encoding for Vec<u8>. See also <https://github.com/CosmWasm/cosmwasm/blob/main/docs/MESSAGE_TYPES.md>.
 */
export type Binary = string;

export type Coin = {
  amount: Uint128;
  denom: string;
};

/**
 * Answer to `Config {}`. Durations are in seconds.
 */
export type ConfigResponse = {
  /**
   * Entries ever queued; also the newest id.
   */
  entries: number;
  /**
   * Least that `min_delay` can ever be.
   */
  floor: number;
  /**
   * Time an entry stays executable once due.
   */
  grace: number;
  /**
   * Least time between queueing and executing.
   */
  min_delay: number;
  /**
   * Address that queues and cancels.
   */
  owner: string;
  /**
   * Address that may take the queue over.
   */
  pending_owner?: string | null;
};

export type CosmosMsg_for_Empty =
| {
  bank: BankMsg;
}
| {
  custom: Empty;
}
/**
 * `CosmosMsg::Any` is the replaces the "stargate message" – a message wrapped in a [protobuf Any](https://protobuf.dev/programming-guides/proto3/#any) that is supported by the chain. It behaves the same as `CosmosMsg::Stargate` but has a better name and slightly improved syntax.
 *
 * This is feature-gated at compile time with `cosmwasm_2_0` because a chain running CosmWasm < 2.0 cannot process this.
 */
| {
  any: AnyMsg;
}
| {
  wasm: WasmMsg;
};

/**
 * An empty struct that serves as a placeholder in different places, such as contracts that don't set a custom message.
 *
 * It is designed to be expressible in correct JSON and JSON Schema but contains no meaningful data. Previously we used enums without cases, but those cannot represented as valid JSON Schema (https://github.com/CosmWasm/cosmwasm/issues/451)
 */
export type Empty = Record<string, never>;

/**
 * Answer to `Entries {}`.
 */
export type EntriesResponse = {
  /**
   * Newest first.
   */
  entries: Array<EntrySummary>;
};

/**
 * Answer to `Entry {}`.
 */
export type EntryResponse = {
  /**
   * Why and what.
   */
  description: string;
  /**
   * The messages in the order they are sent.
   */
  msgs: Array<CosmosMsg_for_Empty>;
  /**
   * Times and state.
   */
  summary: EntrySummary;
};

/**
 * What an entry can be.
 */
export type EntryState =
/**
 * Waiting for `ready_at`.
 */
| "pending"
/**
 * Can be executed by anyone.
 */
| "ready"
/**
 * Was not executed before `expires_at` and never will be.
 */
| "expired"
/**
 * Its messages were sent.
 */
| "executed"
/**
 * Taken back by the owner.
 */
| "cancelled";

/**
 * An entry without its messages.
 */
export type EntrySummary = {
  /**
   * Block time of executing or cancelling.
   */
  closed_at?: Timestamp | null;
  /**
   * First moment it can no longer be executed.
   */
  expires_at: Timestamp;
  /**
   * Counts from 1.
   */
  id: number;
  /**
   * Block time of queueing.
   */
  queued_at: Timestamp;
  /**
   * First moment it can be executed.
   */
  ready_at: Timestamp;
  /**
   * At the block of the query.
   */
  state: EntryState;
  /**
   * One line.
   */
  title: string;
};

export type ExecuteMsg =
/**
 * Announces messages that the timelock will send. Answers with the entry's id in the data (JSON, [`QueueResponse`]).
 *
 * Permission: Owner
 */
| {
  queue: {
    /**
     * Seconds from now until due, from the present `min_delay` (also the default) to [`GREATEST_DELAY`].
     */
    delay?: number | null;
    /**
     * Why and what, with links to the code; up to [`MAX_DESCRIPTION_BYTES`] bytes.
     */
    description: string;
    /**
     * 1 to [`MAX_MSGS`] messages, sent in this order, all or none; up to [`MAX_MSGS_BYTES`] bytes as JSON.
     */
    msgs: Array<CosmosMsg_for_Empty>;
    /**
     * One line, 1 to [`MAX_TITLE_BYTES`] bytes.
     */
    title: string;
  };
}
/**
 * Sends the messages of an entry, from its `ready_at` until just before its `expires_at`. If one fails, nothing happened and the entry can be tried again.
 *
 * Permission: Anyone
 */
| {
  execute: {
    /**
     * The entry.
     */
    id: number;
  };
}
/**
 * Takes an entry back, due or not.
 *
 * Permission: Owner
 */
| {
  cancel: {
    /**
     * The entry.
     */
    id: number;
  };
}
/**
 * Sets `min_delay` for entries queued from now on; those queued already keep their times.
 *
 * Permission: Timelock (through its own queue)
 */
| {
  set_delay: {
    /**
     * Seconds, from `floor` to [`GREATEST_DELAY`].
     */
    min_delay: number;
  };
}
/**
 * Hands the queue over in two steps. `Propose` is for the timelock itself, through its own queue, so that a stolen key cannot shut the rightful owner out; `Cancel` is for the owner, `Accept` for the proposed owner.
 *
 * Permission: Timelock (Propose) | Owner (Cancel) | PendingOwner (Accept)
 */
| {
  ownership: OwnershipMsg;
};

/**
 * The wasm admin given beside this message must be the timelock's own address, computed beforehand.
 */
export type InstantiateMsg = {
  /**
   * Seconds below which `min_delay` can never be set, from [`LEAST_DELAY`] to [`GREATEST_DELAY`]. Never changes.
   */
  floor: number;
  /**
   * Seconds an entry stays executable once due, from [`LEAST_GRACE`] to [`GREATEST_GRACE`]. Never changes.
   */
  grace: number;
  /**
   * Least seconds between queueing and executing, from `floor` to [`GREATEST_DELAY`].
   */
  min_delay: number;
  /**
   * Address that queues and cancels.
   */
  owner: string;
};

/**
 * State is kept as it is; only the recorded version changes.
 */
export type MigrateMsg = Record<string, never>;

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
 * Parameters, owner and number of entries.
 */
| {
  config: Record<string, never>;
}
/**
 * Owner and proposed owner.
 */
| {
  ownership: Record<string, never>;
}
/**
 * One entry with its messages.
 */
| {
  entry: {
    /**
     * The entry.
     */
    id: number;
  };
}
/**
 * Entries without their messages, newest first.
 */
| {
  entries: {
    /**
     * Rows, 30 if not given, at most 100.
     */
    limit?: number | null;
    /**
     * Last (smallest) id of the page before.
     */
    start_after?: number | null;
  };
};

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

/**
 * The message types of the wasm module.
 *
 * See https://github.com/CosmWasm/wasmd/blob/v0.14.0/x/wasm/internal/types/tx.proto
 */
export type WasmMsg =
/**
 * Dispatches a call to another contract at a known address (with known ABI).
 *
 * This is translated to a [MsgExecuteContract](https://github.com/CosmWasm/wasmd/blob/v0.14.0/x/wasm/internal/types/tx.proto#L68-L78). `sender` is automatically filled with the current contract's address.
 */
| {
  execute: {
    contract_addr: string;
    funds: Array<Coin>;
    /**
     * msg is the json-encoded ExecuteMsg struct (as raw Binary)
     */
    msg: Binary;
  };
}
/**
 * Instantiates a new contracts from previously uploaded Wasm code.
 *
 * The contract address is non-predictable. But it is guaranteed that when emitting the same Instantiate message multiple times, multiple instances on different addresses will be generated. See also Instantiate2.
 *
 * This is translated to a [MsgInstantiateContract](https://github.com/CosmWasm/wasmd/blob/v0.29.2/proto/cosmwasm/wasm/v1/tx.proto#L53-L71). `sender` is automatically filled with the current contract's address.
 */
| {
  instantiate: {
    admin?: string | null;
    code_id: number;
    funds: Array<Coin>;
    /**
     * A human-readable label for the contract.
     *
     * Valid values should: - not be empty - not be bigger than 128 bytes (or some chain-specific limit) - not start / end with whitespace
     */
    label: string;
    /**
     * msg is the JSON-encoded InstantiateMsg struct (as raw Binary)
     */
    msg: Binary;
  };
}
/**
 * Instantiates a new contracts from previously uploaded Wasm code using a predictable address derivation algorithm implemented in [`cosmwasm_std::instantiate2_address`].
 *
 * This is translated to a [MsgInstantiateContract2](https://github.com/CosmWasm/wasmd/blob/v0.29.2/proto/cosmwasm/wasm/v1/tx.proto#L73-L96). `sender` is automatically filled with the current contract's address. `fix_msg` is automatically set to false.
 */
| {
  instantiate2: {
    admin?: string | null;
    code_id: number;
    funds: Array<Coin>;
    /**
     * A human-readable label for the contract.
     *
     * Valid values should: - not be empty - not be bigger than 128 bytes (or some chain-specific limit) - not start / end with whitespace
     */
    label: string;
    /**
     * msg is the JSON-encoded InstantiateMsg struct (as raw Binary)
     */
    msg: Binary;
    salt: Binary;
  };
}
/**
 * Migrates a given contracts to use new wasm code. Passes a MigrateMsg to allow us to customize behavior.
 *
 * Only the contract admin (as defined in wasmd), if any, is able to make this call.
 *
 * This is translated to a [MsgMigrateContract](https://github.com/CosmWasm/wasmd/blob/v0.14.0/x/wasm/internal/types/tx.proto#L86-L96). `sender` is automatically filled with the current contract's address.
 */
| {
  migrate: {
    contract_addr: string;
    /**
     * msg is the json-encoded MigrateMsg struct that will be passed to the new code
     */
    msg: Binary;
    /**
     * the code_id of the new logic to place in the given contract
     */
    new_code_id: number;
  };
}
/**
 * Sets a new admin (for migrate) on the given contract. Fails if this contract is not currently admin of the target contract.
 */
| {
  update_admin: {
    admin: string;
    contract_addr: string;
  };
}
/**
 * Clears the admin on the given contract, so no more migration possible. Fails if this contract is not currently admin of the target contract.
 */
| {
  clear_admin: {
    contract_addr: string;
  };
};

/** Reads the contract. */
export class QueryClient {
  constructor(
    readonly client: CosmWasmClient,
    readonly address: string,
  ) {}

  /**
   * Parameters, owner and number of entries.
   */
  config(): Promise<ConfigResponse> {
    return this.client.queryContractSmart(this.address, { config: {} });
  }

  /**
   * Owner and proposed owner.
   */
  ownership(): Promise<OwnershipResponse> {
    return this.client.queryContractSmart(this.address, { ownership: {} });
  }

  /**
   * One entry with its messages.
   */
  entry(args: { id: number; }): Promise<EntryResponse> {
    return this.client.queryContractSmart(this.address, { entry: args });
  }

  /**
   * Entries without their messages, newest first.
   */
  entries(args: { limit?: number | null; start_after?: number | null; } = {}): Promise<EntriesResponse> {
    return this.client.queryContractSmart(this.address, { entries: args });
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
   * Announces messages that the timelock will send. Answers with the entry's id in the data (JSON, [`QueueResponse`]).
   *
   * Permission: Owner
   */
  queue(args: { delay?: number | null; description: string; msgs: Array<CosmosMsg_for_Empty>; title: string; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ queue: args }, funds, fee);
  }

  /**
   * Sends the messages of an entry, from its `ready_at` until just before its `expires_at`. If one fails, nothing happened and the entry can be tried again.
   *
   * Permission: Anyone
   */
  sendExecute(args: { id: number; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ execute: args }, funds, fee);
  }

  /**
   * Takes an entry back, due or not.
   *
   * Permission: Owner
   */
  cancel(args: { id: number; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ cancel: args }, funds, fee);
  }

  /**
   * Sets `min_delay` for entries queued from now on; those queued already keep their times.
   *
   * Permission: Timelock (through its own queue)
   */
  setDelay(args: { min_delay: number; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ set_delay: args }, funds, fee);
  }

  /**
   * Hands the queue over in two steps. `Propose` is for the timelock itself, through its own queue, so that a stolen key cannot shut the rightful owner out; `Cancel` is for the owner, `Accept` for the proposed owner.
   *
   * Permission: Timelock (Propose) | Owner (Cancel) | PendingOwner (Accept)
   */
  sendOwnership(args: OwnershipMsg, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ ownership: args }, funds, fee);
  }
}
