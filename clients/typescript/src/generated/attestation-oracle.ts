// Generated from packages/interfaces by `lex schema`. Do not edit.
// Contract: attestation-oracle

import type { CosmWasmClient, ExecuteResult, SigningCosmWasmClient } from "@cosmjs/cosmwasm";
import type { Coin as Funds, StdFee } from "@cosmjs/stargate";

/**
 * Binary is a wrapper around Vec<u8> to add base64 de/serialization with serde. It also adds some helper methods to help encode inline.
 *
 * This is only needed as serde-json-{core,wasm} has a horrible encoding for Vec<u8>. See also <https://github.com/CosmWasm/cosmwasm/blob/main/docs/MESSAGE_TYPES.md>.
 */
export type Binary = string;

/**
 * A chain of statements.
 */
export type ChainId = {
  job: {
    assignment: number;
    job: number;
    key_epoch: number;
    worker: number;
  };
} | {
  usage: {
    gateway: number;
    key_epoch: number;
  };
};

export type ChainResponse = {
  /**
   * What the next statement must name as `prev_digest`.
   */
  last_digest: HexBinary;
  /**
   * 0 before the first statement.
   */
  last_seq: number;
  last_window_end: number;
  last_window_start: number;
  /**
   * Jobs only: a link ended the chain under this key.
   */
  linked: boolean;
  /**
   * Jobs only: units of accepted statements.
   */
  units_credited: Uint128;
  /**
   * Jobs only: `units_cum` of the last statement, whatever became of it; the next must not be below.
   */
  units_cum: Uint128;
};

/**
 * Data of the response to `RequestEnrollment`.
 */
export type ChallengeResponse = {
  challenge: HexBinary;
  expires_at: number;
  /**
   * Key epoch that `Enroll` will start.
   */
  key_epoch: number;
  subject: Subject;
};

export type ChallengeState = "open" | "answered" | "returned";

export type ChallengeStateResponse = {
  account: string;
  challenge: number;
  count: number;
  /**
   * The last second in which it can be answered.
   */
  deadline: number;
  entry_index: number;
  first_leaf: number;
  report: ReportRef;
  state: ChallengeState;
  /**
   * The vault failed to book the result; `ResolveChallenge` tries again.
   */
  vault_pending: boolean;
};

export type ConfigResponse = {
  denom: string;
  operator?: string | null;
  params: Params;
  policy: TcbPolicy;
  timelock: string;
  vault: string;
  verifier: string;
};

/**
 * Why a posted report is false.
 */
export type Dispute =
/**
 * The same (call_id, sku) stands at two places of the gateway's logs.
 */
| {
  duplicate_call: {
    first: ProvenCall;
    second: ProvenCall;
  };
}
/**
 * A call's list or cost is above ⌊units · rate / 10⁶⌋ at the version in force at its time, or it names another account or SKU than its entry, or a time outside the report's window.
 */
| {
  wrong_price: {
    call: ProvenCall;
  };
}
/**
 * A node of the entry's tree commits to higher sums than what it was made of.
 */
| {
  wrong_sum: {
    entry: Binary;
    entry_proof: Binary;
    /**
     * Its left child, `attestation::MerkleSum`; where `right` is empty, its one call, `attestation::Leaf`.
     */
    left: Binary;
    /**
     * One `attestation::MerkleSum`, encoded: as its parent commits to it; for the root, with the sums of the entry.
     */
    node: Binary;
    /**
     * `attestation::Proof` of the subtree, encoded; without siblings for the root.
     */
    node_proof: Binary;
    report: ReportRef;
    /**
     * Its right child, or nothing.
     */
    right: Binary;
  };
};

export type Evidence =
/**
 * A0: nothing but the bond.
 */
| {
  bond: Record<string, never>;
}
/**
 * A1: a DCAP quote (SGX v3, TDX v4 or v5) whose report data starts with the binding.
 */
