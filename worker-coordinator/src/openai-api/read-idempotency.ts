import { sha256Hex } from '../../../protocol/src/canonical-json.ts'
import type { ErrorFacts } from '../../../protocol/src/openai/openai-error.ts'

type Idempotency = { readonly keyHash: string; readonly fingerprint: string }

const KEY = /^[\x20-\x7e]{1,255}$/

/** Reads the `Idempotency-Key` header of a request whose body is `text`. Without the header there is none. */
export async function readIdempotency(
  header: string | undefined,
  text: string,
): Promise<
  | { readonly ok: true; readonly idempotency: Idempotency | undefined }
  | { readonly ok: false; readonly facts: ErrorFacts }
> {
  if (header === undefined) return { ok: true, idempotency: undefined }
  if (!KEY.test(header)) {
    const message = 'Invalid Idempotency-Key: expected 1 to 255 printable ASCII characters.'
    return { ok: false, facts: { param: 'Idempotency-Key', message } }
  }
  const [keyHash, fingerprint] = await Promise.all([sha256Hex(header), sha256Hex(text)])
  return { ok: true, idempotency: { keyHash, fingerprint } }
}
