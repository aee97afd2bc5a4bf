// Generated from packages/interfaces by `lex schema`. Do not edit.
// Contract: genesis-nft

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

export type Approval = {
  /**
   * When the Approval expires (maybe Expiration::never)
   */
  expires: Expiration;
  /**
   * Account that can transfer/send the token
   */
  spender: Addr;
};

export type ApprovalResponse = {
  approval: Approval;
};

export type ApprovalsResponse = {
  approvals: Array<Approval>;
};

/**
 * Binary is a wrapper around Vec<u8> to add base64 de/serialization with serde. It also adds some helper methods to help encode inline.
 *
 * This is only needed as serde-json-{core,wasm} has a horrible encoding for Vec<u8>. See also <https://github.com/CosmWasm/cosmwasm/blob/main/docs/MESSAGE_TYPES.md>.
 */
export type Binary = string;

export type BuyerResponse = {
  allowed: boolean;
  /**
   * Bought in all, whoever holds them now.
   */
  bought: number;
  /**
   * Tokens it could buy now.
   */
  left: number;
};

export type ClaimResponse = {
  /**
   * vested − claimed.
   */
  claimable: Uint128;
  claimed: Uint128;
  owner: string;
  token_id: string;
  /**
   * Everything not claimed, vested or not: what moves with a sale.
   */
  unclaimed: Uint128;
  /**
   * Base units of VCAI vested by now; 0 before the TGE.
   */
  vested: Uint128;
};

export type ConfigResponse = {
  allocation: string;
  base_uri?: string | null;
  denom: string;
  sale: Sale;
  treasury: string;
  vcai: string;
};

/**
 * An empty struct that serves as a placeholder in different places, such as contracts that don't set a custom message.
 *
 * It is designed to be expressible in correct JSON and JSON Schema but contains no meaningful data. Previously we used enums without cases, but those cannot represented as valid JSON Schema (https://github.com/CosmWasm/cosmwasm/issues/451)
 */
export type Empty = Record<string, never>;

export type ExecuteMsg =
/**
 * Buys tokens for exactly the attached `quantity · price`.
 *
 * Permission: Anyone
 */
| {
  buy: {
    /**
     * 1 ..= [`MAX_BATCH`].
     */
    quantity: number;
  };
}
/**
 * Changes the allow-list. At most [`MAX_BATCH`] addresses together.
 *
 * Permission: Owner
 */
| {
  set_allowed: {
    add: Array<string>;
    remove: Array<string>;
  };
}
/**
 * Pays what has vested on the sender's tokens and is not claimed.
 *
 * Permission: Holder
 */
| {
  claim: {
    /**
     * 1 ..= [`MAX_BATCH`], each once.
     */
    tokens: Array<string>;
  };
}
/**
 * The TGE: ends sale and refunds, starts the claims and sends the proceeds of all live tokens to the sender. Once.
 *
 * Permission: Allocation
 */
| {
  release: Record<string, never>;
}
/**
 * Moves a token; its approvals end, what is unclaimed goes with it.
 *
 * Permission: Holder | Approved
 */
| {
  transfer_nft: {
    recipient: string;
    token_id: string;
  };
}
/**
 * Moves a token to a contract and calls its `ReceiveNft`.
 *
 * Permission: Holder | Approved
 */
| {
  send_nft: {
    contract: string;
    msg: Binary;
    token_id: string;
  };
}
/**
 * Lets `spender` move a token. Replaces an earlier approval of the same spender; at most 20 for a token.
 *
 * Permission: Holder | Operator
 */
| {
  approve: {
    expires?: Expiration | null;
    spender: string;
    token_id: string;
  };
}
/**
 * Takes an approval back.
 *
 * Permission: Holder | Operator
 */
| {
  revoke: {
    spender: string;
    token_id: string;
  };
}
/**
 * Lets `operator` move all of the sender's tokens.
 *
 * Permission: Anyone
 */
| {
  approve_all: {
    expires?: Expiration | null;
    operator: string;
  };
}
/**
 * Takes that back.
 *
 * Permission: Anyone
 */
