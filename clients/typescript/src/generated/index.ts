// Generated from packages/interfaces by `lex schema`. Do not edit.
export * as attestationOracle from "./attestation-oracle";
export * as computeWars from "./compute-wars";
export * as creditVault from "./credit-vault";
export * as ecosystemFund from "./ecosystem-fund";
export * as exchange from "./exchange";
export * as governance from "./governance";
export * as imoLaunchpad from "./imo-launchpad";
export * as lCoin from "./l-coin";
export * as lcoStaking from "./lco-staking";
export * as margin from "./margin";
export * as predictionMarket from "./prediction-market";
export * as teeVerifier from "./tee-verifier";
export * as timelock from "./timelock";
