import { toBase64, toUtf8 } from "@cosmjs/encoding";

/** The CW20 message that sends `amount` to `contract` and tells it why. */
export function toHook(contract: string, amount: string, hook: unknown): Record<string, unknown> {
  return { send: { contract, amount, msg: toBase64(toUtf8(JSON.stringify(hook))) } };
}
