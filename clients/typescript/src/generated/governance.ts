// Generated from packages/interfaces by `lex schema`. Do not edit.
// Contract: governance

import type { CosmWasmClient, ExecuteResult, SigningCosmWasmClient } from "@cosmjs/cosmwasm";
import type { Coin as Funds, StdFee } from "@cosmjs/stargate";

import { toHook } from "../hook";

/**
 * What is proposed.
 */
export type Action =
/**
 * Sets parameters: 1 to [`MAX_MSGS`] calls, in this order, all or none, up to [`MAX_MSGS_BYTES`] bytes.
 */
| {
  params: {
    calls: Array<ParamsCall>;
  };
}
/**
 * Sends messages to contracts or coins: 1 to [`MAX_MSGS`], in this order, all or none, up to [`MAX_MSGS_BYTES`] bytes as JSON. Only `wasm` and `bank`, and none to the deposit token: deposits belong to the proposers.
 */
| {
  messages: {
    msgs: Array<CosmosMsg_for_Empty>;
  };
}
/**
 * Creates VCAI for a purpose; all of it vests. Refused if no issuance is left in the quota, when it is proposed and when it is executed, and then also beyond what can be issued in the year.
 */
| {
  strategic_issuance: StrategicIssuance;
}
/**
 * Sends VCAI of the reserve.
 */
| {
  spend: {
    /**
     * Base units, above 0; at most 5 % of the bucket's genesis size, and within any 90 days together as well.
     */
    amount: Uint128;
    to: string;
  };
}
/**
 * Changes what one VCAI means, as `vcai` does by this exponent. Nothing that anybody holds changes, and no quota is used.
 */
| {
  reprice: {
    /**
     * Even, not 0, -18 to 18.
     */
    exponent: number;
  };
};

/**
 * Weight of one answer.
 */
export type AnswerTally = {
  answer: number;
  weight: Uint128;
};

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

/**
 * A vote.
 */
export type Choice =
/**
 * For a proposal, or for granting an appeal.
 */
| "yes"
/**
 * In a proposal, counts for the return of the deposit only: what decides is yes against everybody. In an appeal, against granting it.
 */
| "no"
/**
 * For one of the answers of a market's outcome.
 */
| {
  answer: number;
};

