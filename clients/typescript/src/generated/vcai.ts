// Generated from packages/interfaces by `lex schema`. Do not edit.
// Contract: vcai

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
 * When we download an embedded logo, we get this response type. We expect a SPA to be able to accept this info and display it.
 */
export type DownloadLogoResponse = {
  data: Binary;
  mime_type: string;
};

/**
 * This is used to store the logo on the blockchain in an accepted format. Enforce maximum size of 5KB on all variants.
 */
export type EmbeddedLogo =
/**
 * Store the Logo as an SVG file. The content must conform to the spec at https://en.wikipedia.org/wiki/Scalable_Vector_Graphics (The contract should do some light-weight sanity-check validation)
 */
| {
  svg: Binary;
}
/**
 * Store the Logo as a PNG file. This will likely only support up to 64x64 or so within the 5KB limit.
 */
| {
  png: Binary;
};

export type ExecuteMsg =
/**
 * Moves the sender's tokens.
 *
 * Permission: Anyone
 */
| {
  transfer: {
    /**
     * Base units, at most the sender's balance.
     */
    amount: Uint128;
    /**
     * Who receives.
     */
    recipient: string;
  };
}
/**
 * Destroys the sender's tokens.
 *
 * Permission: Anyone
 */
| {
  burn: {
    /**
     * Base units, at most the sender's balance.
     */
    amount: Uint128;
  };
}
/**
 * Moves the sender's tokens to a contract and calls its `Receive`.
 *
 * Permission: Anyone
 */
| {
  send: {
    /**
     * Base units, at most the sender's balance.
     */
    amount: Uint128;
    /**
     * The contract that receives.
     */
    contract: string;
    /**
     * What the contract is told.
     */
    msg: Binary;
  };
}
/**
 * Lets `spender` use more of the sender's tokens.
 *
 * Permission: Anyone
 */
| {
  increase_allowance: {
    /**
     * Base units on top of what is allowed now.
     */
    amount: Uint128;
    /**
     * New end of the allowance; `None` keeps the present one.
     */
    expires?: Expiration | null;
    /**
     * Who may spend; not the sender.
     */
    spender: string;
  };
}
/**
 * Lets `spender` use less of the sender's tokens; at zero the allowance is gone.
 *
 * Permission: Anyone
 */
| {
  decrease_allowance: {
    /**
     * Base units less than is allowed now.
     */
    amount: Uint128;
    /**
     * New end of the allowance; `None` keeps the present one.
     */
    expires?: Expiration | null;
    /**
     * Who may spend; not the sender.
     */
    spender: string;
  };
}
/**
 * Moves tokens of `owner` within the sender's allowance.
 *
 * Permission: Spender
 */
| {
  transfer_from: {
    /**
     * Base units, at most balance and allowance.
     */
    amount: Uint128;
    /**
     * Whose tokens.
     */
    owner: string;
    /**
     * Who receives.
     */
    recipient: string;
  };
}
/**
 * Moves tokens of `owner` within the sender's allowance to a contract and calls its `Receive`.
 *
 * Permission: Spender
 */
| {
  send_from: {
    /**
     * Base units, at most balance and allowance.
     */
    amount: Uint128;
    /**
     * The contract that receives.
     */
    contract: string;
    /**
     * What the contract is told.
     */
    msg: Binary;
    /**
     * Whose tokens.
     */
    owner: string;
  };
}
/**
 * Destroys tokens of `owner` within the sender's allowance.
 *
 * Permission: Spender
 */
| {
  burn_from: {
    /**
     * Base units, at most balance and allowance.
     */
    amount: Uint128;
    /**
     * Whose tokens.
     */
    owner: string;
  };
}
/**
 * Creates tokens, at most 5 % a year of the supply recorded at that year's first issuance.
 *
 * Permission: Governance
 */
| {
  issue: {
    /**
     * Base units, above 0.
     */
    amount: Uint128;
    /**
     * The proposal that decided it; for the record.
     */
    proposal: number;
    /**
     * Who receives. `governance` itself, if it sends them on to `token-allocation` to vest.
     */
    to: string;
  };
}
/**
 * Changes what one VCAI means and nothing that anybody holds: one VCAI of before is shown as 10^`exponent` of them, by `decimals − exponent` decimals. Base units stay as they are.
 *
 * Permission: Governance
 */
| {
  reprice: {
    /**
     * Even and not 0; the decimals must stay within 0 to 18. Positive splits (2: one becomes 100), negative joins.
     */
    exponent: number;
  };
}
/**
 * Always refused (3): only `Issue` creates tokens. Offered so that wallets that know `cw20-base` get a clear answer.
 *
 * Permission: Nobody
 */
