import { utf8 } from '../bytes.ts'
import type { WebCryptoKey } from '../web-crypto-key.ts'
import { suiteOf } from './all-suites.ts'
import { type AnswerKeys, answerKeys } from './answer-keys.ts'
import { sha256 } from './hashes.ts'
import { REQUEST_AGE_MAX_MS, readHeader, type SealedHeader } from './header.ts'
import { REQUEST_BUCKETS, unpad } from './padding.ts'
import type { ReplayWindow } from './replay-window.ts'
import { hashRequest, headerBinding, RESPONSE_LABEL, type SealedRequest, wrapInfo } from './seal-request.ts'

/** What a runner is, and holds in memory only. */
export type SealedIdentity = {
  readonly runnerId: string
  /** 64 hex digits, of the evidence that it shows in this epoch. */
  readonly evidenceDigest: (epoch: number) => string | undefined
  /** The private key of an epoch that still counts. */
  readonly privateKey: (epoch: number) => WebCryptoKey | undefined
  /** SHA-256 of the model's manifest that is loaded, 64 hex digits. */
  readonly modelManifest: string
}

/** Why a runner does not take a sealed request. None of them says anything of what was asked. */
export type OpenRefusal =
  | 'malformed'
  | 'not-for-me'
  | 'key-epoch'
  | 'wrong-evidence'
  | 'wrong-model'
  | 'too-old'
  | 'replayed'
  | 'cannot-open'

export type OpenResult =
  | {
      readonly ok: true
      readonly header: SealedHeader
      readonly plaintext: Uint8Array<ArrayBuffer>
      readonly requestHash: Uint8Array<ArrayBuffer>
      readonly answerKeys: (responseNonce: Uint8Array<ArrayBuffer>) => Promise<AnswerKeys>
    }
  | { readonly ok: false; readonly reason: OpenRefusal }

/** Opens a request that is sealed to this runner, or says why not. Fails closed; a request counts once. */
export async function openRequest(
  { header: text, ct, wraps }: SealedRequest,
  identity: SealedIdentity,
  { seen, nowMs }: { readonly seen: ReplayWindow; readonly nowMs: number },
): Promise<OpenResult> {
  const header = readHeader(text)
  if (!header || wraps.length !== header.cand.length) return refuse('malformed')
  const at = header.cand.findIndex(({ runner_id }) => runner_id === identity.runnerId)
  const candidate = header.cand[at]
  const wrap = wraps[at]
  if (!candidate || !wrap) return refuse('not-for-me')
  const recipientKey = identity.privateKey(candidate.epoch)
  if (!recipientKey) return refuse('key-epoch')
  if (candidate.evidence_digest !== identity.evidenceDigest(candidate.epoch)) return refuse('wrong-evidence')
  if (header.model_manifest !== identity.modelManifest) return refuse('wrong-model')
  // NaN is no clock: only a difference that is known to be small passes.
  if (!(Math.abs(nowMs - header.ts) <= REQUEST_AGE_MAX_MS)) return refuse('too-old')
  try {
    const context = await suiteOf(header.suite).cipher.createRecipientContext({
      recipientKey,
      enc: wrap.enc,
      info: await wrapInfo(text, candidate.evidence_digest),
    })
    const dataKey = new Uint8Array(await context.open(wrap.wrapped, await sha256(ct)))
    const padded = await decryptOnce(dataKey, await headerBinding(text), ct)
    dataKey.fill(0)
    const plaintext = padded.length === header.len_bucket ? unpad(padded, REQUEST_BUCKETS) : undefined
    if (!plaintext) return refuse('malformed')
    // Only what opened is remembered: rubbish must not push real requests out.
    if (!seen.add(candidate.epoch, wrap.enc)) return refuse('replayed')
    return {
      ok: true,
      header,
      plaintext,
      requestHash: await hashRequest({ header: text, ct }),
      answerKeys: async (responseNonce) =>
        answerKeys(new Uint8Array(await context.export(utf8(RESPONSE_LABEL), 32)), wrap.enc, responseNonce),
    }
  } catch {
    return refuse('cannot-open') // another key, or something was altered on the way
  }
}

async function decryptOnce(
  key: Uint8Array<ArrayBuffer>,
  additionalData: Uint8Array<ArrayBuffer>,
  ct: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const aes = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['decrypt'])
  const algorithm = { name: 'AES-GCM', iv: new Uint8Array(12), additionalData }
  return new Uint8Array(await crypto.subtle.decrypt(algorithm, aes, ct))
}

function refuse(reason: OpenRefusal): { readonly ok: false; readonly reason: OpenRefusal } {
  return { ok: false, reason }
}
