import { SigningCosmWasmClient } from "@cosmjs/cosmwasm";
import { stringToPath } from "@cosmjs/crypto";
import { DirectSecp256k1HdWallet } from "@cosmjs/proto-signing";
import { GasPrice } from "@cosmjs/stargate";

export interface ConnectOptions {
  /** RPC address of a node. */
  readonly rpc: string;
  readonly mnemonic: string;
  /** Which account of the phrase, the last number of its path; default 0. */
  readonly accountIndex?: number;
  /** Bech32 prefix of the chain's addresses. */
  readonly prefix: string;
  /** As in `0.025ustake`. */
  readonly gasPrice: string;
  /** How often a node is asked whether a transaction landed, milliseconds. Half a block time is a good choice. */
  readonly pollMilliseconds?: number;
}

export interface Wallet {
  readonly client: SigningCosmWasmClient;
  readonly address: string;
}

/** Connects one account of a wallet to a node. */
export async function connect(options: ConnectOptions): Promise<Wallet> {
  const path = stringToPath(`m/44'/118'/0'/0/${options.accountIndex ?? 0}`);
  const signer = await DirectSecp256k1HdWallet.fromMnemonic(options.mnemonic, { prefix: options.prefix, hdPaths: [path] });
  const [account] = await signer.getAccounts();
  if (account === undefined) throw new Error("the mnemonic gave no account");
  const client = await SigningCosmWasmClient.connectWithSigner(options.rpc, signer, {
    gasPrice: GasPrice.fromString(options.gasPrice),
    broadcastPollIntervalMs: options.pollMilliseconds ?? 250,
  });
  return { client, address: account.address };
}
