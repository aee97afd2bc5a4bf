// Generated from packages/interfaces by `lex schema`. Do not edit.
// Contract: tee-verifier

import type { CosmWasmClient, ExecuteResult, SigningCosmWasmClient } from "@cosmjs/cosmwasm";
import type { Coin as Funds, StdFee } from "@cosmjs/stargate";

/**
 * Binary is a wrapper around Vec<u8> to add base64 de/serialization with serde. It also adds some helper methods to help encode inline.
 *
 * This is only needed as serde-json-{core,wasm} has a horrible encoding for Vec<u8>. See also <https://github.com/CosmWasm/cosmwasm/blob/main/docs/MESSAGE_TYPES.md>.
 */
export type Binary = string;

/**
 * Names one certificate of a chain, for refusals.
 */
export type CertificateKind =
| "root"
/**
 * The platform's own certificate.
 */
| "pck"
/**
 * Processor or platform CA that issued it.
 */
| "pck_ca"
/**
 * Signs TCB infos and QE identities.
 */
| "tcb_signer";

/**
 * Names one slot of collateral.
 */
export type CollateralId = {
  root_crl: {
    root: Root;
  };
} | {
  pck_crl: {
    ca: PckCa;
    root: Root;
  };
} | {
  qe_identity: {
    /**
     * `tcbEvaluationDataNumber`.
     */
    evaluation: number;
    family: TeeFamily;
    root: Root;
  };
} | {
  tcb_info: {
    /**
     * `tcbEvaluationDataNumber`.
     */
    evaluation: number;
    family: TeeFamily;
    /**
     * 6 bytes.
     */
    fmspc: HexBinary;
    root: Root;
  };
};

/**
 * One stored piece of collateral, without its bytes.
 */
export type CollateralInfo = {
  id: CollateralId;
  /**
   * `issueDate` or `thisUpdate`.
   */
  issued: number;
  /**
   * `nextUpdate`.
   */
  next_update: number;
  /**
   * `notAfter` of the certificate that signed it.
   */
  signer_until: number;
  /**
   * Length of the signed document, bytes.
   */
  size: number;
};

export type CollateralResponse = {
  environment: Environment;
  items: Array<CollateralInfo>;
};

export type DocumentResponse = {
  /**
   * Signed JSON, or DER of a CRL.
   */
  document: Binary;
  environment: Environment;
  info: CollateralInfo;
  /**
   * r ‖ s over a JSON document; empty for a CRL, which carries its own.
   */
  signature: HexBinary;
  /**
   * DER of the certificate that signed a JSON document; empty for a CRL.
   */
  signer: Binary;
};

/**
 * Which network the contract serves. Shown in every answer.
 */
export type Environment =
/**
 * Intel's root only.
 */
| "mainnet"
/**
 * Intel's root, and a test root if one was given at instantiation.
 */
| "testnet";

/**
 * Every upload is verified to its root before it is stored: signature, validity at block time, signer's role, and the root CRL if one is stored. It must be newer (`issueDate`, `thisUpdate`) than what its slot holds; the same document again succeeds with `outcome = "unchanged"` and changes nothing. Chains may include the root certificate; a chain that includes the test root belongs to it, any other to Intel's.
 */
export type ExecuteMsg =
/**
 * Stores a TCB info under (root, family, FMSPC, evaluation number).
 *
 * Permission: Anyone
 */
| {
  upsert_tcb_info: {
    /**
     * PEM, signer first: Intel's `TCB-Info-Issuer-Chain` header, URL-decoded.
     */
    issuer_chain: string;
    /**
     * r ‖ s, 64 bytes.
     */
    signature: HexBinary;
    /**
     * The value of `tcbInfo` in Intel's answer, byte for byte as signed. At most `MAX_DOCUMENT` bytes.
     */
    tcb_info: string;
  };
}
/**
 * Stores the identity of the SGX or TDX quoting enclave under (root, family, evaluation number).
 *
 * Permission: Anyone
 */