| {
  quote: {
    /**
     * PCK chain in PEM, leaf first, for a quote that names its platform but carries no chain; otherwise nothing.
     */
    pck_chain?: string | null;
    quote: Binary;
  };
};

export type ExecuteMsg =
/**
 * First step: names the key that is to be enrolled and answers with a challenge, valid for 1 h, in the response data and an event. Without `id` a new id is given to the sender. Attached USDT is added to the bond, which must then reach the minimum.
 *
 * Permission: Anyone (new id) | the subject's operator
 */
| {
  request_enrollment: {
    /**
     * X25519 key to which inputs are encrypted, 32 bytes.
     */
    encryption_key: HexBinary;
    hardware: Hardware;
    id?: number | null;
    /**
     * Signature over `attestation::possession` by that key.
     */
    possession: Binary;
    public_key: PublicKey;
    role: Role;
  };
}
/**
 * Second step: evidence that carries the challenge's binding. Starts key epoch last + 1.
 *
 * Permission: the subject's operator
 */
| {
  enroll: {
    evidence: Evidence;
    subject: Subject;
  };
}
/**
 * Voids every statement of the key whose window ends after now, and ends its epoch.
 *
 * Permission: the subject's operator | Owner | Operator
 */
| {
  revoke_key: {
    key_epoch: number;
    subject: Subject;
  };
}
/**
 * Adds the attached USDT to the bond.
 *
 * Permission: Anyone
 */
| {
  add_bond: {
    subject: Subject;
  };
}
/**
 * Ends the subject for ever: statements that arrive later move no money. Its bond can be withdrawn 21 days later, and is liable until then.
 *
 * Permission: the subject's operator
 */
| {
  retire: {
    subject: Subject;
  };
}
/**
 * Permission: the subject's operator
 */
| {
  withdraw_bond: {
    subject: Subject;
  };
}
/**
 * At most 64 statements. Each gets its own outcome; a bad one never reverts the others. Outcomes are in the response data (`SubmitResponse`) and in events.
 *
 * Permission: Anyone
 */
| {
  submit: {
    statements: Array<SignedStatement>;
  };
}
/**
 * Hands an undelivered report to its receiver again.
 *
 * Permission: Anyone
 */
| {
  deliver: {
    entries: Binary;
    report: ReportRef;
  };
}
/**
 * Proves that a settled report is false, within 14 days of its delivery. The gateway's bond pays the account twice the false amount and then the sender 5 % of it, as far as it reaches. The false amount counts as far as the vault charged the entry for it: what nobody paid needs no refund, and a bond cannot be emptied by reports about nothing.
 *
 * Permission: Anyone
 */
| {
  dispute_call: {
    dispute: Dispute;
  };
}
/**
 * Asks the gateway to reveal `count` ≤ 64 calls of an entry within 48 h, from `first_leaf` on. Within 7 days of settlement, by the entry's account, with the challenge bond attached. One challenge per entry.
 *
 * Permission: the entry's account
 */
| {
  challenge_usage: {
    count: number;
    entry: Binary;
    entry_index: number;
    entry_proof: Binary;
    first_leaf: number;
    report: ReportRef;
  };
}
/**
 * Answers a challenge; the challenge bond goes to the gateway's operator.
 *
 * Permission: Anyone
 */
| {
  reveal_leaves: {
    challenge: number;
    leaves: Array<Binary>;
    proof: Binary;
  };
}
/**
 * After 48 h without an answer: the charge returns to the account, and the challenge bond too. Also repeats a result that the vault failed to book.
 *
 * Permission: Anyone
 */
| {
  resolve_challenge: {
    challenge: number;
  };
}
/**
 * Measurements that may enrol from 48 hours on. At most 32.
 *
 * Permission: Owner | Operator
 */
| {
  propose_measurements: {
    measurements: Array<Measurement>;
  };
}
/**
 * At once and for ever: no further enrolment, and the keys enrolled with it no longer count from now on.
 *
 * Permission: Owner | Operator
 */
