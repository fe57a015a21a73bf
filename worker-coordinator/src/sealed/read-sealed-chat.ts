import { toHex } from '../../../protocol/src/canonical-json.ts'
import { nano } from '../../../protocol/src/money.ts'
import { readEnvelope } from '../../../protocol/src/sealed/envelope.ts'
import {
  OUT_BUCKETS,
  REQUEST_AGE_MAX_MS,
  readHeader,
  type SealedHeader,
} from '../../../protocol/src/sealed/header.ts'
import { REQUEST_BUCKETS } from '../../../protocol/src/sealed/padding.ts'
import { hashRequest, type SealedRequest } from '../../../protocol/src/sealed/seal-request.ts'
import { type SealedChatBody, sealedChatSchema } from '../../../protocol/src/sealed/sealed-chat.ts'
import { SUITE_FACTS } from '../../../protocol/src/sealed/suites.ts'
import type { SealedJob } from '../jobs/chat-job.ts'

/** What AES-GCM adds to what it seals, bytes. */
const TAG_BYTES = 16
/** A data key and its tag, bytes. */
const WRAPPED_BYTES = 32 + TAG_BYTES

/** Why a sealed request is refused before it becomes a job. `malformed`: one that no client of this protocol makes. */
export type SealedChatFault = 'sealed-malformed' | 'sealed-too-old' | 'sealed-tier'

/** The parts of a job that a sealed request tells. */
export type SealedChatOrder = Pick<
  SealedJob,
  'kind' | 'model' | 'tier' | 'header' | 'envelope' | 'requestHash' | 'maxPrice' | 'lingerMs'
>

export type ReadSealedChat =
  | { readonly ok: true; readonly order: SealedChatOrder }
  | { readonly ok: false; readonly reason: SealedChatFault; readonly param: string | null }

/**
 * Reads the body of `POST /v1/sealed/chat`: all that can be known of it without opening it. What is wrong with it is
 * refused here, before a runner is bothered. `maybe-again`: it came with an `Idempotency-Key`, so that it may be as old as
 * the answer that it reads again; no runner gets it then.
 */
export async function readSealedChat(
  body: unknown,
  nowMs: number,
  use: 'new' | 'maybe-again' = 'new',
): Promise<ReadSealedChat> {
  const parsed = sealedChatSchema.safeParse(body)
  if (!parsed.success) return malformed(String(parsed.error.issues[0]?.path[0] ?? '') || null)
  const { model, header: text, ct, wraps, linger_seconds = 0, max_price } = parsed.data
  const header = readHeader(text)
  if (!header) return malformed('header')
  const request = readEnvelope({ header: text, ct, wraps })
  const param = request ? findMisfit(header, request) : 'ct'
  if (!request || param) return malformed(param ?? 'ct')
  if (header.tier === 'open') return { ok: false, reason: 'sealed-tier', param: 'header' }
  const ageMs = use === 'maybe-again' ? Math.min(0, nowMs - header.ts) : nowMs - header.ts
  // NaN is no clock: only a difference that is known to be small passes.
  if (!(Math.abs(ageMs) <= REQUEST_AGE_MAX_MS))
    return { ok: false, reason: 'sealed-too-old', param: 'header' }
  return {
    ok: true,
    order: {
      kind: 'sealed',
      model,
      tier: header.tier,
      header,
      envelope: { header: text, ct, wraps },
      requestHash: toHex(await hashRequest(request)),
      ...capOf(max_price),
      ...(linger_seconds === 0 ? {} : { lingerMs: linger_seconds * 1000 }),
    },
  }
}

/** The member that does not fit its header; undefined when all do. */
function findMisfit(
  header: SealedHeader,
  { ct, wraps }: SealedRequest,
): 'header' | 'ct' | 'wraps' | undefined {
  const isBucket = (size: number, buckets: readonly number[]) => buckets.includes(size)
  if (!isBucket(header.max_out_bucket, OUT_BUCKETS) || !isBucket(header.len_bucket, REQUEST_BUCKETS))
    return 'header'
  const names = header.cand.map(({ runner_id }) => runner_id)
  if (new Set(names).size !== names.length) return 'header'
  if (ct.length !== header.len_bucket + TAG_BYTES) return 'ct'
  const { enc: encBytes } = SUITE_FACTS[header.suite]
  const isSized = wraps.every(
    ({ enc, wrapped }) => enc.length === encBytes && wrapped.length === WRAPPED_BYTES,
  )
  return isSized && wraps.length === header.cand.length ? undefined : 'wraps'
}

function capOf(cap: SealedChatBody['max_price']): Pick<SealedJob, 'maxPrice'> {
  return cap ? { maxPrice: { input: nano(BigInt(cap.input)), output: nano(BigInt(cap.output)) } } : {}
}

function malformed(param: string | null): ReadSealedChat {
  return { ok: false, reason: 'sealed-malformed', param }
}
