import { readFile } from 'node:fs/promises'
import * as z from 'zod/mini'
import { digest, hexText } from '../../../protocol/src/attestation/fields.ts'
import type { PolicyPins } from '../../../protocol/src/attestation/policy/check-policy.ts'
import { pinsOfBuild } from '../../../protocol/src/build-pins.ts'

const count = z.int().check(z.minimum(0))

/** A file of pins: `policy-pins.json`. */
const pinsSchema = z.strictObject({
  network: z.string().check(z.regex(/^[a-z0-9][a-z0-9-]{0,31}$/)),
  signers: z.array(hexText(32)).check(z.maxLength(64)),
  threshold: count,
  minSeq: count,
  seen: z.optional(z.strictObject({ seq: count, digest })),
})

export type ReadPins =
  | { readonly ok: true; readonly pins: PolicyPins }
  | { readonly ok: false; readonly sentence: string }

/** Whose policies are believed: those of a file, or those that came with the program. */
export async function readPins(path: string | undefined): Promise<ReadPins> {
  if (path === undefined) return { ok: true, pins: pinsOfBuild() }
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined) return { ok: false, sentence: `${path} cannot be read.` }
  const read = pinsSchema.safeParse(parseJson(text)).data
  if (!read) return { ok: false, sentence: `${path} holds no pins: network, signers, threshold and minSeq.` }
  const { seen, ...pins } = read
  return { ok: true, pins: { ...pins, ...(seen ? { seen } : {}) } }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // the schema refuses it
  }
}
