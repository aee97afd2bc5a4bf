// Generated from packages/interfaces by `lex schema`. Do not edit.
export * as attestationOracle from "./attestation-oracle";
export * as creditVault from "./credit-vault";
export * as lCoin from "./l-coin";
export * as teeVerifier from "./tee-verifier";
export * as timelock from "./timelock";
