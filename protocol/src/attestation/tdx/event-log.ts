import * as z from 'zod/mini'
import { concatBytes, fromHex, utf8 } from '../../bytes.ts'
import { hexText } from '../fields.ts'
import { sha384 } from '../signatures.ts'

/**
 * What the image wrote into RTMR3 after it booted, in order. `image`: the SHA-256 that the image was published under,
 * first and once. `model`: a loaded model's manifest digest. Other names are refused: nobody weighed what they mean.
 */
export const eventLogSchema = z
  .array(z.strictObject({ name: z.enum(['image', 'model']), digest: hexText(32) }))
  .check(z.maxLength(64))
export type EventLog = z.infer<typeof eventLogSchema>

/** What one event adds: SHA-384("e2e/1 event" ‖ name ‖ 00 ‖ digest). */
export async function eventDigest(event: EventLog[number]): Promise<Uint8Array> {
  const content = fromHex(event.digest) ?? new Uint8Array()
  return sha384(utf8('e2e/1 event'), utf8(event.name), new Uint8Array(1), content)
}

/** The register that a log leads to: each event extends it, from 48 zero bytes on. */
export async function replayEvents(log: EventLog): Promise<Uint8Array> {
  let register: Uint8Array = new Uint8Array(48)
  for (const event of log) register = await sha384(concatBytes(register, await eventDigest(event)))
  return register
}