| {
  revoke_measurement: {
    id: HexBinary;
    role: Role;
  };
}
/**
 * Permission: Owner
 */
| {
  set_policy: {
    policy: TcbPolicy;
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
 * Permission: Owner
 */
| {
  set_operator: {
    operator?: string | null;
  };
}
/**
 * Permission: Owner (propose, cancel) | Pending owner (accept)
 */
| {
  ownership: OwnershipMsg;
}
/**
 * Permission: Timelock
 */
| {
  set_verifier: {
    verifier: string;
  };
}
/**
 * Permission: Timelock
 */
| {
  set_vault: {
    vault: string;
  };
};

/**
 * What the enclave says it drives. Bounds what its statements may claim.
 */
export type Hardware = {
  /**
   * Units per second and slot that the hardware can deliver at most, 1 ..= 10^9; 0 for a gateway.
   */
  rate: number;
  /**
   * GPU slots, 0 ..= 64; a gateway has 0, a worker at least 1.
   */
  slots: number;
};

/**
 * This is a wrapper around Vec<u8> to add hex de/serialization with serde. It also adds some helper methods to help encode inline.
 *
 * This is similar to `cosmwasm_std::Binary` but uses hex. See also <https://github.com/CosmWasm/cosmwasm/blob/main/docs/MESSAGE_TYPES.md>.
 */
export type HexBinary = string;

export type InstantiateMsg = {
  /**
   * Denom of bonds: the vault's USDT.
   */
  denom: string;
  /**
   * Operators that own gateway ids 1, 2, … from the start. They enrol like everybody else.
   */
  gateways: Array<string>;
  /**
   * In force at once, without notice.
   */
  measurements: Array<Measurement>;
  /**
   * Revokes keys and measurements at once, proposes measurements; never moves funds.
   */
  operator?: string | null;
  /**
   * Governance, or the genesis council until hand-over.
   */
  owner: string;
  params: Params;
  policy: TcbPolicy;
  /**
   * The only address that may change verifier and receivers. Also the wasm admin. Never changes.
   */
  timelock: string;
  /**
   * Receives verified usage.
   */
  vault: string;
  /**
   * `tee-verifier`.
   */
  verifier: string;
};

export type KeyResponse = {
  encryption_key: HexBinary;
  enrolled_at: number;
  hardware: Hardware;
  key_epoch: number;
  level: Level;
  /**
   * Whether a statement for a window ending now would count.
   */
  live: boolean;
  measurement?: HexBinary | null;
  public_key: PublicKey;
  revoked_at?: number | null;
  subject: Subject;
  /**
   * min(enrolled_at + ttl, collateral's end); earlier once a newer epoch started.
   */
  valid_until: number;
};

export type KeyScheme = "ed25519" | "secp256k1" | "p256";

/**
 * How well the hardware is proved.
 */
export type Level =
/**
 * Bond only. Workers only.
 */
| "a0"
/**
 * TDX or SGX quote with an allow-listed measurement.
 */
| "a1";

/**
 * A measurement that may enrol.
 */
export type Measurement = {
  /**
   * `tee_verifier::VerifiedQuote::measurement_id`.
   */
  id: HexBinary;
  /**
   * What it is, for people; at most 128 bytes.
   */
  label: string;
  role: Role;
};

export type MeasurementResponse = {
  /**
   * In force from here on.
   */
  from: number;
  measurement: Measurement;
  revoked_at?: number | null;
};

export type MigrateMsg = Record<string, never>;

export type OverviewResponse = {
  /**
   * µUSDT of all bonds and challenge bonds held here.
   */
  bonds: Uint128;
  calls: number;
  gateways: number;
  open_challenges: number;
  /**
   * Statements that advanced a chain.
   */
  statements: number;
  undelivered: number;
  workers: number;
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

export type Params = {
  /**
   * Bond of `ChallengeUsage`, µUSDT. 0.1 ..= 1,000 USDT; default 1 USDT.
   */
  challenge_bond: Uint128;
  /**
   * Longest time between two enrolments. 1 h ..= 30 d; default 7 d.
   */
  enrolment_ttl: number;
  /**
   * Least bond of a gateway, µUSDT. 1 ..= 10^7 USDT; default 10,000 USDT.
   */
  min_bond_gateway: Uint128;
  /**
   * Least bond of a worker, µUSDT. 1 ..= 10^7 USDT; default 100 USDT.
   */
  min_bond_worker: Uint128;
  /**
   * Simultaneously valid enrolments of one platform (PPID). 1 ..= 64; default 1.
   */
  ppid_quota: number;
};

/**
 * A leaf of a posted report with its two paths, as `attestation` encodes them.
 */
export type ProvenCall = {
  /**
   * One `attestation::Entry`, encoded.
   */
  entry: Binary;
  /**
   * Its path to the report's `log_root`.
   */
  entry_proof: Binary;
  /**
   * One `attestation::Leaf`, encoded.
   */
  leaf: Binary;
  /**
   * Its path to the entry's `leaves_root`.
   */
  leaf_proof: Binary;
  report: ReportRef;
};

export type PublicKey = {
  /**
   * ed25519: 32 bytes, canonical, not of small order. secp256k1, P-256: 33 bytes, compressed.
   */
  bytes: HexBinary;
  scheme: KeyScheme;
};

export type QueryMsg =
| {
  overview: Record<string, never>;
}
| {
  config: Record<string, never>;
}
| {
  ownership: Record<string, never>;
}
| {
  subject: {
    subject: Subject;
  };
}
| {
  subjects: {
    limit?: number | null;
    role: Role;
    start_after?: number | null;
  };
}
/**
 * One key epoch; the newest without `key_epoch`.
 */
| {
  key: {
    key_epoch?: number | null;
    subject: Subject;
  };
}
/**
 * Where a chain stands: what the next statement must carry.
 */
| {
  chain: {
    chain: ChainId;
  };
}
/**
 * What became of the statement at one place of a chain.
 */
| {
  statement: {
    chain: ChainId;
    seq: number;
  };
}
| {
  report: {
    report: ReportRef;
  };
}
/**
 * Reports whose receiver failed, oldest first.
 */
| {
  undelivered: {
    limit?: number | null;
    start_after?: ReportRef | null;
  };
}
/**
 * Whether a call is in a posted log.
 */
| {
  verify_call: {
    call: ProvenCall;
  };
}
| {
  challenge: {
    challenge: number;
  };
}
| {
  challenges: {
    gateway?: number | null;
    limit?: number | null;
    start_after?: number | null;
  };
}
| {
  measurements: {
    limit?: number | null;
    role: Role;
    start_after?: HexBinary | null;
  };
};

/**
 * Names one usage report: a gateway's key epoch and the report's place in that epoch's chain.
 */
export type ReportRef = {
  gateway: number;
  key_epoch: number;
  seq: number;
};

export type ReportResponse = {
  calls: number;
  digest: HexBinary;
  log_root: HexBinary;
  outcome: StatementOutcome;
  /**
   * When it was submitted; once redelivered, when it was delivered.
   */
  received_at: number;
  report: ReportRef;
  window_end: number;
  window_start: number;
};

export type Role = "worker" | "gateway";

/**
 * A signed statement. Bytes are the canonical encodings of `attestation`; the digest is computed over this chain's id and this contract's address.
 */
export type SignedStatement =
| {
  job: {
    /**
     * `attestation::JobStatement`.
     */
    body: Binary;
    signature: Binary;
  };
}
| {
  usage: {
    /**
     * `attestation::UsageReport`.
     */
    body: Binary;
    /**
     * `attestation::encode_entries`.
     */
    entries: Binary;
    signature: Binary;
  };
}
/**
 * Lets a job's chain go on under the worker's next key epoch: signed by the old key and the new one.
 */
| {
  link: {
    /**
     * `attestation::ChainLink`.
     */
    body: Binary;
    new_signature: Binary;
    old_signature: Binary;
  };
};

/**
 * What became of one statement of a batch. The numeric code never changes.
 *
 * *Refused* outcomes change nothing. *Void* ones advance the chain and move no money, so that no correctly signed statement can brick its chain.
 */
export type StatementOutcome =
/**
 * 0: accepted and fanned out.
 */
| "accepted"
/**
 * 1: this digest was accepted before; nothing changed.
 */
| "duplicate"
/**
 * 10: bytes are not the canonical encoding of a body.
 */
| "malformed"
/**
 * 11: no key of that subject and epoch was ever enrolled.
 */
| "unknown_key"
/**
 * 12: the signature does not fit body, key, this chain and this contract: forged, or made for another chain.
 */
| "bad_signature"
/**
 * 13: seq is beyond last + 1; send what is missing first.
 */
| "gap"
/**
 * 14: another digest was accepted at that seq: evidence of equivocation. For a link also: the chain under the new key has begun already.
 */
| "conflict"
/**
 * 15: `prev_digest` is not the digest of the last statement: evidence of a fork.
 */
| "wrong_parent"
/**
 * 16: entries do not add up to `log_root` or `calls`, or are not sorted.
 */
| "wrong_log_root"
/**
 * 20: `expires_at` has passed.
 */
| "expired"
/**
 * 21: the key was revoked before the window's end.
 */
| "revoked"
/**
 * 22: the window ends after the key epoch did, or 2 h have passed since the epoch's end; for a job also: a link ended the chain.
 */
| "epoch_over"
/**
 * 23: the window ends more than 60 s in the future.
 */
| "future_window"
/**
 * 24: the window overlaps the chain's last one (usage: starts before the last one's start).
 */
| "window_overlap"
/**
 * 25: cumulative units are below those of the statement before.
 */
| "units_fell"
/**
 * 26: more units since the statement before than window × rate × slots.
 */
| "impossible_units"
/**
 * 27: slots that the hardware does not have.
 */
| "unknown_slots"
/**
 * 28: the bond is below the minimum, or the subject is retired.
 */
| "under_bonded"
/**
 * 29: accepted, but the receiver failed; anyone may `Deliver` it again.
 */
| "undelivered";

export type StatementResponse = {
  digest: HexBinary;
  outcome: StatementOutcome;
};

/**
 * Who enrols: ids are counters per role, given once, and belong to one operator for ever.
 */
export type Subject = {
  id: number;
  role: Role;
};

export type SubjectResponse = {
  bond: Uint128;
  bond_withdrawable_at?: number | null;
  key_epoch: number;
  operator: string;
  /**
   * A request that waits for its evidence.
   */
  pending?: ChallengeResponse | null;
  retired_at?: number | null;
  subject: Subject;
};

/**
 * What hardware is accepted.
 */
export type TcbPolicy = {
  /**
   * Advisories that are accepted; a platform that reports any other is refused.
   */
  advisories: Array<string>;
  /**
   * TCB evaluation data number in force; collateral of another number is not asked for.
   */
  evaluation: number;
  /**
   * Accepted TCB statuses as in `tee_verifier::TcbStatus`, e.g. `UpToDate`, `SWHardeningNeeded`.
   */
  statuses: Array<TcbStatus>;
};

/**
 * Status of a platform's trusted computing base, spelled as Intel spells it. `Revoked` is not among them: such a quote is always refused.
 */
export type TcbStatus =
| "UpToDate" | "SWHardeningNeeded" | "ConfigurationNeeded" | "ConfigurationAndSWHardeningNeeded" | "OutOfDate" | "OutOfDateConfigurationNeeded" | "TDRelaunchAdvisedConfigurationNeeded"
/**
 * TDX 1.5: launched on an old TCB, now running on a newer one.
 */
| "TDRelaunchAdvised";

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

export type VerifyCallResponse = {
  proved: boolean;
  /**
   * Why not.
   */
  reason?: string | null;
};

/** Reads the contract. */
export class QueryClient {
  constructor(
    readonly client: CosmWasmClient,
    readonly address: string,
  ) {}

  overview(): Promise<OverviewResponse> {
    return this.client.queryContractSmart(this.address, { overview: {} });
  }

  config(): Promise<ConfigResponse> {
    return this.client.queryContractSmart(this.address, { config: {} });
  }

  ownership(): Promise<OwnershipResponse> {
    return this.client.queryContractSmart(this.address, { ownership: {} });
  }

  subject(args: { subject: Subject; }): Promise<SubjectResponse> {
    return this.client.queryContractSmart(this.address, { subject: args });
  }

  subjects(args: { limit?: number | null; role: Role; start_after?: number | null; }): Promise<Array<SubjectResponse>> {
    return this.client.queryContractSmart(this.address, { subjects: args });
  }

  /**
   * One key epoch; the newest without `key_epoch`.
   */
  key(args: { key_epoch?: number | null; subject: Subject; }): Promise<KeyResponse> {
    return this.client.queryContractSmart(this.address, { key: args });
  }

  /**
   * Where a chain stands: what the next statement must carry.
   */
  chain(args: { chain: ChainId; }): Promise<ChainResponse> {
    return this.client.queryContractSmart(this.address, { chain: args });
  }

  /**
   * What became of the statement at one place of a chain.
   */
  statement(args: { chain: ChainId; seq: number; }): Promise<StatementResponse> {
    return this.client.queryContractSmart(this.address, { statement: args });
  }

  report(args: { report: ReportRef; }): Promise<ReportResponse> {
    return this.client.queryContractSmart(this.address, { report: args });
  }

  /**
   * Reports whose receiver failed, oldest first.
   */
  undelivered(args: { limit?: number | null; start_after?: ReportRef | null; } = {}): Promise<Array<ReportResponse>> {
    return this.client.queryContractSmart(this.address, { undelivered: args });
  }

  /**
   * Whether a call is in a posted log.
   */
  verifyCall(args: { call: ProvenCall; }): Promise<VerifyCallResponse> {
    return this.client.queryContractSmart(this.address, { verify_call: args });
  }

  challenge(args: { challenge: number; }): Promise<ChallengeStateResponse> {
    return this.client.queryContractSmart(this.address, { challenge: args });
  }

  challenges(args: { gateway?: number | null; limit?: number | null; start_after?: number | null; } = {}): Promise<Array<ChallengeStateResponse>> {
    return this.client.queryContractSmart(this.address, { challenges: args });
  }

  measurements(args: { limit?: number | null; role: Role; start_after?: HexBinary | null; }): Promise<Array<MeasurementResponse>> {
    return this.client.queryContractSmart(this.address, { measurements: args });
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
   * First step: names the key that is to be enrolled and answers with a challenge, valid for 1 h, in the response data and an event. Without `id` a new id is given to the sender. Attached USDT is added to the bond, which must then reach the minimum.
   *
   * Permission: Anyone (new id) | the subject's operator
   */
  requestEnrollment(args: { encryption_key: HexBinary; hardware: Hardware; id?: number | null; possession: Binary; public_key: PublicKey; role: Role; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ request_enrollment: args }, funds, fee);
  }

  /**
   * Second step: evidence that carries the challenge's binding. Starts key epoch last + 1.
   *
   * Permission: the subject's operator
   */
  enroll(args: { evidence: Evidence; subject: Subject; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ enroll: args }, funds, fee);
  }

  /**
   * Voids every statement of the key whose window ends after now, and ends its epoch.
   *
   * Permission: the subject's operator | Owner | Operator
   */
  revokeKey(args: { key_epoch: number; subject: Subject; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ revoke_key: args }, funds, fee);
  }

  /**
   * Adds the attached USDT to the bond.
   *
   * Permission: Anyone
   */
  addBond(args: { subject: Subject; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ add_bond: args }, funds, fee);
  }

  /**
   * Ends the subject for ever: statements that arrive later move no money. Its bond can be withdrawn 21 days later, and is liable until then.
   *
   * Permission: the subject's operator
   */
  retire(args: { subject: Subject; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ retire: args }, funds, fee);
  }

  /**
   * Permission: the subject's operator
   */
  withdrawBond(args: { subject: Subject; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ withdraw_bond: args }, funds, fee);
  }

  /**
   * At most 64 statements. Each gets its own outcome; a bad one never reverts the others. Outcomes are in the response data (`SubmitResponse`) and in events.
   *
   * Permission: Anyone
   */
  submit(args: { statements: Array<SignedStatement>; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ submit: args }, funds, fee);
  }

  /**
   * Hands an undelivered report to its receiver again.
   *
   * Permission: Anyone
   */
  deliver(args: { entries: Binary; report: ReportRef; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ deliver: args }, funds, fee);
  }

  /**
   * Proves that a settled report is false, within 14 days of its delivery. The gateway's bond pays the account twice the false amount and then the sender 5 % of it, as far as it reaches. The false amount counts as far as the vault charged the entry for it: what nobody paid needs no refund, and a bond cannot be emptied by reports about nothing.
   *
   * Permission: Anyone
   */
  disputeCall(args: { dispute: Dispute; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ dispute_call: args }, funds, fee);
  }

  /**
   * Asks the gateway to reveal `count` ≤ 64 calls of an entry within 48 h, from `first_leaf` on. Within 7 days of settlement, by the entry's account, with the challenge bond attached. One challenge per entry.
   *
   * Permission: the entry's account
   */
  challengeUsage(args: { count: number; entry: Binary; entry_index: number; entry_proof: Binary; first_leaf: number; report: ReportRef; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ challenge_usage: args }, funds, fee);
  }

  /**
   * Answers a challenge; the challenge bond goes to the gateway's operator.
   *
   * Permission: Anyone
   */
  revealLeaves(args: { challenge: number; leaves: Array<Binary>; proof: Binary; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ reveal_leaves: args }, funds, fee);
  }

  /**
   * After 48 h without an answer: the charge returns to the account, and the challenge bond too. Also repeats a result that the vault failed to book.
   *
   * Permission: Anyone
   */
  resolveChallenge(args: { challenge: number; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ resolve_challenge: args }, funds, fee);
  }

  /**
   * Measurements that may enrol from 48 hours on. At most 32.
   *
   * Permission: Owner | Operator
   */
  proposeMeasurements(args: { measurements: Array<Measurement>; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ propose_measurements: args }, funds, fee);
  }

  /**
   * At once and for ever: no further enrolment, and the keys enrolled with it no longer count from now on.
   *
   * Permission: Owner | Operator
   */
  revokeMeasurement(args: { id: HexBinary; role: Role; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ revoke_measurement: args }, funds, fee);
  }

  /**
   * Permission: Owner
   */
  setPolicy(args: { policy: TcbPolicy; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ set_policy: args }, funds, fee);
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
   * Permission: Owner (propose, cancel) | Pending owner (accept)
   */
  sendOwnership(args: OwnershipMsg, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ ownership: args }, funds, fee);
  }

  /**
   * Permission: Timelock
   */
  setVerifier(args: { verifier: string; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ set_verifier: args }, funds, fee);
  }

  /**
   * Permission: Timelock
   */
  setVault(args: { vault: string; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ set_vault: args }, funds, fee);
  }
}
