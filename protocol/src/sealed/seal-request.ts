import { concatBytes, fromHex, utf8 } from '../bytes.ts'
import { sha256 } from './hashes.ts'
import { CANDIDATES_MAX, type SealedHeader, writeHeader } from './header.ts'
import { pad, REQUEST_BUCKETS } from './padding.ts'
import type { SealSuite } from './suites.ts'

/** A request as it travels: whoever carries it reads the header, and nothing else. */
export type SealedRequest = {
  /** Canonical JSON. */
  readonly header: string
  /** What was asked, AES-256-GCM. */
  readonly ct: Uint8Array<ArrayBuffer>
  /** The data key, sealed to each candidate; in the header's order. */
  readonly wraps: readonly Wrap[]
}
export type Wrap = { readonly enc: Uint8Array<ArrayBuffer>; readonly wrapped: Uint8Array<ArrayBuffer> }

/** A runner whose evidence the client has verified, with its key of this hour. */
export type SealTo = {
  readonly runnerId: string
  readonly epoch: number
  /** 64 hex digits. */
  readonly evidenceDigest: string
  readonly publicKey: Uint8Array<ArrayBuffer>
}

export type SealResult =
  | {
      readonly ok: true
      readonly request: SealedRequest
      /** SHA-256 of header and ciphertext: the answer's first chunk must name it. */
      readonly requestHash: Uint8Array<ArrayBuffer>
      /** What the answers are sealed with, for each candidate; in the header's order. 32 bytes each. */
      readonly secrets: readonly Uint8Array<ArrayBuffer>[]
    }
  | { readonly ok: false; readonly reason: 'too-long' | 'no-candidates' | 'bad-key' }

/**
 * Seals a request to its candidates (design: `ct` under a data key that is used once, the data key by HPKE to each). The
 * header is bound to both: nobody in between can add a recipient, or lower the tier or the model.
 */
export async function sealRequest(input: {
  readonly header: Omit<SealedHeader, 'v' | 'suite' | 'cand' | 'len_bucket'>
  readonly suite: SealSuite
  readonly to: readonly SealTo[]
  readonly plaintext: Uint8Array
}): Promise<SealResult> {
  const { suite, to } = input
  if (to.length === 0 || to.length > CANDIDATES_MAX) return { ok: false, reason: 'no-candidates' }
  const padded = pad(input.plaintext, REQUEST_BUCKETS)
  if (!padded) return { ok: false, reason: 'too-long' }
  const header = writeHeader({
    ...input.header,
    v: 1,
    suite: suite.name,
    len_bucket: padded.length,
    cand: to.map(({ runnerId, epoch, evidenceDigest }) => ({
      runner_id: runnerId,
      epoch,
      evidence_digest: evidenceDigest,
    })),
  })
  const dataKey = crypto.getRandomValues(new Uint8Array(32))
  const ct = await encryptOnce(dataKey, await headerBinding(header), padded)
  const contexts = await openContexts(suite, header, to)
  if (!contexts) return { ok: false, reason: 'bad-key' }
  const aad = await sha256(ct)
  const wraps: Wrap[] = []
  const secrets: Uint8Array<ArrayBuffer>[] = []
  for (const context of contexts) {
    const wrapped = new Uint8Array(await context.seal(dataKey, aad))
    wraps.push({ enc: new Uint8Array(context.enc), wrapped })
    secrets.push(new Uint8Array(await context.export(utf8(RESPONSE_LABEL), 32)))
  }
  dataKey.fill(0)
  return {
    ok: true,
    request: { header, ct, wraps },
    requestHash: await hashRequest({ header, ct }),
    secrets,
  }
}

export const RESPONSE_LABEL = 'e2e/1 resp'

/** What names a request in its answer and in its receipt: header and ciphertext, in one hash. */
export async function hashRequest({
  header,
  ct,
}: Pick<SealedRequest, 'header' | 'ct'>): Promise<Uint8Array<ArrayBuffer>> {
  return sha256(await sha256(utf8(header)), await sha256(ct))
}

/** The AAD of what was asked. */
export function headerBinding(header: string): Promise<Uint8Array<ArrayBuffer>> {
  return sha256(utf8('e2e/1 hdr'), utf8(header))
}

/** HPKE's `info` for one candidate. */
export async function wrapInfo(header: string, evidenceDigest: string): Promise<Uint8Array<ArrayBuffer>> {
  const digest = fromHex(evidenceDigest)
  if (digest?.length !== 32) throw new RangeError('an evidence digest has 64 hex digits')
  return concatBytes(utf8('e2e/1 req'), await sha256(utf8(header)), digest)
}

async function openContexts({ cipher }: SealSuite, header: string, to: readonly SealTo[]) {
  try {
    return await Promise.all(
      to.map(async ({ publicKey, evidenceDigest }) =>
        cipher.createSenderContext({
          recipientPublicKey: await cipher.kem.deserializePublicKey(publicKey),
          info: await wrapInfo(header, evidenceDigest),
        }),
      ),
    )
  } catch {
    return undefined // a key of another length, or a point that is none
  }
}

/** A nonce of zeros is right here: the key is made for this one message. */
async function encryptOnce(
  key: Uint8Array<ArrayBuffer>,
  additionalData: Uint8Array<ArrayBuffer>,
  plaintext: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const aes = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt'])
  const algorithm = { name: 'AES-GCM', iv: new Uint8Array(12), additionalData }
  return new Uint8Array(await crypto.subtle.encrypt(algorithm, aes, plaintext))
}