| {
  mint: {
    /**
     * Not looked at.
     */
    amount: Uint128;
    /**
     * Not looked at.
     */
    recipient: string;
  };
}
/**
 * Always refused (4): who issues is fixed. Offered so that wallets that know `cw20-base` get a clear answer.
 *
 * Permission: Nobody
 */
| {
  update_minter: {
    /**
     * Not looked at.
     */
    new_minter?: string | null;
  };
}
/**
 * Changes what wallets show. `None` keeps a field, an empty text clears it.
 *
 * Permission: Marketing
 */
| {
  update_marketing: {
    /**
     * A few words about the token.
     */
    description?: string | null;
    /**
     * Address that may change all this; empty means nobody any more.
     */
    marketing?: string | null;
    /**
     * Address of the project's page.
     */
    project?: string | null;
  };
}
/**
 * Changes the logo.
 *
 * Permission: Marketing
 */
| {
  upload_logo: Logo;
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

/**
 * The whole genesis supply goes to one holder.
 */
export type InstantiateMsg = {
  /**
   * Receives [`GENESIS_SUPPLY`]: `token-allocation`.
   */
  allocation: string;
  /**
   * The contract that issues and reprices. Never changes.
   */
  governance: string;
  /**
   * What wallets show besides.
   */
  marketing?: Marketing | null;
  /**
   * Name shown by wallets, 3 to 50 bytes.
   */
  name: string;
  /**
   * Ticker symbol, 3 to 12 letters or hyphens.
   */
  symbol: string;
};

/**
 * Answer to `Issuable {}`.
 */
export type IssuableResponse = {
  /**
   * Most that can be issued in the year: ⌊5 % · supply⌋.
   */
  cap: Uint128;
  /**
   * Base units issued in the year.
   */
  issued: Uint128;
  /**
   * cap − issued.
   */
  left: Uint128;
  /**
   * Base units the share is taken of: recorded at the year's first issuance, the present supply before it.
   */
  supply: Uint128;
  /**
   * Number of the present year, from 0.
   */
  year: number;
  /**
   * First second of the next one.
   */
  year_ends: number;
};

/**
 * One `Issue`.
 */
export type Issuance = {
  /**
   * Base units.
   */
  amount: Uint128;
  /**
   * From 1, without gaps.
   */
  n: number;
  proposal: number;
  /**
   * Unix seconds.
   */
  time: number;
  to: string;
  year: number;
};

/**
 * This is used for uploading logo data, or setting it in InstantiateData
 */
export type Logo =
/**
 * A reference to an externally hosted logo. Must be a valid HTTP or HTTPS URL.
 */
| {
  url: string;
}
/**
 * Logo content stored on the blockchain. Enforce maximum size of 5KB on all variants
 */
| {
  embedded: EmbeddedLogo;
};

/**
 * This is used to display logo info, provide a link or inform there is one that can be downloaded from the blockchain itself
 */
export type LogoInfo =
/**
 * A reference to an externally hosted logo. Must be a valid HTTP or HTTPS URL.
 */
| {
  url: string;
}
/**
 * There is an embedded logo on the chain, make another call to download it.
 */
| "embedded";

/**
 * What wallets show besides the name.
 */
export type Marketing = {
  /**
   * A few words about the token.
   */
  description?: string | null;
  /**
   * Logo, at most 5 KiB if embedded.
   */
  logo?: Logo | null;
  /**
   * Address that may change all this.
   */
  marketing?: string | null;
  /**
   * Address of the project's page.
   */
  project?: string | null;
};

export type MarketingInfoResponse = {
  /**
   * A longer description of the token and it's utility. Designed for tooltips or such
   */
  description?: string | null;
  /**
   * A link to the logo, or a comment there is an on-chain logo stored
   */
  logo?: LogoInfo | null;
  /**
   * The address (if any) who can update this data structure
   */
  marketing?: Addr | null;
  /**
   * A URL pointing to the project behind this token.
   */
  project?: string | null;
};

/**
 * State is kept as it is; only the recorded version changes.
 */
export type MigrateMsg = Record<string, never>;

export type MinterResponse = {
  /**
   * cap is a hard cap on total supply that can be achieved by minting. Note that this refers to total_supply. If None, there is unlimited cap.
   */
  cap?: Uint128 | null;
  minter: string;
};

/**
 * Answer to `Overview {}`.
 */
export type OverviewResponse = {
  /**
   * Base units ever burned.
   */
  burned: Uint128;
  /**
   * Decimals now.
   */
  decimals: number;
  /**
   * Base units at genesis.
   */
  genesis: Uint128;
  governance: string;
  issuable: IssuableResponse;
  /**
   * Base units ever issued.
   */
  issued: Uint128;
  name: string;
  /**
   * Unix seconds of instantiation; years count from it.
   */
  started_at: number;
  /**
   * Base units in existence: genesis + issued − burned.
   */
  supply: Uint128;
  symbol: string;
};

export type QueryMsg =
/**
 * Everything a page shows about the token.
 */
| {
  overview: Record<string, never>;
}
/**
 * What can be issued now.
 */
| {
  issuable: Record<string, never>;
}
/**
 * Issuances, newest first.
 */
| {
  issuances: {
    limit?: number | null;
    start_before?: number | null;
  };
}
/**
 * Changes of the decimals, newest first.
 */
| {
  repricings: {
    limit?: number | null;
    start_before?: number | null;
  };
}
/**
 * Balance of an address, 0 if it never had any.
 */
| {
  balance: {
    address: string;
  };
}
/**
 * Name, symbol, decimals and present supply.
 */
| {
  token_info: Record<string, never>;
}
/**
 * Who creates tokens (by `Issue`). No cap is shown, since it is one of the year and not of the supply.
 */
| {
  minter: Record<string, never>;
}
/**
 * What `spender` may use of `owner`'s tokens.
 */
| {
  allowance: {
    owner: string;
    spender: string;
  };
}
/**
 * Allowances given by `owner`, by spender.
 */
| {
  all_allowances: {
    /**
     * Rows, 10 if not given, at most 30.
     */
    limit?: number | null;
    owner: string;
    /**
     * Last spender of the page before.
     */
    start_after?: string | null;
  };
}
/**
 * Allowances given to `spender`, by owner.
 */
| {
  all_spender_allowances: {
    /**
     * Rows, 10 if not given, at most 30.
     */
    limit?: number | null;
    spender: string;
    /**
     * Last owner of the page before.
     */
    start_after?: string | null;
  };
}
/**
 * Addresses that ever held tokens.
 */
| {
  all_accounts: {
    /**
     * Rows, 10 if not given, at most 30.
     */
    limit?: number | null;
    /**
     * Last address of the page before.
     */
    start_after?: string | null;
  };
}
/**
 * What wallets show besides the name.
 */
| {
  marketing_info: Record<string, never>;
}
/**
 * The embedded logo; an error if there is none.
 */
| {
  download_logo: Record<string, never>;
};

/**
 * One `Reprice`.
 */
export type Repricing = {
  /**
   * Decimals from then on.
   */
  decimals: number;
  exponent: number;
  /**
   * From 1, without gaps.
   */
  n: number;
  /**
   * Unix seconds.
   */
  time: number;
};

export type SpenderAllowanceInfo = {
  allowance: Uint128;
  expires: Expiration;
  owner: string;
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

/** Reads the contract. */
export class QueryClient {
  constructor(
    readonly client: CosmWasmClient,
    readonly address: string,
  ) {}

  /**
   * Everything a page shows about the token.
   */
  overview(): Promise<OverviewResponse> {
    return this.client.queryContractSmart(this.address, { overview: {} });
  }

  /**
   * What can be issued now.
   */
  issuable(): Promise<IssuableResponse> {
    return this.client.queryContractSmart(this.address, { issuable: {} });
  }

  /**
   * Issuances, newest first.
   */
  issuances(args: { limit?: number | null; start_before?: number | null; } = {}): Promise<Array<Issuance>> {
    return this.client.queryContractSmart(this.address, { issuances: args });
  }

  /**
   * Changes of the decimals, newest first.
   */
  repricings(args: { limit?: number | null; start_before?: number | null; } = {}): Promise<Array<Repricing>> {
    return this.client.queryContractSmart(this.address, { repricings: args });
  }

  /**
   * Balance of an address, 0 if it never had any.
   */
  balance(args: { address: string; }): Promise<BalanceResponse> {
    return this.client.queryContractSmart(this.address, { balance: args });
  }

  /**
   * Name, symbol, decimals and present supply.
   */
  tokenInfo(): Promise<TokenInfoResponse> {
    return this.client.queryContractSmart(this.address, { token_info: {} });
  }

  /**
   * Who creates tokens (by `Issue`). No cap is shown, since it is one of the year and not of the supply.
   */
  minter(): Promise<MinterResponse> {
    return this.client.queryContractSmart(this.address, { minter: {} });
  }

  /**
   * What `spender` may use of `owner`'s tokens.
   */
  allowance(args: { owner: string; spender: string; }): Promise<AllowanceResponse> {
    return this.client.queryContractSmart(this.address, { allowance: args });
  }

  /**
   * Allowances given by `owner`, by spender.
   */
  allAllowances(args: { limit?: number | null; owner: string; start_after?: string | null; }): Promise<AllAllowancesResponse> {
    return this.client.queryContractSmart(this.address, { all_allowances: args });
  }

  /**
   * Allowances given to `spender`, by owner.
   */
  allSpenderAllowances(args: { limit?: number | null; spender: string; start_after?: string | null; }): Promise<AllSpenderAllowancesResponse> {
    return this.client.queryContractSmart(this.address, { all_spender_allowances: args });
  }

  /**
   * Addresses that ever held tokens.
   */
  allAccounts(args: { limit?: number | null; start_after?: string | null; } = {}): Promise<AllAccountsResponse> {
    return this.client.queryContractSmart(this.address, { all_accounts: args });
  }

  /**
   * What wallets show besides the name.
   */
  marketingInfo(): Promise<MarketingInfoResponse> {
    return this.client.queryContractSmart(this.address, { marketing_info: {} });
  }

  /**
   * The embedded logo; an error if there is none.
   */
  downloadLogo(): Promise<DownloadLogoResponse> {
    return this.client.queryContractSmart(this.address, { download_logo: {} });
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
   * Moves the sender's tokens.
   *
   * Permission: Anyone
   */
  transfer(args: { amount: Uint128; recipient: string; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ transfer: args }, funds, fee);
  }

  /**
   * Destroys the sender's tokens.
   *
   * Permission: Anyone
   */
  burn(args: { amount: Uint128; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ burn: args }, funds, fee);
  }

  /**
   * Moves the sender's tokens to a contract and calls its `Receive`.
   *
   * Permission: Anyone
   */
  send(args: { amount: Uint128; contract: string; msg: Binary; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ send: args }, funds, fee);
  }

  /**
   * Lets `spender` use more of the sender's tokens.
   *
   * Permission: Anyone
   */
  increaseAllowance(args: { amount: Uint128; expires?: Expiration | null; spender: string; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ increase_allowance: args }, funds, fee);
  }

  /**
   * Lets `spender` use less of the sender's tokens; at zero the allowance is gone.
   *
   * Permission: Anyone
   */
  decreaseAllowance(args: { amount: Uint128; expires?: Expiration | null; spender: string; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ decrease_allowance: args }, funds, fee);
  }

  /**
   * Moves tokens of `owner` within the sender's allowance.
   *
   * Permission: Spender
   */
  transferFrom(args: { amount: Uint128; owner: string; recipient: string; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ transfer_from: args }, funds, fee);
  }

  /**
   * Moves tokens of `owner` within the sender's allowance to a contract and calls its `Receive`.
   *
   * Permission: Spender
   */
  sendFrom(args: { amount: Uint128; contract: string; msg: Binary; owner: string; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ send_from: args }, funds, fee);
  }

  /**
   * Destroys tokens of `owner` within the sender's allowance.
   *
   * Permission: Spender
   */
  burnFrom(args: { amount: Uint128; owner: string; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ burn_from: args }, funds, fee);
  }

  /**
   * Creates tokens, at most 5 % a year of the supply recorded at that year's first issuance.
   *
   * Permission: Governance
   */
  issue(args: { amount: Uint128; proposal: number; to: string; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ issue: args }, funds, fee);
  }

  /**
   * Changes what one VCAI means and nothing that anybody holds: one VCAI of before is shown as 10^`exponent` of them, by `decimals − exponent` decimals. Base units stay as they are.
   *
   * Permission: Governance
   */
  reprice(args: { exponent: number; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ reprice: args }, funds, fee);
  }

  /**
   * Always refused (3): only `Issue` creates tokens. Offered so that wallets that know `cw20-base` get a clear answer.
   *
   * Permission: Nobody
   */
  mint(args: { amount: Uint128; recipient: string; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ mint: args }, funds, fee);
  }

  /**
   * Always refused (4): who issues is fixed. Offered so that wallets that know `cw20-base` get a clear answer.
   *
   * Permission: Nobody
   */
  updateMinter(args: { new_minter?: string | null; } = {}, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ update_minter: args }, funds, fee);
  }

  /**
   * Changes what wallets show. `None` keeps a field, an empty text clears it.
   *
   * Permission: Marketing
   */
  updateMarketing(args: { description?: string | null; marketing?: string | null; project?: string | null; } = {}, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ update_marketing: args }, funds, fee);
  }

  /**
   * Changes the logo.
   *
   * Permission: Marketing
   */
  uploadLogo(args: Logo, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ upload_logo: args }, funds, fee);
  }
}