| {
  revoke_all: {
    operator: string;
  };
}
/**
 * Destroys a token. After the TGE what is unclaimed, vested or not, is forfeited to the treasury; after the deadline without a TGE its price is refunded to its holder; refused before.
 *
 * Permission: Holder | Approved
 */
| {
  burn: {
    token_id: string;
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

export type InstantiateMsg = {
  /**
   * `token-allocation`: releases the proceeds at the TGE. Never changes.
   */
  allocation: string;
  /**
   * A token's URI is this with the token's id behind; tokens have none if absent. Never changes.
   */
  base_uri?: string | null;
  /**
   * The stablecoin's denom. Never changes.
   */
  denom: string;
  name: string;
  /**
   * Keeps the allow-list.
   */
  owner: string;
  sale: Sale;
  symbol: string;
  /**
   * Receives what burned tokens forfeit. Never changes.
   */
  treasury: string;
  /**
   * The VCAI token. Never changes.
   */
  vcai: string;
};

export type MigrateMsg = Record<string, never>;

/**
 * Deprecated: use Cw721QueryMsg::GetMinterOwnership instead! Shows who can mint these tokens.
 */
export type MinterResponse = {
  minter?: string | null;
};

export type NftInfoResponse_for_TokenExtension = {
  /**
   * You can add any custom metadata here when you extend cw721-base
   */
  extension: TokenExtension;
  /**
   * Universal resource identifier for this NFT Should point to a JSON file that conforms to the ERC721 Metadata JSON Schema
   */
  token_uri?: string | null;
};

export type NumTokensResponse = {
  count: number;
};

export type OperatorResponse = {
  approval: Approval;
};

export type OperatorsResponse = {
  operators: Array<Approval>;
};

export type OverviewResponse = {
  /**
   * Tokens that exist.
   */
  alive: number;
  /**
   * VCAI claimed so far.
   */
  claimed: Uint128;
  /**
   * VCAI forfeited so far.
   */
  forfeited: Uint128;
  /**
   * Stablecoin held for live tokens: until the TGE `alive · price`, then 0.
   */
  held: Uint128;
  /**
   * Whether burning refunds now.
   */
  refundable: boolean;
  sale: Sale;
  /**
   * Tokens ever sold.
   */
  sold: number;
  /**
   * Time of the TGE.
   */
  tge_at?: number | null;
};

export type OwnerOfResponse = {
  /**
   * If set this address is approved to transfer/send the token as well
   */
  approvals: Array<Approval>;
  /**
   * Owner of the token
   */
  owner: string;
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

export type ProceedsResponse = {
  /**
   * VCAI that live tokens will claim.
   */
  airdrop: Uint128;
  /**
   * Stablecoin of all live tokens.
   */
  proceeds: Uint128;
  tge_at?: number | null;
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
 * What `token-allocation` needs at the TGE.
 */
| {
  proceeds: Record<string, never>;
}
/**
 * What an address may still buy.
 */
| {
  buyer: {
    address: string;
  };
}
/**
 * Listed addresses.
 */
| {
  allowed: {
    limit?: number | null;
    start_after?: string | null;
  };
}
/**
 * A token's claim now.
 */
| {
  claim: {
    token_id: string;
  };
}
| {
  owner_of: {
    include_expired?: boolean | null;
    token_id: string;
  };
}
| {
  approval: {
    include_expired?: boolean | null;
    spender: string;
    token_id: string;
  };
}
| {
  approvals: {
    include_expired?: boolean | null;
    token_id: string;
  };
}
| {
  operator: {
    include_expired?: boolean | null;
    operator: string;
    owner: string;
  };
}
| {
  all_operators: {
    include_expired?: boolean | null;
    limit?: number | null;
    owner: string;
    start_after?: string | null;
  };
}
/**
 * Live tokens.
 */
| {
  num_tokens: Record<string, never>;
}
/**
 * As `GetCollectionInfoAndExtension`, by its older name.
 */
| {
  contract_info: Record<string, never>;
}
| {
  get_collection_info_and_extension: Record<string, never>;
}
| {
  nft_info: {
    token_id: string;
  };
}
| {
  all_nft_info: {
    include_expired?: boolean | null;
    token_id: string;
  };
}
| {
  tokens: {
    limit?: number | null;
    owner: string;
    start_after?: string | null;
  };
}
| {
  all_tokens: {
    limit?: number | null;
    start_after?: string | null;
  };
}
/**
 * The contract itself: its sale alone creates tokens.
 */
| {
  minter: Record<string, never>;
};

/**
 * Terms of the sale. They never change.
 */
export type Sale = {
  /**
   * First second after the sale.
   */
  closes: number;
  /**
   * From this second on, without a TGE, burning a token refunds its price. At or after `closes`, at most [`MAX_WAIT`] later.
   */
  deadline: number;
  /**
   * Until this second only listed addresses buy. None: everybody from the start.
   */
  listed_until?: number | null;
  /**
   * First second of the sale.
   */
  opens: number;
  /**
   * Tokens that an address can buy in all, counted by purchases and not by what it holds. 1 ..= `tokens`.
   */
  per_wallet: number;
  /**
   * Base units of the stablecoin for a token, above 0.
   */
  price: Uint128;
  /**
   * Tokens for sale, 1 ..= [`MAX_TOKENS`].
   */
  tokens: number;
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
 * What a token carries.
 */
export type TokenExtension = {
  /**
   * Base units of VCAI already claimed on it.
   */
  claimed: Uint128;
};

export type TokensResponse = {
  /**
   * Contains all token_ids in lexicographical ordering If there are more than `limit`, use `start_after` in future queries to achieve pagination.
   */
  tokens: Array<string>;
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
   * What `token-allocation` needs at the TGE.
   */
  proceeds(): Promise<ProceedsResponse> {
    return this.client.queryContractSmart(this.address, { proceeds: {} });
  }

  /**
   * What an address may still buy.
   */
  buyer(args: { address: string; }): Promise<BuyerResponse> {
    return this.client.queryContractSmart(this.address, { buyer: args });
  }

  /**
   * Listed addresses.
   */
  allowed(args: { limit?: number | null; start_after?: string | null; } = {}): Promise<Array<string>> {
    return this.client.queryContractSmart(this.address, { allowed: args });
  }

  /**
   * A token's claim now.
   */
  claim(args: { token_id: string; }): Promise<ClaimResponse> {
    return this.client.queryContractSmart(this.address, { claim: args });
  }

  ownerOf(args: { include_expired?: boolean | null; token_id: string; }): Promise<OwnerOfResponse> {
    return this.client.queryContractSmart(this.address, { owner_of: args });
  }

  approval(args: { include_expired?: boolean | null; spender: string; token_id: string; }): Promise<ApprovalResponse> {
    return this.client.queryContractSmart(this.address, { approval: args });
  }

  approvals(args: { include_expired?: boolean | null; token_id: string; }): Promise<ApprovalsResponse> {
    return this.client.queryContractSmart(this.address, { approvals: args });
  }

  operator(args: { include_expired?: boolean | null; operator: string; owner: string; }): Promise<OperatorResponse> {
    return this.client.queryContractSmart(this.address, { operator: args });
  }

  allOperators(args: { include_expired?: boolean | null; limit?: number | null; owner: string; start_after?: string | null; }): Promise<OperatorsResponse> {
    return this.client.queryContractSmart(this.address, { all_operators: args });
  }

  /**
   * Live tokens.
   */
  numTokens(): Promise<NumTokensResponse> {
    return this.client.queryContractSmart(this.address, { num_tokens: {} });
  }

  /**
   * As `GetCollectionInfoAndExtension`, by its older name.
   */
  contractInfo(): Promise<{
  extension?: Empty | null;
  name: string;
  symbol: string;
  updated_at: Timestamp;
}> {
    return this.client.queryContractSmart(this.address, { contract_info: {} });
  }

  getCollectionInfoAndExtension(): Promise<{
  extension?: Empty | null;
  name: string;
  symbol: string;
  updated_at: Timestamp;
}> {
    return this.client.queryContractSmart(this.address, { get_collection_info_and_extension: {} });
  }

  nftInfo(args: { token_id: string; }): Promise<{
  /**
   * You can add any custom metadata here when you extend cw721-base
   */
  extension: TokenExtension;
  /**
   * Universal resource identifier for this NFT Should point to a JSON file that conforms to the ERC721 Metadata JSON Schema
   */
  token_uri?: string | null;
}> {
    return this.client.queryContractSmart(this.address, { nft_info: args });
  }

  allNftInfo(args: { include_expired?: boolean | null; token_id: string; }): Promise<{
  /**
   * Who can transfer the token
   */
  access: OwnerOfResponse;
  /**
   * Data on the token itself,
   */
  info: NftInfoResponse_for_TokenExtension;
}> {
    return this.client.queryContractSmart(this.address, { all_nft_info: args });
  }

  tokens(args: { limit?: number | null; owner: string; start_after?: string | null; }): Promise<TokensResponse> {
    return this.client.queryContractSmart(this.address, { tokens: args });
  }

  allTokens(args: { limit?: number | null; start_after?: string | null; } = {}): Promise<TokensResponse> {
    return this.client.queryContractSmart(this.address, { all_tokens: args });
  }

  /**
   * The contract itself: its sale alone creates tokens.
   */
  minter(): Promise<MinterResponse> {
    return this.client.queryContractSmart(this.address, { minter: {} });
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
   * Buys tokens for exactly the attached `quantity · price`.
   *
   * Permission: Anyone
   */
  buy(args: { quantity: number; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ buy: args }, funds, fee);
  }

  /**
   * Changes the allow-list. At most [`MAX_BATCH`] addresses together.
   *
   * Permission: Owner
   */
  setAllowed(args: { add: Array<string>; remove: Array<string>; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ set_allowed: args }, funds, fee);
  }

  /**
   * Pays what has vested on the sender's tokens and is not claimed.
   *
   * Permission: Holder
   */
  sendClaim(args: { tokens: Array<string>; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ claim: args }, funds, fee);
  }

  /**
   * The TGE: ends sale and refunds, starts the claims and sends the proceeds of all live tokens to the sender. Once.
   *
   * Permission: Allocation
   */
  release(funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ release: {} }, funds, fee);
  }

  /**
   * Moves a token; its approvals end, what is unclaimed goes with it.
   *
   * Permission: Holder | Approved
   */
  transferNft(args: { recipient: string; token_id: string; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ transfer_nft: args }, funds, fee);
  }

  /**
   * Moves a token to a contract and calls its `ReceiveNft`.
   *
   * Permission: Holder | Approved
   */
  sendNft(args: { contract: string; msg: Binary; token_id: string; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ send_nft: args }, funds, fee);
  }

  /**
   * Lets `spender` move a token. Replaces an earlier approval of the same spender; at most 20 for a token.
   *
   * Permission: Holder | Operator
   */
  approve(args: { expires?: Expiration | null; spender: string; token_id: string; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ approve: args }, funds, fee);
  }

  /**
   * Takes an approval back.
   *
   * Permission: Holder | Operator
   */
  revoke(args: { spender: string; token_id: string; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ revoke: args }, funds, fee);
  }

  /**
   * Lets `operator` move all of the sender's tokens.
   *
   * Permission: Anyone
   */
  approveAll(args: { expires?: Expiration | null; operator: string; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ approve_all: args }, funds, fee);
  }

  /**
   * Takes that back.
   *
   * Permission: Anyone
   */
  revokeAll(args: { operator: string; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ revoke_all: args }, funds, fee);
  }

  /**
   * Destroys a token. After the TGE what is unclaimed, vested or not, is forfeited to the treasury; after the deadline without a TGE its price is refunded to its holder; refused before.
   *
   * Permission: Holder | Approved
   */
  burn(args: { token_id: string; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ burn: args }, funds, fee);
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