export type Coin = {
  amount: Uint128;
  denom: string;
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
 * What comes with a CW20 `Send` to this contract.
 */
export type Cw20Hook =
/**
 * Makes a proposal; the amount sent is exactly the deposit. The electorate is that of the moment before this block.
 */
| {
  propose: {
    action: Action;
    /**
     * Up to [`MAX_DESCRIPTION_BYTES`] bytes.
     */
    description: string;
    /**
     * One line, 1 to [`MAX_TITLE_BYTES`] bytes.
     */
    title: string;
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

/**
 * An empty struct that serves as a placeholder in different places, such as contracts that don't set a custom message.
 *
 * It is designed to be expressible in correct JSON and JSON Schema but contains no meaningful data. Previously we used enums without cases, but those cannot represented as valid JSON Schema (https://github.com/CosmWasm/cosmwasm/issues/451)
 */
export type Empty = Record<string, never>;

export type ExecuteMsg =
/**
 * The deposit arrives; `msg` is a [`Cw20Hook`].
 *
 * Permission: DepositToken
 */
| {
  receive: Cw20ReceiveMsg;
}
/**
 * Opens a vote on a market's outcome. Answers with the proposal's id in the data (JSON, [`OpenOutcomeResponse`]).
 *
 * Permission: PredictionMarket
 */
| {
  open_outcome: {
    /**
     * The answers that were bonded, in the market's own numbers: 1 to [`MAX_ANSWERS`], each once.
     */
    answers: Array<number>;
    /**
     * The block in which the market was created.
     */
    from: Moment;
    market: number;
    /**
     * The block of the dispute; not before `from`, not in the future.
     */
    to: Moment;
  };
}
/**
 * Opens a vote on an appeal, among all who have power now. Answers with the proposal's id in the data (JSON, [`OpenAppealResponse`]).
 *
 * Permission: Appeals
 */
| {
  open_appeal: {
    case: number;
  };
}
/**
 * Votes with all power the sender had at the proposal's moment. A later vote replaces an earlier one, until the end of voting.
 *
 * Permission: Anyone
 */
| {
  vote: {
    choice: Choice;
    proposal: number;
  };
}
/**
 * Takes a proposal back, during its discussion.
 *
 * Permission: Proposer
 */
| {
  withdraw: {
    proposal: number;
  };
}
/**
 * Sends the messages of a passed proposal, or the decision on a market's outcome or an appeal. If one fails, nothing happened and it can be tried again: proposals within their window, decisions for ever.
 *
 * Permission: Anyone
 */
| {
  execute: {
    proposal: number;
  };
}
/**
 * Returns the deposit of a proposal that ended or was withdrawn, or passes it on to the recipient. Independent of execution.
 *
 * Permission: Anyone
 */
| {
  settle_deposit: {
    proposal: number;
  };
}
/**
 * Proposals made before keep what they were made with.
 *
 * Permission: Itself
 */
| {
  set_params: {
    params: Params;
  };
}
/**
 * Proposals made before keep their times and quorum; the floor is the present one for all.
 *
 * Permission: Itself
 */
| {
  set_tracks: {
    tracks: Tracks;
  };
}
/**
 * Once, if none was given at instantiate.
 *
 * Permission: Itself
 */
| {
  set_prediction_market: {
    address: string;
  };
}
/**
 * Once, if none was given at instantiate.
 *
 * Permission: Itself
 */
| {
  set_appeals: {
    address: string;
  };
};

export type InstantiateMsg = {
  /**
   * May open votes on appeals. If None, set once by a proposal.
   */
  appeals?: string | null;
  /**
   * CW20 of the deposits. Never changes.
   */
  deposit_token: string;
  /**
   * Given where the deposit token is VCAI and the voting module `vote-escrow`; opens `StrategicIssuance`, `Spend` and `Reprice`. Never changes.
   */
  network?: Network | null;
  params: Params;
  /**
   * May open votes on outcomes. If None, set once by a proposal.
   */
  prediction_market?: string | null;
  tracks: Tracks;
  /**
   * The voting module; answers `voting::QueryMsg`. Never changes.
   */
  voting_module: string;
};

/**
 * What a proposal is about.
 */
export type Kind = "params" | "messages" | "strategic_issuance" | "spend" | "reprice" | "market_outcome" | "appeal";

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
 * Whom an instance over VCAI works with.
 */
export type Network = {
  /**
   * `token-allocation`: holds the reserve, and has issued VCAI vest.
   */
  allocation: string;
  /**
   * `treasury`: knows the net fee revenue.
   */
  treasury: string;
};

/**
 * Votes on market outcomes and appeals begin at once, are executed at once, and can be executed for ever.
 */
export type OutcomeTrack = {
  /**
   * Share of the electorate that must vote, basis points. [`QUORUM_BOUNDS`], default 1,000.
   */
  quorum_bps: number;
  /**
   * Seconds. [`OUTCOME_VOTING_BOUNDS`], default 4 days.
   */
  voting: number;
};

/**
 * Answer to `Overview {}`.
 */
export type OverviewResponse = {
  appeals?: string | null;
  deposit_token: string;
  /**
   * Whether its linear part reaches the floor.
   */
  floor_reached: boolean;
  network?: Network | null;
  params: Params;
  prediction_market?: string | null;
  /**
   * Proposals ever made; also the newest id.
   */
  proposals: number;
  /**
   * All power now.
   */
  total: Power;
  tracks: Tracks;
  voting_module: string;
};

/**
 * What a `Params` proposal can change.
 */
export type Params = {
  /**
   * Deposit of one proposal, base units of the deposit token; [`DEPOSIT_BOUNDS`].
   */
  deposit: Uint128;
  /**
   * Receives the deposits of proposals that too few took part in. Not this contract.
   */
  deposit_recipient: string;
  /**
   * A deposit is returned if at least this share of all weight voted, basis points; [`REFUND_BOUNDS`].
   */
  refund_bps: number;
};

/**
 * One `set_params`.
 */
export type ParamsCall = {
  contract: string;
  /**
   * JSON: begins with `{"set_params":{`, byte for byte, and has no other key at the top, no key twice in any object, no escape in any key, and nothing behind.
   */
  msg: Binary;
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

/**
 * Answer to `Proposal {}`.
 */
export type ProposalResponse = {
  subject: Subject;
  summary: ProposalSummary;
};

/**
 * One proposal without its content.
 */
export type ProposalSummary = {
  /**
   * The block in which it was made.
   */
  at: Moment;
  /**
   * Counts from 1.
   */
  id: number;
  kind: Kind;
  schedule: Schedule;
  /**
   * Of the block of the query.
   */
  status: Status;
  /**
   * One line; empty for a market's outcome and an appeal.
   */
  title: string;
};

/**
 * Answer to `Proposals {}`.
 */
export type ProposalsResponse = {
  /**
   * `start_before` of the next page; None at the end.
   */
  next?: number | null;
  proposals: Array<ProposalSummary>;
};

export type QueryMsg =
/**
 * Settings, peers, the present electorate.
 */
| {
  overview: Record<string, never>;
}
/**
 * Parameters.
 */
| {
  params: Record<string, never>;
}
/**
 * Tracks and floor.
 */
| {
  tracks: Record<string, never>;
}
/**
 * One proposal with everything.
 */
| {
  proposal: {
    proposal: number;
  };
}
/**
 * Its status alone.
 */
| {
  proposal_status: {
    proposal: number;
  };
}
/**
 * The newest vote on a market's outcome.
 */
| {
  outcome: {
    market: number;
  };
}
/**
 * The newest vote on a case.
 */
| {
  appeal: {
    case: number;
  };
}
/**
 * How many strategic issuances are left. An error where this instance does not govern VCAI.
 */
| {
  quota: Record<string, never>;
}
/**
 * Newest first.
 */
| {
  proposals: {
    /**
     * Rows, 30 if not given, at most 100.
     */
    limit?: number | null;
    /**
     * `next` of the page before.
     */
    start_before?: number | null;
    /**
     * Only those in this status; at most [`SCAN_LIMIT`] are looked at for one page.
     */
    status?: Status | null;
  };
}
/**
 * One account's vote and its power in the proposal.
 */
| {
  vote: {
    address: string;
    proposal: number;
  };
}
/**
 * Votes by canonical address.
 */
| {
  votes: {
    /**
     * Rows, 30 if not given, at most 100.
     */
    limit?: number | null;
    proposal: number;
    /**
     * Last voter of the page before.
     */
    start_after?: string | null;
  };
}
/**
 * Whether a majority of all weight is within reach: the largest turnout of the four newest proposals whose voting has ended (outcomes, appeals and what was withdrawn apart; of the newest 300 proposals), against half of the present weight.
 */
| {
  reachable_majority: Record<string, never>;
};

/**
 * Answer to `Quota {}`: min(revenue steps, locked steps) − executed, or 0.
 */
export type QuotaResponse = {
  /**
   * Strategic issuances executed.
   */
  executed: number;
  /**
   * Issuances that could be executed now.
   */
  left: Uint128;
  /**
   * ⌊locked now / [`LOCKED_PER_ISSUANCE`]⌋.
   */
  locked_steps: Uint128;
  /**
   * ⌊net fee revenue / [`REVENUE_PER_ISSUANCE`]⌋.
   */
  revenue_steps: Uint128;
};

/**
 * Answer to `ReachableMajority {}`.
 */
export type ReachableMajorityResponse = {
  /**
   * Proposals looked at, newest first, at most 4.
   */
  proposals: Array<number>;
  /**
   * Whether `turnout` is more than half of `total`.
   */
  reachable: boolean;
  /**
   * All weight now.
   */
  total: Uint128;
  /**
   * The largest weight that voted in one of them.
   */
  turnout: Uint128;
};

/**
 * Part of a strategic issuance.
 */
export type Recipient = {
  address: string;
  /**
   * Base units, above 0.
   */
  amount: Uint128;
};

/**
 * When what begins. Unix seconds, each the first second.
 */
export type Schedule = {
  /**
   * None for a market's outcome and an appeal.
   */
  expires_at?: number | null;
  ready_at: number;
  voting_ends: number;
  voting_starts: number;
};

/**
 * Where a proposal stands: a function of the proposal and the block alone.
 */
export type Status =
/**
 * Before voting.
 */
| "discussion"
/**
 * Votes are taken.
 */
| "voting"
/**
 * Voting ended without the majorities needed. Final.
 */
| "rejected"
/**
 * Passed, waiting.
 */
| "timelocked"
/**
 * Passed (or, for a market's outcome or an appeal, voted on) and can be executed.
 */
| "ready"
/**
 * Passed, but was not executed in time. Final.
 */
| "expired"
/**
 * Final.
 */
| "executed"
/**
 * By its proposer, during the discussion. Final.
 */
| "withdrawn";

/**
 * VCAI for a purpose.
 */
export type StrategicIssuance = {
  /**
   * Base units in all.
   */
  amount: Uint128;
  /**
   * With whom, by name; up to [`MAX_PARTNERS`], each 1 to [`MAX_TERMS_BYTES`] bytes.
   */
  partners: Array<string>;
  /**
   * What it is for, 1 to [`MAX_TERMS_BYTES`] bytes.
   */
  purpose: string;
  /**
   * 1 to [`MAX_RECIPIENTS`], each once; they sum up to `amount`.
   */
  recipients: Array<Recipient>;
  /**
   * What was agreed, up to [`MAX_TERMS_BYTES`] bytes.
   */
  terms: string;
  /**
   * Always true: there is no issuance beside the quota, and every voter reads it.
   */
  uses_quota: boolean;
  /**
   * Of every recipient's part; starts with execution.
   */
  vesting: VestingSchedule;
};

/**
 * What is decided, and how far.
 */
export type Subject =
/**
 * A proposal for or against something.
 */
| {
  motion: {
    action: Action;
    /**
     * Base units of the deposit token.
     */
    deposit: Uint128;
    /**
     * Whether the deposit is still held.
     */
    deposit_held: boolean;
    description: string;
    /**
     * Yes is more than half of all linear weight; not needed by `Params`.
     */
    linear_majority: boolean;
    no: Power;
    proposer: string;
    /**
     * Share of all weight that must vote for the deposit to be returned.
     */
    refund_bps: number;
    /**
     * All power at its moment.
     */
    total: Power;
    /**
     * Yes is more than half of all weight.
     */
    weight_majority: boolean;
    yes: Power;
  };
}
/**
 * A market's outcome.
 */
| {
  outcome: {
    /**
     * Each bonded answer with its weight, in the order given by the market.
     */
    answers: Array<AnswerTally>;
    from: Moment;
    /**
     * The answer with most weight, if enough voted and no other has as much.
     */
    leading?: number | null;
    market: number;
    quorum_bps: number;
    /**
     * Whether enough voted.
     */
    quorum_reached: boolean;
    to: Moment;
    /**
     * The whole electorate.
     */
    total: Uint128;
  };
}
/**
 * An appeal.
 */
| {
  appeal: {
    case: number;
    /**
     * Whether it would be granted as the votes stand.
     */
    granted: boolean;
    no: Power;
    quorum_bps: number;
    /**
     * Whether enough linear weight voted.
     */
    quorum_reached: boolean;
    /**
     * All power at its moment.
     */
    total: Power;
    yes: Power;
  };
};

/**
 * Durations of a proposal's life, seconds.
 */
export type Track = {
  /**
   * Before voting; the proposer can withdraw. [`DISCUSSION_BOUNDS`], default 7 days.
   */
  discussion: number;
  /**
   * Between the end of voting and execution. [`TIMELOCK_BOUNDS`], default 24 hours.
   */
  timelock: number;
  /**
   * [`VOTING_BOUNDS`], default 7 days.
   */
  voting: number;
  /**
   * In which a passed proposal can be executed. [`WINDOW_BOUNDS`], default 14 days.
   */
  window: number;
};

/**
 * What only a `Messages` proposal can change, because it decides how proposals pass.
 */
export type Tracks = {
  /**
   * The defaults if not given, as in instances older than appeals.
   */
  appeal?: OutcomeTrack;
  /**
   * Least total linear weight with which anything can be proposed or executed, market outcomes apart; [`FLOOR_BOUNDS`]. 10^12 µLCO (10 % of the cap) on the L-Exchange instance.
   */
  floor: Uint128;
  market_outcome: OutcomeTrack;
  /**
   * Of `Messages`, `StrategicIssuance`, `Spend` and `Reprice`.
   */
  messages: Track;
  params: Track;
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

/**
 * One vote.
 */
export type VoteInfo = {
  choice: Choice;
  power: Power;
  voter: string;
};

/**
 * Answer to `Vote {}`.
 */
export type VoteResponse = {
  /**
   * What the account can vote with.
   */
  power: Power;
  vote?: VoteInfo | null;
};

/**
 * Answer to `Votes {}`.
 */
export type VotesResponse = {
  votes: Array<VoteInfo>;
};

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
   * Settings, peers, the present electorate.
   */
  overview(): Promise<OverviewResponse> {
    return this.client.queryContractSmart(this.address, { overview: {} });
  }

  /**
   * Parameters.
   */
  params(): Promise<Params> {
    return this.client.queryContractSmart(this.address, { params: {} });
  }

  /**
   * Tracks and floor.
   */
  tracks(): Promise<Tracks> {
    return this.client.queryContractSmart(this.address, { tracks: {} });
  }

  /**
   * One proposal with everything.
   */
  proposal(args: { proposal: number; }): Promise<ProposalResponse> {
    return this.client.queryContractSmart(this.address, { proposal: args });
  }

  /**
   * Its status alone.
   */
  proposalStatus(args: { proposal: number; }): Promise<Status> {
    return this.client.queryContractSmart(this.address, { proposal_status: args });
  }

  /**
   * The newest vote on a market's outcome.
   */
  outcome(args: { market: number; }): Promise<ProposalResponse> {
    return this.client.queryContractSmart(this.address, { outcome: args });
  }

  /**
   * The newest vote on a case.
   */
  appeal(args: { case: number; }): Promise<ProposalResponse> {
    return this.client.queryContractSmart(this.address, { appeal: args });
  }

  /**
   * How many strategic issuances are left. An error where this instance does not govern VCAI.
   */
  quota(): Promise<QuotaResponse> {
    return this.client.queryContractSmart(this.address, { quota: {} });
  }

  /**
   * Newest first.
   */
  proposals(args: { limit?: number | null; start_before?: number | null; status?: Status | null; } = {}): Promise<ProposalsResponse> {
    return this.client.queryContractSmart(this.address, { proposals: args });
  }

  /**
   * One account's vote and its power in the proposal.
   */
  vote(args: { address: string; proposal: number; }): Promise<VoteResponse> {
    return this.client.queryContractSmart(this.address, { vote: args });
  }

  /**
   * Votes by canonical address.
   */
  votes(args: { limit?: number | null; proposal: number; start_after?: string | null; }): Promise<VotesResponse> {
    return this.client.queryContractSmart(this.address, { votes: args });
  }

  /**
   * Whether a majority of all weight is within reach: the largest turnout of the four newest proposals whose voting has ended (outcomes, appeals and what was withdrawn apart; of the newest 300 proposals), against half of the present weight.
   */
  reachableMajority(): Promise<ReachableMajorityResponse> {
    return this.client.queryContractSmart(this.address, { reachable_majority: {} });
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
   * The deposit arrives; `msg` is a [`Cw20Hook`].
   *
   * Permission: DepositToken
   */
  receive(args: Cw20ReceiveMsg, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ receive: args }, funds, fee);
  }

  /**
   * Opens a vote on a market's outcome. Answers with the proposal's id in the data (JSON, [`OpenOutcomeResponse`]).
   *
   * Permission: PredictionMarket
   */
  openOutcome(args: { answers: Array<number>; from: Moment; market: number; to: Moment; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ open_outcome: args }, funds, fee);
  }

  /**
   * Opens a vote on an appeal, among all who have power now. Answers with the proposal's id in the data (JSON, [`OpenAppealResponse`]).
   *
   * Permission: Appeals
   */
  openAppeal(args: { case: number; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ open_appeal: args }, funds, fee);
  }

  /**
   * Votes with all power the sender had at the proposal's moment. A later vote replaces an earlier one, until the end of voting.
   *
   * Permission: Anyone
   */
  sendVote(args: { choice: Choice; proposal: number; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ vote: args }, funds, fee);
  }

  /**
   * Takes a proposal back, during its discussion.
   *
   * Permission: Proposer
   */
  withdraw(args: { proposal: number; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ withdraw: args }, funds, fee);
  }

  /**
   * Sends the messages of a passed proposal, or the decision on a market's outcome or an appeal. If one fails, nothing happened and it can be tried again: proposals within their window, decisions for ever.
   *
   * Permission: Anyone
   */
  sendExecute(args: { proposal: number; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ execute: args }, funds, fee);
  }

  /**
   * Returns the deposit of a proposal that ended or was withdrawn, or passes it on to the recipient. Independent of execution.
   *
   * Permission: Anyone
   */
  settleDeposit(args: { proposal: number; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ settle_deposit: args }, funds, fee);
  }

  /**
   * Proposals made before keep what they were made with.
   *
   * Permission: Itself
   */
  setParams(args: { params: Params; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ set_params: args }, funds, fee);
  }

  /**
   * Proposals made before keep their times and quorum; the floor is the present one for all.
   *
   * Permission: Itself
   */
  setTracks(args: { tracks: Tracks; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ set_tracks: args }, funds, fee);
  }

  /**
   * Once, if none was given at instantiate.
   *
   * Permission: Itself
   */
  setPredictionMarket(args: { address: string; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ set_prediction_market: args }, funds, fee);
  }

  /**
   * Once, if none was given at instantiate.
   *
   * Permission: Itself
   */
  setAppeals(args: { address: string; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ set_appeals: args }, funds, fee);
  }

  /**
   * Sends `amount` of `token` to the contract. Makes a proposal; the amount sent is exactly the deposit. The electorate is that of the moment before this block.
   */
  sendPropose(token: string, amount: Uint128, args: { action: Action; description: string; title: string; }, fee = this.fee): Promise<ExecuteResult> {
    const hook: Cw20Hook = { propose: args };
    return this.signing.execute(this.sender, token, toHook(this.address, amount, hook), fee);
  }
}
