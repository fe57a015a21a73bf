import { sha256Hex } from '../../../protocol/src/canonical-json.ts'

const KEY = /^[\x20-\x7e]{1,255}$/

/** Reads `Idempotency-Key` as a hash, apart for each account. Undefined without one, or for one that is none. */
export async function readRequestKey(
  header: string | undefined,
  accountId: number,
): Promise<string | undefined> {
  return header !== undefined && KEY.test(header) ? sha256Hex(`${accountId}/${header}`) : undefined
}