| {
  upsert_qe_identity: {
    /**
     * PEM, signer first.
     */
    issuer_chain: string;
    /**
     * The value of `enclaveIdentity` in Intel's answer, byte for byte as signed. At most `MAX_DOCUMENT` bytes.
     */
    qe_identity: string;
    /**
     * r ‖ s, 64 bytes.
     */
    signature: HexBinary;
  };
}
/**
 * Stores the list of revoked PCK certificates of the processor or platform CA under (root, CA).
 *
 * Permission: Anyone
 */
| {
  upsert_pck_crl: {
    /**
     * DER. At most `MAX_DOCUMENT` bytes.
     */
    crl: Binary;
    /**
     * PEM, the CA first.
     */
    issuer_chain: string;
  };
}
/**
 * Stores the list of what a root itself revoked. Its root is the one whose key signed it.
 *
 * Permission: Anyone
 */
| {
  upsert_root_crl: {
    /**
     * DER. At most `MAX_DOCUMENT` bytes.
     */
    crl: Binary;
  };
};

/**
 * This is a wrapper around Vec<u8> to add hex de/serialization with serde. It also adds some helper methods to help encode inline.
 *
 * This is similar to `cosmwasm_std::Binary` but uses hex. See also <https://github.com/CosmWasm/cosmwasm/blob/main/docs/MESSAGE_TYPES.md>.
 */
export type HexBinary = string;

export type InstantiateMsg = {
  environment: Environment;
  /**
   * DER of a self-signed P-256 root certificate that is trusted beside Intel's. Refused on `Mainnet`. Never changes.
   */
  test_root?: Binary | null;
};

/**
 * What runs inside: every register that software, its configuration or its owner decides.
 */
export type Measurement = {
  sgx: SgxMeasurement;
} | {
  tdx: TdxMeasurement;
};

export type MigrateMsg = Record<string, never>;

export type OverviewResponse = {
  /**
   * How many pieces of collateral are stored.
   */
  collateral: number;
  environment: Environment;
  /**
   * SHA-256 of the pinned root certificate.
   */
  intel_root: HexBinary;
  /**
   * Block time at which the answer was made.
   */
  now: number;
  /**
   * SHA-256 of the test root certificate, if there is one.
   */
  test_root?: HexBinary | null;
};

/**
 * Intel's intermediate authority over PCK certificates.
 */
export type PckCa = "processor" | "platform";

export type QueryMsg =
/**
 * Checks a quote in full at block time. A refusal is an answer, not an error, because a chain hides the text of a failed query from the calling contract.
 */
| {
  verify_quote: {
    /**
     * TCB evaluation data number in force; TCB info and QE identity of exactly this number are used.
     */
    evaluation: number;
    /**
     * PEM of the PCK chain, leaf first: for quotes with an encrypted PPID instead of the chain, and only for those.
     */
    pck_chain?: string | null;
    /**
     * SGX v3, TDX v4 or v5; at most `MAX_QUOTE` bytes.
     */
    quote: Binary;
  };
}
/**
 * What is stored, in key order: root CRLs, PCK CRLs, QE identities, TCB infos.
 */
| {
  collateral: {
    /**
     * Default 30, at most 100.
     */
    limit?: number | null;
    start_after?: CollateralId | null;
  };
}
/**
 * One stored piece with its signed bytes, so that anyone can repeat a verification.
 */
| {
  document: {
    id: CollateralId;
  };
}
/**
 * The contract at a glance.
 */
| {
  overview: Record<string, never>;
};

/**
 * Why a quote is not accepted. The numeric code never changes.
 */
