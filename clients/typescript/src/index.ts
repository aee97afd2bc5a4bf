/**
 * Typed client of the compute contract suite.
 *
 * Every contract is a namespace with its types, a `QueryClient` that reads and a `Client` that also signs:
 *
 * ```ts
 * import { creditVault, connect } from "@lex/client";
 *
 * const wallet = await connect({ rpc: "http://127.0.0.1:26657", mnemonic, prefix: "wasm", gasPrice: "0.025ustake" });
 * const vault = new creditVault.Client(wallet.client, wallet.address, vaultAddress);
 * await vault.deposit({}, [{ denom: "uusdt", amount: "5000000" }]);
 * ```
 */
export * from "./generated";
export { connect, type ConnectOptions, type Wallet } from "./connect";
