import * as z from 'zod/mini'
import { canonicalJson } from '../canonical-json.ts'
import { tierSchema } from '../miniapp/fields.ts'
import { SUITES } from './suites.ts'

/** How many runners a request is sealed to. */
export const CANDIDATES_MAX = 3
/** How old, or how far ahead, a request may be, ms. */
export const REQUEST_AGE_MAX_MS = 120_000
/** The longest header that is read, in UTF-16 units. */
export const HEADER_CHARS_MAX = 4096

/** Answers are paid for up to one of these, tokens: a limit of one's own would say much of who asks. */
export const OUT_BUCKETS = [256, 512, 1024, 2048, 4096, 8192, 16_384, 32_768] as const

/** The bucket of a limit; the largest where it is beyond. */
export function outBucketOf(maxTokens: number): number {
  return OUT_BUCKETS.find((bucket) => bucket >= maxTokens) ?? OUT_BUCKETS[OUT_BUCKETS.length - 1] ?? 0
}

const hash = z.string().check(z.regex(/^[0-9a-f]{64}$/))
const number = z.int().check(z.minimum(0))

/** One runner that can open the request. */
export const candidateSchema = z.strictObject({
  runner_id: z.string().check(z.minLength(1), z.maxLength(80)),
  /** Which of its keys: they change each hour. */
  epoch: number,
  evidence_digest: hash,
})

/** What of a sealed request stays readable, and cannot be changed: everything else is bound to it. */
export const headerSchema = z.strictObject({
  v: z.literal(1),
  suite: z.enum(SUITES),
  /** The client's own name of the request: 128 random bits. The network's job has another id. */
  job_id: z.string().check(z.minLength(1), z.maxLength(80)),
  policy_seq: number,
  /** Of the directory that the candidates were chosen from. */
  dir_digest: hash,
  tier: tierSchema,
  model_manifest: hash,
  /** The longest answer that is paid for, tokens. */
  max_out_bucket: number,
  /** The size of what is sealed, bytes. */
  len_bucket: number,
  /** Unix ms. */
  ts: number,
  cand: z.array(candidateSchema).check(z.minLength(1), z.maxLength(CANDIDATES_MAX)),
})
export type SealedHeader = z.infer<typeof headerSchema>

/** The one way to write a header: its bytes are what is hashed. */
export function writeHeader(header: SealedHeader): string {
  return canonicalJson(header)
}

/**
 * Reads a header. Undefined for anything but the bytes that `writeHeader` gives: no unknown or repeated member, no other
 * order, no white space.
 */
export function readHeader(text: string): SealedHeader | undefined {
  if (text.length > HEADER_CHARS_MAX) return undefined
  const header = headerSchema.safeParse(parseJson(text)).data
  return header && writeHeader(header) === text ? header : undefined
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // the schema refuses it
  }
}