export type Refusal = "bad_qe_signature" | "qe_key_mismatch" | "bad_quote_signature" | "debug" | "tcb_revoked" | {
  malformed_quote: {
    reason: string;
  };
} | {
  unsupported_quote: {
    key_type: number;
    tee_type: number;
    version: number;
  };
} | {
  unsupported_certification: {
    found: number;
  };
} | {
  malformed_pck: {
    reason: string;
  };
} | {
  missing_collateral: {
    id: CollateralId;
  };
} | {
  collateral_not_yet_valid: {
    from: number;
    id: CollateralId;
    now: number;
  };
} | {
  collateral_expired: {
    id: CollateralId;
    now: number;
    until: number;
  };
} | {
  certificate_not_yet_valid: {
    from: number;
    now: number;
    which: CertificateKind;
  };
} | {
  certificate_expired: {
    now: number;
    until: number;
    which: CertificateKind;
  };
} | {
  revoked_pck: {
    serial: HexBinary;
  };
} | {
  revoked_ca: {
    serial: HexBinary;
  };
} | {
  revoked_signer: {
    serial: HexBinary;
  };
} | {
  revoked_root: {
    serial: HexBinary;
  };
} | {
  untrusted_chain: {
    reason: string;
    root: Root;
  };
} | {
  qe_identity_mismatch: {
    reason: string;
  };
} | {
  bad_collateral: {
    reason: string;
  };
} | {
  unsafe_attributes: {
    reason: string;
  };
} | {
  no_tcb_level: {
    reason: string;
  };
} | {
  other: {
    reason: string;
  };
};

/**
 * Trust anchor that a quote or a piece of collateral leads to. Each has its own collateral; neither's can serve the other's quotes.
 */
export type Root =
/**
 * Intel SGX Provisioning Certification Root CA, pinned in the code.
 */
| "intel"
/**
 * The test root given at instantiation; exists on `Testnet` only.
 */
| "test";

/**
 * From the SGX enclave report.
 */
export type SgxMeasurement = {
  /**
   * 16 bytes: flags and XFRM.
   */
  attributes: HexBinary;
  /**
   * 64 bytes, zero without key separation and sharing (KSS).
   */
  config_id: HexBinary;
  config_svn: number;
  /**
   * 16 bytes (KSS).
   */
  isv_ext_prod_id: HexBinary;
  /**
   * 16 bytes (KSS).
   */
  isv_family_id: HexBinary;
  isv_prod_id: number;
  isv_svn: number;
  misc_select: number;
  /**
   * 32 bytes.
   */
  mr_enclave: HexBinary;
  /**
   * 32 bytes.
   */
  mr_signer: HexBinary;
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
 * From the TD report. Registers are 48 bytes.
 */
export type TdxMeasurement = {
  /**
   * Configuration id given by the host at launch.
   */
  mr_config_id: HexBinary;
  mr_owner: HexBinary;
  mr_owner_config: HexBinary;
  /**
   * The TDX module itself. Not in the id: TCB info judges it.
   */
  mr_seam: HexBinary;
  /**
   * Not in the id: TCB info judges it.
   */
  mr_signer_seam: HexBinary;
  /**
   * The TD's initial memory: the virtual firmware.
   */
  mr_td: HexBinary;
  /**
   * Firmware configuration and virtual hardware.
   */
  rt_mr0: HexBinary;
  /**
   * Boot loader and kernel.
   */
  rt_mr1: HexBinary;
  /**
   * Command line and initial file system.
   */
  rt_mr2: HexBinary;
  /**
   * What the system extends at run time.
   */
  rt_mr3: HexBinary;
  /**
   * 8 bytes.
   */
  td_attributes: HexBinary;
  /**
   * 16 bytes. Not in the id: TCB info judges it.
   */
  tee_tcb_svn: HexBinary;
  /**
   * 8 bytes: extended CPU features the TD may use.
   */
  xfam: HexBinary;
};

/**
 * Kind of report in a verified quote.
 */
export type Tee =
/**
 * SGX enclave, quote v3.
 */
| "sgx"
/**
 * TD report 1.0, quote v4 or v5.
 */
| "tdx10"
/**
 * TD report 1.5 (also with the 1.5ex fields), quote v5.
 */
| "tdx15";

/**
 * Kind of hardware protection, as Intel separates TCB infos and quoting enclave identities.
 */
export type TeeFamily = "sgx" | "tdx";

export type Verdict = {
  verified: VerifiedQuote;
} | {
  refused: Refusal;
};

/**
 * What a quote proves. Policy (measurement allow-list, accepted statuses and advisories, quota per platform) is the caller's.
 */
export type VerifiedQuote = {
  /**
   * Intel security advisories that concern the platform, e.g. `INTEL-SA-00837`.
   */
  advisories: Array<string>;
  /**
   * Number of TCB info and QE identity, as asked for.
   */
  evaluation: number;
  /**
   * Platform family, 6 bytes.
   */
  fmspc: HexBinary;
  measurement: Measurement;
  /**
   * `Measurement::id`, 32 bytes.
   */
  measurement_id: HexBinary;
  /**
   * SHA-256 of the platform's provisioning id, 32 bytes: one per physical platform.
   */
  ppid_hash: HexBinary;
  /**
   * 64 bytes chosen by the software inside.
   */
  report_data: HexBinary;
  root: Root;
  tcb_status: TcbStatus;
  tee: Tee;
  /**
   * First second at which this verification no longer holds: the earliest `nextUpdate` and `notAfter` of all that was used.
   */
  valid_until: number;
};

export type VerifyQuoteResponse = {
  environment: Environment;
  verdict: Verdict;
};

/** Reads the contract. */
export class QueryClient {
  constructor(
    readonly client: CosmWasmClient,
    readonly address: string,
  ) {}

  /**
   * Checks a quote in full at block time. A refusal is an answer, not an error, because a chain hides the text of a failed query from the calling contract.
   */
  verifyQuote(args: { evaluation: number; pck_chain?: string | null; quote: Binary; }): Promise<VerifyQuoteResponse> {
    return this.client.queryContractSmart(this.address, { verify_quote: args });
  }

  /**
   * What is stored, in key order: root CRLs, PCK CRLs, QE identities, TCB infos.
   */
  collateral(args: { limit?: number | null; start_after?: CollateralId | null; } = {}): Promise<CollateralResponse> {
    return this.client.queryContractSmart(this.address, { collateral: args });
  }

  /**
   * One stored piece with its signed bytes, so that anyone can repeat a verification.
   */
  document(args: { id: CollateralId; }): Promise<DocumentResponse> {
    return this.client.queryContractSmart(this.address, { document: args });
  }

  /**
   * The contract at a glance.
   */
  overview(): Promise<OverviewResponse> {
    return this.client.queryContractSmart(this.address, { overview: {} });
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
   * Stores a TCB info under (root, family, FMSPC, evaluation number).
   *
   * Permission: Anyone
   */
  upsertTcbInfo(args: { issuer_chain: string; signature: HexBinary; tcb_info: string; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ upsert_tcb_info: args }, funds, fee);
  }

  /**
   * Stores the identity of the SGX or TDX quoting enclave under (root, family, evaluation number).
   *
   * Permission: Anyone
   */
  upsertQeIdentity(args: { issuer_chain: string; qe_identity: string; signature: HexBinary; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ upsert_qe_identity: args }, funds, fee);
  }

  /**
   * Stores the list of revoked PCK certificates of the processor or platform CA under (root, CA).
   *
   * Permission: Anyone
   */
  upsertPckCrl(args: { crl: Binary; issuer_chain: string; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ upsert_pck_crl: args }, funds, fee);
  }

  /**
   * Stores the list of what a root itself revoked. Its root is the one whose key signed it.
   *
   * Permission: Anyone
   */
  upsertRootCrl(args: { crl: Binary; }, funds: readonly Funds[] = [], fee = this.fee): Promise<ExecuteResult> {
    return this.execute({ upsert_root_crl: args }, funds, fee);
  }
}
